//! Longhorn's orphan controller: `controller/orphan_controller.go`.
//!
//! An orphan that is being deleted first has its instance deleted in the instance manager's process. Before
//! longhorn-manager#3719 it keeps its finalizer until that process answers, and takes the address from a status that
//! nobody writes any more once the instance manager is being deleted. That is the deadlock of longhorn#10791.

use super::{Difference, FINALIZER, INSTANCE_SERVICE, instance_of, responsible, running_instance_manager};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Call, Condition, Controller, Endpoint, Evidence, Facet, Fact, InstanceManager, Key, Kind, Name, Object, Orphan,
    Outcome, Process, Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct OrphanController;

impl Controller for OrphanController {
    fn name(&self) -> &'static str {
        "orphan controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_orphan())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() || object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let node = orphan(object).map_or(Name::default(), |orphan| orphan.node);
        responsible(world, object.key.namespace, node)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        if !object.deleting() {
            return self.observe(world, object);
        }
        let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
        let finalize = || Request::remove_finalizer(object, FINALIZER);
        match verdict(world, object) {
            Verdict::Finalize(rule) => write_if_admitted(world, object, rule, vec![finalize()]),
            Verdict::Delete(endpoint, instance) => {
                let call = Request::call(endpoint, Call::InstanceDelete(instance));
                write_if_admitted(world, object, Rule("ORP-A6"), vec![call, finalize()])
            }
            Verdict::Dial(manager, endpoint, instance) => {
                let on = dial_or_gone(manager, endpoint);
                match world.dial(&endpoint).ok().and_then(|id| world.get(id)).map(|pod| &pod.facet) {
                    // What is deleted is there until the process has ended it: it is looked for again, by dialling again.
                    Some(Facet::Pod(pod)) if pod.processes.iter().any(|process| process.name == instance) => {
                        let call = Request::call(endpoint, Call::InstanceDelete(instance));
                        Outcome::Write(Rule("ORP-B6"), vec![call])
                    }
                    _ if on.holds(&|fact| world.holds(fact)) => {
                        write_if_admitted(world, object, Rule("ORP-B7"), vec![finalize()])
                    }
                    _ => Outcome::Wait(Wait { rule: Rule("ORP-B5"), goal, on }),
                }
            }
            Verdict::Error => Outcome::Wait(Wait { rule: Rule("ORP-B8"), goal, on: Condition::Any(Vec::new()) }),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else {
            return None;
        };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        orphan(object)?;
        let process = self.process(world, object);
        let own = Evidence::new(object.key, "metadata/finalizers", FINALIZER);
        let provided = |rule, when, evidence| Some(Provided::new(Rule(rule), process, when, evidence));
        match verdict(world, object) {
            Verdict::Finalize(Rule(rule)) => provided(rule, Condition::always(), vec![own]),
            Verdict::Delete(..) => provided("ORP-A6", Condition::always(), vec![own]),
            Verdict::Dial(manager, endpoint, _) => {
                let state = Evidence::new(manager.key, "status/currentState", "running");
                let ip = Evidence::new(manager.key, "status/ip", endpoint.ip);
                let deleting = Evidence::new(manager.key, "metadata/deletionTimestamp", "set");
                let stale = manager.deleting().then_some(deleting);
                let evidence = [own, state, ip].into_iter().chain(stale).collect();
                provided("ORP-B5", dial_or_gone(manager, endpoint), evidence)
            }
            Verdict::Error => None,
        }
    }
}

fn orphan(object: &Object) -> Option<&Orphan> {
    match &object.facet {
        Facet::Orphan(orphan) => Some(orphan),
        _ => None,
    }
}

/// What the deletion path does next.
enum Verdict<'w> {
    /// Takes the finalizer off, by this rule.
    Finalize(Rule),
    /// First dials this instance manager, and has this instance deleted.
    Dial(&'w Object, Endpoint, Name),
    /// Has the instance deleted at an address where somebody answers, and takes the finalizer off.
    Delete(Endpoint, Name),
    /// Fails for ever.
    Error,
}

fn verdict<'w>(world: &'w World, object: &Object) -> Verdict<'w> {
    let Some(orphan) = orphan(object) else {
        return Verdict::Error;
    };
    // Data orphans: the directory is deleted, or is already gone, and nobody is dialled.
    if !orphan.of_instance() {
        return Verdict::Finalize(Rule("ORP-D"));
    }
    if responsible(world, object.key.namespace, orphan.node) != Process::LonghornManager(orphan.node) {
        return Verdict::Finalize(Rule("ORP-B1"));
    }
    let profile = world.profile();
    let recorded = profile.has(Difference::RecordedInstanceManager);
    if orphan.instance.is_empty() || orphan.instance_manager.is_empty() {
        return if recorded { Verdict::Finalize(Rule("ORP-B8")) } else { Verdict::Error };
    }
    if scheduled_back(world, object, orphan) {
        return Verdict::Finalize(Rule("ORP-B2"));
    }
    let found = match profile.has(Difference::LooksUpByName) {
        true => by_recorded_name(world, object.key.namespace, orphan),
        false => running_instance_manager(world, orphan.node, orphan.data_engine.as_str()),
    };
    let Some((manager, status)) = found else {
        return Verdict::Finalize(Rule("ORP-B3"));
    };
    if manager.key.name != orphan.instance_manager {
        return Verdict::Finalize(Rule("ORP-B4"));
    }
    if manager.deleting() && profile.has(Difference::OrphansDoNotBlock) {
        return Verdict::Finalize(Rule("ORP-A4'"));
    }
    let endpoint = Endpoint { ip: status.ip, port: INSTANCE_SERVICE, of: manager.key };
    let reachable = status.state.as_str() == "running" && world.holds(&Fact::Answers(endpoint));
    match profile.has(Difference::FinalizesUnreachable) {
        true if reachable => Verdict::Delete(endpoint, orphan.instance),
        true => Verdict::Finalize(Rule("ORP-A5")),
        false => Verdict::Dial(manager, endpoint, orphan.instance),
    }
}

impl OrphanController {
    /// ORP-S: whether the instance is still there, as the instance manager says (`updateInstanceStateCondition`).
    fn observe(&self, world: &World, object: &Object) -> Outcome {
        let Some(orphan) = orphan(object).filter(|orphan| orphan.of_instance()) else {
            return Outcome::Idle;
        };
        let exists = match by_recorded_name(world, object.key.namespace, orphan) {
            None if world.lists(kinds::longhorn_instance_manager()) => Name::new("terminated"),
            None => return Outcome::Idle,
            Some((manager, status)) => {
                let endpoint = Endpoint { ip: status.ip, port: INSTANCE_SERVICE, of: manager.key };
                let pod = world.dial(&endpoint).ok().and_then(|id| world.get(id));
                let Some(Facet::Pod(pod)) = pod.map(|pod| &pod.facet) else { return Outcome::Idle };
                match pod.processes.iter().find(|process| process.name == orphan.instance) {
                    Some(process) => process.state,
                    // Before v1.12.1 that was an error, and nothing was written.
                    None if world.profile().has(Difference::RecordedInstanceManager) => Name::new("terminated"),
                    None => return Outcome::Idle,
                }
            }
        };
        match exists == orphan.exists {
            true => Outcome::Idle,
            false => {
                let facet = Facet::Orphan(Orphan { exists, ..orphan.clone() });
                Outcome::Write(Rule("ORP-S"), vec![Request::write(object, facet)])
            }
        }
    }
}

/// ORP-L: the instance manager that the orphan records.
fn by_recorded_name<'w>(
    world: &'w World,
    namespace: Name,
    orphan: &Orphan,
) -> Option<(&'w Object, &'w InstanceManager)> {
    let object = world.find(Key::new(kinds::longhorn_instance_manager(), namespace, orphan.instance_manager))?;
    match &object.facet {
        Facet::InstanceManager(manager) => Some((object, manager)),
        _ => None,
    }
}

/// ORP-B2: the engine or replica of that name is back on the orphan's node; since v1.12.1, in its instance manager.
fn scheduled_back(world: &World, object: &Object, orphan: &Orphan) -> bool {
    let engine = orphan.orphan_type.as_str() == "engine-instance";
    let found = instance_of(world, object.key.namespace, orphan.instance, engine).ok().flatten();
    match found.map(|found| &found.facet) {
        Some(Facet::Instance(instance)) => match world.profile().has(Difference::RecordedInstanceManager) {
            true => instance.instance_manager == orphan.instance_manager,
            false => instance.node == orphan.node,
        },
        _ => false,
    }
}

/// ORP-B5, or ORP-B3 once the instance manager is gone. What is tried first stands first.
fn dial_or_gone(manager: &Object, endpoint: Endpoint) -> Condition {
    Condition::Any(vec![Condition::Is(Fact::Answers(endpoint)), Condition::Is(Fact::Gone(manager.into()))])
}
