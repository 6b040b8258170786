//! What was once found out about a step, for every other world in which it is the same.
//!
//! Whether a place's step is enabled, and what it does, is a function of the cells that are read when its controller is asked and when
//! the API server serves it ([`crate::footprint`]). So an answer is remembered with the values of these cells, and holds wherever
//! they have these values. The worlds of a search differ in a few cells each: most steps in most of them are known, and where they
//! lead is known by adding to a fingerprint, without a world being made.
//!
//! The value of a cell is the sum of what the steps on the way there added to it: the hashes of the objects that came into it, less
//! those that left it, and a mark for each creation, because it is read, too, whether anything ever was there. Where an object was
//! created, its place is part of what everything depends on. A step's own writes count as read, all but those into sets in which
//! each object stands for itself: whether a write changes anything depends on what was there.
//!
//! Two lists of values share a 64-bit hash by chance as seldom as two worlds do. A place of which each world asks something new, such as
//! one of many dependents of one owner, is given up, and asked in each world.

#![expect(clippy::disallowed_types, reason = "cells and answers are only looked up, never walked in hash order")]

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use super::Spread;
use super::steps::take;
use super::twins::Twins;
use crate::footprint::{Cell, cells_of, exactly};
use crate::name::{Stable, mix, unmix};
use crate::scheduler::{Agenda, Enabled, Performed, Place, step_at};
use crate::{Change, Name, Object, World};

/// The code of a cell: even.
fn code(cell: Cell) -> u64 {
    cell.code() & !1
}

/// The code under which the dependents of a uid are counted ([`World::count`]): odd.
fn count_of(uid: Name) -> u64 {
    mix(Cell::Dependents(uid).code()) | 1
}

/// Beyond this it makes no difference how many dependents there are, to a step that changes fewer.
const MANY: u64 = 8;

fn rounded(count: u64) -> u64 {
    let (all, blocking) = (count & 0xffff, count >> 16 & 0xffff);
    count >> 32 << 32 | blocking.min(MANY) << 16 | all.min(MANY)
}

/// An enabled step.
#[derive(Debug)]
pub(super) struct Move {
    pub(super) step: Enabled,
    /// What tells its object from the twins of it, if it has any.
    pub(super) looks: Option<u64>,
    /// What it does, where that was remembered.
    pub(super) effect: Option<Arc<Effect>>,
}

impl Move {
    /// A step of which nothing is remembered.
    pub(super) fn new(twins: &Twins, world: &World, step: Enabled) -> Arc<Self> {
        Arc::new(Self { looks: twins.looks(world, step.id), step, effect: None })
    }
}

/// What a step does.
#[derive(Debug)]
pub(super) struct Effect {
    /// What it adds to the fingerprint, before that is mixed.
    pub(super) adds: u64,
    /// Whether an object goes.
    pub(super) looser: bool,
    /// Whether a definition comes or goes, and with it objects that no change tells of.
    pub(super) rediscovers: bool,
    /// Whether an object comes to be, and a hash of the new places that it takes.
    creates: Option<u64>,
    /// What it adds to the values of cells, sorted.
    adds_to: Vec<(u64, u64)>,
}

impl Effect {
    /// What a step did that led from one world to another, and what it added to the fingerprint.
    pub(super) fn of(before: &World, after: &World, performed: &Performed, adds: u64) -> Self {
        let changes = &performed.changes;
        let mut adds_to: Vec<(u64, u64)> = changes.iter().flat_map(added).collect();
        let mut touched = performed.touched.clone();
        touched.sort_unstable();
        touched.dedup();
        let value = |world: &World, cell: Cell| match cell {
            Cell::Queue(uid) => world.graph.standing(uid).1,
            Cell::Belief(uid) => world.graph.belief(uid),
            _ => 0,
        };
        let beliefs =
            touched.into_iter().map(|cell| (code(cell), value(after, cell).wrapping_sub(value(before, cell))));
        adds_to.extend(beliefs);
        let mut owners: Vec<Name> = performed.cells().flat_map(|cell| owners(before, after, cell)).collect();
        owners.sort_unstable();
        owners.dedup();
        adds_to.extend(owners.iter().map(|&uid| (count_of(uid), after.count(uid).wrapping_sub(before.count(uid)))));
        adds_to.sort_unstable();
        adds_to.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.wrapping_add(next.1);
            }
            same
        });
        adds_to.retain(|(_, added)| *added != 0);
        let new = changes.iter().filter(|change| change.before.is_none());
        let place = |change: &Change| match before.place(change.key) {
            Some(_) => 0,
            None => after.place(change.key).map_or(0, |id| mix(code(Cell::Object(change.key)) ^ mix(u64::from(id.0)))),
        };
        Self {
            adds,
            looser: changes.iter().any(|change| change.after.is_none()),
            rediscovers: changes.iter().any(Change::rediscovers),
            creates: new.map(place).reduce(u64::wrapping_add),
            adds_to,
        }
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.adds_to.capacity() * size_of::<(u64, u64)>()
    }
}

/// The uids whose count of dependents a write to a cell may change.
fn owners(before: &World, after: &World, cell: Cell) -> Vec<Name> {
    match cell {
        Cell::Dependents(uid) => vec![uid],
        Cell::Queue(uid) => {
            let objects = [before, after].into_iter().filter_map(|world| world.by_uid(uid));
            objects.flat_map(|object| &object.owners).map(|owner| owner.uid).collect()
        }
        _ => Vec::new(),
    }
}

/// What a change adds to the values of the cells that it writes.
fn added(change: &Change) -> Vec<(u64, u64)> {
    let Change { key, before, after } = change;
    let hash = |object: &Option<Arc<Object>>| object.as_ref().map_or(0, |object| mix(object.fingerprint()));
    let (was, is) = (hash(before), hash(after));
    let mut added: Vec<(u64, u64)> = change.place().map(|cell| (code(cell), is.wrapping_sub(was))).into();
    for (object, hash) in [(before, was.wrapping_neg()), (after, is)] {
        let of_object = object.iter().flat_map(|object| cells_of(object));
        added.extend(of_object.map(|cell| (code(cell), hash)));
    }
    if let (None, Some(after)) = (before, after) {
        // What was there once is told from what never was.
        added.extend([Cell::Object(*key), Cell::Uid(after.uid)].map(|cell| (code(cell), mix(1))));
    }
    added
}

/// What the allocator and the counters of an [`Arc`] take beside an outlook and its two lists, in bytes.
const ALLOCATED: usize = 64;

/// What is known of a world without looking at it.
#[derive(Debug)]
pub(super) struct Outlook {
    /// The hash of the places that were taken since the search began.
    places: u64,
    /// The values of the cells, sorted; those without one are as in the first world.
    values: Vec<(u64, u64)>,
    /// The enabled steps, in the scheduler's order.
    pub(super) moves: Vec<(Place, Arc<Move>)>,
}

impl Outlook {
    /// The memory that it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let values = self.values.capacity() * size_of::<(u64, u64)>();
        ALLOCATED + size_of::<Self>() + values + self.moves.capacity() * size_of::<(Place, Arc<Move>)>()
    }

    fn plus(&self, effect: &Effect) -> Self {
        let (mut mine, mut more) = (self.values.as_slice(), effect.adds_to.as_slice());
        let mut values = Vec::with_capacity(mine.len() + more.len());
        while let (Some((&(cell, value), rest)), Some((&(other, added), others))) =
            (mine.split_first(), more.split_first())
        {
            if cell <= other {
                mine = rest;
            }
            if other <= cell {
                more = others;
            }
            let sum = match cell.cmp(&other) {
                std::cmp::Ordering::Less => value,
                std::cmp::Ordering::Equal => value.wrapping_add(added),
                std::cmp::Ordering::Greater => added,
            };
            if sum != 0 {
                values.push((cell.min(other), sum));
            }
        }
        values.extend_from_slice(mine);
        values.extend_from_slice(more);
        Self { places: self.places.wrapping_add(effect.creates.unwrap_or(0)), values, moves: Vec::new() }
    }

    fn value(&self, cell: u64) -> u64 {
        let at = self.values.binary_search_by_key(&cell, |(cell, _)| *cell);
        at.map_or(0, |at| self.values[at].1)
    }
}

/// A world that is made when it is asked for.
pub(super) struct Here<'e, F> {
    pub(super) world: &'e mut Option<World>,
    pub(super) make: F,
    /// Whether it was.
    pub(super) asked: &'e mut bool,
}

impl<F: Fn() -> World> Here<'_, F> {
    pub(super) fn get(&mut self) -> &World {
        *self.asked = true;
        self.world.get_or_insert_with(&self.make)
    }
}

/// The answers of one place that were found by reading the same cells, by the hash of their values.
#[derive(Debug)]
struct Shape {
    cells: Vec<u64>,
    answers: HashMap<u64, Option<Arc<Move>>, BuildHasherDefault<Spread>>,
}

/// What is known of one place.
#[derive(Debug, Default)]
struct Known {
    shapes: Vec<Shape>,
    hits: usize,
    misses: usize,
}

/// A place is given up that is asked this often in vain, and mostly so.
const PATIENCE: usize = 64;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Memo {
    known: HashMap<(u64, Place), Known, BuildHasherDefault<Stable>>,
    /// Who ever read a cell.
    readers: HashMap<u64, Vec<Place>, BuildHasherDefault<Spread>>,
    /// The counts of dependents in the first world, of those that were counted.
    counts: HashMap<u64, u64, BuildHasherDefault<Spread>>,
    /// The places that were given up, sorted.
    given_up: Vec<Place>,
    bytes: usize,
}

impl Memo {
    /// The memory that it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The outlook of the world where a search begins.
    pub(super) fn first(&mut self, here: Here<'_, impl Fn() -> World>, twins: &Twins, sum: u64) -> Outlook {
        let outlook = Outlook { places: 0, values: Vec::new(), moves: Vec::new() };
        self.ask_all(here, twins, sum, outlook)
    }

    /// The outlook after a step. `sum` is the fingerprint there, before it is mixed.
    pub(super) fn follow(
        &mut self,
        mut here: Here<'_, impl Fn() -> World>,
        twins: &Twins,
        sum: u64,
        before: &Outlook,
        effect: &Effect,
    ) -> Outlook {
        let mut outlook = before.plus(effect);
        if effect.creates.is_some() {
            return self.ask_all(here, twins, sum, outlook);
        }
        let differs = |cell: u64| cell & 1 == 0 || self.value(before, cell) != self.value(&outlook, cell);
        let written = effect.adds_to.iter().filter(|(cell, _)| differs(*cell));
        let readers = written.filter_map(|(cell, _)| self.readers.get(cell));
        let mut woken: Vec<Place> = readers.flatten().chain(&self.given_up).copied().collect();
        woken.sort_unstable();
        woken.dedup();
        let stays = |(place, _): &&(Place, Arc<Move>)| woken.binary_search(place).is_err();
        outlook.moves.extend(before.moves.iter().filter(stays).cloned());
        for place in woken {
            let answer = self.ask(&mut here, twins, sum, &outlook, place);
            outlook.moves.extend(answer.map(|answer| (place, answer)));
        }
        outlook.moves.sort_unstable_by_key(|(place, _)| *place);
        outlook
    }

    /// The value of a cell, as far as it makes a difference.
    fn value(&self, outlook: &Outlook, cell: u64) -> u64 {
        let added = outlook.value(cell);
        let first = if cell & 1 == 0 { None } else { self.counts.get(&cell) };
        first.map_or(added, |first| rounded(first.wrapping_add(added)))
    }

    /// A hash of the values of cells.
    fn hash(&self, outlook: &Outlook, cells: &[u64]) -> u64 {
        let hash = |&cell: &u64| match self.value(outlook, cell) {
            0 => 0,
            value => mix(cell ^ mix(value)),
        };
        cells.iter().map(hash).fold(0, u64::wrapping_add)
    }

    fn ask_all(
        &mut self,
        mut here: Here<'_, impl Fn() -> World>,
        twins: &Twins,
        sum: u64,
        mut outlook: Outlook,
    ) -> Outlook {
        let objects = here.get().objects().map(|(id, object)| (id, object.key));
        let places = objects.flat_map(|(id, key)| Agenda::watchers(key).map(move |index| (index, id)));
        let mut places: Vec<Place> = places.collect();
        places.sort_unstable();
        for place in places {
            let answer = self.ask(&mut here, twins, sum, &outlook, place);
            outlook.moves.extend(answer.map(|answer| (place, answer)));
        }
        outlook
    }

    /// The step of a place, if it is enabled.
    fn ask(
        &mut self,
        here: &mut Here<'_, impl Fn() -> World>,
        twins: &Twins,
        sum: u64,
        outlook: &Outlook,
        place: Place,
    ) -> Option<Arc<Move>> {
        if self.given_up.binary_search(&place).is_ok() {
            let world = here.get();
            return step_at(world, place).map(|step| Move::new(twins, world, step));
        }
        let at = (outlook.places, place);
        let shapes = self.known.get(&at).map_or(&[][..], |known| &known.shapes);
        let hit = shapes.iter().find_map(|shape| shape.answers.get(&self.hash(outlook, &shape.cells))).cloned();
        if let Some(answer) = hit {
            self.known.entry(at).or_default().hits += 1;
            return answer;
        }
        let world = here.get();
        let Found { answer, cells, counted, large } = find(world, twins, sum, place);
        let known = self.known.entry(at).or_default();
        known.misses += 1;
        if large || known.misses > PATIENCE + known.hits {
            self.bytes -= self.known.remove(&at).map_or(0, |known| known.bytes());
            let at = self.given_up.partition_point(|other| *other < place);
            self.given_up.insert(at, place);
            return answer;
        }
        for uid in counted {
            let first = world.count(uid).wrapping_sub(outlook.value(count_of(uid)));
            self.counts.insert(count_of(uid), first);
        }
        let hash = self.hash(outlook, &cells);
        let known = self.known.entry(at).or_default();
        for &cell in &cells {
            let readers = self.readers.entry(cell).or_default();
            if let Err(at) = readers.binary_search(&place) {
                readers.insert(at, place);
                self.bytes += size_of::<Place>();
            }
        }
        let at = known.shapes.iter().position(|shape| shape.cells == cells).unwrap_or_else(|| {
            known.shapes.push(Shape { cells, answers: HashMap::default() });
            self.bytes += known.shapes[known.shapes.len() - 1].bytes();
            known.shapes.len() - 1
        });
        known.shapes[at].answers.insert(hash, answer.clone());
        self.bytes += bytes(&answer);
        answer
    }
}

/// The memory that an answer takes, in bytes, with its entry in a table that is half empty.
fn bytes(answer: &Option<Arc<Move>>) -> usize {
    let of_effect = |effect: &Arc<Effect>| effect.bytes();
    let of_move = |it: &Arc<Move>| size_of::<Move>() + it.effect.as_ref().map_or(0, of_effect);
    4 * size_of::<u64>() + answer.as_ref().map_or(0, of_move)
}

impl Shape {
    /// The memory that it takes without its answers, in bytes.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.cells.capacity() * size_of::<u64>()
    }
}

impl Known {
    fn bytes(&self) -> usize {
        let of_shape = |shape: &Shape| shape.bytes() + shape.answers.values().map(bytes).sum::<usize>();
        self.shapes.iter().map(of_shape).sum()
    }
}

/// What was found out about a place.
struct Found {
    answer: Option<Arc<Move>>,
    /// The cells on which that depends, sorted.
    cells: Vec<u64>,
    /// The uids whose dependents were counted.
    counted: Vec<Name>,
    /// Whether the step changes so much that a count of [`MANY`] may not be many to it.
    large: bool,
}

fn find(world: &World, twins: &Twins, sum: u64, place: Place) -> Found {
    let mut cells: Vec<u64> = Vec::new();
    let (found, counted) = exactly(
        || step_at(world, place).map(|step| (take(world, &step), step)),
        |read| cells.extend(read.iter().map(|&cell| code(cell))),
    );
    cells.extend(counted.iter().map(|&uid| count_of(uid)));
    let mut large = false;
    let answer = found.map(|((after, performed), step)| {
        large = (performed.changes.len() + performed.touched.len().max(performed.turns)) as u64 >= MANY;
        let own = world.get(step.id).map(|object| Cell::Uid(object.uid));
        for cell in performed.cells().chain(own) {
            match cell {
                Cell::All | Cell::Kind(_) | Cell::Namespace(_) | Cell::Dependents(_) => {}
                Cell::Node(..) | Cell::Address(_) => {}
                // A twin's hash is of how it is and how it stands in the queues.
                Cell::Uid(uid) | Cell::Queue(uid) => cells.extend([Cell::Uid(uid), Cell::Queue(uid)].map(code)),
                _ => cells.push(code(cell)),
            }
        }
        let adds = unmix(twins.fingerprint(&after)).wrapping_sub(sum);
        let effect = Effect::of(world, &after, &performed, adds);
        Arc::new(Move { looks: twins.looks(world, step.id), step, effect: Some(Arc::new(effect)) })
    });
    cells.sort_unstable();
    cells.dedup();
    Found { answer, cells, counted, large }
}
