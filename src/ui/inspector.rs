//! All that is known of what is selected.

use gordian_reconcile::Propagation;
use yew::prelude::*;

use super::browser;
use super::controls::CopyButton;
use super::icon::Icon;
use super::shared::{Page, Shared, rule_id, use_page, words};
use crate::differs::Differing;
use crate::inspect::{Acts, Condition, Held, Inspection, Line, Owner, Reasoned, Stretch, fold};
use crate::messages::Text;
use crate::moment::Span;
use crate::state::Action;
use crate::subject::Subject;

/// As many dependents are listed.
const MOST: usize = 40;

#[derive(Properties, PartialEq)]
pub(crate) struct InspectorProps {
    pub(crate) inspection: Shared<Option<Inspection>>,
    pub(crate) selected: Option<Subject>,
}

#[component]
pub(crate) fn Inspector(props: &InspectorProps) -> Html {
    let page = use_page();
    let language = page.language;
    let Some(seen) = &*props.inspection else {
        return html! {
            <p class="empty">{ language.text(Text::InspectorEmpty) }</p>
        };
    };
    html! {
        <div class="inspected" data-testid="inspected">
            { identity(&page, seen) }
            { changes(&page, seen) }
            { finalizers(&page, seen) }
            { reasons(&page, Text::WaitsFor, &seen.waits_for) }
            { reasons(&page, Text::WaitedForBy, &seen.waited_for_by) }
            { acting(&page, seen) }
            { owners(&page, seen) }
            { dependents(&page, seen) }
            { conditions(&page, seen) }
            { labels(&page, seen) }
            { delete(&page, seen, props.selected) }
            if !seen.lines.is_empty() {
                <Source key={format!("{} {}", seen.kind, seen.name)} lines={Lines(seen.lines.clone())} />
            } else if props.selected.is_some_and(|subject| subject.key().is_some()) {
                <section class="block">
                    <h3>{ language.text(Text::Text) }</h3>
                    <p class="hint" data-testid="inspector-text">
                        { language.text(if seen.is_there { Text::MadeHere } else { Text::NotInDump }) }
                    </p>
                </section>
            }
        </div>
    }
}

fn identity(page: &Page, seen: &Inspection) -> Html {
    let language = page.language;
    let standing = language.page().standing(seen.standing);
    let deleting = seen.deleting_since.as_ref().map(|since| {
        let span = Span::since(since, browser::now());
        match since.is_empty() {
            true => standing.to_owned(),
            false => language.page().deleting_for(span, since),
        }
    });
    let row = |(name, value): &(String, String)| {
        html! { <div key={name.clone()}><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    let class = match seen.standing {
        crate::messages::Standing::Stuck => "stuck",
        crate::messages::Standing::Created => "created",
        _ => "",
    };
    html! {
        <header class="identity">
            <p class="kind">{ &seen.kind }</p>
            <h3 class="name">{ &seen.name }</h3>
            if !standing.is_empty() {
                <p class={classes!("became", class)}>
                    if let Some(icon) = Icon::of(seen.standing) { { icon.html() } }
                    <span>{ standing }</span>
                </p>
            }
            if let Some(deleting) = deleting.filter(|words| words != standing) {
                <p class="hint" data-testid="age">{ words(&deleting) }</p>
            }
            <dl class="pairs">{ for seen.identity.iter().map(row) }</dl>
        </header>
    }
}

/// What the last step changed in it: each field, as it was and as it is.
fn changes(page: &Page, seen: &Inspection) -> Html {
    let text = |text| page.language.text(text);
    let one = |change: &Differing| {
        html! {
            <div key={change.field.clone()} data-testid="field-changed">
                <dt>{ words(&change.field) }</dt>
                <dd>
                    <del><span class="unseen">{ text(Text::ValueBefore) }{ ": " }</span>{ words(&change.before) }</del>
                    <span aria-hidden="true">{ " → " }</span>
                    <ins><span class="unseen">{ text(Text::ValueAfter) }{ ": " }</span>{ words(&change.after) }</ins>
                </dd>
            </div>
        }
    };
    html! {
        if !seen.changes.is_empty() {
            <section class="block changes-now" data-testid="changes">
                <h3>{ text(Text::ChangedFields) }</h3>
                <dl class="fields">{ for seen.changes.iter().map(one) }</dl>
            </section>
        }
    }
}

/// Who has to do with it, and why it acts or does not.
fn acting(page: &Page, seen: &Inspection) -> Html {
    let one = |(index, acts): (usize, &Acts)| {
        let icon = if acts.enabled { Icon::Play } else { Icon::Pause };
        html! {
            <li key={index} class="acts" data-testid="acts" data-enabled={acts.enabled.to_string()}>
                { icon.html() }
                <p>{ acts.rule.map(rule_id).unwrap_or_default() }{ words(&acts.sentence) }</p>
            </li>
        }
    };
    html! {
        if !seen.acting.is_empty() {
            <section class="block">
                <h3>{ page.language.text(Text::ActsOn) }</h3>
                <ul class="plain">{ for seen.acting.iter().enumerate().map(one) }</ul>
            </section>
        }
    }
}

fn finalizers(page: &Page, seen: &Inspection) -> Html {
    let row = |&(name, ref value): &(Text, String)| {
        html! {
            <div key={page.language.text(name)}><dt>{ page.language.text(name) }</dt><dd>{ words(value) }</dd></div>
        }
    };
    let one = |held: &Held| {
        html! {
            <li key={held.finalizer.clone()} class="held">
                <p class="finalizer">{ Icon::Lock.html() }<code>{ &held.finalizer }</code></p>
                <p>{ words(&held.who) }</p>
                if !held.more.is_empty() {
                    <dl class="told-of">{ for held.more.iter().map(row) }</dl>
                }
            </li>
        }
    };
    html! {
        if !seen.finalizers.is_empty() {
            <section class="block">
                <h3>{ page.language.text(Text::Finalizers) }</h3>
                <ul class="plain">{ for seen.finalizers.iter().map(one) }</ul>
            </section>
        }
    }
}

fn reasons(page: &Page, title: Text, reasons: &[Reasoned]) -> Html {
    let one = |(index, reason): (usize, &Reasoned)| {
        let ends = reason.subjects;
        html! {
            <li key={index}>
                <button type="button" class="sentence"
                    onmouseenter={page.on(Action::Point(Some(ends)))} onmouseleave={page.on(Action::Point(None))}
                    onfocus={page.on(Action::Point(Some(ends)))} onblur={page.on(Action::Point(None))}
                    onclick={page.on(Action::Select(Some(ends.1)))}>{ words(&reason.sentence) }</button>
            </li>
        }
    };
    html! {
        if !reasons.is_empty() {
            <section class="block">
                <h3>{ page.language.text(title) }</h3>
                <ul class="plain">{ for reasons.iter().enumerate().map(one) }</ul>
            </section>
        }
    }
}

fn owners(page: &Page, seen: &Inspection) -> Html {
    let text = |text| page.language.text(text);
    let one = |(index, owner): (usize, &Owner)| {
        html! {
            <li key={index} class="owner">
                <span class="object-kind">{ &owner.kind }</span>
                if let Some(key) = owner.key {
                    <button type="button" class="link" onclick={page.on(Action::Select(Some(Subject::Object(key))))}>{ &owner.name }</button>
                } else {
                    <span class="name">{ &owner.name }</span>
                }
                <span class="flags">
                    if owner.controller { <span class="flag">{ text(Text::Controller) }</span> }
                    if owner.blocks { <span class="flag blocks">{ text(Text::Blocks) }</span> }
                    if let Some(defect) = owner.defect { <span class="flag defect">{ text(defect) }</span> }
                </span>
            </li>
        }
    };
    html! {
        if !seen.owners.is_empty() {
            <section class="block">
                <h3>{ text(Text::Owners) }</h3>
                <ul class="plain">{ for seen.owners.iter().enumerate().map(one) }</ul>
            </section>
        }
    }
}

fn dependents(page: &Page, seen: &Inspection) -> Html {
    let one = |key: &gordian_reconcile::Key| {
        html! {
            <li key={key.to_string()} class="owner">
                <span class="object-kind">{ key.kind.kind.as_str() }</span>
                <button type="button" class="link" onclick={page.on(Action::Select(Some(Subject::Object(*key))))}>{ key.name.as_str() }</button>
            </li>
        }
    };
    let all = &seen.dependents;
    html! {
        if !all.is_empty() {
            <section class="block">
                <h3>{ page.language.text(Text::Dependents) }<span class="count">{ all.len() }</span></h3>
                <ul class="plain">{ for all.iter().take(MOST).map(one) }</ul>
                if all.len() > MOST {
                    <p class="hint">{ page.language.page().shown_of(MOST, all.len()) }</p>
                }
            </section>
        }
    }
}

fn conditions(page: &Page, seen: &Inspection) -> Html {
    let one = |(index, condition): (usize, &Condition)| {
        html! {
            <li key={index} class="condition">
                <p><span class="condition-name">{ &condition.name }</span><span class="condition-status">{ &condition.status }</span>
                    <span class="hint">{ &condition.reason }</span></p>
                if !condition.message.is_empty() {
                    <p class="hint">{ &condition.message }</p>
                }
            </li>
        }
    };
    html! {
        if !seen.conditions.is_empty() {
            <section class="block">
                <h3>{ page.language.text(Text::Conditions) }</h3>
                <ul class="plain">{ for seen.conditions.iter().enumerate().map(one) }</ul>
            </section>
        }
    }
}

fn labels(page: &Page, seen: &Inspection) -> Html {
    let one = |(name, value): &(String, String)| {
        html! { <li key={name.clone()}><code>{ format!("{name}={value}") }</code></li> }
    };
    html! {
        if !seen.labels.is_empty() {
            <section class="block">
                <h3>{ page.language.text(Text::Labels) }</h3>
                <ul class="plain labels">{ for seen.labels.iter().map(one) }</ul>
            </section>
        }
    }
}

/// A person deletes it, in one of the three ways.
fn delete(page: &Page, seen: &Inspection, selected: Option<Subject>) -> Html {
    let Some(key) = selected.and_then(|subject| subject.key()) else {
        return html! {};
    };
    if !seen.is_there || seen.deleting_since.is_some() {
        return html! {};
    }
    let ways = [
        ("background", Text::DeleteBackground, Propagation::Background),
        ("foreground", Text::DeleteForeground, Propagation::Foreground),
        ("orphan", Text::DeleteOrphan, Propagation::Orphan),
    ];
    let one = |(id, text, policy): (&'static str, Text, Propagation)| {
        html! {
            <button key={id} type="button" class="button" data-testid={format!("delete-{id}")}
                onclick={page.on(Action::Delete(key, policy))}>{ page.language.text(text) }</button>
        }
    };
    html! {
        <section class="block">
            <h3>{ page.language.text(Text::DeleteIt) }</h3>
            <div class="row">{ for ways.into_iter().map(one) }</div>
        </section>
    }
}

/// Lines that are compared by where they stand and what they mark: the text of one source never changes.
#[derive(Clone)]
struct Lines(Vec<Line>);

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        let ends = |lines: &[Line]| {
            let marked = lines.iter().filter(|line| line.marked).count();
            (lines.first().cloned(), lines.len(), marked)
        };
        ends(&self.0) == ends(&other.0)
    }
}

#[derive(Properties, PartialEq)]
struct SourceProps {
    lines: Lines,
}

/// The text as it was loaded, folded down to what matters.
#[component]
fn Source(props: &SourceProps) -> Html {
    let page = use_page();
    let whole = use_state(|| false);
    let lines = &props.lines.0;
    let stretches = fold(lines);
    let folds = stretches.len() > 1;
    let toggle = {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(!*whole))
    };
    let line = |line: &Line| {
        html! {
            <div key={line.number} id={browser::line_id(line.number)} class={classes!("line", line.marked.then_some("marked"))}>
                <span class="number" aria-hidden="true">{ line.number }</span>
                if line.marked { <mark>{ &line.text }</mark> } else { <span>{ &line.text }</span> }
            </div>
        }
    };
    let body: Html = match *whole {
        true => lines.iter().map(line).collect(),
        false => stretches
            .iter()
            .map(|stretch| match stretch {
                Stretch::Shown(range) => lines[range.clone()].iter().map(line).collect::<Html>(),
                Stretch::Folded(range) => html! {
                    <button key={format!("fold {}", range.start)} type="button" class="fold" onclick={toggle.clone()}>
                        { format!("⋯ {}", page.language.page().lines_folded(range.len())) }
                    </button>
                },
            })
            .collect(),
    };
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    html! {
        <section class="block source">
            <div class="source-head">
                <h3>{ page.language.text(Text::Text) }</h3>
                if folds {
                    <button type="button" class="button quiet" onclick={toggle} aria-pressed={whole.to_string()} data-testid="unfold">
                        { page.language.text(if *whole { Text::ShowMarkedLines } else { Text::ShowAllLines }) }
                    </button>
                }
                <CopyButton {text} label={page.language.text(Text::Copy)} testid="copy-text" />
            </div>
            <div class="text" tabindex="0" role="region" aria-label={page.language.text(Text::Text)} data-testid="inspector-text">{ body }</div>
        </section>
    }
}
