//! What the drawing shows: a world and what is said of it, as boxes and arrows with places.
//!
//! [`gather`] decides what is drawn, [`rooms`] in which box, [`stack`] puts identical siblings on one another, [`compose`] makes boxes and arrows of
//! them, and [`place`] gives them places. Nothing here knows a colour or a path: a [`Standing`] says what a box is, and a
//! painter ([`crate::paint`]) makes the rest of it.

mod compose;
mod gather;
mod marks;
mod model;
mod place;
mod rect;
mod rooms;
mod stack;

use std::collections::BTreeSet;

use gordian_reconcile::{Fact, Key, Object, Process};

use crate::engine::{Document, Phase, Probe, measured};
use crate::messages::{Language, Standing};
use crate::subject::Subject;
use crate::url::Scope;

pub use compose::{CHIP, LABEL, WIDTH};
pub(crate) use gather::missing;
pub use model::{Block, Called, Chip, Container, Label, Line, Mark, Meaning, Reason, Scene};
pub use rect::Rect;
use rooms::Rooms;

/// What the reader wants to see.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The finding that is open.
    pub finding: Option<&'a str>,
    /// How much of the cluster.
    pub scope: Scope,
    /// Stacks that were opened.
    pub opened: &'a BTreeSet<u64>,
    /// The language of the labels.
    pub language: Language,
}

/// As many boxes can be drawn without waiting.
const MOST: usize = 20_000;

/// Draws a document. With an earlier drawing, what it showed keeps its place as far as can be.
pub fn draw(document: &Document, view: View, before: Option<&Scene>, probe: &dyn Probe) -> Scene {
    measured(probe, Phase::Layout, || {
        let mut gathered = gather::gather(document, &view);
        let rooms = Rooms { document, by_node: view.scope == Scope::Nodes };
        if gathered.whole {
            rooms.shut_in(&mut gathered);
        }
        let (groups, left_out) = stack::stack(rooms, &gathered, view.opened, MOST);
        compose::Composer::new(rooms, view.language, &gathered, &groups).scene(before, left_out)
    })
}

/// An object where the run stands, or else as the run began.
pub(crate) fn object(document: &Document, key: Key) -> Option<&Object> {
    let now = document.world().find(key);
    now.or_else(|| document.first_world().find(key)).map(|object| &**object)
}

/// The kind and the name of a subject, and whether the name is one that Kubernetes knows.
pub fn describe(subject: &Subject, language: Language) -> (String, String, bool) {
    let says = language.of_runs();
    match *subject {
        Subject::Object(key) => (key.kind.kind.to_string(), key.name.to_string(), true),
        Subject::Address { ip, .. } => (says.address_kind().into(), ip.to_string(), true),
        Subject::Process(process) => {
            (says.process_kind().into(), language.core().process(process).replace('`', ""), false)
        }
        Subject::Disk(_, disk) => (says.disk_kind().into(), disk.to_string(), true),
    }
}

/// What a subject is where the run stands, or what became of it.
pub fn standing(document: &Document, subject: Subject) -> Standing {
    let (world, first) = (document.world(), document.first_world());
    let runs = |process: Process| match world.holds(&Fact::Runs(process)) {
        true => Standing::Runs,
        false => Standing::Stopped,
    };
    match subject {
        Subject::Object(key) => {
            let Some(object) = world.find(key) else {
                return match first.find(key) {
                    Some(_) => Standing::Gone,
                    None => Standing::Absent,
                };
            };
            let stuck = document.now().stuck.iter();
            if object.deleting() {
                return match stuck.into_iter().any(|stuck| stuck.object.key == key) {
                    true => Standing::Stuck,
                    false => Standing::Deleting,
                };
            }
            if first.find(key).is_none_or(|before| before.uid != object.uid) {
                return Standing::Created;
            }
            match gather::is_unreachable(document, object) || gather::is_broken(world, key) {
                true => Standing::Unreachable,
                false => Standing::Present,
            }
        }
        Subject::Address { ip, of } => match gather::answers(document, world, ip, of) {
            true => Standing::Answers,
            false => Standing::Silent,
        },
        Subject::Process(process) => runs(process),
        Subject::Disk(node, disk) => match world.holds(&Fact::DiskSchedulable(node, disk)) {
            true => Standing::Schedulable,
            false => Standing::Unschedulable,
        },
    }
}

#[cfg(test)]
mod tests;
