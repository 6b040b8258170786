//! Laws of containers, tried on graphs and containers made at random from seeds.

use gordian_layout::{Drawing, Graph, Group, Groups, Node, Options, Previous, Rect, draw, draw_groups, redraw_groups};

use crate::cases::without;
use crate::laws::{SplitMix, random};
use crate::sound;

/// Up to eight containers, which may stand in one another, and may be empty; some nodes stand free.
fn containers(seed: u64, graph: &Graph) -> Groups {
    let mut random = SplitMix(seed ^ 0xb0e5);
    let count = random.below(9);
    let some =
        |random: &mut SplitMix, percent| (count > 0 && random.chance(percent)).then(|| random.below(count) as u32);
    let groups = (0..count)
        .map(|id| {
            let title = (random.below(300) as f32, random.below(30) as f32);
            Group { id, within: some(&mut random, 40), title }
        })
        .collect();
    let of = graph.nodes.iter().map(|_| some(&mut random, 80)).collect();
    Groups { groups, of, padding: random.below(60) as f32 }
}

/// Tries a law on many graphs with containers.
fn always(law: impl Fn(&Graph, &Groups) -> Result<(), String>) {
    for seed in 0..2000 {
        let graph = random(seed);
        if let Err(problem) = law(&graph, &containers(seed, &graph)) {
            panic!("seed {seed}: {problem}");
        }
    }
}

fn plain(graph: &Graph, groups: &Groups) -> Drawing {
    draw_groups(graph, groups, &Options::default())
}

fn again(graph: &Graph, groups: &Groups, before: &Previous) -> Drawing {
    redraw_groups(graph, groups, &Options::default(), before)
}

/// The containers around a node or a container, from the inside.
fn around(groups: &Groups, innermost: Option<u32>) -> Vec<u32> {
    let mut chain = Vec::new();
    let mut next = innermost;
    while let Some(group) = next {
        if chain.contains(&group) {
            break;
        }
        chain.push(group);
        next = groups.groups[group as usize].within;
    }
    chain
}

fn holds(outer: &Rect, inner: &Rect) -> bool {
    let slack = 0.01;
    inner.x >= outer.x - slack
        && inner.y >= outer.y - slack
        && inner.x + inner.width <= outer.x + outer.width + slack
        && inner.y + inner.height <= outer.y + outer.height + slack
}

/// What a container leaves to what it holds.
fn inside(groups: &Groups, drawing: &Drawing, group: u32) -> Rect {
    let (rect, title) = (drawing.groups[group as usize], groups.groups[group as usize].title.1);
    let padding = groups.padding;
    Rect {
        x: rect.x + padding,
        y: rect.y + padding + title,
        width: rect.width - 2.0 * padding,
        height: rect.height - 2.0 * padding - title,
    }
}

fn has_ring(groups: &Groups) -> bool {
    (0..groups.groups.len() as u32).any(|group| {
        let chain = around(groups, Some(group));
        chain.last().is_some_and(|&last| groups.groups[last as usize].within.is_some())
    })
}

/// All that [`sound::check`] asks for, and that containers hold what is theirs and nothing else.
fn check(graph: &Graph, groups: &Groups, drawing: &Drawing) -> Result<(), String> {
    let mut bare = graph.clone();
    for edge in &mut bare.edges {
        if groups.of[edge.from as usize] != groups.of[edge.to as usize] {
            edge.label = (0.0, 0.0);
        }
    }
    sound::check(&bare, drawing)?;
    if has_ring(groups) {
        return Ok(());
    }
    for (group, rect) in (0..).zip(&drawing.groups) {
        for (node, place) in drawing.nodes.iter().enumerate() {
            let chain = around(groups, groups.of[node]);
            if chain.first() == Some(&group) && !holds(&inside(groups, drawing, group), place) {
                return Err(format!("container {group} does not hold node {node}"));
            }
            if !chain.contains(&group) && sound::overlap(rect, place) {
                return Err(format!("container {group} overlaps node {node}"));
            }
        }
        let chain = around(groups, Some(group));
        if let Some(&outer) = chain.get(1)
            && !holds(&inside(groups, drawing, outer), rect)
        {
            return Err(format!("container {outer} does not hold container {group}"));
        }
        for (other, place) in (0..group).zip(&drawing.groups) {
            let related = chain.contains(&other) || around(groups, Some(other)).contains(&group);
            if !related && sound::overlap(rect, place) {
                return Err(format!("containers {other} and {group} overlap"));
            }
        }
        for (index, (edge, route)) in graph.edges.iter().zip(&drawing.edges).enumerate() {
            let ends = [edge.from, edge.to].map(|node| around(groups, groups.of[node as usize]).contains(&group));
            if ends == [false, false] && route.points.windows(2).any(|line| sound::enters(line[0], line[1], rect)) {
                return Err(format!("edge {index} passes through container {group}"));
            }
        }
    }
    Ok(())
}

#[test]
fn containers_hold_what_is_theirs() {
    always(|graph, groups| check(graph, groups, &plain(graph, groups)));
}

#[test]
fn containers_without_any_gaps() {
    let options = Options { node_gap: 0.0, rank_gap: 0.0, component_gap: 0.0, aspect: 1.0 };
    always(|graph, groups| {
        let groups = Groups { padding: 0.0, ..groups.clone() };
        match check(graph, &groups, &draw_groups(graph, &groups, &options)) {
            // Without room there is none to draw parallel edges apart.
            Err(problem) if problem.ends_with("lie on one another") => Ok(()),
            result => result,
        }
    });
}

#[test]
fn the_same_containers_give_the_same_drawing() {
    always(|graph, groups| {
        let same = plain(graph, groups) == plain(graph, groups);
        if same { Ok(()) } else { Err("drawn twice, drawn differently".to_owned()) }
    });
}

/// Says which node or container moved, if one did.
fn moved(graph: &Graph, was: &Drawing, now: &Drawing) -> Result<(), String> {
    let near = |one: f32, other: f32| (one - other).abs() < 0.02;
    for (index, (node, rect)) in graph.nodes.iter().zip(&now.nodes).enumerate() {
        let old = &was.nodes[node.id as usize];
        if !near(old.x, rect.x) || !near(old.y, rect.y) {
            return Err(format!("node {index} moved from {old:?} to {rect:?}"));
        }
    }
    Ok(())
}

#[test]
fn in_containers_too_what_has_not_changed_does_not_move() {
    always(|graph, groups| {
        let drawing = plain(graph, groups);
        let now = again(graph, groups, &Previous::with_groups(graph, groups, &drawing));
        check(graph, groups, &now)?;
        moved(graph, &drawing, &now)?;
        for (group, (one, other)) in drawing.groups.iter().zip(&now.groups).enumerate() {
            if !holds(one, other) || !holds(other, one) {
                return Err(format!("container {group} moved from {one:?} to {other:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn in_containers_too_one_node_less_moves_no_other() {
    always(|graph, groups| {
        let drawing = plain(graph, groups);
        let gone = SplitMix(graph.edges.len() as u64).below(graph.nodes.len() as u64) as u32;
        let rest = without(graph, gone);
        let mut left = groups.clone();
        left.of.remove(gone as usize);
        let now = again(&rest, &left, &Previous::with_groups(graph, groups, &drawing));
        check(&rest, &left, &now)?;
        moved(&rest, &drawing, &now).map_err(|problem| format!("without {gone}, {problem}"))
    });
}

#[test]
fn one_node_more_leaves_all_sound() {
    always(|graph, groups| {
        let new = graph.nodes.len() as u32 - 1;
        let fewer = without(graph, new);
        let mut of = groups.of.clone();
        of.pop();
        let before = plain(&fewer, &Groups { of, ..groups.clone() });
        let before = Previous::with_groups(&fewer, groups, &before);
        check(graph, groups, &again(graph, groups, &before))
    });
}

#[test]
fn nonsense_containers_are_drawn_as_far_as_they_go() {
    let nodes = (0..6).map(|id| Node { width: 50.0, height: 20.0, id }).collect();
    let graph = Graph { nodes, edges: Vec::new() };
    let odd = [f32::NAN, f32::INFINITY, -1.0, f32::MAX];
    for (id, &length) in (0..).zip(&odd) {
        let group = |within| Group { id, within: Some(within), title: (length, length) };
        // A ring of three, one in itself, and one in a container that is not there.
        let groups = vec![group(1), group(2), group(0), group(3), group(9)];
        let of = vec![Some(0), Some(1), Some(3), Some(7), Some(4)];
        let drawing = draw_groups(&graph, &Groups { groups, of, padding: length }, &Options::default());
        assert!(drawing.nodes.iter().chain(&drawing.groups).all(|rect| rect.x.is_finite() && rect.width.is_finite()));
    }
}

#[test]
fn without_containers_nodes_are_drawn_as_ever() {
    for seed in 0..200 {
        let graph = random(seed);
        let none = Groups { of: vec![None; graph.nodes.len()], ..Groups::default() };
        let (one, other) = (draw(&graph, &Options::default()), plain(&graph, &none));
        assert_eq!(one.edges.len(), other.edges.len());
        check(&graph, &none, &other).unwrap();
    }
}
