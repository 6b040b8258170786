//! How a person moves over the drawing: wheel, keys, mice, pens and fingers.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::browser;
use super::shared::Page;
use super::stage::{Change, Stage};
use crate::paint::Hit;
use crate::scene::Scene;
use crate::state::Action;
use crate::subject::Subject;
use crate::url::Scope;

/// Where in the drawing something happens.
fn place(element: &Element, (x, y): (i32, i32)) -> (f64, f64) {
    let rect = element.get_bounding_client_rect();
    (f64::from(x) - rect.left(), f64::from(y) - rect.top())
}

/// The wheel moves; with Ctrl, as a pinch on a touchpad has it, it enlarges.
#[hook]
pub(super) fn use_wheel(surface: &NodeRef, stage: &Stage) {
    let (surface, stage) = (surface.clone(), stage.clone());
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = surface.cast::<Element>().map(|element| {
            let surface = element.clone();
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                let Some(event) = event.dyn_ref::<web_sys::WheelEvent>() else {
                    return;
                };
                event.prevent_default();
                let unit = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
                let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
                if event.ctrl_key() || event.meta_key() {
                    let at = place(&surface, (event.client_x(), event.client_y()));
                    stage.change(Change::Zoom((-dy * 0.006).exp().clamp(0.5, 2.0), at));
                } else {
                    stage.change(Change::Shift(-dx, -dy));
                }
            })
        });
        move || drop(listener)
    });
}

/// Keys for the drawing.
#[hook]
pub(super) fn use_keys(page: &Page, stage: &Stage, selected: Option<Subject>) {
    let (page, stage) = (page.clone(), stage.clone());
    use_effect_with(selected, move |&selected| {
        const FAR: f64 = 60.0;
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
                return;
            };
            let with = event.ctrl_key() || event.meta_key() || event.alt_key();
            if with || event.default_prevented() || browser::takes_keys(event.target()) {
                return;
            }
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let on_surface = target.is_some_and(|target| target.id() == "surface");
            let (width, height) = stage.size();
            let centre = (width / 2.0, height / 2.0);
            match event.key().as_str() {
                "+" | "=" => stage.change(Change::Zoom(1.25, centre)),
                "-" => stage.change(Change::Zoom(0.8, centre)),
                "0" => stage.change(Change::Fit),
                "k" => page.tell.emit(Action::Scope(Scope::Knot)),
                "a" => page.tell.emit(Action::Scope(Scope::All)),
                "o" => page.tell.emit(Action::Scope(Scope::Nodes)),
                "n" | "p" => {
                    let next = neighbour(&stage.scene(), selected, event.key() == "n");
                    page.tell.emit(Action::Select(next));
                }
                "ArrowLeft" if on_surface => stage.change(Change::Shift(FAR, 0.0)),
                "ArrowRight" if on_surface => stage.change(Change::Shift(-FAR, 0.0)),
                "ArrowUp" if on_surface => stage.change(Change::Shift(0.0, FAR)),
                "ArrowDown" if on_surface => stage.change(Change::Shift(0.0, -FAR)),
                "Enter" if on_surface => {
                    let first = stage.scene().blocks.first().map(|block| block.subject);
                    page.tell.emit(Action::Select(selected.or(first)));
                    browser::focus("inspector");
                }
                _ => return,
            }
            event.prevent_default();
        });
        move || drop(listener)
    });
}

/// The next box, or the one before.
fn neighbour(scene: &Scene, selected: Option<Subject>, forward: bool) -> Option<Subject> {
    let count = scene.blocks.len();
    let at = selected.and_then(|subject| scene.place(subject));
    let next = match (at, forward) {
        (None, true) => 0,
        (None, false) => count.checked_sub(1)?,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    scene.blocks.get(next).map(|block| block.subject)
}

/// What comes of a click, or of Enter: a stack opens, anything else is selected.
pub(super) fn meant(scene: &Scene, hit: Option<Hit>) -> Action {
    match hit {
        Some(Hit::Block(block)) => match &scene.blocks[block] {
            block if block.count() > 1 => Action::Unstack(block.id),
            block => Action::Select(Some(block.subject)),
        },
        Some(Hit::Container(container)) => Action::Select(scene.containers[container].subject),
        // What waits at an arrow's beginning says why.
        Some(Hit::Line(line)) => Action::Select(Some(scene.blocks[scene.lines[line].from].subject)),
        None => Action::Select(None),
    }
}

/// A pointer that is down.
#[derive(Debug, Clone, Copy)]
struct Finger {
    id: i32,
    at: (f64, f64),
}

/// What fingers, pens and mice do.
#[derive(Debug, Default)]
struct Touch {
    fingers: Vec<Finger>,
    /// How far the first one went: a click goes nowhere.
    gone: f64,
}

pub(super) struct Drag {
    pub(super) down: Callback<PointerEvent>,
    pub(super) go: Callback<PointerEvent>,
    pub(super) up: Callback<PointerEvent>,
    pub(super) leave: Callback<PointerEvent>,
}

/// One pointer moves the drawing, two enlarge it, and one that goes nowhere selects. `told` says in words what is under it.
#[hook]
pub(super) fn use_drag(page: &Page, surface: &NodeRef, stage: &Stage) -> Drag {
    const CLICK: f64 = 4.0;
    let touch = use_mut_ref(Touch::default);
    let surface = surface.clone();
    let at = {
        let surface = surface.clone();
        move |event: &PointerEvent| {
            let element = surface.cast::<Element>();
            element.map_or((0.0, 0.0), |element| place(&element, (event.client_x(), event.client_y())))
        }
    };
    let down = {
        let (touch, at) = (touch.clone(), at.clone());
        use_callback((), move |event: PointerEvent, ()| {
            if event.button() > 1 {
                return;
            }
            let mut touch = touch.borrow_mut();
            if touch.fingers.is_empty() {
                touch.gone = 0.0;
            }
            touch.fingers.push(Finger { id: event.pointer_id(), at: at(&event) });
        })
    };
    let go = {
        let (touch, stage, at, surface, page) =
            (touch.clone(), stage.clone(), at.clone(), surface.clone(), page.clone());
        use_callback((), move |event: PointerEvent, ()| {
            let mut touch = touch.borrow_mut();
            let now = at(&event);
            let others: Vec<Finger> =
                touch.fingers.iter().copied().filter(|finger| finger.id != event.pointer_id()).collect();
            let known = touch.fingers.iter_mut().find(|finger| finger.id == event.pointer_id());
            let Some(finger) = known else {
                if let Some(hit) = stage.hover(Some(now)) {
                    tell(&surface, &page, &stage.scene(), hit);
                }
                return;
            };
            let was = std::mem::replace(&mut finger.at, now);
            let (dx, dy) = (now.0 - was.0, now.1 - was.1);
            let before = touch.gone;
            touch.gone += dx.abs() + dy.abs();
            match others.first() {
                Some(other) => {
                    let far = |point: (f64, f64)| (point.0 - other.at.0).hypot(point.1 - other.at.1).max(1.0);
                    let middle = ((now.0 + other.at.0) / 2.0, (now.1 + other.at.1) / 2.0);
                    stage.change(Change::Zoom(far(now) / far(was), middle));
                    stage.change(Change::Shift(dx / 2.0, dy / 2.0));
                }
                None if touch.gone > CLICK => {
                    if before <= CLICK {
                        // From here on its moves come to the surface, wherever it goes. One that is gone again cannot be
                        // captured, and need not be.
                        let _ =
                            surface.cast::<Element>().map(|surface| surface.set_pointer_capture(event.pointer_id()));
                    }
                    stage.change(Change::Shift(dx, dy));
                }
                None => {}
            }
        })
    };
    let up = {
        let (page, stage) = (page.clone(), stage.clone());
        use_callback((), move |event: PointerEvent, ()| {
            let mut touch = touch.borrow_mut();
            let alone = touch.fingers.len() == 1;
            touch.fingers.retain(|finger| finger.id != event.pointer_id());
            if event.type_() == "pointerup" && alone && touch.gone <= CLICK {
                page.tell.emit(meant(&stage.scene(), stage.hit(at(&event))));
            }
        })
    };
    let leave = {
        let stage = stage.clone();
        use_callback((), move |_: PointerEvent, ()| {
            stage.hover(None);
        })
    };
    Drag { down, go, up, leave }
}

/// Says in words what the pointer is on, and shows that it can be clicked.
fn tell(surface: &NodeRef, page: &Page, scene: &Scene, hit: Option<Hit>) {
    let Some(element) = surface.cast::<Element>() else {
        return;
    };
    let language = page.language;
    let words = match hit {
        Some(Hit::Block(block)) => language.page().block_label(scene, &scene.blocks[block]),
        Some(Hit::Line(line)) => language.page().line_label(scene, &scene.lines[line]),
        Some(Hit::Container(_)) | None => String::new(),
    };
    // An attribute with a fixed name is never refused.
    let _ = element.set_attribute("title", &words);
    let _ = element.class_list().toggle_with_force("over-something", hit.is_some());
}
