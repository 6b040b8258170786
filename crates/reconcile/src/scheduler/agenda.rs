//! The enabled steps of a world, kept from step to step.
//!
//! What a controller does about an object is a pure function of what it read ([`footprint`](crate::footprint)). After a write,
//! only those that read a cell which was written are asked again; for all others the answer is still the same. So a step costs
//! what it touches, however large the world is.

#![expect(clippy::disallowed_types, reason = "readers are looked up by cell, never walked in hash order")]

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Arc, LazyLock};

use super::{Enabled, Performed, Place, step_at};
use crate::footprint::each;
use crate::name::Stable;
use crate::{Key, Kind, ObjectId, World, controllers};

/// A table that is looked up by what is hashed already.
type Table<K, V> = HashMap<K, V, BuildHasherDefault<Stable>>;

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    enabled: BTreeMap<Place, Arc<Enabled>>,
    asked: Table<Place, Asked>,
    /// Who read a cell, by the cell's hash, and who did so earlier: mostly one.
    readers: Table<u64, (Place, Vec<Place>)>,
    /// Empty between two questions.
    cells: Vec<u64>,
    /// Empty between two steps.
    woken: Vec<Place>,
}

/// What came of asking at a place; nothing is kept where nothing was read and nothing is enabled.
#[derive(Debug, Clone, Default)]
struct Asked {
    enabled: bool,
    /// What was read, as the cells' hashes, sorted; without the object of the place, whose change wakes it anyway. Where two cells share
    /// a hash, one too many is asked again.
    cells: Vec<u64>,
}

impl Asked {
    fn read(&self, code: u64) -> bool {
        self.cells.binary_search(&code).is_ok()
    }
}

impl Agenda {
    /// Asks every controller about every object.
    pub(crate) fn of(world: &World) -> Self {
        let mut agenda = Self::default();
        let all: Vec<(ObjectId, Key)> = world.objects().map(|(id, object)| (id, object.key)).collect();
        for (id, key) in all {
            Self::watchers(key).for_each(|index| agenda.ask(world, (index, id)));
        }
        agenda
    }

    /// Asks those again whose answer a step may have changed.
    pub(crate) fn follow(&mut self, world: &World, performed: &Performed) {
        let mut woken = std::mem::take(&mut self.woken);
        for change in &performed.changes {
            let Some(id) = world.place(change.key) else { continue };
            let places = Self::watchers(change.key).map(|index| (index, id));
            match change.after {
                Some(_) => woken.extend(places),
                None => places.for_each(|place| self.forget(place)),
            }
        }
        performed.cells().for_each(|cell| {
            let code = cell.code();
            if let Some((first, more)) = self.readers.get_mut(&code) {
                let reads = |place: &Place| self.asked.get(place).is_some_and(|asked| asked.read(code));
                more.retain(reads);
                woken.extend(Some(*first).filter(reads));
                woken.extend_from_slice(more);
            }
        });
        woken.sort_unstable();
        woken.dedup();
        woken.drain(..).for_each(|place| self.ask(world, place));
        self.woken = woken;
    }

    /// Where no object is nothing is enabled.
    fn forget(&mut self, place: Place) {
        if self.asked.remove(&place).is_some_and(|asked| asked.enabled) {
            self.enabled.remove(&place);
        }
    }

    /// The first enabled step after a place in the round; past the end it begins anew.
    pub(crate) fn next(&self, after: Option<Place>) -> Option<&Arc<Enabled>> {
        let rest = after.and_then(|after| self.enabled.range((Excluded(after), Unbounded)).next());
        rest.or_else(|| self.enabled.first_key_value()).map(|(_, step)| step)
    }

    /// Every enabled step.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Enabled> {
        self.enabled.values().map(|step| &**step)
    }

    /// The controllers that watch a kind, in the scheduler's order.
    pub(crate) fn watchers(key: Key) -> impl Iterator<Item = usize> {
        static WATCHERS: LazyLock<Table<Option<Kind>, Vec<usize>>> = LazyLock::new(|| {
            let kinds: Vec<Option<Kind>> = controllers().iter().map(|controller| controller.kind()).collect();
            let watch = |&of: &Option<Kind>| {
                let all = kinds.iter().enumerate();
                (of, all.filter(|(_, kind)| kind.is_none() || **kind == of).map(|(index, _)| index).collect())
            };
            kinds.iter().chain([&None]).map(watch).collect()
        });
        WATCHERS.get(&Some(key.kind)).or_else(|| WATCHERS.get(&None)).into_iter().flatten().copied()
    }

    fn ask(&mut self, world: &World, place: Place) {
        let Self { asked, readers, cells, .. } = self;
        let step = each(
            || step_at(world, place),
            |read| {
                let own = read.first();
                cells.extend(read.iter().filter(|cell| Some(*cell) != own).map(|cell| cell.code()));
            },
        );
        cells.sort_unstable();
        cells.dedup();
        if cells.is_empty() && step.is_none() {
            self.forget(place);
            return;
        }
        let known = asked.entry(place).or_default();
        if *cells != known.cells {
            for cell in cells.iter().filter(|cell| !known.read(**cell)) {
                let entry = readers.entry(*cell).and_modify(|(_, more)| more.push(place));
                entry.or_insert_with(|| (place, Vec::new()));
            }
            known.cells.clear();
            known.cells.extend_from_slice(cells);
        }
        cells.clear();
        let before = std::mem::replace(&mut known.enabled, step.is_some());
        match step {
            Some(step) => _ = self.enabled.insert(place, Arc::new(step)),
            None if before => _ = self.enabled.remove(&place),
            None => {}
        }
    }
}
