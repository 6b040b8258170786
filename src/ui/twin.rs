//! The drawing for those who do not see it, or who walk through it with the keyboard: its boxes as a tree, each with its arrows
//! in words. Each item lies, unseen, where its box is drawn, so that it is found there by touch as well. Its words are a label: as a text
//! they would be laid out and painted, for nobody.

use std::cell::Cell;
use std::rc::Rc;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::gestures::meant;
use super::shared::{Shared, use_page};
use super::stage::{Stage, TOLD};
use crate::messages::{Language, Text};
use crate::paint::Hit;
use crate::scene::{Line, Mark, Rect, Scene};
use crate::subject::Subject;

#[derive(Properties, PartialEq)]
pub(super) struct TwinProps {
    pub(super) scene: Shared<Scene>,
    pub(super) stage: Stage,
    pub(super) selected: Option<Subject>,
    /// Which boxes are in view, of a scene that is too large to tell them all.
    pub(super) told: Rc<Vec<usize>>,
    pub(super) node: NodeRef,
}

/// Where the keyboard is: on a box, by its identity, or on one of its arrows.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spot {
    block: u64,
    arrow: Option<usize>,
}

/// The arrows of a box: those that it begins, then those that end at it.
fn arrows(scene: &Scene, block: usize) -> Vec<usize> {
    let all = || scene.lines.iter().enumerate();
    let from = all().filter(|(_, line)| line.from == block && line.to != block);
    let to = all().filter(|(_, line)| line.to == block);
    from.chain(to).map(|(index, _)| index).collect()
}

#[component]
pub(super) fn Twin(props: &TwinProps) -> Html {
    let page = use_page();
    let (scene, language) = (&props.scene, page.language);
    let kept = use_state(|| None::<Spot>);
    let at = kept.and_then(|spot| scene.blocks.iter().position(|block| block.id == spot.block));
    // A step may have taken the arrow that the keyboard was on.
    let spot = kept
        .zip(at)
        .map(|(spot, at)| Spot { arrow: spot.arrow.filter(|arrow| *arrow < arrows(scene, at).len()), ..spot });
    let mut items: Vec<usize> = match scene.blocks.len() <= TOLD {
        true => (0..scene.blocks.len()).collect(),
        false => props.told.iter().copied().filter(|&block| block < scene.blocks.len()).collect(),
    };
    if let Some(at) = at.filter(|at| !items.contains(at)) {
        items.push(at);
    }
    let called = use_memo((), |()| Cell::new(false));
    let current = at.or_else(|| items.first().copied());
    let open = spot.filter(|spot| spot.arrow.is_some()).and(at);
    {
        // The items lie where the boxes are.
        let (node, scene, items) = (props.node.clone(), scene.clone(), items.clone());
        use_effect_with((scene, items), move |(scene, items)| {
            for &block in items {
                let element = document().get_element_by_id(&id(block, None));
                let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
                if let (Some(element), Some(_)) = (element, node.get()) {
                    let rect = scene.blocks[block].rect;
                    let Rect { x, y, width, height } = rect;
                    element
                        .style()
                        .set_css_text(&format!("left:{x:.1}px;top:{y:.1}px;width:{width:.1}px;height:{height:.1}px"));
                }
            }
        });
    }
    {
        // The keyboard goes with the spot.
        let called = Rc::clone(&called);
        use_effect_with(at.zip(spot).map(|(at, spot)| id(at, spot.arrow)), move |to| {
            // A key calls it; what else happens in the page does not.
            if !called.replace(false) {
                return;
            }
            let element = to.as_ref().and_then(|to| document().get_element_by_id(to));
            if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                // An element that cannot take the keyboard does not.
                let _ = element.focus_with_options(&options);
            }
        });
    }
    let onkeydown = {
        let (kept, called, scene, page, items) =
            (kept.clone(), Rc::clone(&called), scene.clone(), page.clone(), items.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(block) = current.filter(|_| !event.ctrl_key() && !event.meta_key() && !event.alt_key()) else {
                return;
            };
            let lines = arrows(&scene, block);
            let arrow = spot.and_then(|spot| spot.arrow);
            let go = |block: usize, arrow: Option<usize>| {
                let next = Some(Spot { block: scene.blocks[block].id, arrow });
                called.set(next != spot);
                kept.set(next);
            };
            let place = items.iter().position(|item| *item == block).unwrap_or_default();
            let step = |to: usize| go(items[to.min(items.len() - 1)], None);
            let other = |arrow: usize| {
                let line: &Line = &scene.lines[lines[arrow]];
                go(if line.from == block { line.to } else { line.from }, None);
            };
            match (event.key().as_str(), arrow) {
                ("ArrowDown", None) => step(place + 1),
                ("ArrowUp", None) => step(place.saturating_sub(1)),
                ("Home", _) => step(0),
                ("End", _) => step(usize::MAX),
                ("ArrowRight", None) if !lines.is_empty() => go(block, Some(0)),
                ("ArrowDown", Some(arrow)) => go(block, Some((arrow + 1).min(lines.len() - 1))),
                ("ArrowUp", Some(arrow)) => go(block, Some(arrow.saturating_sub(1))),
                ("ArrowLeft", Some(_)) => go(block, None),
                ("ArrowRight" | "Enter", Some(arrow)) => other(arrow),
                ("Enter", None) => page.tell.emit(meant(&scene, Some(Hit::Block(block)))),
                ("ArrowLeft" | "ArrowRight", None) => {}
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onfocusin = {
        let (stage, scene, kept) = (props.stage.clone(), scene.clone(), kept.clone());
        Callback::from(move |event: FocusEvent| {
            let element = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let block = element.as_ref().and_then(|element| element.dataset().get("block"));
            let block = block.and_then(|block| block.parse::<usize>().ok()).filter(|block| *block < scene.blocks.len());
            // Who clicks sees what was clicked.
            let by_key = element.is_some_and(|element| element.matches(":focus-visible").unwrap_or_default());
            stage.focus(block.filter(|_| by_key));
            if let Some(block) = block.filter(|_| spot.and_then(|spot| spot.arrow).is_none()) {
                kept.set(Some(Spot { block: scene.blocks[block].id, arrow: None }));
            }
        })
    };
    let onfocusout = {
        let stage = props.stage.clone();
        Callback::from(move |_: FocusEvent| stage.focus(None))
    };
    let selected = props.selected.and_then(|subject| scene.place(subject));
    let count = items.len();
    let item = |(place, &index): (usize, &usize)| {
        let block = &scene.blocks[index];
        let lines = if open == Some(index) { arrows(scene, index) } else { Vec::new() };
        let on =
            |arrow: Option<usize>| (current == Some(index) && spot.and_then(|spot| spot.arrow) == arrow).then_some("0");
        let arrow = |(place, &line): (usize, &usize)| {
            html! {
                <div key={place} id={id(index, Some(place))} role="treeitem" aria-level="2" tabindex={on(Some(place)).unwrap_or("-1")}
                    data-block={index.to_string()} data-testid="twin-arrow">{ language.page().line_label(scene, &scene.lines[line]) }</div>
            }
        };
        html! {
            <div key={block.id.to_string()} id={id(index, None)} class="twin-box" role="treeitem" aria-level="1"
                tabindex={on(None).unwrap_or("-1")} aria-setsize={count.to_string()} aria-posinset={(place + 1).to_string()}
                aria-selected={(selected == Some(index)).to_string()} aria-expanded={(open == Some(index)).to_string()}
                aria-label={language.page().block_label(scene, block)} data-block={index.to_string()} data-testid={format!("node-{}", block.code)}>
                if block.changed { <span data-testid="box-changed" /> }
                if block.noted { <span data-testid="box-noted" /> }
                if !lines.is_empty() {
                    <div role="group">{ for lines.iter().enumerate().map(arrow) }</div>
                }
            </div>
        }
    };
    let label = match count < scene.blocks.len() {
        true => language.page().shown_of(count, scene.blocks.len()),
        false => language.text(Text::Boxes).to_owned(),
    };
    html! {
        <>
            <div ref={props.node.clone()} class="twin" role="tree" aria-label={label} {onkeydown} {onfocusin} {onfocusout} data-testid="twin">
                { for items.iter().enumerate().map(item) }
            </div>
            { reasons(scene, language) }
            { marks(scene, language) }
        </>
    }
}

fn id(block: usize, arrow: Option<usize>) -> String {
    match arrow {
        Some(arrow) => format!("twin-{block}-{arrow}"),
        None => format!("twin-{block}"),
    }
}

/// The open finding's waits, in its order.
fn reasons(scene: &Scene, language: Language) -> Html {
    if scene.reasons.is_empty() {
        return html! {};
    }
    html! {
        <ol class="unseen" aria-label={language.text(Text::LegendKnot)}>
            { for scene.reasons.iter().enumerate().map(|(index, reason)| html! {
                <li key={index} data-testid="cycle-arrow" data-from={reason.codes.0.clone()} data-to={reason.codes.1.clone()}
                    data-rule={reason.rule.0}>{ reason.sentence.replace('`', "") }</li>
            }) }
        </ol>
    }
}

/// The arrows that the last step made or ended.
fn marks(scene: &Scene, language: Language) -> Html {
    let marked: Vec<(Mark, &Line)> = scene.lines.iter().filter_map(|line| Some((line.mark?, line))).collect();
    if marked.is_empty() {
        return html! {};
    }
    html! {
        <ul class="unseen" aria-label={language.text(Text::LegendChanged)}>
            { for marked.into_iter().enumerate().map(|(index, (mark, line))| html! {
                <li key={index} data-testid={match mark { Mark::Came => "arrow-came", Mark::Over => "arrow-over" }}>
                    { language.page().line_label(scene, line) }
                </li>
            }) }
        </ul>
    }
}
