//! An object's text: its lines with their numbers in the file, folded, searched and copied. Of a long text only the lines in sight
//! are elements.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::inspect::{Block, Source, hits, shown, unfolded};
use crate::messages::Text as Words;
use crate::ui::browser;
use crate::ui::controls::{CopyButton, IconButton};
use crate::ui::icon::Icon;
use crate::ui::shared::{Page, use_page};

/// As many rows are elements at a time, and they are exchanged by so many.
const WINDOW: usize = 160;
const STRIDE: usize = 40;
/// A text of so many lines or fewer has no need to be searched.
const SHORT: usize = 12;

#[derive(Properties, PartialEq)]
pub(super) struct TextProps {
    pub(super) source: Source,
}

/// A source, with what is looked up in it for each row.
struct Prepared {
    lines: Vec<String>,
    marked: BTreeSet<usize>,
    blocks: Vec<Block>,
    heads: BTreeMap<usize, Block>,
}

impl Prepared {
    fn of(source: &Source) -> Self {
        let blocks = source.blocks();
        Self {
            lines: source.lines().into_iter().map(str::to_owned).collect(),
            marked: source.marked.iter().copied().collect(),
            heads: blocks.iter().map(|block| (block.head, *block)).collect(),
            blocks,
        }
    }
}

/// What is searched for, and the hit that is looked at, by its place among them.
#[derive(Debug, Clone, Default, PartialEq)]
struct Sought {
    needle: String,
    at: Option<usize>,
}

#[component]
pub(super) fn Text(props: &TextProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let source = &props.source;
    let prepared = use_memo(source.clone(), Prepared::of);
    let folded = use_state(|| Rc::new(source.folded(&prepared.blocks)));
    let sought = use_state(Sought::default);
    let start = use_state(|| 0_usize);
    let region = use_node_ref();
    // The line to bring into view once it is drawn; counted, so that the same line can be asked for again.
    let goal = use_state(|| None::<(usize, u32)>);

    let found = use_memo((source.clone(), sought.needle.clone()), |(source, needle)| source.find(needle));
    let rows = shown(prepared.lines.len(), &prepared.blocks, &folded);
    let first = (*start).min(rows.len().saturating_sub(STRIDE));
    let window_of_rows = first..(first + WINDOW).min(rows.len());

    let show = {
        let (folded, goal, start, prepared) = (folded.clone(), goal.clone(), start.setter(), prepared.clone());
        Callback::from(move |line: usize| {
            let open = unfolded(line, &prepared.blocks, &folded);
            let row = shown(prepared.lines.len(), &prepared.blocks, &open).partition_point(|shown| *shown < line);
            start.set(beginning(row));
            folded.set(Rc::new(open));
            goal.set(Some((line, goal.map_or(0, |(_, count)| count + 1))));
        })
    };
    use_scroll(&region, &goal, &rows, source.first);
    use_wanted(&show, source.first..source.first + prepared.lines.len());

    let onscroll = {
        let (start, rows) = (start.setter(), rows.len());
        Callback::from(move |event: Event| {
            let region = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            if let Some(region) = region.filter(|region| region.scroll_height() > 0) {
                let row = f64::from(region.scroll_top()) / f64::from(region.scroll_height()) * rows as f64;
                start.set(beginning(row as usize));
            }
        })
    };
    let fold = {
        let folded = folded.clone();
        Callback::from(move |head: usize| {
            let mut turned = BTreeSet::clone(&folded);
            if !turned.remove(&head) {
                turned.insert(head);
            }
            folded.set(Rc::new(turned));
        })
    };
    let onfold_all = {
        let (folded, prepared, source) = (folded.clone(), prepared.clone(), source.clone());
        Callback::from(move |_: MouseEvent| {
            let next = if folded.is_empty() { source.folded(&prepared.blocks) } else { BTreeSet::new() };
            folded.set(Rc::new(next));
        })
    };
    let current = sought.at.and_then(|at| found.get(at)).copied();
    let row = |&line: &usize| {
        line_of(&page, source, &prepared, &folded, line, (&sought.needle, current == Some(line)), &fold)
    };
    let has_folds = !source.folded(&prepared.blocks).is_empty();
    html! {
        <section class="block source">
            <div class="source-head">
                <h3>{ text(Words::Text) }</h3>
                if has_folds {
                    <button type="button" class="button quiet" onclick={onfold_all} data-testid="unfold">
                        { text(if folded.is_empty() { Words::FoldRest } else { Words::UnfoldAll }) }
                    </button>
                }
                <CopyButton text={format!("{}\n", source.text)} label={text(Words::Copy)} testid="copy-text" />
            </div>
            if prepared.lines.len() > SHORT {
                { search(&page, &sought, &found, &show) }
            }
            if source.broken_up {
                <p class="hint">{ text(Words::BrokenUp) }</p>
            }
            <div ref={region} class="text" tabindex="0" role="region" aria-label={text(Words::Text)} data-testid="inspector-text" {onscroll}>
                <Gap rows={window_of_rows.start} />
                { for rows[window_of_rows.clone()].iter().map(row) }
                <Gap rows={rows.len() - window_of_rows.end} />
            </div>
        </section>
    }
}

/// The first row that is an element when this one is to be seen, with some before it.
fn beginning(row: usize) -> usize {
    (row / STRIDE * STRIDE).saturating_sub(STRIDE)
}

fn line_of(
    page: &Page,
    source: &Source,
    prepared: &Prepared,
    folded: &BTreeSet<usize>,
    line: usize,
    (needle, current): (&str, bool),
    fold: &Callback<usize>,
) -> Html {
    let number = source.first + line;
    let marked = prepared.marked.contains(&line);
    let content = prepared.lines.get(line).map_or("", String::as_str);
    let pieces = hits(content, needle).into_iter().map(|(piece, hit)| match hit {
        true => html! { <mark class={classes!("hit", current.then_some("current"))}>{ piece }</mark> },
        false => html! { <>{ piece }</> },
    });
    let block = prepared.heads.get(&line).map(|block| {
        let is_folded = folded.contains(&block.head);
        let (head, fold) = (block.head, fold.clone());
        let onclick = Callback::from(move |_: MouseEvent| fold.emit(head));
        let label = page.language.text(if is_folded { Words::UnfoldLines } else { Words::FoldLines });
        let lines = page.language.page().lines_folded(block.end - block.head - 1);
        let icon = if is_folded { Icon::Open } else { Icon::Next };
        let button = html! {
            <button type="button" class="fold" aria-expanded={(!is_folded).to_string()}
                aria-label={format!("{label}: {}, {lines}", content.trim())} {onclick}>{ icon.html() }</button>
        };
        (button, is_folded.then_some(lines))
    });
    let (button, hidden) = block.map_or((None, None), |(button, hidden)| (Some(button), hidden));
    html! {
        <div key={number} id={browser::line_id(number)} class={classes!("line", marked.then_some("marked"), current.then_some("current"))}>
            <span class="number" aria-hidden="true">{ number }</span>
            <span class="gutter">{ button.unwrap_or_default() }</span>
            <span>{ for pieces }</span>
            if marked { <span class="unseen">{ " (" }{ page.language.text(Words::LineMatters) }{ ")" }</span> }
            if let Some(hidden) = hidden { <span class="hidden-lines" aria-hidden="true">{ format!("⋯ {hidden}") }</span> }
        </div>
    }
}

fn search(page: &Page, sought: &UseStateHandle<Sought>, found: &Rc<Vec<usize>>, show: &Callback<usize>) -> Html {
    let text = |text| page.language.text(text);
    let oninput = {
        let sought = sought.setter();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            sought.set(Sought { needle: input.map(|input| input.value()).unwrap_or_default(), at: None });
        })
    };
    let go = {
        let (sought, found, show) = (sought.clone(), Rc::clone(found), show.clone());
        Callback::from(move |forward: bool| {
            let of = found.len();
            let next = match (sought.at, forward) {
                (None, true) => 0,
                (None, false) => of.saturating_sub(1),
                (Some(at), true) => (at + 1) % of.max(1),
                (Some(at), false) => (at + of.max(1) - 1) % of.max(1),
            };
            if let Some(&line) = found.get(next) {
                show.emit(line);
                sought.set(Sought { at: Some(next), ..Sought::clone(&sought) });
            }
        })
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                go.emit(!event.shift_key());
            }
        })
    };
    let towards = |forward: bool| {
        let go = go.clone();
        Callback::from(move |_: MouseEvent| go.emit(forward))
    };
    let says = match sought.needle.is_empty() {
        true => String::new(),
        false => page.language.page().hit_of(sought.at.map_or(0, |at| at + 1), found.len()),
    };
    html! {
        <div class="text-search" role="search">
            <input type="search" class="filter" value={sought.needle.clone()} {oninput} {onkeydown} spellcheck="false"
                placeholder={text(Words::SearchText)} aria-label={text(Words::SearchText)} data-testid="search-text" />
            <span class="hint hits" role="status" data-testid="hits">{ says }</span>
            <IconButton icon={Icon::Up} label={text(Words::HitPrevious)} disabled={found.is_empty()} onclick={towards(false)} testid="hit-previous" />
            <IconButton icon={Icon::Next} label={text(Words::HitNext)} disabled={found.is_empty()} onclick={towards(true)} testid="hit-next" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct GapProps {
    rows: usize,
}

/// Stands for rows that are not elements now. Its height is set by a property, since the content security policy forbids styles in
/// markup.
#[component]
fn Gap(props: &GapProps) -> Html {
    let gap = use_node_ref();
    use_effect_with((gap.clone(), props.rows), |(gap, rows)| {
        if let Some(gap) = gap.cast::<HtmlElement>() {
            let _ = gap.style().set_property("block-size", &format!("calc({rows} * var(--row))"));
        }
    });
    html! { <div ref={gap} aria-hidden="true"></div> }
}

/// Brings a line into view once it is drawn: in the text, and with the text in its pane.
#[hook]
fn use_scroll(region: &NodeRef, goal: &UseStateHandle<Option<(usize, u32)>>, rows: &[usize], first: usize) {
    let place = goal.map(|(line, _)| (line, rows.partition_point(|row| *row < line)));
    let of = rows.len();
    use_effect_with((region.clone(), **goal), move |(region, _)| {
        if let (Some(region), Some((line, row))) = (region.cast::<HtmlElement>(), place) {
            let middle = f64::from(region.scroll_height()) * row as f64 / of.max(1) as f64;
            region.set_scroll_top((middle - f64::from(region.client_height()) / 2.0) as i32);
            Timeout::new(0, move || browser::bring_into_view(&browser::line_id(first + line))).forget();
        }
    });
}

/// Shows a line that another pane asks for, be it before this text is drawn or after.
#[hook]
fn use_wanted(show: &Callback<usize>, numbers: Range<usize>) {
    let look = {
        let (show, first) = (show.clone(), numbers.start);
        move || {
            if let Some(number) = browser::wanted_line(&numbers) {
                show.emit(number - first);
            }
        }
    };
    use_effect(move || {
        look();
        let listener = EventListener::new(&window(), browser::SHOW_LINE, move |_| look());
        move || drop(listener)
    });
}
