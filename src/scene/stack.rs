//! Identical siblings on one another: a large drawing stays calm.

use std::collections::{BTreeMap, BTreeSet};

use gordian_reconcile::Name;

use super::gather::Gathered;
use super::rooms::{Room, Rooms};
use super::{object, standing};
use crate::messages::Standing;
use crate::subject::Subject;

/// One box: a subject, or several that look alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) subjects: Vec<Subject>,
    /// Stable identity.
    pub(super) id: u64,
}

/// From how many on siblings are stacked.
const SIBLINGS: usize = 5;
/// The same, for those that have nothing to do with anything else in the drawing.
const LONERS: usize = 2;

/// What makes two subjects look alike.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    kind: (Name, Name),
    room: Room,
    standing: Standing,
    finalizers: Vec<Name>,
    related: Vec<(u8, Subject)>,
}

/// Puts identical siblings on one another, and leaves out what there is no room for. Gives how many objects that are.
pub(super) fn stack(rooms: Rooms, gathered: &Gathered, opened: &BTreeSet<u64>, most: usize) -> (Vec<Group>, usize) {
    let document = rooms.document;
    let mut related: BTreeMap<Subject, Vec<(u8, Subject)>> = BTreeMap::new();
    let mut relate = |subject, how, other| {
        let all: &mut Vec<(u8, Subject)> = related.entry(subject).or_default();
        if subject != other {
            all.push((how, other));
        }
    };
    for flow in &gathered.flows {
        relate(flow.from, 0, flow.to);
        relate(flow.to, 1, flow.from);
    }
    for &(owner, dependent, _) in &gathered.owns {
        relate(owner, 2, dependent);
        relate(dependent, 3, owner);
    }
    let changed: BTreeSet<Subject> =
        document.step().into_iter().flat_map(|step| &step.changes).map(|change| Subject::Object(change.key)).collect();
    let mut alike: BTreeMap<Look, Vec<Subject>> = BTreeMap::new();
    let mut looks = BTreeMap::new();
    for &subject in &gathered.subjects {
        let Subject::Object(key) = subject else {
            continue;
        };
        if changed.contains(&subject) {
            continue;
        }
        let mut related = related.get(&subject).cloned().unwrap_or_default();
        related.sort_unstable();
        related.dedup();
        let look = || Look {
            kind: (key.kind.group, key.kind.kind),
            room: rooms.of(subject),
            standing: standing(document, subject),
            finalizers: object(document, key).map_or_else(Vec::new, |object| object.held_by()),
            related: related.clone(),
        };
        alike.entry(look()).or_default().push(subject);
        looks.insert(subject, look());
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut stacked = BTreeSet::new();
    for &subject in &gathered.subjects {
        if stacked.contains(&subject) {
            continue;
        }
        let siblings = looks.get(&subject).and_then(|look| {
            let siblings = alike.get(look)?;
            let least = match look.related.is_empty() && look.standing == Standing::Present {
                true => LONERS,
                false => SIBLINGS,
            };
            let id = siblings[0].stable_id().wrapping_add(1);
            (siblings.len() >= least && !opened.contains(&id)).then_some((siblings, id))
        });
        groups.push(match siblings {
            Some((siblings, id)) => {
                stacked.extend(siblings.iter().copied());
                Group { subjects: siblings.clone(), id }
            }
            None => Group { subjects: vec![subject], id: subject.stable_id() },
        });
    }
    let left_out = groups.iter().skip(most).map(|group| group.subjects.len()).sum();
    groups.truncate(most);
    (groups, left_out)
}
