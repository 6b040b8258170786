//! What the dump says of an object's state: conditions and events.

use yew::prelude::*;

use crate::inspect::{Condition, Event, Inspection};
use crate::messages::Text;
use crate::ui::controls::CopyButton;
use crate::ui::icon::Icon;
use crate::ui::shared::Page;

/// The conditions, those that say that something is wrong first.
pub(super) fn conditions(page: &Page, seen: &Inspection) -> Html {
    let text = |text| page.language.text(text);
    let one = |(index, condition): (usize, &Condition)| {
        let wrong = condition.wrong.then_some("wrong");
        html! {
            <tr key={index} class={classes!(wrong)} data-testid="condition">
                <th scope="row">
                    <span class="condition-name">{ breakable(&condition.name) }</span>
                    if !condition.reason.is_empty() { <span class="condition-reason">{ &condition.reason }</span> }
                    if !condition.message.is_empty() { <span class="condition-message">{ &condition.message }</span> }
                </th>
                <td class="condition-status">
                    if condition.wrong { { Icon::Warning.html() }<span class="unseen">{ text(Text::SaysWrong) }{ ": " }</span> }
                    { &condition.status }
                </td>
                <td class="condition-age" title={condition.since.clone()}>{ &condition.age }</td>
            </tr>
        }
    };
    html! {
        if !seen.conditions.is_empty() {
            <section class="block">
                <h3 id="conditions-title">{ text(Text::Conditions) }<span class="count">{ text(Text::AsOfDump) }</span></h3>
                <table class="conditions" aria-labelledby="conditions-title">
                    <thead><tr>
                        <th scope="col">{ text(Text::TypeAndReason) }</th>
                        <th scope="col">{ text(Text::Status) }</th>
                        <th scope="col">{ text(Text::Since) }</th>
                    </tr></thead>
                    <tbody>{ for seen.conditions.iter().enumerate().map(one) }</tbody>
                </table>
            </section>
        }
    }
}

/// A name in camel case that breaks between its words.
fn breakable(name: &str) -> Html {
    let mut words: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, _) in name.char_indices().filter(|(_, c)| c.is_uppercase()).skip(1) {
        words.push(&name[start..at]);
        start = at;
    }
    words.push(&name[start..]);
    words.into_iter().map(|word| html! { <>{ word }<wbr /></> }).collect()
}

/// The events about it, the newest first; or the command that prints them.
pub(super) fn events(page: &Page, seen: &Inspection) -> Html {
    let text = |text| page.language.text(text);
    let Some(events) = &seen.events else {
        return html! {};
    };
    let one = |(index, event): (usize, &Event)| {
        let warns = event.kind != "Normal";
        html! {
            <li key={index} class={classes!("event", warns.then_some("warns"))} data-testid="event">
                <p class="event-head">
                    if warns { { Icon::Warning.html() } }
                    <span class="event-reason">{ &event.reason }</span>
                    <span class="flag">{ &event.kind }</span>
                    if event.count > 1 { <span class="count">{ page.language.page().times(event.count) }</span> }
                    <span class="event-age" title={event.last.clone()}>{ &event.age }</span>
                </p>
                <p>{ &event.message }</p>
                <p class="hint">{ &event.source }</p>
            </li>
        }
    };
    html! {
        <section class="block" data-testid="events">
            <h3>{ text(Text::Events) }if events.of > 0 { <span class="count">{ events.of }{ ", " }{ text(Text::AsOfDump) }</span> }</h3>
            if events.of > 0 {
                <ul class="plain">{ for events.newest.iter().enumerate().map(one) }</ul>
                if events.of > events.newest.len() {
                    <p class="hint">{ page.language.page().first_of(events.newest.len(), events.of) }</p>
                }
            } else if events.covered {
                <p class="hint">{ text(Text::EventsNone) }</p>
            } else {
                <p class="hint">{ text(Text::EventsMissing) }</p>
                <div class="command-row">
                    <pre class="command"><code>{ &events.command }</code></pre>
                    <CopyButton text={events.command.clone()} label={text(Text::Copy)} testid="copy-events-command" />
                </div>
            }
        </section>
    }
}
