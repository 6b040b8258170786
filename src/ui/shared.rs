//! What every component shares.

use std::ops::Deref;
use std::rc::Rc;

use gordian_reconcile::Rule;
use web_sys::Blob;
use yew::prelude::*;

use crate::messages::Language;
use crate::state::Action;
use crate::words::{Piece, pieces};

/// A value that is the same only when it is the very same: comparing it costs nothing, so that a component that was given it
/// again is not drawn again.
#[derive(Debug)]
pub(crate) struct Shared<T>(pub(crate) Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What is the same for the life of the page, or nearly: the language, and the way to say what a person did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) language: Language,
    pub(crate) tell: Callback<Action>,
    /// Loads files, with their names.
    pub(crate) load: Callback<Vec<(String, Blob)>>,
}

impl Page {
    /// A callback that says that a person did this.
    pub(crate) fn on<E>(&self, action: Action) -> Callback<E> {
        let tell = self.tell.clone();
        Callback::from(move |_| tell.emit(action.clone()))
    }
}

/// The page that a component stands in.
#[hook]
pub(crate) fn use_page() -> Page {
    let nowhere = || Page { language: Language::default(), tell: Callback::noop(), load: Callback::noop() };
    use_context::<Page>().unwrap_or_else(nowhere)
}

/// A rule's identifier; pointed at, the file and function that it mirrors.
pub(crate) fn rule_id(rule: Rule) -> Html {
    let source = rule.source().map(|source| source.to_string());
    html! { <span class="rule-id" title={source} data-testid="rule-id">{ rule.0 }</span> }
}

/// A sentence, its literals set apart.
pub(crate) fn words(sentence: &str) -> Html {
    pieces(sentence)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => html! { <>{ text }</> },
            Piece::Literal(text) => html! { <code>{ text }</code> },
        })
        .collect()
}
