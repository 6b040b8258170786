//! What the earlier drawing says about a part: the ranks, ordinates and abscissas that its vertices had.

use crate::Spacing;
use crate::cycle::Arc;
use crate::graph::{Point, Rect};
use crate::layers::{Layers, Way};
use crate::part::Part;
use crate::place::Band;
use crate::sort;

/// The middle of a rectangle.
pub(crate) fn centre(rect: &Rect) -> (f64, f64) {
    let half = |length: f32| f64::from(length) / 2.0;
    (f64::from(rect.x) + half(rect.width), f64::from(rect.y) + half(rect.height))
}

/// The nodes that stood somewhere, from top to bottom.
fn downwards<'a>(part: &'a Part) -> impl Iterator<Item = (u32, &'a Rect)> {
    let place = |node: u32| part.nodes[node as usize].was.as_ref();
    let mut old: Vec<u32> = (0..part.nodes.len() as u32).filter(|&node| place(node).is_some()).collect();
    sort::by_key(&mut old, |node| place(node).map_or(0, |was| sort::length(centre(was).1)));
    old.into_iter().filter_map(move |node| Some((node, place(node)?)))
}

/// Ranks of the nodes: those that stood beside one another had the same one.
pub(crate) fn ranks(part: &Part, spacing: &Spacing) -> Vec<Option<i32>> {
    let mut ranks = vec![None; part.nodes.len()];
    let mut rank = -1;
    let mut first = (f64::NEG_INFINITY, 0.0);
    for (index, was) in downwards(part) {
        let (y, height) = (centre(was).1, f64::from(was.height));
        if y - first.0 > height.max(first.1) / 2.0 + spacing.rank_gap / 4.0 {
            rank += 1;
            first = (y, height);
        }
        ranks[index as usize] = Some(rank);
    }
    ranks
}

/// The arcs that take part in ranking. One that pointed up has been turned already.
pub(crate) fn arcs(part: &Part, ranks: &[Option<i32>]) -> Vec<Arc> {
    let ranking = part.links.iter().filter(|link| !link.free && link.from != link.to);
    ranking
        .map(|link| {
            let arc = Arc { from: link.from, to: link.to, weight: link.weight };
            let pointed_up = link.was.is_some() && ranks[link.from as usize] > ranks[link.to as usize];
            if pointed_up { arc.turned() } else { arc }
        })
        .collect()
}

/// The ordinates of the ranks in which some node is old, from top to bottom.
pub(crate) struct Levels(Vec<(f64, u32)>);

/// The levels of ranks that were found anew.
pub(crate) fn levels(part: &Part, rank: &[u32]) -> Levels {
    let mut levels: Vec<(f64, u32)> = downwards(part).map(|(node, was)| (centre(was).1, rank[node as usize])).collect();
    levels.dedup_by_key(|&mut (_, rank)| rank);
    Levels(levels)
}

impl Levels {
    /// The rank in which a label stood, or below which, if that is said too.
    pub(crate) fn find(&self, label: Point, spacing: &Spacing) -> Option<(u32, bool)> {
        let (y, near) = (f64::from(label.y), spacing.rank_gap / 8.0);
        let above = self.0.partition_point(|&(level, _)| level <= y + near);
        let (level, rank) = *self.0.get(above.checked_sub(1)?)?;
        Some((rank, y - level > near))
    }
}

/// Ordinates of the vertices; of the bends, those of labels and turns.
pub(crate) fn ordinates(part: &Part, layers: &Layers) -> Vec<Option<f64>> {
    let nodes = part.nodes.iter();
    let mut ordinates: Vec<_> = nodes.map(|node| node.was.as_ref().map(|was| centre(was).1)).collect();
    ordinates.resize(layers.row.len(), None);
    for (link, way) in part.links.iter().zip(&layers.ways) {
        let Some(was) = link.was else { continue };
        match way {
            Way::Down { bends, .. } => {
                if let Some((label, bend)) = was.label.zip(bends.clone().find(|&bend| layers.is_label(bend))) {
                    ordinates[bend as usize] = Some(f64::from(label.y));
                }
            }
            Way::Turn { bend, .. } => {
                let lowest = was.points.iter().fold(f64::NEG_INFINITY, |most, point| most.max(f64::from(point.y)));
                ordinates[*bend as usize] = Some(lowest + layers.half_height(layers.row[*bend as usize]));
            }
            Way::Loop { .. } | Way::Aside => {}
        }
    }
    ordinates
}

/// Abscissas of the vertices: a bend had that of its route at the height where its row is now.
pub(crate) fn abscissas(part: &Part, layers: &Layers, bands: &[Band]) -> Vec<Option<f64>> {
    let mut abscissas: Vec<_> = part.nodes.iter().map(|node| node.was.as_ref().map(|was| centre(was).0)).collect();
    abscissas.resize(layers.row.len(), None);
    for (link, way) in part.links.iter().zip(&layers.ways) {
        let Some(was) = link.was else { continue };
        let bends = match way {
            Way::Down { bends, .. } => bends.clone(),
            Way::Turn { bend, .. } => *bend..*bend + 1,
            Way::Loop { .. } | Way::Aside => continue,
        };
        for bend in bends {
            let band = bands[layers.row[bend as usize] as usize];
            let y = if matches!(way, Way::Turn { .. }) { band.centre - band.half } else { band.centre };
            abscissas[bend as usize] = abscissa_at(&was.points, y);
        }
    }
    abscissas
}

/// Where a route came nearest to an ordinate.
fn abscissa_at(route: &[Point], y: f64) -> Option<f64> {
    let mut nearest: Option<(f64, f64)> = None;
    for ends in route.windows(2) {
        let [from, to] = [ends[0], ends[1]].map(|point| (f64::from(point.x), f64::from(point.y)));
        let at = if from.1 == to.1 { 0.0 } else { ((y - from.1) / (to.1 - from.1)).clamp(0.0, 1.0) };
        let off = (from.1 + (to.1 - from.1) * at - y).abs();
        if nearest.is_none_or(|(least, _)| off < least) {
            nearest = Some((off, from.0 + (to.0 - from.0) * at));
        }
    }
    nearest.map(|(_, x)| x)
}
