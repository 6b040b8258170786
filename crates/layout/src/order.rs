//! Orders the vertices within their rows, so that few segments cross.
//!
//! From nothing: a depth-first search gives the start, then sweeps of barycentres down and up (Sugiyama, Tagawa and Toda
//! 1981) alternate with exchanges of neighbours (Gansner and others 1993), and the best order seen is kept. Crossings are
//! counted with an accumulator tree (W. Barth, M. Jünger and P. Mutzel, "Simple and efficient bilayer cross counting", 2002),
//! in O(E log V).
//!
//! From an earlier drawing: vertices that it had keep the order of their places, and only new ones look for a slot.

use crate::layers::{Layers, Side};
use crate::lists::Lists;
use crate::sort;

/// Sweeps at most, and sweeps without a gain after which it ends.
const SWEEPS: usize = 24;
const PATIENCE: usize = 4;
/// Passes of exchanges through one row at most.
const PASSES: usize = 4;

/// Orders all rows; tells how many segments cross. `was` has the abscissa of every vertex that the earlier drawing had.
#[inline(never)]
pub(crate) fn order(layers: &mut Layers, was: &[Option<f64>]) -> u64 {
    let mut work = Work::default();
    start(layers);
    if was.iter().any(Option::is_some) {
        work.insert(layers, was);
        layers.renumber();
        return work.crossings(layers);
    }
    work.read(layers);
    let mut fewest = work.crossings(layers);
    if fewest == 0 {
        return 0;
    }
    let mut best = layers.rows.clone();
    let mut idle = 0;
    for sweep in 0..layers.sweeps(SWEEPS) {
        if fewest == 0 || idle == PATIENCE {
            break;
        }
        work.sweep(layers, if sweep % 2 == 0 { Side::Up } else { Side::Down }, sweep % 4 >= 2);
        for row in 0..layers.rows.len() as u32 {
            work.exchange(layers, row, |_| false);
        }
        let crossings = work.crossings(layers);
        idle += 1;
        if crossings < fewest {
            fewest = crossings;
            best.clone_from(&layers.rows);
            idle = 0;
        }
    }
    layers.rows = best;
    layers.renumber();
    fewest
}

/// Orders all rows by these abscissas, then lets bends alone look for better slots; tells how many segments cross.
#[inline(never)]
pub(crate) fn arrange(layers: &mut Layers, x: &[f64]) -> u64 {
    let mut work = Work::default();
    for row in 0..layers.rows.len() as u32 {
        sort::by_key(layers.rows.of_mut(row), |vertex| sort::length(x[vertex as usize]));
    }
    work.read(layers);
    let nodes = layers.nodes;
    for row in 0..layers.rows.len() as u32 {
        work.exchange(layers, row, |vertex| vertex < nodes);
    }
    layers.renumber();
    work.crossings(layers)
}

/// The order of a depth-first search that goes down before it goes up: a tree has no crossing from the start.
#[inline(never)]
fn start(layers: &mut Layers) {
    let mut found = vec![0u32; layers.rows.len()];
    let mut seen = vec![false; layers.row.len()];
    let mut open = Vec::new();
    let mut rows = layers.rows.clone();
    for &root in layers.rows.all() {
        open.push(root);
        while let Some(vertex) = open.pop() {
            if std::mem::replace(&mut seen[vertex as usize], true) {
                continue;
            }
            let row = layers.row[vertex as usize];
            rows.of_mut(row)[found[row as usize] as usize] = vertex;
            found[row as usize] += 1;
            for side in [Side::Up, Side::Down] {
                open.extend(layers.neighbours(vertex, side).rev());
            }
        }
    }
    layers.rows = rows;
}

/// What the sweeps work on, and room that is used again and again.
#[derive(Default)]
struct Work {
    /// For every vertex the slots of its neighbours in the row above, in ascending order.
    up: Lists,
    /// The same for the row below.
    down: Lists,
    /// How many slots each vertex of a row has been told.
    counts: Vec<u32>,
    /// The accumulator tree: how many segments have been counted below each of its inner nodes.
    tree: Vec<u32>,
    /// What a row is sorted by.
    keys: Vec<(u64, u32)>,
    /// Whether the vertex in a slot has been compared with the one to its left.
    compared: Vec<bool>,
}

impl Work {
    /// Starts from rows that all got another order.
    fn read(&mut self, layers: &mut Layers) {
        layers.renumber();
        let Layers { slot, segments, up, down, .. } = layers;
        self.up = up.map(|segment| slot[segments.upper[segment as usize] as usize]);
        self.down = down.map(|segment| slot[segments.lower[segment as usize] as usize]);
    }

    /// Tells the neighbours of a row, after it got another order.
    fn tell_neighbours(&mut self, rows: &Lists, row: u32) {
        let Self { up, down, counts, .. } = self;
        let mut tell = |beside: u32, from: &Lists, to: &mut Lists| {
            let beside = rows.of(beside);
            counts.clear();
            counts.resize(beside.len(), 0);
            for (slot, &vertex) in (0..).zip(rows.of(row)) {
                for &neighbour in from.of(vertex) {
                    let count = &mut counts[neighbour as usize];
                    to.of_mut(beside[neighbour as usize])[*count as usize] = slot;
                    *count += 1;
                }
            }
        };
        if row > 0 {
            tell(row - 1, up, down);
        }
        if row as usize + 1 < rows.len() {
            tell(row + 1, down, up);
        }
    }

    /// Sorts every row by the mean slot of the neighbours on one side. Who has none there keeps its slot. Ties are turned at
    /// times, for that leads out of many a dead end.
    fn sweep(&mut self, layers: &mut Layers, side: Side, turn_ties: bool) {
        let rows = layers.rows.len() as u32;
        for step in 0..rows {
            let row = if side == Side::Up { step } else { rows - 1 - step };
            let lists = if side == Side::Up { &self.up } else { &self.down };
            self.keys.clear();
            for &vertex in layers.rows.of(row) {
                let slots = lists.of(vertex);
                if !slots.is_empty() {
                    let sum: u32 = slots.iter().sum();
                    self.keys.push((sort::length(f64::from(sum) / slots.len() as f64), vertex));
                }
            }
            if turn_ties {
                self.keys.reverse();
            }
            sort::pairs(&mut self.keys);
            let mut sorted = self.keys.iter();
            let mut moved = false;
            for place in layers.rows.of_mut(row) {
                if !lists.of(*place).is_empty()
                    && let Some(&(_, vertex)) = sorted.next()
                {
                    moved |= *place != vertex;
                    *place = vertex;
                }
            }
            if moved {
                self.tell_neighbours(&layers.rows, row);
            }
        }
    }

    /// Exchanges neighbours in a row wherever that takes crossings away, but never two that are `settled`.
    fn exchange(&mut self, layers: &mut Layers, row: u32, settled: impl Fn(u32) -> bool) {
        let vertices = layers.rows.of_mut(row);
        self.compared.clear();
        self.compared.resize(vertices.len() + 1, false);
        let mut any = false;
        for _ in 0..PASSES {
            let mut gained = false;
            for slot in 1..vertices.len() {
                let (left, right) = (vertices[slot - 1], vertices[slot]);
                if std::mem::replace(&mut self.compared[slot], true)
                    || (settled(left) && settled(right))
                    || !self.gains(left, right)
                {
                    continue;
                }
                vertices.swap(slot - 1, slot);
                (self.compared[slot - 1], self.compared[slot + 1]) = (false, false);
                gained = true;
            }
            any |= gained;
            if !gained {
                break;
            }
        }
        if any {
            self.tell_neighbours(&layers.rows, row);
        }
    }

    /// Whether two neighbours in a row have fewer crossings once they are exchanged.
    fn gains(&self, left: u32, right: u32) -> bool {
        let sides = [&self.up, &self.down].map(|lists| (lists.of(left), lists.of(right)));
        let crosses = |&(left, right): &(&[u32], &[u32])| left.last() > right.first() && !right.is_empty();
        sides.iter().any(crosses) && sides.iter().map(|&(left, right)| gain(left, right)).sum::<i64>() > 0
    }

    fn crossings(&mut self, layers: &Layers) -> u64 {
        (1..layers.rows.len() as u32).map(|row| self.crossings_above(layers, row)).sum()
    }

    fn crossings_above(&mut self, layers: &Layers, row: u32) -> u64 {
        let leaves = layers.rows.of(row).len().next_power_of_two();
        self.tree.clear();
        self.tree.resize(2 * leaves, 0);
        let mut crossings = 0;
        for &upper in layers.rows.of(row - 1) {
            for &lower in self.down.of(upper) {
                let mut at = leaves + lower as usize;
                self.tree[at] += 1;
                while at > 1 {
                    if at.is_multiple_of(2) {
                        crossings += u64::from(self.tree[at + 1]);
                    }
                    at /= 2;
                    self.tree[at] += 1;
                }
            }
        }
        crossings
    }

    /// Keeps the order of `was`, and finds slots for the others among their neighbours.
    fn insert(&mut self, layers: &mut Layers, was: &[Option<f64>]) {
        let mut x: Vec<f64> = was.iter().map(|was| was.unwrap_or(f64::NAN)).collect();
        let mut open: Vec<u32> = (0..).zip(was).filter(|(_, was)| was.is_some()).map(|(vertex, _)| vertex).collect();
        let mut done = 0;
        while let Some(&vertex) = open.get(done) {
            done += 1;
            for side in [Side::Down, Side::Up] {
                for next in layers.neighbours(vertex, side) {
                    if x[next as usize].is_nan() {
                        x[next as usize] = x[vertex as usize];
                        open.push(next);
                    }
                }
            }
        }
        let new: Vec<u32> = open.into_iter().filter(|&vertex| was[vertex as usize].is_none()).collect();
        for _ in 0..PASSES {
            for &vertex in &new {
                let around = layers.neighbours(vertex, Side::Up).chain(layers.neighbours(vertex, Side::Down));
                let (sum, count) =
                    around.fold((0.0, 0.0), |(sum, count), other| (sum + x[other as usize], count + 1.0));
                x[vertex as usize] = sum / count;
            }
        }
        for row in 0..layers.rows.len() as u32 {
            sort::by_key(layers.rows.of_mut(row), |vertex| sort::length(x[vertex as usize]));
        }
        self.read(layers);
        for row in 0..layers.rows.len() as u32 {
            self.exchange(layers, row, |vertex| was[vertex as usize].is_some());
        }
    }
}

/// How many crossings the segments of two vertices to one side lose by an exchange, by the slots of their ends.
fn gain(left: &[u32], right: &[u32]) -> i64 {
    let (mut less, mut at_most) = (0, 0);
    let mut gain = 0;
    for one in left {
        less += right[less..].iter().take_while(|&other| other < one).count();
        at_most += right[at_most..].iter().take_while(|&other| other <= one).count();
        gain += less as i64 - (right.len() - at_most) as i64;
    }
    gain
}
