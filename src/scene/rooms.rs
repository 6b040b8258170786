//! The boxes around things: namespaces, or nodes.

use std::collections::BTreeSet;

use gordian_reconcile::{Key, Name, Process, kinds};

use super::gather::Gathered;
use super::{object, standing};
use crate::engine::Document;
use crate::messages::{Language, Standing};
use crate::subject::Subject;

/// A box around things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// A node.
    Node(Name),
    /// A namespace; what is in none is in that without a name.
    Namespace(Name),
}

impl Room {
    /// The object that the box stands for.
    pub(super) fn subject(self) -> Subject {
        Subject::Object(match self {
            Self::Node(name) => Key::new(kinds::node(), "".into(), name),
            Self::Namespace(name) => Key::new(kinds::namespace(), "".into(), name),
        })
    }

    pub(super) fn name(self, language: Language) -> String {
        match self {
            Self::Node(name) => language.page().node(name.as_str()),
            Self::Namespace(name) if name.is_empty() => language.page().no_namespace().into(),
            Self::Namespace(name) => name.to_string(),
        }
    }
}

/// Which box each thing is in.
#[derive(Clone, Copy)]
pub(super) struct Rooms<'a> {
    pub(super) document: &'a Document,
    /// Whether what is bound to a node is in the node's box, and not in its namespace's.
    pub(super) by_node: bool,
}

impl Rooms<'_> {
    /// The box that a subject is in. A namespace is in its own, and so is a node.
    pub(super) fn of(self, subject: Subject) -> Room {
        if let Some(node) = self.node(subject).filter(|_| self.by_node) {
            return Room::Node(node);
        }
        Room::Namespace(match subject {
            Subject::Object(key) if key.kind == kinds::namespace() => key.name,
            Subject::Object(key) | Subject::Disk(key, _) | Subject::Address { of: key, .. } => key.namespace,
            Subject::Process(_) => "".into(),
        })
    }

    /// The node that a subject is, or is bound to.
    pub(super) fn node(self, subject: Subject) -> Option<Name> {
        let node = match subject {
            Subject::Process(Process::Kubelet(node) | Process::LonghornManager(node)) => Some(node),
            Subject::Process(_) => None,
            Subject::Disk(node, _) => Some(node.name),
            Subject::Object(key) if key.kind == kinds::node() || key.kind == kinds::longhorn_node() => Some(key.name),
            Subject::Object(key) | Subject::Address { of: key, .. } => object(self.document, key)?.facet.bound_to(),
        };
        node.filter(|node| !node.is_empty())
    }

    /// Where boxes stand around what is in them, no arrow says so as well, and what is a box already, and of which nothing else
    /// is to be said, needs no box of its own.
    pub(super) fn shut_in(self, gathered: &mut Gathered) {
        let is_room = |subject: Subject| self.of(subject).subject() == subject;
        gathered.flows.retain(|flow| flow.knot || !(is_room(flow.from) && self.of(flow.from) == self.of(flow.to)));
        let busy: BTreeSet<Subject> = gathered.flows.iter().flat_map(|flow| [flow.from, flow.to]).collect();
        let owned: BTreeSet<Subject> = gathered.owns.iter().flat_map(|&(owner, of, _)| [owner, of]).collect();
        let others = gathered.subjects.iter().filter(|subject| !is_room(**subject));
        let filled: BTreeSet<Room> = others.map(|subject| self.of(*subject)).collect();
        gathered.subjects.retain(|&subject| {
            let quiet = is_room(subject)
                && !busy.contains(&subject)
                && !owned.contains(&subject)
                && filled.contains(&self.of(subject))
                && standing(self.document, subject) == Standing::Present;
            !quiet
        });
    }
}
