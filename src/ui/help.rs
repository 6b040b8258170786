//! The list of keys.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::controls::IconButton;
use super::icon::Icon;
use super::scrubber::Legend;
use super::shared::use_page;
use crate::keys::{KEYS, Row, label};
use crate::messages::Text;

#[derive(Properties, PartialEq)]
pub(crate) struct HelpProps {
    pub(crate) open: bool,
    pub(crate) onclose: Callback<()>,
}

/// A dialog: it takes the keyboard, and Escape closes it.
#[component]
pub(crate) fn Help(props: &HelpProps) -> Html {
    let page = use_page();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(props.open, move |&open| {
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
    let onclose = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: Event| onclose.emit(()))
    };
    let close = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| onclose.emit(()))
    };
    let row = |&(keys, does): &Row| {
        let key = |key: &&'static str| html! { <kbd>{ label(key) }</kbd> };
        html! {
            <div key={keys.concat()}>
                <dt>{ for keys.iter().map(key) }</dt>
                <dd>{ page.language.page().key(does) }</dd>
            </div>
        }
    };
    let group = |&(name, rows): &(Text, &'static [Row])| {
        html! {
            <section key={page.language.text(name)}>
                <h3>{ page.language.text(name) }</h3>
                <dl>{ for rows.iter().map(row) }</dl>
            </section>
        }
    };
    html! {
        <dialog ref={dialog} class="dialog help" aria-labelledby="help-title" {onclose}>
            <header>
                <h2 id="help-title">{ page.language.text(Text::Help) }</h2>
                <IconButton icon={Icon::Close} label={page.language.text(Text::Close)} onclick={close} />
            </header>
            { for KEYS.iter().map(group) }
            <Legend />
        </dialog>
    }
}
