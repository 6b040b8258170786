//! Where everything stands: one drawing of all, or a drawing for each namespace in a box of its own, the boxes side by side.

use std::collections::BTreeMap;

use gordian_layout::{Edge, Graph, Node, Options, Previous, redraw};

use super::rect::Rect;

/// Where everything stood, for a drawing in which only what changed moves.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Memory {
    /// The whole; where there are rooms, the rooms as boxes.
    whole: Previous,
    /// What is in each room.
    rooms: BTreeMap<u64, Previous>,
}

/// Where an arrow goes, and where its label has room.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Way {
    pub(super) points: Vec<(f32, f32)>,
    pub(super) label: Option<(f32, f32)>,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) nodes: Vec<Rect>,
    pub(super) ways: Vec<Way>,
    /// The rooms, by their identities.
    pub(super) rooms: BTreeMap<u64, Rect>,
    pub(super) size: (f32, f32),
    pub(super) memory: Memory,
}

const OPTIONS: Options = Options { node_gap: 36.0, rank_gap: 52.0, component_gap: 56.0, aspect: 1.2 };
/// In a room, which is one of many, things stand closer.
const IN_ROOM: Options = Options { node_gap: 28.0, rank_gap: 48.0, component_gap: 36.0, aspect: 1.6 };
const BETWEEN_ROOMS: Options = Options { node_gap: 48.0, rank_gap: 48.0, component_gap: 48.0, aspect: 1.4 };
/// Between a room's side and what is in it.
const PADDING: f32 = 22.0;
/// The height of a room's name.
const TITLE: f32 = 56.0;

/// One drawing of all.
pub(super) fn together(graph: &Graph, before: Option<&Memory>) -> Places {
    let nothing = Previous::default();
    let drawing = redraw(graph, &OPTIONS, before.map_or(&nothing, |memory| &memory.whole));
    Places {
        nodes: drawing.nodes.iter().copied().map(Rect::from).collect(),
        ways: drawing.edges.iter().map(|route| way(route, (0.0, 0.0))).collect(),
        rooms: BTreeMap::new(),
        size: drawing.size,
        memory: Memory { whole: Previous::new(graph, &drawing), rooms: BTreeMap::new() },
    }
}

/// A drawing for each room. `rooms` says in which one each node is.
pub(super) fn in_rooms(graph: &Graph, rooms: &[u64], before: Option<&Memory>) -> Places {
    let nothing = Previous::default();
    let mut members: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut seats = Vec::with_capacity(rooms.len());
    for (node, &room) in rooms.iter().enumerate() {
        let members = members.entry(room).or_default();
        seats.push(members.len());
        members.push(node);
    }
    let mut inside: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (rooms[edge.from as usize], rooms[edge.to as usize]);
        if from == to {
            inside.entry(from).or_default().push(index);
        }
    }
    let mut parts = Vec::new();
    let mut plan = Graph::default();
    let mut memory = Memory::default();
    for (&room, members) in &members {
        let edges = inside.remove(&room).unwrap_or_default();
        let seat = |node: u32| seats[node as usize] as u32;
        let part = Graph {
            nodes: members.iter().map(|&node| graph.nodes[node]).collect(),
            edges: edges
                .iter()
                .map(|&edge| &graph.edges[edge])
                .map(|edge| Edge { from: seat(edge.from), to: seat(edge.to), ..*edge })
                .collect(),
        };
        let was = before.and_then(|before| before.rooms.get(&room));
        let drawing = redraw(&part, &IN_ROOM, was.unwrap_or(&nothing));
        plan.nodes.push(Node {
            width: drawing.size.0 + 2.0 * PADDING,
            height: drawing.size.1 + TITLE + PADDING,
            id: room,
        });
        memory.rooms.insert(room, Previous::new(&part, &drawing));
        parts.push((room, members, edges, drawing));
    }
    let hall = redraw(&plan, &BETWEEN_ROOMS, before.map_or(&nothing, |memory| &memory.whole));
    memory.whole = Previous::new(&plan, &hall);
    let mut places = Places {
        nodes: vec![Rect::default(); graph.nodes.len()],
        ways: vec![Way::default(); graph.edges.len()],
        rooms: BTreeMap::new(),
        size: hall.size,
        memory,
    };
    for ((room, members, edges, drawing), rect) in parts.into_iter().zip(&hall.nodes) {
        let rect = Rect::from(*rect);
        let shift = (rect.x + PADDING, rect.y + TITLE);
        for (&node, rect) in members.iter().zip(&drawing.nodes) {
            places.nodes[node] = Rect::from(*rect).moved(shift);
        }
        for (edge, route) in edges.into_iter().zip(&drawing.edges) {
            places.ways[edge] = way(route, shift);
        }
        places.rooms.insert(room, rect);
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (edge.from as usize, edge.to as usize);
        if rooms[from] != rooms[to] {
            places.ways[index] = across(places.nodes[from], places.nodes[to]);
        }
    }
    places
}

fn way(route: &gordian_layout::Route, (dx, dy): (f32, f32)) -> Way {
    let point = |point: &gordian_layout::Point| (point.x + dx, point.y + dy);
    Way { points: route.points.iter().map(point).collect(), label: route.label.as_ref().map(point) }
}

/// From one room to another, straight.
fn across(from: Rect, to: Rect) -> Way {
    let (start, end) = (from.centre(), to.centre());
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let leave = |rect: Rect, sign: f32| {
        let (x, y) = rect.centre();
        let along = (rect.width / 2.0 / dx.abs().max(1e-3)).min(rect.height / 2.0 / dy.abs().max(1e-3));
        (x + dx * along * sign, y + dy * along * sign)
    };
    let points = vec![leave(from, 1.0), leave(to, -1.0)];
    let label = Some(((points[0].0 + points[1].0) / 2.0, (points[0].1 + points[1].1) / 2.0));
    Way { points, label }
}
