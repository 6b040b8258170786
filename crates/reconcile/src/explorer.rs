//! Every order of steps.
//!
//! A breadth-first search over worlds, told apart by their fingerprints: what is reached first is reached by a shortest run. Two
//! of n worlds share a 64-bit fingerprint by chance with a probability of about n²/2⁶⁵. Nothing is left out but what a limit cuts
//! off, and every limit that bites is said.
//!
//! Two reductions leave out worlds and no end. Each can be switched off.
//!
//! *Partial order.* A world is split into parts that never have to do with each other (see `parts.rs`, which says why that is sound),
//! and only the steps of the first part in which any is enabled are taken. Such steps are a persistent set (Godefroid 1996): whatever
//! the other parts do neither disables them nor changes what they do, and the other way round, so that each end is still reached,
//! and by a run of the same length: moving the first step of that part to the front of a run gives a run of the same steps. The
//! shares stay, too: where every enabled step is as likely as any other, those that fall to one part are drawn as if it were
//! alone, and independently of the others. Parts in which a run can go round for ever come last, and together, so that none of them
//! keeps the others from their turn. A part is split again when an object is gone from it.
//!
//! *Symmetry.* Worlds that differ by a swap of twins (see `twins.rs`) are one, and so are steps that do the same to the one or the
//! other; an edge counts how many steps it stands for, so that the shares stay. An end stands for [`Ending::alike`] ends. Swapping
//! twins does not change the length of a run.

#![expect(clippy::disallowed_types, reason = "worlds are only looked up by fingerprint, never walked in hash order")]

mod endurance;
mod graph;
mod memo;
mod parts;
mod phases;
mod steps;
mod twins;

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

pub use self::endurance::{Endurance, Endured, outages};
use self::graph::{BEYOND, Graph};
use self::memo::{Effect, Here, Memo, Move, Outlook};
use self::parts::{Part, Split, Splitting};
pub use self::phases::{Deeds, Phases, rehearse};
use self::steps::{step, steps, take};
use self::twins::Twins;
use crate::name::{mix, unmix};
use crate::scheduler::{Enabled, enabled, step_at};
use crate::{End, ObjectId, ObjectRef, Step, Timeline, World};

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most worlds that are kept.
    pub states: usize,
    /// The longest run that is looked at.
    pub depth: usize,
    /// The most memory that is kept, in bytes, as [`Explorer::bytes`] counts it.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { states: 100_000, depth: 1_000, bytes: 1 << 30 }
    }
}

/// What a search looks at, and what it may leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How far it goes.
    pub limits: Limits,
    /// Whether of parts that are apart only the steps of one are taken at a time.
    pub partial_order: bool,
    /// Whether worlds that differ by a swap of twins are one.
    pub symmetry: bool,
    /// The objects whose fate is asked for: the parts of the world that have nothing to do with any of them stay as they are, and
    /// only these count for whether a run finishes. `None` asks for all.
    pub targets: Option<Vec<ObjectRef>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { limits: Limits::default(), partial_order: true, symmetry: true, targets: None }
    }
}

impl Options {
    /// With no reduction: every world is looked at.
    pub fn plain(limits: Limits) -> Self {
        Self { limits, partial_order: false, symmetry: false, targets: None }
    }
}

/// A limit that bit: what lies beyond it was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bite {
    /// [`Limits::states`].
    States,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::bytes`].
    Bytes,
}

/// A world in which nobody can act.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The world.
    pub world: World,
    /// Whether anything is still being deleted in it.
    pub end: End,
    /// The share of runs that end here, when at every turn each enabled step is as likely as any other. Exact up to rounding where no
    /// run can go round; else 10⁻¹² of it at most is lost in each cycle.
    pub share: f64,
    /// A shortest run to it.
    pub shortest: Vec<Step>,
    /// For how many ends it stands, itself included: those that differ by a swap of twins.
    pub alike: u128,
    /// Where the shortest run to it was decided, when it is stuck and another run is not.
    pub race: Option<Race>,
}

/// The last world of a run from which it could still have finished: which of the steps that are enabled there comes first decides.
#[derive(Debug, Clone)]
pub struct Race {
    /// How many steps of the run led there: the next one loses it.
    pub at: usize,
    /// A step that was enabled there, too, and after which a run can finish.
    pub instead: Step,
}

impl Race {
    /// The same in a run with this many steps before it.
    fn after(self, steps: usize) -> Self {
        Self { at: self.at + steps, ..self }
    }
}

/// Worlds that a run goes round in for ever: each leads back to each, and nowhere else. A cycle that a fair run leaves is none.
#[derive(Debug, Clone)]
pub struct Lasso {
    /// A shortest run to the first of them.
    pub stem: Vec<Step>,
    /// From there, a shortest way round and back to it, or to a world that differs from it by a swap of twins.
    pub cycle: Vec<Step>,
    /// The share of runs that come here and never end.
    pub share: f64,
}

/// All that a search found.
#[derive(Debug, Clone)]
pub struct Exploration {
    /// How many worlds were reached.
    pub states: usize,
    /// The worlds in which nobody can act, those reached by the shortest runs first.
    pub endings: Vec<Ending>,
    /// Where runs go round for ever, those reached by the shortest runs first.
    pub lassos: Vec<Lasso>,
    /// The limits that bit.
    pub bites: Vec<Bite>,
    /// The most memory that was kept at a time, in bytes, as [`Explorer::bytes`] counts it.
    pub bytes: usize,
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
        match (finished, self.bites.is_empty()) {
            (0, true) => Verdict::Never,
            (n, true) if n == self.endings.len() && self.lassos.is_empty() => Verdict::Always,
            _ => Verdict::Sometimes,
        }
    }
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many worlds were reached.
    pub states: usize,
    /// How many of them are still to be looked at.
    pub waiting: usize,
}

impl Progress {
    /// Whether nothing is left to look at.
    pub fn done(self) -> bool {
        self.waiting == 0
    }
}

/// What is kept of a world that was reached: how, and where its edges begin. The run to it gives the rest.
#[derive(Debug, Clone, Copy)]
struct State {
    from: u32,
    controller: u16,
    /// Whether its part is to be split: that of the first, and where an object went in the step to it.
    looser: bool,
    id: ObjectId,
    /// The first of [`Explorer::lists`] that may have something to do.
    list: u32,
    edges: u32,
}

/// A state that is still to be looked at.
struct Waiting {
    /// Its fingerprint, before it is mixed.
    sum: u64,
    /// What is known of it: the outlook that it was reached from, and what the step did. `None` where that would not tell all, and
    /// in the first world.
    from: Option<(Arc<Outlook>, Arc<Effect>)>,
    /// Its world, where it is expected to be asked for; it can be made again.
    world: Option<World>,
}

/// One part, and which comes after it.
#[derive(Debug)]
struct List {
    part: Part,
    next: u32,
}

/// Fingerprints are spread already.
#[derive(Debug, Clone, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = self.0.rotate_left(8) ^ u64::from(byte));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// How many worlds may be looked at, beside those of the search, to find out what has to do with what.
const EFFORT: usize = 2_000;

/// So many worlds may be looked at in vain to split a part, before as many states are left as they are.
const IN_VAIN: usize = 32;

/// A search that goes on in slices.
pub struct Explorer {
    options: Options,
    first: World,
    twins: Twins,
    lists: Vec<List>,
    list_bytes: usize,
    known: HashMap<u64, u32, BuildHasherDefault<Spread>>,
    states: Vec<State>,
    edges: Vec<(u32, u32)>,
    /// The last states, those that are still to be looked at.
    waiting: VecDeque<Waiting>,
    /// How far the first of them is split, where that has begun.
    splitting: Option<Splitting>,
    /// How many states need not be split any more.
    split: usize,
    /// How many of those that are waiting have a world.
    worlds: usize,
    memo: Memo,
    /// The memory of all outlooks that a state is waiting with, in bytes.
    outlooks: usize,
    depth: usize,
    /// How many states have runs of at most this depth.
    level: usize,
    /// How many worlds may still be looked at to split parts: [`EFFORT`], and one more for each world of the search.
    effort: usize,
    /// How many worlds were looked at to split the part that is being split.
    looked: usize,
    /// How many states are still not to be split, after one that took long in vain.
    unsplit: usize,
    bites: Vec<Bite>,
    most_bytes: usize,
}

impl Explorer {
    /// A search that begins here. Where the garbage collector lags, nothing is reduced: all that it has yet to see is in one queue.
    /// Nothing is looked at yet.
    pub fn new(world: &World, options: Options) -> Self {
        let reduces = !world.lags();
        let (partial_order, symmetry) = (options.partial_order && reduces, options.symmetry && reduces);
        let options = Options { partial_order, symmetry, ..options };
        let mut first = world.clone();
        // What the collector came to believe before is no step's doing.
        first.touched();
        let looser = partial_order || reduces && options.targets.is_some();
        let state = State { from: 0, controller: 0, looser, id: ObjectId::FIRST, list: 0, edges: 0 };
        let waiting = Waiting { sum: unmix(first.fingerprint()), from: None, world: Some(first.clone()) };
        Self {
            known: HashMap::default(),
            waiting: VecDeque::from([waiting]),
            splitting: None,
            split: 0,
            worlds: 1,
            memo: Memo::default(),
            outlooks: 0,
            first,
            twins: Twins::default(),
            lists: vec![List { part: Part::AllBut(Vec::new()), next: NOBODY }],
            list_bytes: 0,
            states: vec![state],
            edges: Vec::new(),
            depth: 0,
            level: 1,
            effort: EFFORT,
            looked: 0,
            unsplit: 0,
            bites: Vec::new(),
            most_bytes: 0,
            options,
        }
    }

    /// What is searched for, with the reductions that are in force.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Looks at this many worlds more, or at as many as there are: those of the search, those that tell what has to do with what, and
    /// the first for its twins.
    pub fn advance(&mut self, slice: usize) -> Progress {
        for _ in 0..slice {
            let Some(mut waiting) = self.waiting.pop_front() else { break };
            let at = self.states.len() - self.waiting.len() - 1;
            if self.known.is_empty() {
                self.begin(&mut waiting);
            } else if self.states[at].looser && self.split <= at {
                self.split(at, &mut waiting);
            } else {
                self.expand(at, waiting);
                continue;
            }
            self.waiting.push_front(waiting);
        }
        Progress { states: self.states.len(), waiting: self.waiting.len() }
    }

    /// Finds the twins, by which worlds are known.
    fn begin(&mut self, waiting: &mut Waiting) {
        if self.options.symmetry {
            self.twins = Twins::of(&self.first);
        }
        let fingerprint = self.twins.fingerprint(&self.first);
        self.known.insert(fingerprint, 0);
        waiting.sum = unmix(fingerprint);
    }

    /// Looks at one world more to split the part of a state. It stays as it is where that takes too many worlds, or too much memory.
    fn split(&mut self, at: usize, waiting: &mut Waiting) {
        let list = self.states[at].list as usize;
        let spent = self.unsplit > 0 || self.effort == 0 || self.bytes() >= self.options.limits.bytes;
        self.effort = self.effort.saturating_sub(1);
        self.unsplit = self.unsplit.saturating_sub(1);
        self.looked += usize::from(!spent);
        let split = match self.splitting.take() {
            _ if spent => Split::Break(None),
            Some(splitting) => splitting.advance(),
            None => {
                self.worlds += usize::from(waiting.world.is_none());
                let world = waiting.world.get_or_insert_with(|| replay(&self.first, &self.states, at));
                Splitting::new(world.clone(), self.lists[list].part.clone())
            }
        };
        match split {
            Split::Continue(splitting) => self.splitting = Some(splitting),
            Split::Break(parts) => {
                let looked = std::mem::take(&mut self.looked);
                if parts.is_none() && looked > IN_VAIN {
                    self.unsplit = looked;
                }
                self.split = at + 1;
                self.falls_apart(at, parts);
            }
        }
        self.most_bytes = self.most_bytes.max(self.bytes());
    }

    /// Puts the parts of a state in the place of what they were split from; in the first, keeps those that the targets are in.
    fn falls_apart(&mut self, at: usize, parts: Option<Vec<Part>>) {
        let list = self.states[at].list as usize;
        let next = self.lists[list].next;
        let parts = match &self.options.targets {
            Some(targets) if at == 0 => {
                let mut parts = parts.unwrap_or_else(|| vec![self.lists[list].part.clone()]);
                let places: Vec<ObjectId> = targets.iter().filter_map(|target| self.first.place(target.key)).collect();
                parts.retain(|part| places.iter().any(|&id| part.has(id)));
                let together = !self.options.partial_order;
                Some(if together { Part::joined(parts).into_iter().collect() } else { parts })
            }
            _ => parts,
        };
        if let Some(parts) = parts {
            self.states[at].list = chain(&mut self.lists, &mut self.list_bytes, parts, next);
        }
    }

    fn expand(&mut self, at: usize, waiting: Waiting) {
        if at == self.level {
            (self.level, self.depth) = (self.states.len(), self.depth + 1);
        }
        self.states[at].edges = self.edges.len() as u32;
        let Waiting { sum, from, mut world } = waiting;
        self.worlds -= usize::from(world.is_some());
        // A world that was split was looked at.
        let mut asked = self.states[at].looser;
        let outlook = self.outlook(at, sum, from, &mut world, &mut asked);
        let (list, moves) = self.moves(at, outlook.as_ref(), &mut world, &mut asked);
        if self.depth == self.options.limits.depth && !moves.is_empty() {
            self.bite(Bite::Depth);
            self.edges.push((BEYOND, 1));
            return;
        }
        let outlook = outlook.map(Arc::new);
        for (chosen, times) in apart(moves) {
            let taken = chosen.effect.is_none().then(|| {
                let before = world.get_or_insert_with(|| replay(&self.first, &self.states, at));
                take(before, &chosen.step)
            });
            let to = match (&chosen.effect, &taken) {
                (Some(effect), _) => sum.wrapping_add(effect.adds),
                (None, Some((after, _))) => unmix(self.twins.fingerprint(after)),
                (None, None) => continue,
            };
            let new = self.states.len() as u32;
            if let Some(&known) = self.known.get(&mix(to)) {
                self.edges.push((known, times));
                continue;
            }
            if let Some(bite) = self.full() {
                self.bite(bite);
                self.edges.push((BEYOND, times));
                continue;
            }
            self.known.insert(mix(to), new);
            self.edges.push((new, times));
            let effect = match (&chosen.effect, &taken, &world) {
                (None, Some((after, performed)), Some(before)) => {
                    Some(Arc::new(Effect::of(before, after, performed, to.wrapping_sub(sum))))
                }
                (effect, ..) => effect.clone(),
            };
            let looser = self.options.partial_order && effect.as_ref().is_some_and(|effect| effect.looser);
            let from = outlook.clone().zip(effect).filter(|(_, effect)| !effect.rediscovers);
            // Where this world had to be looked at, the next will, too.
            let needed = asked || from.is_none();
            let after = taken.map(|(after, _)| after).or_else(|| {
                let before = needed.then(|| world.get_or_insert_with(|| replay(&self.first, &self.states, at)))?;
                Some(take(before, &chosen.step).0)
            });
            let Enabled { controller, id, .. } = chosen.step;
            self.states.push(State { from: at as u32, controller: controller as u16, looser, id, list, edges: 0 });
            self.worlds += usize::from(after.is_some());
            self.waiting.push_back(Waiting { sum: to, from, world: after });
        }
        if let Some(outlook) = outlook.filter(|outlook| Arc::strong_count(outlook) > 1) {
            self.outlooks += outlook.bytes();
        }
        self.most_bytes = self.most_bytes.max(self.bytes());
    }

    /// What is enabled in a state. `None` where that is to be found out by asking everyone: where a collector lags, and where
    /// a definition came or went.
    fn outlook(
        &mut self,
        at: usize,
        sum: u64,
        from: Option<(Arc<Outlook>, Arc<Effect>)>,
        world: &mut Option<World>,
        asked: &mut bool,
    ) -> Option<Outlook> {
        let here = Here { world, make: || replay(&self.first, &self.states, at), asked };
        let Some((before, effect)) = from else {
            return (at == 0 && !self.first.lags()).then(|| self.memo.first(here, &self.twins, sum));
        };
        let outlook = self.memo.follow(here, &self.twins, sum, &before, &effect);
        self.outlooks -= Arc::into_inner(before).map_or(0, |before| before.bytes());
        Some(outlook)
    }

    /// The limit that keeps another world from being kept.
    fn full(&self) -> Option<Bite> {
        let limits = self.options.limits;
        match () {
            () if self.states.len() >= limits.states => Some(Bite::States),
            () if self.bytes() >= limits.bytes => Some(Bite::Bytes),
            () => None,
        }
    }

    fn bite(&mut self, bite: Bite) {
        if let Err(at) = self.bites.binary_search(&bite) {
            self.bites.insert(at, bite);
        }
    }

    /// The steps of the first part that has any, and where it is in the list.
    fn moves(
        &mut self,
        at: usize,
        outlook: Option<&Outlook>,
        world: &mut Option<World>,
        asked: &mut bool,
    ) -> (u32, Vec<Arc<Move>>) {
        let mut list = self.states[at].list;
        let mut here = Here { world, make: || replay(&self.first, &self.states, at), asked };
        self.effort += 1;
        while let Some(List { part, next }) = self.lists.get(list as usize) {
            let found: Vec<Arc<Move>> = match outlook {
                Some(outlook) => {
                    let of_part = outlook.moves.iter().filter(|((_, id), _)| part.has(*id));
                    of_part.map(|(_, it)| Arc::clone(it)).collect()
                }
                None => {
                    let whole = matches!(part, Part::AllBut(others) if others.is_empty());
                    let world = here.get();
                    let found = if whole { enabled(world) } else { steps(world, &part.places(world)) };
                    found.into_iter().map(|step| Move::new(&self.twins, world, step)).collect()
                }
            };
            if !found.is_empty() {
                return (list, found);
            }
            list = *next;
        }
        (NOBODY, Vec::new())
    }

    /// How much memory is kept, in bytes: of each state where it came from, its fingerprint and its edges, as much as is set aside for
    /// them, and for each world that is still to be looked at, also to split a part, what a step changes in the maps that worlds share. The last is an
    /// estimate: `tests/explorer_measure.rs` holds the count against the memory that a process holds, and they differ by less than a tenth.
    pub fn bytes(&self) -> usize {
        let states = self.states.capacity() * size_of::<State>();
        let edges = self.edges.capacity() * size_of::<(u32, u32)>();
        // A table of power-of-two size, full to seven eighths at most, with a byte of its own for each place.
        let known = self.known.capacity() / 7 * 8 * (size_of::<(u64, u32)>() + 1);
        let waiting = self.waiting.capacity() * size_of::<Waiting>() + self.worlds * SHARED;
        let splitting = self.splitting.as_ref().map_or(0, Splitting::bytes);
        states + edges + known + self.list_bytes + waiting + splitting + self.outlooks + self.memo.bytes()
    }

    /// What was found up to now.
    pub fn exploration(&self) -> Exploration {
        let looked_at = self.states.len() - self.waiting.len();
        let mut first: Vec<u32> = self.states[..looked_at].iter().map(|state| state.edges).collect();
        first.resize(self.states.len() + 1, self.edges.len() as u32);
        let graph = Graph { first, edges: &self.edges };
        let flow = graph.flow();
        let ends = (0..looked_at as u32).filter(|&state| graph.next(state).is_empty());
        let mut endings: Vec<(u32, Ending)> =
            ends.map(|state| (state, self.ending(state, flow.shares[state as usize]))).collect();
        let finished = endings.iter().filter(|(_, ending)| ending.end == End::Finished).map(|&(state, _)| state);
        let finishes = graph.leading_to(finished);
        for (state, ending) in &mut endings {
            ending.race = self.race(&graph, &finishes, *state);
        }
        Exploration {
            states: self.states.len(),
            endings: endings.into_iter().map(|(_, ending)| ending).collect(),
            lassos: flow.traps.iter().map(|(states, share)| self.lasso(&graph, states[0], *share)).collect(),
            bites: self.bites.clone(),
            bytes: self.most_bytes,
        }
    }

    /// Where the run by which an end was reached first was decided: the last state on it from which a run can finish, and the step
    /// to another such state.
    fn race(&self, graph: &Graph<'_>, finishes: &[bool], end: u32) -> Option<Race> {
        let way = way(&self.states, end as usize);
        let before = way.iter().map(|&state| self.states[state].from);
        let from = before.filter(|_| !finishes[end as usize]).find(|&state| finishes[state as usize])?;
        let (instead, _) = graph.next(from).iter().find(|(to, _)| *to != BEYOND && finishes[*to as usize])?;
        let mut timeline = self.run(from);
        let at = timeline.steps().len();
        timeline.take(self.towards(timeline.world(), *instead)?);
        Some(Race { at, instead: timeline.steps()[at].clone() })
    }

    /// The run by which a state was reached first.
    fn run(&self, state: u32) -> Timeline {
        let mut timeline = Timeline::new(self.first.clone());
        for state in way(&self.states, state as usize).into_iter().rev() {
            let State { controller, id, .. } = self.states[state];
            let step = step(timeline.world(), usize::from(controller), id);
            // What a garbage collector that lags sees is no controller's step.
            if let Some(step) = step.or_else(|| self.towards(timeline.world(), state as u32)) {
                timeline.take(step);
            }
        }
        timeline
    }

    /// The first step that leads to a state.
    fn towards(&self, world: &World, state: u32) -> Option<Enabled> {
        let leads = |step: &Enabled| self.known.get(&self.twins.fingerprint(&take(world, step).0)) == Some(&state);
        enabled(world).into_iter().find(leads)
    }

    fn ending(&self, state: u32, share: f64) -> Ending {
        let timeline = self.run(state);
        let world = timeline.world().clone();
        let stuck = match &self.options.targets {
            None => world.objects().any(|(_, object)| object.deleting()),
            Some(targets) => targets.iter().any(|&it| world.resolve(it).is_some_and(|object| object.deleting())),
        };
        let end = if stuck { End::Stuck } else { End::Finished };
        let alike = self.twins.alike(&world);
        Ending { end, share, shortest: timeline.steps().to_vec(), alike, race: None, world }
    }

    fn lasso(&self, graph: &Graph, state: u32, share: f64) -> Lasso {
        let mut timeline = self.run(state);
        let stem = timeline.steps().to_vec();
        for to in graph.way_round(state) {
            if let Some(step) = self.towards(timeline.world(), to) {
                timeline.take(step);
            }
        }
        Lasso { cycle: timeline.steps()[stem.len()..].to_vec(), stem, share }
    }
}

/// Adds parts before what comes after them; gives the first.
fn chain(lists: &mut Vec<List>, bytes: &mut usize, parts: Vec<Part>, after: u32) -> u32 {
    parts.into_iter().rev().fold(after, |next, part| {
        *bytes += size_of::<List>() + part.bytes();
        lists.push(List { part, next });
        lists.len() as u32 - 1
    })
}

/// Of steps that do the same to one twin or the other, the first, and how many there are.
fn apart(moves: Vec<Arc<Move>>) -> Vec<(Arc<Move>, u32)> {
    let mut apart: Vec<(Arc<Move>, u32)> = Vec::with_capacity(moves.len());
    let mut seen: HashMap<(usize, u64), usize> = HashMap::new();
    for it in moves {
        let looks = it.looks.map(|looks| (it.step.controller, looks));
        let new = apart.len();
        match looks.map(|looks| *seen.entry(looks).or_insert(new)) {
            Some(before) if before < new => apart[before].1 += 1,
            _ => apart.push((it, 1)),
        }
    }
    apart
}

/// The states on the way to one, the last first, without the first of all.
fn way(states: &[State], mut at: usize) -> Vec<usize> {
    let mut way = Vec::new();
    while at != 0 {
        way.push(at);
        at = states[at].from as usize;
    }
    way
}

/// Makes the world of a state again, where no collector lags.
fn replay(first: &World, states: &[State], at: usize) -> World {
    let mut world = first.clone();
    for state in way(states, at).into_iter().rev() {
        let State { controller, id, .. } = states[state];
        if let Some(step) = step_at(&world, (usize::from(controller), id)) {
            step.perform(&mut world);
        }
    }
    world
}

/// No part at all.
const NOBODY: u32 = u32::MAX;

/// What a world that is still to be looked at keeps for itself of the maps that worlds share, in bytes.
const SHARED: usize = 4_096;

/// Tries every order of the steps that are enabled, with no reduction.
pub fn explore(world: &World, limits: Limits) -> Exploration {
    let mut explorer = Explorer::new(world, Options::plain(limits));
    while !explorer.advance(usize::MAX).done() {}
    explorer.exploration()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// What is remembered of a world is what is so: in every world of a search, every step is known, and where each leads.
    #[test]
    fn what_is_remembered_holds() {
        let trees = "ConfigMap/a/r deleting fin=foregroundDeletion\nSecret/a/x owner=ConfigMap/r!\nSecret/a/y owner=ConfigMap/r!\n\
                     ConfigMap/b/r deleting fin=orphan\nSecret/b/x owner=ConfigMap/r!\nSecret/b/y owner=Secret/x\n";
        let world = fixture::parse(trees).expect("the world can be read");
        let mut explorer = Explorer::new(&world, Options::plain(Limits::default()));
        let mut remembered = 0;
        while let Some(Waiting { sum, from, .. }) = explorer.waiting.front() {
            let at = explorer.states.len() - explorer.waiting.len();
            if let Some((before, effect)) = from.clone() {
                let world = replay(&explorer.first, &explorer.states, at);
                let sum = *sum;
                assert_eq!(unmix(explorer.twins.fingerprint(&world)), sum);
                let here = Here { world: &mut None, make: || world.clone(), asked: &mut false };
                let outlook = explorer.memo.follow(here, &explorer.twins, sum, &before, &effect);
                let steps: Vec<Enabled> = outlook.moves.iter().map(|(_, it)| it.step.clone()).collect();
                assert_eq!(steps, enabled(&world));
                for effect in outlook.moves.iter().filter_map(|(_, it)| Some((&it.step, it.effect.as_ref()?))) {
                    let after = take(&world, effect.0).0;
                    assert_eq!(mix(sum.wrapping_add(effect.1.adds)), explorer.twins.fingerprint(&after));
                    remembered += 1;
                }
            }
            explorer.advance(1);
        }
        assert!(remembered > 10, "{remembered} steps are remembered");
    }

    /// A slice is no longer than it says: nothing is looked at before it begins, and splitting takes its share of it.
    #[test]
    fn a_slice_of_one_looks_at_one_world() {
        let trees = |n| {
            let root = format!("ConfigMap/a/r{n} deleting fin=foregroundDeletion\n");
            root + &format!("Secret/a/x{n} owner=ConfigMap/r{n}!\nPod/a/y{n} owner=ConfigMap/r{n}! owner=Secret/x{n}\n")
        };
        let world = fixture::parse(&(0..4).map(trees).collect::<String>()).expect("the world can be read");
        let mut explorer = Explorer::new(&world, Options::default());
        assert!(explorer.known.is_empty() && explorer.splitting.is_none() && explorer.effort == EFFORT);
        let (mut turns, mut splitting) = (0, 0);
        while !explorer.advance(1).done() {
            turns += 1;
            splitting += usize::from(explorer.splitting.is_some());
            let looked_at = explorer.states.len() - explorer.waiting.len();
            assert_eq!(turns, 1 + looked_at + (EFFORT + looked_at - explorer.effort), "after {turns} turns");
        }
        assert!(splitting > 20, "{splitting} slices end before the part is split");
    }
}
