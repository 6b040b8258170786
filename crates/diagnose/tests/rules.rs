//! `docs/rules.md` is the table of all rules: what each says, what it mirrors, where our code has it, and what shows it. It is
//! written from the table in `gordian_reconcile::rules`, the messages, and the files themselves. `UPDATE_EXPECT=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::Rule;
use gordian_reconcile::rules::{Entry, RULES, Showing};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder with this extension, sorted by its path from the folder on.
fn files(folder: &Path, extension: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let below = files(&path, extension).into_iter();
            found.extend(below.map(|(path, text)| (format!("{name}/{path}"), text)));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.insert(name, std::fs::read_to_string(&path).expect("a file can be read"));
        }
    }
    found
}

/// Whether a text names a rule: as a word, or between the two ends of `A5 to A7`.
fn names(text: &str, rule: Rule) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '\'')).collect();
    let place = |id: &str| RULES.iter().position(|entry| entry.rule.0 == id);
    let spans = |span: &[&str]| match span {
        [first, "to", last] => match (place(first), place(rule.0), place(last)) {
            (Some(first), Some(at), Some(last)) => (first..=last).contains(&at),
            _ => false,
        },
        _ => false,
    };
    words.contains(&rule.0) || words.windows(3).any(spans)
}

fn naming(files: &BTreeMap<String, String>, rule: Rule) -> String {
    let found = files.iter().filter(|(_, text)| names(text, rule));
    found.map(|(path, _)| format!("`{path}`")).collect::<Vec<_>>().join(", ")
}

/// The fixtures whose first lines name a rule.
fn fixtures(files: &BTreeMap<String, String>, rule: Rule) -> impl Iterator<Item = String> {
    let says = |text: &str| text.lines().filter_map(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join("\n");
    let named = files.iter().filter(move |(_, text)| names(&says(text), rule));
    named.map(|(name, _)| format!("`{}`", name.trim_end_matches(".txt")))
}

/// The cases of the diagnosis that are named after a rule.
fn cases(files: &BTreeMap<String, String>, rule: Rule) -> impl Iterator<Item = String> {
    let prefix = format!("{}-", rule.0.to_lowercase());
    files
        .keys()
        .filter(move |name| name.starts_with(&prefix))
        .map(|name| format!("`{}`", name.trim_end_matches(".txt")))
}

fn row(entry: &Entry, code: &BTreeMap<String, String>, shown: [&BTreeMap<String, String>; 2]) -> String {
    let says = English.rule(entry.rule).unwrap_or_default();
    let source = entry.source.map_or_else(
        || "Gordian's own".to_owned(),
        |source| {
            let file = source.file.rsplit('/').next().unwrap_or_default();
            format!("`{file}` {}", source.function)
        },
    );
    let code = match entry.showing {
        Showing::Left => "left out".to_owned(),
        _ => naming(code, entry.rule),
    };
    let [rules, diagnosed] = shown;
    let recordings = entry.recordings.split_whitespace().map(str::to_owned);
    let shown = cases(diagnosed, entry.rule).chain(fixtures(rules, entry.rule)).chain(recordings);
    format!("| {} | {says} | {source} | {code} | {} |", entry.rule, shown.collect::<Vec<_>>().join(", "))
}

fn sources() -> String {
    let mut files: Vec<&str> = RULES.iter().filter_map(|entry| Some(entry.source?.file)).collect();
    files.sort_unstable();
    files.dedup();
    files.into_iter().fold(String::new(), |mut list, file| {
        let _ = writeln!(list, "- `{file}`");
        list
    })
}

#[test]
fn every_rule_has_its_words() {
    for entry in RULES {
        let says = English.rule(entry.rule).unwrap_or_default();
        assert!(says.len() > 10 && !says.ends_with('.'), "{} says `{says}`", entry.rule);
    }
    assert_eq!(English.rule(Rule("Z1")), None);
}

#[test]
fn the_table_in_docs_is_up_to_date() {
    let crates = root().join("crates");
    let mut code = files(&crates.join("reconcile/src"), "rs");
    code.remove("rules.rs");
    let rules = files(&crates.join("reconcile/tests/rules"), "txt");
    let diagnosed = files(&crates.join("diagnose/tests/cases"), "txt");
    let rows: Vec<String> = RULES.iter().map(|entry| row(entry, &code, [&rules, &diagnosed])).collect();
    let written = format!(
        "# The rules\n\n\
         What each rule says, the file and function that it mirrors, the files under `crates/reconcile/src` that have it, and what shows \
         it: cases under `crates/diagnose/tests/cases` and `crates/reconcile/tests/rules`, and recordings of a real control plane by \
         number ([the table](recordings.md)).\n\
         This page is written and checked by `crates/diagnose/tests/rules.rs`, from the table in `crates/reconcile/src/rules.rs`.\n\n\
         | rule | what it says | what it mirrors | our code | shown by |\n| --- | --- | --- | --- | --- |\n{}\n\n\
         ## The files\n\nOf Kubernetes 1.33, and, where they begin with `longhorn-manager/`, of longhorn-manager at commit 00886872c:\n\n{}",
        rows.join("\n"),
        sources()
    );
    let path = root().join("docs/rules.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &written).expect("the page can be written");
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/rules.md is not up to date: UPDATE_EXPECT=1 writes it anew");
}
