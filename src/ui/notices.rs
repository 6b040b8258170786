//! What could not be read, and what became of the worker.

use yew::prelude::*;

use super::controls::IconButton;
use super::icon::Icon;
use super::shared::{Shared, use_page, words};
use super::store::Trouble;
use crate::messages::Text;
use crate::seen;
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct NoticesProps {
    pub(crate) notices: Shared<seen::Notices>,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) onwell: Callback<()>,
}

/// One sentence each, in a region that a screen reader reads out.
#[component]
pub(crate) fn Notices(props: &NoticesProps) -> Html {
    let page = use_page();
    let notices = &props.notices;
    let one = |key: String, is_error: bool, sentence: &str, onclick: Callback<MouseEvent>| {
        let (class, icon) = if is_error { ("error", Icon::Error) } else { ("warning", Icon::Warning) };
        html! {
            <li {key} class={classes!("notice", class)} data-testid="problem">
                { icon.html() }
                <p>{ words(sentence) }</p>
                <IconButton icon={Icon::Close} label={page.language.text(Text::Dismiss)} {onclick} />
            </li>
        }
    };
    let trouble = props.trouble.map(|trouble| {
        let text = match trouble {
            Trouble::NoWorker => Text::NoWorker,
            Trouble::NoProgram => Text::NoProgram,
            Trouble::Broke => Text::WorkerBroke,
        };
        let onwell = props.onwell.clone();
        one("trouble".into(), true, page.language.text(text), Callback::from(move |_| onwell.emit(())))
    });
    let dismiss = |index| page.on(Action::Dismiss(index));
    let notice = |(index, (is_error, sentence)): (usize, &(bool, String))| {
        one(index.to_string(), *is_error, sentence, dismiss(index))
    };
    html! {
        <div class="notices" role="status" aria-live="polite">
            if trouble.is_some() || !notices.first.is_empty() {
                <ul>
                    { trouble.unwrap_or_default() }
                    { for notices.first.iter().enumerate().map(notice) }
                </ul>
            }
            if notices.count > notices.first.len() {
                <p class="more">{ page.language.page().shown_of(notices.first.len(), notices.count) }</p>
            }
        </div>
    }
}
