//! What holds an object, and what is waited for.

use yew::prelude::*;

use crate::inspect::{Held, Inspection, Reasoned, Runs};
use crate::messages::Text;
use crate::state::Action;
use crate::subject::Subject;
use crate::ui::icon::Icon;
use crate::ui::shared::{Page, rule_named, words};

/// As many waits of one finalizer are sentences of their own.
const MOST: usize = 4;

/// Each finalizer: who would remove it, whether that controller runs, what it waits for, and what the catalogue says.
pub(super) fn finalizers(page: &Page, seen: &Inspection) -> Html {
    let language = page.language;
    let one = |held: &Held| {
        let (state, icon) = match held.runs {
            Runs::Runs => ("runs", Icon::Play),
            Runs::Stopped => ("stopped", Icon::Stuck),
            Runs::NotSeen(_) => ("not-seen", Icon::Ghost),
        };
        let more = held.waits_for.len().saturating_sub(MOST);
        html! {
            <li key={held.finalizer.clone()} class="held" data-testid="held" data-runs={state}>
                <p class="finalizer">{ Icon::Lock.html() }<code>{ &held.finalizer }</code></p>
                <p class="remover">
                    <span>{ words(&language.page().would_remove(&held.who, seen.deleting)) }</span>
                    if !held.who.is_empty() {
                        <span class={classes!("runs", state)}>{ icon.html() }{ language.page().runs(held.runs) }</span>
                    }
                    { held.rule.as_deref().map(rule_named).unwrap_or_default() }
                </p>
                if held.catalogue.is_empty() {
                    <p class="hint">{ language.text(Text::UnknownFinalizer) }</p>
                }
                if !held.waits_for.is_empty() {
                    <ul class="plain">{ for held.waits_for.iter().take(MOST).enumerate().map(|reason| wait(page, reason, seen.subject)) }</ul>
                }
                if more > 0 {
                    <p class="hint">{ language.page().more_waits(more) }</p>
                }
                if !held.clues.is_empty() {
                    <ul class="clues" data-testid="clues">
                        { for held.clues.iter().map(|clue| html! { <li key={clue.clone()}>{ words(clue) }</li> }) }
                    </ul>
                }
                { catalogue(page, held) }
            </li>
        }
    };
    html! {
        if !seen.finalizers.is_empty() {
            <section class="block">
                <h3>{ language.text(if seen.deleting { Text::HeldBy } else { Text::WouldHold }) }</h3>
                <ul class="plain holders">{ for seen.finalizers.iter().map(one) }</ul>
            </section>
        }
    }
}

fn catalogue(page: &Page, held: &Held) -> Html {
    let row = |(name, says): &(String, String)| {
        html! { <div key={name.clone()}><dt>{ name }</dt><dd>{ words(says) }</dd></div> }
    };
    html! {
        if !held.catalogue.is_empty() {
            <details class="more-of" data-testid="catalogue">
                <summary>{ page.language.text(Text::CatalogueSays) }</summary>
                <dl class="told-of">
                    { for held.catalogue.iter().map(row) }
                    if let Some(risk) = &held.risk {
                        <div><dt>{ page.language.text(Text::Risk) }</dt><dd>{ risk }</dd></div>
                    }
                </dl>
            </details>
        }
    }
}

/// A wait: pointed at, its arrow; clicked, its other end.
fn wait(page: &Page, (index, reason): (usize, &Reasoned), of: Subject) -> Html {
    let ends = reason.subjects;
    let other = if ends.1 == of { ends.0 } else { ends.1 };
    html! {
        <li key={index}>
            <button type="button" class="sentence"
                onmouseenter={page.on(Action::Point(Some(ends)))} onmouseleave={page.on(Action::Point(None))}
                onfocus={page.on(Action::Point(Some(ends)))} onblur={page.on(Action::Point(None))}
                onclick={page.on(Action::Select(Some(other)))}>{ words(&reason.sentence) }</button>
        </li>
    }
}

/// Waits that are no finalizer's.
pub(super) fn reasons(page: &Page, title: Text, reasons: &[Reasoned], of: Subject) -> Html {
    html! {
        if !reasons.is_empty() {
            <section class="block">
                <h3>{ page.language.text(title) }</h3>
                <ul class="plain">{ for reasons.iter().enumerate().map(|reason| wait(page, reason, of)) }</ul>
            </section>
        }
    }
}
