//! The enabled steps of a world, kept from step to step.
//!
//! What a controller does about an object is a pure function of what it read ([`footprint`](crate::footprint)). After a write,
//! only those that read a cell which was written are asked again; for all others the answer is still the same. So a step costs
//! what it touches, however large the world is.

#![expect(clippy::disallowed_types, reason = "readers are looked up by cell, never walked in hash order")]

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::Bound::{Excluded, Unbounded};

use super::{Enabled, Performed, Place, step_at};
use crate::footprint::each;
use crate::name::Stable;
use crate::{Key, ObjectId, World, controllers};

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    enabled: BTreeMap<Place, Enabled>,
    /// Who read a cell, by the cell's hash; some more than once. Where two cells share a hash, one too many is asked again.
    readers: HashMap<u64, Vec<Place>, BuildHasherDefault<Stable>>,
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
        for cell in performed.cells() {
            if let Some(readers) = self.readers.get_mut(&cell.code()) {
                woken.append(readers);
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
    pub(crate) fn watchers(key: Key) -> impl Iterator<Item = usize> {
        let watches = move |index: &usize| controllers()[*index].kind().is_none_or(|kind| kind == key.kind);
        (0..controllers().len()).filter(watches)
    }

    fn ask(&mut self, world: &World, place: Place) {
        let step = each(
            || step_at(world, place),
            |read| {
                for &cell in read {
                    let readers = self.readers.entry(cell.code()).or_default();
                    if readers.last() != Some(&place) {
                        readers.push(place);
                    }
                }
            },
        );
        match step {
            Some(step) => self.enabled.insert(place, step),
            None => self.enabled.remove(&place),
        };
    }
}
