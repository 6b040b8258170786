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
    let mut standings: Vec<_> = scene.blocks.iter().map(|block| (block.kind.as_str(), block.standing)).collect();
    standings.sort_unstable();
    standings
}

#[test]
fn the_longhorn_knot_goes_round() {
    let scene = scene(&sample("longhorn-10791"), Scope::Knot, None);
    let knots: Vec<&str> = scene.blocks.iter().filter(|block| block.knot).map(|block| block.kind.as_str()).collect();
    assert_eq!(knots, ["InstanceManager", "Orphan", "Address", "Pod"]);
    let round: Vec<(&str, &str)> = scene
        .reasons
        .iter()
        .filter_map(|reason| {
            let line = &scene.lines[reason.line?];
            Some((scene.blocks[line.from].kind.as_str(), scene.blocks[line.to].kind.as_str()))
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
            let (mark, ..) = line.mark?;
            Some((mark, scene.blocks[line.from].kind.clone(), scene.blocks[line.to].kind.clone()))
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
                    let (a, b) = (one.rect, other.rect);
                    let apart =
                        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                    assert!(apart, "{}: {} and {}", sample_.id, one.name, other.name);
                }
            }
            for line in &scene.lines {
                assert!(!line.path.is_empty() && !line.head.is_empty());
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
    let input = crate::engine::Input { name: "many".into(), bytes: text.into_bytes().into() };
    let document = Document::load(None, &[input], None, &Unmeasured).0.expect("a document");
    let stacked = scene(&document, Scope::All, None);
    assert_eq!(stacked.blocks.len(), 1);
    assert_eq!(stacked.blocks[0].subjects.len(), 2000);
    let view = View {
        finding: None,
        scope: Scope::All,
        opened: &[stacked.blocks[0].id].into(),
        language: Language::default(),
    };
    let opened = draw(&document, view, None, &Unmeasured);
    assert_eq!((opened.blocks.len(), opened.left_out), (MOST, 2000 - MOST));
}
