//! The DaemonSet controller, as far as deletion needs it: a pod that goes from a node comes back there.
//!
//! Rule I10 of the reference, which mirrors `syncDaemonSet` and `podsShouldBeOnNode` in
//! `pkg/controller/daemon/daemon_controller.go` of Kubernetes 1.33. Its pods can be scheduled to one node only, so that the scheduler
//! has no choice: the pod is put there as it is created. Which nodes its selectors and tolerations allow is not read: it keeps to those
//! on which the dump shows its pods.

use super::workload::{
    accepts, active, claims_hold, controlled, invented, may_create, new_pod, node_is_there, pod_of, workload_of,
};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Facet, Fact, Key, Kind, Name, Object, ObjectRef, Outcome, Pod, Process, Request, Rule,
    Template, Workload, World, kinds,
};

/// See the module.
pub(crate) struct DaemonSetController;

impl Controller for DaemonSetController {
    fn name(&self) -> &'static str {
        "DaemonSet controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::daemon_set())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() && workload_of(object).is_some()
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some((workload, template)) = workload_of(object) else { return Outcome::Idle };
        let missing = missing(world, object, workload, template);
        match missing.is_empty() {
            true => Outcome::Idle,
            false => write_if_admitted(world, object, Rule("I10"), missing),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Runs(Process::LonghornManager(node)) = fact else { return None };
        let (_, set) = world.of_kind(kinds::daemon_set()).find(|(_, object)| {
            let managers = |(workload, template): (&Workload, &Template)| {
                let app = template.labels.iter().any(|(key, app)| (key.as_str(), app.as_str()) == LONGHORN_MANAGER);
                app && workload.nodes.contains(node)
            };
            !object.deleting() && accepts(world, object.key.namespace) && workload_of(object).is_some_and(managers)
        })?;
        // The one that ends makes room; the kubelet starts the next.
        let ending = controlled(world, set).into_iter().filter(|pod| pod.deleting() && on(pod, *node));
        let gone = ending.map(|pod| Fact::Gone(ObjectRef::from(&**pod)));
        let when = Condition::all(gone.chain([Fact::Runs(Process::Kubelet(*node))]));
        Some(Provided::new(Rule("I10"), Process::ControllerManager, when, Vec::new()))
    }
}

/// The label of longhorn-manager's pods.
const LONGHORN_MANAGER: (&str, &str) = ("app", "longhorn-manager");

fn on(pod: &Object, node: Name) -> bool {
    pod_of(pod).is_some_and(|pod| pod.node == node)
}

/// I10: a pod for each of its nodes that has none; one that is being deleted still counts (`podsShouldBeOnNode`).
fn missing(world: &World, set: &Object, workload: &Workload, template: &Template) -> Vec<Request> {
    if !claims_hold(world, set.key.namespace, &template.pod.claims) {
        return Vec::new();
    }
    let pods = controlled(world, set);
    let has = |node: Name| pods.iter().any(|pod| on(pod, node) && (pod.deleting() || active(pod)));
    let bare = workload.nodes.iter().filter(|&&node| !has(node) && node_is_there(world, node));
    let names = invented(world, Key { kind: kinds::pod(), ..set.key });
    let pod = |(&node, name): (&Name, Name)| {
        let pod = new_pod(set, template, name);
        let Facet::Pod(fields) = &pod.facet else { return pod };
        // `AddOrUpdateDaemonPodTolerations`.
        Object { facet: Facet::Pod(Pod { node, tolerates: true, ..fields.clone() }), ..pod }
    };
    let requests: Vec<Request> = bare.zip(names).map(pod).map(Request::create).collect();
    match requests.is_empty() || may_create(world, set) {
        true => requests,
        false => Vec::new(),
    }
}
