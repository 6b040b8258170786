//! Draws a directed graph with cycles in layers; knows no Kubernetes.
//!
//! Numbers in, numbers out: nodes that have sizes, edges that have weights and may have labels; then rectangles, routes and
//! places for the labels. The steps are those of K. Sugiyama, S. Tagawa and M. Toda (1981), one module each, for each
//! component on its own:
//!
//! | module | what it decides |
//! | --- | --- |
//! | `part` | which nodes are drawn together |
//! | `earlier` | what an earlier drawing has to say |
//! | `cycle` | which edges point up |
//! | `rank` | which rank each node has |
//! | `layers` | where edges bend, and labels stand |
//! | `order` | who stands left of whom |
//! | `place` | coordinates |
//! | `route` | the routes of the edges |
//! | `fold` | which ranks take several rows |
//! | `pack` | where each component goes |
//! | `curve` | how a route becomes smooth |
//! | `groups` | how containers nest |
//! | `shelves` | where things stand in a container |
//! | `streets` | the routes from one container to another |
//!
//! Long steps are compiled each on its own, not inlined: a browser compiles once more what has run for a while, and takes the
//! longer for it the more is in one function.
//!
//! What holds for every drawing:
//!
//! - No two nodes overlap, no label overlaps a node or another label, and no route passes through a node that is not its own.
//! - The same input gives the same drawing, on every machine: nothing here is random, and numbers are only added, subtracted,
//!   multiplied, divided and rooted.
//! - An edge points down, unless edges that are at least as heavy forbid it.
//! - Time and room are nearly linear in the size of the graph; nothing recurses.
//!
//! [`draw_groups`] draws containers as boxes, and what they hold inside.
//!
//! [`redraw`] goes the same way with an earlier drawing in mind. What was drawn before is where each step starts from, and
//! it insists on its place more than all that is new.

mod curve;
mod cycle;
mod earlier;
mod extent;
mod fold;
mod graph;
mod groups;
mod layers;
mod lists;
mod nest;
mod order;
mod pack;
mod part;
mod place;
mod rank;
mod route;
mod settle;
mod shelves;
mod sort;
mod streets;

pub use graph::{Drawing, Edge, Graph, Node, Options, Point, Previous, Rect, Route};
pub use groups::{Group, Groups};
pub use nest::{draw_groups, redraw_groups};

use extent::Extent;
use layers::Layers;
use pack::Parcel;
use part::{Part, PartNode};
use route::{Courses, Frame};

/// Draws from nothing.
pub fn draw(graph: &Graph, options: &Options) -> Drawing {
    redraw(graph, options, &Previous::default())
}

/// Draws so that nodes which stood in `before` keep their order and, as far as can be, their place: only what changed
/// moves. An edge that pointed up still does, even if nothing forbids it any more to point down.
pub fn redraw(graph: &Graph, options: &Options, before: &Previous) -> Drawing {
    let spacing = Spacing::new(options);
    let parts = part::split(graph, before, 0.0);
    let mut drawing = Drawing {
        nodes: vec![Rect::default(); graph.nodes.len()],
        edges: vec![Route::default(); graph.edges.len()],
        groups: Vec::new(),
        size: (0.0, 0.0),
    };
    let figures = figures(&parts, &spacing);
    let mut parcels: Vec<Parcel> =
        parts.iter().zip(&figures).map(|(part, figure)| Parcel { extent: figure.extent, old: part.is_old() }).collect();
    pack::pack(&mut parcels, &spacing);
    for ((part, figure), parcel) in parts.iter().zip(figures).zip(&parcels) {
        let shift = (parcel.extent.left - figure.extent.left, parcel.extent.top - figure.extent.top);
        figure.write(part, shift, &mut drawing);
        drawing.size.0 = drawing.size.0.max(parcel.extent.right as f32);
        drawing.size.1 = drawing.size.1.max(parcel.extent.bottom as f32);
    }
    drawing
}

/// Draws the parts, each on its own. Those that are wider than the whole should be are folded.
fn figures(parts: &[Part], spacing: &Spacing) -> Vec<Figure> {
    let mut figures: Vec<Figure> = parts.iter().map(|part| Figure::new(part, spacing)).collect();
    for round in 0..fold::TRIES {
        let gap = spacing.component_gap;
        let area: f64 = figures.iter().map(|it| (it.extent.width() + gap) * (it.extent.height() + gap)).sum();
        let width = (area * spacing.aspect).sqrt();
        let mut folded = false;
        for (part, figure) in parts.iter().zip(&mut figures).filter(|(part, _)| !part.is_old()) {
            let crosses = round == 0 && figure.crossings > 0;
            if crosses || figure.extent.width() > width {
                folded |= figure.fold(part, width, spacing);
            }
        }
        if !folded {
            break;
        }
    }
    figures
}

/// How much smaller the view of a part must become for it to be folded once more.
const GAIN: f64 = 0.945;

/// [`Options`] that can be reckoned with.
#[derive(Debug)]
struct Spacing {
    node_gap: f64,
    rank_gap: f64,
    component_gap: f64,
    aspect: f64,
}

impl Spacing {
    fn new(options: &Options) -> Self {
        let aspect = graph::finite(options.aspect);
        Self {
            node_gap: graph::finite(options.node_gap),
            rank_gap: graph::finite(options.rank_gap),
            component_gap: graph::finite(options.component_gap),
            aspect: if aspect > 0.0 { aspect } else { 1.0 },
        }
    }
}

/// The drawing of one part, in coordinates of its own; in those of the earlier drawing if there was one.
struct Figure {
    /// The ranks of the nodes.
    rank: Vec<u32>,
    /// How many pieces of routes cross.
    crossings: u64,
    /// Centres of the nodes.
    centres: Vec<(f64, f64)>,
    /// How far the row of each node reaches above and below its centre: beyond it there is no node.
    halves: Vec<f64>,
    courses: Courses,
    /// Around all nodes, routes and labels.
    extent: Extent,
}

impl Figure {
    fn new(part: &Part, spacing: &Spacing) -> Self {
        if let [node] = part.nodes.as_slice()
            && part.links.is_empty()
        {
            return Self::alone(node);
        }
        let had = earlier::ranks(part, spacing);
        let mut arcs = earlier::arcs(part, &had);
        cycle::break_cycles(part.nodes.len(), &mut arcs);
        Self::of_ranks(part, rank::rank(&arcs, &had), None, spacing)
    }

    /// Every other part is of one node.
    fn alone(node: &PartNode) -> Self {
        let centre = node.was.as_ref().map_or((0.0, 0.0), earlier::centre);
        Self {
            rank: vec![0],
            crossings: 0,
            centres: vec![centre],
            halves: vec![node.height / 2.0],
            courses: Courses::default(),
            extent: Extent::about(centre, (node.width, node.height)),
        }
    }

    /// Draws it once more, with wide ranks in several rows; tells whether that was of use.
    fn fold(&mut self, part: &Part, width: f64, spacing: &Spacing) -> bool {
        let Some(rank) = fold::fold(part, &self.rank, &self.centres, (self.extent.width(), width), spacing) else {
            return false;
        };
        let folded = Self::of_ranks(part, rank, Some(&self.centres), spacing);
        let better = if self.extent.width() > width {
            folded.view(spacing) < GAIN * self.view(spacing)
        } else {
            folded.crossings < self.crossings
        };
        if better {
            *self = folded;
        }
        better
    }

    /// How wide a view of the wanted shape must be to show it.
    fn view(&self, spacing: &Spacing) -> f64 {
        self.extent.width().max(self.extent.height() * spacing.aspect)
    }

    /// Draws the rest, once the ranks are known. `order` says who stands left of whom, if that is known too.
    fn of_ranks(part: &Part, rank: Vec<u32>, order: Option<&[(f64, f64)]>, spacing: &Spacing) -> Self {
        let mut layers = Layers::new(part, &rank, spacing);
        let bands = place::bands(&layers, &earlier::ordinates(part, &layers), spacing);
        let was = earlier::abscissas(part, &layers, &bands);
        let crossings = match order {
            None => order::order(&mut layers, &was),
            Some(centres) => {
                let x = fold::lead(part, &mut layers, centres);
                order::arrange(&mut layers, &x)
            }
        };
        let x = place::abscissas(&layers, &was);
        let courses = route::routes(&Frame { part, layers: &layers, bands: &bands, x: &x, spacing });
        let centres: Vec<_> =
            (0..part.nodes.len()).map(|node| (x[node], bands[layers.row[node] as usize].centre)).collect();

        let halves = (0..part.nodes.len()).map(|node| bands[layers.row[node] as usize].half).collect();
        let mut extent = Extent::EMPTY;
        for (node, &centre) in part.nodes.iter().zip(&centres) {
            extent.include(&Extent::about(centre, (node.width, node.height)));
        }
        for (link, (spots, label)) in part.links.iter().zip(courses.iter()) {
            spots.iter().for_each(|&spot| extent.include(&Extent::about(spot, (0.0, 0.0))));
            if let Some((label, size)) = label.zip(link.label) {
                extent.include(&Extent::about(label, size));
            }
        }
        Self { rank, crossings, centres, halves, courses, extent }
    }

    /// Writes itself into the drawing of the whole.
    fn write(&self, part: &Part, shift: (f64, f64), drawing: &mut Drawing) {
        let point = |spot: (f64, f64)| Point { x: (spot.0 + shift.0) as f32, y: (spot.1 + shift.1) as f32 };
        for (node, centre) in part.nodes.iter().zip(&self.centres) {
            let Point { x, y } = point((centre.0 - node.width / 2.0, centre.1 - node.height / 2.0));
            let (width, height) = (node.width as f32, node.height as f32);
            drawing.nodes[node.index as usize] = Rect { x, y, width, height };
        }
        for (link, (spots, label)) in part.links.iter().zip(self.courses.iter()) {
            let points = spots.iter().copied().map(point).collect();
            drawing.edges[link.index as usize] = Route { points, label: label.map(point) };
        }
    }
}

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
