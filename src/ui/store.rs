//! The page's state, as Yew keeps it.

use std::rc::Rc;

use yew::Reducible;

use super::browser::Profiler;
use crate::state::{Action, AppState};

/// One line between [`AppState`], which knows no Yew, and Yew.
#[derive(Debug, Default)]
pub(crate) struct Store(pub(crate) AppState);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        match self.0.after(action, &Profiler) {
            Some(next) => Rc::new(Self(next)),
            None => self,
        }
    }
}
