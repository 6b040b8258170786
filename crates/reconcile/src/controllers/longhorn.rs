//! Longhorn's controllers, as far as they hold objects: longhorn-manager at commit 00886872c, and what each later fix changed.
//!
//! Rule names are those of section 3 of the reference (`IM-1`, `ORP-B5`, `NODE-3`).

pub(crate) mod backing_image;
pub(crate) mod backing_image_data_source;
pub(crate) mod backing_image_manager;
pub(crate) mod backup;
pub(crate) mod engine;
pub(crate) mod engine_image;
pub(crate) mod instance;
pub(crate) mod instance_manager;
pub(crate) mod instance_manager_budget;
pub(crate) mod instance_manager_monitor;
pub(crate) mod kubernetes_node;
pub(crate) mod node;
pub(crate) mod orphan;
pub(crate) mod replica;
pub(crate) mod setting;
pub(crate) mod share_manager;
pub(crate) mod snapshot;
pub(crate) mod support_bundle;
pub(crate) mod uninstall;
pub(crate) mod volume;
pub(crate) mod volume_attachment;
pub(crate) mod webhooks;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256, Sha512};

use crate::name::Indexed;
use crate::{Facet, Fact, Instance, InstanceManager, Key, Kind, Name, Object, ObjectRef, Process, World, kinds};

/// A version of Longhorn's rules: a short list of named differences, not a copy of a controller.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// Its name on the command line and in the page.
    pub name: &'static str,
    /// Whether it is what some release does. What was only proposed is no upgrade.
    pub released: bool,
    /// The profile whose differences it has, too.
    after: Option<&'static Self>,
    /// In what it differs from that one.
    adds: &'static [Difference],
}

/// Profiles are told apart by their names.
impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Profile {}

/// A profile goes from the page's worker to the page by its name.
impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Name::deserialize(deserializer)?;
        Self::named(name.as_str()).ok_or_else(|| serde::de::Error::custom("no profile has this name"))
    }
}

/// In what a version of longhorn-manager differs from commit 00886872c.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Before 6a3074bbf (v1.1.3, v1.2.0): the uninstaller deletes instance managers while their nodes are still there (longhorn#2919).
    UninstallsManagersFirst,
    /// Before e5327399f (v1.6.0): the validator looks at the disks of a node even when only its finalizer is taken off.
    ChecksFinalizers,
    /// a56819105 (v1.10.0): the validator refuses to delete a node on which something can still be.
    GuardsNodes,
    /// longhorn-manager#3719 (f191238955eb): an orphan is finalized even when its instance manager cannot be reached (ORP-A5).
    FinalizesUnreachable,
    /// longhorn-manager#3746 (079cde76a, never merged): the owner reference of an orphan does not block, and an orphan whose
    /// instance manager is being deleted is finalized at once.
    OrphansDoNotBlock,
    /// longhorn-manager#3774 (2aadde18b): an orphan has no owner reference.
    OrphansUnowned,
    /// d384cd916 and what came with it in v1.9.0: only instances of the v1 data engine become orphans, and an instance manager looks
    /// after its own orphans only, not after all of its node.
    OwnOrphansOnly,
    /// longhorn-manager#4031 (1990f2842): the node controller deletes the orphans of instance managers that are gone, or going.
    DeletesLeftOrphans,
    /// 7fd00643c: an orphan's instance manager is looked up by the name that the orphan records (ORP-L).
    LooksUpByName,
    /// Until v1.1.0: the process of an engine or replica is to be ended even when the instance manager is gone, or does not run.
    NeedsInstanceManager,
    /// v1.3.0, before longhorn-manager#1436 and #1438: a volume waits for its snapshots, and a snapshot is not let go before its volume
    /// is gone.
    WaitsForSnapshots,
    /// v1.5.0, before longhorn-manager#2074: a snapshot whose own status has it marked as removed below `volume-head` is left alone,
    /// even if the engine does not have it any more.
    TrustsSnapshotStatus,
    /// v1.12.1: an orphan without parameters is no error, and an instance is scheduled back when its instance manager is the
    /// recorded one.
    RecordedInstanceManager,
}

use Difference::{
    ChecksFinalizers, DeletesLeftOrphans, FinalizesUnreachable, GuardsNodes, LooksUpByName, NeedsInstanceManager,
    OrphansDoNotBlock, OrphansUnowned, OwnOrphansOnly, RecordedInstanceManager, TrustsSnapshotStatus,
    UninstallsManagersFirst, WaitsForSnapshots,
};

/// The profiles, oldest first.
pub const PROFILES: [Profile; 10] = [
    Profile::new("v1.1.0", None, &[NeedsInstanceManager, UninstallsManagersFirst, ChecksFinalizers]),
    Profile::new("v1.3.0", None, &[WaitsForSnapshots, ChecksFinalizers]),
    Profile::new("v1.5.0", None, &[TrustsSnapshotStatus, ChecksFinalizers]),
    BEFORE_3719,
    AFTER_3719,
    Profile { released: false, ..Profile::new("pr-3746", Some(&AFTER_3719), &[OrphansDoNotBlock]) },
    V1_9_0,
    V1_9_2,
    V1_11_1,
    Profile::new("v1.12.1", Some(&V1_11_1), &[RecordedInstanceManager]),
];

const BEFORE_3719: Profile = Profile::new("before-3719", None, &[]);
const AFTER_3719: Profile = Profile::new("after-3719", Some(&BEFORE_3719), &[FinalizesUnreachable]);
const V1_9_0: Profile = Profile::new("v1.9.0", Some(&AFTER_3719), &[OrphansUnowned, OwnOrphansOnly]);
const V1_9_2: Profile = Profile::new("v1.9.2", Some(&V1_9_0), &[DeletesLeftOrphans]);
const V1_11_1: Profile = Profile::new("v1.11.1", Some(&V1_9_2), &[LooksUpByName, GuardsNodes]);

impl Profile {
    /// The profile with a name.
    pub fn named(name: &str) -> Option<Self> {
        PROFILES.into_iter().find(|profile| profile.name == name)
    }

    /// The released profiles that came after this one, oldest first.
    pub fn later(self) -> impl Iterator<Item = Self> {
        PROFILES.into_iter().skip_while(move |profile| *profile != self).skip(1).filter(|profile| profile.released)
    }

    const fn new(name: &'static str, after: Option<&'static Self>, adds: &'static [Difference]) -> Self {
        Self { name, released: true, after, adds }
    }

    /// Whether it differs so.
    pub fn has(self, difference: Difference) -> bool {
        self.adds.contains(&difference) || self.after.is_some_and(|after| after.has(difference))
    }
}

impl Default for Profile {
    fn default() -> Self {
        PROFILES[PROFILES.len() - 1]
    }
}

/// longhorn.io's finalizer (`longhornFinalizerKey`).
pub(crate) const FINALIZER: &str = "longhorn.io";

/// Whether some controller here takes the finalizer off the objects of a kind.
pub(crate) fn finalizes(kind: Kind) -> bool {
    [
        kinds::longhorn_backing_image(),
        kinds::longhorn_backing_image_data_source(),
        kinds::longhorn_backing_image_manager(),
        kinds::longhorn_backup(),
        kinds::longhorn_engine(),
        kinds::longhorn_engine_image(),
        kinds::longhorn_node(),
        kinds::longhorn_orphan(),
        kinds::longhorn_replica(),
        kinds::longhorn_share_manager(),
        kinds::longhorn_snapshot(),
        kinds::longhorn_support_bundle(),
        kinds::longhorn_volume(),
        kinds::longhorn_volume_attachment(),
    ]
    .contains(&kind)
}

/// The port of an instance manager's instance service.
pub(crate) const INSTANCE_SERVICE: u16 = 8503;

/// The port of an instance manager's proxy.
const INSTANCE_PROXY: u16 = 8501;

/// The port of a backing image manager.
const BACKING_IMAGE_SERVICE: u16 = 8000;

/// The port of an instance manager's disk service.
const DISK_SERVICE: u16 = 8502;

/// The process that handles an object whose preferred owner is `node` (`isControllerResponsibleFor`, rule RESP): the
/// longhorn-manager there, or, when that does not run and the node is unavailable, the one on the first node that has one.
fn responsible(world: &World, namespace: Name, node: Name) -> Process {
    let preferred = Process::LonghornManager(node);
    let longhorn_node = world.find(Key::new(kinds::longhorn_node(), namespace, node));
    let unavailable = match longhorn_node.map(|object| &object.facet) {
        Some(Facet::LonghornNode(node)) => node.unavailable(),
        _ => node.is_empty() || world.lists(kinds::longhorn_node()),
    };
    if !unavailable || (!node.is_empty() && world.holds(&Fact::Runs(preferred))) {
        return preferred;
    }
    let available = |object: &Object| matches!(&object.facet, Facet::LonghornNode(node) if !node.unavailable());
    running_manager(world, available).unwrap_or(preferred)
}

/// The same for an object whose status records who looks after it: while its preferred node is unavailable, or it has none, whoever
/// did goes on, whatever became of its own node.
fn responsible_still(world: &World, namespace: Name, preferred: Name, current: Name) -> Process {
    let own = Process::LonghornManager(preferred);
    let goes_on = Process::LonghornManager(current);
    match responsible(world, namespace, preferred) {
        process if process == own && !preferred.is_empty() => own,
        _ if !current.is_empty() && world.holds(&Fact::Runs(goes_on)) => goes_on,
        process => process,
    }
}

/// The longhorn-manager that does what every one of them could do: the first that runs, on a node that `on` accepts.
fn running_manager(world: &World, on: impl Fn(&Object) -> bool) -> Option<Process> {
    let nodes = world.of_kind(kinds::longhorn_node()).filter(|(_, node)| on(node));
    let mut managers = nodes.map(|(_, node)| Process::LonghornManager(node.key.name));
    managers.find(|manager| world.holds(&Fact::Runs(*manager)))
}

/// Whether a volume is shared by several nodes through a share manager (`IsRegularRWXVolume`).
fn shared(world: &World, namespace: Name, volume: Name) -> bool {
    let volume = world.find(Key::new(kinds::longhorn_volume(), namespace, volume));
    matches!(volume.map(|volume| &volume.facet), Some(Facet::LonghornVolume(volume)) if volume.shared())
}

/// Whether a node holds the lease of a shared volume and does not renew it any more (`IsNodeDelinquent`). A lease that is not in the
/// dump tells nothing.
fn delinquent(world: &World, namespace: Name, node: Name, volume: Name) -> bool {
    let fails_over = || setting(world, namespace, "rwx-volume-fast-failover", "false").as_str() == "true";
    let lease = || world.find(Key::new(kinds::lease(), namespace, volume)).map(|lease| &lease.facet);
    !node.is_empty()
        && shared(world, namespace, volume)
        && fails_over()
        && matches!(lease(), Some(Facet::Lease(lease)) if lease.holder == node && !lease.acquired)
}

/// Whether Kubernetes lost a node, or never had it (`IsNodeDownOrDeleted`).
fn down(world: &World, namespace: Name, node: Name) -> bool {
    match world.find(Key::new(kinds::longhorn_node(), namespace, node)).map(|object| &object.facet) {
        Some(Facet::LonghornNode(node)) => node.down(),
        _ => world.lists(kinds::longhorn_node()),
    }
}

/// A setting's value; `default` where the dump has no such setting.
fn setting(world: &World, namespace: Name, name: &str, default: &str) -> Name {
    match world.find(Key::new(kinds::longhorn_setting(), namespace, name.into())).map(|object| &object.facet) {
        Some(Facet::Setting(setting)) => setting.value,
        _ => default.into(),
    }
}

/// The name of the instance manager of a node, image and data engine: the same for its successor, which can therefore not be
/// created until it is gone (`types.GetInstanceManagerName`).
fn instance_manager_name(node: Name, image: Name, data_engine: &'static str) -> Name {
    type Known = BTreeMap<(Indexed, Indexed, &'static str), Name>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (Indexed(node), Indexed(image), data_engine);
    *known.entry(key).or_insert_with(|| digest_name(node, image, data_engine))
}

fn digest_name(node: Name, image: Name, data_engine: &str) -> Name {
    let digest = Sha512::digest(format!("{node}{image}{data_engine}"));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Name::new(&format!("instance-manager-{hex}"))
}

/// The name of the orphan that stands for an instance (`types.GetOrphanChecksumNameForOrphanedInstance`). Since v1.9.0 the
/// instance's UUID is in it, which the world does not keep: the name then differs from the real one, and tells the same apart.
fn orphan_name(profile: Profile, instance: Name, manager: &Object, node: Name, data_engine: Name) -> Name {
    let text = match profile.has(OwnOrphansOnly) {
        true => format!("{instance}--{}-{data_engine}", manager.key.name),
        false => format!("{instance}-{node}-{data_engine}"),
    };
    let digest = Sha256::digest(text);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Name::new(&format!("orphan-{hex}"))
}

/// The instance managers of a node and data engine, by place.
fn instance_managers<'w>(
    world: &'w World,
    node: Name,
    data_engine: &'static str,
) -> impl Iterator<Item = (&'w Object, &'w InstanceManager)> {
    world.on_node(kinds::longhorn_instance_manager(), node).filter_map(move |(_, object)| match &object.facet {
        Facet::InstanceManager(manager) if manager.data_engine.as_str() == data_engine => Some((&**object, manager)),
        _ => None,
    })
}

/// The instance manager that readers take for the running one: the default image's if its state is `running`, else any that
/// says so. One that is being deleted counts: nobody writes its state any more, so `running` can be stale
/// (`GetRunningInstanceManagerByNodeRO`).
fn running_instance_manager<'w>(
    world: &'w World,
    node: Name,
    data_engine: &'static str,
) -> Option<(&'w Object, &'w InstanceManager)> {
    let running = |(_, manager): &(&Object, &InstanceManager)| manager.state.as_str() == "running";
    let default = |(object, _): &(&Object, &InstanceManager)| {
        let image = setting(world, object.key.namespace, "default-instance-manager-image", "");
        object.key.name == instance_manager_name(node, image, data_engine)
    };
    let candidates = || instance_managers(world, node, data_engine).filter(running);
    candidates().find(default).or_else(|| candidates().next())
}

/// The engine or replica of a name, as [`crate::InstanceProcess::engine`] tells them apart. `Err` where the dump does not list them.
fn instance_of(world: &World, namespace: Name, name: Name, engine: bool) -> Result<Option<&Object>, ()> {
    let kind = if engine { kinds::longhorn_engine() } else { kinds::longhorn_replica() };
    match world.find(Key::new(kind, namespace, name)) {
        Some(object) => Ok(Some(object)),
        None if world.lists(kind) => Ok(None),
        None => Err(()),
    }
}

/// The node where an engine or a replica is certain to be: its state is the desired one, and, if it runs, the node's own
/// longhorn-manager says so (`isInstanceOrphanedOnNode` and `isInstanceScheduledOnCurrentNode`).
fn certain_node(instance: &Instance) -> Option<Name> {
    let certain = match instance.state.as_str() {
        "running" => instance.owner == instance.node,
        "stopped" => true,
        _ => false,
    };
    (certain && instance.state == instance.desired).then_some(instance.node)
}

/// What runs in the pods of instance managers, as their statuses have it: a dump shows nothing else of it. Only a pod that has the
/// address of the status can be the one that the status is about.
pub(crate) fn settle(world: &mut World) {
    let managers = world.of_kind(kinds::longhorn_instance_manager());
    let settled = managers.filter_map(|(_, object)| {
        let Facet::InstanceManager(manager) = &object.facet else { return None };
        let pod = world.find(instance_manager::pod_key(object.key)).filter(|pod| pod.listens())?;
        let Facet::Pod(facet) = &pod.facet else { return None };
        // A v2 replica that is stopped is only not exposed.
        let v2 = manager.data_engine.as_str() == "v2";
        let ended = |state: Name| match state.as_str() {
            "stopped" => !v2,
            state => matches!(state, "error" | "terminated"),
        };
        let processes: Vec<_> = manager.instances.iter().copied().filter(|process| !ended(process.state)).collect();
        let known = facet.ip == manager.ip && facet.processes.is_empty() && !processes.is_empty();
        known.then(|| Object { facet: Facet::Pod(crate::Pod { processes, ..facet.clone() }), ..(**pod).clone() })
    });
    let settled: Vec<Object> = settled.collect();
    settled.into_iter().for_each(|pod| world.put(pod.key, Some(Arc::new(pod))));
}

/// The instance orphans that nobody will ever delete: their instance manager is gone, and no rule of this version looks for them
/// (longhorn#11597). What the dump does not list is not judged.
pub fn left_behind(world: &World) -> Vec<ObjectRef> {
    if world.profile().has(DeletesLeftOrphans) || !world.lists(kinds::longhorn_instance_manager()) {
        return Vec::new();
    }
    let left = |object: &Object| match &object.facet {
        Facet::Orphan(orphan) if orphan.of_instance() && !object.deleting() => {
            let manager = Key::new(kinds::longhorn_instance_manager(), object.key.namespace, orphan.instance_manager);
            world.find(manager).is_none()
        }
        _ => false,
    };
    world
        .of_kind(kinds::longhorn_orphan())
        .filter(|(_, object)| left(object))
        .map(|(_, object)| (&**object).into())
        .collect()
}
