//! The controllers that keep so many pods of one template: ReplicaSet and ReplicationController, which are one in Kubernetes, too.
//!
//! Rules F3 and I10 of the reference, which mirror `syncReplicaSet` and `manageReplicas` in
//! `pkg/controller/replicaset/replica_set.go` of Kubernetes 1.33.

use super::workload::{active, adopt, controlled, create_pods, may_create, pod_of, wanted, workload_of};
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

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some((workload, template)) = workload_of(object) else { return Outcome::Idle };
        let adopted = adopt(world, object, kinds::pod(), active);
        if !adopted.is_empty() {
            return write_if_admitted(world, object, Rule("F3"), adopted);
        }
        manage(world, object, workload, template)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(pod) = fact else { return None };
        let found = world.resolve(*pod)?;
        let owner = found.owners.iter().find(|owner| owner.controller)?;
        let owner = world.by_uid(owner.uid).filter(|owner| owner.key.kind == (self.kind)() && !owner.deleting())?;
        let (workload, _) = workload_of(owner)?;
        surplus(world, owner, workload).iter().find(|request| request.target == pod.key)?;
        Some(Provided::new(Rule("I10"), Process::ControllerManager, Condition::always(), Vec::new()))
    }
}

/// I10 (`manageReplicas`): creates what is missing, deletes what is too much. Nothing for an owner that is being deleted.
pub(super) fn manage(world: &World, owner: &Object, workload: &Workload, template: &Template) -> Outcome {
    let pods = controlled(world, owner).into_iter().filter(|pod| active(pod)).count();
    let missing = wanted(workload).saturating_sub(pods);
    let requests = match missing > 0 && may_create(world, owner) {
        true => create_pods(world, owner, template, missing),
        false => surplus(world, owner, workload),
    };
    match requests.is_empty() {
        true => Outcome::Idle,
        false => write_if_admitted(world, owner, Rule("I10"), requests),
    }
}

/// The pods that are too many (`getPodsToDelete`): first those that are on no node, then those that do not run, then the newest.
fn surplus(world: &World, owner: &Object, workload: &Workload) -> Vec<Request> {
    let mut pods: Vec<_> = controlled(world, owner).into_iter().filter(|pod| active(pod)).collect();
    let count = pods.len().saturating_sub(wanted(workload));
    pods.reverse();
    pods.sort_by_key(|object| pod_of(object).map(|pod| (!pod.node.is_empty(), pod.ready)));
    pods.iter().take(count).map(|pod| Request::delete(pod, None)).collect()
}
