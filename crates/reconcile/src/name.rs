//! Interned names.

#![expect(clippy::disallowed_types, reason = "the table is only looked up, never walked")]

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that stands in the world: a name, a uid, a finalizer, an address.
///
/// Equal texts are one entry, so that comparing and copying a name costs as little as a pointer. The entry keeps a hash of
/// the text that is the same on every machine: fingerprints are made of it. Entries are never freed; their number is
/// bounded by the distinct texts that were loaded.
#[derive(Clone, Copy)]
pub struct Name(&'static Entry);

struct Entry {
    text: Box<str>,
    /// FNV-1a, finished with a mix so that the sums of [`World::fingerprint`](crate::World::fingerprint) spread.
    hash: u64,
    /// What stands before the first slash: the group, where the text is an `apiVersion`.
    group: Option<Name>,
}

type Table = HashMap<&'static str, Name, BuildHasherDefault<Fnv>>;

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);

fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// FNV-1a for the table: names are short, and come from one's own cluster.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(OFFSET)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = fold(self.0, bytes);
    }

    fn finish(&self) -> u64 {
        mix(self.0)
    }
}

/// Puts together the hashes of names, which are good hashes already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stable(u64);

impl Hasher for Stable {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// The offset basis of FNV-1a, 64 bits (Fowler, Noll, Vo).
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn fold(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

impl Name {
    /// The name for a text.
    pub fn new(text: &str) -> Self {
        if let Some(&name) = table().get(text) {
            return name;
        }
        let group = text.split_once('/').map(|(group, _)| Self::new(group));
        let hash = mix(fold(OFFSET, text.as_bytes()));
        // Nobody can have put it there meanwhile but another thread, whose entry then counts.
        let mut table = table();
        if let Some(&name) = table.get(text) {
            return name;
        }
        let entry: &'static Entry = Box::leak(Box::new(Entry { text: text.into(), hash, group }));
        table.insert(&entry.text, Self(entry));
        Self(entry)
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        &self.0.text
    }

    /// Whether the text is empty, as the namespace of a cluster-scoped object is.
    pub fn is_empty(self) -> bool {
        self.0.text.is_empty()
    }

    /// The group of an `apiVersion`: what stands before the slash; empty for the core group.
    pub fn group(self) -> Self {
        self.0.group.unwrap_or_default()
    }

    /// A hash of the text that is the same on every machine and in every build.
    pub fn stable_hash(self) -> u64 {
        self.0.hash
    }
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014).
pub(crate) fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Undoes [`mix`]: each of its steps is a bijection. The factors are the inverses modulo 2⁶⁴.
pub(crate) fn unmix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 31) ^ (hash >> 62)).wrapping_mul(0x3196_42b2_d24d_8ec3);
    let hash = (hash ^ (hash >> 27) ^ (hash >> 54)).wrapping_mul(0x96de_1b17_3f11_9089);
    hash ^ (hash >> 30) ^ (hash >> 60)
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self == other { std::cmp::Ordering::Equal } else { self.as_str().cmp(other.as_str()) }
    }
}

/// A name as a key of an index: ordered by its hash, and by its text only where two hashes are the same. Which of two names is
/// the lesser tells nothing, but comparing them costs one subtraction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Indexed(pub(crate) Name);

impl PartialOrd for Indexed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Indexed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.0.hash.cmp(&other.0.0.hash).then_with(|| self.0.cmp(&other.0))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl Default for Name {
    fn default() -> Self {
        static EMPTY: LazyLock<Name> = LazyLock::new(|| Name::new(""));
        *EMPTY
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Names go from the page's worker to the page as their texts: another thread has another table.
impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmix_undoes_mix() {
        let hashes = (0..1_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        hashes.for_each(|hash| assert_eq!(unmix(mix(hash)), hash));
    }
}
