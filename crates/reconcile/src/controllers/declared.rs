//! One controller for every finalizer that Gordian knows by name only: a row of the catalogue turned into behaviour.
//!
//! It removes its finalizer when its process runs and has done what it does first. What that is cannot be seen in a dump, so
//! it is an assumption ([`Fact::DoneBy`]) that a person can switch.

use super::definition::CLEANUP;
use super::job::TRACKING;
use super::longhorn;
use super::namespace::KUBERNETES;
use super::protection::{CLAIM, VOLUME};
use crate::controller::Provided;
use crate::object::{FOREGROUND, ORPHAN};
use crate::{Condition, Controller, Evidence, Fact, Kind, Name, Object, Outcome, Process, Request, Rule, Wait, World};

/// See the module.
pub(crate) struct Declared;

impl Controller for Declared {
    fn name(&self) -> &'static str {
        "finalizer's controller"
    }

    fn kind(&self) -> Option<Kind> {
        None
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && first(object).is_some()
    }

    fn process(&self, _: &World, object: &Object) -> Process {
        first(object).map_or(Process::ControllerManager, Process::FinalizerController)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(finalizer) = first(object) else {
            return Outcome::Idle;
        };
        let done = Fact::DoneBy(Process::FinalizerController(finalizer), object.into());
        if world.holds(&done) {
            let removal = vec![Request::remove_finalizer(object, finalizer.as_str())];
            return super::write_if_admitted(world, object, DECLARED, removal);
        }
        Outcome::Wait(Wait { rule: DECLARED, goal: Fact::Freed(object.into(), finalizer), on: Condition::Is(done) })
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(object, finalizer) = fact else {
            return None;
        };
        world.resolve(*object).filter(|found| handles(found, *finalizer))?;
        let process = Process::FinalizerController(*finalizer);
        let evidence = vec![Evidence::new(object.key, "metadata/finalizers", *finalizer)];
        Some(Provided::new(DECLARED, process, Condition::Is(Fact::DoneBy(process, *object)), evidence))
    }
}

const DECLARED: Rule = Rule("CAT");

fn first(object: &Object) -> Option<Name> {
    object.holding().find(|&finalizer| handles(object, finalizer))
}

/// Whether no other controller of Gordian's removes this finalizer.
fn handles(object: &Object, finalizer: Name) -> bool {
    let namespace = matches!(&object.facet, crate::Facet::Namespace(_));
    let elsewhere = matches!(finalizer.as_str(), FOREGROUND | ORPHAN | TRACKING | CLAIM | VOLUME | CLEANUP)
        || (namespace && finalizer.as_str() == KUBERNETES)
        || (finalizer.as_str() == longhorn::FINALIZER && longhorn::finalizes(object.key.kind));
    !elsewhere && object.holds_finalizer(finalizer)
}
