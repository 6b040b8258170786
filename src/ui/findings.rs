//! The verdict, the findings, and what each rests on and is freed by.

use gordian_diagnose::{Behind, Finding, Remedy};
use gordian_reconcile::{Assumption, Evidence, Ground, Risk};
use yew::prelude::*;

use super::browser;
use super::controls::CopyButton;
use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::engine::{Document, Outcome};
use crate::inspect::line_of;
use crate::messages::Text;
use crate::state::Action;
use crate::subject::Subject;

/// As many of a long list are shown.
const MOST: usize = 30;

#[derive(Properties, PartialEq)]
pub(crate) struct FindingsProps {
    pub(crate) document: Shared<Document>,
    pub(crate) open: Option<AttrValue>,
    pub(crate) pointed: Option<(Subject, Subject)>,
}

#[component]
pub(crate) fn Findings(props: &FindingsProps) -> Html {
    let page = use_page();
    let document = &props.document;
    let core = page.language.core();
    let deleting = document.first_world().objects().any(|(_, object)| object.deleting());
    let here = core.verdict(document.now());
    let moved = document.position() > 0 && here != core.verdict(document.start());
    // Where all was well at the beginning, what became of it comes first.
    let well = !deleting && document.start().findings.is_empty();
    let verdict = match (well, moved) {
        (false, _) => core.verdict(document.start()),
        (true, true) => here.clone(),
        (true, false) if document.script().is_some() => page.language.page().script_waits(document.first_world().len()),
        (true, false) => core.nothing_deleting(document.first_world().len()),
    };
    let holds = if well { document.now() } else { document.start() };
    let (stuck, class) = match holds.findings.is_empty() {
        true => (Icon::Done, "calm"),
        false => (Icon::Stuck, "stuck"),
    };
    let one = |(finding, holds): (&Finding, bool)| {
        let is_open = props.open.as_deref() == Some(finding.id.as_str());
        html! {
            <li key={finding.id.clone()}>
                <Card document={props.document.clone()} id={finding.id.clone()} open={is_open} {holds}
                    pointed={props.pointed.filter(|_| is_open)} />
            </li>
        }
    };
    html! {
        <>
            <div class="verdict" data-testid="verdict">
                <p class={classes!("verdict-line", class)} aria-live="polite">{ stuck.html() }<span>{ words(&verdict) }</span></p>
                if moved && !well {
                    <p class="hint" data-testid="verdict-here">{ words(&page.language.page().at_this_step(&here)) }</p>
                }
                <Forecasts document={props.document.clone()} />
            </div>
            <ul class="findings">{ for document.findings().into_iter().map(one) }</ul>
            <Assumptions document={props.document.clone()} open={props.open.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ForecastsProps {
    document: Shared<Document>,
}

/// What the run comes to under each profile: the difference that a version makes, at a glance.
#[component]
fn Forecasts(props: &ForecastsProps) -> Html {
    let page = use_page();
    let outcomes = props.document.outcomes();
    let words = page.language.page();
    let now = props.document.profile();
    let one = |outcome: &Outcome| {
        let (first, profile) = (outcome.first.profile, outcome.profile);
        let several = first != outcome.last;
        let class = match outcome.first.end {
            gordian_reconcile::End::Finished => "finished",
            _ => "stuck",
        };
        html! {
            <li key={first.name}>
                <button type="button" class={classes!("forecast", class)} aria-pressed={(profile == now).to_string()}
                    onclick={page.on(Action::Profile(profile))} data-testid="outcome">
                    <span>{ words.profiles(first, outcome.last) }</span>
                    <span class="end">{ words.forecast(&outcome.first) }</span>
                    if several && profile == now {
                        <span class="now">{ words.follows(now) }</span>
                    }
                </button>
            </li>
        }
    };
    html! {
        if !outcomes.is_empty() {
            <ul class="forecasts" aria-label={page.language.text(Text::Profile)}>{ for outcomes.iter().map(one) }</ul>
        }
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    document: Shared<Document>,
    id: AttrValue,
    open: bool,
    holds: bool,
    pointed: Option<(Subject, Subject)>,
}

/// One finding.
#[component]
fn Card(props: &CardProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let core = page.language.core();
    let document = &props.document;
    let Some(finding) = document.finding(&props.id) else {
        return html! {};
    };
    // It is told of the world in which it was found.
    let world = document.first_world();
    let toggle = match props.open {
        true => Action::Open(None),
        false => Action::Open(Some(finding.id.clone())),
    };
    let icon = if props.holds { Icon::Stuck } else { Icon::Done };
    html! {
        <article class={classes!("finding", props.open.then_some("open"), (!props.holds).then_some("freed"))}
            data-testid="finding" data-class={finding.class.name()} data-id={finding.id.clone()}>
            <h3>
                <button type="button" class="finding-head" aria-expanded={props.open.to_string()} onclick={page.on(toggle)}>
                    { icon.html() }
                    <span class="finding-words">
                        <span class="class">{ core.class(finding.class) }
                            if !props.holds { <em>{ " · " }{ text(Text::HoldsNoMore) }</em> }
                        </span>
                        <span class="title" data-testid="finding-title">{ words(&core.title(world, finding)) }</span>
                        <span class="extent">{ words(&core.extent(finding)) }</span>
                    </span>
                    <span class="turn">{ Icon::Open.html() }</span>
                </button>
            </h3>
            if props.open {
                <div class="finding-body">
                    { explanation(&page, document, finding, props.pointed) }
                    { remedies(&page, document, finding) }
                    { behind(&page, finding) }
                    { evidence(&page, document, finding) }
                </div>
            }
        </article>
    }
}

/// Sentence by sentence; each points at its arrow.
fn explanation(page: &Page, document: &Document, finding: &Finding, pointed: Option<(Subject, Subject)>) -> Html {
    let core = page.language.core();
    let world = document.first_world();
    let mut said: Vec<String> = Vec::new();
    let mut sentences = Vec::new();
    for arrow in finding.told() {
        let sentence = core.arrow(world, arrow);
        if sentence.is_empty() || said.contains(&sentence) || said.len() == MOST {
            continue;
        }
        said.push(sentence.clone());
        let ends = (Subject::of_fact(world, &arrow.from), Subject::of_fact(world, &arrow.to));
        let class = (pointed == Some(ends)).then_some("pointed");
        sentences.push(html! {
            <li key={said.len()}>
                <button type="button" class={classes!("sentence", class)}
                    onmouseenter={page.on(Action::Point(Some(ends)))} onmouseleave={page.on(Action::Point(None))}
                    onfocus={page.on(Action::Point(Some(ends)))} onblur={page.on(Action::Point(None))}
                    onclick={page.on(Action::Point(Some(ends)))}>{ words(&sentence) }</button>
            </li>
        });
    }
    html! {
        <ol class="explanation" data-testid="explanation">{ for sentences }</ol>
    }
}

fn remedies(page: &Page, document: &Document, finding: &Finding) -> Html {
    let tried = document.trial().filter(|(trial, _)| trial.finding == finding.id);
    let tried = tried.map(|(trial, _)| trial.remedy);
    let one =
        |(index, remedy): (usize, &Remedy)| self::remedy(page, document, finding, index, remedy, tried == Some(index));
    html! {
        <section class="block">
            <h4>{ page.language.text(Text::Remedies) }</h4>
            if finding.remedies.is_empty() {
                <p class="hint">{ page.language.text(Text::NoRemedy) }</p>
            }
            <ul class="remedies">{ for finding.remedies.iter().enumerate().map(one) }</ul>
        </section>
    }
}

fn remedy(page: &Page, document: &Document, finding: &Finding, index: usize, remedy: &Remedy, tried: bool) -> Html {
    let core = page.language.core();
    let text = |text| page.language.text(text);
    let risk = match remedy.risk {
        Risk::None => "none",
        Risk::Low => "low",
        Risk::Leak => "leak",
        Risk::DataLoss => "loss",
    };
    let first = remedy.interventions.first();
    let cost = first.and_then(|one| core.cost(document.first_world(), one));
    let commands = remedy.commands.join("\n");
    html! {
        <li key={index} class={classes!("remedy", tried.then_some("tried"))} data-testid="remedy" data-risk={risk}>
            <p class="remedy-title">{ words(&core.remedy(remedy)) }</p>
            <p class="remedy-risk"><span class={classes!("risk", risk)}>{ core.risk(remedy.risk) }</span></p>
            <p class="hint">{ words(&core.remedy_outcome(remedy)) }</p>
            if let Some(cost) = cost {
                <p class="hint">{ words(&cost) }</p>
            }
            if !commands.is_empty() {
                <pre class="command" tabindex="0" aria-label={core.remedy(remedy)}><code>{ commands.clone() }</code></pre>
            }
            <div class="row">
                if tried {
                    <button type="button" class="button" onclick={page.on(Action::GiveUp)} data-testid="remedy-undo">{ text(Text::BackToRun) }</button>
                } else {
                    <button type="button" class="button" data-testid="remedy-apply"
                        onclick={page.on(Action::Attempt(finding.id.clone(), index))}>{ Icon::Play.html() }{ text(Text::TryIt) }</button>
                }
                if !commands.is_empty() {
                    <CopyButton text={commands} label={text(Text::Copy)} testid="remedy-copy" />
                }
            </div>
        </li>
    }
}

fn behind(page: &Page, finding: &Finding) -> Html {
    let core = page.language.core();
    let one = |behind: &Behind| {
        let subject = match behind {
            Behind::Object(object) => Subject::Object(object.key),
            Behind::Disk(node, disk) => Subject::Disk(node.key, *disk),
        };
        html! {
            <li key={format!("{behind:?}")}>
                <button type="button" class="link" data-testid="blast-item" onclick={page.on(Action::Select(Some(subject)))}>{ core.behind(behind) }</button>
            </li>
        }
    };
    let more = finding.blast_radius.len();
    html! {
        if more > 0 {
            <section class="block">
                <h4>{ page.language.text(Text::Behind) }</h4>
                <ul class="plain">{ for finding.blast_radius.iter().take(MOST).map(one) }</ul>
                if more > MOST {
                    <p class="hint">{ page.language.page().shown_of(MOST, more) }</p>
                }
            </section>
        }
    }
}

fn evidence(page: &Page, document: &Document, finding: &Finding) -> Html {
    let core = page.language.core();
    let one = |evidence: &Evidence| {
        let line = line_of(document, evidence.key, &evidence.path);
        let select = page.tell.clone();
        let subject = Subject::Object(evidence.key);
        let onclick = Callback::from(move |_: MouseEvent| {
            select.emit(Action::Select(Some(subject)));
            if let Some(line) = line {
                browser::show_line(line);
            }
        });
        html! {
            <li key={format!("{} {:?}", evidence.key, evidence.path)}>
                <button type="button" class="sentence" data-testid="evidence" {onclick}>
                    { words(&core.evidence(evidence)) }
                    if let Some(line) = line {
                        <span class="line-number">{ page.language.page().line(line) }</span>
                    }
                </button>
            </li>
        }
    };
    let all = finding.evidence();
    html! {
        if !all.is_empty() {
            <section class="block">
                <h4>{ page.language.text(Text::Evidence) }</h4>
                <ul class="evidence">{ for all.into_iter().take(MOST).map(one) }</ul>
            </section>
        }
    }
}

#[derive(Properties, PartialEq)]
struct AssumptionsProps {
    document: Shared<Document>,
    open: Option<AttrValue>,
}

/// What was decided without the dump: always shown, always switchable.
#[component]
fn Assumptions(props: &AssumptionsProps) -> Html {
    let page = use_page();
    let document = &props.document;
    let core = page.language.core();
    let open = props.open.as_deref().and_then(|id| document.finding(id));
    let all = &document.start().assumptions;
    // What the open finding rests on comes first.
    let rests = |assumption: &&Assumption| {
        let open = open.is_some_and(|finding| finding.assumptions.contains(&assumption.id));
        !open
    };
    let mut sorted: Vec<&Assumption> = all.iter().collect();
    sorted.sort_by_key(rests);
    let (profile, told) = (document.profile(), document.told_profile());
    let one = |assumption: &Assumption| {
        if matches!(assumption.ground, Ground::Profile { .. }) && profile != told {
            let chosen = page.language.page().chosen_profile(profile, told);
            return html! {
                <li key={assumption.id.clone()} class="assumption" data-testid="assumption" data-id={assumption.id.clone()}><p>{ words(&chosen) }</p></li>
            };
        }
        let (statement, because) = core.assumption(assumption);
        let is_fact = matches!(assumption.ground, Ground::Fact(_));
        let toggle = Action::Assume(assumption.id.clone(), !assumption.value);
        html! {
            <li key={assumption.id.clone()} class="assumption" data-testid="assumption" data-id={assumption.id.clone()}>
                if is_fact {
                    <label class="switch">
                        <input type="checkbox" role="switch" checked={assumption.value} onchange={page.on(toggle)} />
                        <span>{ words(&statement) }</span>
                    </label>
                } else {
                    <p>{ words(&statement) }</p>
                }
                <p class="hint">{ words(&because) }</p>
            </li>
        }
    };
    let lags = document.world().lags();
    html! {
        <section class="assumptions">
            <h3>{ page.language.text(Text::Assumptions) }</h3>
            <ul class="plain">
                { for sorted.into_iter().take(MOST).map(one) }
                <li key="lag" class="assumption">
                    <label class="switch">
                        <input type="checkbox" role="switch" checked={lags} onchange={page.on(Action::Lag(!lags))} data-testid="lag" />
                        <span>{ page.language.text(Text::Lag) }</span>
                    </label>
                    <p class="hint">{ page.language.text(Text::LagHint) }</p>
                </li>
            </ul>
        </section>
    }
}
