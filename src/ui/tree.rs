//! Every object, by namespace and kind: the drawing's twin for those who do not see it.

use std::collections::BTreeMap;
use std::rc::Rc;

use gordian_reconcile::{Key, Kind, Name};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::Icon;
use super::shared::{Page, Shared, use_page};
use crate::messages::{Standing, Text};
use crate::seen::Objects;
use crate::state::Action;
use crate::subject::Subject;
use crate::words::cut;

/// As many rows are shown in one list.
const MOST: usize = 200;
/// As many characters of a name fit.
const NAME_CHARS: usize = 36;

type Rows = Vec<(Key, Standing)>;
type Kinds = BTreeMap<Kind, Rows>;

#[derive(Properties, PartialEq)]
pub(crate) struct TreeProps {
    pub(crate) objects: Shared<Objects>,
    pub(crate) selected: Option<Subject>,
}

#[component]
pub(crate) fn Tree(props: &TreeProps) -> Html {
    let page = use_page();
    let filter = use_state(String::new);
    let turned = use_state(|| Rc::new(BTreeMap::<String, bool>::new()));
    let rows = &props.objects;
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            filter.set(input.map(|input| input.value()).unwrap_or_default());
        })
    };
    let needle = filter.trim().to_lowercase();
    let body = if needle.is_empty() {
        let mut namespaces: BTreeMap<Name, Kinds> = BTreeMap::new();
        for &(key, standing) in rows.iter() {
            let kinds = namespaces.entry(key.namespace).or_default();
            kinds.entry(key.kind).or_default().push((key, standing));
        }
        let one = |(namespace, kinds): (&Name, &Kinds)| branch(&page, &turned, *namespace, kinds, props.selected);
        html! { <ul class="tree">{ for namespaces.iter().map(one) }</ul> }
    } else {
        let passes = |key: &Key| {
            let has = |name: Name| name.as_str().to_lowercase().contains(&needle);
            has(key.name) || has(key.kind.kind) || has(key.namespace)
        };
        let found: Rows = rows.iter().copied().filter(|(key, _)| passes(key)).collect();
        html! {
            <>
                if found.is_empty() {
                    <p class="hint">{ page.language.text(Text::FilterNone) }</p>
                }
                { list(&page, &found, props.selected, true) }
            </>
        }
    };
    html! {
        <section class="objects" aria-labelledby="objects-title">
            <div class="objects-head">
                <h2 id="objects-title">{ page.language.text(Text::Objects) }</h2>
                <input type="search" id="filter" class="filter" value={(*filter).clone()} {oninput} spellcheck="false"
                    placeholder={page.language.text(Text::Filter)} aria-label={page.language.text(Text::Filter)} data-testid="filter" />
            </div>
            { body }
        </section>
    }
}

/// How many of these are stuck.
fn stuck(rows: &Rows) -> usize {
    rows.iter().filter(|(_, s)| *s == Standing::Stuck).count()
}

/// A namespace.
fn branch(
    page: &Page,
    turned: &UseStateHandle<Rc<BTreeMap<String, bool>>>,
    namespace: Name,
    kinds: &Kinds,
    selected: Option<Subject>,
) -> Html {
    let total: usize = kinds.values().map(Vec::len).sum();
    let held: usize = kinds.values().map(stuck).sum();
    let chosen = selected.and_then(|subject| subject.key());
    let has = |rows: &Rows| chosen.is_some_and(|key| rows.iter().any(|&(k, _)| k == key));
    let name = match namespace.is_empty() {
        true => page.language.page().no_namespace().to_owned(),
        false => namespace.to_string(),
    };
    let id = format!("{namespace}/");
    let open = turned.get(&id).copied();
    let open = open.unwrap_or(held > 0 || kinds.values().any(has));
    let kind = |(kind, rows): (&Kind, &Rows)| {
        let id = format!("{namespace}/{}.{}", kind.kind, kind.group);
        let by_itself = stuck(rows) > 0 || has(rows);
        let open = turned.get(&id).copied().unwrap_or(by_itself);
        html! {
            <li key={id.clone()}>
                { head(turned, id, kind.kind.as_str(), open, rows.len(), stuck(rows), page) }
                if open {
                    { list(page, rows, selected, false) }
                }
            </li>
        }
    };
    html! {
        <li key={id.clone()} class="branch">
            { head(turned, id, &name, open, total, held, page) }
            if open {
                <ul>{ for kinds.iter().map(kind) }</ul>
            }
        </li>
    }
}

/// The line that turns a part of the tree open.
fn head(
    turned: &UseStateHandle<Rc<BTreeMap<String, bool>>>,
    id: String,
    name: &str,
    open: bool,
    total: usize,
    held: usize,
    page: &Page,
) -> Html {
    let onclick = {
        let turned = turned.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = BTreeMap::clone(&turned);
            next.insert(id.clone(), !open);
            turned.set(Rc::new(next));
        })
    };
    let icon = if open { Icon::Next } else { Icon::Open };
    html! {
        <button type="button" class="tree-head" aria-expanded={open.to_string()} {onclick}>
            { icon.html() }
            <span class="tree-name">{ name }</span>
            if held > 0 {
                <span class="badge stuck">{ page.language.page().stuck(held) }</span>
            }
            <span class="count">{ total }</span>
        </button>
    }
}

/// Objects, one a row.
fn list(page: &Page, rows: &Rows, selected: Option<Subject>, with_kind: bool) -> Html {
    let row = |&(key, standing): &(Key, Standing)| {
        let subject = Subject::Object(key);
        let is_selected = selected == Some(subject);
        let icon = Icon::of(standing);
        let words = page.language.page().standing(standing);
        let class = match standing {
            Standing::Stuck => "stuck",
            Standing::Deleting => "deleting",
            Standing::Gone => "gone",
            Standing::Created => "created",
            _ => "present",
        };
        html! {
            <li key={key.to_string()}>
                <button type="button" class={classes!("object", class)} data-testid="object-row"
                    aria-current={is_selected.then_some("true")} title={format!("{} {}", key.kind.kind, key.name)}
                    onclick={page.on(Action::Select(Some(subject)))}>
                    if with_kind {
                        <span class="object-kind">{ key.kind.kind.as_str() }</span>
                    }
                    <span class="object-name">{ cut(key.name.as_str(), NAME_CHARS) }</span>
                    if let Some(icon) = icon {
                        <span class="object-standing" title={words}>{ icon.html() }<span class="unseen">{ words }</span></span>
                    }
                </button>
            </li>
        }
    };
    html! {
        <>
            <ul class="rows">{ for rows.iter().take(MOST).map(row) }</ul>
            if rows.len() > MOST {
                <p class="hint">{ page.language.page().shown_of(MOST, rows.len()) }</p>
            }
        </>
    }
}
