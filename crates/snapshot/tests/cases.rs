//! Reads each case and compares what came out with the text beside it; `UPDATE_EXPECT=1` writes that text.
//!
//! The files `tests/cases/NAME.*` are one case: NAME.expect tells what is read from the others, one after the other.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use gordian_snapshot::{Object, OwnerReference, Snapshot};

#[test]
fn cases() {
    let mut cases: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for path in files("tests/cases") {
        let name = name(&path);
        if let Some((case, end)) = name.split_once('.')
            && !case.is_empty()
            && end != "expect"
        {
            cases.entry(case.to_owned()).or_default().push(path);
        }
    }
    assert!(cases.len() > 35, "the cases are missing");
    for (case, sources) in cases {
        check(&sources, &Path::new("tests/cases").join(case + ".expect"));
    }
}

#[test]
fn dumps() {
    for path in files("../../tests/dumps") {
        let expected = Path::new("tests/cases/dumps").join(name(&path) + ".expect");
        if expected.exists() {
            check(&[path], &expected);
        }
    }
}

fn check(sources: &[PathBuf], expected: &Path) {
    let mut snapshot = Snapshot::default();
    let mut out = String::new();
    for path in sources {
        for problem in snapshot.add(&name(path), &fs::read(path).unwrap()) {
            let place = &problem.place;
            let (severity, kind) = (problem.kind.severity(), &problem.kind);
            writeln!(out, "{}:{}:{}: {severity:?} {kind:?}", place.source, place.line, place.column).unwrap();
        }
    }
    for object in &snapshot.objects {
        describe(&mut out, &snapshot, object);
    }
    let kinds = snapshot.coverage.kinds.iter().map(|(group, kind)| format!("{kind}.{group}"));
    writeln!(out, "covers {}", kinds.collect::<Vec<_>>().join(" ")).unwrap();
    let namespaces: Vec<_> = snapshot.coverage.namespaces.iter().map(String::as_str).collect();
    writeln!(out, "in {}", namespaces.join(" ")).unwrap();

    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(expected, &out).unwrap();
    }
    let expected_text = fs::read_to_string(expected).unwrap_or_default();
    assert_eq!(out, expected_text, "{} differs; UPDATE_EXPECT=1 rewrites it", expected.display());
}

fn describe(out: &mut String, snapshot: &Snapshot, object: &Object) {
    let metadata = &object.metadata;
    let source = &snapshot.sources[object.source];
    let lines = source.place(object.text.start).line..=source.place(object.text.end).line;
    writeln!(out, "{} {} {}/{}", object.api_version, object.kind, metadata.namespace, metadata.name).unwrap();
    writeln!(out, "  {}:{}-{}", source.name, lines.start(), lines.end()).unwrap();
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            writeln!(out, "  {name} {value}").unwrap();
        }
    };
    field("uid", metadata.uid.clone());
    field("resourceVersion", metadata.resource_version.clone());
    field("generation", metadata.generation.map(|number| number.to_string()).unwrap_or_default());
    field("created", metadata.creation_timestamp.clone().unwrap_or_default());
    field("deleting", metadata.deletion_timestamp.clone().unwrap_or_default());
    field("grace", metadata.deletion_grace_period_seconds.map(|number| number.to_string()).unwrap_or_default());
    for (key, value) in &metadata.labels {
        field("label", format!("{key}={value}"));
    }
    for (key, value) in &metadata.annotations {
        field("annotation", format!("{key}={value:?}"));
    }
    field("finalizers", metadata.finalizers.join(" "));
    for OwnerReference { api_version, kind, name, uid, controller, block_owner_deletion } in &metadata.owner_references
    {
        field(
            "owner",
            format!("{api_version} {kind} {name} {uid} controller={controller:?} blocks={block_owner_deletion:?}"),
        );
    }
}

fn files(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
