//! Longhorn's backing image manager controller: `controller/backing_image_manager_controller.go`.
//!
//! One that is being deleted lets its pod be deleted, and is finalized whether its files could be deleted or not. One that is not
//! asks its process to delete the file of a data source that failed; that is what the data source waits for.
//! Which files it has, and that it makes its pod anew, is left out.

use super::backing_image::CLEANED;
use super::{BACKING_IMAGE_SERVICE, FINALIZER, responsible};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    BackingImageDataSource, BackingImageManager, Condition, Controller, Endpoint, Evidence, Facet, Fact, Key, Kind,
    Name, Object, Outcome, Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct BackingImageManagerController;

impl Controller for BackingImageManagerController {
    fn name(&self) -> &'static str {
        "backing image manager controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_backing_image_manager())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting() || object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        responsible(world, object.key.namespace, manager_of(object).map_or(Name::default(), |manager| manager.node))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        if object.deleting() {
            let pod = world.find(Key { kind: kinds::pod(), ..object.key }).filter(|pod| !pod.deleting());
            let ends = pod.map(|pod| Request::delete(pod, None));
            let finalize = Request::remove_finalizer(object, FINALIZER);
            return write_if_admitted(world, object, Rule("BIM-1"), ends.into_iter().chain([finalize]).collect());
        }
        let Some(manager) = manager_of(object) else { return Outcome::Idle };
        let failed = manager.images.iter().filter_map(|&(name, _)| source_of(world, object, name));
        let failed = failed.filter(|(_, source)| !source.transferred && source.state.as_str() == "failed");
        let answers = world.holds(&Fact::Answers(endpoint(object, manager)));
        let cleans = |(found, source): (&Object, &BackingImageDataSource)| {
            let state = Name::new(CLEANED);
            Request::write(found, Facet::BackingImageDataSource(BackingImageDataSource { state, ..source.clone() }))
        };
        let writes: Vec<Request> = failed.filter(|_| runs(manager) && answers).map(cleans).collect();
        match writes.is_empty() {
            true => Outcome::Idle,
            false => write_if_admitted(world, object, Rule("BIM-2"), writes),
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == FINALIZER => {
                let object = world.resolve(*target)?;
                manager_of(object)?;
                Some(Provided::new(Rule("BIM-1"), self.process(world, object), Condition::always(), Vec::new()))
            }
            Fact::InState(key, state) if state.as_str() == CLEANED => {
                let source = world.find(*key)?;
                let Facet::BackingImageDataSource(facet) = &source.facet else { return None };
                let image = Key { kind: kinds::longhorn_backing_image(), ..*key };
                let managers = world.of_kind(kinds::longhorn_backing_image_manager()).map(|(_, manager)| &**manager);
                let mut listed = managers.filter(|manager| !manager.deleting() && has_file(manager, key.name));
                let failed = Fact::InState(*key, Name::new("failed"));
                match listed.find_map(|object| Some((object, manager_of(object).filter(|manager| runs(manager))?))) {
                    Some((object, manager)) => {
                        let ip = Evidence::new(object.key, "status/ip", manager.ip);
                        let when = Condition::all([failed, Fact::Answers(endpoint(object, manager))]);
                        Some(Provided::new(Rule("BIM-2"), self.process(world, object), when, vec![ip]))
                    }
                    // Nobody has it among its files, and the backing image controller enters only what is not being deleted (BI-2).
                    None => {
                        let process = responsible(world, key.namespace, facet.node);
                        Some(Provided::new(Rule("BI-2"), process, Condition::Is(Fact::Alive(image)), Vec::new()))
                    }
                }
            }
            _ => None,
        }
    }
}

fn manager_of(object: &Object) -> Option<&BackingImageManager> {
    match &object.facet {
        Facet::BackingImageManager(manager) => Some(manager),
        _ => None,
    }
}

/// Whether a backing image is among the files of a backing image manager.
pub(super) fn has_file(object: &Object, image: Name) -> bool {
    manager_of(object).is_some_and(|manager| manager.images.iter().any(|&(name, _)| name == image))
}

/// What lets a backing image go (`cleanupBackingImageManagers`): it is taken off the list, and whoever has none left is deleted.
pub(super) fn let_go(object: &Object, image: Name) -> Vec<Request> {
    let Some(manager) = manager_of(object) else { return Vec::new() };
    let images: Vec<(Name, Name)> = manager.images.iter().copied().filter(|&(name, _)| name != image).collect();
    let ends = images.is_empty().then(|| Request::delete(object, None));
    let facet = Facet::BackingImageManager(BackingImageManager { images, ..manager.clone() });
    [Request::change(object, facet)].into_iter().chain(ends).collect()
}

fn runs(manager: &BackingImageManager) -> bool {
    manager.state.as_str() == "running"
}

fn endpoint(object: &Object, manager: &BackingImageManager) -> Endpoint {
    Endpoint { ip: manager.ip, port: BACKING_IMAGE_SERVICE, of: object.key }
}

/// The data source of a backing image that is there, too.
fn source_of<'w>(world: &'w World, manager: &Object, image: Name) -> Option<(&'w Object, &'w BackingImageDataSource)> {
    let key = |kind| Key::new(kind, manager.key.namespace, image);
    world.find(key(kinds::longhorn_backing_image()))?;
    let found = world.find(key(kinds::longhorn_backing_image_data_source()))?;
    match &found.facet {
        Facet::BackingImageDataSource(source) => Some((&**found, source)),
        _ => None,
    }
}
