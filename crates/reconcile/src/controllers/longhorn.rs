//! Longhorn's controllers, as far as they hold objects: longhorn-manager at commit 00886872c, and what each later fix changed.
//!
//! Rule names are those of section 3 of the reference (`IM-1`, `ORP-B5`, `NODE-3`).

pub(crate) mod instance_manager;
pub(crate) mod node;
pub(crate) mod orphan;

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use sha2::{Digest, Sha512};

use crate::name::Indexed;

use crate::{Facet, InstanceManager, Key, Name, Object, Process, World, kinds};

/// A version of Longhorn's rules: a short list of named differences, not a copy of a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Its name on the command line and in the page.
    pub name: &'static str,
    /// longhorn-manager#3719: an orphan is finalized even when its instance manager cannot be reached (ORP-A5).
    pub finalizes_unreachable: bool,
    /// longhorn-manager 7fd00643c: an orphan looks its instance manager up by the recorded name (ORP-L).
    pub looks_up_by_name: bool,
}

/// The profiles, oldest first.
pub const PROFILES: [Profile; 4] = [
    Profile { name: "before-3719", finalizes_unreachable: false, looks_up_by_name: false },
    Profile { name: "after-3719", finalizes_unreachable: true, looks_up_by_name: false },
    Profile { name: "v1.9.0", finalizes_unreachable: true, looks_up_by_name: false },
    Profile { name: "v1.11.1", finalizes_unreachable: true, looks_up_by_name: true },
];

impl Profile {
    /// The profile with a name.
    pub fn named(name: &str) -> Option<Self> {
        PROFILES.into_iter().find(|profile| profile.name == name)
    }

    /// The profiles that came after this one, oldest first.
    pub fn later(self) -> impl Iterator<Item = Self> {
        PROFILES.into_iter().skip_while(move |profile| *profile != self).skip(1)
    }
}

impl Default for Profile {
    fn default() -> Self {
        PROFILES[PROFILES.len() - 1]
    }
}

/// longhorn.io's finalizer (`longhornFinalizerKey`).
const FINALIZER: &str = "longhorn.io";

/// The port of an instance manager's instance service.
const INSTANCE_SERVICE: u16 = 8503;

/// The port of an instance manager's disk service.
const DISK_SERVICE: u16 = 8502;

/// The process that handles an object whose preferred owner is `node` (`isControllerResponsibleFor`, rule RESP): the
/// longhorn-manager there, or, when that node is unavailable, the one on the first node that is not.
fn responsible(world: &World, namespace: Name, node: Name) -> Process {
    let longhorn_node = |name| world.find(Key::new(kinds::longhorn_node(), namespace, name));
    let unavailable = match longhorn_node(node).map(|object| &object.facet) {
        Some(Facet::LonghornNode(node)) => node.unavailable,
        _ => world.lists(kinds::longhorn_node()),
    };
    let available = |object: &Object| matches!(&object.facet, Facet::LonghornNode(node) if !node.unavailable);
    let taker = || {
        world.of_kind(kinds::longhorn_node()).find(|(_, object)| available(object)).map(|(_, object)| object.key.name)
    };
    let me = if unavailable { taker().unwrap_or(node) } else { node };
    Process::LonghornManager(me)
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

/// The instance managers of a node and data engine, by place.
fn instance_managers<'w>(
    world: &'w World,
    node: Name,
    data_engine: &'static str,
) -> impl Iterator<Item = (&'w Object, &'w InstanceManager)> {
    world.of_kind(kinds::longhorn_instance_manager()).filter_map(move |(_, object)| match &object.facet {
        Facet::InstanceManager(manager) if manager.node == node && manager.data_engine.as_str() == data_engine => {
            Some((&**object, manager))
        }
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
