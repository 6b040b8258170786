//! A canvas as what a painter draws on.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::utils::{document, window};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, Path2d};

use crate::paint::{Anchor, Camera, Dash, Face, Ink, Path, Style, Surface, Theme, Type, Verb};

/// What the context was told last: telling it again costs more than to compare.
#[derive(Debug, Clone, PartialEq, Default)]
struct Told {
    fill: Option<Ink>,
    stroke: Option<Ink>,
    width: f32,
    dash: Dash,
    /// Whether lines end in a half circle.
    round: bool,
    alpha: f32,
    font: Option<(Face, u32, u16)>,
    anchor: Option<Anchor>,
}

/// A canvas, as sharp as the screen is.
pub(super) struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    theme: Rc<Theme>,
    /// Whether it has a ground; otherwise what is behind it is seen.
    ground: bool,
    density: f64,
    told: Told,
    glyphs: BTreeMap<&'static str, Path2d>,
}

impl Canvas {
    /// `None` where the browser gives no canvas.
    pub(super) fn new(element: HtmlCanvasElement, ground: bool) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        let (theme, told) = (Rc::default(), Told::default());
        Some(Self { element, context, theme, ground, density: 1.0, told, glyphs: BTreeMap::new() })
    }

    pub(super) fn element(&self) -> &HtmlCanvasElement {
        &self.element
    }

    pub(super) fn set_theme(&mut self, theme: Rc<Theme>) {
        self.theme = theme;
        self.told = Told::default();
    }

    /// Takes the size of its place in the page, in as many points as the screen has there.
    pub(super) fn resize(&mut self, (width, height): (f64, f64), density: f64) {
        let points = |length: f64| (length * density).round() as u32;
        self.density = density;
        self.element.set_width(points(width));
        self.element.set_height(points(height));
        self.told = Told::default();
    }

    fn trace(&self, path: &Path) {
        let context = &self.context;
        context.begin_path();
        let mut start = (0.0, 0.0);
        for verb in &path.0 {
            match *verb {
                Verb::Move(x, y) => {
                    start = (x, y);
                    context.move_to(x.into(), y.into());
                }
                Verb::Line(x, y) => context.line_to(x.into(), y.into()),
                Verb::Quad(cx, cy, x, y) => context.quadratic_curve_to(cx.into(), cy.into(), x.into(), y.into()),
                // Chromium's `closePath` measures the whole path: of thousands of shapes it would be the square.
                Verb::Close => context.line_to(start.0.into(), start.1.into()),
                Verb::Rect(x, y, width, height, 0.0) => {
                    context.rect(x.into(), y.into(), width.into(), height.into());
                }
                Verb::Rect(x, y, width, height, round) => {
                    // It refuses radii below zero only.
                    let _ = context.round_rect_with_f64(x.into(), y.into(), width.into(), height.into(), round.into());
                }
                Verb::Circle(x, y, radius) => {
                    context.move_to((x + radius).into(), y.into());
                    // As above.
                    let _ = context.arc(x.into(), y.into(), radius.into(), 0.0, std::f64::consts::TAU);
                }
            }
        }
    }

    fn fill_with(&mut self, ink: Ink) {
        if self.told.fill != Some(ink) {
            self.told.fill = Some(ink);
            self.context.set_fill_style_str(self.theme.colour(ink));
        }
    }

    fn stroke_with(&mut self, ink: Ink, width: f32, dash: Dash, round: bool) {
        if self.told.stroke != Some(ink) {
            self.told.stroke = Some(ink);
            self.context.set_stroke_style_str(self.theme.colour(ink));
        }
        if self.told.width != width {
            self.told.width = width;
            self.context.set_line_width(width.into());
        }
        if self.told.dash != dash {
            self.told.dash = dash;
            let lengths: Array = dash.lengths().iter().map(|length| JsValue::from_f64(*length)).collect();
            // It refuses what is no list of numbers only.
            let _ = self.context.set_line_dash(&lengths);
        }
        if self.told.round != round {
            self.told.round = round;
            self.context.set_line_cap(if round { "round" } else { "butt" });
        }
    }

    fn cover(&mut self, alpha: f32) {
        if self.told.alpha != alpha {
            self.told.alpha = alpha;
            self.context.set_global_alpha(alpha.into());
        }
    }
}

impl Surface for Canvas {
    fn begin(&mut self, camera: Camera, _: (f64, f64)) {
        let context = self.context.clone();
        let (width, height) = (f64::from(self.element.width()), f64::from(self.element.height()));
        // A matrix of finite numbers is never refused.
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        if self.ground {
            self.cover(1.0);
            self.fill_with(Ink::Ground);
            context.fill_rect(0.0, 0.0, width, height);
        } else {
            context.clear_rect(0.0, 0.0, width, height);
        }
        context.set_line_join("round");
        let scale = camera.scale * self.density;
        let _ = context.set_transform(scale, 0.0, 0.0, scale, camera.x * self.density, camera.y * self.density);
    }

    fn draw(&mut self, path: &Path, style: &Style) {
        if path.0.is_empty() {
            return;
        }
        self.cover(style.alpha);
        self.trace(path);
        if let Some(ink) = style.fill {
            self.fill_with(ink);
            self.context.fill();
        }
        if let Some(ink) = style.stroke {
            self.stroke_with(ink, style.width, style.dash, style.dash.is_round());
            self.context.stroke();
        }
    }

    fn text(&mut self, text: &str, (x, y): (f32, f32), kind: &Type) {
        self.cover(kind.alpha);
        self.fill_with(kind.ink);
        let font = Some((kind.face, kind.size.to_bits(), kind.weight));
        if self.told.font != font {
            self.told.font = font;
            let family = self.theme.family(kind.face);
            self.context.set_font(&format!("{} {}px {family}", kind.weight, kind.size));
        }
        if self.told.anchor != Some(kind.anchor) {
            self.told.anchor = Some(kind.anchor);
            self.context.set_text_align(match kind.anchor {
                Anchor::Start => "left",
                Anchor::Middle => "center",
                Anchor::End => "right",
            });
        }
        // It refuses nothing that is text.
        let _ = self.context.fill_text(text, x.into(), y.into());
    }

    fn glyph(&mut self, glyph: &'static str, (x, y): (f32, f32), scale: f32, ink: Ink, alpha: f32) {
        if !self.glyphs.contains_key(glyph) {
            let Ok(path) = Path2d::new_with_path_string(glyph) else {
                return;
            };
            self.glyphs.insert(glyph, path);
        }
        self.cover(alpha);
        self.stroke_with(ink, 1.5, Dash::Solid, true);
        self.context.save();
        // It refuses what is not finite only.
        let _ = self.context.translate(x.into(), y.into());
        let _ = self.context.scale(scale.into(), scale.into());
        self.context.stroke_with_path(&self.glyphs[glyph]);
        self.context.restore();
    }
}

/// The colours and faces that the style sheet gives at the moment.
pub(super) fn theme() -> Theme {
    let family = |token: &str| {
        let root = document().document_element();
        let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
        style.and_then(|style| style.get_property_value(token).ok()).unwrap_or_default().trim().to_owned()
    };
    // A custom property may be a function of light and dark; what it comes to is told as the colour of an element.
    let probe = document().create_element("span").ok().and_then(|probe| probe.dyn_into::<HtmlElement>().ok());
    let Some(probe) = probe else {
        return Theme::default();
    };
    probe.set_class_name("probe");
    // The body takes any element.
    let _ = gloo::utils::body().append_child(&probe);
    let computed = window().get_computed_style(&probe).ok().flatten();
    let colour = |ink: Ink| {
        // Only a declaration that is read-only refuses this.
        let _ = probe.style().set_property("color", &format!("var({})", ink.token()));
        computed.as_ref().and_then(|style| style.get_property_value("color").ok()).unwrap_or_default()
    };
    let colours = Ink::ALL.into_iter().map(colour).collect();
    probe.remove();
    Theme { colours, sans: family("--sans"), mono: family("--mono") }
}
