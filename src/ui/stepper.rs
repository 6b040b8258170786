//! The stepper: who did what and why, who could act next, who waits and on what.

use gordian_reconcile::End;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::branches::Bar;
use super::controls::IconButton;
use super::icon::Icon;
use super::next::{NextSteps, WaitingSteps};
use super::script::Script;
use super::scrubber::Scrubber;
use super::shared::{Page, Shared, use_page, words};
use super::told::ToldStep;
use crate::engine::Document;
use crate::lanes::{course, lanes};
use crate::messages::Text;
use crate::next::{next, waiting};
use crate::search::Found;
use crate::state::Action;
use crate::subject::Subject;
use crate::told::told;

/// The speeds of playing.
pub(crate) const SPEEDS: [f64; 4] = [0.5, 1.0, 3.0, 10.0];
#[derive(Properties, PartialEq)]
pub(crate) struct StepperProps {
    pub(crate) document: Shared<Document>,
    pub(crate) finding: Option<AttrValue>,
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
    let language = page.language;
    let seen = (course(document.steps()), props.finding.clone(), props.selected);
    let lanes = {
        let document = document.clone();
        use_memo(seen, move |(_, finding, selected)| lanes(&document, finding.as_deref(), *selected, language))
    };
    let told = use_memo(document.clone(), |document| told(document, language));
    let next = use_memo(document.clone(), |document| next(document, language));
    let waiting = use_memo(document.clone(), |document| waiting(document, language));
    let fingerprint = format!("{:016x}", document.world().fingerprint());
    html! {
        <div class="stepper" data-testid="stepper" data-fingerprint={fingerprint} data-step={document.position().to_string()}
            data-steps={document.steps().len().to_string()}>
            { controls(&page, props) }
            <Scrubber lanes={Shared(lanes)} position={document.position()} playing={props.playing} onplay={props.onplay.clone()} />
            <Bar document={document.clone()} selected={props.selected} />
            <div class={classes!("stepper-columns", (document.script().is_some() || props.found.is_some()).then_some("scripted"))}>
                <Script document={document.clone()} found={props.found.clone()} onbusy={props.onbusy.clone()} />
                <ToldStep {told} />
                <NextSteps {next} />
                <WaitingSteps {waiting} />
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
