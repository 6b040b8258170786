//! The world: a snapshot made able to move.

use std::hash::BuildHasherDefault;
use std::sync::Arc;

use imbl::shared_ptr::DefaultSharedPtr;
use imbl::{GenericHashMap, OrdMap, OrdSet, Vector};

use crate::array::Array;
use crate::assumption::Assumptions;
use crate::controllers::garbage_collector::graph::Graph;
use crate::footprint::{Cell, reads};
use crate::name::{Indexed, Stable, mix};
use crate::{
    Assumption, Change, Facet, Fault, Ground, Key, Kind, Name, Object, ObjectRef, OwnerReference, Process, Profile,
    kinds,
};

/// An object's place in a world. An object that is created again under its key takes its old place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(crate) u32);

impl ObjectId {
    pub(crate) const FIRST: Self = Self(0);
    pub(crate) const LAST: Self = Self(u32::MAX);

    /// The place after this one.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Objects at one moment of a run, and what is settled about the run.
///
/// Cheap to clone: the maps are persistent and share what did not change. Two worlds are the same when their fingerprints
/// are; the fingerprint is kept by every write.
#[derive(Debug, Clone)]
pub struct World {
    slots: Array<Slot>,
    by_key: Index<Key, ObjectId>,
    by_uid: Index<Name, ObjectId>,
    /// Places by the kind of their key, in order, whether an object is there now or not.
    by_kind: Index<Kind, Vector<ObjectId>>,
    /// The same by its namespace.
    by_namespace: Index<Name, Vector<ObjectId>>,
    by_node: Index<(Kind, Name), OrdSet<ObjectId>>,
    by_address: Index<Name, OrdSet<ObjectId>>,
    /// Places by the uids that their owner references name, in order.
    dependents: Index<Name, Vector<ObjectId>>,
    /// Kinds whose definition went in this run, with the instances that stay in storage and that nobody sees (rule H5).
    hidden: OrdMap<Kind, Vec<Arc<Object>>>,
    fingerprint: u64,
    /// How many webhook configurations there are: mostly none, and every write asks.
    webhooks: usize,
    /// How many objects are being deleted.
    deleting: usize,
    faults: OrdSet<Fault>,
    /// What the garbage collector believes.
    pub(crate) graph: Graph,
    settled: Arc<Settled>,
}

/// A persistent map that is only looked up, never walked: names are hashed already, so that a look-up costs a few instructions.
pub(crate) type Index<K, V> = GenericHashMap<K, V, BuildHasherDefault<Stable>, DefaultSharedPtr>;

/// One place.
#[derive(Debug, Clone)]
struct Slot {
    key: Key,
    object: Option<Arc<Object>>,
    /// Of the object; 0 where there is none.
    fingerprint: u64,
    /// How often an object was created here in this run: the next uid is made of it.
    created: u32,
}

fn owners(object: Option<&Arc<Object>>) -> &[OwnerReference] {
    object.map_or(&[], |object| &object.owners)
}

/// What does not change in a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settled {
    pub(crate) profile: Profile,
    /// The garbage collector sees each change in a step of its own, and acts on what it has seen so far.
    pub(crate) lags: bool,
    /// A person said that the dump is whole: what it does not show is not there.
    pub(crate) whole: bool,
    /// Versions of kinds of which the dump has objects, and whether they are namespaced: these were served.
    pub(crate) served: OrdMap<(Indexed, Indexed), bool>,
    /// Kinds that the dump lists, sorted: of these an object that is not there is absent, not unknown.
    pub(crate) listed: Vec<Kind>,
    pub(crate) assumptions: Assumptions,
    /// Plural resource names, as webhook rules and API paths have them, to kinds.
    pub(crate) resources: OrdMap<(Name, Name), Kind>,
    /// The minor version of Kubernetes 1 whose rules the control plane follows.
    pub(crate) kubernetes: Kubernetes,
}

/// The minor version of Kubernetes 1 whose rules the control plane follows: the recorded one, where nothing tells another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kubernetes(pub(crate) u32);

impl Default for Kubernetes {
    fn default() -> Self {
        Self(33)
    }
}

impl Default for World {
    fn default() -> Self {
        Self {
            slots: Array::default(),
            by_key: Index::default(),
            by_uid: Index::default(),
            by_kind: Index::default(),
            by_namespace: Index::default(),
            by_node: Index::default(),
            by_address: Index::default(),
            dependents: Index::default(),
            hidden: OrdMap::new(),
            fingerprint: 0,
            webhooks: 0,
            deleting: 0,
            faults: OrdSet::new(),
            graph: Graph::default(),
            settled: Arc::default(),
        }
    }
}

impl World {
    /// The object at a place, if there is one now.
    pub fn get(&self, id: ObjectId) -> Option<&Arc<Object>> {
        let slot = self.slots.get(id.0 as usize)?;
        reads(Cell::Object(slot.key));
        slot.object.as_ref()
    }

    /// The same for an accessor that has said what it reads.
    fn at(&self, id: ObjectId) -> Option<&Arc<Object>> {
        self.slots.get(id.0 as usize)?.object.as_ref()
    }

    /// The key of a place; an empty one where this world has no such place.
    pub fn key(&self, id: ObjectId) -> Key {
        self.slots.get(id.0 as usize).map(|slot| slot.key).unwrap_or_default()
    }

    /// The object with a key.
    pub fn find(&self, key: Key) -> Option<&Arc<Object>> {
        self.place(key).and_then(|id| self.at(id))
    }

    /// The place of a key, whether an object is there now or not.
    pub fn place(&self, key: Key) -> Option<ObjectId> {
        reads(Cell::Object(key));
        self.by_key.get(&key).copied()
    }

    /// The object with a uid.
    pub fn by_uid(&self, uid: Name) -> Option<&Arc<Object>> {
        reads(Cell::Uid(uid));
        self.by_uid.get(&uid).and_then(|&id| self.at(id)).filter(|object| object.uid == uid)
    }

    /// The place of the object that has, or had, a uid.
    pub(crate) fn place_of_uid(&self, uid: Name) -> Option<ObjectId> {
        reads(Cell::Uid(uid));
        self.by_uid.get(&uid).copied()
    }

    /// Whether an object with this uid was ever in this run: then its absence is known.
    pub fn knew(&self, uid: Name) -> bool {
        reads(Cell::Uid(uid));
        self.by_uid.contains_key(&uid)
    }

    /// Every object, by place.
    pub fn objects(&self) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(Cell::All);
        self.slots.iter().enumerate().filter_map(|(i, slot)| Some((ObjectId(i as u32), slot.object.as_ref()?)))
    }

    /// The objects of a kind, or of all kinds, from a place on.
    pub(crate) fn watched(&self, kind: Option<Kind>, from: ObjectId) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(kind.map_or(Cell::All, Cell::Kind));
        let of_kind = kind.and_then(|kind| self.by_kind.get(&kind)).map(|ids| {
            let first = ids.binary_search(&from).unwrap_or_else(|at| at);
            (first..ids.len()).map(|at| ids[at])
        });
        let of_all = kind.is_none().then(|| (from.0..self.slots.len() as u32).map(ObjectId));
        let ids = of_kind.into_iter().flatten().chain(of_all.into_iter().flatten());
        ids.filter_map(|id| Some((id, self.at(id)?)))
    }

    /// The objects of a kind, by place.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(Cell::Kind(kind));
        self.places(self.by_kind.get(&kind))
    }

    /// Whether there is any webhook configuration.
    pub(crate) fn has_webhooks(&self) -> bool {
        reads(Cell::Kind(kinds::mutating_webhooks()));
        reads(Cell::Kind(kinds::validating_webhooks()));
        self.webhooks > 0
    }

    /// The objects in a namespace, by place.
    pub fn in_namespace(&self, namespace: Name) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(Cell::Namespace(namespace));
        self.places(self.by_namespace.get(&namespace))
    }

    /// The objects of a kind that are on a node ([`Facet::node`]), by place.
    pub fn on_node(&self, kind: Kind, node: Name) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(Cell::Node(kind, node));
        self.places(self.by_node.get(&(kind, node)))
    }

    /// The objects of a kind that are part of a volume of Longhorn's, by place.
    pub(crate) fn of_volume(&self, kind: Kind, volume: Name) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        self.on_node(kind, volume)
    }

    /// The pods with an IP address, by place.
    pub(crate) fn at_address(&self, ip: Name) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(Cell::Address(ip));
        self.places(self.by_address.get(&ip))
    }

    /// The objects with an owner reference that has this uid, by place (rule C1: by uid only).
    pub fn dependents(&self, uid: Name) -> impl Iterator<Item = (ObjectId, &Arc<Object>)> {
        reads(Cell::Dependents(uid));
        let places = self.dependents.get(&uid).into_iter().flatten();
        places.filter_map(|&id| Some((id, self.at(id)?)))
    }

    fn places<'w>(
        &'w self,
        ids: Option<impl IntoIterator<Item = &'w ObjectId>>,
    ) -> impl Iterator<Item = (ObjectId, &'w Arc<Object>)> {
        ids.into_iter().flatten().filter_map(|&id| Some((id, self.at(id)?)))
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects().count()
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.objects().next().is_none()
    }

    /// Whether any object is being deleted.
    pub(crate) fn deletes(&self) -> bool {
        reads(Cell::All);
        self.deleting > 0
    }

    /// A 64-bit fingerprint of all objects, of the faults, and of what the garbage collector believes apart from them, kept by
    /// every write: the same for the same world, on every machine, in whatever order it came to be.
    pub fn fingerprint(&self) -> u64 {
        mix(self.fingerprint.wrapping_add(self.graph.fingerprint()))
    }

    /// The fingerprint computed anew: the test of [`World::fingerprint`].
    pub fn full_fingerprint(&self) -> u64 {
        let objects = self.objects().map(|(_, object)| object.fingerprint());
        let hidden = self.hidden.values().flatten().map(|object| mix(object.fingerprint()));
        let faults = self.faults.iter().map(Fault::fingerprint);
        mix(objects.chain(hidden).chain(faults).fold(self.graph.full_fingerprint(), u64::wrapping_add))
    }

    /// What a person broke and has not mended yet.
    pub fn faults(&self) -> impl Iterator<Item = Fault> {
        self.faults.iter().copied()
    }

    /// Whether this is broken.
    pub(crate) fn has_fault(&self, fault: Fault) -> bool {
        !self.faults.is_empty() && self.faults.contains(&fault)
    }

    /// Breaks something, or mends it. A controller manager that is stopped forgets what its garbage collector believed, and
    /// learns it anew from a list when it starts (rule D10).
    pub(crate) fn set_fault(&mut self, fault: Fault, broken: bool) {
        let changed = match broken {
            true => self.faults.insert(fault).is_none(),
            false => self.faults.remove(&fault).is_some(),
        };
        if !changed {
            return;
        }
        let hash = fault.fingerprint();
        self.fingerprint =
            if broken { self.fingerprint.wrapping_add(hash) } else { self.fingerprint.wrapping_sub(hash) };
        if fault == Fault::Stopped(Process::ControllerManager) {
            self.restart_collector(!broken);
        }
    }

    /// Whether the garbage collector sees each change in a step of its own.
    pub fn lags(&self) -> bool {
        self.settled.lags
    }

    /// The same world with a garbage collector that sees each change in a step of its own, or at once.
    pub fn with_lag(&self, lags: bool) -> Self {
        let mut world = self.resettle(|settled| settled.lags = lags);
        world.restart_collector(!world.has_fault(Fault::Stopped(Process::ControllerManager)));
        world
    }

    /// Where and how two worlds differ, object by object: `before` is this one's, `after` the other's.
    pub fn differences(&self, other: &Self) -> Vec<Change> {
        let mine = self.objects().map(|(_, object)| object.key);
        let theirs = other.objects().map(|(_, object)| object.key).filter(|key| self.find(*key).is_none());
        let differs = |key: Key| {
            let (before, after) = (self.find(key), other.find(key));
            let same = match (before, after) {
                (Some(before), Some(after)) => Arc::ptr_eq(before, after) || before == after,
                _ => false,
            };
            (!same).then(|| Change { key, before: before.cloned(), after: after.cloned() })
        };
        mine.chain(theirs).filter_map(differs).collect()
    }

    /// Whether the dump lists a kind, so that what is not there is absent.
    pub fn lists(&self, kind: Kind) -> bool {
        self.whole() || self.settled.listed.binary_search(&kind).is_ok()
    }

    /// Whether the dump has objects of a kind in this version; then, whether they are namespaced.
    pub(crate) fn served(&self, api_version: Name, kind: Name) -> Option<bool> {
        self.settled.served.get(&(Indexed(api_version), Indexed(kind))).copied()
    }

    /// Whether the dump was said to be whole, as a recording's first state is.
    pub fn whole(&self) -> bool {
        self.settled.whole
    }

    /// The same world, of which the dump is said to show everything.
    pub fn taken_as_whole(&self) -> Self {
        let mut world = self.resettle(|settled| settled.whole = true);
        world.restart_collector(!world.has_fault(Fault::Stopped(Process::ControllerManager)));
        world
    }

    /// The rules that Longhorn's controllers follow in this run.
    pub fn profile(&self) -> Profile {
        self.settled.profile
    }

    /// The same world under another profile, chosen by a person.
    pub fn with_profile(&self, profile: Profile) -> Self {
        self.resettle(|settled| {
            settled.profile = profile;
            // What a person chose is no assumption.
            settled.assumptions.given.retain(|given| !matches!(given.ground, Ground::Profile { .. }));
        })
    }

    /// The minor version of Kubernetes 1 whose rules the control plane follows in this run.
    pub fn kubernetes(&self) -> u32 {
        self.settled.kubernetes.0
    }

    /// The same world under the rules of another minor version of Kubernetes 1, chosen by a person.
    pub fn with_kubernetes(&self, minor: u32) -> Self {
        self.resettle(|settled| {
            settled.kubernetes = Kubernetes(minor);
            settled.assumptions.given.retain(|given| !matches!(given.ground, Ground::Kubernetes { .. }));
        })
    }

    /// The same world with one assumption decided by a person.
    pub fn assuming(&self, id: &str, value: bool) -> Self {
        self.resettle(|settled| settled.assumptions.decide(id, value))
    }

    /// What was read from the dump about the run as a whole, such as the profile.
    pub fn given(&self) -> &[Assumption] {
        self.settled.assumptions.given()
    }

    /// What a person decided about an assumption.
    pub fn decided(&self, id: &str) -> Option<bool> {
        self.settled.assumptions.decided(id)
    }

    /// Whether a person decided anything.
    pub(crate) fn decides_anything(&self) -> bool {
        self.settled.assumptions.decides_anything()
    }

    /// The kind of a plural resource name in a group.
    pub fn kind_of_resource(&self, group: Name, plural: Name) -> Option<Kind> {
        self.settled.resources.get(&(group, plural)).copied()
    }

    /// The plural resource name of a kind: what its definition says, else what Kubernetes gives by default.
    pub(crate) fn plural_of(&self, kind: Kind) -> Name {
        let named = self.of_kind(kinds::definition()).find_map(|(_, object)| match &object.facet {
            Facet::Definition { group, kind: of, plural, .. } if *group == kind.group && *of == kind.kind => {
                Some(*plural)
            }
            _ => None,
        });
        named.unwrap_or_else(|| crate::load::plural(kind.kind))
    }

    pub(crate) fn resettle(&self, change: impl FnOnce(&mut Settled)) -> Self {
        let mut world = self.clone();
        change(Arc::make_mut(&mut world.settled));
        world
    }

    /// The uid that the next object with this key gets.
    pub(crate) fn next_uid(&self, key: Key) -> Name {
        let created = self.place(key).and_then(|id| self.slots.get(id.0 as usize)).map_or(0, |slot| slot.created);
        Name::new(&format!("{key}#{}", created + 1))
    }

    /// Puts an object at its key, or takes it away, and keeps every index. The garbage collector sees it.
    pub(crate) fn put(&mut self, key: Key, object: Option<Arc<Object>>) {
        let (id, before) = self.store(key, object);
        self.written(id, before);
    }

    /// The same, unseen. Gives the place, and what was there.
    fn store(&mut self, key: Key, object: Option<Arc<Object>>) -> (ObjectId, Option<Arc<Object>>) {
        let id = self.place(key).unwrap_or_else(|| {
            let id = ObjectId(self.slots.len() as u32);
            self.slots.push(Slot { key, object: None, fingerprint: 0, created: 0 });
            self.by_key.insert(key, id);
            self.by_kind.entry(key.kind).or_default().push_back(id);
            if !key.namespace.is_empty() {
                self.by_namespace.entry(key.namespace).or_default().push_back(id);
            }
            id
        });
        let Some(slot) = self.slots.get_mut(id.0 as usize) else { return (id, None) };
        let before = std::mem::replace(&mut slot.object, object.clone());
        let deleting = |object: &Option<Arc<Object>>| object.as_ref().is_some_and(|object| object.deleting());
        self.deleting = self.deleting + usize::from(deleting(&object)) - usize::from(deleting(&before));
        slot.created += u32::from(before.is_none() && object.is_some());
        let hash = object.as_ref().map_or(0, |object| object.fingerprint());
        let hashed = std::mem::replace(&mut slot.fingerprint, hash);
        self.fingerprint = self.fingerprint.wrapping_sub(hashed).wrapping_add(hash);
        let (had, has) = (owners(before.as_ref()), owners(object.as_ref()));
        if had != has {
            for owner in had {
                let places = self.dependents.get_mut(&owner.uid);
                let last = places.is_some_and(|places| {
                    if let Ok(at) = places.binary_search(&id) {
                        places.remove(at);
                    }
                    places.is_empty()
                });
                if last {
                    self.dependents.remove(&owner.uid);
                }
            }
            for owner in has {
                let places = self.dependents.entry(owner.uid).or_default();
                if let Err(at) = places.binary_search(&id) {
                    places.insert(at, id);
                }
            }
        }
        let places = |object: Option<&Arc<Object>>| {
            object.map_or((None, None), |object| (object.facet.group(), object.facet.address()))
        };
        let ((was_on, had_ip), (is_on, has_ip)) = (places(before.as_ref()), places(object.as_ref()));
        if was_on != is_on {
            was_on.and_then(|node| self.by_node.entry((key.kind, node)).or_default().remove(&id));
            is_on.and_then(|node| self.by_node.entry((key.kind, node)).or_default().insert(id));
        }
        if had_ip != has_ip {
            had_ip.and_then(|ip| self.by_address.entry(ip).or_default().remove(&id));
            has_ip.and_then(|ip| self.by_address.entry(ip).or_default().insert(id));
        }
        match (&before, &object) {
            (Some(before), None) => {
                self.webhooks -= usize::from(matches!(before.facet, Facet::Webhooks(_)));
            }
            (None, Some(after)) => {
                self.webhooks += usize::from(matches!(after.facet, Facet::Webhooks(_)));
                self.by_uid.insert(after.uid, id);
            }
            _ => {}
        }
        (id, before)
    }

    /// Takes the instances of a kind out of sight: its definition is gone, and they stay in storage (rule H5).
    pub(crate) fn hide(&mut self, kind: Kind) {
        let instances: Vec<Arc<Object>> = self.of_kind(kind).map(|(_, object)| object.clone()).collect();
        for object in &instances {
            if self.lags() {
                // It is taken to be there until the collector syncs (C10).
                self.put(object.key, None);
            } else {
                self.store(object.key, None);
                self.forget(object.uid);
            }
            self.fingerprint = self.fingerprint.wrapping_add(mix(object.fingerprint()));
        }
        self.hidden.insert(kind, instances);
    }

    /// Brings them back, as they were: the definition was created again (rule H5).
    pub(crate) fn reveal(&mut self, kind: Kind) {
        for object in self.hidden.remove(&kind).into_iter().flatten() {
            self.fingerprint = self.fingerprint.wrapping_sub(mix(object.fingerprint()));
            self.put(object.key, Some(object));
        }
    }

    /// Whether an object with this uid is in storage without its definition (rule H5).
    pub(crate) fn hides(&self, uid: Name) -> bool {
        reads(Cell::Kind(kinds::definition()));
        self.hidden.values().flatten().any(|object| object.uid == uid)
    }

    /// The kinds whose definition went in this run.
    pub(crate) fn gone_definitions(&self) -> impl Iterator<Item = Kind> {
        reads(Cell::Kind(kinds::definition()));
        self.hidden.keys().copied()
    }

    /// Whether the definition of a kind went in this run: then no path leads to its instances.
    pub(crate) fn definition_is_gone(&self, kind: Kind) -> bool {
        reads(Cell::Kind(kinds::definition()));
        self.hidden.contains_key(&kind)
    }

    /// The object that a reference names, if it is that very object that is there now.
    pub fn resolve(&self, object: ObjectRef) -> Option<&Arc<Object>> {
        self.find(object.key).filter(|found| found.uid == object.uid)
    }
}
