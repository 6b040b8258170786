//! The namespace controller of kube-controller-manager.
//!
//! Rules G3 to G7 of the reference, which mirror `pkg/controller/namespace/deletion/namespaced_resources_deleter.go` and
//! `status_condition_utils.go` of Kubernetes 1.33: pods first, then everything else, then `kubernetes` is taken off
//! `spec.finalizers`; what is left is said in five conditions. Before 1.33 everything is deleted at once.

use std::collections::BTreeMap;

use crate::admission::namespace_key;
use crate::api_server::serve;
use crate::controller::Provided;
use crate::controllers::definition::{conversion_evidence, conversion_failure};
use crate::object::{FOREGROUND, ORPHAN};
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Fault, Key, Kind, Name, Namespace, Object, ObjectRef, Operation,
    Outcome, Process, Propagation, Request, Rule, StatusCondition, Wait, World, kinds,
};

/// See the module.
pub(crate) struct NamespaceController;

pub(crate) const KUBERNETES: &str = "kubernetes";

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

    /// `Delete`: one sync. A step ends where the real one has waited for the API server: after the pods are deleted, and after the
    /// rest is.
    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Facet::Namespace(namespace) = &object.facet else {
            return Outcome::Idle;
        };
        // G3.
        let kubernetes = Name::new(KUBERNETES);
        if !namespace.finalizers.contains(&kubernetes) {
            return Outcome::Idle;
        }
        let goal = Fact::Freed(object.into(), kubernetes);
        let wait = |rule, on| Outcome::Wait(Wait { rule: Rule(rule), goal: goal.clone(), on });
        if world.refuses_status(object) {
            return wait("G6", Condition::Is(Fact::Admitted(object.into(), Operation::Update)));
        }
        let left: Vec<&Object> = content(world, object).collect();
        let pods: Vec<&Object> = left.iter().copied().filter(|o| o.key.kind == kinds::pod()).collect();
        // G4: pods first, unless they cannot be deleted: then none are counted, and the rest goes.
        let pods_first = ordered(world) && !pods.is_empty() && !pods.iter().any(|pod| refused(world, pod));
        let (rule, stage) = if pods_first { ("G4", &pods) } else { ("G5", &left) };
        let deletable = stage.iter().copied().filter(|o| open(o) && !refused(world, o));
        let mut requests: Vec<Request> = deletable.map(|o| Request::delete(o, Some(Propagation::Background))).collect();
        let deletes = !requests.is_empty();
        let mut after = world.clone();
        requests.iter().for_each(|request| drop(serve(&mut after, request)));
        let ended = !pods_first || content(&after, object).any(|o| o.key.kind == kinds::pod());
        let conditions = conditions(&after, object, world.has_fault(Fault::TimedOut(object.key)));
        if ended && conditions != namespace.conditions {
            let said = Namespace { conditions: conditions.clone(), ..namespace.clone() };
            requests.push(Request::write(object, Facet::Namespace(said)));
        }
        if deletes {
            return Outcome::Write(Rule(rule), requests);
        }
        let unlisted: Vec<Fact> = unlisted(world).map(|(definition, _)| Fact::Listed(definition)).collect();
        let down: Vec<Fact> = unserved(world).map(Fact::Served).collect();
        if stage.is_empty() && unlisted.is_empty() && down.is_empty() {
            let finalizers = namespace.finalizers.iter().copied().filter(|&f| f != kubernetes).collect();
            requests.push(Request::write(object, Facet::Namespace(Namespace { finalizers, conditions })));
            return Outcome::Write(Rule("G7"), requests);
        }
        if !requests.is_empty() {
            return Outcome::Write(Rule("G6"), requests);
        }
        if !stage.is_empty() {
            let held_up = stage.iter().filter(|o| open(o) && refused(world, o));
            let admitted = held_up.map(|o| Fact::Admitted((*o).into(), Operation::Delete));
            return wait(rule, Condition::all(admitted.chain(stage.iter().map(|o| Fact::Gone((*o).into())))));
        }
        match unlisted.is_empty() {
            false => wait("H7", Condition::all(unlisted)),
            true => wait("G7", Condition::all(down)),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let by = |rule, when, evidence| Some(Provided::new(Rule(rule), Process::ControllerManager, when, evidence));
        match fact {
            Fact::Freed(namespace, finalizer) if finalizer.as_str() == KUBERNETES => {
                let object = world.resolve(*namespace)?;
                let gone = content(world, object).map(|o| Fact::Gone(o.into()));
                let listed = unlisted(world).map(|(definition, _)| Fact::Listed(definition));
                let served = unserved(world).map(Fact::Served);
                let mut evidence = vec![Evidence::new(namespace.key, "spec/finalizers", KUBERNETES)];
                let definitions = unlisted(world).filter_map(|(definition, _)| world.find(definition));
                evidence.extend(definitions.filter_map(|definition| conversion_evidence(world, definition)));
                let provided = by("G7", Condition::all(gone.chain(listed).chain(served)), evidence)?;
                // The finalizer goes through a subresource, which webhooks match by itself.
                Some(if world.refuses_status(object) { provided } else { provided.in_storage() })
            }
            Fact::Freed(_, finalizer) if !matches!(finalizer.as_str(), FOREGROUND | ORPHAN) => None,
            Fact::Deleting(object) | Fact::Freed(object, _) => {
                let found = world.resolve(*object)?;
                if matches!(fact, Fact::Freed(..)) && !pending(found) && !postponed(found) {
                    return None;
                }
                let sweeps = sweeps(world, found)?;
                let evidence = vec![Evidence::new(namespace_key(found.key), "metadata/deletionTimestamp", "set")];
                by("G4", sweeps, evidence).map(|provided| provided.through(Operation::Delete))
            }
            _ => None,
        }
    }
}

/// G4 (`OrderedNamespaceDeletion`, on since Kubernetes 1.33): whether pods go before everything else.
fn ordered(world: &World) -> bool {
    world.kubernetes() >= 33
}

/// G5: a background delete takes a pending foreground or orphan finalizer off, too (A5).
fn open(object: &Object) -> bool {
    !object.deleting() || postponed(object)
}

/// Whether a delete of an object fails in admission, and with it the `deletecollection` of its kind. A pod whose grace is pending
/// is left alone before a webhook is asked (A7).
fn refused(world: &World, object: &Object) -> bool {
    !pending(object) && world.unreachable_webhook(object.key, Operation::Delete).is_some()
}

/// Whether an object waits for the garbage collector before it goes, and a background delete would end that. A pod whose grace
/// is pending is left alone until its kubelet has confirmed (A7).
fn postponed(object: &Object) -> bool {
    !pending(object) && (object.has_finalizer(FOREGROUND) || object.has_finalizer(ORPHAN))
}

/// G4 and G5: when the namespace controller deletes an object in the background; `None` when its namespace stays. Everything
/// but pods is deleted only when no pod is left, or when the pods cannot be deleted.
pub(crate) fn sweeps(world: &World, object: &Object) -> Option<Condition> {
    let namespace = world.find(namespace_key(object.key)).filter(|namespace| namespace.deleting())?;
    // G3: without `kubernetes` the controller does nothing.
    if !namespace.held_by().contains(&Name::new(KUBERNETES)) {
        return None;
    }
    let pods: Vec<&Object> = content(world, namespace).filter(|o| o.key.kind == kinds::pod()).collect();
    let first: Vec<Fact> = match &object.facet {
        Facet::Pod(pod) if pending(object) => vec![Fact::Runs(Process::Kubelet(pod.node))],
        Facet::Pod(_) => Vec::new(),
        _ if !ordered(world) || pods.iter().any(|pod| refused(world, pod)) => Vec::new(),
        _ => pods.into_iter().map(|pod| Fact::Gone(pod.into())).collect(),
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
    apis.filter(|(_, api)| !world.is_served(api)).map(|(_, api)| api.key)
}

/// H7: the definitions of namespaced kinds whose instances cannot be listed, in whatever namespace, with the error.
fn unlisted(world: &World) -> impl Iterator<Item = (Key, String)> {
    let definitions = world.of_kind(kinds::definition()).map(|(_, object)| &**object);
    let namespaced = |object: &&Object| matches!(object.facet, Facet::Definition { namespaced: true, .. });
    definitions.filter(namespaced).filter_map(|object| Some((object.key, conversion_failure(world, object)?)))
}

/// The types of the conditions that the namespace controller writes, in its order, each with what it says when all is well.
const CONDITIONS: [(&str, &str, &str); 5] = [
    ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    ("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
    (
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    ("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    ("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
];

/// Whether the namespace controller writes a condition of this type (rule G6).
pub(crate) fn writes(kind: Name) -> bool {
    CONDITIONS.iter().any(|(written, ..)| *written == kind.as_str())
}

/// Rule G6 (`namespaceConditionUpdater`): what the controller says of a namespace after it has deleted what it can, as
/// `status.conditions` has it then. `grace_passed` tells whether the longest grace period of its pods has passed since the
/// namespace was deleted: until then pods that are left are no error.
pub fn conditions(world: &World, namespace: &Object, grace_passed: bool) -> Vec<StatusCondition> {
    let mut said = Said::default();
    let (pods, mut rest): (Vec<&Object>, Vec<&Object>) =
        content(world, namespace).partition(|object| object.key.kind == kinds::pod());
    rest.sort_by_key(|object| object.key.kind);
    let left = said.kind(world, namespace, &pods, grace_passed);
    // G4: with pods left, it returns before it counts what remains.
    let counts = !ordered(world) || left == 0;
    if counts {
        rest.chunk_by(|one, other| one.key.kind == other.key.kind).for_each(|objects| {
            said.kind(world, namespace, objects, grace_passed);
        });
        said.errors.extend(unlisted(world).map(|(_, error)| error));
    }
    let failing: Vec<String> = unserved(world).map(|api| discovery_error(api.name)).collect();
    let mut conditions = match &namespace.facet {
        Facet::Namespace(namespace) => namespace.conditions.clone(),
        _ => Vec::new(),
    };
    for (kind, reason, message) in CONDITIONS {
        let failure = match kind {
            "NamespaceDeletionDiscoveryFailure" => discovery_failed(failing.clone()),
            "NamespaceDeletionContentFailure" => content_failed(std::mem::take(&mut said.errors)),
            "NamespaceContentRemaining" if counts => remaining(&said.resources),
            "NamespaceFinalizersRemaining" if counts => finalizers_remaining(&said.finalizers),
            _ => None,
        };
        let condition = match failure {
            Some((reason, message)) => StatusCondition::new(kind, true, reason, &message),
            None => StatusCondition::new(kind, false, reason, message),
        };
        match conditions.iter_mut().find(|earlier| earlier.kind == condition.kind) {
            Some(earlier) => *earlier = condition,
            None => conditions.push(condition),
        }
    }
    conditions
}

/// What `deleteAllContent` collects.
#[derive(Default)]
struct Said {
    errors: Vec<String>,
    resources: BTreeMap<String, usize>,
    finalizers: BTreeMap<&'static str, usize>,
}

impl Said {
    /// `deleteAllContentForGroupVersionResource`, after its deletes: counts what is left of one kind.
    fn kind(&mut self, world: &World, namespace: &Object, objects: &[&Object], grace_passed: bool) -> usize {
        let Some(first) = objects.first() else { return 0 };
        let refusals = objects.iter().filter(|object| refused(world, object));
        if let Some(object) = refusals.min_by_key(|object| object.key.name) {
            self.errors.extend(world.refusal_message(object.key, Operation::Delete));
            return 0;
        }
        let plural = world.plural_of(first.key.kind);
        let group = first.key.kind.group;
        for finalizer in objects.iter().flat_map(|object| &object.finalizers) {
            *self.finalizers.entry(finalizer.as_str()).or_default() += 1;
        }
        // `estimateGracefulTermination`: pods have time, and the garbage collector has it for whatever has a finalizer.
        let in_time = |object: &&Object| match &object.facet {
            Facet::Pod(pod) => {
                !grace_passed && pod.grace_seconds > 0 && !matches!(pod.phase.as_str(), "Succeeded" | "Failed")
            }
            _ => false,
        };
        if !objects.iter().any(in_time) && objects.iter().all(|object| object.finalizers.is_empty()) {
            let version = first.api_version.as_str().rsplit('/').next().unwrap_or_default();
            let name = namespace.key.name;
            self.errors.push(format!(
                "unexpected items still remain in namespace: {name} for gvr: {group}/{version}, Resource={plural}"
            ));
        }
        *self.resources.entry(format!("{plural}.{group}")).or_default() += objects.len();
        objects.len()
    }
}

/// The error of one API group that cannot be asked what it serves; an APIService's name is `version.group`.
fn discovery_error(api: Name) -> String {
    let (version, group) = api.as_str().split_once('.').unwrap_or((api.as_str(), ""));
    format!("{group}/{version}: stale GroupVersion discovery: {group}/{version}")
}

/// `ProcessDiscoverResourcesErr`.
fn discovery_failed(mut failing: Vec<String>) -> Option<(&'static str, String)> {
    failing.sort();
    let (count, groups) = (failing.len(), failing.join(", "));
    let message = format!(
        "Discovery failed for some groups, {count} failing: unable to retrieve the complete list of server APIs: {groups}"
    );
    (count > 0).then_some(("DiscoveryFailed", message))
}

/// `makeDeleteContentCondition`.
fn content_failed(mut errors: Vec<String>) -> Option<(&'static str, String)> {
    errors.sort();
    let (count, errors) = (errors.len(), errors.join(", "));
    (count > 0)
        .then(|| ("ContentDeletionFailed", format!("Failed to delete all resource types, {count} remaining: {errors}")))
}

/// `ProcessContentTotals`, for the objects that are left.
fn remaining(resources: &BTreeMap<String, usize>) -> Option<(&'static str, String)> {
    let counted: Vec<String> =
        resources.iter().map(|(resource, count)| format!("{resource} has {count} resource instances")).collect();
    let message = format!("Some resources are remaining: {}", counted.join(", "));
    (!counted.is_empty()).then_some(("SomeResourcesRemain", message))
}

/// `ProcessContentTotals`, for the finalizers that hold them.
fn finalizers_remaining(finalizers: &BTreeMap<&str, usize>) -> Option<(&'static str, String)> {
    let counted: Vec<String> =
        finalizers.iter().map(|(finalizer, count)| format!("{finalizer} in {count} resource instances")).collect();
    let message = format!("Some content in the namespace has finalizers remaining: {}", counted.join(", "));
    (!counted.is_empty()).then_some(("SomeFinalizersRemain", message))
}

/// So that the goal of a wait reads as the object it is about.
impl From<&&Object> for ObjectRef {
    fn from(object: &&Object) -> Self {
        (*object).into()
    }
}
