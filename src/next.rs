//! Who could act next, and what is not enabled and why.

use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::messages::Language;
use crate::reasons::not_enabled;
use crate::scene::missing;
use crate::subject::Subject;
use crate::told::Fired;

/// As many steps or waits are listed.
pub const MOST: usize = 24;

/// The steps that are enabled, by their actors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Next {
    /// How many there are; not all of them need be listed.
    pub total: usize,
    /// Those that are listed.
    pub groups: Vec<Group>,
}

/// The steps of one actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Who.
    pub actor: String,
    /// What it could do.
    pub steps: Vec<Pick>,
}

/// A step that can be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pick {
    /// Its place among all that are enabled.
    pub index: usize,
    /// By which rule.
    pub rule: Fired,
    /// What it would do, and why.
    pub says: String,
}

/// The steps that are not enabled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// How many there are; not all of them need be listed.
    pub total: usize,
    /// Those that are listed.
    pub waits: Vec<Waits>,
}

/// A step that is not enabled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waits {
    /// By which rule it waits.
    pub rule: Fired,
    /// Who waits, and on what.
    pub says: String,
    /// The ends of its arrow in the drawing: what waits, and what for.
    pub ends: Option<(Subject, Subject)>,
}

/// Who could act next where the run stands.
pub fn next(document: &Document, language: Language) -> Next {
    let core = language.core();
    let enabled = document.enabled();
    let mut groups: Vec<Group> = Vec::new();
    for (index, step) in enabled.iter().enumerate().take(MOST) {
        let actor = core.actor(step.actor);
        let rule = Fired::of(step.rule, language);
        let says = language.page().take(&core.object(step.key), &rule.says);
        let pick = Pick { index, rule, says };
        match groups.iter_mut().find(|group| group.actor == actor) {
            Some(group) => group.steps.push(pick),
            None => groups.push(Group { actor, steps: vec![pick] }),
        }
    }
    Next { total: enabled.len(), groups }
}

/// Who waits where the run stands, and on what.
pub fn waiting(document: &Document, language: Language) -> Waiting {
    let world = document.world();
    let all = not_enabled(world);
    let waits = all.iter().take(MOST).map(|(actor, key, wait)| {
        let to = missing(world, &wait.on).into_iter().next();
        let from = Subject::of_fact(world, &wait.goal);
        Waits {
            rule: Fired::of(wait.rule, language),
            says: language.core().wait(world, *actor, *key, wait),
            ends: to.map(|to| (from, Subject::of_fact(world, &to))),
        }
    });
    Waiting { total: all.len(), waits: waits.collect() }
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::Profile;

    use super::*;
    use crate::engine::Unmeasured;
    use crate::engine::tests::sample;

    #[test]
    fn each_step_that_is_enabled_is_listed_by_its_place() {
        let fix = Profile::named("after-3719").expect("the profile");
        let fixed = sample("longhorn-10791").with_profile(fix, &Unmeasured);
        let next = next(&fixed, Language::default());
        let enabled = fixed.enabled();
        assert_eq!(next.total, enabled.len());
        assert!(next.total > 0);
        for (group, pick) in next.groups.iter().flat_map(|group| group.steps.iter().map(move |pick| (group, pick))) {
            assert_eq!(group.actor, Language::default().core().actor(enabled[pick.index].actor));
            assert_eq!(pick.rule.id, enabled[pick.index].rule.0);
            assert!(pick.rule.source.is_some() && pick.says.ends_with(&pick.rule.says), "{pick:?}");
        }
    }

    #[test]
    fn who_waits_says_on_what_and_points_at_it() {
        let stuck = sample("longhorn-10791");
        let waiting = waiting(&stuck, Language::default());
        assert_eq!(waiting.total, not_enabled(stuck.world()).len());
        assert!(waiting.waits.iter().any(|waits| waits.ends.is_some() && waits.says.contains("waits until")));
    }
}
