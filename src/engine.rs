//! What was loaded, and the run that is stepped through.
//!
//! A [`Document`] is a value: whatever a person does gives the next one, and what did not change is shared.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gordian_actions::Action;
use gordian_diagnose::{Diagnosis, Finding, Remedy, apply};
use gordian_reconcile::scheduler::{Enabled, enabled};
use gordian_reconcile::{
    End, Fault, Key, Kind, Name, PROFILES, Profile, Propagation, Request, Step, Timeline, World, load,
};
use gordian_snapshot::{Object, Problem, Snapshot};
use serde::{Deserialize, Serialize};

use crate::branch::{AHEAD, Branch, Deed, Run, Trial, deleting};
use crate::breaks::Break;
use crate::deeds::{Done, What};
use crate::find::KindNames;
use crate::inspect::Chronicle;
use crate::listing::{Listed, Listing};

/// A part of the work, as profilers and tests know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Bytes from a file.
    Read,
    /// Text to snapshot.
    Parse,
    /// Snapshot to world.
    Graph,
    /// World to findings.
    Diagnose,
    /// World to drawing.
    Layout,
    /// Drawing to pixels.
    Paint,
    /// One thing that a person does to the run.
    Step,
}

impl Phase {
    /// The name of its User Timing measure.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "gordian:read",
            Self::Parse => "gordian:parse",
            Self::Graph => "gordian:graph",
            Self::Diagnose => "gordian:diagnose",
            Self::Layout => "gordian:layout",
            Self::Paint => "gordian:paint",
            Self::Step => "gordian:step",
        }
    }
}

/// Whoever measures how long the work takes. The work itself has no clock.
pub trait Probe {
    /// A part of the work begins.
    fn start(&self, phase: Phase);
    /// It ends.
    fn end(&self, phase: Phase);
    /// So many of its bytes are done.
    fn share(&self, done: usize, of: usize);
}

/// Measures nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unmeasured;

impl Probe for Unmeasured {
    fn start(&self, _: Phase) {}
    fn end(&self, _: Phase) {}
    fn share(&self, _: usize, _: usize) {}
}

/// Does a part of the work, measured.
pub fn measured<T>(probe: &dyn Probe, phase: Phase, work: impl FnOnce() -> T) -> T {
    probe.start(phase);
    let done = work();
    probe.end(phase);
    done
}

/// A text to load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// A file's name, or what stands for one.
    pub name: String,
    /// Its bytes. They go to the worker beside the action, as the browser holds them.
    #[serde(skip)]
    pub bytes: Rc<[u8]>,
}

/// How a run under one profile ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The profile.
    pub profile: Profile,
    /// How it ends.
    pub end: End,
    /// After how many steps.
    pub steps: usize,
    /// How many objects are being deleted at its end.
    pub deleting: usize,
}

impl Forecast {
    /// Whether the runs under two profiles come to the same: after as many steps, or with as many objects stuck.
    fn agrees(&self, other: &Self) -> bool {
        let much = |forecast: &Self| match forecast.end {
            End::Finished | End::Bounded => forecast.steps,
            End::Stuck => forecast.deleting,
        };
        self.end == other.end && much(self) == much(other)
    }
}

/// What a run comes to under profiles that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Under the first of them.
    pub first: Forecast,
    /// The last of them.
    pub last: Profile,
    /// Which of them is to be followed: the one that is, the one that the dump tells, or the one nearest to what is followed.
    pub profile: Profile,
}

/// Everything that was loaded, and the runs from it.
#[derive(Debug, Clone)]
pub struct Document {
    snapshot: Rc<Snapshot>,
    objects: Rc<BTreeMap<Key, usize>>,
    /// What the dump tells of time, read when it is asked for.
    chronicle: Rc<OnceCell<Chronicle>>,
    kind_names: Rc<KindNames>,
    listing: Listing,
    sample: Option<&'static str>,
    /// What a person does to it.
    script: Option<Rc<[Action]>>,
    forecasts: Rc<Vec<Forecast>>,
    /// The world that was loaded.
    loaded: World,
    /// The runs that are kept, one at least; they share what did not change.
    branches: Vec<Rc<Branch>>,
    /// The one that is looked at.
    at: usize,
}

impl Document {
    /// Reads texts, on top of what was loaded before: dumps, and beside them a script of what a person does. `None` when there is no object
    /// in any of them; the problems say why. A dump with a script is taken as whole.
    pub fn load(
        before: Option<&Self>,
        inputs: &[Input],
        sample: Option<&'static str>,
        probe: &dyn Probe,
    ) -> (Option<Self>, Vec<Problem>) {
        let mut snapshot = before.map_or_else(Snapshot::default, |document| Snapshot::clone(&document.snapshot));
        let sources = snapshot.sources.len();
        let mut read = None;
        let problems = measured(probe, Phase::Parse, || {
            let mut problems = Vec::new();
            let (of, mut done) = (inputs.iter().map(|input| input.bytes.len()).sum(), 0);
            for input in inputs {
                match script(&input.bytes).filter(|_| before.is_some() || inputs.len() > 1) {
                    Some(script) => read = Some(script),
                    None => {
                        let reached = |at: usize| probe.share(done + at, of);
                        problems.extend(snapshot.add_watched(&input.name, &input.bytes, &reached));
                    }
                }
                done += input.bytes.len();
            }
            problems
        });
        let nothing_new = snapshot.sources.len() == sources && (read.is_none() || before.is_none());
        if nothing_new {
            return (before.cloned(), problems);
        }
        let script = read.or_else(|| before.and_then(|document| document.script.clone()));
        let world = measured(probe, Phase::Graph, || load(&snapshot));
        let world = if script.is_some() { world.taken_as_whole() } else { world };
        let key = |object: &Object| {
            Key::new(
                Kind::of(&object.api_version, &object.kind),
                Name::new(&object.metadata.namespace),
                Name::new(&object.metadata.name),
            )
        };
        let objects = snapshot.objects.iter().map(key).zip(0..).collect();
        let document = Self {
            forecasts: Rc::new(forecasts(&world)),
            loaded: world.clone(),
            branches: vec![Rc::new(Branch::new(1, 0, Run::new(world, probe)))],
            at: 0,
            kind_names: Rc::new(KindNames::of(&snapshot)),
            listing: Listing::default(),
            snapshot: Rc::new(snapshot),
            objects: Rc::new(objects),
            chronicle: Rc::default(),
            sample,
            script,
        };
        (Some(document), problems)
    }

    /// The text that was loaded.
    pub fn snapshot(&self) -> &Rc<Snapshot> {
        &self.snapshot
    }

    /// The stable name of the sample that this is.
    pub fn sample(&self) -> Option<&'static str> {
        self.sample
    }

    /// What a person does to it, where that was loaded, too.
    pub fn script(&self) -> Option<&Rc<[Action]>> {
        self.script.as_ref()
    }

    /// The loaded text of an object, if it was loaded and not made in the run.
    pub fn loaded(&self, key: Key) -> Option<&Object> {
        self.objects.get(&key).and_then(|&index| self.snapshot.objects.get(index))
    }

    /// What the dump tells of time: its events, and its newest moment.
    pub fn chronicle(&self) -> &Chronicle {
        self.chronicle.get_or_init(|| Chronicle::of(&self.snapshot))
    }

    /// What the loaded definitions call their kinds.
    pub fn kind_names(&self) -> &KindNames {
        &self.kind_names
    }

    /// Every object that is or was there.
    pub fn listing(&self) -> &[Listed] {
        self.listing.of(self)
    }

    /// The branch that is looked at.
    pub fn branch(&self) -> &Branch {
        &self.branches[self.at]
    }

    /// Every branch that is kept, the oldest first.
    pub fn branches(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter().map(Rc::as_ref)
    }

    /// The branch with a number.
    pub fn numbered(&self, number: usize) -> Option<&Branch> {
        self.branches().find(|branch| branch.number() == number)
    }

    /// The world where the run stands.
    pub fn world(&self) -> &World {
        self.branch().world()
    }

    /// The world in which the run began.
    pub fn first_world(&self) -> &World {
        self.branch().first_world()
    }

    /// The world before the step that led here.
    pub fn world_before(&self) -> Option<&World> {
        self.branch().run.before.as_ref()
    }

    /// What was said of the world before the step that led here, if anybody looked at it.
    pub fn said_before(&self) -> Option<&Rc<Diagnosis>> {
        self.branch().run.said_of(self.world_before()?)
    }

    /// What was said of the world in which the run began. It stays while a remedy is tried.
    pub fn start(&self) -> &Rc<Diagnosis> {
        &self.branch().run.start
    }

    /// What is said of the world where the run stands.
    pub fn now(&self) -> &Rc<Diagnosis> {
        &self.branch().run.now
    }

    /// A finding by its id: of the beginning, or of where the run stands.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        let both = self.start().findings.iter().chain(&self.now().findings);
        both.into_iter().find(|finding| finding.id == id)
    }

    /// The findings of the beginning, each with whether it still holds, and then those that came since.
    pub fn findings(&self) -> Vec<(&Finding, bool)> {
        let (start, now) = (&self.start().findings, &self.now().findings);
        let holds = |id: &str| now.iter().any(|finding| finding.id == id);
        let knew = |id: &str| start.iter().any(|finding| finding.id == id);
        let old = start.iter().map(|finding| (finding, holds(&finding.id)));
        let new = now.iter().filter(|finding| !knew(&finding.id));
        old.chain(new.map(|finding| (finding, true))).collect()
    }

    /// How many steps were taken to where the run stands.
    pub fn position(&self) -> usize {
        self.branch().position()
    }

    /// Every step of the run, those ahead included.
    pub fn steps(&self) -> &[Step] {
        self.branch().steps()
    }

    /// The step that led here.
    pub fn step(&self) -> Option<&Step> {
        self.steps().get(self.position().checked_sub(1)?)
    }

    /// How the run ends.
    pub fn end(&self) -> End {
        self.branch().end()
    }

    /// How many objects are being deleted at the end of the run.
    pub fn deleting_at_end(&self) -> usize {
        self.branch().deleting_at_end()
    }

    /// The steps that can be taken here.
    pub fn enabled(&self) -> Vec<Enabled> {
        enabled(self.world())
    }

    /// Whether the dump has objects whose rules have profiles.
    pub fn has_profiles(&self) -> bool {
        !self.forecasts.is_empty()
    }

    /// The profile that the run follows.
    pub fn profile(&self) -> Profile {
        self.world().profile()
    }

    /// The profile that the dump itself tells.
    pub fn told_profile(&self) -> Profile {
        self.loaded.profile()
    }

    /// What the run comes to under each profile, oldest first, those together that agree; empty where there are no profiles to choose from,
    /// or nothing happens under any.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let mut passed = false;
        let outcome = |group: &[Forecast]| {
            let (first, last) = (*group.first()?, group.last()?.profile);
            let among = |profile: Profile| Some(profile).filter(|_| group.iter().any(|one| one.profile == profile));
            let followed = among(self.profile());
            let nearest = if passed { first.profile } else { last };
            passed |= followed.is_some();
            Some(Outcome { first, last, profile: followed.or(among(self.told_profile())).unwrap_or(nearest) })
        };
        let happens = self.forecasts.iter().any(|forecast| forecast.steps > 0 || forecast.deleting > 0);
        self.forecasts.chunk_by(Forecast::agrees).filter(|_| happens).filter_map(outcome).collect()
    }

    /// The remedy that is being tried.
    pub fn trial(&self) -> Option<(&Trial, &Remedy)> {
        let trial = self.branch().trial.as_ref()?;
        let remedy = self.finding(&trial.finding)?.remedies.get(trial.remedy)?;
        Some((trial, remedy))
    }

    /// Begins the run anew under another profile.
    pub fn with_profile(&self, profile: Profile, probe: &dyn Probe) -> Self {
        self.begin(self.first_world().with_profile(profile), Deed::Profile(profile), probe)
    }

    /// Begins the run anew with an assumption decided.
    pub fn assuming(&self, id: &str, value: bool, probe: &dyn Probe) -> Self {
        let decided = self.start().assumptions.iter().find(|assumption| assumption.id == id).cloned();
        let deed = decided.map(|decided| gordian_reconcile::Assumption { value, ..decided });
        let mut document =
            self.begin(self.first_world().assuming(id, value), deed.map_or(Deed::Nothing, Deed::Assume), probe);
        document.branch_mut().run.deeds.push(0, 0, What::Assume(id.to_owned(), value));
        document
    }

    /// Begins the run anew with a garbage collector that sees each change in a step of its own, or at once.
    pub fn lagging(&self, lags: bool, probe: &dyn Probe) -> Self {
        self.begin(self.first_world().with_lag(lags), Deed::Lag(lags), probe)
    }

    /// Goes to where a number of steps were taken.
    pub fn jump(&self, position: usize, probe: &dyn Probe) -> Self {
        let mut document = self.clone();
        measured(probe, Phase::Step, || document.branch_mut().run.go(probe, position));
        document
    }

    /// Goes one step on.
    pub fn forward(&self, probe: &dyn Probe) -> Self {
        self.jump(self.position().saturating_add(1), probe)
    }

    /// Goes one step back.
    pub fn back(&self, probe: &dyn Probe) -> Self {
        self.jump(self.position().saturating_sub(1), probe)
    }

    /// Takes a step that is enabled here; the run goes on from it. The step that comes next anyway is no other way.
    pub fn take(&self, step: &Enabled, probe: &dyn Probe) -> Self {
        let leads_to = |world: &World| {
            let mut world = world.clone();
            step.perform(&mut world);
            world.fingerprint()
        };
        let ahead = self.steps().get(self.position());
        let same = ahead.is_some_and(|ahead| ahead.actor == Some(step.actor) && ahead.rule == Some(step.rule));
        if same && ahead.map(|ahead| ahead.fingerprint) == Some(leads_to(self.world())) {
            return self.forward(probe);
        }
        let Some(index) = self.enabled().iter().position(|enabled| enabled == step) else { return self.clone() };
        self.depart(Deed::Take(step.actor, step.key), What::Take(index), probe, |timeline| timeline.take(step.clone()))
    }

    /// A person deletes an object; the run goes on from there.
    pub fn delete(&self, key: Key, policy: Propagation, probe: &dyn Probe) -> Self {
        let request = self.world().find(key).map(|object| Request::delete(object, Some(policy)));
        self.send(request, Deed::Delete(key), What::Delete(key, policy), probe)
    }

    /// A person breaks something; the run goes on from there.
    pub fn break_it(&self, what: Break, probe: &dyn Probe) -> Self {
        match what {
            Break::Fault(fault) => {
                let what = What::Fault(fault, true);
                self.depart(Deed::Fault(fault, true), what, probe, |timeline| timeline.fault(fault, true))
            }
            Break::Kill(key) => {
                let request = self.world().find(key).and_then(|object| Request::kill(object));
                self.send(request, Deed::Kill(key), What::Kill(key), probe)
            }
        }
    }

    /// A person mends one thing that is broken; the run goes on from there.
    pub fn mend(&self, fault: Fault, probe: &dyn Probe) -> Self {
        let what = What::Fault(fault, false);
        self.depart(Deed::Fault(fault, false), what, probe, |timeline| timeline.fault(fault, false))
    }

    /// A person mends all that is broken, in one step; the run goes on from there.
    pub fn end_faults(&self, probe: &dyn Probe) -> Self {
        self.depart(Deed::EndFaults, What::EndFaults, probe, Timeline::end_faults)
    }

    /// Goes to where the run rests with what is broken, and ends the faults there: what is stuck then is stuck for good.
    pub fn judge(&self, probe: &dyn Probe) -> Self {
        self.jump(usize::MAX, probe).end_faults(probe)
    }

    fn send(&self, request: Option<Request>, deed: Deed, what: What, probe: &dyn Probe) -> Self {
        match request {
            Some(request) => self.depart(deed, what, probe, |timeline| {
                timeline.request(request);
            }),
            None => self.clone(),
        }
    }

    /// The run up to where it stands.
    pub(crate) fn timeline_here(&self) -> Timeline {
        self.branch().run.timeline.branch(self.position())
    }

    /// Plays the script from the beginning, as one fair run; nothing changes where there is none. The error is a sentence about the
    /// action that cannot be played.
    pub fn play(&self, probe: &dyn Probe) -> Result<Self, String> {
        let Some(script) = &self.script else { return Ok(self.clone()) };
        let (mut script, explored) = gordian_actions::parts(script.to_vec());
        script.extend(explored);
        let mut timeline = Timeline::new(self.first_world().clone());
        gordian_actions::play(&mut timeline, &self.snapshot, &script, AHEAD)?;
        let mut document = self.along(timeline, 0, Deed::Script, probe);
        let run = &mut document.branch_mut().run;
        run.deeds = self.branch().run.deeds.of_the_beginning();
        run.deeds.push(0, 0, What::Play);
        Ok(document)
    }

    /// Looks at a run from the same beginning, after some of its steps: as a branch of its own, or the branch that it is already.
    pub fn along(&self, timeline: Timeline, at: usize, deed: Deed, probe: &dyn Probe) -> Self {
        let run = measured(probe, Phase::Step, || Run::along(timeline, at, probe));
        let begins = |world: &World| (world.fingerprint(), world.profile(), world.lags());
        let same = |branch: &Branch| {
            begins(branch.first_world()) == begins(run.timeline.first()) && branch.steps() == run.timeline.steps()
        };
        let known = self.branches().find(|branch| branch.run.seen > 0 && same(branch)).map(Branch::number);
        match known {
            Some(number) => self.switch(number).jump(at, probe),
            None => self.begin_run(run, deed),
        }
    }

    /// Tries a remedy where the run stands; the run goes on from there.
    pub fn attempt(&self, finding: &str, index: usize, probe: &dyn Probe) -> Self {
        let found = self.finding(finding);
        let Some(remedy) = found.and_then(|finding| finding.remedies.get(index)).cloned() else {
            return self.clone();
        };
        let mut document = self.clone();
        let branch = document.branch_mut();
        let before = match branch.trial.take() {
            Some(trial) => trial.before,
            None => Rc::new(branch.run.clone()),
        };
        // Remedies are tried one at a time, each on the run as it was.
        branch.run = Run::clone(&before);
        // A remedy may change the rules or an assumption, so that what was said of equal objects holds no more.
        branch.run.said = Rc::default();
        branch.trial = Some(Trial { finding: finding.to_owned(), remedy: index, before });
        measured(probe, Phase::Step, || {
            branch.run.depart(probe, What::Remedy(finding.to_owned(), index), |timeline| {
                remedy.interventions.iter().for_each(|intervention| apply(timeline, intervention));
            });
        });
        branch.name(Deed::Remedy(Box::new(remedy)));
        document
    }

    /// Drops the remedy that is being tried.
    pub fn give_up(&self) -> Self {
        let mut document = self.clone();
        document.branch_mut().give_up();
        document
    }

    /// Begins a branch where the run stands: what happens in it leaves this run as it is.
    pub fn branch_here(&self, probe: &dyn Probe) -> Self {
        let run = measured(probe, Phase::Step, || self.branch().run.branch());
        self.with_branch(run, self.position())
    }

    /// Looks at another branch. A number that no branch has changes nothing.
    pub fn switch(&self, number: usize) -> Self {
        let found = self.branches().position(|branch| branch.number() == number);
        Self { at: found.unwrap_or(self.at), ..self.clone() }
    }

    /// Forgets a branch. The last one stays.
    pub fn forget(&self, number: usize) -> Self {
        let mut document = self.clone();
        let found = self.branches().position(|branch| branch.number() == number);
        if let Some(index) = found.filter(|_| self.branches.len() > 1) {
            document.branches.remove(index);
            document.at = if index <= self.at { self.at.saturating_sub(1) } else { self.at };
        }
        document
    }

    fn branch_mut(&mut self) -> &mut Branch {
        Rc::make_mut(&mut self.branches[self.at])
    }

    fn with_branch(&self, run: Run, from: usize) -> Self {
        let mut document = self.clone();
        let last = self.branches().map(Branch::number).max().unwrap_or_default();
        document.at = document.branches.len();
        document.branches.push(Rc::new(Branch::new(last + 1, from, run)));
        document
    }

    /// Begins the run anew in another world. A run that was stepped through stays, and the new one is a branch of its own.
    fn begin(&self, world: World, deed: Deed, probe: &dyn Probe) -> Self {
        let mut run = Run::new(world, probe);
        run.deeds = self.branch().run.deeds.of_the_beginning();
        self.begin_run(run, deed)
    }

    fn begin_run(&self, run: Run, deed: Deed) -> Self {
        let mut document = self.with_run(run);
        document.branch_mut().name(deed);
        document
    }

    /// Another run from the beginning: in place of the one that is looked at, unless that was stepped through.
    fn with_run(&self, run: Run) -> Self {
        match self.branch().run.seen {
            0 => {
                let mut document = self.clone();
                let number = self.branch().number();
                *document.branch_mut() = Branch::new(number, 0, run);
                document
            }
            _ => self.with_branch(run, 0),
        }
    }

    /// Something else happens than what lies ahead. What was stepped through already is kept: then this is a branch of its own.
    fn depart(&self, deed: Deed, what: What, probe: &dyn Probe, change: impl FnOnce(&mut Timeline)) -> Self {
        let mut document = match self.position() < self.branch().run.seen {
            true => self.with_branch(self.branch().run.clone(), self.position()),
            false => self.clone(),
        };
        let branch = document.branch_mut();
        measured(probe, Phase::Step, || branch.run.depart(probe, what, change));
        branch.name(deed);
        document
    }

    /// What a person did to the run that is looked at, as far as it can be told.
    pub fn deeds(&self) -> Vec<Done> {
        self.branch().run.deeds.told()
    }

    /// The run in which just this was done, under these rules: one that is there, or one that is made. What cannot be done is left
    /// out, and all that comes after it.
    pub fn with_deeds(&self, profile: Profile, lags: bool, deeds: &[Done], probe: &dyn Probe) -> Self {
        let is_it = |branch: &Branch| {
            let world = branch.first_world();
            (world.profile(), world.lags()) == (profile, lags) && branch.run.deeds.are(deeds)
        };
        if let Some(number) = self.branches().find(|branch| is_it(branch)).map(Branch::number) {
            return self.switch(number);
        }
        let mut world = self.loaded.with_lag(lags);
        if world.profile() != profile {
            world = world.with_profile(profile);
        }
        let mut document = self.with_run(Run::new(world, probe));
        for Done { at, what } in deeds {
            let there = if document.position() == *at { document.clone() } else { document.jump(*at, probe) };
            if there.position() != *at {
                break;
            }
            document = match what {
                What::Assume(id, value) => there.assuming(id, *value, probe),
                What::Take(index) => match there.enabled().get(*index) {
                    Some(step) => there.take(step, probe),
                    None => break,
                },
                What::Delete(key, policy) => there.delete(*key, *policy, probe),
                What::Kill(key) => there.break_it(Break::Kill(*key), probe),
                What::Fault(fault, true) => there.break_it(Break::Fault(*fault), probe),
                What::Fault(fault, false) => there.mend(*fault, probe),
                What::EndFaults => there.end_faults(probe),
                What::Remedy(finding, index) => there.attempt(finding, *index, probe),
                What::Play => match there.play(probe) {
                    Ok(played) => played,
                    Err(_) => break,
                },
            };
        }
        document
    }
}

/// A script is a JSON array of actions; what it is not is read as a dump.
fn script(bytes: &[u8]) -> Option<Rc<[Action]>> {
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let script = begins.then(|| gordian_actions::read(bytes).ok()).flatten()?;
    (!script.is_empty()).then(|| script.into())
}

fn forecasts(world: &World) -> Vec<Forecast> {
    let forecast = |profile: Profile| {
        let mut timeline = Timeline::new(world.with_profile(profile));
        let end = timeline.run(AHEAD);
        Forecast { profile, end, steps: timeline.position(), deleting: deleting(timeline.world()) }
    };
    let has_profiles = world.objects().any(|(_, object)| object.key.kind.group.as_str() == "longhorn.io");
    match has_profiles {
        true => PROFILES.into_iter().map(forecast).collect(),
        false => Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use gordian_reconcile::{Fact, Process};

    use super::*;
    use crate::samples::Sample;

    pub(crate) fn sample(id: &str) -> Document {
        let sample = Sample::named(id).expect(id);
        let (document, problems) = Document::load(None, &sample.inputs(), Some(sample.id), &Unmeasured);
        assert_eq!(problems, []);
        document.expect(id)
    }

    fn text(name: &str, text: &str) -> Input {
        Input { name: name.into(), bytes: text.as_bytes().into() }
    }

    #[test]
    fn a_single_object_has_profiles_too() {
        let orphan = "apiVersion: longhorn.io/v1beta2\nkind: Orphan\nmetadata:\n  name: o\n";
        let (document, problems) = Document::load(None, &[text("orphan", orphan)], None, &Unmeasured);
        assert_eq!(problems, []);
        assert!(document.expect("an orphan is an object").has_profiles());
    }

    #[test]
    fn what_was_loaded_stays_when_the_next_text_is_broken() {
        let before = sample("owner-ring");
        for broken in ["", "<html></html>", "{\"kind\": \"Pod\"", "a:\n\tb: 1\n"] {
            let inputs = [text("broken", broken)];
            let (after, problems) = Document::load(Some(&before), &inputs, None, &Unmeasured);
            let after = after.expect("the document stays");
            assert_eq!(problems.len(), 1, "{broken:?}");
            assert_eq!(after.snapshot().objects.len(), before.snapshot().objects.len());
            let (none, problems) = Document::load(None, &inputs, None, &Unmeasured);
            assert!(none.is_none() && problems.len() == 1, "{broken:?}");
        }
    }

    #[test]
    fn the_longhorn_incident_finishes_only_with_the_fix() {
        let before = sample("longhorn-10791");
        assert_eq!(before.profile().name, "before-3719");
        assert_eq!((before.end(), before.steps().len()), (End::Stuck, 0));
        let end = |name: &str| {
            let forecast = before.forecasts.iter().find(|forecast| forecast.profile.name == name);
            forecast.map(|forecast| (forecast.end, forecast.steps))
        };
        assert_eq!(end("before-3719"), Some((End::Stuck, 0)));
        assert_eq!(end("after-3719"), Some((End::Finished, 8)));

        let fix = Profile::named("after-3719").expect("the profile");
        let after = before.with_profile(fix, &Unmeasured);
        assert_eq!((after.end(), after.steps().len()), (End::Finished, 8));
        assert_eq!(after.start().stuck, []);
        let last = after.jump(usize::MAX, &Unmeasured);
        assert_eq!(last.position(), 8);
        assert!(last.world().objects().all(|(_, object)| !object.deleting()));
    }

    #[test]
    fn profiles_that_agree_are_told_together() {
        let before = sample("longhorn-10791");
        let told = |document: &Document| -> Vec<[&str; 3]> {
            let names = |one: &Outcome| [one.first.profile.name, one.last.name, one.profile.name];
            document.outcomes().iter().map(names).collect()
        };
        assert_eq!(told(&before), [["v1.1.0", "before-3719", "before-3719"], ["after-3719", "v1.12.1", "after-3719"]]);
        let later = before.with_profile(Profile::named("v1.9.2").expect("the profile"), &Unmeasured);
        assert_eq!(told(&later), [["v1.1.0", "before-3719", "before-3719"], ["after-3719", "v1.12.1", "v1.9.2"]]);
        assert_eq!(sample("three-nodes").outcomes(), [], "nothing happens in health");
    }

    #[test]
    fn a_remedy_is_tried_and_given_up() {
        let before = sample("longhorn-10791");
        let finding = before.start().findings[0].clone();
        let tried = before.attempt(&finding.id, 0, &Unmeasured);
        assert_eq!(tried.end(), End::Finished);
        assert_eq!(tried.position(), 1);
        assert!(tried.step().is_some_and(|step| step.actor.is_none()));
        assert_eq!(tried.start().findings.len(), 1, "what it is about stays listed");
        let done = tried.jump(usize::MAX, &Unmeasured);
        assert_eq!(done.findings(), [(&finding, false)]);
        for remedy in 0..finding.remedies.len() {
            let other = done.attempt(&finding.id, remedy, &Unmeasured);
            assert_eq!(other.end(), End::Finished, "remedy {remedy}");
        }
        let given_up = done.give_up();
        assert_eq!((given_up.position(), given_up.end()), (0, End::Stuck));
        assert!(given_up.trial().is_none());
    }

    #[test]
    fn an_assumption_that_is_switched_changes_the_end() {
        let before = sample("absent-controller");
        assert_eq!(before.end(), End::Stuck);
        let Some(Fact::Runs(process)) = before.start().findings[0].roots.first() else {
            panic!("no process is missing");
        };
        let id = before.world().assumption(&Fact::Runs(*process)).id;
        let after = before.assuming(&id, true, &Unmeasured);
        assert_eq!(after.end(), End::Finished);
        assert_eq!(after.assuming(&id, false, &Unmeasured).end(), End::Stuck);
    }

    #[test]
    fn a_person_deletes_and_picks_the_order() {
        let before = sample("webhook-gone");
        let deployment = before
            .world()
            .objects()
            .map(|(_, object)| object.key)
            .find(|key| key.kind.is("apps", "Deployment"))
            .expect("a deployment");
        let deleted = before.delete(deployment, Propagation::Foreground, &Unmeasured);
        assert_eq!(deleted.position(), 1);
        assert!(deleted.steps().len() > 1, "the controllers go on");
        let last = deleted.enabled().pop().expect("a step");
        let key = last.key;
        let taken = deleted.take(&last, &Unmeasured);
        assert_eq!(taken.position(), 2);
        assert_eq!(taken.step().and_then(|step| step.object).map(|object| object.key), Some(key));
        assert_eq!(taken.back(&Unmeasured).position(), 1);
    }

    fn fixed() -> Document {
        let fix = Profile::named("after-3719").expect("the profile");
        sample("longhorn-10791").with_profile(fix, &Unmeasured)
    }

    const STOP: Break = Break::Fault(Fault::Stopped(Process::ControllerManager));

    #[test]
    fn what_was_only_foretold_is_not_kept_and_what_was_seen_is() {
        let before = fixed();
        let step = before.enabled().remove(0);
        let taken = before.take(&step, &Unmeasured).break_it(STOP, &Unmeasured);
        assert_eq!((taken.branches().count(), taken.position()), (1, 2));

        let seen = before.jump(5, &Unmeasured).jump(2, &Unmeasured);
        let parted = seen.break_it(STOP, &Unmeasured);
        let numbers: Vec<usize> = parted.branches().map(Branch::number).collect();
        assert_eq!((numbers, parted.branch().number(), parted.branch().from()), (vec![1, 2], 2, 2));
        assert_eq!(parted.branch().deed(), Some(&Deed::Fault(Fault::Stopped(Process::ControllerManager), true)));
        let kept = parted.switch(1);
        assert_eq!((kept.position(), kept.steps().len(), kept.end()), (2, 8, End::Finished));
        assert_eq!(kept.world().fingerprint(), seen.world().fingerprint());
        assert_eq!(kept.switch(9).branch().number(), 1, "a branch that is not there changes nothing");
    }

    #[test]
    fn the_step_that_comes_next_anyway_is_no_deviation() {
        let seen = fixed().jump(usize::MAX, &Unmeasured).jump(0, &Unmeasured);
        let next = seen.steps()[0].clone();
        let step = seen
            .enabled()
            .into_iter()
            .find(|step| Some(step.key) == next.object.map(|object| object.key))
            .expect("it is enabled");
        let taken = seen.take(&step, &Unmeasured);
        assert_eq!((taken.branches().count(), taken.position(), taken.steps().len()), (1, 1, 8));
    }

    #[test]
    fn branches_are_begun_and_forgotten_but_for_the_last() {
        let before = fixed().jump(3, &Unmeasured);
        let three = before.branch_here(&Unmeasured).branch_here(&Unmeasured);
        assert_eq!((three.branches().count(), three.branch().number(), three.branch().deed()), (3, 3, None));
        assert_eq!(three.world().fingerprint(), before.world().fingerprint());
        let two = three.forget(2);
        assert_eq!((two.branches().count(), two.branch().number()), (2, 3));
        let one = two.forget(3);
        assert_eq!((one.branches().count(), one.branch().number()), (1, 1));
        assert_eq!(one.forget(1).branches().count(), 1);
        assert_eq!(one.forget(7).branch().number(), 1);
    }

    #[test]
    fn a_run_that_was_stepped_through_stays_when_the_rules_change() {
        let fix = Profile::named("after-3719").expect("the profile");
        let tell = Profile::named("before-3719").expect("the profile");
        let stepped = fixed().jump(4, &Unmeasured);
        let other = stepped.with_profile(tell, &Unmeasured);
        assert_eq!((other.branches().count(), other.end()), (2, End::Stuck));
        let again = other.with_profile(fix, &Unmeasured);
        assert_eq!((again.branches().count(), again.end()), (2, End::Finished), "nothing was seen of it");
        let lags = again.lagging(true, &Unmeasured);
        assert!(lags.world().lags() && lags.steps().len() > again.steps().len());
        assert_eq!(lags.end(), End::Finished);
    }

    #[test]
    fn liveness_is_judged_after_the_faults_end() {
        let stopped = fixed().break_it(STOP, &Unmeasured);
        assert_eq!((stopped.end(), stopped.branch().faults_at_end()), (End::Stuck, 1));
        let judged = stopped.judge(&Unmeasured);
        assert_eq!((judged.end(), judged.world().faults().count()), (End::Finished, 0));
        assert_eq!(judged.position(), stopped.steps().len() + 1, "it ran to its rest first");
        let mended = stopped.mend(Fault::Stopped(Process::ControllerManager), &Unmeasured);
        assert_eq!((mended.end(), mended.position()), (End::Finished, 2));
    }

    #[test]
    fn a_trial_belongs_to_its_branch() {
        let before = sample("longhorn-10791").branch_here(&Unmeasured);
        let finding = before.start().findings[0].id.clone();
        let tried = before.attempt(&finding, 0, &Unmeasured);
        assert!(matches!(tried.branch().deed(), Some(Deed::Remedy(_))));
        assert!(tried.switch(1).trial().is_none() && tried.switch(2).trial().is_some());
        let given_up = tried.give_up();
        assert_eq!((given_up.end(), given_up.branch().deed()), (End::Stuck, None));
    }
}
