//! Which steps are enabled, in which order, and which comes next.
//!
//! The order is that of [`controllers`], and within a controller that of the objects' places. The fair run goes round: the
//! next step is the first enabled one after the last that was taken, so that every step which stays enabled is taken.

use crate::controller::handled;
use crate::{Actor, Controller, Fact, Key, Object, ObjectId, Outcome, Request, Rule, World, controllers};

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
    let all = controllers().iter().enumerate();
    all.flat_map(|(index, controller)| steps(world, index, *controller, ObjectId::FIRST)).collect()
}

/// The first enabled step after this place in the round; past the end of the round it begins anew.
pub fn next(world: &World, after: Option<(usize, ObjectId)>) -> Option<Enabled> {
    let (at, from) = after.map_or((0, ObjectId::FIRST), |(at, id)| (at, id.next()));
    let from_here = |index: usize| if index == at { from } else { ObjectId::FIRST };
    let all = controllers();
    let rest = (at..all.len()).map(|index| (index, from_here(index)));
    let anew = (0..all.len().min(at + 1)).map(|index| (index, ObjectId::FIRST));
    rest.chain(anew).find_map(|(index, from)| steps(world, index, all[index], from).next())
}

fn steps<'w>(
    world: &'w World,
    index: usize,
    controller: &'w dyn Controller,
    from: ObjectId,
) -> impl Iterator<Item = Enabled> {
    handled(controller, world, from).filter_map(move |(id, object)| step_of(world, index, controller, id, object))
}

fn step_of(world: &World, index: usize, controller: &dyn Controller, id: ObjectId, object: &Object) -> Option<Enabled> {
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
