//! Every `tests/inspect/*.yaml` is a dump, and its first line the object in it that is looked at. Its `.expect` is what is told of it.
//!
//! `UPDATE_EXPECT=1 cargo test` rewrites the expectations; read them before they are kept.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use gordian_reconcile::Profile;

use super::*;
use crate::engine::tests::sample;
use crate::engine::{Input, Unmeasured};
use crate::subject::key_from_code;

/// `write!` into a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($format:tt)*) => { let _ = writeln!($out, $($format)*); };
}

fn loaded(text: &str) -> Document {
    let input = Input { name: "dump".into(), bytes: text.as_bytes().into() };
    let (document, problems) = Document::load(None, &[input], None, &Unmeasured);
    assert_eq!(problems, []);
    document.expect("objects")
}

fn check(path: &Path) {
    let text = std::fs::read_to_string(path).expect("a dump");
    let code = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a first line that names an object");
    let key = key_from_code(code).expect("a key");
    let seen = inspect(&loaded(&text), Subject::Object(key), Language::default());
    let (got, expect) = (told(&seen), path.with_extension("expect"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&expect, &got).expect("the expectation is written");
    }
    let wanted = std::fs::read_to_string(&expect).unwrap_or_default();
    assert_eq!(got, wanted, "{}", path.display());
    let sent = serde_json::to_string(&seen).expect("it is plain data");
    assert_eq!(serde_json::from_str::<Inspection>(&sent).expect("and comes back"), seen);
}

#[test]
fn each_object_is_told_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspect");
    let files = std::fs::read_dir(folder).expect("the folder");
    let mut dumps: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    dumps.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    dumps.sort();
    assert!(dumps.len() >= 4);
    dumps.iter().for_each(|path| check(path));
}

/// All that is told, as a person reads it from above.
fn told(seen: &Inspection) -> String {
    let mut out = String::new();
    let page = Language::default().page();
    let rule = |rule: &Option<String>| rule.as_ref().map_or_else(String::new, |rule| format!(" [{rule}]"));
    line!(out, "{} {}: {}", seen.kind, seen.name, seen.verdict);
    for Lead { kind, name, .. } in &seen.leads_to {
        line!(out, "leads to {kind} {name}");
    }
    for held in &seen.finalizers {
        let state = page.runs(held.runs);
        line!(
            out,
            "held by {}: {} ({state}){}",
            held.finalizer,
            page.would_remove(&held.who, seen.deleting),
            rule(&held.rule)
        );
        held.waits_for.iter().for_each(|wait| line_of_wait(&mut out, "  waits", wait));
        held.clues.iter().for_each(|clue| {
            line!(out, "  clue: {clue}");
        });
        held.catalogue.iter().for_each(|(name, says)| {
            line!(out, "  {name}: {says}");
        });
    }
    seen.waits_for.iter().for_each(|wait| line_of_wait(&mut out, "waits", wait));
    seen.waited_for_by.iter().for_each(|wait| line_of_wait(&mut out, "waited for", wait));
    for owner in &seen.owners {
        let flags = [(owner.controller, " controller"), (owner.blocks, " blocks")];
        let flags: String = flags.into_iter().filter_map(|(is, flag)| is.then_some(flag)).collect();
        line!(out, "owner {} {} {}{flags}", owner.kind, owner.name, owner.uid);
        for defect in &owner.defects {
            line!(out, "  {}{}", defect.sentence, rule(&defect.rule));
        }
    }
    if seen.dependents.of > 0 {
        line!(out, "dependents {}", page.dependents(seen.dependents.of, seen.dependents.blocking));
        for dependent in &seen.dependents.first {
            let blocks = if dependent.blocks { " blocks" } else { "" };
            line!(out, "  {}{blocks} {:?}", dependent.key, dependent.standing);
        }
    }
    for condition in &seen.conditions {
        let wrong = if condition.wrong { "! " } else { "" };
        let Condition { name, status, reason, message, age, .. } = condition;
        line!(out, "condition {wrong}{name} {status} {reason} ({age}) {message}");
    }
    if let Some(events) = &seen.events {
        line!(out, "events {} {}", events.of, if events.covered { "in the dump" } else { &events.command });
        for Event { kind, reason, count, age, message, source, .. } in &events.newest {
            line!(out, "  {kind} {reason} x{count} ({age}) {message} [{source}]");
        }
    }
    let lines = seen.source.lines();
    for &index in &seen.source.marked {
        line!(out, "{}: {}", seen.source.first + index, lines[index]);
    }
    out
}

fn line_of_wait(out: &mut String, how: &str, wait: &Reasoned) {
    line!(out, "{how}: {}", wait.sentence);
}

fn manager(document: &Document) -> Key {
    document.start().findings[0].members[0].key
}

#[test]
fn the_instance_manager_is_explained() {
    let document = sample("longhorn-10791");
    let seen = inspect(&document, Subject::Object(manager(&document)), Language::default());
    assert_eq!((seen.standing, seen.deleting), (Standing::Stuck, true));
    assert!(seen.verdict.contains("as of the dump, and stuck: held by `foregroundDeletion`"), "{}", seen.verdict);
    assert!(!seen.finalizers[0].waits_for.is_empty() && !seen.waited_for_by.is_empty());
    assert!(seen.owners[0].key.is_some() && seen.dependents.blocking > 0);
    let lines = seen.source.lines();
    let marked: Vec<&str> = seen.source.marked.iter().map(|&index| lines[index].trim()).collect();
    for expected in ["deletionTimestamp", "foregroundDeletion", "ownerReferences"] {
        assert!(marked.iter().any(|line| line.contains(expected)), "{marked:?}");
    }
    let source = &document.snapshot().sources[0].text;
    for (number, line) in (seen.source.first..).zip(lines) {
        assert_eq!(source.lines().nth(number - 1).map(str::trim_end), Some(line));
    }
}

#[test]
fn the_verdict_names_who_removes_it_and_what_that_waits_for() {
    let document = sample("longhorn-10791");
    let orphan = document.start().findings[0].members[1].key;
    let seen = inspect(&document, Subject::Object(orphan), Language::default());
    assert!(seen.verdict.contains("held by `longhorn.io`"), "{}", seen.verdict);
    assert!(seen.verdict.ends_with("would remove it, and waits for 10.42.4.37:8503."), "{}", seen.verdict);
    let (_, address) = seen.finalizers[0].waits_for[0].subjects;
    let seen = inspect(&document, address, Language::default());
    assert_eq!(seen.verdict, "Nobody answers at `10.42.4.37:8503`: the pod that had this address is gone.");
    assert_eq!((seen.events, seen.source), (None, Source::default()));
    let leads: Vec<&str> = seen.leads_to.iter().map(|lead| lead.kind.as_str()).collect();
    assert_eq!(leads[0], "Pod");
}

#[test]
fn what_was_made_in_the_run_has_no_text() {
    let document = sample("longhorn-10791");
    let key = manager(&document);
    let fix = Profile::named("after-3719").expect("the profile");
    let end = document.with_profile(fix, &Unmeasured).jump(usize::MAX, &Unmeasured);
    let seen = inspect(&end, Subject::Object(key), Language::default());
    assert_eq!(seen.standing, Standing::Created);
    assert_eq!((seen.source, seen.events, seen.deleting), (Source::default(), None, false));
}

fn source(text: &str, marked: &[usize]) -> Source {
    Source { text: text.into(), first: 1, marked: marked.into(), ..Source::default() }
}

/// The heads of the blocks, with how many lines fold below each.
fn folds(source: &Source) -> Vec<(&str, usize)> {
    let lines = source.lines();
    source.blocks().iter().map(|block| (lines[block.head].trim(), block.end - block.head - 1)).collect()
}

#[test]
fn blocks_fold_by_their_indentation_in_yaml_and_in_json() {
    let yaml = "- apiVersion: v1\n  metadata:\n    finalizers:\n    - a\n    - b\n    labels:\n      a: b\n      c: d\n  spec:\n    x: 1\n\n    y: 2\n";
    assert_eq!(folds(&source(yaml, &[])), [("metadata:", 6), ("finalizers:", 2), ("labels:", 2), ("spec:", 3)]);
    let json = "{\n    \"metadata\": {\n        \"finalizers\": [\n            \"a\",\n            \"b\"\n        ]\n    },\n    \"kind\": \"Pod\"\n}";
    assert_eq!(folds(&source(json, &[])), [("{", 7), ("\"metadata\": {", 4), ("\"finalizers\": [", 2)]);
}

#[test]
fn a_long_text_is_folded_around_what_matters() {
    let block = |name: &str, lines: usize| format!("{name}:\n{}", "  a: b\n".repeat(lines));
    let metadata = "metadata:\n  finalizers:\n  - f\n  managedFields:\n  - m: 1\n    n: 2\n  name: x\n";
    let short = source(&format!("kind: X\n{metadata}{}", block("spec", 5)), &[2, 3]);
    let blocks = short.blocks();
    assert_eq!(short.folded(&blocks), BTreeSet::from([4]), "only who manages which field");
    let long = source(&format!("kind: X\n{metadata}{}{}", block("spec", 50), block("status", 9)), &[2, 3]);
    let blocks = long.blocks();
    let folded = long.folded(&blocks);
    assert_eq!(folded, BTreeSet::from([4, 8, 59]));
    let lines = shown(long.lines().len(), &blocks, &folded);
    assert_eq!(lines, [0, 1, 2, 3, 4, 7, 8, 59]);
    assert_eq!(unfolded(20, &blocks, &folded), BTreeSet::from([4, 59]));
}

#[test]
fn a_text_is_searched_whatever_its_case() {
    let text = source("kind: Pod\nname: pod-1\nΣ: ΠΟΔ\n", &[]);
    assert_eq!((text.find("POD"), text.find("")), (vec![0, 1], vec![]));
    assert_eq!(hits("a Pod, a pod", "pod"), [("a ", false), ("Pod", true), (", a ", false), ("pod", true)]);
    assert_eq!(hits("İ pod", "pod"), [("İ pod", false)]);
}

#[test]
fn a_text_on_one_line_is_broken_up() {
    let annotations: Vec<String> = (0..60).map(|n| format!("\"x.io/{n}\":\"value\"")).collect();
    let text = format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"c\",\"annotations\":{{{}}},\"finalizers\":[\"x.io/f\"]}}}}",
        annotations.join(",")
    );
    let document = loaded(&text);
    let key = document.world().objects().map(|(_, object)| object.key).next().expect("an object");
    let seen = inspect(&document, Subject::Object(key), Language::default());
    assert!(seen.source.broken_up && seen.source.lines().len() > 60);
    assert!(seen.source.marked.iter().any(|&index| seen.source.lines()[index].contains("x.io/f")));
}
