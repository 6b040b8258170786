//! Longhorn's node controller, with its disk monitor: `controller/node_controller.go`, `controller/monitor/disk_monitor.go`.
//!
//! It keeps an instance manager for each data engine, and takes one that is being deleted for the one that it wants (NODE-3).
//! A block disk is schedulable when the v2 instance manager's disk service answers (NODE-4, NODE-5).

use super::instance_manager::pod_key;
use super::kubernetes_node::kubernetes_node;
use super::{
    DISK_SERVICE, Difference, FINALIZER, instance_manager_name, instance_managers, running_instance_manager,
    running_manager, setting,
};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Disk, Endpoint, Evidence, Facet, Fact, InstanceManager, Key, Kind, LonghornNode, Name,
    Object, Outcome, OwnerReference, Process, Propagation, Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct NodeController;

const DATA_ENGINES: [&str; 2] = ["v1", "v2"];

/// The label of a Kubernetes node on which the v2 data engine is off (`NodeDisableV2DataEngineLabelKey`).
const DISABLES_V2: &str = "node.longhorn.io/disable-v2-data-engine";

impl Controller for NodeController {
    fn name(&self) -> &'static str {
        "node controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_node())
    }

    fn handles(&self, _: &World, _: &Object) -> bool {
        true
    }

    /// Whether a node is ready is told by whoever runs; all else by its own longhorn-manager.
    fn process(&self, world: &World, object: &Object) -> Process {
        let own = Process::LonghornManager(object.key.name);
        let runs = world.holds(&Fact::Runs(own));
        if runs { own } else { running_manager(world, |_| true).unwrap_or(own) }
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::LonghornNode(node) = &object.facet else {
            return Outcome::Idle;
        };
        if object.deleting() {
            return match object.has_finalizer(FINALIZER) {
                true => {
                    let removal = vec![Request::remove_finalizer(object, FINALIZER)];
                    write_if_admitted(world, object, Rule("NODE-1"), removal)
                }
                false => Outcome::Idle,
            };
        }
        let not_ready = not_ready(world, object, node);
        if not_ready != node.not_ready {
            let facet = Facet::LonghornNode(LonghornNode { not_ready, ..node.clone() });
            return Outcome::Write(Rule("NODE-2"), vec![Request::write(object, facet)]);
        }
        if !world.holds(&Fact::Runs(Process::LonghornManager(object.key.name))) {
            return Outcome::Idle;
        }
        let managers = |data_engine| sync_managers(world, object, data_engine);
        let writes: Vec<Request> = DATA_ENGINES.into_iter().find_map(managers).into_iter().collect();
        if !writes.is_empty() {
            return write_if_admitted(world, object, Rule("NODE-3"), writes);
        }
        let observed = LonghornNode {
            disks: node.disks.iter().map(|disk| observe(world, object, disk)).collect(),
            ..node.clone()
        };
        if observed != *node {
            return Outcome::Write(Rule("NODE-5"), vec![Request::write(object, Facet::LonghornNode(observed))]);
        }
        if let Some((rule, deletes)) = left_orphans(world, object, node) {
            return write_if_admitted(world, object, rule, deletes);
        }
        let waiting = node.disks.iter().find(|disk| !disk.schedulable && monitored(world, object, disk));
        match waiting {
            Some(disk) => Outcome::Wait(Wait {
                rule: Rule("NODE-4"),
                goal: Fact::DiskSchedulable(object.key, disk.name),
                on: Condition::Is(disk_service(world, object)),
            }),
            None => Outcome::Idle,
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let by = |node, rule, when, evidence| {
            Some(Provided::new(Rule(rule), Process::LonghornManager(node), when, evidence))
        };
        match fact {
            Fact::DiskSchedulable(key, disk) => {
                let node = world.find(*key)?;
                let path = format!("status/diskStatus/{disk}/conditions");
                let evidence = vec![Evidence::new(*key, &path, "Schedulable is False")];
                by(key.name, "NODE-4", Condition::Is(disk_service(world, node)), evidence)
            }
            Fact::InState(key, reason) if key.kind == kinds::longhorn_node() => {
                let object = world.find(*key).filter(|object| !object.deleting())?;
                let Facet::LonghornNode(node) = &object.facet else { return None };
                let process = self.process(world, object);
                (not_ready(world, object, node) == *reason)
                    .then(|| Provided::new(Rule("NODE-2"), process, Condition::always(), Vec::new()))
            }
            Fact::Alive(key) if key.kind == kinds::longhorn_instance_manager() => {
                let node = world.of_kind(kinds::longhorn_node()).find(|(_, node)| wants(world, node, *key))?.1.key.name;
                let found = world.find(*key);
                // The successor has the same name: it can be created only when the old one is gone.
                let when = found.map_or(Condition::always(), |old| Condition::Is(Fact::Gone((&**old).into())));
                let deleting = Evidence::new(*key, "metadata/deletionTimestamp", "set");
                let evidence = found.filter(|old| old.deleting()).map(|_| deleting).into_iter().collect();
                by(node, "NODE-3", when, evidence)
            }
            Fact::Freed(target, finalizer)
                if target.key.kind == kinds::longhorn_node() && finalizer.as_str() == FINALIZER =>
            {
                let node = world.resolve(*target)?;
                Some(Provided::new(Rule("NODE-1"), self.process(world, node), Condition::always(), Vec::new()))
            }
            _ => None,
        }
    }
}

fn enabled(world: &World, namespace: Name, data_engine: &str) -> bool {
    let default = if data_engine == "v1" { "true" } else { "false" };
    setting(world, namespace, &format!("{data_engine}-data-engine"), default).as_str() == "true"
}

fn default_image(world: &World, namespace: Name) -> Name {
    setting(world, namespace, "default-instance-manager-image", "")
}

/// Whether the node controller wants an instance manager of this key on this node.
fn wants(world: &World, node: &Object, manager: Key) -> bool {
    let image = default_image(world, node.key.namespace);
    !node.deleting()
        && DATA_ENGINES.into_iter().any(|data_engine| {
            enabled(world, node.key.namespace, data_engine)
                && instance_manager_name(node.key.name, image, data_engine) == manager.name
        })
}

/// NODE-2: the reason for which a node is not ready; empty for one that is. What the dump does not list is not judged.
fn not_ready(world: &World, object: &Object, node: &LonghornNode) -> Name {
    let kubernetes = world.find(kubernetes_node(object.key.name));
    let ready = match kubernetes.map(|kubernetes| &kubernetes.facet) {
        Some(Facet::Node(kubernetes)) => kubernetes.ready,
        _ if !world.lists(kinds::node()) => return node.not_ready,
        _ => return Name::new("KubernetesNodeGone"),
    };
    if !ready {
        return Name::new("KubernetesNodeNotReady");
    }
    if !world.lists(kinds::pod()) {
        return node.not_ready;
    }
    let manager = |pod: &Object| pod.label("app").is_some_and(|app| app.as_str() == "longhorn-manager");
    let mut pods = world.on_node(kinds::pod(), object.key.name).filter(|(_, pod)| manager(pod)).peekable();
    match pods.peek().is_some() {
        false => Name::new("ManagerPodMissing"),
        true if pods.all(|(_, pod)| pod.listens()) => Name::default(),
        true => Name::new("ManagerPodDown"),
    }
}

/// NODE-6 and NODE-O: instance orphans of a node that is evicted, or, in some versions, of instance managers that are gone or
/// going, are deleted.
fn left_orphans(world: &World, object: &Object, node: &LonghornNode) -> Option<(Rule, Vec<Request>)> {
    let rule = if node.evicted { Rule("NODE-6") } else { Rule("NODE-O") };
    if !node.evicted && !world.profile().has(Difference::DeletesLeftOrphans) {
        return None;
    }
    let left = |manager: Name| {
        let key = Key::new(kinds::longhorn_instance_manager(), object.key.namespace, manager);
        world.find(key).map_or(world.lists(key.kind), |manager| manager.deleting())
    };
    let goes = |orphan: &Object| match &orphan.facet {
        Facet::Orphan(facet) => {
            !orphan.deleting() && facet.of_instance() && (node.evicted || left(facet.instance_manager))
        }
        _ => false,
    };
    let orphans = world.on_node(kinds::longhorn_orphan(), object.key.name).filter(|(_, orphan)| goes(orphan));
    let deletes: Vec<Request> = orphans.map(|(_, orphan)| Request::delete(orphan, None)).collect();
    (!deletes.is_empty()).then_some((rule, deletes))
}

/// NODE-3: the first thing that is to be done about a data engine's instance managers: one that is not wanted is deleted, one that
/// is missing is created. One with the default image counts as there even if it is being deleted.
fn sync_managers(world: &World, node: &Object, data_engine: &'static str) -> Option<Request> {
    let namespace = node.key.namespace;
    let image = default_image(world, namespace);
    // Without the setting or without instance managers in the dump, nothing is known to be missing.
    let known = !image.is_empty() && world.lists(kinds::longhorn_instance_manager());
    if !known || !enabled(world, namespace, data_engine) {
        return None;
    }
    let label = || world.find(kubernetes_node(node.key.name)).and_then(|kubernetes| kubernetes.label(DISABLES_V2));
    let disabled = data_engine == "v2" && label().is_some_and(|value| value.as_str() == "true");
    let managers = || instance_managers(world, node.key.name, data_engine);
    let unwanted = |object: &Object, manager: &InstanceManager| {
        let active = |state: Name| matches!(state.as_str(), "running" | "starting");
        let running = manager.state.as_str() == "running" && !object.deleting();
        let used = running && manager.instances.iter().any(|process| active(process.state));
        let unknown = manager.state.as_str() == "unknown" && !object.deleting();
        if manager.image == image { disabled && !used } else { !used && !unknown }
    };
    let redundant = managers().find(|(object, manager)| !object.deleting_dependents() && unwanted(object, manager));
    if let Some((object, _)) = redundant {
        return Some(Request::delete(object, Some(Propagation::Foreground)));
    }
    if disabled || managers().any(|(_, manager)| manager.image == image) {
        return None;
    }
    let name = instance_manager_name(node.key.name, image, data_engine);
    let label = |key: &str, value: &str| (Name::new(key), Name::new(value));
    let owner = OwnerReference {
        api_version: node.api_version,
        kind: node.key.kind.kind,
        name: node.key.name,
        uid: node.uid,
        controller: false,
        block: true,
    };
    let manager = InstanceManager {
        image,
        node: node.key.name,
        role: "aio".into(),
        data_engine: data_engine.into(),
        ..InstanceManager::default()
    };
    let key = Key::new(kinds::longhorn_instance_manager(), namespace, name);
    // One of that name that is not found by node and data engine stands in the way.
    if let Some(other) = world.find(key) {
        return (!other.deleting_dependents()).then(|| Request::delete(other, Some(Propagation::Foreground)));
    }
    Some(Request::create(Object {
        key,
        api_version: node.api_version,
        uid: Name::default(),
        labels: vec![label("longhorn.io/data-engine", data_engine), label("longhorn.io/node", node.key.name.as_str())],
        owners: vec![owner],
        finalizers: Vec::new(),
        deletion: None,
        facet: Facet::InstanceManager(manager),
    }))
}

/// Whether the v2 disk monitor looks after a disk. Other disks stay as the dump has them.
fn monitored(world: &World, node: &Object, disk: &Disk) -> bool {
    disk.block && enabled(world, node.key.namespace, "v2") && world.lists(kinds::longhorn_instance_manager())
}

/// NODE-4 and NODE-5: a block disk is ready, and then schedulable, when the disk service answers.
fn observe(world: &World, node: &Object, disk: &Disk) -> Disk {
    if !monitored(world, node, disk) {
        return disk.clone();
    }
    let answers = match running_instance_manager(world, node.key.name, "v2") {
        Some((manager, status)) => world.holds(&Fact::Answers(endpoint(manager, status))),
        None => false,
    };
    // A disk that is ready can still be under pressure: its Schedulable is left as it is until it was not ready.
    let schedulable = answers && (disk.schedulable || !disk.ready);
    Disk { ready: answers, schedulable, ..disk.clone() }
}

fn endpoint(manager: &Object, status: &InstanceManager) -> Endpoint {
    Endpoint { ip: status.ip, port: DISK_SERVICE, of: manager.key }
}

/// What a block disk of a node waits for: the address in the running instance manager's status, or a pod for the one that is
/// to come.
pub(super) fn disk_service(world: &World, node: &Object) -> Fact {
    match running_instance_manager(world, node.key.name, "v2") {
        Some((manager, status)) => Fact::Answers(endpoint(manager, status)),
        None => {
            let image = default_image(world, node.key.namespace);
            let name = instance_manager_name(node.key.name, image, "v2");
            Fact::PodRuns(pod_key(Key::new(kinds::longhorn_instance_manager(), node.key.namespace, name)))
        }
    }
}
