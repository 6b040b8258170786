//! Longhorn's snapshot controller, as far as it deletes: `controller/snapshot_controller.go`.
//!
//! A snapshot that is being deleted is purged by its volume's engine, for which the volume is attached by a ticket of the snapshot's
//! own; with its volume it goes at once. That an engine purges what it is asked to, and that a volume which is not faulted can be
//! attached, is taken for granted where it cannot be seen.

use super::volume::{looks_after, parts};
use super::{Difference, FINALIZER, running_manager, setting};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Instance, Key, Kind, Name, Object, Outcome, Process, Request, Rule,
    Snapshot, VolumeAttachment, Wait, World, kinds,
};

/// See the module.
pub(crate) struct SnapshotController;

impl Controller for SnapshotController {
    fn name(&self) -> &'static str {
        "snapshot controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_snapshot())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let volume = snapshot_of(object).and_then(|snapshot| world.find(volume_key(object, snapshot)));
        let any = || running_manager(world, |_| true).unwrap_or(Process::LonghornManager(Name::default()));
        volume.map_or_else(any, |volume| looks_after(world, volume))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(snapshot) = snapshot_of(object) else {
            return Outcome::Idle;
        };
        let waits = |rule, on| Outcome::Wait(Wait { rule, goal: Fact::Freed(object.into(), Name::new(FINALIZER)), on });
        let verdict = self.verdict(world, object, snapshot);
        // The ticket is there while the volume is to be attached for the purge, and only then.
        let asks = matches!(verdict, Verdict::Purge(..) | Verdict::Attach(_));
        let ticket = ticket(world, object, snapshot, asks);
        match verdict {
            Verdict::Finalize(rule) => {
                let finalize = Request::remove_finalizer(object, FINALIZER);
                write_if_admitted(world, object, rule, ticket.into_iter().chain([finalize]).collect())
            }
            _ if ticket.is_some() => write_if_admitted(world, object, ATTACHES, ticket.into_iter().collect()),
            Verdict::Purge(engine, instance) => {
                let left = instance.snapshots.iter().copied().filter(|name| *name != object.key.name).collect();
                let facet = Facet::Instance(Instance { snapshots: left, ..instance.clone() });
                Outcome::Write(Rule("SNAP-1"), vec![Request::write(engine, facet)])
            }
            Verdict::Attach(on) if on.holds(&|fact| world.holds(fact)) => {
                let finalize = Request::remove_finalizer(object, FINALIZER);
                write_if_admitted(world, object, Rule("SNAP-1"), vec![finalize])
            }
            Verdict::Attach(on) => waits(ATTACHES, on),
            Verdict::Wait(rule, on) => waits(rule, on),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else {
            return None;
        };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        let snapshot = snapshot_of(object)?;
        let (rule, when) = match self.verdict(world, object, snapshot) {
            Verdict::Finalize(rule) => (rule, Condition::always()),
            Verdict::Purge(..) => (Rule("SNAP-1"), Condition::always()),
            Verdict::Attach(on) => (ATTACHES, on),
            Verdict::Wait(rule, on) => (rule, on),
        };
        let own = Evidence::new(object.key, "metadata/finalizers", FINALIZER);
        Some(Provided::new(rule, self.process(world, object), when, vec![own]))
    }
}

const ATTACHES: Rule = Rule("SNAP-T");

/// What is done about a snapshot that is being deleted.
enum Verdict<'w> {
    /// It goes.
    Finalize(Rule),
    /// This engine is asked to purge it.
    Purge(&'w Object, &'w Instance),
    /// The volume is to be attached; when that is so, or is taken to be, it is purged.
    Attach(Condition),
    /// It waits.
    Wait(Rule, Condition),
}

fn snapshot_of(object: &Object) -> Option<&Snapshot> {
    match &object.facet {
        Facet::Snapshot(snapshot) => Some(snapshot),
        _ => None,
    }
}

fn volume_key(object: &Object, snapshot: &Snapshot) -> Key {
    Key::new(kinds::longhorn_volume(), object.key.namespace, snapshot.volume)
}

impl SnapshotController {
    fn verdict<'w>(&self, world: &'w World, object: &Object, snapshot: &Snapshot) -> Verdict<'w> {
        let profile = world.profile();
        let unseen = || {
            let process = Process::FinalizerController(Name::new(FINALIZER));
            Verdict::Wait(Rule("SNAP-1"), Condition::Is(Fact::DoneBy(process, object.into())))
        };
        let key = volume_key(object, snapshot);
        let volume = match world.find(key) {
            Some(volume) if volume.deleting() && !profile.has(Difference::WaitsForSnapshots) => {
                return Verdict::Finalize(Rule("SNAP-V"));
            }
            // In v1.3.0 only the end of the volume was noticed.
            Some(volume) if volume.deleting() => {
                return Verdict::Wait(Rule("SNAP-V"), Condition::Is(Fact::Gone((&**volume).into())));
            }
            Some(volume) => volume,
            None if world.lists(key.kind) => return Verdict::Finalize(Rule("SNAP-V")),
            None => return unseen(),
        };
        let engines: Vec<&Object> = parts(world, volume, kinds::longhorn_engine()).collect();
        let (engine, instance) = match engines.as_slice() {
            [engine] => match &engine.facet {
                Facet::Instance(instance) => (*engine, instance),
                _ => return unseen(),
            },
            [] if !world.lists(kinds::longhorn_engine()) => return unseen(),
            // Without its engine, or with two while the volume is migrated, it fails each time.
            _ => return Verdict::Wait(Rule("SNAP-1"), Condition::Any(Vec::new())),
        };
        let listed = instance.snapshots.contains(&object.key.name);
        let known = listed || profile.has(Difference::TrustsSnapshotStatus);
        if known && snapshot.under_head && snapshot.removed {
            let head = Fact::LeftState(object.key, Name::new(Snapshot::UNDER_HEAD));
            return Verdict::Wait(Rule("SNAP-H"), Condition::Is(head));
        }
        let setting_key = Key::new(kinds::longhorn_setting(), key.namespace, Name::new(DISABLES_PURGE));
        if setting(world, key.namespace, DISABLES_PURGE, "false").as_str() == "true" {
            return Verdict::Wait(Rule("SNAP-P"), Condition::Is(Fact::InState(setting_key, "false".into())));
        }
        if instance.state.as_str() != "running" {
            let running = Condition::Is(Fact::InState(engine.key, "running".into()));
            let faulted = matches!(&volume.facet, Facet::LonghornVolume(it) if it.robustness.as_str() == "faulted");
            let attached = Fact::DoneBy(self.process(world, object), object.into());
            return Verdict::Attach(match faulted {
                true => running,
                false => Condition::Any(vec![running, Condition::Is(attached)]),
            });
        }
        match listed {
            true => Verdict::Purge(engine, instance),
            false => Verdict::Finalize(Rule("SNAP-1")),
        }
    }
}

const DISABLES_PURGE: &str = "disable-snapshot-purge";

/// The write that puts the snapshot's ticket into its volume's attachment, or takes it out; `None` where that is so already.
fn ticket(world: &World, object: &Object, snapshot: &Snapshot, there: bool) -> Option<Request> {
    let key = Key::new(kinds::longhorn_volume_attachment(), object.key.namespace, snapshot.volume);
    let attachment = world.find(key)?;
    let Facet::VolumeAttachment(facet) = &attachment.facet else { return None };
    let ticket = Name::new(&format!("snapshot-controller-{}", object.key.name));
    let mut tickets = facet.tickets.clone();
    match tickets.binary_search(&ticket) {
        Err(at) if there => tickets.insert(at, ticket),
        Ok(at) if !there => {
            tickets.remove(at);
        }
        _ => return None,
    }
    Some(Request::change(attachment, Facet::VolumeAttachment(VolumeAttachment { tickets, ..facet.clone() })))
}
