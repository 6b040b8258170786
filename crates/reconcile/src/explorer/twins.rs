//! Twins: objects that differ in nothing but their name and uid, so that it makes no difference which of them a step is about.
//!
//! Two objects are twins when they are the same but for name and uid, nothing else in the world names either of them, and no
//! controller goes by the name of an object of their kind. Swapping them then maps every run to a run, so that worlds which differ
//! by such a swap have the same orders before them, and are explored once. The classes are found in the world where a search
//! begins; nobody names an object of these kinds later that is not named there. Of what the garbage collector believes only how a
//! twin stands in its queues is about a twin: the rest is about owners, and a twin owns nothing.

#![expect(clippy::disallowed_types, reason = "hashes are only looked up, never walked in hash order")]

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use crate::name::{mix, unmix};
use crate::{Facet, Fact, Name, Object, ObjectId, Process, World, kinds};

/// The classes of twins of a world.
#[derive(Debug, Clone, Default)]
pub(super) struct Twins {
    /// Each twin's class, by place.
    class: BTreeMap<ObjectId, u64>,
}

impl Twins {
    /// The twins of a world.
    pub(super) fn of(world: &World) -> Self {
        let mut named: HashMap<u64, usize> = HashMap::new();
        let mut say = |name| *named.entry(name).or_default() += 1;
        world.objects().for_each(|(_, object)| names(object, &mut say));
        world.faults().for_each(|fault| names(&fault, &mut say));
        // Longhorn's controllers know pods by name.
        let longhorn = world.objects().any(|(_, object)| object.key.kind.group.as_str() == "longhorn.io");
        let mut alike: BTreeMap<u64, Vec<ObjectId>> = BTreeMap::new();
        for (id, object) in world.objects() {
            if !longhorn && nameless(world, object) && unnamed(object, &named) {
                alike.entry(anonymous(world, object)).or_default().push(id);
            }
        }
        let classes = alike.into_values().filter(|class| class.len() > 1);
        let class = classes.flat_map(|class| class.clone().into_iter().map(move |id| (id, mix(u64::from(class[0].0)))));
        Self { class: class.collect() }
    }

    /// A fingerprint of the world that is the same for worlds which differ by a swap of twins.
    pub(super) fn fingerprint(&self, world: &World) -> u64 {
        if self.class.is_empty() {
            return world.fingerprint();
        }
        let twins = self.class.iter().filter_map(|(&id, &class)| Some((world.get(id)?, class)));
        mix(twins.fold(unmix(world.fingerprint()), |sum, (object, class)| {
            let (_, standing) = world.graph.standing(object.uid);
            let named = object.fingerprint().wrapping_add(standing);
            sum.wrapping_sub(named).wrapping_add(mix(anonymous(world, object) ^ class))
        }))
    }

    /// What tells a twin from those of its class, if it is one: two with the same are swapped freely.
    pub(super) fn looks(&self, world: &World, id: ObjectId) -> Option<u64> {
        let class = self.class.get(&id)?;
        world.get(id).map(|object| mix(anonymous(world, object) ^ class))
    }

    /// How many worlds differ from this one by a swap of twins only, itself included.
    pub(super) fn alike(&self, world: &World) -> u128 {
        let mut classes: BTreeMap<u64, BTreeMap<Option<u64>, u128>> = BTreeMap::new();
        for (&id, &class) in &self.class {
            *classes.entry(class).or_default().entry(self.looks(world, id)).or_default() += 1;
        }
        // The multinomial coefficient, one factor at a time so that every division comes out even.
        let mut alike = 1_u128;
        for looks in classes.values() {
            let mut placed = 0;
            for times in looks.values() {
                for one in 1..=*times {
                    placed += 1;
                    alike = alike.saturating_mul(placed) / one;
                }
            }
        }
        alike
    }
}

/// Whether no controller goes by the name of such an object, and no person decided anything about this one.
fn nameless(world: &World, object: &Object) -> bool {
    let facet = matches!(&object.facet, Facet::None | Facet::Pod(_) | Facet::Token { .. } | Facet::Volume(_));
    // Endpoints are looked after by the name of their Service, and a webhook's Service is asked by name.
    let by_name = [kinds::endpoints(), kinds::service(), kinds::namespace()].contains(&object.key.kind);
    let done = Fact::DoneBy(Process::ControllerManager, object.into());
    facet && !by_name && world.decided(&done.assumption_id()).is_none()
}

/// Whether nothing but the object itself says its name or its uid.
fn unnamed(object: &Object, named: &HashMap<u64, usize>) -> bool {
    let own = [object.key.name, object.uid].map(Name::stable_hash);
    let mut said = [0, 0];
    names(object, &mut |name| own.iter().zip(&mut said).for_each(|(own, said)| *said += usize::from(*own == name)));
    own.iter().zip(said).all(|(own, said)| named.get(own) == Some(&said))
}

/// A hash of an object and of how it stands with the garbage collector, without its name and uid.
fn anonymous(world: &World, object: &Object) -> u64 {
    let mut key = object.key;
    key.name = Name::default();
    let (standing, _) = world.graph.standing(object.uid);
    Object { key, uid: Name::default(), ..object.clone() }.fingerprint().rotate_left(8) ^ standing
}

/// Calls `say` with the hash of every name in an object, as keys and references, labels, finalizers, and all of its facet; or in a fault.
fn names(of: &impl Hash, say: &mut impl FnMut(u64)) {
    struct Names<'s, S>(&'s mut S);
    impl<S: FnMut(u64)> Hasher for Names<'_, S> {
        fn write(&mut self, _: &[u8]) {}
        fn write_u64(&mut self, name: u64) {
            (self.0)(name);
        }
        // Lengths, which `usize` would pass on as names.
        fn write_usize(&mut self, _: usize) {}
        fn finish(&self) -> u64 {
            0
        }
    }
    of.hash(&mut Names(say));
}
