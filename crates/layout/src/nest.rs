//! Draws containers: what each holds is drawn inside of it, from the innermost to the whole.
//!
//! A container's own nodes fall into parts, which are drawn as anywhere else; parts and boxes are then packed on shelves.
//! An edge from one container to another has no say in that, and follows the streets between (see `streets`).

use crate::extent::Extent;
use crate::graph::{Drawing, Edge, Graph, Options, Point, Previous, Rect, Route};
use crate::groups::{Frame, Groups, Tree};
use crate::part::{self, Part};
use crate::route::Spot;
use crate::shelves::{Parcel, SLACK, Shelves};
use crate::{Figure, Spacing, figures, streets};

/// Draws nodes in containers, from nothing. The boxes are in [`Drawing::groups`].
///
/// A box encloses what its container holds, with the padding and a strip for the title, and overlaps nothing else. The edges
/// within a container are drawn as [`draw`](crate::draw) does. An edge that crosses the border of a container takes no part in
/// ranking and has no room for a label; it runs along the streets between parts and boxes, through no node, and its corners
/// are cut so that [`Route::curve`] rounds them.
pub fn draw_groups(graph: &Graph, groups: &Groups, options: &Options) -> Drawing {
    redraw_groups(graph, groups, options, &Previous::default())
}

/// Draws nodes in containers so that what stood in `before`, of which [`Previous::with_groups`] tells, stays where it was, or
/// gives way to the right and downwards where something before it has grown.
pub fn redraw_groups(graph: &Graph, groups: &Groups, options: &Options, before: &Previous) -> Drawing {
    let spacing = Spacing::new(options);
    let tree = Tree::new(graph, groups);
    let mut rooms = rooms(graph, groups, &tree, before, &spacing);
    let mut node_rooms = vec![(0, 0); graph.nodes.len()];
    for room in &rooms {
        for (part, parcel) in room.parts.iter().zip(0..) {
            (0..).zip(&part.nodes).for_each(|(local, node)| node_rooms[node.index as usize] = (parcel, local));
        }
    }
    // Boxes are as large as what they hold: the innermost come first.
    for &group in tree.order.iter().rev() {
        let mut parcels = std::mem::take(&mut rooms[group as usize].parcels);
        let mut drawn: Vec<Extent> = parcels.iter().map(|parcel| parcel.extent).collect();
        for (child, parcel) in tree.children.of(group).iter().zip(parcels.len() as u32..) {
            let room = &mut rooms[*child as usize];
            let stood = room.was.filter(|_| !room.is_old());
            let extent = stood
                .map_or(room.frame, |was| room.frame.moved((was.left - room.frame.left, was.top - room.frame.top)));
            room.parcel = parcel;
            drawn.push(room.frame);
            parcels.push(Parcel { extent, was: room.was });
        }
        let room = &mut rooms[group as usize];
        room.drawn = drawn;
        room.shelves = Shelves::pack(&mut parcels, spacing.aspect, spacing.component_gap);
        room.parcels = parcels;
        room.enclose(&Frame::new(groups, group, spacing.component_gap));
    }

    let mut drawing = Drawing {
        nodes: vec![Rect::default(); graph.nodes.len()],
        edges: vec![Route::default(); graph.edges.len()],
        groups: vec![Rect::default(); groups.groups.len()],
        size: (0.0, 0.0),
    };
    for &group in &tree.order {
        let place = if group == tree.whole() {
            // What is new stands at the origin, and what is old where it stood, unless that has become too small.
            let room = &rooms[group as usize];
            let least = if room.is_old() { 0.0 } else { f64::INFINITY };
            let content = room.content();
            if content.is_empty() { (0.0, 0.0) } else { (-content.left.min(least), -content.top.min(least)) }
        } else {
            let (room, outer) = (&rooms[group as usize], &rooms[tree.parent[group as usize] as usize]);
            let (drawn, packed) = (&outer.drawn[room.parcel as usize], &outer.parcels[room.parcel as usize].extent);
            (outer.shift.0 + packed.left - drawn.left, outer.shift.1 + packed.top - drawn.top)
        };
        let room = &mut rooms[group as usize];
        room.shift = place;
        room.write(&mut drawing);
        if let Some(rect) = drawing.groups.get_mut(group as usize) {
            *rect = room.frame.moved(place).rect();
        }
        if group == tree.whole() {
            let content = room.content().moved(place);
            drawing.size = (content.right.max(0.0) as f32, content.bottom.max(0.0) as f32);
        }
    }
    let city = streets::City { graph, tree: &tree, rooms: &rooms, node_rooms: &node_rooms, spacing: &spacing };
    for (edge, way) in city.ways() {
        drawing.edges[edge].points = way.into_iter().map(|(x, y)| Point { x: x as f32, y: y as f32 }).collect();
    }
    drawing
}

/// A container and what it holds, in coordinates of its own; in those of the earlier drawing if there was one.
pub(crate) struct Room<'a> {
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) figures: Vec<Figure>,
    /// The extents of parts and then of boxes, as they were drawn.
    pub(crate) drawn: Vec<Extent>,
    /// The same, packed.
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) shelves: Shelves,
    /// Its box.
    frame: Extent,
    /// Where the box stood.
    was: Option<Extent>,
    /// Which parcel it is of the container around.
    pub(crate) parcel: u32,
    /// From its own coordinates to those of the drawing.
    pub(crate) shift: Spot,
}

/// The containers with their own nodes drawn, not packed yet.
fn rooms<'a>(graph: &Graph, groups: &Groups, tree: &Tree, before: &'a Previous, spacing: &Spacing) -> Vec<Room<'a>> {
    let mut graphs: Vec<(Graph, Vec<u32>, Vec<u32>)> = (0..tree.parent.len()).map(|_| Default::default()).collect();
    let mut local = vec![0; graph.nodes.len()];
    for (index, node) in (0..).zip(&graph.nodes) {
        let (inner, nodes, _) = &mut graphs[tree.of[index as usize] as usize];
        local[index as usize] = nodes.len() as u32;
        inner.nodes.push(*node);
        nodes.push(index);
    }
    for (index, edge) in (0..).zip(&graph.edges) {
        let end = |node: u32| tree.of.get(node as usize).copied();
        let (Some(from), Some(to)) = (end(edge.from), end(edge.to)) else { continue };
        if from == to {
            let (inner, _, edges) = &mut graphs[from as usize];
            inner.edges.push(Edge { from: local[edge.from as usize], to: local[edge.to as usize], ..*edge });
            edges.push(index);
        }
    }
    let room = |(group, (inner, nodes, edges)): (usize, (Graph, Vec<u32>, Vec<u32>))| {
        let free = group == tree.whole() as usize;
        let was = groups.groups.get(group).and_then(|group| before.group(group.id)).map(|rect| Extent::of(&rect));
        let mut parts = part::split(&inner, before, (spacing.component_gap - SLACK).max(0.0));
        for part in &mut parts {
            part.nodes.iter_mut().for_each(|node| node.index = nodes[node.index as usize]);
            part.links.iter_mut().for_each(|link| link.index = edges[link.index as usize]);
        }
        let figures = figures(&parts, spacing);
        let parcel = |(part, figure): (&Part, &Figure)| {
            // What comes from elsewhere is new here.
            let stood = part.was().filter(|extent| free || was.is_some_and(|was| was.holds(extent)));
            Parcel { extent: figure.extent, was: stood }
        };
        let parcels = parts.iter().zip(&figures).map(parcel).collect();
        Room {
            parts,
            figures,
            drawn: Vec::new(),
            parcels,
            shelves: Shelves::default(),
            frame: Extent::EMPTY,
            was,
            parcel: 0,
            shift: (0.0, 0.0),
        }
    };
    graphs.into_iter().enumerate().map(room).collect()
}

impl Room<'_> {
    /// Around all that it holds.
    fn content(&self) -> Extent {
        let mut content = Extent::EMPTY;
        self.parcels.iter().for_each(|parcel| content.include(&parcel.extent));
        content
    }

    fn is_old(&self) -> bool {
        self.parcels.iter().any(|parcel| parcel.was.is_some())
    }

    /// Puts the box around what it holds.
    fn enclose(&mut self, frame: &Frame) {
        let mut content = self.content();
        if content.is_empty() {
            content = Extent { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };
        }
        content.grow(frame.padding);
        content.top -= frame.title.1;
        let least = frame.title.0 + 2.0 * frame.padding;
        // A box that lost what stood leftmost keeps the room for its title, and does not take it from its neighbour.
        if let Some(was) = self.was.filter(|_| self.is_old()) {
            content.left = content.left.min(was.left.max(content.right - least));
        }
        content.right = content.right.max(content.left + least);
        self.frame = content;
    }

    fn write(&self, drawing: &mut Drawing) {
        for (index, (part, figure)) in self.parts.iter().zip(&self.figures).enumerate() {
            figure.write(part, self.shift_of(index), drawing);
        }
    }

    /// From the coordinates of a part to those of the drawing.
    pub(crate) fn shift_of(&self, parcel: usize) -> Spot {
        let (drawn, packed) = (&self.drawn[parcel], &self.parcels[parcel].extent);
        (self.shift.0 + packed.left - drawn.left, self.shift.1 + packed.top - drawn.top)
    }
}
