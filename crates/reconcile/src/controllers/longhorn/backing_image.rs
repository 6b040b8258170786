//! Longhorn's backing image controller: `controller/backing_image_controller.go`.
//!
//! A backing image that is being deleted waits for the replicas that use it, for its data source, and for the copies in v2 instance
//! managers. It deletes its data source itself under no circumstances: that is left to the garbage collector, which does so before
//! the backing image goes only if that is deleted in the foreground.

use super::backing_image_manager::{has_file, let_go};
use super::node::disk_service;
use super::{FINALIZER, INSTANCE_PROXY, responsible_still, running_instance_manager};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    BackingImage, Condition, Controller, Endpoint, Evidence, Facet, Fact, ImageCopy, Key, Kind, Name, Object,
    ObjectRef, Outcome, Process, Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct BackingImageController;

impl Controller for BackingImageController {
    fn name(&self) -> &'static str {
        "backing image controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_backing_image())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let owner = image_of(object).map_or(Name::default(), |image| image.owner);
        responsible_still(world, object.key.namespace, Name::default(), owner)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(image) = image_of(object) else { return Outcome::Idle };
        let (on, _) = awaited(world, object, image);
        if !on.holds(&|fact| world.holds(fact)) {
            let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
            return Outcome::Wait(Wait { rule: Rule("BI-1"), goal, on });
        }
        let copies: Vec<ImageCopy> = image.copies.iter().copied().filter(|copy| !copy.v2()).collect();
        if copies != image.copies {
            let facet = Facet::BackingImage(BackingImage { copies, ..image.clone() });
            return Outcome::Write(Rule("BI-1"), vec![Request::write(object, facet)]);
        }
        let managers = world.of_kind(kinds::longhorn_backing_image_manager()).map(|(_, manager)| manager);
        let listed = managers.filter(|manager| !manager.deleting() && has_file(manager, object.key.name));
        let finalize = Request::remove_finalizer(object, FINALIZER);
        let writes = listed.flat_map(|manager| let_go(manager, object.key.name)).chain([finalize]).collect();
        write_if_admitted(world, object, Rule("BI-1"), writes)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == FINALIZER => {
                let object = world.resolve(*target)?;
                let (when, evidence) = awaited(world, object, image_of(object)?);
                Some(Provided::new(Rule("BI-1"), self.process(world, object), when, evidence))
            }
            // Whoever makes one of this name anew waits until the old one is gone.
            Fact::Alive(key) if key.kind == kinds::longhorn_backing_image() => {
                let object = world.find(*key).filter(|object| object.deleting())?;
                let deleting = vec![Evidence::new(*key, "metadata/deletionTimestamp", "set")];
                let when = Condition::Is(Fact::Gone((&**object).into()));
                Some(Provided::new(Rule("BI-2"), self.process(world, object), when, deleting))
            }
            _ => None,
        }
    }
}

fn image_of(object: &Object) -> Option<&BackingImage> {
    match &object.facet {
        Facet::BackingImage(image) => Some(image),
        _ => None,
    }
}

/// The label of replicas that use a backing image.
const USES: &str = "longhorn.io/backing-image";

/// Whether a replica uses a backing image.
pub(super) fn uses(replica: &Object, image: &Object) -> bool {
    replica.key.namespace == image.key.namespace && replica.label(USES).is_some_and(|name| name == image.key.name)
}

/// BI-1: replicas that use it are gone; its data source has no file of its own to lose; the disks of its v2 copies can be asked.
/// A v2 copy that an instance manager reports and the status does not have is not known here.
fn awaited(world: &World, object: &Object, image: &BackingImage) -> (Condition, Vec<Evidence>) {
    let replicas = world.of_kind(kinds::longhorn_replica()).map(|(_, replica)| replica);
    let replicas = replicas.filter(|replica| uses(replica, object));
    let mut evidence = Vec::new();
    let mut needs: Vec<Condition> = Vec::new();
    for replica in replicas {
        evidence.push(Evidence::new(replica.key, "metadata/labels/longhorn.io~1backing-image", object.key.name));
        needs.push(Condition::Is(Fact::Gone((&**replica).into())));
    }
    let source = Key { kind: kinds::longhorn_backing_image_data_source(), ..object.key };
    if let Some(found) = world.find(source)
        && let Facet::BackingImageDataSource(facet) = &found.facet
        && !facet.transferred
    {
        evidence.push(Evidence::new(source, "status/currentState", facet.state));
        let cleaned = Fact::InState(source, Name::new(CLEANED));
        let gone = Fact::Gone(ObjectRef::from(&**found));
        needs.push(Condition::Any(vec![Condition::Is(gone), Condition::Is(cleaned)]));
    }
    for copy in image.copies.iter().filter(|copy| copy.v2()) {
        let path = format!("status/diskFileStatusMap/{}/state", copy.disk);
        evidence.push(Evidence::new(object.key, &path, copy.state));
        needs.push(reaches(world, object, copy.disk));
    }
    (Condition::All(needs), evidence)
}

/// The state of a data source whose file is gone (`BackingImageStateFailedAndCleanUp`).
pub(super) const CLEANED: &str = "failed-and-cleanup";

/// When a copy on a disk can be deleted: the disk is ready, and the proxy of the v2 instance manager that says it runs on its node
/// answers (`deleteV2Copy`).
fn reaches(world: &World, object: &Object, disk: Name) -> Condition {
    let has = |node: &Object| match &node.facet {
        Facet::LonghornNode(facet) => facet.disks.iter().any(|other| other.uuid == disk && other.wanted),
        _ => false,
    };
    let Some((_, node)) = world.of_kind(kinds::longhorn_node()).find(|(_, node)| has(node)) else {
        let process = Process::FinalizerController(Name::new(FINALIZER));
        let unseen = Condition::Is(Fact::DoneBy(process, object.into()));
        return if world.lists(kinds::longhorn_node()) { Condition::Any(Vec::new()) } else { unseen };
    };
    match running_instance_manager(world, node.key.name, "v2") {
        Some((manager, status)) => {
            let endpoint = Endpoint { ip: status.ip, port: INSTANCE_PROXY, of: manager.key };
            Condition::Is(Fact::Answers(endpoint))
        }
        None => Condition::Is(disk_service(world, node)),
    }
}
