//! `gordian inject`.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use gordian_diagnose::messages::{English, Messages};
use gordian_diagnose::{Diagnosis, diagnose};
use gordian_reconcile::inject::{self, Bite, Break, Injection, Injector, Limits, Placement};
use gordian_reconcile::{Key, World};

use crate::report::{self, InjectItem, InjectLimits, Injected, PlacementItem, Ref, RootItem};
use crate::{Answer, Format, Input, line, print, warn};

/// What `inject` takes: a script, and how far to search.
#[derive(Args)]
pub(crate) struct InjectOptions {
    #[command(flatten)]
    input: Input,
    /// A script of what a person does, in the form of the recordings' actions.json (docs/actions.md).
    #[arg(long, value_name = "FILE")]
    actions: String,
    /// The most faults that strike in a run.
    #[arg(long, default_value_t = 1)]
    budget: usize,
    /// When what broke is mended: before the script goes on after a rest, or at the end; either, where this is not given.
    #[arg(long, value_enum)]
    until: Option<Until>,
    /// The most placements of faults that are run.
    #[arg(long, default_value_t = Limits::default().runs)]
    max_runs: usize,
    /// The most steps that the controllers take without coming to rest.
    #[arg(long, default_value_t = Limits::default().steps)]
    max_steps: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Until {
    Rest,
    End,
}

impl From<Until> for inject::Until {
    fn from(until: Until) -> Self {
        match until {
            Until::Rest => Self::Rest,
            Until::End => Self::End,
        }
    }
}

pub(crate) fn run(arguments: &InjectOptions) -> Answer {
    let (snapshot, world, problems) = arguments.input.read()?;
    let world = world.taken_as_whole();
    let (mut script, explored) = gordian_actions::parts(crate::script(&arguments.actions)?);
    script.extend(explored);
    let limits = Limits { runs: arguments.max_runs, steps: arguments.max_steps };
    let deeds = gordian_actions::deeds(&world, &snapshot, &script, limits.steps)?;
    let options = inject::Options { budget: arguments.budget, until: arguments.until.map(Into::into), limits };
    let mut injector = Injector::new(&world, deeds, options);
    injector.advance(usize::MAX);
    let injection = injector.injection();
    let found = !injection.findings.is_empty();
    if arguments.input.format == Format::Json {
        let answer = answer(&injection, options);
        print(&serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?)?;
        return Ok(found);
    }
    warn(&problems);
    let mut out = English.injection(&injection);
    out.push('\n');
    for finding in &injection.findings {
        let world = finding.run.world();
        line!(out, "\n{}", English.injected(finding));
        for placement in &finding.placements {
            line!(out, "  {}", English.placement(placement));
        }
        for (index, step) in finding.run.steps().iter().enumerate() {
            line!(out, "{:>4}  {}", index + 1, English.step(step));
        }
        let diagnosis = diagnose(world);
        for root in roots(&diagnosis, &finding.stuck) {
            line!(out, "  {}: {}. {}", English.class(root.class), English.title(world, root), English.extent(root));
        }
    }
    print(out.trim_end())?;
    Ok(found)
}

/// What holds these objects.
fn roots<'d>(diagnosis: &'d Diagnosis, stuck: &'d [Key]) -> impl Iterator<Item = &'d gordian_diagnose::Finding> {
    let holds = diagnosis.stuck.iter().filter(|held| stuck.contains(&held.object.key));
    let ids: BTreeSet<&str> = holds.map(|held| held.root_cause.as_str()).collect();
    diagnosis.findings.iter().filter(move |finding| ids.contains(finding.id.as_str()))
}

fn answer(injection: &Injection, options: inject::Options) -> Injected {
    let refs = |world: &World, keys: &[Key]| keys.iter().map(|key| Ref::of_key(world, *key)).collect();
    let placement = |placement: &Placement| PlacementItem {
        after: placement.after,
        strikes: English.strikes(placement.strikes),
        until: match (placement.strikes, placement.until) {
            (Break::Kill(_), _) => None,
            (Break::Fault(_), inject::Until::Rest) => Some("rest"),
            (Break::Fault(_), inject::Until::End) => Some("end"),
        },
    };
    let item = |finding: &inject::Finding| {
        let world = finding.run.world();
        let diagnosis = diagnose(world);
        let root = |root: &gordian_diagnose::Finding| RootItem {
            id: root.id.clone(),
            class: root.class.name(),
            title: English.title(world, root),
        };
        InjectItem {
            placements: finding.placements.iter().map(placement).collect(),
            count: finding.count,
            stuck: refs(world, &finding.stuck),
            findings: roots(&diagnosis, &finding.stuck).map(root).collect(),
            steps: report::run(finding.run.first(), finding.run.steps()),
            fingerprint: report::fingerprint(world),
        }
    };
    let bit = |bite: &Bite| match bite {
        Bite::Runs => "runs",
        Bite::Steps => "steps",
    };
    Injected {
        gordian: report::VERSION,
        runs: injection.runs,
        fair: report::run(injection.fair.first(), injection.fair.steps()),
        stuck: refs(injection.fair.world(), &injection.stuck),
        found: injection.findings.iter().map(item).collect(),
        limits: InjectLimits {
            budget: options.budget,
            runs: options.limits.runs,
            steps: options.limits.steps,
            bit: injection.bites.iter().map(bit).collect(),
        },
    }
}
