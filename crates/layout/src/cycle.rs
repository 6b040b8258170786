//! Breaks cycles: chooses the arcs that will be drawn against their direction.
//!
//! Arcs are taken up one by one, the heaviest first, and an arc that would close a cycle with those taken before is
//! turned. So an arc is turned only for the sake of arcs that are at least as heavy, and a set of arcs without a cycle
//! always points down if no other is as heavy. The order that grows with each arc is kept as in D. J. Pearce and
//! P. H. J. Kelly, "A dynamic topological sort algorithm for directed acyclic graphs" (2006), within the strongly connected
//! sets of R. Tarjan, "Depth-first search and linear graph algorithms" (1972), outside of which nothing can close a cycle.

use crate::lists::Lists;
use crate::sort;

/// A directed connection that takes part in ranking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) weight: u32,
}

impl Arc {
    /// The same arc in the other direction.
    pub(crate) fn turned(self) -> Self {
        Self { from: self.to, to: self.from, weight: self.weight }
    }

    /// The arcs that leave each node, and those that lead to it.
    pub(crate) fn lists(nodes: usize, arcs: &[Self]) -> [Lists; 2] {
        let ends = |end: fn(&Self) -> u32| Lists::group(nodes, &arcs.iter().map(end).collect::<Vec<_>>());
        [ends(|arc| arc.from), ends(|arc| arc.to)]
    }
}

/// Turns arcs until no cycle is left.
#[inline(never)]
pub(crate) fn break_cycles(nodes: usize, arcs: &mut [Arc]) {
    let Search { mut place, set } = search(nodes, arcs);
    let mut inner: Vec<u32> = (0..arcs.len() as u32)
        .filter(|&arc| set[arcs[arc as usize].from as usize] == set[arcs[arc as usize].to as usize])
        .collect();
    // Among equals, those go first that agree with the order of the search: it has few that do not.
    sort::by_key(&mut inner, |arc| {
        let Arc { from, to, weight } = arcs[arc as usize];
        u64::from(u32::MAX - weight) << 1 | u64::from(place[from as usize] > place[to as usize])
    });
    if inner.is_empty() {
        return;
    }
    let mut kept = Kept::new(nodes, inner.len());
    for arc in inner {
        let Arc { from, to, .. } = arcs[arc as usize];
        if kept.fit(&mut place, from, to) {
            kept.push(from, to);
        } else {
            // What is left of the arc after turning follows from the path that it would have closed.
            arcs[arc as usize] = arcs[arc as usize].turned();
        }
    }
}

/// What one depth-first search finds.
struct Search {
    /// Place of every node in an order in which arcs tend to lead on, and always do between strongly connected sets.
    place: Vec<u32>,
    /// Strongly connected set of every node.
    set: Vec<u32>,
}

#[inline(never)]
fn search(nodes: usize, arcs: &[Arc]) -> Search {
    const NONE: u32 = u32::MAX;
    let [out, into] = Arc::lists(nodes, arcs);
    let (sources, inner): (Vec<u32>, Vec<u32>) = (0..nodes as u32).partition(|&node| into.of(node).is_empty());

    let mut number = vec![NONE; nodes];
    let mut low = vec![NONE; nodes];
    let mut set = vec![NONE; nodes];
    let mut place = vec![NONE; nodes];
    let (mut numbers, mut sets, mut unplaced) = (0, 0, nodes as u32);
    let mut open = Vec::with_capacity(nodes);
    let mut path: Vec<(u32, usize)> = Vec::with_capacity(nodes);
    for root in sources.into_iter().chain(inner) {
        let mut enter = (number[root as usize] == NONE).then_some(root);
        loop {
            if let Some(node) = enter.take() {
                number[node as usize] = numbers;
                low[node as usize] = numbers;
                numbers += 1;
                open.push(node);
                path.push((node, 0));
            }
            let Some((node, next)) = path.last_mut() else {
                break;
            };
            let node = *node;
            if let Some(&arc) = out.of(node).get(*next) {
                *next += 1;
                let to = arcs[arc as usize].to;
                if number[to as usize] == NONE {
                    enter = Some(to);
                } else if set[to as usize] == NONE {
                    low[node as usize] = low[node as usize].min(number[to as usize]);
                }
                continue;
            }
            path.pop();
            unplaced -= 1;
            place[node as usize] = unplaced;
            if low[node as usize] == number[node as usize] {
                while let Some(member) = open.pop() {
                    set[member as usize] = sets;
                    if member == node {
                        break;
                    }
                }
                sets += 1;
            }
            if let Some(&(parent, _)) = path.last() {
                low[parent as usize] = low[parent as usize].min(low[node as usize]);
            }
        }
    }
    Search { place, set }
}

/// The arcs taken so far, as linked lists from both ends, and room for the searches.
struct Kept {
    arcs: Vec<Link>,
    first_out: Vec<u32>,
    first_in: Vec<u32>,
    reached: Vec<bool>,
    ahead: Vec<u32>,
    behind: Vec<u32>,
}

struct Link {
    from: u32,
    to: u32,
    next_out: u32,
    next_in: u32,
}

const END: u32 = u32::MAX;

impl Kept {
    fn new(nodes: usize, arcs: usize) -> Self {
        Self {
            arcs: Vec::with_capacity(arcs),
            first_out: vec![END; nodes],
            first_in: vec![END; nodes],
            reached: vec![false; nodes],
            ahead: Vec::new(),
            behind: Vec::new(),
        }
    }

    fn push(&mut self, from: u32, to: u32) {
        let link = self.arcs.len() as u32;
        let next_out = std::mem::replace(&mut self.first_out[from as usize], link);
        let next_in = std::mem::replace(&mut self.first_in[to as usize], link);
        self.arcs.push(Link { from, to, next_out, next_in });
    }

    /// Mends `place` so that `from` stands before `to` and all arcs kept still lead on; `false` if that cannot be.
    #[inline(never)]
    fn fit(&mut self, place: &mut [u32], from: u32, to: u32) -> bool {
        let (low, high) = (place[to as usize], place[from as usize]);
        if high < low {
            return true;
        }
        let mut ahead = std::mem::take(&mut self.ahead);
        let mut behind = std::mem::take(&mut self.behind);
        ahead.push(to);
        self.reached[to as usize] = true;
        let mut done = 0;
        while done < ahead.len() {
            let mut link = self.first_out[ahead[done] as usize];
            done += 1;
            while let Some(&Link { to: next, next_out, .. }) = self.arcs.get(link as usize) {
                link = next_out;
                if place[next as usize] <= high && !self.reached[next as usize] {
                    self.reached[next as usize] = true;
                    ahead.push(next);
                }
            }
        }
        let fits = !self.reached[from as usize];
        if fits {
            behind.push(from);
            self.reached[from as usize] = true;
            let mut done = 0;
            while done < behind.len() {
                let mut link = self.first_in[behind[done] as usize];
                done += 1;
                while let Some(&Link { from: next, next_in, .. }) = self.arcs.get(link as usize) {
                    link = next_in;
                    if place[next as usize] >= low && !self.reached[next as usize] {
                        self.reached[next as usize] = true;
                        behind.push(next);
                    }
                }
            }
            // All that leads to `from` takes the first of the places that both searches hold, all that `to` leads to the rest.
            let at = |node: u32| u64::from(place[node as usize]);
            sort::by_key(&mut ahead, at);
            sort::by_key(&mut behind, at);
            let mut free: Vec<u32> = behind.iter().chain(&ahead).map(|&node| place[node as usize]).collect();
            sort::by_key(&mut free, u64::from);
            for (&node, free) in behind.iter().chain(&ahead).zip(free) {
                place[node as usize] = free;
            }
        }
        ahead.drain(..).chain(behind.drain(..)).for_each(|node| self.reached[node as usize] = false);
        (self.ahead, self.behind) = (ahead, behind);
        fits
    }
}
