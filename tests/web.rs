//! What must hold in the browser as it does natively. `cargo xtask test wasm` runs this in a headless Chromium.
//!
//! A test belongs here only if the target could make a difference: 32-bit `usize`, JavaScript's numbers, the browser's
//! own interfaces. All others run natively, beside the code that they test.
#![cfg(target_arch = "wasm32")]

use gordian_snapshot::Snapshot;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn an_empty_snapshot_holds_nothing() {
    assert!(Snapshot::default().objects.is_empty());
}
