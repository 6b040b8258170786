//! The drawing: two canvases, their twin in words, and the buttons over them.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::{document_element, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Element, MutationObserver, MutationObserverInit, ResizeObserver};
use yew::prelude::*;

use super::browser;
use super::controls::IconButton;
use super::gestures::{use_drag, use_keys, use_wheel};
use super::icon::Icon;
use super::legend::Legend;
use super::shared::{Shared, use_page};
use super::stage::{Change, Ears, Shown, Stage};
use super::twin::Twin;
use crate::messages::Text;
use crate::scene::Scene;
use crate::state::Action;
use crate::subject::Subject;
use crate::url::{Camera, Scope};

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
    /// Hears whether a scene is still to be painted, or on its way to its places.
    pub(crate) onbusy: Callback<bool>,
    /// Where an address led the camera; the number is another one each time.
    pub(crate) goal: Option<(u32, Camera)>,
    /// Hears where the reader moved the camera, once it rests; `None` while the drawing is fitted.
    pub(crate) oncamera: Callback<Option<Camera>>,
}

#[component]
pub(crate) fn Drawing(props: &DrawingProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let scene = &props.scene;
    let (surface, canvas, over, twin) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let told = use_state(Rc::<Vec<usize>>::default);
    let shown =
        Shown { scene: scene.clone(), scope: props.scope, about: props.about.to_string(), language: page.language };
    let stage = {
        let view = told.setter();
        let ears = Ears {
            busy: props.onbusy.clone(),
            view: Callback::from(move |seen| view.set(seen)),
            camera: props.oncamera.clone(),
        };
        let shown = shown.clone();
        use_memo((), move |()| Stage::new(shown, ears))
    };
    {
        let (stage, canvas, over, twin) = (stage.clone(), canvas.clone(), over.clone(), twin.clone());
        use_effect_with((), move |()| {
            if let (Some(canvas), Some(over), Some(twin)) = (canvas.cast(), over.cast(), twin.cast()) {
                stage.mount(canvas, over, twin);
            }
            move || stage.unmount()
        });
    }
    use_size(&surface, &stage);
    use_theme(&stage);
    {
        let stage = stage.clone();
        use_effect_with(shown, move |shown| stage.show(shown.clone()));
    }
    {
        let stage = stage.clone();
        use_effect_with(props.selected, move |selected| stage.select(*selected));
    }
    {
        let stage = stage.clone();
        use_effect_with(props.pointed, move |pointed| stage.point(*pointed));
    }
    {
        let stage = stage.clone();
        use_effect_with(props.goal, move |goal| goal.iter().for_each(|&(_, camera)| stage.change(Change::Go(camera))));
    }
    use_wheel(&surface, &stage);
    use_keys(&page, &stage, props.selected);
    let drag = use_drag(&page, &surface, &stage);

    let on = |change: fn((f64, f64)) -> Change| {
        let stage = stage.clone();
        Callback::from(move |_: MouseEvent| {
            let (width, height) = stage.size();
            stage.change(change((width / 2.0, height / 2.0)));
        })
    };
    let save = |save: fn(&Stage)| {
        let stage = stage.clone();
        Callback::from(move |_: MouseEvent| save(&stage))
    };
    let scope = |scope: Scope, words: Text, hint: Text, id: &'static str| {
        html! {
            <button type="button" class="segment" aria-pressed={(props.scope == scope).to_string()} title={text(hint)}
                onclick={page.on(Action::Scope(scope))} data-testid={id}>{ text(words) }</button>
        }
    };
    let summary = page.language.page().drawing(scene.blocks.len(), scene.lines.len());
    html! {
        <>
            <div ref={surface} class="stage" data-testid="drawing" onpointerdown={drag.down} onpointermove={drag.go}
                onpointerup={drag.up.clone()} onpointercancel={drag.up} onpointerleave={drag.leave}>
                <canvas ref={canvas} id="surface" class="surface" role="application" tabindex="0" aria-label={summary} aria-describedby="drawing-help" />
                <canvas ref={over} class="surface over" aria-hidden="true" />
                <Twin scene={scene.clone()} stage={Stage::clone(&stage)} selected={props.selected} told={Rc::clone(&told)} node={twin} />
            </div>
            <p id="drawing-help" class="unseen">{ text(Text::DrawingHelp) }</p>
            <div class="over-left" role="group" aria-label={text(Text::Drawing)}>
                if props.of_finding {
                    { scope(Scope::Knot, Text::Knot, Text::KnotHint, "scope-knot") }
                } else {
                    { scope(Scope::Knot, Text::Moving, Text::MovingHint, "scope-knot") }
                }
                { scope(Scope::All, Text::All, Text::AllHint, "scope-all") }
                if scene.has_nodes || props.scope == Scope::Nodes {
                    { scope(Scope::Nodes, Text::Nodes, Text::NodesHint, "scope-nodes") }
                }
            </div>
            <div class="over-right">
                <IconButton icon={Icon::Created} label={text(Text::ZoomIn)} onclick={on(|at| Change::Zoom(1.25, at))} />
                <button type="button" class="icon-button" aria-label={text(Text::ZoomOut)} title={text(Text::ZoomOut)} onclick={on(|at| Change::Zoom(0.8, at))}>{ "−" }</button>
                <button type="button" class="icon-button wide" onclick={on(|_| Change::Fit)} data-testid="fit">{ text(Text::Fit) }</button>
            </div>
            <div class="over-foot">
                <button type="button" class="icon-button wide" title={text(Text::SaveSvg)} aria-label={text(Text::SaveSvg)} onclick={save(save_svg)} data-testid="save-svg">{ "SVG" }</button>
                <button type="button" class="icon-button wide" title={text(Text::SavePng)} aria-label={text(Text::SavePng)} onclick={save(save_png)} data-testid="save-png">{ "PNG" }</button>
            </div>
            <Legend scene={scene.clone()} />
            if scene.left_out > 0 {
                <p class="left-out" role="status">{ page.language.page().left_out(scene.left_out) }</p>
            }
        </>
    }
}

fn save_svg(stage: &Stage) {
    browser::download("gordian.svg", &browser::blob(&stage.svg(), "image/svg+xml"));
}

fn save_png(stage: &Stage) {
    let Some(canvas) = stage.canvas() else {
        return;
    };
    let save = Closure::once_into_js(|blob: JsValue| browser::download("gordian.png", &blob.dyn_into::<Blob>().ok()));
    // A canvas on which nothing foreign was drawn is never refused.
    let _ = canvas.to_blob(save.unchecked_ref());
}

/// Keeps the size of the surface, and how sharp the screen is.
#[hook]
fn use_size(surface: &NodeRef, stage: &Rc<Stage>) {
    let (surface, stage) = (surface.clone(), stage.clone());
    use_effect_with((), move |()| {
        let element = surface.cast::<Element>();
        let observed = element.clone();
        let measure = Rc::new(move || {
            if let Some(element) = &observed {
                let rect = element.get_bounding_client_rect();
                stage.resize((rect.width(), rect.height()));
            }
        });
        let sized = Rc::clone(&measure);
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |_| sized());
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        let sharpness = Rc::new(RefCell::new(None));
        watch_sharpness(&sharpness, measure);
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            sharpness.borrow_mut().take();
            drop(closure);
        }
    });
}

/// A query can say only that the screen is no longer as sharp as it was: then the next one is asked.
fn watch_sharpness(listener: &Rc<RefCell<Option<EventListener>>>, measure: Rc<dyn Fn()>) {
    let query = format!("(resolution: {}dppx)", window().device_pixel_ratio());
    let Ok(Some(query)) = window().match_media(&query) else {
        return;
    };
    let again = Rc::clone(listener);
    let next = EventListener::once(&query, "change", move |_| {
        measure();
        watch_sharpness(&again, measure);
    });
    *listener.borrow_mut() = Some(next);
}

/// Paints anew in other colours when the page has others.
#[hook]
fn use_theme(stage: &Rc<Stage>) {
    let stage = stage.clone();
    use_effect_with((), move |()| {
        let chosen = {
            let stage = stage.clone();
            Closure::<dyn FnMut(JsValue)>::new(move |_| stage.restyle())
        };
        let observer = MutationObserver::new(chosen.as_ref().unchecked_ref()).ok();
        let options = MutationObserverInit::new();
        options.set_attributes(true);
        options.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        if let Some(observer) = &observer {
            // It refuses options that observe nothing only.
            let _ = observer.observe_with_options(&document_element(), &options);
        }
        let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        let system = query.map(|query| EventListener::new(&query, "change", move |_| stage.restyle()));
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((chosen, system));
        }
    });
}
