//! The taint eviction controller: it deletes the pods that do not tolerate that their node is unreachable.
//!
//! Rule I13, which mirrors `processPodOnNode` in `pkg/controller/tainteviction/taint_eviction.go` of Kubernetes 1.33. For how long a pod
//! tolerates it, 300 s where nobody says otherwise (`DefaultTolerationSeconds`), is not counted: when that time is over, a person says
//! ([`Fault::TimedOut`] of the pod). The pods of a DaemonSet, and those of a kubelet's own, tolerate it for ever. Other taints are not read.

use super::node_lifecycle::will_be_unreachable;
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Fault, Key, Kind, Name, Node, Object, ObjectRef, Operation, Outcome,
    Pod, Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct TaintEvictionController;

impl Controller for TaintEvictionController {
    fn name(&self) -> &'static str {
        "taint eviction controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::pod())
    }

    fn handles(&self, world: &World, object: &Object) -> bool {
        !object.deleting() && timed_out(world, object).is_some_and(|(_, _, node)| node.unreachable)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        write_if_admitted(world, object, Rule("I13"), vec![Request::delete(object, None)])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(object) = fact else { return None };
        let (pod, on, node) = timed_out(world, world.resolve(*object)?)?;
        let when = match () {
            () if node.unreachable => Condition::always(),
            () if will_be_unreachable(world, on, node) => {
                Condition::Is(Fact::Admitted(ObjectRef::from(on), Operation::Update))
            }
            () => return None,
        };
        let evidence = vec![Evidence::new(object.key, "spec/nodeName", pod.node)];
        Some(Provided::new(Rule("I13"), Process::ControllerManager, when, evidence))
    }
}

/// A pod whose time to tolerate what its node is like is over, with that node. Asks for the node only where there is such a fault.
fn timed_out<'w>(world: &'w World, object: &'w Object) -> Option<(&'w Pod, &'w Object, &'w Node)> {
    let Facet::Pod(pod) = &object.facet else { return None };
    let key = Key::new(kinds::node(), Name::default(), pod.node);
    if pod.tolerates || !world.has_fault(Fault::TimedOut(object.key)) {
        return None;
    }
    let on = world.find(key)?;
    match &on.facet {
        Facet::Node(node) => Some((pod, on, node)),
        _ => None,
    }
}
