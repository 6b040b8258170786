//! What works: it keeps what was loaded, answers what a person does, and says what is seen of it then.
//!
//! In the browser it runs in a worker of its own, so that the page stays responsive whatever it does. Nothing here knows that.

use crate::engine::Probe;
use crate::search::Search;
use crate::seen::{Part, Seen, UnderWay};
use crate::state::{Action, AppState};

/// Whoever works.
#[derive(Default)]
pub struct Worker {
    state: AppState,
    seen: Seen,
    search: Option<Search>,
}

impl Worker {
    /// Does what a person asks. Gives the parts of what is seen that changed.
    pub fn answer(&mut self, action: Action, probe: &dyn Probe) -> Vec<Part> {
        let next = match action {
            Action::Search(question) => {
                let begun = self.state.document.as_ref().map(|document| Search::new(document, question));
                match begun.transpose() {
                    Ok(search) => {
                        self.search = search;
                        Some(self.state.clone())
                    }
                    Err(why) => Some(self.state.with_unplayable(why)),
                }
            }
            Action::Stop => self.search.take().map(|mut search| self.state.with_found(search.found(true))),
            action => self.state.after(action, probe),
        };
        next.map_or_else(Vec::new, |next| self.show(next))
    }

    /// Whether a search is under way.
    pub fn searches(&self) -> bool {
        self.search.is_some()
    }

    /// Goes on with the search until it is done, or its time is over. Gives the parts of what is seen that changed.
    pub fn advance(&mut self, is_over: impl Fn() -> bool) -> Vec<Part> {
        let Some(search) = &mut self.search else {
            return Vec::new();
        };
        let next = match search.advance(is_over) {
            true => {
                let found = search.found(false);
                self.search = None;
                self.state.with_found(found)
            }
            false => self.state.clone(),
        };
        self.show(next)
    }

    fn show(&mut self, next: AppState) -> Vec<Part> {
        // What is searched under other rules, or in another dump, is asked no more.
        let document = next.document.as_ref();
        self.search = self.search.take().filter(|search| document.is_some_and(|document| search.holds_for(document)));
        let under_way: Option<UnderWay> = self.search.as_mut().map(|search| (search.question(), search.tried()));
        let seen = Seen::of(&next, under_way, &self.state, &self.seen);
        let parts = seen.since(&self.seen);
        self.state = next;
        self.seen = seen;
        parts
    }
}
