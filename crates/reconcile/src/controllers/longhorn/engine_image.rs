//! Longhorn's engine image controller, as far as it deletes: `controller/engine_image_controller.go`.
//!
//! It lets an engine image that is being deleted go at once. longhorn-manager deletes engine images in the foreground, so that one
//! stays all the same until its DaemonSet, whose owner reference blocks, is gone.

use super::{FINALIZER, running_manager};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{Condition, Controller, Fact, Kind, Name, Object, Outcome, Process, Request, Rule, World, kinds};

/// See the module.
pub(crate) struct EngineImageController;

const RULE: Rule = Rule("EI-1");

impl Controller for EngineImageController {
    fn name(&self) -> &'static str {
        "engine image controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_engine_image())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, _: &Object) -> Process {
        running_manager(world, |_| true).unwrap_or(Process::LonghornManager(Name::default()))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        write_if_admitted(world, object, RULE, vec![Request::remove_finalizer(object, FINALIZER)])
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else {
            return None;
        };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        (object.key.kind == kinds::longhorn_engine_image()).then_some(())?;
        Some(Provided::new(RULE, self.process(world, object), Condition::always(), Vec::new()))
    }
}
