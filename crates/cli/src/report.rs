//! The JSON of the contracts. These types are the only ones that are serialised: the core's own stay free to change.

use gordian_diagnose::messages::{English, Messages};
use gordian_diagnose::{Arrow, Behind, Diagnosis, Finding, Remedy, Spot};
use gordian_reconcile::{
    Assumption, Change, ChangeKind, End, Facet, Key, Name, Object, ObjectRef, Risk, StatusCondition, Step, World,
};
use gordian_snapshot::Problem;
use serde::Serialize;

/// The version that every answer names.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An object by name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ref {
    api_version: Text,
    kind: Text,
    namespace: Text,
    name: Text,
    uid: Text,
}

/// A name as a JSON string.
#[derive(Clone, Copy)]
pub(crate) struct Text(Name);

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl Ref {
    pub(crate) fn new(world: &World, object: ObjectRef) -> Self {
        Self::with_uid(world, object.key, object.uid)
    }

    pub(crate) fn of_key(world: &World, key: Key) -> Self {
        let uid = world.find(key).map(|object| object.uid).unwrap_or_default();
        Self::with_uid(world, key, uid)
    }

    fn with_uid(world: &World, key: Key, uid: Name) -> Self {
        // What is not there has the version of its like.
        let like = || world.of_kind(key.kind).next().map(|(_, object)| object);
        let api_version = world.find(key).or_else(like).map_or(key.kind.group, |object| object.api_version);
        Self {
            api_version: Text(api_version),
            kind: Text(key.kind.kind),
            namespace: Text(key.namespace),
            name: Text(key.name),
            uid: Text(uid),
        }
    }

    pub(crate) fn of(object: &Object) -> Self {
        let key = object.key;
        Self {
            api_version: Text(object.api_version),
            kind: Text(key.kind.kind),
            namespace: Text(key.namespace),
            name: Text(key.name),
            uid: Text(object.uid),
        }
    }
}

/// An object with what deletion depends on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    #[serde(flatten)]
    reference: Ref,
    deleting: bool,
    finalizers: Vec<Text>,
    owner_references: Vec<Owner>,
    /// What the namespace controller and the CRD finalizer say in the status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<ConditionItem>,
}

/// An element of `status.conditions`.
#[derive(Serialize)]
pub(crate) struct ConditionItem {
    #[serde(rename = "type")]
    kind: Text,
    status: Text,
    reason: Text,
    message: Text,
}

fn conditions(object: &Object) -> Vec<ConditionItem> {
    let conditions = match &object.facet {
        Facet::Namespace(namespace) => namespace.conditions.as_slice(),
        Facet::Definition { terminating, .. } => terminating.as_slice(),
        _ => &[],
    };
    let item = |condition: &StatusCondition| ConditionItem {
        kind: Text(condition.kind),
        status: Text(condition.status),
        reason: Text(condition.reason),
        message: Text(condition.message),
    };
    conditions.iter().map(item).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Owner {
    kind: Text,
    name: Text,
    uid: Text,
    controller: bool,
    block_owner_deletion: bool,
}

fn owners(object: &Object) -> Vec<Owner> {
    let owner = |owner: &gordian_reconcile::OwnerReference| Owner {
        kind: Text(owner.kind),
        name: Text(owner.name),
        uid: Text(owner.uid),
        controller: owner.controller,
        block_owner_deletion: owner.block,
    };
    object.owners.iter().map(owner).collect()
}

impl Item {
    fn of(object: &Object) -> Self {
        Self {
            reference: Ref::of(object),
            deleting: object.deleting(),
            finalizers: object.finalizers.iter().copied().map(Text).collect(),
            owner_references: owners(object),
            conditions: conditions(object),
        }
    }

    /// Every object of a world, by key.
    pub(crate) fn all(world: &World) -> Vec<Self> {
        let mut objects: Vec<_> = world.objects().map(|(_, object)| object).collect();
        objects.sort_unstable_by_key(|object| object.key);
        objects.into_iter().map(|object| Self::of(object)).collect()
    }
}

/// `check`.
#[derive(Serialize)]
pub(crate) struct Check {
    gordian: &'static str,
    verdict: String,
    objects: usize,
    stuck: Vec<StuckItem>,
    findings: Vec<FindingItem>,
    assumptions: Vec<AssumptionItem>,
    warnings: Vec<Warning>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StuckItem {
    #[serde(flatten)]
    reference: Ref,
    root_cause: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingItem {
    id: String,
    class: &'static str,
    title: String,
    explanation: String,
    members: Vec<Ref>,
    cycle: Vec<ArrowItem>,
    blast_radius: Vec<BehindItem>,
    evidence: Vec<EvidenceItem>,
    assumptions: Vec<String>,
    remedies: Vec<RemedyItem>,
}

#[derive(Serialize)]
struct ArrowItem {
    from: ArrowEnd,
    to: ArrowEnd,
    because: String,
    actor: String,
    rule: &'static str,
}

/// An end of an arrow: an object, with the finalizer on it, the address, or the process that is meant.
#[derive(Serialize)]
struct ArrowEnd {
    #[serde(flatten)]
    reference: Option<Ref>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finalizer: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk: Option<Text>,
    label: String,
}

impl ArrowEnd {
    fn of(world: &World, spot: &Spot) -> Self {
        let mut end = Self { reference: None, finalizer: None, address: None, disk: None, label: English.spot(spot) };
        match *spot {
            Spot::Finalizer(object, finalizer) => {
                end.reference = Some(Ref::new(world, object));
                end.finalizer = Some(Text(finalizer));
            }
            Spot::Object(object) | Spot::Admission(object, _) | Spot::Work(_, object) => {
                end.reference = Some(Ref::new(world, object));
            }
            Spot::Absent(key) | Spot::Api(key) | Spot::State(key) => end.reference = Some(Ref::of_key(world, key)),
            Spot::Disk(key, disk) => {
                end.reference = Some(Ref::of_key(world, key));
                end.disk = Some(Text(disk));
            }
            Spot::Address(endpoint) => end.address = Some(format!("{}:{}", endpoint.ip, endpoint.port)),
            Spot::Process(_) => {}
        }
        end
    }
}

#[derive(Serialize)]
struct BehindItem {
    #[serde(flatten)]
    reference: Ref,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk: Option<Text>,
}

#[derive(Serialize)]
struct EvidenceItem {
    #[serde(rename = "ref")]
    reference: Ref,
    field: String,
    value: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RemedyItem {
    title: String,
    risk: &'static str,
    commands: Vec<String>,
    interventions: Vec<String>,
    leaves_behind: Vec<Ref>,
    verified: bool,
    outcome: String,
}

/// A decided unknown.
#[derive(Serialize)]
pub(crate) struct AssumptionItem {
    id: String,
    statement: String,
    because: String,
}

#[derive(Serialize)]
struct Warning {
    message: String,
    #[serde(rename = "where")]
    place: String,
}

impl Check {
    pub(crate) fn new(world: &World, objects: usize, diagnosis: &Diagnosis, problems: &[Problem]) -> Self {
        let stuck = diagnosis
            .stuck
            .iter()
            .map(|stuck| StuckItem { reference: Ref::new(world, stuck.object), root_cause: stuck.root_cause.clone() });
        let warning = |problem: &Problem| Warning {
            message: English.problem(problem),
            place: format!("{}:{}:{}", problem.place.source, problem.place.line, problem.place.column),
        };
        Self {
            gordian: VERSION,
            verdict: English.verdict(diagnosis),
            objects,
            stuck: stuck.collect(),
            findings: diagnosis.findings.iter().map(|finding| finding_item(world, finding)).collect(),
            assumptions: diagnosis.assumptions.iter().map(assumption_item).collect(),
            warnings: problems.iter().map(warning).collect(),
        }
    }
}

fn assumption_item(assumption: &Assumption) -> AssumptionItem {
    let (statement, because) = English.assumption(assumption);
    AssumptionItem { id: assumption.id.clone(), statement, because }
}

fn finding_item(world: &World, finding: &Finding) -> FindingItem {
    let arrow = |arrow: &Arrow| {
        let (from, to) = arrow.spots();
        ArrowItem {
            from: ArrowEnd::of(world, &from),
            to: ArrowEnd::of(world, &to),
            because: English.arrow(world, arrow),
            actor: English.actor(arrow.actor),
            rule: arrow.rule.0,
        }
    };
    let behind = |behind: &Behind| BehindItem {
        reference: Ref::new(world, behind.object()),
        disk: match behind {
            Behind::Disk(_, disk) => Some(Text(*disk)),
            Behind::Object(_) => None,
        },
    };
    let evidence = finding.evidence().into_iter().map(|evidence| EvidenceItem {
        reference: Ref::of_key(world, evidence.key),
        field: evidence.path.join("."),
        value: Text(evidence.value),
    });
    FindingItem {
        id: finding.id.clone(),
        class: finding.class.name(),
        title: English.title(world, finding),
        explanation: English.explanation(world, finding).join("\n"),
        members: finding.members.iter().map(|&member| Ref::new(world, member)).collect(),
        cycle: finding.cycle.iter().filter(|arrow| told_apart(arrow)).map(arrow).collect(),
        blast_radius: finding.blast_radius.iter().map(behind).collect(),
        evidence: evidence.collect(),
        assumptions: finding.assumptions.clone(),
        remedies: finding.remedies.iter().map(|remedy| remedy_item(world, remedy)).collect(),
    }
}

/// Whether an arrow leads from one thing to another: that a pod runs only when it is there leads from it to itself.
fn told_apart(arrow: &Arrow) -> bool {
    let (from, to) = arrow.spots();
    from != to
}

fn remedy_item(world: &World, remedy: &Remedy) -> RemedyItem {
    RemedyItem {
        title: English.remedy(remedy),
        risk: match remedy.risk {
            Risk::None => "none",
            Risk::Low => "low",
            Risk::Leak => "leak",
            Risk::DataLoss => "data-loss",
        },
        commands: remedy.commands.clone(),
        interventions: remedy.interventions.iter().map(|intervention| English.intervention(intervention)).collect(),
        leaves_behind: remedy.leaves_behind.iter().map(|&object| Ref::new(world, object)).collect(),
        verified: remedy.verified,
        outcome: English.remedy_outcome(remedy),
    }
}

/// `simulate`.
#[derive(Serialize)]
pub(crate) struct Simulate {
    pub(crate) gordian: &'static str,
    pub(crate) steps: Vec<StepItem>,
    pub(crate) responses: Vec<ResponseItem>,
    pub(crate) checkpoints: Vec<Checkpoint>,
    pub(crate) waits: Vec<WaitItem>,
    pub(crate) outcome: &'static str,
    pub(crate) fingerprint: String,
    pub(crate) objects: Vec<Item>,
    pub(crate) assumptions: Vec<AssumptionItem>,
}

#[derive(Serialize)]
pub(crate) struct ResponseItem {
    pub(crate) i: i64,
    pub(crate) code: u16,
}

#[derive(Serialize)]
pub(crate) struct Checkpoint {
    pub(crate) file: String,
    pub(crate) objects: Vec<Item>,
}

#[derive(Serialize)]
pub(crate) struct WaitItem {
    pub(crate) actor: String,
    pub(crate) key: Ref,
    pub(crate) on: String,
}

#[derive(Serialize)]
pub(crate) struct StepItem {
    n: usize,
    actor: String,
    key: Option<Ref>,
    rule: Option<&'static str>,
    /// The file and function that the rule mirrors.
    source: Option<String>,
    sentence: String,
    changes: Vec<ChangeItem>,
    /// Of the world after the step, in hexadecimal: the same in the browser.
    fingerprint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeItem {
    #[serde(rename = "ref")]
    reference: Ref,
    change: &'static str,
    deleting: bool,
    finalizers: Vec<Text>,
    owner_references: Vec<Owner>,
}

/// `explore`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explore {
    pub(crate) gordian: &'static str,
    pub(crate) states: usize,
    pub(crate) ends: Vec<EndItem>,
    pub(crate) lassos: Vec<LassoItem>,
    pub(crate) verdict: &'static str,
    pub(crate) limits: LimitsItem,
    /// The reductions that were in force.
    pub(crate) reductions: Vec<&'static str>,
    pub(crate) bytes_per_state: usize,
}

/// A world in which nobody can act, with a shortest run to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndItem {
    pub(crate) outcome: &'static str,
    pub(crate) share: f64,
    /// For how many ends it stands that differ by a swap of objects that are alike.
    pub(crate) alike: u128,
    /// Where the shortest run was decided, when it is stuck and another run is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) race: Option<RaceItem>,
    /// What is left that nobody will ever delete.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) left_behind: Vec<Ref>,
    pub(crate) fingerprint: String,
    pub(crate) shortest: Vec<StepItem>,
    pub(crate) objects: Vec<Item>,
}

/// Which step came first, and which could have come instead.
#[derive(Serialize)]
pub(crate) struct RaceItem {
    /// The index of the step in the shortest run.
    pub(crate) at: usize,
    pub(crate) step: String,
    pub(crate) instead: String,
}

/// Where runs go round for ever.
#[derive(Serialize)]
pub(crate) struct LassoItem {
    pub(crate) share: f64,
    pub(crate) stem: Vec<StepItem>,
    /// Numbered on from the stem.
    pub(crate) cycle: Vec<StepItem>,
}

/// How far the search could go, what it was asked about, and which limits bit.
#[derive(Serialize)]
pub(crate) struct LimitsItem {
    pub(crate) states: usize,
    pub(crate) depth: usize,
    pub(crate) bytes: usize,
    pub(crate) targets: Vec<Ref>,
    pub(crate) bit: Vec<&'static str>,
}

/// `inject`.
#[derive(Serialize)]
pub(crate) struct Injected {
    pub(crate) gordian: &'static str,
    /// How many placements of faults were run.
    pub(crate) runs: usize,
    /// The run without a fault.
    pub(crate) fair: Vec<StepItem>,
    /// What stays stuck in it.
    pub(crate) stuck: Vec<Ref>,
    pub(crate) found: Vec<InjectItem>,
    pub(crate) limits: InjectLimits,
}

/// Faults after which something is stuck for good, in the shortest run of the fewest.
#[derive(Serialize)]
pub(crate) struct InjectItem {
    pub(crate) placements: Vec<PlacementItem>,
    /// How many of the placements that were run leave the same behind by faults of the same kinds.
    pub(crate) count: usize,
    pub(crate) stuck: Vec<Ref>,
    pub(crate) findings: Vec<RootItem>,
    pub(crate) steps: Vec<StepItem>,
    pub(crate) fingerprint: String,
}

/// Where a fault strikes.
#[derive(Serialize)]
pub(crate) struct PlacementItem {
    /// The number of the step after which it does; 0 before the first.
    pub(crate) after: usize,
    pub(crate) strikes: String,
    /// When it is mended: `rest`, `end`, or never, as nothing of a killed pod is.
    pub(crate) until: Option<&'static str>,
}

/// What is found at the end of such a run.
#[derive(Serialize)]
pub(crate) struct RootItem {
    pub(crate) id: String,
    pub(crate) class: &'static str,
    pub(crate) title: String,
}

/// How far the search could go, and which limits bit.
#[derive(Serialize)]
pub(crate) struct InjectLimits {
    pub(crate) budget: usize,
    pub(crate) runs: usize,
    pub(crate) steps: usize,
    pub(crate) bit: Vec<&'static str>,
}

/// How a run ends, in the words of the contracts.
pub(crate) fn outcome(end: End) -> &'static str {
    match end {
        End::Finished => "finished",
        End::Stuck => "stuck",
        End::Bounded => "bounded",
    }
}

/// The steps of a run that begins in a world.
pub(crate) fn run(start: &World, steps: &[Step]) -> Vec<StepItem> {
    steps.iter().enumerate().map(|(index, step)| step_item(start, index + 1, step)).collect()
}

/// A fingerprint as text.
pub(crate) fn fingerprint(world: &World) -> String {
    format!("{:016x}", world.fingerprint())
}

fn step_item(start: &World, n: usize, step: &Step) -> StepItem {
    let change = |change: &Change| {
        // What is gone is shown as it was last stored.
        let object = change.after.as_ref().or(change.before.as_ref())?;
        Some(ChangeItem {
            reference: Ref::of(object),
            change: match change.kind() {
                ChangeKind::Created => "created",
                ChangeKind::Modified => "modified",
                ChangeKind::Deleted => "deleted",
            },
            deleting: object.deleting(),
            finalizers: object.finalizers.iter().copied().map(Text).collect(),
            owner_references: owners(object),
        })
    };
    StepItem {
        n,
        actor: step.actor.map_or_else(|| "person".to_owned(), |actor| English.actor(actor)),
        key: step.object.map(|object| Ref::with_uid(start, object.key, object.uid)),
        rule: step.rule.map(|rule| rule.0),
        source: step.rule.and_then(|rule| rule.source()).map(|source| source.to_string()),
        sentence: English.step(step),
        changes: step.changes.iter().filter_map(change).collect(),
        fingerprint: format!("{:016x}", step.fingerprint),
    }
}

pub(crate) fn assumptions(world: &World) -> Vec<AssumptionItem> {
    world.given().iter().map(assumption_item).collect()
}
