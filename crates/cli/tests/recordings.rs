//! What a real control plane did is what the simulator does: every recording under `tests/recorded` is played through
//! `gordian simulate --actions`, as a stranger would.
//!
//! Compared are the answer to every request, the objects at each checkpoint and at the end (deletion mark, finalizers, owner
//! references, and the conditions of namespaces and definitions), and of every object the sequence of distinct states that it went through. `docs/recordings.md` is the table of
//! the outcome. Each recording is a test: one that passes, fails or races otherwise than the table says fails its test, in both directions.
//! `cargo test -p gordian-cli --test recordings 18b` runs those with `18b` in their name. One more test holds the whole table to what is so;
//! `UPDATE_EXPECT=1` writes it anew, and why something fails is kept from the table that stood there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// An object by kind, namespace and name.
type Key = (String, String, String);

/// What deletion depends on, or `None` for an object that is gone.
type State = Option<(bool, Vec<String>, Vec<(String, String, bool, bool)>)>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

/// An object of a dump (`metadata` below it), of a watch event, or of Gordian's own answer (all at the top).
fn object(value: &Value) -> (Key, State) {
    let metadata = value.get("metadata").unwrap_or(value);
    let mut owners: Vec<_> = metadata["ownerReferences"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|owner| {
            let flag = |name: &str| owner[name].as_bool().unwrap_or(false);
            (text(&owner["kind"]), text(&owner["name"]), flag("controller"), flag("blockOwnerDeletion"))
        })
        .collect();
    owners.sort();
    let deleting = metadata["deletionTimestamp"].is_string() || metadata["deleting"].as_bool().unwrap_or(false);
    let key = (text(&value["kind"]), text(&metadata["namespace"]), text(&metadata["name"]));
    (key, Some((deleting, texts(&metadata["finalizers"]), owners)))
}

fn objects(list: &Value) -> BTreeMap<Key, State> {
    let items = list.get("items").unwrap_or(list).as_array().into_iter().flatten();
    items.map(object).filter(|((kind, ..), _)| kind != "Event").collect()
}

/// Every object's distinct states, in order, from how it was before the first action.
fn sequences(before: &BTreeMap<Key, State>, events: impl Iterator<Item = (Key, State)>) -> BTreeMap<Key, Vec<State>> {
    let mut sequences: BTreeMap<Key, Vec<State>> =
        before.iter().map(|(key, state)| (key.clone(), vec![state.clone()])).collect();
    for (key, state) in events {
        let sequence = sequences.entry(key).or_default();
        if sequence.last() != Some(&state) {
            sequence.push(state);
        }
    }
    sequences
}

fn watched(folder: &Path) -> Vec<(Key, State)> {
    let lines = std::fs::read_to_string(folder.join("watch.jsonl")).unwrap_or_default();
    let mut events: Vec<Value> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    // The resourceVersion is the true order (J1).
    events.sort_by_key(|event| text(&event["resourceVersion"]).parse::<u64>().unwrap_or_default());
    let state = |event: &Value| {
        let (key, state) = object(event);
        (key, if event["type"] == "DELETED" { None } else { state })
    };
    events.iter().map(state).collect()
}

/// Whether two objects are of one controller, and began alike: then either may go the way that the other one went. Where two
/// controllers race for such pods, which one came first is another matter for each of them.
fn siblings(one: (&Key, &[State]), other: (&Key, &[State])) -> bool {
    let controlled = |state: &State| state.as_ref().is_some_and(|(_, _, owners)| owners.iter().any(|owner| owner.2));
    let place = |key: &Key| (key.0.clone(), key.1.clone());
    place(one.0) == place(other.0) && one.1.first() == other.1.first() && one.1.first().is_some_and(controlled)
}

/// A sequence in which an object that went and came back as it was does so once only: where one controller deletes what another one
/// makes again, how often is a matter of milliseconds. That it comes back stays in.
fn back_at_most_once(sequence: &[State]) -> Vec<&State> {
    let mut kept: Vec<&State> = Vec::new();
    for state in sequence {
        kept.push(state);
        while let [.., a, b, c, d, e, f] = kept[..]
            && b.is_none()
            && [a, b] == [c, d]
            && [c, d] == [e, f]
        {
            kept.truncate(kept.len() - 2);
        }
    }
    kept
}

fn simulated(answer: &Value) -> Vec<(Key, State)> {
    let steps = answer["steps"].as_array().into_iter().flatten();
    let changes = steps.flat_map(|step| step["changes"].as_array().into_iter().flatten());
    let state = |change: &Value| {
        let reference = &change["ref"];
        let key = (text(&reference["kind"]), text(&reference["namespace"]), text(&reference["name"]));
        (key, if change["change"] == "deleted" { None } else { object(change).1 })
    };
    changes.map(state).collect()
}

/// What the namespace controller and the CRD finalizer say in the status of each namespace and definition. Whoever says something
/// that only the clock decides is left out: a pod's grace that has passed, or a minute of waiting.
fn conditions(list: &Value) -> BTreeMap<Key, BTreeSet<[String; 4]>> {
    let items = list.get("items").unwrap_or(list).as_array().into_iter().flatten();
    let said = |item: &Value| {
        let conditions = item.get("conditions").unwrap_or(&item["status"]["conditions"]);
        let all = conditions.as_array().into_iter().flatten();
        let written = |condition: &&Value| {
            let kind = text(&condition["type"]);
            kind.starts_with("Namespace") || kind == "Terminating"
        };
        all.filter(written).map(|it| ["type", "status", "reason", "message"].map(|field| text(&it[field]))).collect()
    };
    let timed = |said: &BTreeSet<[String; 4]>| {
        said.iter().any(|[_, _, reason, message]| {
            reason == "InstanceDeletionCheck" || message.contains("unexpected items still remain")
        })
    };
    let of_kind = items.filter(|item| matches!(text(&item["kind"]).as_str(), "Namespace" | "CustomResourceDefinition"));
    of_kind.map(|item| (object(item).0, said(item))).filter(|(_, said)| !timed(said)).collect()
}

/// How a recording compares with the simulation.
#[derive(Default)]
struct Compared {
    /// What differs, in words; empty for a recording that passes.
    wrong: Vec<String>,
    /// How many objects went a way that the recording shows of a sibling only, or came back another number of times.
    raced: usize,
}

fn play(folder: &Path) -> Compared {
    let file = |name: &str| folder.join(name);
    let run = Command::new(env!("CARGO_BIN_EXE_gordian"))
        .arg("simulate")
        .arg(file("before.json"))
        .arg("--actions")
        .arg(file("actions.json"))
        .args(["--format", "json"])
        .output()
        .expect("gordian runs");
    let Ok(answer) = serde_json::from_slice::<Value>(&run.stdout) else {
        let wrong = vec![String::from_utf8_lossy(&run.stderr).trim().to_owned()];
        return Compared { wrong, raced: 0 };
    };
    let (mut wrong, mut raced) = (Vec::new(), 0);
    let actions = read(&file("actions.json"));
    for action in actions.as_array().into_iter().flatten() {
        let Some(wanted) = action["responseCode"].as_i64() else { continue };
        let answers = answer["responses"].as_array().into_iter().flatten();
        let got = answers.into_iter().find(|given| given["i"] == action["i"]).map(|given| given["code"].as_i64());
        if got != Some(Some(wanted)) {
            wrong.push(format!(
                "action {} ({} {}): {wanted}, not {got:?}",
                action["i"],
                text(&action["verb"]),
                text(&action["name"])
            ));
        }
    }
    let mut compare = |place: &str, wanted: &Value, got: &Value| {
        let said = conditions(got);
        for (key, wanted) in conditions(wanted) {
            if let Some(got) = said.get(&key).filter(|got| **got != wanted) {
                wrong.push(format!("{place}: conditions of {} {}: {wanted:?}, not {got:?}", key.0, key.2));
            }
        }
        let (wanted, got) = (objects(wanted), objects(got));
        let keys: BTreeSet<&Key> = wanted.keys().chain(got.keys()).collect();
        for key in keys {
            let (wanted, got) = (wanted.get(key).unwrap_or(&None), got.get(key).unwrap_or(&None));
            if wanted != got {
                wrong.push(format!("{place}: {} {}: {wanted:?}, not {got:?}", key.0, key.2));
            }
        }
    };
    for checkpoint in answer["checkpoints"].as_array().into_iter().flatten() {
        let name = text(&checkpoint["file"]);
        compare(&name, &read(&file(&name)), &checkpoint["objects"]);
    }
    compare("after.json", &read(&file("after.json")), &answer["objects"]);
    let before = objects(&read(&file("before.json")));
    let wanted = sequences(&before, watched(folder).into_iter());
    let got = sequences(&before, simulated(&answer).into_iter());
    // What the dump left out, such as the default ServiceAccount, is first seen when it goes.
    for (key, ways) in wanted.iter().filter(|(_, wanted)| wanted.first() != Some(&None)) {
        let alike = wanted.iter().filter(|(other, way)| siblings((key, ways), (other, way)));
        let recorded = std::iter::once(ways).chain(alike.map(|(_, way)| way));
        let got = got.get(key);
        raced += usize::from(got != Some(ways));
        if !recorded.into_iter().any(|way| got.is_some_and(|got| back_at_most_once(got) == back_at_most_once(way))) {
            wrong.push(format!("states of {} {}: {ways:?}, not {got:?}", key.0, key.2));
        }
    }
    Compared { wrong, raced }
}

/// A recording, played once for all that ask.
struct Recording {
    name: String,
    folder: PathBuf,
    compared: OnceLock<Compared>,
}

impl Recording {
    fn compared(&self) -> &Compared {
        self.compared.get_or_init(|| play(&self.folder))
    }

    /// Its row in the table; why it fails is kept from the row that stood there.
    fn row(&self, before: Option<&str>) -> String {
        let Self { name, .. } = self;
        match self.compared() {
            Compared { wrong, .. } if !wrong.is_empty() => match before {
                Some(row) if row.starts_with(&format!("| {name} | fails | ")) => row.to_owned(),
                _ => format!("| {name} | fails | not yet known |"),
            },
            Compared { raced: 0, .. } => format!("| {name} | passes | |"),
            Compared { raced, .. } => format!("| {name} | passes | {raced} raced |"),
        }
    }

    /// Whether it comes out as the table says.
    fn check(&self, table: &Table) -> Result<(), Failed> {
        let said = table.row(&self.name);
        let (row, wrong) = (self.row(said), self.compared().wrong.join("\n    "));
        match said {
            Some(said) if said == row => Ok(()),
            // The table is written anew, and what it then says of this one is for a person to judge.
            _ if updates() => {
                println!("{row}\n    {wrong}");
                Ok(())
            }
            said => Err(format!("{row}\ninstead of\n{}\n    {wrong}", said.unwrap_or("no row")).into()),
        }
    }
}

/// `docs/recordings.md`.
struct Table {
    path: PathBuf,
    text: String,
}

impl Table {
    /// The row of a recording.
    fn row(&self, name: &str) -> Option<&str> {
        let of = format!("| {name} | ");
        self.text.lines().find(|line| line.starts_with(&of))
    }

    /// Whether it says of every recording what is so, and nothing else; written anew where that is asked for.
    fn check(&self, recordings: &[Recording]) -> Result<(), Failed> {
        let all = recordings.len();
        let passes = recordings.iter().map(Recording::compared).filter(|compared| compared.wrong.is_empty());
        let (passed, exactly) = (passes.clone().count(), passes.filter(|compared| compared.raced == 0).count());
        let mut written = format!(
            "# The recordings\n\nEach is played through `gordian simulate --actions` and compared with what a real control plane did (Kubernetes 1.33.13).\n\
             This table is written and checked by `crates/cli/tests/recordings.rs`. {passed} of {all} pass,\n\
             {exactly} of them exactly. In the others two controllers raced: an object went the way that the recording shows of another one of the\n\
             same controller, which began alike, or went and came back another number of times.\n\n| recording | outcome | why |\n| --- | --- | --- |\n"
        );
        for recording in recordings {
            let _ = writeln!(written, "{}", recording.row(self.row(&recording.name)));
        }
        if updates() {
            return Ok(std::fs::write(&self.path, &written)?);
        }
        match written == self.text {
            true => Ok(()),
            false => Err("the table is not up to date: UPDATE_EXPECT=1 writes it anew".into()),
        }
    }
}

fn updates() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

fn recordings() -> Vec<Recording> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("tests/recorded"))
        .expect("the recordings are there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("actions.json").is_file())
        .collect();
    folders.sort();
    let recording = |folder: PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Recording { name, folder, compared: OnceLock::new() }
    };
    folders.into_iter().map(recording).collect()
}

/// A test for each recording, under its name, and one for the table.
fn main() {
    let recordings = Arc::new(recordings());
    let path = root().join("docs/recordings.md");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let table = Arc::new(Table { path, text });
    let one = |at: usize| {
        let (all, table) = (Arc::clone(&recordings), Arc::clone(&table));
        Trial::test(recordings[at].name.clone(), move || all[at].check(&table))
    };
    let mut trials: Vec<Trial> = (0..recordings.len()).map(one).collect();
    let (all, table) = (Arc::clone(&recordings), Arc::clone(&table));
    trials.push(Trial::test("the_table_says_what_is_so", move || table.check(&all)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
