//! A part of the graph made properly layered: every segment joins a row with the next one.
//!
//! As in K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures" (1981), a
//! long link gets a bend in every row that it passes. A label is a bend that has a size. Ranks become rows; between two
//! ranks comes one more row where bends are needed there: for the label of a link of odd length, to draw parallel links
//! apart, and for links within one rank, which turn there.

use std::ops::Range;

use crate::Spacing;
use crate::earlier;
use crate::lists::Lists;
use crate::part::{Link, Part};
use crate::sort;

/// Vertices are the nodes of the part, by the same indices, and then the bends.
#[derive(Debug)]
pub(crate) struct Layers {
    /// The vertices of every row, from left to right.
    pub(crate) rows: Lists,
    /// Whether a row stands between two ranks.
    pub(crate) between: Vec<bool>,
    /// Row of every vertex.
    pub(crate) row: Vec<u32>,
    /// Place of every vertex in its row.
    pub(crate) slot: Vec<u32>,
    /// Size of every vertex.
    pub(crate) shape: Vec<Shape>,
    /// All segments of all links.
    pub(crate) segments: Segments,
    /// The segments that come to a vertex from the row above, by the slots of their upper ends.
    pub(crate) up: Lists,
    /// The segments that lead from a vertex to the row below, by the slots of their lower ends.
    pub(crate) down: Lists,
    /// How each link is drawn, by link.
    pub(crate) ways: Vec<Way>,
    /// On which side the neighbours of a vertex are that alone may move it, where only one may; empty where all may.
    pub(crate) led: Vec<Option<Side>>,
    /// How many of the vertices are nodes.
    pub(crate) nodes: u32,
}

/// How far a vertex reaches from its centre, and how much more it keeps free on either side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) height: f64,
    pub(crate) margin: f64,
}

/// Where to look for neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Side {
    Up,
    Down,
}

/// The pieces of links between a row and the next one.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    /// The upper end of each.
    pub(crate) upper: Vec<u32>,
    /// The lower end of each.
    pub(crate) lower: Vec<u32>,
    /// How much each wants to be upright.
    pub(crate) pull: Vec<f64>,
}

impl Segments {
    pub(crate) fn len(&self) -> usize {
        self.pull.len()
    }

    /// The ends on one side.
    fn ends(&self, side: Side) -> &[u32] {
        match side {
            Side::Up => &self.upper,
            Side::Down => &self.lower,
        }
    }
}

/// How a link is drawn.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// Between a node and another one below it, by way of some bends.
    Down { segments: Range<u32>, bends: Range<u32> },
    /// Down to a bend below both ends, and up again: its left and its right segment.
    Turn { segments: [u32; 2], bend: u32 },
    /// From the right side of a node back to it, at this distance.
    Loop { reach: f64, number: u32 },
    /// Round all rows: it is too long to have a bend in each.
    Aside,
}

/// Bends that a part may have: so many for each node and link, and some to begin with. Long links beyond that go aside, so
/// that the drawing stays linear in the size of the graph.
const BENDS_EACH: usize = 4;
const BENDS_ANYWAY: usize = 20_000;

impl Layers {
    /// Makes rows of the ranks; their order is still that of the indices.
    #[inline(never)]
    pub(crate) fn new(part: &Part, rank: &[u32], spacing: &Spacing) -> Self {
        let aside = too_long(part, rank);
        let middles = Middle::of_all(part, rank, spacing);
        let halves = halves(part, rank, &aside, &middles);
        let mut row_of = Vec::with_capacity(halves.len());
        let mut between = Vec::new();
        for half in halves {
            row_of.push(between.len() as u32);
            between.push(false);
            if half {
                between.push(true);
            }
        }
        let shape = part.nodes.iter().map(|node| Shape {
            left: node.width / 2.0,
            right: node.width / 2.0,
            height: node.height,
            margin: spacing.node_gap / 2.0,
        });
        let mut layers = Self {
            rows: Lists::default(),
            between,
            row: rank.iter().map(|&rank| row_of[rank as usize]).collect(),
            slot: Vec::new(),
            shape: shape.collect(),
            segments: Segments::default(),
            up: Lists::default(),
            down: Lists::default(),
            ways: Vec::with_capacity(part.links.len()),
            led: Vec::new(),
            nodes: part.nodes.len() as u32,
        };
        let links = part.links.iter().zip(&aside).filter(|(_, aside)| !**aside);
        let length = |link: &Link| layers.row[link.from as usize].abs_diff(layers.row[link.to as usize]) as usize;
        layers.reserve(links.map(|(link, _)| length(link).max(2)).sum());
        let mut loops = vec![0; part.nodes.len()];
        for ((link, aside), middle) in part.links.iter().zip(aside).zip(middles) {
            let row = row_of[middle.rank as usize] + u32::from(middle.half);
            let way = if link.from == link.to {
                loops[link.from as usize] += 1;
                layers.add_loop(link, loops[link.from as usize], spacing)
            } else if aside {
                Way::Aside
            } else if rank[link.from as usize] == rank[link.to as usize] {
                layers.add_turn(link, row, spacing)
            } else {
                layers.add_down(link, row, spacing)
            };
            layers.ways.push(way);
        }
        layers.up = Lists::group(layers.row.len(), &layers.segments.lower);
        layers.down = Lists::group(layers.row.len(), &layers.segments.upper);
        layers.rows = Lists::group(layers.between.len(), &layers.row);
        layers.slot = vec![0; layers.row.len()];
        layers
    }

    /// Makes room for so many bends and segments.
    #[inline(never)]
    fn reserve(&mut self, count: usize) {
        self.row.reserve(count);
        self.shape.reserve(count);
        self.segments.upper.reserve(count);
        self.segments.lower.reserve(count);
        self.segments.pull.reserve(count);
    }

    /// A loop, and its label, stand to the right of the node and of the loops before.
    #[inline(never)]
    fn add_loop(&mut self, link: &Link, number: u32, spacing: &Spacing) -> Way {
        let (width, height) = link.label.unwrap_or_default();
        let shape = &mut self.shape[link.from as usize];
        let reach = shape.right - shape.left + spacing.node_gap / 2.0;
        shape.right = shape.left + reach + width;
        shape.height = shape.height.max(height);
        Way::Loop { reach, number }
    }

    #[inline(never)]
    fn add_turn(&mut self, link: &Link, row: u32, spacing: &Spacing) -> Way {
        let bend = self.bend(row, link.label.unwrap_or_default(), spacing);
        let segments = [link.from, link.to].map(|node| self.segment(node, bend, link.weight));
        Way::Turn { segments, bend }
    }

    #[inline(never)]
    fn add_down(&mut self, link: &Link, middle: u32, spacing: &Spacing) -> Way {
        let turned = self.row[link.from as usize] > self.row[link.to as usize];
        let (upper, lower) = if turned { (link.to, link.from) } else { (link.from, link.to) };
        let (first_segment, first_bend) = (self.segments.len() as u32, self.row.len() as u32);
        let mut last = upper;
        for row in self.row[upper as usize] + 1..self.row[lower as usize] {
            let label = link.label.filter(|_| row == middle);
            let bend = self.bend(row, label.unwrap_or_default(), spacing);
            self.segment(last, bend, link.weight);
            last = bend;
        }
        self.segment(last, lower, link.weight);
        Way::Down { segments: first_segment..self.segments.len() as u32, bends: first_bend..self.row.len() as u32 }
    }

    fn bend(&mut self, row: u32, (width, height): (f64, f64), spacing: &Spacing) -> u32 {
        self.row.push(row);
        let margin = spacing.node_gap / 4.0;
        self.shape.push(Shape { left: width / 2.0, right: width / 2.0, height, margin });
        self.row.len() as u32 - 1
    }

    fn segment(&mut self, upper: u32, lower: u32, weight: u32) -> u32 {
        // The middle of a long link must be upright before all: the factors are those of Gansner and others (1993).
        let bends = [upper, lower].iter().filter(|&&end| self.is_bend(end)).count();
        let pull = f64::from(weight).max(1.0) * [1.0, 2.0, 8.0][bends];
        self.segments.upper.push(upper);
        self.segments.lower.push(lower);
        self.segments.pull.push(pull);
        self.segments.len() as u32 - 1
    }

    /// How many sweeps are worth their time: as many as are asked for, but in very large parts only the first ones, which gain
    /// the most.
    pub(crate) fn sweeps(&self, asked: usize) -> usize {
        const LEAST: usize = 4;
        const SEGMENTS: usize = 1_000_000;
        (SEGMENTS / self.segments.len().max(1)).clamp(LEAST, asked)
    }

    pub(crate) fn is_bend(&self, vertex: u32) -> bool {
        vertex >= self.nodes
    }

    /// A label is never without size, and no other bend has any.
    pub(crate) fn is_label(&self, vertex: u32) -> bool {
        let shape = &self.shape[vertex as usize];
        self.is_bend(vertex) && shape.right + shape.height > 0.0
    }

    /// Half the height of the tallest vertex in a row.
    pub(crate) fn half_height(&self, row: u32) -> f64 {
        let heights = self.rows.of(row).iter().map(|&vertex| self.shape[vertex as usize].height);
        heights.fold(0.0, f64::max) / 2.0
    }

    /// Makes slots and segments agree with rows that got another order.
    pub(crate) fn renumber(&mut self) {
        let Self { rows, slot, segments, up, down, .. } = self;
        for row in 0..rows.len() as u32 {
            (0..).zip(rows.of(row)).for_each(|(place, &vertex)| slot[vertex as usize] = place);
        }
        down.refill(rows.all(), up, &segments.upper);
        up.refill(rows.all(), down, &segments.lower);
    }

    /// The segments of a vertex to one side, from left to right.
    pub(crate) fn touching(&self, vertex: u32, side: Side) -> &[u32] {
        match side {
            Side::Up => self.up.of(vertex),
            Side::Down => self.down.of(vertex),
        }
    }

    /// The neighbours of a vertex in the row above or below, from left to right, and how much each pulls.
    pub(crate) fn pulls(&self, vertex: u32, side: Side) -> impl Iterator<Item = (u32, f64)> + '_ {
        let (ends, pull) = (self.segments.ends(side), &self.segments.pull);
        self.touching(vertex, side).iter().map(|&segment| (ends[segment as usize], pull[segment as usize]))
    }

    /// The neighbours of a vertex in the row above or below, from left to right.
    pub(crate) fn neighbours(&self, vertex: u32, side: Side) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let ends = self.segments.ends(side);
        self.touching(vertex, side).iter().map(|&segment| ends[segment as usize])
    }

    /// Room from the centre of a vertex to the centre of its right neighbour.
    pub(crate) fn pitch(&self, left: u32, right: u32) -> f64 {
        let (left, right) = (&self.shape[left as usize], &self.shape[right as usize]);
        left.right + left.margin + right.margin + right.left
    }
}

/// The links for which there are too many bends.
#[inline(never)]
fn too_long(part: &Part, rank: &[u32]) -> Vec<bool> {
    let length = |link: u32| {
        let link = &part.links[link as usize];
        rank[link.from as usize].abs_diff(rank[link.to as usize]) as usize
    };
    let mut aside = vec![false; part.links.len()];
    let mut room = BENDS_EACH * (part.nodes.len() + part.links.len()) + BENDS_ANYWAY;
    let links = 0..part.links.len() as u32;
    if links.clone().map(length).sum::<usize>() > room {
        let mut links: Vec<u32> = links.collect();
        sort::by_key(&mut links, |link| length(link) as u64);
        for link in links {
            aside[link as usize] = length(link) > room;
            room = room.saturating_sub(length(link));
        }
    }
    aside
}

/// Where the label of a link stands: in a rank, or in the gap below it.
#[derive(Debug, Clone, Copy)]
struct Middle {
    rank: u32,
    half: bool,
}

impl Middle {
    /// The middles of all links; those that were drawn before keep theirs while they still pass there.
    #[inline(never)]
    fn of_all(part: &Part, rank: &[u32], spacing: &Spacing) -> Vec<Self> {
        let levels = earlier::levels(part, rank);
        let middle = |link: &Link| {
            let (from, to) = (rank[link.from as usize], rank[link.to as usize]);
            let (top, bottom) = (from.min(to), from.max(to));
            let was = link.was.and_then(|was| was.label).and_then(|was| levels.find(was, spacing));
            was.map(|(rank, half)| Self { rank, half })
                .filter(|was| was.rank < bottom && if was.half { was.rank >= top } else { was.rank > top })
                .unwrap_or(Self { rank: (top + bottom) / 2, half: top == bottom || (top + bottom) % 2 == 1 })
        };
        part.links.iter().map(middle).collect()
    }
}

/// For every rank, whether a row is needed between it and the next one.
#[inline(never)]
fn halves(part: &Part, rank: &[u32], aside: &[bool], middles: &[Middle]) -> Vec<bool> {
    let mut halves = vec![false; rank.iter().max().map_or(0, |&last| last as usize + 1)];
    let mut short = Vec::with_capacity(part.links.len());
    for ((link, middle), _) in part.links.iter().zip(middles).zip(aside).filter(|(_, aside)| !**aside) {
        let (from, to) = (rank[link.from as usize], rank[link.to as usize]);
        if link.from == link.to {
            continue;
        }
        if from == to || (link.label.is_some() && middle.half) {
            halves[middle.rank as usize] = true;
        } else if from.abs_diff(to) == 1 {
            let ends = (link.from.min(link.to), link.from.max(link.to));
            short.push((u64::from(ends.0) << 32 | u64::from(ends.1), from.min(to)));
        }
    }
    // What is parallel to a labelled link needs no thought: the row is there already.
    sort::pairs(&mut short);
    for pair in short.windows(2).filter(|pair| pair[0] == pair[1]) {
        halves[pair[0].1 as usize] = true;
    }
    halves
}
