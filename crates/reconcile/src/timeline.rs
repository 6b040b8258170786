//! The steps taken from a world.

use crate::scheduler::{Enabled, next};
use crate::{Actor, Change, Key, ObjectId, Request, Response, Rule, World, serve};

/// One actor handling one object, with the requests that it sent and what they changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who acted; `None` for a person.
    pub actor: Option<Actor>,
    /// The object that it handled.
    pub key: Key,
    /// The rule that fired; `None` for a person.
    pub rule: Option<Rule>,
    /// What it sent, and the answers.
    pub requests: Vec<(Request, Response)>,
    /// What changed.
    pub changes: Vec<Change>,
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
        self.push(Some((enabled.actor, enabled.rule)), enabled.key, enabled.requests, round);
    }

    /// A person sends a request; what was taken from here before is dropped. Gives the answer.
    pub fn request(&mut self, request: Request) -> Response {
        let round = self.rounds[self.at];
        self.push(None, request.target, vec![request], round);
        self.steps[self.at - 1].requests[0].1
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

    fn push(&mut self, by: Option<(Actor, Rule)>, key: Key, requests: Vec<Request>, round: Option<(usize, ObjectId)>) {
        self.truncate();
        let mut world = self.world().clone();
        let (mut sent, mut changes) = (Vec::new(), Vec::new());
        for request in requests {
            let (next, response, more) = serve(&world, &request);
            world = next;
            sent.push((request, response));
            changes.extend(more);
        }
        self.steps.push(Step {
            actor: by.map(|(actor, _)| actor),
            key,
            rule: by.map(|(_, rule)| rule),
            requests: sent,
            changes,
        });
        self.worlds.push(world);
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
