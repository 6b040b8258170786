//! A run of a script, with what a person breaks in it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use imbl::OrdSet;

use super::{Act, Break, Deed, Placement, Until};
use crate::controllers::longhorn::INSTANCE_SERVICE;
use crate::scheduler::Place;
use crate::{
    ApiService, Endpoint, Facet, Fact, Fault, Key, Kind, Name, Object, Process, Request, Timeline, Verb, World,
    dialled, kinds,
};

/// A run, where it stands: at its end.
#[derive(Clone)]
pub(super) struct Course {
    pub(super) timeline: Timeline,
    /// How many deeds of the script are done.
    done: usize,
    /// What is mended at the next rest.
    passing: BTreeSet<Fault>,
    /// Whether all was mended at the end: then nothing breaks any more.
    over: bool,
    /// How many steps it had at the last deed.
    since: usize,
    /// How many steps it had when its controllers were last not waited for; 0 if they always were.
    pub(super) hurried: usize,
    /// Whether its end is one: the controllers do not go on for ever, or for longer than was waited for.
    rests: bool,
    /// Where it was since something last struck.
    been: OrdSet<State>,
}

/// All that decides how a run goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    fingerprint: u64,
    round: Option<Place>,
    done: usize,
    passing: BTreeSet<Fault>,
    over: bool,
}

impl Course {
    pub(super) fn new(world: &World) -> Self {
        let timeline = Timeline::new(world.clone());
        let (passing, been) = (BTreeSet::new(), OrdSet::new());
        Self { timeline, done: 0, passing, over: false, since: 0, hurried: 0, rests: true, been }
    }

    /// The run that these placements lead to, as far as where the last of them has struck.
    pub(super) fn struck(world: &World, script: &[Deed<'_>], placements: &[Placement], limit: usize) -> Self {
        let mut course = Self::new(world);
        for placement in placements {
            while course.position() < placement.after && course.on(script, limit) {}
            course.strike(*placement);
        }
        course
    }

    pub(super) fn position(&self) -> usize {
        self.timeline.position()
    }

    pub(super) fn state(&self) -> State {
        State {
            fingerprint: self.timeline.world().fingerprint(),
            round: self.timeline.round(),
            done: self.done,
            passing: self.passing.clone(),
            over: self.over,
        }
    }

    /// What is still being deleted at the end, in order. Of controllers that do not come to rest nothing is said.
    pub(super) fn stuck(&self) -> Arc<[Key]> {
        let deleting = self.timeline.world().objects().filter(|(_, object)| self.rests && object.deleting());
        let stuck: BTreeSet<Key> = deleting.map(|(_, object)| object.key).collect();
        stuck.into_iter().collect()
    }

    /// Breaks something here.
    pub(super) fn strike(&mut self, placement: Placement) {
        self.been.clear();
        match placement.strikes {
            Break::Fault(fault) => {
                self.timeline.fault(fault, true);
                if placement.until == Until::Rest {
                    self.passing.insert(fault);
                }
            }
            Break::Kill(key) => {
                if let Some(request) = self.timeline.world().find(key).and_then(|pod| Request::kill(pod)) {
                    self.timeline.request(request);
                }
            }
        }
    }

    /// Goes on: a deed whose time has come, a step of a controller, or what comes at rest. Controllers that go round and round, or take
    /// more steps than the limit, are not waited for. `false` at the end.
    pub(super) fn on(&mut self, script: &[Deed<'_>], limit: usize) -> bool {
        if script.get(self.done).is_none_or(|deed| deed.after_rest) {
            let waits = self.been.insert(self.state()).is_none() && self.position() - self.since < limit;
            if waits && self.timeline.step() {
                return true;
            }
            if !waits {
                self.hurried = self.position();
                self.rests = self.deed(script);
                return self.rests;
            }
        }
        self.deed(script)
    }

    /// What comes at rest, or at once. `false` at the end.
    fn deed(&mut self, script: &[Deed<'_>]) -> bool {
        let deed = script.get(self.done);
        let at_once = deed.is_some_and(|deed| !deed.after_rest);
        if !at_once && !self.passing.is_empty() {
            let mended = std::mem::take(&mut self.passing);
            self.timeline.faults(mended.into_iter().map(|fault| (fault, false)).collect());
        } else if let Some(deed) = deed {
            self.done += 1;
            for act in (deed.acts)(self.timeline.world()) {
                match act {
                    Act::Request(request) => {
                        self.timeline.request(*request);
                    }
                    Act::Faults(faults) => self.timeline.faults(faults),
                }
            }
        } else if !self.over && self.timeline.world().faults().next().is_some() {
            self.over = true;
            self.timeline.end_faults();
        } else {
            return false;
        }
        self.since = self.position();
        true
    }

    /// What can strike here, and for how long.
    pub(super) fn strikes(&mut self, script: &[Deed<'_>], until: Option<Until>) -> VecDeque<(Break, Until)> {
        if self.over {
            return VecDeque::new();
        }
        // Without a rest before a deed to come, a fault is mended at the end either way.
        let rests = script.iter().skip(self.done).any(|deed| deed.after_rest);
        let untils: &[Until] = match (rests, until) {
            (true, None) => &[Until::Rest, Until::End],
            (true, Some(Until::Rest)) => &[Until::Rest],
            _ => &[Until::End],
        };
        let breaks = self.breaks();
        let each = |one: Break| {
            let lasting = if matches!(one, Break::Kill(_)) { &[Until::End] } else { untils };
            lasting.iter().map(move |&until| (one, until))
        };
        breaks.into_iter().flat_map(each).collect()
    }

    /// What is whole here and can break.
    fn breaks(&mut self) -> BTreeSet<Break> {
        let calls = self.timeline.enabled().into_iter().flat_map(|step| step.requests);
        let called = calls.filter_map(|request| match request.verb {
            Verb::Call(endpoint, _) => Some(endpoint),
            _ => None,
        });
        let mut addresses: BTreeSet<Endpoint> = called.collect();
        let world = self.timeline.world();
        let mut breaks = BTreeSet::from([Fault::Stopped(Process::ControllerManager)]);
        let mut kills = BTreeSet::new();
        let mut nodes: BTreeSet<Name> = BTreeSet::new();
        let mut longhorn = false;
        for (_, object) in world.objects() {
            let key = object.key;
            longhorn |= key.kind.group.as_str() == "longhorn.io";
            nodes.extend(object.facet.node());
            match &object.facet {
                Facet::Node(_) | Facet::LonghornNode(_) => {
                    nodes.insert(key.name);
                }
                Facet::Webhooks(_) | Facet::ApiService(ApiService { service: Some(_), .. }) => {
                    breaks.insert(Fault::Broken(key));
                }
                Facet::InstanceManager(manager) if !manager.ip.is_empty() => {
                    addresses.insert(Endpoint { ip: manager.ip, port: INSTANCE_SERVICE, of: key });
                }
                Facet::Pod(pod) => {
                    kills.extend(is_killed(world, object).then_some(Break::Kill(key)));
                    // So does that for which a pod tolerates a node that is lost.
                    let lost = world.has_fault(Fault::TimedOut(of_node(pod.node)));
                    breaks.extend((lost && !pod.tolerates && !object.deleting()).then_some(Fault::TimedOut(key)));
                }
                _ => {}
            }
        }
        for node in nodes {
            breaks.extend([Fault::Stopped(Process::Kubelet(node)), Fault::Cut(node)]);
            breaks.extend(longhorn.then_some(Fault::Stopped(Process::LonghornManager(node))));
            // Only of a node that nobody reaches does the time run out.
            let cut = world.has_fault(Fault::Cut(node));
            breaks.extend(cut.then(|| Fault::TimedOut(of_node(node))));
        }
        addresses.extend(dialled(world));
        breaks.extend(addresses.into_iter().map(Fault::Refused));
        let whole = |fault: &Fault| match fault {
            Fault::Stopped(process) => world.holds(&Fact::Runs(*process)),
            fault => !world.has_fault(*fault),
        };
        breaks.into_iter().filter(whole).map(Break::Fault).chain(kills).collect()
    }
}

fn of_node(node: Name) -> Key {
    Key::new(kinds::node(), Name::default(), node)
}

/// Whether a pod is one that somebody starts again and that others rest on: one of a StatefulSet or of a Longhorn object.
fn is_killed(world: &World, pod: &Object) -> bool {
    let rests_on = |kind: Kind| kind == kinds::stateful_set() || kind.group.as_str() == "longhorn.io";
    let ended = matches!(&pod.facet, Facet::Pod(pod) if matches!(pod.phase.as_str(), "Failed" | "Succeeded"));
    let of = |uid: Name| world.by_uid(uid).is_some_and(|owner| rests_on(owner.key.kind));
    !ended && pod.owners.iter().any(|owner| owner.controller && of(owner.uid))
}
