//! From an arrow's way to its line and its head.

use super::surface::{Path, Verb};

/// How much of a corner is rounded off.
const ROUND: f32 = 12.0;

/// Adds an arrow's line and its head. The line ends where the head begins, so that a thick one does not show behind its tip.
pub(super) fn arrow(way: &[(f32, f32)], size: f32, line: &mut Path, head: &mut Path) {
    let (length, half) = (size, size * 0.47);
    let Some((&tip, before)) = way.split_last() else {
        return;
    };
    let Some(&from) = before.iter().rev().find(|point| **point != tip) else {
        return;
    };
    let (dx, dy) = direction(from, tip);
    let base = (tip.0 - dx * length, tip.1 - dy * length);
    head.shape(&[tip, (base.0 - dy * half, base.1 + dx * half), (base.0 + dy * half, base.1 - dx * half)]);
    rounded(before.iter().copied().chain([base]), line);
}

/// Where an arrow's mark stands: a little way from where it begins, so that it hides neither label nor head.
pub(super) fn near_start(way: &[(f32, f32)]) -> Option<(f32, f32)> {
    const AWAY: f32 = 14.0;
    let (first, second) = (*way.first()?, *way.get(1)?);
    let (dx, dy) = direction(first, second);
    Some((first.0 + dx * AWAY, first.1 + dy * AWAY))
}

fn direction(from: (f32, f32), to: (f32, f32)) -> (f32, f32) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(f32::EPSILON);
    (dx / length, dy / length)
}

/// Straight lines with rounded corners.
pub(super) fn rounded(points: impl Iterator<Item = (f32, f32)>, path: &mut Path) {
    let points: Vec<(f32, f32)> = points.collect();
    let Some(&(x, y)) = points.first() else {
        return;
    };
    path.0.push(Verb::Move(x, y));
    for corner in points.windows(3) {
        let [before, at, after] = corner else {
            continue;
        };
        let cut = |other: &(f32, f32)| {
            let (dx, dy) = direction(*at, *other);
            let half = (other.0 - at.0).hypot(other.1 - at.1) / 2.0;
            let by = ROUND.min(half);
            (at.0 + dx * by, at.1 + dy * by)
        };
        let (start, end) = (cut(before), cut(after));
        path.0.push(Verb::Line(start.0, start.1));
        path.0.push(Verb::Quad(at.0, at.1, end.0, end.1));
    }
    if let [.., (x, y)] = points[..] {
        path.0.push(Verb::Line(x, y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(way: &[(f32, f32)]) -> (Vec<Verb>, Vec<Verb>) {
        let (mut line, mut head) = (Path::default(), Path::default());
        arrow(way, 8.0, &mut line, &mut head);
        (line.0, head.0)
    }

    #[test]
    fn a_head_points_where_the_arrow_ends() {
        let (line, head) = drawn(&[(0.0, 0.0), (0.0, 100.0)]);
        assert_eq!(line, [Verb::Move(0.0, 0.0), Verb::Line(0.0, 92.0)]);
        assert_eq!((head[0], head[3]), (Verb::Move(0.0, 100.0), Verb::Close));
    }

    #[test]
    fn corners_are_rounded_within_their_legs() {
        let (line, _) = drawn(&[(0.0, 0.0), (0.0, 10.0), (50.0, 10.0)]);
        let corner = [Verb::Line(0.0, 5.0), Verb::Quad(0.0, 10.0, 12.0, 10.0)];
        assert_eq!((&line[1..3], line[3]), (&corner[..], Verb::Line(42.0, 10.0)));
    }

    #[test]
    fn an_arrow_without_a_way_is_not_drawn() {
        for way in [&[][..], &[(1.0, 1.0)], &[(1.0, 1.0), (1.0, 1.0)]] {
            assert_eq!(drawn(way), (Vec::new(), Vec::new()));
        }
    }
}
