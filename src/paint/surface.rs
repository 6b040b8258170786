//! What a painter draws on, and what it draws with.

use super::camera::Camera;

/// A colour by what it means; each is a token of `static/app.css`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as its token is")]
pub enum Ink {
    Ground,
    Raised,
    Sunk,
    Line,
    LineStrong,
    Text,
    Muted,
    Accent,
    OnAccent,
    Stuck,
    StuckSoft,
    Waits,
    WaitsSoft,
    Good,
}

impl Ink {
    /// All of them, in the order of [`Theme::colours`].
    pub const ALL: [Self; 14] = [
        Self::Ground,
        Self::Raised,
        Self::Sunk,
        Self::Line,
        Self::LineStrong,
        Self::Text,
        Self::Muted,
        Self::Accent,
        Self::OnAccent,
        Self::Stuck,
        Self::StuckSoft,
        Self::Waits,
        Self::WaitsSoft,
        Self::Good,
    ];

    /// The custom property that says which colour it is.
    pub fn token(self) -> &'static str {
        match self {
            Self::Ground => "--ground",
            Self::Raised => "--raised",
            Self::Sunk => "--sunk",
            Self::Line => "--line",
            Self::LineStrong => "--line-strong",
            Self::Text => "--text",
            Self::Muted => "--muted",
            Self::Accent => "--accent",
            Self::OnAccent => "--on-accent",
            Self::Stuck => "--stuck",
            Self::StuckSoft => "--stuck-soft",
            Self::Waits => "--waits",
            Self::WaitsSoft => "--waits-soft",
            Self::Good => "--good",
        }
    }
}

/// The colours and faces of the page, as they are at the moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme {
    /// By [`Ink::ALL`].
    pub colours: Vec<String>,
    /// The family of running text.
    pub sans: String,
    /// The family of names.
    pub mono: String,
}

impl Theme {
    /// The colour of an ink.
    pub fn colour(&self, ink: Ink) -> &str {
        self.colours.get(ink as usize).map_or("", String::as_str)
    }

    /// The family of a face.
    pub fn family(&self, face: Face) -> &str {
        match face {
            Face::Sans => &self.sans,
            Face::Mono => &self.mono,
        }
    }
}

/// How a line is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dash {
    /// It is not.
    #[default]
    Solid,
    /// Who waits.
    Waits,
    /// What is not there.
    Ghost,
    /// What is over.
    Over,
    /// What is pointed at.
    Pointed,
}

impl Dash {
    /// Lengths of line and gap in turn.
    pub fn lengths(self) -> &'static [f64] {
        match self {
            Self::Solid => &[],
            Self::Waits => &[5.0, 3.0],
            Self::Ghost => &[4.0, 4.0],
            Self::Over => &[1.0, 4.0],
            Self::Pointed => &[2.0, 3.0],
        }
    }

    /// After how much of it the same comes again.
    pub fn period(self) -> f32 {
        self.lengths().iter().sum::<f64>() as f32
    }

    /// Whether its pieces are dots: with ends that are half circles.
    pub fn is_round(self) -> bool {
        self == Self::Over
    }
}

/// How a path is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Its inside.
    pub fill: Option<Ink>,
    /// Its line.
    pub stroke: Option<Ink>,
    /// The width of its line.
    pub width: f32,
    /// How the line is broken.
    pub dash: Dash,
    /// How much covers what is behind it.
    pub alpha: f32,
}

impl Style {
    /// An area.
    pub fn filled(ink: Ink) -> Self {
        Self { fill: Some(ink), stroke: None, width: 0.0, dash: Dash::Solid, alpha: 1.0 }
    }

    /// A line.
    pub fn line(ink: Ink, width: f32) -> Self {
        Self { fill: None, stroke: Some(ink), width, dash: Dash::Solid, alpha: 1.0 }
    }

    /// With a border.
    pub fn bordered(self, ink: Ink, width: f32) -> Self {
        Self { stroke: Some(ink), width, ..self }
    }

    /// With a broken line.
    pub fn dashed(self, dash: Dash) -> Self {
        Self { dash, ..self }
    }

    /// Fainter.
    pub fn faint(self, alpha: f32) -> Self {
        Self { alpha: self.alpha * alpha, ..self }
    }
}

/// A face of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Of running text.
    Sans,
    /// Of names.
    Mono,
}

/// Where a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its place.
    Start,
    /// It ends there.
    End,
    /// Its middle is there.
    Middle,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Its face.
    pub face: Face,
    /// Its size.
    pub size: f32,
    /// How bold it is.
    pub weight: u16,
    /// Its colour.
    pub ink: Ink,
    /// Where it begins.
    pub anchor: Anchor,
    /// How much covers what is behind it.
    pub alpha: f32,
}

impl Type {
    /// Text that begins at its place.
    pub fn new(face: Face, size: f32, weight: u16, ink: Ink) -> Self {
        Self { face, size, weight, ink, anchor: Anchor::Start, alpha: 1.0 }
    }

    /// With another anchor.
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Fainter.
    pub fn faint(self, alpha: f32) -> Self {
        Self { alpha, ..self }
    }
}

/// A step of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verb {
    /// Begins elsewhere.
    Move(f32, f32),
    /// A straight line.
    Line(f32, f32),
    /// A curve with one control point.
    Quad(f32, f32, f32, f32),
    /// Back to where it began.
    Close,
    /// A rectangle by its corner and size, its corners rounded so far.
    Rect(f32, f32, f32, f32, f32),
    /// A circle by its centre and radius.
    Circle(f32, f32, f32),
}

/// Many shapes that are drawn at once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path(pub Vec<Verb>);

impl Path {
    /// Adds a rectangle.
    pub fn rect(&mut self, rect: crate::scene::Rect, round: f32) {
        self.0.push(Verb::Rect(rect.x, rect.y, rect.width, rect.height, round));
    }

    /// Adds a closed shape.
    pub fn shape(&mut self, points: &[(f32, f32)]) {
        self.open(points);
        self.0.push(Verb::Close);
    }

    /// Adds a line through points.
    pub fn open(&mut self, points: &[(f32, f32)]) {
        for (index, &(x, y)) in points.iter().enumerate() {
            self.0.push(if index == 0 { Verb::Move(x, y) } else { Verb::Line(x, y) });
        }
    }
}

/// Shapes by their styles: one path for each, drawn in the order in which the styles were first asked for.
#[derive(Debug, Default)]
pub(super) struct Batches(Vec<(Style, Path)>);

impl Batches {
    /// The path of a style.
    pub(super) fn path(&mut self, style: Style) -> &mut Path {
        let at = self.0.iter().position(|(known, _)| *known == style).unwrap_or_else(|| {
            self.0.push((style, Path::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// Draws all.
    pub(super) fn draw(self, surface: &mut dyn Surface) {
        for (style, path) in self.0.iter().filter(|(_, path)| !path.0.is_empty()) {
            surface.draw(path, style);
        }
    }
}

/// What is drawn on: a canvas in the page, or text.
pub trait Surface {
    /// Begins anew, empty. All that follows is in the scene's own measures, seen through the camera.
    fn begin(&mut self, camera: Camera, size: (f64, f64));
    /// Draws a path.
    fn draw(&mut self, path: &Path, style: &Style);
    /// Writes a text; its place is on its base line.
    fn text(&mut self, text: &str, at: (f32, f32), kind: &Type);
    /// Draws a picture of [`crate::glyph`] by its top left corner.
    fn glyph(&mut self, glyph: &'static str, at: (f32, f32), scale: f32, ink: Ink, alpha: f32);
}
