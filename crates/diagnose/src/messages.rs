//! The words. Every sentence of the core that a person reads is made here, from structures that know no language; a second
//! language is one more file beside `english.rs`.
//!
//! Text between backticks is a literal: a finalizer, an address, a field.

mod english;

use gordian_reconcile::explorer::{Ending, Exploration, Lasso, Race};
use gordian_reconcile::inject::{self, Break, Injection, Placement};
use gordian_reconcile::{
    Actor, Assumption, Change, End, Entry, Evidence, Fact, Fault, Key, ObjectRef, Process, Request, Response, Risk,
    Rule, Step, Wait, World,
};
use gordian_snapshot::Problem;

use crate::{Arrow, Behind, Class, Diagnosis, Finding, Intervention, Remedy, Spot};

pub use english::English;

/// What is said, in one language.
pub trait Messages {
    /// What could not be read: what, where, what to do.
    fn problem(&self, problem: &Problem) -> String;
    /// A snapshot in which nothing is being deleted.
    fn nothing_deleting(&self, objects: usize) -> String;
    /// A diagnosis in one sentence.
    fn verdict(&self, diagnosis: &Diagnosis) -> String;
    /// The name of a class.
    fn class(&self, class: Class) -> &'static str;
    /// A finding's headline.
    fn title(&self, world: &World, finding: &Finding) -> String;
    /// How much a finding holds.
    fn extent(&self, finding: &Finding) -> String;
    /// A finding in full, one sentence an arrow.
    fn explanation(&self, world: &World, finding: &Finding) -> Vec<String>;
    /// One wait as a sentence.
    fn arrow(&self, world: &World, arrow: &Arrow) -> String;
    /// One wait as a label in the drawing.
    fn arrow_label(&self, arrow: &Arrow) -> String;
    /// What waits behind a root cause.
    fn behind(&self, behind: &Behind) -> String;
    /// An end of an arrow.
    fn spot(&self, spot: &Spot) -> String;
    /// A fact as a clause: `orphan-1 is gone`.
    fn fact(&self, fact: &Fact) -> String;
    /// An object by kind and name.
    fn object(&self, key: Key) -> String;
    /// An actor.
    fn actor(&self, actor: Actor) -> String;
    /// An actor where a sentence begins.
    fn first_actor(&self, actor: Actor) -> String;
    /// A process.
    fn process(&self, process: Process) -> String;
    /// What a person breaks (`broken`) or mends, as a verb and what it acts on.
    fn fault(&self, fault: &Fault, broken: bool) -> String;
    /// What a rule says, as a clause; `None` for one that is not in the table of rules.
    fn rule(&self, rule: Rule) -> Option<&'static str>;
    /// A field that a statement rests on.
    fn evidence(&self, evidence: &Evidence) -> String;
    /// An assumption: what is taken to be so, and why.
    fn assumption(&self, assumption: &Assumption) -> (String, String);
    /// A remedy's headline.
    fn remedy(&self, remedy: &Remedy) -> String;
    /// One intervention.
    fn intervention(&self, intervention: &Intervention) -> String;
    /// What a remedy was seen to do.
    fn remedy_outcome(&self, remedy: &Remedy) -> String;
    /// A risk.
    fn risk(&self, risk: Risk) -> &'static str;
    /// What an intervention costs, in words.
    fn cost(&self, world: &World, intervention: &Intervention) -> Option<String>;
    /// What the catalogue says of a finalizer: whose, what it protects, how to resolve it.
    fn catalogue(&self, entry: &Entry) -> String;
    /// A step: who did what, and why.
    fn step(&self, step: &Step) -> String;
    /// A request and its answer, as one would see them in an audit log.
    fn request(&self, request: &Request, response: Response) -> String;
    /// What changed.
    fn change(&self, change: &Change) -> String;
    /// What an actor waits for.
    fn wait(&self, world: &World, actor: Actor, key: Key, wait: &Wait) -> String;
    /// What a search through every order found.
    fn exploration(&self, exploration: &Exploration) -> String;
    /// One world in which such a search ended.
    fn ending(&self, ending: &Ending) -> String;
    /// By which step the shortest run to an end was lost, and what could have come instead.
    fn race(&self, ending: &Ending, race: &Race) -> String;
    /// That nobody will delete an object that is left.
    fn left_behind(&self, world: &World, object: ObjectRef) -> String;
    /// Where runs of such a search go round for ever.
    fn lasso(&self, lasso: &Lasso) -> String;
    /// What a search for faults found.
    fn injection(&self, injection: &Injection) -> String;
    /// What faults of such a search leave behind.
    fn injected(&self, finding: &inject::Finding) -> String;
    /// What strikes in it, where, and for how long.
    fn placement(&self, placement: &Placement) -> String;
    /// What strikes, as a verb and what it acts on.
    fn strikes(&self, strikes: Break) -> String;
    /// How a run ends.
    fn end(&self, end: End, steps: usize, stuck: usize) -> String;
}

/// A name short enough to read: the middle is cut, so that both ends stay.
pub fn shorten(name: &str) -> String {
    const HEAD: usize = 25;
    const TAIL: usize = 4;
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= HEAD + TAIL + 3 {
        return name.to_owned();
    }
    let (head, tail) = (&chars[..HEAD], &chars[chars.len() - TAIL..]);
    head.iter().chain(&['…']).chain(tail).collect()
}
