//! `docs/alerts.md` and the files beside it: they can be read, each alert is explained, and what is said of `gordian check` is so.

use std::path::{Path, PathBuf};
use std::process::Command;

use gordian_snapshot::Snapshot;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A YAML document, read as Gordian reads objects: what an object has and it has not is put before it.
fn yaml(text: &str) -> Value {
    let has = |field: &str| text.lines().any(|line| line.starts_with(field));
    let fields = [("apiVersion:", " v1"), ("kind:", " Document"), ("metadata:", " {name: it}")];
    let put = fields.into_iter().filter(|(field, _)| !has(field));
    let head: String = put.map(|(field, value)| format!("{field}{value}\n")).collect();
    let mut snapshot = Snapshot::default();
    let problems = snapshot.add("document", format!("{head}{text}").as_bytes());
    assert!(problems.is_empty() && snapshot.objects.len() == 1, "{problems:?}\n{head}{text}");
    serde_json::from_str(snapshot.json(&snapshot.objects[0])).expect("it is JSON")
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[test]
fn each_alert_is_explained() {
    let (rules, page) = (yaml(&text("docs/prometheus-rules.yaml")), text("docs/alerts.md"));
    let rules: Vec<&Value> = items(&rules["groups"]).flat_map(|group| items(&group["rules"])).collect();
    let mut explained: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    for rule in &rules {
        let alert = rule["alert"].as_str().expect("a rule is an alert");
        assert!(rule["expr"].is_string() && rule["labels"]["severity"].is_string(), "{alert}");
        assert!(rule["annotations"]["summary"].is_string(), "{alert}");
        let runbook = format!("docs/alerts.md#{}", alert.to_lowercase());
        assert_eq!(rule["annotations"]["runbook"].as_str(), Some(runbook.as_str()), "{alert}");
        let section = page.split("\n### ").find(|section| section.starts_with(&format!("{alert}\n")));
        let section = section.unwrap_or_else(|| panic!("docs/alerts.md does not explain {alert}"));
        assert!(section.contains("\n    gordian check "), "{alert}: it is not said what to do");
        explained.retain(|other| *other != alert);
    }
    assert_eq!(explained, [""; 0], "alerts that are not in the rules");
    assert!(rules.len() >= 8, "{} alerts", rules.len());
}

#[test]
fn what_the_alerts_ask_for_is_exported() {
    let config = yaml(&text("docs/kube-state-metrics-longhorn.yaml"));
    let rules = text("docs/prometheus-rules.yaml");
    let mut kinds: Vec<&str> = Vec::new();
    for resource in items(&config["spec"]["resources"]) {
        let of = &resource["groupVersionKind"];
        assert_eq!((&of["group"], &of["version"]), (&"longhorn.io".into(), &"v1beta2".into()));
        kinds.extend(of["kind"].as_str());
        let metric = &resource["metrics"][0];
        let name = metric["name"].as_str().expect("a metric has a name");
        assert!(rules.contains(&format!("kube_customresource_{name}")), "{name} is not asked for");
        assert_eq!(metric["each"]["gauge"]["path"], serde_json::json!(["metadata", "deletionTimestamp"]));
        assert!(resource["labelsFromPath"]["name"].is_array());
    }
    assert!(kinds.windows(2).all(|pair| pair[0] < pair[1]), "{kinds:?} are in order, each once");
    assert!(["InstanceManager", "Orphan", "Volume"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

#[test]
fn the_cron_job_can_be_read() {
    let page = text("docs/alerts.md");
    let manifest = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("\n```").next()).expect("a manifest");
    let documents: Vec<Value> = manifest.split("\n---\n").map(yaml).collect();
    let job = documents.iter().find(|document| document["kind"] == "CronJob").expect("a CronJob");
    let args = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"][0].as_str();
    let pipe = args.expect("a command").trim_end();
    assert!(pipe.starts_with("kubectl get ") && pipe.ends_with(" -A -o json | gordian check --brief -"), "{pipe}");
    assert_eq!(pipe.lines().count(), 1);
}

/// The example of `--brief`, and the exit status of each kind of answer.
#[test]
fn a_line_a_finding() {
    let check = |arguments: &str| {
        let mut gordian = Command::new(env!("CARGO_BIN_EXE_gordian"));
        let run = gordian.current_dir(root()).arg("check").args(arguments.split(' ')).output().expect("gordian runs");
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    let incident = "tests/dumps/longhorn-10791.yaml --profile longhorn=before-3719";
    let (status, said) = check(&format!("--brief {incident}"));
    assert_eq!((status, said.lines().count()), (Some(1), 1), "{said}");
    assert!(text("docs/alerts.md").contains(&format!("    {said}")), "docs/alerts.md does not show\n{said}");
    assert!(check(incident).1.contains(said.trim_end()), "the long answer has the same line");
    let healthy = "tests/recorded/07b-circle-foreground/before.json";
    assert_eq!(check(&format!("--brief {healthy}")), (Some(0), String::new()));
    assert_eq!(check("--brief Cargo.toml").0, Some(2));
}
