//! `gordian check`.

use gordian_diagnose::diagnose;
use gordian_diagnose::messages::{English, Messages};

use crate::report::Check;
use crate::{Answer, Format, Input, line, print, warn};

pub(crate) fn run(input: &Input) -> Answer {
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
    if !world.objects().any(|(_, object)| object.deleting()) {
        line!(out, "{}", English.nothing_deleting(snapshot.objects.len()));
    } else {
        line!(out, "{}", English.verdict(&diagnosis));
    }
    for finding in &diagnosis.findings {
        line!(
            out,
            "\n{}: {}. {}",
            English.class(finding.class),
            English.title(&world, finding),
            English.extent(finding)
        );
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
