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

/// I9: deletes pods whose node is gone, without waiting for a kubelet.
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

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
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

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
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
        open(object) && node_is_gone(world, object)
    }

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Pod(pod) = &object.facet else { return Outcome::Idle };
        let failed = Facet::Pod(Pod { phase: Name::new("Failed"), ready: false, ..pod.clone() });
        let requests = vec![Request::write(object, failed), Request::delete_now(object)];
        write_if_admitted(world, object, Rule("I9"), requests)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let (Fact::Deleting(object) | Fact::Gone(object)) = fact else { return None };
        let found = world.resolve(*object).filter(|found| node_is_gone(world, found))?;
        let Facet::Pod(pod) = &found.facet else { return None };
        let evidence = vec![Evidence::new(object.key, "spec/nodeName", pod.node)];
        let freed = found.finalizers.iter().map(|&finalizer| Fact::Freed(ObjectRef::from(&**found), finalizer));
        let when = match fact {
            Fact::Gone(_) => Condition::all(freed.chain([Fact::Admitted(*object, Operation::Delete)])),
            _ => Condition::always(),
        };
        Some(Provided::new(Rule("I9"), Process::ControllerManager, when, evidence))
    }
}

/// Whether there is still something to do: the pod is not marked, or its grace is pending.
fn open(pod: &Object) -> bool {
    pod.deletion.is_none_or(|deletion| deletion.grace_seconds > 0)
}

/// Whether a pod's node was there in this run, or is of a kind that the dump lists, and is not there now.
fn node_is_gone(world: &World, object: &Object) -> bool {
    let Facet::Pod(pod) = &object.facet else { return false };
    let node = Key::new(kinds::node(), Name::default(), pod.node);
    !pod.node.is_empty()
        && world.find(node).is_none()
        && (world.place(node).is_some() || (world.lists(node.kind) && !world.whole()))
}
