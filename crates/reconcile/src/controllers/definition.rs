//! The finalizer of CustomResourceDefinitions, whose controller runs in the API server.
//!
//! Rules H2 and H4 of the reference, which mirror `sync` in
//! `apiextensions-apiserver/pkg/controller/finalizer/crd_finalizer.go` of Kubernetes 1.33: instances are deleted in storage,
//! past all webhooks, and the definition goes when none is left.

use crate::controller::Provided;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Kind, Name, Object, ObjectId, ObjectRef, Outcome, Process, Request,
    Rule, Wait, World, kinds,
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
        let instances: Vec<&Object> = instances(world, object).collect();
        let live = instances.iter().copied().filter(|instance| !instance.deleting());
        let deletes: Vec<Request> = live.map(|instance| Request::delete(instance, None).in_storage()).collect();
        if !deletes.is_empty() {
            return Outcome::Write(Rule("H2"), deletes);
        }
        if instances.is_empty() {
            return Outcome::Write(Rule("H2"), vec![Request::remove_finalizer(object, CLEANUP).in_storage()]);
        }
        let goal = Fact::Freed(object.into(), Name::new(CLEANUP));
        let gone = instances.into_iter().map(|instance| Fact::Gone(instance.into()));
        Outcome::Wait(Wait { rule: Rule("H2"), goal, on: Condition::all(gone) })
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == CLEANUP => {
                let definition = world.resolve(*target)?;
                let gone = instances(world, definition).map(|instance| Fact::Gone(ObjectRef::from(instance)));
                let evidence = vec![Evidence::new(target.key, "metadata/finalizers", CLEANUP)];
                Some(Provided::new(Rule("H2"), Process::ApiServer, Condition::all(gone), evidence).in_storage())
            }
            Fact::Deleting(target) => {
                let definition =
                    definitions(world).find(|(_, object)| ends(object) && serves(object, target.key.kind))?;
                let evidence = vec![Evidence::new(definition.1.key, "metadata/deletionTimestamp", "set")];
                Some(Provided::new(Rule("H2"), Process::ApiServer, Condition::always(), evidence).in_storage())
            }
            _ => None,
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

fn instances<'w>(world: &'w World, definition: &Object) -> impl Iterator<Item = &'w Object> {
    let kind = match &definition.facet {
        Facet::Definition { group, kind, .. } => Some(Kind { group: *group, kind: *kind }),
        _ => None,
    };
    kind.into_iter().flat_map(|kind| world.of_kind(kind)).map(|(_, object)| &**object)
}

/// H3: while a definition is being deleted, no instance of it is created.
pub(crate) fn refuses_creation(world: &World, kind: Kind) -> bool {
    definitions(world).any(|(_, object)| object.deleting() && serves(object, kind))
}
