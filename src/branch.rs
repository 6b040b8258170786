//! A run and what is said of it, with a name: one of several that are kept beside one another.

use std::collections::BTreeMap;
use std::rc::Rc;

use gordian_diagnose::{Diagnosis, Remedy, diagnose};
use gordian_reconcile::inject::Placement;
use gordian_reconcile::{Actor, Assumption, End, Fault, Key, Profile, Step, Timeline, World};

use crate::deeds::{Deeds, What};
use crate::engine::{Phase, Probe, measured};

/// How far a run is followed ahead of where the reader stands.
pub(crate) const AHEAD: usize = 2_000;

/// What a person did first in a branch: what the branch is called after.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Nothing that has a name.
    Nothing,
    /// Let this actor handle this object next.
    Take(Actor, Key),
    /// Deleted an object.
    Delete(Key),
    /// Killed a pod.
    Kill(Key),
    /// Broke something (`true`), or mended it.
    Fault(Fault, bool),
    /// Mended all that was broken.
    EndFaults,
    /// Tried a remedy.
    Remedy(Box<Remedy>),
    /// Chose a profile.
    Profile(Profile),
    /// Decided an assumption.
    Assume(Assumption),
    /// Chose whether the garbage collector sees each change in a step of its own.
    Lag(bool),
    /// Played the script.
    Script,
    /// Looked at the run to an end that was found when every order was tried.
    Order(End),
    /// Looked at a run that faults strike.
    Struck(Vec<Placement>),
}

/// A remedy that is being tried, and the run as it was before.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The id of the finding that it frees.
    pub finding: String,
    /// Which of the finding's remedies.
    pub remedy: usize,
    pub(crate) before: Rc<Run>,
}

/// A run with a name.
#[derive(Debug, Clone)]
pub struct Branch {
    number: usize,
    deed: Option<Deed>,
    from: usize,
    pub(crate) run: Run,
    pub(crate) trial: Option<Trial>,
}

impl Branch {
    pub(crate) fn new(number: usize, from: usize, run: Run) -> Self {
        Self { number, deed: None, from, run, trial: None }
    }

    /// Its number, from 1 on; it never changes.
    pub fn number(&self) -> usize {
        self.number
    }

    /// What was done first in it, if anything was.
    pub fn deed(&self) -> Option<&Deed> {
        self.deed.as_ref()
    }

    /// How many steps were taken to where it parted from another branch.
    pub fn from(&self) -> usize {
        self.from
    }

    /// The world where it stands.
    pub fn world(&self) -> &World {
        self.run.timeline.world()
    }

    /// The world in which it began.
    pub fn first_world(&self) -> &World {
        self.run.timeline.first()
    }

    /// How many steps were taken to where it stands.
    pub fn position(&self) -> usize {
        self.run.timeline.position()
    }

    /// Every step of it, those ahead included.
    pub fn steps(&self) -> &[Step] {
        self.run.timeline.steps()
    }

    /// How it ends.
    pub fn end(&self) -> End {
        self.run.rest.end
    }

    /// How many objects are being deleted at its end.
    pub fn deleting_at_end(&self) -> usize {
        self.run.rest.deleting
    }

    /// How much is still broken at its end.
    pub fn faults_at_end(&self) -> usize {
        self.run.rest.faults
    }

    /// Calls it after what was done, if nothing was done in it before.
    pub(crate) fn name(&mut self, deed: Deed) {
        self.deed.get_or_insert(deed);
    }

    pub(crate) fn give_up(&mut self) {
        if let Some(trial) = self.trial.take() {
            self.run = Run::clone(&trial.before);
            self.deed = self.deed.take().filter(|deed| !matches!(deed, Deed::Remedy(_)));
        }
    }
}

/// A timeline and what is said of it.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) timeline: Timeline,
    rest: Rest,
    /// The world before the step that led to where it stands.
    pub(crate) before: Option<World>,
    /// What was said of the world in which it began.
    pub(crate) start: Rc<Diagnosis>,
    /// What is said of the world where it stands.
    pub(crate) now: Rc<Diagnosis>,
    /// What was said of the worlds of this run, by fingerprint: going back and forth costs nothing.
    pub(crate) said: Rc<BTreeMap<u64, Rc<Diagnosis>>>,
    /// What was done to it.
    pub(crate) deeds: Deeds,
    /// The farthest step that was looked at. What lies beyond was only foretold.
    pub(crate) seen: usize,
}

/// How a run ends, as far as it was followed.
#[derive(Debug, Clone, Copy)]
struct Rest {
    end: End,
    deleting: usize,
    faults: usize,
}

impl Run {
    /// A run from a world, followed to its end.
    pub(crate) fn new(world: World, probe: &dyn Probe) -> Self {
        let said = measured(probe, Phase::Diagnose, || Rc::new(diagnose(&world)));
        let mut timeline = Timeline::new(world);
        let rest = follow(&mut timeline);
        Self {
            said: Rc::new([(timeline.world().fingerprint(), Rc::clone(&said))].into()),
            timeline,
            rest,
            before: None,
            start: Rc::clone(&said),
            now: said,
            deeds: Deeds::none(),
            seen: 0,
        }
    }

    /// A run of which every step is of interest, seen from after some of them.
    pub(crate) fn along(mut timeline: Timeline, at: usize, probe: &dyn Probe) -> Self {
        timeline.jump(0);
        let mut run = Self::new(timeline.first().clone(), probe);
        run.rest = follow(&mut timeline);
        run.seen = timeline.steps().len();
        run.timeline = timeline;
        run.deeds = Deeds::default();
        run.go(probe, at);
        run
    }

    /// The same run up to where it stands, followed from there as if nobody had done anything else.
    pub(crate) fn branch(&self) -> Self {
        let mut timeline = self.timeline.branch(self.timeline.position());
        let rest = follow(&mut timeline);
        let deeds = self.deeds.until(timeline.position());
        Self { seen: timeline.position(), timeline, rest, deeds, ..self.clone() }
    }

    /// Goes to where a number of steps were taken.
    pub(crate) fn go(&mut self, probe: &dyn Probe, position: usize) {
        self.move_by(|timeline| timeline.jump(position));
        self.seen = self.seen.max(self.timeline.position());
        self.say(probe);
    }

    /// Something else happens than what lies ahead.
    pub(crate) fn depart(&mut self, probe: &dyn Probe, what: What, change: impl FnOnce(&mut Timeline)) {
        let at = self.timeline.position();
        self.move_by(change);
        self.deeds.push(at, self.timeline.position(), what);
        self.rest = follow(&mut self.timeline);
        self.seen = self.timeline.position();
        self.say(probe);
    }

    /// Moves the timeline, and keeps the world before the step that then led here: of one step that is where it stood.
    fn move_by(&mut self, change: impl FnOnce(&mut Timeline)) {
        let (from, world) = (self.timeline.position(), self.timeline.world().clone());
        change(&mut self.timeline);
        self.before = match self.timeline.position().checked_sub(1) {
            Some(before) if before == from => Some(world),
            Some(before) => Some(self.timeline.world_at(before)),
            None => None,
        };
    }

    /// What was said of a world, if anybody looked at it.
    pub(crate) fn said_of(&self, world: &World) -> Option<&Rc<Diagnosis>> {
        self.said.get(&world.fingerprint())
    }

    fn say(&mut self, probe: &dyn Probe) {
        let world = self.timeline.world();
        let known = self.said_of(world).cloned();
        self.now = known.unwrap_or_else(|| {
            let said = measured(probe, Phase::Diagnose, || Rc::new(diagnose(world)));
            Rc::make_mut(&mut self.said).insert(world.fingerprint(), Rc::clone(&said));
            said
        });
    }
}

/// Follows the fair run to its end, and comes back.
fn follow(timeline: &mut Timeline) -> Rest {
    let position = timeline.position();
    let limit = position.saturating_add(AHEAD);
    let end = timeline.run(limit);
    let world = timeline.world();
    let rest = Rest { end, deleting: deleting(world), faults: world.faults().count() };
    timeline.jump(position);
    rest
}

/// How many objects are being deleted.
pub(crate) fn deleting(world: &World) -> usize {
    world.objects().filter(|(_, object)| object.deleting()).count()
}
