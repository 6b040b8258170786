//! `gordian check`.

use gordian_diagnose::diagnose;
use gordian_diagnose::messages::{English, Messages};

use crate::report::Check;
use crate::{Answer, Format, Input, warn};

pub(crate) fn run(input: &Input) -> Answer {
    let (snapshot, world, problems) = input.read()?;
    let diagnosis = diagnose(&world);
    let stuck = !diagnosis.stuck.is_empty();
    if input.format == Format::Json {
        let check = Check::new(&world, snapshot.objects.len(), &diagnosis, &problems);
        println!("{}", serde_json::to_string_pretty(&check).map_err(|error| error.to_string())?);
        return Ok(stuck);
    }
    warn(&problems);
    if !world.objects().any(|(_, object)| object.deleting()) {
        println!("{}", English.nothing_deleting(snapshot.objects.len()));
    } else {
        println!("{}", English.verdict(&diagnosis));
    }
    for finding in &diagnosis.findings {
        println!("\n{}: {}. {}", English.class(finding.class), English.title(&world, finding), English.extent(finding));
        for sentence in English.explanation(&world, finding) {
            println!("  {sentence}");
        }
        for evidence in finding.evidence() {
            println!("  · {}", English.evidence(evidence));
        }
        for remedy in &finding.remedies {
            println!(
                "  → {} ({}). {}",
                English.remedy(remedy),
                English.risk(remedy.risk),
                English.remedy_outcome(remedy)
            );
            for command in &remedy.commands {
                println!("      {command}");
            }
        }
    }
    for assumption in &diagnosis.assumptions {
        let (statement, because) = English.assumption(assumption);
        println!("\nRests on: {statement}: {because}.");
    }
    Ok(stuck)
}
