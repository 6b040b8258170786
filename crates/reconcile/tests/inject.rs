//! Every `inject/*.txt` is a small world, a script, and what faults lead to. After the world a line `---`; then the script, in the deeds
//! of `rules/README.md`, with `rest` where the controllers come to rest first, and before it `profile NAME`,
//! `budget N`, `runs N` or `steps N`; after
//! another line `---` what is found. `UPDATE_EXPECT=1 cargo test` writes that anew; read it before it is kept.

mod script;
mod worlds;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use gordian_reconcile::inject::{Act, Break, Deed, Finding, Injection, Injector, Limits, Options, Until};
use gordian_reconcile::{Endpoint, Fault, Key, Name, Process, Profile, Timeline, World, fixture, kinds};

/// A deed of a script, in one line, and whether the controllers come to rest before it.
type Line = (bool, String);

fn deeds(script: &[Line]) -> Vec<Deed<'_>> {
    let deed = |(after_rest, line): &'_ Line| {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (verb, rest) = (verb.to_owned(), rest.to_owned());
        let request = |request| Act::Request(Box::new(request));
        let acts = move |world: &World| {
            let requests = script::requests(world, &verb, &rest).unwrap_or_default();
            requests.into_iter().map(request).collect()
        };
        Deed { after_rest: *after_rest, acts: Box::new(acts) }
    };
    script.iter().map(deed).collect()
}

/// What is found, in slices of so many runs.
fn found(world: &World, script: &[Line], options: Options, slice: usize) -> Injection {
    let mut injector = Injector::new(world, deeds(script), options);
    while !injector.advance(slice).done {}
    injector.injection()
}

fn broken(strikes: Break) -> String {
    match strikes {
        Break::Fault(Fault::Stopped(Process::ControllerManager)) => "stop kube-controller-manager".to_owned(),
        Break::Fault(Fault::Stopped(Process::Kubelet(node))) => format!("stop kubelet/{node}"),
        Break::Fault(Fault::Stopped(Process::LonghornManager(node))) => format!("stop longhorn-manager/{node}"),
        Break::Fault(Fault::Stopped(other)) => format!("stop {other:?}"),
        Break::Fault(Fault::Cut(node)) => format!("cut {node}"),
        Break::Fault(Fault::Broken(key)) => format!("break {}", script::text(key)),
        Break::Fault(Fault::Refused(Endpoint { ip, port, .. })) => format!("refuse {ip}:{port}"),
        Break::Fault(Fault::TimedOut(key)) => format!("time-out {}", script::text(key)),
        Break::Kill(key) => format!("kill {}", script::text(key)),
    }
}

fn keys(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| script::text(*key)).collect();
    if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") }
}

fn steps(run: &Timeline) -> String {
    let mut text = String::new();
    for (at, step) in run.steps().iter().enumerate() {
        let who = step.actor.map_or("a person", |actor| actor.controller);
        let about = step.object.map_or_else(String::new, |object| format!(", {}", script::text(object.key)));
        let faults = step.faults.iter().map(|(fault, broken_now)| {
            let what = broken(Break::Fault(*fault));
            if *broken_now { format!(": {what}") } else { format!(": no longer {what}") }
        });
        let _ = writeln!(text, "  {:>2} {who}{about}{}", at + 1, faults.collect::<String>());
    }
    text
}

fn written(injection: &Injection) -> String {
    let Injection { fair, stuck, findings, runs, bites } = injection;
    let mut text =
        format!("{runs} placements; without a fault {} steps, and {} stuck\n", fair.steps().len(), keys(stuck));
    bites.iter().for_each(|bite| {
        let _ = writeln!(text, "limit of {bite:?}");
    });
    for Finding { placements, run, stuck, count } in findings {
        let placed = placements.iter().map(|placement| {
            let until = if placement.until == Until::Rest { " until the next rest" } else { "" };
            format!("after {} {}{until}", placement.after, broken(placement.strikes))
        });
        let placed: Vec<String> = placed.collect();
        let _ = write!(text, "\n{count} leave {} stuck: {}\n{}", keys(stuck), placed.join("; "), steps(run));
    }
    text
}

/// That a reported run can be taken again, and ends in what is reported.
fn check_runs(injection: &Injection) -> Result<(), String> {
    for Finding { run, stuck, .. } in &injection.findings {
        let mut again = run.branch(run.steps().len());
        again.jump(0);
        let mut anew = Timeline::new(run.first().clone());
        for (at, step) in run.steps().iter().enumerate() {
            again.step();
            match (step.actor, step.faults.as_slice()) {
                (Some(_), _) => {
                    anew.step();
                }
                (None, []) => {
                    for (request, _) in &step.requests {
                        anew.request(request.clone());
                    }
                }
                (None, faults) => anew.faults(faults.to_vec()),
            }
            for (way, world) in [("again", again.world()), ("anew", anew.world())] {
                if world.fingerprint() != step.fingerprint {
                    return Err(format!("step {} taken {way} leads elsewhere", at + 1));
                }
            }
        }
        let left: Vec<Key> = left(&again).into_iter().filter(|key| !injection.stuck.contains(key)).collect();
        if left != *stuck {
            return Err(format!("{} are stuck, not {}", keys(&left), keys(stuck)));
        }
    }
    Ok(())
}

fn left(run: &Timeline) -> BTreeSet<Key> {
    let deleting = run.world().objects().filter(|(_, object)| object.deleting());
    deleting.map(|(_, object)| object.key).collect()
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let (head, rest) = text.split_once("\n---\n").ok_or("there is no line `---`")?;
    let (lines, wanted) = rest.split_once("---\n").unwrap_or((rest, ""));
    let mut world = fixture::parse(head).map_err(|(line, what)| format!("line {line}: {what}"))?.taken_as_whole();
    let mut options = Options { budget: 1, until: None, limits: Limits::default() };
    let (mut script, mut after_rest) = (Vec::new(), false);
    for line in lines.lines() {
        let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number"));
        match line.split_once(' ').unwrap_or((line, "")) {
            ("budget", n) => options.budget = number(n)?,
            ("runs", n) => options.limits.runs = number(n)?,
            ("steps", n) => options.limits.steps = number(n)?,
            ("profile", name) => {
                world = world.with_profile(Profile::named(name).ok_or_else(|| format!("`{name}` is no profile"))?);
            }
            ("rest", _) => after_rest = true,
            _ => script.push((std::mem::take(&mut after_rest), line.to_owned())),
        }
    }
    let injection = found(&world, &script, options, usize::MAX);
    check_runs(&injection)?;
    let got = written(&injection);
    if written(&found(&world, &script, options, 3)) != got {
        return Err("in slices something else is found".to_owned());
    }
    match got == wanted {
        true => Ok(()),
        false if std::env::var_os("UPDATE_EXPECT").is_some() => {
            std::fs::write(path, format!("{head}\n---\n{lines}---\n{got}")).map_err(|error| error.to_string())
        }
        false => Err(format!("--- wanted\n{wanted}\n--- got\n{got}")),
    }
}

#[test]
fn every_case_is_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inject");
    let entries = std::fs::read_dir(folder).expect("the folder of cases is there");
    let mut cases: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    cases.sort();
    let failures: Vec<String> =
        cases.iter().filter_map(|path| Some(format!("{}: {}", path.display(), check(path).err()?))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(cases.len() >= 6, "{} cases were found", cases.len());
}

/// The placements of a fault in the run of these deeds, which all come at once, each taken by itself: what they leave stuck beside
/// what is stuck anyway.
fn one_by_one(fair: &Timeline, script: &[Line], fault: Fault) -> Vec<BTreeSet<Key>> {
    let stuck = left(fair);
    let placement = |after: usize| {
        let mut run = fair.branch(after);
        run.fault(fault, true);
        for (_, deed) in script.iter().skip(after) {
            script::act(&mut run, deed).unwrap_or_else(|what| panic!("{deed}: {what}"));
        }
        run.run(1_000);
        run.end_faults();
        run.run(2_000);
        left(&run).difference(&stuck).copied().collect()
    };
    (0..=fair.steps().len()).map(placement).filter(|left: &BTreeSet<Key>| !left.is_empty()).collect()
}

#[test]
fn nothing_is_lost_where_runs_meet() {
    let options = Options { budget: 1, until: None, limits: Limits::default() };
    let (mut worlds, mut outcomes) = (0, 0);
    for seed in 0..3_000 {
        let mut text = worlds::world(seed);
        let held = |line: &&str| line.starts_with("ConfigMap/") && line.contains(" fin=");
        let Some(line) = text.lines().find(held).map(str::to_owned) else { continue };
        let path = line.split(' ').next().unwrap_or_default();
        let finalizers = line.split(' ').find_map(|word| word.strip_prefix("fin=")).unwrap_or_default();
        let policy = ["background", "foreground", "orphan"][(seed % 3) as usize];
        let off: String = finalizers.split(',').map(|finalizer| format!(" fin-={finalizer}")).collect();
        let script = [(false, format!("delete {path} {policy}")), (false, format!("update {path}{off}"))];
        text += "ValidatingWebhookConfiguration.admissionregistration.k8s.io/guard fail=/configmaps:UPDATE\n";
        let world = fixture::parse(&text).expect("a random world can be read").taken_as_whole();
        let guard = world.of_kind(kinds::validating_webhooks()).find(|(_, it)| it.key.name == Name::new("guard"));
        let guard = guard.map(|(_, guard)| guard.key).expect("the webhook is there");
        let injection = found(&world, &script, options, 100);
        if !injection.bites.is_empty() {
            continue;
        }
        check_runs(&injection).unwrap_or_else(|what| panic!("seed {seed}: {what}\n{text}"));
        worlds += 1;
        for fault in [Fault::Stopped(Process::ControllerManager), Fault::Broken(guard)] {
            let all = one_by_one(&injection.fair, &script, fault);
            for stuck in all.iter().collect::<BTreeSet<_>>() {
                // Another webhook may do the same; of both, the shortest is told, and all are counted.
                let sort = |strikes: Break| broken(strikes).split([' ', '/']).take(2).collect::<Vec<_>>().join(" ");
                let of = |finding: &&Finding| {
                    let strikes = finding.placements[0].strikes;
                    sort(strikes) == sort(Break::Fault(fault)) && finding.stuck.iter().eq(stuck)
                };
                let told = injection.findings.iter().find(of).map_or(0, |finding| finding.count);
                let count = all.iter().filter(|other| *other == stuck).count();
                let alone = world.of_kind(kinds::validating_webhooks()).count() == 1;
                let fits = if alone { told == count } else { told >= count };
                assert!(fits, "seed {seed}: {fault:?} {stuck:?} {told} {count}\n{text}{}", written(&injection));
                outcomes += 1;
            }
        }
    }
    println!("{worlds} worlds, {outcomes} outcomes of faults");
    assert!(worlds >= 100 && outcomes >= 50, "{worlds} worlds, {outcomes} outcomes");
}
