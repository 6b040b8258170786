//! The worlds of the incident, step by step, have the fingerprints that stand in `tests/fingerprints.txt`: one line a profile.
//! `tests/web.rs` finds the same ones in a browser. `UPDATE_EXPECT=1` writes them anew.

use std::path::Path;

use gordian_reconcile::{PROFILES, Timeline, load};
use gordian_snapshot::Snapshot;

#[test]
fn every_step_of_the_incident_has_its_fingerprint() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut snapshot = Snapshot::default();
    let dump = std::fs::read(tests.join("dumps/longhorn-10791.yaml")).expect("the dump is there");
    assert!(snapshot.add("longhorn-10791.yaml", &dump).is_empty());
    let line = |profile: &gordian_reconcile::Profile| {
        let mut timeline = Timeline::new(load(&snapshot).with_profile(*profile));
        timeline.run(1_000);
        let worlds = (0..=timeline.steps().len()).map(|step| timeline.world_at(step));
        let fingerprints = worlds.map(|world| {
            assert_eq!(world.fingerprint(), world.full_fingerprint());
            format!(" {:016x}", world.fingerprint())
        });
        format!("{}{}\n", profile.name, fingerprints.collect::<String>())
    };
    let got: String = PROFILES.iter().map(line).collect();
    let path = tests.join("fingerprints.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &got).expect("the fingerprints can be written");
    }
    assert_eq!(got, std::fs::read_to_string(&path).unwrap_or_default());
}
