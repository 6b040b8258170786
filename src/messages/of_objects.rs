//! What the inspector says of an object.

use crate::inspect::Held;
use crate::messages::Standing;
use crate::moment::Span;

/// What the one sentence about an object is made of.
#[derive(Debug, Clone, Copy)]
pub struct Verdict<'i> {
    /// What became of it.
    pub standing: Standing,
    /// For how long it had been deleted when the dump was taken.
    pub span: Option<Span>,
    /// Its finalizers.
    pub held_by: &'i [String],
    /// The first finalizer that does not come off by itself, or else the first.
    pub remover: Option<&'i Held>,
    /// What whoever removes it waits for.
    pub awaited: &'i [String],
    /// How many waits are for it.
    pub waited_for_by: usize,
}

/// What is wrong with an owner reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The owner is not there.
    Absent,
    /// The dump does not tell whether it is.
    Unknown,
    /// Another object has its name.
    OtherUid,
    /// The uid is that of an object with other coordinates.
    OtherObject {
        /// That object's kind.
        kind: String,
        /// And its name.
        name: String,
    },
    /// The owner is in this namespace, and the object is not.
    OtherNamespace(String),
    /// The object is cluster-scoped, and the owner is not.
    Namespaced,
    /// The owner's kind is not served in that version.
    Unserved {
        /// The version.
        api_version: String,
        /// The kind.
        kind: String,
    },
    /// It owns itself.
    Itself,
    /// Another reference has the same uid.
    Duplicate,
    /// The owners of this owner lead back to the object.
    Ring,
}

/// What names the owner of a finalizer that the catalogue does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clue {
    /// Whoever wrote it.
    Writer {
        /// `manager`, as `managedFields` has it.
        manager: String,
        /// When, as printed; empty where that is not.
        time: String,
    },
    /// The group of the object's kind.
    Group(String),
    /// A webhook that looks after the group.
    Webhook {
        /// The name of its configuration.
        configuration: String,
        /// The service that answers.
        service: String,
    },
    /// The domain in the finalizer's name.
    Domain(String),
}

/// What the inspector says of an object, in one language.
pub trait OfObjects {
    /// All of it in one sentence.
    fn verdict(&self, verdict: &Verdict<'_>) -> String;
    /// What is no object, in one sentence.
    fn stands(&self, standing: Standing, waited_for_by: usize) -> String;
    /// How long something lasted.
    fn ago(&self, span: Span) -> String;
    /// What is wrong with an owner reference.
    fn flaw(&self, flaw: &Flaw) -> String;
    /// What names the owner of a finalizer.
    fn clue(&self, clue: &Clue) -> String;
}
