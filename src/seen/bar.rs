//! The bar of the stepper: which branch is looked at, what is broken, and what could be.

use gordian_reconcile::Fault;
use serde::{Deserialize, Serialize};

use crate::breaks::{Break, in_general, of_subject};
use crate::engine::Document;
use crate::messages::Language;
use crate::subject::Subject;

/// Branches and faults.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// The branches, by their numbers and in words.
    pub branches: Vec<(usize, String)>,
    /// The number of the one that is looked at.
    pub branch: usize,
    /// What is broken where the run stands.
    pub faults: Vec<Broken>,
    /// What can be broken, when that is looked at: of what is selected, and in general.
    pub breaks: Option<(Vec<Breakable>, Vec<Breakable>)>,
}

/// Something that is broken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// What it is.
    pub fault: Fault,
    /// The same, in words.
    pub says: String,
    /// What mends it, in words.
    pub mends: String,
}

/// Something that can be broken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Breakable {
    /// What it is.
    pub what: Break,
    /// The same, in words.
    pub says: String,
}

impl Bar {
    pub(super) fn of(document: &Document, selected: Option<Subject>, looks: bool, language: Language) -> Self {
        let words = language.of_runs();
        let broken = |fault| Broken { fault, says: words.broken(fault), mends: words.mends(fault) };
        let breakable = |what| Breakable { what, says: words.breaks(what) };
        let breaks = || {
            let selected = selected.map_or_else(Vec::new, |subject| of_subject(document, subject));
            let general =
                in_general(document).into_iter().filter(|one| !selected.contains(one)).map(breakable).collect();
            (selected.into_iter().map(breakable).collect(), general)
        };
        Self {
            branches: document.branches().map(|branch| (branch.number(), words.branch(branch))).collect(),
            branch: document.branch().number(),
            faults: document.world().faults().map(broken).collect(),
            breaks: looks.then(breaks),
        }
    }
}
