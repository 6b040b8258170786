//! The kubelet, as far as deletion needs it: it starts the pods that were put on its node, confirms the end of those that are being
//! deleted (rule A7), and posts again when it was not heard of for a while (rule I14).

use super::garbage_collector::foreground_to_come;
use super::node_lifecycle::pods_on;
use super::write_if_admitted;
use crate::controller::Provided;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Kind, Name, Node, Object, ObjectRef, Operation, Outcome, Pod,
    Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct Kubelet;

impl Controller for Kubelet {
    fn name(&self) -> &'static str {
        "kubelet"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::pod())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        handles(object)
    }

    fn process(&self, _: &World, object: &Object) -> Process {
        match &object.facet {
            Facet::Pod(pod) => Process::Kubelet(pod.node),
            _ => Process::ControllerManager,
        }
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Pod(pod) = &object.facet else {
            return Outcome::Idle;
        };
        if object.deletion.is_some_and(|deletion| deletion.grace_seconds > 0) {
            return write_if_admitted(world, object, Rule("A7"), vec![Request::delete_now(object)]);
        }
        if !object.deleting() && pod.phase.as_str() == "Pending" {
            let started = Pod { phase: "Running".into(), ready: true, ..pod.clone() };
            return Outcome::Write(Rule("POD-RUN"), vec![Request::write(object, Facet::Pod(started))]);
        }
        Outcome::Idle
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Gone(object) => {
                let found = world.resolve(*object).filter(|found| handles(found) || !found.deleting())?;
                let Facet::Pod(pod) = &found.facet else {
                    return None;
                };
                if pod.node.is_empty() || found.deletion.is_some_and(|deletion| deletion.grace_seconds == 0) {
                    return None;
                }
                let freed = found.finalizers.iter().map(|&finalizer| Fact::Freed(*object, finalizer));
                let mut when = vec![Condition::all(std::iter::once(Fact::Deleting(*object)).chain(freed))];
                when.extend(foreground_to_come(world, found));
                when.push(Condition::Is(Fact::Admitted(*object, Operation::Delete)));
                let when = Condition::All(when);
                let evidence = vec![Evidence::new(object.key, "spec/nodeName", pod.node)];
                Some(Provided::new(Rule("A7"), Process::Kubelet(pod.node), when, evidence))
            }
            Fact::PodRuns(key) => {
                let found = world.find(*key);
                let Some(Facet::Pod(pod)) = found.map(|found| &found.facet) else {
                    let when = Condition::Is(Fact::Exists(*key));
                    return Some(Provided::new(Rule("POD-RUN"), Process::ControllerManager, when, Vec::new()));
                };
                // A pod that is being deleted does not run again: only the next one of its name can.
                let when = match found.filter(|found| found.deleting()) {
                    Some(old) => Condition::all([Fact::Gone(ObjectRef::from(&**old)), Fact::Alive(*key)]),
                    None => Condition::always(),
                };
                Some(Provided::new(Rule("POD-RUN"), Process::Kubelet(pod.node), when, Vec::new()))
            }
            _ => None,
        }
    }
}

/// I14 (`updateNodeStatus`): posts that its node is ready, and which pods are, after the node had fallen silent.
pub(crate) struct NodeStatus;

impl Controller for NodeStatus {
    fn name(&self) -> &'static str {
        "kubelet"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::node())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        matches!(&object.facet, Facet::Node(Node { silent: true, .. }))
    }

    fn process(&self, _: &World, object: &Object) -> Process {
        Process::Kubelet(object.key.name)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Node(node) = &object.facet else { return Outcome::Idle };
        let ready = Facet::Node(Node { ready: true, silent: false, ..node.clone() });
        let pods = pods_on(world, object).filter(|(object, pod)| pod.silent && !object.deleting());
        let pods = pods
            .map(|(object, pod)| Request::write(object, Facet::Pod(Pod { ready: true, silent: false, ..pod.clone() })));
        let requests = [Request::write(object, ready)].into_iter().chain(pods).collect();
        write_if_admitted(world, object, Rule("I14"), requests)
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// Whether a kubelet has something to do about a pod: it is on a node, and pending or asked to end.
fn handles(object: &Object) -> bool {
    let Facet::Pod(pod) = &object.facet else {
        return false;
    };
    let ending = object.deletion.is_some_and(|deletion| deletion.grace_seconds > 0);
    let starting = !object.deleting() && pod.phase.as_str() == "Pending";
    !pod.node.is_empty() && (ending || starting)
}

/// Gives a pod that starts without an address the one that it runs under.
pub(crate) fn give_address(world: &World, object: &mut Object) {
    if let Facet::Pod(pod) = &mut object.facet
        && pod.phase.as_str() == "Running"
        && pod.ready
        && pod.ip.is_empty()
        && !pod.node.is_empty()
    {
        pod.ip = next_address(world, pod.node);
    }
}

/// Which address the cluster's network would give is not known: it is the next after the highest that the node's pods and
/// instance managers show, so that no old address comes to life again.
fn next_address(world: &World, node: Name) -> Name {
    let address = |object: &Object| match &object.facet {
        Facet::Pod(pod) if pod.node == node => Some(pod.ip),
        Facet::InstanceManager(manager) if manager.node == node => Some(manager.ip),
        _ => None,
    };
    let parse = |ip: Name| ip.as_str().parse::<std::net::Ipv4Addr>().ok();
    let kinds = [kinds::pod(), kinds::longhorn_instance_manager()];
    let objects = kinds.into_iter().flat_map(|kind| world.of_kind(kind));
    let seen = objects.filter_map(|(_, object)| parse(address(object)?)).max();
    let next = seen.map_or(std::net::Ipv4Addr::new(10, 42, 0, 2).to_bits(), |ip| ip.to_bits().wrapping_add(1));
    Name::new(&std::net::Ipv4Addr::from_bits(next).to_string())
}
