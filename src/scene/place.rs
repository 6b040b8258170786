//! Where everything stands: side by side, or each room's things in a box of their own.

use gordian_layout::{Drawing, Graph, Group, Groups, Options, Previous, Route, redraw, redraw_groups};

use super::rect::Rect;

/// Where an arrow goes, and where its label has room.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Way {
    pub(super) points: Vec<(f32, f32)>,
    pub(super) label: Option<(f32, f32)>,
}

/// Where everything stands.
pub(super) struct Places {
    pub(super) nodes: Vec<Rect>,
    pub(super) ways: Vec<Way>,
    /// The boxes around the rooms, in their order.
    pub(super) rooms: Vec<Rect>,
    pub(super) size: (f32, f32),
    /// For a drawing in which only what changed moves.
    pub(super) memory: Previous,
}

const OPTIONS: Options = Options { node_gap: 36.0, rank_gap: 52.0, component_gap: 56.0, aspect: 1.2 };
/// In a room, which is one of many, things stand closer.
const IN_ROOMS: Options = Options { node_gap: 28.0, rank_gap: 48.0, component_gap: 36.0, aspect: 1.4 };
/// The strip for a room's name, besides its padding.
const TITLE: (f32, f32) = (170.0, 48.0);

/// One drawing of all.
pub(super) fn together(graph: &Graph, before: &Previous) -> Places {
    let drawing = redraw(graph, &OPTIONS, before);
    Places::new(&drawing, Previous::new(graph, &drawing))
}

/// The same in rooms, which have identities; `of` says in which one each node is.
pub(super) fn in_rooms(graph: &Graph, rooms: &[u64], of: Vec<Option<u32>>, before: &Previous) -> Places {
    let groups = rooms.iter().map(|&id| Group { id, within: None, title: TITLE }).collect();
    let groups = Groups { groups, of, padding: 0.0 };
    let drawing = redraw_groups(graph, &groups, &IN_ROOMS, before);
    Places::new(&drawing, Previous::with_groups(graph, &groups, &drawing))
}

impl Places {
    fn new(drawing: &Drawing, memory: Previous) -> Self {
        let rects = |rects: &[gordian_layout::Rect]| rects.iter().copied().map(Rect::from).collect();
        Self {
            nodes: rects(&drawing.nodes),
            ways: drawing.edges.iter().map(way).collect(),
            rooms: rects(&drawing.groups),
            size: drawing.size,
            memory,
        }
    }
}

/// What leads from room to room has no room for its label: it stands halfway.
fn way(route: &Route) -> Way {
    let points: Vec<(f32, f32)> = route.points.iter().map(|point| (point.x, point.y)).collect();
    let label = route.label.map_or_else(|| halfway(&points), |point| Some((point.x, point.y)));
    Way { points, label }
}

/// The point in the middle of a way.
fn halfway(points: &[(f32, f32)]) -> Option<(f32, f32)> {
    let length = |ends: &[(f32, f32)]| (ends[1].0 - ends[0].0).hypot(ends[1].1 - ends[0].1);
    let mut left = points.windows(2).map(length).sum::<f32>() / 2.0;
    for ends in points.windows(2) {
        let length = length(ends);
        if length >= left && length > 0.0 {
            let part = left / length;
            return Some((ends[0].0 + (ends[1].0 - ends[0].0) * part, ends[0].1 + (ends[1].1 - ends[0].1) * part));
        }
        left -= length;
    }
    None
}
