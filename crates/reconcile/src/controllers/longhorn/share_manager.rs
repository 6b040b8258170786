//! Longhorn's share manager controller, as far as it deletes: `controller/share_manager_controller.go`.
//!
//! It deletes the pod and the ConfigMap of a share manager that is being deleted, waits for neither, and lets it go. On a node that is
//! down the pod is deleted without its kubelet.

use super::{FINALIZER, down, responsible_still};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Facet, Fact, Key, Kind, Name, Object, Outcome, Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct ShareManagerController;

const RULE: Rule = Rule("SM-1");

impl Controller for ShareManagerController {
    fn name(&self) -> &'static str {
        "share manager controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_share_manager())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    /// Whoever is on the node of its pod.
    fn process(&self, world: &World, object: &Object) -> Process {
        let owner = match &object.facet {
            Facet::ShareManager(share_manager) => share_manager.owner,
            _ => Name::default(),
        };
        let preferred = world.find(pod_key(object)).and_then(|pod| pod.facet.node()).unwrap_or_default();
        responsible_still(world, object.key.namespace, preferred, owner)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let pod = world.find(pod_key(object));
        let lost = |pod: &Object| down(world, pod.key.namespace, pod.facet.node().unwrap_or_default());
        let delete = |pod: &Object| if lost(pod) { Request::delete_now(pod) } else { Request::delete(pod, None) };
        let config_map = world.find(Key::new(
            kinds::config_map(),
            object.key.namespace,
            Name::new(&format!("recovery-backend-share-manager-{}", object.key.name)),
        ));
        let pod = pod.filter(|pod| !pod.deleting() || lost(pod)).map(|pod| delete(pod));
        let config_map = config_map.filter(|it| !it.deleting()).map(|it| Request::delete(it, None));
        let finalize = Request::remove_finalizer(object, FINALIZER);
        write_if_admitted(world, object, RULE, pod.into_iter().chain(config_map).chain([finalize]).collect())
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else {
            return None;
        };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        matches!(object.facet, Facet::ShareManager(_)).then_some(())?;
        Some(Provided::new(RULE, self.process(world, object), Condition::always(), Vec::new()))
    }
}

fn pod_key(object: &Object) -> Key {
    Key::new(kinds::pod(), object.key.namespace, Name::new(&format!("share-manager-{}", object.key.name)))
}
