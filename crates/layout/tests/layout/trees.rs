//! Trees: layers draw them as well as an algorithm for trees alone.

use gordian_layout::{Edge, Graph, Node, Options, draw};

use crate::laws::SplitMix;
use crate::sound;

const OPTIONS: Options = Options { node_gap: 24.0, rank_gap: 56.0, component_gap: 48.0, aspect: 1000.0 };

/// A tree whose nodes all come after their parents.
fn tree(seed: u64) -> Graph {
    let mut random = SplitMix(seed ^ 0x7ee);
    let count = 2 + random.below(60);
    let bushy = 1 + random.below(count);
    let nodes = (0..count).map(|id| Node { width: (30 + random.below(150)) as f32, height: 40.0, id }).collect();
    let edges = (1..count)
        .map(|child| {
            let parent = child - 1 - random.below(child.min(bushy));
            Edge { from: parent as u32, to: child as u32, weight: 1, ..Edge::default() }
        })
        .collect();
    Graph { nodes, edges }
}

/// A subtree by the rule of E. M. Reingold and J. S. Tilford, "Tidier drawings of trees" (1981): how far it reaches to the left
/// and right of its root at each depth, and the distances of its children from their parents.
fn tidy(graph: &Graph, root: u32, across: &mut Vec<f64>) -> Vec<(f64, f64)> {
    let half = f64::from(graph.nodes[root as usize].width) / 2.0;
    let mut outline: Vec<(f64, f64)> = Vec::new();
    let mut places = Vec::new();
    for edge in graph.edges.iter().filter(|edge| edge.from == root) {
        let child = tidy(graph, edge.to, across);
        let apart = outline.iter().zip(&child).map(|(left, right)| left.1 - right.0 + 24.0);
        let at = apart.fold(if places.is_empty() { 0.0 } else { f64::NEG_INFINITY }, f64::max);
        places.push(at);
        for (depth, (left, right)) in child.into_iter().enumerate() {
            match outline.get_mut(depth) {
                Some(known) => known.1 = at + right,
                None => outline.push((at + left, at + right)),
            }
        }
    }
    let middle = match (places.first(), places.last()) {
        (Some(first), Some(last)) => (first + last) / 2.0,
        _ => 0.0,
    };
    across.extend(places.into_iter().map(|at| (at - middle).abs()));
    let moved = outline.into_iter().map(|(left, right)| (left - middle, right - middle));
    std::iter::once((-half, half)).chain(moved).collect()
}

#[test]
fn trees_are_drawn_as_trees() {
    let length = |across: f64| across.hypot(96.0);
    let (mut ours, mut tidiest) = (0.0, 0.0);
    for seed in 0..500 {
        let graph = tree(seed);
        let drawing = draw(&graph, &OPTIONS);
        sound::check(&graph, &drawing).unwrap();
        assert_eq!(sound::crossings(&drawing), 0, "seed {seed}");
        let centre = |node: u32| {
            let rect = &drawing.nodes[node as usize];
            f64::from(rect.x + rect.width / 2.0)
        };
        let mut across = Vec::new();
        tidy(&graph, 0, &mut across);
        ours += graph.edges.iter().map(|edge| length(centre(edge.from) - centre(edge.to))).sum::<f64>();
        tidiest += across.into_iter().map(length).sum::<f64>();
    }
    assert!(ours <= tidiest, "edges are {} times as long as in tidy trees", ours / tidiest);
}
