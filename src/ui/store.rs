//! What the page knows, as Yew keeps it: what is seen, and how the worker is.

use std::rc::Rc;

use yew::Reducible;

use crate::engine::Phase;
use crate::seen::Seen;
use crate::subject::Subject;

/// What the page knows.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) seen: Seen,
    /// The arrow that is pointed at, by its ends.
    pub(crate) pointed: Option<(Subject, Subject)>,
    /// Whether something was asked that is not answered yet.
    pub(crate) busy: bool,
    /// How often something was asked.
    pub(crate) asked: usize,
    /// What the worker does, when it takes a while.
    pub(crate) doing: Option<Doing>,
    pub(crate) trouble: Option<Trouble>,
}

impl Default for Store {
    /// The worker is about to be asked where the address leads.
    fn default() -> Self {
        Self { seen: Seen::default(), pointed: None, busy: true, asked: 0, doing: None, trouble: None }
    }
}

/// What the worker does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Doing {
    pub(crate) phase: Option<Phase>,
    /// So many percent of it are done.
    pub(crate) percent: Option<usize>,
    /// Whether it only goes back to where another worker was.
    pub(crate) back: bool,
}

/// What can happen to a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It cannot be started.
    NoWorker,
    /// Its program did not come.
    NoProgram,
    /// It broke down over what it was asked.
    Broke,
}

/// What changes.
#[derive(Debug)]
pub(crate) enum Change {
    Seen(Box<Seen>),
    Point(Option<(Subject, Subject)>),
    Asked,
    Answered,
    Doing(Option<Doing>),
    Trouble(Option<Trouble>),
}

impl Reducible for Store {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = Self::clone(&self);
        match change {
            Change::Seen(seen) => {
                // Another drawing has other arrows.
                next.pointed = next.pointed.filter(|_| Rc::ptr_eq(&seen.scene, &self.seen.scene));
                next.seen = *seen;
            }
            Change::Point(pointed) if pointed == self.pointed => return self,
            Change::Point(pointed) => next.pointed = pointed,
            Change::Asked => (next.busy, next.asked) = (true, self.asked + 1),
            Change::Answered if !self.busy => return self,
            Change::Answered => next.busy = false,
            Change::Doing(doing) if doing == self.doing => return self,
            Change::Doing(doing) => next.doing = doing,
            Change::Trouble(trouble) => next.trouble = trouble,
        }
        Rc::new(next)
    }
}
