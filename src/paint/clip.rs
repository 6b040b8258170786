//! What is in view of an arrow's way. It can be as long as the whole drawing, and each of its dashes would cost something.

use crate::scene::Rect;

/// Gives each stretch of a way that touches the view, and whether the way's end is its end. A stretch that begins at the border of the
/// view begins so many lengths of `period` from the way's start, so that dashes stay where they are while the view moves.
pub(super) fn stretches(way: &[(f32, f32)], view: Rect, period: f32, mut each: impl FnMut(&[(f32, f32)], bool)) {
    if way.iter().all(|&point| view.contains(point)) {
        return each(way, true);
    }
    let (mut stretch, mut gone, mut ends) = (Vec::new(), 0.0, false);
    for leg in way.windows(2) {
        let (from, to) = (leg[0], leg[1]);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let at = |along: f32| (from.0 + dx * along, from.1 + dy * along);
        ends = false;
        if let Some((enter, leave)) = clip(from, to, view) {
            if stretch.is_empty() {
                let back = if period > 0.0 { (gone + enter * length) % period / length.max(f32::EPSILON) } else { 0.0 };
                stretch.push(at((enter - back).max(0.0)));
            }
            ends = leave >= 1.0;
            stretch.push(if ends { to } else { at(leave) });
        }
        if !ends && !stretch.is_empty() {
            each(&stretch, false);
            stretch.clear();
        }
        gone += length;
    }
    if ends {
        each(&stretch, true);
    }
}

/// From where to where on a straight line, as parts of it, it is within a rectangle (Liang and Barsky 1984).
fn clip(from: (f32, f32), to: (f32, f32), within: Rect) -> Option<(f32, f32)> {
    let (mut enter, mut leave) = (0.0f32, 1.0f32);
    let axes = [(from.0, to.0, within.x, within.right()), (from.1, to.1, within.y, within.bottom())];
    for (from, to, low, high) in axes {
        let by = to - from;
        if by == 0.0 {
            if from < low || from > high {
                return None;
            }
            continue;
        }
        let (one, other) = ((low - from) / by, (high - from) / by);
        (enter, leave) = (enter.max(one.min(other)), leave.min(one.max(other)));
    }
    (enter <= leave).then_some((enter, leave))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Rect = Rect { x: 0.0, y: 0.0, width: 100.0, height: 100.0 };

    fn seen(way: &[(f32, f32)], period: f32) -> Vec<(Vec<(f32, f32)>, bool)> {
        let mut seen = Vec::new();
        stretches(way, VIEW, period, |points, ends| seen.push((points.to_vec(), ends)));
        seen
    }

    #[test]
    fn what_is_in_view_of_a_way_is_left() {
        let inside = [(10.0, 10.0), (90.0, 90.0)];
        assert_eq!(seen(&inside, 8.0), [(inside.to_vec(), true)]);
        assert_eq!(seen(&[(10.0, 200.0), (900.0, 200.0)], 8.0), []);
        assert_eq!(seen(&[(-50.0, 50.0), (150.0, 50.0)], 0.0), [(vec![(0.0, 50.0), (100.0, 50.0)], false)]);
        // Out on one side, and back on another one.
        let away = [(50.0, 50.0), (150.0, 50.0), (150.0, 70.0), (50.0, 70.0)];
        let parts = [(vec![(50.0, 50.0), (100.0, 50.0)], false), (vec![(100.0, 70.0), (50.0, 70.0)], true)];
        assert_eq!(seen(&away, 0.0), parts);
        let ends_there = [(150.0, 10.0), (90.0, 10.0), (90.0, 20.0)];
        assert_eq!(seen(&ends_there, 0.0), [(vec![(100.0, 10.0), (90.0, 10.0), (90.0, 20.0)], true)]);
    }

    #[test]
    fn dashes_stay_where_they_are() {
        for start in [-53.0, -61.5, -1003.0] {
            let way = [(start, 50.0), (start, 50.0), (150.0, 50.0)];
            let (points, _) = &seen(&way, 8.0)[0];
            let from = points[0].0;
            assert!((-8.0..=0.0).contains(&from), "{from}");
            assert!(
                ((from - start) % 8.0).abs() < 0.01 || ((from - start) % 8.0 - 8.0).abs() < 0.01,
                "{from} of {start}"
            );
        }
    }
}
