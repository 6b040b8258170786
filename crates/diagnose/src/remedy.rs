//! What frees a root cause: interventions, each run in the simulator before it is shown.

use std::sync::Arc;

use gordian_reconcile::{
    Facet, Fact, Key, Name, Namespace, Object, ObjectRef, Operation, Process, Profile, Propagation, Refusal, Request,
    Risk, Timeline, Update, World, entry_for, kinds,
};

use crate::finding::{Behind, Class, Diagnosis, Finding, finish};

/// One thing that a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intervention {
    /// Takes a finalizer off by hand.
    StripFinalizer(ObjectRef, Name),
    /// Sets `blockOwnerDeletion` to false in a dependent's reference to an owner.
    Unblock {
        /// The dependent.
        dependent: ObjectRef,
        /// The owner.
        owner: ObjectRef,
    },
    /// Deletes an object that stands in the way: a webhook configuration, or an APIService.
    Delete(Key),
    /// Deletes a pod without waiting for its kubelet.
    ForceDeletePod(ObjectRef),
    /// Creates a namespace again, in which objects were left behind.
    CreateNamespace(Key),
    /// Lets a definition's instances be read without the webhook that converts them.
    StopConversion(Key),
    /// Brings a process back.
    Run(Process),
    /// Upgrades longhorn-manager.
    Upgrade(Profile),
}

/// A set of interventions, what it costs, and whether the simulator confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What a person does, in order.
    pub interventions: Vec<Intervention>,
    /// What it costs at worst.
    pub risk: Risk,
    /// `kubectl` commands that do it; empty where it is not done by kubectl.
    pub commands: Vec<String>,
    /// What of the finding is still there after the run, held by another root cause.
    pub leaves_behind: Vec<ObjectRef>,
    /// After it, everything that the finding holds came about in the fair run.
    pub verified: bool,
    /// How many steps it took from where the fair run rests, the interventions among them.
    pub steps: usize,
}

/// The longest run by which a remedy is tried: every object may be touched some times, and a run that goes on after that most
/// likely goes on for ever.
fn longest_run(world: &World) -> usize {
    500 + 8 * world.len()
}

/// How many remedies are shown.
const SHOWN: usize = 6;

/// Does an intervention where a timeline stands.
pub fn apply(timeline: &mut Timeline, intervention: &Intervention) {
    let world = timeline.world().clone();
    let request = match intervention {
        Intervention::StripFinalizer(object, finalizer) => {
            world.resolve(*object).map(|o| Request::remove_finalizer(o, finalizer.as_str()))
        }
        Intervention::Unblock { dependent, owner } => {
            world.resolve(*dependent).map(|o| Request::unblock_owners(o, |reference| reference.uid == owner.uid))
        }
        Intervention::Delete(key) => world.find(*key).map(|o| Request::delete(o, Some(Propagation::Background))),
        Intervention::ForceDeletePod(object) => world.resolve(*object).map(|o| Request::delete_now(o)),
        Intervention::CreateNamespace(key) => Some(Request::create(namespace(*key))),
        Intervention::StopConversion(key) => world.find(*key).map(|definition| {
            let mut facet = definition.facet.clone();
            if let Facet::Definition { conversion, .. } = &mut facet {
                *conversion = None;
            }
            Request::update(definition, Update { facet: Some(facet), ..Update::default() })
        }),
        Intervention::Run(process) if world.halting(*process).is_some() => {
            while let Some(fault) = timeline.world().halting(*process) {
                timeline.fault(fault, false);
            }
            None
        }
        Intervention::Run(process) => {
            timeline.resettle(|world| world.assuming(&world.assumption(&Fact::Runs(*process)).id, true));
            None
        }
        Intervention::Upgrade(profile) => {
            timeline.resettle(|world| world.with_profile(*profile));
            None
        }
    };
    if let Some(request) = request {
        timeline.request(request);
    }
}

/// A namespace as the API server creates it.
fn namespace(key: Key) -> Object {
    let finalizers = vec![Name::new("kubernetes")];
    Object {
        key,
        api_version: Name::new("v1"),
        uid: Name::default(),
        labels: Vec::new(),
        owners: Vec::new(),
        finalizers: Vec::new(),
        deletion: None,
        facet: Facet::Namespace(Namespace { finalizers, ..Namespace::default() }),
    }
}

/// The world as the fair run leaves it when nobody intervenes: what still goes by itself is gone. Remedies are tried on it, so
/// that all that they have in common is run once.
pub(crate) fn at_rest(world: &World) -> World {
    let mut timeline = Timeline::new(world.clone());
    timeline.run(longest_run(world));
    timeline.world().clone()
}

/// The remedies of a finding: those that the simulator confirms, the least risk first.
pub(crate) fn remedies(world: &World, rest: &World, diagnosis: &Diagnosis, finding: &Finding) -> Vec<Remedy> {
    let mut remedies: Vec<Remedy> = candidates(world, finding)
        .into_iter()
        .map(|interventions| try_out(world, rest, diagnosis, finding, interventions))
        .collect();
    // A cut that the simulator does not confirm is shown only where none is confirmed.
    if remedies.iter().any(|remedy| remedy.verified) {
        remedies.retain(|remedy| remedy.verified);
    }
    remedies.sort_by_key(|remedy| (!remedy.verified, remedy.risk, remedy.interventions.len()));
    remedies.truncate(SHOWN);
    remedies
}

/// What could be done about a finding.
fn candidates(world: &World, finding: &Finding) -> Vec<Vec<Intervention>> {
    let mut candidates: Vec<Vec<Intervention>> = Vec::new();
    let mut strips = Vec::new();
    for arrow in &finding.cycle {
        if let Fact::Freed(object, finalizer) = arrow.from {
            // B9: where the namespace is gone, nothing can be updated until it is there again.
            if let Some(Refusal::NamespaceGone(namespace)) = world.refusal(object.key, Operation::Update) {
                let create = Intervention::CreateNamespace(namespace);
                strips.extend(Some(create.clone()).filter(|create| !strips.contains(create)));
            }
            strips.push(Intervention::StripFinalizer(object, finalizer));
        }
        if let (Fact::Freed(owner, _), Fact::Gone(dependent)) = (&arrow.from, &arrow.to)
            && finding.class == Class::Deadlock
            && world.dependents(owner.uid).any(|(_, object)| object.uid == dependent.uid && object.blocks(owner.uid))
        {
            candidates.push(vec![Intervention::Unblock { dependent: *dependent, owner: *owner }]);
        }
    }
    strips.dedup();
    for root in &finding.roots {
        match root {
            Fact::Runs(Process::Kubelet(_)) => {}
            Fact::Runs(process) => candidates.push(vec![Intervention::Run(*process)]),
            Fact::Admitted(object, operation) => {
                let clears = |refusal| match refusal {
                    Refusal::Webhook(configuration) | Refusal::Denied(configuration, _) => {
                        Intervention::Delete(configuration)
                    }
                    Refusal::NamespaceGone(namespace) => Intervention::CreateNamespace(namespace),
                };
                candidates.extend(world.refusal(object.key, *operation).map(|refusal| vec![clears(refusal)]));
            }
            Fact::Listed(definition) => candidates.push(vec![Intervention::StopConversion(*definition)]),
            Fact::Deleting(object) if finding.class == Class::InUse => {
                candidates.push(vec![Intervention::Delete(object.key)]);
            }
            Fact::Deleting(dependent) => {
                let found = world.resolve(*dependent);
                let owners = found.iter().flat_map(|found| &found.owners).filter(|owner| owner.block);
                let ends = |uid| world.by_uid(uid).filter(|owner| owner.deleting_dependents());
                let unblock = |owner: &Arc<Object>| {
                    vec![Intervention::Unblock { dependent: *dependent, owner: (&**owner).into() }]
                };
                candidates.extend(owners.filter_map(|owner| ends(owner.uid)).map(unblock));
            }
            Fact::Gone(object) if finding.class == Class::WaitsForPerson => {
                candidates.push(vec![Intervention::Delete(object.key)]);
            }
            Fact::Served(api) => candidates.push(vec![Intervention::Delete(*api)]),
            _ => {}
        }
    }
    match finding.class {
        // One cut opens a cycle; what hangs on a missing controller must be cut one by one.
        Class::Deadlock => candidates.extend(strips.into_iter().map(|strip| vec![strip])),
        Class::InUse if strips.is_empty() => {}
        Class::WaitsForPerson
            if finding.roots.iter().any(|root| matches!(root, Fact::InState(..) | Fact::LeftState(..))) =>
        {
            candidates.push(strips);
        }
        Class::InUse
        | Class::ControllerAbsent
        | Class::UnknownFinalizer
        | Class::UpdateRefused
        | Class::EndpointUnreachable => {
            candidates.push(strips);
        }
        Class::NodeLost => {
            let pods = finding.members.iter().filter(|object| object.key.kind == kinds::pod());
            candidates.push(pods.map(|&pod| Intervention::ForceDeletePod(pod)).collect());
        }
        _ => {}
    }
    if finding.cycle.iter().any(|arrow| matches!(arrow.actor.process, Process::LonghornManager(_))) {
        // The oldest rules that free it are the smallest upgrade.
        let frees = world.profile().later().find(|profile| {
            let goals: Vec<Fact> = finding.members.iter().map(|&member| Fact::Gone(member)).collect();
            finish(&world.with_profile(*profile), &goals).into_iter().all(|gone| gone)
        });
        candidates.extend(frees.map(|profile| vec![Intervention::Upgrade(profile)]));
    }
    candidates.retain(|interventions| !interventions.is_empty());
    let mut unique = Vec::new();
    candidates.into_iter().for_each(|candidate| {
        if !unique.contains(&candidate) {
            unique.push(candidate);
        }
    });
    unique
}

/// Runs the interventions, then the controllers to quiescence, and looks at what the finding held.
fn try_out(
    world: &World,
    rest: &World,
    diagnosis: &Diagnosis,
    finding: &Finding,
    interventions: Vec<Intervention>,
) -> Remedy {
    let mut timeline = Timeline::new(rest.clone());
    interventions.iter().for_each(|intervention| apply(&mut timeline, intervention));
    timeline.run(timeline.position() + longest_run(world));
    let end = timeline.world();
    let held_elsewhere = |object: &ObjectRef| {
        let others = diagnosis.findings.iter().filter(|other| other.id != finding.id);
        others
            .flat_map(|other| other.members.iter().copied().chain(other.blast_radius.iter().map(Behind::object)))
            .any(|o| o == *object)
    };
    let still_there: Vec<ObjectRef> = finding
        .members
        .iter()
        .copied()
        .chain(finding.blast_radius.iter().filter_map(|behind| match behind {
            Behind::Object(object) => Some(*object),
            Behind::Disk(..) => None,
        }))
        .filter(|object| end.resolve(*object).is_some_and(|found| found.deleting()))
        .collect();
    let disks_wait = finding.blast_radius.iter().any(|behind| match behind {
        Behind::Disk(node, disk) => !end.holds(&Fact::DiskSchedulable(node.key, *disk)),
        Behind::Object(_) => false,
    });
    let verified = !disks_wait && still_there.iter().all(held_elsewhere);
    Remedy {
        risk: interventions.iter().map(|intervention| risk(world, intervention)).max().unwrap_or(Risk::None),
        commands: interventions.iter().filter_map(|intervention| command(world, intervention)).collect(),
        leaves_behind: still_there,
        verified,
        steps: timeline.steps().len(),
        interventions,
    }
}

/// What an intervention costs at worst.
fn risk(world: &World, intervention: &Intervention) -> Risk {
    match intervention {
        Intervention::StripFinalizer(object, finalizer) => match finalizer.as_str() {
            // The owner goes before its dependents, which then dangle and are collected.
            "foregroundDeletion" => Risk::Low,
            "longhorn.io" if object.key.kind.is("longhorn.io", "Orphan") => match instance_is_gone(world, *object) {
                true => Risk::None,
                false => Risk::Leak,
            },
            other => entry_for(other).map_or(Risk::Leak, |entry| entry.risk),
        },
        // What a namespace that nothing holds left behind stays in storage, unseen (G8).
        Intervention::Delete(key) if key.kind == kinds::namespace() => Risk::Leak,
        // What is in the way is used: a pod comes back if its owner wants it, and other things do not.
        Intervention::Delete(key) if key.kind == kinds::pod() => Risk::Low,
        Intervention::Delete(key) if matches!(key.kind.group.as_str(), "" | "longhorn.io") => Risk::DataLoss,
        Intervention::Unblock { .. } | Intervention::Delete(_) | Intervention::StopConversion(_) => Risk::Low,
        Intervention::ForceDeletePod(_) => Risk::Leak,
        Intervention::Run(_) | Intervention::Upgrade(_) | Intervention::CreateNamespace(_) => Risk::None,
    }
}

/// Whether the process that an orphan's instance ran in is known to be gone, and the instance with it.
fn instance_is_gone(world: &World, orphan: ObjectRef) -> bool {
    let Some(Facet::Orphan(facet)) = world.resolve(orphan).map(|object| &object.facet) else {
        return false;
    };
    let pods = kinds::pod();
    let pod = Key::new(pods, orphan.key.namespace, facet.instance_manager);
    world.lists(pods) && !world.holds(&Fact::PodRuns(pod))
}

/// The `kubectl` command of an intervention.
fn command(world: &World, intervention: &Intervention) -> Option<String> {
    let name = |key: Key| {
        let group = if key.kind.group.is_empty() { String::new() } else { format!(".{}", key.kind.group) };
        let namespace = if key.namespace.is_empty() { String::new() } else { format!("-n {} ", key.namespace) };
        (namespace, format!("{}{group} {}", key.kind.kind.as_str().to_lowercase(), key.name))
    };
    match intervention {
        Intervention::StripFinalizer(object, finalizer) => {
            let found = world.resolve(*object)?;
            let (namespace, what) = name(object.key);
            if !found.finalizers.contains(finalizer) {
                let name = object.key.name;
                return Some(format!(
                    "kubectl get namespace {name} -o json | jq '.spec.finalizers = []' | kubectl replace --raw /api/v1/namespaces/{name}/finalize -f -"
                ));
            }
            let left: Vec<String> =
                found.finalizers.iter().filter(|f| *f != finalizer).map(|f| format!("\"{f}\"")).collect();
            let patch = format!("{{\"metadata\":{{\"finalizers\":[{}]}}}}", left.join(","));
            Some(format!("kubectl {namespace}patch {what} --type=merge -p '{patch}'"))
        }
        Intervention::Unblock { dependent, owner } => {
            let found = world.resolve(*dependent)?;
            let at = found.owners.iter().position(|reference| reference.uid == owner.uid && reference.block)?;
            let (namespace, what) = name(dependent.key);
            let path = format!("/metadata/ownerReferences/{at}/blockOwnerDeletion");
            Some(format!(
                "kubectl {namespace}patch {what} --type=json -p '[{{\"op\":\"replace\",\"path\":\"{path}\",\"value\":false}}]'"
            ))
        }
        Intervention::Delete(key) => {
            let (namespace, what) = name(*key);
            Some(format!("kubectl {namespace}delete {what}"))
        }
        Intervention::ForceDeletePod(object) => {
            let (namespace, what) = name(object.key);
            Some(format!("kubectl {namespace}delete {what} --grace-period=0 --force"))
        }
        Intervention::CreateNamespace(key) => Some(format!("kubectl create namespace {}", key.name)),
        Intervention::StopConversion(key) => {
            let patch = "{\"spec\":{\"conversion\":{\"strategy\":\"None\",\"webhook\":null}}}";
            Some(format!("kubectl patch {} --type=merge -p '{patch}'", name(*key).1))
        }
        Intervention::Run(_) | Intervention::Upgrade(_) => None,
    }
}
