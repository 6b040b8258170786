//! The StatefulSet controller: pods by ordinal, the claims that come with them, and the revisions of its template.
//!
//! Rules I7 and I10 of the reference, which mirror `pkg/controller/statefulset` of Kubernetes 1.33: `updateStatefulSet` and
//! `getStatefulSetRevisions` in `stateful_set_control.go`, `CreateStatefulPod` in `stateful_pod_control.go`, and
//! `updateClaimOwnerRefForSetAndPod` in `stateful_set_utils.go`.

use std::sync::Arc;

use super::workload::{
    BURST, accepts, active, claims_hold, controlled, controller_ref, keeper, may_create, new_object, new_pod, ordinal,
    pod_of, wanted, workload_of,
};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Facet, Fact, Key, Kind, Name, Object, Outcome, OwnerReference, Process, Request, Rule,
    Template, Workload, World, kinds,
};

/// See the module.
pub(crate) struct StatefulSetController;

impl Controller for StatefulSetController {
    fn name(&self) -> &'static str {
        "StatefulSet controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::stateful_set())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        workload_of(object).is_some()
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some((workload, template)) = workload_of(object) else { return Outcome::Idle };
        let write = |rule, requests| write_if_admitted(world, object, Rule(rule), requests);
        if let Some(revision) = lost_revision(world, object, workload, template) {
            return write("I10", vec![Request::create(revision)]);
        }
        if object.deleting() {
            return Outcome::Idle;
        }
        let retained = retain(world, object, workload);
        if !retained.is_empty() {
            return write("I7", retained);
        }
        let replicas = replicas(world, object, workload, template);
        match replicas.is_empty() {
            true => Outcome::Idle,
            false => write("I10", replicas),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(pod) = fact else { return None };
        let pod = world.resolve(*pod)?;
        let set = keeper(world, kinds::stateful_set(), pod)?;
        let (workload, _) = workload_of(set)?;
        condemned(world, set, workload).iter().find(|condemned| condemned.key == pod.key)?;
        Some(Provided::new(Rule("I10"), Process::ControllerManager, Condition::always(), Vec::new()))
    }
}

/// Its pods; what else it controls are revisions and claims.
fn pods<'w>(world: &'w World, set: &Object) -> Vec<&'w Arc<Object>> {
    controlled(world, set).into_iter().filter(|object| pod_of(object).is_some()).collect()
}

/// The first ordinal past its replicas (`getEndOrdinal`).
fn end(workload: &Workload) -> u32 {
    workload.ordinals.start.saturating_add(workload.replicas)
}

/// The name of an ordinal's claim (`getPersistentVolumeClaimName`).
fn claim_key(set: &Object, template: Name, ordinal: u32) -> Key {
    let name = Name::new(&format!("{template}-{}-{ordinal}", set.key.name));
    Key { kind: kinds::claim(), name, ..set.key }
}

/// I10 (`getStatefulSetRevisions`): every sync makes sure of the revision of its template, before it looks whether the set is being
/// deleted. It is the pods' changes that cause a sync, so that a set without pods no longer makes one.
fn lost_revision(world: &World, set: &Object, workload: &Workload, template: &Template) -> Option<Object> {
    let key = Key { kind: kinds::controller_revision(), name: workload.current, ..set.key };
    let lost = world.place(key).is_some() && world.find(key).is_none();
    let synced = !set.deleting() || !pods(world, set).is_empty();
    let accepted = accepts(world, set.key.namespace);
    (lost && synced && accepted)
        .then(|| Object { labels: template.labels.clone(), ..new_object(set, key.kind, "apps/v1", key.name) })
}

/// I7: the owner references that `persistentVolumeClaimRetentionPolicy` asks for on the claims of its pods: one to the set, or, for a
/// pod that is scaled away, one to the pod, right before the pod is deleted. References that nothing asks for are taken off.
fn retain(world: &World, set: &Object, workload: &Workload) -> Vec<Request> {
    let condemned = condemned(world, set, workload);
    let pods = pods(world, set).into_iter().filter(|pod| !pod.deleting());
    let claims = pods.filter_map(|pod| Some((pod, ordinal(set, pod)?))).flat_map(|(pod, ordinal)| {
        workload.ordinals.claims.iter().map(move |&template| (pod, claim_key(set, template, ordinal)))
    });
    let wants = |(pod, claim): (&Arc<Object>, Key)| {
        let claim = world.find(claim)?;
        let of_pod = workload.ordinals.deleted_with_pod && condemned.iter().any(|other| other.uid == pod.uid);
        let of_set = workload.ordinals.deleted_with_set && !of_pod;
        retained(claim, [(set, of_set), (pod, of_pod)])
    };
    claims.filter_map(wants).collect()
}

/// I7 (`updateClaimOwnerRefForSetAndPod`): a claim that another controller has is left to it.
fn retained(claim: &Object, owners: [(&Object, bool); 2]) -> Option<Request> {
    let ours = |reference: &OwnerReference| owners.iter().any(|(owner, _)| owner.uid == reference.uid);
    if claim.owners.iter().any(|reference| reference.controller && !ours(reference)) {
        return None;
    }
    let mut wanted: Vec<OwnerReference> = claim.owners.clone();
    for (owner, wants) in owners {
        match wants {
            false => wanted.retain(|reference| reference.uid != owner.uid),
            true if wanted.iter().any(|reference| reference.uid == owner.uid) => {}
            true => wanted.push(controller_ref(owner)),
        }
    }
    (wanted != claim.owners).then(|| Request::set_owners(claim, wanted))
}

/// I10 (`updateStatefulSet`): what is missing is created in the order of the ordinals; unless pods are managed in parallel, each
/// waits for the one before it. Then those that are too many go, the last one first.
fn replicas(world: &World, set: &Object, workload: &Workload, template: &Template) -> Vec<Request> {
    let pods = pods(world, set);
    let with = |wanted: u32| pods.iter().find(|pod| ordinal(set, pod) == Some(wanted));
    let last = pods.iter().filter_map(|pod| ordinal(set, pod)).max();
    let mut lacking = wanted(workload).saturating_sub(pods.len());
    if lacking > 0 && !may_create(world, set) {
        lacking = 0;
    }
    let mut requests = Vec::new();
    let start = workload.ordinals.start;
    let looked_at = last.unwrap_or_default().max(start.saturating_add(BURST));
    for number in (start..end(workload)).take_while(|&number| number <= looked_at) {
        match with(number) {
            Some(pod) if active(pod) && pod_of(pod).is_some_and(|pod| pod.ready) => continue,
            // One that has ended is deleted and made again.
            Some(pod) if !pod.deleting() && !active(pod) => requests.push(Request::delete(pod, None)),
            None if lacking > 0 => {
                lacking -= 1;
                requests.extend(replica(world, set, workload, template, number));
            }
            // What the dump did not show is taken to be there.
            None => continue,
            Some(_) => {}
        }
        if !workload.ordinals.parallel {
            return requests;
        }
    }
    let beyond = condemned(world, set, workload);
    let one_by_one = !workload.ordinals.parallel;
    if requests.is_empty() && !(one_by_one && pods.iter().any(|pod| pod.deleting())) {
        let count = if one_by_one { 1 } else { beyond.len() };
        requests.extend(beyond.into_iter().take(count).map(|pod| Request::delete(pod, None)));
    }
    requests
}

/// I10 (`CreateStatefulPod`): its claims first, then the pod. A claim that is being deleted holds the pod up.
fn replica(world: &World, set: &Object, workload: &Workload, template: &Template, number: u32) -> Vec<Request> {
    let claims: Vec<Key> = workload.ordinals.claims.iter().map(|&claim| claim_key(set, claim, number)).collect();
    let names: Vec<Name> = claims.iter().map(|claim| claim.name).collect();
    if !claims_hold(world, set.key.namespace, &names) {
        return Vec::new();
    }
    let mut pod = new_pod(set, template, Name::new(&format!("{}-{number}", set.key.name)));
    // A name that is taken is tried again until it is free (B6).
    if world.find(pod.key).is_some() {
        return Vec::new();
    }
    if let Facet::Pod(fields) = &mut pod.facet {
        fields.claims.extend(names);
    }
    let absent = claims.into_iter().filter(|claim| world.find(*claim).is_none() && known(world, *claim));
    let claim = |key: Key| Object {
        labels: workload.selector.labels(),
        owners: Vec::new(),
        ..new_object(set, key.kind, "v1", key.name)
    };
    absent.map(claim).chain([pod]).map(Request::create).collect()
}

/// Whether a claim's absence is known.
fn known(world: &World, claim: Key) -> bool {
    world.place(claim).is_some() || world.lists(claim.kind)
}

/// The pods beyond its replicas, the last ordinal first. What the dump shows too many of is left as it is.
fn condemned<'w>(world: &'w World, set: &Object, workload: &Workload) -> Vec<&'w Arc<Object>> {
    let pods = pods(world, set);
    let surplus = pods.len().saturating_sub(wanted(workload));
    let mut beyond: Vec<(u32, &Arc<Object>)> = pods
        .into_iter()
        .filter_map(|pod| Some((ordinal(set, pod)?, pod)))
        .filter(|(number, _)| !(workload.ordinals.start..end(workload)).contains(number))
        .collect();
    beyond.sort_by_key(|&(number, _)| std::cmp::Reverse(number));
    let first = beyond.into_iter().take(surplus).map(|(_, pod)| pod);
    first.filter(|pod| !pod.deleting()).collect()
}
