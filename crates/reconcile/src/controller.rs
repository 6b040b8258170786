//! What a controller is.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::controllers::{
    adoption, api_server, collected, daemon_set, declared, definition, deployment, garbage_collector, job, kubelet,
    longhorn, namespace, node_lifecycle, protection, replica_set, service_account, stateful_set, taint_eviction,
};
use crate::scheduler::Enabled;
use crate::{
    Condition, Endpoint, Fact, Key, Kind, Name, Object, ObjectId, ObjectRef, Operation, Process, Request, World,
};

/// A rule's stable identifier: its letter and number in the reference (`E2`), or its name there (`ORP-B5`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(pub &'static str);

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Name::deserialize(deserializer).map(|name| Self(name.as_str()))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Whoever must act: a controller, in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    /// The controller's name.
    pub controller: &'static str,
    /// Where it runs.
    pub process: Process,
}

/// A field of an object that a statement rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The object, whether it is there or not.
    pub key: Key,
    /// The field's path, outermost first; empty for the object as a whole.
    pub path: Vec<String>,
    /// The field's value, or what is said of the object.
    pub value: Name,
}

impl Evidence {
    /// A field of an object.
    pub fn new(key: Key, path: &str, value: impl Into<Name>) -> Self {
        Self {
            key,
            path: path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            value: value.into(),
        }
    }
}

/// What a controller does about one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing, and it wants nothing.
    Idle,
    /// It sends these requests, in this order.
    Write(Rule, Vec<Request>),
    /// It wants something to be so, and waits.
    Wait(Wait),
}

impl Outcome {
    /// What is sent, and by which rule.
    pub fn write(self) -> Option<(Rule, Vec<Request>)> {
        match self {
            Self::Write(rule, requests) => Some((rule, requests)),
            Self::Idle | Self::Wait(_) => None,
        }
    }
}

/// What a controller waits for, and what it would then bring about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The rule that makes it wait.
    pub rule: Rule,
    /// What does not come about until then.
    pub goal: Fact,
    /// What it waits for.
    pub on: Condition,
}

/// A condition under which an actor would bring a fact about: one rule of the diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// Who would.
    pub actor: Actor,
    /// By which rule.
    pub rule: Rule,
    /// When.
    pub when: Condition,
    /// What in the snapshot shows it.
    pub evidence: Vec<Evidence>,
}

/// A reconcile loop as a pure function of the world.
pub trait Controller: Sync {
    /// Its name, as Kubernetes or its project has it.
    fn name(&self) -> &'static str;

    /// The kind that it watches; `None` for every kind.
    fn kind(&self) -> Option<Kind>;

    /// Whether it has anything to do with one object of its kind.
    fn handles(&self, world: &World, object: &Object) -> bool;

    /// The process that handles this object. Most are kube-controller-manager's.
    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
    }

    /// What it does about one object.
    fn reconcile(&self, world: &World, object: &Object) -> Outcome;

    /// What it sends about one object now, and by which rule: the writes of [`Controller::reconcile`], for whoever does not ask
    /// what it waits for.
    fn acts(&self, world: &World, object: &Object) -> Option<(Rule, Vec<Request>)> {
        self.reconcile(world, object).write()
    }

    /// What it forgets as it takes an object on: for a controller with a queue of its own, the object's place in it.
    fn take(&self, _world: &mut World, _step: &Enabled) {}

    /// The condition under which it would ever bring a fact about; `None` when it never would. Admission and the
    /// process that must run are added by [`provisions`].
    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided>;
}

/// What a controller says in [`Controller::provides`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provided {
    rule: Rule,
    process: Process,
    when: Condition,
    evidence: Vec<Evidence>,
    through: Through,
}

/// How a write reaches storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Through {
    /// By the usual request for such a fact.
    Usual,
    /// By another request.
    Request(Operation),
    /// Past all admission, as the API server writes for itself.
    Storage,
}

impl Provided {
    /// By this rule, this process would, when `when` holds; `evidence` shows it in the snapshot.
    pub fn new(rule: Rule, process: Process, when: Condition, evidence: Vec<Evidence>) -> Self {
        Self { rule, process, when, evidence, through: Through::Usual }
    }

    /// The write that does it, where it is another than the usual one for such a fact.
    pub fn through(self, operation: Operation) -> Self {
        Self { through: Through::Request(operation), ..self }
    }

    /// No admission webhook sees the write.
    pub fn in_storage(self) -> Self {
        Self { through: Through::Storage, ..self }
    }
}

/// Every controller, in the order in which the scheduler goes round. Whoever only follows its watches comes before the garbage
/// collector, which asks the API server about every owner first, and was always the slower one in the recordings.
pub fn controllers() -> &'static [&'static dyn Controller] {
    &[
        &api_server::ApiServer,
        &job::PodTracking,
        &adoption::DEPLOYMENTS,
        &adoption::REPLICA_SETS,
        &adoption::REPLICATION_CONTROLLERS,
        &adoption::STATEFUL_SETS,
        &adoption::DAEMON_SETS,
        &adoption::JOBS,
        &job::JobController,
        &deployment::DeploymentController,
        &replica_set::REPLICA_SETS,
        &replica_set::REPLICATION_CONTROLLERS,
        &stateful_set::StatefulSetController,
        &daemon_set::DaemonSetController,
        &garbage_collector::GarbageCollector,
        &namespace::NamespaceController,
        &definition::DefinitionFinalizer,
        &definition::Autoregister,
        &protection::ClaimProtection,
        &protection::VolumeBinder,
        &protection::VolumeProtection,
        &collected::TokensController,
        &service_account::SERVICE_ACCOUNT,
        &service_account::ROOT_CA,
        &collected::EndpointsController,
        &collected::PodCollector,
        &node_lifecycle::NodeLifecycleController,
        &taint_eviction::TaintEvictionController,
        &kubelet::NodeStatus,
        &kubelet::Kubelet,
        &longhorn::setting::SettingController,
        &longhorn::instance_manager::InstanceManagerController,
        &longhorn::instance_manager::LeftPods,
        &longhorn::instance_manager_budget::LeftBudgets,
        &longhorn::instance_manager_monitor::InstanceManagerMonitor,
        &longhorn::orphan::OrphanController,
        &longhorn::engine::ENGINES,
        &longhorn::replica::REPLICAS,
        &longhorn::volume::VolumeController,
        &longhorn::snapshot::SnapshotController,
        &longhorn::volume_attachment::VolumeAttachmentController,
        &longhorn::share_manager::ShareManagerController,
        &longhorn::engine_image::EngineImageController,
        &longhorn::backing_image::BackingImageController,
        &longhorn::backing_image_data_source::BackingImageDataSourceController,
        &longhorn::backing_image_manager::BackingImageManagerController,
        &longhorn::backup::BackupController,
        &longhorn::support_bundle::SupportBundleController,
        &longhorn::uninstall::UninstallController,
        &longhorn::kubernetes_node::KubernetesNodeController,
        &longhorn::node::NodeController,
        &declared::Declared,
    ]
}

/// The conditions under which a fact would come about: by the API server, and by each controller that provides it. An
/// empty list means that nobody ever would.
pub fn provisions(world: &World, fact: &Fact) -> Vec<Provision> {
    let by_controllers = controllers().iter().filter_map(|controller| {
        let provided = controller.provides(world, fact)?;
        let Provided { rule, process, when, evidence, through } = provided;
        let (mut needs, mut evidence) = (vec![when], evidence);
        // The control plane is named only where a person stopped it.
        let runs = Fact::Runs(process);
        let control_plane = matches!(process, Process::ControllerManager | Process::ApiServer);
        if !control_plane || !world.holds(&runs) {
            needs.push(Condition::Is(runs));
        }
        if let Some((object, usual)) = written(fact) {
            let operation = match through {
                Through::Usual => Some(usual),
                Through::Request(operation) => Some(operation),
                Through::Storage => None,
            };
            evidence.extend(operation.and_then(|operation| world.refusal_evidence(object.key, operation)));
            needs.extend(operation.map(|operation| Condition::Is(Fact::Admitted(object, operation))));
        }
        let when = if needs.len() == 1 { needs.remove(0) } else { Condition::All(needs) };
        Some(Provision { actor: Actor { controller: controller.name(), process }, rule, when, evidence })
    });
    by_api_server(world, fact).into_iter().chain(by_controllers).collect()
}

/// The write that brings a fact about, when it is one that admission webhooks see (rules A4, B5).
fn written(fact: &Fact) -> Option<(ObjectRef, Operation)> {
    match fact {
        Fact::Freed(object, finalizer) if finalizer.as_str() == longhorn::FINALIZER => {
            Some((*object, Operation::Release))
        }
        Fact::Freed(object, _) | Fact::Unblocked(object, _) => Some((*object, Operation::Update)),
        Fact::Deleting(object) => Some((*object, Operation::Delete)),
        _ => None,
    }
}

/// Rules A6 and B4: an object goes when it is marked and its last finalizer is off. A pod whose grace is pending goes when
/// its kubelet confirms, which the kubelet provides.
fn by_api_server(world: &World, fact: &Fact) -> Option<Provision> {
    let Fact::Gone(object) = fact else {
        return None;
    };
    let found = world.resolve(*object)?;
    let confirmed_by_kubelet = match &found.facet {
        crate::Facet::Pod(pod) => {
            !pod.node.is_empty() && found.deletion.is_none_or(|deletion| deletion.grace_seconds > 0)
        }
        _ => false,
    };
    if confirmed_by_kubelet {
        return None;
    }
    let held = found.held_by();
    // G1: a namespace that nothing holds is removed by the next delete, and nobody sends one.
    if held.is_empty() && found.deleting() && matches!(found.facet, crate::Facet::Namespace(_)) {
        return None;
    }
    let freed = held.iter().map(|&finalizer| Fact::Freed(*object, finalizer));
    let marked_and_freed = Condition::all(std::iter::once(Fact::Deleting(*object)).chain(freed));
    let when = match garbage_collector::foreground_to_come(world, found) {
        Some(released) => Condition::All(vec![marked_and_freed, released]),
        None => marked_and_freed,
    };
    let evidence = held.iter().map(|&finalizer| Evidence::new(object.key, "metadata/finalizers", finalizer)).collect();
    let actor = Actor { controller: API_SERVER, process: Process::ControllerManager };
    Some(Provision { actor, rule: Rule("B4"), when, evidence })
}

/// The API server's name as an actor.
const API_SERVER: &str = "API server";

/// The objects that a controller has to do with, from a place on.
pub(crate) fn handled<'w>(
    controller: &'w dyn Controller,
    world: &'w World,
    from: ObjectId,
) -> impl Iterator<Item = (ObjectId, &'w Arc<Object>)> {
    let watched = world.watched(controller.kind(), from);
    watched.filter(move |(_, object)| controller.handles(world, object))
}

/// What every controller waits for now, in the scheduler's order; one whose process does not run waits for that.
pub fn waits(world: &World) -> Vec<(Actor, Key, Wait)> {
    let mut waits = Vec::new();
    for controller in controllers() {
        for (_, object) in handled(*controller, world, ObjectId::FIRST) {
            let process = controller.process(world, object);
            let runs = Fact::Runs(process);
            let wait = match controller.reconcile(world, object) {
                Outcome::Idle => None,
                Outcome::Wait(wait) if world.holds(&runs) => Some(wait),
                Outcome::Wait(Wait { rule, goal, .. }) => Some(Wait { rule, goal, on: Condition::Is(runs) }),
                Outcome::Write(rule, _) => {
                    let goal = Fact::Gone((&**object).into());
                    let keeps = object.deleting() && !world.holds(&runs);
                    keeps.then_some(Wait { rule, goal, on: Condition::Is(runs) })
                }
            };
            let actor = Actor { controller: controller.name(), process };
            waits.extend(wait.map(|wait| (actor, object.key, wait)));
        }
    }
    waits
}

/// The addresses that somebody dials for an object that is being deleted, or waits for.
pub fn dialled(world: &World) -> BTreeSet<Endpoint> {
    let deleting = world.objects().filter(|(_, object)| object.deleting());
    let freed = deleting.flat_map(|(_, object)| {
        let object = &**object;
        object.held_by().into_iter().map(move |finalizer| Fact::Freed(object.into(), finalizer))
    });
    let by_rules = freed.flat_map(|fact| provisions(world, &fact)).map(|provision| provision.when);
    let by_waits = waits(world).into_iter().map(|(_, _, wait)| wait.on);
    let endpoints = |condition: Condition| {
        let endpoint = |fact: &Fact| match fact {
            Fact::Answers(endpoint) => Some(*endpoint),
            _ => None,
        };
        condition.facts().into_iter().filter_map(endpoint).collect::<Vec<_>>()
    };
    by_rules.chain(by_waits).flat_map(endpoints).collect()
}
