//! The bar of the stepper: which branch is looked at, what is broken, and what could be.

use gordian_reconcile::{Fault, Process, Rule};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use super::controls::IconButton;
use super::icon::Icon;
use super::shared::{Page, Shared, rule_id, use_page, words};
use crate::breaks::Break;
use crate::messages::Text;
use crate::seen::{self, Breakable, Broken};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct BarProps {
    pub(crate) bar: Shared<seen::Bar>,
}

/// Branches on the one side, faults on the other.
#[component]
pub(crate) fn Bar(props: &BarProps) -> Html {
    let page = use_page();
    html! {
        <div class="bar">
            { branches(&page, &props.bar) }
            { faults(&page, &props.bar) }
            <BreakMenu bar={props.bar.clone()} />
        </div>
    }
}

/// A choice among the branches, by their numbers.
pub(crate) fn choice(
    branches: &[(usize, String)],
    chosen: usize,
    label: String,
    testid: &'static str,
    onchange: Callback<usize>,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        if let Some(number) = select.and_then(|select| select.value().parse().ok()) {
            onchange.emit(number);
        }
    });
    let option = |(number, name): &(usize, String)| {
        html! { <option key={*number} value={number.to_string()} selected={*number == chosen}>{ name.replace('`', "") }</option> }
    };
    html! {
        <select aria-label={label} {onchange} data-testid={testid}>{ for branches.iter().map(option) }</select>
    }
}

fn branches(page: &Page, bar: &seen::Bar) -> Html {
    let text = |text| page.language.text(text);
    let number = bar.branch;
    let other = bar.branches.iter().map(|(number, _)| *number).find(|other| *other != number);
    let switch = {
        let tell = page.tell.clone();
        Callback::from(move |number: usize| tell.emit(Action::Switch(number)))
    };
    html! {
        <div class="branches" role="group" aria-label={text(Text::Branches)}>
            if let Some(other) = other {
                { choice(&bar.branches, number, text(Text::Branches).to_owned(), "branch", switch) }
                <IconButton icon={Icon::Deleting} label={text(Text::ForgetBranch)} onclick={page.on(Action::Forget(number))} testid="branch-forget" />
                <button type="button" class="button quiet" data-testid="compare"
                    onclick={page.on(Action::Compare(Some((number.min(other), number.max(other)))))}>{ text(Text::CompareIn) }</button>
            }
            <button type="button" class="button quiet" onclick={page.on(Action::Branch)} data-testid="branch-here">{ Icon::Branch.html() }{ text(Text::BranchHere) }</button>
        </div>
    }
}

/// What is broken where the run stands, each with what mends it.
fn faults(page: &Page, bar: &seen::Bar) -> Html {
    let faults = &bar.faults;
    let chip = |broken: &Broken| {
        let mends = broken.mends.replace('`', "");
        html! {
            <li key={format!("{:?}", broken.fault)} class="fault" data-testid="fault">
                { Icon::Warning.html() }
                <span>{ words(&broken.says) }</span>
                <IconButton icon={Icon::Close} label={mends} onclick={page.on(Action::Mend(broken.fault))} testid="mend" />
            </li>
        }
    };
    html! {
        if !faults.is_empty() {
            <ul class="faults" aria-label={page.language.text(Text::BrokenNow)}>{ for faults.iter().map(chip) }</ul>
            <button type="button" class="button" onclick={page.on(Action::EndFaults)} data-testid="end-faults">{ page.language.text(Text::EndFaults) }</button>
        }
    }
}

/// The menu of what can be broken here.
#[component]
fn BreakMenu(props: &BarProps) -> Html {
    let page = use_page();
    let open = use_state(|| false);
    let button = use_node_ref();
    let text = |text| page.language.text(text);
    let toggle = {
        let (open, tell) = (open.clone(), page.tell.clone());
        Callback::from(move |_: MouseEvent| {
            tell.emit(Action::Breaks(!*open));
            open.set(!*open);
        })
    };
    let close = {
        let (open, button, tell) = (open.clone(), button.clone(), page.tell.clone());
        Callback::from(move |()| {
            open.set(false);
            tell.emit(Action::Breaks(false));
            if let Some(button) = button.cast::<HtmlElement>() {
                // It fails only where there is nothing to see.
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let one = |Breakable { what, says }: &Breakable| {
        let (tell, close, action) = (page.tell.clone(), close.clone(), Action::Break(*what));
        let onclick = Callback::from(move |_: MouseEvent| {
            close.emit(());
            tell.emit(action.clone());
        });
        let forgets = *what == Break::Fault(Fault::Stopped(Process::ControllerManager));
        html! {
            <li key={format!("{what:?}")}>
                <button type="button" class="sentence" data-testid="break" {onclick}>{ words(says) }</button>
                if forgets {
                    <p class="hint">{ rule_id(Rule("D10")) }{ text(Text::Forgets) }</p>
                }
            </li>
        }
    };
    let group = |title: Text, breaks: &[Breakable]| {
        html! {
            if !breaks.is_empty() {
                <h3>{ text(title) }</h3>
                <ul class="plain">{ for breaks.iter().map(one) }</ul>
            }
        }
    };
    html! {
        <div class="menu" onkeydown={onkeydown}>
            <button ref={button} type="button" class="button" aria-expanded={open.to_string()} aria-controls="break-menu" onclick={toggle}
                data-testid="break-menu">{ Icon::Break.html() }{ text(Text::BreakIt) }</button>
            <div id="break-menu" class="menu-panel" hidden={!*open} role="group" aria-label={text(Text::BreakIt)}>
                if let Some((selected, general)) = props.bar.breaks.as_ref().filter(|_| *open) {
                    { group(Text::BreakSelected, selected) }
                    { group(Text::BreakGeneral, general) }
                    if selected.is_empty() && general.is_empty() {
                        <p class="hint">{ text(Text::NothingToBreak) }</p>
                    }
                }
            </div>
        </div>
    }
}
