//! How fast the explorer is beside Stateright, and what it keeps of a world: run by hand, in release, and alone.
//!
//! `cargo test --release -p gordian-reconcile --test explorer_measure -- --ignored --nocapture --test-threads 1`

use std::hash::{Hash, Hasher};

use gordian_reconcile::explorer::{Explorer, Limits, Options};
use gordian_reconcile::{World, fixture, scheduler};
use stateright::{Checker, Model, Property};

#[derive(Clone, Debug)]
struct Reached(World);

impl Hash for Reached {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.fingerprint().hash(state);
    }
}

impl PartialEq for Reached {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint() == other.0.fingerprint()
    }
}

struct Orders(World);

impl Model for Orders {
    type State = Reached;
    type Action = scheduler::Enabled;

    fn init_states(&self) -> Vec<Reached> {
        vec![Reached(self.0.clone())]
    }

    fn actions(&self, state: &Reached, actions: &mut Vec<scheduler::Enabled>) {
        actions.extend(scheduler::enabled(&state.0));
    }

    fn next_state(&self, state: &Reached, step: scheduler::Enabled) -> Option<Reached> {
        let mut after = state.clone();
        step.perform(&mut after.0);
        Some(after)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("all", |_, _| true)]
    }
}

/// The memory that the process holds, in bytes (`/proc/self/statm`, Linux).
fn held() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

/// An owner that is deleted in the foreground, and what it owns.
fn dependents(objects: usize) -> String {
    let dependent = |n| format!("Secret/shop/s{n} label=number:{n} owner=ConfigMap/owner!\n");
    let owned: String = (0..objects).map(dependent).collect();
    format!("ConfigMap/shop/owner deleting fin=foregroundDeletion\n{owned}")
}

/// As clusters are: forty trees of five objects, of which those of three move.
fn trees() -> String {
    let tree = |n| {
        let deleting = if n < 3 { " deleting fin=foregroundDeletion" } else { "" };
        let child = |of: &str, n: usize, at: &str| format!("ConfigMap/shop/{of}{n}-{at} label=at:{n}-{at}");
        let below = ["a", "b"].map(|at| {
            let child = child("child", n, at);
            format!("{child} owner=ConfigMap/root{n}!\nConfigMap/shop/leaf{n}-{at} owner=ConfigMap/child{n}-{at}!\n")
        });
        format!("ConfigMap/shop/root{n}{deleting}\n{}", below.concat())
    };
    (0..40).map(tree).collect()
}

fn worlds() -> [(&'static str, String); 3] {
    [
        ("15 dependents in the foreground", dependents(15)),
        ("17 dependents in the foreground", dependents(17)),
        ("200 objects in trees, of which 15 move", trees()),
    ]
}

#[test]
#[ignore = "measures"]
#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn measure() {
    for (name, text) in worlds() {
        let world = fixture::parse(&text).expect("the world can be read");
        let limits = Limits { states: usize::MAX, depth: usize::MAX, bytes: usize::MAX };
        let (before, start) = (held(), std::time::Instant::now());
        let mut explorer = Explorer::new(&world, Options::plain(limits));
        let mut most = 0;
        while !explorer.advance(512).done() {
            most = most.max(held().saturating_sub(before));
        }
        let ours = start.elapsed().as_secs_f64();
        let states = explorer.advance(0).states;
        let (counted, end) = (explorer.exploration().bytes, explorer.bytes() / states);
        let start = std::time::Instant::now();
        let checker = Orders(world).checker().threads(1).spawn_bfs().join();
        let theirs = start.elapsed().as_secs_f64();
        println!("{name}: {states} worlds, {:.0} a second", states as f64 / ours);
        println!("  at most {most} bytes held, {counted} counted: {} and {} a world", most / states, counted / states);
        println!("  {end} bytes a world are kept at the end");
        println!("  Stateright: {} worlds, {:.0} a second", checker.unique_state_count(), states as f64 / theirs);
    }
}
