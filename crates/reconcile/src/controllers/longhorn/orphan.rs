//! Longhorn's orphan controller: `controller/orphan_controller.go`.
//!
//! An orphan that is being deleted first has its instance deleted in the instance manager's process. Before
//! longhorn-manager#3719 it keeps its finalizer until that process answers, and takes the address from a status that
//! nobody writes any more once the instance manager is being deleted. That is the deadlock of longhorn#10791.

use super::{FINALIZER, INSTANCE_SERVICE, responsible, running_instance_manager};
use crate::controller::Provided;
use crate::{
    Condition, Controller, Endpoint, Evidence, Facet, Fact, InstanceManager, Key, Kind, Name, Object, Orphan, Outcome,
    Process, Request, Rule, Wait, World, kinds,
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
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let node = orphan(object).map_or(Name::default(), |orphan| orphan.node);
        responsible(world, object.key.namespace, node)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
        match verdict(world, object) {
            Verdict::Finalize(rule) => {
                let removal = vec![Request::remove_finalizer(object, FINALIZER)];
                crate::controllers::write_if_admitted(world, object, rule, removal)
            }
            Verdict::Dial(manager, endpoint) => {
                let on = dial_or_gone(manager, endpoint);
                if on.holds(&|fact| world.holds(fact)) {
                    // ORP-B6 and B7: the instance is deleted, or already gone.
                    return Outcome::Write(Rule("ORP-B7"), vec![Request::remove_finalizer(object, FINALIZER)]);
                }
                Outcome::Wait(Wait { rule: Rule("ORP-B5"), goal, on })
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
            Verdict::Dial(manager, endpoint) => {
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
    /// First dials this instance manager.
    Dial(&'w Object, Endpoint),
    /// Fails for ever.
    Error,
}

fn verdict<'w>(world: &'w World, object: &Object) -> Verdict<'w> {
    let Some(orphan) = orphan(object) else {
        return Verdict::Error;
    };
    // Data orphans: the directory is deleted, or is already gone, and nobody is dialled.
    if orphan.orphan_type.as_str() == "replica" {
        return Verdict::Finalize(Rule("ORP-D"));
    }
    if responsible(world, object.key.namespace, orphan.node) != Process::LonghornManager(orphan.node) {
        return Verdict::Finalize(Rule("ORP-B1"));
    }
    let by_name = world.profile().looks_up_by_name;
    if orphan.instance.is_empty() || (orphan.instance_manager.is_empty() && !by_name) {
        return Verdict::Error;
    }
    if scheduled_back(world, object, orphan) {
        return Verdict::Finalize(Rule("ORP-B2"));
    }
    let found = match by_name {
        true => by_recorded_name(world, object.key.namespace, orphan),
        false => running_instance_manager(world, orphan.node, orphan.data_engine.as_str()),
    };
    let Some((manager, status)) = found else {
        return Verdict::Finalize(Rule("ORP-B3"));
    };
    if manager.key.name != orphan.instance_manager {
        return Verdict::Finalize(Rule("ORP-B4"));
    }
    if world.profile().finalizes_unreachable {
        return Verdict::Finalize(Rule("ORP-A5"));
    }
    Verdict::Dial(manager, Endpoint { ip: status.ip, port: INSTANCE_SERVICE, of: manager.key })
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

/// ORP-B2: the engine or replica of that name is back on the orphan's node.
fn scheduled_back(world: &World, object: &Object, orphan: &Orphan) -> bool {
    [kinds::longhorn_engine(), kinds::longhorn_replica()].into_iter().any(|kind| {
        let found = world.find(Key::new(kind, object.key.namespace, orphan.instance));
        matches!(found.map(|found| &found.facet), Some(Facet::Instance(instance)) if instance.node == orphan.node)
    })
}

/// ORP-B5, or ORP-B3 once the instance manager is gone. What is tried first stands first.
fn dial_or_gone(manager: &Object, endpoint: Endpoint) -> Condition {
    Condition::Any(vec![Condition::Is(Fact::Answers(endpoint)), Condition::Is(Fact::Gone(manager.into()))])
}
