//! Every `rules/*.txt` is a small world, what is done to it, and what must then be seen, by the reference and the recordings of a
//! real control plane. `rules/README.md` is the manual.
//!
//! A fixture that says `differs: why` tells what Kubernetes does where Gordian does otherwise: it fails when that is no longer
//! so. `UPDATE_EXPECT=1 cargo test` rewrites what the others expect; read it before it is kept.

mod script;

use std::fmt::Write;
use std::path::Path;

use gordian_reconcile::{Timeline, fixture};

/// A fixture: all before its script, and the script, as deeds with the lines that are expected.
struct Rule {
    head: String,
    script: Vec<(String, Vec<String>)>,
}

impl Rule {
    fn read(text: &str) -> Result<Self, String> {
        let (head, rest) = text.split_once("\n---\n").ok_or("there is no line `---`")?;
        let mut script: Vec<(String, Vec<String>)> = Vec::new();
        for line in rest.lines() {
            match (line.strip_prefix("> "), script.last_mut()) {
                (Some(deed), _) => script.push((deed.to_owned(), Vec::new())),
                (None, Some((_, expected))) => expected.push(line.to_owned()),
                (None, None) => return Err("the script begins with no deed".to_owned()),
            }
        }
        Ok(Self { head: head.to_owned(), script })
    }

    fn differs(&self) -> bool {
        self.head.lines().any(|line| line.starts_with("# differs: "))
    }

    /// What is seen after each deed.
    fn seen(&self) -> Result<Vec<Vec<String>>, String> {
        let world = fixture::parse(&self.head).map_err(|(line, what)| format!("line {line}: {what}"))?;
        let mut timeline = Timeline::new(world.taken_as_whole());
        self.script.iter().map(|(deed, _)| script::act(&mut timeline, deed)).collect()
    }

    fn written(&self, seen: &[Vec<String>]) -> String {
        let mut text = format!("{}\n---\n", self.head);
        for ((deed, _), seen) in self.script.iter().zip(seen) {
            let _ = writeln!(text, "> {deed}");
            seen.iter().for_each(|line| text += &format!("{line}\n"));
        }
        text
    }
}

/// Whether these lines were expected. Lines that begin with `& ` and the one before them may come in any order.
fn as_expected(expected: &[String], seen: &[String]) -> bool {
    let mut at = 0;
    let mut groups = expected.chunk_by(|_, next| next.starts_with("& "));
    let same = groups.all(|group| {
        let mut wanted: Vec<&str> = group.iter().map(|line| line.trim_start_matches("& ")).collect();
        let mut got: Vec<&str> = seen.iter().skip(at).take(group.len()).map(String::as_str).collect();
        at += group.len();
        wanted.sort_unstable();
        got.sort_unstable();
        wanted == got
    });
    same && expected.len() == seen.len()
}

fn check(path: &Path) -> Result<bool, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let rule = Rule::read(&text).map_err(|what| format!("{name}: {what}"))?;
    let seen = rule.seen().map_err(|what| format!("{name}: {what}"))?;
    let holds = rule.script.iter().zip(&seen).all(|((_, expected), seen)| as_expected(expected, seen));
    match (holds, rule.differs()) {
        (true, true) => Err(format!("{name}: Gordian does what Kubernetes does now: take the line `differs` out")),
        (false, false) if std::env::var_os("UPDATE_EXPECT").is_some() => {
            std::fs::write(path, rule.written(&seen)).map_err(|error| format!("{name}: {error}"))?;
            Ok(false)
        }
        (false, false) => Err(format!("{name}:\n--- wanted\n{text}\n--- got\n{}", rule.written(&seen))),
        (_, differs) => Ok(differs),
    }
}

#[test]
fn every_rule_is_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let entries = std::fs::read_dir(folder).expect("the folder of rules is there");
    let mut rules: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    rules.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    rules.sort();
    let checked: Vec<_> = rules.iter().map(|path| check(path)).collect();
    let failures: Vec<&String> = checked.iter().filter_map(|checked| checked.as_ref().err()).collect();
    let count = |differs| checked.iter().filter(|checked| **checked == Ok(differs)).count();
    println!("{} fixtures are kept, {} differ", count(false), count(true));
    assert!(
        failures.is_empty(),
        "{}",
        failures.iter().map(|failure| failure.as_str()).collect::<Vec<_>>().join("\n\n")
    );
    assert!(checked.len() >= 80, "{} fixtures were found", checked.len());
}
