//! Lists of small numbers, kept one after the other in one flat array (compressed sparse rows).

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

    /// The items of one key.
    pub(crate) fn of(&self, key: u32) -> &[u32] {
        let key = key as usize;
        &self.item[self.start[key] as usize..self.start[key + 1] as usize]
    }

    /// The items of one key, to be put in another order.
    pub(crate) fn of_mut(&mut self, key: u32) -> &mut [u32] {
        let key = key as usize;
        &mut self.item[self.start[key] as usize..self.start[key + 1] as usize]
    }
}
