//! Parts of a world that never have to do with each other.
//!
//! Two parts are apart when no run of the one writes a cell that a run of the other reads, or an object that the other writes. What a
//! run reads and writes is found by running: each part is explored alone, and every cell is noted that its controllers read when they
//! are asked, acting or not, and that the API server reads and writes when it serves them. Parts that meet are joined and explored
//! again, until none do.
//!
//! This is sound because a step is a function of the cells that it reads. Take any run of the whole world, and of its steps those of
//! one part. Nobody outside wrote what they read, by induction over the run: so they are a run of the part alone, all of whose cells
//! were noted. The orders of the whole are the interleavings of the orders of the parts, and nothing else. It rests on the accessors
//! of the world naming every cell that they read ([`crate::footprint`]), and on nothing that is said about a controller.

#![expect(clippy::disallowed_types, reason = "cells and worlds are only looked up, never walked in hash order")]

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;

use super::SHARED;
use super::graph::Graph;
use super::steps::{steps, take};
use crate::footprint::{self, Cell};
use crate::{ObjectId, World};

/// The places of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// These, sorted. No object is ever created by it.
    These(Vec<ObjectId>),
    /// All but these, sorted: those of objects that are yet to be created, too.
    AllBut(Vec<ObjectId>),
}

impl Part {
    /// The places of the part where an object is now, sorted.
    pub(super) fn places(&self, world: &World) -> Vec<ObjectId> {
        match self {
            Self::These(places) => places.iter().copied().filter(|&id| world.get(id).is_some()).collect(),
            Self::AllBut(others) => {
                let all = world.objects().map(|(id, _)| id);
                all.filter(|id| others.binary_search(id).is_err()).collect()
            }
        }
    }

    /// The part of all their places; `None` for no parts.
    pub(super) fn joined(parts: Vec<Self>) -> Option<Self> {
        parts.into_iter().reduce(|one, other| match (one, other) {
            (Self::These(mut places), Self::These(more)) => {
                places.extend(more);
                places.sort_unstable();
                Self::These(places)
            }
            (Self::AllBut(mut others), Self::AllBut(more)) => {
                others.retain(|id| more.contains(id));
                Self::AllBut(others)
            }
            (Self::AllBut(mut others), Self::These(places)) | (Self::These(places), Self::AllBut(mut others)) => {
                others.retain(|id| !places.contains(id));
                Self::AllBut(others)
            }
        })
    }

    /// The memory that its places take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let (Self::These(places) | Self::AllBut(places)) = self;
        places.capacity() * size_of::<ObjectId>()
    }

    /// Whether a place belongs to it.
    pub(super) fn has(&self, id: ObjectId) -> bool {
        match self {
            Self::These(places) => places.binary_search(&id).is_ok(),
            Self::AllBut(others) => others.binary_search(&id).is_err(),
        }
    }
}

/// A part that is being split, a world at a time. What comes of it are parts that are apart, those in which a run can go round for
/// ever together and last; nothing where it is all one.
pub(super) struct Splitting {
    world: World,
    whole: Part,
    places: Vec<ObjectId>,
    joined: Joined,
    /// The joined places that were explored alone, and whether a run of theirs can go round.
    alone: HashMap<Vec<usize>, bool>,
    /// Those that are still to be explored before what met is sought anew.
    round: std::vec::IntoIter<Vec<usize>>,
    run: Alone,
}

/// The parts where they are known, or else what goes on.
pub(super) type Split = ControlFlow<Option<Vec<Part>>, Splitting>;

impl Splitting {
    /// Looks at the world where it begins: what meets at once is joined before anything is explored.
    pub(super) fn new(world: World, whole: Part) -> Split {
        let places = whole.places(&world);
        let mut joined = Joined::new(places.len());
        for (index, &id) in places.iter().enumerate() {
            look(&world, &[id], &mut |use_| joined.note(index, use_));
        }
        let (alone, round, run) = (HashMap::new(), Vec::new().into_iter(), Alone::default());
        Self { world, whole, places, joined, alone, round, run }.next()
    }

    /// Looks at a world more.
    pub(super) fn advance(mut self) -> Split {
        let Some(world) = self.run.waiting.pop_front() else { return self.next() };
        let members = &self.run.members;
        let own = members.iter().map(|&member| self.places[member]);
        let mut here: Vec<ObjectId> = own.filter(|&id| world.get(id).is_some()).collect();
        if self.joined.creates(members[0]) {
            // What was created since.
            let all = self.whole.places(&world).into_iter();
            here.extend(all.filter(|id| self.places.binary_search(id).is_err()));
        }
        let after = look(&world, &here, &mut |use_| self.joined.note(members[0], use_));
        if self.joined.size(members[0]) != members.len() {
            return self.next();
        }
        self.run.reach(after);
        if self.run.waiting.is_empty() {
            let Alone { members, first, edges, .. } = std::mem::take(&mut self.run);
            self.alone.insert(members, Graph { first, edges: &edges }.turns());
            return self.next();
        }
        Split::Continue(self)
    }

    /// Begins with the next joined places that are still to be explored.
    fn next(mut self) -> Split {
        loop {
            for members in self.round.by_ref() {
                if members.len() == self.places.len() {
                    return Split::Break(None);
                }
                if !self.alone.contains_key(&members) && self.joined.size(members[0]) == members.len() {
                    self.run = Alone::new(members, &self.world);
                    return Split::Continue(self);
                }
            }
            let groups = self.joined.groups();
            if groups.iter().all(|members| self.alone.contains_key(members)) {
                return Split::Break(self.parts(groups));
            }
            self.round = groups.into_iter();
        }
    }

    /// The parts of places that were all explored; `None` when it is all one.
    fn parts(&self, groups: Vec<Vec<usize>>) -> Option<Vec<Part>> {
        let turns = |members: &Vec<usize>| self.alone.get(members).copied().unwrap_or(true);
        let (turning, mut groups): (Vec<_>, Vec<_>) = groups.into_iter().partition(turns);
        let mut turning: Vec<usize> = turning.into_iter().flatten().collect();
        turning.sort_unstable();
        groups.extend((!turning.is_empty()).then_some(turning));
        (groups.len() != 1).then(|| groups.into_iter().map(|members| self.part(members)).collect())
    }

    fn part(&self, members: Vec<usize>) -> Part {
        if !members.iter().any(|&member| self.joined.creates(member)) {
            return Part::These(members.into_iter().map(|member| self.places[member]).collect());
        }
        let other = |(index, &id): (usize, &ObjectId)| members.binary_search(&index).is_err().then_some(id);
        let mut others: Vec<ObjectId> = self.places.iter().enumerate().filter_map(other).collect();
        if let Part::AllBut(more) = &self.whole {
            others.extend(more);
        }
        others.sort_unstable();
        Part::AllBut(others)
    }

    /// The memory that it takes, in bytes, about: the worlds that are still to be looked at, those that are known, and who uses which cell.
    pub(super) fn bytes(&self) -> usize {
        let Alone { known, waiting, edges, .. } = &self.run;
        let Joined { above, readers, writers, .. } = &self.joined;
        let uses =
            (readers.capacity() + writers.capacity()) * (size_of::<(Cell, Vec<usize>)>() + 4 * size_of::<usize>());
        let worlds = known.capacity() * size_of::<(u64, u32)>() + waiting.len() * SHARED;
        worlds + edges.capacity() * size_of::<(u32, u32)>() + uses + above.capacity() * 4 * size_of::<usize>()
    }
}

/// The orders of some places' steps, as if nobody else took any.
#[derive(Default)]
struct Alone {
    members: Vec<usize>,
    known: HashMap<u64, u32>,
    waiting: VecDeque<World>,
    first: Vec<u32>,
    edges: Vec<(u32, u32)>,
}

impl Alone {
    fn new(members: Vec<usize>, world: &World) -> Self {
        let known = HashMap::from([(world.fingerprint(), 0)]);
        Self { members, known, waiting: VecDeque::from([world.clone()]), first: vec![0], edges: Vec::new() }
    }

    /// Takes in the worlds that the one which was looked at leads to.
    fn reach(&mut self, mut after: Vec<World>) {
        after.retain(|world| {
            let new = self.known.len() as u32;
            let to = *self.known.entry(world.fingerprint()).or_insert(new);
            self.edges.push((to, 1));
            to == new
        });
        self.first.push(self.edges.len() as u32);
        self.waiting.extend(after);
    }
}

/// How a part uses the world.
enum Use {
    Reads(Cell),
    Writes(Cell),
    Creates,
}

/// Notes what is read and written where a world's steps at these places are looked at, and gives the worlds that they lead to.
fn look(world: &World, places: &[ObjectId], note: &mut impl FnMut(Use)) -> Vec<World> {
    let (steps, read) = footprint::of(|| steps(world, places));
    read.cells().iter().for_each(|&cell| note(Use::Reads(cell)));
    let after = steps.iter().map(|step| {
        let ((after, performed), read) = footprint::of(|| take(world, step));
        read.cells().iter().for_each(|&cell| note(Use::Reads(cell)));
        performed.cells().for_each(|cell| note(Use::Writes(cell)));
        if performed.changes.iter().any(|change| change.before.is_none()) {
            note(Use::Creates);
        }
        after
    });
    after.collect()
}

/// Which places are joined (Galler and Fischer 1964), and who uses which cell.
struct Joined {
    above: Vec<usize>,
    sizes: Vec<usize>,
    creator: Option<usize>,
    readers: HashMap<Cell, Vec<usize>>,
    writers: HashMap<Cell, Vec<usize>>,
}

impl Joined {
    fn new(places: usize) -> Self {
        Self {
            above: (0..places).collect(),
            sizes: vec![1; places],
            creator: None,
            readers: HashMap::new(),
            writers: HashMap::new(),
        }
    }

    fn root(&self, mut member: usize) -> usize {
        while self.above[member] != member {
            member = self.above[member];
        }
        member
    }

    /// How many places are joined with this one, itself included.
    fn size(&self, member: usize) -> usize {
        self.sizes[self.root(member)]
    }

    /// Whether some place that is joined with this one creates objects.
    fn creates(&self, member: usize) -> bool {
        self.creator.is_some_and(|creator| self.root(creator) == self.root(member))
    }

    fn join(&mut self, one: usize, other: usize) {
        let (mut one, mut other) = (self.root(one), self.root(other));
        if one == other {
            return;
        }
        if self.sizes[one] < self.sizes[other] {
            (one, other) = (other, one);
        }
        self.above[other] = one;
        self.sizes[one] += self.sizes[other];
    }

    /// Whoever reads a cell is joined with whoever writes it; two who write an object, or what is believed of one, are joined, and all
    /// who create objects, because places are given out in the order of creation.
    fn note(&mut self, member: usize, use_: Use) {
        let member = self.root(member);
        let meets = match use_ {
            Use::Creates => vec![*self.creator.get_or_insert(member)],
            Use::Reads(cell) => {
                let readers = self.readers.entry(cell).or_default();
                if readers.contains(&member) {
                    return;
                }
                readers.push(member);
                self.writers.get(&cell).cloned().unwrap_or_default()
            }
            Use::Writes(cell) => {
                let writers = self.writers.entry(cell).or_default();
                if writers.contains(&member) {
                    return;
                }
                let whole = matches!(cell, Cell::Object(_) | Cell::Queue(_) | Cell::Belief(_));
                let mut meets = if whole { writers.clone() } else { Vec::new() };
                writers.push(member);
                meets.extend(self.readers.get(&cell).into_iter().flatten());
                meets
            }
        };
        meets.into_iter().for_each(|other| self.join(member, other));
    }

    /// The joined places, by the first of each.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut at: HashMap<usize, usize> = HashMap::new();
        for member in 0..self.above.len() {
            let group = *at.entry(self.root(member)).or_insert(groups.len());
            match groups.get_mut(group) {
                Some(group) => group.push(member),
                None => groups.push(vec![member]),
            }
        }
        groups
    }
}
