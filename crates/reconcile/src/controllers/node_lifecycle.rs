//! The node lifecycle controller, as far as deletion needs it: it marks a node whose kubelet posts nothing any more.
//!
//! Rules I11 and I12, which mirror `monitorNodeHealth` and `processTaintBaseEviction` in
//! `pkg/controller/nodelifecycle/node_lifecycle_controller.go` of Kubernetes 1.33. When the time that a node has to post is over, a
//! person says ([`Fault::TimedOut`]). A node that was not ready in the dump already is left as it is, and so are the taints other than
//! `unreachable`, and the slower pace when a whole zone is lost.

use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{Controller, Facet, Fact, Fault, Kind, Node, Object, Outcome, Pod, Process, Request, Rule, World, kinds};

/// See the module.
pub(crate) struct NodeLifecycleController;

impl Controller for NodeLifecycleController {
    fn name(&self) -> &'static str {
        "node lifecycle controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::node())
    }

    fn handles(&self, world: &World, object: &Object) -> bool {
        matches!(&object.facet, Facet::Node(node) if falls_silent(world, object, node) || mistainted(node))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Node(node) = &object.facet else { return Outcome::Idle };
        if falls_silent(world, object, node) {
            let silent = Facet::Node(Node { ready: false, silent: true, ..node.clone() });
            // `MarkPodsNotReady`.
            let pods = pods_on(world, object).filter(|(_, pod)| pod.ready);
            let pods = pods.map(|(object, pod)| {
                Request::write(object, Facet::Pod(Pod { ready: false, silent: true, ..pod.clone() }))
            });
            let requests = [Request::write(object, silent)].into_iter().chain(pods).collect();
            return write_if_admitted(world, object, Rule("I11"), requests);
        }
        match mistainted(node) {
            true => {
                let tainted = Facet::Node(Node { unreachable: !node.unreachable, ..node.clone() });
                write_if_admitted(world, object, Rule("I12"), vec![Request::change(object, tainted)])
            }
            false => Outcome::Idle,
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

/// I11: whether a node that was ready is no longer heard of, and its time is over.
fn falls_silent(world: &World, object: &Object, node: &Node) -> bool {
    node.ready
        && world.has_fault(Fault::TimedOut(object.key))
        && !world.holds(&Fact::Runs(Process::Kubelet(object.key.name)))
}

/// I12: whether the taint is missing on a node that fell silent, or is still there on one that is ready.
fn mistainted(node: &Node) -> bool {
    if node.ready { node.unreachable } else { node.silent && !node.unreachable }
}

/// Whether a node that has no taint yet gets it.
pub(super) fn will_be_unreachable(world: &World, object: &Object, node: &Node) -> bool {
    falls_silent(world, object, node) || (!node.ready && mistainted(node))
}

/// The pods that are on a node.
pub(super) fn pods_on<'w>(world: &'w World, node: &Object) -> impl Iterator<Item = (&'w Object, &'w Pod)> {
    world.on_node(kinds::pod(), node.key.name).filter_map(|(_, object)| match &object.facet {
        Facet::Pod(pod) => Some((&**object, pod)),
        _ => None,
    })
}
