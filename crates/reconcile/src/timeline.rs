//! The steps taken from a world.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::scheduler::{Agenda, Enabled, Performed, Place, enabled, next, send};
use crate::{Actor, Change, Fault, Key, Name, ObjectRef, Request, Response, Rule, World};

/// One actor handling one object, with the requests that it sent and what they changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who acted; `None` for a person.
    pub actor: Option<Actor>,
    /// The object that it handled, with an empty uid where it was not there yet; `None` where a person broke or mended something.
    pub object: Option<ObjectRef>,
    /// The rule that fired; `None` for a person.
    pub rule: Option<Rule>,
    /// What it sent, and the answers.
    pub requests: Vec<(Request, Response)>,
    /// What changed.
    pub changes: Vec<Change>,
    /// What a person broke (`true`) or mended.
    pub faults: Vec<(Fault, bool)>,
    /// The fingerprint of the world after it.
    pub fingerprint: u64,
}

impl Step {
    /// What a person does, before anything is sent.
    fn by_person(object: Option<ObjectRef>) -> Self {
        let (requests, changes, faults) = (Vec::new(), Vec::new(), Vec::new());
        Self { actor: None, object, rule: None, requests, changes, faults, fingerprint: 0 }
    }
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// No step is enabled, and no object is being deleted.
    Finished,
    /// No step is enabled, and objects are still being deleted.
    Stuck,
    /// The limit of steps was reached first.
    Bounded,
}

/// The steps taken from a world.
///
/// The world where it stands is kept, and one for every [`STRIDE`] steps; a world between two of these is made by taking the steps
/// from the last one again, so that going anywhere costs at most [`STRIDE`] steps however long the timeline is.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The world where it stands.
    world: World,
    at: usize,
    steps: Vec<Step>,
    /// What each step does to the world, and where the round stands after it.
    deeds: Vec<(Deed, Option<Place>)>,
    /// Worlds by the number of steps that led to them: the first, some on the way, and those that a person resettled.
    kept: BTreeMap<usize, World>,
    /// What is enabled in `world`, while it is kept up to date.
    agenda: Option<Arc<Agenda>>,
}

/// As many steps are taken again at most.
const STRIDE: usize = 256;

/// What a step does to the world.
#[derive(Debug, Clone)]
enum Deed {
    Take(Arc<Enabled>),
    Request(Arc<Request>),
    Faults(Arc<[(Fault, bool)]>),
}

impl Deed {
    fn perform(&self, world: &mut World) -> Performed {
        match self {
            Self::Take(enabled) => enabled.perform(world),
            Self::Request(request) => send(world, std::slice::from_ref(&**request)),
            Self::Faults(faults) => {
                faults.iter().for_each(|&(fault, broken)| world.set_fault(fault, broken));
                send(world, &[])
            }
        }
    }
}

impl Timeline {
    /// A timeline that begins here.
    pub fn new(world: World) -> Self {
        let kept = BTreeMap::from([(0, world.clone())]);
        Self { world, at: 0, steps: Vec::new(), deeds: Vec::new(), kept, agenda: None }
    }

    /// The world where the timeline stands.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world in which it begins.
    pub fn first(&self) -> &World {
        &self.kept[&0]
    }

    /// The world after a number of steps; past the end, the last.
    pub fn world_at(&self, step: usize) -> World {
        let step = step.min(self.steps.len());
        let here = (self.at, &self.world);
        let kept = self.kept.range(..=step).next_back().map_or((0, self.first()), |(&at, world)| (at, world));
        let (from, world) = if (kept.0..=step).contains(&self.at) { here } else { kept };
        let mut world = world.clone();
        for (deed, _) in &self.deeds[from..step] {
            deed.perform(&mut world);
        }
        world
    }

    /// How many steps were taken to where it stands.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Every step that was taken, those after where it stands included.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Goes to where a number of steps were taken; past the end it goes to the end.
    pub fn jump(&mut self, position: usize) {
        let position = position.min(self.steps.len());
        if position != self.at {
            self.world = self.world_at(position);
            self.at = position;
            self.agenda = None;
        }
    }

    /// Goes one step back. `false` at the beginning.
    pub fn back(&mut self) -> bool {
        let moved = self.at > 0;
        self.jump(self.at.saturating_sub(1));
        moved
    }

    /// Goes one step on: the one that was taken from here before, else the next of the fair run. `false` when no step is
    /// enabled.
    pub fn step(&mut self) -> bool {
        if self.at < self.steps.len() {
            self.jump(self.at + 1);
            return true;
        }
        let round = self.round();
        // What a collector that lags has yet to see is no controller's, and is not kept on the agenda.
        let next = match self.world.lags() {
            true => next(&self.world, round).map(Arc::new),
            false => self.agenda().next(round).cloned(),
        };
        match next {
            Some(enabled) => {
                self.take_on(enabled);
                true
            }
            None => false,
        }
    }

    /// The steps that are enabled where it stands, in the scheduler's order. Costs what the last step touched, where
    /// [`enabled`](crate::scheduler::enabled) asks every controller about every object.
    pub fn enabled(&mut self) -> Vec<Enabled> {
        match self.world.lags() {
            true => enabled(&self.world),
            false => self.agenda().all().cloned().collect(),
        }
    }

    fn agenda(&mut self) -> &Agenda {
        self.agenda.get_or_insert_with(|| Arc::new(Agenda::of(&self.world)))
    }

    /// The object that stands at a key.
    fn meant(&self, key: Key) -> ObjectRef {
        ObjectRef { key, uid: self.world.find(key).map_or_else(Name::default, |object| object.uid) }
    }

    /// Where the round stands.
    pub(crate) fn round(&self) -> Option<Place> {
        self.deeds[..self.at].last().and_then(|(_, round)| *round)
    }

    /// Takes a step that is enabled here; what was taken from here before is dropped.
    pub fn take(&mut self, enabled: Enabled) {
        self.take_on(Arc::new(enabled));
    }

    fn take_on(&mut self, enabled: Arc<Enabled>) {
        let round = Some((enabled.controller, enabled.id));
        let object = self.world.get(enabled.id).map(|object| (&**object).into());
        let object = object.unwrap_or(ObjectRef { key: enabled.key, uid: Name::default() });
        let step = Step { actor: Some(enabled.actor), rule: Some(enabled.rule), ..Step::by_person(Some(object)) };
        self.push(step, Deed::Take(enabled), round);
    }

    /// A person sends a request; what was taken from here before is dropped. Gives the answer.
    pub fn request(&mut self, request: Request) -> Response {
        let step = Step::by_person(Some(self.meant(request.target)));
        self.push(step, Deed::Request(Arc::new(request)), self.round());
        self.steps[self.at - 1].requests[0].1
    }

    /// A person breaks something, or mends it; what was taken from here before is dropped.
    pub fn fault(&mut self, fault: Fault, broken: bool) {
        self.faults(vec![(fault, broken)]);
    }

    /// A person mends all that was broken in this run, in one step. What is stuck after it is stuck for good.
    pub fn end_faults(&mut self) {
        self.faults(self.world().faults().map(|fault| (fault, false)).collect());
    }

    /// A person breaks (`true`) and mends several things in one step; what was taken from here before is dropped.
    pub fn faults(&mut self, faults: Vec<(Fault, bool)>) {
        let deed = Deed::Faults(faults.as_slice().into());
        self.push(Step { faults, ..Step::by_person(None) }, deed, self.round());
        self.agenda = None;
    }

    /// A timeline of its own that begins as this one does and goes as far as one of its steps: where something else is to happen
    /// from there on.
    pub fn branch(&self, at: usize) -> Self {
        let mut branch = self.clone();
        branch.jump(at);
        branch.truncate();
        branch
    }

    /// Takes steps that were taken from a world like this one, as an [`Ending`](crate::explorer::Ending) has them: whoever acted acts again, and
    /// a person does the same. What was taken from here before is dropped. Gives how many could be taken: all, in such a world.
    pub fn replay(&mut self, steps: &[Step]) -> usize {
        for (index, step) in steps.iter().enumerate() {
            let Some(actor) = step.actor else {
                match step.requests.as_slice() {
                    [] => self.faults(step.faults.clone()),
                    requests => requests.iter().for_each(|(request, _)| {
                        self.request(request.clone());
                    }),
                }
                continue;
            };
            let leads_there = |enabled: &Enabled| {
                let mut world = self.world.clone();
                enabled.perform(&mut world);
                world.fingerprint() == step.fingerprint
            };
            let key = step.object.map(|object| object.key);
            let mut alike = enabled(&self.world);
            alike.retain(|enabled| (enabled.actor, Some(enabled.rule)) == (actor, step.rule));
            // Of a collector that lags, the object of a step may be gone when it is told.
            let found = alike.iter().find(|enabled| Some(enabled.key) == key && leads_there(enabled));
            let Some(found) = found.or_else(|| alike.iter().find(|enabled| leads_there(enabled))) else { return index };
            self.take(found.clone());
        }
        steps.len()
    }

    /// A person decides something about the run as a whole, such as its profile.
    pub fn resettle(&mut self, change: impl FnOnce(&World) -> World) {
        self.truncate();
        self.world = change(&self.world);
        self.kept.insert(self.at, self.world.clone());
        self.agenda = None;
    }

    fn truncate(&mut self) {
        if self.at == self.steps.len() {
            return;
        }
        self.steps.truncate(self.at);
        self.deeds.truncate(self.at);
        self.kept.split_off(&(self.at + 1));
    }

    fn push(&mut self, step: Step, deed: Deed, round: Option<Place>) {
        self.truncate();
        let performed = deed.perform(&mut self.world);
        if let Some(agenda) = &mut self.agenda {
            Arc::make_mut(agenda).follow(&self.world, &performed);
        }
        // With a definition its instances go out of sight or come back, whoever read them.
        if performed.changes.iter().any(Change::rediscovers) {
            self.agenda = None;
        }
        let Performed { requests, changes, .. } = performed;
        self.steps.push(Step { requests, changes, fingerprint: self.world.fingerprint(), ..step });
        self.deeds.push((deed, round));
        self.at += 1;
        if self.at.is_multiple_of(STRIDE) {
            self.kept.insert(self.at, self.world.clone());
        }
    }

    /// Steps until nothing is enabled, or the timeline has `limit` steps.
    pub fn run(&mut self, limit: usize) -> End {
        while self.at < limit {
            if !self.step() {
                return if self.world.deletes() { End::Stuck } else { End::Finished };
            }
        }
        End::Bounded
    }
}
