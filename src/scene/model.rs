//! The drawing as data: what [`super::draw`] gives, and a painter takes.

use std::collections::BTreeSet;

use gordian_layout::Previous;
use gordian_reconcile::Rule;
use serde::{Deserialize, Serialize};

use super::rect::Rect;
use crate::messages::Standing;
use crate::subject::Subject;

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

/// What something is called that is no object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Called {
    /// Its kind, which has an icon.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether the name is one that Kubernetes knows, and not a description.
    pub is_name: bool,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// What it is about; of a stack, the first one.
    pub subject: Subject,
    /// The others in a stack, by their stable ids: of a large drawing these are many, and nobody reads their names there.
    pub others: Vec<u64>,
    /// A name for tests: the uid, or the key where there is none.
    pub code: String,
    /// Where it stands.
    pub rect: Rect,
    /// What it is called where it is no object: an object's key says that by itself.
    pub called: Option<Box<Called>>,
    /// What it is, or what became of it.
    pub standing: Standing,
    /// Its finalizers.
    pub chips: Vec<Chip>,
    /// Whether the open finding's reasons go through it.
    pub knot: bool,
    /// Whether the step that led here changed it.
    pub changed: bool,
    /// Whether there is a note about any of what it stands for. That is not drawn, but written on what was.
    pub noted: bool,
    /// Stable identity, from one drawing to the next, and for opening a stack.
    pub id: u64,
}

impl Block {
    /// Its kind, which has an icon.
    pub fn kind(&self) -> &str {
        match (&self.called, self.subject) {
            (Some(called), _) => &called.kind,
            (None, Subject::Object(key)) => key.kind.kind.as_str(),
            (None, _) => "",
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match (&self.called, self.subject) {
            (Some(called), _) => &called.name,
            (None, Subject::Object(key)) => key.name.as_str(),
            (None, _) => "",
        }
    }

    /// Whether the name is one that Kubernetes knows, and not a description.
    pub fn is_name(&self) -> bool {
        self.called.as_ref().is_none_or(|called| called.is_name)
    }

    /// How many it stands for: more than one in a stack.
    pub fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// Whether it stands for a subject.
    fn stands_for(&self, subject: Subject, id: u64) -> bool {
        self.subject == subject || self.others.contains(&id)
    }

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

/// What is written on an arrow, with the place for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// The centre of its place.
    pub at: (f32, f32),
    /// The width of its place.
    pub width: f32,
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
    /// Its way from border to border, to be joined by straight lines.
    pub way: Vec<(f32, f32)>,
    /// What is written on it.
    pub label: Option<Label>,
    /// What it says in words; empty for an owner reference.
    pub sentence: String,
    /// What the step that led here did to it.
    pub mark: Option<Mark>,
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

/// A box around boxes: a namespace, or what is in none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// The namespace itself, where it is there.
    pub subject: Option<Subject>,
    /// Its name.
    pub name: String,
    /// What became of the namespace.
    pub standing: Standing,
    /// How many objects are in it.
    pub objects: usize,
    /// Where it stands.
    pub rect: Rect,
    /// Stable identity.
    pub id: u64,
}

/// The drawing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scene {
    /// The boxes around boxes; none where only a finding is drawn.
    pub containers: Vec<Container>,
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
    /// Whether anything in the cluster is bound to a node.
    pub has_nodes: bool,
    /// Where everything stands, for the next drawing. It stays where drawings are made.
    #[serde(skip)]
    pub(super) before: Previous,
}

impl Scene {
    /// The same drawing, with a mark on the boxes of which a subject is noted, by its stable identity; `None` where it has just
    /// these marks already.
    pub fn noting(&self, noted: &BTreeSet<u64>) -> Option<Self> {
        let is_noted = |block: &Block| {
            let mut ids = std::iter::once(block.subject.stable_id()).chain(block.others.iter().copied());
            !noted.is_empty() && ids.any(|id| noted.contains(&id))
        };
        let noted: Vec<bool> = self.blocks.iter().map(is_noted).collect();
        let same = self.blocks.iter().map(|block| block.noted).eq(noted.iter().copied());
        (!same).then(|| {
            let mut scene = self.clone();
            scene.blocks.iter_mut().zip(noted).for_each(|(block, noted)| block.noted = noted);
            scene
        })
    }

    /// The same with other boxes and arrows, as the page knows it: without a memory.
    pub fn with(&self, blocks: Vec<Block>, lines: Vec<Line>) -> Self {
        Self {
            blocks,
            lines,
            containers: self.containers.clone(),
            reasons: self.reasons.clone(),
            before: Previous::default(),
            ..*self
        }
    }

    /// The container that a box stands in.
    pub fn container(&self, block: &Block) -> Option<&Container> {
        self.containers.iter().find(|container| container.rect.contains(block.rect.centre()))
    }

    /// The box that a subject is in.
    pub fn place(&self, subject: Subject) -> Option<usize> {
        let id = subject.stable_id();
        self.blocks.iter().position(|block| block.stands_for(subject, id))
    }

    /// The rectangle around a subject: of its box, or of the container that it is.
    pub fn rect(&self, subject: Subject) -> Option<Rect> {
        let container = || self.containers.iter().find(|container| container.subject == Some(subject));
        match self.place(subject) {
            Some(block) => Some(self.blocks[block].rect),
            None => container().map(|container| container.rect),
        }
    }

    /// The rectangle around the knot.
    pub fn knot(&self) -> Option<Rect> {
        let knots = self.blocks.iter().filter(|block| block.knot);
        knots.map(|block| block.rect).reduce(Rect::union)
    }

    /// The rectangle around all.
    pub fn whole(&self) -> Rect {
        Rect { x: 0.0, y: 0.0, width: self.size.0, height: self.size.1 }
    }
}
