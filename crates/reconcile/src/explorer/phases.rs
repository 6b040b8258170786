//! Every order of a script's phases.
//!
//! A script is what a person does, with rests between: in each phase something is done, and then the controllers act until none of them
//! can. Each phase begins in every world in which one before it could end. What is found is put together: shares are multiplied along
//! the way, and the shortest runs are joined.

use std::collections::BTreeMap;

use super::{Ending, Exploration, Explorer, Lasso, Options, Race};
use crate::{Step, Timeline, World};

/// What a person does at the beginning of a phase.
pub type Deeds<'d> = dyn Fn(&mut Timeline) + 'd;

/// A search over the orders of several phases that goes on in slices.
pub struct Phases<'d> {
    options: Options,
    phases: Vec<Box<Deeds<'d>>>,
    /// The phase that is searched.
    phase: usize,
    /// The worlds in which it begins and which are still to be searched, the one reached by the shortest run last.
    roots: Vec<Root>,
    /// The search from one of them.
    search: Option<(Root, Explorer)>,
    /// The ends of this phase, by their worlds.
    ends: BTreeMap<u64, Ending>,
    found: Exploration,
}

/// A world in which a phase begins.
struct Root {
    world: World,
    share: f64,
    alike: u128,
    run: Vec<Step>,
    /// Where it was decided, in an earlier phase.
    race: Option<Race>,
}

impl<'d> Phases<'d> {
    /// A search that begins in a world. Without a phase there is nothing to do but what the controllers do. Targets are sought in the
    /// first world of each phase.
    pub fn new(world: &World, options: Options, phases: Vec<Box<Deeds<'d>>>) -> Self {
        let found = Exploration { states: 0, endings: Vec::new(), lassos: Vec::new(), bites: Vec::new(), bytes: 0 };
        let roots = vec![Root { world: world.clone(), share: 1.0, alike: 1, run: Vec::new(), race: None }];
        Self { options, phases, phase: 0, roots, search: None, ends: BTreeMap::new(), found }
    }

    /// Looks at this many worlds more, or at as many as there are. `true` when nothing is left to look at.
    pub fn advance(&mut self, mut slice: usize) -> bool {
        while slice > 0 {
            let Some((root, mut explorer)) = self.search.take().or_else(|| self.next()) else { return true };
            let before = explorer.states.len();
            let turns = slice.min(1_024);
            let done = explorer.advance(turns).done();
            slice -= turns;
            self.found.states += explorer.states.len() - before;
            match done {
                false => self.search = Some((root, explorer)),
                true => self.take_in(root, &explorer),
            }
        }
        self.search.is_none() && self.roots.is_empty() && self.phase >= self.phases.len().max(1)
    }

    /// How many worlds were reached.
    pub fn states(&self) -> usize {
        self.found.states
    }

    /// What was found up to now: of the phases before the last, only where a run goes round.
    pub fn exploration(&self) -> Exploration {
        self.found.clone()
    }

    /// The search from the next world; with none left, of the next phase.
    fn next(&mut self) -> Option<(Root, Explorer)> {
        if self.roots.is_empty() && self.phase < self.phases.len().max(1) {
            self.phase += 1;
            let ends = std::mem::take(&mut self.ends).into_values();
            let mut ends: Vec<Ending> = ends.collect();
            ends.sort_by_key(|end| end.shortest.len());
            match self.phase < self.phases.len() {
                true => self.roots = ends.into_iter().rev().map(Root::from).collect(),
                false => self.found.endings = ends,
            }
        }
        let Root { world, share, alike, mut run, race } = self.roots.pop()?;
        let mut timeline = Timeline::new(world);
        if let Some(deeds) = self.phases.get(self.phase) {
            deeds(&mut timeline);
        }
        run.extend_from_slice(timeline.steps());
        let world = timeline.world().clone();
        let explorer = Explorer::new(&world, self.options.clone());
        self.found.states += 1;
        Some((Root { world, share, alike, run, race }, explorer))
    }

    /// Joins what a search found to the run that led to where it began.
    fn take_in(&mut self, root: Root, explorer: &Explorer) {
        let Exploration { endings, lassos, bites, bytes, .. } = explorer.exploration();
        self.found.bytes = self.found.bytes.max(bytes);
        self.found.bites.extend(bites);
        self.found.bites.sort_unstable();
        self.found.bites.dedup();
        let joined = |steps: Vec<Step>| root.run.iter().cloned().chain(steps).collect::<Vec<_>>();
        self.found.lassos.extend(lassos.into_iter().map(|it| Lasso {
            stem: joined(it.stem),
            share: it.share * root.share,
            cycle: it.cycle,
        }));
        for end in endings {
            let race = root.race.clone().or_else(|| end.race.map(|race| race.after(root.run.len())));
            let (share, alike) = (end.share * root.share, end.alike.saturating_mul(root.alike));
            let end = Ending { share, alike, race, shortest: joined(end.shortest), ..end };
            let same = self.ends.remove(&end.world.fingerprint());
            let end = match same {
                Some(same) => {
                    let share = same.share + end.share;
                    let shorter = if same.shortest.len() <= end.shortest.len() { same } else { end };
                    Ending { share, ..shorter }
                }
                None => end,
            };
            self.ends.insert(end.world.fingerprint(), end);
        }
    }
}

impl From<Ending> for Root {
    fn from(end: Ending) -> Self {
        let Ending { world, share, alike, shortest, race, .. } = end;
        Self { world, share, alike, run: shortest, race }
    }
}

/// Tries every order of every phase. Gives what the last one ends in, and the limits that bit in any.
pub fn rehearse(world: &World, options: Options, phases: Vec<Box<Deeds<'_>>>) -> Exploration {
    let mut search = Phases::new(world, options, phases);
    while !search.advance(usize::MAX) {}
    search.exploration()
}
