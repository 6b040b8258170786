//! The table of rules and the code agree: every identifier that the code names is in the table, and the rules that are said to
//! fire are those that it names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gordian_reconcile::Rule;
use gordian_reconcile::rules::{RULES, Showing};

/// Every source file of the crate but the table itself.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sources are there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("src/rules.rs") {
            into.push(path);
        }
    }
}

/// Whether a string literal has the form of a rule's identifier: a letter from A to K and a number, or words of capitals and
/// numbers with a hyphen.
fn is_identifier(literal: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let capitals = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let lettered = literal.starts_with(|c| matches!(c, 'A'..='K')) && literal.get(1..).is_some_and(number);
    let named = literal.starts_with(|c: char| c.is_ascii_uppercase())
        && literal.split_once('-').is_some_and(|(project, name)| capitals(project) && capitals(name));
    lettered || named
}

/// The identifiers that the code names: as `Rule("E2")`, as `Rule::E2`, or as a literal that becomes one.
fn named() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut named = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source can be read");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let parts: Vec<&str> = line.split('"').collect();
            let literals = parts.chunks_exact(2).filter(|pair| pair[0].ends_with("Rule(") || is_identifier(pair[1]));
            named.extend(literals.map(|pair| pair[1].to_owned()));
            let constants =
                line.split("Rule::").skip(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
            let word =
                |rest: &str| rest.chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '_').collect::<String>();
            named.extend(constants.map(|rest| word(rest).replace('_', "-")));
        }
    }
    named
}

#[test]
fn what_the_code_names_is_in_the_table() {
    let named = named();
    assert!(named.len() >= 35, "the code names {} rules only: {named:?}", named.len());
    for id in &named {
        assert!(RULES.iter().any(|entry| entry.rule.0 == id), "`{id}` is no rule of the table in src/rules.rs");
    }
    for entry in RULES {
        let fires = entry.showing == Showing::Fires;
        let said = if fires { "is said to fire, and no code names it" } else { "fires, and the table says otherwise" };
        assert_eq!(fires, named.contains(entry.rule.0), "{} {said}: mend its row in src/rules.rs", entry.rule);
    }
}

#[test]
fn every_row_can_be_found() {
    let identifiers: BTreeSet<Rule> = RULES.iter().map(|entry| entry.rule).collect();
    assert_eq!(identifiers.len(), RULES.len(), "an identifier is in the table twice");
    for entry in RULES {
        assert_eq!(entry.rule.entry(), Some(entry));
        assert_eq!(entry.rule.source(), entry.source);
        let whole = entry.source.is_none_or(|source| source.file.ends_with(".go") && !source.function.is_empty());
        assert!(whole, "{}: {:?}", entry.rule, entry.source);
        for number in entry.recordings.split_whitespace() {
            let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/recorded");
            let mut folders = std::fs::read_dir(&recorded).expect("the recordings are there").flatten();
            let prefix = format!("{number}-");
            let there = folders.any(|folder| folder.file_name().to_string_lossy().starts_with(&prefix));
            assert!(there, "{}: there is no recording {number}", entry.rule);
        }
    }
    assert_eq!(Rule("Z1").entry(), None);
}
