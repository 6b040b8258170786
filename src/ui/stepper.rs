//! The stepper: who did what and why, who could act next, who waits and on what.

use gordian_reconcile::End;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::branches::Bar;
use super::controls::IconButton;
use super::icon::Icon;
use super::script::Script;
use super::scrubber::Scrubber;
use super::shared::{Page, Shared, rule_id, use_page, words};
use super::told::ToldStep;
use crate::lanes::Lanes;
use crate::messages::Text;
use crate::notes::Notebook;
use crate::seen::{self, Group, Pick, Steps, Waiting};
use crate::state::Action;

/// The speeds of playing.
pub(crate) const SPEEDS: [f64; 4] = [0.5, 1.0, 3.0, 10.0];
#[derive(Properties, PartialEq)]
pub(crate) struct StepperProps {
    pub(crate) steps: Shared<Steps>,
    pub(crate) lanes: Shared<Lanes>,
    pub(crate) bar: Shared<seen::Bar>,
    pub(crate) script: Shared<seen::Script>,
    pub(crate) notebook: Shared<Notebook>,
    pub(crate) playing: bool,
    pub(crate) onplay: Callback<()>,
    pub(crate) speed: f64,
    pub(crate) onspeed: Callback<f64>,
}

#[component]
pub(crate) fn Stepper(props: &StepperProps) -> Html {
    let page = use_page();
    let steps = &props.steps;
    let scripted = props.script.lines.is_some() || props.script.found.is_some();
    let fingerprint = format!("{:016x}", steps.fingerprint);
    html! {
        <div class="stepper" data-testid="stepper" data-fingerprint={fingerprint} data-step={steps.at.to_string()}
            data-steps={steps.of.to_string()}>
            { controls(&page, props) }
            if steps.of > 0 {
                <Scrubber lanes={props.lanes.clone()} notebook={props.notebook.clone()} position={steps.at} playing={props.playing} onplay={props.onplay.clone()} />
            }
            <Bar bar={props.bar.clone()} />
            <div class={classes!("stepper-columns", scripted.then_some("scripted"))}>
                <Script script={props.script.clone()} />
                <ToldStep steps={steps.clone()} notebook={props.notebook.clone()} />
                { next(&page, steps) }
                { waiting(&page, steps) }
            </div>
        </div>
    }
}

fn controls(page: &Page, props: &StepperProps) -> Html {
    let steps = &props.steps;
    let text = |text| page.language.text(text);
    let (at, of) = (steps.at, steps.of);
    let onplay = {
        let onplay = props.onplay.clone();
        Callback::from(move |_: MouseEvent| onplay.emit(()))
    };
    let onspeed = {
        let onspeed = props.onspeed.clone();
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(speed) = select.and_then(|select| select.value().parse().ok()) {
                onspeed.emit(speed);
            }
        })
    };
    let (icon, play) = match props.playing {
        true => (Icon::Pause, Text::Pause),
        false => (Icon::Play, Text::Play),
    };
    let class = match steps.end {
        End::Finished => "finished",
        End::Stuck => "stuck",
        End::Bounded => "bounded",
    };
    let speed = |factor: f64| {
        html! { <option key={factor.to_string()} value={factor.to_string()} selected={factor == props.speed}>{ page.language.page().speed(factor) }</option> }
    };
    let lasting = steps.lasting;
    let step_of = page.language.page().step_of(at, of);
    html! {
        <div class="controls">
            <div class="buttons" role="group" aria-label={text(Text::Steps)}>
                <IconButton icon={Icon::First} label={text(Text::First)} disabled={at == 0} onclick={page.on(Action::Jump(0))} testid="step-first" />
                <IconButton icon={Icon::Back} label={text(Text::StepBack)} disabled={at == 0} onclick={page.on(Action::Back)} testid="step-back" />
                <IconButton {icon} label={text(play)} disabled={at == of && !props.playing} onclick={onplay} testid="step-play" class="play" />
                <IconButton icon={Icon::Forward} label={text(Text::StepForward)} disabled={at == of} onclick={page.on(Action::Forward)} testid="step-forward" class="primary" />
                <IconButton icon={Icon::Last} label={text(Text::Last)} disabled={at == of} onclick={page.on(Action::Jump(usize::MAX))} testid="step-last" />
            </div>
            <span class="step-of" data-testid="step-of">{ step_of }</span>
            <select class="speed" aria-label={text(Text::Speed)} title={text(Text::Speed)} onchange={onspeed}>{ for SPEEDS.into_iter().map(speed) }</select>
            <p class={classes!("ahead", class)} data-testid="end" data-end={class} aria-live="polite">
                { match steps.end { End::Finished => Icon::Done.html(), _ => Icon::Stuck.html() } }
                <span>{ words(&steps.ahead) }{ " " }
                    if lasting > 0 {
                        <span class="judged" data-testid="judged">{ page.language.page().judged(lasting) }</span>
                    }
                </span>
            </p>
            if lasting > 0 {
                <button type="button" class="button" onclick={page.on(Action::Judge)} data-testid="judge">{ text(Text::Judge) }</button>
            }
        </div>
    }
}

/// Who could act next.
fn next(page: &Page, steps: &Steps) -> Html {
    let text = |text| page.language.text(text);
    let one = |pick: &Pick| {
        html! {
            <li key={pick.index}>
                <button type="button" class="sentence" data-testid="pick"
                    onclick={page.on(Action::Take(steps.fingerprint, pick.index))}>{ rule_id(pick.rule) }{ words(&pick.words) }</button>
            </li>
        }
    };
    let group = |group: &Group| {
        html! {
            <li key={group.actor.clone()} class="actor">
                <span class="actor-name">{ words(&group.actor) }</span>
                <ul>{ for group.picks.iter().map(one) }</ul>
            </li>
        }
    };
    let shown = steps.next.iter().map(|group| group.picks.len()).sum();
    html! {
        <section class="next">
            <h3>{ text(Text::Pick) }<span class="count">{ steps.next_count }</span></h3>
            if steps.next.is_empty() {
                <p class="hint">{ text(Text::NothingEnabled) }</p>
            } else {
                <ul class="plain">{ for steps.next.iter().map(group) }</ul>
            }
            if steps.next_count > shown {
                <p class="hint">{ page.language.page().shown_of(shown, steps.next_count) }</p>
            }
        </section>
    }
}

/// What is not enabled, and why: who waits and on what, and who does not run.
fn waiting(page: &Page, steps: &Steps) -> Html {
    let text = |text| page.language.text(text);
    let one = |(index, waiting): (usize, &Waiting)| {
        let ends = waiting.ends;
        html! {
            <li key={index}>
                <button type="button" class="sentence" data-testid="wait"
                    onmouseenter={page.on(Action::Point(ends))} onmouseleave={page.on(Action::Point(None))}
                    onfocus={page.on(Action::Point(ends))} onblur={page.on(Action::Point(None))}
                    onclick={page.on(Action::Point(ends))}>{ rule_id(waiting.rule) }{ words(&waiting.sentence) }</button>
            </li>
        }
    };
    let shown = steps.waiting.len();
    html! {
        <section class="waiting">
            <h3>{ text(Text::NotEnabled) }<span class="count">{ steps.waiting_count }</span></h3>
            if shown == 0 {
                <p class="hint">{ text(Text::NothingWaits) }</p>
            }
            <ul class="plain">{ for steps.waiting.iter().enumerate().map(one) }</ul>
            if steps.waiting_count > shown {
                <p class="hint">{ page.language.page().shown_of(shown, steps.waiting_count) }</p>
            }
        </section>
    }
}
