//! Which steps are enabled, in which order, and which comes next.
//!
//! The order is that of [`controllers`], and within a controller that of the objects' places; what a garbage collector that lags
//! has yet to see comes last. The fair run goes round: the next step is the first enabled one after the last that was taken, so
//! that every step which stays enabled is taken.

mod agenda;

use crate::controller::handled;
use crate::controllers::garbage_collector::{NAME as GARBAGE_COLLECTOR, Sight};
use crate::footprint::Cell;
use crate::{
    Actor, Change, Controller, Fact, Key, Object, ObjectId, Outcome, Process, Request, Response, Rule, Wait, World,
    controllers, serve,
};

pub(crate) use agenda::Agenda;

/// A place in the round: a controller, as an index of [`controllers`], and an object.
pub(crate) type Place = (usize, ObjectId);

/// A step that can be taken now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enabled {
    /// Which controller, as an index of [`controllers`].
    pub controller: usize,
    /// Whose object it handles.
    pub id: ObjectId,
    /// Who acts.
    pub actor: Actor,
    /// The object's key.
    pub key: Key,
    /// By which rule.
    pub rule: Rule,
    /// What it sends.
    pub requests: Vec<Request>,
    /// What a garbage collector that lags sees, in a step that sends nothing.
    pub sight: Option<Sight>,
}

/// What a step did.
#[derive(Debug, Clone)]
pub struct Performed {
    /// What was sent, and the answers.
    pub requests: Vec<(Request, Response)>,
    /// What changed.
    pub changes: Vec<Change>,
    /// What the garbage collector believes otherwise now.
    pub(crate) touched: Vec<Cell>,
    /// How often something came into one of its queues or left it, also where that comes to nothing.
    pub(crate) turns: usize,
}

impl Performed {
    /// The cells that were written.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        let changed = self.changes.iter().flat_map(Change::cells);
        changed.chain(self.touched.iter().copied())
    }
}

impl Enabled {
    /// Takes the step in a world in which it is enabled.
    pub fn perform(&self, world: &mut World) -> Performed {
        match self.sight {
            Some(sight) => world.sees(sight),
            None => controllers()[self.controller].take(world, self),
        }
        send(world, &self.requests)
    }
}

/// Sends requests, one after the other.
pub(crate) fn send(world: &mut World, requests: &[Request]) -> Performed {
    let mut changes = Vec::new();
    let answered = |request: &Request| {
        let (response, more) = serve(world, request);
        match changes.is_empty() {
            true => changes = more,
            false => changes.extend(more),
        }
        (request.clone(), response)
    };
    let requests = requests.iter().map(answered).collect();
    let (touched, turns) = world.touched();
    Performed { requests, changes, touched, turns }
}

/// Every enabled step.
pub fn enabled(world: &World) -> Vec<Enabled> {
    let all = controllers().iter().enumerate();
    let steps = all.flat_map(|(index, controller)| steps(world, index, *controller, ObjectId::FIRST));
    steps.chain(sights(world)).collect()
}

/// The first enabled step after this place in the round; past the end of the round it begins anew.
pub fn next(world: &World, after: Option<Place>) -> Option<Enabled> {
    let (at, from) = after.map_or((0, ObjectId::FIRST), |(at, id)| (at, id.next()));
    let from_here = |index: usize| if index == at { from } else { ObjectId::FIRST };
    let all = controllers();
    let rest = (at..all.len()).map(|index| (index, from_here(index)));
    let anew = (0..all.len().min(at + 1)).map(|index| (index, ObjectId::FIRST));
    let find = |(index, from): (usize, ObjectId)| steps(world, index, all[index], from).next();
    let of_sights = || {
        let mut sights: Vec<Enabled> = sights(world).collect();
        let first = sights.iter().position(|step| at == all.len() && step.id >= from).unwrap_or(0);
        (!sights.is_empty()).then(|| sights.swap_remove(first))
    };
    rest.map(find).find_map(|step| step).or_else(of_sights).or_else(|| anew.map(find).find_map(|step| step))
}

/// What a garbage collector that lags has yet to see: steps without a request, after those of all controllers.
fn sights(world: &World) -> impl Iterator<Item = Enabled> {
    let process = Process::ControllerManager;
    let actor = Actor { controller: GARBAGE_COLLECTOR, process };
    let sees = world.lags() && world.holds(&Fact::Runs(process));
    let sights = sees.then(|| world.sights()).into_iter().flatten();
    sights.map(move |(id, key, rule, sight)| Enabled {
        controller: controllers().len(),
        id,
        actor,
        key,
        rule,
        requests: Vec::new(),
        sight: Some(sight),
    })
}

/// Why a controller does not act on an object now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// It does: the step is enabled.
    Enabled,
    /// It has nothing to do with it.
    NotHandled,
    /// There is nothing for it to do.
    Idle,
    /// It waits.
    Waits(Wait),
    /// It would act, but its process does not run.
    DoesNotRun(Process),
}

/// Why a controller, an index of [`controllers`], does not act on an object now.
pub fn why_not(world: &World, controller: usize, object: &Object) -> WhyNot {
    let Some(controller) = controllers().get(controller) else {
        return WhyNot::NotHandled;
    };
    let watches = controller.kind().is_none_or(|kind| kind == object.key.kind);
    if !watches || !controller.handles(world, object) {
        return WhyNot::NotHandled;
    }
    let process = controller.process(world, object);
    let runs = world.holds(&Fact::Runs(process));
    match controller.reconcile(world, object) {
        Outcome::Idle => WhyNot::Idle,
        _ if !runs => WhyNot::DoesNotRun(process),
        Outcome::Wait(wait) => WhyNot::Waits(wait),
        Outcome::Write(..) => WhyNot::Enabled,
    }
}

fn steps<'w>(
    world: &'w World,
    index: usize,
    controller: &'w dyn Controller,
    from: ObjectId,
) -> impl Iterator<Item = Enabled> {
    handled(controller, world, from).filter_map(move |(id, object)| step_of(world, index, controller, id, object))
}

/// The step of a place, if it is enabled. The controller is one that watches the object's kind.
pub(crate) fn step_at(world: &World, (index, id): Place) -> Option<Enabled> {
    let controller = controllers()[index];
    let object = world.get(id).filter(|object| controller.handles(world, object))?;
    step_of(world, index, controller, id, object)
}

fn step_of(world: &World, index: usize, controller: &dyn Controller, id: ObjectId, object: &Object) -> Option<Enabled> {
    let (rule, requests) = controller.acts(world, object)?;
    let process = controller.process(world, object);
    world.holds(&Fact::Runs(process)).then(|| Enabled {
        controller: index,
        id,
        actor: Actor { controller: controller.name(), process },
        key: object.key,
        rule,
        requests,
        sight: None,
    })
}
