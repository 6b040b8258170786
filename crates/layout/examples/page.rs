//! What `cargo xtask bench page` runs in a browser: [`gordian_layout::draw`] between plain arrays of JavaScript.

/// The seam to JavaScript; natively there is none.
#[cfg(target_arch = "wasm32")]
pub mod page {
    use gordian_layout::{Drawing, Edge, Graph, Node, Options, draw};
    use wasm_bindgen::prelude::wasm_bindgen;

    /// A drawing, as arrays that a page can take away.
    #[wasm_bindgen(getter_with_clone)]
    #[derive(Debug)]
    pub struct Picture {
        /// The centres of the nodes, two numbers each.
        pub centres: Vec<f32>,
        /// The points of all routes, two numbers each.
        pub points: Vec<f32>,
        /// How many points each route has.
        pub counts: Vec<u32>,
        /// The width of the whole.
        pub width: f32,
        /// The height of the whole.
        pub height: f32,
    }

    /// Draws nodes, given by two numbers each, and edges, given by three: from, to, and weight.
    #[wasm_bindgen]
    pub fn picture(sizes: &[f32], edges: &[u32], node_gap: f32, rank_gap: f32, component_gap: f32) -> Picture {
        let nodes = (0..).zip(sizes.as_chunks().0).map(|(id, &[width, height])| Node { width, height, id });
        let edges = edges.as_chunks().0.iter().map(|&[from, to, weight]| Edge { from, to, weight, ..Edge::default() });
        let graph = Graph { nodes: nodes.collect(), edges: edges.collect() };
        let options = Options { node_gap, rank_gap, component_gap, ..Options::default() };
        let Drawing { nodes, edges, size, .. } = draw(&graph, &options);
        Picture {
            centres: nodes.iter().flat_map(|rect| [rect.x + rect.width / 2.0, rect.y + rect.height / 2.0]).collect(),
            points: edges.iter().flat_map(|route| &route.points).flat_map(|point| [point.x, point.y]).collect(),
            counts: edges.iter().map(|route| route.points.len() as u32).collect(),
            width: size.0,
            height: size.1,
        }
    }
}
