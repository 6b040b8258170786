//! Draws the links: from port to port, by way of their bends.
//!
//! Within the band of a row a route runs upright, at the abscissa of its bend; it slants only between bands, where no node
//! stands. So no route can pass through a node, whatever their sizes.

use std::ops::Range;

use crate::Spacing;
use crate::layers::{Layers, Side, Way};
use crate::part::{Link, Part};
use crate::place::Band;
use crate::settle::Line;
use crate::sort;

/// A point of a part's drawing.
pub(crate) type Spot = (f64, f64);

/// The routes of all links of a part.
#[derive(Debug, Default)]
pub(crate) struct Courses {
    /// The points of each link from its start to its end, one link after the other.
    spots: Vec<Spot>,
    /// Where the points of each link end.
    ends: Vec<usize>,
    /// The centre of each link's label.
    labels: Vec<Option<Spot>>,
}

impl Courses {
    /// The points and the label of every link, by link.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[Spot], Option<Spot>)> {
        let mut start = 0;
        self.ends.iter().zip(&self.labels).map(move |(&end, &label)| {
            let spots = &self.spots[start..end];
            start = end;
            (spots, label)
        })
    }

    /// Adds a route without the spots that change nothing: those that repeat, and those on a straight way.
    #[inline(never)]
    fn add(&mut self, spots: &[Spot], label: Option<Spot>) {
        let start = self.spots.len();
        for &(x, y) in spots {
            // In the precision that it will have: what looks straight then must be straight.
            let spot = (f64::from(x as f32), f64::from(y as f32));
            match self.spots[start..] {
                [.., last] if last == spot => continue,
                [.., one, middle] if is_straight(one, middle, spot) => self.spots.truncate(self.spots.len() - 1),
                _ => {}
            }
            self.spots.push(spot);
        }
        // Even a route of no length has a start and an end.
        if let [only] = self.spots[start..] {
            self.spots.push(only);
        }
        self.ends.push(self.spots.len());
        self.labels.push(label);
    }
}

/// Where everything in the part stands.
pub(crate) struct Frame<'a> {
    pub(crate) part: &'a Part<'a>,
    pub(crate) layers: &'a Layers,
    pub(crate) bands: &'a [Band],
    pub(crate) x: &'a [f64],
    pub(crate) spacing: &'a Spacing,
}

/// The routes of all links of a part, by link.
#[inline(never)]
pub(crate) fn routes(frame: &Frame) -> Courses {
    let ports = Ports::new(frame);
    let mut lanes = frame.lanes().into_iter();
    let count = frame.part.links.len();
    let mut courses = Courses {
        spots: Vec::with_capacity(2 * (count + frame.layers.segments.len())),
        ends: Vec::with_capacity(count),
        labels: Vec::with_capacity(count),
    };
    let mut spots = Vec::new();
    for (link, way) in frame.part.links.iter().zip(&frame.layers.ways) {
        spots.clear();
        let label = match way {
            Way::Down { segments, bends } => {
                frame.down(link, [segments.start, segments.end - 1], bends.clone(), &ports, &mut spots)
            }
            Way::Turn { segments, bend } => frame.turn(link, *segments, *bend, &ports, &mut spots),
            Way::Loop { reach, number } => frame.round_trip(link, *reach, *number, &mut spots),
            Way::Aside => frame.aside(link, lanes.next().unwrap_or_default(), &mut spots),
        };
        if frame.downwards(link) != [link.from, link.to] {
            spots.reverse();
        }
        courses.add(&spots, label);
    }
    courses
}

/// How far from the centre of a node the segments that touch it start and end, by segment.
struct Ports {
    upper: Vec<f64>,
    lower: Vec<f64>,
}

impl Ports {
    #[inline(never)]
    fn new(frame: &Frame) -> Self {
        let Frame { layers, x, .. } = frame;
        let mut ports = Self { upper: vec![0.0; layers.segments.len()], lower: vec![0.0; layers.segments.len()] };
        let mut line = Line::default();
        let (mut wishes, mut offsets, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (node, size) in (0..).zip(&frame.part.nodes) {
            for (side, ports) in [(Side::Down, &mut ports.upper), (Side::Up, &mut ports.lower)] {
                let segments = layers.touching(node, side);
                let count = segments.len() as f64;
                // They stand side by side at the middle of the border, and one that can be upright is.
                let pitch = (frame.spacing.node_gap / 2.0).min(size.width / (2.0 * count));
                let reach = pitch * (count - 1.0) / 2.0;
                let wish = |other: u32| (x[other as usize] - x[node as usize]).max(-reach).min(reach);
                wishes.clear();
                wishes.extend(layers.neighbours(node, side).map(wish));
                offsets.clear();
                offsets.extend((0..segments.len()).map(|index| pitch * index as f64));
                weights.resize(segments.len(), 1.0);
                line.settle(&mut wishes, &weights, &offsets);
                segments.iter().zip(&wishes).for_each(|(&segment, &port)| ports[segment as usize] = port);
            }
        }
        ports
    }
}

impl Frame<'_> {
    fn band(&self, vertex: u32) -> Band {
        self.bands[self.layers.row[vertex as usize] as usize]
    }

    /// The ends of a link, the upper one first.
    fn downwards(&self, link: &Link) -> [u32; 2] {
        let row = |node: u32| self.layers.row[node as usize];
        if row(link.from) > row(link.to) { [link.to, link.from] } else { [link.from, link.to] }
    }

    /// From the lower border of a node to the lower border of its band.
    fn leave(&self, node: u32, port: f64) -> [Spot; 2] {
        let (x, band) = (self.x[node as usize] + port, self.band(node));
        [(x, band.centre + self.part.nodes[node as usize].height / 2.0), (x, band.centre + band.half)]
    }

    /// From the upper border of a node's band to the upper border of the node.
    fn reach(&self, node: u32, port: f64) -> [Spot; 2] {
        let (x, band) = (self.x[node as usize] + port, self.band(node));
        [(x, band.centre - band.half), (x, band.centre - self.part.nodes[node as usize].height / 2.0)]
    }

    #[inline(never)]
    fn down(
        &self,
        link: &Link,
        [first, last]: [u32; 2],
        bends: Range<u32>,
        ports: &Ports,
        spots: &mut Vec<Spot>,
    ) -> Option<Spot> {
        let [upper, lower] = self.downwards(link);
        let mut label = None;
        spots.extend(self.leave(upper, ports.upper[first as usize]));
        for bend in bends {
            let (x, band) = (self.x[bend as usize], self.band(bend));
            spots.extend([(x, band.centre - band.half), (x, band.centre + band.half)]);
            if self.layers.is_label(bend) {
                label = Some((x, band.centre));
            }
        }
        spots.extend(self.reach(lower, ports.lower[last as usize]));
        label
    }

    #[inline(never)]
    fn turn(
        &self,
        link: &Link,
        [left, right]: [u32; 2],
        bend: u32,
        ports: &Ports,
        spots: &mut Vec<Spot>,
    ) -> Option<Spot> {
        let (x, band) = (self.x[bend as usize], self.band(bend));
        spots.extend(self.leave(link.from, ports.upper[left as usize]));
        spots.push((x, band.centre - band.half));
        spots.extend(self.leave(link.to, ports.upper[right as usize]).into_iter().rev());
        // The label hangs from the turn, so that the route does not cross what stands beside it.
        link.label.map(|(_, height)| (x, band.centre - band.half + height / 2.0))
    }

    #[inline(never)]
    fn round_trip(&self, link: &Link, reach: f64, number: u32, spots: &mut Vec<Spot>) -> Option<Spot> {
        let node = &self.part.nodes[link.from as usize];
        let right = self.x[link.from as usize] + node.width / 2.0;
        let centre = self.band(link.from).centre;
        // The outer loops of a node go round the inner ones.
        let half = node.height / 2.0 * (1.0 - 1.0 / f64::from(number + 2));
        let far = right + reach;
        let corner = half.min(self.spacing.node_gap / 4.0);
        let upper = [(right, centre - half), (far - corner, centre - half), (far, centre - half + corner)];
        spots.extend(upper);
        spots.extend(upper.into_iter().rev().map(|(x, y)| (x, 2.0 * centre - y)));
        link.label.map(|(width, _)| (far + width / 2.0, centre))
    }

    /// The abscissas of the links that go aside, which have lanes to the right of all that stands in rows. Those of one node
    /// share a lane, as far as neither labels nor their other ends forbid it.
    #[inline(never)]
    fn lanes(&self) -> Vec<f64> {
        let ways = self.part.links.iter().zip(&self.layers.ways);
        let links: Vec<&Link> = ways.filter(|(_, way)| matches!(way, Way::Aside)).map(|(link, _)| link).collect();
        let mut count = vec![0; if links.is_empty() { 0 } else { self.part.nodes.len() }];
        for end in links.iter().flat_map(|link| [link.from, link.to]) {
            count[end as usize] += 1;
        }
        let ends = |link: u32| {
            let Link { from, to, .. } = *links[link as usize];
            if count[from as usize] < count[to as usize] { (to, from) } else { (from, to) }
        };
        let mut order: Vec<u32> = (0..links.len() as u32).collect();
        sort::by_key(&mut order, |link| u64::from(ends(link).0) << 32 | u64::from(ends(link).1));
        let shapes = self.x.iter().zip(&self.layers.shape);
        let mut right =
            shapes.fold(f64::NEG_INFINITY, |most: f64, (x, shape)| most.max(x + shape.right + shape.margin));
        let mut lanes = vec![0.0; links.len()];
        let mut shared = None;
        let mut last = None;
        for link in order {
            let ends = ends(link);
            let width = links[link as usize].label.map(|(width, _)| width);
            let alone = width.is_some() || last == Some(ends);
            let lane = shared.filter(|&(node, _)| !alone && node == ends.0).map(|(_, lane)| lane);
            lanes[link as usize] = lane.unwrap_or_else(|| {
                let half = width.unwrap_or_default() / 2.0;
                let lane = right + self.spacing.node_gap / 2.0 + half;
                right = lane + half;
                lane
            });
            if !alone {
                shared = Some((ends.0, lanes[link as usize]));
            }
            last = Some(ends);
        }
        lanes
    }

    #[inline(never)]
    fn aside(&self, link: &Link, x: f64, spots: &mut Vec<Spot>) -> Option<Spot> {
        let [upper, lower] = self.downwards(link);
        let port = |node: u32| self.part.nodes[node as usize].width / 4.0;
        let [start, leave] = self.leave(upper, port(upper));
        let [reach, end] = self.reach(lower, port(lower));
        let row = |node: u32| self.layers.row[node as usize] as usize;
        let (below, above) = (self.bands[row(upper) + 1], self.bands[row(lower) - 1]);
        spots.extend([start, leave, (x, below.centre - below.half), (x, above.centre + above.half), reach, end]);
        link.label.map(|_| (x, (leave.1 + reach.1) / 2.0))
    }
}

/// Whether a way goes on as it came. What is upright must be exactly so, for there a curve may not give way.
fn is_straight(from: Spot, by: Spot, to: Spot) -> bool {
    const SINE: f64 = 2e-4;
    let (ax, ay) = (by.0 - from.0, by.1 - from.1);
    let (bx, by) = (to.0 - by.0, to.1 - by.1);
    if ax == 0.0 || bx == 0.0 {
        return ax == bx && ay * by > 0.0;
    }
    let (cross, dot) = (ax * by - ay * bx, ax * bx + ay * by);
    dot > 0.0 && cross * cross < SINE * SINE * (ax * ax + ay * ay) * (bx * bx + by * by)
}
