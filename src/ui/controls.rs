//! Buttons that are needed in several places.

use yew::platform::spawn_local;
use yew::prelude::*;

use super::browser;
use super::icon::Icon;
use super::shared::use_page;
use crate::messages::Text;

/// What an icon button needs.
#[derive(Properties, PartialEq)]
pub(crate) struct IconButtonProps {
    pub(crate) icon: Icon,
    pub(crate) label: AttrValue,
    pub(crate) onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub(crate) disabled: bool,
    #[prop_or_default]
    pub(crate) testid: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) pressed: Option<AttrValue>,
}

/// A button that shows an icon, and says in words what it does.
#[component]
pub(crate) fn IconButton(props: &IconButtonProps) -> Html {
    html! {
        <button type="button" class={classes!("icon-button", props.class.clone())} aria-label={props.label.clone()}
            title={props.label.clone()} disabled={props.disabled} data-testid={props.testid.clone()}
            aria-pressed={props.pressed.clone()} onclick={props.onclick.clone()}>
            { props.icon.html() }
        </button>
    }
}

/// What a copy button needs.
#[derive(Properties, PartialEq)]
pub(crate) struct CopyButtonProps {
    pub(crate) text: AttrValue,
    pub(crate) label: AttrValue,
    #[prop_or_default]
    pub(crate) testid: AttrValue,
    /// Whether it is what one came for.
    #[prop_or_default]
    pub(crate) primary: bool,
}

/// A button that puts a text on the clipboard, and says that it did.
#[component]
pub(crate) fn CopyButton(props: &CopyButtonProps) -> Html {
    let page = use_page();
    let copied = use_state(|| false);
    {
        let copied = copied.clone();
        use_effect_with(*copied, move |&is| {
            let timer = is.then(|| gloo::timers::callback::Timeout::new(2000, move || copied.set(false)));
            move || drop(timer)
        });
    }
    let onclick = {
        let (text, copied) = (props.text.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (text, copied) = (text.clone(), copied.clone());
            spawn_local(async move {
                if browser::copy(&text).await {
                    copied.set(true);
                }
            });
        })
    };
    let (icon, label) = match *copied {
        true => (Icon::Done, AttrValue::from(page.language.text(Text::Copied))),
        false => (Icon::Copy, props.label.clone()),
    };
    html! {
        <button type="button" class={classes!("button", if props.primary { "primary" } else { "quiet" }, copied.then_some("done"))} {onclick}
            data-testid={props.testid.clone()}>
            { icon.html() }
            <span aria-live="polite">{ label }</span>
        </button>
    }
}
