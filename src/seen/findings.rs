//! The verdict, the findings, and what each rests on and is freed by.

use gordian_diagnose::{Behind, Finding, Remedy};
use gordian_reconcile::{Assumption, End, Evidence, Ground, Key, Profile, Risk};
use serde::{Deserialize, Serialize};

use crate::engine::{Document, Outcome};
use crate::inspect::line_of;
use crate::messages::Language;
use crate::subject::Subject;

/// As many of a long list are shown.
const MOST: usize = 30;
/// As many findings are shown.
const MOST_FINDINGS: usize = 100;

/// What is stuck, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The verdict.
    pub verdict: String,
    /// Whether it is a good one.
    pub calm: bool,
    /// The verdict where the run stands, where it is another one.
    pub here: Option<String>,
    /// What the run comes to under each profile; empty where nothing happens under any.
    pub endings: Vec<Ending>,
    /// The findings.
    pub cards: Vec<Card>,
    /// How many there are.
    pub count: usize,
    /// What was decided without the dump.
    pub assumptions: Vec<Assumed>,
    /// Whether the garbage collector sees each change in a step of its own.
    pub lags: bool,
}

/// What the run comes to under profiles that follow one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// The first of them.
    pub first: Profile,
    /// The last of them.
    pub last: Profile,
    /// Which of them is to be followed.
    pub profile: Profile,
    /// Whether the run follows that one.
    pub now: bool,
    /// How it ends.
    pub end: End,
    /// The same, in words.
    pub words: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its id.
    pub id: String,
    /// Its class, as tests and tools name it.
    pub class: String,
    /// Its class in words.
    pub class_words: String,
    /// What is wrong.
    pub title: String,
    /// How far it reaches.
    pub extent: String,
    /// Whether it still holds where the run stands.
    pub holds: bool,
    /// The rest, when it is open.
    pub body: Option<Body>,
}

/// What an open finding says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Why, sentence by sentence.
    pub explanation: Vec<Sentence>,
    /// What frees it.
    pub remedies: Vec<Remedied>,
    /// The first of what stands behind it.
    pub behind: Vec<(Subject, String)>,
    /// How much stands behind it.
    pub behind_count: usize,
    /// What in the dump shows it.
    pub evidence: Vec<Proof>,
}

/// A sentence that says what an arrow does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// The sentence.
    pub words: String,
    /// The ends of the arrow.
    pub ends: (Subject, Subject),
}

/// What frees a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remedied {
    /// What is done.
    pub title: String,
    /// Its risk, as tests name it.
    pub risk: String,
    /// Its risk in words.
    pub risk_words: String,
    /// What comes of it.
    pub outcome: String,
    /// What it costs, where that is known.
    pub cost: Option<String>,
    /// The commands that do it, one a line.
    pub commands: String,
    /// Whether it is being tried.
    pub tried: bool,
}

/// Where the dump shows something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// What it shows.
    pub words: String,
    /// The object.
    pub key: Key,
    /// The path of the field.
    pub path: String,
    /// The line of its text.
    pub line: Option<usize>,
}

/// Something that was decided without the dump.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumed {
    /// Its id.
    pub id: String,
    /// What is assumed.
    pub statement: String,
    /// Why; empty where a person chose it.
    pub because: String,
    /// How it is decided, where a person can decide it otherwise here.
    pub switch: Option<bool>,
}

impl Findings {
    pub(super) fn of(document: &Document, open: Option<&str>, language: Language) -> Self {
        let (core, says) = (language.core(), language.of_runs());
        let deleting = document.first_world().objects().any(|(_, object)| object.deleting());
        let here = core.verdict(document.now());
        let at_start = core.verdict(document.start());
        let moved = document.position() > 0 && here != at_start;
        // Where all was well at the beginning, what became of it comes first.
        let well = !deleting && document.start().findings.is_empty();
        let holds = if well { document.now() } else { document.start() };
        let verdict = match (well, moved) {
            (false, _) => at_start,
            (true, true) => here.clone(),
            (true, false) if document.script().is_some() => says.script_waits(document.first_world().len()),
            (true, false) => core.nothing_deleting(document.first_world().len()),
        };
        let ending = |outcome: Outcome| Ending {
            first: outcome.first.profile,
            last: outcome.last,
            profile: outcome.profile,
            now: outcome.profile == document.profile(),
            end: outcome.first.end,
            words: says.forecast(&outcome.first),
        };
        let found = document.findings();
        let card = |&(finding, holds): &(&Finding, bool)| card(document, finding, holds, open, language);
        Self {
            verdict,
            calm: holds.findings.is_empty(),
            here: (moved && !well).then(|| says.at_this_step(&here)),
            endings: document.outcomes().into_iter().map(ending).collect(),
            cards: found.iter().take(MOST_FINDINGS).map(card).collect(),
            count: found.len(),
            assumptions: assumptions(document, open, language),
            lags: document.world().lags(),
        }
    }
}

fn card(document: &Document, finding: &Finding, holds: bool, open: Option<&str>, language: Language) -> Card {
    let core = language.core();
    Card {
        id: finding.id.clone(),
        class: finding.class.name().to_owned(),
        class_words: core.class(finding.class).to_owned(),
        // It is told of the world in which it was found.
        title: core.title(document.first_world(), finding),
        extent: core.extent(finding),
        holds,
        body: (open == Some(finding.id.as_str())).then(|| body(document, finding, language)),
    }
}

fn body(document: &Document, finding: &Finding, language: Language) -> Body {
    let core = language.core();
    let tried = document.trial().filter(|(trial, _)| trial.finding == finding.id).map(|(trial, _)| trial.remedy);
    let remedy = |(index, one): (usize, &Remedy)| remedied(document, one, tried == Some(index), language);
    let behind = |behind: &Behind| {
        let subject = match behind {
            Behind::Object(object) => Subject::Object(object.key),
            Behind::Disk(node, disk) => Subject::Disk(node.key, *disk),
        };
        (subject, core.behind(behind))
    };
    let proof = |evidence: &Evidence| Proof {
        words: core.evidence(evidence),
        key: evidence.key,
        path: evidence.path.join("."),
        line: line_of(document, evidence.key, &evidence.path),
    };
    Body {
        explanation: explanation(document, finding, language),
        remedies: finding.remedies.iter().enumerate().map(remedy).collect(),
        behind: finding.blast_radius.iter().take(MOST).map(behind).collect(),
        behind_count: finding.blast_radius.len(),
        evidence: finding.evidence().into_iter().take(MOST).map(proof).collect(),
    }
}

/// Sentence by sentence; each points at its arrow.
fn explanation(document: &Document, finding: &Finding, language: Language) -> Vec<Sentence> {
    let world = document.first_world();
    let mut sentences: Vec<Sentence> = Vec::new();
    for arrow in finding.told() {
        let words = language.core().arrow(world, arrow);
        if words.is_empty() || sentences.iter().any(|said| said.words == words) {
            continue;
        }
        let ends = (Subject::of_fact(world, &arrow.from), Subject::of_fact(world, &arrow.to));
        sentences.push(Sentence { words, ends });
        if sentences.len() == MOST {
            break;
        }
    }
    sentences
}

fn remedied(document: &Document, remedy: &Remedy, tried: bool, language: Language) -> Remedied {
    let core = language.core();
    let risk = match remedy.risk {
        Risk::None => "none",
        Risk::Low => "low",
        Risk::Leak => "leak",
        Risk::DataLoss => "loss",
    };
    let first = remedy.interventions.first();
    Remedied {
        title: core.remedy(remedy),
        risk: risk.to_owned(),
        risk_words: core.risk(remedy.risk).to_owned(),
        outcome: core.remedy_outcome(remedy),
        cost: first.and_then(|one| core.cost(document.first_world(), one)),
        commands: remedy.commands.join("\n"),
        tried,
    }
}

/// What the open finding rests on comes first.
fn assumptions(document: &Document, open: Option<&str>, language: Language) -> Vec<Assumed> {
    let open = open.and_then(|id| document.finding(id));
    let rests = |assumption: &&Assumption| !open.is_some_and(|finding| finding.assumptions.contains(&assumption.id));
    let mut sorted: Vec<&Assumption> = document.start().assumptions.iter().collect();
    sorted.sort_by_key(rests);
    let (profile, told) = (document.profile(), document.told_profile());
    let assumed = |assumption: &Assumption| {
        let chosen = matches!(assumption.ground, Ground::Profile { .. }) && profile != told;
        let (statement, because) = match chosen {
            true => (language.of_runs().chosen_profile(profile, told), String::new()),
            false => language.core().assumption(assumption),
        };
        let switch = matches!(assumption.ground, Ground::Fact(_)).then_some(assumption.value);
        Assumed { id: assumption.id.clone(), statement, because, switch }
    };
    sorted.into_iter().take(MOST).map(assumed).collect()
}
