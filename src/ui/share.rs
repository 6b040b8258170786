//! What of the loaded text leaves the page by a person's hand, and what stays in the browser: a link, a file, and the storage.

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::browser;
use super::controls::{CopyButton, IconButton};
use super::icon::Icon;
use super::keep::{self, Pack};
use super::shared::{use_page, words};
use crate::link::{LINK_LIMIT, Parcel};
use crate::messages::Text;
use crate::url::Place;

/// What the button and its dialog need.
#[derive(Properties, PartialEq)]
pub(crate) struct ShareProps {
    /// Whether it is a sample: then its name is enough.
    pub(crate) is_sample: bool,
    /// Whether an address brought it, which brings it back as well.
    pub(crate) is_linked: bool,
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
                    <Link shown={shown.clone()} />
                    if let Some(parcel) = shown.parcel.clone().filter(|_| !props.is_linked) {
                        <Kept {parcel} />
                    }
                }
            </dialog>
        </>
    }
}

/// What the dialog is about.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    address: String,
    /// What the address carries. A sample needs no more than its name.
    parcel: Option<Rc<Parcel>>,
}

impl Shown {
    fn of(parcel: Option<Rc<Parcel>>) -> Self {
        let place = Place::from_hash(&browser::hash());
        let text = parcel.as_ref().map(|parcel| parcel.packed.clone());
        Self { address: browser::address(&Place { text, ..place }.to_hash()), parcel }
    }
}

#[derive(Properties, PartialEq)]
struct LinkProps {
    shown: Shown,
}

#[component]
fn Link(props: &LinkProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let said = page.language.page();
    let copy = html! {
        <CopyButton text={props.shown.address.clone()} label={text(Text::CopyLink)} testid="copy-link" primary=true />
    };
    let Some(parcel) = &props.shown.parcel else {
        return html! { <><p>{ text(Text::LinkOfSample) }</p><div class="row">{ copy }</div></> };
    };
    let characters = props.shown.address.len();
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
    parcel: Rc<Parcel>,
}

/// Whether it is kept in the browser, and the way to change that.
#[component]
fn Kept(props: &KeptProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let is_kept = use_state(keep::is_kept);
    let too_large = use_state(|| false);
    let onclick = {
        let (is_kept, too_large, parcel) = (is_kept.clone(), too_large.setter(), Rc::clone(&props.parcel));
        Callback::from(move |_: MouseEvent| {
            match *is_kept {
                true => keep::forget(),
                false => too_large.set(!keep::keep(&parcel)),
            }
            is_kept.set(keep::is_kept());
        })
    };
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
