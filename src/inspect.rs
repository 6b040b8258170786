//! What the inspector shows of one subject, in words: plain data, made where the document is and shown elsewhere.

mod conditions;
mod events;
mod finalizers;
mod owners;
#[cfg(test)]
mod tests;
mod text;

use gordian_diagnose::Arrow;
use gordian_reconcile::scheduler::WhyNot;
use gordian_reconcile::{Fact, Key, World, waits};
use serde::{Deserialize, Serialize};

pub use conditions::Condition;
pub use events::{Chronicle, Event, Events};
pub use finalizers::{Held, Runs};
pub use owners::{Defect, Dependent, Dependents, Owner};
pub use text::{Block, Source, hits, shown, unfolded};

use crate::differs::{Differing, differing};
use crate::engine::Document;
use crate::messages::{Language, Standing, Verdict};
use crate::reasons::{Acting, acting_on, unseen};
use crate::scene::{describe, missing, object, standing};
use crate::subject::Subject;

/// All that is known of a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// What it is.
    pub subject: Subject,
    /// Its kind.
    pub kind: String,
    /// Its whole name.
    pub name: String,
    /// What it is, or what became of it.
    pub standing: Standing,
    /// All of it in one sentence.
    pub verdict: String,
    /// What that sentence leads to: what is waited for, and what it belongs to.
    pub leads_to: Vec<Lead>,
    /// Its group, namespace, uid and the like, by name.
    pub identity: Vec<(String, String)>,
    /// It is being deleted.
    pub deleting: bool,
    /// What the step that led here changed in it.
    pub changes: Vec<Differing>,
    /// Who has to do with it, and why it acts or does not.
    pub acting: Vec<Acts>,
    /// Its finalizers.
    pub finalizers: Vec<Held>,
    /// What it waits for besides.
    pub waits_for: Vec<Reasoned>,
    /// What waits for it.
    pub waited_for_by: Vec<Reasoned>,
    /// Its owners.
    pub owners: Vec<Owner>,
    /// Who names it as an owner.
    pub dependents: Dependents,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// The events about it; `None` for what the dump does not have.
    pub events: Option<Events>,
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// What the dump says of it; empty when it was made in the run.
    pub source: Source,
    /// Whether it stands in the world now.
    pub is_there: bool,
}

/// Another subject, by what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// What it is.
    pub subject: Subject,
    /// Its kind.
    pub kind: String,
    /// Its whole name.
    pub name: String,
}

/// As many leads are given.
const LEADS: usize = 4;

/// A wait in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasoned {
    /// The sentence.
    pub sentence: String,
    /// Its ends, to point at the arrow.
    pub subjects: (Subject, Subject),
}

/// A controller that has to do with the object, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acts {
    /// Whether it could act now.
    pub enabled: bool,
    /// The sentence.
    pub sentence: String,
    /// The rule by which it acts or waits.
    pub rule: Option<String>,
}

/// Looks at a subject where the run stands.
pub fn inspect(document: &Document, subject: Subject, language: Language) -> Inspection {
    let (kind, name, _) = describe(&subject, language);
    let (waits_for, waited_for_by) = reasoned(document, subject, language);
    let mut inspection = Inspection {
        subject,
        kind,
        name,
        standing: standing(document, subject),
        verdict: String::new(),
        leads_to: Vec::new(),
        identity: Vec::new(),
        deleting: false,
        changes: Vec::new(),
        acting: Vec::new(),
        finalizers: Vec::new(),
        waits_for,
        waited_for_by,
        owners: Vec::new(),
        dependents: Dependents::default(),
        conditions: Vec::new(),
        events: None,
        labels: Vec::new(),
        source: Source::default(),
        is_there: false,
    };
    match subject.key() {
        Some(key) => inspection.look_at(document, key, language),
        None => inspection.look_around(language),
    }
    inspection.lead(language);
    inspection
}

impl Inspection {
    /// Of what is no object, its first wait says all; without one, what it is.
    fn look_around(&mut self, language: Language) {
        self.verdict = match self.waits_for.first() {
            Some(first) => first.sentence.clone(),
            None => language.of_objects().stands(self.standing, self.waited_for_by.len()),
        };
    }

    /// Where to look next: the other ends of what the verdict tells, and what an address or a disk belongs to.
    fn lead(&mut self, language: Language) {
        let held = self.finalizers.iter().find(|held| !held.waits_for.is_empty());
        let waits = held.map_or(&self.waits_for, |held| &held.waits_for);
        let belongs_to = match self.subject {
            Subject::Address { of: key, .. } | Subject::Disk(key, _) => Some(Subject::Object(key)),
            Subject::Object(_) | Subject::Process(_) => None,
        };
        let mut subjects: Vec<Subject> = Vec::new();
        for subject in waits.iter().map(|wait| wait.subjects.1).chain(belongs_to) {
            if subject != self.subject && !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        let lead = |subject: Subject| {
            let (kind, name, _) = describe(&subject, language);
            Lead { subject, kind, name }
        };
        self.leads_to = subjects.into_iter().take(LEADS).map(lead).collect();
        // The verdict is its sentence.
        if self.subject.key().is_none() && !self.waits_for.is_empty() {
            self.waits_for.remove(0);
        }
    }

    fn look_at(&mut self, document: &Document, key: Key, language: Language) {
        let world = document.world();
        let mut changes = document.step().into_iter().flat_map(|step| &step.changes).filter(|change| change.key == key);
        if let Some(first) = changes.next() {
            // A step may write an object twice; what counts is how it was before, and how it is now.
            let last = changes.next_back().unwrap_or(first);
            self.changes = differing(first.before.as_deref(), last.after.as_deref(), language);
        }
        self.acting = acts(world, key, language);
        self.is_there = world.find(key).is_some();
        let found = object(document, key);
        // An object that was made anew under a key is not the one that the dump describes.
        let same =
            |o: &gordian_reconcile::Object| document.first_world().find(key).is_some_and(|first| first.uid == o.uid);
        let loaded = document.loaded(key).filter(|_| found.is_none_or(same));
        let chronicle = document.chronicle();
        let mut identity = |name: &str, value: &str| {
            if !value.is_empty() {
                self.identity.push((name.to_owned(), value.to_owned()));
            }
        };
        identity("namespace", key.namespace.as_str());
        identity("apiVersion", found.map_or("", |o| o.api_version.as_str()));
        let metadata = loaded.map(|loaded| &loaded.metadata);
        if let Some(metadata) = metadata {
            identity("uid", &metadata.uid);
            identity("creationTimestamp", metadata.creation_timestamp.as_deref().unwrap_or(""));
            identity("deletionTimestamp", metadata.deletion_timestamp.as_deref().unwrap_or(""));
        }
        if let Some(object) = world.find(key) {
            self.deleting = object.deleting();
            self.finalizers = finalizers::held(document, object, language);
        }
        if let Some(object) = found {
            let labels = object.labels.iter();
            self.labels = labels.map(|(k, v)| (k.to_string(), v.to_string())).collect();
            self.owners = owners::owners(document, object, language);
            self.dependents = owners::dependents(document, object);
        }
        if let Some(loaded) = loaded {
            self.conditions = conditions::conditions(document.snapshot(), loaded, chronicle, language);
            self.events = Some(chronicle.about(loaded, language));
            self.source = Source::of(document, key, loaded);
        }
        let since = metadata.and_then(|metadata| metadata.deletion_timestamp.as_deref());
        let held_by: Vec<String> = self.finalizers.iter().map(|held| held.finalizer.clone()).collect();
        let first = self.finalizers.iter().find(|held| !held.comes_off).or(self.finalizers.first());
        self.verdict = language.of_objects().verdict(&Verdict {
            standing: self.standing,
            span: since.and_then(|since| chronicle.span(since)),
            held_by: &held_by,
            remover: first,
            awaited: first.map_or(&[], |held| &held.awaited),
            waited_for_by: self.waited_for_by.len(),
        });
    }
}

fn acts(world: &World, key: Key, language: Language) -> Vec<Acts> {
    let acts = |Acting { actor, rule, why }: Acting| Acts {
        enabled: why == WhyNot::Enabled,
        sentence: language.of_runs().why_not(world, actor, key, rule, &why),
        rule: rule.map(|rule| rule.0.to_owned()),
    };
    acting_on(world, key).into_iter().chain(unseen(world, key)).map(acts).collect()
}

/// What a subject waits for, and what waits for it. What its finalizers wait for is said with them.
fn reasoned(document: &Document, subject: Subject, language: Language) -> (Vec<Reasoned>, Vec<Reasoned>) {
    let (world, core) = (document.world(), language.core());
    let held = subject.key().and_then(|key| world.find(key)).map(|object| (&**object).into());
    let (mut of, mut on) = (Vec::new(), Vec::new());
    let mut sort = |fact: &Fact, sentence: String, subjects: (Subject, Subject)| {
        let told = match fact {
            Fact::Freed(object, _) => Some(*object) == held,
            _ => false,
        };
        let reasoned = Reasoned { sentence, subjects };
        let side = match (subjects.0 == subject, subjects.1 == subject) {
            (true, _) if told => return,
            (true, true) => return,
            (true, _) => &mut of,
            (false, true) => &mut on,
            (false, false) => return,
        };
        if !reasoned.sentence.is_empty() && !side.contains(&reasoned) {
            side.push(reasoned);
        }
    };
    let ends = |arrow: &Arrow| (Subject::of_fact(world, &arrow.from), Subject::of_fact(world, &arrow.to));
    for arrow in &document.now().arrows {
        sort(&arrow.from, core.arrow(world, arrow), ends(arrow));
    }
    for (actor, key, wait) in waits(world) {
        // What is stuck was said above, arrow by arrow.
        if document.now().arrows.iter().any(|arrow| arrow.from == wait.goal) {
            continue;
        }
        for fact in missing(world, &wait.on) {
            let from = Subject::of_fact(world, &wait.goal);
            let to = Subject::of_fact(world, &fact);
            sort(&wait.goal, core.wait(world, actor, key, &wait), (from, to));
        }
    }
    (of, on)
}

/// The line on which a field of an object stands.
pub fn line_of(document: &Document, key: Key, path: &[String]) -> Option<usize> {
    let loaded = document.loaded(key)?;
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let range = document.snapshot().locate(loaded, &path)?;
    let source = document.snapshot().sources.get(loaded.source)?;
    Some(source.place(range.start).line)
}
