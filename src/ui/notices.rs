//! What could not be read.

use std::rc::Rc;

use gordian_snapshot::Severity;
use yew::prelude::*;

use super::controls::IconButton;
use super::icon::Icon;
use super::shared::{Shared, use_page, words};
use crate::messages::Text;
use crate::state::{Action, Notice};

/// As many are listed one by one; a broken dump can have thousands.
const MOST: usize = 6;

#[derive(Properties, PartialEq)]
pub(crate) struct NoticesProps {
    pub(crate) notices: Shared<Vec<Notice>>,
}

/// One sentence each, in a region that a screen reader reads out.
#[component]
pub(crate) fn Notices(props: &NoticesProps) -> Html {
    let page = use_page();
    let notices: &Rc<Vec<Notice>> = &props.notices.0;
    let one = |(index, notice): (usize, &Notice)| {
        let sentence = match notice {
            Notice::Problem(problem) => page.language.core().problem(problem),
            Notice::Unplayable(why) => page.language.page().unplayable(why),
            Notice::Unreadable(file) => page.language.page().unreadable(file),
        };
        let (class, icon) = match notice.severity() {
            Severity::Error => ("error", Icon::Error),
            Severity::Warning => ("warning", Icon::Warning),
        };
        html! {
            <li key={index} class={classes!("notice", class)} data-testid="problem">
                { icon.html() }
                <p>{ words(&sentence) }</p>
                <IconButton icon={Icon::Close} label={page.language.text(Text::Dismiss)}
                    onclick={page.on(Action::Dismiss(index))} />
            </li>
        }
    };
    let more = notices.len().saturating_sub(MOST);
    html! {
        <div class="notices" role="status" aria-live="polite">
            if !notices.is_empty() {
                <ul>{ for notices.iter().enumerate().take(MOST).map(one) }</ul>
            }
            if more > 0 {
                <p class="more">{ page.language.page().shown_of(MOST, notices.len()) }</p>
            }
        </div>
    }
}
