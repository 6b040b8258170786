//! The script, every order of what comes of it, and every fault.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gordian_actions::{Told, told};
use gordian_reconcile::explorer::{Ending, Exploration};
use gordian_reconcile::inject::{self, Injection};
use gordian_reconcile::{End, left_behind};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::browser;
use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::engine::Document;
use crate::messages::Text;
use crate::search::{Answer, Found, Question, Search};
use crate::state::Action;

/// As long does a search take the page for itself, in milliseconds.
const SLICE: f64 = 12.0;
/// So many faults can be tried in a run.
const BUDGETS: [usize; 3] = [1, 2, 3];

#[derive(Properties, PartialEq)]
pub(crate) struct ScriptProps {
    pub(crate) document: Shared<Document>,
    pub(crate) found: Option<Shared<Found>>,
    /// A search begins (`true`), or is over.
    pub(crate) onbusy: Callback<bool>,
}

/// What is under way: what is asked, how far it is, and how often it had its turn.
type UnderWay = Option<(Question, usize, usize)>;

#[component]
pub(crate) fn Script(props: &ScriptProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let document = &props.document;
    let (under_way, onstart) = use_search(&page, document, &props.onbusy);
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
    let script = document.script();
    let title = if script.is_some() { Text::Script } else { Text::Searches };
    let search = |question: Question, label: Text, testid: &'static str| {
        let onstart = onstart.clone();
        let onclick = Callback::from(move |_: MouseEvent| onstart.emit(question));
        let runs = under_way.is_some_and(|(asked, ..)| asked == question);
        let (icon, label) = if runs { (Icon::Close, Text::Stop) } else { (Icon::Branch, label) };
        let icon = if question != Question::Orders && !runs { Icon::Break } else { icon };
        html! {
            <button type="button" class="button" {onclick} disabled={under_way.is_some() && !runs} data-testid={testid}>{ icon.html() }{ text(label) }</button>
        }
    };
    let of = page.language.page();
    let choice = |n: usize| {
        html! { <option key={n} value={n.to_string()} selected={n == *budget}>{ of.faults(n) }</option> }
    };
    let said = match (under_way, &props.found) {
        (Some(_), _) | (None, None) => String::new(),
        (None, Some(found)) => summary(&page, found),
    };
    html! {
        <section class="script" aria-label={text(title)} data-testid="script">
            <h3>{ text(title) }</h3>
            <div class="row">
                if script.is_some() {
                    <button type="button" class="button" onclick={page.on(Action::Play)} disabled={under_way.is_some()} data-testid="script-play">{ Icon::Play.html() }{ text(Text::PlayScript) }</button>
                }
                { search(Question::Orders, Text::TryOrders, "try-orders") }
                { search(Question::Faults(*budget), Text::TryFaults, "try-faults") }
                <label class="budget" title={text(Text::FaultsHint)}>
                    <span>{ text(Text::FaultsUpTo) }</span>
                    <select onchange={onbudget} disabled={under_way.is_some()} data-testid="budget">{ for BUDGETS.into_iter().map(choice) }</select>
                </label>
                if let Some((question, tried, _)) = under_way {
                    <span class="tried" data-testid="tried">{ of.tried(question, tried) }</span>
                }
            </div>
            <p class="summary" role="status" data-testid="found">{ words(&said) }</p>
            if let Some(found) = props.found.as_ref().filter(|_| under_way.is_none()) {
                <Results found={found.clone()} />
            }
            if let Some(script) = script {
                <ol class="actions" data-testid="actions">
                    { for told(document.first_world(), script).into_iter().enumerate().map(|(index, (rests, told))| action(&page, index, rests, &told)) }
                </ol>
            } else if props.found.is_none() {
                <p class="hint">{ text(Text::OrdersHint) }</p>
            }
        </section>
    }
}

/// One line of the script.
fn action(page: &Page, index: usize, rests: bool, told: &Told<'_>) -> Html {
    let explore = *told == Told::Explore;
    html! {
        <li key={index} class={explore.then_some("explore")}>
            if rests && !explore {
                <span class="hint">{ page.language.text(Text::ScriptRest) }{ " " }</span>
            }
            { words(&page.language.page().action(told)) }
        </li>
    }
}

/// What a search found, in one or two sentences.
fn summary(page: &Page, found: &Found) -> String {
    let core = page.language.core();
    match (&found.answer, found.stopped) {
        (Answer::Orders(_), Some(tried)) => page.language.page().stopped(found.question, tried),
        (Answer::Orders(exploration), None) => core.exploration(exploration),
        (Answer::Faults(injection), None) => core.injection(injection),
        (Answer::Faults(injection), Some(tried)) => {
            format!("{} {}", core.injection(injection), page.language.page().stopped(found.question, tried))
        }
    }
}

#[derive(Properties, PartialEq)]
struct ResultsProps {
    found: Shared<Found>,
}

/// Each end, or each way to get stuck.
#[component]
fn Results(props: &ResultsProps) -> Html {
    let page = &use_page();
    match &props.found.answer {
        Answer::Orders(exploration) => orders(page, exploration),
        Answer::Faults(injection) => faults(page, injection),
    }
}

fn orders(page: &Page, exploration: &Exploration) -> Html {
    let core = page.language.core();
    let one = |(index, ending): (usize, &Ending)| {
        let (class, icon) = match ending.end {
            End::Finished => ("finished", Icon::Done),
            End::Stuck | End::Bounded => ("stuck", Icon::Stuck),
        };
        html! {
            <li key={index} class={classes!("found", class)} data-testid="ending" data-end={class} data-share={ending.share.to_string()}>
                <p class="found-title">{ icon.html() }<span>{ page.language.page().order(ending) }</span></p>
                if let Some(race) = &ending.race {
                    <p data-testid="race">{ words(&core.race(ending, race)) }</p>
                }
                { for left_behind(&ending.world).into_iter().map(|left| html! { <p>{ words(&core.left_behind(&ending.world, left)) }</p> }) }
                { ways(page, index, ending.race.is_some()) }
            </li>
        }
    };
    let lassos = exploration.lassos.iter().enumerate();
    html! {
        <ul class="plain">
            { for exploration.endings.iter().enumerate().map(one) }
            { for lassos.map(|(index, lasso)| html! {
                <li key={format!("lasso {index}")} class="found stuck" data-testid="lasso"><p class="found-title">{ Icon::Stuck.html() }<span>{ core.lasso(lasso) }</span></p></li>
            }) }
        </ul>
    }
}

fn faults(page: &Page, injection: &Injection) -> Html {
    let core = page.language.core();
    let one = |(index, finding): (usize, &inject::Finding)| {
        html! {
            <li key={index} class="found stuck" data-testid="injected">
                <p class="found-title">{ Icon::Break.html() }<span>{ words(&core.injected(finding)) }</span></p>
                { for finding.placements.iter().map(|placement| html! { <p>{ words(&core.placement(placement)) }</p> }) }
                { ways(page, index, finding.placements.first().is_some_and(|first| first.after > 0)) }
            </li>
        }
    };
    html! { <ul class="plain">{ for injection.findings.iter().enumerate().map(one) }</ul> }
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

/// Searches in slices, so that the page can be used meanwhile. Gives what is under way, and what begins a search, or stops it.
#[hook]
fn use_search(page: &Page, document: &Shared<Document>, onbusy: &Callback<bool>) -> (UnderWay, Callback<Question>) {
    let search = use_mut_ref(|| None::<Search>);
    let under_way = use_state(|| UnderWay::None);
    {
        let (search, set, tell) = (search.clone(), under_way.setter(), page.tell.clone());
        use_effect_with(*under_way, move |under_way| {
            let turn = move |(question, _, turn): (Question, usize, usize)| {
                let mut search = search.borrow_mut();
                let Some(running) = search.as_mut() else { return set.set(None) };
                let end = browser::now() + SLICE;
                if running.advance(|| browser::now() >= end) {
                    tell.emit(Action::Found(Rc::new(running.found(false))));
                    *search = None;
                    return set.set(None);
                }
                set.set(Some((question, running.tried(), turn + 1)));
            };
            let timer = under_way.map(|under_way| Timeout::new(0, move || turn(under_way)));
            move || drop(timer)
        });
    }
    {
        // What is searched under other rules, or in another dump, is asked no more.
        let (search, set) = (search.clone(), under_way.setter());
        let asked = (document.profile().name, document.first_world().fingerprint(), document.world().lags());
        use_effect_with(asked, move |_| {
            *search.borrow_mut() = None;
            set.set(None);
        });
    }
    {
        let onbusy = onbusy.clone();
        use_effect_with(under_way.is_some(), move |&busy| onbusy.emit(busy));
    }
    let onstart = {
        let (document, tell, under_way) = (document.clone(), page.tell.clone(), under_way.clone());
        Callback::from(move |question: Question| {
            let running = search.borrow_mut().take();
            match running {
                Some(mut running) => {
                    tell.emit(Action::Found(Rc::new(running.found(true))));
                    under_way.set(None);
                }
                None => match Search::new(&document, question) {
                    Ok(begun) => {
                        *search.borrow_mut() = Some(begun);
                        under_way.set(Some((question, 0, 0)));
                    }
                    Err(why) => tell.emit(Action::Unplayable(why)),
                },
            }
        })
    };
    (*under_way, onstart)
}
