//! Folds ranks that are too wide into several rows, so that the drawing gets the wanted shape.
//!
//! Of nodes that join the same others, the outer ones go to the upper rows and the inner ones to the lower: so routes from above
//! come down in the middle, and those to what is below lead round outside. Others go to the rows in turn. Hubs, which join many nodes of such a rank, get a row each: K. Zarankiewicz, "On a problem of P. Turán concerning graphs" (1954), puts the
//! few on one line and the many on another across it, where hubs beside one another would have twice the crossings.

use crate::Spacing;
use crate::layers::{Layers, Side, Way};
use crate::part::Part;
use crate::sort;

/// How often what is still too wide is folded anew.
pub(crate) const TRIES: usize = 4;

/// Ranks with fewer nodes stay as they are, for a short row is easier to read than a heap. Who has fewer links is no hub.
const FEW: usize = 12;

/// Other ranks for a part that was drawn `drawn` wide, and should be no wider than `width`; none where that changes nothing.
#[inline(never)]
pub(crate) fn fold(
    part: &Part,
    rank: &[u32],
    centres: &[(f64, f64)],
    (drawn, width): (f64, f64),
    spacing: &Spacing,
) -> Option<Vec<u32>> {
    let mut order: Vec<u32> = (0..rank.len() as u32).collect();
    let at = |node: u32| rank[node as usize];
    sort::by_key(&mut order, |node| sort::length(centres[node as usize].0));
    sort::by_key(&mut order, |node| u64::from(at(node)));
    let ranks: Vec<&[u32]> = order.chunk_by(|&one, &other| at(one) == at(other)).collect();
    let wide = |row: &&[u32]| row.iter().map(|&node| part.nodes[node as usize].width + spacing.node_gap).sum::<f64>();
    let wides: Vec<f64> = ranks.iter().map(wide).collect();
    // Routes take room beside the nodes, so less is left for these.
    let room = width * (wides.iter().copied().fold(0.0, f64::max) / drawn).min(1.0);
    let rows_of = |(row, wide): (&&[u32], &f64)| {
        let most = if row.len() < FEW { 1 } else { row.len() };
        ((wide / room).ceil() as usize).clamp(1, most)
    };
    let rows: Vec<usize> = ranks.iter().zip(&wides).map(rows_of).collect();
    // Positive for who has more of such neighbours below than above.
    let mut links = vec![0usize; rank.len()];
    let mut below = vec![0.0; rank.len()];
    // Who joins the same others has the same sum, and hardly anybody else.
    let mut kin = vec![0u64; rank.len()];
    for link in &part.links {
        for (one, other) in [(link.from, link.to), (link.to, link.from)] {
            kin[one as usize] = kin[one as usize].wrapping_add(mixed(other));
            if ranks[at(other) as usize].len() >= FEW && at(one) != at(other) {
                links[one as usize] += 1;
                below[one as usize] += if at(other) > at(one) { 1.0 } else { -1.0 };
            }
        }
    }
    let mut folded = vec![0; rank.len()];
    let mut next = 0;
    for (row, rows) in ranks.into_iter().zip(rows) {
        let (mut hubs, others): (Vec<u32>, Vec<u32>) =
            row.iter().partition(|&&node| rows == 1 && links[node as usize] >= FEW);
        // The greatest hub is the nearest.
        sort::by_key(&mut hubs, |hub| sort::length(below[hub as usize]));
        let mut slot = 0;
        for alike in others.chunk_by(|&one, &other| kin[one as usize] == kin[other as usize]) {
            let each = alike.len().div_ceil(2 * rows);
            for (index, &node) in alike.iter().enumerate() {
                let row = if alike.len() < 2 * rows { slot % rows } else { index.min(alike.len() - 1 - index) / each };
                folded[node as usize] = next + row as u32;
                slot += 1;
            }
        }
        (0..).zip(&hubs).for_each(|(row, &hub)| folded[hub as usize] = next + row);
        next += rows.max(hubs.len()) as u32;
    }
    (folded != rank).then_some(folded)
}

/// The finalizer of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", 2014).
fn mixed(node: u32) -> u64 {
    let mut mixed = (u64::from(node) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Where the vertices of a folded part would stand for the nodes to keep their order: bends go with that end of their link that
/// joins fewer others. If the other one is a hub, its bends follow it alone, or else they would pull the rows apart.
#[inline(never)]
pub(crate) fn lead(part: &Part, layers: &mut Layers, centres: &[(f64, f64)]) -> Vec<f64> {
    let mut x: Vec<f64> = centres.iter().map(|centre| centre.0).collect();
    x.resize(layers.row.len(), 0.0);
    layers.led = vec![None; layers.row.len()];
    let mut links = vec![0; centres.len()];
    part.links.iter().for_each(|link| {
        links[link.from as usize] += 1;
        links[link.to as usize] += 1;
    });
    for (link, way) in part.links.iter().zip(&layers.ways) {
        let [from, to] = [link.from as usize, link.to as usize];
        match way {
            Way::Down { bends, .. } => {
                let (end, hub) = if links[from] < links[to] { (from, to) } else { (to, from) };
                let bends = bends.start as usize..bends.end as usize;
                x[bends.clone()].fill(centres[end].0);
                if links[hub] >= FEW {
                    let side = if layers.row[hub] < layers.row[end] { Side::Up } else { Side::Down };
                    layers.led[bends].fill(Some(side));
                }
            }
            Way::Turn { bend, .. } => x[*bend as usize] = (centres[from].0 + centres[to].0) / 2.0,
            Way::Loop { .. } | Way::Aside => {}
        }
    }
    x
}
