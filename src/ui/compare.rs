//! Two branches side by side.

use gordian_reconcile::{End, Step};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::branches::choice;
use super::controls::IconButton;
use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::branch::Branch;
use crate::compare::{Comparison, Row, compare};
use crate::engine::Document;
use crate::messages::Text;
use crate::state::Action;

/// As many objects, or steps, are listed.
const MOST: usize = 60;

#[derive(Properties, PartialEq)]
pub(crate) struct CompareProps {
    pub(crate) document: Option<Shared<Document>>,
    /// The branches, by their numbers; closed where there are none.
    pub(crate) compared: Option<(usize, usize)>,
}

/// A dialog: it takes the keyboard, and Escape closes it.
#[component]
pub(crate) fn Compare(props: &CompareProps) -> Html {
    let page = use_page();
    let dialog = use_node_ref();
    let pair = props.document.as_ref().zip(props.compared);
    let found = pair.and_then(|(document, (one, other))| {
        Some((document.clone(), document.numbered(one)?.clone(), document.numbered(other)?.clone()))
    });
    {
        let dialog = dialog.clone();
        use_effect_with(found.is_some(), move |&open| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                if open && !dialog.open() {
                    // It fails only for a dialog that is open, or not in the page.
                    let _ = dialog.show_modal();
                } else if !open && dialog.open() {
                    dialog.close();
                }
            }
        });
    }
    html! {
        <dialog ref={dialog} class="compare" aria-labelledby="compare-title" onclose={page.on(Action::Compare(None))} data-testid="comparison">
            <header>
                <h2 id="compare-title">{ page.language.text(Text::Compare) }</h2>
                <IconButton icon={Icon::Close} label={page.language.text(Text::Close)} onclick={page.on(Action::Compare(None))} testid="compare-close" />
            </header>
            if let Some((document, one, other)) = found {
                { body(&page, &document, &one, &other) }
            }
        </dialog>
    }
}

fn body(page: &Page, document: &Document, one: &Branch, other: &Branch) -> Html {
    let text = |text| page.language.text(text);
    let comparison = compare(one, other, page.language);
    let numbers = (one.number(), other.number());
    let choose = |first: bool| {
        let tell = page.tell.clone();
        Callback::from(move |number: usize| {
            let pair = if first { (number, numbers.1) } else { (numbers.0, number) };
            tell.emit(Action::Compare(Some(pair)));
        })
    };
    html! {
        <>
            <p class="hint">{ text(Text::CompareIntro) }</p>
            <div class="sides">
                { side(page, document, one, &comparison, 0, choose(true)) }
                { side(page, document, other, &comparison, 1, choose(false)) }
            </div>
            <section>
                <h3>{ text(Text::Objects) }</h3>
                { objects(page, &comparison, one, other) }
            </section>
            <section>
                <h3>{ text(Text::CompareSteps) }</h3>
                { steps(page, &comparison, one, other) }
            </section>
        </>
    }
}

/// How one of them ends, and what is broken in it.
fn side(
    page: &Page,
    document: &Document,
    branch: &Branch,
    comparison: &Comparison,
    index: usize,
    onchange: Callback<usize>,
) -> Html {
    let of = page.language.page();
    let (at, steps) = (branch.position(), branch.steps().len());
    let class = match branch.end() {
        End::Finished => "finished",
        End::Stuck => "stuck",
        End::Bounded => "bounded",
    };
    let label = format!("{} {}", page.language.text(Text::Branches), ["A", "B"][index]);
    let testid = ["compare-a", "compare-b"][index];
    let lasting = branch.faults_at_end();
    html! {
        <section class="side" aria-label={label.clone()}>
            <div class="row"><span class="letter" aria-hidden="true">{ ["A", "B"][index] }</span>
                { choice(page, document, branch.number(), label, testid, onchange) }</div>
            <p class="step-of">{ of.step_of(at, steps) }</p>
            <p class={classes!("ahead", class)} data-testid={format!("{testid}-end")} data-end={class}>
                { match branch.end() { End::Finished => Icon::Done.html(), _ => Icon::Stuck.html() } }
                <span>{ words(&of.ahead(branch.end(), steps - at, branch.deleting_at_end())) }</span>
            </p>
            if lasting > 0 {
                <p class="hint">{ of.judged(lasting) }</p>
            }
            if !comparison.faults[index].is_empty() {
                <ul class="plain">{ for comparison.faults[index].iter().map(|fault| html! {
                    <li key={format!("{fault:?}")} class="fault">{ Icon::Warning.html() }<span>{ words(&of.broken(*fault)) }</span></li>
                }) }</ul>
            }
        </section>
    }
}

/// A table that stays one where its rows are laid out otherwise, on a phone: its roles are said.
fn objects(page: &Page, comparison: &Comparison, one: &Branch, other: &Branch) -> Html {
    let text = |text| page.language.text(text);
    let of = page.language.page();
    if comparison.rows.is_empty() {
        return html! { <p class="hint" data-testid="compare-same">{ text(Text::CompareSame) }</p> };
    }
    let row = |row: &Row| {
        let cell = |first: bool| {
            html! {
                <td role="cell">
                    <dl class="fields">{ for row.fields.iter().map(|field| html! {
                        <div key={field.field.clone()}>
                            <dt>{ words(&field.field) }</dt>
                            <dd>{ words(if first { &field.before } else { &field.after }) }</dd>
                        </div>
                    }) }</dl>
                </td>
            }
        };
        let key = row.key;
        html! {
            <tr key={key.to_string()} role="row" data-testid="compare-row">
                <th role="rowheader" scope="row"><span class="object-kind">{ key.kind.kind.as_str() }</span>{ " " }<span class="object-name">{ key.name.as_str() }</span></th>
                { cell(true) }
                { cell(false) }
            </tr>
        }
    };
    html! {
        <>
            <p class="hint">{ of.differ(comparison.rows.len()) }</p>
            <table class="beside" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col">{ text(Text::CompareObject) }</th>
                    { heads(page, one, other) }
                </tr></thead>
                <tbody role="rowgroup">{ for comparison.rows.iter().take(MOST).map(row) }</tbody>
            </table>
            if comparison.rows.len() > MOST {
                <p class="hint">{ of.shown_of(MOST, comparison.rows.len()) }</p>
            }
        </>
    }
}

fn heads(page: &Page, one: &Branch, other: &Branch) -> Html {
    let head = |letter: &'static str, branch: &Branch| {
        html! {
            <th key={letter} role="columnheader" scope="col"><span class="letter">{ letter }</span>{ " " }{ words(&page.language.page().branch(branch)) }</th>
        }
    };
    html! { <>{ head("A", one) }{ head("B", other) }</> }
}

/// The steps that both begin with, and then those of each.
fn steps(page: &Page, comparison: &Comparison, one: &Branch, other: &Branch) -> Html {
    let text = |text| page.language.text(text);
    let (core, of) = (page.language.core(), page.language.page());
    let same = comparison.same;
    let longest = one.steps().len().max(other.steps().len());
    let here = |branch: &Branch, letter: &'static str, taken: usize| {
        html! {
            if branch.position() == taken {
                <span class="here" data-testid={format!("stands-{letter}")}>{ format!("{letter} {}", text(Text::StandsHere)) }</span>
            }
        }
    };
    let alike = |(index, step): (usize, &Step)| {
        html! {
            <li key={index} value={(index + 1).to_string()}>
                { words(&core.step(step)) }{ " " }
                { here(one, "A", index + 1) }
                { here(other, "B", index + 1) }
            </li>
        }
    };
    let cell = |branch: &Branch, letter: &'static str, index: usize| {
        let step = branch.steps().get(index);
        let class = (branch.position() <= index).then_some("to-come");
        html! {
            <td role="cell" {class} data-testid={format!("step-{letter}")}>
                if let Some(step) = step {
                    { words(&core.step(step)) }{ " " }
                    { here(branch, letter, index + 1) }
                } else {
                    <span class="hint">{ text(Text::NoStep) }</span>
                }
            </td>
        }
    };
    let row = |index: usize| {
        html! {
            <tr key={index} role="row">
                <th role="rowheader" scope="row">{ index + 1 }</th>
                { cell(one, "A", index) }
                { cell(other, "B", index) }
            </tr>
        }
    };
    html! {
        <>
            if same == 0 {
                <p class="hint" data-testid="alike">{ of.begin_alike(0) }</p>
            } else {
                <details class="alike"><summary data-testid="alike">{ of.begin_alike(same) }</summary>
                    <ol>{ for one.steps()[..same].iter().enumerate().take(MOST).map(alike) }</ol>
                </details>
            }
            if longest > same {
                <table class="beside numbered" role="table">
                    <caption class="unseen">{ text(Text::StepsApart) }</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th role="columnheader" scope="col">{ text(Text::Step) }</th>
                        { heads(page, one, other) }
                    </tr></thead>
                    <tbody role="rowgroup">{ for (same..longest).take(MOST).map(row) }</tbody>
                </table>
                if longest - same > MOST {
                    <p class="hint">{ of.shown_of(MOST, longest - same) }</p>
                }
            }
        </>
    }
}
