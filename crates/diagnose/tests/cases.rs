//! Every `cases/*.txt` is a small world (see `gordian_reconcile::fixture`), then, after a line `---`, what a person does:
//! `delete KEY [policy]`, `scale KEY REPLICAS`, `stop kube-controller-manager`, `cut NODE`, `time-out KEY` (a Node or a Namespace),
//! `break KEY` (a webhook configuration or an APIService), `mend` (all that is broken), `diagnose` and `run`, one a line. Its `.expect` says what is stuck and why, which steps the fair run takes, and how it ends.
//!
//! `UPDATE_EXPECT=1 cargo test` rewrites the expectations; read them before they are kept.

use std::fmt::Write;
use std::path::Path;

use gordian_diagnose::diagnose;
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::{
    Facet, Fault, Name, Process, Propagation, Request, Timeline, Verb, Workload, World, fixture, waits,
};

/// `write!` into a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($format:tt)*) => { let _ = writeln!($out, $($format)*); };
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let got = render(&text)?;
    let expect = path.with_extension("expect");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return std::fs::write(&expect, got).map_err(|error| error.to_string());
    }
    let wanted = std::fs::read_to_string(&expect).unwrap_or_default();
    if got == wanted { Ok(()) } else { Err(format!("{}:\n--- wanted\n{wanted}\n--- got\n{got}", path.display())) }
}

fn render(text: &str) -> Result<String, String> {
    let (world, script) = text.split_once("\n---\n").unwrap_or((text, ""));
    let world = fixture::parse(world).map_err(|(line, what)| format!("line {line}: {what}"))?;
    let mut out = String::new();
    diagnosis(&mut out, &world);
    let mut timeline = Timeline::new(world);
    for line in script.lines().filter(|line| !line.is_empty()) {
        if other(&mut out, &mut timeline, line)? {
            continue;
        }
        let request = request(timeline.world(), line)?;
        let response = timeline.request(request);
        writeln!(out, "# {line} -> {}", response.code()).map_err(|error| error.to_string())?;
    }
    run(&mut out, &mut timeline);
    Ok(out)
}

/// Does what is no request. `false` when the line is one.
fn other(out: &mut String, timeline: &mut Timeline, line: &str) -> Result<bool, String> {
    match line.split_once(' ').unwrap_or((line, "")) {
        ("stop", "kube-controller-manager") => timeline.fault(Fault::Stopped(Process::ControllerManager), true),
        ("cut", node) => timeline.fault(Fault::Cut(Name::new(node)), true),
        (verb @ ("break" | "time-out"), key) => {
            let objects = timeline.world().objects();
            let found = objects.map(|(_, object)| object).find(|object| object.uid.as_str() == key);
            let key = found.ok_or_else(|| format!("there is no {key}"))?.key;
            let fault = if verb == "break" { Fault::Broken(key) } else { Fault::TimedOut(key) };
            timeline.fault(fault, true);
        }
        ("mend", _) => timeline.end_faults(),
        ("diagnose", _) => {
            diagnosis(out, timeline.world());
            return Ok(true);
        }
        ("run", _) => {
            run(out, timeline);
            return Ok(true);
        }
        _ => return Ok(false),
    }
    let step = &timeline.steps()[timeline.position() - 1];
    line!(out, "# {}", English.step(step));
    Ok(true)
}

fn diagnosis(out: &mut String, world: &World) {
    let diagnosis = diagnose(world);
    line!(out, "{}", English.verdict(&diagnosis));
    for finding in &diagnosis.findings {
        line!(out, "{}: {}. {}", finding.id, English.title(world, finding), English.extent(finding));
        for sentence in English.explanation(world, finding) {
            line!(out, "  {sentence}");
        }
        for remedy in &finding.remedies {
            line!(
                out,
                "  -> {} ({}). {}",
                English.remedy(remedy),
                English.risk(remedy.risk),
                English.remedy_outcome(remedy)
            );
        }
    }
    for assumption in &diagnosis.assumptions {
        let (statement, because) = English.assumption(assumption);
        line!(out, "? {} [{}]: {because}", statement, assumption.id);
    }
}

fn run(out: &mut String, timeline: &mut Timeline) {
    let first = timeline.steps().len();
    let end = timeline.run(1_000);
    for step in &timeline.steps()[first..] {
        line!(out, "{:8} {}", step.rule.map_or("", |rule| rule.0), English.step(step));
        for change in &step.changes {
            line!(out, "           {}", English.change(change));
        }
    }
    let world = timeline.world();
    for (actor, key, wait) in waits(world) {
        line!(out, "{:8} {}", wait.rule.0, English.wait(world, actor, key, &wait));
    }
    let stuck = world.objects().filter(|(_, object)| object.deleting()).count();
    line!(out, "{}", English.end(end, timeline.steps().len(), stuck));
}

fn request(world: &World, line: &str) -> Result<Request, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (key, policy) = match words.as_slice() {
        ["delete", key] => (*key, None),
        ["delete", key, "background"] => (*key, Some(Propagation::Background)),
        ["delete", key, "foreground"] => (*key, Some(Propagation::Foreground)),
        ["delete", key, "orphan"] => (*key, Some(Propagation::Orphan)),
        ["scale", key, _] => (*key, None),
        _ => return Err(format!("`{line}` is no deed")),
    };
    let found = world.objects().find(|(_, object)| object.uid.as_str() == key);
    let (_, found) = found.ok_or_else(|| format!("no object {key}"))?;
    if let ["scale", _, replicas] = words.as_slice() {
        let Facet::Workload(workload) = &found.facet else { return Err(format!("{key} has no replicas")) };
        let replicas = replicas.parse().map_err(|_| format!("`{replicas}` is no number"))?;
        return Ok(Request::change(found, Facet::Workload(Workload { replicas, ..workload.clone() })));
    }
    let target = found.key;
    Ok(Request::new(target, None, Verb::Delete { policy, grace_seconds: None }))
}

#[test]
fn every_case_is_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).expect("the folder of cases is there");
    let mut cases: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    cases.sort();
    assert!(cases.len() >= 20, "{} cases were found", cases.len());
    let failures: Vec<String> = cases.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
