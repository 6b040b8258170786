//! Finds what is where: a uniform grid over boxes and arrows, for what is in view and for what is under a pointer.

use super::overview::is_marked;
use crate::scene::{Meaning, Rect, Scene};

/// The side of a cell: a few boxes fit.
const CELL: f32 = 512.0;

/// What is under a pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A box.
    Block(usize),
    /// An arrow.
    Line(usize),
    /// A container, by its name.
    Container(usize),
}

/// Numbers of things by the cells that they touch.
#[derive(Debug, Default)]
struct Grid {
    columns: usize,
    rows: usize,
    /// Where each cell begins in `items`.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Grid {
    /// `cells` gives every cell that a thing touches, twice the same.
    fn new(size: (f32, f32), things: usize, cells: impl Fn(usize, &Self, &mut dyn FnMut(usize))) -> Self {
        let count = |length: f32| (length.max(0.0) / CELL) as usize + 1;
        let (columns, rows) = (count(size.0), count(size.1));
        let mut grid = Self { columns, rows, starts: vec![0; columns * rows + 1], items: Vec::new() };
        let mut starts = vec![0u32; columns * rows + 1];
        for thing in 0..things {
            cells(thing, &grid, &mut |cell| starts[cell + 1] += 1);
        }
        for cell in 0..columns * rows {
            starts[cell + 1] += starts[cell];
        }
        let mut items = vec![0u32; starts[columns * rows] as usize];
        let mut next = starts.clone();
        for thing in 0..things {
            cells(thing, &grid, &mut |cell| {
                items[next[cell] as usize] = thing as u32;
                next[cell] += 1;
            });
        }
        (grid.starts, grid.items) = (starts, items);
        grid
    }

    fn column(&self, x: f32) -> usize {
        ((x / CELL).max(0.0) as usize).min(self.columns - 1)
    }

    fn row(&self, y: f32) -> usize {
        ((y / CELL).max(0.0) as usize).min(self.rows - 1)
    }

    fn of_rect(&self, rect: Rect, each: &mut dyn FnMut(usize)) {
        for row in self.row(rect.y)..=self.row(rect.bottom()) {
            for column in self.column(rect.x)..=self.column(rect.right()) {
                each(row * self.columns + column);
            }
        }
    }

    /// A straight line touches, in each row of cells, those between where it enters the row and where it leaves it.
    fn of_segment(&self, (from, to): ((f32, f32), (f32, f32)), each: &mut dyn FnMut(usize)) {
        let (top, bottom) = if from.1 <= to.1 { (from, to) } else { (to, from) };
        let slope = (bottom.0 - top.0) / (bottom.1 - top.1).max(1e-3);
        for row in self.row(top.1)..=self.row(bottom.1) {
            let at = |y: f32| top.0 + (y.clamp(top.1, bottom.1) - top.1) * slope;
            let (mut one, mut other) = (at(row as f32 * CELL), at((row + 1) as f32 * CELL));
            if row == self.row(top.1) {
                one = top.0;
            }
            if row == self.row(bottom.1) {
                other = bottom.0;
            }
            for column in self.column(one.min(other))..=self.column(one.max(other)) {
                each(row * self.columns + column);
            }
        }
    }

    /// Everything in the cells that a rectangle touches, each once, in order.
    fn near(&self, rect: Rect) -> Vec<usize> {
        let mut found: Vec<u32> = Vec::new();
        if self.columns > 0 {
            self.of_rect(rect, &mut |cell| {
                let items = self.starts[cell] as usize..self.starts[cell + 1] as usize;
                found.extend_from_slice(&self.items[items]);
            });
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|item| item as usize).collect()
    }
}

/// Where everything in a scene is.
#[derive(Debug, Default)]
pub struct Index {
    blocks: Grid,
    lines: Grid,
    /// The arrows that are drawn however far away the reader stands.
    pub(super) loud: Vec<usize>,
    /// The arrows on which something is written.
    pub(super) labelled: Vec<usize>,
    /// The boxes that are marked where they are too small for words.
    pub(super) marked: Vec<usize>,
    /// Where each box is: all of them are looked at from far away, and these lie close together.
    pub(super) rects: Vec<Rect>,
}

impl Index {
    /// Of a scene.
    pub fn new(scene: &Scene) -> Self {
        let blocks = Grid::new(scene.size, scene.blocks.len(), |block, grid, each| {
            grid.of_rect(scene.blocks[block].rect, each);
        });
        let lines = Grid::new(scene.size, scene.lines.len(), |line, grid, each| {
            for ends in scene.lines[line].way.windows(2) {
                grid.of_segment((ends[0], ends[1]), each);
            }
        });
        let is_loud = |line: &usize| !matches!(scene.lines[*line].meaning, Meaning::Owns { .. });
        let loud = (0..scene.lines.len()).filter(is_loud).collect();
        let labelled = (0..scene.lines.len()).filter(|&line| scene.lines[line].label.is_some()).collect();
        let marked = (0..scene.blocks.len()).filter(|&block| is_marked(&scene.blocks[block])).collect();
        let rects = scene.blocks.iter().map(|block| block.rect).collect();
        Self { blocks, lines, loud, labelled, marked, rects }
    }

    /// The boxes that can be seen in a part of the scene.
    pub fn blocks(&self, view: Rect) -> Vec<usize> {
        let mut found = self.blocks.near(view);
        found.retain(|&block| self.rects[block].overlaps(view));
        found
    }

    /// The arrows that can be seen there, and perhaps some beside it.
    pub fn lines(&self, view: Rect) -> Vec<usize> {
        self.lines.near(view)
    }

    /// What is at a point, or no farther from it than `slack`. A box lies over arrows, and an arrow over containers.
    pub fn hit(&self, scene: &Scene, point: (f32, f32), slack: f32) -> Option<Hit> {
        let around = Rect { x: point.0, y: point.1, ..Rect::default() }.grown(slack);
        let blocks = self.blocks.near(around);
        if let Some(&block) = blocks.iter().find(|&&block| scene.blocks[block].rect.contains(point)) {
            return Some(Hit::Block(block));
        }
        let distance = |line: &usize| {
            let way = scene.lines[*line].way.windows(2);
            way.map(|ends| from_segment(point, ends[0], ends[1])).fold(f32::INFINITY, f32::min)
        };
        let lines = self.lines.near(around).into_iter().map(|line| (distance(&line), line));
        let nearest = lines.filter(|(far, _)| *far <= slack).min_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((_, line)) = nearest {
            return Some(Hit::Line(line));
        }
        let named = |rect: Rect| rect.contains(point) && point.1 <= rect.y + TITLE.max(slack * 2.0);
        scene.containers.iter().position(|container| named(container.rect)).map(Hit::Container)
    }
}

/// As much of a container as its name takes.
const TITLE: f32 = 56.0;

/// How far a point is from a straight line.
fn from_segment(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let along = ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / (dx * dx + dy * dy).max(f32::EPSILON);
    let along = along.clamp(0.0, 1.0);
    (point.0 - from.0 - dx * along).hypot(point.1 - from.1 - dy * along)
}
