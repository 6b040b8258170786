//! A surface that is text: for a file of what is seen, and for tests.

use std::fmt::Write;

use super::camera::Camera;
use super::surface::{Anchor, Ink, Path, Style, Surface, Theme, Type, Verb};
use super::{Frame, paint};

/// What is seen, as an SVG file.
pub fn svg(frame: &Frame, theme: &Theme) -> String {
    let mut surface = Svg::new(theme);
    paint(frame, &mut surface);
    surface.finish()
}

/// A surface that is text.
#[derive(Debug)]
pub struct Svg<'a> {
    theme: &'a Theme,
    text: String,
}

impl<'a> Svg<'a> {
    /// Empty.
    pub fn new(theme: &'a Theme) -> Self {
        Self { theme, text: String::new() }
    }

    /// The whole file.
    pub fn finish(mut self) -> String {
        self.text.push_str("</g>\n</svg>\n");
        self.text
    }

    fn line(&mut self, arguments: std::fmt::Arguments) {
        // A string always has room.
        let _ = self.text.write_fmt(arguments);
        self.text.push('\n');
    }
}

/// A number, short.
fn n(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

fn data(path: &Path) -> String {
    let mut data = String::new();
    for verb in &path.0 {
        // A string always has room.
        let _ = match *verb {
            Verb::Move(x, y) => write!(data, "M{} {}", n(x), n(y)),
            Verb::Line(x, y) => write!(data, "L{} {}", n(x), n(y)),
            Verb::Quad(cx, cy, x, y) => write!(data, "Q{} {} {} {}", n(cx), n(cy), n(x), n(y)),
            Verb::Close => write!(data, "Z"),
            Verb::Rect(x, y, width, height, 0.0) => {
                write!(data, "M{} {}h{}v{}h{}Z", n(x), n(y), n(width), n(height), n(-width))
            }
            Verb::Rect(x, y, width, height, r) => {
                let r = r.min(width / 2.0).min(height / 2.0);
                let (across, down) = (n(width - 2.0 * r), n(height - 2.0 * r));
                let corner = |dx: f32, dy: f32| format!("a{} {} 0 0 1 {} {}", n(r), n(r), n(dx), n(dy));
                write!(
                    data,
                    "M{} {}h{across}{}v{down}{}h-{across}{}v-{down}{}Z",
                    n(x + r),
                    n(y),
                    corner(r, r),
                    corner(-r, r),
                    corner(-r, -r),
                    corner(r, -r)
                )
            }
            Verb::Circle(x, y, r) => {
                let d = n(2.0 * r);
                write!(data, "M{} {}a{} {} 0 1 0 {d} 0a{} {} 0 1 0 -{d} 0Z", n(x - r), n(y), n(r), n(r), n(r), n(r))
            }
        };
    }
    data
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No XML can carry these.
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn alpha(alpha: f32) -> String {
    if alpha < 1.0 { format!(" opacity=\"{alpha:.2}\"") } else { String::new() }
}

impl Surface for Svg<'_> {
    fn begin(&mut self, camera: Camera, (width, height): (f64, f64)) {
        self.text.clear();
        let ground = escaped(self.theme.colour(Ink::Ground));
        self.line(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">"
        ));
        self.line(format_args!("<rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>"));
        let Camera { x, y, scale } = camera;
        self.line(format_args!("<g transform=\"translate({x:.2} {y:.2}) scale({scale:.4})\">"));
    }

    fn draw(&mut self, path: &Path, style: &Style) {
        if path.0.is_empty() {
            return;
        }
        let colour = |ink: Option<Ink>| ink.map_or("none".into(), |ink| escaped(self.theme.colour(ink)));
        let mut attributes = format!("fill=\"{}\"", colour(style.fill));
        if style.stroke.is_some() {
            let _ = write!(attributes, " stroke=\"{}\" stroke-width=\"{:.2}\"", colour(style.stroke), style.width);
        }
        if let [first, rest @ ..] = style.dash.lengths() {
            let _ = write!(attributes, " stroke-dasharray=\"{first}");
            rest.iter().for_each(|length| attributes.push_str(&format!(" {length}")));
            attributes.push('"');
        }
        if style.dash.is_round() {
            attributes.push_str(" stroke-linecap=\"round\"");
        }
        attributes.push_str(&alpha(style.alpha));
        self.line(format_args!("<path d=\"{}\" {attributes}/>", data(path)));
    }

    fn text(&mut self, text: &str, (x, y): (f32, f32), kind: &Type) {
        let (family, ink) = (escaped(self.theme.family(kind.face)), escaped(self.theme.colour(kind.ink)));
        let anchor = match kind.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (size, weight, alpha, text) = (n(kind.size), kind.weight, alpha(kind.alpha), escaped(text));
        self.line(format_args!(
            "<text x=\"{}\" y=\"{}\" font-family=\"{family}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{ink}\"{anchor}{alpha}>{text}</text>",
            n(x),
            n(y)
        ));
    }

    fn glyph(&mut self, glyph: &'static str, (x, y): (f32, f32), scale: f32, ink: Ink, faint: f32) {
        let (ink, alpha) = (escaped(self.theme.colour(ink)), alpha(faint));
        self.line(format_args!(
            "<path d=\"{glyph}\" transform=\"translate({} {}) scale({scale:.3})\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\"{alpha}/>",
            n(x),
            n(y)
        ));
    }
}
