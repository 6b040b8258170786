//! Rectangles in the drawing.

use serde::{Deserialize, Serialize};

/// A rectangle by its top left corner and its size; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    /// Left side.
    pub x: f32,
    /// Top side.
    pub y: f32,
    /// Distance from the left side to the right one.
    pub width: f32,
    /// Distance from the top side to the bottom one.
    pub height: f32,
}

impl Rect {
    /// The right side.
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// The bottom side.
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }

    /// Its middle.
    pub fn centre(self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The same, elsewhere.
    pub fn moved(self, (dx, dy): (f32, f32)) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// With so much more on each side.
    pub fn grown(self, by: f32) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    /// Around both.
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// Whether the two have more than a border in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether a point is in it.
    pub fn contains(self, (x, y): (f32, f32)) -> bool {
        (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y)
    }
}

impl From<gordian_layout::Rect> for Rect {
    fn from(rect: gordian_layout::Rect) -> Self {
        Self { x: rect.x, y: rect.y, width: rect.width, height: rect.height }
    }
}
