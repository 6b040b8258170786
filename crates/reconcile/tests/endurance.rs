//! Whatever breaks, once and for as long as it may, while the v2 data engine of a healthy Longhorn cluster is turned off and on again: in
//! v1.12.1 no instance manager is left terminating. Looked at to exhaustion on `tests/longhorn/three-nodes.yaml`.

use std::path::Path;

use gordian_reconcile::explorer::{Endurance, Endured, Limits, outages};
use gordian_reconcile::{Facet, Fault, Key, Name, Object, Profile, Request, Setting, Timeline, World, kinds, load};
use gordian_snapshot::Snapshot;

const NODE: &str = "ip-10-0-2-5";

fn healthy(profile: &str) -> World {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/longhorn/three-nodes.yaml");
    let mut snapshot = Snapshot::default();
    let problems = snapshot.add("three-nodes.yaml", &std::fs::read(path).expect("the cluster is there"));
    assert!(problems.is_empty(), "{problems:?}");
    load(&snapshot).taken_as_whole().with_profile(Profile::named(profile).expect("the profile is known"))
}

/// A person deletes what a kind has on the node, or all of it.
fn delete(timeline: &mut Timeline, which: impl Fn(&Object) -> bool) {
    let objects = timeline.world().objects().filter(|(_, object)| which(object));
    let deletes: Vec<Request> = objects.map(|(_, object)| Request::delete(object, None)).collect();
    deletes.into_iter().for_each(|delete| assert!(timeline.request(delete).is_ok()));
    timeline.run(1_000);
}

fn turn(timeline: &mut Timeline, value: &str) {
    let key = Key::new(kinds::longhorn_setting(), "longhorn-system".into(), "v2-data-engine".into());
    let setting = timeline.world().find(key).expect("the setting is there").clone();
    let value = Facet::Setting(Setting { value: Name::new(value), applied: true });
    assert!(timeline.request(Request::change(&setting, value)).is_ok());
}

/// The negative case of the script of the same name, and then every order, with every outage.
fn endured(profile: &str, budget: usize) -> Endured {
    let mut timeline = Timeline::new(healthy(profile));
    let node = Key::new(kinds::node(), Name::default(), NODE.into());
    timeline.faults(vec![(Fault::Cut(NODE.into()), true), (Fault::TimedOut(node), true)]);
    timeline.run(1_000);
    delete(&mut timeline, |object| {
        let here = matches!(&object.facet, Facet::Instance(instance) if instance.node.as_str() == NODE);
        here && object.key.kind == kinds::longhorn_replica()
    });
    delete(&mut timeline, |object| object.key.kind.is("longhorn.io", "Volume"));
    let off = |timeline: &mut Timeline| {
        timeline.end_faults();
        turn(timeline, "false");
    };
    let on = |timeline: &mut Timeline| turn(timeline, "true");
    let gone = |world: &World| {
        let managers = world.of_kind(kinds::longhorn_instance_manager());
        managers.into_iter().all(|(_, manager)| !manager.deleting())
    };
    let limits = Limits { states: 2_000_000, ..Limits::default() };
    let outages = (outages(timeline.world()), budget);
    let mut search = Endurance::new(timeline.world(), vec![&off, &on], outages, &gone, limits);
    while !search.advance(10_000) {}
    search.endured()
}

#[test]
fn no_instance_manager_stays_terminating() {
    let Endured { states, rests, failure, bites } = endured("v1.12.1", 1);
    assert!(failure.is_none(), "{} steps lead to a world that does not recover", failure.map_or(0, |run| run.len()));
    assert_eq!((states, rests, bites.as_slice()), (630_599, 4, [].as_slice()));
}

/// The search finds what there is to be found.
#[test]
fn before_the_fix_one_does() {
    let Endured { states, failure, .. } = endured("before-3719", 0);
    assert_eq!((states, failure.map(|run| run.len())), (31_061, Some(9)));
}
