//! Gives every node a rank, so that all arcs lead from a lesser rank to a greater one.
//!
//! Ranks start from the longest path (P. Eades and K. Sugiyama, "How to draw a directed graph", 1990), which needs the
//! fewest ranks but leaves arcs longer than they need be. Nodes then move towards the side that pulls harder until nothing
//! moves: what E. R. Gansner, E. Koutsofios, S. C. North and K.-P. Vo, "A technique for drawing directed graphs" (1993), get
//! from a network simplex, but in linear time, and nearly as short.

use crate::cycle::Arc;
use crate::lists::Lists;

/// How often nodes may move to and fro. Two or three times is what it takes.
const ROUNDS: usize = 8;

/// Ranks for arcs without cycles, from 0. Nodes that had ranks keep their distances, unless an arc needs a greater one.
#[inline(never)]
pub(crate) fn rank(arcs: &[Arc], had: &[Option<i32>]) -> Vec<u32> {
    let nodes = had.len();
    let [out, into] = Arc::lists(nodes, arcs);
    let above =
        |rank: &[i32], node: u32| into.of(node).iter().map(|&arc| rank[arcs[arc as usize].from as usize] + 1).max();
    let below =
        |rank: &[i32], node: u32| out.of(node).iter().map(|&arc| rank[arcs[arc as usize].to as usize] - 1).min();
    let order = downwards(arcs, &out, &into);

    // A new node above old ones stands on top of them and does not push them down.
    let mut latest = had.to_vec();
    for &node in order.iter().rev().filter(|&&node| had[node as usize].is_none()) {
        let below = out.of(node).iter().filter_map(|&arc| latest[arcs[arc as usize].to as usize]);
        latest[node as usize] = below.min().map(|rank| rank - 1);
    }
    let mut rank: Vec<i32> = latest.into_iter().map(Option::unwrap_or_default).collect();
    for &node in &order {
        let least = above(&rank, node).unwrap_or(rank[node as usize]);
        rank[node as usize] = rank[node as usize].max(least);
    }

    // Positive where a node is pulled down.
    let mut pull = vec![0i64; nodes];
    for arc in arcs {
        // An arc of no weight still wants to be short.
        pull[arc.from as usize] += i64::from(arc.weight).max(1);
        pull[arc.to as usize] -= i64::from(arc.weight).max(1);
    }
    let free: Vec<u32> = order.into_iter().filter(|&node| had[node as usize].is_none()).collect();
    for _ in 0..ROUNDS {
        let mut moved = false;
        // A node that is pulled to both sides alike goes down as well: those above it may gain by following.
        for &node in free.iter().rev().filter(|&&node| pull[node as usize] >= 0) {
            let best = below(&rank, node).unwrap_or(rank[node as usize]);
            moved |= best != rank[node as usize];
            rank[node as usize] = best;
        }
        for &node in free.iter().filter(|&&node| pull[node as usize] < 0) {
            let best = above(&rank, node).unwrap_or(rank[node as usize]);
            moved |= best != rank[node as usize];
            rank[node as usize] = best;
        }
        if !moved {
            break;
        }
    }
    // In the end it comes back up, to stand by its parent.
    for &node in free.iter().filter(|&&node| pull[node as usize] == 0) {
        rank[node as usize] = above(&rank, node).unwrap_or(rank[node as usize]);
    }

    without_empty(&rank)
}

/// Counts only ranks that some node has.
fn without_empty(rank: &[i32]) -> Vec<u32> {
    let first = rank.iter().copied().min().unwrap_or_default();
    let place = |rank: i32| (rank - first) as usize;
    let mut number = vec![0; rank.iter().map(|&rank| place(rank) + 1).max().unwrap_or_default()];
    rank.iter().for_each(|&rank| number[place(rank)] = 1);
    let mut used = 0;
    for number in &mut number {
        used += std::mem::replace(number, used);
    }
    rank.iter().map(|&rank| number[place(rank)]).collect()
}

/// The nodes in an order in which every arc leads on.
fn downwards(arcs: &[Arc], out: &Lists, into: &Lists) -> Vec<u32> {
    let nodes = 0..into.len() as u32;
    let mut waiting: Vec<usize> = nodes.clone().map(|node| into.of(node).len()).collect();
    let mut order: Vec<u32> = nodes.filter(|&node| waiting[node as usize] == 0).collect();
    let mut done = 0;
    while let Some(&node) = order.get(done) {
        done += 1;
        for &arc in out.of(node) {
            let to = arcs[arc as usize].to;
            waiting[to as usize] -= 1;
            if waiting[to as usize] == 0 {
                order.push(to);
            }
        }
    }
    order
}
