//! Longhorn's Kubernetes node controller: `controller/kubernetes_node_controller.go`.
//!
//! A node that Kubernetes has no longer is deleted in Longhorn, too, and with it, as its dependents, its instance managers.

use super::running_manager;
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Fact, Key, Kind, Name, Object, Outcome, Process, Request, Rule, World, kinds,
};

/// See the module.
pub(crate) struct KubernetesNodeController;

impl Controller for KubernetesNodeController {
    fn name(&self) -> &'static str {
        "Kubernetes node controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_node())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        !object.deleting()
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        running_manager(world, |_| true).unwrap_or(Process::LonghornManager(object.key.name))
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        match gone(world, object) {
            true => write_if_admitted(world, object, Rule("NODE-1b"), vec![Request::delete(object, None)]),
            false => Outcome::Idle,
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Deleting(target) = fact else { return None };
        let object = world.resolve(*target).filter(|object| object.key.kind == kinds::longhorn_node())?;
        let absent = vec![Evidence::new(kubernetes_node(object.key.name), "", "absent")];
        let deletes = || Provided::new(Rule("NODE-1b"), self.process(world, object), Condition::always(), absent);
        gone(world, object).then(deletes)
    }
}

/// Whether Kubernetes has the node no longer.
fn gone(world: &World, object: &Object) -> bool {
    world.lists(kinds::node()) && world.find(kubernetes_node(object.key.name)).is_none()
}

/// The Kubernetes node of a Longhorn node.
pub(super) fn kubernetes_node(name: Name) -> Key {
    Key::new(kinds::node(), Name::default(), name)
}
