//! From a route to path data.

use std::fmt::Write;

use gordian_layout::Point;

/// How much of a corner is rounded off.
const ROUND: f32 = 12.0;

/// An arrow's way and its head. The way ends where the head begins, so that a thick line does not show behind its tip.
pub(super) fn arrow(points: &[Point], heavy: bool) -> (String, String) {
    let (length, half) = if heavy { (11.0, 5.5) } else { (8.0, 3.5) };
    let Some((&tip, before)) = points.split_last() else {
        return Default::default();
    };
    let Some(&from) = before.iter().rev().find(|point| **point != tip) else {
        return Default::default();
    };
    let (dx, dy) = direction(from, tip);
    let base = Point { x: tip.x - dx * length, y: tip.y - dy * length };
    let head = format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        tip.x,
        tip.y,
        base.x - dy * half,
        base.y + dx * half,
        base.x + dy * half,
        base.y - dx * half,
    );
    let mut way = before.to_vec();
    way.push(base);
    (rounded(&way), head)
}

/// Where an arrow's mark stands: a little way from where it begins, so that it hides neither label nor head.
pub(super) fn near_start(points: &[Point]) -> Point {
    const AWAY: f32 = 14.0;
    match points {
        [first, second, ..] => {
            let (dx, dy) = direction(*first, *second);
            Point { x: first.x + dx * AWAY, y: first.y + dy * AWAY }
        }
        _ => points.first().copied().unwrap_or_default(),
    }
}

fn direction(from: Point, to: Point) -> (f32, f32) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(f32::EPSILON);
    (dx / length, dy / length)
}

/// Straight lines with rounded corners.
fn rounded(points: &[Point]) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else {
        return path;
    };
    let _ = write!(path, "M{:.1} {:.1}", first.x, first.y);
    for corner in points.windows(3) {
        let [before, at, after] = corner else {
            continue;
        };
        let cut = |other: &Point| {
            let (dx, dy) = direction(*at, *other);
            let half = (other.x - at.x).hypot(other.y - at.y) / 2.0;
            let by = ROUND.min(half);
            (at.x + dx * by, at.y + dy * by)
        };
        let (start, end) = (cut(before), cut(after));
        let _ = write!(path, "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", start.0, start.1, at.x, at.y, end.0, end.1);
    }
    if let [.., last] = points {
        let _ = write!(path, "L{:.1} {:.1}", last.x, last.y);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(points: &[(f32, f32)]) -> Vec<Point> {
        points.iter().map(|&(x, y)| Point { x, y }).collect()
    }

    #[test]
    fn a_head_points_where_the_arrow_ends() {
        let (path, head) = arrow(&points(&[(0.0, 0.0), (0.0, 100.0)]), false);
        assert_eq!(path, "M0.0 0.0L0.0 92.0");
        assert_eq!(head, "M0.0 100.0L-3.5 92.0L3.5 92.0Z");
    }

    #[test]
    fn corners_are_rounded_within_their_legs() {
        let (path, _) = arrow(&points(&[(0.0, 0.0), (0.0, 10.0), (50.0, 10.0)]), false);
        assert_eq!(path, "M0.0 0.0L0.0 5.0Q0.0 10.0 12.0 10.0L42.0 10.0");
    }

    #[test]
    fn an_arrow_without_a_way_is_not_drawn() {
        for way in [points(&[]), points(&[(1.0, 1.0)]), points(&[(1.0, 1.0), (1.0, 1.0)])] {
            assert_eq!(arrow(&way, true), (String::new(), String::new()));
        }
    }
}
