//! Longhorn's instance manager controller: `controller/instance_manager_controller.go`.
//!
//! It keeps one pod for each instance manager that is not being deleted. For one that is, it deletes the pod and returns:
//! no status is written any more, and no pod is started (IM-1).

use super::{
    Difference, certain_node, down, instance_manager_budget, instance_managers, instance_of, responsible, setting,
};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, InstanceManager, Key, Kind, Name, Object, Orphan, Outcome,
    OwnerReference, Pod, Process, Request, Rule, World, kinds,
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
        let observed = observe(world, object, manager, pod.map(|pod| &**pod));
        if observed != *manager {
            let rule = if observed.state.as_str() == "unknown" { Rule("IM-4") } else { Rule("IM-2") };
            // The status is written last, and what it says counts before.
            let mut requests = self.ended_orphans(world, object, &observed, pod.is_none());
            requests.push(Request::write(object, Facet::InstanceManager(observed)));
            return write_if_admitted(world, object, rule, requests);
        }
        if waits_for_another(world, object, manager) {
            return Outcome::Idle;
        }
        if matches!(manager.state.as_str(), "stopped" | "error") {
            let here = self.process(world, object) == Process::LonghornManager(manager.node);
            let write = match pod {
                Some(pod) if pod.deleting() => None,
                Some(pod) => Some(Request::delete(pod, None)),
                None if !here || cordoned(world, manager.node) => None,
                None => Some(Request::create(new_pod(object, manager))),
            };
            if let Some(write) = write {
                return write_if_admitted(world, object, Rule("IM-6"), vec![write]);
            }
        }
        if let Some(budget) = instance_manager_budget::sync(world, object, manager) {
            return write_if_admitted(world, object, Rule("IM-7"), vec![budget]);
        }
        let deletes = self.ended_orphans(world, object, manager, pod.is_none());
        match deletes.is_empty() {
            true => Outcome::Idle,
            false => write_if_admitted(world, object, Rule("IM-8"), deletes),
        }
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
            Fact::Exists(key) | Fact::Alive(key) if key.kind.is("", "Pod") => {
                let manager = Key { kind: kinds::longhorn_instance_manager(), ..*key };
                let object = world.find(manager)?;
                let deleting = Evidence::new(manager, "metadata/deletionTimestamp", "set");
                let evidence = object.deleting().then_some(deleting).into_iter().collect();
                by(manager_of(object)?.node, "IM-1", Condition::Is(Fact::Alive(manager)), evidence)
            }
            // IM-2 and IM-4; for an instance manager that is being deleted no status is written any more (IM-1).
            Fact::LeftState(key, state) if key.kind == kinds::longhorn_instance_manager() => {
                let object = world.find(*key).filter(|object| !object.deleting())?;
                let manager = manager_of(object)?;
                let pod = world.find(pod_key(*key));
                let seen = pod.is_some() || world.lists(kinds::pod());
                let leaves = seen && observe(world, object, manager, pod.map(|pod| &**pod)).state != *state;
                let node = Key::new(kinds::longhorn_node(), key.namespace, manager.node);
                let lost = |reason: &str| Condition::Is(Fact::InState(node, reason.into()));
                let when = match leaves {
                    true => Condition::always(),
                    false => Condition::Any(["KubernetesNodeNotReady", "KubernetesNodeGone"].map(lost).into()),
                };
                Some(Provided::new(Rule("IM-2"), self.process(world, object), when, Vec::new()))
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

/// Whether Kubernetes schedules nothing to a node.
pub(super) fn cordoned(world: &World, node: Name) -> bool {
    let node = world.find(Key::new(kinds::node(), Name::default(), node));
    matches!(node.map(|node| &node.facet), Some(Facet::Node(node)) if node.cordoned)
}

/// IM-2, IM-4 and IM-5: state, address and instances as the pod and the node have them.
fn observe(world: &World, object: &Object, manager: &InstanceManager, pod: Option<&Object>) -> InstanceManager {
    let (state, ip) = match pod.map(|pod| (pod, &pod.facet)) {
        None if matches!(manager.state.as_str(), "" | "stopped") => ("stopped", manager.ip),
        None => ("error", manager.ip),
        Some((pod, Facet::Pod(_))) if pod.deleting() => ("error", manager.ip),
        Some((_, Facet::Pod(pod))) => match pod.phase.as_str() {
            "Pending" => ("starting", manager.ip),
            // On a node that fell silent the pod is not ready, and its containers are, as far as anybody knows.
            "Running" if pod.ready || pod.silent => ("running", pod.ip),
            "Running" => ("starting", manager.ip),
            _ => ("error", manager.ip),
        },
        Some(_) => ("error", manager.ip),
    };
    let lost = state != "error" && down(world, object.key.namespace, manager.node);
    let state = if lost { "unknown" } else { state };
    let instances = if matches!(state, "running" | "unknown") { manager.instances.clone() } else { Vec::new() };
    InstanceManager { state: state.into(), ip, instances, ..manager.clone() }
}

/// IM-3: only one v2 instance manager of a node can have the huge pages (`canProceedWithInstanceManagerSync`).
fn waits_for_another(world: &World, object: &Object, manager: &InstanceManager) -> bool {
    let stopped = |manager: &InstanceManager| manager.state.as_str() == "stopped";
    let of_node = || instance_managers(world, manager.node, "v2").filter(|(other, _)| other.key != object.key);
    let image = setting(world, object.key.namespace, "default-instance-manager-image", "");
    let alone = || of_node().all(|(_, other)| stopped(other)) && (image.is_empty() || manager.image == image);
    manager.data_engine.as_str() == "v2" && stopped(manager) && !alone()
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

impl InstanceManagerController {
    /// IM-8: deletes instance orphans when this instance manager does not run, when somebody else looks after it, when it no longer
    /// has the instance, or when the instance was scheduled back.
    fn ended_orphans(&self, world: &World, object: &Object, manager: &InstanceManager, no_pod: bool) -> Vec<Request> {
        let elsewhere = self.process(world, object) != Process::LonghornManager(manager.node);
        let terminating = no_pod || manager.state.as_str() != "running" || elsewhere;
        let ended = |orphan: &Orphan| {
            let ours = !world.profile().has(Difference::OwnOrphansOnly) || orphan.instance_manager == object.key.name;
            ours && orphan.of_instance()
                && (terminating
                    || auto_deleted(world, object.key.namespace, orphan)
                    || !manager.has(orphan.instance)
                    || scheduled_back(world, object.key.namespace, orphan))
        };
        let orphans = world
            .on_node(kinds::longhorn_orphan(), manager.node)
            .filter(|(_, orphan)| matches!(&orphan.facet, Facet::Orphan(facet) if !orphan.deleting() && ended(facet)));
        orphans.map(|(_, orphan)| Request::delete(orphan, None)).collect()
    }
}

/// Whether the setting `orphan-resource-auto-deletion` lists an instance orphan's type, in the words before v1.9.0 or since.
fn auto_deleted(world: &World, namespace: Name, orphan: &Orphan) -> bool {
    let before = if orphan.orphan_type.as_str() == "engine-instance" { "engineInstance" } else { "replicaInstance" };
    let listed = setting(world, namespace, "orphan-resource-auto-deletion", "");
    listed.as_str().split(';').any(|item| item == before || item == "instance")
}

/// Whether the instance of an orphan is certain to be back where it was.
fn scheduled_back(world: &World, namespace: Name, orphan: &Orphan) -> bool {
    let engine = orphan.orphan_type.as_str() == "engine-instance";
    let found = instance_of(world, namespace, orphan.instance, engine).ok().flatten();
    matches!(found.map(|found| &found.facet), Some(Facet::Instance(instance)) if certain_node(instance) == Some(orphan.node))
}

/// IM-0: the pods that instance managers left behind. A watcher of its own, since what is gone is handled no more.
pub(crate) struct LeftPods;

impl Controller for LeftPods {
    fn name(&self) -> &'static str {
        InstanceManagerController.name()
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::pod())
    }

    fn handles(&self, _: &World, pod: &Object) -> bool {
        !pod.deleting() && pod.label(COMPONENT).is_some_and(|component| component.as_str() == "instance-manager")
    }

    fn process(&self, world: &World, pod: &Object) -> Process {
        responsible(world, pod.key.namespace, pod.facet.node().unwrap_or_default())
    }

    fn reconcile(&self, world: &World, pod: &Object) -> Outcome {
        let manager = Key { kind: kinds::longhorn_instance_manager(), ..pod.key };
        let left = world.lists(manager.kind) && world.find(manager).is_none();
        match left {
            true => write_if_admitted(world, pod, Rule("IM-0"), vec![Request::delete(pod, None)]),
            false => Outcome::Idle,
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// The label that tells what an object of Longhorn's is for.
pub(super) const COMPONENT: &str = "longhorn.io/component";
