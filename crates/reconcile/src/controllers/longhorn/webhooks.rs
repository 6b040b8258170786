//! Longhorn's admission webhooks, which longhorn-manager serves: `webhook/resources/*/{mutator,validator}.go`.
//!
//! They are asked where their configurations say so, like any webhook; what they answer is known. The mutating one puts Longhorn's
//! finalizer on whatever is not being deleted, at each write, so that one that was taken off by hand comes back (ADM-1). The
//! validating one refuses some writes however often they are tried. Of its rules those are here that hold deletions up.

use super::{Difference, FINALIZER};
use crate::admission::Attributes;
use crate::{
    Disk, Facet, InstanceManager, Key, Kind, LonghornNode, Name, Object, Operation, OwnerReference, Rule, World, kinds,
};

/// The mutating webhook's configuration (`types.MutatingWebhookName`).
const MUTATOR: &str = "longhorn-webhook-mutator";

/// The validating webhook's configuration (`types.ValidatingWebhookName`).
const VALIDATOR: &str = "longhorn-webhook-validator";

/// The kinds whose mutators ask for the finalizer (`GetLonghornFinalizerPatchOpIfNeeded`).
const FINALIZED: [&str; 18] = [
    "BackingImage",
    "BackingImageDataSource",
    "BackingImageManager",
    "Backup",
    "BackupBackingImage",
    "BackupTarget",
    "BackupVolume",
    "Engine",
    "EngineImage",
    "Node",
    "Orphan",
    "Replica",
    "ShareManager",
    "Snapshot",
    "SupportBundle",
    "SystemBackup",
    "Volume",
    "VolumeAttachment",
];

/// Whether an object is one of Longhorn's. All others cost no more than this.
fn of_longhorn(key: Key) -> bool {
    key.kind.group.as_str() == "longhorn.io"
}

/// What the mutating webhook makes of an object that is created or updated: it takes Longhorn's finalizer (ADM-1), and what is new
/// its owner (ADM-2). `Err` where that owner is not there.
pub(crate) fn mutate(world: &World, attributes: Attributes<'_>, object: &mut Object) -> Result<(), Rule> {
    if !of_longhorn(object.key) || !world.asks(kinds::mutating_webhooks(), MUTATOR, attributes) {
        return Ok(());
    }
    let finalized = FINALIZED.contains(&object.key.kind.kind.as_str());
    if finalized && !object.deleting() && !object.has_finalizer(FINALIZER) {
        object.finalizers.push(Name::new(FINALIZER));
    }
    match attributes.operation() {
        Operation::Create => complete(world, object),
        Operation::Update | Operation::Release | Operation::Delete => Ok(()),
    }
}

/// ADM-2: an instance manager without an owner is its Longhorn node's, a snapshot or an attachment its volume's.
fn complete(world: &World, object: &mut Object) -> Result<(), Rule> {
    let owner = match object.key.kind.kind.as_str() {
        "InstanceManager" => object.facet.node().map(|node| (kinds::longhorn_node(), node)),
        "Snapshot" | "VolumeAttachment" => {
            let fields = object.facet.longhorn_fields();
            let volume = fields.into_iter().find(|(path, _)| path == "spec/volume");
            volume.map(|(_, volume)| (Kind::new("longhorn.io", "Volume"), volume))
        }
        _ => None,
    };
    let Some((kind, name)) = owner.filter(|_| object.owners.is_empty()) else { return Ok(()) };
    let Some(found) = world.find(Key::new(kind, object.key.namespace, name)) else {
        return if world.lists(kind) { Err(Rule("ADM-2")) } else { Ok(()) };
    };
    object.owners.push(OwnerReference {
        api_version: found.api_version,
        kind: kind.kind,
        name,
        uid: found.uid,
        controller: false,
        block: kind == kinds::longhorn_node(),
    });
    Ok(())
}

/// Why the validating webhook refuses a write that it is asked about; `None` where it lets it pass.
pub(crate) fn refuse(world: &World, attributes: Attributes<'_>) -> Option<Rule> {
    let [before, after] = attributes.objects();
    let object = before.or(after).filter(|object| of_longhorn(object.key))?;
    let rule = match (&object.facet, attributes.operation()) {
        (Facet::LonghornNode(node), operation) => refuse_node(world, object, node, operation, after),
        (Facet::Setting(old), Operation::Update) => match after.map(|after| &after.facet) {
            Some(Facet::Setting(new)) if old.value != new.value && new.value.as_str() == "false" => {
                refuse_setting(world, object)
            }
            _ => None,
        },
        (Facet::Setting(_), Operation::Delete) => Some(Rule("ADM-7")),
        (Facet::BackingImage(_), Operation::Delete) => used(world, object).then_some(Rule("ADM-8")),
        _ => None,
    }?;
    world.asks(kinds::validating_webhooks(), VALIDATOR, attributes).then_some(rule)
}

/// The configuration by which the validating webhook is asked.
pub(crate) fn validator() -> Key {
    Key::new(kinds::validating_webhooks(), Name::default(), Name::new(VALIDATOR))
}

/// ADM-3 to ADM-5: a Longhorn node of which the disks' spec and status do not name the same is not updated. That its finalizer is
/// taken off passes since v1.6.0, if nothing else is changed. A disk that is in use is not taken away, and since v1.10.0 a node is
/// deleted only when nothing can be on it.
fn refuse_node(
    world: &World,
    object: &Object,
    node: &LonghornNode,
    operation: Operation,
    after: Option<&Object>,
) -> Option<Rule> {
    let differs = |disk: &Disk| disk.wanted != disk.observed;
    match operation {
        Operation::Create => None,
        Operation::Release if !world.profile().has(Difference::ChecksFinalizers) => None,
        Operation::Update | Operation::Release if node.disks.iter().any(differs) => Some(Rule("ADM-3")),
        Operation::Update | Operation::Release => {
            let Some(Facet::LonghornNode(new)) = after.map(|after| &after.facet) else { return None };
            let stays = |disk: &Disk| new.disks.iter().any(|other| other.name == disk.name && other.wanted);
            let in_use = |disk: &Disk| disk.wanted && (disk.allowed || disk.used);
            node.disks.iter().any(|disk| in_use(disk) && !stays(disk)).then_some(Rule("ADM-5"))
        }
        Operation::Delete => {
            let guarded = world.profile().has(Difference::GuardsNodes) && !node.uninstalled;
            let lost = matches!(node.not_ready.as_str(), "KubernetesNodeGone" | "ManagerPodMissing");
            let on_it = |kind| {
                world.of_kind(kind).any(|(_, other)| match &other.facet {
                    Facet::Instance(instance) => instance.node == object.key.name,
                    _ => false,
                })
            };
            let holds = || on_it(kinds::longhorn_replica()) || on_it(kinds::longhorn_engine());
            (guarded && (!lost || node.allowed || holds())).then_some(Rule("ADM-4"))
        }
    }
}

/// ADM-6: a data engine is not turned off while the status of an instance manager has one of its engines, whatever its state.
fn refuse_setting(world: &World, object: &Object) -> Option<Rule> {
    let data_engine = super::setting::data_engine(object.key.name)?;
    let busy = |manager: &InstanceManager| {
        manager.data_engine.as_str() == data_engine && manager.instances.iter().any(|process| process.engine)
    };
    let mut managers = world.of_kind(kinds::longhorn_instance_manager());
    let any = managers.any(|(_, object)| matches!(&object.facet, Facet::InstanceManager(manager) if busy(manager)));
    any.then_some(Rule("ADM-6"))
}

/// ADM-8: a backing image is not deleted while a replica uses it.
fn used(world: &World, image: &Object) -> bool {
    world.of_kind(kinds::longhorn_replica()).any(|(_, replica)| super::backing_image::uses(replica, image))
}
