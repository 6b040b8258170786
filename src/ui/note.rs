//! A note about one thing: a button, and once it is pressed a field, which keeps what is written as it is written.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::icon::Icon;
use super::shared::{Shared, use_page};
use crate::messages::Text;
use crate::notes::{About, LIMIT, Notebook};
use crate::state::Action;

/// What a note needs. Its component is given a key, so that each thing has a field of its own.
#[derive(Properties, PartialEq)]
pub(crate) struct NoteProps {
    pub(crate) notebook: Shared<Notebook>,
    pub(crate) about: About,
    /// What the field is called.
    pub(crate) label: Text,
    /// The id of the button, or of the field.
    pub(crate) id: &'static str,
}

#[component]
pub(crate) fn Note(props: &NoteProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    // What is being written is ahead of what was answered.
    let draft = use_state(|| None::<String>);
    let field = use_node_ref();
    // The keyboard goes to the field when a person asked for it.
    let asked = use_state(|| false);
    {
        let (field, asked) = (field.clone(), asked.clone());
        use_effect_with(*asked, move |&is| {
            if let Some(field) = field.cast::<HtmlElement>().filter(|_| is) {
                let _ = field.focus();
                asked.set(false);
            }
        });
    }
    let kept = props.notebook.text(props.about);
    let written = draft.as_deref().unwrap_or(kept);
    if draft.is_none() && kept.is_empty() {
        let onclick = {
            let (draft, asked) = (draft.setter(), asked.setter());
            Callback::from(move |_: MouseEvent| {
                draft.set(Some(String::new()));
                asked.set(true);
            })
        };
        return html! {
            <button type="button" id={props.id} class="button quiet note-add" {onclick} data-testid={format!("{}-add", props.id)}>
                { Icon::Note.html() }<span>{ text(Text::AddNote) }</span>
            </button>
        };
    }
    let oninput = {
        let (draft, tell) = (draft.setter(), page.tell.clone());
        let (dump, about) = (props.notebook.dump, props.about);
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            let text = field.map(|field| field.value()).unwrap_or_default();
            tell.emit(Action::Note(dump, about, text.clone()));
            draft.set(Some(text));
        })
    };
    let onblur = {
        let (draft, empty) = (draft.setter(), written.trim().is_empty());
        Callback::from(move |_: FocusEvent| {
            if empty {
                draft.set(None);
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        // While a word is composed, Escape belongs to that.
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            leave(event.target());
        }
    });
    let full = written.encode_utf16().count() >= LIMIT;
    html! {
        <div class="note-field">
            <label for={props.id}>{ Icon::Note.html() }{ text(props.label) }</label>
            <textarea ref={field} id={props.id} rows="2" maxlength={LIMIT.to_string()} value={written.to_owned()} {oninput} {onblur} {onkeydown}
                data-testid={props.id} />
            <p class="hint" role="status">
                if full { { page.language.page().note_full(LIMIT) } }
            </p>
        </div>
    }
}

/// Gives the keyboard back to the pane that the field is in.
fn leave(target: Option<web_sys::EventTarget>) {
    let field = target.and_then(|target| target.dyn_into::<Element>().ok());
    let pane = field.and_then(|field| field.closest(".pane").ok()?);
    if let Some(pane) = pane.and_then(|pane| pane.dyn_into::<HtmlElement>().ok()) {
        let _ = pane.focus();
    }
}
