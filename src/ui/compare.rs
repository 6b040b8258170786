//! Two branches side by side.

use gordian_reconcile::End;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::branches::choice;
use super::controls::IconButton;
use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::compare::Row;
use crate::messages::Text;
use crate::seen::{Apart, Bar, Comparison, Side};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct CompareProps {
    /// Closed where there is none.
    pub(crate) comparison: Shared<Option<Comparison>>,
    pub(crate) bar: Shared<Bar>,
}

/// A dialog: it takes the keyboard, and Escape closes it.
#[component]
pub(crate) fn Compare(props: &CompareProps) -> Html {
    let page = use_page();
    let dialog = use_node_ref();
    let found = &*props.comparison;
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
            if let Some(comparison) = found {
                { body(&page, comparison, &props.bar) }
            }
        </dialog>
    }
}

fn body(page: &Page, comparison: &Comparison, bar: &Bar) -> Html {
    let text = |text| page.language.text(text);
    let [one, other] = &comparison.sides;
    let numbers = (one.number, other.number);
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
                { side(page, bar, one, 0, choose(true)) }
                { side(page, bar, other, 1, choose(false)) }
            </div>
            <section>
                <h3>{ text(Text::Objects) }</h3>
                { objects(page, comparison) }
            </section>
            <section>
                <h3>{ text(Text::CompareSteps) }</h3>
                { steps(page, comparison) }
            </section>
        </>
    }
}

/// How one of them ends, and what is broken in it.
fn side(page: &Page, bar: &Bar, side: &Side, index: usize, onchange: Callback<usize>) -> Html {
    let of = page.language.page();
    let class = match side.end {
        End::Finished => "finished",
        End::Stuck => "stuck",
        End::Bounded => "bounded",
    };
    let label = format!("{} {}", page.language.text(Text::Branches), ["A", "B"][index]);
    let testid = ["compare-a", "compare-b"][index];
    html! {
        <section class="side" aria-label={label.clone()}>
            <div class="row"><span class="letter" aria-hidden="true">{ ["A", "B"][index] }</span>
                { choice(&bar.branches, side.number, label, testid, onchange) }</div>
            <p class="step-of">{ of.step_of(side.at, side.of) }</p>
            <p class={classes!("ahead", class)} data-testid={format!("{testid}-end")} data-end={class}>
                { match side.end { End::Finished => Icon::Done.html(), _ => Icon::Stuck.html() } }
                <span>{ words(&side.ahead) }</span>
            </p>
            if side.lasting > 0 {
                <p class="hint">{ of.judged(side.lasting) }</p>
            }
            if !side.faults.is_empty() {
                <ul class="plain">{ for side.faults.iter().map(|fault| html! {
                    <li class="fault">{ Icon::Warning.html() }<span>{ words(fault) }</span></li>
                }) }</ul>
            }
        </section>
    }
}

/// A table that stays one where its rows are laid out otherwise, on a phone: its roles are said.
fn objects(page: &Page, comparison: &Comparison) -> Html {
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
            <p class="hint">{ of.differ(comparison.rows_count) }</p>
            <table class="beside" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col">{ text(Text::CompareObject) }</th>
                    { heads(comparison) }
                </tr></thead>
                <tbody role="rowgroup">{ for comparison.rows.iter().map(row) }</tbody>
            </table>
            if comparison.rows_count > comparison.rows.len() {
                <p class="hint">{ of.shown_of(comparison.rows.len(), comparison.rows_count) }</p>
            }
        </>
    }
}

fn heads(comparison: &Comparison) -> Html {
    let head = |(letter, side): (&'static str, &Side)| {
        html! {
            <th key={letter} role="columnheader" scope="col"><span class="letter">{ letter }</span>{ " " }{ words(&side.name) }</th>
        }
    };
    ["A", "B"].into_iter().zip(&comparison.sides).map(head).collect()
}

/// The steps that both begin with, and then those of each.
fn steps(page: &Page, comparison: &Comparison) -> Html {
    let text = |text| page.language.text(text);
    let of = page.language.page();
    let same = comparison.same;
    let [one, other] = &comparison.sides;
    let here = |side: &Side, letter: &'static str, taken: usize| {
        html! {
            if side.at == taken {
                <span class="here" data-testid={format!("stands-{letter}")}>{ format!("{letter} {}", text(Text::StandsHere)) }</span>
            }
        }
    };
    let alike = |(index, step): (usize, &String)| {
        html! {
            <li key={index} value={(index + 1).to_string()}>
                { words(step) }{ " " }
                { here(one, "A", index + 1) }
                { here(other, "B", index + 1) }
            </li>
        }
    };
    let cell = |side: &Side, letter: &'static str, index: usize, step: &Option<String>| {
        let class = (side.at <= index).then_some("to-come");
        html! {
            <td role="cell" {class} data-testid={format!("step-{letter}")}>
                if let Some(step) = step {
                    { words(step) }{ " " }
                    { here(side, letter, index + 1) }
                } else {
                    <span class="hint">{ text(Text::NoStep) }</span>
                }
            </td>
        }
    };
    let row = |(index, apart): (usize, &Apart)| {
        html! {
            <tr key={index} role="row">
                <th role="rowheader" scope="row">{ index + 1 }</th>
                { cell(one, "A", index, &apart[0]) }
                { cell(other, "B", index, &apart[1]) }
            </tr>
        }
    };
    html! {
        <>
            if same == 0 {
                <p class="hint" data-testid="alike">{ of.begin_alike(0) }</p>
            } else {
                <details class="alike"><summary data-testid="alike">{ of.begin_alike(same) }</summary>
                    <ol>{ for comparison.alike.iter().enumerate().map(alike) }</ol>
                </details>
            }
            if !comparison.apart.is_empty() {
                <table class="beside numbered" role="table">
                    <caption class="unseen">{ text(Text::StepsApart) }</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th role="columnheader" scope="col">{ text(Text::Step) }</th>
                        { heads(comparison) }
                    </tr></thead>
                    <tbody role="rowgroup">{ for (same..).zip(&comparison.apart).map(row) }</tbody>
                </table>
                if comparison.apart_count > comparison.apart.len() {
                    <p class="hint">{ of.shown_of(comparison.apart.len(), comparison.apart_count) }</p>
                }
            }
        </>
    }
}
