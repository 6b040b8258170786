//! Where the run stands: who did what and why, who could act next, who waits and on what.

use gordian_reconcile::scheduler::Enabled;
use gordian_reconcile::{Actor, End, Key, Rule, Wait, World};
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::messages::Language;
use crate::reasons::not_enabled;
use crate::scene::missing;
use crate::subject::Subject;
use crate::told::{Told, told};

/// As many steps or waits are listed.
const MOST: usize = 24;

/// Where the run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// The fingerprint of the world.
    pub fingerprint: u64,
    /// How many steps were taken.
    pub at: usize,
    /// How many there are.
    pub of: usize,
    /// How it ends.
    pub end: End,
    /// The same, in words.
    pub ahead: String,
    /// How much is still broken at its end.
    pub lasting: usize,
    /// The step that led here, and the remedy that is being tried.
    pub told: Told,
    /// Who could act next.
    pub next: Vec<Group>,
    /// How many steps could be taken.
    pub next_count: usize,
    /// What is not enabled, and why.
    pub waiting: Vec<Waiting>,
    /// How much is not enabled.
    pub waiting_count: usize,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            fingerprint: 0,
            at: 0,
            of: 0,
            end: End::Finished,
            ahead: String::new(),
            lasting: 0,
            told: Told::default(),
            next: Vec::new(),
            next_count: 0,
            waiting: Vec::new(),
            waiting_count: 0,
        }
    }
}

/// The steps of one actor that could be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Who.
    pub actor: String,
    /// The steps.
    pub picks: Vec<Pick>,
}

/// A step that could be taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pick {
    /// Its place among all that are enabled.
    pub index: usize,
    /// The rule that would fire.
    pub rule: Rule,
    /// What it would do.
    pub words: String,
}

/// Something that is not enabled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// The rule by which it waits.
    pub rule: Rule,
    /// Who waits, and on what.
    pub sentence: String,
    /// The ends of its arrow.
    pub ends: Option<(Subject, Subject)>,
}

impl Steps {
    pub(super) fn of(document: &Document, language: Language) -> Self {
        let says = language.of_runs();
        let world = document.world();
        let (at, of) = (document.position(), document.steps().len());
        let enabled = document.enabled();
        let waits = not_enabled(world);
        Self {
            fingerprint: world.fingerprint(),
            at,
            of,
            end: document.end(),
            ahead: says.ahead(document.end(), of - at, document.deleting_at_end()),
            lasting: document.branch().faults_at_end(),
            told: told(document, language),
            next: groups(&enabled, language),
            next_count: enabled.len(),
            waiting: waits.iter().take(MOST).map(|wait| waiting(world, wait, language)).collect(),
            waiting_count: waits.len(),
        }
    }
}

/// The first steps that could be taken, by their actors.
fn groups(enabled: &[Enabled], language: Language) -> Vec<Group> {
    let core = language.core();
    let mut groups: Vec<Group> = Vec::new();
    for (index, step) in enabled.iter().enumerate().take(MOST) {
        let actor = core.actor(step.actor);
        let words = language.of_runs().take(&core.object(step.key), core.rule(step.rule).unwrap_or_default());
        let pick = Pick { index, rule: step.rule, words };
        match groups.iter_mut().find(|group| group.actor == actor) {
            Some(group) => group.picks.push(pick),
            None => groups.push(Group { actor, picks: vec![pick] }),
        }
    }
    groups
}

fn waiting(world: &World, (actor, key, wait): &(Actor, Key, Wait), language: Language) -> Waiting {
    let to = missing(world, &wait.on).into_iter().next();
    let from = Subject::of_fact(world, &wait.goal);
    Waiting {
        rule: wait.rule,
        sentence: language.core().wait(world, *actor, *key, wait),
        ends: to.map(|to| (from, Subject::of_fact(world, &to))),
    }
}
