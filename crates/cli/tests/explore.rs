//! How many worlds every order of steps leads to, and how they end: the first line that `gordian explore` prints, pinned.

use std::path::Path;
use std::process::Command;

/// What is called, and what the first line says.
const CALLS: [(&str, &str); 13] = [
    ("tests/dumps/longhorn-10791.yaml", "No order finishes: 1 world, 1 end."),
    ("tests/dumps/longhorn-10791.yaml --profile longhorn=after-3719", "Every order finishes: 11 worlds, 1 end."),
    ("tests/dumps/longhorn-10791.yaml --profile longhorn=v1.9.0", "Every order finishes: 11 worlds, 1 end."),
    (
        "tests/recorded/07b-circle-foreground/before.json --delete ConfigMap/t07b/a=foreground",
        "Every order finishes: 6 worlds, 1 end.",
    ),
    (
        "tests/recorded/18b-job-background/before.json --delete Job/t18b/work=background",
        "Every order finishes: 13 worlds, 1 end.",
    ),
    (
        "tests/recorded/18b-job-background/before.json --delete Job/t18b/work=background --no-reduction partial-order",
        "Every order finishes: 35 worlds, 1 end.",
    ),
    (
        "tests/recorded/18b-job-background/before.json --delete Job/t18b/work=background \
         --no-reduction partial-order --no-reduction symmetry",
        "Every order finishes: 125 worlds, 1 end.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background",
        "Every order finishes: 501 worlds, 1 end.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background \
         --target ConfigMap/t20d/d000",
        "Every order finishes: 2 worlds, 1 end.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background --states 500",
        "500 worlds and 0 ends were found. The limit of worlds was reached: what lies beyond was not looked at.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background --max-depth 20",
        "21 worlds and 0 ends were found. The limit of steps was reached: what lies beyond was not looked at.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background \
         --no-reduction partial-order --no-reduction symmetry --max-states 100 --max-depth 1",
        "100 worlds and 0 ends were found. The limits of worlds and steps were reached: what lies beyond was not looked at.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background --max-bytes 1",
        "1 world and 0 ends were found. The limit of memory was reached: what lies beyond was not looked at.",
    ),
];

fn explore(call: &str) -> std::process::Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let gordian = || Command::new(env!("CARGO_BIN_EXE_gordian"));
    gordian().current_dir(&root).arg("explore").args(call.split(' ')).output().expect("gordian runs")
}

#[test]
fn every_order_is_counted() {
    for (call, wanted) in CALLS {
        let run = explore(call);
        let answer = String::from_utf8_lossy(&run.stdout);
        let said = answer.lines().next().unwrap_or_default();
        assert_eq!(said, wanted, "{call}: {}", String::from_utf8_lossy(&run.stderr));
    }
}

/// The contract: what was found, what was set, and what bit.
#[test]
fn the_answer_says_what_was_set() {
    let job = "tests/recorded/18b-job-background/before.json --delete Job/t18b/work=background --format json";
    let run = explore(&format!("{job} --no-reduction symmetry --max-depth 2 --target Job/t18b/work"));
    let answer: serde_json::Value = serde_json::from_slice(&run.stdout).expect("the answer is JSON");
    // The Job is gone at once, and nobody has anything to do for it.
    assert_eq!(answer["states"], 1);
    assert_eq!(answer["verdict"], "always");
    assert_eq!(answer["lassos"], serde_json::json!([]));
    assert_eq!(answer["reductions"], serde_json::json!(["partial-order"]));
    let end = &answer["ends"][0];
    assert_eq!((&end["outcome"], &end["share"], &end["alike"]), (&"finished".into(), &1.0.into(), &1.into()));
    assert!(end["shortest"].is_array() && end["objects"].is_array() && answer["bytesPerState"].is_u64());
    let limits = &answer["limits"];
    assert_eq!((&limits["depth"], &limits["targets"][0]["kind"]), (&2.into(), &"Job".into()));
    assert_eq!(limits["bit"], serde_json::json!([]));
    let run = explore(&format!("{job} --max-depth 2"));
    let answer: serde_json::Value = serde_json::from_slice(&run.stdout).expect("the answer is JSON");
    assert_eq!(answer["limits"]["bit"], serde_json::json!(["depth"]));
}
