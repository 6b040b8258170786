//! What was loaded, and the run that is stepped through.
//!
//! A [`Document`] is a value: whatever a person does gives the next one, and what did not change is shared.

use std::collections::BTreeMap;
use std::rc::Rc;

use gordian_diagnose::{Diagnosis, Finding, Remedy, apply, diagnose};
use gordian_reconcile::scheduler::{Enabled, enabled};
use gordian_reconcile::{End, Key, Kind, Name, PROFILES, Profile, Propagation, Request, Step, Timeline, World, load};
use gordian_snapshot::{Object, Problem, Snapshot};

/// A part of the work, as profilers and tests know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

/// Measures nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unmeasured;

impl Probe for Unmeasured {
    fn start(&self, _: Phase) {}
    fn end(&self, _: Phase) {}
}

/// Does a part of the work, measured.
pub fn measured<T>(probe: &dyn Probe, phase: Phase, work: impl FnOnce() -> T) -> T {
    probe.start(phase);
    let done = work();
    probe.end(phase);
    done
}

/// A text to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// A file's name, or what stands for one.
    pub name: String,
    /// Its bytes.
    pub bytes: Rc<[u8]>,
}

/// How far a run is followed ahead of where the reader stands.
const AHEAD: usize = 2_000;

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

/// A remedy that is being tried, and the run as it was before.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The id of the finding that it frees.
    pub finding: String,
    /// Which of the finding's remedies.
    pub remedy: usize,
    before: Rc<Run>,
}

/// A run and what is said of it.
#[derive(Debug, Clone)]
struct Run {
    timeline: Timeline,
    /// How it ends, as far as it was followed.
    end: End,
    /// What was said of the world in which it began.
    start: Rc<Diagnosis>,
    /// What is said of the world where it stands.
    now: Rc<Diagnosis>,
    /// What was said of the worlds of this run, by fingerprint: going back and forth costs nothing.
    said: Rc<BTreeMap<u64, Rc<Diagnosis>>>,
}

/// Everything that was loaded, and the run from it.
#[derive(Debug, Clone)]
pub struct Document {
    snapshot: Rc<Snapshot>,
    objects: Rc<BTreeMap<Key, usize>>,
    sample: Option<&'static str>,
    forecasts: Rc<Vec<Forecast>>,
    /// The profile that the dump itself tells.
    told: Profile,
    run: Run,
    trial: Option<Trial>,
}

impl Document {
    /// Reads texts, on top of what was loaded before. `None` when there is no object in any of them; the problems say why.
    pub fn load(
        before: Option<&Self>,
        inputs: &[Input],
        sample: Option<&'static str>,
        probe: &dyn Probe,
    ) -> (Option<Self>, Vec<Problem>) {
        let mut snapshot = before.map_or_else(Snapshot::default, |document| Snapshot::clone(&document.snapshot));
        let sources = snapshot.sources.len();
        let problems = measured(probe, Phase::Parse, || {
            let each = inputs.iter().flat_map(|input| snapshot.add(&input.name, &input.bytes));
            each.collect()
        });
        if snapshot.sources.len() == sources {
            return (before.cloned(), problems);
        }
        let world = measured(probe, Phase::Graph, || load(&snapshot));
        let key = |object: &Object| {
            Key::new(
                Kind::of(&object.api_version, &object.kind),
                Name::new(&object.metadata.namespace),
                Name::new(&object.metadata.name),
            )
        };
        let objects = snapshot.objects.iter().map(key).zip(0..).collect();
        let told = world.profile();
        let document = Self {
            forecasts: Rc::new(forecasts(&world)),
            run: Run::new(world, probe),
            snapshot: Rc::new(snapshot),
            objects: Rc::new(objects),
            sample,
            told,
            trial: None,
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

    /// The loaded text of an object, if it was loaded and not made in the run.
    pub fn loaded(&self, key: Key) -> Option<&Object> {
        self.objects.get(&key).and_then(|&index| self.snapshot.objects.get(index))
    }

    /// The world where the run stands.
    pub fn world(&self) -> &World {
        self.run.timeline.world()
    }

    /// The world in which the run began.
    pub fn first_world(&self) -> &World {
        self.run.timeline.first()
    }

    /// What was said of the world in which the run began. It stays while a remedy is tried.
    pub fn start(&self) -> &Rc<Diagnosis> {
        &self.run.start
    }

    /// What is said of the world where the run stands.
    pub fn now(&self) -> &Rc<Diagnosis> {
        &self.run.now
    }

    /// A finding by its id: of the beginning, or of where the run stands.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        let both = self.run.start.findings.iter().chain(&self.run.now.findings);
        both.into_iter().find(|finding| finding.id == id)
    }

    /// The findings of the beginning, each with whether it still holds, and then those that came since.
    pub fn findings(&self) -> Vec<(&Finding, bool)> {
        let (start, now) = (&self.run.start.findings, &self.run.now.findings);
        let holds = |id: &str| now.iter().any(|finding| finding.id == id);
        let knew = |id: &str| start.iter().any(|finding| finding.id == id);
        let old = start.iter().map(|finding| (finding, holds(&finding.id)));
        let new = now.iter().filter(|finding| !knew(&finding.id));
        old.chain(new.map(|finding| (finding, true))).collect()
    }

    /// How many steps were taken to where the run stands.
    pub fn position(&self) -> usize {
        self.run.timeline.position()
    }

    /// Every step of the run, those ahead included.
    pub fn steps(&self) -> &[Step] {
        self.run.timeline.steps()
    }

    /// The step that led here.
    pub fn step(&self) -> Option<&Step> {
        self.steps().get(self.position().checked_sub(1)?)
    }

    /// How the run ends.
    pub fn end(&self) -> End {
        self.run.end
    }

    /// How many objects are being deleted at the end of the run.
    pub fn deleting_at_end(&self) -> usize {
        deleting(&self.run.timeline.world_at(self.steps().len()))
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
        self.told
    }

    /// How the run ends under each profile; empty where there are no profiles to choose from.
    pub fn forecasts(&self) -> &[Forecast] {
        &self.forecasts
    }

    /// The remedy that is being tried.
    pub fn trial(&self) -> Option<(&Trial, &Remedy)> {
        let trial = self.trial.as_ref()?;
        let remedy = self.finding(&trial.finding)?.remedies.get(trial.remedy)?;
        Some((trial, remedy))
    }

    /// Begins the run anew under another profile.
    pub fn with_profile(&self, profile: Profile, probe: &dyn Probe) -> Self {
        self.begin(self.first_world().with_profile(profile), probe)
    }

    /// Begins the run anew with an assumption decided.
    pub fn assuming(&self, id: &str, value: bool, probe: &dyn Probe) -> Self {
        self.begin(self.first_world().assuming(id, value), probe)
    }

    /// Goes to where a number of steps were taken.
    pub fn jump(&self, position: usize, probe: &dyn Probe) -> Self {
        self.rerun(probe, |timeline| timeline.jump(position))
    }

    /// Goes one step on.
    pub fn forward(&self, probe: &dyn Probe) -> Self {
        self.jump(self.position().saturating_add(1), probe)
    }

    /// Goes one step back.
    pub fn back(&self, probe: &dyn Probe) -> Self {
        self.jump(self.position().saturating_sub(1), probe)
    }

    /// Takes a step that is enabled here; the run goes on from it.
    pub fn take(&self, step: Enabled, probe: &dyn Probe) -> Self {
        self.rerun(probe, |timeline| timeline.take(step))
    }

    /// A person deletes an object; the run goes on from there.
    pub fn delete(&self, key: Key, policy: Propagation, probe: &dyn Probe) -> Self {
        let Some(object) = self.world().find(key).cloned() else {
            return self.clone();
        };
        self.rerun(probe, |timeline| {
            timeline.request(Request::delete(&object, Some(policy)));
        })
    }

    /// Tries a remedy where the run stands; the run goes on from there.
    pub fn attempt(&self, finding: &str, index: usize, probe: &dyn Probe) -> Self {
        let found = self.finding(finding);
        let Some(remedy) = found.and_then(|finding| finding.remedies.get(index)) else {
            return self.clone();
        };
        let before = match &self.trial {
            Some(trial) => Rc::clone(&trial.before),
            None => Rc::new(self.run.clone()),
        };
        // Remedies are tried one at a time, each on the run as it was.
        let mut fresh = self.clone();
        fresh.run = Run::clone(&before);
        // A remedy may change the rules or an assumption, so that what was said of equal objects holds no more.
        fresh.run.said = Rc::default();
        let mut document = fresh.rerun(probe, |timeline| {
            for intervention in &remedy.interventions {
                apply(timeline, intervention);
            }
        });
        document.trial = Some(Trial { finding: finding.to_owned(), remedy: index, before });
        document
    }

    /// Drops the remedy that is being tried.
    pub fn give_up(&self) -> Self {
        let mut document = self.clone();
        if let Some(trial) = document.trial.take() {
            document.run = Run::clone(&trial.before);
        }
        document
    }

    fn begin(&self, world: World, probe: &dyn Probe) -> Self {
        Self { run: Run::new(world, probe), trial: None, ..self.clone() }
    }

    fn rerun(&self, probe: &dyn Probe, change: impl FnOnce(&mut Timeline)) -> Self {
        let mut document = self.clone();
        measured(probe, Phase::Step, || document.run.change(probe, change));
        document
    }
}

impl Run {
    fn new(world: World, probe: &dyn Probe) -> Self {
        let said = measured(probe, Phase::Diagnose, || Rc::new(diagnose(&world)));
        let mut timeline = Timeline::new(world);
        let end = follow(&mut timeline);
        Self {
            said: Rc::new([(timeline.world().fingerprint(), Rc::clone(&said))].into()),
            timeline,
            end,
            start: Rc::clone(&said),
            now: said,
        }
    }

    fn change(&mut self, probe: &dyn Probe, change: impl FnOnce(&mut Timeline)) {
        change(&mut self.timeline);
        self.end = follow(&mut self.timeline);
        let fingerprint = self.timeline.world().fingerprint();
        let known = self.said.get(&fingerprint).cloned();
        self.now = known.unwrap_or_else(|| {
            let world = self.timeline.world();
            let said = measured(probe, Phase::Diagnose, || Rc::new(diagnose(world)));
            Rc::make_mut(&mut self.said).insert(fingerprint, Rc::clone(&said));
            said
        });
    }
}

/// Follows the fair run to its end, and comes back.
fn follow(timeline: &mut Timeline) -> End {
    let position = timeline.position();
    let limit = position.saturating_add(AHEAD);
    let end = timeline.run(limit);
    timeline.jump(position);
    end
}

fn deleting(world: &World) -> usize {
    world.objects().filter(|(_, object)| object.deleting()).count()
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
    use gordian_reconcile::Fact;

    use super::*;
    use crate::samples::Sample;

    pub(crate) fn sample(id: &str) -> Document {
        let sample = Sample::named(id).expect(id);
        let input = Input { name: sample.file.into(), bytes: sample.text.as_bytes().into() };
        let (document, problems) = Document::load(None, &[input], Some(sample.id), &Unmeasured);
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
        let ends: Vec<_> =
            before.forecasts().iter().map(|forecast| (forecast.profile.name, forecast.end, forecast.steps)).collect();
        assert_eq!(ends[0], ("before-3719", End::Stuck, 0));
        assert_eq!(ends[1], ("after-3719", End::Finished, 8));

        let fix = Profile::named("after-3719").expect("the profile");
        let after = before.with_profile(fix, &Unmeasured);
        assert_eq!((after.end(), after.steps().len()), (End::Finished, 8));
        assert_eq!(after.start().stuck, []);
        let last = after.jump(usize::MAX, &Unmeasured);
        assert_eq!(last.position(), 8);
        assert!(last.world().objects().all(|(_, object)| !object.deleting()));
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
        let taken = deleted.take(last, &Unmeasured);
        assert_eq!(taken.position(), 2);
        assert_eq!(taken.step().and_then(|step| step.object).map(|object| object.key), Some(key));
        assert_eq!(taken.back(&Unmeasured).position(), 1);
    }
}
