//! `docs/longhorn.md` says what becomes of a healthy Longhorn cluster in every order of a script's steps, under each profile. Its tables are
//! written from `gordian explore` on `tests/longhorn/`; `UPDATE_EXPECT=1` writes them anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The profiles of the incident and of each fix.
const PROFILES: [&str; 7] = ["before-3719", "after-3719", "pr-3746", "v1.9.0", "v1.9.2", "v1.11.1", "v1.12.1"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn explore(script: &str, profile: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_gordian"))
        .current_dir(root().join("tests/longhorn"))
        .args(["explore", "three-nodes.yaml", "--actions", script, "--format", "json"])
        .args(["--profile", &format!("longhorn={profile}"), "--no-reduction", "partial-order"])
        .output()
        .expect("gordian runs");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{script}, {profile}: {error}: {}", String::from_utf8_lossy(&output.stderr));
    })
}

/// What is found under a profile, as a row; and how many runs are stuck, and how many leave something behind, in per cent.
fn row(profile: &str, found: &Value) -> (String, f64, f64) {
    assert_eq!(found["limits"]["bit"], Value::Array(Vec::new()), "{profile}: no limit bites");
    let ends = found["ends"].as_array().expect("there are ends");
    let share = |which: &dyn Fn(&Value) -> bool| {
        let of_ends = ends.iter().filter(|end| which(end)).filter_map(|end| end["share"].as_f64());
        100.0 * of_ends.fold(0.0, |sum, share| sum + share)
    };
    let stuck = |end: &Value| end["outcome"] == "stuck";
    let left = |end: &Value| end["leftBehind"].as_array().is_some_and(|left| !left.is_empty());
    let (stuck_share, left_share) = (share(&stuck), share(&left));
    let shortest = ends.iter().find(|end| stuck(end) || left(end));
    let steps = shortest.and_then(|end| end["shortest"].as_array()).map_or(String::new(), |run| run.len().to_string());
    let race = shortest.map(|end| &end["race"]).filter(|race| !race.is_null());
    let race = race.map_or(String::new(), |race| {
        let text = |field: &str| race[field].as_str().unwrap_or_default().to_owned();
        format!("{} Instead of: {}", text("step"), text("instead"))
    });
    let (states, count) = (&found["states"], ends.len());
    let row = format!("| {profile} | {states} | {count} | {stuck_share:.2} % | {left_share:.2} % | {steps} | {race} |");
    (row, stuck_share, left_share)
}

/// Holds one table of the page to what is so. `stuck` and `left` say under which profiles something is.
fn check(script: &str, stuck: &[&str], left: &[&str]) {
    let mut table = String::from(
        "| profile | worlds | ends | stuck | an orphan left for ever | shortest such run | decided by |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for profile in PROFILES {
        let (row, stuck_share, left_share) = row(profile, &explore(script, profile));
        assert_eq!(stuck_share > 0.0, stuck.contains(&profile), "{script}, {profile}: {stuck_share} % are stuck");
        assert_eq!(left_share > 0.0, left.contains(&profile), "{script}, {profile}: {left_share} % leave an orphan");
        let _ = writeln!(table, "{row}");
    }
    let path = root().join("docs/longhorn.md");
    let page = std::fs::read_to_string(&path).expect("the page is there");
    let (begin, end) = (format!("<!-- {script} -->\n"), format!("<!-- end of {script} -->"));
    let (before, rest) = page.split_once(&begin).expect("the page has a place for the table");
    let (was, after) = rest.split_once(&end).expect("the table has an end");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).expect("the page can be written");
        return;
    }
    assert_eq!(was, table, "docs/longhorn.md: the table of {script}");
}

#[test]
fn the_deadlock_comes_from_health_before_the_fix_only() {
    check("three-nodes.json", &["before-3719"], &[]);
    check("three-nodes-v1.json", &["before-3719"], &["v1.9.0"]);
}
