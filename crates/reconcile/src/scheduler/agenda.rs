//! The enabled steps of a world, kept from step to step.
//!
//! What a controller does about an object is a pure function of what it read ([`footprint`](crate::footprint)). After a write,
//! only those that read a cell which was written are asked again; for all others the answer is still the same. So a step costs
//! what it touches, however large the world is.

#![expect(clippy::disallowed_types, reason = "readers are looked up by cell, never walked in hash order")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Bound::{Excluded, Unbounded};

use super::{Enabled, Performed, Place, step_of};
use crate::footprint::{Cell, of};
use crate::{Key, ObjectId, World, controllers};

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    enabled: BTreeMap<Place, Enabled>,
    readers: HashMap<Cell, BTreeSet<Place>, BuildHasherDefault<Stable>>,
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
        let mut woken: Vec<Place> = Vec::new();
        for change in &performed.changes {
            let Some(id) = world.place(change.key) else { continue };
            woken.extend(Self::watchers(change.key).map(|index| (index, id)));
        }
        let written = performed.changes.iter().flat_map(|change| change.cells());
        for cell in written.chain(performed.touched.iter().map(|&uid| Cell::Belief(uid))) {
            if let Some(readers) = self.readers.remove(&cell) {
                woken.extend(readers);
            }
        }
        woken.sort_unstable();
        woken.dedup();
        woken.into_iter().for_each(|place| self.ask(world, place));
    }

    /// The first enabled step after a place in the round; past the end it begins anew.
    pub(crate) fn next(&self, after: Option<Place>) -> Option<&Enabled> {
        let rest = after.and_then(|after| self.enabled.range((Excluded(after), Unbounded)).next());
        rest.or_else(|| self.enabled.first_key_value()).map(|(_, step)| step)
    }

    /// Every enabled step.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Enabled> {
        self.enabled.values()
    }

    /// The controllers that watch a kind.
    fn watchers(key: Key) -> impl Iterator<Item = usize> {
        let watches = move |index: &usize| controllers()[*index].kind().is_none_or(|kind| kind == key.kind);
        (0..controllers().len()).filter(watches)
    }

    fn ask(&mut self, world: &World, place: Place) {
        let (index, id) = place;
        let controller = controllers()[index];
        let (step, read) = of(|| {
            let object = world.get(id).filter(|object| controller.handles(world, object))?;
            step_of(world, index, controller, id, object)
        });
        for cell in read.cells() {
            self.readers.entry(*cell).or_default().insert(place);
        }
        match step {
            Some(step) => self.enabled.insert(place, step),
            None => self.enabled.remove(&place),
        };
    }
}

/// Cells hash by the stable hashes of their names, which need no more than to be put together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stable(u64);

impl Hasher for Stable {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
