//! The monitor of an instance manager: `InstanceManagerMonitor` of `controller/instance_manager_controller.go`.
//!
//! It runs on the instance manager's own node while that is running and is not being deleted, writes down what its process runs
//! (IM-M), and makes orphans of what nobody asked for (IM-M1).

use super::instance_manager::pod_key;
use super::{Difference, FINALIZER, INSTANCE_SERVICE, certain_node, instance_of, orphan_name};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Controller, Endpoint, Facet, Fact, InstanceManager, InstanceProcess, Key, Kind, Name, Object, Orphan, Outcome,
    OwnerReference, Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct InstanceManagerMonitor;

impl Controller for InstanceManagerMonitor {
    fn name(&self) -> &'static str {
        "instance manager monitor"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_instance_manager())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        let running = |manager: &InstanceManager| manager.state.as_str() == "running";
        !object.deleting() && matches!(&object.facet, Facet::InstanceManager(manager) if running(manager))
    }

    fn process(&self, _: &World, object: &Object) -> Process {
        Process::LonghornManager(object.facet.node().unwrap_or_default())
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::InstanceManager(manager) = &object.facet else {
            return Outcome::Idle;
        };
        let endpoint = Endpoint { ip: manager.ip, port: INSTANCE_SERVICE, of: object.key };
        let answers = world.dial(&endpoint).is_ok_and(|id| world.key(id) == pod_key(object.key));
        let pod = world.find(pod_key(object.key)).filter(|_| answers);
        let Some(Facet::Pod(pod)) = pod.map(|pod| &pod.facet) else {
            return Outcome::Idle;
        };
        if pod.processes != manager.instances {
            let observed = InstanceManager { instances: pod.processes.clone(), ..manager.clone() };
            return Outcome::Write(Rule("IM-M"), vec![Request::write(object, Facet::InstanceManager(observed))]);
        }
        let orphans = manager.instances.iter().filter(|process| orphaned(world, object, manager, process));
        let orphans = orphans.map(|process| new_orphan(world, object, manager, process));
        let creates: Vec<Request> =
            orphans.filter(|orphan| world.find(orphan.key).is_none()).map(Request::create).collect();
        match creates.is_empty() {
            true => Outcome::Idle,
            false => write_if_admitted(world, object, Rule("IM-M1"), creates),
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// Whether an instance runs here that nobody asked for: its Engine or Replica is gone, or is certain to be on another node.
fn orphaned(world: &World, object: &Object, manager: &InstanceManager, process: &InstanceProcess) -> bool {
    if world.profile().has(Difference::OwnOrphansOnly) {
        let unsettled = matches!(process.state.as_str(), "starting" | "stopping" | "stopped");
        if unsettled || manager.data_engine.as_str() != "v1" {
            return false;
        }
    }
    let asked_for = instance_of(world, object.key.namespace, process.name, process.engine);
    match asked_for.map(|found| found.map(|found| &found.facet)) {
        Ok(None) => true,
        Ok(Some(Facet::Instance(instance))) => certain_node(instance).is_some_and(|node| node != manager.node),
        Ok(Some(_)) | Err(()) => false,
    }
}

/// The orphan of an instance, as the mutating webhook completes it (`webhook/resources/orphan/mutator.go`).
fn new_orphan(world: &World, object: &Object, manager: &InstanceManager, process: &InstanceProcess) -> Object {
    let profile = world.profile();
    let owner = OwnerReference {
        api_version: object.api_version,
        kind: object.key.kind.kind,
        name: object.key.name,
        uid: object.uid,
        controller: true,
        block: !profile.has(Difference::OrphansDoNotBlock),
    };
    let (orphan_type, label) = match process.engine {
        true => ("engine-instance", "longhornengine"),
        false => ("replica-instance", "longhornreplica"),
    };
    let name = orphan_name(profile, process.name, object, manager.node, manager.data_engine);
    let mut labels = vec![
        (Name::new("longhorn.io/component"), Name::new("orphan")),
        (Name::new("longhorn.io/orphan-type"), Name::new(orphan_type)),
        (Name::new(label), process.name),
        (Name::new("longhornnode"), manager.node),
    ];
    if profile.has(Difference::OwnOrphansOnly) {
        labels.push((Name::new("longhorninstancemanager"), object.key.name));
    }
    labels.sort_unstable();
    Object {
        key: Key::new(kinds::longhorn_orphan(), object.key.namespace, name),
        api_version: object.api_version,
        uid: Name::default(),
        labels,
        owners: if profile.has(Difference::OrphansUnowned) { Vec::new() } else { vec![owner] },
        finalizers: vec![Name::new(FINALIZER)],
        deletion: None,
        facet: Facet::Orphan(Orphan {
            node: manager.node,
            orphan_type: Name::new(orphan_type),
            data_engine: manager.data_engine,
            instance: process.name,
            instance_manager: object.key.name,
            ..Orphan::default()
        }),
    }
}
