//! Every order of steps, held against Stateright (Nadal 2024), and every reduction against none.

mod worlds;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, Mutex};

use gordian_reconcile::explorer::{Exploration, Explorer, Limits, Options, Progress, Verdict, explore};
use gordian_reconcile::{ObjectRef, Profile, Timeline, World, fixture, load, scheduler};
use gordian_snapshot::Snapshot;
use stateright::{Checker, Model, Property};

/// A world as a state of Stateright's: told apart by its fingerprint.
#[derive(Clone, Debug)]
struct Reached(World);

impl PartialEq for Reached {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint() == other.0.fingerprint()
    }
}

impl Hash for Reached {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.fingerprint().hash(state);
    }
}

/// The orders of a world's steps as a model of Stateright's; the ends that it comes by are noted.
struct Orders {
    world: World,
    ends: Arc<Mutex<BTreeSet<u64>>>,
}

impl Model for Orders {
    type State = Reached;
    type Action = scheduler::Enabled;

    fn init_states(&self) -> Vec<Reached> {
        vec![Reached(self.world.clone())]
    }

    fn actions(&self, state: &Reached, actions: &mut Vec<scheduler::Enabled>) {
        actions.extend(scheduler::enabled(&state.0));
        if actions.is_empty() {
            self.ends.lock().expect("nobody panics").insert(state.0.fingerprint());
        }
    }

    fn next_state(&self, state: &Reached, step: scheduler::Enabled) -> Option<Reached> {
        let mut after = state.clone();
        step.perform(&mut after.0);
        Some(after)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        // One that holds everywhere, so that everything is looked at.
        vec![Property::always("all", |_, _| true)]
    }
}

/// How many worlds Stateright reaches, and the ends among them.
fn oracle(world: &World) -> (usize, BTreeSet<u64>) {
    let ends = Arc::default();
    let model = Orders { world: world.clone(), ends: Arc::clone(&ends) };
    let checker = model.checker().threads(1).spawn_dfs().join();
    let ends = ends.lock().expect("nobody panics").clone();
    (checker.unique_state_count(), ends)
}

/// Explores in small slices, as a page does.
fn reduced(world: &World, limits: Limits, partial_order: bool, symmetry: bool) -> Exploration {
    let mut explorer = Explorer::new(world, Options { partial_order, symmetry, ..Options::plain(limits) });
    while !explorer.advance(7).done() {}
    explorer.exploration()
}

/// What is the same of two worlds that differ by a swap of twins: the objects without names and uids, sorted.
fn anonymous(world: &World) -> String {
    let line = |object: &gordian_reconcile::Object| {
        let (kind, namespace) = (object.key.kind, object.key.namespace);
        let rest = (&object.labels, &object.owners, &object.finalizers, object.deletion, &object.facet);
        format!("{kind:?} {namespace} {rest:?}\n")
    };
    let mut lines: Vec<String> = world.objects().map(|(_, object)| line(object)).collect();
    lines.sort_unstable();
    lines.concat()
}

/// The ends of a search with the names left out: how many, the share of runs, and the shortest run to each.
fn summary(exploration: &Exploration) -> BTreeMap<String, (u128, f64, usize)> {
    let mut summary = BTreeMap::new();
    for ending in &exploration.endings {
        let (ends, share, shortest) = summary.entry(anonymous(&ending.world)).or_insert((0, 0.0, usize::MAX));
        *ends += ending.alike;
        *share += ending.share;
        *shortest = ending.shortest.len().min(*shortest);
    }
    summary
}

fn fingerprints(exploration: &Exploration) -> BTreeSet<u64> {
    exploration.endings.iter().map(|ending| ending.world.fingerprint()).collect()
}

/// What goes round for ever, and how many runs end or do so.
fn rounds(exploration: &Exploration) -> (f64, f64) {
    let round = exploration.lassos.iter().map(|lasso| lasso.share).sum();
    (round, round + exploration.endings.iter().map(|ending| ending.share).sum::<f64>())
}

/// Holds a search against Stateright and against the same search with each reduction, whose runs are taken again. Gives how many worlds each reached: none
/// when there are too many.
fn compare(world: &World) -> Result<Option<[usize; 4]>, String> {
    let limits = Limits { states: 3_000, ..Limits::default() };
    let plain = explore(world, limits);
    if !plain.bites.is_empty() {
        return Ok(None);
    }
    let (states, ends) = oracle(world);
    if (states, &ends) != (plain.states, &fingerprints(&plain)) {
        return Err(format!("Stateright finds {states} worlds and {} ends", ends.len()));
    }
    let mut sizes = [plain.states; 4];
    for (index, (partial_order, symmetry)) in [(true, false), (false, true), (true, true)].into_iter().enumerate() {
        let which = format!("partial order {partial_order}, symmetry {symmetry}");
        let reduced = reduced(world, limits, partial_order, symmetry);
        sizes[index + 1] = reduced.states;
        let found = fingerprints(&reduced);
        let all: u128 = reduced.endings.iter().map(|ending| ending.alike).sum();
        if all != ends.len() as u128 || !found.is_subset(&ends) || (!symmetry && found != ends) {
            return Err(format!("{which}: {all} ends instead of {}", ends.len()));
        }
        for ending in &reduced.endings {
            let mut again = Timeline::new(world.clone());
            again.replay(&ending.shortest);
            if again.steps() != ending.shortest || again.world().fingerprint() != ending.world.fingerprint() {
                return Err(format!("{which}: a run of {} steps cannot be taken again", ending.shortest.len()));
            }
        }
        let (wanted, got) = (summary(&plain), summary(&reduced));
        let same = |(one, other): (&(u128, f64, usize), &(u128, f64, usize))| {
            one.0 == other.0 && (one.1 - other.1).abs() < 1e-9 && one.2 == other.2
        };
        if !wanted.keys().eq(got.keys()) || !wanted.values().zip(got.values()).all(same) {
            return Err(format!("{which}: {:?} instead of {:?}", got.values(), wanted.values()));
        }
        if reduced.verdict() != plain.verdict() {
            return Err(format!("{which}: {:?} instead of {:?}", reduced.verdict(), plain.verdict()));
        }
        let (wanted, got) = (rounds(&plain), rounds(&reduced));
        if (wanted.0 - got.0).abs() > 1e-9 || (got.1 - 1.0).abs() > 1e-9 {
            return Err(format!("{which}: {got:?} of the runs go round, or are known at all, instead of {wanted:?}"));
        }
    }
    Ok(Some(sizes))
}

#[test]
fn every_search_finds_what_stateright_finds() {
    const WORLDS: u64 = 400;
    let (mut whole, mut sizes) = (0, [0; 4]);
    let (mut sometimes, mut rounds) = (0, 0);
    for seed in 0..WORLDS {
        let text = worlds::world(seed);
        let world = fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("line {line}: {what}\n{text}"));
        let compared = compare(&world).unwrap_or_else(|what| panic!("seed {seed}: {what}\n{text}"));
        if let Some(more) = compared {
            whole += 1;
            sizes.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            let exploration = explore(&world, Limits::default());
            sometimes += u64::from(exploration.endings.len() > 1);
            rounds += u64::from(!exploration.lassos.is_empty());
        }
    }
    assert!(whole * 10 > WORLDS * 9, "only {whole} of {WORLDS} worlds are small enough");
    assert!(sometimes * 50 > WORLDS && rounds * 200 > WORLDS, "{sometimes} have several ends, {rounds} have lassos");
    assert!(sizes[1] * 2 < sizes[0] && sizes[2] * 4 < sizes[0] * 3, "the reductions reduce little: {sizes:?}");
}

/// However a search is cut into slices, it finds the same, to the last digit: also where a limit bites, and however long it takes to
/// find out what has to do with what.
#[test]
fn slices_make_no_difference() {
    const WORLDS: u64 = 120;
    let (mut turns, mut looked_at, mut bites) = ([0; 4], [0; 4], BTreeMap::new());
    for seed in 0..WORLDS {
        let text = worlds::world(seed);
        let world = fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("line {line}: {what}\n{text}"));
        let limits = match seed % 4 {
            0 => Limits { states: 30, ..Limits::default() },
            1 => Limits { depth: 5, ..Limits::default() },
            2 => Limits { bytes: 60_000, ..Limits::default() },
            _ => Limits { states: 1_000, ..Limits::default() },
        };
        let deleting = world.objects().find(|(_, object)| object.deleting());
        let targets = deleting.filter(|_| seed % 3 == 0).map(|(_, object)| vec![ObjectRef::from(&**object)]);
        for (index, (partial_order, symmetry)) in
            [(false, false), (true, false), (false, true), (true, true)].into_iter().enumerate()
        {
            let options = Options { limits, partial_order, symmetry, targets: targets.clone() };
            let mut whole = Explorer::new(&world, options.clone());
            assert!(whole.advance(usize::MAX).done());
            let wanted = format!("{:?}", whole.exploration());
            whole.exploration().bites.into_iter().for_each(|bite| *bites.entry(bite).or_insert(0) += 1);
            let mut random = worlds::random::Random(seed);
            let search = |mut slice: Box<dyn FnMut() -> usize>| {
                let mut explorer = Explorer::new(&world, options.clone());
                assert_eq!(explorer.advance(0), Progress { states: 1, waiting: 1 });
                let mut slices = 1;
                while !explorer.advance(slice()).done() {
                    slices += 1;
                    // Nothing is lost by looking in between.
                    if slices % 16 == 0 {
                        explorer.exploration();
                    }
                }
                let got = format!("{:?}", explorer.exploration());
                assert!(got == wanted, "seed {seed}, {options:?}: {got} instead of {wanted}\n{text}");
                slices
            };
            turns[index] += search(Box::new(|| 1));
            search(Box::new(move || random.below(6)));
            looked_at[index] += whole.advance(0).states;
        }
    }
    assert!(bites.len() == 3 && bites.values().all(|&times| times > 20), "{bites:?} limits bite");
    // Splitting is sliced, too: it takes more turns than there are worlds.
    assert!(turns[1] > 2 * looked_at[1] && turns[3] > 2 * looked_at[3], "{turns:?} slices for {looked_at:?} worlds");
}

/// What a garbage collector sees late are steps of nobody's object; they are found again on the way to an end.
#[test]
fn a_collector_that_lags_is_explored_too() {
    const WORLDS: u64 = 60;
    let mut whole = 0;
    for seed in 0..WORLDS {
        let text = worlds::world(seed);
        let world = fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("line {line}: {what}\n{text}"));
        let compared = compare(&world.with_lag(true)).unwrap_or_else(|what| panic!("seed {seed}: {what}\n{text}"));
        whole += u64::from(compared.is_some());
    }
    assert!(whole * 3 > WORLDS, "only {whole} of {WORLDS} worlds are small enough");
}

fn read(path: &Path) -> World {
    let bytes = std::fs::read(path).expect("the world is there");
    if path.extension().is_some_and(|extension| extension == "yaml") {
        let mut snapshot = Snapshot::default();
        let problems = snapshot.add("world.yaml", &bytes);
        assert!(problems.is_empty(), "{problems:?}");
        return load(&snapshot).with_profile(Profile::named("after-3719").expect("the profile is known"));
    }
    let text = String::from_utf8(bytes).expect("the world is text");
    fixture::parse(&text).unwrap_or_else(|(line, what)| panic!("{}:{line}: {what}", path.display()))
}

/// A line for each world: how many worlds are reached with no reduction, with each, and with both, and how they end.
#[test]
fn worlds_and_ends_are_counted() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let entries = std::fs::read_dir(tests.join("explorer")).expect("there are worlds");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.push(tests.join("../../../tests/dumps/longhorn-10791.yaml"));
    paths.sort_unstable_by_key(|path| path.file_name().map(std::ffi::OsStr::to_os_string));
    let mut got =
        String::from("world | plain | partial order | symmetry | both | ends | lassos | shortest | verdict\n");
    for path in paths {
        let (world, name) = (read(&path), path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        let plain = explore(&world, Limits::default());
        let of = |partial_order, symmetry| reduced(&world, Limits::default(), partial_order, symmetry).states;
        let states =
            [plain.states, of(true, false), of(false, true), of(true, true)].map(|n| n.to_string()).join(" | ");
        let ends = plain.endings.iter().map(|ending| format!("{:.4}", ending.share)).collect::<Vec<_>>().join(" ");
        let lasso = |lasso: &gordian_reconcile::explorer::Lasso| {
            format!("{:.4} ({}+{})", lasso.share, lasso.stem.len(), lasso.cycle.len())
        };
        let lassos = plain.lassos.iter().map(lasso).collect::<Vec<_>>().join(" ");
        let shortest =
            plain.endings.iter().map(|ending| ending.shortest.len().to_string()).collect::<Vec<_>>().join(" ");
        let verdict = match plain.verdict() {
            Verdict::Always => "always",
            Verdict::Sometimes => "sometimes",
            Verdict::Never => "never",
        };
        let _ = writeln!(got, "{name} | {states} | {ends} | {lassos} | {shortest} | {verdict}");
        if plain.states <= 3_000 {
            compare(&world).unwrap_or_else(|what| panic!("{name}: {what}"));
        }
    }
    let path = tests.join("explorer.expect");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &got).expect("the table can be written");
    }
    assert_eq!(got, std::fs::read_to_string(&path).unwrap_or_default());
}
