//! The Deployment controller, as far as deletion needs it: it makes a ReplicaSet when it has none, and scales it. A
//! rollout from one template to the next is no matter of deletion and is left out.
//!
//! Rule I10 of the reference, which mirrors `getNewReplicaSet` and `scale` in `pkg/controller/deployment/sync.go` of Kubernetes 1.33.

use std::sync::Arc;

use super::workload::{HASH, controlled, is_current, letters, may_create, new_object, wanted, workload_of};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Controller, Facet, Fact, Key, Kind, Name, Object, Outcome, Request, Rule, Selector, Template, Workload, World,
    kinds,
};

/// See the module.
pub(crate) struct DeploymentController;

impl Controller for DeploymentController {
    fn name(&self) -> &'static str {
        "Deployment controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::deployment())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() && workload_of(object).is_some()
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some((workload, template)) = workload_of(object) else { return Outcome::Idle };
        let sets = controlled(world, object);
        if !sets.is_empty() {
            let scaled = scale(&sets, workload, template);
            return scaled
                .map_or(Outcome::Idle, |request| write_if_admitted(world, object, Rule("I10"), vec![request]));
        }
        let set = new_replica_set(object, workload, template);
        // A name that is taken is tried again until it is free (B6).
        let free = world.find(set.key).is_none();
        let known = wanted(workload) > 0 || workload.unseen == 0;
        match known && free && may_create(world, object) {
            true => write_if_admitted(world, object, Rule("I10"), vec![Request::create(set)]),
            false => Outcome::Idle,
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// I10 (`scale`): when no other ReplicaSet has pods, the one of its template gets as many as the Deployment asks for.
fn scale(sets: &[&Arc<Object>], workload: &Workload, template: &Template) -> Option<Request> {
    let current = sets.iter().rev().find(|set| !set.deleting() && is_current(set, template))?;
    let sized = |set: &Object| workload_of(set).is_none_or(|(workload, _)| workload.replicas > 0);
    if sets.iter().any(|set| set.uid != current.uid && sized(set)) {
        return None;
    }
    let replicas = u32::try_from(wanted(workload)).unwrap_or(u32::MAX);
    let (old, _) = workload_of(current).filter(|(old, _)| old.replicas != replicas)?;
    let scaled = Workload { replicas, ..old.clone() };
    Some(Request::change(current, Facet::Workload(scaled)))
}

/// I10 (`getNewReplicaSet`). The hash in its name is that of the ReplicaSet which the dump showed for the same template; otherwise it
/// is invented.
fn new_replica_set(object: &Object, workload: &Workload, template: &Template) -> Object {
    let known = workload.current.as_str().strip_prefix(object.key.name.as_str());
    let hash = match known.and_then(|hash| hash.strip_prefix('-')) {
        Some(hash) => Name::new(hash),
        None => Name::new(&letters(object.key.name.stable_hash(), 10)),
    };
    let name = Name::new(&format!("{}-{hash}", object.key.name));
    let hashed = [(Name::new(HASH), hash)];
    let mut labels = [template.labels.as_slice(), &hashed].concat();
    labels.sort_unstable();
    let mut selector = workload.selector.clone();
    selector.requirements.extend(Selector::equal(hashed).requirements);
    let set = Workload {
        replicas: u32::try_from(wanted(workload)).unwrap_or(u32::MAX),
        selector,
        template: Some(Arc::new(Template { labels: labels.clone(), pod: template.pod.clone() })),
        ..Workload::default()
    };
    let key = Key { kind: kinds::replica_set(), name, ..object.key };
    Object { labels, facet: Facet::Workload(set), ..new_object(object, key.kind, "apps/v1", name) }
}
