//! The garbage collector of kube-controller-manager.
//!
//! Rules C to F of the reference, which mirror `pkg/controller/garbagecollector/garbagecollector.go` of Kubernetes 1.33:
//! `attemptToDeleteItem`, `processDeletingDependentsItem` and `attemptToOrphanWorker`. What the collector believes is taken
//! to be what is: its graph is the objects themselves.

use std::sync::Arc;

use crate::controller::Provided;
use crate::object::{FOREGROUND, ORPHAN};
use crate::{
    Condition, Controller, Evidence, Fact, Kind, Name, Object, ObjectId, ObjectRef, Outcome,
    OwnerReference, Process, Propagation, Request, Rule, Wait, World,
};

/// See the module.
pub(crate) struct GarbageCollector;

impl Controller for GarbageCollector {
    fn name(&self) -> &'static str {
        "garbage collector"
    }

    fn keys(&self, world: &World) -> Vec<ObjectId> {
        let collects = |object: &Object| object.deleting() || !object.owners.is_empty();
        world
            .objects()
            .filter(|(_, object)| collects(object))
            .map(|(id, _)| id)
            .collect()
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
        let by = |rule, when, evidence| {
            Some(Provided {
                rule: Rule(rule),
                process: Process::ControllerManager,
                when,
                evidence,
            })
        };
        match fact {
            Fact::Freed(object, finalizer) if finalizer.as_str() == FOREGROUND => {
                let blocking: Vec<_> = blocking(world, object.uid).collect();
                let evidence = blocking
                    .iter()
                    .map(|dependent| block_evidence(dependent, object.uid))
                    .collect();
                by("E2", gone(&blocking), evidence)
            }
            Fact::Freed(_, finalizer) if finalizer.as_str() == ORPHAN => {
                by("F1", Condition::always(), Vec::new())
            }
            Fact::Deleting(object) => {
                let found = world.resolve(*object)?;
                let collectable = !found.owners.is_empty()
                    && found.owners.iter().all(|owner| {
                        world.by_uid(owner.uid).is_some() || dangling(world, found, owner)
                    });
                let owners = || {
                    found
                        .owners
                        .iter()
                        .filter_map(|owner| world.by_uid(owner.uid))
                };
                // D7: no owner may be left that neither is gone nor waits for its dependents.
                let when = owners().map(|owner| {
                    let foreground = owner.deleting_dependents();
                    if foreground {
                        Condition::always()
                    } else {
                        Condition::Is(Fact::Gone(ObjectRef::from(&**owner)))
                    }
                });
                collectable.then(|| by("D7", Condition::All(when.collect()), Vec::new()))?
            }
            _ => None,
        }
    }
}

/// E1: the dependents that the owner waits for.
fn blocking(world: &World, uid: Name) -> impl Iterator<Item = &Arc<Object>> {
    let blocks = move |object: &Object| {
        object
            .owners
            .iter()
            .any(|owner| owner.uid == uid && owner.block)
    };
    world
        .dependents(uid)
        .map(|(_, object)| object)
        .filter(move |object| blocks(object))
}

fn gone(objects: &[&Arc<Object>]) -> Condition {
    Condition::all(
        objects
            .iter()
            .map(|object| Fact::Gone(ObjectRef::from(&***object))),
    )
}

fn block_evidence(dependent: &Object, uid: Name) -> Evidence {
    let at = dependent
        .owners
        .iter()
        .position(|owner| owner.uid == uid && owner.block)
        .unwrap_or_default();
    Evidence::new(
        dependent.key,
        &format!("metadata/ownerReferences/{at}/blockOwnerDeletion"),
        "true",
    )
}

/// F1: takes the owner's reference off every dependent, then the finalizer off the owner.
fn orphan_dependents(world: &World, owner: &Object) -> Outcome {
    let detach =
        |(_, dependent): (_, &Arc<Object>)| Request::remove_owners(dependent, &[owner.uid]);
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
        return write_if_admitted(
            world,
            owner,
            Rule("E2"),
            vec![Request::remove_finalizer(owner, FOREGROUND)],
        );
    }
    let goal = Fact::Freed(owner.into(), Name::new(FOREGROUND));
    Outcome::Wait(Wait {
        rule: Rule("E3"),
        goal,
        on: gone(&blocking),
    })
}

/// D4 to D7, for an object that is not being deleted.
fn collect(world: &World, object: &Object) -> Outcome {
    let mut solid = false;
    let (mut released, mut waiting) = (Vec::new(), false);
    for owner in &object.owners {
        match world.by_uid(owner.uid) {
            Some(found) if matches_coordinates(found, object, owner) => {
                if found.deleting_dependents() {
                    waiting = true;
                    released.push(owner.uid);
                } else {
                    solid = true;
                }
            }
            _ if dangling(world, object, owner) => released.push(owner.uid),
            // The owner is not in the dump, or cannot be mapped: no reference is touched, and nothing is deleted.
            _ => return Outcome::Idle,
        }
    }
    if released.is_empty() {
        return Outcome::Idle;
    }
    if solid {
        return write_if_admitted(
            world,
            object,
            Rule("D5"),
            vec![Request::remove_owners(object, &released)],
        );
    }
    let mut dependents = world.dependents(object.uid).peekable();
    if waiting && dependents.peek().is_some() {
        // D6: a dependent that waits for its own dependents is a sign of a ring: this object must not block it.
        let ring = dependents.any(|(_, dependent)| dependent.deleting_dependents());
        let unblock = (ring && object.owners.iter().any(|owner| owner.block))
            .then(|| Request::unblock_owners(object, |_| true));
        let delete = Request::delete(object, Some(Propagation::Foreground));
        return write_if_admitted(
            world,
            object,
            Rule("D6"),
            unblock.into_iter().chain([delete]).collect(),
        );
    }
    let policy = match () {
        () if object.has_finalizer(ORPHAN) => Propagation::Orphan,
        () if object.has_finalizer(FOREGROUND) => Propagation::Foreground,
        () => Propagation::Background,
    };
    write_if_admitted(
        world,
        object,
        Rule("D7"),
        vec![Request::delete(object, Some(policy))],
    )
}

/// D4 (`isDangling`): the live object under the reference's kind and name has the uid. References are resolved in the
/// dependent's own namespace, or at cluster scope.
fn matches_coordinates(found: &Object, object: &Object, owner: &OwnerReference) -> bool {
    found.key.kind == Kind::of(owner.api_version.as_str(), owner.kind.as_str())
        && found.key.name == owner.name
        && (found.key.namespace.is_empty() || found.key.namespace == object.key.namespace)
}

/// D4: the owner is known to be absent: it was there in this run, or the dump lists its kind.
fn dangling(world: &World, object: &Object, owner: &OwnerReference) -> bool {
    let kind = Kind::of(owner.api_version.as_str(), owner.kind.as_str());
    // A cluster-scoped object cannot have a namespaced owner: the collector gives up on it (D4, 08c).
    let scoped = world
        .by_uid(owner.uid)
        .is_some_and(|found| object.key.namespace.is_empty() && !found.key.namespace.is_empty());
    (world.knew(owner.uid) || world.lists(kind)) && !scoped
}

/// D8: a write that a webhook would refuse is tried again for ever; until the webhook answers, it is a wait.
fn write_if_admitted(
    world: &World,
    object: &Object,
    rule: Rule,
    requests: Vec<Request>,
) -> Outcome {
    crate::controllers::write_if_admitted(world, object, rule, requests)
}
