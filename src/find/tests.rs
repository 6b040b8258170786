//! Each query in `cases.txt`, and the objects that it finds in `cluster.yaml`, in their order.

use std::fmt::Write;

use gordian_reconcile::{Key, Kind, Propagation};

use super::Query;
use crate::engine::{Document, Input, Unmeasured};
use crate::messages::Language;
use crate::tree::{Asked, tree};

const CASES: &str = include_str!("cases.txt");

/// The cluster, after a pod was deleted and made anew, and a ConfigMap was deleted.
fn document() -> Document {
    let input = Input { name: "cluster.yaml".into(), bytes: include_bytes!("cluster.yaml").as_slice().into() };
    let (document, problems) = Document::load(None, &[input], None, &Unmeasured);
    assert_eq!(problems, []);
    let key = |kind: &str, namespace: &str, name: &str| Key::new(Kind::new("", kind), namespace.into(), name.into());
    let mut document = document.expect("the cluster");
    for deleted in [key("Pod", "shop", "web-5d9c-abcde"), key("ConfigMap", "shop-eu", "temporary")] {
        document = document.delete(deleted, Propagation::Background, &Unmeasured);
        document = document.jump(usize::MAX, &Unmeasured);
    }
    document
}

/// What is found, an object a line; and what is said where nothing is.
fn found(document: &Document, query: &str) -> String {
    let noted = [Key::new(Kind::new("", "ConfigMap"), "shop".into(), "settings".into())].into();
    let tree = tree(document, query, None, &Asked::default(), &noted);
    let mut lines = String::new();
    let Some(found) = tree.found else {
        return "everything\n".into();
    };
    let mut shown = 0;
    for namespace in &tree.namespaces {
        for row in namespace.kinds.iter().flat_map(|kind| &kind.rows) {
            let name = row.key.name.as_str();
            let mut text = name.to_owned();
            for mark in row.marks.iter().rev() {
                text.insert(mark.end, ']');
                text.insert(mark.start, '[');
            }
            let standing = Language::English.page().standing(row.standing);
            let dot = if standing.is_empty() { "" } else { ", " };
            let namespace = &namespace.head.name;
            let slash = if namespace.is_empty() { "" } else { "/" };
            let _ = writeln!(lines, "{} {namespace}{slash}{text}{dot}{standing}", row.key.kind.kind);
            shown += 1;
        }
    }
    assert_eq!(shown, found.count, "{query}");
    if let Some(complaint) = &found.complaint {
        let _ = writeln!(lines, "{}", Language::English.page().complaint(complaint));
    } else if shown == 0 {
        lines.push_str("nothing\n");
    }
    lines
}

#[test]
fn check() {
    let document = document();
    let mut actual = String::new();
    for case in CASES.split("\n\n").filter(|case| !case.trim().is_empty()) {
        let query = case.trim_start().lines().next().and_then(|line| line.strip_prefix("> ")).unwrap_or_default();
        let _ = write!(actual, "> {query}\n{}\n", found(&document, query));
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/find/cases.txt"), &actual).expect("cases.txt");
    } else {
        assert_eq!(actual, CASES);
    }
}

#[test]
fn any_text_is_a_query() {
    let document = document();
    let odd = [
        "",
        " ",
        "-",
        "!",
        "--",
        "/",
        "a/",
        ":",
        "kind:",
        "kind:,",
        "-n",
        "-l",
        "kubectl",
        "kubectl get",
        "\"",
        "'a",
        "label:=",
        "label:!=",
        "結/ß",
        "kind:結.ß",
        "=",
        "-n=",
    ];
    for query in odd {
        let _ = found(&document, query);
    }
    assert!(Query::read(" - ! ").is_empty());
}
