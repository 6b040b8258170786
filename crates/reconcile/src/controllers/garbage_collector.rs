//! The garbage collector of kube-controller-manager.
//!
//! Rules C to F of the reference, which mirror `pkg/controller/garbagecollector/garbagecollector.go` of Kubernetes 1.33:
//! `attemptToDeleteItem`, `processDeletingDependentsItem` and `attemptToOrphanWorker`. What the collector believes is taken
//! to be what is: its graph is the objects themselves.

use std::sync::Arc;

use crate::controller::Provided;
use crate::controllers::{namespace, write_if_admitted};
use crate::mapping::Mapping;
use crate::object::{FOREGROUND, ORPHAN};
use crate::{
    Condition, Controller, Evidence, Fact, Kind, Name, Object, ObjectRef, Operation, Outcome, OwnerReference, Process,
    Propagation, Request, Rule, Wait, World,
};

/// See the module.
pub(crate) struct GarbageCollector;

impl Controller for GarbageCollector {
    fn name(&self) -> &'static str {
        "garbage collector"
    }

    fn kind(&self) -> Option<Kind> {
        None
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() || !object.owners.is_empty()
    }

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        if object.deleting() && object.has_finalizer(ORPHAN) {
            orphan_dependents(world, object)
        } else if object.deleting_dependents() {
            finish_foreground(world, object)
        } else if object.deleting() {
            // D0: a deletion that is under way is not started again.
            Outcome::Idle
        } else {
            collect(world, object)
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
    let owners = Owners::of(world, dependent).filter(|_| !dependent.deleting())?;
    let evidence = vec![block_evidence(dependent, owner)];
    let marked = |owner: &Arc<Object>| Fact::Deleting(ObjectRef::from(&**owner));
    let stays = |other: &Name| {
        let found = world.by_uid(*other);
        *other != owner && found.is_some_and(|found| !will_wait(world, found, &mut Vec::new()))
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
    Owners::of(world, object).filter(|_| !object.owners.is_empty())?;
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

/// F1: takes the owner's reference off every dependent, then the finalizer off the owner.
fn orphan_dependents(world: &World, owner: &Object) -> Outcome {
    let detach = |(_, dependent): (_, &Arc<Object>)| Request::remove_owners(dependent, &[owner.uid]);
    let mut requests: Vec<Request> = world.dependents(owner.uid).map(detach).collect();
    if requests.is_empty() {
        requests.push(Request::remove_finalizer(owner, ORPHAN));
    }
    write_if_admitted(world, owner, Rule("F1"), requests)
}

/// E2 and E3: takes the finalizer off when no dependent blocks; waits for those that do.
fn finish_foreground(world: &World, owner: &Object) -> Outcome {
    let blocking: Vec<_> = blocking(world, owner.uid).collect();
    if blocking.is_empty() {
        // C6: the dependents were enqueued before the owner, those that do not block too, and are handled first.
        let acts =
            |dependent: &Object| !dependent.deleting() && matches!(collect(world, dependent), Outcome::Write(..));
        if world.dependents(owner.uid).any(|(_, dependent)| acts(dependent)) {
            return Outcome::Idle;
        }
        return write_if_admitted(world, owner, Rule("E2"), vec![Request::remove_finalizer(owner, FOREGROUND)]);
    }
    let goal = Fact::Freed(owner.into(), Name::new(FOREGROUND));
    Outcome::Wait(Wait { rule: Rule("E3"), goal, on: released(&blocking, owner.uid) })
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
    /// `None` when one of them is not in the dump, or cannot be mapped: then no reference is touched, and nothing is deleted.
    fn of(world: &World, object: &Object) -> Option<Self> {
        let mut owners = Self::default();
        for owner in &object.owners {
            // An owner whose kind is not served in that version cannot be looked up: the whole object waits for ever.
            if world.mapping(owner) == Mapping::Unserved {
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
                _ if dangling(world, object, owner) => owners.dangling.push(owner.uid),
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
    world.dependents(object.uid).any(|(_, dependent)| dependent.deleting_dependents())
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
        _ => dangling(world, object, owner),
    });
    below.pop();
    comes && waits
}

/// D4 to D7, for an object that is not being deleted.
fn collect(world: &World, object: &Object) -> Outcome {
    let Some(owners) = Owners::of(world, object) else {
        return Outcome::Idle;
    };
    let write = |rule, requests| write_if_admitted(world, object, Rule(rule), requests);
    let released = owners.released();
    if released.is_empty() {
        return Outcome::Idle;
    }
    if !owners.solid.is_empty() {
        return write("D5", vec![Request::remove_owners(object, &released)]);
    }
    if !owners.waiting.is_empty() && world.dependents(object.uid).next().is_some() {
        let unblocks = closes_ring(world, object) && object.owners.iter().any(|owner| owner.block);
        let unblock = unblocks.then(|| Request::unblock_owners(object, |_| true));
        let delete = Request::delete(object, Some(Propagation::Foreground));
        return write("D6", unblock.into_iter().chain([delete]).collect());
    }
    let policy = match () {
        () if object.has_finalizer(ORPHAN) => Propagation::Orphan,
        () if object.has_finalizer(FOREGROUND) => Propagation::Foreground,
        () => Propagation::Background,
    };
    write("D7", vec![Request::delete(object, Some(policy))])
}

/// D4 (`isDangling`): the live object under the reference's kind and name has the uid. References are resolved in the
/// dependent's own namespace, or at cluster scope.
fn matches_coordinates(found: &Object, object: &Object, owner: &OwnerReference) -> bool {
    found.key.kind == Kind::of(owner.api_version.as_str(), owner.kind.as_str())
        && found.key.name == owner.name
        && (found.key.namespace.is_empty() || found.key.namespace == object.key.namespace)
}

/// D4: the owner is known to be absent: it was there in this run, or the dump lists its kind. An owner whose kind is not
/// served in that version is never looked up, and neither is a namespaced owner of a cluster-scoped object (08a, 08c).
fn dangling(world: &World, object: &Object, owner: &OwnerReference) -> bool {
    let kind = Kind::of(owner.api_version.as_str(), owner.kind.as_str());
    let absent = world.knew(owner.uid) || world.lists(kind);
    match world.mapping(owner) {
        Mapping::Served { namespaced } => absent && !(namespaced && object.key.namespace.is_empty()),
        Mapping::Unserved => false,
        Mapping::Unknown => absent,
    }
}
