//! Every object, by namespace and kind: the drawing's twin for those who do not see it. And what filters it.

use std::ops::Range;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use gordian_reconcile::Key;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::browser;
use super::controls::IconButton;
use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::messages::{Standing, Text};
use crate::state::Action;
use crate::subject::{Subject, key_code};
use crate::tree::{Found, Head, MOST, Row, Tree as Model};

/// As many characters at the end of a name are never cut off.
const TAIL: usize = 8;
/// What one can begin to write, besides a name.
const HINTS: [&str; 7] = ["is:stuck", "is:terminating", "kind:", "ns:", "finalizer:", "controller:", "label:"];

/// The same, where there are notes.
const NOTED: &str = "has:note";

#[derive(Properties, PartialEq)]
pub(crate) struct SearchProps {
    pub(crate) filter: AttrValue,
    pub(crate) found: Option<Found>,
    /// How many objects there are.
    pub(crate) objects: usize,
    /// Whether there is a note about any of them.
    pub(crate) noted: bool,
}

/// The field that filters, what it found, and the way from match to match.
#[component]
pub(crate) fn Search(props: &SearchProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let tell = page.tell.clone();
    // What is being typed is ahead of what was answered.
    let typed = use_state(|| props.filter.clone());
    {
        let typed = typed.setter();
        use_effect_with(props.filter.clone(), move |filter| {
            if !browser::is_active_in("#filter") {
                typed.set(filter.clone());
            }
        });
    }
    let write = use_callback((tell.clone(), typed.setter()), |text: String, (tell, typed)| {
        typed.set(text.clone().into());
        tell.emit(Action::Filter(text));
    });
    let oninput = use_callback(write.clone(), |event: InputEvent, write| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        write.emit(input.map(|input| input.value()).unwrap_or_default());
    });
    let select = |key: Option<Key>| page.on(Action::Select(key.map(Subject::Object)));
    let (next, previous) = match &props.found {
        Some(found) => (found.next, found.previous),
        None => (None, None),
    };
    let step = use_callback((tell.clone(), next, previous), |back: bool, (tell, next, previous)| {
        if let Some(key) = if back { *previous } else { *next } {
            tell.emit(Action::Select(Some(Subject::Object(key))));
        }
    });
    let onkeydown = use_callback((write.clone(), step.clone()), |event: KeyboardEvent, (write, step)| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Enter" => step.emit(event.shift_key()),
            "Escape" => write.emit(String::new()),
            "ArrowDown" => browser::focus_first(".tree [tabindex='0']"),
            _ => return,
        }
        event.prevent_default();
    });
    use_stepping(props.found.is_some(), &step);
    let place = use_node_ref();
    {
        // What is found needs room under the field.
        let place = place.clone();
        use_effect_with(props.found.is_some(), move |&filters| {
            if let Some(search) = place.cast::<Element>().filter(|_| filters && browser::is_active_in(".search")) {
                search.scroll_into_view();
            }
        });
    }
    let hint = |hint: &'static str| {
        let write = write.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            write.emit(hint.to_owned());
            browser::focus("filter");
        });
        html! { <button key={hint} type="button" class="hint-word" {onclick}>{ hint }</button> }
    };
    let says = page.language.page();
    let status = props.found.as_ref().map(|found| match &found.complaint {
        Some(complaint) => words(&says.complaint(complaint)),
        None => html! { says.found(found.count, props.objects, found.at) },
    });
    html! {
        <div ref={place} class="search" role="search" aria-label={text(Text::Objects)}>
            <input type="search" id="filter" class="filter" value={(*typed).clone()} {oninput} {onkeydown} spellcheck="false"
                autocomplete="off" autocapitalize="off" placeholder={text(Text::Filter)} aria-label={text(Text::Filter)}
                title={text(Text::FilterHelp)} data-testid="filter" />
            <div class="matches">
                <p role="status" data-testid="matches">{ status }</p>
                if next.is_some() {
                    <IconButton icon={Icon::Up} label={text(Text::FilterPrevious)} onclick={select(previous)} testid="previous-match" />
                    <IconButton icon={Icon::Next} label={text(Text::FilterNext)} onclick={select(next)} testid="next-match" />
                }
            </div>
            if props.found.is_none() {
                <div class="hints">{ for HINTS.into_iter().chain(props.noted.then_some(NOTED)).map(hint) }</div>
            }
        </div>
    }
}

/// F3 and Ctrl G go from match to match wherever the keyboard is, as they do in a browser.
#[hook]
fn use_stepping(filters: bool, step: &Callback<bool>) {
    use_effect_with((filters, step.clone()), |(filters, step)| {
        let step = step.clone();
        let listener = filters.then(|| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window(), "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let key = event.key();
                if key == "F3" || (key.eq_ignore_ascii_case("g") && (event.ctrl_key() || event.meta_key())) {
                    event.prevent_default();
                    step.emit(event.shift_key());
                }
            })
        });
        move || drop(listener)
    });
}

#[derive(Properties, PartialEq)]
pub(crate) struct TreeProps {
    pub(crate) model: Shared<Model>,
    pub(crate) selected: Option<Subject>,
}

/// A line that the keyboard can stand on.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    /// The same from one model to the next.
    id: String,
    /// What it begins with, for who types it.
    name: String,
    level: usize,
    does: Does,
}

/// What a line does.
#[derive(Debug, Clone, PartialEq)]
enum Does {
    /// Opens or closes what is in it.
    Turn { open: bool },
    /// Is selected.
    Select(Key),
    /// Shows more rows of a kind, by its id.
    More(String, usize),
}

/// What is typed to get to a line, and when the last letter was, in milliseconds.
type Typed = (String, f64);

#[component]
pub(crate) fn Tree(props: &TreeProps) -> Html {
    let page = use_page();
    let place = use_node_ref();
    let stands = use_state(String::new);
    let typed = use_mut_ref(Typed::default);
    let chosen = props.selected.and_then(|subject| subject.key());
    let items = use_memo(props.model.clone(), |model| items(model));
    // One line is reached with Tab, the others with the arrow keys.
    let index_of = |id: &str| items.iter().position(|item| item.id == id);
    let selected_at = chosen.and_then(|key| items.iter().position(|item| item.does == Does::Select(key)));
    let stop = index_of(&stands).or(selected_at).unwrap_or_default();
    {
        // Whatever is selected, here or elsewhere, is brought into view; and with it the line that Tab leads to.
        let (place, stands) = (place.clone(), stands.setter());
        use_effect_with((chosen, selected_at.is_some()), move |(chosen, _)| {
            if let Some(key) = chosen {
                stands.set(key_code(*key));
                show_selected(&place);
            }
        });
    }
    let act = {
        let (items, tell) = (Rc::clone(&items), page.tell.clone());
        move |at: usize| {
            let Some(item) = items.get(at) else {
                return;
            };
            match &item.does {
                Does::Turn { open } => tell.emit(Action::Turn(item.id.clone(), !open)),
                Does::Select(key) => tell.emit(Action::Select(Some(Subject::Object(*key)))),
                Does::More(id, rows) => tell.emit(Action::Rows(id.clone(), *rows)),
            }
        }
    };
    let onclick = {
        let act = act.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(at) = line(event.target()) {
                act(at);
            }
        })
    };
    let onfocusin = {
        let (items, stands) = (Rc::clone(&items), stands.clone());
        Callback::from(move |event: FocusEvent| {
            let at = line(event.target());
            if let Some(item) = at.and_then(|at| items.get(at)).filter(|item| item.id != *stands) {
                stands.set(item.id.clone());
            }
        })
    };
    let onkeydown = {
        let (items, place) = (Rc::clone(&items), place.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = line(event.target());
            let Some((at, item)) = at.and_then(|at| Some((at, items.get(at)?))) else {
                return;
            };
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let turns = |to: bool| item.does == Does::Turn { open: !to };
            let key = event.key();
            let to = match key.as_str() {
                "ArrowDown" => Some(at + 1),
                "ArrowUp" => at.checked_sub(1),
                "Home" => Some(0),
                "End" => Some(items.len() - 1),
                "ArrowRight" if turns(true) => None,
                "ArrowRight" if turns(false) => Some(at + 1),
                "ArrowLeft" if turns(false) => None,
                "ArrowLeft" => items[..at].iter().rposition(|above| above.level < item.level),
                "Enter" | " " => None,
                letter => match typing(&mut typed.borrow_mut(), letter, event.time_stamp()) {
                    Some(word) => beginning(&items, at, &word),
                    None => return,
                },
            };
            let acts = matches!(key.as_str(), "Enter" | " ")
                || (key == "ArrowRight" && turns(true))
                || (key == "ArrowLeft" && turns(false));
            match to {
                _ if acts => act(at),
                Some(to) => focus(&place, to),
                None => {}
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let mut lines = Lines { page: &page, chosen, stop, at: 0 };
    let all = props.model.namespaces.len();
    let namespaces: Vec<Html> = props
        .model
        .namespaces
        .iter()
        .zip(1..)
        .map(|(namespace, n)| {
            let name = match namespace.head.name.is_empty() {
                true => page.language.page().no_namespace(),
                false => &namespace.head.name,
            };
            let of = namespace.kinds.len();
            lines.head(&namespace.head, name, (1, n, all), |lines| {
                let kind = |(kind, n): (&crate::tree::OfKind, usize)| {
                    lines.head(&kind.head, &kind.head.name, (2, n, of), |lines| {
                        let rows = kind.rows.iter().map(|row| lines.row(row, kind.head.objects)).collect::<Html>();
                        let more = lines.more(&kind.head, kind.rows.len(), kind.later.is_some());
                        let later = kind.later.iter().map(|row| lines.row(row, kind.head.objects)).collect::<Html>();
                        html! { <>{ rows }{ more }{ later }</> }
                    })
                };
                namespace.kinds.iter().zip(1..).map(kind).collect()
            })
        })
        .collect();
    html! {
        <ul ref={place} class="tree" role="tree" aria-label={page.language.text(Text::Objects)} {onclick} {onkeydown} {onfocusin}>
            { for namespaces }
        </ul>
    }
}

/// Draws the lines in their order, each with its number.
struct Lines<'p> {
    page: &'p Page,
    chosen: Option<Key>,
    /// The line that Tab leads to.
    stop: usize,
    at: usize,
}

impl Lines<'_> {
    fn count(&mut self) -> (String, &'static str) {
        let at = self.at;
        self.at += 1;
        (at.to_string(), if at == self.stop { "0" } else { "-1" })
    }

    /// A line that opens and closes, and what is in it. `stands` is its level, its place, and how many there are beside it.
    fn head(
        &mut self,
        head: &Head,
        name: &str,
        stands: (usize, usize, usize),
        within: impl FnOnce(&mut Self) -> Html,
    ) -> Html {
        let (at, tabindex) = self.count();
        let (level, place, all) = stands;
        let says = self.page.language.page();
        let icon = if head.open { Icon::Next } else { Icon::Open };
        html! {
            <li key={head.id.clone()} role="none" class={classes!("branch", format!("level-{level}"))}>
                <div class="line" role="treeitem" aria-expanded={head.open.to_string()} aria-level={level.to_string()}
                    aria-posinset={place.to_string()} aria-setsize={all.to_string()} {tabindex} data-at={at} data-testid="tree-head">
                    { icon.html() }
                    <span class="tree-name">{ marked(name, &head.marks, 0..name.len()) }</span>
                    if head.stuck > 0 {
                        <span class="badge stuck">{ says.stuck(head.stuck) }</span>
                    }
                    <span class="count" aria-hidden="true">{ head.objects }</span>
                    <span class="unseen">{ says.objects(head.objects) }</span>
                </div>
                if head.open {
                    <ul role="group">{ within(self) }</ul>
                }
            </li>
        }
    }

    fn row(&mut self, row: &Row, all: usize) -> Html {
        let (at, tabindex) = self.count();
        let name = row.key.name.as_str();
        let words = self.page.language.page().standing(row.standing);
        let selected = self.chosen == Some(row.key);
        let note = row.noted.then(|| self.page.language.text(Text::HasNote));
        let label =
            [name, words].into_iter().filter(|words| !words.is_empty()).chain(note).collect::<Vec<_>>().join(", ");
        let cut = name.char_indices().rev().nth(TAIL - 1).map_or(0, |(at, _)| at);
        html! {
            <li key={key_code(row.key)} role="none" class={classes!("object", class(row.standing))}>
                <div class="line" role="treeitem" aria-label={label} title={name} aria-selected={selected.to_string()} aria-level="3"
                    aria-posinset={row.place.to_string()} aria-setsize={all.to_string()} {tabindex} data-at={at} data-testid="object-row">
                    // Cut in the middle, so that both ends can be read.
                    <span class="object-name"><span class="head-end">{ marked(name, &row.marks, 0..cut) }</span><span class="tail-end">{ marked(name, &row.marks, cut..name.len()) }</span></span>
                    if let Some(note) = note {
                        <span class="object-note" title={note} data-testid="row-noted">{ Icon::Note.html() }</span>
                    }
                    if let Some(icon) = Icon::of(row.standing) {
                        <span class="object-standing" title={words}>{ icon.html() }</span>
                    }
                </div>
            </li>
        }
    }

    fn more(&mut self, head: &Head, shown: usize, and_later: bool) -> Html {
        let hidden = head.objects.saturating_sub(shown + usize::from(and_later));
        if hidden == 0 {
            return Html::default();
        }
        let (at, tabindex) = self.count();
        html! {
            <li key="more" role="none" class="object more">
                <div class="line" role="treeitem" aria-level="3" aria-selected="false" {tabindex} data-at={at} data-testid="more-rows">
                    { self.page.language.page().more_rows(hidden.min(MOST), hidden) }
                </div>
            </li>
        }
    }
}

fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Stuck => "stuck",
        Standing::Deleting => "deleting",
        Standing::Gone => "gone",
        Standing::Created => "created",
        _ => "present",
    }
}

/// A part of a name, with what the filter found in it marked.
fn marked(name: &str, marks: &[Range<usize>], part: Range<usize>) -> Html {
    let mut at = part.start;
    let mut pieces: Vec<Html> = Vec::new();
    for mark in marks {
        let (start, end) = (mark.start.clamp(at, part.end), mark.end.clamp(at, part.end));
        if start < end {
            pieces.push(html! { <>{ name[at..start].to_owned() }<mark>{ name[start..end].to_owned() }</mark></> });
            at = end;
        }
    }
    pieces.push(html! { name[at..part.end].to_owned() });
    pieces.into_iter().collect()
}

/// The lines of a model, in the order in which they are drawn.
fn items(model: &Model) -> Vec<Item> {
    let mut items = Vec::new();
    let head = |head: &Head, level| Item {
        id: head.id.clone(),
        name: head.name.to_lowercase(),
        level,
        does: Does::Turn { open: head.open },
    };
    let row = |row: &Row| Item {
        id: key_code(row.key),
        name: row.key.name.as_str().to_lowercase(),
        level: 3,
        does: Does::Select(row.key),
    };
    for namespace in &model.namespaces {
        items.push(head(&namespace.head, 1));
        for kind in &namespace.kinds {
            items.push(head(&kind.head, 2));
            if !kind.head.open {
                continue;
            }
            items.extend(kind.rows.iter().map(row));
            if kind.rows.len() + usize::from(kind.later.is_some()) < kind.head.objects {
                let id = kind.head.id.clone();
                let does = Does::More(id.clone(), kind.rows.len() + MOST);
                items.push(Item { id: format!("{id} more"), name: String::new(), level: 3, does });
            }
            items.extend(kind.later.iter().map(row));
        }
    }
    items
}

/// The number of the line in which something happens.
fn line(target: Option<web_sys::EventTarget>) -> Option<usize> {
    let line = target?.dyn_into::<Element>().ok()?.closest("[data-at]").ok()??;
    line.get_attribute("data-at")?.parse().ok()
}

/// Moves the keyboard to a line.
fn focus(place: &NodeRef, at: usize) {
    let item = place.cast::<Element>().and_then(|tree| tree.query_selector(&format!("[data-at='{at}']")).ok()?);
    if let Some(item) = item.and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        let _ = item.focus();
    }
}

/// Scrolls just as far as the selected line needs to be seen.
fn show_selected(place: &NodeRef) {
    let line = place.cast::<Element>().and_then(|tree| tree.query_selector("[aria-selected='true']").ok()?);
    if let Some(line) = line {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What is typed with this letter, if it is one; what was typed long ago is forgotten.
fn typing(typed: &mut Typed, letter: &str, now: f64) -> Option<String> {
    const PAUSE: f64 = 800.0;
    let goes_on = now - typed.1 < PAUSE && !typed.0.is_empty();
    let mut letters = letter.chars();
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    // Other signs are the page's keys, but within a name.
    if !letter.is_alphabetic() && !(goes_on && (letter.is_ascii_digit() || matches!(letter, '-' | '.'))) {
        return None;
    }
    let mut word = if goes_on { std::mem::take(&mut typed.0) } else { String::new() };
    word.extend(letter.to_lowercase());
    *typed = (word.clone(), now);
    Some(word)
}

/// The next line that begins with a word: this one, too, once more than a letter is typed.
fn beginning(items: &[Item], at: usize, word: &str) -> Option<usize> {
    let from = at + usize::from(word.chars().count() == 1);
    let places = (from..items.len()).chain(0..from);
    places.into_iter().find(|&place| items[place].name.starts_with(word))
}
