//! The API server: a request in, the new world and what changed out, or the refusal that the real one gives.
//!
//! Rules A and B of the reference, which mirror `registry/generic/registry/store.go`, `registry/rest/delete.go` and
//! `pkg/registry/core/pod/strategy.go` of Kubernetes 1.33.

use std::sync::Arc;

use crate::admission::{Attributes, namespace_key};
use crate::controllers::definition::{CLEANUP, instances_of, pending, refuses_creation};
use crate::controllers::kubelet::give_address;
use crate::controllers::longhorn::webhooks;
use crate::controllers::protection::{CLAIM, VOLUME};
use crate::controllers::service_account::implied;
use crate::controllers::update_of;
use crate::object::{FOREGROUND, ORPHAN};
use crate::validation::valid;
use crate::{
    Call, Deletion, Endpoint, Facet, Key, Kind, Name, Object, Operation, Propagation, Request, Response, Update, Verb,
    World, kinds,
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
    /// Whether it brings a definition, or takes one away.
    pub(crate) fn rediscovers(&self) -> bool {
        self.key.kind == kinds::definition() && self.kind() != ChangeKind::Modified
    }

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
    if let Verb::Call(endpoint, call) = request.verb {
        return called(world, &endpoint, call);
    }
    let key = request.target;
    let found = world.find(key);
    let (after, response) = match answer(world, request, found) {
        Ok(answer) => answer,
        Err(refusal) => return (refusal, Vec::new()),
    };
    if after.as_ref() == found.map(|found| &**found) {
        return (response, Vec::new());
    }
    let (before, after) = (found.cloned(), after.map(Arc::new));
    world.put(key, after.clone());
    world.rediscovered(key, before.as_deref(), after.as_deref());
    // H5: without their definition instances stay in storage, and nobody sees them.
    match (&before, &after) {
        (Some(definition), None) => instances_of(definition).into_iter().for_each(|kind| world.hide(kind)),
        (None, Some(definition)) => instances_of(definition).into_iter().for_each(|kind| world.reveal(kind)),
        _ => {}
    }
    (response, changes(key, before, after))
}

/// What a process does that is dialled: not the API server's, but served in the same way. What it runs is part of its pod, and
/// nobody sees it but whoever asks.
fn called(world: &mut World, endpoint: &Endpoint, call: Call) -> (Response, Vec<Change>) {
    let pod = match world.dial(endpoint) {
        Ok(id) => world.get(id).cloned(),
        Err(unreachable) => return (Response::Unreachable(unreachable), Vec::new()),
    };
    let Some(pod) = pod else { return (Response::NotFound, Vec::new()) };
    let Facet::Pod(facet) = &pod.facet else { return (Response::NotFound, Vec::new()) };
    let mut facet = facet.clone();
    let response = match call {
        Call::InstanceCreate(process) => {
            match facet.processes.binary_search_by_key(&process.name, |other| other.name) {
                Ok(_) => return (Response::Conflict, Vec::new()),
                Err(at) => {
                    facet.processes.insert(at, process);
                    Response::Created
                }
            }
        }
        Call::InstanceDelete(name) => match facet.processes.binary_search_by_key(&name, |process| process.name) {
            Ok(at) => {
                facet.processes.remove(at);
                Response::Ok
            }
            Err(_) => return (Response::NotFound, Vec::new()),
        },
    };
    let after = Arc::new(Object { facet: Facet::Pod(facet), ..(*pod).clone() });
    world.put(pod.key, Some(after.clone()));
    (response, vec![Change { key: pod.key, before: Some(pod), after: Some(after) }])
}

/// What a request leaves of its object (`None` when it is gone), with the answer; or the refusal.
fn answer(
    world: &World,
    request: &Request,
    found: Option<&Arc<Object>>,
) -> Result<(Option<Object>, Response), Response> {
    // A resource without a definition has no path.
    if world.definition_is_gone(request.target.kind) {
        return Err(Response::NotFound);
    }
    match (&request.verb, found) {
        (Verb::Create(object), _) => create(world, request, object, found),
        (Verb::Delete { policy, grace_seconds }, Some(found)) => {
            if request.eviction
                && let Some(refusal) = world.refuses_eviction(found)
            {
                return Err(refusal);
            }
            let answer = if request.eviction { Response::Created } else { Response::Ok };
            delete(world, request, found, *policy, *grace_seconds).map(|after| (after, answer))
        }
        (Verb::Update(wanted), Some(found)) => update(world, request, found, wanted).map(|after| (after, Response::Ok)),
        (Verb::Delete { .. }, None) if implied(world, request.target) => Ok((None, Response::Ok)),
        (Verb::Delete { .. } | Verb::Update(_), None) | (Verb::Call(..), _) => Err(Response::NotFound),
    }
}

/// `preconditions.uid` (rule A2, `rest.BeforeDelete`).
fn check_uid(request: &Request, found: &Object) -> Result<(), Response> {
    if request.uid.is_some_and(|uid| uid != found.uid) { Err(Response::Conflict) } else { Ok(()) }
}

/// Asks the webhooks of one kind of configurations, unless the write goes past all admission (rules A4, B5, H2).
fn admit(world: &World, request: &Request, configurations: Kind, attributes: Attributes<'_>) -> Result<(), Response> {
    let refusing = || world.refusing_hook(configurations, attributes);
    if request.in_storage {
        return Ok(());
    }
    if let Some((configuration, _)) = refusing() {
        return Err(Response::WebhookFailed(configuration));
    }
    let denied = || webhooks::refuse(world, attributes).map_or(Ok(()), |rule| Err(Response::Denied(rule)));
    if configurations == kinds::validating_webhooks() { denied() } else { Ok(()) }
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

/// Rules B6 to B9 and H3, in the order of `createHandler` and `Store.Create`: what mutates is asked before the object is
/// validated, what validates after it, and storage last.
fn create(
    world: &World,
    request: &Request,
    object: &Object,
    found: Option<&Arc<Object>>,
) -> Result<(Option<Object>, Response), Response> {
    let key = request.target;
    if refuses_creation(world, key.kind) {
        return Err(Response::NotAllowed);
    }
    // B9 (`NamespaceLifecycle.Admit`): nothing is created in a namespace that is gone, or is being deleted.
    if world.namespace_missing(key) {
        return Err(Response::NotFound);
    }
    if world.find(namespace_key(key)).is_some_and(|namespace| namespace.deleting()) {
        return Err(Response::Forbidden);
    }
    let attributes = Attributes::new(key, Operation::Create, None, Some(object));
    admit(world, request, kinds::mutating_webhooks(), attributes)?;
    let mut object = object.clone();
    if !request.in_storage {
        webhooks::mutate(world, attributes, &mut object).map_err(Response::Denied)?;
    }
    if !valid(&object) {
        return Err(Response::Invalid);
    }
    admit(world, request, kinds::validating_webhooks(), attributes)?;
    if found.is_some() {
        return Err(Response::Conflict);
    }
    // B2: a deletion mark in the body is ignored, and the server gives the uid. A recording knows which one it gave.
    let uid = if object.uid.is_empty() { world.next_uid(key) } else { object.uid };
    let mut created = Object { uid, deletion: None, ..object };
    drop_duplicate_owners(&mut created);
    complete(&mut created);
    Ok((Some(created), Response::Created))
}

/// What the API server adds to what is created: I1 (`StorageObjectInUseProtection.Admit`), and G1, a namespace's own finalizer
/// (`namespaceStrategy.PrepareForCreate`).
fn complete(object: &mut Object) {
    let protection = match object.key.kind {
        kind if kind == kinds::claim() => Some(CLAIM),
        kind if kind == kinds::volume() => Some(VOLUME),
        _ => None,
    };
    object.finalizers.extend(protection.filter(|name| !object.has_finalizer(name)).map(Name::new));
    if let Facet::Namespace(namespace) = &mut object.facet {
        let kubernetes = Name::new("kubernetes");
        if !namespace.finalizers.contains(&kubernetes) {
            namespace.finalizers.push(kubernetes);
        }
        namespace.conditions.clear();
    }
}

/// Rule B7 (`dedupOwnerReferencesAndAddWarning` of `endpoints/handlers`): of references that are the same, one is kept.
fn drop_duplicate_owners(object: &mut Object) {
    let mut owners = Vec::new();
    object.owners.drain(..).for_each(|owner| {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    });
    object.owners = owners;
}

/// Namespaces that cannot be deleted (rule B9, `NewLifecycle`).
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// Rules A2 to A7, in the order of `Store.Delete`. Gives what is left of the object: `None` when it is gone.
fn delete(
    world: &World,
    request: &Request,
    found: &Object,
    policy: Option<Propagation>,
    asked: Option<u32>,
) -> Result<Option<Object>, Response> {
    let key = request.target;
    check_uid(request, found)?;
    // A7: what waits for its kubelet is left alone by a delete that does not shorten its grace, and no webhook is asked.
    if let Some(deletion) = found.deletion
        && deletion.grace_seconds > 0
        && asked.is_none_or(|asked| asked >= deletion.grace_seconds)
    {
        return Ok(Some(found.clone()));
    }
    // G1 (`REST.Delete` of namespaces): while `spec.finalizers` holds it, another delete changes nothing.
    if let Facet::Namespace(namespace) = &found.facet
        && found.deleting()
        && !namespace.finalizers.is_empty()
    {
        return Ok(Some(found.clone()));
    }
    if key.kind == kinds::namespace() && IMMORTAL.contains(&key.name.as_str()) {
        return Err(Response::Forbidden);
    }
    let attributes = Attributes::new(key, Operation::Delete, Some(found), None);
    admit(world, request, kinds::mutating_webhooks(), attributes)?;
    admit(world, request, kinds::validating_webhooks(), attributes)?;
    let mut object = found.clone();
    let grace_seconds = grace(found, asked);
    object.deletion = Some(Deletion { grace_seconds });
    let first = !found.deleting();
    if first && let Facet::Definition { terminating, .. } = &mut object.facet {
        // H1 (`REST.Delete` of definitions): the first delete brings the finalizer and knows no policy.
        *terminating = Some(pending());
        if !object.has_finalizer(CLEANUP) {
            object.finalizers.push(Name::new(CLEANUP));
        }
        return Ok(Some(object));
    }
    set_policy(&mut object, policy);
    // G1: the first delete of a namespace only marks it.
    let marks = first && matches!(object.facet, Facet::Namespace(_));
    Ok((marks || !may_go(&object)).then_some(object))
}

/// Rule A7 (`BeforeDelete`, `CheckGracefulDelete`): only pods are graceful; one that no kubelet has, or that has ended, is
/// not. A grace that is pending was found to become shorter.
fn grace(found: &Object, asked: Option<u32>) -> u32 {
    match (&found.facet, found.deletion) {
        (_, Some(deletion)) => asked.map_or(deletion.grace_seconds, |asked| asked.min(deletion.grace_seconds)),
        (Facet::Pod(pod), None) if pod.node.is_empty() || matches!(pod.phase.as_str(), "Succeeded" | "Failed") => 0,
        (Facet::Pod(pod), None) => asked.unwrap_or(pod.grace_seconds),
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

/// Rules B1 to B5, B7 and B9, in the order of `Store.Update`. `None` when the update removes the object.
fn update(world: &World, request: &Request, found: &Object, wanted: &Update) -> Result<Option<Object>, Response> {
    let key = request.target;
    check_uid(request, found)?;
    if world.namespace_missing(key) {
        return Err(Response::NotFound);
    }
    let mut object = found.clone();
    if let Some(finalizers) = &wanted.finalizers {
        object.finalizers.clone_from(finalizers);
    }
    if let Some(owners) = &wanted.owners {
        object.owners.clone_from(owners);
        drop_duplicate_owners(&mut object);
    }
    if let Some(labels) = &wanted.labels {
        object.labels.clone_from(labels);
    }
    if let Some(facet) = &wanted.facet {
        object.facet.clone_from(facet);
        give_address(world, &mut object);
    }
    let before = object.clone();
    let attributes = Attributes::new(key, update_of(world, key, wanted), Some(found), Some(&before));
    let attributes = if wanted.to_status { attributes.to("status") } else { attributes };
    admit(world, request, kinds::mutating_webhooks(), attributes)?;
    if !request.in_storage {
        webhooks::mutate(world, attributes, &mut object).map_err(Response::Denied)?;
    }
    // B1 (`ValidateNoNewFinalizers`).
    let adds = object.finalizers.iter().any(|finalizer| !found.finalizers.contains(finalizer));
    if (found.deleting() && adds) || !valid(&object) {
        return Err(Response::Invalid);
    }
    admit(world, request, kinds::validating_webhooks(), attributes)?;
    Ok((!may_go(&object)).then_some(object))
}

/// Rule B4 (`ShouldDeleteDuringUpdate`): marked, no finalizer left, and no grace pending.
fn may_go(object: &Object) -> bool {
    object.deletion.is_some_and(|deletion| deletion.grace_seconds == 0) && object.holding().next().is_none()
}
