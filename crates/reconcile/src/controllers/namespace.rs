//! The namespace controller of kube-controller-manager.
//!
//! Rules G3 to G7 of the reference, which mirror `pkg/controller/namespace/deletion/namespaced_resources_deleter.go` of
//! Kubernetes 1.33: pods first, then everything else, then `kubernetes` is taken off `spec.finalizers`.

use crate::controller::Provided;
use crate::object::{FOREGROUND, ORPHAN};
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Key, Kind, Name, Object, ObjectRef, Operation, Outcome, Process,
    Propagation, Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct NamespaceController;

const KUBERNETES: &str = "kubernetes";

impl Controller for NamespaceController {
    fn name(&self) -> &'static str {
        "namespace controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::namespace())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting()
    }

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ControllerManager
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Namespace(namespace) = &object.facet else {
            return Outcome::Idle;
        };
        let kubernetes = Name::new(KUBERNETES);
        if !namespace.finalizers.contains(&kubernetes) {
            return Outcome::Idle;
        }
        let goal = Fact::Freed(object.into(), kubernetes);
        let wait = |rule, on| Outcome::Wait(Wait { rule: Rule(rule), goal: goal.clone(), on });
        // G5: a background delete takes a pending foreground or orphan finalizer off, too (A5).
        let open = |object: &&Object| !object.deleting() || postponed(object);
        let delete = |object: &Object| Request::delete(object, Some(Propagation::Background));
        // G4: pods first.
        let pods: Vec<&Object> = content(world, object).filter(|o| o.key.kind == kinds::pod()).collect();
        let rest: Vec<&Object> = content(world, object).collect();
        for (rule, stage) in [("G4", &pods), ("G5", &rest)] {
            let (refused, open): (Vec<&Object>, Vec<&Object>) = stage
                .iter()
                .copied()
                .filter(open)
                .partition(|o| world.unreachable_webhook(o.key, Operation::Delete).is_some());
            if !open.is_empty() {
                return Outcome::Write(Rule(rule), open.into_iter().map(delete).collect());
            }
            if !stage.is_empty() {
                let admitted = refused.iter().map(|o| Fact::Admitted((*o).into(), Operation::Delete));
                let gone = stage.iter().map(|o| Fact::Gone((*o).into()));
                return wait(rule, Condition::all(admitted.chain(gone)));
            }
        }
        let down: Vec<Fact> = unserved(world).map(Fact::Served).collect();
        if !down.is_empty() {
            return wait("G7", Condition::all(down));
        }
        let finalizers = namespace.finalizers.iter().copied().filter(|&f| f != kubernetes).collect();
        Outcome::Write(Rule("G7"), vec![Request::write(object, Facet::Namespace(crate::Namespace { finalizers }))])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let by = |rule, when, evidence| Some(Provided::new(Rule(rule), Process::ControllerManager, when, evidence));
        match fact {
            Fact::Freed(namespace, finalizer) if finalizer.as_str() == KUBERNETES => {
                let object = world.resolve(*namespace)?;
                let gone = content(world, object).map(|o| Fact::Gone(o.into()));
                let served = unserved(world).map(Fact::Served);
                let evidence = Evidence::new(namespace.key, "spec/finalizers", KUBERNETES);
                by("G7", Condition::all(gone.chain(served)), vec![evidence])
            }
            Fact::Freed(_, finalizer) if !matches!(finalizer.as_str(), FOREGROUND | ORPHAN) => None,
            Fact::Deleting(object) | Fact::Freed(object, _) => {
                let found = world.resolve(*object)?;
                if matches!(fact, Fact::Freed(..)) && !pending(found) && !postponed(found) {
                    return None;
                }
                let sweeps = sweeps(world, found)?;
                let evidence = vec![Evidence::new(of(found), "metadata/deletionTimestamp", "set")];
                by("G4", sweeps, evidence).map(|provided| provided.through(Operation::Delete))
            }
            _ => None,
        }
    }
}

/// Whether an object waits for the garbage collector before it goes, and a background delete would end that. A pod whose grace
/// is pending is left alone until its kubelet has confirmed (A7).
fn postponed(object: &Object) -> bool {
    !pending(object) && (object.has_finalizer(FOREGROUND) || object.has_finalizer(ORPHAN))
}

/// The key of the namespace that an object is in.
fn of(object: &Object) -> Key {
    Key::new(kinds::namespace(), Name::default(), object.key.namespace)
}

/// G4 and G5: when the namespace controller deletes an object in the background; `None` when its namespace stays. Everything
/// but pods is deleted only when no pod is left.
pub(crate) fn sweeps(world: &World, object: &Object) -> Option<Condition> {
    let namespace = world.find(of(object)).filter(|namespace| namespace.deleting())?;
    // G3: without `kubernetes` the controller does nothing.
    if !namespace.held_by().contains(&Name::new(KUBERNETES)) {
        return None;
    }
    let pods = content(world, namespace).filter(|o| o.key.kind == kinds::pod());
    let first: Vec<Fact> = match &object.facet {
        Facet::Pod(pod) if pending(object) => vec![Fact::Runs(Process::Kubelet(pod.node))],
        Facet::Pod(_) => Vec::new(),
        _ => pods.map(|pod| Fact::Gone(pod.into())).collect(),
    };
    Some(Condition::all(first))
}

fn pending(object: &Object) -> bool {
    object.deletion.is_some_and(|deletion| deletion.grace_seconds > 0)
}

fn content<'w>(world: &'w World, namespace: &Object) -> impl Iterator<Item = &'w Object> {
    world.in_namespace(namespace.key.name).map(|(_, object)| &**object)
}

/// G7: discovery must succeed for all groups, so that an aggregated API that is down holds every namespace.
fn unserved(world: &World) -> impl Iterator<Item = Key> {
    let apis = world.of_kind(kinds::api_service());
    apis.filter(|(_, api)| !api.served()).map(|(_, api)| api.key)
}

/// So that the goal of a wait reads as the object it is about.
impl From<&&Object> for ObjectRef {
    fn from(object: &&Object) -> Self {
        (*object).into()
    }
}
