//! Where one is, over the drawing.

use yew::prelude::*;

use super::shared::{Page, Shared, use_page, words};
use crate::crumbs::{Crumb, Leads};
use crate::messages::Text;
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct CrumbsProps {
    pub(crate) crumbs: Shared<Vec<Crumb>>,
}

#[component]
pub(crate) fn Crumbs(props: &CrumbsProps) -> Html {
    let page = use_page();
    let crumb = |crumb: &Crumb| {
        let text = words(&crumb.text);
        let plain = crumb.text.replace('`', "");
        html! {
            <li>
                if crumb.leads == Leads::Here {
                    <span class="crumb" aria-current="location" title={plain}>{ text }</span>
                } else {
                    <button type="button" class="crumb" title={plain} onclick={go(&page, &crumb.leads)}>{ text }</button>
                }
            </li>
        }
    };
    html! {
        <nav class="crumbs" aria-label={page.language.text(Text::WhereYouAre)} data-testid="crumbs">
            <ol>{ for props.crumbs.iter().map(crumb) }</ol>
        </nav>
    }
}

fn go(page: &Page, leads: &Leads) -> Callback<MouseEvent> {
    let actions = match leads {
        Leads::All => vec![Action::Select(None), Action::Filter(String::new())],
        Leads::Filter(filter) => vec![Action::Filter(filter.clone())],
        Leads::Select(subject) => vec![Action::Select(Some(*subject))],
        Leads::Here => Vec::new(),
    };
    let tell = page.tell.clone();
    Callback::from(move |_| actions.iter().cloned().for_each(|action| tell.emit(action)))
}
