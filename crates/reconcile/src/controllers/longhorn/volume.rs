//! Longhorn's volume controller, as far as it deletes: `controller/volume_controller.go`.
//!
//! A volume that is being deleted takes its snapshots, engines and replicas along, and what Kubernetes has of it, and goes when the
//! engines and replicas have gone. Attaching and detaching are left out: the world has no storage.

use super::{Difference, FINALIZER, responsible_still};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Key, Kind, LonghornVolume, Name, Object, Outcome, Process, Request,
    Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct VolumeController;

const RULE: Rule = Rule("VOL-1");

impl Controller for VolumeController {
    fn name(&self) -> &'static str {
        "volume controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_volume())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        looks_after(world, object)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(volume) = volume_of(object) else {
            return Outcome::Idle;
        };
        if volume.state.as_str() != "deleting" {
            let facet = Facet::LonghornVolume(LonghornVolume { state: "deleting".into(), ..volume.clone() });
            return Outcome::Write(RULE, vec![Request::write(object, facet)]);
        }
        let deletes = deletes(world, object, volume);
        if !deletes.is_empty() {
            return write_if_admitted(world, object, RULE, deletes);
        }
        let on = remaining(world, object);
        match on.holds(&|fact| world.holds(fact)) {
            true => write_if_admitted(world, object, RULE, vec![Request::remove_finalizer(object, FINALIZER)]),
            false => {
                let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
                Outcome::Wait(Wait { rule: RULE, goal, on })
            }
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let provided =
            |volume: &Object, when, evidence| Some(Provided::new(RULE, self.process(world, volume), when, evidence));
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == FINALIZER => {
                let object = world.resolve(*target)?;
                volume_of(object)?;
                let own = Evidence::new(object.key, "metadata/finalizers", FINALIZER);
                provided(object, remaining(world, object), vec![own])
            }
            Fact::Deleting(target) => {
                let object = world.resolve(*target)?;
                let volume = volume_that_takes(world, object)?;
                let status = volume_of(volume)?;
                let waits = object.key.kind == kinds::longhorn_replica() && engines_first(world, volume, status);
                let engines = parts(world, volume, kinds::longhorn_engine());
                let when = match waits {
                    true => Condition::all(engines.map(|engine| Fact::Gone(engine.into()))),
                    false => Condition::always(),
                };
                provided(volume, when, Vec::new())
            }
            _ => None,
        }
    }
}

fn volume_of(object: &Object) -> Option<&LonghornVolume> {
    match &object.facet {
        Facet::LonghornVolume(volume) => Some(volume),
        _ => None,
    }
}

/// The longhorn-manager that looks after a volume, and after what belongs to it.
pub(super) fn looks_after(world: &World, volume: &Object) -> Process {
    let (preferred, current) = volume_of(volume).map_or_else(Default::default, |volume| (volume.node, volume.owner));
    responsible_still(world, volume.key.namespace, preferred, current)
}

/// The engines, replicas or snapshots of a volume.
pub(super) fn parts<'w>(world: &'w World, volume: &Object, kind: Kind) -> impl Iterator<Item = &'w Object> {
    let namespace = volume.key.namespace;
    world.of_volume(kind, volume.key.name).map(|(_, part)| &**part).filter(move |part| part.key.namespace == namespace)
}

/// Of a v2 volume the replicas wait for the engines, unless one of them is being deleted already.
fn engines_first(world: &World, volume: &Object, status: &LonghornVolume) -> bool {
    status.data_engine.as_str() == "v2"
        && parts(world, volume, kinds::longhorn_engine()).next().is_some()
        && !parts(world, volume, kinds::longhorn_replica()).any(|replica| replica.deleting())
}

/// What Kubernetes has of a volume, and what Longhorn names after it.
fn companions(volume: &Object, status: &LonghornVolume) -> Vec<Key> {
    let Key { namespace, name, .. } = volume.key;
    let persistent = Key::new(kinds::volume(), Name::default(), status.volume);
    let claim = Key::new(kinds::claim(), status.namespace, status.claim);
    let claimed = !status.claim.is_empty() && status.unclaimed_since.is_empty();
    let attachment = Key::new(kinds::longhorn_volume_attachment(), namespace, name);
    [(!status.volume.is_empty()).then_some(persistent), claimed.then_some(claim), Some(attachment)]
        .into_iter()
        .flatten()
        .collect()
}

/// What is deleted next.
fn deletes(world: &World, volume: &Object, status: &LonghornVolume) -> Vec<Request> {
    let share_manager = Key::new(kinds::longhorn_share_manager(), volume.key.namespace, volume.key.name);
    let shared = status.shared().then(|| world.find(share_manager)).flatten();
    let mut objects: Vec<&Object> = shared.map(|share_manager| &**share_manager).into_iter().collect();
    objects.extend(parts(world, volume, kinds::longhorn_snapshot()));
    objects.extend(parts(world, volume, kinds::longhorn_engine()));
    if !engines_first(world, volume, status) {
        objects.extend(parts(world, volume, kinds::longhorn_replica()));
        objects.extend(companions(volume, status).into_iter().filter_map(|key| world.find(key)).map(|it| &**it));
    }
    objects.into_iter().filter(|object| !object.deleting()).map(|object| Request::delete(object, None)).collect()
}

/// The volume that deletes an object because it is being deleted itself.
fn volume_that_takes<'w>(world: &'w World, object: &Object) -> Option<&'w Object> {
    let named = |namespace, name| world.find(Key::new(kinds::longhorn_volume(), namespace, name));
    let namespace = object.key.namespace;
    let volume = match &object.facet {
        Facet::Instance(instance) => named(namespace, instance.volume),
        Facet::Snapshot(snapshot) => named(namespace, snapshot.volume),
        Facet::VolumeAttachment(_) | Facet::ShareManager(_) => named(namespace, object.key.name),
        _ if matches!(object.key.kind, kind if kind == kinds::volume() || kind == kinds::claim()) => {
            let mut volumes = world.of_kind(kinds::longhorn_volume());
            let takes = |volume: &Object| {
                volume_of(volume).is_some_and(|status| companions(volume, status).contains(&object.key))
            };
            volumes.find(|(_, volume)| takes(volume)).map(|(_, volume)| volume)
        }
        _ => None,
    };
    volume.map(|volume| &**volume).filter(|volume| volume.deleting() && volume.has_finalizer(FINALIZER))
}

/// What must be gone before a volume is: its engines and replicas, in v1.3.0 its snapshots, too.
fn remaining(world: &World, volume: &Object) -> Condition {
    let snapshots = world.profile().has(Difference::WaitsForSnapshots).then(kinds::longhorn_snapshot);
    let mut awaited = [kinds::longhorn_engine(), kinds::longhorn_replica()].into_iter().chain(snapshots);
    let gone = awaited.clone().flat_map(|kind| parts(world, volume, kind)).map(|part| Fact::Gone(part.into()));
    let gone = gone.collect::<Vec<_>>();
    let unseen = awaited.any(|kind| !world.lists(kind));
    let done = Fact::DoneBy(Process::FinalizerController(Name::new(FINALIZER)), volume.into());
    Condition::all(gone.into_iter().chain(unseen.then_some(done)))
}
