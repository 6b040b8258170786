//! The list of keys.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::controls::IconButton;
use super::icon::Icon;
use super::scrubber::Legend;
use super::shared::use_page;
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
    let row = |&(keys, what): &(&'static str, &'static str)| {
        let key = |key: &'static str| html! { <kbd>{ key }</kbd> };
        html! {
            <div key={keys}>
                <dt>{ for keys.split_whitespace().map(key) }</dt>
                <dd>{ what }</dd>
            </div>
        }
    };
    html! {
        <dialog ref={dialog} class="help" aria-labelledby="help-title" {onclose}>
            <header>
                <h2 id="help-title">{ page.language.text(Text::Help) }</h2>
                <IconButton icon={Icon::Close} label={page.language.text(Text::Close)} onclick={close} />
            </header>
            <dl>{ for page.language.page().keys().iter().map(row) }</dl>
            <Legend />
        </dialog>
    }
}
