//! What Longhorn's engine and replica controllers have in common: `controller/instance_handler.go`, and their two `DeleteInstance`.
//!
//! An engine or a replica is a process in an instance manager's pod. While the object lives, its status follows what the instance
//! manager's status has of it; before the object goes, the process is ended by dialling that pod. Where the instance manager is
//! gone or does not run nothing is dialled, and where nobody answers the object stays, unless nothing can be expected of the node:
//! then it goes, and its process, if it still runs, outlives it.
//!
//! This is the latent twin of longhorn#10791: while an instance manager is being deleted its status says `running` for ever, and the
//! address in it may be nobody's. The instance manager has no reference from here, however, so that it goes, and that frees what waits.

use super::{
    Difference, FINALIZER, INSTANCE_SERVICE, delinquent, down, instance_managers, responsible_still, setting, shared,
};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Call, Condition, Controller, Endpoint, Evidence, Facet, Fact, Instance, InstanceManager, InstanceProcess, Key,
    Kind, Name, Object, Outcome, Process, Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct InstanceController {
    pub(super) name: &'static str,
    pub(super) kind: fn() -> Kind,
    /// The rule by which the process is ended first.
    pub(super) ends: Rule,
    /// The rule by which the object goes although its process was not ended.
    pub(super) skips: Rule,
    /// Whether the process is to be ended at all, by the instance manager's state and whether the volume is shared.
    pub(super) tries: fn(&str, bool) -> bool,
    /// Whether it counts for nothing that this fails, by the same and whether the node is delinquent.
    pub(super) ignores: fn(&str, bool, bool) -> bool,
}

type Found<'w> = (&'w Object, &'w InstanceManager);

impl Controller for InstanceController {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Option<Kind> {
        Some((self.kind)())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() || object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let (preferred, current) = instance_of(object).map_or_else(Default::default, |it| (it.node, it.owner));
        responsible_still(world, object.key.namespace, preferred, current)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(instance) = instance_of(object) else {
            return Outcome::Idle;
        };
        if !object.deleting() {
            return self.sync(world, object, instance);
        }
        let finalize = || Request::remove_finalizer(object, FINALIZER);
        match self.verdict(world, object, instance) {
            Verdict::Skip => write_if_admitted(world, object, self.skips, vec![finalize()]),
            Verdict::End(endpoint) => {
                let call = runs(world, &endpoint, object.key.name)
                    .then(|| Request::call(endpoint, Call::InstanceDelete(object.key.name)));
                write_if_admitted(world, object, self.ends, call.into_iter().chain([finalize()]).collect())
            }
            Verdict::Wait(on, _) => {
                let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
                Outcome::Wait(Wait { rule: self.ends, goal, on })
            }
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == FINALIZER => {
                let object = world.resolve(*target).filter(|object| object.key.kind == (self.kind)())?;
                let verdict = self.verdict(world, object, instance_of(object)?);
                let (rule, when, of_manager) = match verdict {
                    Verdict::Skip => (self.skips, Condition::always(), Vec::new()),
                    Verdict::End(_) => (self.ends, Condition::always(), Vec::new()),
                    Verdict::Wait(on, evidence) => (self.ends, on, evidence),
                };
                let own = Evidence::new(object.key, "metadata/finalizers", FINALIZER);
                let evidence = [own].into_iter().chain(of_manager).collect();
                Some(Provided::new(rule, self.process(world, object), when, evidence))
            }
            _ => None,
        }
    }
}

pub(super) fn instance_of(object: &Object) -> Option<&Instance> {
    match &object.facet {
        Facet::Instance(instance) => Some(instance),
        _ => None,
    }
}

/// What is done about the process of an object that is being deleted.
enum Verdict {
    /// Nothing: the object goes.
    Skip,
    /// It is ended at this address, where somebody answers, and the object goes.
    End(Endpoint),
    /// It fails until then; with what in the dump shows it.
    Wait(Condition, Vec<Evidence>),
}

/// The dump does not list what would have to be looked up.
struct Unseen;

/// The instance manager of a name.
fn by_name(world: &World, namespace: Name, name: Name) -> Result<Option<Found<'_>>, Unseen> {
    let key = Key::new(kinds::longhorn_instance_manager(), namespace, name);
    match world.find(key).map(|object| (&**object, &object.facet)) {
        Some((object, Facet::InstanceManager(manager))) => Ok(Some((object, manager))),
        _ if world.lists(key.kind) => Ok(None),
        _ => Err(Unseen),
    }
}

/// The instance manager in which an instance of a node would be started, if there is just one (`GetInstanceManagerByInstanceRO`):
/// for the v1 data engine one with the default image, for v2 the one that runs where there are several.
fn by_node<'w>(world: &'w World, namespace: Name, instance: &Instance) -> Result<Option<Found<'w>>, Unseen> {
    let v2 = instance.data_engine.as_str() == "v2";
    let image = setting(world, namespace, "default-instance-manager-image", "");
    let found: Vec<Found<'_>> = instance_managers(world, instance.node, if v2 { "v2" } else { "v1" })
        .filter(|(_, manager)| v2 || image.is_empty() || manager.image == image)
        .collect();
    match found.as_slice() {
        [] if !world.lists(kinds::longhorn_instance_manager()) => Err(Unseen),
        [one] => Ok(Some(*one)),
        several => Ok(several.iter().copied().find(|(_, manager)| v2 && manager.state.as_str() == "running")),
    }
}

/// Whether the process that answers at an address runs this instance.
fn runs(world: &World, endpoint: &Endpoint, instance: Name) -> bool {
    let pod = world.dial(endpoint).ok().and_then(|id| world.get(id));
    matches!(pod.map(|pod| &pod.facet), Some(Facet::Pod(pod)) if pod.processes.iter().any(|it| it.name == instance))
}

fn endpoint((object, manager): Found<'_>) -> Endpoint {
    Endpoint { ip: manager.ip, port: INSTANCE_SERVICE, of: object.key }
}

impl InstanceController {
    /// ENG-1 and REP-1 (`DeleteInstance`).
    fn verdict(&self, world: &World, object: &Object, instance: &Instance) -> Verdict {
        let namespace = object.key.namespace;
        let needed = world.profile().has(Difference::NeedsInstanceManager);
        let found = match (instance.instance_manager.is_empty(), instance.node.is_empty()) {
            (true, true) => return Verdict::Skip,
            (true, false) if needed => return Verdict::Skip,
            (true, false) => by_node(world, namespace, instance),
            (false, _) => by_name(world, namespace, instance.instance_manager),
        };
        let found = match found {
            Ok(Some(found)) => found,
            // Before v1.1.1 only the loss of the node excused the absence of the instance manager.
            Ok(None) if needed && self.process(world, object) == Process::LonghornManager(instance.node) => {
                let manager = Key::new(kinds::longhorn_instance_manager(), namespace, instance.instance_manager);
                let evidence = vec![Evidence::new(manager, "", "absent")];
                return Verdict::Wait(Condition::Is(Fact::Alive(manager)), evidence);
            }
            Ok(None) => return Verdict::Skip,
            Err(Unseen) => {
                let process = Process::FinalizerController(Name::new(FINALIZER));
                return Verdict::Wait(Condition::Is(Fact::DoneBy(process, object.into())), Vec::new());
            }
        };
        let (manager, status) = found;
        let state = status.state.as_str();
        let shared = shared(world, namespace, instance.volume);
        let endpoint = endpoint(found);
        let served = matches!(state, "running" | "unknown") && !status.ip.is_empty();
        if !needed && !(self.tries)(state, shared) {
            return Verdict::Skip;
        }
        if served && world.holds(&Fact::Answers(endpoint)) {
            return Verdict::End(endpoint);
        }
        if needed && self.process(world, object) != Process::LonghornManager(instance.node) {
            return Verdict::Skip;
        }
        if !needed && (self.ignores)(state, shared, delinquent(world, namespace, status.node, instance.volume)) {
            return Verdict::Skip;
        }
        let otherwise = match needed {
            true => Vec::new(),
            false => vec![Fact::LeftState(manager.key, status.state), Fact::Gone(manager.into())],
        };
        let on = [Fact::Answers(endpoint)].into_iter().chain(otherwise).map(Condition::Is).collect();
        let state = Evidence::new(manager.key, "status/currentState", status.state);
        let ip = Evidence::new(manager.key, "status/ip", status.ip);
        let stale = manager.deleting().then(|| Evidence::new(manager.key, "metadata/deletionTimestamp", "set"));
        Verdict::Wait(Condition::Any(on), [state, ip].into_iter().chain(stale).collect())
    }

    /// `ReconcileInstanceState`: starts or ends the process as it is desired, and brings the status in line with the instance
    /// manager's. An error ends it without a write, and it is tried again.
    fn sync(&self, world: &World, object: &Object, instance: &Instance) -> Outcome {
        let (namespace, name) = (object.key.namespace, object.key.name);
        let Ok(found) = self.assigned(world, namespace, instance) else {
            return Outcome::Idle;
        };
        let process = found.and_then(|(_, manager)| manager.instances.iter().find(|process| process.name == name));
        let running = process.is_some_and(|process| process.state.as_str() == "running");
        let mut observed = instance.clone();
        match instance.desired.as_str() {
            "running" if running => observed.started = true,
            "running" if found.is_some() && instance.state.as_str() == "stopped" => {
                let Ok(Some(target)) = by_node(world, namespace, instance) else { return Outcome::Idle };
                let endpoint = endpoint(target);
                if target.1.state.as_str() != "running" || !world.holds(&Fact::Answers(endpoint)) {
                    return Outcome::Idle;
                }
                if !runs(world, &endpoint, name) {
                    let engine = object.key.kind == kinds::longhorn_engine();
                    let process = InstanceProcess { name, engine, state: "running".into() };
                    let call = Request::call(endpoint, Call::InstanceCreate(process));
                    return Outcome::Write(Rule("INST-C"), vec![call]);
                }
            }
            "running" => {}
            "stopped" => {
                let v2 = instance.data_engine.as_str() == "v2";
                let ends = process.is_some_and(|process| !(v2 && process.state.as_str() == "stopped"));
                let alive = found.is_some_and(|(manager, _)| !manager.deleting());
                if ends && alive {
                    match self.verdict(world, object, instance) {
                        Verdict::End(endpoint) if runs(world, &endpoint, name) => {
                            let call = Request::call(endpoint, Call::InstanceDelete(name));
                            return Outcome::Write(Rule("INST-D"), vec![call]);
                        }
                        Verdict::End(_) | Verdict::Skip => {}
                        Verdict::Wait(..) => return Outcome::Idle,
                    }
                }
                observed.started = false;
            }
            _ => return Outcome::Idle,
        }
        let state = self.state(world, namespace, &observed, found, process);
        let misplaced = found.is_none_or(|(_, manager)| manager.node != instance.node);
        if state.as_str() == "running" && instance.desired.as_str() != "stopped" && misplaced {
            return Outcome::Idle;
        }
        if let (Some((manager, _)), Some(_)) = (found.filter(|(manager, _)| !manager.deleting()), process) {
            observed.instance_manager = manager.key.name;
        }
        if state.as_str() == "stopped" {
            observed.instance_manager = Name::default();
        }
        observed.state = state;
        if let Process::LonghornManager(owner) = self.process(world, object) {
            observed.owner = owner;
        }
        match observed == *instance {
            true => Outcome::Idle,
            false => Outcome::Write(Rule("INST-S"), vec![Request::write(object, Facet::Instance(observed))]),
        }
    }

    /// The instance manager of a live instance: the recorded one, or the one of its node. `Err` where that cannot be told, or there
    /// is none yet.
    fn assigned<'w>(
        &self,
        world: &'w World,
        namespace: Name,
        instance: &Instance,
    ) -> Result<Option<Found<'w>>, Unseen> {
        if !instance.instance_manager.is_empty()
            && let Some(found) = by_name(world, namespace, instance.instance_manager)?
        {
            return Ok(Some(found));
        }
        let data_engine = if instance.data_engine.as_str() == "v2" { "v2" } else { "v1" };
        let default = if data_engine == "v1" { "true" } else { "false" };
        let enabled = setting(world, namespace, &format!("{data_engine}-data-engine"), default);
        match instance.node.is_empty() {
            true => Ok(None),
            false if enabled.as_str() != "true" => Err(Unseen),
            false if down(world, namespace, instance.node) => Ok(None),
            false if delinquent(world, namespace, instance.node, instance.volume) => Ok(None),
            false => by_node(world, namespace, instance)?.map(Some).ok_or(Unseen),
        }
    }

    /// The state that an instance is in by its instance manager's status (`syncStatusWithInstanceManager`).
    fn state(
        &self,
        world: &World,
        namespace: Name,
        instance: &Instance,
        found: Option<Found<'_>>,
        process: Option<&InstanceProcess>,
    ) -> Name {
        let was = |started: &'static str| Name::new(if instance.started { started } else { "stopped" });
        let Some((object, manager)) = found else { return was("unknown") };
        let lost = delinquent(world, namespace, manager.node, instance.volume);
        match (manager.state.as_str(), process.map(|process| process.state.as_str())) {
            ("unknown", _) => was("unknown"),
            _ if lost => was("unknown"),
            ("stopped" | "error", _) => was("error"),
            _ if object.deleting() => was("error"),
            ("starting", _) if instance.started => Name::new("error"),
            ("starting", _) => instance.state,
            (_, None | Some("stopped")) => was("error"),
            (_, Some("stopping")) if !instance.started => Name::new("stopping"),
            (_, Some(state @ ("starting" | "running"))) => Name::new(state),
            _ => Name::new("error"),
        }
    }
}
