//! Sorts by keys. There is one sort for all, so that a browser has only one to compile.

/// Puts pairs in the order of their keys; those with the same key keep their order.
pub(crate) fn pairs(pairs: &mut [(u64, u32)]) {
    pairs.sort_by_key(|&(key, _)| key);
}

/// Puts items in the order of their keys; those with the same key keep their order.
pub(crate) fn by_key(items: &mut [u32], key: impl Fn(u32) -> u64) {
    let mut keyed: Vec<(u64, u32)> = items.iter().map(|&item| (key(item), item)).collect();
    pairs(&mut keyed);
    items.iter_mut().zip(keyed).for_each(|(item, (_, sorted))| *item = sorted);
}

/// The key of a length, which compares as [`f64::total_cmp`] does.
pub(crate) fn length(length: f64) -> u64 {
    let bits = length.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}
