//! What an actor waits for.

use serde::{Deserialize, Serialize};

use crate::{Key, Name, Object, World};

/// One very object: a key and the uid that makes it this one and not the next of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// Where it stands.
    pub key: Key,
    /// Which one it is.
    pub uid: Name,
}

impl From<&Object> for ObjectRef {
    fn from(object: &Object) -> Self {
        Self { key: object.key, uid: object.uid }
    }
}

/// What must come true before an actor goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of these. An empty list is true.
    All(Vec<Condition>),
    /// One of these at least. The first is what the actor tries first. An empty list is false.
    Any(Vec<Condition>),
    /// One fact.
    Is(Fact),
}

impl Condition {
    /// All of these facts.
    pub fn all(facts: impl IntoIterator<Item = Fact>) -> Self {
        Self::All(facts.into_iter().map(Self::Is).collect())
    }

    /// Always true.
    pub fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Whether it holds where `fact` says what holds.
    pub fn holds(&self, fact: &impl Fn(&Fact) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(fact)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(fact)),
            Self::Is(is) => fact(is),
        }
    }

    /// Every fact that it names, in order.
    pub fn facts(&self) -> Vec<&Fact> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
            Self::Is(fact) => vec![fact],
        }
    }
}

/// An address that an actor dials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// The IP address.
    pub ip: Name,
    /// The TCP port.
    pub port: u16,
    /// The object whose process answers there, and which a controller would start again.
    pub of: Key,
}

/// Why nobody answers at an address, as a dialler learns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unreachable {
    /// No pod has the address: `connect: no route to host`.
    NoRoute,
    /// The node of the pod that has it is cut off, or does not report: `i/o timeout`.
    TimedOut,
    /// The pod is there, and no process listens: `connect: connection refused`.
    Refused,
}

/// Something that has a process of its own, and acts only while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Process {
    /// The API server.
    ApiServer,
    /// kube-controller-manager.
    ControllerManager,
    /// The kubelet of a node.
    Kubelet(Name),
    /// longhorn-manager on a node.
    LonghornManager(Name),
    /// The controller that removes a finalizer, known from the catalogue, from the object's own group, or not at all.
    FinalizerController(Name),
    /// The pods of a workload that acts by itself, as Longhorn's uninstaller.
    Workload(Key),
}

/// What a write needs the admission webhooks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// A create.
    Create,
    /// An update or a patch.
    Update,
    /// An update that takes Longhorn's finalizer off what is being deleted, and does nothing else: Longhorn's validator tells it
    /// apart (`IsRemovingLonghornFinalizer`).
    Release,
    /// A delete.
    Delete,
}

/// One thing that is true, false, or unknown in a world.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// This very object is gone.
    Gone(ObjectRef),
    /// This very object is being deleted, or gone.
    Deleting(ObjectRef),
    /// This very object no longer has this finalizer (for a namespace, `kubernetes` in `spec.finalizers` too).
    Freed(ObjectRef, Name),
    /// This very object does not block the deletion of the owner with this uid: it has no such reference, or is gone.
    Unblocked(ObjectRef, Name),
    /// An object of this key is there.
    Exists(Key),
    /// An object of this key is there, and is not being deleted.
    Alive(Key),
    /// A pod of this key runs and has an address.
    PodRuns(Key),
    /// Somebody answers at this address.
    Answers(Endpoint),
    /// This process runs.
    Runs(Process),
    /// A finalizer's controller, which runs, has done what it does first; Gordian does not know what that is.
    DoneBy(Process, ObjectRef),
    /// Admission lets a write pass: the webhooks can be asked, and the namespace is there.
    Admitted(ObjectRef, Operation),
    /// An aggregated API is served.
    Served(Key),
    /// The instances of a definition can be listed: the webhook that converts them can be asked, or none needs it.
    Listed(Key),
    /// A disk of a Longhorn node is schedulable.
    DiskSchedulable(Key, Name),
    /// The status of a Longhorn object says this state ([`crate::Facet::state`]).
    InState(Key, Name),
    /// The status of a Longhorn object does not say this state, or the object is not there.
    LeftState(Key, Name),
}

/// What is known of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// The dump did not cover it.
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl World {
    /// Whether a fact holds; an unknown is decided by [`World::assumption`], and a person may say that a process runs, or
    /// does not, whatever the dump shows. A fault counts before either.
    pub fn holds(&self, fact: &Fact) -> bool {
        if let Fact::Runs(process) = fact
            && self.decides_anything()
            && self.halting(*process).is_none()
            && let Some(decided) = self.decided(&fact.assumption_id())
        {
            return decided;
        }
        match self.truth(fact) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown => self.assumption(fact).value,
        }
    }

    /// The state that a Longhorn object's status says it is in; `None` where there is no such object.
    pub(crate) fn state(&self, key: Key) -> Option<Name> {
        self.find(key)?.facet.state()
    }

    /// What the world says of a fact.
    pub fn truth(&self, fact: &Fact) -> Truth {
        match fact {
            Fact::Gone(object) => self.resolve(*object).is_none().into(),
            Fact::Deleting(object) => self.resolve(*object).is_none_or(|o| o.deleting()).into(),
            Fact::Freed(object, finalizer) => {
                self.resolve(*object).is_none_or(|o| !o.holds_finalizer(*finalizer)).into()
            }
            Fact::Unblocked(object, owner) => self.resolve(*object).is_none_or(|o| !o.blocks(*owner)).into(),
            Fact::Exists(key) => self.find(*key).is_some().into(),
            Fact::Alive(key) => self.find(*key).is_some_and(|o| !o.deleting()).into(),
            Fact::PodRuns(key) => self.find(*key).is_some_and(|pod| pod.runs()).into(),
            Fact::Answers(endpoint) => self.answers(endpoint),
            Fact::Runs(process) => self.runs(*process),
            // Whoever is done has ended.
            Fact::DoneBy(Process::Workload(_), _) => Truth::False,
            Fact::DoneBy(..) => Truth::Unknown,
            Fact::Admitted(object, operation) => self.refusal(object.key, *operation).is_none().into(),
            Fact::Served(key) => self.find(*key).is_none_or(|api| self.is_served(api)).into(),
            Fact::Listed(key) => self.find(*key).is_none_or(|definition| self.lists_instances(definition)).into(),
            Fact::DiskSchedulable(node, disk) => {
                self.find(*node).and_then(|node| node.disk(*disk)).is_some_and(|disk| disk.schedulable).into()
            }
            Fact::InState(key, state) => (self.state(*key) == Some(*state)).into(),
            Fact::LeftState(key, state) => (self.state(*key) != Some(*state)).into(),
        }
    }
}
