//! Longhorn's support bundle controller: `controller/support_bundle_controller.go`.
//!
//! A support bundle that is being deleted first says so in its status, then its manager's Deployment is deleted, and it is
//! finalized. How it comes to be is left out.

use super::{FINALIZER, responsible_still};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Facet, Fact, Key, Kind, Name, Object, Outcome, Process, Propagation, Request, Rule,
    SupportBundle, World, kinds,
};

/// See the module.
pub(crate) struct SupportBundleController;

impl Controller for SupportBundleController {
    fn name(&self) -> &'static str {
        "support bundle controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::longhorn_support_bundle())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(FINALIZER)
    }

    fn process(&self, world: &World, object: &Object) -> Process {
        let (node, owner) = bundle_of(object).map_or_else(Default::default, |bundle| (bundle.node, bundle.owner));
        responsible_still(world, object.key.namespace, node, owner)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let Some(bundle) = bundle_of(object) else { return Outcome::Idle };
        let deleting = Name::new("Deleting");
        if bundle.state != deleting {
            let facet = Facet::SupportBundle(SupportBundle { state: deleting, ..bundle.clone() });
            return Outcome::Write(Rule("SB-1"), vec![Request::write(object, facet)]);
        }
        let deployment = world.find(deployment(object.key)).filter(|found| !found.deleting());
        let ends = deployment.map(|found| Request::delete(found, Some(Propagation::Foreground)));
        let finalize = Request::remove_finalizer(object, FINALIZER);
        write_if_admitted(world, object, Rule("SB-1"), ends.into_iter().chain([finalize]).collect())
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let Fact::Freed(target, finalizer) = fact else { return None };
        let object = world.resolve(*target).filter(|_| finalizer.as_str() == FINALIZER)?;
        bundle_of(object)?;
        Some(Provided::new(Rule("SB-1"), self.process(world, object), Condition::always(), Vec::new()))
    }
}

fn bundle_of(object: &Object) -> Option<&SupportBundle> {
    match &object.facet {
        Facet::SupportBundle(bundle) => Some(bundle),
        _ => None,
    }
}

/// The Deployment of a support bundle's manager (`GetSupportBundleManagerName`).
pub(super) fn deployment(bundle: Key) -> Key {
    let name = format!("longhorn-support-bundle-manager-{}", bundle.name);
    Key::new(kinds::deployment(), bundle.namespace, Name::new(&name))
}
