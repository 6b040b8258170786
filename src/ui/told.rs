//! What the step did that led here: the sentence, the rule, the differences, and the requests as in an audit log.

use yew::prelude::*;

use super::controls::CopyButton;
use super::note::Note;
use super::shared::{Page, Shared, use_page, words};
use crate::diff::{Line, Sign};
use crate::messages::Text;
use crate::notes::Notebook;
use crate::seen::Steps;
use crate::state::Action;
use crate::subject::Subject;
use crate::told::{Changed, Fired, Happened, Sent};

/// A diff of more lines is folded.
const LONG: usize = 10;

#[derive(Properties, PartialEq)]
pub(crate) struct ToldStepProps {
    pub(crate) steps: Shared<Steps>,
    pub(crate) notebook: Shared<Notebook>,
}

#[component]
pub(crate) fn ToldStep(props: &ToldStepProps) -> Html {
    let page = &use_page();
    let told = &props.steps.told;
    let text = |text| page.language.text(text);
    html! {
        <section class="told">
            <h3>{ text(Text::Step) }</h3>
            if let Some(trial) = &told.trial {
                <p class="trial" data-testid="trial">
                    <span>{ words(trial) }</span>
                    <button type="button" class="button quiet" onclick={page.on(Action::GiveUp)}>{ text(Text::BackToRun) }</button>
                </p>
            }
            <p class="step-sentence" aria-live="polite" data-testid="step-sentence">
                { told.step.as_ref().map_or_else(|| html! { text(Text::StepNone) }, |step| words(&step.says)) }
            </p>
            if let Some(about) = props.notebook.here {
                <Note key={format!("{about:?}")} notebook={props.notebook.clone()} {about} label={Text::NoteStep} id="note-step" />
            }
            if let Some(step) = &told.step {
                { happened(page, step) }
            }
        </section>
    }
}

fn happened(page: &Page, step: &Happened) -> Html {
    let text = |text| page.language.text(text);
    html! {
        <>
            if let Some(rule) = &step.rule {
                { fired(rule) }
            }
            <ul class="changes">{ for step.changes.iter().map(|change| changed(page, change)) }</ul>
            if !step.requests.is_empty() {
                <div class="requests-head">
                    <h4 id="requests-title">{ text(Text::Audit) }</h4>
                    if let Some(log) = step.log() {
                        <CopyButton text={log} label={text(Text::AuditCopy)} testid="audit-copy" />
                    }
                </div>
                <ul class="requests" aria-labelledby="requests-title">
                    { for step.requests.iter().enumerate().map(|(index, sent)| request(index, sent)) }
                </ul>
            }
        </>
    }
}

/// The rule that fired: its identifier and what it says; opened, the file and function that it mirrors.
fn fired(rule: &Fired) -> Html {
    let says = html! { <><span class="rule-id" data-testid="rule">{ rule.id.clone() }</span>{ words(&rule.says) }</> };
    match &rule.source {
        Some(source) => html! {
            <details class="rule"><summary>{ says }</summary><code data-testid="rule-source">{ source.clone() }</code></details>
        },
        None => html! { <p class="rule">{ says }</p> },
    }
}

/// An object that is another now, and how. Of what came or went the fields are there for who asks.
fn changed(page: &Page, change: &Changed) -> Html {
    let lines = change.diff.len();
    let diff = html! { <pre class="diff" data-testid="diff">{ for change.diff.iter().map(line) }</pre> };
    html! {
        <li key={change.key.to_string()}>
            <button type="button" class="sentence" onclick={page.on(Action::Select(Some(Subject::Object(change.key))))}>{ words(&change.says) }</button>
            if lines > 0 {
                <details class="change-diff" open={change.modified && lines <= LONG}>
                    <summary>{ page.language.page().lines_folded(lines) }</summary>
                    { diff }
                </details>
            }
        </li>
    }
}

fn line(line: &Line) -> Html {
    let (class, sign) = match line.sign {
        Sign::Same => ("same", " "),
        Sign::Before => ("before", "-"),
        Sign::After => ("after", "+"),
    };
    html! { <span class={class}>{ format!("{sign} {}\n", line.text) }</span> }
}

fn request(index: usize, sent: &Sent) -> Html {
    html! {
        <li key={index} class={if sent.ok { "ok" } else { "refused" }} data-testid="request">
            <p><code class="answer">{ sent.answer.clone() }</code><code class="verb">{ sent.verb.clone() }</code>{ " " }<code>{ sent.uri.clone() }</code></p>
            <p class="user">{ words(&sent.user) }</p>
            if let Some(body) = &sent.body {
                <code class="body">{ body.clone() }</code>
            }
        </li>
    }
}
