//! `cargo xtask bench page`: how fast and how well the page's graphs are drawn, beside the peers in the same browser.

use crate::{run, tools};
use std::process::Command;

const FOLDER: &str = "crates/layout/bench";

/// Builds and runs; gives the tables. Not part of `cargo xtask test`, for it takes minutes.
pub(super) fn tables() -> Result<String, String> {
    tools::wasm_target()?;
    tools::wasm_bindgen()?;
    tools::node_modules()?;
    let chromium = tools::chromium()?;
    let npm = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    run::quietly(Command::new("npm").args(npm).current_dir(FOLDER))?;
    let mut cargo = tools::cargo();
    cargo.args(["build", "--quiet", "--profile", "page", "--package", "gordian-layout", "--example", "page"]);
    cargo.args(["--target", tools::WASM, "--target-dir", "target/bench"]);
    run::quietly(&mut cargo)?;
    let (module, folder) = (format!("target/bench/{}/page/examples/page.wasm", tools::WASM), "target/bench/page");
    let mut bindgen = tools::within_reach("wasm-bindgen".as_ref());
    run::quietly(bindgen.args(["--target", "web", "--no-typescript", "--out-dir", folder, &module]))?;
    let mut node = Command::new("node");
    super::printed(node.arg(format!("{FOLDER}/run.mjs")).arg(folder).env("CHROMIUM", chromium))
}
