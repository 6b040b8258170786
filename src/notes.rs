//! What a person writes about objects and about steps of the run: plain text, which belongs to the dump that was loaded.

use std::collections::BTreeMap;

use gordian_reconcile::{Name, Step};
use gordian_snapshot::Snapshot;
use serde::{Deserialize, Serialize};

use crate::branch::Branch;
use crate::engine::Document;
use crate::lanes::course;
use crate::link::{Damaged, pack, unpack};
use crate::messages::{Language, WhichRun};
use crate::scene::describe;
use crate::subject::{Subject, subject_code, subject_from_code};

/// The most characters of a note.
pub const LIMIT: usize = 2_000;

/// What a note is about. Steps come first, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum About {
    /// A step. Runs that begin alike share it, whatever branch they are; no other step ever goes for it.
    Step {
        /// How many steps were taken with it.
        at: usize,
        /// A number that is another one where it, or any step before it, is another.
        course: u64,
    },
    /// An object, or whatever else can be looked at.
    Subject(Subject),
}

/// The notes about a dump, one about each thing.
pub type Notes = BTreeMap<About, String>;

/// The notes about each dump, by the number of the dump.
pub type OfDumps = BTreeMap<u64, Notes>;

/// The same, packed.
pub type Packed = BTreeMap<u64, String>;

impl About {
    /// The step that led to where so many steps were taken; `None` at the beginning, and beyond the end.
    pub fn step(steps: &[Step], at: usize) -> Option<Self> {
        let (last, before) = steps.get(..at)?.split_last()?;
        // What two actors do can come to the same world.
        let who = Name::new(&format!("{:?} {:?} {:?}", last.actor, last.rule, last.object.map(|object| object.key)));
        let course = [last.fingerprint, who.stable_hash()].into_iter().fold(course(before), mix);
        Some(Self::Step { at, course })
    }

    /// The object, or whatever else can be looked at.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Subject(subject) => Some(*subject),
            Self::Step { .. } => None,
        }
    }

    /// As text. `#` begins no kind.
    fn code(&self) -> String {
        match self {
            Self::Step { at, course } => format!("#{at}/{course:016x}"),
            Self::Subject(subject) => subject_code(subject),
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        let Some(step) = code.strip_prefix('#') else { return subject_from_code(code).map(Self::Subject) };
        let (at, course) = step.split_once('/')?;
        Some(Self::Step { at: at.parse().ok()?, course: u64::from_str_radix(course, 16).ok()? })
    }
}

fn mix(hash: u64, part: u64) -> u64 {
    (hash ^ part).wrapping_mul(0x100_0000_01b3).rotate_left(23)
}

/// The number of a dump: the same for the same objects, however they are written and in whatever order, and in every version of Gordian.
pub fn dump(snapshot: &Snapshot) -> u64 {
    let object = |object: &gordian_snapshot::Object| {
        let metadata = &object.metadata;
        let parts = [&metadata.namespace, &metadata.name, &metadata.uid, &metadata.resource_version];
        let texts = [object.group(), &object.kind].into_iter().chain(parts.map(String::as_str));
        // Between two texts stands what is in none of them.
        let bytes = texts.flat_map(|text| text.bytes().chain([0]));
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    };
    snapshot.objects.iter().map(object).fold(0, u64::wrapping_add)
}

/// Writes a note in place of what was written before; an empty one is none.
pub fn write(notes: &mut Notes, about: About, text: &str) {
    match text.trim().is_empty() {
        true => notes.remove(&about),
        false => notes.insert(about, text.chars().take(LIMIT).collect()),
    };
}

/// The notes about one dump, packed: for an address, or the browser's storage.
pub fn to_code(notes: &Notes) -> String {
    let coded: BTreeMap<String, &String> = notes.iter().map(|(about, text)| (about.code(), text)).collect();
    serde_json::to_string(&coded).map(|text| pack(&text)).unwrap_or_default()
}

/// What [`to_code`] wrote; of what came whole, notes about what cannot be read are left out.
pub fn from_code(code: &str) -> Result<Notes, Damaged> {
    let coded: BTreeMap<String, String> = serde_json::from_str(&unpack(code)?).map_err(|_| Damaged)?;
    let mut notes = Notes::new();
    for (about, text) in coded {
        if let Some(about) = About::from_code(&about) {
            write(&mut notes, about, &text);
        }
    }
    Ok(notes)
}

/// What the page shows of the notes about the dump that is open.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Notebook {
    /// The number of the dump.
    pub dump: u64,
    /// The notes.
    pub notes: Notes,
    /// The step that led to where the run stands.
    pub here: Option<About>,
    /// The steps of the run that have a note, by their number, and what it says.
    pub steps: BTreeMap<usize, String>,
    /// All of them, with what each is about: steps in their order, and then objects.
    pub entries: Vec<Entry>,
    /// All of them as Markdown.
    pub markdown: String,
    /// All of them, packed; empty where there are none.
    pub packed: String,
}

/// A note, and what it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is about.
    pub about: About,
    /// A step by its number, an object by its kind.
    pub title: String,
    /// What was done in the step, or which object it is. Literals stand between backticks.
    pub says: String,
    /// What was written.
    pub text: String,
    /// The branch that the step is of, where there still is one.
    pub branch: Option<usize>,
}

impl Notebook {
    /// The notes about a document.
    pub fn of(document: &Document, dump: u64, notes: &Notes, language: Language) -> Self {
        let entries: Vec<Entry> = notes.iter().map(|(about, text)| entry(document, *about, text, language)).collect();
        let here = document.branch().number();
        let of_run = |entry: &Entry| match entry.about {
            About::Step { at, .. } if entry.branch == Some(here) => Some((at, entry.text.clone())),
            _ => None,
        };
        Self {
            dump,
            notes: notes.clone(),
            here: About::step(document.steps(), document.position()),
            steps: entries.iter().filter_map(of_run).collect(),
            markdown: markdown(document, &entries, language),
            packed: if notes.is_empty() { String::new() } else { to_code(notes) },
            entries,
        }
    }

    /// What was written about something.
    pub fn text(&self, about: About) -> &str {
        self.notes.get(&about).map_or("", String::as_str)
    }
}

fn entry(document: &Document, about: About, text: &str, language: Language) -> Entry {
    let words = language.of_runs();
    let (title, says, branch) = match about {
        About::Step { at, .. } => {
            let has_it = |branch: &&Branch| About::step(branch.steps(), at) == Some(about);
            let here = document.branch();
            let branch = Some(here).filter(has_it).or_else(|| document.branches().find(has_it));
            let run = match branch.map(Branch::number) {
                Some(number) if number == here.number() => WhichRun::This,
                Some(number) => WhichRun::Branch(number),
                None => WhichRun::Gone,
            };
            let step = branch.and_then(|branch| branch.steps().get(at.checked_sub(1)?));
            let says = step.map(|step| language.core().step(step)).unwrap_or_default();
            (words.noted_step(at, run), says, branch.map(Branch::number))
        }
        About::Subject(subject) => {
            let (kind, name, is_name) = describe(&subject, language);
            let namespace = subject.key().map(|key| key.namespace).filter(|namespace| !namespace.is_empty());
            let says = match (is_name, namespace) {
                (true, Some(namespace)) => format!("`{namespace}/{name}`"),
                (true, None) => format!("`{name}`"),
                (false, _) => name,
            };
            (kind, says, None)
        }
    };
    Entry { about, title, says, text: text.to_owned(), branch }
}

/// What one would paste into an incident document.
fn markdown(document: &Document, entries: &[Entry], language: Language) -> String {
    let names: Vec<&str> = document.snapshot().sources.iter().map(|source| source.name.as_str()).collect();
    let mut text = format!("## {}\n", language.of_runs().notes_on(&names.join(", ")));
    for entry in entries {
        let says = if entry.says.is_empty() { String::new() } else { format!(" {}", entry.says) };
        let mark = if matches!(entry.about, About::Step { .. }) && !says.is_empty() { ":" } else { "" };
        text.push_str(&format!("\n**{}{mark}**{says}\n\n{}\n", entry.title, entry.text.trim()));
    }
    text
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::{Key, Kind, Process, Profile, Propagation};

    use super::*;
    use crate::engine::tests::sample;
    use crate::engine::{Input, Unmeasured};

    fn orphan() -> Subject {
        Subject::Object(Key::new(Kind::new("longhorn.io", "Orphan"), "longhorn-system".into(), "orphan-4f0f".into()))
    }

    fn step(document: &Document, at: usize) -> About {
        About::step(document.steps(), at).expect("a step")
    }

    #[test]
    fn what_is_written_comes_back_from_text_and_from_an_address() {
        let about = [
            About::Subject(orphan()),
            About::Subject(Subject::Process(Process::ControllerManager)),
            About::Step { at: 2, course: u64::MAX },
        ];
        let notes: Notes = about.into_iter().map(|about| (about, format!("\"{about:?}\"\n<b>結</b>"))).collect();
        assert_eq!(from_code(&to_code(&notes)), Ok(notes));
        assert_eq!(from_code(&to_code(&Notes::new())), Ok(Notes::new()));
        for damaged in ["eJw", "nonsense", "", &pack("[]")] {
            assert_eq!(from_code(damaged), Err(Damaged), "{damaged}");
        }
        let partly = from_code(&pack("{\"#x/y\": \"a\", \"Pod//p\": \"b\"}"));
        assert_eq!(partly.map(|notes| notes.len()), Ok(1));
    }

    #[test]
    fn a_note_has_an_end_and_an_empty_one_is_none() {
        let (mut notes, about) = (Notes::new(), About::Subject(orphan()));
        write(&mut notes, about, &"ä".repeat(LIMIT + 1));
        assert_eq!(notes[&about].chars().count(), LIMIT);
        write(&mut notes, about, " \n");
        assert!(notes.is_empty());
    }

    #[test]
    fn a_step_is_the_same_in_runs_that_begin_alike_and_in_no_other() {
        let document = sample("longhorn-10791").jump(2, &Unmeasured);
        let fix = Profile::named("after-3719").expect("the profile");
        let fixed = document.with_profile(fix, &Unmeasured);
        assert!(About::step(fixed.steps(), 0).is_none() && About::step(fixed.steps(), usize::MAX).is_none());
        let all: Vec<About> = (1..=fixed.steps().len()).map(|at| step(&fixed, at)).collect();
        let branch = fixed.jump(2, &Unmeasured).branch_here(&Unmeasured);
        assert_eq!((1..=2).map(|at| step(&branch, at)).collect::<Vec<_>>(), all[..2]);
        let key = fixed.world().objects().next().expect("an object").1.key;
        let other = fixed.jump(1, &Unmeasured).delete(key, Propagation::Background, &Unmeasured);
        assert_eq!(step(&other, 1), all[0]);
        assert_ne!(step(&other, 2), all[1]);
    }

    #[test]
    fn a_dump_is_known_by_its_objects_however_it_is_written() {
        let load = |text: &str| {
            let mut snapshot = Snapshot::default();
            snapshot.add("text", text.as_bytes());
            dump(&snapshot)
        };
        let [a, b] = ["a", "b"].map(|name| format!("kind: Pod\napiVersion: v1\nmetadata: {{name: {name}}}\n"));
        assert_eq!(load(&format!("{a}---\n{b}")), load(&format!("# first\n{b}---\n{a}")));
        assert_ne!(load(&a), load(&b));
        assert_ne!(load(&a), load(&a.replace("{name: a", "{name: a, resourceVersion: \"2\"")));
        for id in ["longhorn-10791", "three-nodes", "webhook-gone"] {
            let document = sample(id);
            let packed = crate::link::parcel(&document).packed;
            let inputs: Vec<Input> = crate::link::inputs(&packed, "a link").expect("it was just packed");
            let (again, _) = Document::load(None, &inputs, None, &Unmeasured);
            assert_eq!(dump(again.expect("a document").snapshot()), dump(document.snapshot()), "{id}");
        }
    }

    #[test]
    fn the_notebook_tells_what_each_note_is_about_and_where_it_is() {
        let document = sample("longhorn-10791").with_profile(Profile::named("after-3719").expect("it"), &Unmeasured);
        let document = document.jump(1, &Unmeasured);
        let first = document.world().objects().next().expect("an object").1.key;
        let there = step(&document, 1);
        let gone = About::Step { at: 3, course: 1 };
        let notes = Notes::from([
            (About::Subject(Subject::Object(first)), "Ask *Ann*.".into()),
            (gone, "Later.".into()),
            (there, "Here.\n".into()),
        ]);
        let notebook = Notebook::of(&document, 5, &notes, Language::default());
        assert_eq!(notebook.here, Some(there));
        assert_eq!(notebook.steps, BTreeMap::from([(1, "Here.\n".to_owned())]));
        let titles: Vec<&str> = notebook.entries.iter().map(|entry| entry.title.as_str()).collect();
        assert_eq!(titles, ["Step 1", "Step 3 of a run that is not here", first.kind.kind.as_str()]);
        let says = &notebook.entries[0].says;
        let expected = format!(
            "## Notes on {}\n\n**Step 1:** {says}\n\nHere.\n\n**Step 3 of a run that is not here**\n\nLater.\n\n\
             **{}** {}\n\nAsk *Ann*.\n",
            document.snapshot().sources[0].name,
            first.kind.kind,
            notebook.entries[2].says
        );
        assert_eq!(notebook.markdown, expected);
        let (number, later) = (document.branch().number(), step(&document, 2));
        let branch = document.branch_here(&Unmeasured).delete(first, Propagation::Background, &Unmeasured);
        let notebook = Notebook::of(&branch, 5, &Notes::from([(later, "Later.".into())]), Language::default());
        assert_eq!(notebook.entries[0].title, format!("Step 2 of branch {number}"));
        assert!(notebook.steps.is_empty(), "it is about no step of this branch");
    }
}
