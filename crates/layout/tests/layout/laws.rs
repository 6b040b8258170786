//! Laws that hold for every graph, tried on graphs made at random from seeds.

use gordian_layout::{Drawing, Edge, Graph, Node, Options, Previous, Rect, Route, draw, redraw};

use crate::cases::without;
use crate::sound;

/// Random numbers that are the same on every machine (G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom
/// number generators", 2014).
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A graph of up to 40 nodes: from scattered to dense, with all that an edge can be.
pub(crate) fn random(seed: u64) -> Graph {
    let mut random = SplitMix(seed);
    let nodes = 1 + random.below(40);
    let edges = random.below(2 * nodes + 1);
    let (labels, free) = (random.below(50), random.below(30));
    let nodes: Vec<Node> = (0..nodes)
        .map(|id| Node { width: (10 + random.below(200)) as f32, height: (10 + random.below(80)) as f32, id })
        .collect();
    let edges = (0..edges)
        .map(|_| Edge {
            from: random.below(nodes.len() as u64) as u32,
            to: random.below(nodes.len() as u64) as u32,
            weight: 1 + random.below(3) as u32,
            free: random.chance(free),
            label: if random.chance(labels) {
                ((10 + random.below(80)) as f32, (5 + random.below(20)) as f32)
            } else {
                (0.0, 0.0)
            },
        })
        .collect();
    Graph { nodes, edges }
}

/// Tries a law on many graphs.
fn always(law: impl Fn(&Graph) -> Result<(), String>) {
    for seed in 0..2000 {
        if let Err(problem) = law(&random(seed)) {
            panic!("seed {seed}: {problem}");
        }
    }
}

fn plain(graph: &Graph) -> Drawing {
    draw(graph, &Options::default())
}

#[test]
fn drawings_are_sound() {
    always(|graph| sound::check(graph, &plain(graph)));
}

#[test]
fn drawings_are_sound_without_any_gaps() {
    let options = Options { node_gap: 0.0, rank_gap: 0.0, component_gap: 0.0, aspect: 1.0 };
    always(|graph| {
        let drawing = draw(graph, &options);
        match sound::check(graph, &drawing) {
            // Without room there is none to draw parallel edges apart.
            Err(problem) if problem.ends_with("lie on one another") => Ok(()),
            result => result,
        }
    });
}

#[test]
fn the_same_graph_gives_the_same_drawing() {
    always(|graph| {
        let (one, other) = (plain(graph), plain(&graph.clone()));
        if one == other { Ok(()) } else { Err("drawn twice, drawn differently".to_owned()) }
    });
}

/// The heaviest arcs that are in no cycle with one another: taken in the order of the edges.
fn heavy_and_acyclic(graph: &mut Graph) {
    for edge in &mut graph.edges {
        // From lesser to greater, the heavy ones can have no cycle.
        let heavy = edge.from < edge.to && edge.weight == 3;
        edge.weight = if heavy { 3 } else { edge.weight.min(2) };
        edge.free &= !heavy;
    }
}

#[test]
fn the_heaviest_edges_point_down() {
    always(|graph| {
        let mut graph = graph.clone();
        heavy_and_acyclic(&mut graph);
        let drawing = plain(&graph);
        for (index, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.weight == 3) {
            let (from, to) = (&drawing.nodes[edge.from as usize], &drawing.nodes[edge.to as usize]);
            if from.y + from.height > to.y {
                return Err(format!("edge {index} does not point down"));
            }
        }
        Ok(())
    });
}

#[test]
fn what_has_not_changed_does_not_move() {
    always(|graph| {
        let drawing = plain(graph);
        let again = redraw(graph, &Options::default(), &Previous::new(graph, &drawing));
        sound::check(graph, &again)?;
        let near = |one: f32, other: f32| (one - other).abs() < 0.01;
        for (index, (one, other)) in drawing.nodes.iter().zip(&again.nodes).enumerate() {
            if !near(one.x, other.x) || !near(one.y, other.y) {
                return Err(format!("node {index} moved from {one:?} to {other:?}"));
            }
        }
        for (index, (one, other)) in drawing.edges.iter().zip(&again.edges).enumerate() {
            let follows = |one: &Route, other: &Route| one.points.iter().all(|&point| sound::lies_on(point, other));
            if !follows(one, other) || !follows(other, one) {
                return Err(format!("edge {index} moved from {one:?} to {other:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn one_node_less_moves_no_other() {
    always(|graph| {
        let drawing = plain(graph);
        let gone = SplitMix(graph.edges.len() as u64).below(graph.nodes.len() as u64) as u32;
        let rest = without(graph, gone);
        let again = redraw(&rest, &Options::default(), &Previous::new(graph, &drawing));
        sound::check(&rest, &again)?;
        for (index, (node, now)) in rest.nodes.iter().zip(&again.nodes).enumerate() {
            let was = &drawing.nodes[node.id as usize];
            if (was.x - now.x).abs() > 0.01 || (was.y - now.y).abs() > 0.01 {
                return Err(format!("without {gone}, node {index} moves from {was:?} to {now:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn one_node_more_keeps_the_order_of_the_others() {
    always(|graph| {
        let new = graph.nodes.len() as u32 - 1;
        let fewer = without(graph, new);
        let before = plain(&fewer);
        let after = redraw(graph, &Options::default(), &Previous::new(&fewer, &before));
        sound::check(graph, &after)?;
        for one in 0..new as usize {
            for other in 0..new as usize {
                let (was, now) = ([&before.nodes[one], &before.nodes[other]], [&after.nodes[one], &after.nodes[other]]);
                let beside = |pair: [&Rect; 2]| {
                    (pair[0].y + pair[0].height / 2.0 - pair[1].y - pair[1].height / 2.0).abs() < 0.01
                };
                if beside(was) && beside(now) && was[0].x < was[1].x && now[0].x >= now[1].x {
                    return Err(format!("nodes {one} and {other} changed places"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn nonsense_is_drawn_as_far_as_it_goes() {
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, -1.0, 0.0, 50.0];
    let mut random = SplitMix(7);
    for _ in 0..500 {
        let mut pick = || odd[random.below(odd.len() as u64) as usize];
        let nodes = (0..6).map(|id| Node { width: pick(), height: pick(), id: id / 2 }).collect();
        let options = Options { node_gap: pick(), rank_gap: pick(), component_gap: pick(), aspect: pick() };
        let labels: Vec<(f32, f32)> = (0..12).map(|_| (pick(), pick())).collect();
        let edges = labels
            .into_iter()
            .map(|label| Edge { from: random.below(8) as u32, to: random.below(8) as u32, label, ..Edge::default() })
            .collect();
        let graph = Graph { nodes, edges };
        let drawing = draw(&graph, &options);
        let again = redraw(&graph, &options, &Previous::new(&graph, &drawing));
        for rect in drawing.nodes.iter().chain(&again.nodes) {
            assert!([rect.x, rect.y, rect.width, rect.height].iter().all(|length| length.is_finite()), "{drawing:?}");
        }
    }
}

#[test]
fn too_many_long_edges_go_aside() {
    let nodes: Vec<Node> = (0..150).map(|id| Node { width: 60.0, height: 30.0, id }).collect();
    let chain = (1..150).map(|to| Edge { from: to - 1, to, weight: 3, ..Edge::default() });
    let mut random = SplitMix(1);
    let long = (0..400).map(|_| {
        let (from, to) = (random.below(30) as u32, 120 + random.below(30) as u32);
        let label = if random.chance(20) { (40.0, 12.0) } else { (0.0, 0.0) };
        let (from, to) = if random.chance(50) { (from, to) } else { (to, from) };
        Edge { from, to, weight: 1, label, ..Edge::default() }
    });
    let graph = Graph { nodes, edges: chain.chain(long).collect() };
    sound::check(&graph, &plain(&graph)).unwrap();
}

#[test]
fn a_chain_of_100_000_is_no_trouble() {
    let nodes = (0..100_000).map(|id| Node { width: 100.0, height: 40.0, id }).collect();
    let chain = (1..100_000).map(|to| Edge { from: to - 1, to, weight: 1, ..Edge::default() });
    let ring = Edge { from: 99_999, to: 0, weight: 1, ..Edge::default() };
    // More long edges than there can be bends for.
    let long =
        (0..200).map(|from| Edge { from, to: 99_999 - from, free: true, label: (40.0, 10.0), ..Edge::default() });
    let graph = Graph { nodes, edges: chain.chain([ring]).chain(long).collect() };
    let drawing = draw(&graph, &Options::default());
    let tops: Vec<f32> = drawing.nodes.iter().map(|rect| rect.y).collect();
    assert!(tops.is_sorted(), "the chain leads down");
}

/// Few nodes that each join many: what is drawn as ranks that are too wide.
fn hubs(seed: u64) -> Graph {
    let mut random = SplitMix(seed ^ 0x4b5);
    let (few, many) = (1 + random.below(5), 20 + random.below(120));
    let nodes: Vec<Node> = (0..few + many)
        .map(|id| Node { width: (50 + random.below(150)) as f32, height: (20 + random.below(40)) as f32, id })
        .collect();
    let mut edges = Vec::new();
    for hub in 0..few {
        let (down, share) = (random.chance(50), 40 + random.below(61));
        for node in few..few + many {
            if random.chance(share) {
                let (from, to) = if down { (hub as u32, node as u32) } else { (node as u32, hub as u32) };
                let label = if random.chance(5) { (30.0, 12.0) } else { (0.0, 0.0) };
                edges.push(Edge { from, to, weight: 1 + u32::from(down), free: random.chance(5), label });
            }
        }
    }
    Graph { nodes, edges }
}

#[test]
fn wide_drawings_are_sound_and_fit_a_view() {
    let mut too_wide = 0;
    for seed in 0..120 {
        let graph = hubs(seed);
        let drawing = plain(&graph);
        let verdict = sound::check(&graph, &drawing).and_then(|()| {
            let aspect = drawing.size.0 / drawing.size.1;
            too_wide += usize::from(aspect > 3.0);
            if aspect <= 5.0 { Ok(()) } else { Err(format!("it is {aspect} times as wide as high")) }
        });
        let again = redraw(&graph, &Options::default(), &Previous::new(&graph, &drawing));
        let still = drawing
            .nodes
            .iter()
            .zip(&again.nodes)
            .all(|(one, other)| (one.y - other.y).abs() < 0.01 && (one.x - other.x).abs() < 0.01);
        if let Err(problem) = verdict.and_then(|()| if still { Ok(()) } else { Err("it moves".to_owned()) }) {
            panic!("seed {seed}: {problem}");
        }
    }
    assert!(too_wide <= 15, "{too_wide} of 120 are too wide");
}

/// A cluster in one piece: namespaces join all that nothing owns, and machines all pods, wherever they belong.
fn cluster(count: u64) -> Graph {
    let mut random = SplitMix(count);
    let hubs = count / 100;
    let nodes = (0..count).map(|id| Node { width: (80 + random.below(80)) as f32, height: 40.0, id }).collect();
    let mut edges = Vec::new();
    let mut join = |from: u64, to: u64, weight| {
        edges.push(Edge { from: from as u32, to: to as u32, weight, ..Edge::default() });
    };
    for node in hubs..count {
        let owner = node - 1 - random.below(4);
        if owner > hubs && random.chance(40) {
            join(owner, node, 2);
        } else {
            join(random.below(hubs / 2), node, 1);
        }
        if random.chance(40) {
            join(hubs / 2 + random.below(hubs / 2), node, 1);
        }
        if random.chance(15) {
            join(node, hubs + random.below(count - hubs), 1);
        }
    }
    Graph { nodes, edges }
}

#[test]
fn a_cluster_in_one_piece_fits_a_view() {
    for count in [500, 2000, 5000] {
        let graph = cluster(count);
        let drawing = plain(&graph);
        let aspect = drawing.size.0 / drawing.size.1;
        assert!((1.0..3.0).contains(&aspect), "{count} nodes are drawn {aspect} times as wide as high");
        // What is looked at here takes time in the square of the size.
        if count == 500 {
            sound::check(&graph, &drawing).unwrap();
        }
    }
}
