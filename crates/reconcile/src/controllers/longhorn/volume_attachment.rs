//! Longhorn's own VolumeAttachments, as far as they are deleted: `controller/volume_attachment_controller.go`.

use super::volume::looks_after;
use super::{FINALIZER, running_manager};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Key, Kind, Name, Object, Outcome, Process, Request, Rule, Wait,
    World, kinds,
};

/// See the module.
pub(crate) struct VolumeAttachmentController;

const RULE: Rule = Rule("VA-1");

impl Controller for VolumeAttachmentController {
    fn name(&self) -> &'static str {
        "Longhorn volume attachment controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_volume_attachment())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let any = || running_manager(world, |_| true).unwrap_or(Process::LonghornManager(Name::default()));
        world.find(volume_key(object)).map_or_else(any, |volume| looks_after(world, volume))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let on = gone(world, object);
        match on.holds(&|fact| world.holds(fact)) {
            true => write_if_admitted(world, object, RULE, vec![Request::remove_finalizer(object, FINALIZER)]),
            false => Outcome::Wait(Wait { rule: RULE, goal: Fact::Freed(object.into(), Name::new(FINALIZER)), on }),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else {
            return None;
        };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        matches!(object.facet, Facet::VolumeAttachment(_)).then_some(())?;
        let own = Evidence::new(object.key, "metadata/finalizers", FINALIZER);
        Some(Provided::new(RULE, self.process(world, object), gone(world, object), vec![own]))
    }
}

fn volume_key(object: &Object) -> Key {
    let volume = match &object.facet {
        Facet::VolumeAttachment(attachment) if !attachment.volume.is_empty() => attachment.volume,
        _ => object.key.name,
    };
    Key::new(kinds::longhorn_volume(), object.key.namespace, volume)
}

/// The volume must be gone.
fn gone(world: &World, object: &Object) -> Condition {
    let key = volume_key(object);
    Condition::Is(match world.find(key) {
        Some(volume) => Fact::Gone((&**volume).into()),
        None if world.lists(key.kind) => return Condition::always(),
        None => Fact::DoneBy(Process::FinalizerController(Name::new(FINALIZER)), object.into()),
    })
}
