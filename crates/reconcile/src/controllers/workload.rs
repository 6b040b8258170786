//! What the controllers of workloads share: which objects are theirs, which they adopt, and what they create.
//!
//! Rules I10 and F3 of the reference, which mirror `pkg/controller/controller_ref_manager.go` (`ClaimObject`) and
//! `pkg/controller/controller_utils.go` (`GetPodFromTemplate`, `FilterActivePods`) of Kubernetes 1.33.
//!
//! A dump is taken to be at rest: what a workload lacks in it, it lacked for a reason that cannot be seen (a list of one namespace, a
//! quota, an admission webhook). Only what goes in the run is made again.

use std::sync::Arc;

use crate::controllers::job::TRACKING;
use crate::name::mix;
use crate::{Facet, Key, Kind, Name, Object, OwnerReference, Pod, Request, Template, Workload, World, kinds};

/// A workload of which the template is known.
pub(super) fn workload_of(object: &Object) -> Option<(&Workload, &Template)> {
    match &object.facet {
        Facet::Workload(workload) => Some((workload, workload.template.as_deref()?)),
        _ => None,
    }
}

/// A pod's fields.
pub(super) fn pod_of(object: &Object) -> Option<&Pod> {
    match &object.facet {
        Facet::Pod(pod) => Some(pod),
        _ => None,
    }
}

/// How many pods it is to have, of those that the dump showed or that were asked for in the run.
pub(super) fn wanted(workload: &Workload) -> usize {
    usize::try_from(i64::from(workload.replicas) - i64::from(workload.unseen)).unwrap_or_default()
}

/// What the dump does not show of its workloads is settled once, when it is loaded.
pub(crate) fn settle(world: &mut World) {
    let orphans: Vec<&Arc<Object>> = [kinds::pod(), kinds::replica_set()]
        .into_iter()
        .flat_map(|kind| world.of_kind(kind))
        .map(|(_, object)| object)
        .filter(|object| is_orphan(object))
        .collect();
    let settled = world.objects().filter_map(|(_, object)| {
        let workload = seen(world, object, &orphans)?;
        Some(Object { facet: Facet::Workload(workload), ..(**object).clone() })
    });
    let settled: Vec<Object> = settled.collect();
    settled.into_iter().for_each(|object| world.put(object.key, Some(Arc::new(object))));
}

/// A workload with what the dump shows of its dependents, those included that it is about to adopt.
fn seen(world: &World, object: &Object, orphans: &[&Arc<Object>]) -> Option<Workload> {
    let (workload, template) = workload_of(object)?;
    let mut workload = workload.clone();
    let kind = object.key.kind;
    let replicas = i64::from(workload.replicas);
    let lacks = |shown: usize| i32::try_from(replicas - shown as i64).unwrap_or(i32::MAX);
    let adopted = orphans.iter().copied().filter(|orphan| takes(object, orphan));
    let mut dependents = controlled(world, object).into_iter().chain(adopted);
    if kind == kinds::deployment() {
        let current = dependents.rfind(|set| is_current(set, template));
        // A Deployment without one is not taken to make one.
        let sized = current.and_then(|set| workload_of(set)).map(|(set, _)| set.replicas as usize);
        workload.unseen = sized.map_or(lacks(0).max(1), lacks);
        workload.current = current.map_or(workload.current, |set| set.key.name);
    } else if kind == kinds::daemon_set() {
        let nodes = dependents.filter_map(|pod| Some(pod_of(pod)?.node));
        workload.nodes = nodes.filter(|node| !node.is_empty()).collect();
        workload.nodes.sort_unstable();
        workload.nodes.dedup();
    } else {
        // A StatefulSet's pod that is being deleted holds its ordinal.
        let holds = |pod: &Object| pod_of(pod).is_some() && kind == kinds::stateful_set();
        workload.unseen = lacks(dependents.filter(|pod| holds(pod) || active(pod)).count());
    }
    Some(workload)
}

/// Whether a ReplicaSet was made of this template, as far as both are known (`EqualIgnoreHash`).
pub(super) fn is_current(set: &Object, template: &Template) -> bool {
    let unhashed = |template: &Template| -> Vec<(Name, Name)> {
        template.labels.iter().copied().filter(|(key, _)| key.as_str() != HASH).collect()
    };
    workload_of(set).is_some_and(|(_, other)| other.pod == template.pod && unhashed(other) == unhashed(template))
}

/// The label by which a Deployment tells its ReplicaSets apart.
pub(super) const HASH: &str = "pod-template-hash";

/// The objects that it controls, by place.
pub(super) fn controlled<'w>(world: &'w World, owner: &Object) -> Vec<&'w Arc<Object>> {
    let controls = |object: &Object| object.owners.iter().any(|other| other.controller && other.uid == owner.uid);
    world.dependents(owner.uid).map(|(_, object)| object).filter(|object| controls(object)).collect()
}

/// Whether a pod counts as a replica (`IsPodActive`).
pub(super) fn active(object: &Object) -> bool {
    let ended = |pod: &Pod| matches!(pod.phase.as_str(), "Succeeded" | "Failed");
    !object.deleting() && pod_of(object).is_some_and(|pod| !ended(pod))
}

/// F3 (`ClaimObject`): whether an object is one that some controller may adopt: it has none, and is not being deleted.
pub(super) fn is_orphan(object: &Object) -> bool {
    !object.deleting() && !object.labels.is_empty() && !object.owners.iter().any(|owner| owner.controller)
}

/// F3: whether a workload takes an orphan: it is not being deleted itself, keeps objects of this kind in this namespace, and its
/// selector fits. A StatefulSet's pod must have a name of its own, too (`isMemberOf`); a pod that has ended counts for nobody.
pub(super) fn takes(owner: &Object, orphan: &Object) -> bool {
    let Some((Workload { selector, .. }, _)) = workload_of(owner) else { return false };
    let kind = match owner.key.kind == kinds::deployment() {
        true => kinds::replica_set(),
        false => kinds::pod(),
    };
    let named = owner.key.kind != kinds::stateful_set() || ordinal(owner, orphan).is_some();
    let counts = pod_of(orphan).is_none() || active(orphan);
    orphan.key.kind == kind
        && orphan.key.namespace == owner.key.namespace
        && !owner.deleting()
        && (named && counts)
        && !selector.requirements.is_empty()
        && selector.selects(&orphan.labels)
}

/// A pod's ordinal in its StatefulSet (`getParentNameAndOrdinal`).
pub(super) fn ordinal(set: &Object, pod: &Object) -> Option<u32> {
    pod.key.name.as_str().strip_prefix(set.key.name.as_str())?.strip_prefix('-')?.parse().ok()
}

/// The workload of a kind that controls a pod, and is not being deleted itself.
pub(super) fn keeper<'w>(world: &'w World, kind: Kind, pod: &Object) -> Option<&'w Arc<Object>> {
    let owner = pod.owners.iter().find(|owner| owner.controller)?;
    world.by_uid(owner.uid).filter(|owner| owner.key.kind == kind && !owner.deleting())
}

/// The reference that makes it the controller (`metav1.NewControllerRef`).
pub(super) fn controller_ref(owner: &Object) -> OwnerReference {
    OwnerReference {
        api_version: owner.api_version,
        kind: owner.key.kind.kind,
        name: owner.key.name,
        uid: owner.uid,
        controller: true,
        block: true,
    }
}

/// I10: whether something is created for it: it is not being deleted, its namespace is there and is not being deleted, the node that
/// its pods name, if they name one, is there, and there is nothing left that it adopts first.
pub(super) fn may_create(world: &World, owner: &Object) -> bool {
    let node = workload_of(owner).map(|(_, template)| template.pod.node).unwrap_or_default();
    let kinds = [kinds::pod(), kinds::replica_set()];
    let adopts = |object: &Object| kinds.contains(&object.key.kind) && is_orphan(object) && takes(owner, object);
    !owner.deleting()
        && accepts(world, owner.key.namespace)
        && (node.is_empty() || node_is_there(world, node))
        && !world.in_namespace(owner.key.namespace).any(|(_, object)| adopts(object))
}

/// Whether objects can be created in a namespace. One that the dump does not show is taken to be there when its kind is not listed.
pub(super) fn accepts(world: &World, namespace: Name) -> bool {
    let key = Key::new(kinds::namespace(), Name::default(), namespace);
    match world.find(key) {
        Some(found) => !found.deleting(),
        None => world.place(key).is_none() && !world.lists(key.kind),
    }
}

/// Whether a node is there, or cannot be seen in the dump.
pub(super) fn node_is_there(world: &World, node: Name) -> bool {
    let key = Key::new(kinds::node(), Name::default(), node);
    world.find(key).is_some() || (world.place(key).is_none() && !world.lists(key.kind))
}

/// Whether a pod's claims can be mounted: none of them is being deleted. Otherwise it is put on no node, and a StatefulSet does not
/// even create it.
pub(super) fn claims_hold(world: &World, namespace: Name, claims: &[Name]) -> bool {
    let claim = |name: &Name| world.find(Key::new(kinds::claim(), namespace, *name));
    claims.iter().filter_map(claim).all(|claim| !claim.deleting())
}

/// The most pods that are created at once (`BurstReplicas`).
pub(super) const BURST: u32 = 500;

/// Requests for so many pods with invented names.
pub(super) fn create_pods(world: &World, owner: &Object, template: &Template, count: usize) -> Vec<Request> {
    let pod = |name| Request::create(new_pod(owner, template, name));
    invented(world, Key { kind: kinds::pod(), ..owner.key }).take(count.min(BURST as usize)).map(pod).collect()
}

/// Names as the API server makes them of `generateName`: a hyphen and five characters. Which ones it would draw is not known; these
/// follow from the owner's name, and none of them is taken.
pub(super) fn invented(world: &World, base: Key) -> impl Iterator<Item = Name> {
    let name = move |n| Name::new(&format!("{}-{}", base.name, letters(base.name.stable_hash().wrapping_add(n), 5)));
    (0_u64..).map(name).filter(move |&name| world.find(Key { name, ..base }).is_none())
}

/// A hash in the letters that Kubernetes uses in names (`rand.SafeEncodeString`): no vowels, and nothing that looks like one.
pub(super) fn letters(hash: u64, count: u32) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let base = LETTERS.len() as u64;
    (0..count).map(|place| char::from(LETTERS[(mix(hash) / base.pow(place) % base) as usize])).collect()
}

/// A pod of a workload, pending and on no node yet, unless the template names one.
pub(super) fn new_pod(owner: &Object, template: &Template, name: Name) -> Object {
    let own = |suffix: &Name| Name::new(&format!("{name}{suffix}"));
    let pod = Pod {
        phase: "Pending".into(),
        ephemeral_claims: template.pod.ephemeral_claims.iter().map(own).collect(),
        ..template.pod.clone()
    };
    let tracked = owner.key.kind == kinds::job();
    Object {
        labels: template.labels.clone(),
        finalizers: tracked.then(|| Name::new(TRACKING)).into_iter().collect(),
        facet: Facet::Pod(pod),
        ..new_object(owner, kinds::pod(), "v1", name)
    }
}

/// An object that it controls, without anything else.
pub(super) fn new_object(owner: &Object, kind: Kind, api_version: &str, name: Name) -> Object {
    Object {
        key: Key { kind, name, ..owner.key },
        api_version: api_version.into(),
        uid: Name::default(),
        labels: Vec::new(),
        owners: vec![controller_ref(owner)],
        finalizers: Vec::new(),
        deletion: None,
        facet: Facet::None,
    }
}
