//! The verdict, the findings, and what each rests on and is freed by.

use gordian_reconcile::End;
use yew::prelude::*;

use super::browser;
use super::controls::CopyButton;
use super::icon::Icon;
use super::notes::Notes;
use super::shared::{Page, Shared, use_page, words};
use crate::messages::Text;
use crate::notes::Notebook;
use crate::seen::{self, Assumed, Body, Card, Ending, Proof, Remedied, Sentence};
use crate::state::Action;
use crate::subject::Subject;

#[derive(Properties, PartialEq)]
pub(crate) struct FindingsProps {
    pub(crate) findings: Shared<seen::Findings>,
    pub(crate) pointed: Option<(Subject, Subject)>,
    pub(crate) notebook: Shared<Notebook>,
    /// A person goes to a step.
    pub(crate) onstep: Callback<()>,
}

#[component]
pub(crate) fn Findings(props: &FindingsProps) -> Html {
    let page = use_page();
    let findings = &props.findings;
    let (icon, class) = match findings.calm {
        true => (Icon::Done, "calm"),
        false => (Icon::Stuck, "stuck"),
    };
    html! {
        <>
            <div class="verdict" data-testid="verdict">
                <p class={classes!("verdict-line", class)} aria-live="polite">{ icon.html() }<span>{ words(&findings.verdict) }</span></p>
                if let Some(here) = &findings.here {
                    <p class="hint" data-testid="verdict-here">{ words(here) }</p>
                }
                { endings(&page, &findings.endings) }
            </div>
            <ul class="findings">{ for findings.cards.iter().map(|one| card(&page, one, props.pointed)) }</ul>
            if findings.count > findings.cards.len() {
                <p class="hint">{ page.language.page().shown_of(findings.cards.len(), findings.count) }</p>
            }
            <Notes notebook={props.notebook.clone()} onstep={props.onstep.clone()} />
            { assumptions(&page, &findings.assumptions, findings.lags) }
        </>
    }
}

/// What the run comes to under each profile: the difference that a version makes, at a glance.
fn endings(page: &Page, endings: &[Ending]) -> Html {
    let one = |ending: &Ending| {
        let class = if ending.end == End::Finished { "finished" } else { "stuck" };
        html! {
            <li key={ending.first.name}>
                <button type="button" class={classes!("forecast", class)} aria-pressed={ending.now.to_string()}
                    onclick={page.on(Action::Profile(ending.profile))} data-testid="outcome">
                    <span>{ page.language.page().profiles(ending.first, ending.last) }</span>
                    <span class="end">{ &ending.words }</span>
                    if ending.now && ending.first != ending.last {
                        <span class="now">{ page.language.page().follows(ending.profile) }</span>
                    }
                </button>
            </li>
        }
    };
    html! {
        if !endings.is_empty() {
            <ul class="forecasts" aria-label={page.language.text(Text::Profile)}>{ for endings.iter().map(one) }</ul>
        }
    }
}

/// One finding.
fn card(page: &Page, card: &Card, pointed: Option<(Subject, Subject)>) -> Html {
    let text = |text| page.language.text(text);
    let open = card.body.is_some();
    let toggle = Action::Open((!open).then(|| card.id.clone()));
    let icon = if card.holds { Icon::Stuck } else { Icon::Done };
    html! {
        <li key={card.id.clone()}>
            <article class={classes!("finding", open.then_some("open"), (!card.holds).then_some("freed"))}
                data-testid="finding" data-class={card.class.clone()} data-id={card.id.clone()}>
                <h3>
                    <button type="button" class="finding-head" aria-expanded={open.to_string()} onclick={page.on(toggle)}>
                        { icon.html() }
                        <span class="finding-words">
                            <span class="class">{ &card.class_words }
                                if !card.holds { <em>{ " · " }{ text(Text::HoldsNoMore) }</em> }
                            </span>
                            <span class="title" data-testid="finding-title">{ words(&card.title) }</span>
                            <span class="extent">{ words(&card.extent) }</span>
                        </span>
                        <span class="turn">{ Icon::Open.html() }</span>
                    </button>
                </h3>
                if let Some(body) = &card.body {
                    <div class="finding-body">
                        { explanation(page, body, pointed) }
                        { remedies(page, &card.id, body) }
                        { behind(page, body) }
                        { evidence(page, body) }
                    </div>
                }
            </article>
        </li>
    }
}

/// Sentence by sentence; each points at its arrow.
fn explanation(page: &Page, body: &Body, pointed: Option<(Subject, Subject)>) -> Html {
    let one = |(index, sentence): (usize, &Sentence)| {
        let ends = sentence.ends;
        let class = (pointed == Some(ends)).then_some("pointed");
        html! {
            <li key={index}>
                <button type="button" class={classes!("sentence", class)}
                    onmouseenter={page.on(Action::Point(Some(ends)))} onmouseleave={page.on(Action::Point(None))}
                    onfocus={page.on(Action::Point(Some(ends)))} onblur={page.on(Action::Point(None))}
                    onclick={page.on(Action::Point(Some(ends)))}>{ words(&sentence.words) }</button>
            </li>
        }
    };
    html! {
        <ol class="explanation" data-testid="explanation">{ for body.explanation.iter().enumerate().map(one) }</ol>
    }
}

fn remedies(page: &Page, finding: &str, body: &Body) -> Html {
    let one = |(index, one): (usize, &Remedied)| remedy(page, finding, index, one);
    html! {
        <section class="block">
            <h4>{ page.language.text(Text::Remedies) }</h4>
            if body.remedies.is_empty() {
                <p class="hint">{ page.language.text(Text::NoRemedy) }</p>
            }
            <ul class="remedies">{ for body.remedies.iter().enumerate().map(one) }</ul>
        </section>
    }
}

fn remedy(page: &Page, finding: &str, index: usize, remedy: &Remedied) -> Html {
    let text = |text| page.language.text(text);
    let commands = &remedy.commands;
    html! {
        <li key={index} class={classes!("remedy", remedy.tried.then_some("tried"))} data-testid="remedy" data-risk={remedy.risk.clone()}>
            <p class="remedy-title">{ words(&remedy.title) }</p>
            <p class="remedy-risk"><span class={classes!("risk", remedy.risk.clone())}>{ &remedy.risk_words }</span></p>
            <p class="hint">{ words(&remedy.outcome) }</p>
            if let Some(cost) = &remedy.cost {
                <p class="hint">{ words(cost) }</p>
            }
            if !commands.is_empty() {
                <pre class="command" tabindex="0" aria-label={remedy.title.clone()}><code>{ commands }</code></pre>
            }
            <div class="row">
                if remedy.tried {
                    <button type="button" class="button" onclick={page.on(Action::GiveUp)} data-testid="remedy-undo">{ text(Text::BackToRun) }</button>
                } else {
                    <button type="button" class="button" data-testid="remedy-apply"
                        onclick={page.on(Action::Attempt(finding.to_owned(), index))}>{ Icon::Play.html() }{ text(Text::TryIt) }</button>
                }
                if !commands.is_empty() {
                    <CopyButton text={commands.clone()} label={text(Text::Copy)} testid="remedy-copy" />
                }
            </div>
        </li>
    }
}

fn behind(page: &Page, body: &Body) -> Html {
    let one = |(subject, words): &(Subject, String)| {
        html! {
            <li key={format!("{subject:?}")}>
                <button type="button" class="link" data-testid="blast-item" onclick={page.on(Action::Select(Some(*subject)))}>{ words }</button>
            </li>
        }
    };
    html! {
        if body.behind_count > 0 {
            <section class="block">
                <h4>{ page.language.text(Text::Behind) }</h4>
                <ul class="plain">{ for body.behind.iter().map(one) }</ul>
                if body.behind_count > body.behind.len() {
                    <p class="hint">{ page.language.page().shown_of(body.behind.len(), body.behind_count) }</p>
                }
            </section>
        }
    }
}

fn evidence(page: &Page, body: &Body) -> Html {
    let one = |proof: &Proof| {
        let (line, select) = (proof.line, page.tell.clone());
        let subject = Subject::Object(proof.key);
        let onclick = Callback::from(move |_: MouseEvent| {
            select.emit(Action::Select(Some(subject)));
            if let Some(line) = line {
                browser::show_line(line);
            }
        });
        html! {
            <li key={format!("{} {}", proof.key, proof.path)}>
                <button type="button" class="sentence" data-testid="evidence" {onclick}>
                    { words(&proof.words) }
                    if let Some(line) = line {
                        <span class="line-number">{ page.language.page().line(line) }</span>
                    }
                </button>
            </li>
        }
    };
    html! {
        if !body.evidence.is_empty() {
            <section class="block">
                <h4>{ page.language.text(Text::Evidence) }</h4>
                <ul class="evidence">{ for body.evidence.iter().map(one) }</ul>
            </section>
        }
    }
}

/// What was decided without the dump: always shown, always switchable.
fn assumptions(page: &Page, assumptions: &[Assumed], lags: bool) -> Html {
    let one = |assumed: &Assumed| {
        html! {
            <li key={assumed.id.clone()} class="assumption" data-testid="assumption" data-id={assumed.id.clone()}>
                if let Some(value) = assumed.switch {
                    <label class="switch">
                        <input type="checkbox" role="switch" checked={value} onchange={page.on(Action::Assume(assumed.id.clone(), !value))} />
                        <span>{ words(&assumed.statement) }</span>
                    </label>
                } else {
                    <p>{ words(&assumed.statement) }</p>
                }
                if !assumed.because.is_empty() {
                    <p class="hint">{ words(&assumed.because) }</p>
                }
            </li>
        }
    };
    html! {
        <section class="assumptions">
            <h3>{ page.language.text(Text::Assumptions) }</h3>
            <ul class="plain">
                { for assumptions.iter().map(one) }
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
