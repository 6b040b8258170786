//! The API server: a request in, the new world and what changed out, or the refusal that the real one gives.
//!
//! Rules A and B of the reference, which mirror `registry/generic/registry/store.go`, `registry/rest/delete.go` and
//! `pkg/registry/core/pod/strategy.go` of Kubernetes 1.33.

use std::sync::Arc;

use crate::controllers::definition::CLEANUP;
use crate::controllers::definition::refuses_creation;
use crate::controllers::service_account::implied;
use crate::object::{FOREGROUND, ORPHAN};
use crate::validation::valid;
use crate::{
    Deletion, Facet, Key, Name, Object, Operation, Propagation, Request, Response, Update, Verb, World, kinds,
};

/// What one request changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which object.
    pub key: Key,
    /// As it was; `None` when it was created.
    pub before: Option<Arc<Object>>,
    /// As it is; `None` when it is gone.
    pub after: Option<Arc<Object>>,
}

/// How an object changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It came to be.
    Created,
    /// It is another.
    Modified,
    /// It is gone.
    Deleted,
}

impl Change {
    /// How it changed.
    pub fn kind(&self) -> ChangeKind {
        match (&self.before, &self.after) {
            (None, _) => ChangeKind::Created,
            (_, None) => ChangeKind::Deleted,
            _ => ChangeKind::Modified,
        }
    }
}

/// Serves one request: writes into the world, and gives the answer and what changed. A refusal, and a request that asks for what
/// already is, leave the world as it was.
pub fn serve(world: &mut World, request: &Request) -> (Response, Vec<Change>) {
    let unchanged = |response| (response, Vec::new());
    let key = request.target;
    let found = world.find(key);
    let operation = match &request.verb {
        Verb::Create(_) => Operation::Create,
        Verb::Delete { .. } => Operation::Delete,
        Verb::Update(_) => Operation::Update,
    };
    match (&request.verb, found) {
        (Verb::Create(_), Some(_)) => return unchanged(Response::Conflict),
        (Verb::Create(_) | Verb::Update(_), _) if namespace_missing(world, key) => {
            return unchanged(Response::NotFound);
        }
        (Verb::Create(_), _) if namespace_terminating(world, key) => {
            return unchanged(Response::Forbidden);
        }
        (Verb::Create(_), _) if refuses_creation(world, key.kind) => return unchanged(Response::NotAllowed),
        (Verb::Delete { .. }, None) if implied(world, key) => return unchanged(Response::Ok),
        (Verb::Delete { .. } | Verb::Update(_), None) => return unchanged(Response::NotFound),
        _ => {}
    }
    if let (Some(uid), Some(found)) = (request.uid, found)
        && uid != found.uid
    {
        return unchanged(Response::Conflict);
    }
    let to_status = matches!(&request.verb, Verb::Update(update) if update.to_status);
    if !request.in_storage
        && !to_status
        && let Some(configuration) = world.unreachable_webhook(key, operation)
    {
        return unchanged(Response::WebhookFailed(configuration));
    }
    let (after, response) = match (&request.verb, found) {
        (Verb::Create(object), _) if !valid(object) => return unchanged(Response::Invalid),
        (Verb::Create(object), _) => (Some(create(world, object)), Response::Created),
        (Verb::Delete { policy, grace_seconds }, Some(found)) => (delete(found, *policy, *grace_seconds), Response::Ok),
        (Verb::Update(wanted), Some(found)) => match update(found, wanted) {
            Some(after) => (after, Response::Ok),
            None => return unchanged(Response::Invalid),
        },
        (Verb::Delete { .. } | Verb::Update(_), None) => return unchanged(Response::NotFound),
    };
    if after.as_ref() == found.map(|found| &**found) {
        return unchanged(response);
    }
    let (before, after) = (found.cloned(), after.map(Arc::new));
    world.put(key, after.clone());
    (response, changes(key, before, after))
}

/// What watchers see. A pod that no kubelet has to end is marked and removed in two writes (A7), anything else in one.
fn changes(key: Key, before: Option<Arc<Object>>, after: Option<Arc<Object>>) -> Vec<Change> {
    match before {
        Some(before) if after.is_none() && matches!(before.facet, Facet::Pod(_)) && !marked(&before) => {
            let deletion = Some(Deletion { grace_seconds: 0 });
            let between = Some(Arc::new(Object { deletion, ..(*before).clone() }));
            vec![
                Change { key, before: Some(before), after: between.clone() },
                Change { key, before: between, after: None },
            ]
        }
        before => vec![Change { key, before, after }],
    }
}

/// Whether a pod is marked and no grace is pending.
fn marked(pod: &Object) -> bool {
    pod.deletion.is_some_and(|deletion| deletion.grace_seconds == 0)
}

/// Rule B9 (`NamespaceLifecycle.Admit`): nothing is created in a namespace that is being deleted.
fn namespace_terminating(world: &World, key: Key) -> bool {
    namespace_of(world, key).is_some_and(|namespace| namespace.deleting())
}

/// Rule B9: in a namespace that is gone, neither creates nor updates are possible.
fn namespace_missing(world: &World, key: Key) -> bool {
    let known = world.lists(kinds::namespace()) || world.place(namespace_key(key)).is_some();
    !key.namespace.is_empty() && known && namespace_of(world, key).is_none()
}

fn namespace_of(world: &World, key: Key) -> Option<&Arc<Object>> {
    world.find(namespace_key(key))
}

fn namespace_key(key: Key) -> Key {
    Key::new(kinds::namespace(), Name::default(), key.namespace)
}

/// Rule B2: a deletion mark in the body is ignored, and the server gives the uid. A recording knows which one it gave.
fn create(world: &World, object: &Object) -> Object {
    let uid = if object.uid.is_empty() { world.next_uid(object.key) } else { object.uid };
    let mut object = Object { uid, deletion: None, ..object.clone() };
    // B7: of references that are the same, one is kept.
    let mut owners = Vec::new();
    object.owners.into_iter().for_each(|owner| {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    });
    object.owners = owners;
    object
}

/// Rules A5 to A7. Gives what is left of the object: `None` when it is gone.
fn delete(found: &Object, policy: Option<Propagation>, grace_seconds: Option<u32>) -> Option<Object> {
    let mut object = found.clone();
    let grace_seconds = grace(found, grace_seconds);
    // A pod whose kubelet has not confirmed is left alone by a second delete that does not shorten its grace (A7).
    if let Some(deletion) = object.deletion
        && deletion.grace_seconds > 0
        && grace_seconds >= deletion.grace_seconds
    {
        return Some(object);
    }
    let definition = object.key.kind.is("apiextensions.k8s.io", "CustomResourceDefinition");
    match &object.facet {
        // G1: while `spec.finalizers` holds a namespace that is being deleted, another delete changes nothing.
        Facet::Namespace(namespace) if object.deleting() && !namespace.finalizers.is_empty() => return Some(object),
        // H1: the first delete of a definition knows no policy.
        _ if definition && !object.deleting() => {}
        _ => set_policy(&mut object, policy),
    }
    // H1: a definition's own finalizer comes with its first delete.
    if definition && !object.deleting() {
        object.finalizers.retain(|finalizer| finalizer.as_str() != CLEANUP);
        object.finalizers.push(Name::new(CLEANUP));
    }
    // A grace only ever becomes shorter.
    let grace_seconds = object.deletion.map_or(grace_seconds, |deletion| grace_seconds.min(deletion.grace_seconds));
    object.deletion = Some(Deletion { grace_seconds });
    (!may_go(&object)).then_some(object)
}

/// Rule A7 (`CheckGracefulDelete`): only pods are graceful; one that no kubelet has, or that has ended, is not.
fn grace(found: &Object, asked: Option<u32>) -> u32 {
    match &found.facet {
        Facet::Pod(pod) if pod.node.is_empty() || matches!(pod.phase.as_str(), "Succeeded" | "Failed") => 0,
        Facet::Pod(pod) => asked.unwrap_or(pod.grace_seconds),
        _ => 0,
    }
}

/// Rule A5 (`deletionFinalizersForGarbageCollection`): an explicit policy replaces what an earlier one had set; without one,
/// what is there stays, and the kind's default counts.
fn set_policy(object: &mut Object, policy: Option<Propagation>) {
    let default = match (object.key.kind.group.as_str(), object.key.kind.kind.as_str()) {
        ("", "ReplicationController") | ("batch", "Job") => Some(ORPHAN),
        _ => None,
    };
    let wanted = match policy {
        Some(Propagation::Background) => None,
        Some(Propagation::Foreground) => Some(FOREGROUND),
        Some(Propagation::Orphan) => Some(ORPHAN),
        None if object.has_finalizer(ORPHAN) => Some(ORPHAN),
        None if object.has_finalizer(FOREGROUND) => Some(FOREGROUND),
        None => default,
    };
    object.finalizers.retain(|f| !matches!(f.as_str(), FOREGROUND | ORPHAN));
    object.finalizers.extend(wanted.map(Name::new));
}

/// Rules B1 to B4. `None` when the update is invalid; `Some(None)` when it removes the object.
fn update(found: &Object, wanted: &Update) -> Option<Option<Object>> {
    let mut object = found.clone();
    if let Some(finalizers) = &wanted.finalizers {
        let adds = finalizers.iter().any(|f| !found.finalizers.contains(f));
        if found.deleting() && adds {
            return None;
        }
        object.finalizers.clone_from(finalizers);
    }
    if let Some(owners) = &wanted.owners {
        object.owners.clone_from(owners);
    }
    if let Some(facet) = &wanted.facet {
        object.facet.clone_from(facet);
    }
    valid(&object).then(|| (!may_go(&object)).then_some(object))
}

/// Rule B4 (`ShouldDeleteDuringUpdate`): marked, no finalizer left, and no grace pending.
fn may_go(object: &Object) -> bool {
    object.deletion.is_some_and(|deletion| deletion.grace_seconds == 0) && object.held_by().is_empty()
}
