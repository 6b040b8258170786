//! How fast the core is: `cargo xtask bench core` runs it and writes what it says to `docs/performance.md`.

#![expect(clippy::disallowed_methods, reason = "what is measured is time")]

use std::fmt::Write as _;
use std::time::Instant;

use gordian_reconcile::{Propagation, Request, Timeline, World, fixture};

/// A world of `objects` ConfigMaps in ten namespaces: trees of an owner, nine dependents of which each owns nine more.
fn trees(objects: usize) -> World {
    let mut text = String::new();
    let mut rest = objects;
    for tree in 0.. {
        if rest == 0 {
            break;
        }
        let namespace = format!("ns-{}", tree % 10);
        let mut put = |line: String| {
            if rest > 0 {
                rest -= 1;
                text += &line;
            }
        };
        put(format!("ConfigMap/{namespace}/root-{tree}\n"));
        for branch in 0..9 {
            put(format!("ConfigMap/{namespace}/b-{tree}-{branch} owner=ConfigMap/root-{tree}!\n"));
            for leaf in 0..9 {
                put(format!("ConfigMap/{namespace}/l-{tree}-{branch}-{leaf} owner=ConfigMap/b-{tree}-{branch}!\n"));
            }
        }
    }
    fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("line {line}: {what}"))
}

/// A timeline in which every root is being deleted in the foreground.
fn deleted(world: &World, roots: usize) -> Timeline {
    let mut timeline = Timeline::new(world.clone());
    let of_root = world.objects().filter(|(_, object)| object.key.name.as_str().starts_with("root-"));
    for (_, root) in of_root.take(roots) {
        timeline.request(Request::delete(root, Some(Propagation::Foreground)));
    }
    timeline
}

fn main() {
    let mut table = String::new();
    let sizes = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect::<Vec<usize>>();
    for objects in sizes {
        let world = trees(objects);
        // As many steps in each world, so that only its size differs.
        let start = deleted(&world, 2);
        let rounds = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
        let mut steps = 0;
        let mut spent = std::time::Duration::ZERO;
        for _ in 0..rounds {
            let mut timeline = start.clone();
            // The first question asks every controller about every object; it is asked once for a world.
            timeline.enabled();
            let begun = Instant::now();
            timeline.run(usize::MAX);
            spent += begun.elapsed();
            steps += timeline.position() - start.position();
        }
        let rate = steps as f64 / spent.as_secs_f64();
        let _ = writeln!(table, "| {objects} | {} | {:.0} | {:.2} |", steps / rounds, rate, 1e6 / rate);
    }
    print!("{table}");
}
