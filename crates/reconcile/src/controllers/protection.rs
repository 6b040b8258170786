//! The protection controllers of kube-controller-manager, and the part of the volume binder that they wait for.
//!
//! Rules I2 and I3 of the reference, which mirror `podUsesPVC` in `pkg/controller/volume/pvcprotection` and `isBeingUsed` in
//! `pkg/controller/volume/pvprotection` of Kubernetes 1.33: a claim stays while a pod that was put on a node uses it, a volume
//! while it is bound.

use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    Condition, Controller, Evidence, Facet, Fact, Kind, Name, Object, ObjectRef, Outcome, Process, Request, Rule,
    Volume, Wait, World, kinds,
};

/// Takes `kubernetes.io/pvc-protection` off.
pub(crate) struct ClaimProtection;

/// Takes `kubernetes.io/pv-protection` off.
pub(crate) struct VolumeProtection;

/// Releases a volume whose claim is gone.
pub(crate) struct VolumeBinder;

pub(crate) const CLAIM: &str = "kubernetes.io/pvc-protection";
pub(crate) const VOLUME: &str = "kubernetes.io/pv-protection";

/// What keeps an object in use, and what in the snapshot shows it.
type InTheWay = (Vec<Fact>, Vec<Evidence>);

/// Takes the finalizer off, or waits for what is in the way.
fn release(world: &World, object: &Object, rule: Rule, finalizer: &str, in_the_way: Vec<Fact>) -> Outcome {
    if in_the_way.is_empty() {
        return write_if_admitted(world, object, rule, vec![Request::remove_finalizer(object, finalizer)]);
    }
    let goal = Fact::Freed(object.into(), Name::new(finalizer));
    Outcome::Wait(Wait { rule, goal, on: Condition::all(in_the_way) })
}

fn provided(
    world: &World,
    fact: &Fact,
    rule: Rule,
    finalizer: &str,
    in_the_way: fn(&World, &Object) -> InTheWay,
) -> Option<Provided> {
    let Fact::Freed(object, freed) = fact else { return None };
    let found = world.resolve(*object).filter(|_| freed.as_str() == finalizer)?;
    let (facts, evidence) = in_the_way(world, found);
    Some(Provided::new(rule, Process::ControllerManager, Condition::all(facts), evidence))
}

impl Controller for ClaimProtection {
    fn name(&self) -> &'static str {
        "PVC protection controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::claim())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(CLAIM)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        release(world, object, Rule("I2"), CLAIM, users(world, object).0)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        provided(world, fact, Rule("I2"), CLAIM, users)
    }
}

/// I2 (`podUsesPVC`): the pods that use a claim: any phase counts, and so does one that is being deleted; one without a node does
/// not. A claim of an ephemeral volume is free when its pod was shut down. Where the dump does not list pods, somebody may use it.
fn users(world: &World, claim: &Object) -> InTheWay {
    let pods = kinds::pod();
    let uses = |object: &Object| match &object.facet {
        Facet::Pod(pod) => {
            let shut_down = object.deletion.is_some_and(|deletion| deletion.grace_seconds == 0);
            let ephemeral = !shut_down && pod.ephemeral_claims.contains(&claim.key.name);
            !pod.node.is_empty() && (pod.claims.contains(&claim.key.name) || ephemeral)
        }
        _ => false,
    };
    let found = world.of_kind(pods).map(|(_, pod)| pod);
    let users = found.filter(|pod| pod.key.namespace == claim.key.namespace && uses(pod));
    let mut facts: Vec<Fact> = users.map(|pod| Fact::Gone(ObjectRef::from(&**pod))).collect();
    let evidence = facts.iter().filter_map(|fact| match fact {
        Fact::Gone(pod) => Some(Evidence::new(pod.key, "spec/volumes", claim.key.name)),
        _ => None,
    });
    let evidence = evidence.collect();
    if facts.is_empty() && !world.lists(pods) {
        let unseen = Fact::DoneBy(Process::ControllerManager, claim.into());
        facts.extend((!world.holds(&unseen)).then_some(unseen));
    }
    (facts, evidence)
}

impl Controller for VolumeProtection {
    fn name(&self) -> &'static str {
        "PV protection controller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::volume())
    }

    fn handles(&self, _: &World, object: &Object) -> bool {
        object.deleting() && object.has_finalizer(VOLUME)
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        release(world, object, Rule("I3"), VOLUME, claim(world, object).0)
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        provided(world, fact, Rule("I3"), VOLUME, claim)
    }
}

/// I3: the claim that a volume is bound to.
fn claim(world: &World, object: &Object) -> InTheWay {
    let Facet::Volume(volume) = &object.facet else { return Default::default() };
    if volume.phase.as_str() != "Bound" || released(world, volume) {
        return Default::default();
    }
    let bound = match world.by_uid(volume.claim) {
        Some(claim) => Fact::Gone((&**claim).into()),
        None => Fact::DoneBy(Process::ControllerManager, object.into()),
    };
    let evidence = Evidence::new(object.key, "status/phase", "Bound");
    (vec![bound], vec![evidence])
}

/// Whether a volume's claim is known to be gone.
fn released(world: &World, volume: &Volume) -> bool {
    let known = world.knew(volume.claim) || world.lists(kinds::claim());
    !volume.claim.is_empty() && known && world.by_uid(volume.claim).is_none()
}

impl Controller for VolumeBinder {
    fn name(&self) -> &'static str {
        "volume binder"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::volume())
    }

    fn handles(&self, _: &World, _: &Object) -> bool {
        true
    }

    fn reconcile(&self, world: &World, object: &Object) -> Outcome {
        match &object.facet {
            Facet::Volume(volume) if volume.phase.as_str() == "Bound" && released(world, volume) => {
                let phase = Name::new("Released");
                Outcome::Write(
                    Rule("I3"),
                    vec![Request::write(object, Facet::Volume(Volume { phase, ..volume.clone() }))],
                )
            }
            _ => Outcome::Idle,
        }
    }

    fn provides(&self, _: &World, _: &Fact) -> Option<Provided> {
        None
    }
}
