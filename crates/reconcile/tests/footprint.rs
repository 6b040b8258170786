//! The law that the explorer's reductions rest on: what a controller does about an object changes only when a cell that it read is
//! written.

mod worlds;

use gordian_reconcile::footprint::{Cell, Footprint, of};
use gordian_reconcile::{Controller, Fact, Key, Outcome, World, controllers, fixture, scheduler, serve};

/// What each controller does about each key: nothing where no object is there.
fn outcomes(world: &World, keys: &[Key]) -> Vec<(usize, Key, String, Footprint)> {
    let of_key = |key: &Key| {
        let kind = key.kind;
        let watch = |controller: &dyn Controller| controller.kind().is_none_or(|watched| watched == kind);
        let all = controllers().iter().enumerate().filter(move |(_, controller)| watch(**controller));
        let outcome = |(index, controller): (usize, &&dyn Controller)| {
            let (outcome, footprint) = of(|| {
                let object = world.find(*key).filter(|object| controller.handles(world, object))?;
                let runs = world.holds(&Fact::Runs(controller.process(world, object)));
                let outcome = controller.reconcile(world, object);
                // What the API server would answer is part of what comes of it.
                let requests = if let Outcome::Write(_, requests) = &outcome { requests.as_slice() } else { &[] };
                let mut after = world.clone();
                let answers = requests.iter().map(|request| serve(&mut after, request).0);
                Some(format!("{runs} {outcome:?} {:?}", answers.collect::<Vec<_>>()))
            });
            (index, *key, outcome.unwrap_or_default(), footprint)
        };
        all.map(outcome).collect::<Vec<_>>()
    };
    keys.iter().flat_map(of_key).collect()
}

#[test]
fn an_outcome_changes_only_with_what_was_read() {
    const WORLDS: u64 = 2_000;
    let (mut kept, mut changed) = (0, 0);
    for seed in 0..WORLDS {
        let text = worlds::world(seed);
        let mut world = fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("line {line}: {what}\n{text}"));
        let mut random = worlds::random::Random(seed);
        let keys: Vec<Key> = world.objects().map(|(_, object)| object.key).collect();
        let mut before = outcomes(&world, &keys);
        for _ in 0..30 {
            let mut steps = scheduler::enabled(&world);
            if steps.is_empty() {
                break;
            }
            let step = steps.swap_remove(random.below(steps.len()));
            let written: Vec<Cell> = step.perform(&mut world).cells().collect();
            let after = outcomes(&world, &keys);
            for ((index, key, was, footprint), (_, _, is, _)) in before.iter().zip(&after) {
                let touched = footprint.cells().iter().any(|cell| written.contains(cell));
                let name = controllers()[*index].name();
                assert!(touched || was == is, "seed {seed}: {name}, {key}: {was}, then {is}\n{written:?}\n{text}");
                kept += u64::from(!touched);
                changed += u64::from(was != is);
            }
            before = after;
        }
    }
    assert!(kept > 100_000 && changed > 10_000, "{kept} were not touched, {changed} changed");
}
