//! Makes a smooth curve of a route.
//!
//! A route slants only where no node stands, between two rows; so each slanted piece becomes one cubic curve that stays within
//! the heights of its ends, and everything else stays straight. The curve keeps as clear of the nodes as the route does.

use crate::graph::{Point, Route};

/// The direction of a curve at a point.
#[derive(Clone, Copy)]
enum Tangent {
    Upright,
    Level,
    /// So far across for each unit down.
    Slope(f32),
}

impl Route {
    /// The route as a smooth curve from its first point: cubic Bézier pieces, each by its two control points and its end. No
    /// piece passes through a node.
    pub fn curve(&self) -> Vec<[Point; 3]> {
        let tangents: Vec<Tangent> = (0..self.points.len()).map(|index| self.tangent(index)).collect();
        self.points
            .windows(2)
            .zip(tangents.windows(2))
            .map(|(ends, tangents)| {
                let (across, down) = (ends[1].x - ends[0].x, ends[1].y - ends[0].y);
                let control = |end: Point, tangent, sign: f32| {
                    let (x, y) = match tangent {
                        Tangent::Upright => (0.0, down / 2.0),
                        Tangent::Level => (across / 2.0, 0.0),
                        Tangent::Slope(slope) => (slope * down / 3.0, down / 3.0),
                    };
                    Point { x: end.x + sign * x, y: end.y + sign * y }
                };
                [control(ends[0], tangents[0], 1.0), control(ends[1], tangents[1], -1.0), ends[1]]
            })
            .collect()
    }

    fn tangent(&self, index: usize) -> Tangent {
        let point = self.points[index];
        let before = index.checked_sub(1).map(|before| self.points[before]);
        let after = self.points.get(index + 1).copied();
        let beside = [before, after].into_iter().flatten();
        if beside.clone().any(|other| other.y == point.y) {
            return Tangent::Level;
        }
        match (before, after) {
            (Some(before), Some(after)) if before.x != point.x && after.x != point.x => {
                if (before.y < point.y) == (after.y < point.y) {
                    Tangent::Level
                } else {
                    Tangent::Slope((after.x - before.x) / (after.y - before.y))
                }
            }
            _ => Tangent::Upright,
        }
    }
}
