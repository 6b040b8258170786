//! What stands behind the drawing: two canvases, one for the scene and one for what is over it, and when each is painted.
//!
//! Nothing here is drawn by Yew: a move of the camera would otherwise go through every component.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::Callback;

use super::browser::Profiler;
use super::canvas::{Canvas, theme};
use super::shared::Shared;
use crate::engine::{Phase, measured};
use crate::messages::Language;
use crate::paint::{Camera, Detail, Frame, Glide, Hit, Index, Over, Theme, ease, paint, paint_over, svg};
use crate::scene::{Rect, Scene};
use crate::subject::Subject;
use crate::url::{self, Scope};

/// How long things take to their new places, in milliseconds.
const GLIDE: f64 = 250.0;
/// As many boxes are told one by one to those who do not see them; of a larger drawing, those in view.
pub(super) const TOLD: usize = 150;

/// What is done to the camera.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    Shift(f64, f64),
    Zoom(f64, (f64, f64)),
    Go(url::Camera),
    Fit,
}

/// What is drawn, and how much of it is asked for.
#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) scene: Shared<Scene>,
    pub(super) scope: Scope,
    /// When it changes, the reader is taken to what is drawn.
    pub(super) about: String,
    pub(super) language: Language,
}

/// Whom the stage tells.
#[derive(Clone, PartialEq)]
pub(super) struct Ears {
    /// Whether a scene is still to be painted, or on its way to its places.
    pub(super) busy: Callback<bool>,
    /// Which boxes are in view of a scene that is too large to tell them all.
    pub(super) view: Callback<Rc<Vec<usize>>>,
    /// Where the reader moved the camera, when it has come to rest; `None` while the drawing is fitted.
    pub(super) camera: Callback<Option<url::Camera>>,
}

/// The way from one drawing to the next.
struct Flight {
    glide: Glide,
    from: Camera,
    /// When it began; not yet known before the first frame.
    began: Option<f64>,
}

struct Mounted {
    scene: Canvas,
    over: Canvas,
    /// Whether nothing is over the scene.
    is_bare: bool,
    twin: HtmlElement,
}

struct Inner {
    shown: Shown,
    ears: Ears,
    index: Index,
    camera: Camera,
    /// Until the reader moves, the drawing is fitted.
    moved: bool,
    /// Where the camera is to go when the room for the drawing is known.
    goal: Option<url::Camera>,
    size: (f64, f64),
    over: Over,
    theme: Rc<Theme>,
    mounted: Option<Mounted>,
    flight: Option<Flight>,
    frame: Option<AnimationFrame>,
    resting: Option<Timeout>,
    /// The scene has to be painted, and not only what is over it.
    dirty: bool,
    busy: bool,
}

/// A handle to it.
#[derive(Clone)]
pub(super) struct Stage(Rc<RefCell<Inner>>);

impl PartialEq for Stage {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Stage {
    pub(super) fn new(shown: Shown, ears: Ears) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            index: Index::new(&shown.scene),
            shown,
            ears,
            camera: Camera::default(),
            moved: false,
            goal: None,
            size: (0.0, 0.0),
            over: Over::default(),
            theme: Rc::default(),
            mounted: None,
            flight: None,
            frame: None,
            resting: None,
            dirty: true,
            busy: false,
        })))
    }

    pub(super) fn mount(&self, scene: HtmlCanvasElement, over: HtmlCanvasElement, twin: HtmlElement) {
        let canvases = Canvas::new(scene, true).zip(Canvas::new(over, false));
        self.0.borrow_mut().mounted = canvases.map(|(scene, over)| Mounted { scene, over, is_bare: true, twin });
        self.restyle();
    }

    pub(super) fn unmount(&self) {
        let mut inner = self.0.borrow_mut();
        (inner.mounted, inner.frame, inner.flight, inner.resting) = (None, None, None, None);
        drop(inner);
        self.say_busy(false);
    }

    /// The colours changed.
    pub(super) fn restyle(&self) {
        let mut inner = self.0.borrow_mut();
        let theme = Rc::new(theme());
        inner.theme = Rc::clone(&theme);
        if let Some(mounted) = &mut inner.mounted {
            mounted.scene.set_theme(Rc::clone(&theme));
            mounted.over.set_theme(theme);
        }
        drop(inner);
        self.soon(true);
    }

    /// The room for the drawing changed, or how sharp the screen is.
    pub(super) fn resize(&self, size: (f64, f64)) {
        let mut inner = self.0.borrow_mut();
        inner.size = size;
        if let Some(place) = inner.goal.take_if(|_| size.0 >= 1.0) {
            inner.camera = Camera::told(place, size);
        }
        let density = window().device_pixel_ratio();
        if let Some(mounted) = &mut inner.mounted {
            mounted.scene.resize(size, density);
            mounted.over.resize(size, density);
        }
        inner.settle();
        drop(inner);
        // A canvas that was resized is empty: it is painted at once, so that nobody sees it so.
        self.soon(true);
        self.tick(None);
    }

    pub(super) fn size(&self) -> (f64, f64) {
        self.0.borrow().size
    }

    pub(super) fn scene(&self) -> Shared<Scene> {
        self.0.borrow().shown.scene.clone()
    }

    /// Another scene, or another view of it. What was drawn before glides to where it is now.
    pub(super) fn show(&self, shown: Shown) {
        let mut inner = self.0.borrow_mut();
        let was = std::mem::replace(&mut inner.shown, shown);
        let shown = inner.shown.clone();
        if (was.scope, &was.about) != (shown.scope, &shown.about) {
            inner.moved = false;
        }
        let still = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        let may_move = !still.is_some_and(|query| query.matches()) && inner.size.0 > 0.0;
        let from = inner.camera;
        inner.index = Index::new(&shown.scene);
        inner.over = Over { hovered: None, line: None, focused: None, ..inner.over };
        inner.flight = None;
        inner.settle();
        let glide = Glide::between(&was.scene, &shown.scene).filter(|_| may_move);
        inner.flight = glide.map(|glide| Flight { glide, from, began: None });
        drop(inner);
        self.soon(true);
        // Without a canvas nothing will be painted, and nobody would say that it was.
        let coming = self.0.borrow().frame.is_some();
        self.say_busy(coming);
    }

    pub(super) fn select(&self, selected: Option<Subject>) {
        let mut inner = self.0.borrow_mut();
        inner.over.selected = selected;
        // What is selected elsewhere comes into view.
        let rect = selected.and_then(|subject| inner.shown.scene.rect(subject));
        let size = inner.size;
        let away = rect.and_then(|rect| inner.camera.away(rect, size));
        drop(inner);
        self.soon(false);
        if let Some((dx, dy)) = away {
            self.change(Change::Shift(dx, dy));
        }
    }

    pub(super) fn point(&self, pointed: Option<(Subject, Subject)>) {
        self.0.borrow_mut().over.pointed = pointed;
        self.soon(false);
    }

    /// The keyboard is on a box; it comes into view.
    pub(super) fn focus(&self, block: Option<usize>) {
        let mut inner = self.0.borrow_mut();
        inner.over.focused = block;
        let rect = block.and_then(|block| inner.shown.scene.blocks.get(block)).map(|block| block.rect);
        let away = rect.and_then(|rect| inner.camera.away(rect, inner.size));
        drop(inner);
        self.soon(false);
        if let Some((dx, dy)) = away {
            self.change(Change::Shift(dx, dy));
        }
    }

    /// What is at a place in the drawing.
    pub(super) fn hit(&self, at: (f64, f64)) -> Option<Hit> {
        let inner = self.0.borrow();
        let slack = (5.0 / inner.camera.scale) as f32;
        let hit = inner.index.hit(&inner.shown.scene, inner.camera.at(at), slack);
        // An arrow that is not drawn cannot be meant.
        let is_far = Detail::at(inner.camera.scale) < Detail::Name;
        hit.filter(|hit| !(is_far && matches!(hit, Hit::Line(_))))
    }

    /// The pointer is there, or nowhere in the drawing. Gives what is under it when that changed.
    pub(super) fn hover(&self, at: Option<(f64, f64)>) -> Option<Option<Hit>> {
        let hit = at.and_then(|at| self.hit(at));
        let mut inner = self.0.borrow_mut();
        let was = (inner.over.hovered, inner.over.line);
        inner.over.hovered = if let Some(Hit::Block(block)) = hit { Some(block) } else { None };
        inner.over.line = if let Some(Hit::Line(line)) = hit { Some(line) } else { None };
        let changed = was != (inner.over.hovered, inner.over.line);
        drop(inner);
        changed.then(|| {
            self.soon(false);
            hit
        })
    }

    pub(super) fn change(&self, change: Change) {
        let mut inner = self.0.borrow_mut();
        let from = inner.camera;
        match change {
            Change::Shift(dx, dy) => inner.camera = inner.camera.shift(dx, dy),
            Change::Zoom(factor, at) => inner.camera = inner.camera.zoom(factor, at),
            Change::Go(place) if inner.size.0 < 1.0 => inner.goal = Some(place),
            Change::Go(place) => inner.camera = Camera::told(place, inner.size),
            Change::Fit => {}
        }
        inner.moved = !matches!(change, Change::Fit);
        inner.settle();
        // Whoever moves the drawing is not moved by it.
        let to = inner.camera;
        if let Some(flight) = &mut inner.flight {
            flight.from = to;
        }
        drop(inner);
        if from != to {
            self.soon(true);
        }
    }

    /// What is seen, as a file's text.
    pub(super) fn svg(&self) -> String {
        let inner = self.0.borrow();
        svg(&inner.frame(), &inner.theme)
    }

    /// The canvas of the scene.
    pub(super) fn canvas(&self) -> Option<HtmlCanvasElement> {
        let inner: Ref<Inner> = self.0.borrow();
        inner.mounted.as_ref().map(|mounted| mounted.scene.element().clone())
    }

    /// Paints with the next frame.
    fn soon(&self, scene: bool) {
        let mut inner = self.0.borrow_mut();
        inner.dirty |= scene;
        if inner.frame.is_none() && inner.mounted.is_some() {
            let stage = self.clone();
            inner.frame = Some(request_animation_frame(move |now| stage.tick(Some(now))));
        }
    }

    /// Paints now. `now` is a frame's own time.
    fn tick(&self, now: Option<f64>) {
        let mut inner = self.0.borrow_mut();
        if now.is_some() {
            inner.frame = None;
        }
        if inner.size.0 < 1.0 || inner.mounted.is_none() {
            drop(inner);
            // There is no room to paint in: nothing is under way.
            self.say_busy(false);
            return;
        }
        let camera = inner.camera;
        let mut part = 1.0;
        if let Some(flight) = &mut inner.flight {
            if flight.began.is_none() {
                flight.began = now;
            }
            part = now.zip(flight.began).map_or(0.0, |(now, began)| ((now - began) / GLIDE).clamp(0.0, 1.0));
        }
        let flies = inner.flight.is_some();
        if flies {
            inner.dirty = true;
        }
        if part >= 1.0 {
            inner.flight = None;
        }
        let eased = ease(part);
        if let Some(flight) = &inner.flight {
            inner.camera = flight.from.towards(camera, eased);
        }
        let was_dirty = std::mem::take(&mut inner.dirty);
        if let Some(mut mounted) = inner.mounted.take() {
            let frame = Frame { glide: inner.gliding(eased as f32), ..inner.frame() };
            if was_dirty {
                measured(&Profiler, Phase::Paint, || paint(&frame, &mut mounted.scene));
                let Camera { x, y, scale } = frame.camera;
                let style = mounted.twin.style();
                // Only a declaration that is read-only refuses this.
                let _ = style.set_property("transform", &format!("translate({x:.2}px, {y:.2}px) scale({scale:.5})"));
            }
            // A canvas that is told nothing costs nothing.
            let is_bare = inner.over == Over::default();
            if !(is_bare && mounted.is_bare) {
                paint_over(&frame, &inner.over, &mut mounted.over);
                mounted.is_bare = is_bare;
            }
            inner.mounted = Some(mounted);
        }
        let flies = inner.flight.is_some();
        inner.camera = camera;
        drop(inner);
        if flies {
            self.soon(true);
        } else if was_dirty {
            self.rest();
        }
    }

    /// Says what is in view: of a new scene at once, of a moved one when it has stood still for a moment.
    fn rest(&self) {
        const MOMENT: u32 = 150;
        let is_new = self.0.borrow().busy;
        if is_new {
            self.say_view();
            self.say_busy(false);
        } else {
            let stage = self.clone();
            self.0.borrow_mut().resting = Some(Timeout::new(MOMENT, move || stage.say_view()));
        }
    }

    fn say_busy(&self, busy: bool) {
        let mut inner = self.0.borrow_mut();
        if std::mem::replace(&mut inner.busy, busy) != busy {
            let ear = inner.ears.busy.clone();
            drop(inner);
            ear.emit(busy);
        }
    }

    fn say_view(&self) {
        let inner = self.0.borrow();
        let ears = inner.ears.clone();
        let view = inner.camera.view(inner.size);
        let told = (inner.shown.scene.blocks.len() > TOLD).then(|| inner.told(view));
        let camera = inner.moved.then(|| inner.camera.place(inner.size));
        drop(inner);
        if let Some(told) = told {
            ears.view.emit(Rc::new(told));
        }
        ears.camera.emit(camera);
    }
}

impl Inner {
    /// Until the reader moves, the drawing is fitted.
    fn settle(&mut self) {
        if !self.moved && self.size.0 > 0.0 {
            let scene: &Scene = &self.shown.scene;
            self.camera = Camera::fit(scene, self.shown.scope, self.over.selected, self.size);
        }
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            scene: &self.shown.scene,
            index: &self.index,
            camera: self.camera,
            size: self.size,
            language: self.shown.language,
            glide: None,
        }
    }

    fn gliding(&self, part: f32) -> Option<(&Glide, f32)> {
        self.flight.as_ref().map(|flight| (&flight.glide, part))
    }

    /// The boxes that are told of a large drawing: those in view, from the knot on.
    fn told(&self, view: Rect) -> Vec<usize> {
        let mut told = self.index.blocks(view);
        told.sort_by_key(|&block| !self.shown.scene.blocks[block].knot);
        told.truncate(TOLD);
        told
    }
}
