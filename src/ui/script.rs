//! The script, every order of what comes of it, and every fault.

use gordian_reconcile::End;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::messages::Text;
use crate::search::Question;
use crate::seen::{self, Line, Outcome, Results};
use crate::state::Action;

/// So many faults can be tried in a run.
const BUDGETS: [usize; 3] = [1, 2, 3];

#[derive(Properties, PartialEq)]
pub(crate) struct ScriptProps {
    pub(crate) script: Shared<seen::Script>,
}

#[component]
pub(crate) fn Script(props: &ScriptProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let seen::Script { lines, under_way, found } = &*props.script;
    let budget = use_state(|| BUDGETS[0]);
    let onbudget = {
        let budget = budget.setter();
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(n) = select.and_then(|select| select.value().parse().ok()) {
                budget.set(n);
            }
        })
    };
    let title = if lines.is_some() { Text::Script } else { Text::Searches };
    let search = |question: Question, label: Text, testid: &'static str| {
        let runs = under_way.is_some_and(|(asked, _)| asked == question);
        let (icon, label) = if runs { (Icon::Close, Text::Stop) } else { (Icon::Branch, label) };
        let icon = if question != Question::Orders && !runs { Icon::Break } else { icon };
        let onclick = page.on(if runs { Action::Stop } else { Action::Search(question) });
        html! {
            <button type="button" class="button" {onclick} disabled={under_way.is_some() && !runs} data-testid={testid}>{ icon.html() }{ text(label) }</button>
        }
    };
    let choice = |n: usize| {
        html! { <option key={n} value={n.to_string()} selected={n == *budget}>{ page.language.page().faults(n) }</option> }
    };
    let found = found.as_ref().filter(|_| under_way.is_none());
    html! {
        <section class="script" aria-label={text(title)} data-testid="script">
            <h3>{ text(title) }</h3>
            <div class="row">
                if lines.is_some() {
                    <button type="button" class="button" onclick={page.on(Action::Play)} disabled={under_way.is_some()} data-testid="script-play">{ Icon::Play.html() }{ text(Text::PlayScript) }</button>
                }
                { search(Question::Orders, Text::TryOrders, "try-orders") }
                { search(Question::Faults(*budget), Text::TryFaults, "try-faults") }
                <label class="budget" title={text(Text::FaultsHint)}>
                    <span>{ text(Text::FaultsUpTo) }</span>
                    <select onchange={onbudget} disabled={under_way.is_some()} data-testid="budget">{ for BUDGETS.into_iter().map(choice) }</select>
                </label>
                if let Some((question, tried)) = *under_way {
                    <span class="so-far" data-testid="tried">{ page.language.page().tried(question, tried) }</span>
                }
            </div>
            <p class="summary" role="status" data-testid="found">{ found.map(|found| words(&found.summary)).unwrap_or_default() }</p>
            { found.map(|found| results(&page, found)).unwrap_or_default() }
            if let Some(lines) = lines {
                <ol class="actions" data-testid="actions">{ for lines.iter().enumerate().map(|(index, one)| line(&page, index, one)) }</ol>
            } else if props.script.found.is_none() {
                <p class="hint">{ text(Text::OrdersHint) }</p>
            }
        </section>
    }
}

/// One line of the script.
fn line(page: &Page, index: usize, line: &Line) -> Html {
    html! {
        <li key={index} class={line.explore.then_some("explore")}>
            if line.rests {
                <span class="hint">{ page.language.text(Text::ScriptRest) }{ " " }</span>
            }
            { words(&line.words) }
        </li>
    }
}

/// Each end, or each way to get stuck.
fn results(page: &Page, results: &Results) -> Html {
    html! {
        <ul class="plain">
            { for results.runs.iter().enumerate().map(|(index, one)| outcome(page, index, one)) }
            { for results.lassos.iter().enumerate().map(|(index, lasso)| html! {
                <li key={format!("lasso {index}")} class="found stuck" data-testid="lasso"><p class="found-title">{ Icon::Stuck.html() }<span>{ lasso }</span></p></li>
            }) }
        </ul>
    }
}

fn outcome(page: &Page, index: usize, outcome: &Outcome) -> Html {
    let (testid, class, icon) = match outcome.ending {
        Some((End::Finished, _)) => ("ending", "finished", Icon::Done),
        Some(_) => ("ending", "stuck", Icon::Stuck),
        None => ("injected", "stuck", Icon::Break),
    };
    let share = outcome.ending.map(|(_, share)| share.to_string());
    html! {
        <li key={index} class={classes!("found", class)} data-testid={testid} data-end={class} data-share={share}>
            <p class="found-title">{ icon.html() }<span>{ words(&outcome.title) }</span></p>
            if let Some(race) = &outcome.race {
                <p data-testid="race">{ words(race) }</p>
            }
            { for outcome.sentences.iter().map(|sentence| html! { <p>{ words(sentence) }</p> }) }
            { ways(page, index, outcome.decided) }
        </li>
    }
}

/// From where a run can be looked at.
fn ways(page: &Page, index: usize, decided: bool) -> Html {
    let text = |text| page.language.text(text);
    html! {
        <div class="row">
            <button type="button" class="button quiet" onclick={page.on(Action::Follow(index, false))} data-testid="follow">{ Icon::Play.html() }{ text(Text::FollowRun) }</button>
            if decided {
                <button type="button" class="button quiet" onclick={page.on(Action::Follow(index, true))} data-testid="follow-decided">{ Icon::Forward.html() }{ text(Text::FollowDecided) }</button>
            }
        </div>
    }
}
