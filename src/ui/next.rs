//! Who could act next, and who waits and on what.

use std::rc::Rc;

use yew::prelude::*;

use super::shared::{Page, use_page, words};
use crate::messages::Text;
use crate::next::{Group, Next, Pick, Waiting, Waits};
use crate::state::Action;
use crate::told::Fired;

#[derive(Properties, PartialEq)]
pub(crate) struct NextStepsProps {
    pub(crate) next: Rc<Next>,
}

/// The steps that can be taken, by their actors.
#[component]
pub(crate) fn NextSteps(props: &NextStepsProps) -> Html {
    let page = &use_page();
    let next = &props.next;
    let pick = |pick: &Pick| {
        html! {
            <li key={pick.index}>
                <button type="button" class="sentence" data-testid="pick"
                    onclick={page.on(Action::Take(pick.index))}>{ rule_mark(&pick.rule) }{ words(&pick.says) }</button>
            </li>
        }
    };
    let group = |group: &Group| {
        html! {
            <li key={group.actor.clone()} class="actor">
                <span class="actor-name">{ words(&group.actor) }</span>
                <ul>{ for group.steps.iter().map(pick) }</ul>
            </li>
        }
    };
    let listed = next.groups.iter().map(|group| group.steps.len()).sum();
    html! {
        <section class="next">
            <h3>{ page.language.text(Text::Pick) }<span class="count">{ next.total }</span></h3>
            if next.total == 0 {
                <p class="hint">{ page.language.text(Text::NothingEnabled) }</p>
            }
            <ul class="plain">{ for next.groups.iter().map(group) }</ul>
            { of_all(page, listed, next.total) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct WaitingStepsProps {
    pub(crate) waiting: Rc<Waiting>,
}

/// What is not enabled, and why: who waits and on what, and who does not run.
#[component]
pub(crate) fn WaitingSteps(props: &WaitingStepsProps) -> Html {
    let page = &use_page();
    let waiting = &props.waiting;
    let one = |(index, waits): (usize, &Waits)| {
        html! {
            <li key={index}>
                <button type="button" class="sentence" data-testid="wait"
                    onmouseenter={page.on(Action::Point(waits.ends))} onmouseleave={page.on(Action::Point(None))}
                    onfocus={page.on(Action::Point(waits.ends))} onblur={page.on(Action::Point(None))}
                    onclick={page.on(Action::Point(waits.ends))}>{ rule_mark(&waits.rule) }{ words(&waits.says) }</button>
            </li>
        }
    };
    html! {
        <section class="waiting">
            <h3>{ page.language.text(Text::NotEnabled) }<span class="count">{ waiting.total }</span></h3>
            if waiting.total == 0 {
                <p class="hint">{ page.language.text(Text::NothingWaits) }</p>
            }
            <ul class="plain">{ for waiting.waits.iter().enumerate().map(one) }</ul>
            { of_all(page, waiting.waits.len(), waiting.total) }
        </section>
    }
}

/// A rule's identifier; pointed at, the file and function that it mirrors.
fn rule_mark(rule: &Fired) -> Html {
    html! { <span class="rule-id" title={rule.source.clone()} data-testid="rule-id">{ rule.id.clone() }</span> }
}

/// That not all are listed, where that is so.
fn of_all(page: &Page, listed: usize, all: usize) -> Html {
    match listed < all {
        true => html! { <p class="hint">{ page.language.page().shown_of(listed, all) }</p> },
        false => Html::default(),
    }
}
