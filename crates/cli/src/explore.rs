//! `gordian explore`.

use clap::{Args, ValueEnum};
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::explorer::{self, Bite, Ending, Exploration, Lasso, Limits, Verdict, rehearse};
use gordian_reconcile::{End, ObjectRef, Step, World, left_behind};

use crate::report::{self, EndItem, Explore, Item, LassoItem, LimitsItem, RaceItem, Ref};
use crate::simulate::Begun;
use crate::{Answer, Format, line, print, simulate, warn};

/// What `explore` takes: all that `simulate` takes, and how far to search.
#[derive(Args)]
pub(crate) struct ExploreOptions {
    #[command(flatten)]
    simulate: simulate::Options,
    /// The most worlds that are kept.
    #[arg(long, visible_alias = "states", default_value_t = Limits::default().states)]
    max_states: usize,
    /// The longest run that is looked at; as long as `--limit` says where this is not given.
    #[arg(long)]
    max_depth: Option<usize>,
    /// The most memory that is kept, in bytes.
    #[arg(long, default_value_t = Limits::default().bytes)]
    max_bytes: usize,
    /// Looks at every world, also where a reduction would leave some out.
    #[arg(long, value_enum, value_name = "REDUCTION")]
    no_reduction: Vec<Reduction>,
    /// Asks for the fate of this object only, and leaves alone what has nothing to do with it.
    #[arg(long, value_name = "KIND/[NAMESPACE/]NAME")]
    target: Vec<String>,
}

/// What leaves out worlds and no end.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reduction {
    /// Of parts that have nothing to do with each other, the steps of one are taken after those of the other.
    PartialOrder,
    /// Objects that differ only in their names are not told apart.
    Symmetry,
}

impl ExploreOptions {
    /// What is searched for; the targets are found in the world as it was read.
    fn options(&self, read: &World) -> Result<explorer::Options, String> {
        let depth = self.max_depth.unwrap_or(self.simulate.limit());
        let target = |text: &String| match simulate::named(read, text) {
            Ok(object) => Ok(ObjectRef::from(object)),
            Err(wrong) => Err(format!("--target {text}: {wrong}")),
        };
        let targets: Vec<ObjectRef> = self.target.iter().map(target).collect::<Result<_, String>>()?;
        Ok(explorer::Options {
            limits: Limits { states: self.max_states, depth, bytes: self.max_bytes },
            partial_order: !self.no_reduction.contains(&Reduction::PartialOrder),
            symmetry: !self.no_reduction.contains(&Reduction::Symmetry),
            targets: (!targets.is_empty()).then_some(targets),
        })
    }
}

pub(crate) fn run(arguments: &ExploreOptions) -> Answer {
    let simulate = &arguments.simulate;
    let Begun { mut timeline, snapshot, problems, script, explored } = simulate.begin()?;
    gordian_actions::play(&mut timeline, &snapshot, &script, simulate.limit())?;
    if !explored.is_empty() {
        timeline.run(simulate.limit());
    }
    let start = timeline.world();
    let options = arguments.options(timeline.first())?;
    // An action that cannot be done in one order, cannot in any; the fair run tells.
    gordian_actions::go_on(&mut timeline.clone(), &snapshot, &explored, simulate.limit())?;
    let phases = gordian_actions::rehearsal(&snapshot, &explored, simulate.limit());
    let exploration = rehearse(start, options.clone(), phases);
    let stuck = exploration.endings.iter().any(|ending| ending.end == End::Stuck) || !exploration.lassos.is_empty();
    if arguments.simulate.format() == Format::Json {
        let answer = answer(start, &exploration, &options);
        print(&serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?)?;
        return Ok(stuck);
    }
    warn(&problems);
    let mut out = String::new();
    let steps = |out: &mut String, title: &str, steps: &mut dyn Iterator<Item = &Step>| {
        line!(*out, "\n{title}");
        for (index, step) in steps.enumerate() {
            line!(*out, "{:>4}  {}", index + 1, English.step(step));
        }
    };
    for ending in &exploration.endings {
        steps(&mut out, &English.ending(ending), &mut ending.shortest.iter());
        if let Some(race) = &ending.race {
            line!(out, "{}", English.race(ending, race));
        }
        for left in left_behind(&ending.world) {
            line!(out, "{}", English.left_behind(&ending.world, left));
        }
    }
    for lasso in &exploration.lassos {
        steps(&mut out, &English.lasso(lasso), &mut lasso.stem.iter().chain(&lasso.cycle));
    }
    print(format!("{}\n{out}", English.exploration(&exploration)).trim_end())?;
    Ok(stuck)
}

fn answer(start: &World, exploration: &Exploration, options: &explorer::Options) -> Explore {
    let end = |ending: &Ending| EndItem {
        outcome: report::outcome(ending.end),
        share: ending.share,
        alike: ending.alike,
        race: ending.race.as_ref().map(|race| RaceItem {
            at: race.at,
            step: ending.shortest.get(race.at).map_or_else(String::new, |step| English.step(step)),
            instead: English.step(&race.instead),
        }),
        left_behind: left_behind(&ending.world).into_iter().map(|left| Ref::new(&ending.world, left)).collect(),
        fingerprint: report::fingerprint(&ending.world),
        shortest: report::run(start, &ending.shortest),
        objects: Item::all(&ending.world),
    };
    let lasso = |lasso: &Lasso| {
        let whole: Vec<Step> = lasso.stem.iter().chain(&lasso.cycle).cloned().collect();
        let mut stem = report::run(start, &whole);
        let cycle = stem.split_off(lasso.stem.len());
        LassoItem { share: lasso.share, stem, cycle }
    };
    let bit = |bite: &Bite| match bite {
        Bite::States => "states",
        Bite::Depth => "depth",
        Bite::Bytes => "bytes",
    };
    let targets = options.targets.iter().flatten();
    let reductions = [(options.partial_order, "partial-order"), (options.symmetry, "symmetry")];
    Explore {
        gordian: report::VERSION,
        states: exploration.states,
        ends: exploration.endings.iter().map(end).collect(),
        lassos: exploration.lassos.iter().map(lasso).collect(),
        verdict: match exploration.verdict() {
            Verdict::Always => "always",
            Verdict::Sometimes => "sometimes",
            Verdict::Never => "never",
        },
        limits: LimitsItem {
            states: options.limits.states,
            depth: options.limits.depth,
            bytes: options.limits.bytes,
            targets: targets.map(|&target| Ref::new(start, target)).collect(),
            bit: exploration.bites.iter().map(bit).collect(),
        },
        reductions: reductions.into_iter().filter_map(|(on, name)| on.then_some(name)).collect(),
        bytes_per_state: exploration.bytes / exploration.states,
    }
}
