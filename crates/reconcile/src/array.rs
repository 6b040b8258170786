//! A persistent array: a clone shares all of it, and a write copies only what lies on the way to what it changes.
//!
//! It is a trie of fixed width over the bits of the index (Bagwell and Rompf 2011, without the relaxation), so that a look-up is one
//! step for every five bits.

use std::sync::Arc;

/// As many bits of an index tell the children of a node apart.
const BITS: u32 = 5;
const WIDTH: usize = 1 << BITS;

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct Array<T> {
    root: Arc<Node<T>>,
    /// The bits below those that tell the root's children apart; 0 where the root is a leaf.
    shift: u32,
    len: usize,
}

#[derive(Debug, Clone)]
enum Node<T> {
    Leaf(Vec<T>),
    Branch(Vec<Arc<Node<T>>>),
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Self { root: Arc::new(Node::Leaf(Vec::new())), shift: 0, len: 0 }
    }
}

impl<T: Clone> Array<T> {
    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The value at an index.
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        if index >= self.len {
            return None;
        }
        let (mut node, mut shift) = (&*self.root, self.shift);
        loop {
            match node {
                Node::Leaf(values) => return values.get(index % WIDTH),
                Node::Branch(nodes) => node = nodes.get((index >> shift) % WIDTH)?,
            }
            shift = shift.saturating_sub(BITS);
        }
    }

    /// The same, to be written.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if index >= self.len {
            return None;
        }
        let (mut node, mut shift) = (&mut self.root, self.shift);
        loop {
            match Arc::make_mut(node) {
                Node::Leaf(values) => return values.get_mut(index % WIDTH),
                Node::Branch(nodes) => node = nodes.get_mut((index >> shift) % WIDTH)?,
            }
            shift = shift.saturating_sub(BITS);
        }
    }

    /// Puts a value at the end.
    pub(crate) fn push(&mut self, value: T) {
        if self.len == WIDTH << self.shift {
            let full = std::mem::take(self);
            *self = Self { root: Arc::new(Node::Branch(vec![full.root])), shift: full.shift + BITS, len: full.len };
        }
        let (mut node, mut shift) = (&mut self.root, self.shift);
        loop {
            match Arc::make_mut(node) {
                Node::Leaf(values) => {
                    values.push(value);
                    break;
                }
                Node::Branch(nodes) => {
                    let at = (self.len >> shift) % WIDTH;
                    if at == nodes.len() {
                        let leaf = shift == BITS;
                        nodes.push(Arc::new(if leaf { Node::Leaf(Vec::new()) } else { Node::Branch(Vec::new()) }));
                    }
                    node = &mut nodes[at];
                }
            }
            shift = shift.saturating_sub(BITS);
        }
        self.len += 1;
    }

    /// Every value, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len).filter_map(|index| self.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_put_in_and_a_clone_keeps_what_it_had() {
        let mut array = Array::default();
        let mut clones = Vec::new();
        for n in 0..3_000 {
            array.push(n);
            if n % 97 == 0 {
                clones.push((array.clone(), n + 1));
            }
        }
        (0..3_000).for_each(|n| *array.get_mut(n).expect("it is there") += 5_000);
        assert!(array.iter().copied().eq(5_000..8_000));
        assert_eq!((array.get(2_999), array.get(3_000)), (Some(&7_999), None));
        assert!(array.get_mut(3_000).is_none());
        for (clone, len) in clones {
            assert!(clone.iter().copied().eq(0..len) && clone.len() == len);
        }
    }
}
