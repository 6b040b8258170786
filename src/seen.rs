//! What the page shows, as plain data: no component knows more than this.
//!
//! The worker makes it from all that it keeps, a part for each pane, and sends those parts that changed. A part is made anew
//! only when something that it depends on changed.

mod bar;
mod comparison;
mod findings;
mod script;
mod steps;

use std::rc::Rc;

use gordian_reconcile::Profile;
use gordian_snapshot::Severity;
use serde::{Deserialize, Serialize};

use crate::crumbs::{Crumb, crumbs};
use crate::engine::Document;
use crate::inspect::{Inspection, inspect};
use crate::lanes::{Lanes, course, lanes};
use crate::link::Parcel;
use crate::messages::{Language, Text};
use crate::notes::Notebook;
use crate::scene::Scene;
use crate::state::{AppState, Notice};
use crate::subject::Subject;
use crate::tree::{Tree, tree};
use crate::url::{Place, Scope};

pub use bar::{Bar, Breakable, Broken};
pub use comparison::{Apart, Comparison, Side};
pub use findings::{Assumed, Body, Card, Ending, Findings, Proof, Remedied, Sentence};
pub use script::{Line, Outcome, Results, Script, UnderWay};
pub use steps::{Group, Pick, Steps, Waiting};

/// What could not be read, in words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Notices {
    /// The first of them: whether it is an error, and the sentence.
    pub first: Vec<(bool, String)>,
    /// How many there are.
    pub count: usize,
}

/// As many notices are listed one by one; a broken dump can have thousands.
const MOST: usize = 6;

impl Notices {
    fn of(notices: &[Notice], language: Language) -> Self {
        let one = |notice: &Notice| {
            let sentence = match notice {
                Notice::Problem(problem) => language.core().problem(problem),
                Notice::DamagedLink => language.text(Text::DamagedLink).into(),
                Notice::DamagedKept => language.text(Text::DamagedKept).into(),
                Notice::Unplayable(why) => language.of_runs().unplayable(why),
                Notice::Unreadable(file) => language.of_runs().unreadable(file),
            };
            (notice.severity() == Severity::Error, sentence)
        };
        Self { first: notices.iter().take(MOST).map(one).collect(), count: notices.len() }
    }
}

/// What is open, and what is looked at in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Looking {
    /// Whether something is open, and not the empty page.
    pub open: bool,
    /// The sample that is open.
    pub sample: Option<String>,
    /// The finding that is open.
    pub finding: Option<String>,
    /// What is selected.
    pub selected: Option<Subject>,
    /// How much the drawing shows.
    pub scope: Scope,
    /// What filters the objects.
    pub filter: String,
}

impl Looking {
    fn of(state: &AppState) -> Self {
        Self {
            open: state.open && state.document.is_some(),
            sample: state.document.as_ref().and_then(|document| document.sample()).map(str::to_owned),
            finding: state.finding.clone(),
            selected: state.selected,
            scope: state.scope,
            filter: state.filter.clone(),
        }
    }
}

/// The head of the page: what was loaded, and under which rules it runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The names of what was loaded.
    pub sources: String,
    /// How many objects there are.
    pub objects: usize,
    /// How many of them are stuck.
    pub stuck: usize,
    /// A number that is another one with each load.
    pub loaded: u64,
    /// Whether it is a sample, whose name is enough to bring it back.
    pub is_sample: bool,
    /// The profile that the run follows, and the one that the dump itself tells; `None` where there are none to choose from.
    pub profiles: Option<(Profile, Profile)>,
}

impl Head {
    fn of(document: &Document) -> Self {
        let names: Vec<&str> = document.snapshot().sources.iter().map(|source| source.name.as_str()).collect();
        Self {
            sources: names.join(", "),
            objects: document.world().len(),
            stuck: document.now().stuck.len(),
            loaded: Rc::as_ptr(document.snapshot()) as usize as u64,
            is_sample: document.sample().is_some(),
            profiles: document.has_profiles().then(|| (document.profile(), document.told_profile())),
        }
    }
}

/// Declares the parts: each is shared in [`Seen`], and sent as a [`Part`].
macro_rules! parts {
    ($($(#[doc = $doc:literal])* $field:ident: $Part:ident($Type:ty),)*) => {
        /// All that the page shows.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Seen {
            $($(#[doc = $doc])* pub $field: Rc<$Type>,)*
        }

        /// A part of what the page shows.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum Part {
            $($(#[doc = $doc])* $Part(Rc<$Type>),)*
        }

        impl Seen {
            /// A part takes the place of the one that was there.
            pub fn take(&mut self, part: Part) {
                match part {
                    $(Part::$Part(part) => self.$field = part,)*
                }
            }

            /// The parts that differ from what was shown before.
            pub fn since(&self, before: &Self) -> Vec<Part> {
                let mut parts = Vec::new();
                $(if !Rc::ptr_eq(&self.$field, &before.$field) && self.$field != before.$field {
                    parts.push(Part::$Part(Rc::clone(&self.$field)));
                })*
                parts
            }
        }
    };
}

parts! {
    /// What could not be read.
    notices: Notices(Notices),
    /// Where the reader is, for the address.
    place: Place(Place),
    /// What is open.
    looking: Looking(Looking),
    /// The head of the page.
    head: Head(Head),
    /// What is stuck, and why.
    findings: Findings(Findings),
    /// The list of objects.
    tree: Tree(Tree),
    /// The way to what is selected.
    crumbs: Crumbs(Vec<Crumb>),
    /// The drawing.
    scene: Scene(Scene),
    /// What is known of what is selected.
    inspection: Inspection(Option<Inspection>),
    /// Where the run stands.
    steps: Steps(Steps),
    /// The run at a glance.
    lanes: Lanes(Lanes),
    /// Branches and faults.
    bar: Bar(Bar),
    /// The script, and what was searched.
    script: Script(Script),
    /// What was loaded, ready to travel, where that was asked for.
    parcel: Parcel(Option<Parcel>),
    /// What a person wrote about it.
    notebook: Notebook(Notebook),
    /// Two branches side by side.
    comparison: Comparison(Option<Comparison>),
}

/// As many boxes, or rows, are shown together with everything else.
const FEW: (usize, usize) = (40, 60);

impl Seen {
    /// What is to be shown one after the other, so that none of it takes long: a large drawing by itself, and a long list.
    pub fn pane_by_pane(&self, before: &Self) -> Vec<Self> {
        let draws = self.scene.blocks.len() > FEW.0 && !Rc::ptr_eq(&self.scene, &before.scene);
        let lists = self.tree.rows() > FEW.1 && !Rc::ptr_eq(&self.tree, &before.tree);
        let without = |scene: bool, tree: bool| {
            let mut seen = self.clone();
            if scene {
                seen.scene = Rc::clone(&before.scene);
            }
            if tree {
                seen.tree = Rc::clone(&before.tree);
            }
            seen
        };
        let first = (draws || lists).then(|| without(draws, lists));
        let second = (draws && lists).then(|| without(false, true));
        first.into_iter().chain(second).chain([self.clone()]).collect()
    }

    /// What is seen of a state, after another state was seen.
    pub fn of(state: &AppState, under_way: Option<UnderWay>, before: &AppState, seen: &Self) -> Self {
        let language = state.language;
        let mut next = Self {
            notices: match Rc::ptr_eq(&state.notices, &before.notices) {
                true => Rc::clone(&seen.notices),
                false => Rc::new(Notices::of(&state.notices, language)),
            },
            place: Rc::new(state.place()),
            looking: Rc::new(Looking::of(state)),
            scene: Rc::clone(&state.scene),
            parcel: Rc::clone(&state.parcel),
            ..seen.clone()
        };
        let Some(document) = &state.document else {
            return Self { notices: next.notices, ..Self::default() };
        };
        let moved = !before.document.as_ref().is_some_and(|before| Rc::ptr_eq(before, document));
        if moved {
            next.head = Rc::new(Head::of(document));
            next.steps = Rc::new(Steps::of(document, language));
        }
        let same_notes = Rc::ptr_eq(&state.notes, &before.notes);
        if moved || !same_notes {
            next.notebook = Rc::new(Notebook::of(document, state.dump, state.notes(), language));
        }
        let noted = state.noted();
        let listed = |state: &AppState| (state.filter.clone(), state.selected, state.asked().clone());
        if moved || listed(state) != listed(before) || (!same_notes && noted != before.noted()) {
            next.tree = Rc::new(tree(document, &state.filter, state.selected, state.asked(), &noted));
        }
        if moved || (&state.finding, state.selected) != (&before.finding, before.selected) {
            next.crumbs = Rc::new(crumbs(document, state.selected, state.finding.as_deref(), language));
        }
        if moved || state.finding != before.finding {
            next.findings = Rc::new(Findings::of(document, state.finding.as_deref(), language));
        }
        // Going about in a run leaves its steps as they are.
        let goes = |state: &AppState| state.document.as_ref().map(|document| course(document.steps()));
        if (&state.finding, state.selected) != (&before.finding, before.selected) || goes(state) != goes(before) {
            next.lanes = Rc::new(lanes(document, state.finding.as_deref(), state.selected, language));
        }
        if moved || state.selected != before.selected {
            let inspect = |subject| inspect(document, subject, language);
            next.inspection = Rc::new(state.selected.map(inspect));
        }
        if moved || (state.breaks, state.selected) != (before.breaks, before.selected) {
            next.bar = Rc::new(Bar::of(document, state.selected.filter(|_| state.breaks), state.breaks, language));
        }
        let same_found = match (&state.found, &before.found) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        if moved || !same_found || seen.script.under_way != under_way {
            next.script = Rc::new(Script::of(document, state.found.as_deref(), under_way, language));
        }
        if moved || state.compared != before.compared {
            let pair = state.compared.and_then(|(one, other)| document.numbered(one).zip(document.numbered(other)));
            next.comparison = Rc::new(pair.map(|(one, other)| Comparison::of(one, other, language)));
        }
        next
    }
}
