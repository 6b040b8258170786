//! Gives rows their heights and vertices their abscissas.
//!
//! Rows are stacked. Sweeps down and up ask every row to stand below its parents, then above its children, as the priority
//! method of Sugiyama, Tagawa and Toda (1981) does; the last one goes up, so that parents are centred above their children.
//! Then the bends of each long link are lined up as far as their neighbours allow.

use crate::Spacing;
use crate::layers::{Layers, Side, Way};
use crate::settle::{Line, Wish};

/// Pairs of sweeps at most.
const SWEEPS: usize = 6;
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
pub(crate) fn abscissas(layers: &Layers, was: &[Option<f64>]) -> Vec<f64> {
    let rows = layers.rows.len() as u32;
    let mut line = Line::default();
    let mut x = vec![0.0; layers.row.len()];
    for row in 0..rows {
        settle_row(layers, &mut line, row, &mut x, |_, vertex| match was[vertex as usize] {
            Some(at) => (at, OLD_NODE),
            None => (0.0, IDLE),
        });
    }
    for _ in 0..layers.sweeps(SWEEPS) {
        let mut moved = false;
        for row in 0..rows {
            moved |= settle_row(layers, &mut line, row, &mut x, |x, vertex| wish(layers, was, x, vertex, Side::Up));
        }
        for row in (0..rows).rev() {
            moved |= settle_row(layers, &mut line, row, &mut x, |x, vertex| wish(layers, was, x, vertex, Side::Down));
        }
        if !moved {
            break;
        }
    }
    // A link that was lined up has often made room for another one: hence there, and back.
    let lines = layers.ways.iter().filter_map(|way| match way {
        Way::Down { bends, .. } if bends.len() > 1 => Some(bends.clone()),
        _ => None,
    });
    for bends in lines.clone().chain(lines.rev()) {
        line_up(layers, was, bends, &mut x);
    }
    x
}

/// Where a vertex wishes to stand because of its neighbours on one side, and how much.
fn wish(layers: &Layers, was: &[Option<f64>], x: &[f64], vertex: u32, side: Side) -> (f64, f64) {
    if let Some(at) = was[vertex as usize] {
        return (at, if layers.is_bend(vertex) { OLD_BEND } else { OLD_NODE });
    }
    let (mut sum, mut weight) = (0.0, 0.0);
    let led = layers.led.get(vertex as usize).copied().flatten();
    for (other, pull) in layers.pulls(vertex, side).filter(|_| led.is_none_or(|led| led == side)) {
        sum += x[other as usize] * pull;
        weight += pull;
    }
    if weight > 0.0 { (sum / weight, weight) } else { (x[vertex as usize], IDLE) }
}

/// Settles one row; tells whether anything moved that could be seen.
fn settle_row(
    layers: &Layers,
    line: &mut Line,
    row: u32,
    x: &mut [f64],
    wish: impl Fn(&[f64], u32) -> (f64, f64),
) -> bool {
    let vertices = layers.rows.of(row);
    line.wishes.clear();
    let mut last = None;
    for &vertex in vertices {
        let (at, weight) = wish(x, vertex);
        let gap = last.map_or(0.0, |last| layers.pitch(last, vertex));
        line.wishes.push(Wish { at, weight, gap });
        last = Some(vertex);
    }
    let mut moved = false;
    for (&vertex, at) in vertices.iter().zip(line.settle()) {
        moved |= (x[vertex as usize] - at).abs() > STILL;
        x[vertex as usize] = at;
    }
    moved
}

/// Puts runs of bends on one upright, where there is one that keeps all distances.
fn line_up(layers: &Layers, was: &[Option<f64>], bends: std::ops::Range<u32>, x: &mut [f64]) {
    let mut run: Vec<u32> = Vec::new();
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let straighten = |run: &mut Vec<u32>, low: f64, high: f64, x: &mut [f64]| {
        let mean = run.iter().map(|&bend| x[bend as usize]).sum::<f64>() / run.len() as f64;
        for bend in run.drain(..) {
            x[bend as usize] = mean.max(low).min(high);
        }
    };
    for bend in bends.filter(|&bend| was[bend as usize].is_none()) {
        let row = layers.rows.of(layers.row[bend as usize]);
        let slot = layers.slot[bend as usize] as usize;
        let left =
            slot.checked_sub(1).map_or(f64::NEG_INFINITY, |slot| x[row[slot] as usize] + layers.pitch(row[slot], bend));
        let right = row.get(slot + 1).map_or(f64::INFINITY, |&next| x[next as usize] - layers.pitch(bend, next));
        if left.max(low) > right.min(high) {
            straighten(&mut run, low, high, x);
            (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        }
        (low, high) = (low.max(left), high.min(right));
        run.push(bend);
    }
    straighten(&mut run, low, high, x);
}
