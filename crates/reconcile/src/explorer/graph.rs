//! The graph of what was reached: its components, and where a run ends.
//!
//! Components are found after Tarjan (1972), without recursion: they come out so that whatever a component leads to came before it.
//! A run of weight 1 then goes through them once, the other way round. A component of one world without a loop passes on what it
//! has; one that a run can leave is solved by passing on what is in it until less than [`TOLERANCE`] of it is left; in one that a run
//! cannot leave, the run stays.

/// Where an edge leads that a limit cut off.
pub(super) const BEYOND: u32 = u32::MAX;

/// The part of a weight that may be lost in a component with a cycle that a run can leave.
const TOLERANCE: f64 = 1e-12;

/// How often the weights of such a component are passed on at most.
const ROUNDS: usize = 10_000;

/// Edges, those from one state together.
pub(super) struct Graph<'e> {
    /// Where the edges of each state begin in `edges`; one more entry for the end.
    pub(super) first: Vec<u32>,
    /// Where they lead, and how many steps each stands for.
    pub(super) edges: &'e [(u32, u32)],
}

/// Where runs end.
#[derive(Default)]
pub(super) struct Flow {
    /// The share of runs that come to each state, for those without an edge.
    pub(super) shares: Vec<f64>,
    /// The components that no run leaves, each with the share of runs that come there.
    pub(super) traps: Vec<(Vec<u32>, f64)>,
}

impl Graph<'_> {
    pub(super) fn next(&self, state: u32) -> &[(u32, u32)] {
        &self.edges[self.first[state as usize] as usize..self.first[state as usize + 1] as usize]
    }

    fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// By state: whether one of these can be reached from it.
    pub(super) fn leading_to(&self, states: impl Iterator<Item = u32>) -> Vec<bool> {
        let mut leads = vec![false; self.len()];
        states.for_each(|state| leads[state as usize] = true);
        // What a component leads to came before it.
        for component in self.components() {
            let found = |state: &u32| {
                let mut next = self.next(*state).iter().filter(|(to, _)| *to != BEYOND);
                leads[*state as usize] || next.any(|&(to, _)| leads[to as usize])
            };
            if component.iter().any(found) {
                component.iter().for_each(|&state| leads[state as usize] = true);
            }
        }
        leads
    }

    /// The strongly connected components, each after all that it leads to.
    fn components(&self) -> Vec<Vec<u32>> {
        const NEW: u32 = u32::MAX;
        const DONE: u32 = u32::MAX - 1;
        let mut low = vec![NEW; self.len()];
        let (mut components, mut open, mut calls) = (Vec::new(), Vec::new(), Vec::new());
        let mut number = 0;
        for root in 0..self.len() as u32 {
            if low[root as usize] != NEW {
                continue;
            }
            calls.push((root, 0, NEW));
            while let Some((state, edge, own)) = calls.pop() {
                let own = if own == NEW {
                    low[state as usize] = number;
                    open.push(state);
                    number += 1;
                    number - 1
                } else {
                    own
                };
                let mut seen = edge;
                let next = self.next(state);
                let unseen = loop {
                    let Some(&(to, _)) = next.get(seen) else { break None };
                    match if to == BEYOND { DONE } else { low[to as usize] } {
                        NEW => break Some(to),
                        DONE => {}
                        other => low[state as usize] = low[state as usize].min(other),
                    }
                    seen += 1;
                };
                if let Some(to) = unseen {
                    // Looked at once more on the way back, when its own number is known.
                    calls.push((state, seen, own));
                    calls.push((to, 0, NEW));
                } else if low[state as usize] == own {
                    let at = open.iter().rposition(|&other| other == state).unwrap_or_default();
                    let component = open.split_off(at);
                    component.iter().for_each(|&member| low[member as usize] = DONE);
                    components.push(component);
                }
            }
        }
        components
    }

    /// Whether a run can come back to where it was.
    pub(super) fn turns(&self) -> bool {
        self.components().iter().any(|component| self.goes_round(component))
    }

    /// A shortest way from a state back to it: the states that it comes to, itself last. Empty when there is none.
    pub(super) fn way_round(&self, state: u32) -> Vec<u32> {
        let mut from = std::collections::BTreeMap::new();
        let mut waiting = std::collections::VecDeque::from([state]);
        while let Some(at) = waiting.pop_front() {
            for &(to, _) in self.next(at).iter().filter(|(to, _)| *to != BEYOND) {
                if let std::collections::btree_map::Entry::Vacant(entry) = from.entry(to) {
                    entry.insert(at);
                    waiting.push_back(to);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = state;
        while let Some(&before) = from.get(&at) {
            way.push(at);
            at = before;
            if at == state {
                break;
            }
        }
        way.reverse();
        way
    }

    fn goes_round(&self, component: &[u32]) -> bool {
        component.len() > 1 || self.next(component[0]).iter().any(|&(to, _)| to == component[0])
    }

    /// Sends a run of weight 1 from state 0 through the graph, split evenly over the steps of each state.
    pub(super) fn flow(&self) -> Flow {
        let components = self.components();
        let mut of = vec![0; self.len()];
        for (index, component) in components.iter().enumerate() {
            component.iter().for_each(|&state| of[state as usize] = index);
        }
        let mut flow = Flow { shares: vec![0.0; self.len()], traps: Vec::new() };
        flow.shares[0] = 1.0;
        for (index, component) in components.iter().enumerate().rev() {
            let inside = |to: u32| to != BEYOND && of[to as usize] == index;
            let leaves = |state: &u32| self.next(*state).iter().any(|&(to, _)| !inside(to));
            if !self.goes_round(component) {
                self.pass_on(component[0], &mut flow.shares);
            } else if component.iter().any(leaves) {
                self.solve(component, &mut flow.shares);
            } else {
                let share = component.iter().map(|&state| std::mem::take(&mut flow.shares[state as usize])).sum();
                let mut states = component.clone();
                states.sort_unstable();
                flow.traps.push((states, share));
            }
        }
        flow.traps.sort_by_key(|(states, _)| states[0]);
        flow
    }

    /// Splits what a state has over its edges; what it loops to itself is split at once. What lies beyond a limit is lost.
    fn pass_on(&self, state: u32, weights: &mut [f64]) {
        let next = self.next(state);
        let steps: f64 = next.iter().filter(|(to, _)| *to != state).map(|&(_, times)| f64::from(times)).sum();
        if steps == 0.0 {
            return;
        }
        let weight = std::mem::take(&mut weights[state as usize]);
        for &(to, times) in next.iter().filter(|(to, _)| *to != state && *to != BEYOND) {
            weights[to as usize] += weight * f64::from(times) / steps;
        }
    }

    fn solve(&self, component: &[u32], weights: &mut [f64]) {
        let within = |weights: &[f64]| component.iter().map(|&state| weights[state as usize]).sum::<f64>();
        let bound = within(weights) * TOLERANCE;
        for _ in 0..ROUNDS {
            component.iter().rev().for_each(|&state| self.pass_on(state, weights));
            if within(weights) <= bound {
                break;
            }
        }
        component.iter().for_each(|&state| weights[state as usize] = 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph as text: `0>1,2 1>1 2>`.
    fn flow(text: &str) -> String {
        let next = text.split(' ').map(|state| state.split_once('>').map_or("", |(_, next)| next));
        let (mut first, mut edges) = (vec![0], Vec::new());
        for next in next {
            edges.extend(next.split(',').filter_map(|to| to.parse().ok()).map(|to: u32| (to, 1)));
            first.push(edges.len() as u32);
        }
        let flow = Graph { first, edges: &edges }.flow();
        let shares = flow.shares.iter().enumerate().filter(|(_, share)| **share > 0.0);
        let shares = shares.map(|(state, share)| format!("{state}:{share:.6}"));
        let traps = flow.traps.iter().map(|(states, share)| format!("{states:?}:{share:.6}"));
        shares.chain(traps).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_run_is_followed_to_where_it_ends() {
        assert_eq!(flow("0>1,2 1> 2>1,3 3>"), "1:0.750000 3:0.250000");
        assert_eq!(flow("0>0,1 1>"), "1:1.000000", "a loop that is left");
        assert_eq!(
            flow("0>1,2 1>0,3 2>2 3>"),
            "3:0.333333 [2]:0.666667",
            "a cycle that is left, and a loop that is not"
        );
        assert_eq!(flow("0>1 1>2 2>1"), "[1, 2]:1.000000");
        assert_eq!(flow("0>1,4294967295 1>"), "1:0.500000", "what lies beyond is lost");
    }
}
