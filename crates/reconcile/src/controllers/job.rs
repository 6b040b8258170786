//! The Job controller of kube-controller-manager, as far as it holds pods and makes them again.
//!
//! Rules I5 and I10 of the reference, which mirror `syncOrphanPod` and `manageJob` in `pkg/controller/job/job_controller.go` of
//! Kubernetes 1.33: a pod keeps its tracking finalizer while a Job that is not being deleted controls it. What a Job still has to
//! complete is what the dump shows it at.

use super::collected::ends_without_kubelet;
use super::replica_set::{deletes_surplus, manage};
use super::workload::workload_of;
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Kind, Object, ObjectRef, Outcome, Process, Request, Rule, World,
    kinds,
};

/// Takes `batch.kubernetes.io/job-tracking` off pods.
pub(crate) struct PodTracking;

/// Keeps a Job's pods.
pub(crate) struct JobController;

pub(super) const TRACKING: &str = "batch.kubernetes.io/job-tracking";

impl Controller for PodTracking {
    fn name(&self) -> &'static str {
        "Job controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::pod())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.has_finalizer(TRACKING)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        if live_job(world, object).is_some() && !ended(object) {
            return Outcome::Idle;
        }
        write_if_admitted(world, object, Rule("I5"), vec![Request::remove_finalizer(object, TRACKING)])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(pod, finalizer) = fact else { return None };
        let found = world.resolve(*pod).filter(|_| finalizer.as_str() == TRACKING)?;
        let when = match live_job(world, found).filter(|_| !ended(found)) {
            Some(job) => Condition::Any(vec![Condition::Is(Fact::Deleting(job)), will_end(world, found)]),
            None => Condition::always(),
        };
        let evidence = vec![Evidence::new(pod.key, "metadata/finalizers", TRACKING)];
        Some(Provided::new(Rule("I5"), Process::ControllerManager, when, evidence))
    }
}

impl Controller for JobController {
    fn name(&self) -> &'static str {
        "Job controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::job())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() && workload_of(object).is_some()
    }

    /// I10 (`manageJob`): nothing for a Job that is being deleted.
    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some((workload, template)) = workload_of(object) else { return Outcome::Idle };
        manage(world, object, workload, template)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        deletes_surplus(world, kinds::job(), fact)
    }
}

/// Whether a pod has ended, so that the Job has counted it (`trackJobStatusAndRemoveFinalizers`): one that no kubelet has to end
/// counts as soon as it is deleted.
fn ended(pod: &Object) -> bool {
    let finished = matches!(&pod.facet, Facet::Pod(pod) if matches!(pod.phase.as_str(), "Succeeded" | "Failed"));
    finished || pod.deletion.is_some_and(|deletion| deletion.grace_seconds == 0)
}

/// When a pod of a Job that is not being deleted ends: it is deleted, and its kubelet, where one has to, confirms.
fn will_end(world: &World, pod: &Object) -> Condition {
    let deleting = (!pod.deleting()).then(|| Fact::Deleting(pod.into()));
    let confirms = match &pod.facet {
        Facet::Pod(fields) if !ends_without_kubelet(world, pod) => Some(Fact::Runs(Process::Kubelet(fields.node))),
        _ => None,
    };
    Condition::all(deleting.into_iter().chain(confirms))
}

/// The Job that controls a pod, while it is not being deleted. One that is not in the dump counts as long as nothing shows
/// that it is absent.
fn live_job(world: &World, pod: &Object) -> Option<ObjectRef> {
    let job = kinds::job();
    let owner = pod.owners.iter().find(|owner| owner.controller && owner.kind.as_str() == "Job")?;
    match world.by_uid(owner.uid) {
        Some(found) => (!found.deleting()).then(|| (&**found).into()),
        None if world.knew(owner.uid) || world.lists(job) => None,
        None => Some(ObjectRef { key: crate::Key::new(job, pod.key.namespace, owner.name), uid: owner.uid }),
    }
}
