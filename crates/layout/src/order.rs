//! Orders the vertices within their rows, so that few segments cross.
//!
//! From nothing: a depth-first search gives the start, then sweeps of barycentres down and up (Sugiyama, Tagawa and Toda
//! 1981) alternate with exchanges of neighbours (Gansner and others 1993), and the best order seen is kept. Crossings are
//! counted with an accumulator tree (W. Barth, M. Jünger and P. Mutzel, "Simple and efficient bilayer cross counting", 2002),
//! in O(E log V).
//!
//! From an earlier drawing: vertices that it had keep the order of their places, and only new ones look for a slot.

use crate::layers::{Layers, Side};

/// Sweeps at most, and sweeps without a gain after which it ends.
const SWEEPS: usize = 24;
const PATIENCE: usize = 4;
/// Passes of exchanges through one row at most.
const PASSES: usize = 4;

impl Layers {
    /// Puts the lists of those next to a row in order, after the row got another one.
    fn tell_neighbours(&mut self, row: u32, counts: &mut Vec<u32>) {
        counts.resize(self.row.len(), 0);
        if row > 0 {
            for &vertex in self.rows.of(row) {
                for &segment in self.up.of(vertex) {
                    let upper = self.segments[segment as usize].upper;
                    self.down.of_mut(upper)[counts[upper as usize] as usize] = segment;
                    counts[upper as usize] += 1;
                }
            }
            self.rows.of(row - 1).iter().for_each(|&vertex| counts[vertex as usize] = 0);
        }
        if row as usize + 1 < self.rows.len() {
            for &vertex in self.rows.of(row) {
                for &segment in self.down.of(vertex) {
                    let lower = self.segments[segment as usize].lower;
                    self.up.of_mut(lower)[counts[lower as usize] as usize] = segment;
                    counts[lower as usize] += 1;
                }
            }
            self.rows.of(row + 1).iter().for_each(|&vertex| counts[vertex as usize] = 0);
        }
    }
}

/// Orders all rows; tells how many segments cross. `was` has the abscissa of every vertex that the earlier drawing had.
pub(crate) fn order(layers: &mut Layers, was: &[Option<f64>]) -> u64 {
    let mut work = Work::default();
    work.start(layers);
    if was.iter().any(Option::is_some) {
        work.insert(layers, was);
        return work.crossings(layers);
    }
    let mut fewest = work.crossings(layers);
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
    work.renumber(layers);
    fewest
}

/// Orders all rows by these abscissas, then lets bends alone look for better slots; tells how many segments cross.
pub(crate) fn arrange(layers: &mut Layers, x: &[f64]) -> u64 {
    let mut work = Work::default();
    for row in 0..layers.rows.len() as u32 {
        layers.rows.of_mut(row).sort_by(|&one, &other| x[one as usize].total_cmp(&x[other as usize]));
    }
    work.renumber(layers);
    let nodes = layers.nodes;
    for row in 0..layers.rows.len() as u32 {
        work.exchange(layers, row, |vertex| vertex < nodes);
    }
    work.crossings(layers)
}

/// Room that is used again and again.
#[derive(Default)]
struct Work {
    /// How much of each list of neighbours has been put in order.
    counts: Vec<u32>,
    /// The accumulator tree: how many segments have been counted below each of its inner nodes.
    tree: Vec<u32>,
    /// What a row is sorted by.
    keys: Vec<(f64, u32)>,
}

impl Work {
    /// The order of a depth-first search that goes down before it goes up: a tree has no crossing from the start.
    fn start(&mut self, layers: &mut Layers) {
        let mut found = vec![0u32; layers.rows.len()];
        let mut seen = vec![false; layers.row.len()];
        let mut open = Vec::new();
        let mut rows = layers.rows.clone();
        for row in 0..layers.rows.len() as u32 {
            for &root in layers.rows.of(row) {
                open.push(root);
                while let Some(vertex) = open.pop() {
                    if std::mem::replace(&mut seen[vertex as usize], true) {
                        continue;
                    }
                    let row = layers.row[vertex as usize];
                    rows.of_mut(row)[found[row as usize] as usize] = vertex;
                    found[row as usize] += 1;
                    let next = open.len();
                    open.extend(layers.neighbours(vertex, Side::Down));
                    open.extend(layers.neighbours(vertex, Side::Up));
                    open[next..].reverse();
                }
            }
        }
        layers.rows = rows;
        self.renumber(layers);
    }

    /// Makes slots and lists agree with rows that all got another order.
    fn renumber(&mut self, layers: &mut Layers) {
        for row in 0..layers.rows.len() as u32 {
            layers.number(row);
            layers.tell_neighbours(row, &mut self.counts);
        }
    }

    /// Sorts every row by the mean slot of the neighbours on one side. Who has none there keeps its slot. Ties are turned at
    /// times, for that leads out of many a dead end.
    fn sweep(&mut self, layers: &mut Layers, side: Side, turn_ties: bool) {
        let rows = layers.rows.len() as u32;
        for step in 0..rows {
            let row = if side == Side::Up { step } else { rows - 1 - step };
            self.keys.clear();
            for &vertex in layers.rows.of(row) {
                let neighbours = layers.neighbours(vertex, side);
                let count = neighbours.len();
                if count > 0 {
                    let sum: f64 = neighbours.map(|other| f64::from(layers.slot[other as usize])).sum();
                    self.keys.push((sum / count as f64, vertex));
                }
            }
            if turn_ties {
                self.keys.reverse();
            }
            self.keys.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut sorted = self.keys.iter();
            let Layers { rows, up, down, .. } = layers;
            let lists = if side == Side::Up { up } else { down };
            for place in rows.of_mut(row) {
                if !lists.of(*place).is_empty()
                    && let Some(&(_, vertex)) = sorted.next()
                {
                    *place = vertex;
                }
            }
            layers.number(row);
            layers.tell_neighbours(row, &mut self.counts);
        }
    }

    /// Exchanges neighbours in a row wherever that takes crossings away, but never two that are `settled`.
    fn exchange(&mut self, layers: &mut Layers, row: u32, settled: impl Fn(u32) -> bool) {
        let mut any = false;
        for _ in 0..PASSES {
            let mut gained = false;
            for slot in 1..layers.rows.of(row).len() {
                let &[left, right] = &layers.rows.of(row)[slot - 1..=slot] else {
                    continue;
                };
                if settled(left) && settled(right) {
                    continue;
                }
                let (mut as_is, mut exchanged) = (0, 0);
                for side in [Side::Up, Side::Down] {
                    let (one, other) = pair_crossings(layers, left, right, side);
                    as_is += one;
                    exchanged += other;
                }
                if exchanged < as_is {
                    layers.rows.of_mut(row).swap(slot - 1, slot);
                    gained = true;
                }
            }
            any |= gained;
            if !gained {
                break;
            }
        }
        if any {
            layers.number(row);
            layers.tell_neighbours(row, &mut self.counts);
        }
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
            for lower in layers.neighbours(upper, Side::Down) {
                let mut at = leaves + layers.slot[lower as usize] as usize;
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
            layers.rows.of_mut(row).sort_by(|&one, &other| x[one as usize].total_cmp(&x[other as usize]));
        }
        self.renumber(layers);
        for row in 0..layers.rows.len() as u32 {
            self.exchange(layers, row, |vertex| was[vertex as usize].is_some());
        }
    }
}

/// Crossings of the segments of two vertices to one side: as they stand, and exchanged.
fn pair_crossings(layers: &Layers, left: u32, right: u32, side: Side) -> (u64, u64) {
    let slot = |other: u32| layers.slot[other as usize];
    let (mut as_is, mut exchanged) = (0, 0);
    let rights = layers.neighbours(right, side).len();
    let (mut less, mut at_most) = (0, 0);
    let (mut strict, mut loose) =
        (layers.neighbours(right, side).map(slot).peekable(), layers.neighbours(right, side).map(slot).peekable());
    for one in layers.neighbours(left, side).map(slot) {
        while strict.next_if(|&other| other < one).is_some() {
            less += 1;
        }
        while loose.next_if(|&other| other <= one).is_some() {
            at_most += 1;
        }
        as_is += less;
        exchanged += (rights - at_most) as u64;
    }
    (as_is, exchanged)
}
