//! What the worker says of runs, in English.

use gordian_actions::Told;
use gordian_diagnose::messages::{English as Core, Messages};
use gordian_reconcile::explorer::Ending;
use gordian_reconcile::scheduler::WhyNot;
use gordian_reconcile::{Actor, End, Fault, Key, Process, Profile, Rule, Step, World};

use super::{English, capital, count};
use crate::branch::{Branch, Deed};
use crate::breaks::Break;
use crate::engine::Forecast;
use crate::messages::{Interface, OfRuns, Text, WhichRun};
use crate::search::Question;

impl OfRuns for English {
    fn process_kind(&self) -> &'static str {
        "Process"
    }

    fn address_kind(&self) -> &'static str {
        "Address"
    }

    fn disk_kind(&self) -> &'static str {
        "Disk"
    }

    fn at_this_step(&self, verdict: &str) -> String {
        format!("At this step: {verdict}")
    }

    fn forecast(&self, forecast: &Forecast) -> String {
        match forecast.end {
            End::Finished => {
                format!("finishes after {}", count(forecast.steps, "step", "steps"))
            }
            End::Stuck => format!("never finishes, {} stuck", forecast.deleting),
            End::Bounded => format!("not at rest after {} steps", forecast.steps),
        }
    }

    fn ahead(&self, end: End, left: usize, deleting: usize) -> String {
        match (end, left) {
            (End::Finished, 0) => "Nothing that was being deleted is left.".into(),
            (End::Finished, left) => format!("It finishes in {}.", count(left, "step", "steps")),
            (End::Stuck, 0) => format!(
                "It never finishes: nobody can act, and {} still being deleted.",
                count(deleting, "object is", "objects are")
            ),
            (End::Stuck, left) => format!(
                "It goes on for {}, and never finishes: {} stuck.",
                count(left, "step", "steps"),
                count(deleting, "object stays", "objects stay")
            ),
            (End::Bounded, left) => {
                format!("It is not at rest after {left} steps: it may go on for ever.")
            }
        }
    }

    fn branch(&self, branch: &Branch) -> String {
        let number = branch.number();
        match (branch.deed(), branch.from()) {
            (Some(Deed::Nothing) | None, 0) => format!("branch {number}"),
            (Some(Deed::Nothing) | None, from) => format!("branch {number}: from step {from}"),
            (Some(deed), _) => format!("branch {number}: {}", self.deed(deed)),
        }
    }

    fn deed(&self, deed: &Deed) -> String {
        match deed {
            Deed::Nothing => String::new(),
            Deed::Take(actor, key) => format!("{} first, with {}", Core.actor(*actor), Core.object(*key)),
            Deed::Delete(key) => format!("delete {}", Core.object(*key)),
            Deed::Kill(key) => format!("kill {}", Core.object(*key)),
            Deed::Fault(fault, true) => self.broken(*fault),
            Deed::Fault(fault, false) => self.mends(*fault),
            Deed::EndFaults => "all faults end".into(),
            Deed::Remedy(remedy) => Core.remedy(remedy),
            Deed::Profile(profile) => format!("Longhorn {}", self.profile(*profile)),
            Deed::Assume(assumption) => Core.assumption(assumption).0,
            Deed::Lag(true) => "the garbage collector lags".into(),
            Deed::Lag(false) => "the garbage collector does not lag".into(),
            Deed::Script => "the script".into(),
            Deed::Order(End::Finished) => "an order that finishes".into(),
            Deed::Order(End::Stuck | End::Bounded) => "an order that gets stuck".into(),
            Deed::Struck(placements) => {
                let strikes: Vec<String> = placements.iter().map(|placement| Core.strikes(placement.strikes)).collect();
                format!("a person {}", strikes.join(", "))
            }
        }
    }

    fn why_not(&self, world: &World, actor: Actor, key: Key, rule: Option<Rule>, why: &WhyNot) -> String {
        let who = Core.first_actor(actor);
        match why {
            WhyNot::Enabled => match rule.and_then(|rule| Core.rule(rule)) {
                Some(says) => format!("{who} can act: {says}."),
                None => format!("{who} can act."),
            },
            WhyNot::NotHandled => format!("{who} has nothing to do with it."),
            WhyNot::Idle => format!("{who} has nothing to do."),
            WhyNot::Waits(wait) => Core.wait(world, actor, key, wait),
            // These are called by their processes.
            WhyNot::DoesNotRun(Process::Kubelet(_) | Process::FinalizerController(_)) => {
                format!("{who} would act, but does not run.")
            }
            WhyNot::DoesNotRun(process) => format!("{who} would act, but {} does not run.", Core.process(*process)),
        }
    }

    fn presence(&self, is_there: bool) -> &'static str {
        if is_there { "there" } else { "not there" }
    }

    fn deletion(&self, grace: Option<u32>) -> String {
        match grace {
            None => "not being deleted".into(),
            Some(0) => "being deleted".into(),
            Some(seconds) => format!("being deleted, {seconds} s of grace left"),
        }
    }

    fn literals(&self, all: &[String]) -> String {
        self.several(&all.iter().map(|literal| format!("`{literal}`")).collect::<Vec<_>>())
    }

    fn several(&self, all: &[String]) -> String {
        if all.is_empty() { "none".into() } else { all.join(", ") }
    }

    fn owner(&self, kind: &str, name: &str, controller: bool, blocks: bool) -> String {
        let flags: Vec<&str> = [(controller, "controller"), (blocks, "blocks")]
            .into_iter()
            .filter_map(|(is, flag)| is.then_some(flag))
            .collect();
        match flags.is_empty() {
            true => format!("{kind} `{name}`"),
            false => format!("{kind} `{name}` ({})", flags.join(", ")),
        }
    }

    fn chosen_profile(&self, chosen: Profile, told: Profile) -> String {
        format!(
            "The run follows Longhorn {}, as you chose; the dump tells {}.",
            self.profile(chosen),
            self.profile(told)
        )
    }

    fn trying(&self, remedy: &str) -> String {
        format!("Trying: {remedy}.")
    }

    fn take(&self, object: &str, rule: &str) -> String {
        format!("{object}: {rule}")
    }

    fn several_steps(&self, first: usize, last: usize, most: &str) -> String {
        format!("Steps {first} to {last}, among them: {most}")
    }

    fn person_does(&self, step: &Step) -> String {
        let says = Core.step(step);
        capital(says.trim_start_matches("A person ").trim_end_matches('.'))
    }

    fn action(&self, told: &Told<'_>) -> String {
        match told {
            Told::Command(command) => format!("`{command}`"),
            Told::Request(verb, key) => capital(&format!("{verb} {}", Core.object(*key))),
            Told::Fault(fault, true) => self.breaks(Break::Fault(*fault)),
            Told::Fault(fault, false) => capital(&self.mends(*fault)),
            Told::MendAll => self.text(Text::EndFaults).into(),
            Told::Kill(key) => self.breaks(Break::Kill(*key)),
            Told::Explore => "Every order is tried of what comes after this.".into(),
            Told::Checkpoint => "The controllers come to rest.".into(),
            Told::Other(verb, name) => format!("{verb} `{name}`"),
        }
    }

    fn stopped(&self, question: Question, n: usize) -> String {
        format!("Stopped after {}: of what lies beyond nothing is said.", self.tried(question, n))
    }

    fn order(&self, ending: &Ending) -> String {
        let share = match ending.share * 100.0 {
            share if share < 0.1 => "less than 0.1".into(),
            share => format!("{share:.1}"),
        };
        let what = match ending.end {
            End::Finished => "Finished".into(),
            End::Stuck | End::Bounded => {
                let stuck = ending.world.objects().filter(|(_, object)| object.deleting()).count();
                format!("{} stuck", count(stuck, "object", "objects"))
            }
        };
        let steps = count(ending.shortest.len(), "step", "steps");
        format!("{what}, in {share} % of the runs. The shortest takes {steps}.")
    }

    fn script_waits(&self, objects: usize) -> String {
        format!(
            "Nothing is being deleted here, among {}: play the script in the stepper, or try every order of what comes of it.",
            count(objects, "object", "objects")
        )
    }

    fn unplayable(&self, why: &str) -> String {
        format!("The script cannot be played: {why}.")
    }

    fn unreadable(&self, file: &str) -> String {
        format!("{file}: the browser could not read this file. Is it still there?")
    }

    fn linked(&self) -> &'static str {
        "a link"
    }

    fn noted_step(&self, at: usize, run: WhichRun) -> String {
        match run {
            WhichRun::This => format!("Step {at}"),
            WhichRun::Branch(number) => format!("Step {at} of branch {number}"),
            WhichRun::Gone => format!("Step {at} of a run that is not here"),
        }
    }

    fn notes_on(&self, names: &str) -> String {
        format!("Notes on {names}")
    }

    fn breaks(&self, what: Break) -> String {
        match what {
            Break::Kill(key) => format!("Kill the {}", Core.object(key)),
            Break::Fault(Fault::Stopped(process)) => format!("Stop {}", Core.process(process)),
            Break::Fault(Fault::Cut(node)) => format!("Cut the node {node} off the network"),
            Break::Fault(Fault::Broken(key)) => format!("Break the {}", Core.object(key)),
            Break::Fault(Fault::Refused(endpoint)) => {
                format!("Refuse connections to `{}:{}`", endpoint.ip, endpoint.port)
            }
            Break::Fault(Fault::TimedOut(key)) => format!("Let the time of the {} run out", Core.object(key)),
        }
    }

    fn broken(&self, fault: Fault) -> String {
        match fault {
            Fault::Stopped(process) => format!("{} is stopped", Core.process(process)),
            Fault::Cut(node) => format!("node {node} is cut off"),
            Fault::Broken(key) => format!("{} is broken", Core.object(key)),
            Fault::Refused(endpoint) => format!("`{}:{}` refuses connections", endpoint.ip, endpoint.port),
            Fault::TimedOut(key) => format!("the time of {} ran out", Core.object(key)),
        }
    }

    fn mends(&self, fault: Fault) -> String {
        match fault {
            Fault::Stopped(process) => format!("start {}", Core.process(process)),
            Fault::Cut(node) => format!("connect node {node} with the network"),
            Fault::Broken(key) => format!("mend the {}", Core.object(key)),
            Fault::Refused(endpoint) => format!("accept connections to `{}:{}`", endpoint.ip, endpoint.port),
            Fault::TimedOut(key) => format!("let the time of the {} begin anew", Core.object(key)),
        }
    }
}
