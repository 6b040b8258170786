//! The finalizer of CustomResourceDefinitions, whose controller runs in the API server.
//!
//! Rules H1 to H7 of the reference, which mirror `sync` in
//! `apiextensions-apiserver/pkg/controller/finalizer/crd_finalizer.go` of Kubernetes 1.33: instances are deleted in storage,
//! past all webhooks, and the definition goes when none is left. The real controller gives up after a minute, says so
//! (`InstanceDeletionCheck`) and begins anew at once; the world has no clock, and stays at `InstanceDeletionInProgress`.
//!
//! The autoregister controller beside it keeps an APIService for each group and version that is defined
//! (`kube-aggregator/pkg/controllers/autoregister/autoregister_controller.go`).

use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Callee, Condition, Controller, Evidence, Facet, Fact, Kind, Name, Object, ObjectId, ObjectRef, Outcome, Process,
    Request, Rule, StatusCondition, Update, Wait, World, kinds,
};

/// See the module.
pub(crate) struct DefinitionFinalizer;

pub(crate) const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

impl Controller for DefinitionFinalizer {
    fn name(&self) -> &'static str {
        "CRD finalizer"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::definition())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        ends(object)
    }

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ApiServer
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let goal = Fact::Freed(object.into(), Name::new(CLEANUP));
        // H7: what cannot be listed cannot be deleted. The real controller tries again and again.
        if let Some(failure) = listing_failure(world, object) {
            let failed = condition(true, "InstanceDeletionFailed", &format!("could not list instances: {failure}"));
            return match says(object, failed) {
                false => Outcome::Write(Rule("H7"), vec![say(object, failed)]),
                true => {
                    let on = Condition::Is(Fact::Listed(object.key));
                    Outcome::Wait(Wait { rule: Rule("H7"), goal, on })
                }
            };
        }
        let instances: Vec<&Object> = instances(world, object).collect();
        let in_progress = condition(true, "InstanceDeletionInProgress", "CustomResource deletion is in progress");
        let mut requests = if says(object, in_progress) { Vec::new() } else { vec![say(object, in_progress)] };
        let live = instances.iter().copied().filter(|instance| !instance.deleting());
        requests.extend(live.map(|instance| Request::delete(instance, None).in_storage()));
        if instances.is_empty() {
            requests.push(complete(object));
        }
        if !requests.is_empty() {
            return Outcome::Write(Rule("H2"), requests);
        }
        let gone = instances.into_iter().map(|instance| Fact::Gone(instance.into()));
        Outcome::Wait(Wait { rule: Rule("H2"), goal, on: Condition::all(gone) })
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == CLEANUP => {
                let definition = world.resolve(*target)?;
                let gone = instances(world, definition).map(|instance| Fact::Gone(ObjectRef::from(instance)));
                let mut evidence = vec![Evidence::new(target.key, "metadata/finalizers", CLEANUP)];
                evidence.extend(conversion_evidence(world, definition));
                let when = Condition::all([Fact::Listed(target.key)].into_iter().chain(gone));
                Some(Provided::new(Rule("H2"), Process::ApiServer, when, evidence).in_storage())
            }
            Fact::Deleting(target) => {
                let definition =
                    definitions(world).find(|(_, object)| ends(object) && serves(object, target.key.kind))?;
                let evidence = vec![Evidence::new(definition.1.key, "metadata/deletionTimestamp", "set")];
                let when = Condition::Is(Fact::Listed(definition.1.key));
                Some(Provided::new(Rule("H2"), Process::ApiServer, when, evidence).in_storage())
            }
            _ => None,
        }
    }
}

/// The condition `Terminating` in the words of `crd_finalizer.go`.
fn condition(status: bool, reason: &str, message: &str) -> StatusCondition {
    StatusCondition::new("Terminating", status, reason, message)
}

/// H1 (`REST.Delete` in `customresourcedefinition/etcd.go`): what the first delete of a definition says of it.
pub(crate) fn pending() -> StatusCondition {
    let message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
    condition(true, "InstanceDeletionPending", message)
}

/// Whether a definition says so already. One that was cut from its dump says nothing, ever.
fn says(object: &Object, condition: StatusCondition) -> bool {
    match &object.facet {
        Facet::Definition { terminating, .. } => *terminating == Some(condition),
        _ => true,
    }
}

fn saying(object: &Object, condition: StatusCondition) -> Facet {
    let mut facet = object.facet.clone();
    if let Facet::Definition { terminating, .. } = &mut facet {
        *terminating = Some(condition);
    }
    facet
}

fn say(object: &Object, condition: StatusCondition) -> Request {
    Request::write(object, saying(object, condition)).in_storage()
}

/// H2: the last update takes the finalizer off, and says that it was the last.
fn complete(object: &Object) -> Request {
    let completed = condition(false, "InstanceDeletionCompleted", "removed all instances");
    let finalizers = object.finalizers.iter().copied().filter(|finalizer| finalizer.as_str() != CLEANUP).collect();
    let facet = Some(saying(object, completed));
    Request::update(object, Update { finalizers: Some(finalizers), facet, ..Update::default() }).in_storage()
}

/// H7 (`conversion.webhookConverter`): why the instances of a definition cannot be listed; `None` when they can. Those that are
/// stored in another version than the one that is listed must pass a webhook, and one that cannot be asked fails the list.
fn listing_failure(world: &World, definition: &Object) -> Option<String> {
    let failure = conversion_failure(world, definition)?;
    let Facet::Definition { group, kind, conversion: Some(conversion), .. } = &definition.facet else { return None };
    let storage = conversion.storage;
    Some(format!("storage is (re)initializing: failed to list {group}/{storage}, Kind={kind}: {failure}"))
}

/// The error of the conversion itself, as whoever lists the instances sees it.
pub(crate) fn conversion_failure(world: &World, definition: &Object) -> Option<String> {
    let Facet::Definition { group, kind, conversion: Some(conversion), .. } = &definition.facet else { return None };
    let service = conversion.service.filter(|_| !world.lists_instances(definition))?;
    let stored = conversion.stored;
    Some(format!("conversion webhook for {group}/{stored}, Kind={kind} failed: {}", world.call_error(service)))
}

/// The service of a conversion webhook that cannot be asked.
pub(crate) fn conversion_evidence(world: &World, definition: &Object) -> Option<Evidence> {
    let Facet::Definition { conversion: Some(conversion), .. } = &definition.facet else { return None };
    let Callee { namespace, name, .. } = conversion.service.filter(|_| !world.lists_instances(definition))?;
    let service = Name::new(&format!("{namespace}/{name}"));
    Some(Evidence::new(definition.key, "spec/conversion/webhook/clientConfig/service", service))
}

impl World {
    /// Whether the instances of a kind can be listed (rule H7); of a kind without a definition they can.
    pub fn lists_kind(&self, kind: Kind) -> bool {
        definitions(self).filter(|(_, object)| serves(object, kind)).all(|(_, object)| self.lists_instances(object))
    }

    /// Whether the instances of a definition can be listed (rule H7).
    pub(crate) fn lists_instances(&self, definition: &Object) -> bool {
        match &definition.facet {
            Facet::Definition { conversion: Some(conversion), .. } => self.reachable(conversion.service),
            _ => true,
        }
    }
}

fn definitions(world: &World) -> impl Iterator<Item = (ObjectId, &std::sync::Arc<Object>)> {
    world.of_kind(kinds::definition())
}

fn ends(object: &Object) -> bool {
    object.deleting() && object.has_finalizer(CLEANUP)
}

/// Whether a definition is the one of a kind.
fn serves(definition: &Object, served: Kind) -> bool {
    matches!(&definition.facet, Facet::Definition { group, kind, .. } if *group == served.group && *kind == served.kind)
}

/// The kind that a definition defines; `None` for any other object.
pub(crate) fn instances_of(definition: &Object) -> Option<Kind> {
    match &definition.facet {
        Facet::Definition { group, kind, .. } => Some(Kind { group: *group, kind: *kind }),
        _ => None,
    }
}

fn instances<'w>(world: &'w World, definition: &Object) -> impl Iterator<Item = &'w Object> {
    instances_of(definition).into_iter().flat_map(|kind| world.of_kind(kind)).map(|(_, object)| &**object)
}

/// H3: while a definition is being deleted, no instance of it is created.
pub(crate) fn refuses_creation(world: &World, kind: Kind) -> bool {
    definitions(world).any(|(_, object)| object.deleting() && serves(object, kind))
}

/// See the module.
pub(crate) struct Autoregister;

/// The label of APIServices that the autoregister controller keeps in step with definitions, with the value `true`.
const AUTOMANAGED: &str = "kube-aggregator.kubernetes.io/automanaged";

impl Controller for Autoregister {
    fn name(&self) -> &'static str {
        "autoregister controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::api_service())
    }

    fn handles(&self, world: &World, object: &Object) -> bool {
        let automanaged = object.label(AUTOMANAGED).is_some_and(|value| value.as_str() == "true");
        automanaged && !object.deleting() && was_defined(world, object) && definers(world, object).next().is_none()
    }

    fn process(&self, _: &World, _: &Object) -> Process {
        Process::ApiServer
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        write_if_admitted(world, object, Rule("H2"), vec![Request::delete(object, None)])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(api) = fact else { return None };
        let found =
            world.resolve(*api).filter(|found| found.label(AUTOMANAGED).is_some_and(|it| it.as_str() == "true"))?;
        let gone: Vec<Fact> = definers(world, found).map(|definition| Fact::Gone(definition.into())).collect();
        let known = !gone.is_empty() || was_defined(world, found);
        known.then(|| Provided::new(Rule("H2"), Process::ApiServer, Condition::all(gone), Vec::new()))
    }
}

/// Whether a definition in an APIService's group went in this run: whether there was one before is not known.
fn was_defined(world: &World, api: &Object) -> bool {
    let group = api.key.name.as_str().split_once('.').map_or("", |(_, group)| group);
    world.gone_definitions().any(|kind| kind.group.as_str() == group)
}

/// The definitions that serve an APIService's group and version: its name is `version.group`.
fn definers<'w>(world: &'w World, api: &Object) -> impl Iterator<Item = &'w Object> {
    let name = api.key.name.as_str();
    definitions(world).map(|(_, object)| &**object).filter(move |definition| match &definition.facet {
        Facet::Definition { group, versions, .. } => {
            let named = |version: &Name| name.strip_prefix(version.as_str()).and_then(|rest| rest.strip_prefix('.'));
            versions.iter().any(|version| named(version) == Some(group.as_str()))
        }
        _ => false,
    })
}
