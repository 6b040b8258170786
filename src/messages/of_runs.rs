//! What the worker says of runs, and of what was loaded.

use gordian_actions::Told;
use gordian_reconcile::explorer::Ending;
use gordian_reconcile::scheduler::WhyNot;
use gordian_reconcile::{Actor, End, Fault, Key, Profile, Rule, Step, World};

use crate::branch::{Branch, Deed};
use crate::breaks::Break;
use crate::engine::Forecast;
use crate::search::Question;

/// Of which run a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichRun {
    /// The one that is looked at.
    This,
    /// Another branch, by its number.
    Branch(usize),
    /// One that is there no more.
    Gone,
}

/// What the worker says of runs, in one language. It is apart from what the page's own thread says, whose program is to know no world.
pub trait OfRuns {
    /// What kind of thing a box is, where it is no object.
    fn process_kind(&self) -> &'static str;
    /// As above: an address.
    fn address_kind(&self) -> &'static str;
    /// As above: a disk.
    fn disk_kind(&self) -> &'static str;
    /// The verdict where the run stands, beside that of its beginning.
    fn at_this_step(&self, verdict: &str) -> String;
    /// How a run under a profile ends.
    fn forecast(&self, forecast: &Forecast) -> String;
    /// How the run ends, said before it is stepped through.
    fn ahead(&self, end: End, left: usize, deleting: usize) -> String;
    /// What a branch is called.
    fn branch(&self, branch: &Branch) -> String;
    /// What a person did first in a branch.
    fn deed(&self, deed: &Deed) -> String;
    /// Why an actor does not act on an object now, or that it can.
    fn why_not(&self, world: &World, actor: Actor, key: Key, rule: Option<Rule>, why: &WhyNot) -> String;
    /// Whether an object is there.
    fn presence(&self, is_there: bool) -> &'static str;
    /// Whether an object is being deleted, and with how many seconds of grace.
    fn deletion(&self, grace: Option<u32>) -> String;
    /// Several literals; or that there are none.
    fn literals(&self, all: &[String]) -> String;
    /// Several things that were said already; or that there are none.
    fn several(&self, all: &[String]) -> String;
    /// An owner reference.
    fn owner(&self, kind: &str, name: &str, controller: bool, blocks: bool) -> String;
    /// That a person chose other rules than the dump tells.
    fn chosen_profile(&self, chosen: Profile, told: Profile) -> String;
    /// What a remedy that is tried does.
    fn trying(&self, remedy: &str) -> String;
    /// What taking a step would do, by its object.
    fn take(&self, object: &str, rule: &str) -> String;
    /// What several steps did, by the one that matters most.
    fn several_steps(&self, first: usize, last: usize, most: &str) -> String;
    /// What a person does in a step, where it is said already that it is a person.
    fn person_does(&self, step: &Step) -> String;
    /// What an action of a script does.
    fn action(&self, told: &Told<'_>) -> String;
    /// That a search was stopped there.
    fn stopped(&self, question: Question, n: usize) -> String;
    /// An end of a run: what becomes of it, how often, and after how many steps at the least.
    fn order(&self, ending: &Ending) -> String;
    /// That nothing is being deleted among so many objects, and what is to be done with the script beside them.
    fn script_waits(&self, objects: usize) -> String;
    /// Why a script cannot be played.
    fn unplayable(&self, why: &str) -> String;
    /// A file that could not be read at all.
    fn unreadable(&self, file: &str) -> String;
    /// What stands for a file's name when an address brought the text.
    fn linked(&self) -> &'static str;
    /// Which step a note is about.
    fn noted_step(&self, at: usize, run: WhichRun) -> String;
    /// The title of all notes, by the names of the files.
    fn notes_on(&self, names: &str) -> String;
    /// What a person could break.
    fn breaks(&self, what: Break) -> String;
    /// What is broken.
    fn broken(&self, fault: Fault) -> String;
    /// What mends it.
    fn mends(&self, fault: Fault) -> String;
}
