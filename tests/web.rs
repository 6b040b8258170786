//! What must hold in the browser as it does natively. `cargo xtask test wasm` runs this in a headless Chromium.
//!
//! A test belongs here only if the target could make a difference: 32-bit `usize`, JavaScript's numbers, the browser's
//! own interfaces. All others run natively, beside the code that they test.
#![cfg(target_arch = "wasm32")]

use gordian_reconcile::{Profile, Timeline, load};
use gordian_snapshot::Snapshot;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Every step of the incident has the fingerprint that `crates/reconcile/tests/fingerprints.rs` finds natively.
#[wasm_bindgen_test]
fn every_step_has_the_same_fingerprint_as_natively() {
    let mut snapshot = Snapshot::default();
    let problems = snapshot.add("longhorn-10791.yaml", include_bytes!("dumps/longhorn-10791.yaml"));
    assert!(problems.is_empty(), "{problems:?}");
    for line in include_str!("fingerprints.txt").lines() {
        let mut words = line.split_whitespace();
        let profile = words.next().and_then(Profile::named).expect("each line begins with a profile");
        let mut timeline = Timeline::new(load(&snapshot).with_profile(profile));
        timeline.run(1_000);
        let steps = (0..=timeline.steps().len()).map(|step| timeline.world_at(step));
        let got: Vec<String> = steps.map(|world| format!("{:016x}", world.fingerprint())).collect();
        assert_eq!(got, words.collect::<Vec<_>>(), "{}", profile.name);
    }
}
