//! From very far: how densely the boxes stand, and where something is stuck or goes.

use std::collections::BTreeMap;

use super::surface::{Batches, Ink, Path, Style, Surface};
use super::{Detail, Frame};
use crate::messages::Standing;
use crate::scene::{Block, Rect};

/// The side of a cell on the screen, in pixels.
const CELL: f32 = 5.0;
/// Marks that would lie on one another are one mark.
const MARK: f32 = 9.0;
/// From how much of a cell on it is drawn so densely.
const SHADES: [(f32, f32); 3] = [(0.04, 0.35), (0.3, 0.65), (0.6, 1.0)];

/// How much of each cell is covered by boxes, in shades.
pub(super) fn cells(frame: &Frame, surface: &mut dyn Surface) {
    let view = frame.view();
    let cell = frame.pixels(CELL);
    // Cells stay where they are in the scene while the reader moves over it.
    let (left, top) = ((view.x / cell).floor(), (view.y / cell).floor());
    let columns = (view.width / cell) as usize + 2;
    let rows = (view.height / cell) as usize + 2;
    let mut covered = vec![0.0f32; columns * rows];
    for &rect in &frame.index.rects {
        if !rect.overlaps(view) {
            continue;
        }
        let (x, y) = (rect.x / cell - left, rect.y / cell - top);
        let (right, bottom) = (x + rect.width / cell, y + rect.height / cell);
        let last = |at: f32, count: usize| (at.max(0.0) as usize).min(count - 1);
        for row in last(y, rows)..=last(bottom, rows) {
            let high = bottom.min(row as f32 + 1.0) - y.max(row as f32);
            for column in last(x, columns)..=last(right, columns) {
                let wide = right.min(column as f32 + 1.0) - x.max(column as f32);
                covered[row * columns + column] += high.max(0.0) * wide.max(0.0);
            }
        }
    }
    let shade = |covered: f32| SHADES.iter().rposition(|(least, _)| covered >= *least);
    let mut paths: [Path; 3] = Default::default();
    for (row, covered) in covered.chunks(columns).enumerate() {
        let mut at = 0;
        // Cells of one shade beside one another are one rectangle.
        for run in covered.chunk_by(|one, other| shade(*one) == shade(*other)) {
            if let Some(shade) = shade(run[0]) {
                let (x, y) = ((left + at as f32) * cell, (top + row as f32) * cell);
                paths[shade].rect(Rect { x, y, width: run.len() as f32 * cell, height: cell }, 0.0);
            }
            at += run.len();
        }
    }
    for (path, (_, alpha)) in paths.iter().zip(SHADES) {
        surface.draw(path, &Style::filled(Ink::LineStrong).faint(alpha));
    }
}

/// Whether a box is marked where it is too small for words: it is stuck, or goes, or is of the open finding.
pub(super) fn is_marked(block: &Block) -> bool {
    block.knot || matches!(block.standing, Standing::Stuck | Standing::Unreachable | Standing::Deleting)
}

/// Where boxes are too small for words, a diamond where something is stuck and a triangle where something goes.
pub(super) fn marks(frame: &Frame, surface: &mut dyn Surface) {
    if frame.detail() >= Detail::Name {
        return;
    }
    let (view, side) = (frame.view(), frame.pixels(MARK));
    let mut marked: BTreeMap<(i32, i32), (bool, (f32, f32))> = BTreeMap::new();
    let blocks = frame.index.marked.iter().map(|&block| &frame.scene.blocks[block]);
    for block in blocks.filter(|block| block.rect.overlaps(view)) {
        let stuck = block.standing != Standing::Deleting;
        let at = block.rect.centre();
        let known = marked.entry(((at.0 / side) as i32, (at.1 / side) as i32)).or_insert((stuck, at));
        if stuck && !known.0 {
            *known = (stuck, at);
        }
    }
    let mut batches = Batches::default();
    let border = frame.pixels(1.0);
    for (stuck, (x, y)) in marked.into_values() {
        let half = side / 2.0;
        let (ink, shape): (Ink, &[(f32, f32)]) = match stuck {
            true => (Ink::Stuck, &[(x, y - half), (x + half, y), (x, y + half), (x - half, y)]),
            false => {
                (Ink::Waits, &[(x - half * 0.8, y - half * 0.7), (x + half * 0.8, y - half * 0.7), (x, y + half * 0.8)])
            }
        };
        batches.path(Style::filled(ink).bordered(Ink::Sunk, border)).shape(shape);
    }
    batches.draw(surface);
}
