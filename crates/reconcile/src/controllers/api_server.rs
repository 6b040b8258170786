//! The API server's own part of an end: an object that is marked, and that nothing holds any more, is removed.
//!
//! The real one does so in the write that takes the last finalizer off (rule B4), so that such an object is seen for a moment
//! only: as a pod between the two events of rule A7, or in a dump that was cut. A namespace is the exception of rule G1: one
//! whose `spec.finalizers` were emptied before it was deleted stays until it is deleted once more.

use crate::controller::Provided;
use crate::{Controller, Fact, Kind, Object, Outcome, Request, Rule, World, kinds};

/// See the module.
pub(crate) struct ApiServer;

impl Controller for ApiServer {
    fn name(&self) -> &'static str {
        "API server"
    }

    fn kind(&self) -> Option<Kind> {
        None
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        ends(object)
    }

    fn reconcile(&self, _: &World, object: &Object) -> Outcome {
        Outcome::Write(Rule("B4"), vec![Request::delete_now(object)])
    }

    /// What the API server brings about in other actors' writes is in [`provisions`](crate::provisions).
    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}

fn ends(object: &Object) -> bool {
    let pending = object.deletion.is_none_or(|deletion| deletion.grace_seconds > 0);
    !pending && object.holding().next().is_none() && object.key.kind != kinds::namespace()
}
