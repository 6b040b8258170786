//! Where a fault must strike so that a deletion never ends.
//!
//! The fair run of a script is taken once. Then each thing that can break is broken before each of its steps, and the run goes on: the
//! placements of one fault. With a larger budget further faults strike the runs that come of that, at the same place or later. At the end
//! all is mended in one step, and the controllers come to rest: what is still being deleted then is stuck for good.
//!
//! Fewer faults come before more, and the fair run has no choices: from a world, the place of the round, how far the script is, and what
//! the next rest mends, all else follows. A run that comes to where another one was ends as that one does, and what further faults do from
//! there was found, or will be, with as many faults left or more. So it is left there, and nothing is run twice.

mod course;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use self::course::{Course, State};
use crate::{Fault, Key, Request, Timeline, World};

/// What a person does in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Sends a request.
    Request(Box<Request>),
    /// Breaks (`true`) and mends things.
    Faults(Vec<(Fault, bool)>),
}

/// One deed of a script.
pub struct Deed<'s> {
    /// Whether the controllers come to rest before it.
    pub after_rest: bool,
    /// What it comes to in the world in which it is done. No fault strikes between two of these acts.
    #[expect(clippy::type_complexity, reason = "a name for it would say no more")]
    pub acts: Box<dyn Fn(&World) -> Vec<Act> + 's>,
}

/// What strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// Something breaks, and stays broken until it is mended.
    Fault(Fault),
    /// A pod's containers are killed.
    Kill(Key),
}

/// When what broke is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// When the controllers come to rest, before the script goes on.
    Rest,
    /// At the end, with all else.
    End,
}

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// What strikes.
    pub strikes: Break,
    /// After how many steps of the run, those of a person included.
    pub after: usize,
    /// When it is mended; of a pod that is killed nothing is.
    pub until: Until,
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most placements that are run.
    pub runs: usize,
    /// The most steps that the controllers take between two deeds. A run that has not come to rest by then, or goes round and
    /// round, goes on as if it had; at its end nothing is said of what is still being deleted.
    pub steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { runs: 100_000, steps: 2_000 }
    }
}

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The most faults that strike in a run.
    pub budget: usize,
    /// When faults are mended; `None` for either.
    pub until: Option<Until>,
    /// How far the search goes.
    pub limits: Limits,
}

/// A limit that bit: what lies beyond it was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bite {
    /// [`Limits::runs`].
    Runs,
    /// [`Limits::steps`].
    Steps,
}

/// Faults after which something is stuck for good.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Where they strike in the shortest run of the fewest faults.
    pub placements: Vec<Placement>,
    /// That run, with all that a person did in it.
    pub run: Timeline,
    /// What is still being deleted at its end, and is not without a fault; in order.
    pub stuck: Vec<Key>,
    /// How many of the placements that were run leave the same objects stuck by faults of the same kinds, this one included.
    pub count: usize,
}

/// All that a search found.
#[derive(Debug, Clone)]
pub struct Injection {
    /// The run without a fault.
    pub fair: Timeline,
    /// What is still being deleted at its end, in order.
    pub stuck: Vec<Key>,
    /// What faults lead to: the fewest faults first, then the fewest steps.
    pub findings: Vec<Finding>,
    /// How many placements were run.
    pub runs: usize,
    /// The limits that bit.
    pub bites: Vec<Bite>,
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many placements were run.
    pub runs: usize,
    /// How many runs are still to be struck before each of their steps.
    pub waiting: usize,
    /// Whether nothing is left to do.
    pub done: bool,
}

/// A run that further faults are to strike.
#[derive(Debug, Clone, Default)]
struct Struck {
    placements: Vec<Placement>,
    /// After how many steps it came to where another run had been, or to its end.
    own: usize,
    /// Whether it is left there.
    left: bool,
}

impl Struck {
    /// What strikes it where it stands; nothing where it was left, for whoever was there first is struck.
    fn strikes(&self, course: &mut Course, script: &[Deed<'_>], until: Option<Until>) -> VecDeque<(Break, Until)> {
        match self.left && course.position() >= self.own {
            true => VecDeque::new(),
            false => course.strikes(script, until),
        }
    }
}

/// The run that is being struck, where it stands.
struct Cursor {
    course: Course,
    run: Struck,
    /// What is still to strike here.
    strikes: VecDeque<(Break, Until)>,
}

/// How a run ended.
#[derive(Debug, Clone)]
struct Ended {
    steps: usize,
    /// After how many steps its controllers were last not waited for: how long they are is no matter of the state.
    hurried: usize,
    stuck: Arc<[Key]>,
}

/// What a placement leads to: the kinds of its faults, and what is stuck.
type Outcome = (BTreeSet<Sort>, Arc<[Key]>);

/// The shortest placement that leads to an outcome, and how many do.
#[derive(Debug, Clone)]
struct Found {
    placements: Vec<Placement>,
    steps: usize,
    count: usize,
}

/// What strikes, whatever it strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    ControllerManager,
    Kubelet,
    LonghornManager,
    Process,
    Cut,
    Broken,
    Refused,
    TimedOut,
    Kill,
}

impl Break {
    fn sort(self) -> Sort {
        use crate::Process::{ControllerManager, Kubelet, LonghornManager};
        match self {
            Self::Fault(Fault::Stopped(ControllerManager)) => Sort::ControllerManager,
            Self::Fault(Fault::Stopped(Kubelet(_))) => Sort::Kubelet,
            Self::Fault(Fault::Stopped(LonghornManager(_))) => Sort::LonghornManager,
            Self::Fault(Fault::Stopped(_)) => Sort::Process,
            Self::Fault(Fault::Cut(_)) => Sort::Cut,
            Self::Fault(Fault::Broken(_)) => Sort::Broken,
            Self::Fault(Fault::Refused(_)) => Sort::Refused,
            Self::Fault(Fault::TimedOut(_)) => Sort::TimedOut,
            Self::Kill(_) => Sort::Kill,
        }
    }
}

/// A search that goes on in slices.
pub struct Injector<'s> {
    options: Options,
    first: World,
    script: Vec<Deed<'s>>,
    /// Where runs have been first: which run, and after how many steps.
    known: BTreeMap<State, (usize, usize)>,
    /// How each run ended, by its number: the fair run is the first.
    ended: Vec<Ended>,
    cursor: Option<Cursor>,
    waiting: VecDeque<Struck>,
    found: BTreeMap<Outcome, Found>,
    runs: usize,
    bites: BTreeSet<Bite>,
}

impl<'s> Injector<'s> {
    /// A search that begins here. Nothing is run yet.
    pub fn new(world: &World, script: Vec<Deed<'s>>, options: Options) -> Self {
        Self {
            options,
            first: world.clone(),
            script,
            known: BTreeMap::new(),
            ended: Vec::new(),
            cursor: None,
            waiting: VecDeque::new(),
            found: BTreeMap::new(),
            runs: 0,
            bites: BTreeSet::new(),
        }
    }

    /// Takes this many runs more, the fair one first, or as many as there are.
    pub fn advance(&mut self, slice: usize) -> Progress {
        for _ in 0..slice {
            if self.ended.is_empty() {
                let course = Course::new(&self.first);
                self.finish(course, Vec::new());
                continue;
            }
            let Some((course, placements)) = self.next() else { break };
            if self.runs == self.options.limits.runs {
                self.bites.insert(Bite::Runs);
                (self.cursor, self.waiting) = (None, VecDeque::new());
                break;
            }
            self.runs += 1;
            self.finish(course, placements);
        }
        let done = !self.ended.is_empty() && self.waiting.is_empty() && self.cursor.is_none();
        Progress { runs: self.runs, waiting: self.waiting.len() + usize::from(self.cursor.is_some()), done }
    }

    /// The next placement, with its last fault just struck.
    fn next(&mut self) -> Option<(Course, Vec<Placement>)> {
        loop {
            let limit = self.options.limits.steps;
            let Some(Cursor { course, run, strikes }) = &mut self.cursor else {
                let run = self.waiting.pop_front()?;
                let mut course = Course::struck(&self.first, &self.script, &run.placements, limit);
                let strikes = run.strikes(&mut course, &self.script, self.options.until);
                self.cursor = Some(Cursor { course, run, strikes });
                continue;
            };
            let after = course.position();
            if let Some((strikes, until)) = strikes.pop_front() {
                let placement = Placement { strikes, after, until };
                let mut struck = course.clone();
                struck.strike(placement);
                return Some((struck, run.placements.iter().copied().chain([placement]).collect()));
            }
            if after < run.own && course.on(&self.script, limit) {
                *strikes = run.strikes(course, &self.script, self.options.until);
            } else {
                self.cursor = None;
            }
        }
    }

    /// Goes on until the run ends, or comes to where another one was.
    fn finish(&mut self, mut course: Course, placements: Vec<Placement>) {
        let number = self.ended.len();
        let left = loop {
            let at = course.position();
            let state = course.state();
            match self.known.get(&state) {
                Some(&(run, then)) if run != number && self.ended[run].hurried <= then => break Some((run, then)),
                Some(_) => {}
                None => {
                    self.known.insert(state, (number, at));
                }
            }
            if !course.on(&self.script, self.options.limits.steps) {
                break None;
            }
        };
        let (own, hurried) = (course.position(), course.hurried);
        let (steps, stuck) = match left {
            Some((run, then)) => {
                let Ended { steps, stuck, .. } = &self.ended[run];
                (own + steps - then, Arc::clone(stuck))
            }
            None => (own, course.stuck()),
        };
        if hurried > 0 {
            self.bites.insert(Bite::Steps);
        }
        let ended = Ended { steps, hurried, stuck };
        if placements.len() < self.options.budget {
            self.waiting.push_back(Struck { placements: placements.clone(), own, left: left.is_some() });
        }
        self.ended.push(ended.clone());
        if !placements.is_empty() {
            self.note(placements, &ended);
        }
    }

    /// Notes what a placement led to.
    fn note(&mut self, placements: Vec<Placement>, ended: &Ended) {
        let fair = &self.ended[0].stuck;
        let stuck: Arc<[Key]> = ended.stuck.iter().filter(|key| !fair.contains(key)).copied().collect();
        if stuck.is_empty() {
            return;
        }
        let kinds: BTreeSet<Sort> = placements.iter().map(|placement| placement.strikes.sort()).collect();
        // Fewer faults that leave the same behind, together or by themselves, are all that there is to it.
        let fewer = self
            .found
            .iter()
            .filter(|((other, _), found)| found.placements.len() < placements.len() && other.is_subset(&kinds));
        let explained: BTreeSet<Key> = fewer.flat_map(|((_, stuck), _)| stuck.iter().copied()).collect();
        let same = self.found.get_mut(&(kinds.clone(), Arc::clone(&stuck)));
        match same {
            Some(found) => {
                found.count += 1;
                if (placements.len(), ended.steps) < (found.placements.len(), found.steps) {
                    (found.placements, found.steps) = (placements, ended.steps);
                }
            }
            None if stuck.iter().all(|key| explained.contains(key)) => {}
            None => {
                self.found.insert((kinds, stuck), Found { placements, steps: ended.steps, count: 1 });
            }
        }
    }

    /// What was found so far; its runs are taken anew.
    pub fn injection(&self) -> Injection {
        let limits = self.options.limits;
        let whole = |placements: &[Placement]| {
            let mut course = Course::struck(&self.first, &self.script, placements, limits.steps);
            while course.on(&self.script, limits.steps) {}
            course.timeline
        };
        let mut found: Vec<(&Outcome, &Found)> = self.found.iter().collect();
        found.sort_by_key(|((kinds, _), found)| (found.placements.len(), found.steps, kinds.clone()));
        let finding = |((_, stuck), found): (&Outcome, &Found)| Finding {
            run: whole(&found.placements),
            placements: found.placements.clone(),
            stuck: stuck.to_vec(),
            count: found.count,
        };
        Injection {
            fair: whole(&[]),
            stuck: self.ended.first().map(|fair| fair.stuck.to_vec()).unwrap_or_default(),
            findings: found.into_iter().map(finding).collect(),
            runs: self.runs,
            bites: self.bites.iter().copied().collect(),
        }
    }
}
