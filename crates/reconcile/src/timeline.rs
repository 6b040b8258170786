//! The steps taken from a world.

use crate::scheduler::{Enabled, Performed, next, send};
use crate::{Actor, Change, Fault, Key, ObjectId, Request, Response, Rule, World};

/// One actor handling one object, with the requests that it sent and what they changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who acted; `None` for a person.
    pub actor: Option<Actor>,
    /// The object that it handled; `None` where a person broke or mended what is no object.
    pub key: Option<Key>,
    /// The rule that fired; `None` for a person.
    pub rule: Option<Rule>,
    /// What it sent, and the answers.
    pub requests: Vec<(Request, Response)>,
    /// What changed.
    pub changes: Vec<Change>,
    /// What a person broke (`true`) or mended.
    pub faults: Vec<(Fault, bool)>,
}

impl Step {
    /// What a person does, before anything is sent.
    fn by_person(key: Option<Key>) -> Self {
        Self { actor: None, key, rule: None, requests: Vec::new(), changes: Vec::new(), faults: Vec::new() }
    }
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// No step is enabled, and no object is being deleted.
    Finished,
    /// No step is enabled, and objects are still being deleted.
    Stuck,
    /// The limit of steps was reached first.
    Bounded,
}

/// The steps taken from a world, and every world between them. Worlds share what did not change, so that going to any
/// step is a matter of an index.
#[derive(Debug, Clone)]
pub struct Timeline {
    worlds: Vec<World>,
    steps: Vec<Step>,
    at: usize,
    /// Where the round stands after each world.
    rounds: Vec<Option<(usize, ObjectId)>>,
}

impl Timeline {
    /// A timeline that begins here.
    pub fn new(world: World) -> Self {
        Self { worlds: vec![world], steps: Vec::new(), at: 0, rounds: vec![None] }
    }

    /// The world where the timeline stands.
    pub fn world(&self) -> &World {
        &self.worlds[self.at]
    }

    /// The world after a number of steps.
    pub fn world_at(&self, step: usize) -> Option<&World> {
        self.worlds.get(step)
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
        self.at = position.min(self.steps.len());
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
            self.at += 1;
            return true;
        }
        match next(self.world(), self.rounds[self.at]) {
            Some(enabled) => {
                self.take(enabled);
                true
            }
            None => false,
        }
    }

    /// Takes a step that is enabled here; what was taken from here before is dropped.
    pub fn take(&mut self, enabled: Enabled) {
        let round = Some((enabled.controller, enabled.id));
        let performed = enabled.perform(self.world());
        let step = Step { actor: Some(enabled.actor), rule: Some(enabled.rule), ..Step::by_person(Some(enabled.key)) };
        self.push(step, performed, round);
    }

    /// A person sends a request; what was taken from here before is dropped. Gives the answer.
    pub fn request(&mut self, request: Request) -> Response {
        let performed = send(self.world().clone(), std::slice::from_ref(&request));
        self.push(Step::by_person(Some(request.target)), performed, self.rounds[self.at]);
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

    fn faults(&mut self, faults: Vec<(Fault, bool)>) {
        let mut world = self.world().clone();
        faults.iter().for_each(|&(fault, broken)| world.set_fault(fault, broken));
        let step = Step { faults, ..Step::by_person(None) };
        self.push(step, send(world, &[]), self.rounds[self.at]);
    }

    /// A timeline of its own that begins as this one does and goes as far as one of its steps: where something else is to happen
    /// from there on.
    pub fn branch(&self, at: usize) -> Self {
        let mut branch = self.clone();
        branch.jump(at);
        branch.truncate();
        branch
    }

    /// A person decides something about the run as a whole, such as its profile.
    pub fn resettle(&mut self, change: impl FnOnce(&World) -> World) {
        self.truncate();
        self.worlds[self.at] = change(self.world());
    }

    fn truncate(&mut self) {
        self.steps.truncate(self.at);
        self.worlds.truncate(self.at + 1);
        self.rounds.truncate(self.at + 1);
    }

    fn push(&mut self, step: Step, performed: Performed, round: Option<(usize, ObjectId)>) {
        self.truncate();
        self.steps.push(Step { requests: performed.requests, changes: performed.changes, ..step });
        self.worlds.push(performed.world);
        self.rounds.push(round);
        self.at += 1;
    }

    /// Steps until nothing is enabled, or the timeline has `limit` steps.
    pub fn run(&mut self, limit: usize) -> End {
        while self.at < limit {
            if !self.step() {
                let stuck = self.world().objects().any(|(_, object)| object.deleting());
                return if stuck { End::Stuck } else { End::Finished };
            }
        }
        End::Bounded
    }
}
