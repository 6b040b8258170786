//! The garbage collector of kube-controller-manager.
//!
//! Rules C to F of the reference, which mirror `pkg/controller/garbagecollector/garbagecollector.go` of Kubernetes 1.33:
//! `attemptToDeleteItem`, `processDeletingDependentsItem` and `attemptToOrphanWorker`. It acts on what its [`graph`] has queued, by
//! what it believes, and looks up what it is about to act on.

pub(crate) mod graph;

use std::sync::Arc;

pub(crate) use graph::{Coordinates, Sight};

use crate::controller::Provided;
use crate::controllers::{namespace, write_if_admitted};
use crate::footprint::counted;
use crate::mapping::Mapping;
use crate::object::{FOREGROUND, ORPHAN};
use crate::scheduler::Enabled;
use crate::{
    Condition, Controller, Evidence, Fact, Kind, Name, Object, ObjectRef, Operation, Outcome, OwnerReference, Process,
    Propagation, Request, Rule, Wait, World,
};

/// Its name as an actor.
pub(crate) const NAME: &str = "garbage collector";

/// See the module.
pub(crate) struct GarbageCollector;

impl Controller for GarbageCollector {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kind(&self) -> Option<Kind> {
        None
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() || !object.owners.is_empty()
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        if world.graph.is_to_orphan(object.uid) {
            return write_if_admitted(world, object, Rule("F1"), orphan_requests(world, object));
        }
        let queued = world.graph.is_to_delete(object.uid);
        match attempt(world, object.uid) {
            Attempt::Write(rule, requests) if queued => write_if_admitted(world, object, rule, requests),
            Attempt::Waits(_) => {
                let blocking: Vec<_> = blocking(world, object.uid).collect();
                let goal = Fact::Freed(object.into(), Name::new(FOREGROUND));
                Outcome::Wait(Wait { rule: Rule("E3"), goal, on: released(&blocking, object.uid) })
            }
            _ => Outcome::Idle,
        }
    }

    fn acts(&self, world: &World, object: &Object) -> Option<(Rule, Vec<Request>)> {
        // What is not queued is only waited for, and what for is no matter of the scheduler's.
        let queued = world.graph.is_to_delete(object.uid) || world.graph.is_to_orphan(object.uid);
        queued.then(|| self.reconcile(world, object).write()).flatten()
    }

    /// The object leaves the queue when all of what was to be done about it is sent; what a webhook refuses is tried again (D8).
    fn take(&self, world: &mut World, step: &Enabled) {
        let Some(object) = world.get(step.id).cloned() else { return };
        if world.graph.is_to_orphan(object.uid) {
            if orphan_requests(world, &object).len() == step.requests.len() {
                world.graph.drop_orphan(object.uid);
            }
            return;
        }
        // Two writes are sent by D6 only: of any other rule, what is sent is all.
        let all = |requests: &[Request]| requests.len() == step.requests.len();
        if step.rule != Rule("D6") || matches!(attempt(world, object.uid), Attempt::Write(_, sent) if all(&sent)) {
            world.graph.drop_delete(object.uid);
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Freed(owner, finalizer) if finalizer.as_str() == FOREGROUND => {
                let blocking: Vec<_> = blocking(world, owner.uid).collect();
                let evidence = blocking.iter().map(|dependent| block_evidence(dependent, owner.uid)).collect();
                by("E2", released(&blocking, owner.uid), evidence)
            }
            Fact::Freed(owner, finalizer) if finalizer.as_str() == ORPHAN => {
                let detached = world.dependents(owner.uid).map(|(_, dependent)| ObjectRef::from(&**dependent));
                let admitted = detached.map(|dependent| Fact::Admitted(dependent, Operation::Update));
                by("F1", Condition::all(admitted), Vec::new())
            }
            Fact::Unblocked(object, owner) => unblocks(world, world.resolve(*object)?, *owner),
            Fact::Deleting(object) => collects(world, world.resolve(*object)?),
            _ => None,
        }
    }
}

fn by(rule: &'static str, when: Condition, evidence: Vec<Evidence>) -> Option<Provided> {
    Some(Provided::new(Rule(rule), Process::ControllerManager, when, evidence))
}

/// When a dependent's reference stops to block its owner: D5 takes it off as soon as this owner waits while another one is
/// solid, and stays so; D6 unblocks it when every owner waits and a ring shows.
fn unblocks(world: &World, dependent: &Object, owner: Name) -> Option<Provided> {
    let owners = Owners::of(world, dependent, World::mapping).filter(|_| !dependent.deleting())?;
    let evidence = vec![block_evidence(dependent, owner)];
    let marked = |owner: &Arc<Object>| Fact::Deleting(ObjectRef::from(&**owner));
    let stays = |other: &Name| {
        let found = world.by_uid(*other);
        // One that is to be deleted in the foreground, and cannot be, never comes to wait.
        let refused = |found: &Object| !found.deleting() && world.refusal(found.key, Operation::Delete).is_some();
        *other != owner && found.is_some_and(|found| refused(found) || !will_wait(world, found, &mut Vec::new()))
    };
    if !owners.solid.iter().any(stays) {
        let ring = will_wait(world, dependent, &mut Vec::new()) && closes_ring(world, dependent);
        let all = dependent.owners.iter().filter_map(|owner| world.by_uid(owner.uid)).map(marked);
        return by("D6", Condition::all(all), evidence).filter(|_| ring);
    }
    let waits = match world.by_uid(owner) {
        Some(found) if foreground_to_come(world, found).is_some() => Condition::Is(marked(found)),
        _ if owners.solid.contains(&owner) => return None,
        _ => Condition::always(),
    };
    by("D5", waits, evidence)
}

/// D7: when an object is deleted: no owner may be left that neither is gone nor waits for its dependents.
fn collects(world: &World, object: &Object) -> Option<Provided> {
    Owners::of(world, object, World::mapping).filter(|_| !object.owners.is_empty())?;
    let owners = object.owners.iter().filter_map(|owner| world.by_uid(owner.uid));
    let gone_or_waits = owners.filter(|owner| !owner.deleting_dependents()).map(|owner| {
        let reference = ObjectRef::from(&**owner);
        match foreground_to_come(world, owner) {
            Some(_) => Fact::Deleting(reference),
            None => Fact::Gone(reference),
        }
    });
    by("D7", Condition::all(gone_or_waits), Vec::new())
}

/// E1: the dependents that the owner waits for.
fn blocking(world: &World, uid: Name) -> impl Iterator<Item = &Arc<Object>> {
    let blocks = move |object: &Object| object.owners.iter().any(|owner| owner.uid == uid && owner.block);
    world.dependents(uid).map(|(_, object)| object).filter(move |object| blocks(object))
}

/// What the owner waits for: each of these gone, or no longer blocking it.
fn released(blocking: &[&Arc<Object>], owner: Name) -> Condition {
    let either = |dependent: &&Arc<Object>| {
        let dependent = ObjectRef::from(&***dependent);
        let facts = [Fact::Gone(dependent), Fact::Unblocked(dependent, owner)];
        Condition::Any(facts.map(Condition::Is).into())
    };
    Condition::All(blocking.iter().map(either).collect())
}

fn block_evidence(dependent: &Object, uid: Name) -> Evidence {
    let at = dependent.owners.iter().position(|owner| owner.uid == uid && owner.block).unwrap_or_default();
    Evidence::new(dependent.key, &format!("metadata/ownerReferences/{at}/blockOwnerDeletion"), "true")
}

/// F1 (`attemptToOrphanWorker`): takes the owner's reference off every dependent that the graph knows, then the finalizer off
/// the owner. The owner keeps it as long as one of the dependents cannot be written.
fn orphan_requests(world: &World, owner: &Object) -> Vec<Request> {
    let refers = |object: &&Arc<Object>| object.owners.iter().any(|reference| reference.uid == owner.uid);
    let dependents = world.seen_dependents(owner.uid).filter_map(|seen| world.by_uid(seen.uid)).filter(refers);
    let mut requests: Vec<Request> = dependents.map(|object| Request::remove_owners(object, &[owner.uid])).collect();
    let refused = |request: &Request| world.unreachable_webhook(request.target, Operation::Update).is_some();
    if !requests.iter().any(refused) {
        requests.push(Request::remove_finalizer(owner, ORPHAN));
    }
    requests
}

/// What handling an object of `attemptToDelete` comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// Nothing; it leaves the queue.
    Nothing,
    /// It waits for dependents, of which these are neither queued nor wait: they are looked at again (E3).
    Waits(Vec<Name>),
    /// It is not there (D1).
    Absent,
    /// It fails, and is tried again (D8).
    Later,
    /// It writes.
    Write(Rule, Vec<Request>),
}

/// D0 to D3 (`attemptToDeleteItem`), for an object or for an owner that the collector only heard of.
pub(crate) fn attempt(world: &World, uid: Name) -> Attempt {
    let Some(seen) = world.seen(uid) else {
        return match world.believed(uid) {
            Some(at) => look_up(world, uid, at),
            None => Attempt::Nothing,
        };
    };
    let waits = world.waits_for_dependents(seen);
    // D0: a deletion that is under way is not started again.
    if seen.deleting() && !waits {
        return Attempt::Nothing;
    }
    let found = if world.sees_all() { Some(seen) } else { world.by_uid(uid) };
    let Some(object) = found else {
        return Attempt::Absent;
    };
    if waits { finish_foreground(world, object) } else { collect(world, object) }
}

/// D1, for a virtual node. Whether an owner is there that the dump does not cover is not known; then nothing comes of it.
fn look_up(world: &World, uid: Name, at: Coordinates) -> Attempt {
    let owner = at.reference(uid);
    let absent = world.knew(uid) || world.lists(at.key().kind);
    match world.mapped(&owner) {
        Mapping::Unserved => Attempt::Later,
        // A namespaced owner of a cluster-scoped object is never looked up (08c).
        Mapping::Served { namespaced: true } if at.namespace.is_empty() => Attempt::Nothing,
        _ if world.find(at.key()).is_some_and(|found| found.uid == uid) || !absent => Attempt::Nothing,
        _ => Attempt::Absent,
    }
}

/// E1 to E3 (`processDeletingDependentsItem`): takes the finalizer off when no dependent blocks; waits for those that do.
fn finish_foreground(world: &World, owner: &Object) -> Attempt {
    let waits = counted(owner.uid, || {
        let (mut blocked, mut idle) = (false, Vec::new());
        world.seen_dependents(owner.uid).filter(|object| object.blocks(owner.uid)).for_each(|dependent| {
            blocked = true;
            if !world.waits_for_dependents(dependent) && !world.graph.is_to_delete(dependent.uid) {
                idle.push(dependent.uid);
            }
        });
        blocked.then_some(idle)
    });
    if let Some(idle) = waits {
        return Attempt::Waits(idle);
    }
    // C6: the dependents were enqueued before the owner, those that do not block too, and are handled first.
    let acts = |dependent: &Object| {
        let queued = world.graph.is_to_delete(dependent.uid) && !dependent.deleting();
        queued && matches!(GarbageCollector.reconcile(world, dependent), Outcome::Write(..))
    };
    match () {
        () if !owner.has_finalizer(FOREGROUND) => Attempt::Nothing,
        () if world.dependents(owner.uid).any(|(_, dependent)| acts(dependent)) => Attempt::Later,
        () => Attempt::Write(Rule("E2"), vec![Request::remove_finalizer(owner, FOREGROUND)]),
    }
}

/// D4: an object's owners, as the collector sees them.
#[derive(Default)]
struct Owners {
    /// There, and not waiting for its dependents.
    solid: Vec<Name>,
    /// Being deleted in the foreground.
    waiting: Vec<Name>,
    /// Known to be absent.
    dangling: Vec<Name>,
}

impl Owners {
    /// `None` when one of them is not in the dump, or cannot be mapped: then no reference is touched, and nothing is deleted. What
    /// kinds are served is what the collector knows ([`World::mapped`]), or, for what it will ever do, what is so.
    fn of(world: &World, object: &Object, mapping: fn(&World, &OwnerReference) -> Mapping) -> Option<Self> {
        let mut owners = Self::default();
        for owner in &object.owners {
            if world.graph.knows_absent(owner.uid, || Coordinates::referred(world, object, owner)) {
                owners.dangling.push(owner.uid);
                continue;
            }
            // An owner whose kind is not served in that version cannot be looked up: the whole object waits for ever.
            let mapping = mapping(world, owner);
            if mapping == Mapping::Unserved {
                return None;
            }
            match world.by_uid(owner.uid) {
                Some(found) if matches_coordinates(found, object, owner) => {
                    if found.deleting_dependents() {
                        owners.waiting.push(owner.uid);
                    } else {
                        owners.solid.push(owner.uid);
                    }
                }
                _ if dangling(world, object, owner, mapping) => owners.dangling.push(owner.uid),
                _ => return None,
            }
        }
        Some(owners)
    }

    /// The references that D5 takes off.
    fn released(&self) -> Vec<Name> {
        self.waiting.iter().chain(&self.dangling).copied().collect()
    }
}

/// D6: a dependent that waits for its own dependents is a sign of a ring: this object must not block its owner.
fn closes_ring(world: &World, object: &Object) -> bool {
    world.seen_dependents(object.uid).any(|dependent| world.waits_for_dependents(dependent))
}

/// D6: what an object that is not being deleted yet will wait for when the collector deletes it in the foreground, because its
/// owner waits for it and it has dependents of its own. `None` when it will not be deleted so.
pub(crate) fn foreground_to_come(world: &World, object: &Object) -> Option<Condition> {
    if object.deleting() || !will_wait(world, object, &mut Vec::new()) {
        return None;
    }
    let released = released(&blocking(world, object.uid).collect::<Vec<_>>(), object.uid);
    let admitted = Condition::Is(Fact::Admitted(object.into(), Operation::Update));
    let released = Condition::All(vec![released, admitted]);
    Some(match namespace::sweeps(world, object) {
        // When the namespace is being deleted, its controller ends all such waits (G5).
        Some(sweeps) => Condition::Any(vec![released, sweeps]),
        None => released,
    })
}

/// How far up its owners an object's deletion is foreseen; owners nest a few levels in practice.
const FORESEEN: usize = 256;

/// Whether an object waits for its dependents, or will when its owners' deletion reaches it.
fn will_wait(world: &World, object: &Object, below: &mut Vec<Name>) -> bool {
    if object.deleting() {
        return object.deleting_dependents();
    }
    let dependents = world.dependents(object.uid).next().is_some();
    if below.contains(&object.uid) || below.len() == FORESEEN || !dependents {
        return false;
    }
    below.push(object.uid);
    let mut waits = false;
    let comes = object.owners.iter().all(|owner| match world.by_uid(owner.uid) {
        Some(found) if matches_coordinates(found, object, owner) => {
            let waiting = will_wait(world, found, below);
            waits |= waiting;
            waiting
        }
        _ => dangling(world, object, owner, world.mapping(owner)),
    });
    below.pop();
    comes && waits
}

/// D3 to D7, for an object that is not being deleted.
fn collect(world: &World, object: &Object) -> Attempt {
    let Some(owners) = Owners::of(world, object, World::mapped) else {
        // An error of the RESTMapper is tried again; what the dump does not tell stays as it is.
        let unserved = object.owners.iter().any(|owner| world.mapped(owner) == Mapping::Unserved);
        return if unserved { Attempt::Later } else { Attempt::Nothing };
    };
    if owners.waiting.is_empty() && owners.dangling.is_empty() {
        return Attempt::Nothing;
    }
    if !owners.solid.is_empty() {
        return Attempt::Write(Rule("D5"), vec![Request::remove_owners(object, &owners.released())]);
    }
    if !owners.waiting.is_empty() && world.seen_dependents(object.uid).next().is_some() {
        let unblocks = closes_ring(world, object) && object.owners.iter().any(|owner| owner.block);
        let unblock = unblocks.then(|| Request::unblock_owners(object, |_| true));
        let delete = Request::delete(object, Some(Propagation::Foreground));
        return Attempt::Write(Rule("D6"), unblock.into_iter().chain([delete]).collect());
    }
    let policy = match () {
        () if object.has_finalizer(ORPHAN) => Propagation::Orphan,
        () if object.has_finalizer(FOREGROUND) => Propagation::Foreground,
        () => Propagation::Background,
    };
    Attempt::Write(Rule("D7"), vec![Request::delete(object, Some(policy))])
}

/// D4 (`isDangling`): the live object under the reference's kind and name has the uid. References are resolved in the
/// dependent's own namespace, or at cluster scope.
fn matches_coordinates(found: &Object, object: &Object, owner: &OwnerReference) -> bool {
    found.key.kind == owner.kind()
        && found.key.name == owner.name
        && (found.key.namespace.is_empty() || found.key.namespace == object.key.namespace)
}

/// D4: the owner is known to be absent: it was there in this run, or the dump lists its kind. An owner whose kind is not
/// served in that version is never looked up, and neither is a namespaced owner of a cluster-scoped object (08a, 08c).
fn dangling(world: &World, object: &Object, owner: &OwnerReference, mapping: Mapping) -> bool {
    let absent = world.knew(owner.uid) || world.lists(owner.kind());
    match mapping {
        Mapping::Served { namespaced } => absent && !(namespaced && object.key.namespace.is_empty()),
        Mapping::Unserved => false,
        Mapping::Unknown => absent,
    }
}
