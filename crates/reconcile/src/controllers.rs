//! The controllers, one file each.

pub(crate) mod declared;
pub(crate) mod garbage_collector;
pub(crate) mod kubelet;
pub(crate) mod longhorn;
pub(crate) mod namespace;

use crate::{Condition, Fact, Object, Operation, Outcome, Request, Rule, Verb, Wait, World};

/// A controller's writes, or the wait for the admission webhook that would refuse one of them: a refused write is tried
/// again for ever (rules A4, B5, D8), which is the same as to wait until the webhook can be asked.
pub(crate) fn write_if_admitted(
    world: &World,
    object: &Object,
    rule: Rule,
    requests: Vec<Request>,
) -> Outcome {
    let refused = requests.iter().find_map(|request| {
        let operation = match &request.verb {
            Verb::Create(_) => Operation::Create,
            Verb::Delete { .. } => Operation::Delete,
            Verb::Update(_) => Operation::Update,
        };
        world
            .unreachable_webhook(request.target, operation)
            .and(Some((request, operation)))
    });
    let Some((request, operation)) = refused else {
        return Outcome::Write(rule, requests);
    };
    let target = world
        .find(request.target)
        .map_or_else(|| object.into(), |found| (&**found).into());
    let goal = match operation {
        Operation::Delete => Fact::Deleting(target),
        Operation::Create => Fact::Exists(request.target),
        Operation::Update => match object.held_by().first() {
            Some(&finalizer) => Fact::Freed(object.into(), finalizer),
            None => return Outcome::Idle,
        },
    };
    Outcome::Wait(Wait {
        rule,
        goal,
        on: Condition::Is(Fact::Admitted(target, operation)),
    })
}
