//! Splits the graph into parts that are drawn each on its own: the weakly connected components.
//!
//! Parts of an earlier drawing that reach into one another stay together, so that neither has to make way.

use crate::extent::Extent;
use crate::graph::{Edge, Graph, Previous, Rect, Route, finite};
use crate::sort;

/// A piece of the graph, with indices of its own.
#[derive(Debug, Default)]
pub(crate) struct Part<'a> {
    pub(crate) nodes: Vec<PartNode>,
    pub(crate) links: Vec<Link<'a>>,
}

#[derive(Debug)]
pub(crate) struct PartNode {
    /// Index in the graph.
    pub(crate) index: u32,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Where it stood.
    pub(crate) was: Option<Rect>,
}

#[derive(Debug)]
pub(crate) struct Link<'a> {
    /// Index in the graph.
    pub(crate) index: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) weight: u32,
    pub(crate) free: bool,
    pub(crate) label: Option<(f64, f64)>,
    /// Which way it went.
    pub(crate) was: Option<&'a Route>,
}

impl Part<'_> {
    /// Whether any of it was drawn before.
    pub(crate) fn is_old(&self) -> bool {
        self.nodes.iter().any(|node| node.was.is_some())
    }

    /// What it covered in the earlier drawing.
    pub(crate) fn was(&self) -> Option<Extent> {
        let mut extent = Extent::EMPTY;
        self.nodes.iter().filter_map(|node| node.was.as_ref()).for_each(|rect| extent.add_rect(rect));
        for link in &self.links {
            link.was.iter().for_each(|route| extent.add_route(route, link.label.unwrap_or_default()));
        }
        (!extent.is_empty()).then_some(extent)
    }
}

/// Splits the graph. Parts are ordered by their first node. What was drawn less than `apart` from one another is one part.
#[inline(never)]
pub(crate) fn split<'a>(graph: &Graph, before: &'a Previous, apart: f64) -> Vec<Part<'a>> {
    let count = graph.nodes.len() as u32;
    let edges: Vec<u32> = (0..graph.edges.len() as u32)
        .filter(|&edge| {
            let edge = &graph.edges[edge as usize];
            edge.from < count && edge.to < count
        })
        .collect();
    let places: Vec<Option<Rect>> = graph.nodes.iter().map(|node| before.place(node.id)).collect();
    let routes = before.routes(graph);

    let mut sets = sets(graph, &edges, &places, &routes, apart);
    let mut part_of_root = vec![u32::MAX; graph.nodes.len()];
    let mut part_of = vec![0; graph.nodes.len()];
    let mut parts: Vec<Part> = Vec::new();
    let mut local = vec![0; graph.nodes.len()];
    for index in 0..count {
        let root = sets.root(index) as usize;
        if part_of_root[root] == u32::MAX {
            part_of_root[root] = parts.len() as u32;
            parts.push(Part::default());
        }
        part_of[index as usize] = part_of_root[root];
        let part = &mut parts[part_of_root[root] as usize];
        local[index as usize] = part.nodes.len() as u32;
        let node = &graph.nodes[index as usize];
        part.nodes.push(PartNode {
            index,
            width: finite(node.width),
            height: finite(node.height),
            was: places[index as usize],
        });
    }
    for index in edges {
        let edge = &graph.edges[index as usize];
        parts[part_of[edge.from as usize] as usize].links.push(Link {
            index,
            from: local[edge.from as usize],
            to: local[edge.to as usize],
            weight: edge.weight,
            free: edge.free,
            label: label_size(edge),
            was: routes[index as usize],
        });
    }
    parts
}

/// The nodes that belong together: those that edges join, and those that were drawn in the same area.
fn sets(graph: &Graph, edges: &[u32], places: &[Option<Rect>], routes: &[Option<&Route>], apart: f64) -> Sets {
    let mut sets = Sets((0..graph.nodes.len() as u32).collect());
    let mut extents = vec![Extent::EMPTY; graph.nodes.len()];
    for (extent, place) in extents.iter_mut().zip(places) {
        place.iter().for_each(|place| extent.add_rect(place));
    }
    for &index in edges {
        let edge = &graph.edges[index as usize];
        sets.join(edge.from, edge.to);
        if let Some(route) = routes[index as usize] {
            extents[edge.from as usize].add_route(route, label_size(edge).unwrap_or_default());
        }
    }
    // Who reaches half the way overlaps.
    extents.iter_mut().for_each(|extent| extent.grow(apart / 2.0));
    while sets.join_overlapping(&extents) {}
    sets
}

fn label_size(edge: &Edge) -> Option<(f64, f64)> {
    let size = (finite(edge.label.0), finite(edge.label.1));
    (size != (0.0, 0.0)).then_some(size)
}

/// Disjoint sets of nodes (R. Tarjan, "Efficiency of a good but not linear set union algorithm", 1975). The root of a set is
/// its first node.
struct Sets(Vec<u32>);

impl Sets {
    fn root(&mut self, mut node: u32) -> u32 {
        while self.0[node as usize] != node {
            let parent = self.0[node as usize];
            self.0[node as usize] = self.0[parent as usize];
            node = parent;
        }
        node
    }

    fn join(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other) as usize] = one.min(other);
        one != other
    }

    /// Joins sets whose extents overlap, once; what was joined may overlap yet more.
    fn join_overlapping(&mut self, extents: &[Extent]) -> bool {
        let mut whole = vec![Extent::EMPTY; extents.len()];
        for (node, extent) in (0..).zip(extents) {
            whole[self.root(node) as usize].include(extent);
        }
        let mut roots: Vec<u32> = (0..extents.len() as u32).filter(|&node| !whole[node as usize].is_empty()).collect();
        sort::by_key(&mut roots, |root| sort::length(whole[root as usize].top));
        let mut joined = false;
        let mut beside: Vec<u32> = Vec::new();
        for root in roots {
            let extent = &whole[root as usize];
            beside.retain(|&other| whole[other as usize].bottom > extent.top);
            for &other in beside.iter().filter(|&&other| whole[other as usize].overlaps(extent)) {
                joined |= self.join(root, other);
            }
            beside.push(root);
        }
        joined
    }
}
