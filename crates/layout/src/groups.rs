//! Containers: what goes in, and how they nest.

use crate::graph::{Graph, finite};
use crate::lists::Lists;

/// A container of nodes, and of other containers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Group {
    /// Stable identity of the container from one drawing to the next.
    pub id: u64,
    /// The container that it stands in, by index; none for one that stands free. Where containers claim to stand in one
    /// another in a ring, the first of them stands free.
    pub within: Option<u32>,
    /// Width and height of the title, for which a strip of this height is kept free along the top of the box.
    pub title: (f32, f32),
}

/// Which nodes stand in which containers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Groups {
    /// The containers.
    pub groups: Vec<Group>,
    /// The container of each node, by node index; a node beyond the end of the list stands free.
    pub of: Vec<Option<u32>>,
    /// Least distance of a box from what it holds. It is at least three quarters of
    /// [`Options::component_gap`](crate::Options::component_gap), so that edges find their way.
    pub padding: f32,
}

/// The containers as a tree. The whole is a container too, the last.
pub(crate) struct Tree {
    /// The container around each container; the whole has itself.
    pub(crate) parent: Vec<u32>,
    /// How many containers are around each.
    pub(crate) depth: Vec<u32>,
    /// All containers, each before those that it holds.
    pub(crate) order: Vec<u32>,
    /// The containers that each holds.
    pub(crate) children: Lists,
    /// The container of each node.
    pub(crate) of: Vec<u32>,
}

impl Tree {
    pub(crate) fn new(graph: &Graph, groups: &Groups) -> Self {
        let whole = groups.groups.len() as u32;
        let known = |group: Option<u32>| group.filter(|&group| group < whole).unwrap_or(whole);
        let mut parent: Vec<u32> = groups.groups.iter().map(|group| known(group.within)).collect();
        parent.push(whole);
        let children = Lists::group(parent.len(), &parent);
        let mut depth = vec![u32::MAX; parent.len()];
        let mut order: Vec<u32> = Vec::with_capacity(parent.len());
        let mut done = 0;
        for root in std::iter::once(whole).chain(0..whole) {
            // Whoever is not met from the whole stands in a ring.
            if depth[root as usize] == u32::MAX {
                parent[root as usize] = whole;
                depth[root as usize] = u32::from(root != whole);
                order.push(root);
            }
            while let Some(&group) = order.get(done) {
                done += 1;
                for &child in children.of(group) {
                    if depth[child as usize] == u32::MAX {
                        depth[child as usize] = depth[group as usize] + 1;
                        order.push(child);
                    }
                }
            }
        }
        let of = (0..graph.nodes.len()).map(|node| known(groups.of.get(node).copied().flatten())).collect();
        Self { children: Lists::group(parent.len(), &parent[..whole as usize]), parent, depth, order, of }
    }

    /// The whole.
    pub(crate) fn whole(&self) -> u32 {
        self.parent.len() as u32 - 1
    }

    /// The innermost container that holds both.
    pub(crate) fn common(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            if self.depth[one as usize] >= self.depth[other as usize] {
                one = self.parent[one as usize];
            } else {
                other = self.parent[other as usize];
            }
        }
        one
    }
}

/// What a container needs around what it holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) padding: f64,
    pub(crate) title: (f64, f64),
}

impl Frame {
    pub(crate) fn new(groups: &Groups, group: u32, gap: f64) -> Self {
        let title = groups.groups.get(group as usize).map_or((0.0, 0.0), |group| group.title);
        Self { padding: finite(groups.padding).max(gap * 0.75), title: (finite(title.0), finite(title.1)) }
    }
}
