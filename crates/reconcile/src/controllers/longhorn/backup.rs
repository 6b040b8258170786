//! Longhorn's backup controller: `controller/backup_controller.go`.
//!
//! A backup that is being deleted is first deleted at its target, if that is available and the backup's volume is not being deleted
//! there as well. Whether the target does so cannot be seen in a dump: it is an assumption. That the default engine image must be
//! ready where it is handled is left out.

use super::{FINALIZER, responsible_still};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Backup, Condition, Controller, Evidence, Facet, Fact, Key, Kind, Name, Object, Outcome, Process, Request, Rule,
    Wait, World, kinds,
};

/// See the module.
pub(crate) struct BackupController;

impl Controller for BackupController {
    fn name(&self) -> &'static str {
        "backup controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_backup())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let owner = backup_of(object).map_or(Name::default(), |backup| backup.owner);
        responsible_still(world, object.key.namespace, Name::default(), owner)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(backup) = backup_of(object) else { return Outcome::Idle };
        let (on, _) = awaited(world, object, backup);
        match on.holds(&|fact| world.holds(fact)) {
            true => {
                let finalize = vec![Request::remove_finalizer(object, FINALIZER)];
                write_if_admitted(world, object, Rule("BKP-1"), finalize)
            }
            false => {
                let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
                Outcome::Wait(Wait { rule: Rule("BKP-1"), goal, on })
            }
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else { return None };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        let process = self.process(world, object);
        let (when, evidence) = awaited(world, object, backup_of(object)?);
        Some(Provided::new(Rule("BKP-1"), process, when, evidence))
    }
}

fn backup_of(object: &Object) -> Option<&Backup> {
    match &object.facet {
        Facet::Backup(backup) => Some(backup),
        _ => None,
    }
}

/// The labels by which a backup names its target and its volume, and by which a person keeps the remote backup.
const TARGET: &str = "backup-target";
const VOLUME: &str = "backup-volume";
const KEEPS_REMOTE: &str = "longhorn.io/delete-custom-resource-only";

/// BKP-1: a backup without the label of its target looks it up through its snapshot, and fails for ever when that is gone; one
/// without the label of its volume fails for ever. Then the remote backup is deleted, where it has to be.
fn awaited(world: &World, object: &Object, backup: &Backup) -> (Condition, Vec<Evidence>) {
    let named = |kind, name| Key::new(kind, object.key.namespace, name);
    // Nobody sees the target: that it is done is not taken for granted.
    let target = Process::FinalizerController(Name::new(FINALIZER));
    let remote = || Condition::Is(Fact::DoneBy(target, object.into()));
    let Some(target) = object.label(TARGET) else {
        let snapshot = named(kinds::longhorn_snapshot(), backup.snapshot);
        let known = world.find(snapshot).is_some() || !world.lists(snapshot.kind);
        let evidence = vec![Evidence::new(object.key, "spec/snapshotName", backup.snapshot)];
        return if known { (remote(), evidence) } else { (Condition::Is(Fact::Exists(snapshot)), evidence) };
    };
    let Some(volume) = object.label(VOLUME) else {
        return (Condition::Any(Vec::new()), vec![Evidence::new(object.key, "metadata/labels", "no backup-volume")]);
    };
    let found = world.find(named(kinds::longhorn_backup_target(), target));
    let available = match found.map(|found| (&found.facet, found.deleting())) {
        Some((Facet::BackupTarget(target), deleting)) => !deleting && target.available && !target.url.is_empty(),
        _ => !world.lists(kinds::longhorn_backup_target()),
    };
    let of_this = |other: &Object| other.label(TARGET) == Some(target) && other.label(VOLUME) == Some(volume);
    let volumes = kinds::longhorn_backup_volume();
    let mut alive = world.of_kind(volumes).filter(|(_, other)| of_this(other) && !other.deleting());
    let stays = alive.next().is_some() || !world.lists(volumes);
    match available && stays && object.label(KEEPS_REMOTE).is_none() {
        true => (remote(), vec![Evidence::new(object.key, "metadata/labels/backup-target", target)]),
        false => (Condition::always(), Vec::new()),
    }
}
