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
    pub(crate) fn group(count: usize, keys: &[u32]) -> Self {
        let mut start = vec![0; count + 1];
        keys.iter().for_each(|&key| start[key as usize] += 1);
        let mut sum = 0;
        for start in &mut start {
            sum += *start;
            *start = sum;
        }
        let mut item = vec![0; keys.len()];
        for (position, &key) in (0..keys.len() as u32).zip(keys).rev() {
            start[key as usize] -= 1;
            item[start[key as usize] as usize] = position;
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

    /// Fills the lists with what stands in others, whose keys come in this order; `key` says to whom each item belongs here.
    pub(crate) fn refill(&mut self, keys: &[u32], others: &Self, key: &[u32]) {
        let mut next = self.start.clone();
        for &item in keys.iter().flat_map(|&key| others.of(key)) {
            let slot = &mut next[key[item as usize] as usize];
            self.item[*slot as usize] = item;
            *slot += 1;
        }
    }

    /// The same lists of other items.
    pub(crate) fn map(&self, of: impl Fn(u32) -> u32) -> Self {
        Self { start: self.start.clone(), item: self.item.iter().map(|&item| of(item)).collect() }
    }
}
