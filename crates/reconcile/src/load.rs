//! From a snapshot to a world: the typed facets, what the dump lists, and the profile that its images tell.

mod fields;

use std::sync::Arc;

use gordian_snapshot::Snapshot;

use crate::controllers::longhorn;
use crate::controllers::workload::settle;
use crate::name::Indexed;
use crate::world::Kubernetes;
use crate::{Assumption, Deletion, Facet, Ground, Key, Kind, Name, Object, OwnerReference, Profile, World, kinds};

/// Makes a world of a snapshot. Never fails: a field that cannot be read is taken as absent.
pub fn load(snapshot: &Snapshot) -> World {
    let mut world = World::default();
    for object in &snapshot.objects {
        let object = object_from(snapshot, object);
        world.put(object.key, Some(Arc::new(object)));
    }
    drop_needless_conversions(&mut world);
    settle(&mut world);
    longhorn::settle(&mut world);
    let listed = &snapshot.coverage.kinds;
    let (profile, given) = profile(snapshot, &world);
    let kubernetes = kubernetes(&world);
    let definitions: Vec<(Name, Name, Name)> = world
        .objects()
        .filter_map(|(_, object)| match &object.facet {
            Facet::Definition { group, kind, plural, .. } => Some((*group, *plural, *kind)),
            _ => None,
        })
        .collect();
    let versions = world.objects().map(|(_, object)| {
        ((Indexed(object.api_version), Indexed(object.key.kind.kind)), !object.key.namespace.is_empty())
    });
    let served = versions.collect();
    let kinds: Vec<Kind> = world.objects().map(|(_, object)| object.key.kind).collect();
    let mut world = world.resettle(|settled| {
        settled.profile = profile;
        settled.listed = listed.iter().map(|(group, kind)| Kind::new(group, kind)).collect();
        settled.listed.sort_unstable();
        settled.assumptions.given = given;
        settled.served = served;
        if let Some((minor, assumption)) = kubernetes {
            settled.kubernetes = Kubernetes(minor);
            settled.assumptions.given.push(assumption);
        }
        for kind in kinds {
            settled.resources.insert((kind.group, plural(kind.kind)), kind);
        }
        for (group, plural, kind) in definitions {
            settled.resources.insert((group, plural), Kind { group, kind });
        }
    });
    world.restart_collector(true);
    world
}

/// Instances that are in the dump were read, and so were converted or needed no conversion: whatever their definition says of a
/// webhook, they can be listed (rule H7).
fn drop_needless_conversions(world: &mut World) {
    let definitions: Vec<Arc<Object>> =
        world.of_kind(kinds::definition()).map(|(_, definition)| definition.clone()).collect();
    for definition in definitions {
        let mut read = (*definition).clone();
        if let Facet::Definition { group, kind, conversion, .. } = &mut read.facet
            && conversion.is_some()
            && world.of_kind(Kind { group: *group, kind: *kind }).next().is_some()
        {
            *conversion = None;
            world.put(read.key, Some(Arc::new(read)));
        }
    }
}

/// The plural resource name that Kubernetes gives a kind by default (`meta.UnsafeGuessKindToResource`).
pub(crate) fn plural(kind: Name) -> Name {
    let lower = kind.as_str().to_lowercase();
    Name::new(&match lower.as_str() {
        "endpoints" => lower,
        s if s.ends_with('s') => format!("{s}es"),
        s if s.ends_with('y') => format!("{}ies", &s[..s.len() - 1]),
        s => format!("{s}s"),
    })
}

/// What the world keeps of one object.
pub fn object_from(snapshot: &Snapshot, object: &gordian_snapshot::Object) -> Object {
    let metadata = &object.metadata;
    let kind = Kind::of(&object.api_version, &object.kind);
    let key = Key::new(kind, Name::new(&metadata.namespace), Name::new(&metadata.name));
    let grace = metadata.deletion_grace_period_seconds.unwrap_or(0);
    Object {
        key,
        api_version: Name::new(&object.api_version),
        uid: if metadata.uid.is_empty() { Name::new(&key.to_string()) } else { Name::new(&metadata.uid) },
        labels: metadata.labels.iter().map(|(key, value)| (Name::new(key), Name::new(value))).collect(),
        owners: metadata.owner_references.iter().map(OwnerReference::from).collect(),
        finalizers: metadata.finalizers.iter().map(|finalizer| Name::new(finalizer)).collect(),
        deletion: metadata
            .deletion_timestamp
            .as_ref()
            .map(|_| Deletion { grace_seconds: u32::try_from(grace).unwrap_or(0) }),
        facet: facet_of(kind, snapshot.json(object)),
    }
}

impl From<&gordian_snapshot::OwnerReference> for OwnerReference {
    /// A flag that is not printed is false.
    fn from(owner: &gordian_snapshot::OwnerReference) -> Self {
        Self {
            api_version: Name::new(&owner.api_version),
            kind: Name::new(&owner.kind),
            name: Name::new(&owner.name),
            uid: Name::new(&owner.uid),
            controller: owner.controller == Some(true),
            block: owner.block_owner_deletion == Some(true),
        }
    }
}

/// The facet of an object, from its JSON.
pub fn facet_of(kind: Kind, json: &str) -> Facet {
    fields::facet(kind, json).unwrap_or_default()
}

/// The commit of longhorn-manager#3719: builds from before it follow `before-3719`.
const FIX_COMMITTED: &str = "2025-04-25T05:59:00Z";

/// Reads Longhorn's profile from the tag of longhorn-manager's image. A tag that is no release (`master-head`) is dated by
/// the newest Longhorn object.
fn profile(snapshot: &Snapshot, world: &World) -> (Profile, Vec<Assumption>) {
    if !world.objects().any(|(_, object)| object.key.kind.group.as_str() == "longhorn.io") {
        return (Profile::default(), Vec::new());
    }
    let images = world.objects().filter_map(|(_, object)| match &object.facet {
        Facet::Pod(pod) => pod.images.iter().copied().find(|image| image.as_str().contains("longhorn-manager:")),
        _ => None,
    });
    let image = images.min().unwrap_or_default();
    let tag = image.as_str().rsplit_once(':').map_or("", |(_, tag)| tag);
    let version = release(tag);
    // Other dumps that were loaded beside it say nothing about Longhorn's age.
    let longhorn = snapshot.objects.iter().filter(|object| object.group() == "longhorn.io");
    let newest = longhorn.filter_map(|object| object.metadata.creation_timestamp.as_deref()).max();
    let name = match version {
        Some(version) if version >= (1, 12, 1) => "v1.12.1",
        Some(version) if version >= (1, 11, 1) => "v1.11.1",
        Some(version) if version >= (1, 9, 2) => "v1.9.2",
        Some(version) if version >= (1, 9, 0) => "v1.9.0",
        Some(version) if version < (1, 1, 1) => "v1.1.0",
        Some((1, 3, 0)) => "v1.3.0",
        Some((1, 5, 0)) => "v1.5.0",
        Some(_) => "before-3719",
        None if newest.is_some_and(|newest| newest < FIX_COMMITTED) => "before-3719",
        None => Profile::default().name,
    };
    let profile = Profile::named(name).unwrap_or_default();
    let ground = Ground::Profile { profile, image, released: version.is_some() };
    (profile, vec![Assumption { id: "profile:longhorn".into(), ground, value: true }])
}

/// Reads the version of Kubernetes from the newest kubelet, which is never newer than its control plane. It is told only where it
/// decides: where a namespace is being deleted by the rules from before 1.33 (rule G4).
fn kubernetes(world: &World) -> Option<(u32, Assumption)> {
    let kubelets = world.of_kind(kinds::node()).filter_map(|(_, node)| match &node.facet {
        Facet::Node(node) => Some((release(node.kubelet.as_str())?, node.kubelet)),
        _ => None,
    });
    let ((_, minor, _), kubelet) = kubelets.max()?;
    let decides = minor < Kubernetes::default().0 && world.of_kind(kinds::namespace()).any(|(_, o)| o.deleting());
    let ground = Ground::Kubernetes { minor, kubelet };
    decides.then_some((minor, Assumption { id: "profile:kubernetes".into(), ground, value: true }))
}

/// `v1.9.0` and `v1.9.0-rc1` as numbers.
fn release(tag: &str) -> Option<(u32, u32, u32)> {
    let mut parts = tag.strip_prefix('v')?.split(['-', '+']).next()?.splitn(3, '.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}
