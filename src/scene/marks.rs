//! What the step that led here did to the drawing: the boxes that it changed, the arrows that came, and those that are over.

use std::collections::BTreeSet;

use gordian_diagnose::{Arrow, Diagnosis};
use gordian_reconcile::{Fact, Key, Name, World, waits};

use super::Meaning;
use super::gather::{answers, missing};
use crate::breaks::subject_of;
use crate::engine::Document;
use crate::subject::Subject;

/// An arrow that is over.
#[derive(Debug, Clone)]
pub(super) struct Over {
    pub(super) from: Subject,
    pub(super) to: Subject,
    pub(super) meaning: Meaning,
    /// What it said; an owner reference says nothing.
    pub(super) arrow: Option<Arrow>,
}

/// What the step did; nothing where the run begins.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// What it changed, or broke, or mended.
    touched: BTreeSet<Subject>,
    /// The dependents and their owners that it joined.
    owned: BTreeSet<(Key, Name)>,
    /// The waits before it; `None` where that cannot be told.
    before: Option<Waiting>,
    pub(super) over: Vec<Over>,
}

/// Who waited for what.
#[derive(Debug)]
struct Waiting {
    pairs: BTreeSet<(Fact, Fact)>,
    /// The diagnosis is among them: then a wait that is not, is new.
    whole: bool,
}

impl Marks {
    pub(super) fn of(document: &Document) -> Self {
        let (Some(step), Some(before)) = (document.step(), document.world_before()) else {
            return Self::default();
        };
        let world = document.world();
        let mut marks = Self::default();
        marks.touched.extend(step.changes.iter().map(|change| Subject::Object(change.key)));
        marks.touched.extend(step.faults.iter().map(|(fault, _)| subject_of(*fault)));
        for change in &step.changes {
            let owners = |object: &Option<_>| {
                let object: Option<&std::sync::Arc<gordian_reconcile::Object>> = object.as_ref();
                object.map(|object| object.owners.clone()).unwrap_or_default()
            };
            let (was, is) = (owners(&change.before), owners(&change.after));
            let joined = is.iter().filter(|owner| !was.contains(owner));
            marks.owned.extend(joined.map(|owner| (change.key, owner.uid)));
            if change.after.is_none() {
                continue;
            }
            for owner in was.iter().filter(|owner| !is.iter().any(|other| other.uid == owner.uid)) {
                if let Some(found) = before.by_uid(owner.uid) {
                    marks.over.push(Over {
                        from: Subject::Object(found.key),
                        to: Subject::Object(change.key),
                        meaning: Meaning::Owns { blocks: owner.block },
                        arrow: None,
                    });
                }
            }
        }
        let said = document.said_before().map(|said| &**said);
        let now: BTreeSet<(Fact, Fact)> = arrows(world, Some(document.now())).into_iter().map(pair).collect();
        let was = arrows(before, said);
        for arrow in &was {
            if !now.contains(&pair(arrow.clone())) {
                marks.over.push(Over {
                    from: Subject::of_fact(before, &arrow.from),
                    to: Subject::of_fact(before, &arrow.to),
                    meaning: Meaning::Waits,
                    arrow: Some(arrow.clone()),
                });
            }
        }
        marks.before = Some(Waiting { pairs: was.into_iter().map(pair).collect(), whole: said.is_some() });
        marks
    }

    /// Whether the step changed what a box is about.
    pub(super) fn changed(&self, document: &Document, subject: Subject) -> bool {
        if self.touched.contains(&subject) {
            return true;
        }
        let (Some(before), world) = (document.world_before(), document.world()) else {
            return false;
        };
        let differs = |fact: Fact| before.holds(&fact) != world.holds(&fact);
        match subject {
            Subject::Object(_) => false,
            Subject::Process(process) => differs(Fact::Runs(process)),
            Subject::Disk(node, disk) => differs(Fact::DiskSchedulable(node, disk)),
            Subject::Address { ip, of } => answers(document, before, ip, of) != answers(document, world, ip, of),
        }
    }

    /// Whether a wait came with the step.
    pub(super) fn came(&self, arrow: &Arrow) -> bool {
        let before = self.before.as_ref().filter(|before| before.whole);
        before.is_some_and(|before| !before.pairs.contains(&(arrow.from.clone(), arrow.to.clone())))
    }

    /// Whether an owner reference came with the step, or blocks since.
    pub(super) fn owned(&self, owner: Option<Name>, dependent: Option<Key>) -> bool {
        let pair = dependent.zip(owner);
        pair.is_some_and(|pair| self.owned.contains(&pair))
    }
}

fn pair(arrow: Arrow) -> (Fact, Fact) {
    (arrow.from, arrow.to)
}

/// Every wait in a world: those of the controllers, and what was said of the world.
fn arrows(world: &World, said: Option<&Diagnosis>) -> Vec<Arrow> {
    let waiting = waits(world).into_iter().flat_map(|(actor, _, wait)| {
        let missing = missing(world, &wait.on).into_iter();
        missing.map(move |to| Arrow { from: wait.goal.clone(), to, actor, rule: wait.rule, evidence: Vec::new() })
    });
    said.into_iter().flat_map(|said| said.arrows.iter().cloned()).chain(waiting).collect()
}
