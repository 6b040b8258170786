//! All that the page remembers, and every way in which that changes.

use std::collections::BTreeSet;
use std::rc::Rc;

use gordian_reconcile::{Fault, Key, Profile, Propagation};
use gordian_snapshot::{Problem, Severity};
use serde::{Deserialize, Serialize};

use crate::breaks::Break;
use crate::deeds;
use crate::engine::{Document, Input, Probe};
use crate::link::{self, Parcel, parcel};
use crate::messages::Language;
use crate::notes::{self, About, Notes, OfDumps, Packed};
use crate::samples::Sample;
use crate::scene::{Scene, View, draw};
use crate::search::{Found, Question};
use crate::subject::Subject;
use crate::tree::Asked;
use crate::url::{Place, Scope};

/// Something that the reader must know and can wave away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// What could not be read.
    Problem(Problem),
    /// A file that the browser could not hand over.
    Unreadable(String),
    /// Why the script cannot be played.
    Unplayable(String),
    /// An address whose text did not arrive whole.
    DamagedLink,
    /// What an earlier visit kept, and is not whole any more.
    DamagedKept,
}

impl Notice {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Problem(problem) => problem.kind.severity(),
            Self::Unreadable(_) | Self::Unplayable(_) | Self::DamagedLink | Self::DamagedKept => Severity::Error,
        }
    }
}

/// What a person, or the browser, does. It is plain data: it goes from the page to its worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Texts are loaded, on top of what is there.
    Load(Vec<Input>),
    /// What an earlier visit kept is loaded: the names of its files, and its text, packed.
    Restore(String, String),
    /// A sample takes the place of what is there.
    Sample(&'static Sample),
    /// The page is empty again.
    Clear,
    /// A file could not be read.
    Unreadable(String),
    /// A notice is waved away.
    Dismiss(usize),
    /// The run begins anew under a profile.
    Profile(Profile),
    /// The run begins anew with an assumption decided.
    Assume(String, bool),
    /// The run begins anew with a garbage collector that lags, or does not.
    Lag(bool),
    /// One step on.
    Forward,
    /// One step back.
    Back,
    /// To where a number of steps were taken.
    Jump(usize),
    /// The script is played from the beginning.
    Play,
    /// A search begins.
    Search(Question),
    /// The search is stopped.
    Stop,
    /// A run that was found is looked at, by its place among them: from where it was decided, or from its beginning.
    Follow(usize, bool),
    /// A step that is enabled is taken: in the world with this fingerprint, by its place among them.
    Take(u64, usize),
    /// A person deletes an object.
    Delete(Key, Propagation),
    /// A person breaks something.
    Break(Break),
    /// A person mends one thing that is broken.
    Mend(Fault),
    /// A person mends all that is broken.
    EndFaults,
    /// The run goes on to its end with what is broken, and all is mended there.
    Judge,
    /// A branch begins where the run stands.
    Branch,
    /// Another branch is looked at, by its number.
    Switch(usize),
    /// A branch is forgotten.
    Forget(usize),
    /// Two branches are compared, by their numbers; or no longer.
    Compare(Option<(usize, usize)>),
    /// A remedy of a finding is tried.
    Attempt(String, usize),
    /// The remedy that is tried is given up.
    GiveUp,
    /// A finding is opened, or closed.
    Open(Option<String>),
    /// A subject is selected, or let go.
    Select(Option<Subject>),
    /// The objects are filtered by this.
    Filter(String),
    /// A namespace or a kind in the list of objects is opened, or closed.
    Turn(String, bool),
    /// So many rows of a kind are asked for.
    Rows(String, usize),
    /// The drawing shows more or less.
    Scope(Scope),
    /// A stack is opened.
    Unstack(u64),
    /// An arrow is pointed at, by its ends. The page sees to it by itself.
    Point(Option<(Subject, Subject)>),
    /// What can be broken is looked at, or no longer.
    Breaks(bool),
    /// What was loaded is made ready to travel.
    Pack,
    /// A note is written about something in the dump with this number, in place of what was written before; an empty one is none.
    Note(u64, About, String),
    /// These are all the notes that there are.
    Notes(Packed),
    /// The browser goes to an address.
    Go(Place),
}

/// All that the page remembers.
#[derive(Debug, Clone, Default)]
pub struct AppState {
    /// What was loaded.
    pub document: Option<Rc<Document>>,
    /// The text of it, packed, where an address brought it.
    pub link: Option<Rc<str>>,
    /// It, ready to travel, where that was asked for.
    pub parcel: Rc<Option<Parcel>>,
    /// Whether it is looked at; otherwise the empty page is.
    pub open: bool,
    /// The number of what was loaded, as notes know it.
    pub dump: u64,
    /// What was written about it, and about what was loaded before. So it is there again when that is.
    pub notes: Rc<OfDumps>,
    /// The notes that an address brought, packed.
    pub linked_notes: Option<Rc<str>>,
    /// What could not be read.
    pub notices: Rc<Vec<Notice>>,
    /// The finding that is open.
    pub finding: Option<String>,
    /// What is selected.
    pub selected: Option<Subject>,
    /// What filters the objects.
    pub filter: String,
    /// What was opened and closed in the list of objects: in the whole list, and in what the filter finds.
    pub asked: [Asked; 2],
    /// How much the drawing shows.
    pub scope: Scope,
    /// The stacks that were opened.
    pub opened: Rc<BTreeSet<u64>>,
    /// Whether it is looked at what can be broken.
    pub breaks: bool,
    /// The branches that are compared, by their numbers.
    pub compared: Option<(usize, usize)>,
    /// What the last search found in the world in which the run began.
    pub found: Option<Rc<Found>>,
    /// The drawing.
    pub scene: Rc<Scene>,
    /// The language.
    pub language: Language,
}

impl AppState {
    /// What comes after an action. `None` when it changes nothing.
    pub fn after(&self, action: Action, probe: &dyn Probe) -> Option<Self> {
        let mut next = self.clone();
        match action {
            Action::Load(inputs) => next.load(&inputs, probe),
            Action::Restore(names, packed) => match link::inputs(&packed, &names) {
                Ok(inputs) => next.load(&inputs, probe),
                Err(_) => next.notices = Rc::new(vec![Notice::DamagedKept]),
            },
            Action::Sample(sample) => next.show_sample(sample, probe),
            Action::Clear => {
                next = Self { language: self.language, notes: Rc::clone(&self.notes), ..Self::default() };
            }
            Action::Unreadable(file) => Rc::make_mut(&mut next.notices).push(Notice::Unreadable(file)),
            Action::Dismiss(index) if index < self.notices.len() => {
                Rc::make_mut(&mut next.notices).remove(index);
            }
            Action::Dismiss(_) => return None,
            Action::Profile(profile) => {
                next.change(|document| document.with_profile(profile, probe))?;
                next.open_first();
            }
            Action::Assume(id, value) => {
                next.change(|document| document.assuming(&id, value, probe))?;
                next.open_first();
            }
            Action::Lag(lags) => {
                next.change(|document| document.lagging(lags, probe))?;
                next.open_first();
            }
            Action::Forward => next.go_to(|document| document.forward(probe))?,
            Action::Back => next.go_to(|document| document.back(probe))?,
            Action::Jump(position) => next.go_to(|document| document.jump(position, probe))?,
            Action::Play => match self.document.as_ref()?.play(probe) {
                Ok(document) => next.look_at(document),
                Err(why) => Rc::make_mut(&mut next.notices).push(Notice::Unplayable(why)),
            },
            Action::Search(_) | Action::Stop | Action::Point(_) => return None,
            Action::Follow(index, decided) => {
                let (document, found) = self.document.as_ref().zip(self.found.as_ref())?;
                next.look_at(found.follow(document, index, decided, probe)?);
            }
            Action::Take(fingerprint, index) => {
                let document = self.document.as_ref().filter(|it| it.world().fingerprint() == fingerprint)?;
                let step = document.enabled().into_iter().nth(index)?;
                next.change(|document| document.take(&step, probe))?;
            }
            Action::Delete(key, policy) => {
                next.change(|document| document.delete(key, policy, probe))?;
            }
            Action::Break(what) => next.change(|document| document.break_it(what, probe))?,
            Action::Mend(fault) => next.change(|document| document.mend(fault, probe))?,
            Action::EndFaults => next.change(|document| document.end_faults(probe))?,
            Action::Judge => next.change(|document| document.judge(probe))?,
            Action::Branch => next.change(|document| document.branch_here(probe))?,
            Action::Switch(number) => {
                next.change(|document| document.switch(number))?;
                next.open_first();
            }
            Action::Forget(number) => {
                next.change(|document| document.forget(number))?;
                next.open_first();
            }
            Action::Compare(pair) if pair == self.compared => return None,
            Action::Compare(pair) => next.compared = pair,
            Action::Attempt(finding, remedy) => {
                next.change(|document| document.attempt(&finding, remedy, probe))?;
                next.finding = Some(finding);
            }
            Action::GiveUp => next.change(Document::give_up)?,
            Action::Open(finding) => {
                next.scope = Scope::Knot;
                next.opened = Rc::default();
                next.finding = finding;
            }
            Action::Select(subject) if subject == self.selected => return None,
            Action::Select(subject) => {
                next.selected = subject;
                // What is selected anywhere is shown in the list, though it was closed there.
                if let Some(opened) = subject.and_then(|subject| self.asked().showing(subject)) {
                    *next.asked_mut() = opened;
                }
            }
            Action::Filter(filter) if filter == self.filter => return None,
            Action::Filter(filter) => {
                next.filter = filter;
                next.asked[1] = Asked::default();
            }
            Action::Turn(id, open) => *next.asked_mut() = self.asked().turned_to(&id, open),
            Action::Rows(id, rows) => *next.asked_mut() = self.asked().with_rows(&id, rows),
            Action::Scope(scope) => {
                next.scope = scope;
                next.opened = Rc::default();
            }
            Action::Unstack(id) => {
                Rc::make_mut(&mut next.opened).insert(id);
            }
            Action::Breaks(looks) if looks == self.breaks => return None,
            Action::Breaks(looks) => next.breaks = looks,
            Action::Pack if self.parcel.is_some() => return None,
            Action::Pack => next.parcel = Rc::new(self.document.as_deref().map(parcel)),
            Action::Note(dump, about, text) => {
                let notes = Rc::make_mut(&mut next.notes).entry(dump).or_default();
                notes::write(notes, about, &text);
            }
            Action::Notes(packed) => {
                let read = |(dump, packed): (u64, String)| Some((dump, notes::from_code(&packed).ok()?));
                next.notes = Rc::new(packed.into_iter().filter_map(read).collect());
            }
            Action::Go(place) if place == self.place() => return None,
            Action::Go(place) => next.go(&place, probe),
        }
        let found = next.found.take();
        next.found = found.filter(|found| next.document.as_ref().is_some_and(|document| found.holds_for(document)));
        next.redraw(self, probe);
        let subjects = next.notes().keys().filter_map(About::subject);
        if let Some(scene) = next.scene.noting(&subjects.map(|subject| subject.stable_id()).collect()) {
            next.scene = Rc::new(scene);
        }
        Some(next)
    }

    /// What comes after a search came to an end, or was stopped.
    pub fn with_found(&self, found: Found) -> Self {
        let holds = self.document.as_ref().is_some_and(|document| found.holds_for(document));
        Self { found: holds.then(|| Rc::new(found)), ..self.clone() }
    }

    /// What comes after the script could not be played.
    pub fn with_unplayable(&self, why: String) -> Self {
        let mut next = self.clone();
        Rc::make_mut(&mut next.notices).push(Notice::Unplayable(why));
        next
    }

    /// What was written about what is loaded.
    pub fn notes(&self) -> &Notes {
        static NONE: Notes = Notes::new();
        self.notes.get(&self.dump).unwrap_or(&NONE)
    }

    /// The objects about which there is a note.
    pub fn noted(&self) -> BTreeSet<Key> {
        self.notes().keys().filter_map(|about| about.subject()?.key()).collect()
    }

    /// What is stuck in another run is what it shows first.
    fn look_at(&mut self, document: Document) {
        self.document = Some(Rc::new(document));
        self.open_first();
    }

    /// What was opened and closed in the list that is shown.
    pub fn asked(&self) -> &Asked {
        &self.asked[usize::from(!self.filter.trim().is_empty())]
    }

    fn asked_mut(&mut self) -> &mut Asked {
        &mut self.asked[usize::from(!self.filter.trim().is_empty())]
    }

    /// Where the reader is, for the address.
    pub fn place(&self) -> Place {
        let Some(document) = self.document.as_ref().filter(|_| self.open) else {
            return Place::default();
        };
        let profile = document.profile();
        let first = document.start().findings.first();
        Place {
            open: true,
            sample: document.sample().map(str::to_owned),
            text: self.link.as_deref().map(str::to_owned),
            notes: self.linked_notes.as_deref().map(str::to_owned),
            compared: self.compared,
            branch: document.branch().number(),
            run: deeds::code(&document.deeds()),
            profile: (profile != document.told_profile()).then(|| profile.name.to_owned()),
            lags: document.world().lags(),
            finding: self.finding.clone().filter(|open| first.is_none_or(|first| first.id != *open)),
            scope: self.scope,
            step: document.position(),
            selected: self.selected,
            filter: self.filter.clone(),
            camera: None,
        }
    }

    fn load(&mut self, inputs: &[Input], probe: &dyn Probe) {
        let (document, problems) = Document::load(self.document.as_deref(), inputs, None, probe);
        self.notices = Rc::new(problems.into_iter().map(Notice::Problem).collect());
        let was = self.document.as_ref().map(|document| document.snapshot());
        let is_new = document.as_ref().is_some_and(|new| was.is_none_or(|was| !Rc::ptr_eq(was, new.snapshot())));
        if is_new {
            let noted = self.document.is_some().then(|| self.notes().clone());
            self.show(document);
            // What was written stays with what it was written about, when something is loaded on top.
            if let Some(noted) = noted.filter(|noted| !noted.is_empty() && !self.notes.contains_key(&self.dump)) {
                Rc::make_mut(&mut self.notes).insert(self.dump, noted);
            }
        }
    }

    fn show_sample(&mut self, sample: &'static Sample, probe: &dyn Probe) {
        let (document, problems) = Document::load(None, &sample.inputs(), Some(sample.id), probe);
        self.notices = Rc::new(problems.into_iter().map(Notice::Problem).collect());
        self.show(document);
    }

    /// What an address brought takes the place of what is there, unless it is that already. A damaged one changes nothing.
    fn show_link(&mut self, packed: &str, probe: &dyn Probe) {
        if self.link.as_deref() == Some(packed) {
            return;
        }
        let inputs = link::inputs(packed, self.language.of_runs().linked());
        let loaded = inputs.map(|inputs| Document::load(None, &inputs, None, probe));
        match loaded {
            Ok((Some(document), problems)) => {
                self.notices = Rc::new(problems.into_iter().map(Notice::Problem).collect());
                self.show(Some(document));
                self.link = Some(packed.into());
            }
            Ok((None, _)) | Err(_) => self.notices = Rc::new(vec![Notice::DamagedLink]),
        }
    }

    /// Notes that an address brought; what was written here before, or taken away, goes before them.
    fn take_notes(&mut self, packed: &str) {
        if let Ok(notes) = notes::from_code(packed) {
            self.linked_notes = Some(packed.into());
            Rc::make_mut(&mut self.notes).entry(self.dump).or_insert(notes);
        }
    }

    fn show(&mut self, document: Option<Document>) {
        self.document = document.map(Rc::new);
        self.dump = self.document.as_ref().map_or(0, |document| notes::dump(document.snapshot()));
        self.link = None;
        self.linked_notes = None;
        self.parcel = Rc::default();
        self.open = self.document.is_some();
        self.selected = None;
        self.filter.clear();
        self.asked = [Asked::default(), Asked::default()];
        self.compared = None;
        self.scope = Scope::Knot;
        self.opened = Rc::default();
        self.scene = Rc::default();
        self.open_first();
    }

    /// What is stuck comes first.
    fn open_first(&mut self) {
        let Some(document) = &self.document else {
            return;
        };
        let open = self.finding.as_deref();
        if open.is_none_or(|open| document.finding(open).is_none()) {
            let findings = document.findings();
            self.finding = findings.first().map(|(finding, _)| finding.id.clone());
        }
    }

    /// Goes somewhere else in the run. What gets stuck there while nothing was is what is looked at; what a person closed stays closed.
    fn go_to(&mut self, go: impl FnOnce(&Document) -> Document) -> Option<()> {
        let was_well = self.document.as_ref().is_some_and(|document| document.findings().is_empty());
        self.change(go)?;
        if self.finding.is_some() || was_well {
            self.open_first();
        }
        Some(())
    }

    fn change(&mut self, change: impl FnOnce(&Document) -> Document) -> Option<()> {
        let document = self.document.as_ref()?;
        self.document = Some(Rc::new(change(document)));
        Some(())
    }

    fn go(&mut self, place: &Place, probe: &dyn Probe) {
        if !place.open {
            self.open = false;
            return;
        }
        if let Some(sample) = place.sample.as_deref().and_then(Sample::named) {
            let shown = self.document.as_ref().and_then(|document| document.sample());
            if shown != Some(sample.id) {
                self.show_sample(sample, probe);
            }
        } else if let Some(text) = &place.text {
            self.show_link(text, probe);
        }
        let Some(document) = self.document.clone() else {
            return;
        };
        // The notes on a text that did not arrive are not about what is there.
        let brought = place.text.as_deref() == self.link.as_deref() && place.sample.as_deref() == document.sample();
        if let Some(packed) = place.notes.as_deref().filter(|_| brought) {
            self.take_notes(packed);
        }
        self.open = true;
        let told = document.told_profile();
        let profile = place.profile.as_deref().and_then(Profile::named);
        let profile = profile.unwrap_or(told);
        // A branch that is no longer there leaves the reader where the address leads without it.
        let mut document = document.switch(place.branch);
        if document.profile() != profile {
            document = document.with_profile(profile, probe);
        }
        if document.world().lags() != place.lags {
            document = document.lagging(place.lags, probe);
        }
        let deeds = deeds::from_code(&place.run);
        if document.deeds() != deeds {
            document = document.with_deeds(profile, place.lags, &deeds, probe);
        }
        if document.position() != place.step {
            document = document.jump(place.step, probe);
        }
        self.document = Some(Rc::new(document));
        self.finding = place.finding.clone();
        self.open_first();
        self.scope = place.scope;
        self.selected = place.selected;
        let is_there =
            |number: usize| self.document.as_ref().is_some_and(|document| document.numbered(number).is_some());
        self.compared = place.compared.filter(|&(one, other)| is_there(one) && is_there(other));
        self.filter.clone_from(&place.filter);
        self.asked[1] = Asked::default();
    }

    /// Draws anew when what is drawn changed.
    fn redraw(&mut self, before: &Self, probe: &dyn Probe) {
        let same_document = match (&self.document, &before.document) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let same = same_document
            && self.finding == before.finding
            && self.scope == before.scope
            && Rc::ptr_eq(&self.opened, &before.opened);
        let Some(document) = self.document.as_ref().filter(|_| !same) else {
            return;
        };
        let view =
            View { finding: self.finding.as_deref(), scope: self.scope, opened: &self.opened, language: self.language };
        // Steps move as little as can be; another finding or another scope is another drawing.
        let stays = self.finding == before.finding && self.scope == before.scope;
        let earlier = Some(&*self.scene).filter(|scene| stays && !scene.blocks.is_empty());
        self.scene = Rc::new(draw(document, view, earlier, probe));
    }
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::End;

    use super::*;
    use crate::engine::Unmeasured;
    use crate::search::{Question, Search};

    fn after(state: &AppState, actions: impl IntoIterator<Item = Action>) -> AppState {
        actions.into_iter().fold(state.clone(), |state, action| state.after(action, &Unmeasured).unwrap_or(state))
    }

    fn sample(id: &str) -> Action {
        Action::Sample(Sample::named(id).expect(id))
    }

    fn text(text: &str) -> Action {
        Action::Load(vec![Input { name: "pasted text".into(), bytes: text.as_bytes().into() }])
    }

    #[test]
    fn a_sample_opens_on_its_knot() {
        let state = after(&AppState::default(), [sample("longhorn-10791")]);
        assert!(state.open && state.finding.is_some());
        assert!(state.scene.blocks.iter().any(|block| block.knot));
        assert_eq!(state.place().to_hash(), "#v2&sample=longhorn-10791");
    }

    #[test]
    fn broken_input_leaves_what_was_loaded() {
        let before = after(&AppState::default(), [sample("owner-ring")]);
        let state = after(&before, [text("<html>")]);
        assert_eq!(state.notices.len(), 1);
        assert!(state.open && Rc::ptr_eq(&state.scene, &before.scene));
        let state = after(&state, [Action::Dismiss(0), Action::Dismiss(0)]);
        assert_eq!(state.notices.len(), 0);
        let empty = after(&AppState::default(), [text("")]);
        assert!(!empty.open && empty.notices.len() == 1);
    }

    #[test]
    fn what_an_earlier_visit_kept_is_loaded() {
        let pasted =
            after(&AppState::default(), [text("kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n"), Action::Pack]);
        let packed = Option::as_ref(&pasted.parcel).expect("it was packed").packed.clone();
        let again = after(&AppState::default(), [Action::Restore("a.yaml".into(), packed)]);
        let world = |state: &AppState| state.document.as_ref().map(|document| document.world().fingerprint());
        assert!(again.open && world(&again) == world(&pasted));
        let damaged = after(&pasted, [Action::Restore(String::new(), "eJw".into())]);
        assert_eq!(*damaged.notices, [Notice::DamagedKept]);
        assert!(Option::is_some(&damaged.document), "what was loaded stays");
    }

    #[test]
    fn an_address_leads_back_to_where_it_was_taken() {
        let fix = Profile::named("after-3719").expect("the profile");
        let there = after(
            &AppState::default(),
            [
                sample("longhorn-10791"),
                Action::Profile(fix),
                Action::Jump(3),
                Action::Scope(Scope::All),
                Action::Filter("lhim ns:long".into()),
            ],
        );
        let key = there.scene.blocks[0].subject;
        let there = after(&there, [Action::Select(Some(key))]);
        let hash = there.place().to_hash();
        let here = after(&AppState::default(), [Action::Go(Place::from_hash(&hash))]);
        assert_eq!(here.place(), there.place());
        assert_eq!(here.place().to_hash(), hash);
        let world = |state: &AppState| state.document.as_ref().map(|d| d.world().fingerprint());
        assert_eq!(world(&here), world(&there));
    }

    #[test]
    fn going_back_to_the_empty_page_keeps_what_was_loaded() {
        let pasted = after(&AppState::default(), [text("kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n")]);
        let place = pasted.place();
        let empty = after(&pasted, [Action::Go(Place::default())]);
        assert!(!empty.open);
        let again = after(&empty, [Action::Go(place)]);
        assert!(again.open && again.document.is_some());
        let nowhere = after(&AppState::default(), [Action::Go(Place::from_hash("#v1&sample=none"))]);
        assert!(!nowhere.open);
    }

    #[test]
    fn what_changes_nothing_is_no_change() {
        let state = after(&AppState::default(), [sample("owner-ring")]);
        let nothing = [
            Action::Select(None),
            Action::Point(None),
            Action::Filter(String::new()),
            Action::Dismiss(4),
            Action::Go(state.place()),
        ];
        for action in nothing {
            assert!(state.after(action.clone(), &Unmeasured).is_none(), "{action:?}");
        }
        let empty = AppState::default();
        assert!(empty.after(Action::Forward, &Unmeasured).is_none());
    }

    #[test]
    fn what_gets_stuck_in_a_run_from_health_is_opened() {
        let state = after(&AppState::default(), [sample("three-nodes")]);
        assert!(state.finding.is_none());
        let document = state.document.clone().expect("the document");
        let mut search = Search::new(&document, Question::Faults(1)).expect("its script can be played");
        while !search.advance(|| true) {}
        let state = after(&state.with_found(search.found(false)), [Action::Follow(0, false)]);
        assert!(state.finding.is_none() && state.found.is_some());
        let last = after(&state, [Action::Jump(usize::MAX)]);
        assert!(last.finding.is_some());
        assert!(after(&last, [Action::Open(None), Action::Back]).finding.is_none(), "what was closed stays closed");
        let first = after(&last, [Action::Jump(0)]);
        assert!(first.finding.is_none() && first.found.is_some());
        let fix = Profile::named("after-3719").expect("the profile");
        let other = after(&first, [Action::Profile(fix)]);
        assert!(other.found.is_none(), "it was found under other rules");
        assert!(other.with_found(search.found(false)).found.is_none(), "and comes too late");
        assert!(after(&first, [Action::Follow(99, false)]).place() == first.place());
    }

    #[test]
    fn notes_belong_to_their_dump_and_are_there_again_when_it_is() {
        let state = after(&AppState::default(), [sample("longhorn-10791")]);
        let (dump, subject) = (state.dump, state.scene.blocks[0].subject);
        let note = |text: &str| Action::Note(dump, About::Subject(subject), text.into());
        let noted = after(&state, [note("Ask Ann.")]);
        assert_eq!(noted.notes().len(), 1);
        assert!(noted.scene.blocks[0].noted && !noted.scene.blocks[1].noted);
        let marked = |state: &AppState| state.scene.blocks.iter().any(|block| block.noted);
        assert!(marked(&after(&noted, [Action::Scope(Scope::All)])), "another drawing has them as well");
        assert!(
            Rc::ptr_eq(&after(&noted, [note("Ask Ben.")]).scene, &noted.scene),
            "the same marks are no other drawing"
        );
        assert!(!marked(&after(&noted, [note("")])));

        let other = after(&noted, [sample("owner-ring")]);
        assert!(other.notes().is_empty() && !marked(&other));
        assert_eq!(after(&other, [sample("longhorn-10791")]).notes(), noted.notes());
        let cleared = after(&noted, [Action::Clear]);
        assert!(cleared.notes().is_empty());
        assert_eq!(after(&cleared, [sample("longhorn-10791")]).notes(), noted.notes());
        let more = after(&noted, [text("kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n")]);
        assert_ne!(more.dump, dump);
        assert_eq!(more.notes(), noted.notes(), "what is loaded on top takes none away");
        let forgotten = after(&noted, [Action::Notes(Packed::new())]);
        assert!(forgotten.notes().is_empty());
    }

    #[test]
    fn notes_that_travel_arrive_with_their_dump_and_with_no_other() {
        let there = after(&AppState::default(), [sample("owner-ring")]);
        let about = About::Subject(there.scene.blocks[0].subject);
        let there = after(&there, [Action::Note(there.dump, about, "Ask Ann.".into())]);
        let alone = there.place();
        assert_eq!(alone.notes, None, "they do not travel by themselves");
        let place = Place { notes: Some(notes::to_code(there.notes())), ..alone };
        let place = Place::from_hash(&place.to_hash());
        let here = after(&AppState::default(), [Action::Go(place.clone())]);
        assert_eq!(here.notes(), there.notes());
        assert_eq!(here.place(), place);
        let own =
            after(&here, [Action::Note(here.dump, about, String::new()), Action::Clear, Action::Go(place.clone())]);
        assert!(own.notes().is_empty(), "what was taken away does not come again");
        let damaged = Place { sample: None, text: Some("eJw".into()), ..place };
        assert!(after(&AppState::default(), [sample("api-gone"), Action::Go(damaged)]).notes().is_empty());
    }

    #[test]
    fn selecting_does_not_draw_anew() {
        let before = after(&AppState::default(), [sample("owner-ring")]);
        let subject = before.scene.blocks[0].subject;
        let actions = [Action::Select(Some(subject)), Action::Filter("pod".into())];
        assert!(Rc::ptr_eq(&after(&before, actions).scene, &before.scene));
        assert!(!Rc::ptr_eq(&after(&before, [Action::Scope(Scope::All)]).scene, &before.scene));
    }

    #[test]
    fn every_order_of_a_persons_actions_keeps_its_senses() {
        let state = after(&AppState::default(), [sample("longhorn-10791")]);
        let finding = state.finding.clone().expect("a finding");
        let fix = Profile::named("after-3719").expect("the profile");
        let actions = [
            Action::Attempt(finding.clone(), 0),
            Action::Forward,
            Action::Profile(fix),
            Action::Jump(4),
            Action::GiveUp,
            Action::Back,
            Action::Open(Some(finding)),
            Action::Scope(Scope::All),
            Action::Go(Place::default()),
            Action::Branch,
            Action::Switch(1),
            Action::Forget(1),
            Action::Lag(true),
            Action::Break(Break::Fault(Fault::Stopped(gordian_reconcile::Process::ControllerManager))),
            Action::Judge,
        ];
        for first in 0..actions.len() {
            for second in 0..actions.len() {
                for third in 0..actions.len() {
                    let order = [first, second, third].map(|index| actions[index].clone());
                    let state = after(&state, order.clone());
                    let document = state.document.as_ref().expect("the document");
                    assert!(document.position() <= document.steps().len(), "{order:?}");
                    assert_ne!(document.end(), End::Bounded);
                    assert!(!state.scene.blocks.is_empty(), "{order:?}");
                }
            }
        }
    }
}
