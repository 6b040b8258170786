//! How a run came about: what a person did to it, small enough to travel in an address.
//!
//! What happens in between is fair, so it comes again by itself. A run that was found by a search is not told this way.

use gordian_reconcile::{Fault, Key, Propagation};
use serde::{Deserialize, Serialize};

use crate::link;

/// One thing that a person did, and after how many steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// How many steps had been taken.
    pub at: usize,
    /// What was done.
    pub what: What,
}

/// What a person does to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Decided an assumption, by its id.
    Assume(String, bool),
    /// Took a step, by its place among those that were enabled.
    Take(usize),
    /// Deleted an object.
    Delete(Key, Propagation),
    /// Killed a pod.
    Kill(Key),
    /// Broke something (`true`), or mended it.
    Fault(Fault, bool),
    /// Mended all that was broken.
    EndFaults,
    /// Tried a remedy, by its finding and its place there.
    Remedy(String, usize),
    /// Played the script.
    Play,
}

/// What was done to a run, in order; `None` where it cannot be told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deeds(Option<Vec<(Done, usize)>>);

impl Deeds {
    /// A run that nothing was done to.
    pub(crate) fn none() -> Self {
        Self(Some(Vec::new()))
    }

    /// What was decided before the run began: it holds for another run from the same beginning.
    pub(crate) fn of_the_beginning(&self) -> Self {
        let decided = self.0.iter().flatten().filter(|(done, _)| matches!(done.what, What::Assume(..)));
        Self(Some(decided.cloned().collect()))
    }

    /// Those that led to where a number of steps were taken.
    pub(crate) fn until(&self, position: usize) -> Self {
        Self(self.0.as_ref().map(|deeds| deeds.iter().filter(|(_, led_to)| *led_to <= position).cloned().collect()))
    }

    /// Something was done after `at` steps, which led to where `led_to` steps were taken. What had been done later is undone.
    pub(crate) fn push(&mut self, at: usize, led_to: usize, what: What) {
        *self = self.until(at);
        if let Some(deeds) = &mut self.0 {
            deeds.push((Done { at, what }, led_to));
        }
    }

    /// Whether it is just this that was done.
    pub(crate) fn are(&self, told: &[Done]) -> bool {
        self.0.as_ref().is_some_and(|deeds| deeds.iter().map(|(done, _)| done).eq(told))
    }

    /// What an address says of them.
    pub(crate) fn told(&self) -> Vec<Done> {
        self.0.iter().flatten().map(|(done, _)| done.clone()).collect()
    }
}

/// What was done, as it stands in an address; empty where nothing was.
pub(crate) fn code(deeds: &[Done]) -> String {
    match deeds {
        [] => String::new(),
        deeds => serde_json::to_string(deeds).map(|text| link::pack(&text)).unwrap_or_default(),
    }
}

/// What [`code`] wrote; of what cannot be read, nothing.
pub(crate) fn from_code(code: &str) -> Vec<Done> {
    link::unpack(code).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::{PROFILES, Process};

    use super::*;
    use crate::breaks::Break;
    use crate::engine::tests::sample;
    use crate::engine::{Document, Unmeasured};

    /// Something that a person could do, by a number.
    fn done(document: &Document, choice: usize, number: usize) -> Document {
        let probe = &Unmeasured;
        let keys: Vec<Key> = document.world().objects().map(|(_, object)| object.key).collect();
        let findings = document.findings();
        let enabled = document.enabled();
        match choice {
            0 => enabled.get(number % enabled.len().max(1)).map_or(document.clone(), |step| document.take(step, probe)),
            1 => document.delete(keys[number % keys.len()], Propagation::Foreground, probe),
            2 => document.break_it(Break::Fault(Fault::Stopped(Process::ControllerManager)), probe),
            3 => document.mend(Fault::Stopped(Process::ControllerManager), probe),
            4 => document.end_faults(probe),
            5 => findings
                .first()
                .map_or(document.clone(), |(finding, _)| document.attempt(&finding.id, number % 3, probe)),
            6 => document.give_up(),
            7 => document.branch_here(probe),
            8 => document.switch(1 + number % 3),
            9 => document.with_profile(PROFILES[number % PROFILES.len()], probe),
            10 => document.lagging(number.is_multiple_of(2), probe),
            11 => document.judge(probe),
            12 => match document.start().assumptions.get(number % document.start().assumptions.len().max(1)) {
                Some(assumption) => document.assuming(&assumption.id, !assumption.value, probe),
                None => document.clone(),
            },
            13 => document.break_it(Break::Kill(keys[number % keys.len()]), probe),
            _ => document.jump(number % (document.steps().len() + 1), probe),
        }
    }

    #[test]
    fn a_run_comes_about_again_from_what_was_done() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |limit: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % limit as u64).unwrap_or_default()
        };
        let mut told = 0;
        for id in ["longhorn-10791", "absent-controller", "webhook-gone", "owner-ring"] {
            let fresh = sample(id);
            for _ in 0..40 {
                let mut there = fresh.clone();
                for _ in 0..below(9) {
                    there = done(&there, below(18), below(1000));
                }
                let deeds = from_code(&code(&there.deeds()));
                let (profile, lags) = (there.first_world().profile(), there.world().lags());
                let here = fresh.with_deeds(profile, lags, &deeds, &Unmeasured).jump(there.position(), &Unmeasured);
                assert_eq!(here.world().fingerprint(), there.world().fingerprint(), "{id}: {deeds:?}");
                assert_eq!(
                    (here.position(), here.steps().len(), here.end()),
                    (there.position(), there.steps().len(), there.end())
                );
                assert_eq!(here.deeds(), deeds);
                told += deeds.len();
            }
        }
        assert!(told > 150, "{told}");
    }

    #[test]
    fn a_script_is_played_again_and_what_cannot_be_done_is_left_out() {
        let fresh = sample("three-nodes");
        let played = fresh.play(&Unmeasured).expect("it can be played").jump(3, &Unmeasured);
        let deeds = played.deeds();
        let again = fresh.with_deeds(fresh.profile(), false, &deeds, &Unmeasured).jump(3, &Unmeasured);
        assert_eq!(again.world().fingerprint(), played.world().fingerprint());

        let nothing = [What::Take(10_000), What::Remedy("none".into(), 7)].map(|what| Done { at: 0, what });
        let same = fresh.with_deeds(fresh.profile(), false, &nothing, &Unmeasured);
        assert_eq!(same.world().fingerprint(), fresh.world().fingerprint());
        assert_eq!(same.deeds(), []);
        assert_eq!((code(&[]), from_code(""), from_code("eJw")), (String::new(), Vec::new(), Vec::new()));
    }
}
