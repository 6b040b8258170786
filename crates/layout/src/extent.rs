//! Upright rectangles by their four sides.

use crate::graph::{Point, Rect, Route};

/// The least upright rectangle around some things.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extent {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Extent {
    /// Around nothing.
    pub(crate) const EMPTY: Self =
        Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };

    /// A rectangle by its centre and its size.
    pub(crate) fn about((x, y): (f64, f64), (width, height): (f64, f64)) -> Self {
        Self { left: x - width / 2.0, top: y - height / 2.0, right: x + width / 2.0, bottom: y + height / 2.0 }
    }

    /// The same as a rectangle with a corner.
    pub(crate) fn of(rect: &Rect) -> Self {
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(f64::from);
        Self { left: x, top: y, right: x + width, bottom: y + height }
    }

    pub(crate) fn rect(&self) -> Rect {
        let [x, y, width, height] = [self.left, self.top, self.width(), self.height()].map(|length| length as f32);
        Rect { x, y, width, height }
    }

    pub(crate) fn moved(&self, (x, y): (f64, f64)) -> Self {
        Self { left: self.left + x, top: self.top + y, right: self.right + x, bottom: self.bottom + y }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.left > self.right
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn add_rect(&mut self, rect: &Rect) {
        self.include(&Self::of(rect));
    }

    pub(crate) fn add_route(&mut self, route: &Route, label: (f64, f64)) {
        let spot = |point: &Point| (f64::from(point.x), f64::from(point.y));
        route.points.iter().for_each(|point| self.include(&Self::about(spot(point), (0.0, 0.0))));
        route.label.iter().for_each(|point| self.include(&Self::about(spot(point), label)));
    }

    pub(crate) fn include(&mut self, other: &Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
    }

    /// Moves all sides outwards. What is empty stays so.
    pub(crate) fn grow(&mut self, by: f64) {
        *self = Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by };
    }

    /// Whether it lies around the other, which may touch it.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    /// Whether the two have more in common than a border.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}
