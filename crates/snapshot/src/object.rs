//! What every Kubernetes object has.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

/// One object as the API server printed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// `apiVersion` as printed: `v1`, `apps/v1`.
    pub api_version: String,
    /// `kind` as printed.
    pub kind: String,
    /// `metadata`.
    pub metadata: Metadata,
    /// Index of the [`Source`](crate::Source) that it was read from.
    pub source: usize,
    /// Where its text stands in that source, in bytes: from the first byte of the line that it begins on (YAML) or from
    /// its brace (JSON) to its end.
    pub text: Range<usize>,
    /// Where it begins itself: behind the indentation and the dash of its first line.
    pub(crate) start: usize,
    /// Where its JSON stands: in the source itself for JSON, in [`Source::json`](crate::Source::json) for YAML.
    pub(crate) json: Range<usize>,
}

impl Object {
    /// The group part of `apiVersion`: empty for the core group.
    pub fn group(&self) -> &str {
        group(&self.api_version)
    }

    /// What objects are sorted by: group, kind, namespace, name, uid.
    pub(crate) fn key(&self) -> (&str, &str, &str, &str, &str) {
        (self.group(), &self.kind, &self.metadata.namespace, &self.metadata.name, &self.metadata.uid)
    }
}

/// The group part of an `apiVersion`.
pub(crate) fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// The part of `metadata` that deletion depends on, and what a reader needs to place the object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `name`.
    pub name: String,
    /// `namespace`; empty for a cluster-scoped object.
    pub namespace: String,
    /// `uid`; empty where the dump has none.
    pub uid: String,
    /// `resourceVersion`; empty where the dump has none.
    pub resource_version: String,
    /// `generation`, where printed.
    pub generation: Option<i64>,
    /// `creationTimestamp` as printed.
    pub creation_timestamp: Option<String>,
    /// `deletionTimestamp` as printed.
    pub deletion_timestamp: Option<String>,
    /// `deletionGracePeriodSeconds`.
    pub deletion_grace_period_seconds: Option<i64>,
    /// `labels`.
    pub labels: BTreeMap<String, String>,
    /// `annotations`, without `kubectl.kubernetes.io/last-applied-configuration`, which repeats the object.
    pub annotations: BTreeMap<String, String>,
    /// `finalizers`, in order.
    pub finalizers: Vec<String>,
    /// `ownerReferences`, in order.
    pub owner_references: Vec<OwnerReference>,
}

/// One entry of `metadata.ownerReferences`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OwnerReference {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `name`.
    pub name: String,
    /// `uid`.
    pub uid: String,
    /// `controller`; `None` where it is not printed.
    pub controller: Option<bool>,
    /// `blockOwnerDeletion`; `None` where it is not printed.
    pub block_owner_deletion: Option<bool>,
}
