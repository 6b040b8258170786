//! How many worlds every order of steps leads to, and how they end: the first line that `gordian explore` prints, pinned.

use std::path::Path;
use std::process::Command;

/// What is called, and what the first line says.
const CALLS: [(&str, &str); 6] = [
    ("tests/dumps/longhorn-10791.yaml", "No order finishes: 1 world, 1 end."),
    ("tests/dumps/longhorn-10791.yaml --profile longhorn=after-3719", "Every order finishes: 11 worlds, 1 end."),
    ("tests/dumps/longhorn-10791.yaml --profile longhorn=v1.9.0", "Every order finishes: 11 worlds, 1 end."),
    (
        "tests/recorded/07b-circle-foreground/before.json --delete ConfigMap/t07b/a=foreground",
        "Every order finishes: 6 worlds, 1 end.",
    ),
    (
        "tests/recorded/18b-job-background/before.json --delete Job/t18b/work=background",
        "Every order finishes: 125 worlds, 1 end.",
    ),
    (
        "tests/recorded/20d-wide-500-background/before.json --delete ConfigMap/t20d/owner=background --states 500",
        "500 worlds and 0 ends were found. The limit of worlds was reached: what lies beyond was not looked at.",
    ),
];

#[test]
fn every_order_is_counted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (call, wanted) in CALLS {
        let run = Command::new(env!("CARGO_BIN_EXE_gordian"))
            .current_dir(&root)
            .arg("explore")
            .args(call.split(' '))
            .output();
        let run = run.expect("gordian runs");
        let answer = String::from_utf8_lossy(&run.stdout);
        let said = answer.lines().next().unwrap_or_default();
        assert_eq!(said, wanted, "{call}: {}", String::from_utf8_lossy(&run.stderr));
    }
}
