//! What lost its controller gets a new one: rule F3 of the reference, which mirrors `ClaimObject` in
//! `pkg/controller/controller_ref_manager.go` of Kubernetes 1.33. Each workload's controller does so before anything else. Labels do not
//! change in a run, so that nothing is ever released again. It is the orphan that is handled here, since there are few of them.

use super::workload::{controller_ref, is_orphan, takes};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{Controller, Fact, Kind, Object, Outcome, Request, Rule, World, kinds};

/// The controller of one kind of workload, where it adopts.
pub(crate) struct Adoption {
    name: &'static str,
    owner: fn() -> Kind,
    dependent: fn() -> Kind,
}

impl Adoption {
    const fn new(name: &'static str, owner: fn() -> Kind, dependent: fn() -> Kind) -> Self {
        Self { name, owner, dependent }
    }
}

pub(crate) const DEPLOYMENTS: Adoption = Adoption::new("Deployment controller", kinds::deployment, kinds::replica_set);
pub(crate) const REPLICA_SETS: Adoption = Adoption::new("ReplicaSet controller", kinds::replica_set, kinds::pod);
pub(crate) const REPLICATION_CONTROLLERS: Adoption =
    Adoption::new("replication controller", kinds::replication_controller, kinds::pod);
pub(crate) const STATEFUL_SETS: Adoption = Adoption::new("StatefulSet controller", kinds::stateful_set, kinds::pod);
pub(crate) const DAEMON_SETS: Adoption = Adoption::new("DaemonSet controller", kinds::daemon_set, kinds::pod);
pub(crate) const JOBS: Adoption = Adoption::new("Job controller", kinds::job, kinds::pod);

impl Controller for Adoption {
    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> Option<Kind> {
        Some((self.dependent)())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        is_orphan(object)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        let mut owners = world.of_kind((self.owner)()).map(|(_, owner)| owner);
        match owners.find(|owner| takes(owner, object)) {
            Some(owner) => {
                let owners = object.owners.iter().copied().chain([controller_ref(owner)]).collect();
                write_if_admitted(world, object, Rule("F3"), vec![Request::set_owners(object, owners)])
            }
            None => Outcome::Idle,
        }
    }

    /// Who holds on to something lets nothing go.
    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}
