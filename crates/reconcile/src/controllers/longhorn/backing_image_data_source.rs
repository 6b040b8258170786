//! Longhorn's backing image data source controller: `controller/backing_image_data_source_controller.go`.
//!
//! One that is being deleted before its file was handed over calls itself failed, and waits until a backing image manager has
//! deleted the file. How a file comes to be is left out.

use super::backing_image::CLEANED;
use super::{FINALIZER, responsible};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    BackingImageDataSource, Condition, Controller, Evidence, Facet, Fact, Key, Kind, Name, Object, Outcome, Process,
    Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct BackingImageDataSourceController;

impl Controller for BackingImageDataSourceController {
    fn name(&self) -> &'static str {
        "backing image data source controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_backing_image_data_source())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let node = source_of(object).map_or(Name::default(), |source| source.node);
        responsible(world, object.key.namespace, node)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(source) = source_of(object) else { return Outcome::Idle };
        if let Some(pod) = world.find(pod_key(object.key)).filter(|pod| !pod.deleting()) {
            return write_if_admitted(world, object, Rule("BIDS-1"), vec![Request::delete(pod, None)]);
        }
        if source.transferred || source.state.as_str() == CLEANED {
            let finalize = vec![Request::remove_finalizer(object, FINALIZER)];
            return write_if_admitted(world, object, Rule("BIDS-1"), finalize);
        }
        if source.state.as_str() != FAILED {
            let facet = BackingImageDataSource { state: Name::new(FAILED), ..source.clone() };
            let write = Request::write(object, Facet::BackingImageDataSource(facet));
            return Outcome::Write(Rule("BIDS-1"), vec![write]);
        }
        let goal = Fact::Freed(object.into(), Name::new(FINALIZER));
        Outcome::Wait(Wait { rule: Rule("BIDS-1"), goal, on: Condition::Is(cleaned(object)) })
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let by = |object: &Object, when, evidence| {
            Some(Provided::new(Rule("BIDS-1"), self.process(world, object), when, evidence))
        };
        match fact {
            Fact::Freed(target, finalizer) if finalizer.as_str() == FINALIZER => {
                let object = world.resolve(*target)?;
                let source = source_of(object)?;
                let state = Evidence::new(object.key, "status/currentState", source.state);
                match source.transferred {
                    true => by(object, Condition::always(), Vec::new()),
                    false => by(object, Condition::Is(cleaned(object)), vec![state]),
                }
            }
            Fact::InState(key, state) if state.as_str() == FAILED => {
                let object = world.find(*key)?;
                source_of(object).filter(|source| !source.transferred)?;
                by(object, Condition::Is(Fact::Deleting((&**object).into())), Vec::new())
            }
            _ => None,
        }
    }
}

/// The state by which a data source asks for its file to be deleted.
const FAILED: &str = "failed";

fn cleaned(object: &Object) -> Fact {
    Fact::InState(object.key, Name::new(CLEANED))
}

fn source_of(object: &Object) -> Option<&BackingImageDataSource> {
    match &object.facet {
        Facet::BackingImageDataSource(source) => Some(source),
        _ => None,
    }
}

/// `GetBackingImageDataSourcePodName`.
fn pod_key(source: Key) -> Key {
    Key::new(kinds::pod(), source.namespace, Name::new(&format!("backing-image-ds-{}", source.name)))
}
