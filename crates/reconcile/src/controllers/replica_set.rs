//! The controllers that keep so many pods of one template: ReplicaSet and ReplicationController, which are one in Kubernetes, too.
//!
//! Rule I10 of the reference, which mirrors `manageReplicas` in
//! `pkg/controller/replicaset/replica_set.go` of Kubernetes 1.33.

use std::sync::Arc;

use super::workload::{active, controlled, create_pods, keeper, may_create, pod_of, wanted, workload_of};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Fact, Kind, Object, Outcome, Process, Request, Rule, Template, Workload, World, kinds,
};

/// See the module.
pub(crate) struct ReplicaSetController {
    name: &'static str,
    kind: fn() -> Kind,
}

/// The controller of ReplicaSets.
pub(crate) const REPLICA_SETS: ReplicaSetController =
    ReplicaSetController { name: "ReplicaSet controller", kind: kinds::replica_set };

/// The controller of ReplicationControllers.
pub(crate) const REPLICATION_CONTROLLERS: ReplicaSetController =
    ReplicaSetController { name: "replication controller", kind: kinds::replication_controller };

impl Controller for ReplicaSetController {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Option<Kind> {
        Some((self.kind)())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() && workload_of(object).is_some()
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some((workload, template)) = workload_of(object) else { return Outcome::Idle };
        manage(world, object, workload, template)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        deletes_surplus(world, (self.kind)(), fact)
    }
}

/// Whether one of these owners deletes a pod because it has too many.
pub(super) fn deletes_surplus(world: &World, kind: Kind, fact: &Fact) -> Option<Provided> {
    let Fact::Deleting(pod) = fact else { return None };
    let pod = world.resolve(*pod).filter(|pod| active(pod))?;
    let owner = keeper(world, kind, pod)?;
    let (workload, _) = workload_of(owner)?;
    surplus(world, owner, workload).iter().find(|request| request.target == pod.key)?;
    Some(Provided::new(Rule("I10"), Process::ControllerManager, Condition::always(), Vec::new()))
}

/// I10 (`manageReplicas`): creates what is missing, deletes what is too much. Nothing for an owner that is being deleted.
pub(super) fn manage(world: &World, owner: &Object, workload: &Workload, template: &Template) -> Outcome {
    let missing = wanted(workload).saturating_sub(replicas(world, owner).len());
    let requests = match missing > 0 && may_create(world, owner) {
        true => create_pods(world, owner, template, missing),
        false => surplus(world, owner, workload),
    };
    match requests.is_empty() {
        true => Outcome::Idle,
        false => write_if_admitted(world, owner, Rule("I10"), requests),
    }
}

/// The pods that count.
fn replicas<'w>(world: &'w World, owner: &Object) -> Vec<&'w Arc<Object>> {
    controlled(world, owner).into_iter().filter(|pod| active(pod)).collect()
}

/// The pods that are too many (`getPodsToDelete`): first those that are on no node, then those that do not run, then the newest.
fn surplus(world: &World, owner: &Object, workload: &Workload) -> Vec<Request> {
    let mut pods = replicas(world, owner);
    let count = pods.len().saturating_sub(wanted(workload));
    pods.reverse();
    pods.sort_by_key(|object| pod_of(object).map(|pod| (!pod.node.is_empty(), pod.ready)));
    pods.iter().take(count).map(|pod| Request::delete(pod, None)).collect()
}
