//! What goes in and what comes out.

use crate::groups::Groups;
use crate::sort;

/// A node, of which the drawing needs to know only how much room it takes and who it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Node {
    /// Width, in the caller's units.
    pub width: f32,
    /// Height, in the caller's units.
    pub height: f32,
    /// Stable identity of the node from one drawing to the next.
    pub id: u64,
}

/// An arrow between two nodes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Edge {
    /// Index of the node where the edge starts.
    pub from: u32,
    /// Index of the node where the edge ends.
    pub to: u32,
    /// How much the edge wants to point down. Where a cycle must be broken, the edges with the least weight are reversed.
    pub weight: u32,
    /// A free edge takes no part in ranking: it is only routed. Its ends are still drawn as one component.
    pub free: bool,
    /// Width and height of the room wanted for a label at the middle of the edge; `(0.0, 0.0)` for none.
    pub label: (f32, f32),
}

/// A directed graph: cycles, self loops and parallel edges are welcome.
///
/// An edge with an index that is out of range is ignored; its route is empty. A size that is negative or not a number
/// counts as 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges, by indices into `nodes`.
    pub edges: Vec<Edge>,
}

/// How much room the drawing leaves between things, and what shape it should have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Least distance between neighbours in a rank.
    pub node_gap: f32,
    /// Least distance between the nodes of two ranks.
    pub rank_gap: f32,
    /// Least distance between components.
    pub component_gap: f32,
    /// Wanted width / height of the whole drawing.
    pub aspect: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { node_gap: 24.0, rank_gap: 56.0, component_gap: 48.0, aspect: 1.6 }
    }
}

/// A point; x grows to the right, y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Distance from the left.
    pub x: f32,
    /// Distance from the top.
    pub y: f32,
}

/// A rectangle by its top left corner and its size.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left side.
    pub x: f32,
    /// Top side.
    pub y: f32,
    /// Distance from the left side to the right one.
    pub width: f32,
    /// Distance from the top side to the bottom one.
    pub height: f32,
}

impl Rect {
    fn is_finite(&self) -> bool {
        [self.x, self.y, self.width, self.height].iter().all(|length| length.is_finite())
    }
}

/// The way of one edge.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Route {
    /// The points from the border of `from` to the border of `to`, to be joined by straight lines, or by the pieces of
    /// [`Route::curve`]. Empty for an edge that was ignored.
    pub points: Vec<Point>,
    /// Centre of the label's room, where one was asked for.
    pub label: Option<Point>,
}

impl Route {
    fn is_finite(&self) -> bool {
        self.points.iter().chain(&self.label).all(|point| point.x.is_finite() && point.y.is_finite())
    }
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Rectangles, by node index.
    pub nodes: Vec<Rect>,
    /// Routes, by edge index.
    pub edges: Vec<Route>,
    /// The boxes of the containers, by group index; none where none were asked for.
    pub groups: Vec<Rect>,
    /// Width and height of the whole; everything lies between (0, 0) and it.
    pub size: (f32, f32),
}

/// An earlier drawing, as [`redraw`](crate::redraw) wants to remember it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Previous {
    /// Identity and rectangle of every node, sorted by identity.
    places: Vec<(u64, Rect)>,
    /// The routes, sorted by who they joined.
    routes: Vec<(EdgeId, Route)>,
    /// Identity and box of every container, sorted by identity.
    groups: Vec<(u64, Rect)>,
}

/// Identities of both ends, and a number that tells parallel edges apart.
pub(crate) type EdgeId = (u64, u64, u32);

impl Previous {
    /// Remembers where the nodes of `graph` stand in `drawing`, and which way its edges go.
    pub fn new(graph: &Graph, drawing: &Drawing) -> Self {
        let places = by_id(graph.nodes.iter().map(|node| node.id), &drawing.nodes);
        let routes = edge_ids(graph)
            .into_iter()
            .filter_map(|(id, edge)| Some((id, drawing.edges.get(edge as usize)?.clone())))
            .filter(|(_, route)| route.is_finite())
            .collect();
        Self { places, routes, groups: Vec::new() }
    }

    /// Remembers the boxes of containers as well.
    pub fn with_groups(graph: &Graph, groups: &Groups, drawing: &Drawing) -> Self {
        let boxes = by_id(groups.groups.iter().map(|group| group.id), &drawing.groups);
        Self { groups: boxes, ..Self::new(graph, drawing) }
    }

    /// Where the box of the container with this identity stood.
    pub(crate) fn group(&self, id: u64) -> Option<Rect> {
        let at = self.groups.binary_search_by_key(&id, |&(id, _)| id).ok()?;
        Some(self.groups[at].1)
    }

    /// Where the node with this identity stood.
    pub(crate) fn place(&self, id: u64) -> Option<Rect> {
        let at = self.places.binary_search_by_key(&id, |&(id, _)| id).ok()?;
        Some(self.places[at].1)
    }

    /// Which way the edges of `graph` went, by edge index.
    pub(crate) fn routes(&self, graph: &Graph) -> Vec<Option<&Route>> {
        let mut routes = vec![None; graph.edges.len()];
        if !self.routes.is_empty() {
            for (id, edge) in edge_ids(graph) {
                let at = self.routes.binary_search_by_key(&id, |&(id, _)| id);
                routes[edge as usize] = at.ok().map(|at| &self.routes[at].1);
            }
        }
        routes
    }
}

/// Rectangles by identity, which is that of the first where several have the same.
fn by_id(ids: impl Iterator<Item = u64>, rects: &[Rect]) -> Vec<(u64, Rect)> {
    let mut ids: Vec<(u64, u32)> = ids.zip(0..rects.len() as u32).collect();
    ids.retain(|&(_, index)| rects[index as usize].is_finite());
    sort::pairs(&mut ids);
    ids.dedup_by_key(|&mut (id, _)| id);
    ids.into_iter().map(|(id, index)| (id, rects[index as usize])).collect()
}

/// The edges that join nodes, sorted by who they join.
pub(crate) fn edge_ids(graph: &Graph) -> Vec<(EdgeId, u32)> {
    let id = |node: u32| graph.nodes[node as usize].id;
    let ends = |edge: u32| (graph.edges[edge as usize].from, graph.edges[edge as usize].to);
    let count = graph.nodes.len() as u32;
    let mut edges: Vec<u32> = (0..graph.edges.len() as u32).collect();
    edges.retain(|&edge| ends(edge).0.max(ends(edge).1) < count);
    sort::by_key(&mut edges, |edge| id(ends(edge).1));
    sort::by_key(&mut edges, |edge| id(ends(edge).0));
    let mut last = None;
    let number = |edge| {
        let (from, to) = (id(ends(edge).0), id(ends(edge).1));
        let number = match last {
            Some((other_from, other_to, number)) if (other_from, other_to) == (from, to) => number + 1,
            _ => 0,
        };
        last = Some((from, to, number));
        ((from, to, number), edge)
    };
    edges.into_iter().map(number).collect()
}

/// A length that can be reckoned with: what is negative, infinite or not a number counts as 0, and what is beyond all
/// reason is cut down.
pub(crate) fn finite(length: f32) -> f64 {
    const MOST: f64 = 1e9;
    if length > 0.0 && length.is_finite() { f64::from(length).min(MOST) } else { 0.0 }
}
