//! The tools that cargo does not bring: finds each, and installs what is missing, once, with one line that says what for.
//!
//! Nothing comes from GitHub: tools come from crates.io, the browser from the system's packages, the rest from npm.

use crate::run;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The target that the page is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The last Trunk that this repository's Rust can build.
const TRUNK_VERSION: &str = "0.21.14";

/// The names that Chromium and its kin go by.
const CHROMIUMS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Installs everything that serving and testing need.
pub(crate) fn everything() -> Result<bool, String> {
    formatter_and_clippy()?;
    for_building()?;
    node_modules()?;
    chromium()?;
    chromedriver()?;
    println!("Everything is installed that `cargo xtask serve` and `cargo xtask test` need.");
    Ok(true)
}

/// What a build of the page needs.
pub(crate) fn for_building() -> Result<(), String> {
    wasm_target()?;
    wasm_bindgen()?;
    cargo_tool("Trunk", "trunk", &["trunk"], TRUNK_VERSION, "builds the page")
}

/// The standard library for wasm.
pub(crate) fn wasm_target() -> Result<(), String> {
    let mut ask = Command::new("rustc");
    ask.args(["--print", "target-libdir", "--target", WASM]).current_dir(root());
    if run::answer(&mut ask).is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    say(&format!("the Rust target {WASM}"), "compiles the page for the browser");
    run::quietly(Command::new("rustup").args(["target", "add", WASM]).current_dir(root()))
}

/// The two parts of the toolchain that a minimal installation lacks.
pub(crate) fn formatter_and_clippy() -> Result<(), String> {
    for (part, purpose) in [("rustfmt", "checks how the code is written"), ("clippy", "checks what the code does")] {
        let subcommand = part.trim_start_matches("rust");
        if run::answer(cargo().args([subcommand, "--version"])).is_none() {
            say(part, purpose);
            run::quietly(Command::new("rustup").args(["component", "add", part]).current_dir(root()))?;
        }
    }
    Ok(())
}

/// `wasm-bindgen` and its test runner, in the very version of the library: their interface changes with each.
pub(crate) fn wasm_bindgen() -> Result<(), String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let version = locked_version(&lock, "wasm-bindgen")
        .ok_or("Cargo.lock names no wasm-bindgen, so there is no page to build.")?;
    cargo_tool(
        "wasm-bindgen",
        "wasm-bindgen-cli",
        &["wasm-bindgen", "wasm-bindgen-test-runner"],
        version,
        "joins the page's Rust to JavaScript",
    )
}

/// `cargo`, in the repository, with our tools in reach.
pub(crate) fn cargo() -> Command {
    within_reach("cargo".as_ref())
}

/// Trunk, in the repository, with our tools in reach and without its look at GitHub for a newer Trunk.
pub(crate) fn trunk() -> Result<Command, String> {
    let path = find("trunk").ok_or("Trunk is not where `cargo install` should have put it.")?;
    let mut trunk = within_reach(path.as_os_str());
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Trunk knows `true` and `false` only, and stops at the customary `NO_COLOR=1`.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    Ok(trunk)
}

/// The folder of the end-to-end tests.
pub(crate) fn end_to_end() -> PathBuf {
    root().join("tests/e2e")
}

/// The files of the end-to-end tests, by name, in order.
pub(crate) fn end_to_end_tests() -> Result<Vec<OsString>, String> {
    let folder = end_to_end();
    let mut files: Vec<OsString> = fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .filter(|name| name.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{} has no `*.test.mjs`.", folder.display()));
    }
    Ok(files)
}

/// The packages of the end-to-end tests, as their lock file has them.
pub(crate) fn node_modules() -> Result<(), String> {
    if find("node").is_none() || find("npm").is_none() {
        return Err("The end-to-end tests need Node.js 20 or later with npm: install it from your system's packages or https://nodejs.org.".to_owned());
    }
    let folder = end_to_end();
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|data| data.modified());
    // npm writes this file last, so it is older than ours only if ours has changed since.
    if let (Ok(installed), Ok(wanted)) = (changed("node_modules/.package-lock.json"), changed("package-lock.json"))
        && installed >= wanted
    {
        return Ok(());
    }
    say("playwright-core and axe-core with npm", "drive the browser in the end-to-end tests");
    run::quietly(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))
}

/// A Chromium: the one of `$CHROMIUM`, else an installed one, else the system's package, else Playwright's.
pub(crate) fn chromium() -> Result<PathBuf, String> {
    let installed =
        || env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| CHROMIUMS.iter().find_map(|name| find(name)));
    if let Some(path) = installed() {
        return Ok(path);
    }
    if install_browser()
        && let Some(path) = installed()
    {
        return Ok(path);
    }
    playwrights_chromium()
}

/// The chromedriver of `$CHROMEDRIVER`, else an installed one, else the system's package.
pub(crate) fn chromedriver() -> Result<PathBuf, String> {
    let installed = || env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| find("chromedriver"));
    if let Some(path) = installed() {
        return Ok(path);
    }
    if install_browser()
        && let Some(path) = installed()
    {
        return Ok(path);
    }
    Err("The tests of the wasm code need Chromium and the chromedriver of the same version: on Debian, `apt-get install chromium chromium-driver`.".to_owned())
}

/// Installs Debian's Chromium with its driver if that needs no question; tries once. True if it is there now.
fn install_browser() -> bool {
    static OUTCOME: OnceLock<bool> = OnceLock::new();
    *OUTCOME.get_or_init(|| {
        let Some(apt) = find("apt-get") else {
            return false;
        };
        let mut asking = Command::new("id");
        let is_root = run::answer(asking.arg("-u")).as_deref() == Some("0");
        if !is_root && run::answer(Command::new("sudo").args(["-n", "true"])).is_none() {
            return false;
        }
        say("Chromium and chromedriver with apt-get", "run the tests in a real browser");
        let run_apt = |arguments: &[&str]| {
            let mut command = if is_root {
                Command::new("env")
            } else {
                let mut sudo = Command::new("sudo");
                sudo.args(["-n", "env"]);
                sudo
            };
            command.arg("DEBIAN_FRONTEND=noninteractive").arg(&apt).args(arguments);
            run::quietly(&mut command)
        };
        // The fonts are named because the browser draws nothing legible without any, and only recommends them.
        let outcome = run_apt(&["update", "-qq"]).and_then(|()| {
            run_apt(&[
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                "chromium",
                "chromium-driver",
                "fonts-liberation",
            ])
        });
        if let Err(sentence) = &outcome {
            println!("{sentence}");
        }
        outcome.is_ok()
    })
}

/// The Chromium that Playwright downloads for itself.
fn playwrights_chromium() -> Result<PathBuf, String> {
    node_modules()?;
    let located = || {
        let mut node = Command::new("node");
        node.args(["-p", "require('playwright-core').chromium.executablePath()"]).current_dir(end_to_end());
        run::answer(&mut node).map(PathBuf::from).filter(|path| path.is_file())
    };
    if let Some(path) = located() {
        return Ok(path);
    }
    say("Chromium with Playwright", "runs the end-to-end tests in a real browser");
    let outcome = run::quietly(
        Command::new("npx").args(["playwright-core", "install", "--no-shell", "chromium"]).current_dir(end_to_end()),
    );
    match (outcome, located()) {
        (Ok(()), Some(path)) => Ok(path),
        (outcome, _) => Err(format!(
            "{}The end-to-end tests need Chromium: install it (on Debian, `apt-get install chromium chromium-driver`), or name it in $CHROMIUM.",
            outcome.err().map(|sentence| sentence + "\n").unwrap_or_default()
        )),
    }
}

/// Makes sure that these programs, which the crate `package` brings, are the first to be found, in this version.
///
/// A program of another version is somebody's own, so the right one then goes under `target/tools`, which comes first.
fn cargo_tool(name: &str, package: &str, programs: &[&str], version: &str, purpose: &str) -> Result<(), String> {
    let found: Vec<PathBuf> = programs.iter().filter_map(|program| find(program)).collect();
    let is_right = |path: &PathBuf| {
        let answer = run::answer(Command::new(path).arg("--version")).unwrap_or_default();
        answer.split_whitespace().nth(1) == Some(version)
    };
    if found.len() == programs.len() && found.iter().all(is_right) {
        return Ok(());
    }
    say(&format!("{name} {version} with cargo"), &format!("{purpose}; this takes minutes"));
    let mut install = cargo();
    install.args(["install", "--quiet", "--locked", package, "--version", version]);
    if !found.is_empty() {
        install.arg("--root").arg(tools_root());
    }
    install
        .env_remove("CARGO_TARGET_DIR")
        // A tool that works for a second need not be compiled for minutes.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    run::quietly(&mut install)
}

/// The version of a package in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let value = |line: &'a str, key: &str| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"');
    let mut lines = lock.lines();
    lines.find(|line| value(line, "name") == Some(package))?;
    value(lines.next()?, "version")
}

/// A command in the repository that finds our tools before all others.
pub(crate) fn within_reach(program: &OsStr) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    if let Ok(path) = env::join_paths(folders()) {
        command.env("PATH", path);
    }
    command
}

/// Where a program lies that goes by this name, or by this absolute path.
fn find(name: &str) -> Option<PathBuf> {
    folders()
        .into_iter()
        .map(|folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        .find(|path| path.is_file())
}

/// The folders that are searched for programs, in order; the last is for a shell that does not know it yet.
fn folders() -> Vec<PathBuf> {
    let mut folders = vec![tools_root().join("bin")];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let cargos = env::var_os("CARGO_INSTALL_ROOT")
        .or_else(|| env::var_os("CARGO_HOME"))
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    folders.extend(cargos.map(|folder| folder.join("bin")));
    folders
}

/// Where a tool goes that must not replace somebody's own.
fn tools_root() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(target).join("tools")
}

/// The repository.
fn root() -> PathBuf {
    // Cargo says where the sources lie that it runs, which may not be where they were compiled.
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map(Path::to_owned).unwrap_or(xtask)
}

fn say(what: &str, purpose: &str) {
    println!("Installing {what} ({purpose}).");
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_locked_version_of_exactly_this_package() {
        let lock = "\
version = 4

[[package]]
name = \"wasm-bindgen-futures\"
version = \"0.4.79\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.129\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"
";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
