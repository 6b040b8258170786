//! `gordian explore`.

use clap::Args;
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::explorer::{Bite, Exploration, Limits, Verdict, explore};
use gordian_reconcile::{End, World};

use crate::report::{self, EndItem, Explore, Item, LimitsItem};
use crate::{Answer, Format, line, print, simulate, warn};

/// What `explore` takes: all that `simulate` takes, and how far to search.
#[derive(Args)]
pub(crate) struct ExploreOptions {
    #[command(flatten)]
    simulate: simulate::Options,
    /// The most worlds that are kept.
    #[arg(long, default_value_t = Limits::default().states)]
    states: usize,
}

pub(crate) fn run(options: &ExploreOptions) -> Answer {
    let (timeline, _, problems) = options.simulate.play()?;
    let limits = Limits { states: options.states, depth: options.simulate.limit() };
    let start = timeline.world();
    let exploration = explore(start, limits);
    let stuck = exploration.endings.iter().any(|ending| ending.end == End::Stuck);
    if options.simulate.format() == Format::Json {
        let answer = answer(start, &exploration, limits);
        print(&serde_json::to_string_pretty(&answer).map_err(|error| error.to_string())?)?;
        return Ok(stuck);
    }
    warn(&problems);
    let mut out = String::new();
    line!(out, "{}", English.exploration(&exploration));
    for ending in &exploration.endings {
        line!(out, "\n{}", English.ending(ending));
        for (index, step) in ending.shortest.iter().enumerate() {
            line!(out, "{:>4}  {}", index + 1, English.step(step));
        }
    }
    print(out.trim_end())?;
    Ok(stuck)
}

fn answer(start: &World, exploration: &Exploration, limits: Limits) -> Explore {
    let ends = exploration.endings.iter().map(|ending| EndItem {
        outcome: report::outcome(ending.end),
        share: ending.share,
        fingerprint: report::fingerprint(&ending.world),
        shortest: report::run(start, &ending.shortest),
        objects: Item::all(&ending.world),
    });
    Explore {
        gordian: report::VERSION,
        states: exploration.states,
        ends: ends.collect(),
        verdict: match exploration.verdict() {
            Verdict::Always => "always",
            Verdict::Sometimes => "sometimes",
            Verdict::Never => "never",
        },
        limits: LimitsItem {
            states: limits.states,
            depth: limits.depth,
            bit: exploration.bite.map(|bite| match bite {
                Bite::States => "states",
                Bite::Depth => "depth",
            }),
        },
    }
}
