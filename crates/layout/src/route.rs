//! Draws the links: from port to port, by way of their bends.
//!
//! Within the band of a row a route runs upright, at the abscissa of its bend; it slants only between bands, where no node
//! stands. So no route can pass through a node, whatever their sizes.

use crate::Spacing;
use crate::layers::{Layers, Side, Way};
use crate::part::{Link, Part};
use crate::place::Band;
use crate::settle::{Line, Wish};

/// A point of a part's drawing.
pub(crate) type Spot = (f64, f64);

/// The points of one link from its start to its end, and the centre of its label.
#[derive(Debug, Default)]
pub(crate) struct Course {
    pub(crate) spots: Vec<Spot>,
    pub(crate) label: Option<Spot>,
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
pub(crate) fn routes(frame: &Frame) -> Vec<Course> {
    let ports = Ports::new(frame);
    // Long links that go aside each get a lane to the right of all that stands in rows.
    let mut lane = (0..)
        .zip(&frame.layers.shape)
        .fold(f64::NEG_INFINITY, |most: f64, (vertex, shape)| most.max(frame.x[vertex] + shape.right + shape.margin));
    let links = frame.part.links.iter().zip(&frame.layers.ways);
    links
        .map(|(link, way)| {
            let mut course = match way {
                Way::Down { segments, bends, turned } => {
                    frame.down(link, [segments.start, segments.end - 1], bends.clone(), *turned, &ports)
                }
                Way::Turn { segments, bend } => frame.turn(link, *segments, *bend, &ports),
                Way::Loop { reach, number } => frame.round_trip(link, *reach, *number),
                Way::Aside => frame.aside(link, &mut lane),
            };
            course.spots = without_idle(&course.spots);
            course
        })
        .collect()
}

/// How far from the centre of a node the segments that touch it start and end, by segment.
struct Ports {
    upper: Vec<f64>,
    lower: Vec<f64>,
}

impl Ports {
    fn new(frame: &Frame) -> Self {
        let Frame { layers, x, .. } = frame;
        let mut ports = Self { upper: vec![0.0; layers.segments.len()], lower: vec![0.0; layers.segments.len()] };
        let mut line = Line::default();
        for (node, size) in (0..).zip(&frame.part.nodes) {
            for (side, ports) in [(Side::Down, &mut ports.upper), (Side::Up, &mut ports.lower)] {
                let segments = layers.touching(node, side);
                let count = segments.len() as f64;
                // They stand side by side at the middle of the border, and one that can be upright is.
                let pitch = (frame.spacing.node_gap / 2.0).min(size.width / (2.0 * count));
                let reach = pitch * (count - 1.0) / 2.0;
                line.wishes.clear();
                line.wishes.extend(layers.neighbours(node, side).enumerate().map(|(index, other)| Wish {
                    at: (x[other as usize] - x[node as usize]).max(-reach).min(reach),
                    weight: 1.0,
                    gap: if index == 0 { 0.0 } else { pitch },
                }));
                for (&segment, port) in segments.iter().zip(line.settle()) {
                    ports[segment as usize] = port;
                }
            }
        }
        ports
    }
}

impl Frame<'_> {
    fn band(&self, vertex: u32) -> Band {
        self.bands[self.layers.row[vertex as usize] as usize]
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

    fn down(
        &self,
        link: &Link,
        [first, last]: [u32; 2],
        bends: std::ops::Range<u32>,
        turned: bool,
        ports: &Ports,
    ) -> Course {
        let (upper, lower) = if turned { (link.to, link.from) } else { (link.from, link.to) };
        let mut course = Course::default();
        course.spots.extend(self.leave(upper, ports.upper[first as usize]));
        for bend in bends {
            let (x, band) = (self.x[bend as usize], self.band(bend));
            course.spots.extend([(x, band.centre - band.half), (x, band.centre + band.half)]);
            if self.layers.is_label(bend) {
                course.label = Some((x, band.centre));
            }
        }
        course.spots.extend(self.reach(lower, ports.lower[last as usize]));
        if turned {
            course.spots.reverse();
        }
        course
    }

    fn turn(&self, link: &Link, [left, right]: [u32; 2], bend: u32, ports: &Ports) -> Course {
        let (x, band) = (self.x[bend as usize], self.band(bend));
        let mut course = Course::default();
        course.spots.extend(self.leave(link.from, ports.upper[left as usize]));
        course.spots.push((x, band.centre - band.half));
        course.spots.extend(self.leave(link.to, ports.upper[right as usize]).into_iter().rev());
        // The label hangs from the turn, so that the route does not cross what stands beside it.
        course.label = link.label.map(|(_, height)| (x, band.centre - band.half + height / 2.0));
        course
    }

    fn round_trip(&self, link: &Link, reach: f64, number: u32) -> Course {
        let node = &self.part.nodes[link.from as usize];
        let right = self.x[link.from as usize] + node.width / 2.0;
        let centre = self.band(link.from).centre;
        // The outer loops of a node go round the inner ones.
        let half = node.height / 2.0 * (1.0 - 1.0 / f64::from(number + 2));
        let far = right + reach;
        let corner = half.min(self.spacing.node_gap / 4.0);
        let upper = [(right, centre - half), (far - corner, centre - half), (far, centre - half + corner)];
        let lower = upper.map(|(x, y)| (x, 2.0 * centre - y));
        Course {
            spots: upper.into_iter().chain(lower.into_iter().rev()).collect(),
            label: link.label.map(|(width, _)| (far + width / 2.0, centre)),
        }
    }

    fn aside(&self, link: &Link, lane: &mut f64) -> Course {
        let row = |node: u32| self.layers.row[node as usize];
        let turned = row(link.from) > row(link.to);
        let (upper, lower) = if turned { (link.to, link.from) } else { (link.from, link.to) };
        let port = |node: u32| self.part.nodes[node as usize].width / 4.0;
        let [start, leave] = self.leave(upper, port(upper));
        let [reach, end] = self.reach(lower, port(lower));
        let (below, above) = (self.bands[row(upper) as usize + 1], self.bands[row(lower) as usize - 1]);
        let width = link.label.map_or(0.0, |(width, _)| width);
        let x = *lane + self.spacing.node_gap / 2.0 + width / 2.0;
        *lane = x + width / 2.0;
        let mut spots = vec![start, leave, (x, below.centre - below.half), (x, above.centre + above.half), reach, end];
        if turned {
            spots.reverse();
        }
        Course { spots, label: link.label.map(|_| (x, (leave.1 + reach.1) / 2.0)) }
    }
}

/// Leaves out the spots that change nothing: those that repeat, and those on a straight way.
fn without_idle(spots: &[Spot]) -> Vec<Spot> {
    let mut kept: Vec<Spot> = Vec::with_capacity(spots.len());
    for &(x, y) in spots {
        // In the precision that it will have: what looks straight then must be straight.
        let spot = (f64::from(x as f32), f64::from(y as f32));
        if kept.last() == Some(&spot) {
            continue;
        }
        if let &[.., one, middle] = kept.as_slice()
            && is_straight(one, middle, spot)
        {
            kept.pop();
        }
        kept.push(spot);
    }
    // Even a route of no length has a start and an end.
    if let &[only] = kept.as_slice() {
        kept.push(only);
    }
    kept
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
