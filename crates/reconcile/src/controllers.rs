//! The controllers, one file each.

pub(crate) mod adoption;
pub(crate) mod api_server;
pub(crate) mod collected;
pub(crate) mod daemon_set;
pub(crate) mod declared;
pub(crate) mod definition;
pub(crate) mod deployment;
pub(crate) mod garbage_collector;
pub(crate) mod job;
pub(crate) mod kubelet;
pub(crate) mod longhorn;
pub(crate) mod namespace;
pub(crate) mod node_lifecycle;
pub(crate) mod protection;
pub(crate) mod replica_set;
pub(crate) mod service_account;
pub(crate) mod stateful_set;
pub(crate) mod taint_eviction;
pub(crate) mod workload;

use crate::{
    Condition, Fact, Key, Name, Object, Operation, Outcome, Refusal, Request, Rule, Update, Verb, Wait, World,
};

/// A controller's writes that the admission webhooks let pass, or the wait for the webhook that would refuse the first: a
/// refused write is tried again for ever (rules A4, B5, D8), which is the same as to wait until the webhook can be asked. What
/// comes after a refused write to the same object is not sent.
pub(crate) fn write_if_admitted(world: &World, object: &Object, rule: Rule, requests: Vec<Request>) -> Outcome {
    let mut refused: Vec<(Key, Operation)> = Vec::new();
    let mut admitted = requests;
    admitted.retain(|request| {
        if says_nothing(world, request) {
            return false;
        }
        let operation = match &request.verb {
            // No webhook sees a call.
            Verb::Call(..) => return true,
            Verb::Create(_) => Operation::Create,
            Verb::Delete { .. } => Operation::Delete,
            Verb::Update(update) => update_of(world, request.target, update),
        };
        let held_up = refused.iter().any(|(other, _)| *other == request.target);
        let passes = !held_up && !refused_by_admission(world, request, operation);
        if !passes {
            refused.push((request.target, operation));
        }
        passes
    });
    let Some((key, operation)) = refused.first().filter(|_| admitted.is_empty()) else {
        return Outcome::Write(rule, admitted);
    };
    let target = world.find(*key).map_or_else(|| object.into(), |found| (&**found).into());
    let goal = match operation {
        Operation::Delete => Fact::Deleting(target),
        Operation::Create => Fact::Exists(*key),
        Operation::Update | Operation::Release => match object.holding().next() {
            Some(finalizer) => Fact::Freed(object.into(), finalizer),
            None => return Outcome::Idle,
        },
    };
    Outcome::Wait(Wait { rule, goal, on: Condition::Is(Fact::Admitted(target, *operation)) })
}

/// What Longhorn's validator takes an update for (`IsRemovingLonghornFinalizer`): of what is being deleted one finalizer is taken off,
/// and it is Longhorn's.
pub(crate) fn update_of(world: &World, target: Key, update: &Update) -> Operation {
    let releases = |found: &Object, left: &[Name]| {
        let had = found.has_finalizer(longhorn::FINALIZER);
        let has = left.iter().any(|finalizer| finalizer.as_str() == longhorn::FINALIZER);
        found.deleting() && had && !has && left.len() + 1 == found.finalizers.len()
    };
    match (world.find(target), &update.finalizers) {
        (Some(found), Some(left)) if releases(found, left) => Operation::Release,
        _ => Operation::Update,
    }
}

/// Whether admission refuses a controller's write. Subresources are matched by themselves (rule B5).
fn refused_by_admission(world: &World, request: &Request, operation: Operation) -> bool {
    let found = world.find(request.target);
    match (&request.verb, found, world.refusal(request.target, operation)) {
        (Verb::Update(update), Some(found), Some(Refusal::Webhook(_) | Refusal::Denied(..)) | None)
            if update.to_status =>
        {
            world.refuses_status(found)
        }
        (_, _, refusal) => refusal.is_some(),
    }
}

/// Whether a write of spec or status says what already is.
fn says_nothing(world: &World, request: &Request) -> bool {
    let current = || world.find(request.target).map(|object| &object.facet);
    matches!(&request.verb, Verb::Update(update) if update.to_status && update.facet.as_ref() == current())
}
