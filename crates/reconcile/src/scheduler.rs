//! Which steps are enabled, in which order, and which comes next.
//!
//! The order is that of [`controllers`], and within a controller that of the objects' places. The fair run goes round: the
//! next step is the first enabled one after the last that was taken, so that every step which stays enabled is taken.

use crate::{Actor, Controller, Fact, Key, ObjectId, Outcome, Request, Rule, World, controllers};

/// A step that can be taken now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enabled {
    /// Which controller, as an index of [`controllers`].
    pub controller: usize,
    /// Whose object it handles.
    pub id: ObjectId,
    /// Who acts.
    pub actor: Actor,
    /// The object's key.
    pub key: Key,
    /// By which rule.
    pub rule: Rule,
    /// What it sends.
    pub requests: Vec<Request>,
}

/// Every enabled step.
pub fn enabled(world: &World) -> Vec<Enabled> {
    let mut steps = Vec::new();
    for (index, controller) in controllers().iter().enumerate() {
        for id in controller.keys(world) {
            steps.extend(step_of(world, index, *controller, id));
        }
    }
    steps
}

/// The first enabled step after this place in the round.
pub fn next(world: &World, after: Option<(usize, ObjectId)>) -> Option<Enabled> {
    let mut first = None;
    for (index, controller) in controllers().iter().enumerate() {
        for id in controller.keys(world) {
            let later = after.is_none_or(|after| (index, id) > after);
            if (!later && first.is_some()) || after.is_some_and(|(last, _)| index < last && first.is_some()) {
                continue;
            }
            if let Some(step) = step_of(world, index, *controller, id) {
                if later {
                    return Some(step);
                }
                first = Some(step);
            }
        }
    }
    first
}

fn step_of(world: &World, index: usize, controller: &dyn Controller, id: ObjectId) -> Option<Enabled> {
    let object = world.get(id)?;
    let Outcome::Write(rule, requests) = controller.reconcile(world, object) else {
        return None;
    };
    let process = controller.process(world, object);
    world.holds(&Fact::Runs(process)).then(|| Enabled {
        controller: index,
        id,
        actor: Actor { controller: controller.name(), process },
        key: object.key,
        rule,
        requests,
    })
}
