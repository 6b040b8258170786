//! How fast the core steps: `cargo xtask bench core` runs it and writes what it says to `docs/performance.md`.
//!
//! Without arguments it prints the tables. With a number of objects it takes the steps of such a world once and prints how many they
//! were: that is what instructions are counted of.

#![expect(clippy::disallowed_methods, reason = "what is measured is time")]

use std::time::{Duration, Instant};

use gordian_reconcile::{Propagation, Request, Timeline, World, fixture, scheduler};

/// A world of `objects` ConfigMaps in ten namespaces: trees of a root, nine branches, and nine leaves on each.
fn trees(objects: usize) -> World {
    let tree = |tree: usize| {
        let namespace = format!("ns-{}", tree % 10);
        let root = format!("ConfigMap/{namespace}/root-{tree}\n");
        let branch = move |branch: usize| {
            let leaf = {
                let namespace = namespace.clone();
                move |leaf| {
                    format!("ConfigMap/{namespace}/l-{tree}-{branch}-{leaf} owner=ConfigMap/b-{tree}-{branch}!\n")
                }
            };
            let itself = format!("ConfigMap/{namespace}/b-{tree}-{branch} owner=ConfigMap/root-{tree}!\n");
            std::iter::once(itself).chain((0..9).map(leaf))
        };
        std::iter::once(root).chain((0..9).flat_map(branch))
    };
    let text: String = (0..).flat_map(tree).take(objects).collect();
    fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("line {line}: {what}"))
}

/// A timeline in which some roots are being deleted in the foreground, and somebody has asked once what is enabled: that question
/// costs what the world is large, and is asked once for a world.
fn deleted(world: &World, roots: usize) -> Timeline {
    let mut timeline = Timeline::new(world.clone());
    let of_root = world.objects().filter(|(_, object)| object.key.name.as_str().starts_with("root-"));
    for (_, root) in of_root.take(roots) {
        timeline.request(Request::delete(root, Some(Propagation::Foreground)));
    }
    timeline.enabled();
    timeline
}

/// As many roots are deleted in every world, so that only its size differs.
const ROOTS: usize = 2;

fn steps_a_second(objects: usize) -> (usize, f64, f64) {
    let world = trees(objects);
    let (mut steps, mut spent) = (0, Duration::ZERO);
    while spent < Duration::from_millis(400) {
        let mut timeline = deleted(&world, ROOTS);
        let (first, begun) = (timeline.position(), Instant::now());
        timeline.run(usize::MAX);
        spent += begun.elapsed();
        steps += timeline.position() - first;
    }
    // The baseline asks every controller about every object before each step.
    let (mut asked, mut naive) = (0, Duration::ZERO);
    let mut now = deleted(&world, ROOTS).world().clone();
    let (mut round, begun) = (None, Instant::now());
    while naive < Duration::from_millis(400) {
        let Some(step) = scheduler::enabled(&now).into_iter().find(|step| Some((step.controller, step.id)) != round)
        else {
            break;
        };
        step.perform(&mut now);
        round = Some((step.controller, step.id));
        asked += 1;
        naive = begun.elapsed();
    }
    (objects, steps as f64 / spent.as_secs_f64(), f64::from(asked) / naive.as_secs_f64())
}

/// The memory that the process holds, in bytes (`/proc/self/statm`, Linux).
fn held() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

fn long_timeline() {
    const STEPS: usize = 10_000;
    let mut timeline = deleted(&trees(20_000), usize::MAX);
    let before = held();
    timeline.run(STEPS);
    let bytes = held().saturating_sub(before) / timeline.position();
    println!("\n| a timeline of {STEPS} steps | |\n| --- | --- |\n| memory a step | {bytes} bytes |");
    let mut worst = Duration::ZERO;
    let mut all = Duration::ZERO;
    const JUMPS: usize = 500;
    for jump in 0..JUMPS {
        let to = jump * 7_919 % STEPS;
        let begun = Instant::now();
        timeline.jump(to);
        all += begun.elapsed();
        worst = worst.max(begun.elapsed());
    }
    println!("| a jump, on average | {:.2} ms |", all.as_secs_f64() * 1e3 / JUMPS as f64);
    println!("| a jump, at worst of {JUMPS} | {:.2} ms |", worst.as_secs_f64() * 1e3);
}

fn main() {
    if let Some(objects) = std::env::args().nth(1).and_then(|objects| objects.parse().ok()) {
        let mut timeline = deleted(&trees(objects), ROOTS);
        let first = timeline.position();
        timeline.run(usize::MAX);
        println!("{}", timeline.position() - first);
        return;
    }
    println!("| objects | steps a second | asking everybody before each step | times |\n| --- | --- | --- | --- |");
    for (objects, rate, naive) in [200, 2_000, 20_000].map(steps_a_second) {
        println!("| {objects} | {rate:.0} | {naive:.0} | {:.0} |", rate / naive);
    }
    long_timeline();
}
