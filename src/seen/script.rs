//! The script, every order of what comes of it, and every fault.

use gordian_actions::{Told, told};
use gordian_reconcile::explorer::{Ending, Exploration};
use gordian_reconcile::inject::{self, Injection};
use gordian_reconcile::{End, left_behind};
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::messages::Language;
use crate::search::{Answer, Found, Question};

/// A search that is under way: what it asks, and how many worlds or runs it tried.
pub type UnderWay = (Question, usize);

/// The script, and what was searched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// The script, line by line: whether the controllers rest before it, and what is done; `None` where none was loaded.
    pub lines: Option<Vec<Line>>,
    /// The search that is under way.
    pub under_way: Option<UnderWay>,
    /// What was found.
    pub found: Option<Results>,
}

/// A line of the script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Whether the controllers rest before it.
    pub rests: bool,
    /// Whether every order is tried of what follows.
    pub explore: bool,
    /// What is done.
    pub words: String,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// In one or two sentences.
    pub summary: String,
    /// The runs.
    pub runs: Vec<Outcome>,
    /// Cycles that a run stays in, in words.
    pub lassos: Vec<String>,
}

/// A run that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its end, and its share of the orders; `None` for one that faults strike.
    pub ending: Option<(End, f64)>,
    /// What becomes of it.
    pub title: String,
    /// Where it was decided.
    pub race: Option<String>,
    /// What else is to be said of it.
    pub sentences: Vec<String>,
    /// Whether it can be gone to where it was decided.
    pub decided: bool,
}

impl Script {
    pub(super) fn of(
        document: &Document,
        found: Option<&Found>,
        under_way: Option<UnderWay>,
        language: Language,
    ) -> Self {
        let line = |(rests, told): (bool, Told<'_>)| {
            let explore = told == Told::Explore;
            Line { rests: rests && !explore, explore, words: language.of_runs().action(&told) }
        };
        let lines = |script| told(document.first_world(), script).into_iter().map(line).collect();
        Self {
            lines: document.script().map(|script| lines(script)),
            under_way,
            found: found.map(|found| results(found, language)),
        }
    }
}

fn results(found: &Found, language: Language) -> Results {
    let (core, says) = (language.core(), language.of_runs());
    let stopped = found.stopped.map(|tried| says.stopped(found.question, tried));
    match &found.answer {
        Answer::Orders(exploration) => Results {
            summary: stopped.unwrap_or_else(|| core.exploration(exploration)),
            runs: exploration.endings.iter().map(|ending| order(ending, language)).collect(),
            lassos: lassos(exploration, language),
        },
        Answer::Faults(injection) => Results {
            summary: [Some(core.injection(injection)), stopped].into_iter().flatten().collect::<Vec<_>>().join(" "),
            runs: struck(injection, language),
            lassos: Vec::new(),
        },
    }
}

fn order(ending: &Ending, language: Language) -> Outcome {
    let core = language.core();
    let left = left_behind(&ending.world).into_iter();
    Outcome {
        ending: Some((ending.end, ending.share)),
        title: language.of_runs().order(ending),
        race: ending.race.as_ref().map(|race| core.race(ending, race)),
        sentences: left.map(|left| core.left_behind(&ending.world, left)).collect(),
        decided: ending.race.is_some(),
    }
}

fn lassos(exploration: &Exploration, language: Language) -> Vec<String> {
    exploration.lassos.iter().map(|lasso| language.core().lasso(lasso)).collect()
}

fn struck(injection: &Injection, language: Language) -> Vec<Outcome> {
    let core = language.core();
    let one = |finding: &inject::Finding| Outcome {
        ending: None,
        title: core.injected(finding),
        race: None,
        sentences: finding.placements.iter().map(|placement| core.placement(placement)).collect(),
        decided: finding.placements.first().is_some_and(|first| first.after > 0),
    };
    injection.findings.iter().map(one).collect()
}
