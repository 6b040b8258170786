//! From one drawing to the next: what is in both goes to its new place, the rest comes and goes.

use std::collections::BTreeMap;

use crate::scene::{Block, Rect, Scene};

/// More than this moving at once says nothing to a reader.
const MOST: usize = 3_000;

/// The way between two drawings.
#[derive(Debug, Clone, PartialEq)]
pub struct Glide {
    /// For each box how far from its place it was; `None` for one that is new.
    shifts: Vec<Option<(f32, f32)>>,
    /// For each container where it was.
    containers: Vec<Option<Rect>>,
    /// The boxes that are there no more.
    pub(super) gone: Vec<Block>,
}

impl Glide {
    /// `None` where nothing stays or nothing moves.
    pub fn between(before: &Scene, after: &Scene) -> Option<Self> {
        if before.blocks.len().max(after.blocks.len()) > MOST {
            return None;
        }
        let was: BTreeMap<u64, &Block> = before.blocks.iter().map(|block| (block.id, block)).collect();
        let is: BTreeMap<u64, &Block> = after.blocks.iter().map(|block| (block.id, block)).collect();
        let shift = |block: &Block| {
            let was = was.get(&block.id)?.rect;
            Some((was.x - block.rect.x, was.y - block.rect.y))
        };
        let shifts: Vec<_> = after.blocks.iter().map(shift).collect();
        let gone: Vec<Block> = before.blocks.iter().filter(|block| !is.contains_key(&block.id)).cloned().collect();
        let stays = shifts.iter().any(Option::is_some);
        let moves = !gone.is_empty() || shifts.iter().any(|shift| *shift != Some((0.0, 0.0)));
        let container = |id: u64| before.containers.iter().find(|container| container.id == id);
        let containers = after.containers.iter().map(|after| container(after.id).map(|before| before.rect)).collect();
        (stays && moves).then_some(Self { shifts, containers, gone })
    }

    /// How far a box is from its place after a part of the way, and how far it has appeared.
    pub(super) fn shift(&self, block: usize, part: f32) -> ((f32, f32), f32) {
        let rest = 1.0 - part;
        match self.shifts.get(block).copied().flatten() {
            Some((dx, dy)) => ((dx * rest, dy * rest), 1.0),
            None => ((0.0, 0.0), part),
        }
    }

    /// Where a container is after a part of the way.
    pub(super) fn container(&self, index: usize, rect: Rect, part: f32) -> Rect {
        let Some(was) = self.containers.get(index).copied().flatten() else {
            return rect;
        };
        let between = |was: f32, is: f32| was + (is - was) * part;
        Rect {
            x: between(was.x, rect.x),
            y: between(was.y, rect.y),
            width: between(was.width, rect.width),
            height: between(was.height, rect.height),
        }
    }
}

/// Slowly, fast, slowly.
pub fn ease(part: f64) -> f64 {
    let part = part.clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}
