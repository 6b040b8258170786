//! What the inspector shows of one subject, in words.

use gordian_diagnose::Arrow;
use gordian_reconcile::scheduler::WhyNot;
use gordian_reconcile::{Key, Rule, World, entry_for, waits};
use serde::{Deserialize, Serialize};

use crate::differs::{Differing, differing};
use crate::engine::Document;
use crate::messages::{Language, Standing, Text};
use crate::reasons::{Acting, acting_on, unseen};
use crate::scene::{describe, missing, object, standing};
use crate::subject::Subject;

/// All that is known of a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Its kind.
    pub kind: String,
    /// Its whole name.
    pub name: String,
    /// What it is, or what became of it.
    pub standing: Standing,
    /// Its group, namespace, uid and the like, by name.
    pub identity: Vec<(String, String)>,
    /// Since when it is being deleted, as printed.
    pub deleting_since: Option<String>,
    /// What the step that led here changed in it.
    pub changes: Vec<Differing>,
    /// Who has to do with it, and why it acts or does not.
    pub acting: Vec<Acts>,
    /// Its finalizers.
    pub finalizers: Vec<Held>,
    /// What it waits for.
    pub waits_for: Vec<Reasoned>,
    /// What waits for it.
    pub waited_for_by: Vec<Reasoned>,
    /// Its owners.
    pub owners: Vec<Owner>,
    /// Who names it as an owner.
    pub dependents: Vec<Key>,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// Labels.
    pub labels: Vec<(String, String)>,
    /// What the dump says of it, line by line; empty when it was made in the run.
    pub lines: Vec<Line>,
    /// Whether it stands in the world now.
    pub is_there: bool,
}

/// A finalizer, and what the catalogue says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The finalizer.
    pub finalizer: String,
    /// Who removes it.
    pub who: String,
    /// What it protects, what it waits for, how to resolve it, what stripping it costs.
    pub more: Vec<(Text, String)>,
}

impl Held {
    fn new(finalizer: &str, language: Language) -> Self {
        let entry = entry_for(finalizer);
        Self {
            finalizer: finalizer.to_owned(),
            who: match entry {
                Some(entry) => language.page().removed_by(&entry.controller, &entry.project),
                None => language.text(Text::UnknownFinalizer).to_owned(),
            },
            more: entry.map_or_else(Vec::new, |entry| {
                vec![
                    (Text::Protects, entry.protects.clone()),
                    (Text::WaitsFor, entry.waits_for.clone()),
                    (Text::Resolution, entry.resolution.clone()),
                    (Text::IfStripped, entry.cost.clone()),
                ]
            }),
        }
    }
}

/// A wait in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub rule: Option<Rule>,
}

/// An owner reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Owner {
    /// The owner, as far as the reference names it.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The owner itself, if it is there.
    pub key: Option<Key>,
    /// `controller`.
    pub controller: bool,
    /// `blockOwnerDeletion`.
    pub blocks: bool,
    /// What is wrong with the reference.
    pub defect: Option<Text>,
}

/// One of `status.conditions`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// `type`.
    #[serde(rename = "type")]
    pub name: String,
    /// `status`.
    pub status: String,
    /// `reason`.
    pub reason: String,
    /// `message`.
    pub message: String,
}

/// A line of an object's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the source.
    pub number: usize,
    /// What stands there.
    pub text: String,
    /// It matters to the deletion.
    pub marked: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WithStatus {
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    conditions: Vec<Condition>,
}

/// Looks at a subject where the run stands.
pub fn inspect(document: &Document, subject: Subject, language: Language) -> Inspection {
    let (kind, name, _) = describe(&subject, language);
    let (waits_for, waited_for_by) = reasoned(document, subject, language);
    let mut inspection = Inspection {
        kind,
        name,
        standing: standing(document, subject),
        identity: Vec::new(),
        deleting_since: None,
        changes: Vec::new(),
        acting: Vec::new(),
        finalizers: Vec::new(),
        waits_for,
        waited_for_by,
        owners: Vec::new(),
        dependents: Vec::new(),
        conditions: Vec::new(),
        labels: Vec::new(),
        lines: Vec::new(),
        is_there: false,
    };
    if let Some(key) = subject.key() {
        inspection.look_at(document, key, language);
    }
    inspection
}

impl Inspection {
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
        let mut identity = |name: &str, value: &str| {
            if !value.is_empty() {
                self.identity.push((String::from(name), value.to_owned()));
            }
        };
        let found = object(document, key);
        identity("apiVersion", found.map_or("", |o| o.api_version.as_str()));
        identity("namespace", key.namespace.as_str());
        let loaded = document.loaded(key);
        // An object that was made anew under a key is not the one that the dump describes.
        let same =
            |o: &gordian_reconcile::Object| document.first_world().find(key).is_some_and(|first| first.uid == o.uid);
        let loaded = loaded.filter(|_| found.is_none_or(same));
        if let Some(loaded) = loaded {
            identity("uid", &loaded.metadata.uid);
            identity("creationTimestamp", loaded.metadata.creation_timestamp.as_deref().unwrap_or(""));
        }
        if let Some(object) = world.find(key) {
            if object.deleting() {
                self.deleting_since =
                    loaded.and_then(|loaded| loaded.metadata.deletion_timestamp.clone()).or(Some(String::new()));
            }
            let held = object.held_by().into_iter();
            self.finalizers = held.map(|finalizer| Held::new(finalizer.as_str(), language)).collect();
        }
        if let Some(object) = found {
            let labels = object.labels.iter();
            self.labels = labels.map(|(k, v)| (k.to_string(), v.to_string())).collect();
            self.owners = object.owners.iter().map(|reference| owner(document, reference)).collect();
            let dependents = world.dependents(object.uid);
            self.dependents = dependents.map(|(_, object)| object.key).collect();
        }
        if let Some(loaded) = loaded {
            let snapshot = document.snapshot();
            self.conditions = snapshot.read::<WithStatus>(loaded).unwrap_or_default().status.conditions;
            self.lines = lines(document, key, loaded);
        }
    }
}

fn acts(world: &World, key: Key, language: Language) -> Vec<Acts> {
    let acts = |Acting { actor, rule, why }: Acting| Acts {
        enabled: why == WhyNot::Enabled,
        sentence: language.page().why_not(world, actor, key, rule, &why),
        rule,
    };
    acting_on(world, key).into_iter().chain(unseen(world, key)).map(acts).collect()
}

fn owner(document: &Document, reference: &gordian_reconcile::OwnerReference) -> Owner {
    let world = document.world();
    let found = world.by_uid(reference.uid).map(|owner| owner.key);
    let kind = gordian_reconcile::Kind::of(reference.api_version.as_str(), reference.kind.as_str());
    Owner {
        name: reference.name.to_string(),
        kind: reference.kind.to_string(),
        key: found,
        controller: reference.controller,
        blocks: reference.block,
        defect: match found {
            Some(_) => None,
            None if world.lists(kind) || world.knew(reference.uid) => Some(Text::OwnerAbsent),
            None => Some(Text::OwnerUnknown),
        },
    }
}

/// What a subject waits for, and what waits for it.
fn reasoned(document: &Document, subject: Subject, language: Language) -> (Vec<Reasoned>, Vec<Reasoned>) {
    let (world, core) = (document.world(), language.core());
    let (mut of, mut on) = (Vec::new(), Vec::new());
    let mut sort = |sentence: String, subjects: (Subject, Subject)| {
        let reasoned = Reasoned { sentence, subjects };
        let side = match (subjects.0 == subject, subjects.1 == subject) {
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
        sort(core.arrow(world, arrow), ends(arrow));
    }
    for (actor, key, wait) in waits(world) {
        // What is stuck was said above, arrow by arrow.
        if document.now().arrows.iter().any(|arrow| arrow.from == wait.goal) {
            continue;
        }
        for fact in missing(world, &wait.on) {
            let from = Subject::of_fact(world, &wait.goal);
            let to = Subject::of_fact(world, &fact);
            sort(core.wait(world, actor, key, &wait), (from, to));
        }
    }
    (of, on)
}

/// The lines of an object's text; those that matter to its deletion, or that a finding rests on, are marked.
fn lines(document: &Document, key: Key, loaded: &gordian_snapshot::Object) -> Vec<Line> {
    let snapshot = document.snapshot();
    let mut marked = Vec::new();
    let mut mark = |path: &[&str]| marked.extend(snapshot.locate(loaded, path));
    mark(&["metadata", "deletionTimestamp"]);
    mark(&["metadata", "finalizers"]);
    mark(&["metadata", "ownerReferences"]);
    if key.kind.is("", "Namespace") && loaded.metadata.deletion_timestamp.is_some() {
        mark(&["spec", "finalizers"]);
    }
    for arrow in &document.start().arrows {
        for evidence in arrow.evidence.iter().filter(|one| one.key == key) {
            let path: Vec<&str> = evidence.path.iter().map(String::as_str).collect();
            if !path.is_empty() {
                mark(&path);
            }
        }
    }
    let Some(source) = snapshot.sources.get(loaded.source) else {
        return Vec::new();
    };
    let mut offset = loaded.text.start;
    let numbers = source.place(offset).line..;
    let mut lines = Vec::new();
    for (number, text) in numbers.zip(snapshot.text(loaded).split_inclusive('\n')) {
        let end = offset + text.len();
        lines.push(Line {
            number,
            text: text.trim_end().to_owned(),
            marked: marked.iter().any(|range| range.start < end && offset < range.end),
        });
        offset = end;
    }
    lines
}

/// The line on which a field of an object stands.
pub fn line_of(document: &Document, key: Key, path: &[String]) -> Option<usize> {
    let loaded = document.loaded(key)?;
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let range = document.snapshot().locate(loaded, &path)?;
    let source = document.snapshot().sources.get(loaded.source)?;
    Some(source.place(range.start).line)
}

/// A stretch of an object's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// Lines that are shown, by index.
    Shown(std::ops::Range<usize>),
    /// Lines that are folded away.
    Folded(std::ops::Range<usize>),
}

/// How many lines around a marked one are shown.
const AROUND: usize = 2;
/// A text of up to so many lines is shown whole.
const SHORT: usize = 36;

/// Folds a long text down to what matters in it: its head, and what stands around the marked lines.
pub fn fold(lines: &[Line]) -> Vec<Stretch> {
    if lines.len() <= SHORT {
        return vec![Stretch::Shown(0..lines.len())];
    }
    let shown = |index: usize| {
        let around = index.saturating_sub(AROUND)..(index + AROUND + 1).min(lines.len());
        index < 4 || lines[around].iter().any(|line| line.marked)
    };
    let mut stretches: Vec<Stretch> = Vec::new();
    for index in 0..lines.len() {
        match (stretches.last_mut(), shown(index)) {
            (Some(Stretch::Shown(range)), true) | (Some(Stretch::Folded(range)), false) => {
                range.end = index + 1;
            }
            (_, true) => stretches.push(Stretch::Shown(index..index + 1)),
            (_, false) => stretches.push(Stretch::Folded(index..index + 1)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::Profile;

    use super::*;
    use crate::engine::Unmeasured;
    use crate::engine::tests::sample;

    fn manager(document: &Document) -> Key {
        document.start().findings[0].members[0].key
    }

    #[test]
    fn the_instance_manager_is_explained() {
        let document = sample("longhorn-10791");
        let key = manager(&document);
        let seen = inspect(&document, Subject::Object(key), Language::default());
        assert_eq!(seen.standing, Standing::Stuck);
        assert!(seen.deleting_since.is_some_and(|since| since.starts_with("2025-04-25")));
        assert_eq!(seen.finalizers[0].finalizer, "foregroundDeletion");
        assert!(!seen.waits_for.is_empty() && !seen.waited_for_by.is_empty());
        assert!(seen.owners[0].key.is_some());
        assert!(!seen.dependents.is_empty());
        let marked: Vec<&str> = seen.lines.iter().filter(|line| line.marked).map(|line| line.text.trim()).collect();
        for expected in ["deletionTimestamp", "foregroundDeletion", "ownerReferences"] {
            assert!(marked.iter().any(|line| line.contains(expected)), "{marked:?}");
        }
        let source = &document.snapshot().sources[0].text;
        for line in &seen.lines {
            assert_eq!(source.lines().nth(line.number - 1).map(str::trim_end), Some(&*line.text));
        }
    }

    #[test]
    fn what_was_made_in_the_run_has_no_text() {
        let document = sample("longhorn-10791");
        let key = manager(&document);
        let fix = Profile::named("after-3719").expect("the profile");
        let end = document.with_profile(fix, &Unmeasured).jump(usize::MAX, &Unmeasured);
        let seen = inspect(&end, Subject::Object(key), Language::default());
        assert_eq!(seen.standing, Standing::Created);
        assert_eq!((seen.lines.len(), seen.deleting_since), (0, None));
    }

    #[test]
    fn a_long_text_is_folded_around_what_matters() {
        let line = |number| Line { number, text: String::new(), marked: number == 50 };
        let lines: Vec<Line> = (0..100).map(line).collect();
        assert_eq!(
            fold(&lines),
            [Stretch::Shown(0..4), Stretch::Folded(4..48), Stretch::Shown(48..53), Stretch::Folded(53..100)]
        );
        assert_eq!(fold(&lines[..20]), [Stretch::Shown(0..20)]);
    }
}
