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
    pub faults: Vec<Fault>,
    /// What can be broken, when that is looked at: of what is selected, and in general.
    pub breaks: Option<(Vec<Break>, Vec<Break>)>,
}

impl Bar {
    pub(super) fn of(document: &Document, selected: Option<Subject>, looks: bool, language: Language) -> Self {
        let name = |branch| language.page().branch(branch);
        let breaks = || {
            let selected = selected.map_or_else(Vec::new, |subject| of_subject(document, subject));
            let general = in_general(document).into_iter().filter(|one| !selected.contains(one)).collect();
            (selected, general)
        };
        Self {
            branches: document.branches().map(|branch| (branch.number(), name(branch))).collect(),
            branch: document.branch().number(),
            faults: document.world().faults().collect(),
            breaks: looks.then(breaks),
        }
    }
}
