//! The PodDisruptionBudgets of instance managers: `syncInstanceManagerPDB` of `controller/instance_manager_controller.go` (IM-7).
//!
//! A budget has the name of its instance manager, and none of its pods to spare: while it is there, a drain cannot evict the pod. A dump
//! that shows no budget of Longhorn's at all was taken without them, and nothing is made up.

use super::instance_manager::{COMPONENT, cordoned};
use super::{instance_managers, running_manager, setting};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Amount, Controller, DisruptionBudget, Facet, Fact, Instance, InstanceManager, Key, Kind, Name, Object, Outcome,
    Process, Request, Rule, Selector, World, kinds,
};

/// What is to be done about the budget of an instance manager that is not being deleted.
pub(super) fn sync(world: &World, object: &Object, manager: &InstanceManager) -> Option<Request> {
    if manager.state.as_str() != "running" || !covered(world) {
        return None;
    }
    let key = budget_key(object.key);
    let found = world.find(key);
    let spared = || can_go(world, object, manager);
    let autoscaled = || setting(world, object.key.namespace, "kubernetes-cluster-autoscaler-enabled", "false");
    match found {
        None if cordoned(world, manager.node) || (autoscaled().as_str() == "true" && spared()) => None,
        None => Some(Request::create(new_budget(key, object))),
        Some(found) => {
            let goes = (cordoned(world, manager.node) || autoscaled().as_str() == "true") && spared();
            (goes && !found.deleting()).then(|| Request::delete(found, None))
        }
    }
}

/// `canDeleteInstanceManagerPDB`, for an instance manager of both engines and replicas: no volume is attached on the node, and as the
/// setting `node-drain-policy` says, each replica there has a healthy one that is protected on another node.
fn can_go(world: &World, object: &Object, manager: &InstanceManager) -> bool {
    let namespace = object.key.namespace;
    let of_node = ["v1", "v2"].into_iter().flat_map(|data_engine| instance_managers(world, manager.node, data_engine));
    let attached = |manager: &InstanceManager| manager.instances.iter().any(|process| process.engine);
    let policy = setting(world, namespace, "node-drain-policy", "block-if-contains-last-replica");
    if of_node.into_iter().any(|(_, manager)| attached(manager)) {
        return false;
    }
    let mut here = replicas(world).filter(|replica| replica.node == manager.node);
    let stopped = |replica: &Instance| replica.desired.as_str() == "stopped" && replica.state.as_str() == "stopped";
    // One that was never started has no data to lose.
    let unused = |replica: &Instance| !replica.healthy && !replica.failed;
    let protected = |replica: &Instance| {
        let healthy = |other: &Instance| other.volume == replica.volume && other.healthy && !other.failed;
        let mut others = replicas(world).filter(|other| other.node != manager.node && healthy(other));
        others.any(|other| {
            let key = Key::new(kinds::disruption_budget(), namespace, other.instance_manager);
            !cordoned(world, other.node) && world.find(key).is_some()
        })
    };
    match policy.as_str() {
        "always-allow" => true,
        "block-for-eviction" => here.next().is_none(),
        "allow-if-replica-is-stopped" => here.all(|it| stopped(it) || unused(it) || protected(it)),
        _ => here.all(|it| unused(it) || protected(it)),
    }
}

fn replicas(world: &World) -> impl Iterator<Item = &Instance> {
    world.of_kind(kinds::longhorn_replica()).filter_map(|(_, object)| match &object.facet {
        Facet::Instance(instance) => Some(instance),
        _ => None,
    })
}

/// Whether the dump shows budgets of Longhorn's.
fn covered(world: &World) -> bool {
    world.of_kind(kinds::disruption_budget()).any(|(_, object)| is_longhorn(object))
}

/// Whether a budget is an instance manager's, by its selector.
fn is_longhorn(object: &Object) -> bool {
    let Facet::DisruptionBudget(budget) = &object.facet else { return false };
    let labels = budget.selector.iter().flat_map(Selector::labels);
    labels.into_iter().any(|(key, value)| key.as_str() == COMPONENT && value.as_str() == "instance-manager")
}

fn budget_key(manager: Key) -> Key {
    Key { kind: kinds::disruption_budget(), ..manager }
}

fn new_budget(key: Key, manager: &Object) -> Object {
    let component = (Name::new(COMPONENT), Name::new("instance-manager"));
    let labels = manager.labels.iter().copied().filter(|(name, _)| name.as_str() != COMPONENT).chain([component]);
    let facet = DisruptionBudget {
        selector: Some(Selector::equal(labels)),
        min_available: Some(Amount::Count(1)),
        max_unavailable: None,
    };
    Object {
        key,
        api_version: Name::new("policy/v1"),
        uid: Name::default(),
        labels: Vec::new(),
        owners: Vec::new(),
        finalizers: Vec::new(),
        deletion: None,
        facet: Facet::DisruptionBudget(facet),
    }
}

/// The budgets that instance managers left behind (`cleanUpPDBForNonExistingIM`). A watcher of its own, since what is gone is handled
/// no more.
pub(crate) struct LeftBudgets;

impl Controller for LeftBudgets {
    fn name(&self) -> &'static str {
        super::instance_manager::InstanceManagerController.name()
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::disruption_budget())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() && is_longhorn(object)
    }

    fn process(&self, world: &World, _: &Object) -> Process {
        running_manager(world, |_| true).unwrap_or(Process::LonghornManager(Name::default()))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let manager = Key { kind: kinds::longhorn_instance_manager(), ..object.key };
        match world.lists(manager.kind) && world.find(manager).is_none() {
            true => write_if_admitted(world, object, Rule("IM-7"), vec![Request::delete(object, None)]),
            false => Outcome::Idle,
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}
