//! Why a step is not enabled: what waits, what does not run, and who has to do with an object at all.

use std::collections::BTreeSet;

use gordian_reconcile::scheduler::{WhyNot, enabled, why_not};
use gordian_reconcile::{Actor, Condition, Fact, Key, Outcome, Rule, Wait, World, controllers, waits};

/// Who has to do with an object, and why it acts or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Who.
    pub actor: Actor,
    /// The rule by which it acts or waits.
    pub rule: Option<Rule>,
    /// Why it does not act; or that it does.
    pub why: WhyNot,
}

/// Every step that is not enabled, with what it waits for: first what every controller waits for, then the steps that are ready
/// but for the process that would take them.
pub fn not_enabled(world: &World) -> Vec<(Actor, Key, Wait)> {
    let mut reasons = waits(world);
    let known: BTreeSet<(Actor, Key)> = reasons.iter().map(|(actor, key, _)| (*actor, *key)).collect();
    for (_, object) in world.objects() {
        for (index, controller) in controllers().iter().enumerate() {
            let WhyNot::DoesNotRun(process) = why_not(world, index, object) else {
                continue;
            };
            let actor = Actor { controller: controller.name(), process };
            let Outcome::Write(rule, _) = controller.reconcile(world, object) else {
                continue;
            };
            if !known.contains(&(actor, object.key)) {
                let goal = Fact::Gone((&**object).into());
                reasons.push((actor, object.key, Wait { rule, goal, on: Condition::Is(Fact::Runs(process)) }));
            }
        }
    }
    reasons
}

/// Every controller that has to do with an object, in the scheduler's order; nobody for one that is not there.
pub fn acting_on(world: &World, key: Key) -> Vec<Acting> {
    let Some(object) = world.find(key) else {
        return Vec::new();
    };
    let all = controllers().iter().enumerate();
    let acting = all.filter_map(|(index, controller)| {
        let why = why_not(world, index, object);
        if why == WhyNot::NotHandled {
            return None;
        }
        let rule = match controller.reconcile(world, object) {
            Outcome::Idle => None,
            Outcome::Write(rule, _) | Outcome::Wait(Wait { rule, .. }) => Some(rule),
        };
        let actor = Actor { controller: controller.name(), process: controller.process(world, object) };
        Some(Acting { actor, rule, why })
    });
    acting.collect()
}

/// What a garbage collector that lags has yet to see of an object.
pub fn unseen(world: &World, key: Key) -> Vec<Acting> {
    if !world.lags() {
        return Vec::new();
    }
    let sights = enabled(world).into_iter().filter(|step| step.key == key && step.sight.is_some());
    sights.map(|step| Acting { actor: step.actor, rule: Some(step.rule), why: WhyNot::Enabled }).collect()
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::fixture;

    use super::*;
    use crate::messages::Language;

    /// Why nobody acts in a world, or on one of its objects, in sentences.
    fn said(world: &World, uid: &str) -> (Vec<String>, Vec<String>) {
        let language = Language::default();
        let all = not_enabled(world);
        let all = all.iter().map(|(actor, key, wait)| language.core().wait(world, *actor, *key, wait)).collect();
        let key = world.by_uid(uid.into()).expect("the object is there").key;
        let acting = acting_on(world, key).into_iter();
        let acting = acting.map(|it| language.of_runs().why_not(world, it.actor, key, it.rule, &it.why));
        (all, acting.collect())
    }

    #[test]
    fn each_reason_is_one_sentence() {
        let text = "Node/n1 ready\nPod/shop/a deleting grace=30 node=n1 phase=Running\n\
                    ConfigMap/shop/owner deleting fin=foregroundDeletion\nConfigMap/shop/dependent fin=x.io/f owner=ConfigMap/owner!";
        let world = fixture::parse(text).expect("the world can be read");
        let (all, pod) = said(&world, "Pod/shop/a");
        assert_eq!(all, ["Garbage collector waits until dependent is gone, before it goes on with owner."]);
        assert_eq!(pod[pod.len() - 1], "kubelet of n1 can act: a pod goes when its kubelet confirms its end.");

        let world = world.assuming("runs:kubelet/n1", false);
        let (all, pod) = said(&world, "Pod/shop/a");
        assert_eq!(all[1], "The kubelet of n1 does not run, and a waits for it.");
        assert_eq!(pod[pod.len() - 1], "kubelet of n1 would act, but does not run.");
        assert!(
            acting_on(&world, gordian_reconcile::Key::new(gordian_reconcile::kinds::pod(), "shop".into(), "b".into()))
                .is_empty()
        );
    }
}
