//! The fields of Longhorn's kinds (`k8s/pkg/apis/longhorn/v1beta2`).

mod field;

use serde_json::{Map, Value};

use self::field::{
    Copies, Disks, Field, Has, Holds, IsSet, Keys, Processes, Reason, UnlessFalse, WhyFalse, set, steps,
};
use crate::{Facet, Kind, Name};

/// Declares the kinds of Longhorn of which fields are kept. Each field stands once, with where it is in the object: a path for a text or
/// a flag, another [`Field`] for what is kept otherwise. So
///
/// ```text
/// /// longhorn.io Engine or Replica.
/// Instance = "Engine" | "Replica" {
///     /// `spec.nodeID`.
///     node: Name = "spec/nodeID",
/// }
/// ```
///
/// makes the struct `Instance` with the field `node`, which [`Facet::read_longhorn`] fills from an Engine or a Replica, and
/// [`Facet::longhorn_fields`] tells as `spec/nodeID`. Fields are told in their order. The struct has the name of its variant of [`Facet`].
macro_rules! longhorn {
    ($($(#[$kind_says:meta])* $name:ident = $($kind:literal)|+ {
        $($(#[$says:meta])* $field:ident: $type:ty = $place:expr,)*
    })*) => {
        $(
            $(#[$kind_says])*
            #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
            pub struct $name {
                $($(#[$says])* pub $field: $type,)*
            }
        )*

        impl Facet {
            /// The facet of an object of a Longhorn kind; `None` for a kind of which nothing is read. A field of another type than the
            /// API server gives it is taken as absent.
            pub(crate) fn read_longhorn(kind: Kind, object: &Value) -> Option<Self> {
                Some(match kind.kind.as_str() {
                    $($($kind)|+ => Self::$name($name { $($field: Field::<$type>::read(&$place, object),)* }),)*
                    _ => return None,
                })
            }

            /// The fields that the world keeps of a Longhorn object, by their paths with slashes; what is empty or false is left out. Of
            /// any other object: nothing.
            pub fn longhorn_fields(&self) -> Vec<(String, Name)> {
                let mut told = match self {
                    $(Self::$name(object) => [$(Field::<$type>::tell(&$place, &object.$field)),*].concat(),)*
                    _ => Vec::new(),
                };
                told.retain(|(_, value)| !value.is_empty());
                told
            }
        }
    };
}

longhorn! {
    /// longhorn.io Setting: the value is a field of the top level.
    Setting = "Setting" {
        /// `value`.
        value: Name = "value",
        /// `status.applied`; `true` where it is not there.
        applied: bool = UnlessFalse("status/applied"),
    }

    /// longhorn.io Node.
    LonghornNode = "Node" {
        /// The reason of the condition `Ready` where it is `False`; empty for a node that is ready.
        not_ready: Name = WhyFalse("Ready"),
        /// `spec.evictionRequested`.
        evicted: bool = "spec/evictionRequested",
        /// `spec.allowScheduling`.
        allowed: bool = "spec/allowScheduling",
        /// The annotation `longhorn.io/delete-node-from-longhorn`: it is deleted by the uninstaller.
        uninstalled: bool = Has("metadata/annotations/longhorn.io/delete-node-from-longhorn"),
        /// `spec.disks` and `status.diskStatus`, by name.
        disks: Vec<Disk> = Disks,
    }

    /// longhorn.io InstanceManager.
    InstanceManager = "InstanceManager" {
        /// `spec.image`.
        image: Name = "spec/image",
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `spec.type`.
        role: Name = "spec/type",
        /// `spec.dataEngine`.
        data_engine: Name = "spec/dataEngine",
        /// `status.currentState`.
        state: Name = "status/currentState",
        /// `status.ip`.
        ip: Name = "status/ip",
        /// `status.instanceEngines`, `instanceReplicas` and, taken for engines, the older `instances`: sorted.
        instances: Vec<InstanceProcess> = Processes,
    }

    /// longhorn.io Orphan.
    Orphan = "Orphan" {
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `spec.orphanType`.
        orphan_type: Name = "spec/orphanType",
        /// `spec.dataEngine`.
        data_engine: Name = "spec/dataEngine",
        /// `spec.parameters.InstanceName`.
        instance: Name = "spec/parameters/InstanceName",
        /// `spec.parameters.InstanceManager`.
        instance_manager: Name = "spec/parameters/InstanceManager",
        /// The reason of the condition `InstanceExist`: the instance's state.
        exists: Name = Reason("InstanceExist"),
        /// The condition `DataCleanable` is `True`.
        cleanable: bool = Holds("DataCleanable"),
    }

    /// longhorn.io Engine or Replica.
    Instance = "Engine" | "Replica" {
        /// `spec.volumeName`.
        volume: Name = "spec/volumeName",
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `spec.dataEngine`.
        data_engine: Name = "spec/dataEngine",
        /// `spec.desireState`.
        desired: Name = "spec/desireState",
        /// `status.currentState`.
        state: Name = "status/currentState",
        /// `status.instanceManagerName`.
        instance_manager: Name = "status/instanceManagerName",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
        /// `status.started`: it was seen running since it was asked for.
        started: bool = "status/started",
        /// Of an engine: the names of `status.snapshots`, sorted.
        snapshots: Vec<Name> = Keys("status/snapshots", "name"),
        /// Of a replica: `spec.healthyAt` is set.
        healthy: bool = IsSet("spec/healthyAt"),
        /// Of a replica: `spec.failedAt` is set.
        failed: bool = IsSet("spec/failedAt"),
    }

    /// longhorn.io Volume.
    LonghornVolume = "Volume" {
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `spec.dataEngine`.
        data_engine: Name = "spec/dataEngine",
        /// `spec.accessMode`.
        access_mode: Name = "spec/accessMode",
        /// `spec.migratable`.
        migratable: bool = "spec/migratable",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
        /// `status.state`.
        state: Name = "status/state",
        /// `status.robustness`.
        robustness: Name = "status/robustness",
        /// `status.kubernetesStatus.pvName`.
        volume: Name = "status/kubernetesStatus/pvName",
        /// `status.kubernetesStatus.namespace`.
        namespace: Name = "status/kubernetesStatus/namespace",
        /// `status.kubernetesStatus.pvcName`.
        claim: Name = "status/kubernetesStatus/pvcName",
        /// `status.kubernetesStatus.lastPVCRefAt`: since when no claim refers to it; empty while one does.
        unclaimed_since: Name = "status/kubernetesStatus/lastPVCRefAt",
    }

    /// longhorn.io Snapshot.
    Snapshot = "Snapshot" {
        /// `spec.volume`.
        volume: Name = "spec/volume",
        /// `status.children` has `volume-head`.
        under_head: bool = Has("status/children/volume-head"),
        /// `status.markRemoved`.
        removed: bool = "status/markRemoved",
    }

    /// longhorn.io VolumeAttachment.
    VolumeAttachment = "VolumeAttachment" {
        /// `spec.volume`.
        volume: Name = "spec/volume",
        /// The names of `spec.attachmentTickets`, sorted.
        tickets: Vec<Name> = Keys("spec/attachmentTickets", "id"),
    }

    /// longhorn.io ShareManager.
    ShareManager = "ShareManager" {
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
        /// `status.state`.
        state: Name = "status/state",
    }

    /// longhorn.io BackingImage.
    BackingImage = "BackingImage" {
        /// `spec.dataEngine`.
        data_engine: Name = "spec/dataEngine",
        /// `status.uuid`.
        uuid: Name = "status/uuid",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
        /// `spec.diskFileSpecMap` and `status.diskFileStatusMap`, by the disk's UUID.
        copies: Vec<ImageCopy> = Copies,
    }

    /// longhorn.io BackingImageManager.
    BackingImageManager = "BackingImageManager" {
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `spec.diskUUID`.
        disk: Name = "spec/diskUUID",
        /// `status.currentState`.
        state: Name = "status/currentState",
        /// `status.ip`.
        ip: Name = "status/ip",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
        /// `spec.backingImages`: names and UUIDs, by name.
        images: Vec<(Name, Name)> = "spec/backingImages",
    }

    /// longhorn.io BackingImageDataSource.
    BackingImageDataSource = "BackingImageDataSource" {
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `spec.diskUUID`.
        disk: Name = "spec/diskUUID",
        /// `spec.fileTransferred`.
        transferred: bool = "spec/fileTransferred",
        /// `status.currentState`.
        state: Name = "status/currentState",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
    }

    /// longhorn.io Backup.
    Backup = "Backup" {
        /// `spec.snapshotName`.
        snapshot: Name = "spec/snapshotName",
        /// `status.state`.
        state: Name = "status/state",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
    }

    /// longhorn.io BackupTarget.
    BackupTarget = "BackupTarget" {
        /// `spec.backupTargetURL`.
        url: Name = "spec/backupTargetURL",
        /// `status.available`.
        available: bool = "status/available",
    }

    /// longhorn.io SupportBundle.
    SupportBundle = "SupportBundle" {
        /// `spec.nodeID`.
        node: Name = "spec/nodeID",
        /// `status.state`.
        state: Name = "status/state",
        /// `status.ownerID`.
        owner: Name = "status/ownerID",
    }
}

impl Setting {
    /// The state of a setting whose value is not in force.
    pub const NOT_APPLIED: &'static str = "not applied";
}

impl LonghornNode {
    /// Whether another node takes its objects over (`IsNodeDownOrDeletedOrMissingManager`).
    pub fn unavailable(&self) -> bool {
        self.down() || self.not_ready.as_str() == "ManagerPodMissing"
    }

    /// Whether Kubernetes lost the node (`IsNodeDownOrDeleted`).
    pub fn down(&self) -> bool {
        matches!(self.not_ready.as_str(), "KubernetesNodeGone" | "KubernetesNodeNotReady")
    }
}

/// A disk of a Longhorn node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The key in `spec.disks` and `status.diskStatus`.
    pub name: Name,
    /// `diskType` is `block`: the v2 data engine's.
    pub block: bool,
    /// `path`.
    pub path: Name,
    /// Whether `spec.disks` has it.
    pub wanted: bool,
    /// Whether `status.diskStatus` has it.
    pub observed: bool,
    /// `diskUUID`.
    pub uuid: Name,
    /// The condition `Ready` is `True`.
    pub ready: bool,
    /// The condition `Schedulable` is `True`.
    pub schedulable: bool,
    /// `allowScheduling` in `spec.disks`.
    pub allowed: bool,
    /// `storageScheduled` in `status.diskStatus` is not 0: replicas or copies of backing images lie on it.
    pub used: bool,
}

/// An engine or a replica as an instance manager's process runs it (`InstanceProcess`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceProcess {
    /// Its name: that of the Engine or Replica.
    pub name: Name,
    /// It is an engine, and not a replica.
    pub engine: bool,
    /// `status.state`.
    pub state: Name,
}

impl InstanceManager {
    /// Whether its status has an instance of this name.
    pub fn has(&self, instance: Name) -> bool {
        self.instances.iter().any(|process| process.name == instance)
    }
}

impl Orphan {
    /// Whether it stands for an instance, and not for data on a disk.
    pub fn of_instance(&self) -> bool {
        self.orphan_type.as_str() != "replica"
    }
}

impl LonghornVolume {
    /// Whether several nodes share it through a share manager.
    pub fn shared(&self) -> bool {
        self.access_mode.as_str() == "rwx" && !self.migratable
    }
}

impl Snapshot {
    /// The state of a snapshot that is marked as removed and cannot be purged, since the volume's head is built on it.
    pub const UNDER_HEAD: &'static str = "removed below volume-head";
}

/// A copy of a backing image on a disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageCopy {
    /// The disk's UUID.
    pub disk: Name,
    /// `dataEngine` in `spec.diskFileSpecMap`; empty for a copy that only the status has.
    pub data_engine: Name,
    /// `state` in `status.diskFileStatusMap`; empty for a copy that only the spec has.
    pub state: Name,
}

impl ImageCopy {
    /// Whether it lies in a v2 instance manager: whatever the spec does not say to be v1's (`cleanupAllV2BackingImageCopies`).
    pub fn v2(&self) -> bool {
        !matches!(self.data_engine.as_str(), "v1") && !self.state.is_empty()
    }
}

impl Facet {
    /// The state that a Longhorn object's status says it is in: `status.currentState` or `status.state`, of a setting the value that is in force, and of a node the reason
    /// for which it is not ready.
    pub fn state(&self) -> Option<Name> {
        match self {
            Self::InstanceManager(manager) => Some(manager.state),
            Self::Instance(instance) => Some(instance.state),
            Self::LonghornNode(node) => Some(node.not_ready),
            Self::LonghornVolume(volume) => Some(volume.state),
            Self::ShareManager(share_manager) => Some(share_manager.state),
            Self::Setting(setting) => {
                Some(if setting.applied { setting.value } else { Name::new(Setting::NOT_APPLIED) })
            }
            Self::Snapshot(Snapshot { under_head: true, removed: true, .. }) => Some(Name::new(Snapshot::UNDER_HEAD)),
            Self::BackingImageDataSource(source) => Some(source.state),
            Self::BackingImageManager(manager) => Some(manager.state),
            Self::Backup(backup) => Some(backup.state),
            Self::SupportBundle(bundle) => Some(bundle.state),
            _ => None,
        }
    }

    /// The facet of a Longhorn object with these fields: what [`Facet::longhorn_fields`] lists.
    pub fn of_longhorn_fields(kind: Kind, fields: &[(String, Name)]) -> Self {
        let mut json = Value::Object(Map::new());
        for (path, value) in fields {
            set(&mut json, &steps(path), value.as_str());
        }
        Self::read_longhorn(kind, &json).unwrap_or_default()
    }

    /// Writes what the world keeps of a Longhorn object, but for its status, into its text: controllers and earlier writes may have
    /// changed it.
    pub fn write_longhorn_spec(&self, document: &mut Value) {
        for (path, value) in self.longhorn_fields() {
            if !path.starts_with("status/") {
                set(document, &steps(&path), value.as_str());
            }
        }
    }

    /// The spec of one facet of a Longhorn kind with the status of another.
    pub(super) fn with_longhorn_status(&self, kind: Kind, of: &Self) -> Self {
        let mut fields = self.longhorn_fields();
        fields.retain(|(path, _)| !path.starts_with("status/"));
        fields.extend(of.longhorn_fields().into_iter().filter(|(path, _)| path.starts_with("status/")));
        Self::of_longhorn_fields(kind, &fields)
    }
}
