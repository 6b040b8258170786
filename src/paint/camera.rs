//! Where the reader stands over the scene.

use crate::scene::{Rect, Scene};
use crate::subject::Subject;
use crate::url::{self, Scope};

/// How the scene is moved and enlarged: a point of it is seen at its place times `scale`, plus (`x`, `y`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Moved to the right.
    pub x: f64,
    /// Moved down.
    pub y: f64,
    /// How much larger.
    pub scale: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, scale: 1.0 }
    }
}

const NEAREST: f64 = 2.5;
const FARTHEST: f64 = 0.004;
/// Boxes that are smaller than this cannot be read: then the knot is shown, and not the whole.
const READABLE: f64 = 0.62;
const MARGIN: f64 = 20.0;
/// Room for the buttons at the top, and how far they reach in.
const BUTTONS: f64 = 46.0;
const LEFT_BUTTONS: f64 = 310.0;
const RIGHT_BUTTONS: f64 = 120.0;
/// Room for the legend.
const FOOT: f64 = 34.0;

impl Camera {
    /// A camera as an address tells it.
    pub fn told(place: url::Camera, (width, height): (f64, f64)) -> Self {
        let scale = (f64::from(place.zoom) / 1000.0).clamp(FARTHEST, NEAREST);
        Self { x: width / 2.0 - f64::from(place.x) * scale, y: height / 2.0 - f64::from(place.y) * scale, scale }
    }

    /// The same for an address.
    pub fn place(&self, (width, height): (f64, f64)) -> url::Camera {
        let (x, y) = self.at((width / 2.0, height / 2.0));
        let zoom = (self.scale * 1000.0).round() as u16;
        url::Camera { x: x.round() as i32, y: y.round() as i32, zoom }
    }

    /// A camera that shows a part of the scene whole.
    fn on(part: Rect, (width, height): (f64, f64), top: f64) -> Self {
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
    pub fn fit(scene: &Scene, scope: Scope, selected: Option<Subject>, size: (f64, f64)) -> Self {
        let camera = Self::clear(scene, scene.whole(), size);
        if camera.scale >= READABLE || scope != Scope::Knot {
            return camera;
        }
        let near = scene.knot().map(|knot| Self::clear(scene, knot, size));
        if let Some(near) = near.filter(|near| near.scale >= READABLE) {
            return near;
        }
        let mut blocks = scene.blocks.iter();
        let block = selected
            .and_then(|subject| scene.place(subject).map(|place| &scene.blocks[place]))
            .or_else(|| blocks.find(|block| block.knot));
        match block {
            Some(block) => {
                let (x, y) = block.rect.centre();
                Self {
                    x: size.0 / 2.0 - f64::from(x) * READABLE,
                    y: (size.1 - FOOT) / 2.0 - f64::from(y) * READABLE,
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
            let (left, top) = camera.seen((rect.x, rect.y));
            let (right, _) = camera.seen((rect.right(), rect.y));
            let below = top > BUTTONS || right < 0.0 || left > size.0;
            !below && (left < LEFT_BUTTONS || right > size.0 - RIGHT_BUTTONS)
        };
        let containers = scene.containers.iter().map(|container| container.rect);
        match containers.chain(scene.blocks.iter().map(|block| block.rect)).any(hides) {
            true => Self::on(part, size, BUTTONS + 4.0),
            false => camera,
        }
    }

    /// Nearer or farther; what is seen at a place stays there.
    pub fn zoom(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let scale = (self.scale * factor).clamp(FARTHEST, NEAREST);
        let by = scale / self.scale;
        Self { x: x - (x - self.x) * by, y: y - (y - self.y) * by, scale }
    }

    /// Moved.
    pub fn shift(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// How far to move so that a box that is out of sight stands in the middle; `None` when it is in sight.
    pub fn away(self, rect: Rect, (width, height): (f64, f64)) -> Option<(f64, f64)> {
        let (x, y) = self.seen(rect.centre());
        let seen = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        (!seen && width > 0.0).then_some((width / 2.0 - x, height / 2.0 - y))
    }

    /// Where a point of the scene is seen.
    pub fn seen(self, (x, y): (f32, f32)) -> (f64, f64) {
        (f64::from(x) * self.scale + self.x, f64::from(y) * self.scale + self.y)
    }

    /// Which point of the scene is seen at a place.
    pub fn at(self, (x, y): (f64, f64)) -> (f32, f32) {
        (((x - self.x) / self.scale) as f32, ((y - self.y) / self.scale) as f32)
    }

    /// What is seen of the scene.
    pub fn view(self, (width, height): (f64, f64)) -> Rect {
        let (x, y) = self.at((0.0, 0.0));
        Rect { x, y, width: (width / self.scale) as f32, height: (height / self.scale) as f32 }
    }

    /// On the way to another camera, from 0 to 1.
    pub fn towards(self, other: Self, part: f64) -> Self {
        let between = |one: f64, other: f64| one + (other - one) * part;
        Self {
            x: between(self.x, other.x),
            y: between(self.y, other.y),
            scale: between(self.scale.ln(), other.scale.ln()).exp(),
        }
    }
}
