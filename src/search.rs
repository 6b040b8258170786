//! Every order of the steps, and every fault: searches that go on in slices, and the runs that they find.
//!
//! With a script the search is over what the script does: over the orders of its part after EXPLORE, or over the faults that strike it.
//! Without one it begins where the run stands.

use gordian_reconcile::explorer::{Ending, Exploration, Limits, Options, Phases, Race};
use gordian_reconcile::inject::{self, Injection, Injector};
use gordian_reconcile::{End, Profile, Timeline};
use serde::{Deserialize, Serialize};

use crate::branch::{AHEAD, Deed};
use crate::engine::{Document, Probe};

/// What a search asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// What do runs end in, whoever acts first?
    Orders,
    /// What do so many faults at the most leave stuck, wherever they strike?
    Faults(usize),
}

/// The most memory that a search over orders keeps in a browser, in bytes.
const BYTES: usize = 256 << 20;

/// As many worlds are looked at before the clock is asked again.
const TURN: usize = 8;

/// A search under way.
pub struct Search {
    question: Question,
    basis: Basis,
    /// What was done before it begins.
    before: Timeline,
    way: Way,
}

enum Way {
    Orders(Box<Phases<'static>>),
    Faults(Box<Injector<'static>>),
}

/// What a search's answer depends on: the world in which the run began, and its rules.
#[derive(Debug, Clone, PartialEq)]
struct Basis {
    fingerprint: u64,
    profile: Profile,
    lags: bool,
    /// What was decided of the assumptions there, in words that tell them apart.
    decided: Vec<(String, bool)>,
}

impl Basis {
    fn of(document: &Document) -> Self {
        let world = document.first_world();
        let decided = document.start().assumptions.iter();
        let decided = decided.filter_map(|it| Some((it.id.clone(), world.decided(&it.id)?)));
        Self {
            fingerprint: world.fingerprint(),
            profile: world.profile(),
            lags: world.lags(),
            decided: decided.collect(),
        }
    }
}

impl Search {
    /// A search that is to begin. The error is a sentence about an action of the script that cannot be played.
    pub fn new(document: &Document, question: Question) -> Result<Self, String> {
        let snapshot = document.snapshot();
        let parts = document.script().map(|script| gordian_actions::parts(script.to_vec()));
        let mut before = match &parts {
            Some(_) => Timeline::new(document.first_world().clone()),
            None => document.timeline_here(),
        };
        let way = match question {
            Question::Orders => {
                let mut phases = Vec::new();
                if let Some((script, explored)) = parts {
                    gordian_actions::play(&mut before, snapshot, &script, AHEAD)?;
                    if !explored.is_empty() {
                        before.run(AHEAD);
                    }
                    // What cannot be done in one order, cannot in any; the fair run tells.
                    gordian_actions::go_on(&mut before.clone(), snapshot, &explored, AHEAD)?;
                    phases = gordian_actions::rehearsal(snapshot, &explored, AHEAD);
                }
                let limits = Limits { bytes: BYTES, ..Limits::default() };
                let options = Options { limits, ..Options::default() };
                Way::Orders(Box::new(Phases::new(before.world(), options, phases)))
            }
            Question::Faults(budget) => {
                let (mut script, explored) = parts.unwrap_or_default();
                script.extend(explored);
                let limits = inject::Limits { steps: AHEAD, ..inject::Limits::default() };
                let deeds = gordian_actions::deeds(before.world(), snapshot, &script, limits.steps)?;
                let options = inject::Options { budget, until: None, limits };
                Way::Faults(Box::new(Injector::new(before.world(), deeds, options)))
            }
        };
        Ok(Self { question, basis: Basis::of(document), before, way })
    }

    /// What it asks.
    pub fn question(&self) -> Question {
        self.question
    }

    /// Whether it is about the world in which this run began, under the same rules.
    pub fn holds_for(&self, document: &Document) -> bool {
        self.basis == Basis::of(document)
    }

    /// Goes on until it is done, which gives `true`, or its time is over.
    pub fn advance(&mut self, is_over: impl Fn() -> bool) -> bool {
        loop {
            let done = match &mut self.way {
                Way::Orders(phases) => phases.advance(TURN),
                Way::Faults(injector) => injector.advance(1).done,
            };
            if done || is_over() {
                return done;
            }
        }
    }

    /// How many worlds were reached, or runs were taken.
    pub fn tried(&mut self) -> usize {
        match &mut self.way {
            Way::Orders(phases) => phases.states(),
            Way::Faults(injector) => injector.advance(0).runs,
        }
    }

    /// What was found up to now. Steps are counted from the beginning of the run.
    pub fn found(&mut self, stopped: bool) -> Found {
        let tried = self.tried();
        let steps = self.before.steps();
        let answer = match &self.way {
            Way::Orders(phases) => {
                let mut exploration = phases.exploration();
                for ending in &mut exploration.endings {
                    ending.shortest.splice(0..0, steps.iter().cloned());
                    ending.race.iter_mut().for_each(|race| race.at += steps.len());
                }
                // What gets stuck is what is looked for; of that, what happens most often.
                let rank = |end: &Ending| (end.end == End::Finished, -end.share);
                exploration
                    .endings
                    .sort_by(|one, other| rank(one).partial_cmp(&rank(other)).unwrap_or(std::cmp::Ordering::Equal));
                Answer::Orders(exploration)
            }
            Way::Faults(injector) => {
                let mut injection = injector.injection();
                for finding in &mut injection.findings {
                    finding.placements.iter_mut().for_each(|placement| placement.after += steps.len());
                    let mut run = self.before.clone();
                    run.replay(finding.run.steps());
                    finding.run = run;
                }
                Answer::Faults(Box::new(injection))
            }
        };
        Found {
            question: self.question,
            stopped: stopped.then_some(tried),
            basis: self.basis.clone(),
            first: self.before.clone(),
            answer,
        }
    }
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// What it asked.
    pub question: Question,
    /// After how many worlds, or runs, a person stopped it.
    pub stopped: Option<usize>,
    basis: Basis,
    /// What was done before it began.
    first: Timeline,
    /// What it found.
    pub answer: Answer,
}

/// What a search found, by what it asked.
#[derive(Debug)]
pub enum Answer {
    /// Every order.
    Orders(Exploration),
    /// Every fault.
    Faults(Box<Injection>),
}

impl PartialEq for Found {
    /// The same search only finds the same.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Found {
    /// Whether it is about the world in which this run began, under the same rules.
    pub fn holds_for(&self, document: &Document) -> bool {
        self.basis == Basis::of(document)
    }

    /// Looks at one of the runs, by its place among them, from its beginning or from where it was decided. `None` for one that is not there.
    pub fn follow(&self, document: &Document, index: usize, decided: bool, probe: &dyn Probe) -> Option<Document> {
        let (run, at, deed) = match &self.answer {
            Answer::Orders(exploration) => {
                let ending = exploration.endings.get(index)?;
                let mut run = Timeline::new(self.first.first().clone());
                run.replay(&ending.shortest);
                (run, ending.race.as_ref().map(|race: &Race| race.at), Deed::Order(ending.end))
            }
            Answer::Faults(injection) => {
                let finding = injection.findings.get(index)?;
                let at = finding.placements.first().map(|placement| placement.after);
                (finding.run.clone(), at, Deed::Struck(finding.placements.clone()))
            }
        };
        Some(document.along(run, at.filter(|_| decided).unwrap_or_default(), deed, probe))
    }
}

#[cfg(test)]
mod tests {
    use gordian_diagnose::Class;
    use gordian_reconcile::explorer::Verdict;

    use super::*;
    use crate::engine::Unmeasured;
    use crate::engine::tests::sample;

    fn found(document: &Document, question: Question) -> Found {
        let mut search = Search::new(document, question).expect("the script can be played");
        while !search.advance(|| false) {}
        search.found(false)
    }

    #[test]
    fn every_run_that_is_found_is_stepped_through_as_it_was_found() {
        let document = sample("three-nodes");
        let found = found(&document, Question::Orders);
        let Answer::Orders(exploration) = &found.answer else { panic!("it asked for orders") };
        assert_eq!(exploration.verdict(), Verdict::Sometimes);
        assert!(found.holds_for(&document));
        for (index, ending) in exploration.endings.iter().enumerate() {
            let run = found.follow(&document, index, false, &Unmeasured).expect("it is there");
            assert_eq!((run.position(), run.steps(), run.end()), (0, ending.shortest.as_slice(), ending.end));
            let last = run.jump(usize::MAX, &Unmeasured);
            assert_eq!(last.world().fingerprint(), ending.world.fingerprint());
            let deadlocks = last.now().findings.iter().filter(|finding| finding.class == Class::Deadlock).count();
            assert_eq!(deadlocks, usize::from(ending.end == End::Stuck), "{index}");
            let again = found.follow(&last, index, false, &Unmeasured).expect("it is there");
            assert_eq!((again.branches().count(), again.position()), (last.branches().count(), 0));
        }
        let race = exploration.endings[0].race.as_ref().expect("it was decided");
        let decided = found.follow(&document, 0, true, &Unmeasured).expect("it is there");
        let instead = |step: &gordian_reconcile::scheduler::Enabled| Some(step.actor) == race.instead.actor;
        assert_eq!(decided.position(), race.at);
        assert!(decided.enabled().iter().any(instead));
        assert!(found.follow(&document, exploration.endings.len(), false, &Unmeasured).is_none());
    }

    #[test]
    fn without_a_script_a_search_begins_where_the_run_stands() {
        let fix = Profile::named("after-3719").expect("the profile");
        let document = sample("longhorn-10791").with_profile(fix, &Unmeasured).jump(3, &Unmeasured);
        let orders = found(&document, Question::Orders);
        let Answer::Orders(exploration) = &orders.answer else { panic!("it asked for orders") };
        assert_eq!(exploration.verdict(), Verdict::Always);
        assert!(exploration.endings.iter().all(|ending| ending.shortest[..3] == document.steps()[..3]));
        let faults = found(&document, Question::Faults(1));
        let Answer::Faults(injection) = &faults.answer else { panic!("it asked for faults") };
        assert!(injection.runs > 0);
        assert!(injection.findings.iter().all(|finding| finding.run.steps()[..3] == document.steps()[..3]));
    }
}
