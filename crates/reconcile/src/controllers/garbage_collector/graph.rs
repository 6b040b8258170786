//! The garbage collector's own graph: what it believes, apart from the objects.
//!
//! Rules C1 to C10 of the reference, which mirror `processGraphChanges` and what it calls in
//! `pkg/controller/garbagecollector/graph_builder.go` of Kubernetes 1.33. Of a node the graph keeps what tells it from the
//! object: an older state that was the last one seen, a flag that outlived its cause, an owner that was only heard of. For all
//! else the node is the object, so that a graph which has seen everything and has nothing to do takes no room.

use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use imbl::shared_ptr::DefaultSharedPtr;
use imbl::{GenericHashSet, OrdMap, OrdSet};

use super::{Attempt, attempt};
use crate::controllers::definition::instances_of;
use crate::footprint::{Cell, counted, reads, reads_to_write, unrecorded};
use crate::mapping::{Mapping, Served};
use crate::name::{Indexed, Stable, mix};
use crate::object::{Canonical, FOREGROUND, ORPHAN};
use crate::{Key, Kind, Name, Object, ObjectId, OwnerReference, Rule, World, kinds};

/// What an owner reference says of its owner, and where the owner must be (`objectReference` in graph.go). The order is the one in
/// which other identities of a virtual node are tried (`getAlternateOwnerIdentity`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coordinates {
    /// `kind`.
    pub kind: Name,
    /// `apiVersion`.
    pub api_version: Name,
    /// The dependent's namespace; empty where the owner's kind is known to be cluster-scoped.
    pub namespace: Name,
    /// `name`.
    pub name: Name,
}

impl Coordinates {
    fn of(object: &Object) -> Self {
        Self {
            kind: object.key.kind.kind,
            api_version: object.api_version,
            namespace: object.key.namespace,
            name: object.key.name,
        }
    }

    /// Where a dependent's reference points.
    pub(super) fn referred(world: &World, dependent: &Object, owner: &OwnerReference) -> Self {
        let cluster_scoped = matches!(world.mapping(owner), Mapping::Served { namespaced: false });
        let namespace = if cluster_scoped { Name::default() } else { dependent.key.namespace };
        Self { kind: owner.kind, api_version: owner.api_version, namespace, name: owner.name }
    }

    /// The key of the object that is meant.
    pub fn key(&self) -> Key {
        let kind = Kind { group: self.api_version.group(), kind: self.kind };
        Key::new(kind, self.namespace, self.name)
    }

    pub(super) fn reference(&self, uid: Name) -> OwnerReference {
        let (api_version, kind, name) = (self.api_version, self.kind, self.name);
        OwnerReference { api_version, kind, name, uid, controller: false, block: false }
    }
}

/// What a collector that lags does without writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sight {
    /// It sees the change of an object.
    Change(ObjectId),
    /// It handles what is queued, and nothing is to be written: an object, or an owner that it only heard of.
    Handled(Name),
    /// It follows what is served now (C10).
    Synced,
}

/// Uids, looked up, and walked only where no order can be seen.
type Uids = GenericHashSet<Name, BuildHasherDefault<Stable>, DefaultSharedPtr>;

fn holds(uids: &Uids, uid: Name) -> bool {
    !uids.is_empty() && uids.contains(&uid)
}

/// Whether it was in there.
fn take_out(uids: &mut Uids, uid: Name) -> bool {
    !uids.is_empty() && uids.remove(&uid).is_some()
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    /// Whether the collector runs; one that does not sees and believes nothing.
    watching: bool,
    /// What was last seen at a place, where that is no longer what is there.
    unseen: OrdMap<ObjectId, (Key, Option<Arc<Object>>)>,
    /// Kinds that are served otherwise than when a collector that lags last synced (C10): the definition's key, and how the kind was
    /// served then.
    unsynced: OrdMap<Kind, (Key, Option<Served>)>,
    /// Owners that were only heard of (C2), and what is believed of where they are.
    virtuals: OrdMap<Indexed, Coordinates>,
    /// Owners that were looked up and not found, or seen to go, as long as somebody refers to them (C8; `absentOwnerCache`).
    absent: OrdSet<(Indexed, Coordinates)>,
    /// Nodes that are `deletingDependents` though their object no longer shows it (C4).
    one_way: Uids,
    /// The queue `attemptToDelete`. What cannot be done yet stays in it: later is whenever it can be (D8).
    to_delete: Uids,
    /// The queue `attemptToOrphan`.
    to_orphan: Uids,
    /// What was enqueued since the queue was last looked at; empty between two writes.
    fresh: Vec<Name>,
    /// What is believed otherwise since the last step.
    touched: Vec<Cell>,
    /// Whose standing in which queue the last of these is about.
    last_turned: Option<(Part, Name)>,
    /// How often something came into a queue or left it since the last step.
    turns: usize,
    fingerprint: u64,
}

/// The parts of the graph, in its fingerprint.
#[derive(Debug, Hash, Clone, Copy, PartialEq, Eq)]
enum Part {
    Unseen,
    Virtual,
    Absent,
    OneWay,
    ToDelete,
    ToOrphan,
    Unsynced,
}

fn hash(part: Part, of: impl Hash) -> u64 {
    let mut hasher = Canonical::default();
    (part, of).hash(&mut hasher);
    hasher.finish()
}

impl Graph {
    /// The sum of a hash of each entry, kept by every change.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The same, computed anew.
    pub(crate) fn full_fingerprint(&self) -> u64 {
        let unseen = self.unseen.values().map(unseen_hash);
        let virtuals = self.virtuals.iter().map(|(uid, at)| hash(Part::Virtual, (uid.0, at)));
        let absent = self.absent.iter().map(|(uid, at)| hash(Part::Absent, (uid.0, at)));
        let one_way = self.one_way.iter().map(|uid| hash(Part::OneWay, uid));
        let to_delete = self.to_delete.iter().map(|uid| hash(Part::ToDelete, uid));
        let to_orphan = self.to_orphan.iter().map(|uid| hash(Part::ToOrphan, uid));
        let unsynced = self.unsynced.iter().map(|entry| hash(Part::Unsynced, entry));
        let all = unsynced.chain(unseen).chain(virtuals).chain(absent).chain(one_way).chain(to_delete).chain(to_orphan);
        all.fold(0, u64::wrapping_add)
    }

    /// Whether an object waits in `attemptToDelete`.
    pub(super) fn is_to_delete(&self, uid: Name) -> bool {
        reads(Cell::Queue(uid));
        self.to_delete.contains(&uid)
    }

    /// Whether an object waits in `attemptToOrphan`.
    pub(super) fn is_to_orphan(&self, uid: Name) -> bool {
        reads(Cell::Queue(uid));
        holds(&self.to_orphan, uid)
    }

    /// Whether an owner is known to be absent under these coordinates (C8).
    pub(super) fn knows_absent(&self, uid: Name, at: impl FnOnce() -> Coordinates) -> bool {
        reads(Cell::Belief(uid));
        !self.absent.is_empty() && self.absent.contains(&(Indexed(uid), at()))
    }

    /// How an object that owns nothing stands in the queues, as a number, and what that adds to the fingerprint.
    pub(crate) fn standing(&self, uid: Name) -> (u64, u64) {
        let parts =
            [(&self.to_delete, Part::ToDelete), (&self.to_orphan, Part::ToOrphan), (&self.one_way, Part::OneWay)];
        let stands = parts.into_iter().enumerate().filter(|(_, (queue, _))| queue.contains(&uid));
        stands.fold((0, 0), |(bits, sum), (at, (_, part))| (bits | 1 << at, u64::wrapping_add(sum, hash(part, uid))))
    }

    /// What is believed of where an owner is, as a part of the fingerprint.
    pub(crate) fn belief(&self, uid: Name) -> u64 {
        let heard_of = self.virtuals.get(&Indexed(uid)).map_or(0, |at| hash(Part::Virtual, (uid, at)));
        let absent = self.absences(uid).map(|(_, at)| hash(Part::Absent, (uid, at)));
        absent.fold(heard_of, u64::wrapping_add)
    }

    fn absences(&self, uid: Name) -> impl Iterator<Item = &(Indexed, Coordinates)> {
        // Coordinates are ordered by their texts, of which the empty one is the least.
        self.absent.range((Indexed(uid), Coordinates::default())..).take_while(move |(owner, _)| owner.0 == uid)
    }

    fn add(&mut self, value: u64) {
        self.fingerprint = self.fingerprint.wrapping_add(value);
    }

    fn subtract(&mut self, value: u64) {
        self.fingerprint = self.fingerprint.wrapping_sub(value);
    }

    fn enqueue_delete(&mut self, uid: Name) {
        reads_to_write(Cell::Queue(uid));
        if self.to_delete.insert(uid).is_none() {
            self.fresh.push(uid);
            self.queued(Part::ToDelete, uid, true);
        }
    }

    /// Takes an object out of `attemptToDelete`.
    pub(super) fn drop_delete(&mut self, uid: Name) {
        reads_to_write(Cell::Queue(uid));
        if take_out(&mut self.to_delete, uid) {
            self.queued(Part::ToDelete, uid, false);
        }
    }

    fn enqueue_orphan(&mut self, uid: Name) {
        reads_to_write(Cell::Queue(uid));
        if self.to_orphan.insert(uid).is_none() {
            self.queued(Part::ToOrphan, uid, true);
        }
    }

    /// Takes an object out of `attemptToOrphan`.
    pub(super) fn drop_orphan(&mut self, uid: Name) {
        reads_to_write(Cell::Queue(uid));
        if take_out(&mut self.to_orphan, uid) {
            self.queued(Part::ToOrphan, uid, false);
        }
    }

    fn set_one_way(&mut self, uid: Name, set: bool) {
        reads_to_write(Cell::Queue(uid));
        let changed = match set {
            true => self.one_way.insert(uid).is_none(),
            false => take_out(&mut self.one_way, uid),
        };
        if changed {
            self.queued(Part::OneWay, uid, set);
        }
    }

    /// An object came into one of the queues or flags, or left it.
    fn queued(&mut self, part: Part, uid: Name, now: bool) {
        let hash = hash(part, uid);
        if now {
            self.add(hash)
        } else {
            self.subtract(hash)
        }
        self.turns += 1;
        // What comes into a queue often leaves it at once, and nobody sees a difference.
        if self.last_turned == Some((part, uid)) {
            self.last_turned = None;
            self.touched.pop();
        } else {
            self.touched.push(Cell::Queue(uid));
            self.last_turned = Some((part, uid));
        }
    }

    fn believed_anew(&mut self, uid: Name) {
        self.touched.push(Cell::Belief(uid));
        self.last_turned = None;
    }

    fn set_virtual(&mut self, uid: Name, at: Option<Coordinates>) {
        self.believed_anew(uid);
        let before = match at {
            Some(at) => self.virtuals.insert(Indexed(uid), at),
            None => self.virtuals.remove(&Indexed(uid)),
        };
        if let Some(before) = before {
            self.subtract(hash(Part::Virtual, (uid, before)));
        }
        if let Some(at) = at {
            self.add(hash(Part::Virtual, (uid, at)));
        }
    }

    fn set_absent(&mut self, uid: Name, at: Coordinates) {
        self.believed_anew(uid);
        if self.absent.insert((Indexed(uid), at)).is_none() {
            self.add(hash(Part::Absent, (uid, at)));
        }
    }

    /// What nobody refers to any more need not be remembered: no new reference can name it but one that a person writes, and
    /// that is looked up again.
    fn forget_absent(&mut self, uid: Name) {
        self.believed_anew(uid);
        let gone: Vec<_> = self.absences(uid).copied().collect();
        for (owner, at) in gone {
            self.absent.remove(&(owner, at));
            self.subtract(hash(Part::Absent, (uid, at)));
        }
    }

    fn set_unsynced(&mut self, kind: Kind, known: Option<(Key, Option<Served>)>) {
        self.touched.push(Cell::Kind(kinds::definition()));
        let before = match &known {
            Some(known) => self.unsynced.insert(kind, known.clone()),
            None => self.unsynced.remove(&kind),
        };
        if let Some(before) = before {
            self.subtract(hash(Part::Unsynced, (kind, before)));
        }
        if let Some(known) = known {
            self.add(hash(Part::Unsynced, (kind, known)));
        }
    }

    /// Whether the collector watches the instances of a kind that a definition may serve (C10).
    fn watches(&self, kind: Kind) -> bool {
        !matches!(self.unsynced.get(&kind), Some((_, None)))
    }

    fn set_unseen(&mut self, place: ObjectId, seen: Option<(Key, Option<Arc<Object>>)>) {
        let before = match &seen {
            Some(seen) => self.unseen.insert(place, seen.clone()),
            None => self.unseen.remove(&place),
        };
        if let Some(before) = before {
            self.subtract(unseen_hash(&before));
        }
        if let Some(seen) = seen {
            self.add(unseen_hash(&seen));
        }
    }
}

fn unseen_hash((key, seen): &(Key, Option<Arc<Object>>)) -> u64 {
    hash(Part::Unseen, (key, seen.as_ref().map(|object| object.fingerprint())))
}

impl World {
    /// An object as the collector has last seen it; `None` for an owner that it only heard of, and for one that it knows is gone.
    pub(super) fn seen(&self, uid: Name) -> Option<&Arc<Object>> {
        let place = self.place_of_uid(uid)?;
        let unseen = if self.sees_all() { None } else { self.graph.unseen.get(&place) };
        let seen = match unseen {
            Some((_, seen)) => seen.as_ref(),
            None => self.get(place),
        };
        seen.filter(|object| object.uid == uid)
    }

    /// Whether the collector has seen all that is there, so that it sees everything as it is.
    pub(super) fn sees_all(&self) -> bool {
        self.graph.unseen.is_empty()
    }

    /// An object's dependents, as the collector has last seen them (C1: by uid only).
    pub(super) fn seen_dependents(&self, uid: Name) -> impl Iterator<Item = &Arc<Object>> {
        let refers = move |object: &&Arc<Object>| object.owners.iter().any(|owner| owner.uid == uid);
        let unseen = (!self.sees_all()).then(|| self.graph.unseen.values());
        let unseen = unseen.into_iter().flatten().filter_map(|(_, seen)| seen.as_ref()).filter(refers);
        let same = self.dependents(uid).filter(|(place, _)| self.sees_all() || !self.graph.unseen.contains_key(place));
        same.map(|(_, object)| object).chain(unseen)
    }

    /// Whether an object, as it was last seen, waits for its dependents (C4: once set, the flag stays).
    pub(super) fn waits_for_dependents(&self, object: &Object) -> bool {
        reads(Cell::Queue(object.uid));
        object.deleting_dependents() || holds(&self.graph.one_way, object.uid)
    }

    /// The dependents of a uid as they are counted: how many there are (16 bits), how many block their owner and are queued or wait
    /// (16 bits), and a hash of the others that block it. A sum over the dependents.
    pub(crate) fn count(&self, uid: Name) -> u64 {
        let settled = |object: &Object| self.waits_for_dependents(object) || self.graph.to_delete.contains(&object.uid);
        let one = |object: &Arc<Object>| match object.blocks(uid) {
            false => 1,
            true if settled(object) => 1 | 1 << 16,
            true => 1 | mix(object.uid.stable_hash()) << 32,
        };
        self.dependents(uid).map(|(_, dependent)| one(dependent)).fold(0, u64::wrapping_add)
    }

    /// What the collector believes otherwise than when this was last asked, and how often it changed its mind about a queue.
    pub(crate) fn touched(&mut self) -> (Vec<Cell>, usize) {
        self.graph.last_turned = None;
        (std::mem::take(&mut self.graph.touched), std::mem::take(&mut self.graph.turns))
    }

    /// Where the collector believes an owner to be that it has only heard of.
    pub(crate) fn believed(&self, uid: Name) -> Option<Coordinates> {
        reads(Cell::Belief(uid));
        self.graph.virtuals.get(&Indexed(uid)).copied()
    }

    /// The collector starts, and knows what a list of everything shows (D10); or it stops, and knows nothing.
    pub(crate) fn restart_collector(&mut self, watching: bool) {
        self.graph = Graph { watching, ..Graph::default() };
        if !watching {
            return;
        }
        let all: Vec<Arc<Object>> = self.objects().map(|(_, object)| Arc::clone(object)).collect();
        all.iter().for_each(|object| self.refer(object, &object.owners));
        all.iter().for_each(|object| self.transit(None, object));
        self.settle();
        self.touched();
    }

    /// An object was written. A collector that sees everything at once handles the event; one that lags takes note that it has
    /// not seen it.
    pub(crate) fn written(&mut self, place: ObjectId, before: Option<Arc<Object>>) {
        if !self.graph.watching {
            return;
        }
        let key = self.key(place);
        if self.lags() {
            let seen = match self.graph.unseen.get(&place) {
                Some((_, seen)) => seen.clone(),
                None => before,
            };
            let unseen = (seen.as_ref() != self.get(place)).then_some((key, seen));
            self.graph.set_unseen(place, unseen);
            return;
        }
        let after = self.get(place).cloned();
        self.event(before.as_ref(), after.as_ref());
        // What is queued near the object is looked at again: what it would do depends on it.
        if let Some(object) = after.as_ref().or(before.as_ref()) {
            let mut fresh = std::mem::take(&mut self.graph.fresh);
            let owners = before.iter().chain(&after).flat_map(|object| &object.owners).map(|owner| owner.uid);
            let dependents = self.dependents(object.uid).map(|(_, dependent)| dependent.uid);
            let near = owners.chain(dependents).chain([object.uid]);
            near.filter(|&uid| self.graph.is_to_delete(uid)).for_each(|uid| fresh.push(uid));
            self.graph.fresh = fresh;
        }
        self.settle();
    }

    /// C10: what a definition serves may have changed. A collector that lags knows what was served when it last synced.
    pub(crate) fn rediscovered(&mut self, key: Key, before: Option<&Object>, after: Option<&Object>) {
        let Some(kind) = before.or(after).and_then(instances_of) else { return };
        if !self.graph.watching || !self.lags() {
            return;
        }
        let known = match self.graph.unsynced.get(&kind) {
            Some((_, known)) => known.clone(),
            None => before.and_then(Served::by),
        };
        let unsynced = (known != after.and_then(Served::by)).then_some((key, known));
        self.graph.set_unsynced(kind, unsynced);
    }

    /// What the collector's RESTMapper says of an owner's kind: that of a collector that lags is as old as its last sync (C10).
    pub(super) fn mapped(&self, owner: &OwnerReference) -> Mapping {
        if !self.lags() {
            return self.mapping(owner);
        }
        reads(Cell::Kind(kinds::definition()));
        match self.graph.unsynced.get(&owner.kind()) {
            Some((_, Some(served))) => served.mapping(owner),
            Some((_, None)) => Mapping::Unserved,
            None => self.mapping(owner),
        }
    }

    /// C10 (`Sync`): the collector watches every kind that is served now. What it knew of instances that are in storage without their
    /// definition it forgets.
    fn synced(&mut self) {
        let kinds: Vec<Kind> = self.graph.unsynced.keys().copied().collect();
        kinds.into_iter().for_each(|kind| self.graph.set_unsynced(kind, None));
        let seen = self.graph.unseen.iter().filter_map(|(&place, (_, seen))| Some((place, seen.as_ref()?.uid)));
        let hidden: Vec<(ObjectId, Name)> = seen.filter(|(_, uid)| self.hides(*uid)).collect();
        for (place, uid) in hidden {
            self.graph.set_unseen(place, None);
            self.forget(uid);
        }
    }

    /// An object goes out of the collector's sight without an event: its kind is no longer served (rules H5 and C10).
    pub(crate) fn forget(&mut self, uid: Name) {
        self.graph.drop_delete(uid);
        self.graph.drop_orphan(uid);
    }

    /// The collector sees what is at a place.
    pub(crate) fn observe(&mut self, place: ObjectId) {
        let Some((_, before)) = self.graph.unseen.get(&place).cloned() else { return };
        self.graph.set_unseen(place, None);
        let after = self.get(place).cloned();
        self.event(before.as_ref(), after.as_ref());
        self.settle();
    }

    /// Handles one event of the watch (`processGraphChanges`).
    fn event(&mut self, before: Option<&Arc<Object>>, after: Option<&Arc<Object>>) {
        match (before, after) {
            (Some(before), Some(after)) if before.uid == after.uid => self.updated(before, after),
            (before, after) => {
                before.into_iter().for_each(|before| self.removed(before));
                after.into_iter().for_each(|after| self.added(after));
            }
        }
    }

    /// C2: a node comes to be, or one that was only heard of is seen.
    fn added(&mut self, object: &Arc<Object>) {
        if self.believed(object.uid).is_some() {
            let at = Coordinates::of(object);
            let others = self.referring(object.uid).into_iter().filter(|(_, coordinates)| *coordinates != at);
            others.for_each(|(dependent, _)| self.graph.enqueue_delete(dependent));
            self.graph.set_virtual(object.uid, None);
        }
        self.refer(object, &object.owners);
        self.transit(None, object);
    }

    fn updated(&mut self, before: &Arc<Object>, after: &Arc<Object>) {
        let of = |owners: &[OwnerReference], uid: Name| owners.iter().find(|owner| owner.uid == uid).copied();
        // C7 (`addUnblockedOwnersToDeleteQueue`): an owner that is no longer blocked looks at its dependents again.
        for owner in before.owners.iter().filter(|owner| owner.block) {
            if of(&after.owners, owner.uid).is_none_or(|now| !now.block) && self.has_node(owner.uid) {
                self.graph.enqueue_delete(owner.uid);
            }
        }
        let added = after.owners.iter().copied().filter(|owner| of(&before.owners, owner.uid).is_none());
        self.refer(after, &added.collect::<Vec<_>>());
        for owner in before.owners.iter().filter(|owner| of(&after.owners, owner.uid).is_none()) {
            self.unrefer(owner.uid);
        }
        if before.deleting_dependents() && !after.deleting_dependents() {
            self.graph.set_one_way(after.uid, true);
        } else if after.deleting_dependents() {
            self.graph.set_one_way(after.uid, false);
        }
        self.transit(Some(before), after);
    }

    /// C8: a node goes. Its dependents are looked at, and every owner that waits for them.
    fn removed(&mut self, object: &Arc<Object>) {
        let uid = object.uid;
        self.graph.drop_delete(uid);
        self.graph.drop_orphan(uid);
        let dependents: Vec<Name> = self.seen_dependents(uid).map(|dependent| dependent.uid).collect();
        if !dependents.is_empty() {
            self.graph.set_absent(uid, Coordinates::of(object));
        }
        dependents.into_iter().for_each(|dependent| self.graph.enqueue_delete(dependent));
        for owner in &object.owners {
            if self.seen(owner.uid).is_some_and(|owner| self.waits_for_dependents(owner)) {
                self.graph.enqueue_delete(owner.uid);
            }
            self.unrefer(owner.uid);
        }
        self.graph.set_one_way(uid, false);
    }

    /// C2 and C3 (`addDependentToOwners`): an owner that nobody has heard of becomes a virtual node and is looked up; a dependent
    /// whose reference does not fit what is known of its owner is verified.
    fn refer(&mut self, object: &Object, owners: &[OwnerReference]) {
        let mut doubtful = false;
        for owner in owners {
            let at = Coordinates::referred(self, object, owner);
            if let Some(found) = self.seen(owner.uid) {
                doubtful |= Coordinates::of(found) != at;
            } else if let Some(believed) = self.believed(owner.uid) {
                doubtful |= believed != at;
            } else {
                self.graph.set_virtual(owner.uid, Some(at));
                self.graph.enqueue_delete(owner.uid);
            }
        }
        if doubtful {
            self.graph.enqueue_delete(object.uid);
        }
    }

    /// An owner lost a reference. When it was the last, what was only heard of the owner is forgotten.
    ///
    /// Whoever comes last does so, whichever that is, and nobody is left who would read it: that it looks for others is no
    /// reading by which a step could depend on another.
    fn unrefer(&mut self, owner: Name) {
        if counted(owner, || unrecorded(|| self.seen_dependents(owner).next().is_none())) {
            self.graph.forget_absent(owner);
            if self.believed(owner).is_some() {
                self.graph.set_virtual(owner, None);
                self.graph.drop_delete(owner);
            }
        }
    }

    /// C5 and C6 (`processTransitions`): a deletion that waits for the collector begins.
    fn transit(&mut self, before: Option<&Object>, after: &Object) {
        let waits = |object: &Object, finalizer| object.deleting() && object.has_finalizer(finalizer);
        let starts = |finalizer| waits(after, finalizer) && !before.is_some_and(|before| waits(before, finalizer));
        if starts(ORPHAN) {
            self.graph.enqueue_orphan(after.uid);
        } else if starts(FOREGROUND) {
            let dependents: Vec<Name> = self.seen_dependents(after.uid).map(|dependent| dependent.uid).collect();
            dependents.into_iter().for_each(|dependent| self.graph.enqueue_delete(dependent));
            self.graph.enqueue_delete(after.uid);
        }
    }

    fn has_node(&self, uid: Name) -> bool {
        self.seen(uid).is_some() || self.believed(uid).is_some()
    }

    /// The dependents of a uid, and where the reference of each points.
    fn referring(&self, uid: Name) -> Vec<(Name, Coordinates)> {
        let of = |dependent: &Arc<Object>| {
            let owner = dependent.owners.iter().find(|owner| owner.uid == uid)?;
            Some((dependent.uid, Coordinates::referred(self, dependent, owner)))
        };
        self.seen_dependents(uid).filter_map(of).collect()
    }

    /// What a collector that lags can do now without writing.
    pub(crate) fn sights(&self) -> Vec<(ObjectId, Key, Rule, Sight)> {
        // Of a kind that is not watched yet nothing is seen, and no event tells that instances lost their definition.
        let told = |(_, (key, seen)): &(&ObjectId, &(Key, Option<Arc<Object>>))| {
            self.graph.watches(key.kind) && !seen.as_ref().is_some_and(|seen| self.hides(seen.uid))
        };
        let changes = self.graph.unseen.iter().filter(told);
        let changes = changes.map(|(&place, (key, _))| (place, *key, Rule("C1"), Sight::Change(place)));
        // H6: the end of instances is seen before the watch on them stops.
        let ending = |kind: Kind| self.graph.unseen.iter().filter(told).any(|(_, (key, _))| key.kind == kind);
        let stops = |kind: &Kind| self.definition_is_gone(*kind) && ending(*kind);
        let syncs = self.graph.unsynced.values().next().filter(|_| !self.graph.unsynced.keys().any(stops));
        let syncs = syncs.map(|(key, _)| (ObjectId::LAST, *key, Rule("C10"), Sight::Synced));
        let mut queued: Vec<Name> = self.graph.to_delete.iter().copied().collect();
        queued.sort_unstable_by_key(|uid| Indexed(*uid));
        let handled = queued.into_iter().filter_map(|uid| {
            let rule = match attempt(self, uid) {
                Attempt::Nothing => Rule("D0"),
                Attempt::Waits(_) => Rule("E3"),
                Attempt::Absent => Rule("D1"),
                Attempt::Later | Attempt::Write(..) => return None,
            };
            let heard_of = self.believed(uid).map(|at| at.key());
            let place = self.place_of_uid(uid);
            let key = heard_of.or_else(|| place.map(|place| self.key(place)))?;
            Some((place.unwrap_or(ObjectId::LAST), key, rule, Sight::Handled(uid)))
        });
        changes.chain(handled).chain(syncs).collect()
    }

    /// A collector that lags does something without writing.
    pub(crate) fn sees(&mut self, sight: Sight) {
        match sight {
            Sight::Change(place) => self.observe(place),
            Sight::Synced => self.synced(),
            Sight::Handled(uid) => {
                let attempt = attempt(self, uid);
                self.conclude(uid, &attempt);
            }
        }
    }

    /// Looks at what was enqueued. What comes to nothing is done with at once, so that every step that is left writes; a
    /// collector that lags takes each as a step of its own.
    fn settle(&mut self) {
        if self.lags() {
            self.graph.fresh.clear();
            return;
        }
        self.graph.fresh.sort_unstable_by_key(|uid| Indexed(*uid));
        self.graph.fresh.dedup();
        while let Some(uid) = self.graph.fresh.pop() {
            if self.graph.is_to_delete(uid) {
                let attempt = attempt(self, uid);
                self.conclude(uid, &attempt);
            }
        }
    }

    /// What an attempt comes to in the graph. A write and what can only be done later leave the queue as it is.
    pub(super) fn conclude(&mut self, uid: Name, attempt: &Attempt) {
        match attempt {
            Attempt::Nothing => self.graph.drop_delete(uid),
            Attempt::Waits(blocking) => {
                self.graph.drop_delete(uid);
                // Which of them are queued was read when they were counted.
                unrecorded(|| blocking.iter().for_each(|&dependent| self.graph.enqueue_delete(dependent)));
            }
            Attempt::Absent => {
                self.graph.drop_delete(uid);
                self.virtually_removed(uid);
            }
            Attempt::Later | Attempt::Write(..) => {}
        }
    }

    /// C9: an owner that was only heard of is not there. Who refers to it by these coordinates is looked at; where somebody
    /// refers to it by others, the owner is believed to be there, and looked up again.
    fn virtually_removed(&mut self, uid: Name) {
        let Some(at) = self.believed(uid) else {
            // D1: a node that was seen, and is gone before the collector has seen that it is.
            if let Some(place) = self.place_of_uid(uid) {
                self.observe(place);
            }
            return;
        };
        let (same, mut others): (Vec<_>, Vec<_>) =
            self.referring(uid).into_iter().partition(|(_, coordinates)| *coordinates == at);
        if !same.is_empty() {
            self.graph.set_absent(uid, at);
        }
        same.into_iter().for_each(|(dependent, _)| self.graph.enqueue_delete(dependent));
        others.sort_by_key(|(_, coordinates)| *coordinates);
        let next = others.iter().map(|(_, coordinates)| *coordinates).find(|other| *other > at);
        let next = next.or_else(|| others.first().map(|(_, first)| *first));
        let untried = next.filter(|next| !self.graph.knows_absent(uid, || *next));
        self.graph.set_virtual(uid, untried);
        if untried.is_some() {
            self.graph.enqueue_delete(uid);
        }
    }
}
