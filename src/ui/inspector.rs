//! All that is known of what is selected: first all of it in one sentence, then what holds it, then the rest.

mod held;
mod source;
mod table;

use gordian_reconcile::Propagation;
use yew::prelude::*;

use self::held::{finalizers, reasons};
use self::source::Text as SourceText;
use self::table::{conditions, events};
use super::icon::Icon;
use super::note::Note;
use super::shared::{Page, Shared, rule_named, use_page, words};
use crate::differs::Differing;
use crate::inspect::{Acts, Defect, Dependent, Inspection, Lead, Owner};
use crate::messages::{Standing, Text};
use crate::notes::{About, Notebook};
use crate::state::Action;
use crate::subject::{Subject, key_code, subject_code};
use crate::words::cut;

/// As many of a list are shown before a reader asks for the rest.
const FIRST: usize = 8;
/// As many characters of a name fit into a lead.
const NAME_CHARS: usize = 30;

#[derive(Properties, PartialEq)]
pub(crate) struct InspectorProps {
    pub(crate) inspection: Shared<Option<Inspection>>,
    pub(crate) notebook: Shared<Notebook>,
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
    let key = seen.subject.key();
    html! {
        <div class="inspected" data-testid="inspected">
            { identity(&page, seen) }
            <Note key={subject_code(&seen.subject)} notebook={props.notebook.clone()} about={About::Subject(seen.subject)}
                label={Text::NoteObject} id="note-object" />
            { changes(&page, seen) }
            { finalizers(&page, seen) }
            { reasons(&page, Text::WaitsFor, &seen.waits_for, seen.subject) }
            { reasons(&page, Text::WaitedForBy, &seen.waited_for_by, seen.subject) }
            { owners(&page, seen) }
            <Dependents key={format!("{:?}", seen.subject)} inspection={props.inspection.clone()} />
            { conditions(&page, seen) }
            { events(&page, seen) }
            { acting(&page, seen) }
            { metadata(&page, seen) }
            { delete(&page, seen) }
            if !seen.source.text.is_empty() {
                <SourceText key={key.map(key_code).unwrap_or_default()} source={seen.source.clone()} />
            } else if key.is_some() {
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
    let class = match seen.standing {
        Standing::Stuck | Standing::Silent | Standing::Stopped | Standing::Unreachable => "stuck",
        Standing::Deleting | Standing::Unschedulable => "waits",
        Standing::Created => "created",
        _ => "",
    };
    let namespace = seen.subject.key().map(|key| key.namespace).filter(|namespace| !namespace.is_empty());
    let lead = |lead: &Lead| {
        html! {
            <li key={format!("{:?}", lead.subject)}>
                <button type="button" class="lead" onclick={page.on(Action::Select(Some(lead.subject)))} data-testid="lead">
                    <span class="object-kind">{ &lead.kind }</span>
                    <span class="lead-name">{ cut(&lead.name, NAME_CHARS) }</span>
                    { Icon::Open.html() }
                </button>
            </li>
        }
    };
    html! {
        <header class="identity">
            <p class="kind">
                { &seen.kind }
                if let Some(namespace) = namespace { <span class="of-namespace">{ namespace.as_str() }</span> }
            </p>
            <h3 class="name">{ &seen.name }</h3>
            <div class={classes!("said", class)}>
                if let Some(icon) = Icon::of(seen.standing) { { icon.html() } }
                <p data-testid="said">{ words(&seen.verdict) }</p>
                if !seen.leads_to.is_empty() {
                    <ul class="leads" aria-label={page.language.text(Text::LeadsTo)}>{ for seen.leads_to.iter().map(lead) }</ul>
                }
            </div>
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
                <p>{ acts.rule.as_deref().map(rule_named).unwrap_or_default() }{ words(&acts.sentence) }</p>
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

fn owners(page: &Page, seen: &Inspection) -> Html {
    let text = |text| page.language.text(text);
    let defect = |defect: &Defect| {
        let icon = if defect.unknown { Icon::Ghost } else { Icon::Warning };
        html! {
            <p class={classes!("defect", defect.unknown.then_some("unknown"))} data-testid="defect">
                { icon.html() }
                <span>{ words(&defect.sentence) }{ " " }{ defect.rule.as_deref().map(rule_named).unwrap_or_default() }</span>
            </p>
        }
    };
    let one = |(index, owner): (usize, &Owner)| {
        html! {
            <li key={index} class="reference" data-testid="owner">
                <p class="owner">
                    <span class="object-kind">{ &owner.kind }</span>
                    if let Some(key) = owner.key {
                        <button type="button" class="link" onclick={page.on(Action::Select(Some(Subject::Object(key))))}>{ &owner.name }</button>
                    } else {
                        <span class="name">{ &owner.name }</span>
                    }
                    <span class="flags">
                        if owner.controller { <span class="flag">{ text(Text::Controller) }</span> }
                        if owner.blocks { <span class="flag blocks">{ text(Text::Blocks) }</span> }
                        { owner.standing.map(|standing| became(page, standing)).unwrap_or_default() }
                    </span>
                </p>
                <p class="uid"><span class="unseen">{ "uid " }</span>{ &owner.uid }</p>
                { for owner.defects.iter().map(defect) }
            </li>
        }
    };
    html! {
        if !seen.owners.is_empty() {
            <section class="block">
                <h3>{ text(Text::Owners) }</h3>
                <ul class="plain references">{ for seen.owners.iter().enumerate().map(one) }</ul>
            </section>
        }
    }
}

/// What became of an object that is named in passing.
fn became(page: &Page, standing: Standing) -> Html {
    let says = page.language.page().standing(standing);
    let class = (standing == Standing::Stuck).then_some("stuck");
    html! {
        if !says.is_empty() {
            <span class={classes!("flag", class)}>{ says }</span>
        }
    }
}

#[derive(Properties, PartialEq)]
struct DependentsProps {
    inspection: Shared<Option<Inspection>>,
}

/// Who names it as an owner: the first of them, and the rest for who asks.
#[component]
fn Dependents(props: &DependentsProps) -> Html {
    let page = use_page();
    let whole = use_state(|| false);
    let language = page.language;
    let Some(all) = (*props.inspection).as_ref().map(|seen| &seen.dependents) else {
        return html! {};
    };
    let one = |dependent: &Dependent| {
        let key = dependent.key;
        html! {
            <li key={key.to_string()} class="owner" data-testid="dependent">
                <span class="object-kind">{ key.kind.kind.as_str() }</span>
                <button type="button" class="link" onclick={page.on(Action::Select(Some(Subject::Object(key))))}>{ key.name.as_str() }</button>
                <span class="flags">
                    if dependent.blocks { <span class="flag blocks">{ language.text(Text::Blocks) }</span> }
                    { became(&page, dependent.standing) }
                </span>
            </li>
        }
    };
    let shown = if *whole { all.first.len() } else { FIRST.min(all.first.len()) };
    let more = all.first.len() - shown;
    let onclick = {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(true))
    };
    html! {
        if all.of > 0 {
            <section class="block">
                <h3>{ language.text(Text::Dependents) }<span class="count">{ language.page().dependents(all.of, all.blocking) }</span></h3>
                <ul class="plain">{ for all.first.iter().take(shown).map(one) }</ul>
                if more > 0 {
                    <button type="button" class="button quiet more" {onclick}>{ language.page().more(more) }</button>
                } else if all.of > shown {
                    <p class="hint">{ language.page().first_of(shown, all.of) }</p>
                }
            </section>
        }
    }
}

/// What places it, and its labels.
fn metadata(page: &Page, seen: &Inspection) -> Html {
    let row = |(name, value): &(String, String)| {
        html! { <div key={name.clone()}><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    let label = |(name, value): &(String, String)| {
        html! { <li key={name.clone()}><code>{ format!("{name}={value}") }</code></li> }
    };
    html! {
        if !seen.identity.is_empty() {
            <section class="block">
                <h3>{ page.language.text(Text::Metadata) }</h3>
                <dl class="pairs">{ for seen.identity.iter().map(row) }</dl>
                if !seen.labels.is_empty() {
                    <details class="more-of">
                        <summary>{ page.language.text(Text::Labels) }<span class="count">{ seen.labels.len() }</span></summary>
                        <ul class="plain">{ for seen.labels.iter().map(label) }</ul>
                    </details>
                }
            </section>
        }
    }
}

/// A person deletes it, in one of the three ways.
fn delete(page: &Page, seen: &Inspection) -> Html {
    let Some(key) = seen.subject.key().filter(|_| seen.is_there && !seen.deleting) else {
        return html! {};
    };
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
