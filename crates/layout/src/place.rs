//! Gives rows their heights and vertices their abscissas.
//!
//! Rows are stacked. Sweeps down and up ask every row to stand below its parents, then above its children, as the priority
//! method of Sugiyama, Tagawa and Toda (1981) does; the last one goes up, so that parents are centred above their children.
//! Then the bends of each long link are lined up as far as their neighbours allow.

use std::ops::Range;

use crate::Spacing;
use crate::layers::{Layers, Side, Way};
use crate::settle::Line;

/// Pairs of sweeps at most: more gain nothing that could be seen.
const SWEEPS: usize = 4;
/// What moves less than this stands still, in the caller's units.
const STILL: f64 = 0.5;
/// How much less a vertex insists on its place if nothing on this side holds it there.
const IDLE: f64 = 0.01;
/// How much more a node insists on the place that it had, and a bend.
const OLD_NODE: f64 = 1e12;
const OLD_BEND: f64 = 1e6;

/// A horizontal band that holds a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Band {
    pub(crate) centre: f64,
    pub(crate) half: f64,
}

/// Stacks the rows. A row of which `was` knows heights stays there, or goes down if those above need the room.
#[inline(never)]
pub(crate) fn bands(layers: &Layers, was: &[Option<f64>], spacing: &Spacing) -> Vec<Band> {
    let rows = 0..layers.rows.len() as u32;
    let mut bands: Vec<Band> = Vec::with_capacity(layers.rows.len());
    let mut any_old = false;
    for row in rows {
        let vertices = layers.rows.of(row);
        let half = layers.half_height(row);
        let old = vertices.iter().filter_map(|&vertex| was[vertex as usize]);
        let (sum, count) = old.fold((0.0, 0.0), |(sum, count), old| (sum + old, count + 1.0));
        let least = bands
            .last()
            .map_or(half, |above: &Band| above.centre + above.half + gap_above(layers, row, spacing) + half);
        let mut centre = least;
        if count > 0.0 {
            centre = sum / count;
            if any_old {
                centre = centre.max(least);
            } else {
                // New rows above the first old one stand on it, and do not push it down.
                bands.iter_mut().for_each(|above| above.centre += centre - least);
                any_old = true;
            }
        }
        bands.push(Band { centre, half });
    }
    bands
}

/// Room between a row and the one above. A row between two ranks stands in the middle of their gap.
fn gap_above(layers: &Layers, row: u32, spacing: &Spacing) -> f64 {
    let between = layers.between[row as usize] || layers.between[row as usize - 1];
    if between { spacing.rank_gap / 2.0 } else { spacing.rank_gap }
}

/// Abscissas of all vertices. Who is known to `was` stays there if the others leave it the room.
#[inline(never)]
pub(crate) fn abscissas(layers: &Layers, was: &[Option<f64>]) -> Vec<f64> {
    let sheet = Sheet::new(layers, was);
    let rows = layers.rows.len() as u32;
    let mut line = Line::default();
    let mut x: Vec<f64> = sheet.old.iter().map(|old| old.unwrap_or_default()).collect();
    let first: Vec<f64> = sheet.old.iter().map(|old| if old.is_some() { OLD_NODE } else { IDLE }).collect();
    for row in 0..rows {
        let range = layers.rows.range(row);
        line.settle(&mut x[range.clone()], &first[range.clone()], &sheet.offset[range]);
    }
    let mut before = x.clone();
    for _ in 0..SWEEPS {
        for row in 0..rows {
            sheet.settle_row(&sheet.up, layers.rows.range(row), &mut x, &mut line);
        }
        for row in (0..rows).rev() {
            sheet.settle_row(&sheet.down, layers.rows.range(row), &mut x, &mut line);
        }
        if x.iter().zip(&before).all(|(now, before)| (now - before).abs() <= STILL) {
            break;
        }
        before.clone_from(&x);
    }
    // A link that was lined up has often made room for another one: hence there, and back.
    let lines = layers.ways.iter().filter_map(|way| match way {
        Way::Down { bends, .. } if bends.len() > 1 => Some(bends.clone()),
        _ => None,
    });
    let mut run = Vec::new();
    for bends in lines.clone().chain(lines.rev()) {
        sheet.line_up(layers, bends, &mut x, &mut run);
    }
    (0..layers.row.len() as u32).map(|vertex| x[sheet.place[vertex as usize] as usize]).collect()
}

/// The vertices from row to row and from left to right, each known by its place in this order.
struct Sheet {
    /// Place of every vertex.
    place: Vec<u32>,
    /// Where each wants to stand because it stood there.
    old: Vec<Option<f64>>,
    /// How far each is at least from the first of its row.
    offset: Vec<f64>,
    up: Pulls,
    down: Pulls,
}

/// What pulls at the vertices from one side.
struct Pulls {
    /// Where the pulls at each place start in the list of all, and where the last ones end.
    start: Vec<u32>,
    /// The places that pull, and how much.
    pulls: Vec<(u32, f64)>,
    /// How much each vertex insists on what it wishes for.
    weight: Vec<f64>,
}

impl Sheet {
    #[inline(never)]
    fn new(layers: &Layers, was: &[Option<f64>]) -> Self {
        let vertices = layers.rows.all();
        let mut place = vec![0; vertices.len()];
        (0..).zip(vertices).for_each(|(index, &vertex)| place[vertex as usize] = index);
        let mut offset = Vec::with_capacity(vertices.len());
        for row in 0..layers.rows.len() as u32 {
            let mut last = None;
            for &vertex in layers.rows.of(row) {
                offset.push(last.map_or(0.0, |(left, offset)| offset + layers.pitch(left, vertex)));
                last = offset.last().map(|&offset| (vertex, offset));
            }
        }
        let old: Vec<_> = vertices.iter().map(|&vertex| was[vertex as usize]).collect();
        let pulls = |side| Pulls::new(layers, side, &place, &old);
        Self { up: pulls(Side::Up), down: pulls(Side::Down), place, old, offset }
    }

    /// Lets each vertex of a row wish to stand in the middle of what pulls at it, and settles the row.
    fn settle_row(&self, side: &Pulls, row: Range<usize>, x: &mut [f64], line: &mut Line) {
        for at in row.clone() {
            let pulls = &side.pulls[side.start[at] as usize..side.start[at + 1] as usize];
            if let Some(old) = self.old[at] {
                x[at] = old;
            } else if !pulls.is_empty() {
                x[at] = pulls.iter().map(|&(other, pull)| x[other as usize] * pull).sum::<f64>() / side.weight[at];
            }
        }
        line.settle(&mut x[row.clone()], &side.weight[row.clone()], &self.offset[row]);
    }

    /// Puts runs of bends on one upright, where there is one that keeps all distances.
    #[inline(never)]
    fn line_up(&self, layers: &Layers, bends: Range<u32>, x: &mut [f64], run: &mut Vec<usize>) {
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let straighten = |run: &mut Vec<usize>, low: f64, high: f64, x: &mut [f64]| {
            let mean = run.iter().map(|&at| x[at]).sum::<f64>() / run.len() as f64;
            run.drain(..).for_each(|at| x[at] = mean.max(low).min(high));
        };
        for bend in bends {
            let at = self.place[bend as usize] as usize;
            if self.old[at].is_some() {
                continue;
            }
            let row = layers.rows.range(layers.row[bend as usize]);
            let gap = |right: usize| self.offset[right] - self.offset[right - 1];
            let left = if at > row.start { x[at - 1] + gap(at) } else { f64::NEG_INFINITY };
            let right = if at + 1 < row.end { x[at + 1] - gap(at + 1) } else { f64::INFINITY };
            if left.max(low) > right.min(high) {
                straighten(run, low, high, x);
                (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
            }
            (low, high) = (low.max(left), high.min(right));
            run.push(at);
        }
        straighten(run, low, high, x);
    }
}

impl Pulls {
    fn new(layers: &Layers, side: Side, place: &[u32], old: &[Option<f64>]) -> Self {
        let vertices = layers.rows.all();
        let mut found = Self {
            start: Vec::with_capacity(vertices.len() + 1),
            pulls: Vec::with_capacity(layers.segments.len()),
            weight: Vec::with_capacity(vertices.len()),
        };
        for (&vertex, old) in vertices.iter().zip(old) {
            let led = layers.led.get(vertex as usize).copied().flatten();
            let first = found.pulls.len();
            found.start.push(first as u32);
            if old.is_none() && led.is_none_or(|led| led == side) {
                found.pulls.extend(layers.pulls(vertex, side).map(|(other, pull)| (place[other as usize], pull)));
            }
            let weight: f64 = found.pulls[first..].iter().map(|&(_, pull)| pull).sum();
            found.weight.push(match old {
                Some(_) if layers.is_bend(vertex) => OLD_BEND,
                Some(_) => OLD_NODE,
                None => weight.max(IDLE),
            });
        }
        found.start.push(found.pulls.len() as u32);
        found
    }
}
