//! Which kinds are served, in which version and scope: what a RESTMapper knows.

#![expect(clippy::disallowed_types, reason = "the table is only looked up, never walked")]

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use crate::name::Stable;
use crate::validation::builtin;
use crate::{Facet, Kind, Name, Object, OwnerReference, World, kinds};

/// The kinds that every cluster of Kubernetes 1.33 serves and that own others, with their versions; `*` marks cluster scope.
const BUILTIN: [(&str, &str); 10] = [
    (
        "v1",
        "ConfigMap Endpoints Event LimitRange *Namespace *Node PersistentVolumeClaim *PersistentVolume Pod PodTemplate ReplicationController ResourceQuota Secret ServiceAccount Service",
    ),
    ("apps/v1", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"),
    ("batch/v1", "CronJob Job"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("networking.k8s.io/v1", "Ingress *IngressClass NetworkPolicy"),
    ("policy/v1", "PodDisruptionBudget"),
    ("rbac.authorization.k8s.io/v1", "*ClusterRole *ClusterRoleBinding Role RoleBinding"),
    ("storage.k8s.io/v1", "*CSIDriver *CSINode CSIStorageCapacity *StorageClass *VolumeAttachment"),
    ("apiextensions.k8s.io/v1", "*CustomResourceDefinition"),
];

/// The same, by version and kind: whether it is namespaced.
static VERSIONS: LazyLock<HashMap<(Name, Name), bool, BuildHasherDefault<Stable>>> = LazyLock::new(|| {
    let kinds = |(version, kinds): &(&str, &'static str)| {
        let version = Name::new(version);
        kinds.split(' ').map(move |kind| ((version, Name::new(kind.trim_start_matches('*'))), !kind.starts_with('*')))
    };
    BUILTIN.iter().flat_map(kinds).collect()
});

/// The same kinds, in whatever version.
static KINDS: LazyLock<BTreeSet<Kind>> =
    LazyLock::new(|| VERSIONS.keys().map(|(version, kind)| Kind::of(version.as_str(), kind.as_str())).collect());

/// What is known of a kind in a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mapping {
    /// Served; whether it is namespaced.
    Served {
        /// Objects of it are in namespaces.
        namespaced: bool,
    },
    /// Not served.
    Unserved,
    /// The dump does not tell.
    Unknown,
}

/// How a definition serves its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Served {
    versions: Vec<Name>,
    namespaced: bool,
}

impl Served {
    /// What a definition serves; `None` for any other object.
    pub(crate) fn by(definition: &Object) -> Option<Self> {
        match &definition.facet {
            Facet::Definition { versions, namespaced, .. } => {
                Some(Self { versions: versions.clone(), namespaced: *namespaced })
            }
            _ => None,
        }
    }

    /// What this says of an owner of that kind.
    pub(crate) fn mapping(&self, owner: &OwnerReference) -> Mapping {
        mapping_by(&self.versions, self.namespaced, owner)
    }
}

fn mapping_by(versions: &[Name], namespaced: bool, owner: &OwnerReference) -> Mapping {
    let version = owner.api_version.as_str();
    let version = version.split_once('/').map_or(version, |(_, version)| version);
    let served = versions.iter().any(|served| served.as_str() == version);
    if served { Mapping::Served { namespaced } } else { Mapping::Unserved }
}

impl World {
    /// Whether an owner reference's kind is served in its version (rule D4: what is not cannot be resolved, ever).
    pub(crate) fn mapping(&self, owner: &OwnerReference) -> Mapping {
        let kind = owner.kind();
        if let Some(&namespaced) = VERSIONS.get(&(owner.api_version, owner.kind)) {
            return Mapping::Served { namespaced };
        }
        // H6: an owner whose end was seen is known to be absent; any other of a kind that has no definition cannot be mapped.
        if self.definition_is_gone(kind) && (self.hides(owner.uid) || !self.knew(owner.uid)) {
            return Mapping::Unserved;
        }
        if let Some(namespaced) = self.served(owner.api_version, owner.kind) {
            return Mapping::Served { namespaced };
        }
        let known_builtin = builtin(kind.group.as_str()) && KINDS.contains(&kind);
        let defined = self.of_kind(kinds::definition());
        let defined = defined.map(|(_, object)| &object.facet).find_map(|facet| match facet {
            Facet::Definition { group, kind: of, versions, namespaced, .. }
                if *group == kind.group && *of == kind.kind =>
            {
                Some((versions, *namespaced))
            }
            _ => None,
        });
        match defined {
            Some((versions, namespaced)) => mapping_by(versions, namespaced, owner),
            None if known_builtin || self.whole() => Mapping::Unserved,
            None => Mapping::Unknown,
        }
    }

    /// The first owner reference of an object that the garbage collector can never resolve: its kind is not served in that
    /// version, or it names a namespaced owner for a cluster-scoped object (rule D4).
    pub fn unresolvable_owner(&self, object: &Object) -> Option<OwnerReference> {
        let unresolvable = |owner: &&OwnerReference| match self.mapping(owner) {
            Mapping::Unserved => true,
            Mapping::Served { namespaced } => namespaced && object.key.namespace.is_empty(),
            Mapping::Unknown => false,
        };
        object.owners.iter().find(unresolvable).copied()
    }
}
