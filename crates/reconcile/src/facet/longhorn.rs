//! The fields of Longhorn's kinds (`k8s/pkg/apis/longhorn/v1beta2`).

use serde_json::{Map, Value};

use crate::{Facet, Kind, Name};

/// longhorn.io Setting: the value is a field of the top level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Setting {
    /// `value`.
    pub value: Name,
    /// `status.applied`; `true` where it is not there.
    pub applied: bool,
}

impl Setting {
    /// The state of a setting whose value is not in force.
    pub const NOT_APPLIED: &'static str = "not applied";
}

/// longhorn.io Node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LonghornNode {
    /// The reason of the condition `Ready` where it is `False`; empty for a node that is ready.
    pub not_ready: Name,
    /// `spec.evictionRequested`.
    pub evicted: bool,
    /// `spec.allowScheduling`.
    pub allowed: bool,
    /// The annotation `longhorn.io/delete-node-from-longhorn`: it is deleted by the uninstaller.
    pub uninstalled: bool,
    /// `spec.disks` and `status.diskStatus`, by name.
    pub disks: Vec<Disk>,
}

/// Where the uninstaller marks what it deletes.
const UNINSTALLED: &str = "metadata/annotations/longhorn.io/delete-node-from-longhorn";

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

/// longhorn.io InstanceManager.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct InstanceManager {
    /// `spec.image`.
    pub image: Name,
    /// `spec.nodeID`.
    pub node: Name,
    /// `spec.type`.
    pub role: Name,
    /// `spec.dataEngine`.
    pub data_engine: Name,
    /// `status.currentState`.
    pub state: Name,
    /// `status.ip`.
    pub ip: Name,
    /// `status.instanceEngines`, `instanceReplicas` and, taken for engines, the older `instances`: sorted.
    pub instances: Vec<InstanceProcess>,
}

impl InstanceManager {
    /// Whether its status has an instance of this name.
    pub fn has(&self, instance: Name) -> bool {
        self.instances.iter().any(|process| process.name == instance)
    }
}

/// longhorn.io Orphan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Orphan {
    /// `spec.nodeID`.
    pub node: Name,
    /// `spec.orphanType`.
    pub orphan_type: Name,
    /// `spec.dataEngine`.
    pub data_engine: Name,
    /// `spec.parameters.InstanceName`.
    pub instance: Name,
    /// `spec.parameters.InstanceManager`.
    pub instance_manager: Name,
    /// The reason of the condition `InstanceExist`: the instance's state.
    pub exists: Name,
    /// The condition `DataCleanable` is `True`.
    pub cleanable: bool,
}

impl Orphan {
    /// Whether it stands for an instance, and not for data on a disk.
    pub fn of_instance(&self) -> bool {
        self.orphan_type.as_str() != "replica"
    }
}

/// longhorn.io Engine or Replica.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Instance {
    /// `spec.volumeName`.
    pub volume: Name,
    /// `spec.nodeID`.
    pub node: Name,
    /// `spec.dataEngine`.
    pub data_engine: Name,
    /// `spec.desireState`.
    pub desired: Name,
    /// `status.currentState`.
    pub state: Name,
    /// `status.instanceManagerName`.
    pub instance_manager: Name,
    /// `status.ownerID`.
    pub owner: Name,
    /// `status.started`: it was seen running since it was asked for.
    pub started: bool,
    /// Of an engine: the names of `status.snapshots`, sorted.
    pub snapshots: Vec<Name>,
}

/// longhorn.io Volume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LonghornVolume {
    /// `spec.nodeID`.
    pub node: Name,
    /// `spec.dataEngine`.
    pub data_engine: Name,
    /// `spec.accessMode`.
    pub access_mode: Name,
    /// `spec.migratable`.
    pub migratable: bool,
    /// `status.ownerID`.
    pub owner: Name,
    /// `status.state`.
    pub state: Name,
    /// `status.robustness`.
    pub robustness: Name,
    /// `status.kubernetesStatus.pvName`.
    pub volume: Name,
    /// `status.kubernetesStatus.namespace`.
    pub namespace: Name,
    /// `status.kubernetesStatus.pvcName`.
    pub claim: Name,
    /// `status.kubernetesStatus.lastPVCRefAt`: since when no claim refers to it; empty while one does.
    pub unclaimed_since: Name,
}

impl LonghornVolume {
    /// Whether several nodes share it through a share manager.
    pub fn shared(&self) -> bool {
        self.access_mode.as_str() == "rwx" && !self.migratable
    }
}

/// longhorn.io Snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// `spec.volume`.
    pub volume: Name,
    /// `status.children` has `volume-head`.
    pub under_head: bool,
    /// `status.markRemoved`.
    pub removed: bool,
}

impl Snapshot {
    /// The state of a snapshot that is marked as removed and cannot be purged, since the volume's head is built on it.
    pub const UNDER_HEAD: &'static str = "removed below volume-head";
}

/// longhorn.io VolumeAttachment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct VolumeAttachment {
    /// `spec.volume`.
    pub volume: Name,
    /// The names of `spec.attachmentTickets`, sorted.
    pub tickets: Vec<Name>,
}

/// longhorn.io ShareManager.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ShareManager {
    /// `status.ownerID`.
    pub owner: Name,
    /// `status.state`.
    pub state: Name,
}

/// longhorn.io BackingImage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BackingImage {
    /// `spec.dataEngine`.
    pub data_engine: Name,
    /// `spec.diskFileSpecMap` and `status.diskFileStatusMap`, by the disk's UUID.
    pub copies: Vec<ImageCopy>,
    /// `status.uuid`.
    pub uuid: Name,
    /// `status.ownerID`.
    pub owner: Name,
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

/// longhorn.io BackingImageManager.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BackingImageManager {
    /// `spec.nodeID`.
    pub node: Name,
    /// `spec.diskUUID`.
    pub disk: Name,
    /// `spec.backingImages`: names and UUIDs, by name.
    pub images: Vec<(Name, Name)>,
    /// `status.currentState`.
    pub state: Name,
    /// `status.ip`.
    pub ip: Name,
    /// `status.ownerID`.
    pub owner: Name,
}

/// longhorn.io BackingImageDataSource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BackingImageDataSource {
    /// `spec.nodeID`.
    pub node: Name,
    /// `spec.diskUUID`.
    pub disk: Name,
    /// `spec.fileTransferred`.
    pub transferred: bool,
    /// `status.currentState`.
    pub state: Name,
    /// `status.ownerID`.
    pub owner: Name,
}

/// longhorn.io Backup.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Backup {
    /// `spec.snapshotName`.
    pub snapshot: Name,
    /// `status.state`.
    pub state: Name,
    /// `status.ownerID`.
    pub owner: Name,
}

/// longhorn.io BackupTarget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BackupTarget {
    /// `spec.backupTargetURL`.
    pub url: Name,
    /// `status.available`.
    pub available: bool,
}

/// longhorn.io SupportBundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SupportBundle {
    /// `spec.nodeID`.
    pub node: Name,
    /// `status.state`.
    pub state: Name,
    /// `status.ownerID`.
    pub owner: Name,
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

    /// The fields that the world keeps of a Longhorn object, by their paths with slashes; what is empty or false is left out. Of
    /// any other object: nothing.
    pub fn longhorn_fields(&self) -> Vec<(String, Name)> {
        let text = |path: &str, value: Name| (path.to_owned(), value);
        let flag = |path: &str, value: bool| (path.to_owned(), Name::new(if value { "true" } else { "" }));
        let fields = match self {
            Self::Setting(Setting { value, applied }) => {
                vec![text("value", *value), text("status/applied", Name::new(if *applied { "" } else { "false" }))]
            }
            Self::LonghornNode(node) => {
                let of_disk = |disk: &Disk| {
                    let Disk { name, block, path, wanted, observed, uuid, ready, schedulable, allowed, used } = disk;
                    let spec = format!("spec/disks/{name}");
                    let status = format!("status/diskStatus/{name}");
                    let kind = Name::new(if *block { "block" } else { "filesystem" });
                    let allowed = flag(&format!("{spec}/allowScheduling"), *wanted && *allowed);
                    let wanted = wanted
                        .then(|| vec![text(&format!("{spec}/diskType"), kind), text(&format!("{spec}/path"), *path)]);

                    let condition = |kind: &str, holds: bool| {
                        text(&format!("{status}/conditions/{kind}"), Name::new(if holds { "True" } else { "False" }))
                    };
                    let observed = observed.then(|| {
                        let uuid = text(&format!("{status}/diskUUID"), *uuid);
                        let used = text(&format!("{status}/storageScheduled"), Name::new(if *used { "1" } else { "" }));
                        vec![condition("Ready", *ready), condition("Schedulable", *schedulable), uuid, used]
                    });
                    wanted.into_iter().chain(observed).flatten().chain([allowed])
                };
                let of_node = [
                    text("status/conditions/Ready", node.not_ready),
                    flag("spec/evictionRequested", node.evicted),
                    flag("spec/allowScheduling", node.allowed),
                    flag(UNINSTALLED, node.uninstalled),
                ];
                of_node.into_iter().chain(node.disks.iter().flat_map(of_disk)).collect()
            }
            Self::InstanceManager(manager) => {
                let process = |process: &InstanceProcess| {
                    let map = if process.engine { "instanceEngines" } else { "instanceReplicas" };
                    text(&format!("status/{map}/{}/status/state", process.name), process.state)
                };
                let of_manager = [
                    text("spec/image", manager.image),
                    text("spec/nodeID", manager.node),
                    text("spec/type", manager.role),
                    text("spec/dataEngine", manager.data_engine),
                    text("status/currentState", manager.state),
                    text("status/ip", manager.ip),
                ];
                of_manager.into_iter().chain(manager.instances.iter().map(process)).collect()
            }
            Self::Orphan(orphan) => vec![
                text("spec/nodeID", orphan.node),
                text("spec/orphanType", orphan.orphan_type),
                text("spec/dataEngine", orphan.data_engine),
                text("spec/parameters/InstanceName", orphan.instance),
                text("spec/parameters/InstanceManager", orphan.instance_manager),
                text("status/conditions/InstanceExist", orphan.exists),
                flag("status/conditions/DataCleanable", orphan.cleanable),
            ],
            Self::Instance(instance) => [
                text("spec/volumeName", instance.volume),
                text("spec/nodeID", instance.node),
                text("spec/dataEngine", instance.data_engine),
                text("spec/desireState", instance.desired),
                text("status/currentState", instance.state),
                text("status/instanceManagerName", instance.instance_manager),
                text("status/ownerID", instance.owner),
                flag("status/started", instance.started),
            ]
            .into_iter()
            .chain(instance.snapshots.iter().map(|name| text(&format!("status/snapshots/{name}/name"), *name)))
            .collect(),
            Self::Snapshot(snapshot) => vec![
                text("spec/volume", snapshot.volume),
                flag("status/children/volume-head", snapshot.under_head),
                flag("status/markRemoved", snapshot.removed),
            ],
            Self::VolumeAttachment(attachment) => {
                let ticket = |id: &Name| text(&format!("spec/attachmentTickets/{id}/id"), *id);
                let volume = text("spec/volume", attachment.volume);
                [volume].into_iter().chain(attachment.tickets.iter().map(ticket)).collect()
            }
            Self::ShareManager(share_manager) => {
                vec![text("status/ownerID", share_manager.owner), text("status/state", share_manager.state)]
            }
            Self::LonghornVolume(volume) => vec![
                text("spec/nodeID", volume.node),
                text("spec/dataEngine", volume.data_engine),
                text("spec/accessMode", volume.access_mode),
                flag("spec/migratable", volume.migratable),
                text("status/ownerID", volume.owner),
                text("status/state", volume.state),
                text("status/robustness", volume.robustness),
                text("status/kubernetesStatus/pvName", volume.volume),
                text("status/kubernetesStatus/namespace", volume.namespace),
                text("status/kubernetesStatus/pvcName", volume.claim),
                text("status/kubernetesStatus/lastPVCRefAt", volume.unclaimed_since),
            ],
            Self::BackingImage(image) => {
                let copy = |copy: &ImageCopy| {
                    let spec = format!("spec/diskFileSpecMap/{}/dataEngine", copy.disk);
                    let status = format!("status/diskFileStatusMap/{}/state", copy.disk);
                    [text(&spec, copy.data_engine), text(&status, copy.state)]
                };
                let of_image = [
                    text("spec/dataEngine", image.data_engine),
                    text("status/uuid", image.uuid),
                    text("status/ownerID", image.owner),
                ];
                of_image.into_iter().chain(image.copies.iter().flat_map(copy)).collect()
            }
            Self::BackingImageManager(manager) => {
                let image = |(name, uuid): &(Name, Name)| text(&format!("spec/backingImages/{name}"), *uuid);
                let of_manager = [
                    text("spec/nodeID", manager.node),
                    text("spec/diskUUID", manager.disk),
                    text("status/currentState", manager.state),
                    text("status/ip", manager.ip),
                    text("status/ownerID", manager.owner),
                ];
                of_manager.into_iter().chain(manager.images.iter().map(image)).collect()
            }
            Self::BackingImageDataSource(source) => vec![
                text("spec/nodeID", source.node),
                text("spec/diskUUID", source.disk),
                flag("spec/fileTransferred", source.transferred),
                text("status/currentState", source.state),
                text("status/ownerID", source.owner),
            ],
            Self::Backup(backup) => vec![
                text("spec/snapshotName", backup.snapshot),
                text("status/state", backup.state),
                text("status/ownerID", backup.owner),
            ],
            Self::BackupTarget(target) => {
                vec![text("spec/backupTargetURL", target.url), flag("status/available", target.available)]
            }
            Self::SupportBundle(bundle) => vec![
                text("spec/nodeID", bundle.node),
                text("status/state", bundle.state),
                text("status/ownerID", bundle.owner),
            ],
            _ => Vec::new(),
        };
        fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The facet of a Longhorn object with these fields: what [`Facet::longhorn_fields`] lists.
    pub fn of_longhorn_fields(kind: Kind, fields: &[(String, Name)]) -> Self {
        let mut json = Value::Object(Map::new());
        for (path, value) in fields {
            let steps: Vec<&str> = path.split('/').collect();
            set(&mut json, &steps, value.as_str());
        }
        crate::facet_of(kind, &json.to_string())
    }

    /// Writes what the world keeps of a Longhorn object, but for its status, into its text: controllers and earlier writes may have
    /// changed it.
    pub fn write_longhorn_spec(&self, document: &mut Value) {
        for (path, value) in self.longhorn_fields() {
            let steps: Vec<&str> = path.split('/').collect();
            if steps.first() != Some(&"status") {
                set(document, &steps, value.as_str());
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

/// Sets a field. Of a condition it is the status, or the reason of one that is `False`.
fn set(json: &mut Value, path: &[&str], value: &str) {
    let entry = |json: &mut Value, name: &str, empty: Value| {
        let Value::Object(fields) = json else { return };
        let field = fields.entry(name).or_insert(empty);
        match path {
            ["conditions", kind] => {
                let (status, reason) = if matches!(value, "True" | "False") { (value, "") } else { ("False", value) };
                let condition = serde_json::json!({ "type": kind, "status": status, "reason": reason });
                field.as_array_mut().into_iter().for_each(|conditions| conditions.push(condition.clone()));
            }
            [_, rest @ ..] if !rest.is_empty() => set(field, rest, value),
            _ => {
                *field = match value {
                    "true" | "false" if name != "value" => Value::Bool(value == "true"),
                    _ => Value::String(value.to_owned()),
                }
            }
        }
    };
    match path {
        // An annotation's name has a slash of its own.
        ["annotations", first, rest @ ..] if !rest.is_empty() => {
            let name = format!("{first}/{}", rest.join("/"));
            set(json, &["annotations", &name], value);
        }
        ["conditions", _] => entry(json, "conditions", Value::Array(Vec::new())),
        [name, ..] => entry(json, name, Value::Object(Map::new())),
        [] => {}
    }
}
