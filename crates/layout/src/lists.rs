//! Lists of small numbers, kept one after the other in one flat array (compressed sparse rows).

use std::ops::Range;

/// For every key, the items that belong to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    start: Vec<u32>,
    item: Vec<u32>,
}

impl Lists {
    /// Groups the positions of `keys` by the key that stands there; within a group they ascend.
    pub(crate) fn group(count: usize, keys: impl Iterator<Item = u32> + Clone) -> Self {
        let mut start = vec![0; count + 1];
        for key in keys.clone() {
            start[key as usize + 1] += 1;
        }
        for key in 0..count {
            start[key + 1] += start[key];
        }
        let mut item = vec![0; start[count] as usize];
        let mut next = start.clone();
        for (position, key) in keys.enumerate() {
            let slot = &mut next[key as usize];
            item[*slot as usize] = position as u32;
            *slot += 1;
        }
        Self { start, item }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.start.len() - 1
    }

    /// Where the items of one key are among all.
    pub(crate) fn range(&self, key: u32) -> Range<usize> {
        self.start[key as usize] as usize..self.start[key as usize + 1] as usize
    }

    /// The items of one key.
    pub(crate) fn of(&self, key: u32) -> &[u32] {
        &self.item[self.range(key)]
    }

    /// The items of one key, to be put in another order.
    pub(crate) fn of_mut(&mut self, key: u32) -> &mut [u32] {
        let range = self.range(key);
        &mut self.item[range]
    }

    /// The items of all keys.
    pub(crate) fn all(&self) -> &[u32] {
        &self.item
    }

    /// Fills the lists with the same items in another order; `key` tells to whom each belongs.
    pub(crate) fn refill<'a>(&mut self, items: impl Iterator<Item = &'a u32>, key: impl Fn(u32) -> u32) {
        let mut next = self.start.clone();
        for &item in items {
            let slot = &mut next[key(item) as usize];
            self.item[*slot as usize] = item;
            *slot += 1;
        }
    }

    /// The same lists of other items.
    pub(crate) fn map(&self, of: impl Fn(u32) -> u32) -> Self {
        Self { start: self.start.clone(), item: self.item.iter().map(|&item| of(item)).collect() }
    }
}
