//! Single steps: which are enabled at an object, and where one leads.

use crate::scheduler::{Enabled, Performed};
use crate::{Actor, Fact, ObjectId, Outcome, World, controllers};

/// The step that a controller can take about the object at a place, if it is enabled.
pub(super) fn step(world: &World, controller: usize, id: ObjectId) -> Option<Enabled> {
    let actor = *controllers().get(controller)?;
    let object = world.get(id)?;
    if actor.kind().is_some_and(|kind| kind != object.key.kind) || !actor.handles(world, object) {
        return None;
    }
    let Outcome::Write(rule, requests) = actor.reconcile(world, object) else { return None };
    let process = actor.process(world, object);
    let actor = Actor { controller: actor.name(), process };
    let key = object.key;
    world.holds(&Fact::Runs(process)).then_some(Enabled { controller, id, actor, key, rule, requests, sight: None })
}

/// Every step that is enabled at one of these places, in the scheduler's order.
pub(super) fn steps(world: &World, places: &[ObjectId]) -> Vec<Enabled> {
    let controllers = 0..controllers().len();
    let at = |controller| places.iter().filter_map(move |&id| step(world, controller, id));
    controllers.flat_map(at).collect()
}

/// The world after a step, and what it did.
pub(super) fn take(world: &World, step: &Enabled) -> (World, Performed) {
    let mut after = world.clone();
    let performed = step.perform(&mut after);
    (after, performed)
}
