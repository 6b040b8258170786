//! `gordian check`.

use clap::Args;
use gordian_diagnose::messages::{English, Messages};
use gordian_diagnose::{Finding, diagnose};

use crate::report::Check;
use crate::{Answer, Format, Input, line, print, warn};

/// What `check` takes.
#[derive(Args)]
pub(crate) struct CheckOptions {
    #[command(flatten)]
    input: Input,
    /// One line a finding, as text, and nothing where there is none.
    #[arg(long)]
    brief: bool,
}

pub(crate) fn run(arguments: &CheckOptions) -> Answer {
    let CheckOptions { input, brief } = arguments;
    let (snapshot, world, problems) = input.read()?;
    let diagnosis = diagnose(&world);
    let stuck = !diagnosis.stuck.is_empty();
    if input.format == Format::Json {
        let check = Check::new(&world, snapshot.objects.len(), &diagnosis, &problems);
        print(&serde_json::to_string_pretty(&check).map_err(|error| error.to_string())?)?;
        return Ok(stuck);
    }
    warn(&problems);
    let mut out = String::new();
    let headline = |finding: &Finding| {
        let (class, title) = (English.class(finding.class), English.title(&world, finding));
        format!("{class}: {title}. {}", English.extent(finding))
    };
    if *brief {
        for finding in &diagnosis.findings {
            line!(out, "{}", headline(finding));
        }
        return if out.is_empty() { Ok(stuck) } else { print(out.trim_end()).map(|()| stuck) };
    }
    if !world.objects().any(|(_, object)| object.deleting()) {
        line!(out, "{}", English.nothing_deleting(snapshot.objects.len()));
    } else {
        line!(out, "{}", English.verdict(&diagnosis));
    }
    for finding in &diagnosis.findings {
        line!(out, "\n{}", headline(finding));
        for sentence in English.explanation(&world, finding) {
            line!(out, "  {sentence}");
        }
        for evidence in finding.evidence() {
            line!(out, "  · {}", English.evidence(evidence));
        }
        for remedy in &finding.remedies {
            line!(
                out,
                "  → {} ({}). {}",
                English.remedy(remedy),
                English.risk(remedy.risk),
                English.remedy_outcome(remedy)
            );
            for command in &remedy.commands {
                line!(out, "      {command}");
            }
        }
    }
    for assumption in &diagnosis.assumptions {
        let (statement, because) = English.assumption(assumption);
        line!(out, "\nRests on: {statement}: {because}.");
    }
    print(out.trim_end())?;
    Ok(stuck)
}
