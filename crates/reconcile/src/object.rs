//! What the world keeps of an object.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::name::mix;
use crate::{Facet, Name};

/// A kind without its version: two versions of one kind are one object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Kind {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The kind.
    pub kind: Name,
}

impl Kind {
    /// A kind by group and name.
    pub fn new(group: &str, kind: &str) -> Self {
        Self { group: group.into(), kind: kind.into() }
    }

    /// A kind by `apiVersion` and name.
    pub fn of(api_version: &str, kind: &str) -> Self {
        Self { group: Name::new(api_version).group(), kind: Name::new(kind) }
    }

    /// Whether this is `group`'s `kind`.
    pub fn is(self, group: &str, kind: &str) -> bool {
        self.group.as_str() == group && self.kind.as_str() == kind
    }
}

/// Where an object stands: at most one object has a key at a time (rule B6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; empty for a cluster-scoped object.
    pub namespace: Name,
    /// Its name.
    pub name: Name,
}

impl Key {
    /// A key by its parts.
    pub fn new(kind: Kind, namespace: Name, name: Name) -> Self {
        Self { kind, namespace, name }
    }
}

impl fmt::Display for Key {
    /// `Kind namespace/name`, for tests and logs; what a person reads comes from `gordian-diagnose`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.namespace.is_empty() { "" } else { "/" };
        write!(f, "{} {}{slash}{}", self.kind.kind, self.namespace, self.name)
    }
}

/// One entry of `metadata.ownerReferences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OwnerReference {
    /// `apiVersion`, with its version: the garbage collector maps it to a served resource.
    pub api_version: Name,
    /// `kind`.
    pub kind: Name,
    /// `name`.
    pub name: Name,
    /// `uid`: what the garbage collector's graph goes by.
    pub uid: Name,
    /// `controller`.
    pub controller: bool,
    /// `blockOwnerDeletion`.
    pub block: bool,
}

impl OwnerReference {
    /// The owner's kind, in whatever version.
    pub fn kind(&self) -> Kind {
        Kind { group: self.api_version.group(), kind: self.kind }
    }
}

/// An object that is being deleted. The world has no clock: that it is being deleted counts, not since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deletion {
    /// `deletionGracePeriodSeconds`: more than 0 only for a pod whose kubelet has not confirmed yet.
    pub grace_seconds: u32,
}

/// One object: what deletion depends on, and the [`Facet`] that some controller reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Object {
    /// Where it stands.
    pub key: Key,
    /// `apiVersion`.
    pub api_version: Name,
    /// `metadata.uid`; made from the key where the dump has none.
    pub uid: Name,
    /// `metadata.labels`, sorted.
    pub labels: Vec<(Name, Name)>,
    /// `metadata.ownerReferences`, in order.
    pub owners: Vec<OwnerReference>,
    /// `metadata.finalizers`, in order.
    pub finalizers: Vec<Name>,
    /// `metadata.deletionTimestamp` and grace.
    pub deletion: Option<Deletion>,
    /// The fields of spec and status that some controller reads.
    pub facet: Facet,
}

impl Object {
    /// Whether `metadata.deletionTimestamp` is set.
    pub fn deleting(&self) -> bool {
        self.deletion.is_some()
    }

    /// Whether it has a finalizer.
    pub fn has_finalizer(&self, finalizer: &str) -> bool {
        self.finalizers.iter().any(|f| f.as_str() == finalizer)
    }

    /// Whether it is being deleted in the foreground (`deletingDependents` in graph.go).
    pub fn deleting_dependents(&self) -> bool {
        self.deleting() && self.has_finalizer(FOREGROUND)
    }

    /// Whether it has a reference to this owner that blocks its deletion.
    pub fn blocks(&self, owner: Name) -> bool {
        self.owners.iter().any(|reference| reference.uid == owner && reference.block)
    }

    /// A label's value.
    pub fn label(&self, name: &str) -> Option<Name> {
        self.labels.iter().find(|(key, _)| key.as_str() == name).map(|&(_, value)| value)
    }

    /// A 64-bit hash of all of it, the same on every machine.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = Canonical::default();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// The finalizer of foreground deletion (`metav1.FinalizerDeleteDependents`).
pub(crate) const FOREGROUND: &str = "foregroundDeletion";

/// The finalizer of orphaning (`metav1.FinalizerOrphanDependents`).
pub(crate) const ORPHAN: &str = "orphan";

/// A hasher of fixed width, so that native and wasm agree. Lengths and discriminants, which `Hash` writes as `usize` and
/// `isize`, are widened first.
#[derive(Default)]
pub(crate) struct Canonical(u64);

impl Canonical {
    fn add(&mut self, value: u64) {
        self.0 = mix(self.0.rotate_left(5) ^ value.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    }
}

impl Hasher for Canonical {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.add(u64::from(byte)));
    }
    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }
    fn write_u16(&mut self, value: u16) {
        self.add(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }
    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }
    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }
    fn write_isize(&mut self, value: isize) {
        self.add(value as i64 as u64);
    }
    fn finish(&self) -> u64 {
        mix(self.0)
    }
}
