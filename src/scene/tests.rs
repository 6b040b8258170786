use std::collections::BTreeSet;

use gordian_reconcile::Profile;

use super::*;
use crate::engine::Unmeasured;
use crate::engine::tests::sample;
use crate::samples::SAMPLES;

fn scene(document: &Document, scope: Scope, before: Option<&Scene>) -> Scene {
    let finding = document.findings().first().map(|(found, _)| found.id.clone());
    let view = View { finding: finding.as_deref(), scope, opened: &BTreeSet::new(), language: Language::default() };
    draw(document, view, before, &Unmeasured)
}

/// The boxes by kind, with what became of them.
fn standings(scene: &Scene) -> Vec<(&str, Standing)> {
    let mut standings: Vec<_> = scene.blocks.iter().map(|block| (block.kind(), block.standing)).collect();
    standings.sort_unstable();
    standings
}

#[test]
fn the_longhorn_knot_goes_round() {
    let scene = scene(&sample("longhorn-10791"), Scope::Knot, None);
    let knots: Vec<&str> = scene.blocks.iter().filter(|block| block.knot).map(|block| block.kind()).collect();
    assert_eq!(knots, ["InstanceManager", "Orphan", "Address", "Pod"]);
    let round: Vec<(&str, &str)> = scene
        .reasons
        .iter()
        .filter_map(|reason| {
            let line = &scene.lines[reason.line?];
            Some((scene.blocks[line.from].kind(), scene.blocks[line.to].kind()))
        })
        .collect();
    assert_eq!(
        round,
        [("InstanceManager", "Orphan"), ("Orphan", "Address"), ("Address", "Pod"), ("Pod", "InstanceManager"),]
    );
    let chips: Vec<_> = scene
        .blocks
        .iter()
        .flat_map(|block| &block.chips)
        .filter(|chip| chip.knot)
        .map(|chip| chip.text.as_str())
        .collect();
    assert_eq!(chips, ["foregroundDeletion", "longhorn.io"]);
    assert!(standings(&scene).contains(&("Disk", Standing::Unschedulable)));
}

#[test]
fn the_drawing_shows_what_each_step_does() {
    let fix = Profile::named("after-3719").expect("the profile");
    let before = sample("longhorn-10791");
    let first = scene(&before, Scope::Knot, None);
    let fixed = before.with_profile(fix, &Unmeasured);
    let mut last = first.clone();
    for step in 1..=8 {
        let document = fixed.jump(step, &Unmeasured);
        last = scene(&document, Scope::Knot, Some(&last));
        let changed = last.blocks.iter().filter(|block| block.changed).count();
        assert!(changed > 0, "step {step} is seen");
    }
    let marked = |step: usize| {
        let document = fixed.jump(step - 1, &Unmeasured).jump(step, &Unmeasured);
        let scene = scene(&document, Scope::Knot, None);
        let marks = scene.lines.iter().filter_map(|line| {
            Some((line.mark?, scene.blocks[line.from].kind().to_owned(), scene.blocks[line.to].kind().to_owned()))
        });
        marks.collect::<Vec<_>>()
    };
    let over = |from: &str, to: &str| (Mark::Over, from.to_owned(), to.to_owned());
    let came = |from: &str, to: &str| (Mark::Came, from.to_owned(), to.to_owned());
    assert_eq!(marked(1), [over("InstanceManager", "Orphan")]);
    assert!(marked(3).contains(&came("Node", "InstanceManager")), "{:?}", marked(3));
    assert_eq!(scene(&fixed, Scope::Knot, None).lines.iter().filter(|line| line.mark.is_some()).count(), 0);
    let end = standings(&last);
    for expected in [
        ("Orphan", Standing::Gone),
        ("InstanceManager", Standing::Created),
        ("Pod", Standing::Created),
        ("Disk", Standing::Schedulable),
    ] {
        assert!(end.contains(&expected), "{expected:?} in {end:?}");
    }
}

#[test]
fn every_sample_is_drawn_without_an_overlap() {
    for sample_ in &SAMPLES {
        for scope in [Scope::Knot, Scope::All] {
            let scene = scene(&sample(sample_.id), scope, None);
            assert!(!scene.blocks.is_empty());
            for (index, one) in scene.blocks.iter().enumerate() {
                for other in &scene.blocks[index + 1..] {
                    let apart = !one.rect.overlaps(other.rect);
                    assert!(apart, "{}: {} and {}", sample_.id, one.name(), other.name());
                }
            }
            for line in &scene.lines {
                assert!(line.way.len() > 1);
            }
        }
    }
}

#[test]
fn every_wait_of_a_finding_is_a_reason_in_the_drawing() {
    for sample_ in &SAMPLES {
        let document = sample(sample_.id);
        let scene = scene(&document, Scope::Knot, None);
        // One of them begins in health.
        let cycle = document.start().findings.first().map_or(0, |finding| finding.cycle.len());
        assert_eq!(scene.reasons.len(), cycle, "{}", sample_.id);
        assert!(scene.reasons.iter().all(|reason| reason.block.is_some()));
    }
}

#[test]
fn identical_siblings_are_stacked_until_they_are_opened() {
    let mut text = String::from("apiVersion: v1\nkind: List\nitems:\n");
    for n in 0..2000 {
        text.push_str(&format!(
            "- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c{n}\n    namespace: shop\n    uid: u{n}\n"
        ));
    }
    let document = loaded(text);
    let stacked = scene(&document, Scope::All, None);
    assert_eq!(stacked.blocks.len(), 1);
    assert_eq!(stacked.blocks[0].count(), 2000);
    let view = View {
        finding: None,
        scope: Scope::All,
        opened: &[stacked.blocks[0].id].into(),
        language: Language::default(),
    };
    let opened = draw(&document, view, None, &Unmeasured);
    assert_eq!((opened.blocks.len(), opened.left_out), (2000, 0));
}

fn loaded(text: String) -> Document {
    let input = crate::engine::Input { name: "many".into(), bytes: text.into_bytes().into() };
    Document::load(None, &[input], None, &Unmeasured).0.expect("a document")
}

#[test]
fn a_namespace_is_a_box_around_what_is_in_it() {
    let mut text = String::from("apiVersion: v1\nkind: List\nitems:\n");
    let mut add = |kind: &str, namespace: &str, name: &str, more: &str| {
        let namespaced = if namespace.is_empty() { String::new() } else { format!("    namespace: {namespace}\n") };
        text.push_str(&format!(
            "- apiVersion: v1\n  kind: {kind}\n  metadata:\n    name: {name}\n    uid: {namespace}{name}\n{namespaced}{more}"
        ));
    };
    let goes = "    deletionTimestamp: '2026-01-01T00:00:00Z'\n  spec:\n    finalizers: [kubernetes]\n";
    let held = "    deletionTimestamp: '2026-01-01T00:00:00Z'\n    finalizers: [example.com/held]\n";
    for (namespace, more) in [("shop", ""), ("bank", ""), ("mill", goes)] {
        add("Namespace", "", namespace, more);
        for n in 0..3 {
            add("ConfigMap", namespace, &format!("c{n}"), if namespace == "mill" { held } else { "" });
        }
    }
    let document = loaded(text);
    let scene = scene(&document, Scope::All, None);
    let names: Vec<(&str, usize)> =
        scene.containers.iter().map(|container| (container.name.as_str(), container.objects)).collect();
    // Of the namespace that goes there is more to be said: it has a box of its own, within. And what holds it is a process.
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [("Cluster", 1), ("bank", 3), ("mill", 4), ("shop", 3)]);
    for block in &scene.blocks {
        let home = match block.kind() {
            "Namespace" => block.name(),
            _ => block.subject.key().map_or("Cluster", |key| key.namespace.as_str()),
        };
        for container in &scene.containers {
            assert_eq!(container.name == home, container.rect.overlaps(block.rect), "{} in {home}", block.name());
        }
    }
    let from_namespace = |line: &&Line| scene.blocks[line.from].kind() == "Namespace";
    assert_eq!(scene.lines.iter().find(from_namespace), None);
    let again = draw(
        &document,
        View { finding: None, scope: Scope::All, opened: &BTreeSet::new(), language: Language::default() },
        Some(&scene),
        &Unmeasured,
    );
    let rects = |scene: &Scene| scene.containers.iter().map(|container| container.rect).collect::<Vec<_>>();
    assert_eq!(rects(&scene), rects(&again));
}

#[test]
fn a_node_is_a_box_around_what_is_bound_to_it() {
    let document = sample("longhorn-10791");
    let scene = scene(&document, Scope::Nodes, None);
    let inside = |container: &Container| {
        let held = scene.blocks.iter().filter(|block| container.rect.overlaps(block.rect));
        let mut held: Vec<&str> = held.map(|block| block.kind()).collect();
        held.sort_unstable();
        format!("{}: {}", container.name, held.join(" "))
    };
    let told: Vec<String> = scene.containers.iter().map(inside).collect();
    // The pod that is not there any more is on no node.
    let expected = [
        "Node ip-10-0-2-5: Address Disk InstanceManager InstanceManager Node Orphan Pod Pod",
        "Node ip-10-0-2-66: InstanceManager InstanceManager Node Pod Pod Pod",
        "Node ip-10-0-2-7: InstanceManager InstanceManager Node Pod Pod Pod",
        "longhorn-system: Pod Setting",
    ];
    assert_eq!(told, expected);
    assert!(scene.has_nodes);
}

#[test]
fn a_scene_crosses_to_another_thread_as_text() {
    let scene = scene(&sample("longhorn-10791"), Scope::All, None);
    let text = serde_json::to_string(&scene).expect("it is written");
    let read: Scene = serde_json::from_str(&text).expect("it is read");
    assert_eq!(serde_json::to_string(&read).expect("it is written"), text);
    assert_eq!((read.blocks, read.lines, read.size), (scene.blocks, scene.lines, scene.size));
}
