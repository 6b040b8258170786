//! Two branches side by side, in words.

use gordian_reconcile::{End, Fault};
use serde::{Deserialize, Serialize};

use crate::branch::Branch;
use crate::compare::{Row, compare};
use crate::messages::Language;

/// As many objects, or steps, are listed.
const MOST: usize = 60;

/// Two branches side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The one and the other.
    pub sides: [Side; 2],
    /// The first objects that differ where each stands.
    pub rows: Vec<Row>,
    /// How many differ.
    pub rows_count: usize,
    /// With how many equal steps both begin.
    pub same: usize,
    /// The first of these.
    pub alike: Vec<String>,
    /// The first steps after them.
    pub apart: Vec<Apart>,
    /// How many there are of these.
    pub apart_count: usize,
}

/// What each of the two does in one step; `None` where it has none.
pub type Apart = [Option<String>; 2];

/// One of two branches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Its number.
    pub number: usize,
    /// What it is called.
    pub name: String,
    /// How many steps were taken to where it stands.
    pub at: usize,
    /// How many there are.
    pub of: usize,
    /// How it ends.
    pub end: End,
    /// The same, in words.
    pub ahead: String,
    /// How much is still broken at its end.
    pub lasting: usize,
    /// What is broken where it stands, in words.
    pub faults: Vec<String>,
}

impl Comparison {
    pub(super) fn of(one: &Branch, other: &Branch, language: Language) -> Self {
        let core = language.core();
        let found = compare(one, other, language);
        let same = found.same;
        let longest = one.steps().len().max(other.steps().len());
        let step = |branch: &Branch, index: usize| branch.steps().get(index).map(|step| core.step(step));
        let [faults, other_faults] = found.faults;
        Self {
            sides: [side(one, faults, language), side(other, other_faults, language)],
            rows_count: found.rows.len(),
            rows: found.rows.into_iter().take(MOST).collect(),
            same,
            alike: one.steps()[..same].iter().take(MOST).map(|step| core.step(step)).collect(),
            apart: (same..longest).take(MOST).map(|index| [step(one, index), step(other, index)]).collect(),
            apart_count: longest - same,
        }
    }
}

fn side(branch: &Branch, faults: Vec<Fault>, language: Language) -> Side {
    let says = language.of_runs();
    let (at, of) = (branch.position(), branch.steps().len());
    Side {
        number: branch.number(),
        name: says.branch(branch),
        at,
        of,
        end: branch.end(),
        ahead: says.ahead(branch.end(), of - at, branch.deleting_at_end()),
        lasting: branch.faults_at_end(),
        faults: faults.into_iter().map(|fault| says.broken(fault)).collect(),
    }
}
