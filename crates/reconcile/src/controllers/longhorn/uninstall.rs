//! Longhorn's uninstaller: `controller/uninstall_controller.go`, which the Job `longhorn-uninstall` runs.
//!
//! It deletes everything in stages, and begins none before the last is over (UN-1 to UN-7). What is being deleted for longer than its
//! grace loses Longhorn's finalizer. When the grace is over is for a person to say ([`Fault::TimedOut`] of the Job), unless it is 0:
//! with `--force` while longhorn-manager is not ready, and once longhorn-manager was deleted. It never takes the finalizer off orphans,
//! and never `foregroundDeletion` off anything.
//!
//! The preconditions (UN-0) are those of its start. The world does not tell a Job that began from one that did not: with the
//! longhorn-manager gone and `--force` not given, it can have begun only if there is nothing left of what it deletes first. A kind of
//! which the dump has nothing is passed over. Leases, secrets, the storage class and the CSIDriver are left out: nothing waits for them.

use super::support_bundle::deployment;
use super::{Difference, FINALIZER};
use crate::controller::Provided;
use crate::controllers::write_if_admitted;
use crate::{
    BackupTarget, Condition, Controller, Evidence, Facet, Fact, Fault, Key, Kind, LonghornNode, Name, Object,
    ObjectRef, Operation, Outcome, Process, Propagation, Request, Rule, Wait, World, kinds,
};

/// See the module.
pub(crate) struct UninstallController;

impl Controller for UninstallController {
    fn name(&self) -> &'static str {
        "uninstaller"
    }

    fn kind(&self) -> Option<Kind> {
        Some(kinds::job())
    }

    fn handles(&self, _: &World, job: &Object) -> bool {
        job.key.name.as_str() == "longhorn-uninstall" && !job.deleting()
    }

    fn process(&self, _: &World, job: &Object) -> Process {
        Process::Workload(job.key)
    }

    fn reconcile(&self, world: &World, job: &Object) -> Outcome {
        let wait = |rule, on| Outcome::Wait(Wait { rule, goal: done(job), on });
        if let Some((on, _)) = precondition(world, job) {
            return wait(Rule("UN-0"), on);
        }
        let stages = stages(world, job);
        let mut left = stages.iter().map(|stage| (stage, stage.left(world, job)));
        let Some((stage, left)) = left.find(|(_, left)| !left.is_empty()) else { return Outcome::Idle };
        let writes: Vec<Request> = left.iter().flat_map(|object| stage.writes(world, object)).collect();
        match writes.is_empty() {
            true => wait(stage.rule, Condition::all(left.into_iter().map(|object| Fact::Gone(object.into())))),
            false => match write_if_admitted(world, job, stage.rule, writes) {
                written @ Outcome::Write(..) => written,
                Outcome::Wait(Wait { on, .. }) => wait(stage.rule, on),
                // What it would change before it deletes is not let pass.
                Outcome::Idle => {
                    let admitted = |object: &Object| Fact::Admitted(object.into(), Operation::Update);
                    wait(stage.rule, Condition::all(left.into_iter().map(admitted)))
                }
            },
        }
    }

    fn provides(&self, world: &World, fact: &Fact) -> Option<Provided> {
        let jobs = || world.of_kind(kinds::job()).map(|(_, job)| &**job);
        let job = jobs().find(|job| self.handles(world, job))?;
        let same = |target: &ObjectRef, other: &Object| other.key == target.key && other.uid == target.uid;
        let (missing, evidence) = precondition(world, job).unzip();
        let (rule, needs, marked) = match fact {
            // What comes later is not looked at before it may begin.
            Fact::DoneBy(Process::Workload(key), _) if *key == job.key && missing.is_some() => {
                (Rule("UN-0"), Vec::new(), None)
            }
            Fact::DoneBy(Process::Workload(key), _) if *key == job.key => {
                let (_, needs) = before(world, job, |_, _| false);
                (Rule("UN-7"), needs, None)
            }
            Fact::Deleting(target) => {
                let (stage, needs) = before(world, job, |stage, other| same(target, other) && stage.deletes(other));
                (stage?, needs, None)
            }
            Fact::Freed(target, finalizer) if finalizer.as_str() == FINALIZER => {
                let strips = |stage: &Stage, other: &Object| same(target, other) && stage.strips(world, other);
                let (stage, needs) = before(world, job, strips);
                (stage?, needs, Some(Condition::Is(Fact::Deleting(*target))))
            }
            _ => return None,
        };
        let when = missing.into_iter().chain(needs).chain(marked).collect();
        let evidence = evidence.into_iter().collect();
        let provided = Provided::new(rule, Process::Workload(job.key), Condition::All(when), evidence);
        let prepared = match fact {
            Fact::Deleting(target) => world.resolve(*target).is_none_or(|object| prepare(world, object).is_none()),
            _ => true,
        };
        Some(if prepared { provided } else { provided.through(Operation::Update) })
    }
}

/// That the uninstaller is done: it ends with that.
fn done(job: &Object) -> Fact {
    Fact::DoneBy(Process::Workload(job.key), ObjectRef::from(job))
}

/// What must be gone before the first stage in which `acts` holds for something that is left, and that stage's rule; where there is
/// none, what must be gone at all.
fn before(world: &World, job: &Object, acts: impl Fn(&Stage, &Object) -> bool) -> (Option<Rule>, Vec<Condition>) {
    let mut needs = Vec::new();
    for stage in stages(world, job) {
        let left = stage.left(world, job);
        if left.iter().any(|object| acts(&stage, object)) {
            return (Some(stage.rule), needs);
        }
        needs.extend(left.into_iter().map(|object| Condition::Is(Fact::Gone(object.into()))));
    }
    (None, needs)
}

/// UN-0 (`checkPreconditions`): what is missing first: the confirmation, longhorn-manager, or that no volume is in use.
fn precondition(world: &World, job: &Object) -> Option<(Condition, Evidence)> {
    let key = |kind, name| Key::new(kind, job.key.namespace, Name::new(name));
    let flag = key(kinds::longhorn_setting(), "deleting-confirmation-flag");
    let confirmed = Fact::InState(flag, Name::new("true"));
    // The confirmation came later than the order in which instance managers go.
    let asked = !world.profile().has(Difference::UninstallsManagersFirst);
    let known = world.find(flag).is_some() || world.lists(flag.kind);
    if asked && known && !world.holds(&confirmed) {
        let value = world.state(flag).unwrap_or(Name::new("absent"));
        return Some((Condition::Is(confirmed), Evidence::new(flag, "value", value)));
    }
    if forced(job) {
        return None;
    }
    let left = |kind: &&str| all(world, job, Kind::new("longhorn.io", kind)).next().is_some();
    if !ready(world, job) && order(world).iter().any(left) {
        let manager = manager(job);
        let evidence = Evidence::new(manager, "status/numberReady", "too few");
        let nodes = world.find(manager).into_iter().flat_map(|found| match &found.facet {
            Facet::Workload(workload) => workload.nodes.clone(),
            _ => Vec::new(),
        });
        let run = Condition::all(nodes.map(|node| Fact::Runs(Process::LonghornManager(node))));
        let there = Condition::Is(Fact::Alive(manager));
        return Some((Condition::All(vec![there, run]), evidence));
    }
    let state = |volume: &Object| volume.facet.state().unwrap_or_default();
    let in_use = |volume: &&Object| !volume.deleting() && matches!(state(volume).as_str(), "attaching" | "attached");
    let volume = all(world, job, Kind::new("longhorn.io", "Volume")).find(in_use)?;
    let detached = Fact::InState(volume.key, Name::new("detached"));
    Some((Condition::Is(detached), Evidence::new(volume.key, "status/state", state(volume))))
}

/// Whether the Job runs it with `--force`.
fn forced(job: &Object) -> bool {
    matches!(&job.facet, Facet::Workload(workload) if workload.forced)
}

/// The DaemonSet of longhorn-manager.
fn manager(job: &Object) -> Key {
    Key::new(kinds::daemon_set(), job.key.namespace, Name::new("longhorn-manager"))
}

/// Whether longhorn-manager is ready (`managerReady`): it is not being deleted, and one of its pods is missing at most; of a cluster
/// with one node it always is. Where the dump does not show it, it is taken to be.
fn ready(world: &World, job: &Object) -> bool {
    let key = manager(job);
    let Some(found) = world.find(key) else { return !world.lists(key.kind) };
    let Facet::Workload(workload) = &found.facet else { return false };
    let pods = || world.dependents(found.uid).filter(|(_, pod)| pod.runs()).count();
    let running = if world.lists(kinds::pod()) { pods() } else { workload.ready as usize };
    !found.deleting() && running + 1 >= workload.replicas as usize
}

/// The objects of a kind in the uninstaller's namespace.
fn all<'w>(world: &'w World, job: &Object, kind: Kind) -> impl Iterator<Item = &'w Object> {
    let namespace = job.key.namespace;
    world.of_kind(kind).map(|(_, object)| &**object).filter(move |object| object.key.namespace == namespace)
}

/// The kinds in the order of `deleteCRs`: none is begun before all of the one before are gone.
const ORDER: [&str; 18] = [
    "Volume",
    "Snapshot",
    "Engine",
    "Replica",
    "BackupTarget",
    "BackupVolume",
    "Backup",
    "SystemBackup",
    "EngineImage",
    "BackingImage",
    "ShareManager",
    "BackingImageManager",
    "BackingImageDataSource",
    "RecurringJob",
    "Node",
    "InstanceManager",
    "Orphan",
    "SystemRestore",
];

/// Before v1.2.0 instance managers come before their nodes, which make them anew meanwhile.
fn order(world: &World) -> [&'static str; 18] {
    let mut order = ORDER;
    if world.profile().has(Difference::UninstallsManagersFirst) {
        order.swap(14, 15);
    }
    order
}

/// What must be gone before the uninstaller goes on.
struct Stage {
    rule: Rule,
    what: What,
    /// Whether the time is over that the objects have to go by themselves.
    over: bool,
}

enum What {
    /// All objects of a kind in its namespace.
    Kind(Kind),
    /// These, by key.
    Keys(Vec<Key>),
}

/// Its stages from here on. While longhorn-manager is ready, everything of its own goes first.
fn stages(world: &World, job: &Object) -> Vec<Stage> {
    let ready = ready(world, job);
    let timed_out = world.has_fault(Fault::TimedOut(job.key));
    let impatient = timed_out || (forced(job) && !ready);
    let custom = |rule, over| {
        let stage = move |kind| Stage { rule, what: What::Kind(Kind::new("longhorn.io", kind)), over };
        order(world).into_iter().map(stage).collect::<Vec<_>>()
    };
    let keys = |rule, keys| Stage { rule, what: What::Keys(keys), over: impatient };
    let of = |kind, name: &str| Key::new(kind, job.key.namespace, Name::new(name));
    let deployments = ["longhorn-driver-deployer", "csi-attacher", "csi-provisioner", "csi-resizer", "csi-snapshotter"];
    let driver = deployments.map(|name| of(kinds::deployment(), name)).into_iter();
    let driver = driver.chain([of(kinds::daemon_set(), "longhorn-csi-plugin")]).collect();
    let configuration = |kind, name| Key::new(kind, Name::default(), Name::new(name));
    let webhooks = vec![
        configuration(kinds::validating_webhooks(), "longhorn-webhook-validator"),
        configuration(kinds::mutating_webhooks(), "longhorn-webhook-mutator"),
    ];
    let kind = |rule, kind| Stage { rule, what: What::Kind(kind), over: impatient };
    let first = if ready { custom(Rule("UN-1"), timed_out) } else { Vec::new() };
    let then = [
        kind(Rule("UN-2"), kinds::longhorn_support_bundle()),
        keys(Rule("UN-3"), vec![manager(job)]),
        kind(Rule("UN-4"), kinds::longhorn_backup_target()),
        keys(Rule("UN-5"), driver),
    ];
    let last = keys(Rule("UN-7"), webhooks);
    first.into_iter().chain(then).chain(custom(Rule("UN-6"), true)).chain([last]).collect()
}

impl Stage {
    /// What is left of it.
    fn left<'w>(&self, world: &'w World, job: &Object) -> Vec<&'w Object> {
        match &self.what {
            What::Kind(kind) => all(world, job, *kind).collect(),
            What::Keys(keys) => keys.iter().filter_map(|&key| world.find(key).map(|found| &**found)).collect(),
        }
    }

    /// Whether it deletes an object: backup volumes and system backups are left to their controllers.
    fn deletes(&self, object: &Object) -> bool {
        !object.deleting() && !matches!(object.key.kind.kind.as_str(), "BackupVolume" | "SystemBackup")
    }

    /// Whether it takes Longhorn's finalizer off an object, once that is being deleted. A node has no grace before v1.10.0.
    fn strips(&self, world: &World, object: &Object) -> bool {
        let at_once = object.key.kind == kinds::longhorn_node() && !world.profile().has(Difference::GuardsNodes);
        let kind = object.key.kind.kind.as_str();
        (self.over || at_once) && object.has_finalizer(FINALIZER) && STRIPPED.contains(&kind)
    }

    /// What it sends about one of the objects that are left.
    fn writes(&self, world: &World, object: &Object) -> Vec<Request> {
        if object.deleting() && self.strips(world, object) {
            let found = helper(object.key).and_then(|key| world.find(key)).filter(|found| !found.deleting());
            let ends = found.map(|found| Request::delete(found, policy(world, found.key.kind)));
            return ends.into_iter().chain([Request::remove_finalizer(object, FINALIZER)]).collect();
        }
        let delete = || Request::delete(object, policy(world, object.key.kind));
        let write = || prepare(world, object).map_or_else(delete, |facet| Request::change(object, facet));
        self.deletes(object).then(write).into_iter().collect()
    }
}

/// What is changed in an object before it is deleted: a backup target loses its URL, so that what is there stays, and a node is marked
/// for the validator (ADM-4).
fn prepare(world: &World, object: &Object) -> Option<Facet> {
    match &object.facet {
        Facet::BackupTarget(target) if !target.url.is_empty() => {
            Some(Facet::BackupTarget(BackupTarget { url: Name::default(), ..target.clone() }))
        }
        Facet::LonghornNode(node) if world.profile().has(Difference::GuardsNodes) && !node.uninstalled => {
            Some(Facet::LonghornNode(LonghornNode { uninstalled: true, ..node.clone() }))
        }
        _ => None,
    }
}

/// The kinds that lose Longhorn's finalizer when their grace is over.
const STRIPPED: [&str; 11] = [
    "Volume",
    "Snapshot",
    "Engine",
    "Replica",
    "EngineImage",
    "Node",
    "ShareManager",
    "BackingImage",
    "BackingImageManager",
    "BackingImageDataSource",
    "SupportBundle",
];

/// What is deleted together with an object whose grace is over.
fn helper(key: Key) -> Option<Key> {
    let of = |kind, prefix: &str| Some(Key::new(kind, key.namespace, Name::new(&format!("{prefix}{}", key.name))));
    match key.kind.kind.as_str() {
        "EngineImage" => of(kinds::daemon_set(), "engine-image-"),
        "ShareManager" => of(kinds::pod(), "share-manager-"),
        "BackingImageManager" | "BackingImageDataSource" => of(kinds::pod(), ""),
        "SupportBundle" => Some(deployment(key)),
        _ => None,
    }
}

/// By which policy Longhorn deletes a kind.
fn policy(world: &World, kind: Kind) -> Option<Propagation> {
    let foreground = match kind.kind.as_str() {
        "InstanceManager" => !world.profile().has(Difference::UninstallsManagersFirst),
        "EngineImage" | "BackingImage" | "BackingImageDataSource" | "RecurringJob" | "DaemonSet" | "Deployment" => true,
        _ => false,
    };
    foreground.then_some(Propagation::Foreground)
}
