//! The run at a glance: a lane for each actor, a tick for each step, and where what matters happens.

use std::collections::{BTreeMap, BTreeSet};

use gordian_reconcile::{Actor, Change, Key, Step};
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::messages::{Language, Text};
use crate::subject::Subject;

/// Into as many columns a run is put at most: beyond it several steps share a tick.
pub const COLUMNS: usize = 800;

/// What a step did, what matters least first: of several steps in one tick the last of these is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Did {
    /// No object changed.
    Nothing,
    /// An object is another.
    Modified,
    /// An object came to be.
    Created,
    /// A finalizer was taken off.
    Released,
    /// An object's deletion was asked for.
    Asked,
    /// An object is gone.
    Deleted,
    /// A person did something.
    Person,
    /// A person broke something.
    Broke,
    /// A request was refused.
    Refused,
}

impl Did {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::Nothing,
        Self::Modified,
        Self::Created,
        Self::Released,
        Self::Asked,
        Self::Deleted,
        Self::Person,
        Self::Broke,
        Self::Refused,
    ];

    /// What a step did, by what of it matters most.
    fn of(step: &Step) -> Self {
        if step.requests.iter().any(|(_, response)| !response.is_ok()) {
            return Self::Refused;
        }
        if step.actor.is_none() {
            return if step.faults.iter().any(|(_, broken)| *broken) { Self::Broke } else { Self::Person };
        }
        step.changes.iter().map(Self::to).max().unwrap_or(Self::Nothing)
    }

    /// What became of an object.
    fn to(change: &Change) -> Self {
        match (&change.before, &change.after) {
            (None, _) => Self::Created,
            (_, None) => Self::Deleted,
            (Some(before), Some(after)) if !before.deleting() && after.deleting() => Self::Asked,
            (Some(before), Some(after)) => {
                let kept = after.held_by();
                let released = before.held_by().iter().any(|finalizer| !kept.contains(finalizer));
                if released { Self::Released } else { Self::Modified }
            }
        }
    }
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// Who it is.
    pub name: String,
    /// How many steps it takes.
    pub steps: usize,
}

/// A step, or several next to each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The first step, counted from 1 on.
    pub first: usize,
    /// The last step.
    pub last: usize,
    /// What is said of it: of several steps, of the one that matters most.
    pub says: String,
}

/// What an actor did in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tick {
    /// Which actor, as an index of the lanes.
    pub lane: usize,
    /// When, as an index of the columns.
    pub column: usize,
    /// What.
    pub did: Did,
    /// Whether it had to do with the object that is selected.
    pub touches: bool,
}

/// A part of the run that begins with what a person does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// With which step.
    pub from: usize,
    /// What the person does.
    pub says: String,
}

/// Why a step matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Why {
    /// The run ends there.
    End,
    /// A person does something.
    Person,
    /// Something breaks.
    Broke,
    /// A request is refused, and was not before.
    Refused,
    /// Of what the open finding holds the first object is gone.
    Opens,
}

/// A step that matters, at which playing stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// After how many steps.
    pub at: usize,
    /// Why.
    pub why: Why,
}

/// The run at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lanes {
    /// How many steps it has.
    pub steps: usize,
    /// Who acts, in the order in which they first do.
    pub lanes: Vec<Lane>,
    /// Its columns: as many as steps, or [`COLUMNS`].
    pub columns: Vec<Column>,
    /// Its ticks, sorted by lane and column.
    pub ticks: Vec<Tick>,
    /// Its phases; none where no person does anything.
    pub phases: Vec<Phase>,
    /// Where what matters happens, in order.
    pub stops: Vec<Stop>,
}

/// The run that is looked at.
pub fn lanes(document: &Document, finding: Option<&str>, selected: Option<Subject>, language: Language) -> Lanes {
    let finding = finding.and_then(|id| document.finding(id));
    let members: BTreeSet<Key> = finding.into_iter().flat_map(|finding| &finding.members).map(|it| it.key).collect();
    of_steps(document.steps(), &members, selected.and_then(|subject| subject.key()), language)
}

/// A number that is another one where the steps are: what was made of them holds as long as it does not change.
pub fn course(steps: &[Step]) -> u64 {
    let fold = |hash: u64, step: &Step| (hash ^ step.fingerprint).wrapping_mul(0x100_0000_01b3).rotate_left(23);
    steps.iter().fold(steps.len() as u64, fold)
}

fn of_steps(steps: &[Step], members: &BTreeSet<Key>, selected: Option<Key>, language: Language) -> Lanes {
    let core = language.core();
    let columns = steps.len().min(COLUMNS);
    let column = |index: usize| index * columns / steps.len();
    let mut lanes = Lanes { steps: steps.len(), ..Lanes::default() };
    let mut known: BTreeMap<Option<Actor>, usize> = BTreeMap::new();
    let mut ticks = BTreeMap::new();
    // Of each column the step that matters most.
    let mut most: Vec<(Did, usize)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let lane = *known.entry(step.actor).or_insert_with(|| {
            let name = step.actor.map_or_else(|| language.text(Text::Person).to_owned(), |actor| core.actor(actor));
            // Controllers that go by one name share a lane.
            lanes.lanes.iter().position(|lane| lane.name == name).unwrap_or_else(|| {
                lanes.lanes.push(Lane { name, steps: 0 });
                lanes.lanes.len() - 1
            })
        });
        lanes.lanes[lane].steps += 1;
        let (at, did) = (column(index), Did::of(step));
        mark(&mut ticks, Tick { lane, column: at, did, touches: touches(step, selected) });
        match (lanes.columns.get_mut(at), most.get_mut(at)) {
            (Some(column), Some(most)) => {
                column.last = index + 1;
                if did > most.0 {
                    *most = (did, index);
                }
            }
            _ => {
                lanes.columns.push(Column { first: index + 1, last: index + 1, says: String::new() });
                most.push((did, index));
            }
        }
    }
    for (column, (_, index)) in lanes.columns.iter_mut().zip(most) {
        let says = core.step(&steps[index]);
        column.says = if column.first == column.last {
            says
        } else {
            language.of_runs().several_steps(column.first, column.last, &says)
        };
    }
    lanes.ticks = ticks.into_values().collect();
    lanes.phases = phases(steps, language);
    lanes.stops = stops(steps, members);
    lanes
}

/// Puts a tick where another may be already.
fn mark(ticks: &mut BTreeMap<(usize, usize), Tick>, tick: Tick) {
    let there = ticks.entry((tick.lane, tick.column)).or_insert(tick);
    there.did = there.did.max(tick.did);
    there.touches |= tick.touches;
}

/// Whether a step handles an object, or changes it.
fn touches(step: &Step, selected: Option<Key>) -> bool {
    let handled = step.object.map(|object| object.key);
    selected.is_some() && (handled == selected || step.changes.iter().any(|change| Some(change.key) == selected))
}

/// A phase begins with what a person does, and with the first of several things that they do at once.
fn phases(steps: &[Step], language: Language) -> Vec<Phase> {
    let begins = |index: &usize| steps[*index].actor.is_none() && (*index == 0 || steps[*index - 1].actor.is_some());
    let phase = |index: usize| Phase { from: index + 1, says: language.of_runs().person_does(&steps[index]) };
    (0..steps.len()).filter(begins).map(phase).collect()
}

fn stops(steps: &[Step], members: &BTreeSet<Key>) -> Vec<Stop> {
    let gone = |change: &Change| change.after.is_none() && members.contains(&change.key);
    let mut opened = false;
    // What is refused is tried again and again: once is enough.
    let mut refused = BTreeSet::new();
    let mut stops = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let did = Did::of(step);
        let why = if !opened && step.changes.iter().any(gone) {
            opened = true;
            Some(Why::Opens)
        } else if did == Did::Refused && refused.insert((step.actor, step.object.map(|object| object.key))) {
            Some(Why::Refused)
        } else if did == Did::Broke {
            Some(Why::Broke)
        } else if step.actor.is_none() {
            Some(Why::Person)
        } else {
            (index + 1 == steps.len()).then_some(Why::End)
        };
        stops.extend(why.map(|why| Stop { at: index + 1, why }));
    }
    stops
}

/// What is drawn of the lanes where there is room for so much and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The lanes that are drawn each by itself.
    pub lanes: Vec<Lane>,
    /// How many others share the lane below them.
    pub others: usize,
    /// Over how many columns the run is spread.
    pub columns: usize,
    /// The ticks, in these lanes and columns.
    pub ticks: Vec<Tick>,
}

impl Shown {
    /// How many lanes are drawn.
    pub fn rows(&self) -> usize {
        self.lanes.len() + usize::from(self.others > 0)
    }
}

impl Lanes {
    /// The lanes in so many rows, where what has no row of its own shares the last, and in so many columns.
    pub fn shown(&self, rows: usize, columns: usize) -> Shown {
        let all = self.lanes.len();
        let own = if all <= rows { all } else { rows.saturating_sub(1) };
        let columns = columns.clamp(1, self.columns.len().max(1));
        let mut ticks = BTreeMap::new();
        for tick in &self.ticks {
            let column = tick.column * columns / self.columns.len();
            mark(&mut ticks, Tick { lane: tick.lane.min(own), column, ..*tick });
        }
        Shown { lanes: self.lanes[..own].to_vec(), others: all - own, columns, ticks: ticks.into_values().collect() }
    }

    /// What is said of the step that led to where so many steps were taken; `None` at the beginning.
    pub fn says(&self, at: usize) -> Option<&str> {
        let index = self.columns.partition_point(|column| column.last < at);
        self.columns.get(index).filter(|column| column.first <= at).map(|column| column.says.as_str())
    }

    /// The next stop after where so many steps were taken.
    pub fn stop_after(&self, at: usize) -> Option<usize> {
        self.stops.iter().map(|stop| stop.at).find(|&stop| stop > at)
    }

    /// The last stop before where so many steps were taken, or the beginning.
    pub fn stop_before(&self, at: usize) -> Option<usize> {
        let before = self.stops.iter().map(|stop| stop.at).rfind(|&stop| stop < at);
        before.or((at > 0).then_some(0))
    }

    /// The stop where so many steps were taken, if there is one.
    pub fn stop_at(&self, at: usize) -> Option<Stop> {
        self.stops.iter().find(|stop| stop.at == at).copied()
    }
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::{Fault, Process, Propagation, Request, Timeline, fixture};

    use super::*;

    /// A lane a line, a letter a column: what was done there.
    fn draw(shown: &Shown) -> String {
        let letter = |tick: &Tick| {
            let letter = match tick.did {
                Did::Nothing => 'o',
                Did::Modified => 'm',
                Did::Created => 'c',
                Did::Released => 'f',
                Did::Asked => 'a',
                Did::Deleted => 'x',
                Did::Person => 'p',
                Did::Broke => 'b',
                Did::Refused => 'r',
            };
            if tick.touches { letter.to_ascii_uppercase() } else { letter }
        };
        let row = |lane: usize| {
            let at = |column: usize| shown.ticks.iter().find(|tick| (tick.lane, tick.column) == (lane, column));
            let letters: String = (0..shown.columns).map(|column| at(column).map_or('.', letter)).collect();
            let name = shown
                .lanes
                .get(lane)
                .map_or_else(|| format!("{} others", shown.others), |lane| format!("{} ({})", lane.name, lane.steps));
            format!("{letters} {name}")
        };
        (0..shown.rows()).map(row).collect::<Vec<_>>().join("\n")
    }

    const SHOP: &str = "Node/n1 ready\nReplicaSet.apps/shop/web\nPod/shop/a owner=ReplicaSet.apps/web! node=n1 phase=Running\n\
                        ConfigMap/shop/b owner=ReplicaSet.apps/web! fin=x.io/f";

    fn run(text: &str, deeds: impl FnOnce(&mut Timeline)) -> Timeline {
        let mut timeline = Timeline::new(fixture::parse(text).expect("the world can be read"));
        deeds(&mut timeline);
        timeline.run(100_000);
        timeline
    }

    fn delete(timeline: &mut Timeline, uid: &str) {
        let object = timeline.world().by_uid(uid.into()).expect("the object is there").clone();
        timeline.request(Request::delete(&object, Some(Propagation::Foreground)));
    }

    /// What is drawn of a run, with its phases and stops.
    fn check(timeline: &Timeline, selected: Option<&str>, members: &[&str], expected: &str) {
        let world = timeline.first();
        let key = |uid: &&str| world.by_uid((*uid).into()).expect("the object is there").key;
        let members = members.iter().map(key).collect();
        let lanes = of_steps(timeline.steps(), &members, selected.as_ref().map(key), Language::default());
        let mut lines = vec![draw(&lanes.shown(usize::MAX, usize::MAX))];
        lines.extend(lanes.phases.iter().map(|phase| format!("{}: {}", phase.from, phase.says)));
        let stops: Vec<String> = lanes.stops.iter().map(|stop| format!("{} {:?}", stop.at, stop.why)).collect();
        lines.push(stops.join(", "));
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn each_actor_has_a_lane_and_each_step_a_tick() {
        let timeline = run(SHOP, |timeline| delete(timeline, "ReplicaSet.apps/shop/web"));
        check(
            &timeline,
            Some("Pod/shop/a"),
            &["Pod/shop/a", "ReplicaSet.apps/shop/web"],
            "p... a person (1)\n.Aa. garbage collector (2)\n...X kubelet of n1 (1)\n\
             1: Deletes the ReplicaSet web in the foreground\n1 Person, 4 Opens",
        );
    }

    #[test]
    fn what_a_person_does_begins_a_phase_and_is_a_stop() {
        let timeline = run(SHOP, |timeline| {
            timeline.fault(Fault::Stopped(Process::ControllerManager), true);
            delete(timeline, "Pod/shop/a");
            timeline.run(10);
            timeline.end_faults();
        });
        check(
            &timeline,
            None,
            &[],
            "bp.p. a person (3)\n..m.. kubelet of n1 (1)\n....x garbage collector (1)\n\
             1: Stops kube-controller-manager\n4: Starts kube-controller-manager\n\
             1 Broke, 2 Person, 4 Person, 5 End",
        );
    }

    #[test]
    fn a_refusal_is_a_stop_and_not_for_the_same_reason_again() {
        let timeline = run("Namespace/default", |timeline| {
            delete(timeline, "Namespace/default");
            delete(timeline, "Namespace/default");
        });
        check(
            &timeline,
            None,
            &[],
            "rr a person (2)\n1: Deletes the namespace default in the foreground\n1 Refused, 2 Person",
        );
    }

    #[test]
    fn nothing_is_drawn_of_no_step() {
        let lanes = of_steps(&[], &BTreeSet::new(), None, Language::default());
        assert_eq!(lanes, Lanes::default());
        assert_eq!(lanes.shown(8, 100).rows(), 0);
        assert_eq!((lanes.says(0), lanes.stop_after(0), lanes.stop_before(0)), (None, None, None));
    }

    #[test]
    fn what_has_no_row_shares_the_last_one() {
        let nodes: String = (0..12)
            .map(|n| format!("Node/n{n} ready\nPod/shop/p{n} deleting grace=30 node=n{n} phase=Running\n"))
            .collect();
        let timeline = run(&nodes, |_| {});
        let lanes = of_steps(timeline.steps(), &BTreeSet::new(), None, Language::default());
        assert_eq!(lanes.lanes.len(), 12);
        let shown = lanes.shown(8, 4);
        assert_eq!(
            draw(&shown),
            "x... kubelet of n0 (1)\nx... kubelet of n1 (1)\nx... kubelet of n2 (1)\n.x.. kubelet of n3 (1)\n\
             .x.. kubelet of n4 (1)\n.x.. kubelet of n5 (1)\n..x. kubelet of n6 (1)\n..xx 5 others"
        );
        assert_eq!(lanes.shown(1, 4).rows(), 1, "all of them in one");
    }

    #[test]
    fn ten_thousand_steps_are_put_into_few_columns() {
        let mut timeline = run(SHOP, |timeline| delete(timeline, "ReplicaSet.apps/shop/web"));
        while timeline.steps().len() < 10_000 {
            let step = timeline.steps().len();
            timeline.fault(Fault::Cut("n1".into()), step % 2 == 0);
        }
        let lanes = of_steps(timeline.steps(), &BTreeSet::new(), None, Language::default());
        assert_eq!((lanes.steps, lanes.columns.len()), (10_000, COLUMNS));
        assert!(lanes.ticks.len() <= COLUMNS * lanes.lanes.len());
        for at in [1, 13, 4_999, 10_000] {
            assert!(lanes.says(at).is_some_and(|says| !says.is_empty()), "{at}");
        }
        let covered: usize = lanes.columns.iter().map(|column| column.last + 1 - column.first).sum();
        assert_eq!(covered, 10_000, "each step is in one column");
        let narrow = lanes.shown(8, 90);
        assert_eq!(narrow.columns, 90);
        assert!(narrow.ticks.iter().all(|tick| tick.column < 90));
    }

    #[test]
    fn stops_are_gone_to_in_order() {
        let timeline = run(SHOP, |timeline| delete(timeline, "ReplicaSet.apps/shop/web"));
        let lanes = of_steps(timeline.steps(), &BTreeSet::new(), None, Language::default());
        let end = timeline.steps().len();
        assert_eq!((lanes.stop_after(0), lanes.stop_after(1), lanes.stop_after(end)), (Some(1), Some(end), None));
        assert_eq!((lanes.stop_before(end), lanes.stop_before(1), lanes.stop_before(0)), (Some(1), Some(0), None));
        assert!(lanes.stop_at(1).is_some() && lanes.stop_at(2).is_none());
    }

    #[test]
    fn other_steps_are_another_course() {
        let one = run(SHOP, |timeline| delete(timeline, "ReplicaSet.apps/shop/web"));
        let other = run(SHOP, |timeline| delete(timeline, "Pod/shop/a"));
        assert_eq!(course(one.steps()), course(one.steps()));
        assert_ne!(course(one.steps()), course(other.steps()));
        assert_ne!(course(one.steps()), course(&one.steps()[..1]));
    }
}
