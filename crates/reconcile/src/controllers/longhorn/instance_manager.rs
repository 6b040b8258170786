//! Longhorn's instance manager controller: `controller/instance_manager_controller.go`.
//!
//! It keeps one pod for each instance manager that is not being deleted. For one that is, it deletes the pod and returns:
//! no status is written any more, and no pod is started (IM-1).

use super::responsible;
use crate::controller::Provided;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, InstanceManager, Key, Kind, Name, Object, Outcome, OwnerReference,
    Pod, Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct InstanceManagerController;

impl Controller for InstanceManagerController {
    fn name(&self) -> &'static str {
        "instance manager controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_instance_manager())
    }

    fn handles(&self, _: &World, _: &Object) -> bool {
        true
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let node = manager_of(object).map_or(Name::default(), |manager| manager.node);
        responsible(world, object.key.namespace, node)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(manager) = manager_of(object) else {
            return Outcome::Idle;
        };
        let pod = world.find(pod_key(object.key));
        if object.deleting() {
            return match pod.filter(|pod| !pod.deleting()) {
                Some(pod) => Outcome::Write(Rule("IM-1"), vec![Request::delete(pod, None)]),
                None => Outcome::Idle,
            };
        }
        // A pod that the dump does not cover is unknown: nothing is concluded from its absence.
        if pod.is_none() && !world.lists(pod_key(object.key).kind) {
            return Outcome::Idle;
        }
        let observed = observe(manager, pod.map(|pod| &**pod));
        if observed != *manager {
            return Outcome::Write(Rule("IM-2"), vec![Request::write(object, Facet::InstanceManager(observed))]);
        }
        if matches!(manager.state.as_str(), "stopped" | "error") {
            return match pod {
                Some(pod) if pod.deleting() => Outcome::Idle,
                Some(pod) => Outcome::Write(Rule("IM-6"), vec![Request::delete(pod, None)]),
                None if cordoned(world, manager.node) => Outcome::Idle,
                None => Outcome::Write(Rule("IM-6"), vec![Request::create(new_pod(object, manager))]),
            };
        }
        sync_orphans(world, object, manager)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let by = |node, rule, when, evidence| {
            Some(Provided::new(Rule(rule), Process::LonghornManager(node), when, evidence))
        };
        match fact {
            Fact::Answers(endpoint) => {
                let object = world.find(endpoint.of)?;
                let ip = Evidence::new(endpoint.of, "status/ip", endpoint.ip);
                let pod = pod_key(endpoint.of);
                let state = if world.find(pod).is_some() { "not running" } else { "absent" };
                let evidence = vec![ip, Evidence::new(pod, "", state)];
                by(manager_of(object)?.node, "IM-2", Condition::Is(Fact::PodRuns(pod)), evidence)
            }
            Fact::Exists(key) if key.kind.is("", "Pod") => {
                let manager = Key { kind: kinds::longhorn_instance_manager(), ..*key };
                let object = world.find(manager)?;
                let deleting = Evidence::new(manager, "metadata/deletionTimestamp", "set");
                let evidence = object.deleting().then_some(deleting).into_iter().collect();
                by(manager_of(object)?.node, "IM-1", Condition::Is(Fact::Alive(manager)), evidence)
            }
            _ => None,
        }
    }
}

fn manager_of(object: &Object) -> Option<&InstanceManager> {
    match &object.facet {
        Facet::InstanceManager(manager) => Some(manager),
        _ => None,
    }
}

/// The pod has its instance manager's name.
pub(super) fn pod_key(manager: Key) -> Key {
    Key { kind: kinds::pod(), ..manager }
}

fn cordoned(world: &World, node: Name) -> bool {
    let node = world.find(Key::new(kinds::node(), Name::default(), node));
    matches!(node.map(|node| &node.facet), Some(Facet::Node(node)) if node.cordoned)
}

/// IM-2 and IM-5: state, address and instances as the pod has them.
fn observe(manager: &InstanceManager, pod: Option<&Object>) -> InstanceManager {
    let (state, ip) = match pod.map(|pod| (pod, &pod.facet)) {
        None if matches!(manager.state.as_str(), "" | "stopped") => ("stopped", Name::default()),
        None => ("error", Name::default()),
        Some((pod, Facet::Pod(_))) if pod.deleting() => ("error", Name::default()),
        Some((_, Facet::Pod(pod))) => match pod.phase.as_str() {
            "Pending" => ("starting", Name::default()),
            "Running" if pod.ready => ("running", pod.ip),
            "Running" => ("starting", Name::default()),
            _ => ("error", Name::default()),
        },
        Some(_) => ("error", Name::default()),
    };
    let instances = if state == "running" { manager.instances.clone() } else { Vec::new() };
    InstanceManager { state: state.into(), ip, instances, ..manager.clone() }
}

/// IM-6: the pod, bound to the instance manager's node.
fn new_pod(object: &Object, manager: &InstanceManager) -> Object {
    let owner = OwnerReference {
        api_version: object.api_version,
        kind: object.key.kind.kind,
        name: object.key.name,
        uid: object.uid,
        controller: true,
        block: true,
    };
    let pod = Pod {
        node: manager.node,
        grace_seconds: 30,
        images: vec![manager.image],
        phase: "Pending".into(),
        taken_on: true,
        ..Pod::default()
    };
    Object {
        key: pod_key(object.key),
        api_version: "v1".into(),
        uid: Name::default(),
        labels: object.labels.clone(),
        owners: vec![owner],
        finalizers: Vec::new(),
        deletion: None,
        facet: Facet::Pod(pod),
    }
}

/// IM-8: deletes the node's instance orphans when this instance manager does not run, or no longer has the instance.
fn sync_orphans(world: &World, object: &Object, manager: &InstanceManager) -> Outcome {
    let terminating = manager.state.as_str() != "running";
    let ended = |candidate: &Object| match &candidate.facet {
        Facet::Orphan(orphan) => {
            let ours = orphan.node == manager.node && orphan.data_engine == manager.data_engine;
            let instance = orphan.orphan_type.as_str() != "replica";
            ours && instance && !candidate.deleting() && (terminating || !manager.instances.contains(&orphan.instance))
        }
        _ => false,
    };
    let orphans = world.of_kind(kinds::longhorn_orphan()).filter(|(_, orphan)| ended(orphan));
    let deletes: Vec<Request> = orphans.map(|(_, orphan)| Request::delete(orphan, None)).collect();
    if deletes.is_empty() {
        return Outcome::Idle;
    }
    crate::controllers::write_if_admitted(world, object, Rule("IM-8"), deletes)
}
