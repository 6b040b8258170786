//! Controllers of kube-controller-manager that delete what lost its ground, without an owner reference.
//!
//! Rules I6, I8 and I9 of the reference, which mirror `pkg/controller/serviceaccount/tokens_controller.go`,
//! `pkg/controller/endpoint/endpoints_controller.go` and `pkg/controller/podgc/gc_controller.go` of Kubernetes 1.33.

use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Key, Kind, Name, Object, ObjectRef, Operation, Outcome, Pod, Process,
    Request, Rule, World, kinds,
};

/// I6: deletes the token Secrets of a ServiceAccount that is gone.
pub(crate) struct TokensController;

/// I8: deletes the Endpoints of a Service that is gone.
pub(crate) struct EndpointsController;

/// I9: ends pods that no kubelet ends: on no node, on one that is gone, or on one that is out of service. That it also deletes the oldest
/// of more than 12,500 pods that have ended (`gcTerminated`) is left out.
pub(crate) struct PodCollector;

impl Controller for TokensController {
    fn name(&self) -> &'static str {
        "tokens controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::secret())
    }

    fn handles(&self, world: &World, object: &Object) -> bool {
        !object.deleting() && account_is_gone(world, object)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        write_if_admitted(world, object, Rule("I6"), vec![Request::delete(object, None)])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(object) = fact else { return None };
        world.resolve(*object).filter(|found| account_is_gone(world, found))?;
        Some(Provided::new(Rule("I6"), Process::ControllerManager, Condition::always(), Vec::new()))
    }
}

fn account_is_gone(world: &World, secret: &Object) -> bool {
    match &secret.facet {
        Facet::Token { service_account: uid } => {
            let known = world.knew(*uid) || world.lists(kinds::service_account());
            known && world.by_uid(*uid).is_none()
        }
        _ => false,
    }
}

impl Controller for EndpointsController {
    fn name(&self) -> &'static str {
        "endpoints controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::endpoints())
    }

    fn handles(&self, world: &World, object: &Object) -> bool {
        !object.deleting() && service_is_gone(world, object)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        write_if_admitted(world, object, Rule("I8"), vec![Request::delete(object, None)])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(object) = fact else { return None };
        world.resolve(*object).filter(|found| service_is_gone(world, found))?;
        Some(Provided::new(Rule("I8"), Process::ControllerManager, Condition::always(), Vec::new()))
    }
}

fn service_is_gone(world: &World, endpoints: &Object) -> bool {
    let service = Key { kind: kinds::service(), ..endpoints.key };
    let known = world.place(service).is_some() || world.lists(service.kind);
    endpoints.key.kind.is("", "Endpoints") && known && world.find(service).is_none()
}

impl Controller for PodCollector {
    fn name(&self) -> &'static str {
        "pod garbage collector"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::pod())
    }

    fn handles(&self, world: &World, object: &Object) -> bool {
        match lost(world, object) {
            Some(Lost::Unscheduled) => object.deleting() && !ended(object),
            Some(Lost::NodeGone) => open(object),
            Some(Lost::OutOfService) => object.deleting() && open(object),
            None => false,
        }
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Pod(pod) = &object.facet else { return Outcome::Idle };
        let failed = Facet::Pod(Pod { phase: Name::new("Failed"), ready: false, ..pod.clone() });
        let failed = (!ended(object)).then(|| Request::write(object, failed));
        let requests = failed.into_iter().chain([Request::delete_now(object)]).collect();
        write_if_admitted(world, object, Rule("I9"), requests)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let (Fact::Deleting(object) | Fact::Gone(object)) = fact else { return None };
        let found = world.resolve(*object)?;
        let Facet::Pod(pod) = &found.facet else { return None };
        let freed = found.finalizers.iter().map(|&finalizer| Fact::Freed(ObjectRef::from(&**found), finalizer));
        let admitted = Fact::Admitted(*object, Operation::Delete);
        let (when, evidence) = match (lost(world, found)?, fact) {
            (Lost::NodeGone, Fact::Gone(_)) => (Condition::all(freed.chain([admitted])), "spec/nodeName"),
            (Lost::NodeGone, _) => (Condition::always(), "spec/nodeName"),
            (Lost::OutOfService, Fact::Gone(_)) => {
                (Condition::all(freed.chain([Fact::Deleting(*object), admitted])), "spec/nodeName")
            }
            _ => return None,
        };
        let evidence = vec![Evidence::new(object.key, evidence, pod.node)];
        Some(Provided::new(Rule("I9"), Process::ControllerManager, when, evidence))
    }
}

/// Why no kubelet ends a pod.
enum Lost {
    /// It is on no node (`gcUnscheduledTerminating`).
    Unscheduled,
    /// Its node is gone (`gcOrphaned`).
    NodeGone,
    /// Its node is not ready, and a person said that it is shut down (`gcTerminating`).
    OutOfService,
}

/// I9: whether a pod is one that no kubelet ends. A node is gone when it was there in this run, or is of a kind that the dump lists,
/// and is not there now.
fn lost(world: &World, object: &Object) -> Option<Lost> {
    let Facet::Pod(pod) = &object.facet else { return None };
    if pod.node.is_empty() {
        return Some(Lost::Unscheduled);
    }
    let key = Key::new(kinds::node(), Name::default(), pod.node);
    match world.find(key).map(|node| &node.facet) {
        Some(Facet::Node(node)) => (node.out_of_service && !node.ready).then_some(Lost::OutOfService),
        Some(_) => None,
        None => {
            let gone = world.place(key).is_some() || (world.lists(key.kind) && !world.whole());
            gone.then_some(Lost::NodeGone)
        }
    }
}

/// Whether a pod that is being deleted ends although no kubelet confirms it.
pub(super) fn ends_without_kubelet(world: &World, pod: &Object) -> bool {
    lost(world, pod).is_some()
}

/// Whether there is still something to do: the pod is not marked, or its grace is pending.
fn open(pod: &Object) -> bool {
    pod.deletion.is_none_or(|deletion| deletion.grace_seconds > 0)
}

/// Whether a pod has ended, as its status says.
fn ended(pod: &Object) -> bool {
    matches!(&pod.facet, Facet::Pod(pod) if matches!(pod.phase.as_str(), "Succeeded" | "Failed"))
}
