//! Boxes and arrows, of what was gathered.

use std::collections::{BTreeMap, BTreeSet};

use gordian_layout::{Edge, Graph, Node, Previous};
use gordian_reconcile::{Fact, Key, Name};

use super::gather::{Flow, Gathered};
use super::marks::Marks;
use super::model::{Block, Called, Chip, Container, Label, Line, Mark, Meaning, Reason, Scene};
use super::place::{Places, Way, in_rooms, together};
use super::rect::Rect;
use super::rooms::{Room, Rooms};
use super::stack::Group;
use super::{describe, object, standing};
use crate::engine::Document;
use crate::messages::{Language, Standing};
use crate::subject::{Subject, spot_code};
use crate::words::{cut, sans_width};

/// The height of a chip with its gap.
pub const CHIP: f32 = 22.0;
/// The width of every box.
pub const WIDTH: f32 = 252.0;
/// The height of an arrow's label.
pub const LABEL: f32 = 18.0;

const LABEL_SIZE: f32 = 11.0;
const HEAD: f32 = 48.0;
const FOOT: f32 = 7.0;
const CHIPS: usize = 3;
/// As many characters of a finalizer fit beside its lock.
const CHIP_CHARS: usize = 30;
/// As many arrows can have labels without hiding one another.
const LABELS: usize = 14;
/// As many reasons of a finding.
const REASONS: usize = 60;

pub(super) struct Composer<'a> {
    document: &'a Document,
    rooms: Rooms<'a>,
    language: Language,
    gathered: &'a Gathered,
    groups: &'a [Group],
    /// Which group a subject is drawn in.
    places: BTreeMap<Subject, usize>,
    marks: Marks,
    /// What the open finding's reasons go through.
    knot: BTreeSet<Subject>,
    /// The finalizers that they go through.
    locks: BTreeSet<(Key, Name)>,
}

impl<'a> Composer<'a> {
    pub(super) fn new(rooms: Rooms<'a>, language: Language, gathered: &'a Gathered, groups: &'a [Group]) -> Self {
        let document = rooms.document;
        let places = groups
            .iter()
            .enumerate()
            .flat_map(|(place, group)| group.subjects.iter().map(move |&subject| (subject, place)))
            .collect();
        let reasons = || gathered.flows.iter().filter(|flow| flow.knot);
        let knot = reasons().flat_map(|flow| [flow.from, flow.to]).collect();
        let locks = reasons()
            .flat_map(|flow| [&flow.arrow.from, &flow.arrow.to])
            .filter_map(|fact| match fact {
                Fact::Freed(object, finalizer) => Some((object.key, *finalizer)),
                _ => None,
            })
            .collect();
        Self { document, rooms, places, language, gathered, groups, marks: Marks::of(document), knot, locks }
    }

    pub(super) fn scene(&self, before: Option<&Scene>, left_out: usize) -> Scene {
        let mut blocks: Vec<Block> = self.groups.iter().map(|group| self.block(group)).collect();
        let mut drafts = self.drafts();
        drafts.sort_by_key(|draft| (draft.meaning, draft.from, draft.to));
        let graph = Graph {
            nodes: blocks
                .iter()
                .map(|block| Node { width: block.rect.width, height: block.rect.height, id: block.id })
                .collect(),
            edges: drafts.iter().map(Draft::edge).collect(),
        };
        let nothing = Previous::default();
        let (places, containers) = self.place(&graph, before.map_or(&nothing, |scene| &scene.before));
        for (block, rect) in blocks.iter_mut().zip(places.nodes) {
            block.rect = rect;
        }
        let lines: Vec<Line> = drafts.into_iter().zip(places.ways).map(|(draft, way)| draft.line(way)).collect();
        let reasons = self.reasons(&lines);
        let mut objects = self.document.first_world().objects();
        let has_nodes = objects.any(|(_, object)| object.facet.bound_to().is_some());
        Scene { before: places.memory, size: places.size, containers, blocks, lines, reasons, left_out, has_nodes }
    }

    /// Gives places: side by side, or where the whole cluster is drawn, each namespace or node in a box of its own.
    fn place(&self, graph: &Graph, before: &Previous) -> (Places, Vec<Container>) {
        let rooms = || self.groups.iter().map(|group| self.rooms.of(group.subjects[0]));
        let mut filled: BTreeMap<Room, usize> = BTreeMap::new();
        for (group, room) in self.groups.iter().zip(rooms()) {
            *filled.entry(room).or_default() += group.subjects.len();
        }
        if !self.gathered.whole || filled.len() < 2 {
            return (together(graph, before), Vec::new());
        }
        let ids: Vec<u64> = filled.keys().map(|room| room.subject().stable_id()).collect();
        let numbers: BTreeMap<Room, u32> = filled.keys().copied().zip(0..).collect();
        let of = rooms().map(|room| numbers.get(&room).copied()).collect();
        let places = in_rooms(graph, &ids, of, before);
        let container = |((room, objects), (&id, &rect)): ((Room, usize), (&u64, &Rect))| {
            let subject = room.subject();
            let known = subject.key().is_some_and(|key| object(self.document, key).is_some());
            Container {
                subject: known.then_some(subject),
                name: room.name(self.language),
                standing: if known { standing(self.document, subject) } else { Standing::Present },
                objects,
                rect,
                id,
            }
        };
        let containers = filled.into_iter().zip(ids.iter().zip(&places.rooms)).map(container).collect();
        (places, containers)
    }

    fn group_of(&self, subject: Subject) -> Option<usize> {
        self.places.get(&subject).copied()
    }

    fn block(&self, group: &Group) -> Block {
        let subject = group.subjects[0];
        let called = match subject {
            Subject::Object(_) => None,
            _ => {
                let (kind, name, is_name) = describe(&subject, self.language);
                Some(Box::new(Called { kind, name, is_name }))
            }
        };
        let standing = standing(self.document, subject);
        let held = self.held_by(subject);
        let mut y = HEAD;
        let mut chips = Vec::new();
        for (index, finalizer) in held.iter().enumerate() {
            let rest = held.len() - index;
            let last = index + 1 == CHIPS && rest > 1;
            chips.push(Chip {
                text: match last {
                    true => format!("+{rest}"),
                    false => cut(finalizer.as_str(), CHIP_CHARS),
                },
                knot: subject.key().is_some_and(|key| self.locks.contains(&(key, *finalizer))),
                y,
            });
            y += CHIP;
            if last {
                break;
            }
        }
        let height = y + FOOT;
        let changed = group.subjects.iter().any(|&subject| self.marks.changed(self.document, subject));
        Block {
            code: self.code(subject),
            rect: Rect { width: WIDTH, height, ..Rect::default() },
            called,
            standing,
            chips,
            knot: group.subjects.iter().any(|subject| self.knot.contains(subject)),
            changed,
            noted: false,
            id: group.id,
            subject,
            others: group.subjects[1..].iter().map(Subject::stable_id).collect(),
        }
    }

    fn code(&self, subject: Subject) -> String {
        match subject {
            Subject::Object(key) => {
                object(self.document, key).map_or_else(|| key.to_string(), |object| object.uid.to_string())
            }
            Subject::Address { ip, .. } => ip.to_string(),
            Subject::Process(process) => format!("{process:?}"),
            Subject::Disk(node, disk) => format!("{}/{disk}", node.name),
        }
    }

    fn uid(&self, subject: Subject) -> Option<Name> {
        object(self.document, subject.key()?).map(|object| object.uid)
    }

    fn held_by(&self, subject: Subject) -> Vec<Name> {
        let found = subject.key().and_then(|key| self.document.world().find(key));
        match found {
            // What holds a namespace that is not being deleted is always the same, and says nothing.
            Some(object) if object.key.kind.is("", "Namespace") && !object.deleting() => Vec::new(),
            Some(object) => object.held_by(),
            None => Vec::new(),
        }
    }

    /// The arrows before they have places: one for each pair of boxes and meaning.
    fn drafts(&self) -> Vec<Draft> {
        let core = self.language.core();
        let world = self.document.world();
        let mut drafts: Vec<Draft> = Vec::new();
        // Which arrow joins two boxes already: one that waits, and one that owns.
        let mut waits: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut owns: BTreeSet<(usize, usize)> = BTreeSet::new();
        let labelled = self.gathered.flows.len() <= LABELS;
        let reasons = self.gathered.flows.iter().filter(|flow| flow.knot).count() <= REASONS;
        for flow in &self.gathered.flows {
            let (Some(from), Some(to)) = (self.group_of(flow.from), self.group_of(flow.to)) else {
                continue;
            };
            if from == to {
                continue;
            }
            let meaning = if flow.knot { Meaning::Knot } else { Meaning::Waits };
            let mark = self.marks.came(&flow.arrow).then_some(Mark::Came);
            if let Some(&known) = waits.get(&(from, to)) {
                let draft = &mut drafts[known];
                draft.meaning = draft.meaning.max(meaning);
                // Of several waits that are drawn as one, that one is new only when all are.
                draft.mark = draft.mark.filter(|_| mark.is_some());
                continue;
            }
            waits.insert((from, to), drafts.len());
            drafts.push(Draft {
                from,
                to,
                meaning,
                label: match flow.knot && reasons || labelled {
                    true => core.arrow_label(&flow.arrow),
                    false => String::new(),
                },
                sentence: core.arrow(world, &flow.arrow),
                beside: false,
                mark,
            });
        }
        for &(owner, dependent, blocks) in &self.gathered.owns {
            let (Some(from), Some(to)) = (self.group_of(owner), self.group_of(dependent)) else {
                continue;
            };
            if from == to || !owns.insert((from, to)) {
                continue;
            }
            let beside =
                [(from, to), (to, from)].iter().any(|pair| waits.contains_key(pair)) || owns.contains(&(to, from));
            drafts.push(Draft {
                from,
                to,
                meaning: Meaning::Owns { blocks },
                label: String::new(),
                sentence: String::new(),
                beside,
                mark: self.marks.owned(self.uid(owner), dependent.key()).then_some(Mark::Came),
            });
        }
        for over in &self.marks.over {
            let (Some(from), Some(to)) = (self.group_of(over.from), self.group_of(over.to)) else {
                continue;
            };
            let drawn = match over.meaning {
                Meaning::Owns { .. } => !owns.insert((from, to)),
                Meaning::Waits | Meaning::Knot => waits.insert((from, to), drafts.len()).is_some(),
            };
            if from != to && !drawn {
                drafts.push(Draft {
                    from,
                    to,
                    meaning: over.meaning,
                    label: String::new(),
                    sentence: over.arrow.as_ref().map(|arrow| core.arrow(world, arrow)).unwrap_or_default(),
                    // What is over must not move what is there.
                    beside: true,
                    mark: Some(Mark::Over),
                });
            }
        }
        drafts
    }

    fn reasons(&self, lines: &[Line]) -> Vec<Reason> {
        let core = self.language.core();
        let world = self.document.world();
        let reason = |flow: &Flow| {
            let (from, to) = (self.group_of(flow.from), self.group_of(flow.to));
            let draws = |line: &Line| line.meaning == Meaning::Knot && (Some(line.from), Some(line.to)) == (from, to);
            let (first, second) = flow.arrow.spots();
            Reason {
                subjects: (flow.from, flow.to),
                codes: (spot_code(&first), spot_code(&second)),
                rule: flow.arrow.rule,
                sentence: core.arrow(world, &flow.arrow),
                line: lines.iter().position(draws),
                block: from,
            }
        };
        self.gathered.flows.iter().filter(|flow| flow.knot).map(reason).collect()
    }
}

/// An arrow before it has a place.
struct Draft {
    from: usize,
    to: usize,
    meaning: Meaning,
    label: String,
    sentence: String,
    /// Another arrow joins the same boxes, so that this one need not rank them.
    beside: bool,
    mark: Option<Mark>,
}

impl Draft {
    fn width(&self) -> f32 {
        sans_width(&self.label, LABEL_SIZE) + 14.0
    }

    fn line(self, way: Way) -> Line {
        let width = self.width();
        let label = way.label.filter(|_| !self.label.is_empty());
        Line {
            from: self.from,
            to: self.to,
            meaning: self.meaning,
            way: way.points,
            label: label.map(|at| Label { text: self.label, at, width }),
            sentence: self.sentence,
            mark: self.mark,
        }
    }

    fn edge(&self) -> Edge {
        Edge {
            from: self.from as u32,
            to: self.to as u32,
            weight: match self.meaning {
                Meaning::Owns { .. } => 2,
                Meaning::Waits => 1,
                Meaning::Knot => 4,
            },
            free: self.beside,
            label: match self.label.is_empty() {
                true => (0.0, 0.0),
                false => (self.width(), LABEL),
            },
        }
    }
}
