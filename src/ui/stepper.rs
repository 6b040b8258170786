//! The stepper: who did what and why, who could act next, who waits and on what.

use gordian_reconcile::scheduler::Enabled;
use gordian_reconcile::{End, Fault, Process, Rule};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::branches::Bar;
use super::controls::IconButton;
use super::icon::Icon;
use super::script::Script;
use super::shared::{Page, Shared, rule_id, use_page, words};
use crate::engine::Document;
use crate::messages::Text;
use crate::reasons::not_enabled;
use crate::scene::missing;
use crate::search::Found;
use crate::state::Action;
use crate::subject::Subject;

/// As many steps or waits are listed.
const MOST: usize = 24;
/// The speeds of playing.
pub(crate) const SPEEDS: [f64; 3] = [0.5, 1.0, 3.0];
/// As many ticks can be told apart under the slider.
const TICKS: usize = 60;

#[derive(Properties, PartialEq)]
pub(crate) struct StepperProps {
    pub(crate) document: Shared<Document>,
    pub(crate) selected: Option<Subject>,
    pub(crate) playing: bool,
    pub(crate) onplay: Callback<()>,
    pub(crate) speed: f64,
    pub(crate) onspeed: Callback<f64>,
    pub(crate) found: Option<Shared<Found>>,
    pub(crate) onbusy: Callback<bool>,
}

#[component]
pub(crate) fn Stepper(props: &StepperProps) -> Html {
    let page = use_page();
    let document = &props.document;
    let fingerprint = format!("{:016x}", document.world().fingerprint());
    html! {
        <div class="stepper" data-testid="stepper" data-fingerprint={fingerprint} data-step={document.position().to_string()}
            data-steps={document.steps().len().to_string()}>
            { controls(&page, props) }
            <Bar document={document.clone()} selected={props.selected} />
            <div class={classes!("stepper-columns", (document.script().is_some() || props.found.is_some()).then_some("scripted"))}>
                <Script document={document.clone()} found={props.found.clone()} onbusy={props.onbusy.clone()} />
                { told(&page, document) }
                { next(&page, document) }
                <Waiting document={document.clone()} />
            </div>
        </div>
    }
}

fn controls(page: &Page, props: &StepperProps) -> Html {
    let document = &props.document;
    let text = |text| page.language.text(text);
    let (at, of) = (document.position(), document.steps().len());
    let onplay = {
        let onplay = props.onplay.clone();
        Callback::from(move |_: MouseEvent| onplay.emit(()))
    };
    let oninput = {
        let tell = page.tell.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(position) = input.and_then(|input| input.value().parse().ok()) {
                tell.emit(Action::Jump(position));
            }
        })
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
    let class = match document.end() {
        End::Finished => "finished",
        End::Stuck => "stuck",
        End::Bounded => "bounded",
    };
    let ahead = page.language.page().ahead(document.end(), of - at, document.deleting_at_end());
    let speed = |factor: f64| {
        html! { <option key={factor.to_string()} value={factor.to_string()} selected={factor == props.speed}>{ page.language.page().speed(factor) }</option> }
    };
    let lasting = document.branch().faults_at_end();
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
            <div class="scrubber">
                <input type="range" min="0" max={of.to_string()} step="1" value={at.to_string()} {oninput} disabled={of == 0}
                    aria-label={text(Text::Step)} aria-valuetext={step_of.clone()} data-testid="step-jump" list={(of > 0 && of <= TICKS).then_some("ticks")} />
                if of > 0 && of <= TICKS {
                    <datalist id="ticks">{ for (0..=of).map(|n| html! { <option key={n} value={n.to_string()} /> }) }</datalist>
                }
            </div>
            <span class="step-of" data-testid="step-of">{ step_of }</span>
            <select class="speed" aria-label={text(Text::Speed)} title={text(Text::Speed)} onchange={onspeed}>{ for SPEEDS.into_iter().map(speed) }</select>
            <p class={classes!("ahead", class)} data-testid="end" data-end={class} aria-live="polite">
                { match document.end() { End::Finished => Icon::Done.html(), _ => Icon::Stuck.html() } }
                <span>{ words(&ahead) }{ " " }
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

/// What the step that led here did.
fn told(page: &Page, document: &Document) -> Html {
    let core = page.language.core();
    let text = |text| page.language.text(text);
    let trial = document.trial().map(|(_, remedy)| {
        html! {
            <p class="trial" data-testid="trial">
                <span>{ words(&page.language.page().trying(&core.remedy(remedy))) }</span>
                <button type="button" class="button quiet" onclick={page.on(Action::GiveUp)}>{ text(Text::BackToRun) }</button>
            </p>
        }
    });
    let body = match document.step() {
        None => html! {
            <p class="step-sentence" data-testid="step-sentence">{ text(Text::StepNone) }</p>
        },
        Some(step) => html! {
            <>
                <p class="step-sentence" data-testid="step-sentence">{ words(&core.step(step)) }</p>
                if let Some(rule) = step.rule {
                    { fired(page, rule) }
                } else if step.faults.iter().any(|(fault, _)| *fault == Fault::Stopped(Process::ControllerManager)) {
                    { fired(page, Rule("D10")) }
                }
                <ul class="changes">
                    { for step.changes.iter().map(|change| html! {
                        <li key={change.key.to_string()}>
                            <button type="button" class="sentence" onclick={page.on(Action::Select(Some(Subject::Object(change.key))))}>{ words(&core.change(change)) }</button>
                        </li>
                    }) }
                </ul>
                <ul class="requests" aria-label={text(Text::Audit)}>
                    { for step.requests.iter().enumerate().map(|(index, (request, response))| html! {
                        <li key={index}><code>{ core.request(request, *response) }</code></li>
                    }) }
                </ul>
            </>
        },
    };
    html! {
        <section class="told" aria-live="polite">
            <h3>{ text(Text::Step) }</h3>
            { trial.unwrap_or_default() }
            { body }
        </section>
    }
}

/// The rule that fired: its identifier and what it says; opened, the file and function that it mirrors.
fn fired(page: &Page, rule: Rule) -> Html {
    let says = words(page.language.core().rule(rule).unwrap_or_default());
    let says = html! { <><span class="rule-id" data-testid="rule">{ rule.0 }</span>{ says }</> };
    match rule.source() {
        Some(source) => html! {
            <details class="rule"><summary>{ says }</summary><code data-testid="rule-source">{ source.to_string() }</code></details>
        },
        None => html! { <p class="rule">{ says }</p> },
    }
}

/// Who could act next.
fn next(page: &Page, document: &Document) -> Html {
    let core = page.language.core();
    let text = |text| page.language.text(text);
    let enabled = document.enabled();
    let mut groups: Vec<(String, Vec<Enabled>)> = Vec::new();
    let total = enabled.len();
    for step in enabled.into_iter().take(MOST) {
        let actor = core.actor(step.actor);
        match groups.iter_mut().find(|(name, _)| *name == actor) {
            Some((_, steps)) => steps.push(step),
            None => groups.push((actor, vec![step])),
        }
    }
    let one = |step: &Enabled| {
        let words = page.language.page().take(&core.object(step.key), core.rule(step.rule).unwrap_or_default());
        html! {
            <li key={format!("{} {:?}", step.controller, step.id)}>
                <button type="button" class="sentence" data-testid="pick"
                    onclick={page.on(Action::Take(Box::new(step.clone())))}>{ rule_id(step.rule) }{ self::words(&words) }</button>
            </li>
        }
    };
    let group = |(actor, steps): &(String, Vec<Enabled>)| {
        html! {
            <li key={actor.clone()} class="actor">
                <span class="actor-name">{ words(actor) }</span>
                <ul>{ for steps.iter().map(one) }</ul>
            </li>
        }
    };
    html! {
        <section class="next">
            <h3>{ text(Text::Pick) }<span class="count">{ total }</span></h3>
            if groups.is_empty() {
                <p class="hint">{ text(Text::NothingEnabled) }</p>
            } else {
                <ul class="plain">{ for groups.iter().map(group) }</ul>
            }
            if total > MOST {
                <p class="hint">{ page.language.page().shown_of(MOST, total) }</p>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct WaitingProps {
    document: Shared<Document>,
}

/// What is not enabled, and why: who waits and on what, and who does not run.
#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let page = &use_page();
    let document = &props.document;
    let core = page.language.core();
    let text = |text| page.language.text(text);
    let world = document.world();
    let waits = not_enabled(world);
    let one = |(index, (actor, key, wait)): (usize, &(_, _, gordian_reconcile::Wait))| {
        let to = missing(world, &wait.on).into_iter().next();
        let from = Subject::of_fact(world, &wait.goal);
        let ends = to.map(|to| (from, Subject::of_fact(world, &to)));
        html! {
            <li key={index}>
                <button type="button" class="sentence" data-testid="wait"
                    onmouseenter={page.on(Action::Point(ends))} onmouseleave={page.on(Action::Point(None))}
                    onfocus={page.on(Action::Point(ends))} onblur={page.on(Action::Point(None))}
                    onclick={page.on(Action::Point(ends))}>{ rule_id(wait.rule) }{ words(&core.wait(world, *actor, *key, wait)) }</button>
            </li>
        }
    };
    html! {
        <section class="waiting">
            <h3>{ text(Text::NotEnabled) }<span class="count">{ waits.len() }</span></h3>
            if waits.is_empty() {
                <p class="hint">{ text(Text::NothingWaits) }</p>
            }
            <ul class="plain">{ for waits.iter().enumerate().take(MOST).map(one) }</ul>
            if waits.len() > MOST {
                <p class="hint">{ page.language.page().shown_of(MOST, waits.len()) }</p>
            }
        </section>
    }
}
