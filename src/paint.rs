//! Draws a scene: what is in view of it, as finely as can be seen from there.
//!
//! A painter knows no browser. It draws on a [`Surface`]: a canvas in the page, or text ([`svg`]) for a file and for tests, so
//! that both are the same picture. [`Index`] finds what is in view. What is selected or pointed at is drawn apart
//! ([`paint_over`]), so that the scene is not drawn anew for it.

mod arrow;
mod boxes;
mod camera;
mod clip;
mod containers;
mod glide;
mod grid;
mod lines;
mod over;
mod overview;
mod surface;
mod svg;

pub use camera::Camera;
pub use glide::{Glide, ease};
pub use grid::{Hit, Index};
pub use over::{Over, paint_over};
pub use surface::{Anchor, Dash, Face, Ink, Path, Style, Surface, Theme, Type, Verb};
pub use svg::{Svg, svg};

use crate::messages::Language;
use crate::scene::{Rect, Scene};

/// What is looked at, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What is drawn.
    pub scene: &'a Scene,
    /// Where everything in it is.
    pub index: &'a Index,
    /// Where the reader stands.
    pub camera: Camera,
    /// The width and height of what is drawn on.
    pub size: (f64, f64),
    /// The language of what is written.
    pub language: Language,
    /// The way from an earlier drawing, and how much of it is gone, from 0 to 1.
    pub glide: Option<(&'a Glide, f32)>,
}

/// How much can be seen of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// That there are boxes.
    Cells,
    /// A shape.
    Shape,
    /// Its name.
    Name,
    /// All.
    Full,
}

impl Detail {
    /// At so many pixels for each unit of the scene.
    pub fn at(scale: f64) -> Self {
        match scale {
            scale if scale >= 0.45 => Self::Full,
            scale if scale >= 0.16 => Self::Name,
            // The lowest box is three pixels high.
            scale if scale >= 0.055 => Self::Shape,
            _ => Self::Cells,
        }
    }
}

/// A box that is in view, where it is at the moment.
#[derive(Debug, Clone, Copy)]
struct Seen {
    block: usize,
    rect: Rect,
    alpha: f32,
}

impl Frame<'_> {
    fn detail(&self) -> Detail {
        Detail::at(self.camera.scale)
    }

    /// A length on the screen, in the scene's measure.
    fn pixels(&self, pixels: f32) -> f32 {
        pixels / self.camera.scale as f32
    }

    /// What is in view, with room for what hangs over.
    fn view(&self) -> Rect {
        self.camera.view(self.size).grown(16.0)
    }

    /// Where a box is at the moment, and how far it has appeared.
    fn place(&self, block: usize) -> (Rect, f32) {
        let rect = self.scene.blocks[block].rect;
        match self.glide {
            Some((glide, part)) => {
                let (shift, alpha) = glide.shift(block, part);
                (rect.moved(shift), alpha)
            }
            None => (rect, 1.0),
        }
    }

    /// The boxes in view.
    fn seen(&self) -> Vec<Seen> {
        let view = self.view();
        let seen = |block: usize| {
            let (rect, alpha) = self.place(block);
            Seen { block, rect, alpha }
        };
        match self.glide {
            // What moves is not yet where the index knows it; there is little of it.
            Some(_) => (0..self.scene.blocks.len()).map(seen).filter(|seen| seen.rect.overlaps(view)).collect(),
            None => self.index.blocks(view).into_iter().map(seen).collect(),
        }
    }

    /// Whether a finding is open: then all that is not of it steps back.
    fn has_knot(&self) -> bool {
        !self.scene.reasons.is_empty()
    }
}

/// Draws what is in view.
pub fn paint(frame: &Frame, surface: &mut dyn Surface) {
    surface.begin(frame.camera, frame.size);
    containers::plates(frame, surface);
    if frame.detail() == Detail::Cells {
        overview::cells(frame, surface);
        lines::loud(frame, surface);
    } else {
        let seen = frame.seen();
        lines::lines(frame, surface);
        boxes::boxes(frame, &seen, surface);
        lines::labels(frame, surface);
    }
    overview::marks(frame, surface);
    containers::names(frame, surface);
}

#[cfg(test)]
mod tests;
