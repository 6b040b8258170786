//! Every order of steps.
//!
//! A breadth-first search over worlds, told apart by their fingerprints: what is reached first is reached by a shortest run. Two
//! of n worlds share a 64-bit fingerprint by chance with a probability of about n²/2⁶⁵. Nothing is left out but what a limit cuts
//! off, and a limit that bites is said.

#![expect(clippy::disallowed_types, reason = "worlds are only looked up by fingerprint, never walked in hash order")]

use std::collections::HashMap;

use crate::scheduler::{Enabled, enabled};
use crate::{End, Step, Timeline, World};

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most worlds that are kept.
    pub states: usize,
    /// The longest run that is looked at.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { states: 100_000, depth: 1_000 }
    }
}

/// A limit that bit: what lies beyond it was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bite {
    /// [`Limits::states`].
    States,
    /// [`Limits::depth`].
    Depth,
}

/// A world in which nobody can act.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The world.
    pub world: World,
    /// Whether anything is still being deleted in it.
    pub end: End,
    /// The share of runs that end here, when at every turn each enabled step is as likely as any other.
    pub share: f64,
    /// A shortest run to it.
    pub shortest: Vec<Step>,
}

/// All that a search found.
#[derive(Debug, Clone)]
pub struct Exploration {
    /// How many worlds were reached.
    pub states: usize,
    /// The worlds in which nobody can act, those reached by the shortest runs first.
    pub endings: Vec<Ending>,
    /// The limit that bit, if one did.
    pub bite: Option<Bite>,
}

/// How often a run finishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every order finishes.
    Always,
    /// Some orders do.
    Sometimes,
    /// None does.
    Never,
}

impl Exploration {
    /// How often a run finishes, as far as the search went: with a limit that bit, nothing is `Always` and nothing `Never`.
    pub fn verdict(&self) -> Verdict {
        let finished = self.endings.iter().filter(|ending| ending.end == End::Finished).count();
        let lasting: f64 = self.endings.iter().map(|ending| ending.share).sum();
        // Runs that go round for ever end nowhere: their share is missing from the sum.
        let all_end = lasting > 1.0 - 1e-6;
        match (finished, self.bite) {
            (0, None) => Verdict::Never,
            (n, None) if n == self.endings.len() && all_end => Verdict::Always,
            _ => Verdict::Sometimes,
        }
    }
}

/// A world that was reached, and how.
struct State {
    world: World,
    depth: usize,
    from: Option<(usize, Enabled)>,
    next: Vec<usize>,
}

/// Tries every order of the steps that are enabled.
pub fn explore(world: &World, limits: Limits) -> Exploration {
    let mut states = vec![State { world: world.clone(), depth: 0, from: None, next: Vec::new() }];
    let mut known: HashMap<u64, usize> = HashMap::from([(world.fingerprint(), 0)]);
    let mut bite = None;
    let mut at = 0;
    while at < states.len() {
        let (world, depth) = (states[at].world.clone(), states[at].depth);
        for step in enabled(&world) {
            if depth == limits.depth {
                bite = bite.or(Some(Bite::Depth));
                break;
            }
            let mut timeline = Timeline::new(world.clone());
            timeline.take(step.clone());
            let fingerprint = timeline.world().fingerprint();
            if let Some(&known) = known.get(&fingerprint) {
                states[at].next.push(known);
            } else if states.len() == limits.states {
                bite = Some(Bite::States);
            } else {
                known.insert(fingerprint, states.len());
                let next = states.len();
                states[at].next.push(next);
                let world = timeline.world().clone();
                states.push(State { world, depth: depth + 1, from: Some((at, step)), next: Vec::new() });
            }
        }
        at += 1;
    }
    let shares = shares(&states);
    let ends = (0..states.len()).filter(|&state| enabled(&states[state].world).is_empty());
    let endings = ends.map(|state| ending(&states, state, shares[state])).collect();
    Exploration { states: states.len(), endings, bite }
}

/// Sends a run of weight 1 through the worlds, split evenly at each. What has not come to rest after as many rounds as there are
/// worlds goes round for ever, or was cut off.
fn shares(states: &[State]) -> Vec<f64> {
    const SMALL: f64 = 1e-9;
    let mut rested = vec![0.0; states.len()];
    let mut moving = vec![0.0; states.len()];
    moving[0] = 1.0;
    for _ in 0..=states.len() {
        let mut next = vec![0.0; states.len()];
        for (state, weight) in states.iter().zip(&moving).filter(|(_, weight)| **weight > SMALL) {
            state.next.iter().for_each(|&to| next[to] += weight / state.next.len() as f64);
        }
        for index in (0..states.len()).filter(|&index| states[index].next.is_empty()) {
            rested[index] += moving[index];
        }
        moving = next;
        if moving.iter().sum::<f64>() < SMALL {
            break;
        }
    }
    rested
}

fn ending(states: &[State], state: usize, share: f64) -> Ending {
    let mut way = Vec::new();
    let mut at = state;
    while let Some((from, step)) = &states[at].from {
        way.push(step.clone());
        at = *from;
    }
    let mut timeline = Timeline::new(states[0].world.clone());
    way.into_iter().rev().for_each(|step| timeline.take(step));
    let world = states[state].world.clone();
    let stuck = world.objects().any(|(_, object)| object.deleting());
    let end = if stuck { End::Stuck } else { End::Finished };
    Ending { world, end, share, shortest: timeline.steps().to_vec() }
}
