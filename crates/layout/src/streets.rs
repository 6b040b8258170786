//! Leads edges from one container to another, along the streets that the shelves leave.
//!
//! An edge leaves its node downwards, as edges do, into the gap below the node's row, and follows that gap out of its part to
//! the street beside the column. From there streets lead round whole columns, shelves and boxes only, so there is no node in
//! the way. Each edge keeps to one lane of every street, by who it joins.

use crate::Spacing;
use crate::graph::{self, Edge, Graph};
use crate::groups::Tree;
use crate::nest::Room;
use crate::route::Spot;
use crate::shelves::Column;

/// All containers, drawn and in place.
pub(crate) struct City<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) tree: &'a Tree,
    pub(crate) rooms: &'a [Room<'a>],
    /// Part of each node in its container, and index in the part.
    pub(crate) node_rooms: &'a [(u32, u32)],
    pub(crate) spacing: &'a Spacing,
}

/// A way out to a street of some container.
struct Exit {
    spots: Vec<Spot>,
    shelf: usize,
    /// Which gap between the columns of the shelf it is, counted from the left.
    gap: usize,
    column: usize,
}

/// How many lanes a street has.
const LANES: u64 = 9;

impl City<'_> {
    /// The ways of all edges that lead from one container to another, by edge.
    pub(crate) fn ways(&self) -> impl Iterator<Item = (usize, Vec<Spot>)> {
        graph::edge_ids(self.graph).into_iter().filter_map(|((from, to, number), index)| {
            let mixed = (from ^ to.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let lane = ((mixed + u64::from(number)) % LANES) as f64 / (LANES - 1) as f64 - 0.5;
            let way = self.way(&self.graph.edges[index as usize], lane * self.spacing.component_gap / 2.0)?;
            Some((index as usize, way))
        })
    }

    /// The way of an edge from one container to another; none for any other edge. It keeps so far from the middle of a street.
    fn way(&self, edge: &Edge, lane: f64) -> Option<Vec<Spot>> {
        let group = |node: u32| self.tree.of.get(node as usize).copied();
        let (from, to) = (group(edge.from)?, group(edge.to)?);
        if from == to {
            return None;
        }
        let common = self.tree.common(from, to);
        let (start, end) = (self.centre(edge.from), self.centre(edge.to));
        let left = end.0 < start.0;
        let mut out = self.exit(edge.from, common, (left, end.1), 1.0, lane);
        let mut into = self.exit(edge.to, common, (!left, start.1), -1.0, lane);
        if (out.shelf, out.column) == (into.shelf, into.column) {
            into = self.exit(edge.to, common, (left, start.1), -1.0, lane);
        }
        self.follow(common, &mut out, &into, lane);
        out.spots.extend(into.spots.into_iter().rev());
        Some(self.with_cut_corners(out.spots))
    }

    fn part(&self, node: u32) -> (&Room<'_>, usize, usize) {
        let (part, local) = self.node_rooms[node as usize];
        (&self.rooms[self.tree.of[node as usize] as usize], part as usize, local as usize)
    }

    fn centre(&self, node: u32) -> Spot {
        let (room, part, local) = self.part(node);
        let (shift, centre) = (room.shift_of(part), room.figures[part].centres[local]);
        (centre.0 + shift.0, centre.1 + shift.1)
    }

    /// How far beyond a row, or beyond the side of a column, there is surely a gap.
    fn step(&self) -> f64 {
        self.spacing.rank_gap.min(self.spacing.component_gap) / 4.0
    }

    /// From a node to a street of a container around it, to the left or not, and to this height; `down` is 1, or -1 for up.
    fn exit(&self, node: u32, common: u32, (left, height): (bool, f64), down: f64, lane: f64) -> Exit {
        let (room, part, local) = self.part(node);
        let figure = &room.figures[part];
        let (centre, size) = (self.centre(node), &room.parts[part].nodes[local]);
        let x = centre.0 + lane / (self.spacing.component_gap.max(1.0) / 2.0) * size.width / 2.0;
        let mut y = centre.1 + down * (figure.halves[local] + self.step());
        let mut spots = vec![(x, centre.1 + down * size.height / 2.0), (x, y)];
        let (mut group, mut parcel) = (self.tree.of[node as usize], part);
        loop {
            let room = &self.rooms[group as usize];
            let (shelf, column) = room.shelves.spot[parcel];
            let (shelf, column) = (shelf as usize, column as usize);
            let side = self.beside(room, &room.shelves.shelves[shelf].columns[column], left, lane);
            spots.push((side, y));
            if group == common {
                return Exit { spots, shelf, column, gap: column + usize::from(!left) };
            }
            y = self.along(room, shelf + usize::from(height > y), lane);
            spots.push((side, y));
            parcel = room.parcel as usize;
            group = self.tree.parent[group as usize];
        }
    }

    /// The street to the left or right of a column.
    fn beside(&self, room: &Room, column: &Column, left: bool, lane: f64) -> f64 {
        let half = self.spacing.component_gap / 2.0;
        lane + room.shift.0 + if left { column.left - half } else { column.right + half }
    }

    /// The street above a shelf, or below the last one.
    fn along(&self, room: &Room, shelf: usize, lane: f64) -> f64 {
        let (shelves, half) = (&room.shelves.shelves, self.spacing.component_gap / 2.0);
        let below = shelves.get(shelf).map(|shelf| shelf.top - half);
        let above = || shelf.checked_sub(1).map_or(0.0, |above| shelves[above].bottom + half);
        lane + room.shift.1 + below.unwrap_or_else(above)
    }

    /// Goes on from one exit to the street where the other one ends.
    fn follow(&self, common: u32, out: &mut Exit, into: &Exit, lane: f64) {
        let room = &self.rooms[common as usize];
        let (Some(&start), Some(&end)) = (out.spots.last(), into.spots.last()) else { return };
        if (out.shelf, out.gap) == (into.shelf, into.gap) {
            out.spots.push((start.0, end.1));
            return;
        }
        let down =
            into.shelf > out.shelf || (into.shelf == out.shelf && start.1 + end.1 > 2.0 * self.middle(room, out.shelf));
        let mut street = out.shelf + usize::from(down);
        let last =
            if into.shelf > out.shelf || (into.shelf == out.shelf && !down) { into.shelf } else { into.shelf + 1 };
        let mut x = start.0;
        loop {
            let y = self.along(room, street, lane);
            out.spots.push((x, y));
            if street == last {
                out.spots.push((end.0, y));
                return;
            }
            let shelf = if down { street } else { street - 1 };
            x = self.through(room, shelf, end.0, lane);
            out.spots.push((x, y));
            street = if down { street + 1 } else { street - 1 };
        }
    }

    fn middle(&self, room: &Room, shelf: usize) -> f64 {
        let shelf = &room.shelves.shelves[shelf];
        room.shift.1 + (shelf.top + shelf.bottom) / 2.0
    }

    /// The street across a shelf that is nearest to an abscissa.
    fn through(&self, room: &Room, shelf: usize, x: f64, lane: f64) -> f64 {
        let columns = &room.shelves.shelves[shelf].columns;
        let at = columns.partition_point(|column| room.shift.0 + (column.left + column.right) / 2.0 < x);
        match columns.get(at) {
            Some(column) => self.beside(room, column, true, lane),
            None => columns.last().map_or(x, |column| self.beside(room, column, false, lane)),
        }
    }

    /// Leaves out what repeats or goes straight on, and cuts the corners.
    fn with_cut_corners(&self, spots: Vec<Spot>) -> Vec<Spot> {
        let mut turns: Vec<Spot> = Vec::with_capacity(spots.len());
        for spot in spots {
            let straight = |one: Spot, other: Spot| {
                (one.0 == other.0 && other.0 == spot.0) || (one.1 == other.1 && other.1 == spot.1)
            };
            if let &[.., one, other] = turns.as_slice()
                && straight(one, other)
            {
                turns.pop();
            }
            if turns.last() != Some(&spot) {
                turns.push(spot);
            }
        }
        let mut cut: Vec<Spot> = turns.first().copied().into_iter().collect();
        for corner in turns.windows(3) {
            let [before, at, after] = [corner[0], corner[1], corner[2]];
            let toward = |other: Spot| {
                let (x, y) = (other.0 - at.0, other.1 - at.1);
                let length = x.abs() + y.abs();
                let reach = self.step().min(length / 2.0) / length.max(f64::MIN_POSITIVE);
                (at.0 + x * reach, at.1 + y * reach)
            };
            cut.extend([toward(before), toward(after)]);
        }
        cut.extend(turns.last());
        cut
    }
}
