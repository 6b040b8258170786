//! Every order, with faults that end: whatever breaks at whatever time and is mended at whatever time, does a run still come to rest?
//!
//! Anything of a list can break before any step, one thing at a time and as often as a budget allows, and is mended before any later
//! step: at the latest when nobody can act. A person goes on with the script where all is at rest and nothing is broken. What is sought is a world in
//! which nothing is broken, and from which no run of the controllers leads to a rest that is wanted. A fair run takes every step that
//! stays enabled, so that it comes to such a rest from everywhere else.
//!
//! Nothing is reduced, for a fault has to do with all that it halts.

#![expect(clippy::disallowed_types, reason = "worlds are only looked up, never walked in hash order")]

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;

use super::graph::Graph;
use super::phases::Deeds;
use super::{Bite, Limits, Spread};
use crate::name::mix;
use crate::scheduler::enabled;
use crate::{Fault, Key, Name, Process, Step, Timeline, World, kinds};

/// How a world was reached from another.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// By this one of its enabled steps.
    Step(u32),
    /// Something broke: an index of the outages.
    Break(u32),
    /// All was mended.
    Mend,
    /// The person went on.
    Act,
}

/// A world that was reached.
#[derive(Debug, Clone, Copy)]
struct Place {
    from: u32,
    by: Move,
    /// How many phases of the script are done.
    phase: u32,
    /// How many outages there were.
    outages: u32,
    /// Whether it is at rest, nothing is broken, and what is wanted holds.
    good: bool,
    /// Whether something is broken.
    broken: bool,
    /// Where the steps from it begin in [`Endurance::edges`].
    edges: u32,
}

/// A search that goes on in slices.
pub struct Endurance<'d> {
    first: World,
    phases: Vec<&'d Deeds<'d>>,
    outages: Vec<Vec<Fault>>,
    budget: usize,
    wanted: &'d dyn Fn(&World) -> bool,
    limits: Limits,
    known: HashMap<u64, u32, BuildHasherDefault<Spread>>,
    places: Vec<Place>,
    /// Where the controllers' steps and the person's deeds lead, those from one world together.
    edges: Vec<(u32, u32)>,
    waiting: VecDeque<World>,
    bites: Vec<Bite>,
}

/// What such a search found.
#[derive(Debug, Clone)]
pub struct Endured {
    /// How many worlds were reached.
    pub states: usize,
    /// In how many of them nobody can act and nothing is broken.
    pub rests: usize,
    /// A shortest run to a world from which no rest that is wanted can be reached any more; `None` where there is none.
    pub failure: Option<Vec<Step>>,
    /// The limits that bit. With one, nothing is said of failures.
    pub bites: Vec<Bite>,
}

impl<'d> Endurance<'d> {
    /// A search that begins here. In each phase of the script a person does something; what breaks together is one of `outages`, of which a
    /// run has as many as the budget says; `wanted` says whether a rest is as it should be.
    pub fn new(
        world: &World,
        phases: Vec<&'d Deeds<'d>>,
        (outages, budget): (Vec<Vec<Fault>>, usize),
        wanted: &'d dyn Fn(&World) -> bool,
        limits: Limits,
    ) -> Self {
        let mut search = Self {
            first: world.clone(),
            phases,
            outages,
            budget,
            wanted,
            limits,
            known: HashMap::default(),
            places: Vec::new(),
            edges: Vec::new(),
            waiting: VecDeque::new(),
            bites: Vec::new(),
        };
        let (world, phase) = search.act(world.clone(), 0);
        search.reach(world, 0, Move::Act, phase, 0);
        search
    }

    /// Looks at this many worlds more, or at as many as there are. `true` when nothing is left to look at.
    pub fn advance(&mut self, slice: usize) -> bool {
        for _ in 0..slice {
            let at = self.places.len() - self.waiting.len();
            let Some(world) = self.waiting.pop_front() else { return true };
            self.expand(at as u32, &world);
        }
        self.waiting.is_empty()
    }

    /// What was found up to now.
    pub fn endured(&self) -> Endured {
        let looked_at = self.places.len() - self.waiting.len();
        let mut first: Vec<u32> = self.places[..looked_at].iter().map(|place| place.edges).collect();
        first.resize(self.places.len() + 1, self.edges.len() as u32);
        let good = (0..looked_at as u32).filter(|&at| self.places[at as usize].good);
        let ends = Graph { first, edges: &self.edges }.leading_to(good);
        let lost = |at: &usize| !self.places[*at].broken && !ends[*at];
        // Where something was not looked at, a rest may lie behind it.
        let whole = self.waiting.is_empty() && self.bites.is_empty();
        let failure = (0..looked_at).find(lost).filter(|_| whole);
        Endured {
            states: self.places.len(),
            rests: self.places.iter().filter(|place| place.good).count(),
            failure: failure.map(|at| self.run(at).steps().to_vec()),
            bites: self.bites.clone(),
        }
    }

    /// The world after the next phase's deeds.
    fn act(&self, world: World, phase: usize) -> (World, usize) {
        let mut timeline = Timeline::new(world);
        if let Some(deeds) = self.phases.get(phase) {
            deeds(&mut timeline);
        }
        (timeline.world().clone(), (phase + 1).min(self.phases.len()))
    }

    fn expand(&mut self, at: u32, world: &World) {
        let Place { phase, broken, outages, .. } = self.places[at as usize];
        let steps = enabled(world);
        self.places[at as usize].edges = self.edges.len() as u32;
        for (index, step) in steps.iter().enumerate() {
            let mut after = world.clone();
            step.perform(&mut after);
            let to = self.reach(after, at, Move::Step(index as u32), phase as usize, outages);
            self.edges.extend(to.map(|to| (to, 1)));
        }
        if steps.is_empty() && !broken {
            match (phase as usize) < self.phases.len() {
                true => {
                    let (after, next) = self.act(world.clone(), phase as usize);
                    let to = self.reach(after, at, Move::Act, next, outages);
                    self.edges.extend(to.map(|to| (to, 1)));
                }
                false => self.places[at as usize].good = (self.wanted)(world),
            }
        }
        if broken {
            let mut mended = world.clone();
            world.faults().for_each(|fault| mended.set_fault(fault, false));
            self.reach(mended, at, Move::Mend, phase as usize, outages);
            return;
        }
        let left = (outages as usize) < self.budget;
        for index in 0..if left { self.outages.len() } else { 0 } {
            let mut after = world.clone();
            self.outages[index].iter().for_each(|&fault| after.set_fault(fault, true));
            self.reach(after, at, Move::Break(index as u32), phase as usize, outages + 1);
        }
    }

    /// The number of a world; a new one is to be looked at. `None` where a limit keeps it from being kept.
    fn reach(&mut self, mut world: World, from: u32, by: Move, phase: usize, outages: u32) -> Option<u32> {
        world.touched();
        let key = mix(world.fingerprint() ^ ((phase as u64) << 32 | u64::from(outages)));
        if let Some(&known) = self.known.get(&key) {
            return Some(known);
        }
        if self.places.len() >= self.limits.states {
            self.bites = vec![Bite::States];
            return None;
        }
        let new = self.places.len() as u32;
        self.known.insert(key, new);
        let broken = world.faults().next().is_some();
        self.places.push(Place { from, by, phase: phase as u32, outages, good: false, broken, edges: 0 });
        self.waiting.push_back(world);
        Some(new)
    }

    /// The run by which a world was reached first.
    fn run(&self, mut at: usize) -> Timeline {
        let mut way = vec![at];
        while at != 0 {
            at = self.places[at].from as usize;
            way.push(at);
        }
        let mut timeline = Timeline::new(self.first.clone());
        let mut phase = 0;
        for at in way.into_iter().rev() {
            match self.places[at].by {
                Move::Step(index) => {
                    let mut steps = enabled(timeline.world());
                    timeline.take(steps.swap_remove(index as usize));
                }
                Move::Break(index) => {
                    timeline.faults(self.outages[index as usize].iter().map(|&fault| (fault, true)).collect());
                }
                Move::Mend => timeline.end_faults(),
                Move::Act => {
                    if let Some(deeds) = self.phases.get(phase) {
                        deeds(&mut timeline);
                    }
                    phase += 1;
                }
            }
        }
        timeline
    }
}

/// What breaks as one where nodes and controllers do: the controller manager stops, a kubelet or a longhorn-manager does, a node is cut
/// off, or it is cut off until it counts as lost.
pub fn outages(world: &World) -> Vec<Vec<Fault>> {
    let node = |name: Name| {
        let key = Key::new(kinds::node(), Name::default(), name);
        let stopped = Fault::Stopped(Process::Kubelet(name));
        [vec![stopped], vec![Fault::Cut(name)], vec![Fault::Cut(name), Fault::TimedOut(key)]]
    };
    let nodes = world.of_kind(kinds::node()).flat_map(|(_, object)| node(object.key.name));
    let managers = world.of_kind(kinds::longhorn_node());
    let managers = managers.map(|(_, object)| vec![Fault::Stopped(Process::LonghornManager(object.key.name))]);
    [vec![Fault::Stopped(Process::ControllerManager)]].into_iter().chain(nodes).chain(managers).collect()
}
