//! What of the loaded text leaves the page by a person's hand, and what stays in the browser: a link, a file, and the storage.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::browser;
use super::controls::{CopyButton, IconButton};
use super::icon::Icon;
use super::keep::{self, Pack};
use super::shared::{Shared, use_page, words};
use crate::link::{LINK_LIMIT, Parcel};
use crate::messages::Text;
use crate::notes::{Notebook, Packed};
use crate::state::Action;
use crate::url::Place;

/// What the button and its dialog need.
#[derive(Properties, PartialEq)]
pub(crate) struct ShareProps {
    /// Whether it is a sample: then its name is enough.
    pub(crate) is_sample: bool,
    /// Whether an address brought it, which brings it back as well.
    pub(crate) is_linked: bool,
    /// What was written about it.
    pub(crate) notebook: Shared<Notebook>,
    /// Makes what is loaded ready to travel.
    pub(crate) pack: Pack,
}

/// The button in the bar, and the dialog that it opens.
#[component]
pub(crate) fn Share(props: &ShareProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    // Made when the dialog opens, and not before: a large dump takes a while.
    let shown = use_state(|| None::<Shown>);
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(shown.is_some(), move |&open| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                if open && !dialog.open() {
                    // It fails only for a dialog that is open, or not in the page.
                    let _ = dialog.show_modal();
                } else if !open && dialog.open() {
                    dialog.close();
                }
            }
        });
    }
    let open = {
        let (shown, pack, is_sample) = (shown.setter(), props.pack.clone(), props.is_sample);
        Callback::from(move |_: MouseEvent| match is_sample {
            true => shown.set(Some(Shown::of(None))),
            false => {
                let shown = shown.clone();
                pack.emit(Callback::from(move |parcel| shown.set(Some(Shown::of(Some(parcel))))));
            }
        })
    };
    let onclose = {
        let shown = shown.setter();
        Callback::from(move |_: Event| shown.set(None))
    };
    let close = {
        let shown = shown.setter();
        Callback::from(move |_: MouseEvent| shown.set(None))
    };
    html! {
        <>
            <IconButton icon={Icon::Share} label={text(Text::Share)} onclick={open} testid="share" />
            <dialog ref={dialog} class="dialog share" aria-labelledby="share-title" {onclose} data-testid="share-dialog">
                // Not a `header`: that would be a banner inside the page's own.
                <div class="dialog-head">
                    <h2 id="share-title">{ text(Text::Share) }</h2>
                    <IconButton icon={Icon::Close} label={text(Text::Close)} onclick={close} testid="share-close" />
                </div>
                if let Some(shown) = &*shown {
                    <Link shown={shown.clone()} notebook={props.notebook.clone()} />
                    <Kept parcel={shown.parcel.clone().filter(|_| !props.is_linked)} notebook={props.notebook.clone()} />
                }
            </dialog>
        </>
    }
}

/// What the dialog is about.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    /// Where the address leads, without notes.
    place: Place,
    /// What the address carries. A sample needs no more than its name.
    parcel: Option<Rc<Parcel>>,
}

impl Shown {
    fn of(parcel: Option<Rc<Parcel>>) -> Self {
        let text = parcel.as_ref().map(|parcel| parcel.packed.clone());
        Self { place: Place { text, notes: None, ..Place::from_hash(&browser::hash()) }, parcel }
    }

    fn address(&self, notes: Option<String>) -> String {
        browser::address(&Place { notes, ..self.place.clone() }.to_hash())
    }
}

#[derive(Properties, PartialEq)]
struct LinkProps {
    shown: Shown,
    notebook: Shared<Notebook>,
}

#[component]
fn Link(props: &LinkProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let said = page.language.page();
    let with_notes = use_state(|| false);
    let notes = with_notes.then(|| props.notebook.packed.clone());
    let address = props.shown.address(notes);
    let characters = address.len();
    let copy = html! { <CopyButton text={address} label={text(Text::CopyLink)} testid="copy-link" primary=true /> };
    let onchange = {
        let with_notes = with_notes.setter();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            with_notes.set(input.is_some_and(|input| input.checked()));
        })
    };
    let choice = html! {
        if !props.notebook.notes.is_empty() {
            <div class="choose-notes">
                <label class="switch">
                    <input type="checkbox" checked={*with_notes} {onchange} aria-describedby="notes-travel" data-testid="with-notes" />
                    <span>{ text(Text::NotesTravel) }</span>
                </label>
                <p class="hint" id="notes-travel">{ text(Text::NotesTravelHint) }</p>
            </div>
        }
    };
    let Some(parcel) = &props.shown.parcel else {
        return html! { <><p>{ text(Text::LinkOfSample) }</p>{ choice }<div class="row">{ copy }</div></> };
    };
    let fits = characters <= LINK_LIMIT;
    let ondownload = {
        let dump = parcel.dump.clone();
        Callback::from(move |_: MouseEvent| {
            browser::download("gordian.json", &browser::blob(&dump, "application/json"))
        })
    };
    html! {
        <>
            if fits {
                <p data-testid="link-size">{ said.link_size(parcel.objects, characters) }{ " " }{ text(Text::LinkHint) }</p>
            } else {
                <p data-testid="link-too-long">{ said.link_too_long(characters, LINK_LIMIT) }</p>
            }
            <p class="hint">{ Icon::Lock.html() }<span>{ words(text(Text::LeftOut)) }</span></p>
            { choice }
            <div class="row">
                if fits {
                    { copy }
                }
                <button type="button" class={classes!("button", (!fits).then_some("primary"))} onclick={ondownload} data-testid="download">
                    { text(Text::Download) }
                </button>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct KeptProps {
    /// What would be kept. What an address brings back is not, but notes on it are.
    parcel: Option<Rc<Parcel>>,
    notebook: Shared<Notebook>,
}

/// Whether it is kept in the browser, and the way to change that.
#[component]
fn Kept(props: &KeptProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let (parcel, dump) = (props.parcel.is_some(), props.notebook.dump);
    let see = move || if parcel { keep::is_kept() } else { keep::kept_notes().contains_key(&dump) };
    let is_kept = use_state(see);
    let too_large = use_state(|| false);
    let onclick = {
        let (is_kept, too_large, tell) = (is_kept.clone(), too_large.setter(), page.tell.clone());
        let (parcel, notebook) = (props.parcel.clone(), props.notebook.clone());
        Callback::from(move |_: MouseEvent| {
            match *is_kept {
                true => {
                    keep::forget();
                    // What is looked at stays until the page is left.
                    let stays = Some((notebook.dump, notebook.packed.clone())).filter(|(_, packed)| !packed.is_empty());
                    tell.emit(Action::Notes(Packed::from_iter(stays)));
                }
                false => {
                    let all = parcel.as_deref().is_none_or(keep::keep);
                    too_large.set(!keep::keep_notes(&notebook) || !all);
                }
            }
            is_kept.set(see());
        })
    };
    if props.parcel.is_none() && props.notebook.notes.is_empty() {
        return Html::default();
    }
    let (says, label) = match (*is_kept, *too_large) {
        (true, _) => (Text::KeepOn, Text::ForgetKept),
        (false, false) => (Text::KeepOff, Text::KeepYes),
        (false, true) => (Text::KeepTooLarge, Text::KeepYes),
    };
    html! {
        <section aria-labelledby="kept-title">
            <h3 id="kept-title">{ text(Text::Keep) }</h3>
            <div class="row">
                <p role="status">{ text(says) }</p>
                <button type="button" class="button" {onclick} data-testid={if *is_kept { "forget" } else { "keep" }}>{ text(label) }</button>
            </div>
        </section>
    }
}
