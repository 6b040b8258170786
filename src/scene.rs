//! What the drawing shows: a world and what is said of it, as boxes and arrows with places.
//!
//! [`gather`] decides what is drawn, [`stack`] puts identical siblings on one another, `gordian-layout` gives places, and
//! [`geometry`] turns routes into paths. Nothing here knows a colour: a [`Standing`] says what a box is.

mod gather;
mod geometry;
mod marks;
mod stack;

use std::collections::{BTreeMap, BTreeSet};

use gordian_layout::{Edge, Graph, Node, Options, Previous, Rect, redraw};
use gordian_reconcile::{Fact, Key, Name, Object, Process, Rule};
use serde::{Deserialize, Serialize};

use crate::engine::{Document, Phase, Probe, measured};
use crate::messages::{Language, Standing};
use crate::subject::{Subject, spot_code};
use crate::url::Scope;
use crate::words::{cut, sans_width};

pub(crate) use gather::missing;
use gather::{Flow, Gathered};
use marks::Marks;
use stack::Group;

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

/// A finalizer, as a lock on its object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chip {
    /// What it says, cut.
    pub text: String,
    /// Whether the knot goes through it.
    pub knot: bool,
    /// Its top, from the box's.
    pub y: f32,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// What it is about; of a stack, the first one.
    pub subject: Subject,
    /// All that it stands for: more than one in a stack.
    pub subjects: Vec<Subject>,
    /// A name for tests: the uid, or the key where there is none.
    pub code: String,
    /// Where it stands.
    pub rect: Rect,
    /// Its kind.
    pub kind: String,
    /// Its name, cut.
    pub name: String,
    /// The whole name.
    pub full_name: String,
    /// Whether the name is one that Kubernetes knows, and not a description.
    pub is_name: bool,
    /// What it is, or what became of it.
    pub standing: Standing,
    /// Its finalizers.
    pub chips: Vec<Chip>,
    /// Whether the open finding's reasons go through it.
    pub knot: bool,
    /// Whether the step that led here changed it.
    pub changed: bool,
    /// Stable identity, for opening a stack.
    pub id: u64,
}

impl Block {
    /// Whether it is drawn as a ghost: what is not there, or does not act.
    pub fn is_ghost(&self) -> bool {
        use Standing::{Absent, Gone, Silent, Stopped};
        matches!(self.standing, Absent | Gone | Silent | Stopped)
    }
}

/// What an arrow says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Meaning {
    /// The one owns the other.
    Owns {
        /// The reference blocks the owner's deletion.
        blocks: bool,
    },
    /// The one waits for the other.
    Waits,
    /// The same, and it is one of the open finding's reasons.
    Knot,
}

/// What the step that led here did to an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// It came with the step.
    Came,
    /// It went with the step, and is shown once more.
    Over,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Where it begins, as an index of blocks.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What it says.
    pub meaning: Meaning,
    /// Its way, as path data.
    pub path: String,
    /// Its head, as path data.
    pub head: String,
    /// A label, with the centre and the width of its place.
    pub label: Option<(String, f32, f32, f32)>,
    /// What it says in words; empty for an owner reference.
    pub sentence: String,
    /// What the step that led here did to it, and where that is shown.
    pub mark: Option<(Mark, f32, f32)>,
}

/// One wait of the open finding, in the finding's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Its ends.
    pub subjects: (Subject, Subject),
    /// The same, as tests name them.
    pub codes: (String, String),
    /// The rule.
    pub rule: Rule,
    /// What it says in words.
    pub sentence: String,
    /// The arrow that draws it; `None` when it stays inside one box.
    pub line: Option<usize>,
    /// The box that it begins in.
    pub block: Option<usize>,
}

/// The drawing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scene {
    /// The boxes.
    pub blocks: Vec<Block>,
    /// The arrows, quiet ones first.
    pub lines: Vec<Line>,
    /// The open finding's waits.
    pub reasons: Vec<Reason>,
    /// Width and height of the whole.
    pub size: (f32, f32),
    /// How many objects were left out because there is no room.
    pub left_out: usize,
    /// Only whoever draws it anew has a use for it.
    #[serde(skip)]
    before: Previous,
}

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
/// As many characters of a monospaced name fit.
const NAME_CHARS: usize = 28;
/// As many characters of running text fit.
const TEXT_CHARS: usize = 28;
/// The size of the kind, and of what became of it.
const HEAD_SIZE: f32 = 11.5;
/// As many arrows can have labels without hiding one another.
const LABELS: usize = 14;
/// As many boxes can be looked at, and drawn without waiting.
const MOST: usize = 400;

/// Draws a document. With an earlier drawing, what it showed keeps its place as far as can be.
pub fn draw(document: &Document, view: View, before: Option<&Scene>, probe: &dyn Probe) -> Scene {
    measured(probe, Phase::Layout, || {
        let gathered = gather::gather(document, &view);
        let (groups, left_out) = stack::stack(document, &gathered, view.opened, MOST);
        let places = groups
            .iter()
            .enumerate()
            .flat_map(|(place, group)| group.subjects.iter().map(move |&subject| (subject, place)))
            .collect();
        let marks = Marks::of(document);
        Painter { document, places, language: view.language, gathered: &gathered, groups: &groups, marks }
            .scene(before, left_out)
    })
}

struct Painter<'a> {
    document: &'a Document,
    language: Language,
    gathered: &'a Gathered,
    groups: &'a [Group],
    /// Which group a subject is drawn in.
    places: BTreeMap<Subject, usize>,
    marks: Marks,
}

impl Painter<'_> {
    fn scene(&self, before: Option<&Scene>, left_out: usize) -> Scene {
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
        let options = Options { node_gap: 36.0, rank_gap: 52.0, component_gap: 56.0, aspect: 1.2 };
        let earlier = before.map(|scene| &scene.before);
        let drawing = redraw(&graph, &options, earlier.unwrap_or(&Previous::default()));
        for (block, rect) in blocks.iter_mut().zip(&drawing.nodes) {
            block.rect = *rect;
        }
        let lines: Vec<Line> = drafts
            .into_iter()
            .zip(&drawing.edges)
            .map(|(draft, route)| {
                let (path, head) = geometry::arrow(&route.points, draft.meaning == Meaning::Knot);
                Line {
                    from: draft.from,
                    to: draft.to,
                    meaning: draft.meaning,
                    path,
                    head,
                    label: route
                        .label
                        .filter(|_| !draft.label.is_empty())
                        .map(|at| (draft.label.clone(), at.x, at.y, draft.width())),
                    sentence: draft.sentence,
                    mark: draft.mark.map(|mark| {
                        let at = geometry::near_start(&route.points);
                        (mark, at.x, at.y)
                    }),
                }
            })
            .collect();
        let reasons = self.reasons(&lines);
        Scene { before: Previous::new(&graph, &drawing), size: drawing.size, blocks, lines, reasons, left_out }
    }

    fn group_of(&self, subject: Subject) -> Option<usize> {
        self.places.get(&subject).copied()
    }

    fn block(&self, group: &Group) -> Block {
        let subject = group.subjects[0];
        let (kind, full_name, is_name) = describe(&subject, self.language);
        let standing = standing(self.document, subject);
        let knot_finalizers = self.knot_finalizers(subject);
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
                knot: knot_finalizers.contains(finalizer),
                y,
            });
            y += CHIP;
            if last {
                break;
            }
        }
        let height = y + FOOT;
        let words = self.language.page().standing(standing);
        let beside = match words.is_empty() {
            true => 0.0,
            // Bold, with its icon and a gap.
            false => sans_width(words, HEAD_SIZE) * 1.15 + 26.0,
        };
        let room = (WIDTH - 26.0 - beside) / sans_width("n", HEAD_SIZE) / 1.08;
        let kind = cut(&kind, (room as usize).max(6));
        let most = match (is_name, group.subjects.len()) {
            (false, _) => TEXT_CHARS,
            (true, 1) => NAME_CHARS,
            // How many there are stands beside the name.
            (true, _) => NAME_CHARS - 6,
        };
        let name = cut(&full_name, most);
        let changed = group.subjects.iter().any(|&subject| self.marks.changed(self.document, subject));
        Block {
            code: self.code(subject),
            rect: Rect { width: WIDTH, height, ..Rect::default() },
            kind,
            name,
            full_name,
            is_name,
            standing,
            chips,
            knot: self.is_knot(&group.subjects),
            changed,
            id: group.id,
            subject,
            subjects: group.subjects.clone(),
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

    fn is_knot(&self, subjects: &[Subject]) -> bool {
        let mut knots = self.gathered.flows.iter().filter(|flow| flow.knot);
        knots.any(|flow| subjects.contains(&flow.from) || subjects.contains(&flow.to))
    }

    fn knot_finalizers(&self, subject: Subject) -> Vec<Name> {
        let knots = self.gathered.flows.iter().filter(|flow| flow.knot);
        knots
            .flat_map(|flow| [&flow.arrow.from, &flow.arrow.to])
            .filter_map(|fact| match fact {
                Fact::Freed(object, finalizer) if subject == Subject::Object(object.key) => Some(*finalizer),
                _ => None,
            })
            .collect()
    }

    /// The arrows before they have places: one for each pair of boxes and meaning.
    fn drafts(&self) -> Vec<Draft> {
        let core = self.language.core();
        let world = self.document.world();
        let mut drafts: Vec<Draft> = Vec::new();
        for flow in &self.gathered.flows {
            let (Some(from), Some(to)) = (self.group_of(flow.from), self.group_of(flow.to)) else {
                continue;
            };
            if from == to {
                continue;
            }
            let meaning = if flow.knot { Meaning::Knot } else { Meaning::Waits };
            let mark = self.marks.came(&flow.arrow).then_some(Mark::Came);
            let known = drafts.iter_mut().find(|d| (d.from, d.to) == (from, to));
            if let Some(draft) = known {
                draft.meaning = draft.meaning.max(meaning);
                // Of several waits that are drawn as one, that one is new only when all are.
                draft.mark = draft.mark.filter(|_| mark.is_some());
                continue;
            }
            drafts.push(Draft {
                from,
                to,
                meaning,
                label: match flow.knot && self.groups.len() <= 60 || self.gathered.flows.len() <= LABELS {
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
            let owns = |draft: &Draft| matches!(draft.meaning, Meaning::Owns { .. });
            let pair = |draft: &&Draft| (draft.from, draft.to) == (from, to);
            if from == to || drafts.iter().filter(pair).any(owns) {
                continue;
            }
            let beside = drafts.iter().any(|d| (d.from, d.to) == (from, to) || (d.to, d.from) == (from, to));
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
            let owns = |meaning: Meaning| matches!(meaning, Meaning::Owns { .. });
            let alike =
                |draft: &Draft| (draft.from, draft.to) == (from, to) && owns(draft.meaning) == owns(over.meaning);
            if from != to && !drafts.iter().any(alike) {
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

/// An object where the run stands, or else as the run began.
pub(crate) fn object(document: &Document, key: Key) -> Option<&Object> {
    let now = document.world().find(key);
    now.or_else(|| document.first_world().find(key)).map(|object| &**object)
}

/// The kind and the name of a subject, and whether the name is one that Kubernetes knows.
pub fn describe(subject: &Subject, language: Language) -> (String, String, bool) {
    let page = language.page();
    match *subject {
        Subject::Object(key) => (key.kind.kind.to_string(), key.name.to_string(), true),
        Subject::Address { ip, .. } => (page.address_kind().into(), ip.to_string(), true),
        Subject::Process(process) => {
            (page.process_kind().into(), language.core().process(process).replace('`', ""), false)
        }
        Subject::Disk(_, disk) => (page.disk_kind().into(), disk.to_string(), true),
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
