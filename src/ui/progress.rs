//! What the worker does, while it takes a while, and the way to stop it.

use yew::prelude::*;

use super::icon::Icon;
use super::shared::use_page;
use super::store::Doing;
use crate::messages::Text;

#[derive(Properties, PartialEq)]
pub(crate) struct ProgressProps {
    pub(crate) doing: Option<Doing>,
    pub(crate) oncancel: Callback<()>,
}

/// One calm line. The region stays, so that a screen reader reads out what comes into it.
#[component]
pub(crate) fn Progress(props: &ProgressProps) -> Html {
    let page = use_page();
    let onclick = {
        let oncancel = props.oncancel.clone();
        Callback::from(move |_: MouseEvent| oncancel.emit(()))
    };
    let line = |doing: Doing| {
        let words = page.language.page().doing(doing.phase.filter(|_| !doing.back), doing.back);
        html! {
            <div class="doing" data-testid="progress">
                <span role="status" data-testid="doing">{ words }</span>
                if let Some(percent) = doing.percent.filter(|_| !doing.back) {
                    <progress max="100" value={percent.to_string()} aria-label={words} />
                } else {
                    <progress aria-label={words} />
                }
                if !doing.back {
                    <button type="button" class="button quiet" {onclick} data-testid="cancel">{ Icon::Close.html() }{ page.language.text(Text::Cancel) }</button>
                }
            </div>
        }
    };
    html! { <div class="progress-place">{ props.doing.map(line).unwrap_or_default() }</div> }
}
