//! All notes, each with the way to what it is about.

use yew::prelude::*;

use super::controls::CopyButton;
use super::icon::Icon;
use super::shared::{Shared, use_page, words};
use crate::messages::Text;
use crate::notes::{About, Entry, Notebook};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct NotesProps {
    pub(crate) notebook: Shared<Notebook>,
    /// A person goes to a step.
    pub(crate) onstep: Callback<()>,
}

#[component]
pub(crate) fn Notes(props: &NotesProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let notebook = &props.notebook;
    if notebook.entries.is_empty() {
        return Html::default();
    }
    let one = |(index, entry): (usize, &Entry)| {
        let name = html! {
            <>
                <span class="note-title">{ entry.title.clone() }</span>
                if !entry.says.is_empty() { { " " }{ words(&entry.says) } }
            </>
        };
        let go = match (entry.about, entry.branch) {
            (About::Subject(subject), _) => Some(page.on(Action::Select(Some(subject)))),
            (About::Step { at, .. }, Some(branch)) => {
                let (tell, onstep) = (page.tell.clone(), props.onstep.clone());
                Some(Callback::from(move |_: MouseEvent| {
                    tell.emit(Action::Switch(branch));
                    tell.emit(Action::Jump(at));
                    onstep.emit(());
                }))
            }
            (About::Step { .. }, None) => None,
        };
        html! {
            <li key={index} class="noted" data-testid="noted">
                if let Some(onclick) = go {
                    <button type="button" class="sentence" {onclick} data-testid="noted-go">{ name }</button>
                } else {
                    <p class="sentence-gone">{ name }</p>
                }
                <p class="note-text">{ entry.text.clone() }</p>
            </li>
        }
    };
    html! {
        <section class="notes" aria-labelledby="notes-title" data-testid="notes">
            <div class="notes-head">
                <h3 id="notes-title">{ Icon::Note.html() }{ text(Text::Notes) }<span class="count">{ notebook.entries.len() }</span></h3>
                <CopyButton text={notebook.markdown.clone()} label={text(Text::NotesCopy)} testid="notes-copy" />
            </div>
            <ul class="plain">{ for notebook.entries.iter().enumerate().map(one) }</ul>
        </section>
    }
}
