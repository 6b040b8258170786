//! The fields of Longhorn's facets.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Condition, Conditions, Fields, Nothing, Text, condition, is};
use crate::{
    BackingImage, BackingImageDataSource, BackingImageManager, Backup, BackupTarget, Disk, Facet, ImageCopy, Instance,
    InstanceManager, InstanceProcess, LonghornNode, LonghornVolume, Name, Orphan, Setting, ShareManager, Snapshot,
    SupportBundle, VolumeAttachment,
};

pub(super) fn setting(json: &str) -> Option<Facet> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default)]
        value: Text<'a>,
        #[serde(default)]
        status: Status,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Status {
        applied: Option<bool>,
    }
    let Fields { value, status } = serde_json::from_str(json).ok()?;
    Some(Facet::Setting(Setting { value: value.name(), applied: status.applied != Some(false) }))
}

pub(super) fn node(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        disks: Option<BTreeMap<Cow<'a, str>, DiskSpec<'a>>>,
        eviction_requested: bool,
        allow_scheduling: bool,
    }
    #[derive(Deserialize, Default)]
    struct Annotated<'a> {
        #[serde(borrow, default)]
        metadata: Metadata<'a>,
    }
    #[derive(Deserialize, Default)]
    struct Metadata<'a> {
        #[serde(borrow, default)]
        annotations: Option<BTreeMap<Cow<'a, str>, IgnoredAny>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct DiskSpec<'a> {
        #[serde(borrow)]
        disk_type: Text<'a>,
        #[serde(borrow)]
        path: Text<'a>,
        allow_scheduling: bool,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        conditions: Option<Vec<Condition<'a>>>,
        #[serde(borrow)]
        disk_status: Option<BTreeMap<Cow<'a, str>, DiskStatus<'a>>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct DiskStatus<'a> {
        #[serde(borrow)]
        conditions: Option<Vec<Condition<'a>>>,
        #[serde(borrow, rename = "diskUUID")]
        uuid: Text<'a>,
        #[serde(borrow, rename = "diskType")]
        disk_type: Text<'a>,
        #[serde(rename = "storageScheduled")]
        scheduled: Value,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let annotations = serde_json::from_str::<Annotated<'_>>(json).unwrap_or_default().metadata.annotations;
    let ready = condition(&status.conditions, "Ready");
    let not_ready = ready.filter(|ready| is(Some(ready), "False")).map(|ready| ready.reason.name());
    let (specs, states) = (spec.disks.unwrap_or_default(), status.disk_status.unwrap_or_default());
    let names: BTreeSet<&Cow<'_, str>> = specs.keys().chain(states.keys()).collect();
    let disk = |name: &Cow<'_, str>| {
        let (spec, state) = (specs.get(name), states.get(name));
        let kind = spec.map(|spec| &spec.disk_type).or(state.map(|state| &state.disk_type));
        let has = |kind| state.is_some_and(|state| is(condition(&state.conditions, kind), "True"));
        Disk {
            name: Name::new(name),
            block: kind.is_some_and(|kind| kind.0.as_deref() == Some("block")),
            path: spec.map(|spec| spec.path.name()).unwrap_or_default(),
            wanted: spec.is_some(),
            observed: state.is_some(),
            uuid: state.map(|state| state.uuid.name()).unwrap_or_default(),
            ready: has("Ready"),
            schedulable: has("Schedulable"),
            allowed: spec.is_some_and(|spec| spec.allow_scheduling),
            used: state
                .is_some_and(|state| !matches!(state.scheduled.to_string().trim_matches('"'), "null" | "" | "0")),
        }
    };
    Some(Facet::LonghornNode(LonghornNode {
        not_ready: not_ready.unwrap_or_default(),
        evicted: spec.eviction_requested,
        allowed: spec.allow_scheduling,
        uninstalled: annotations.is_some_and(|names| names.contains_key("longhorn.io/delete-node-from-longhorn")),
        disks: names.into_iter().map(disk).collect(),
    }))
}

pub(super) fn instance_manager(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        image: Text<'a>,
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow, rename = "type")]
        role: Text<'a>,
        #[serde(borrow)]
        data_engine: Text<'a>,
    }
    type Instances<'a> = Option<BTreeMap<Cow<'a, str>, Instance<'a>>>;
    #[derive(Deserialize)]
    struct Instance<'a> {
        #[serde(borrow, default)]
        status: State<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct State<'a> {
        #[serde(borrow)]
        state: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        current_state: Text<'a>,
        #[serde(borrow)]
        ip: Text<'a>,
        #[serde(borrow)]
        instance_engines: Instances<'a>,
        #[serde(borrow)]
        instance_replicas: Instances<'a>,
        #[serde(borrow)]
        instances: Instances<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let maps = [(true, status.instance_engines), (false, status.instance_replicas), (true, status.instances)];
    let processes = |(engine, map): &(bool, Instances<'_>)| {
        let process = |(name, instance): (&Cow<'_, str>, &Instance<'_>)| InstanceProcess {
            name: Name::new(name),
            engine: *engine,
            state: instance.status.state.name(),
        };
        map.iter().flatten().map(process).collect::<Vec<_>>()
    };
    let mut instances: Vec<InstanceProcess> = maps.iter().flat_map(processes).collect();
    instances.sort_unstable();
    Some(Facet::InstanceManager(InstanceManager {
        image: spec.image.name(),
        node: spec.node.name(),
        role: spec.role.name(),
        data_engine: spec.data_engine.name(),
        state: status.current_state.name(),
        ip: status.ip.name(),
        instances,
    }))
}

pub(super) fn orphan(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow)]
        orphan_type: Text<'a>,
        #[serde(borrow)]
        data_engine: Text<'a>,
        #[serde(borrow)]
        parameters: Option<BTreeMap<Cow<'a, str>, Text<'a>>>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Conditions<'_>> = serde_json::from_str(json).ok()?;
    let exists = condition(&status.conditions, "InstanceExist").map(|condition| condition.reason.name());
    let parameters = spec.parameters.unwrap_or_default();
    let parameter = |name: &str| parameters.get(name).map(Text::name).unwrap_or_default();
    Some(Facet::Orphan(Orphan {
        node: spec.node.name(),
        orphan_type: spec.orphan_type.name(),
        data_engine: spec.data_engine.name(),
        instance: parameter("InstanceName"),
        instance_manager: parameter("InstanceManager"),
        exists: exists.unwrap_or_default(),
        cleanable: is(condition(&status.conditions, "DataCleanable"), "True"),
    }))
}

pub(super) fn instance(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        volume_name: Text<'a>,
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow)]
        data_engine: Text<'a>,
        #[serde(borrow)]
        desire_state: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        current_state: Text<'a>,
        #[serde(borrow)]
        instance_manager_name: Text<'a>,
        #[serde(borrow, rename = "ownerID")]
        owner: Text<'a>,
        started: bool,
        #[serde(borrow)]
        snapshots: Option<BTreeMap<Cow<'a, str>, IgnoredAny>>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    Some(Facet::Instance(Instance {
        volume: spec.volume_name.name(),
        node: spec.node.name(),
        data_engine: spec.data_engine.name(),
        desired: spec.desire_state.name(),
        state: status.current_state.name(),
        instance_manager: status.instance_manager_name.name(),
        owner: status.owner.name(),
        started: status.started,
        snapshots: names(&status.snapshots),
    }))
}

pub(super) fn volume(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow)]
        data_engine: Text<'a>,
        #[serde(borrow)]
        access_mode: Text<'a>,
        migratable: bool,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow, rename = "ownerID")]
        owner: Text<'a>,
        #[serde(borrow)]
        state: Text<'a>,
        #[serde(borrow)]
        robustness: Text<'a>,
        #[serde(borrow)]
        kubernetes_status: KubernetesStatus<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct KubernetesStatus<'a> {
        #[serde(borrow)]
        pv_name: Text<'a>,
        #[serde(borrow)]
        namespace: Text<'a>,
        #[serde(borrow)]
        pvc_name: Text<'a>,
        #[serde(borrow, rename = "lastPVCRefAt")]
        unclaimed_since: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let kubernetes = status.kubernetes_status;
    Some(Facet::LonghornVolume(LonghornVolume {
        node: spec.node.name(),
        data_engine: spec.data_engine.name(),
        access_mode: spec.access_mode.name(),
        migratable: spec.migratable,
        owner: status.owner.name(),
        state: status.state.name(),
        robustness: status.robustness.name(),
        volume: kubernetes.pv_name.name(),
        namespace: kubernetes.namespace.name(),
        claim: kubernetes.pvc_name.name(),
        unclaimed_since: kubernetes.unclaimed_since.name(),
    }))
}

/// The keys of a map, sorted as names are.
fn names(map: &Option<BTreeMap<Cow<'_, str>, IgnoredAny>>) -> Vec<Name> {
    let mut names: Vec<Name> = map.iter().flatten().map(|(name, _)| Name::new(name)).collect();
    names.sort_unstable();
    names
}

pub(super) fn snapshot(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        #[serde(borrow)]
        volume: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        children: Option<BTreeMap<Cow<'a, str>, IgnoredAny>>,
        mark_removed: bool,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    Some(Facet::Snapshot(Snapshot {
        volume: spec.volume.name(),
        under_head: status.children.is_some_and(|children| children.contains_key("volume-head")),
        removed: status.mark_removed,
    }))
}

pub(super) fn volume_attachment(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        volume: Text<'a>,
        #[serde(borrow)]
        attachment_tickets: Option<BTreeMap<Cow<'a, str>, IgnoredAny>>,
    }
    let Fields { spec, .. }: Fields<Spec<'_>, Nothing> = serde_json::from_str(json).ok()?;
    let tickets = names(&spec.attachment_tickets);
    Some(Facet::VolumeAttachment(VolumeAttachment { volume: spec.volume.name(), tickets }))
}

pub(super) fn share_manager(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Status<'a> {
        #[serde(borrow, rename = "ownerID")]
        owner: Text<'a>,
        #[serde(borrow)]
        state: Text<'a>,
    }
    let Fields { status, .. }: Fields<Nothing, Status<'_>> = serde_json::from_str(json).ok()?;
    Some(Facet::ShareManager(ShareManager { owner: status.owner.name(), state: status.state.name() }))
}

pub(super) fn backing_image(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        data_engine: Text<'a>,
        #[serde(borrow)]
        disk_file_spec_map: Option<BTreeMap<Cow<'a, str>, Option<Wanted<'a>>>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Wanted<'a> {
        #[serde(borrow)]
        data_engine: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        disk_file_status_map: Option<BTreeMap<Cow<'a, str>, Option<Copied<'a>>>>,
        #[serde(borrow)]
        uuid: Text<'a>,
        #[serde(borrow, rename = "ownerID")]
        owner: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Copied<'a> {
        #[serde(borrow)]
        state: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let (specs, states) =
        (spec.disk_file_spec_map.unwrap_or_default(), status.disk_file_status_map.unwrap_or_default());
    let disks: BTreeSet<&Cow<'_, str>> = specs.keys().chain(states.keys()).collect();
    let copy = |disk: &Cow<'_, str>| ImageCopy {
        disk: Name::new(disk),
        data_engine: specs
            .get(disk)
            .map(|wanted| named(wanted.as_ref().map(|wanted| &wanted.data_engine), "v1"))
            .unwrap_or_default(),
        state: states
            .get(disk)
            .map(|copied| named(copied.as_ref().map(|copied| &copied.state), "unknown"))
            .unwrap_or_default(),
    };
    Some(Facet::BackingImage(BackingImage {
        data_engine: spec.data_engine.name(),
        copies: disks.into_iter().map(copy).collect(),
        uuid: status.uuid.name(),
        owner: status.owner.name(),
    }))
}

/// A text, or what counts where it is not there.
fn named(text: Option<&Text<'_>>, otherwise: &str) -> Name {
    let name = text.map(Text::name).unwrap_or_default();
    if name.is_empty() { Name::new(otherwise) } else { name }
}

pub(super) fn backing_image_manager(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow, rename = "diskUUID")]
        disk: Text<'a>,
        #[serde(borrow)]
        backing_images: Option<BTreeMap<Cow<'a, str>, Text<'a>>>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Process<'_>> = serde_json::from_str(json).ok()?;
    let images = spec.backing_images.unwrap_or_default();
    Some(Facet::BackingImageManager(BackingImageManager {
        node: spec.node.name(),
        disk: spec.disk.name(),
        images: images.iter().map(|(name, uuid)| (Name::new(name), uuid.name())).collect(),
        state: status.current_state.name(),
        ip: status.ip.name(),
        owner: status.owner.name(),
    }))
}

/// The status of what has a pod of its own.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Process<'a> {
    #[serde(borrow)]
    current_state: Text<'a>,
    #[serde(borrow)]
    ip: Text<'a>,
    #[serde(borrow, rename = "ownerID")]
    owner: Text<'a>,
}

pub(super) fn backing_image_data_source(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
        #[serde(borrow, rename = "diskUUID")]
        disk: Text<'a>,
        file_transferred: bool,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Process<'_>> = serde_json::from_str(json).ok()?;
    Some(Facet::BackingImageDataSource(BackingImageDataSource {
        node: spec.node.name(),
        disk: spec.disk.name(),
        transferred: spec.file_transferred,
        state: status.current_state.name(),
        owner: status.owner.name(),
    }))
}

/// The status of what has a state, and somebody who looks after it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Owned<'a> {
    #[serde(borrow)]
    state: Text<'a>,
    #[serde(borrow, rename = "ownerID")]
    owner: Text<'a>,
}

pub(super) fn backup(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        snapshot_name: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Owned<'_>> = serde_json::from_str(json).ok()?;
    Some(Facet::Backup(Backup {
        snapshot: spec.snapshot_name.name(),
        state: status.state.name(),
        owner: status.owner.name(),
    }))
}

pub(super) fn backup_target(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "backupTargetURL")]
        url: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Status {
        available: bool,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status> = serde_json::from_str(json).ok()?;
    Some(Facet::BackupTarget(BackupTarget { url: spec.url.name(), available: status.available }))
}

pub(super) fn support_bundle(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        #[serde(borrow, rename = "nodeID")]
        node: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Owned<'_>> = serde_json::from_str(json).ok()?;
    Some(Facet::SupportBundle(SupportBundle {
        node: spec.node.name(),
        state: status.state.name(),
        owner: status.owner.name(),
    }))
}
