//! What must hold for every drawing.

use gordian_layout::{Drawing, Graph, Point, Rect, Route};

/// How far single precision may be off.
const SLACK: f32 = 0.01;

/// Whether two rectangles have more in common than a border.
pub(crate) fn overlap(one: &Rect, other: &Rect) -> bool {
    one.x + one.width > other.x + SLACK
        && other.x + other.width > one.x + SLACK
        && one.y + one.height > other.y + SLACK
        && other.y + other.height > one.y + SLACK
}

/// Whether the line from `a` to `b` passes through the inside of a rectangle (Liang and Barsky, 1984).
pub(crate) fn enters(a: Point, b: Point, rect: &Rect) -> bool {
    let beside = a.x.max(b.x) <= rect.x || a.x.min(b.x) >= rect.x + rect.width;
    if beside || a.y.max(b.y) <= rect.y || a.y.min(b.y) >= rect.y + rect.height {
        return false;
    }
    let (mut start, mut end) = (0.0f32, 1.0f32);
    let sides = [
        (a.x, b.x - a.x, rect.x + SLACK, rect.x + rect.width - SLACK),
        (a.y, b.y - a.y, rect.y + SLACK, rect.y + rect.height - SLACK),
    ];
    for (from, along, low, high) in sides {
        if low >= high {
            return false;
        }
        if along == 0.0 {
            if from <= low || from >= high {
                return false;
            }
        } else {
            let (one, other) = ((low - from) / along, (high - from) / along);
            start = start.max(one.min(other));
            end = end.min(one.max(other));
        }
    }
    start < end
}

/// Whether a route passes by a point.
pub(crate) fn lies_on(point: Point, route: &Route) -> bool {
    route.points.windows(2).any(|ends| {
        let (along, across) = (ends[1].x - ends[0].x, ends[1].y - ends[0].y);
        let (x, y) = (point.x - ends[0].x, point.y - ends[0].y);
        let length = (along * along + across * across).max(f32::MIN_POSITIVE);
        let at = ((x * along + y * across) / length).clamp(0.0, 1.0);
        let (off_x, off_y) = (x - along * at, y - across * at);
        off_x * off_x + off_y * off_y < 0.1 * 0.1
    })
}

/// Whether two lines cross within both.
fn cross([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let side = |p: Point, q: Point, r: Point| {
        let wide = |one: f32, other: f32| f64::from(one) - f64::from(other);
        wide(q.x, p.x) * wide(r.y, p.y) - wide(q.y, p.y) * wide(r.x, p.x)
    };
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// How often routes cross.
pub(crate) fn crossings(drawing: &Drawing) -> usize {
    let lines: Vec<(usize, [Point; 2])> = (0..)
        .zip(&drawing.edges)
        .flat_map(|(edge, route)| route.points.windows(2).map(move |ends| (edge, [ends[0], ends[1]])))
        .collect();
    let mut count = 0;
    for (index, &(edge, line)) in lines.iter().enumerate() {
        count += lines[..index].iter().filter(|&&(other, ends)| other != edge && cross(line, ends)).count();
    }
    count
}

/// The rooms of the labels, each with its edge.
fn labels(graph: &Graph, drawing: &Drawing) -> Vec<(usize, Rect)> {
    let edges = graph.edges.iter().zip(&drawing.edges).enumerate();
    edges
        .filter_map(|(index, (edge, route))| {
            let centre = route.label?;
            let (width, height) = edge.label;
            Some((index, Rect { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height }))
        })
        .collect()
}

/// Checks a drawing; says what is wrong with it.
pub(crate) fn check(graph: &Graph, drawing: &Drawing) -> Result<(), String> {
    let demand = |holds: bool, what: &dyn Fn() -> String| if holds { Ok(()) } else { Err(what()) };
    let nodes = &drawing.nodes;
    let labels = labels(graph, drawing);
    for (index, node) in nodes.iter().enumerate() {
        let inside = node.x >= 0.0
            && node.y >= 0.0
            && node.x + node.width <= drawing.size.0 + SLACK
            && node.y + node.height <= drawing.size.1 + SLACK;
        demand(inside, &|| format!("node {index} is not inside"))?;
        for (other, rect) in nodes.iter().enumerate().take(index) {
            demand(!overlap(node, rect), &|| format!("nodes {other} and {index} overlap"))?;
        }
        for (edge, label) in &labels {
            demand(!overlap(node, label), &|| format!("the label of edge {edge} overlaps node {index}"))?;
        }
    }
    for (index, (edge, label)) in labels.iter().enumerate() {
        for (other, rect) in &labels[..index] {
            demand(!overlap(label, rect), &|| format!("the labels of edges {other} and {edge} overlap"))?;
        }
    }
    for (index, (edge, route)) in graph.edges.iter().zip(&drawing.edges).enumerate() {
        let (Some(from), Some(to)) = (nodes.get(edge.from as usize), nodes.get(edge.to as usize)) else {
            demand(route.points.is_empty(), &|| format!("edge {index} joins nothing, but has a route"))?;
            continue;
        };
        let &[first, .., last] = route.points.as_slice() else {
            return Err(format!("edge {index} has no route"));
        };
        demand(touches(first, from), &|| format!("edge {index} does not start at its node"))?;
        demand(touches(last, to), &|| format!("edge {index} does not end at its node"))?;
        demand((edge.label != (0.0, 0.0)) == route.label.is_some(), &|| format!("edge {index} lost its label"))?;
        for ends in route.points.windows(2) {
            for (node, rect) in nodes.iter().enumerate() {
                demand(!enters(ends[0], ends[1], rect), &|| format!("edge {index} passes through node {node}"))?;
            }
        }
        for ends in smooth(route).windows(2) {
            for (node, rect) in nodes.iter().enumerate() {
                demand(!enters(ends[0], ends[1], rect), &|| {
                    format!("the curve of edge {index} passes through node {node}")
                })?;
            }
        }
        let same = drawing.edges[..index].iter().position(|other| {
            let reversed = || other.points.iter().rev().eq(&route.points);
            other.points == route.points || reversed()
        });
        demand(same.is_none(), &|| format!("edges {} and {index} lie on one another", same.unwrap_or_default()))?;
    }
    Ok(())
}

/// The curve of a route, as many short lines.
fn smooth(route: &Route) -> Vec<Point> {
    let mut points = route.points.first().copied().into_iter().collect::<Vec<_>>();
    for (&start, [one, other, end]) in route.points.iter().zip(route.curve()) {
        points.extend((1..=8).map(|step| {
            let (to, from) = (step as f32 / 8.0, 1.0 - step as f32 / 8.0);
            let blend = |a: f32, b: f32, c: f32, d: f32| {
                from * from * from * a + 3.0 * from * from * to * b + 3.0 * from * to * to * c + to * to * to * d
            };
            Point { x: blend(start.x, one.x, other.x, end.x), y: blend(start.y, one.y, other.y, end.y) }
        }));
    }
    points
}

/// Whether a point lies on the border of a rectangle.
fn touches(point: Point, rect: &Rect) -> bool {
    let near = |one: f32, other: f32| (one - other).abs() <= SLACK;
    let beside = near(point.x, rect.x) || near(point.x, rect.x + rect.width);
    let across = near(point.y, rect.y) || near(point.y, rect.y + rect.height);
    let within = point.x >= rect.x - SLACK
        && point.x <= rect.x + rect.width + SLACK
        && point.y >= rect.y - SLACK
        && point.y <= rect.y + rect.height + SLACK;
    within && (beside || across)
}
