//! The drawing surface: where the reader stands over the scene, and what is selected or pointed at in it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gordian_layout::Rect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::browser;
use super::controls::IconButton;
use super::icon::Icon;
use super::layer::Layer;
use super::shared::{Page, Shared, use_page};
use crate::messages::Text;
use crate::scene::{Mark, Meaning, Scene};
use crate::state::Action;
use crate::subject::Subject;
use crate::url::Scope;

/// Where the reader stands: how the scene is moved and enlarged.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Camera {
    x: f64,
    y: f64,
    scale: f64,
}

const NEAREST: f64 = 2.5;
const FARTHEST: f64 = 0.08;
/// Boxes that are smaller than this cannot be read: then the knot is shown, and not the whole.
const READABLE: f64 = 0.62;
const MARGIN: f64 = 20.0;
/// Room for the buttons at the top, and how far they reach in.
const BUTTONS: f64 = 46.0;
const LEFT_BUTTONS: f64 = 250.0;
const RIGHT_BUTTONS: f64 = 120.0;
/// Room for the legend.
const FOOT: f64 = 34.0;

impl Camera {
    /// A camera that shows a part of the scene whole.
    fn on(part: Rect, size: (f64, f64), top: f64) -> Self {
        let (width, height) = size;
        let (w, h) = (f64::from(part.width).max(1.0), f64::from(part.height).max(1.0));
        let (room_x, room_y) = ((width - 2.0 * MARGIN).max(1.0), (height - top - MARGIN - FOOT).max(1.0));
        let scale = (room_x / w).min(room_y / h).clamp(FARTHEST, 1.15);
        Self {
            x: width / 2.0 - (f64::from(part.x) + w / 2.0) * scale,
            y: top + room_y / 2.0 - (f64::from(part.y) + h / 2.0) * scale,
            scale,
        }
    }

    /// A camera on the whole scene; where that would be too small to read, on its knot; and where that is too small as well,
    /// on the one box that matters most. Whoever asked for the whole cluster gets it, and so does who has neither a knot nor a choice.
    fn fit(scene: &Scene, scope: Scope, selected: Option<Subject>, size: (f64, f64)) -> Self {
        let whole = Rect { x: 0.0, y: 0.0, width: scene.size.0, height: scene.size.1 };
        let camera = Self::clear(scene, whole, size);
        if camera.scale >= READABLE || scope == Scope::All {
            return camera;
        }
        let near = around(scene).map(|knot| Self::clear(scene, knot, size));
        if let Some(near) = near.filter(|near| near.scale >= READABLE) {
            return near;
        }
        let mut blocks = scene.blocks.iter();
        let block = selected
            .and_then(|subject| scene.blocks.iter().find(|b| b.subjects.contains(&subject)))
            .or_else(|| blocks.find(|block| block.knot));
        match block {
            Some(block) => {
                let rect = block.rect;
                let centre = |at: f32, length: f32| f64::from(at + length / 2.0) * READABLE;
                Self {
                    x: size.0 / 2.0 - centre(rect.x, rect.width),
                    y: (size.1 - FOOT) / 2.0 - centre(rect.y, rect.height),
                    scale: READABLE,
                }
            }
            None => camera,
        }
    }

    /// A camera on a part, so that no box hides behind the buttons.
    fn clear(scene: &Scene, part: Rect, size: (f64, f64)) -> Self {
        let camera = Self::on(part, size, MARGIN);
        let hides = |rect: Rect| {
            let at = |value: f32, shift: f64| f64::from(value) * camera.scale + shift;
            let (left, right) = (at(rect.x, camera.x), at(rect.x + rect.width, camera.x));
            let below = at(rect.y, camera.y) > BUTTONS || right < 0.0 || left > size.0;
            !below && (left < LEFT_BUTTONS || right > size.0 - RIGHT_BUTTONS)
        };
        match scene.blocks.iter().any(|block| hides(block.rect)) {
            true => Self::on(part, size, BUTTONS + 4.0),
            false => camera,
        }
    }

    fn zoom(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let scale = (self.scale * factor).clamp(FARTHEST, NEAREST);
        let by = scale / self.scale;
        Self { x: x - (x - self.x) * by, y: y - (y - self.y) * by, scale }
    }

    /// How far to move so that a box that is out of sight stands in the middle; `None` when it is in sight.
    fn away(self, rect: Rect, (width, height): (f64, f64)) -> Option<(f64, f64)> {
        let x = self.x + f64::from(rect.x + rect.width / 2.0) * self.scale;
        let y = self.y + f64::from(rect.y + rect.height / 2.0) * self.scale;
        let seen = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        (!seen && width > 0.0).then_some((width / 2.0 - x, height / 2.0 - y))
    }

    fn shift(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }
}

/// The rectangle around the knot.
fn around(scene: &Scene) -> Option<Rect> {
    let knots = scene.blocks.iter().filter(|block| block.knot);
    knots.map(|block| block.rect).reduce(|one, other| {
        let (x, y) = (one.x.min(other.x), one.y.min(other.y));
        Rect {
            x,
            y,
            width: (one.x + one.width).max(other.x + other.width) - x,
            height: (one.y + one.height).max(other.y + other.height) - y,
        }
    })
}

#[derive(Properties, PartialEq)]
pub(crate) struct DrawingProps {
    pub(crate) scene: Shared<Scene>,
    pub(crate) selected: Option<Subject>,
    pub(crate) pointed: Option<(Subject, Subject)>,
    pub(crate) scope: Scope,
    /// Whether a finding is open; otherwise what the run changes is drawn.
    pub(crate) of_finding: bool,
    /// What is drawn: when it changes the reader is taken to it.
    pub(crate) about: AttrValue,
}

#[component]
pub(crate) fn Drawing(props: &DrawingProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let scene = &props.scene;
    let svg = use_node_ref();
    let size = use_state(|| (0.0, 0.0));
    // Until the reader moves, the drawing is fitted.
    let moved = use_state(|| None::<Camera>);
    let camera = moved.unwrap_or_else(|| Camera::fit(scene, props.scope, props.selected, *size));

    {
        let moved = moved.clone();
        use_effect_with((props.about.clone(), props.scope), move |_| moved.set(None));
    }
    use_size(&svg, &size);

    // Listeners outlive the rendering that made them; what they need of the present is kept here.
    let present = use_mut_ref(|| (camera, Shared::clone(scene)));
    *present.borrow_mut() = (camera, scene.clone());

    let by = {
        let (moved, present) = (moved.clone(), present.clone());
        use_callback((), move |change: Change, ()| {
            let camera = present.borrow().0;
            let next = match change {
                Change::Shift(dx, dy) => Some(camera.shift(dx, dy)),
                Change::Zoom(factor, at) => Some(camera.zoom(factor, at)),
                Change::Fit => None,
            };
            if let Some(next) = next {
                present.borrow_mut().0 = next;
            }
            moved.set(next);
        })
    };
    {
        // What is selected elsewhere comes into view.
        let (by, present, size) = (by.clone(), present.clone(), *size);
        use_effect_with(props.selected, move |selected| {
            let (camera, scene) = present.borrow().clone();
            let found = selected.and_then(|subject| {
                let mut blocks = scene.blocks.iter();
                blocks.find(|block| block.subjects.contains(&subject))
            });
            if let Some((dx, dy)) = found.and_then(|block| camera.away(block.rect, size)) {
                by.emit(Change::Shift(dx, dy));
            }
        });
    }
    let centre = (size.0 / 2.0, size.1 / 2.0);
    use_wheel(&svg, &by);
    use_keys(&page, &by, &svg, &present, props.selected, *size);
    let drag = use_drag(&page, &by, &present);

    let zoom = |factor: f64| {
        let by = by.clone();
        Callback::from(move |_: MouseEvent| by.emit(Change::Zoom(factor, centre)))
    };
    let fit = {
        let by = by.clone();
        Callback::from(move |_: MouseEvent| by.emit(Change::Fit))
    };
    let scope = |scope: Scope, words: Text, hint: Text, id: &'static str| {
        html! {
            <button type="button" class="segment" aria-pressed={(props.scope == scope).to_string()} title={text(hint)}
                onclick={page.on(Action::Scope(scope))} data-testid={id}>{ text(words) }</button>
        }
    };
    let transform = format!("translate({:.2} {:.2}) scale({:.4})", camera.x, camera.y, camera.scale);
    let summary = page.language.page().drawing(scene.blocks.len(), scene.lines.len());
    html! {
        <>
            <div class="stage" data-testid="drawing">
            <svg ref={svg} id="surface" class={classes!("surface", (camera.scale < 0.45).then_some("far"))} role="application" tabindex="0"
                aria-label={summary} aria-describedby="drawing-help"
                onpointerdown={drag.down} onpointermove={drag.go} onpointerup={drag.up.clone()} onpointercancel={drag.up}>
                <g {transform} data-testid="camera">
                    <Layer scene={scene.clone()} />
                    { over(scene, props.selected, props.pointed) }
                </g>
            </svg>
            </div>
            <p id="drawing-help" class="unseen">{ text(Text::DrawingHelp) }</p>
            <div class="over-left" role="group" aria-label={text(Text::Drawing)}>
                if props.of_finding {
                    { scope(Scope::Knot, Text::Knot, Text::KnotHint, "scope-knot") }
                } else {
                    { scope(Scope::Knot, Text::Moving, Text::MovingHint, "scope-knot") }
                }
                { scope(Scope::All, Text::All, Text::AllHint, "scope-all") }
            </div>
            <div class="over-right">
                <IconButton icon={Icon::Created} label={text(Text::ZoomIn)} onclick={zoom(1.25)} />
                <button type="button" class="icon-button" aria-label={text(Text::ZoomOut)} title={text(Text::ZoomOut)} onclick={zoom(0.8)}>{ "−" }</button>
                <button type="button" class="icon-button wide" onclick={fit} data-testid="fit">{ text(Text::Fit) }</button>
            </div>
            { legend(&page, scene) }
            if scene.left_out > 0 {
                <p class="left-out" role="status">{ page.language.page().left_out(scene.left_out) }</p>
            }
        </>
    }
}

/// What is selected and pointed at, over the scene: the scene itself is not drawn anew for it.
fn over(scene: &Scene, selected: Option<Subject>, pointed: Option<(Subject, Subject)>) -> Html {
    let place = |subject: Subject| {
        let mut blocks = scene.blocks.iter();
        blocks.position(|block| block.subjects.contains(&subject))
    };
    let frame = |class: &'static str, index: usize| {
        let rect = scene.blocks[index].rect;
        let n = |value: f32| format!("{value:.1}");
        html! {
            <rect key={format!("{class} {index}")} {class} x={n(rect.x - 4.0)} y={n(rect.y - 4.0)} width={n(rect.width + 8.0)} height={n(rect.height + 8.0)} rx="10" />
        }
    };
    let selected = selected.and_then(place).map(|index| frame("selected", index));
    let pointed = pointed.map(|(from, to)| {
        let (from, to) = (place(from), place(to));
        let line = scene.lines.iter().find(|line| {
            let owns = matches!(line.meaning, Meaning::Owns { .. });
            !owns && (Some(line.from), Some(line.to)) == (from, to)
        });
        let ends: Html = match from == to {
            true => from.map(|index| frame("pointed", index)).into_iter().collect(),
            false => [from, to].into_iter().flatten().map(|index| frame("pointed", index)).collect(),
        };
        html! {
            <g key="pointed">
                if let Some(line) = line {
                    <path class="pointed-way" d={line.path.clone()} />
                }
                { ends }
            </g>
        }
    });
    html! {
        <g class="over">
            { selected.unwrap_or_default() }
            { pointed.unwrap_or_default() }
        </g>
    }
}

fn legend(page: &Page, scene: &Scene) -> Html {
    let text = |text| page.language.text(text);
    let item = |class: &'static str, words: Text| {
        html! {
            <li key={class}>
                <svg class={classes!("sign", class)} viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">
                    <path class="way" d="M1 5H20" /><path class="head" d="M27 5L19 1.5V8.5Z" />
                </svg>
                <span>{ text(words) }</span>
            </li>
        }
    };
    let marked = |mark: Mark| scene.lines.iter().any(|line| line.mark.is_some_and(|(is, ..)| is == mark));
    let sign = |path: &'static str, words: Text| {
        html! {
            <li key={path}>
                <svg class="sign changed" viewBox="-9 -9 18 18" width="14" height="14" aria-hidden="true"><circle r="8" /><path d={path} /></svg>
                <span>{ text(words) }</span>
            </li>
        }
    };
    html! {
        <ul class="legend" aria-label={text(Text::Legend)}>
            { item("knot", Text::LegendKnot) }
            { item("waits", Text::LegendWaits) }
            { item("owns", Text::LegendOwns) }
            if scene.blocks.iter().any(|block| block.changed) {
                { sign("M0 -3.5L3.5 3H-3.5Z", Text::LegendChanged) }
            }
            if marked(Mark::Came) {
                { sign("M-3 0H3M0 -3V3", Text::LegendCame) }
            }
            if marked(Mark::Over) {
                { sign("M-3 -3L3 3M3 -3L-3 3", Text::LegendOver) }
            }
            <li key="absent">
                <svg class="sign absent" viewBox="0 0 28 10" width="28" height="10" aria-hidden="true"><rect x="3" y="1" width="20" height="8" rx="2" /></svg>
                <span>{ text(Text::LegendAbsent) }</span>
            </li>
        </ul>
    }
}

/// What is done to the camera.
#[derive(Debug, Clone, Copy)]
enum Change {
    Shift(f64, f64),
    Zoom(f64, (f64, f64)),
    Fit,
}

/// Keeps the size of the surface.
#[hook]
fn use_size(svg: &NodeRef, size: &UseStateHandle<(f64, f64)>) {
    let (svg, size) = (svg.clone(), size.clone());
    use_effect_with((), move |()| {
        let element = svg.cast::<Element>();
        let observed = element.clone();
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            if let Some(element) = &observed {
                let rect = element.get_bounding_client_rect();
                size.set((rect.width(), rect.height()));
            }
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(closure);
        }
    });
}

/// The wheel moves; with Ctrl, as a pinch on a touchpad has it, it enlarges.
#[hook]
fn use_wheel(svg: &NodeRef, by: &Callback<Change>) {
    let (svg, by) = (svg.clone(), by.clone());
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = svg.cast::<Element>().map(|element| {
            let surface = element.clone();
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                let Some(event) = event.dyn_ref::<web_sys::WheelEvent>() else {
                    return;
                };
                event.prevent_default();
                let unit = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
                let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
                if event.ctrl_key() || event.meta_key() {
                    let rect = surface.get_bounding_client_rect();
                    let at = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
                    by.emit(Change::Zoom((-dy * 0.006).exp().clamp(0.5, 2.0), at));
                } else {
                    by.emit(Change::Shift(-dx, -dy));
                }
            })
        });
        move || drop(listener)
    });
}

/// Keys for the drawing.
#[hook]
fn use_keys(
    page: &Page,
    by: &Callback<Change>,
    svg: &NodeRef,
    present: &Rc<RefCell<(Camera, Shared<Scene>)>>,
    selected: Option<Subject>,
    size: (f64, f64),
) {
    let (page, by, svg, present) = (page.clone(), by.clone(), svg.clone(), present.clone());
    use_effect_with((selected, size.0.to_bits(), size.1.to_bits()), move |_| {
        const FAR: f64 = 60.0;
        let window = gloo::utils::window();
        let listener = EventListener::new_with_options(
            &window,
            "keydown",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
                    return;
                };
                let with = event.ctrl_key() || event.meta_key() || event.alt_key();
                if with || browser::takes_keys(event.target()) {
                    return;
                }
                let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
                let on_surface = target.is_some() && target == svg.cast::<Element>();
                let centre = (size.0 / 2.0, size.1 / 2.0);
                match event.key().as_str() {
                    "+" | "=" => by.emit(Change::Zoom(1.25, centre)),
                    "-" => by.emit(Change::Zoom(0.8, centre)),
                    "0" => by.emit(Change::Fit),
                    "k" => page.tell.emit(Action::Scope(Scope::Knot)),
                    "a" => page.tell.emit(Action::Scope(Scope::All)),
                    "n" | "p" => {
                        let next = neighbour(&present.borrow().1, selected, event.key() == "n");
                        page.tell.emit(Action::Select(next));
                    }
                    "ArrowLeft" if on_surface => by.emit(Change::Shift(FAR, 0.0)),
                    "ArrowRight" if on_surface => by.emit(Change::Shift(-FAR, 0.0)),
                    "ArrowUp" if on_surface => by.emit(Change::Shift(0.0, FAR)),
                    "ArrowDown" if on_surface => by.emit(Change::Shift(0.0, -FAR)),
                    "Enter" if on_surface => {
                        let first = present.borrow().1.blocks.first().map(|block| block.subject);
                        page.tell.emit(Action::Select(selected.or(first)));
                        browser::focus("inspector");
                    }
                    _ => return,
                }
                event.prevent_default();
            },
        );
        move || drop(listener)
    });
}

/// The next box, or the one before.
fn neighbour(scene: &Scene, selected: Option<Subject>, forward: bool) -> Option<Subject> {
    let count = scene.blocks.len();
    let at = selected.and_then(|subject| {
        let mut blocks = scene.blocks.iter();
        blocks.position(|block| block.subjects.contains(&subject))
    });
    let next = match (at, forward) {
        (None, true) => 0,
        (None, false) => count.checked_sub(1)?,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    scene.blocks.get(next).map(|block| block.subject)
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

struct Drag {
    down: Callback<PointerEvent>,
    go: Callback<PointerEvent>,
    up: Callback<PointerEvent>,
}

/// One pointer moves the drawing, two enlarge it, and one that goes nowhere selects.
#[hook]
fn use_drag(page: &Page, by: &Callback<Change>, present: &Rc<RefCell<(Camera, Shared<Scene>)>>) -> Drag {
    const CLICK: f64 = 4.0;
    let touch = use_mut_ref(Touch::default);
    let at = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let down = {
        let touch = touch.clone();
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
        let (touch, by) = (touch.clone(), by.clone());
        use_callback((), move |event: PointerEvent, ()| {
            let mut touch = touch.borrow_mut();
            let now = at(&event);
            let others: Vec<Finger> =
                touch.fingers.iter().copied().filter(|finger| finger.id != event.pointer_id()).collect();
            let known = touch.fingers.iter_mut().find(|finger| finger.id == event.pointer_id());
            let Some(finger) = known else {
                return;
            };
            let was = std::mem::replace(&mut finger.at, now);
            let (dx, dy) = (now.0 - was.0, now.1 - was.1);
            let before = touch.gone;
            touch.gone += dx.abs() + dy.abs();
            match others.first() {
                Some(other) => {
                    let far = |point: (f64, f64)| (point.0 - other.at.0).hypot(point.1 - other.at.1).max(1.0);
                    let surface = event.current_target();
                    let surface = surface.and_then(|t| t.dyn_into::<Element>().ok());
                    let rect = surface.map(|surface| surface.get_bounding_client_rect());
                    let (left, top) = rect.map_or((0.0, 0.0), |rect| (rect.left(), rect.top()));
                    let middle = ((now.0 + other.at.0) / 2.0 - left, (now.1 + other.at.1) / 2.0 - top);
                    by.emit(Change::Zoom(far(now) / far(was), middle));
                    by.emit(Change::Shift(dx / 2.0, dy / 2.0));
                }
                None if touch.gone > CLICK => {
                    if before <= CLICK {
                        capture(&event);
                    }
                    by.emit(Change::Shift(dx, dy));
                }
                None => {}
            }
        })
    };
    let up = {
        let (page, present) = (page.clone(), present.clone());
        use_callback((), move |event: PointerEvent, ()| {
            let mut touch = touch.borrow_mut();
            let alone = touch.fingers.len() == 1;
            touch.fingers.retain(|finger| finger.id != event.pointer_id());
            if event.type_() != "pointerup" || !alone || touch.gone > CLICK {
                return;
            }
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let block = target.and_then(|target| target.closest("[data-block]").ok().flatten());
            let index = block.and_then(|block| block.get_attribute("data-block"));
            let index = index.and_then(|index| index.parse::<usize>().ok());
            let scene = present.borrow().1.clone();
            let action = match index.and_then(|index| scene.blocks.get(index)) {
                Some(block) if block.subjects.len() > 1 => Action::Unstack(block.id),
                Some(block) => Action::Select(Some(block.subject)),
                None => Action::Select(None),
            };
            page.tell.emit(action);
        })
    };
    Drag { down, go, up }
}

/// From here on the pointer's moves come to the surface, wherever it goes.
fn capture(event: &PointerEvent) {
    let surface = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let surface = surface.and_then(|target| target.closest("svg").ok().flatten());
    if let Some(surface) = surface {
        // A pointer that is gone again cannot be captured, and need not be.
        let _ = surface.set_pointer_capture(event.pointer_id());
    }
}
