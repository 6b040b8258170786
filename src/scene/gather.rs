//! What is drawn: which subjects, who waits for whom among them, and who owns whom.

use std::collections::{BTreeMap, BTreeSet};

use gordian_diagnose::{Arrow, Behind};
use gordian_reconcile::{Condition, Fact, Fault, Key, Kind, Name, Object, Operation, Step, World, kinds, waits};

use super::{View, object};
use crate::breaks::subject_of;
use crate::engine::Document;
use crate::subject::Subject;
use crate::url::Scope;

/// A wait between two subjects.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) from: Subject,
    pub(super) to: Subject,
    pub(super) arrow: Arrow,
    /// It is one of the open finding's reasons.
    pub(super) knot: bool,
}

/// What is drawn.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What comes first matters most.
    pub(super) subjects: Vec<Subject>,
    pub(super) flows: Vec<Flow>,
    /// Owner, dependent, and whether the reference blocks.
    pub(super) owns: Vec<(Subject, Subject, bool)>,
    /// It is the whole cluster.
    pub(super) whole: bool,
}

pub(super) fn gather(document: &Document, view: &View) -> Gathered {
    let world = document.world();
    let flows = flows(document, view.finding);
    let mut chosen = Chosen::default();
    let finding = view.finding.and_then(|id| document.finding(id));
    if let Some(finding) = finding {
        let members = finding.members.iter().map(|member| member.key);
        members.for_each(|key| chosen.add(Subject::Object(key)));
        for behind in &finding.blast_radius {
            chosen.add(match behind {
                Behind::Object(object) => Subject::Object(object.key),
                Behind::Disk(node, disk) => Subject::Disk(node.key, *disk),
            });
        }
        // Its reasons belong to it, whether they hold here or not: so a step that frees it does not empty the drawing.
        for arrow in &finding.cycle {
            let (from, to) = arrow.spots();
            let begun = document.first_world();
            chosen.add(Subject::of(begun, &from));
            chosen.add(Subject::of(begun, &to));
        }
    } else {
        for (_, object) in document.first_world().objects().chain(world.objects()) {
            if object.deleting() {
                chosen.add(Subject::Object(object.key));
            }
        }
        // What waited when the run began is what a reader wants to see move.
        let begun = document.first_world();
        for (_, _, wait) in waits(begun) {
            chosen.add(Subject::of_fact(begun, &wait.goal));
            for fact in missing(begun, &wait.on) {
                chosen.add(Subject::of_fact(begun, &fact));
            }
        }
    }
    for key in touched(document) {
        chosen.add(Subject::Object(key));
    }
    // What a person broke is seen, wherever it stands.
    for fault in world.faults() {
        chosen.add(subject_of(fault));
    }
    chosen.follow(&flows);
    let neighbours: Vec<Subject> = chosen.subjects.iter().flat_map(|subject| neighbours(document, *subject)).collect();
    neighbours.into_iter().for_each(|key| chosen.add(key));
    let whole = view.scope != Scope::Knot || chosen.subjects.is_empty();
    if whole {
        for (_, object) in world.objects().chain(document.first_world().objects()) {
            chosen.add(Subject::Object(object.key));
        }
        for flow in &flows {
            chosen.add(flow.from);
            chosen.add(flow.to);
        }
    }
    let owns = chosen
        .subjects
        .iter()
        .flat_map(|subject| owners(document, *subject))
        .filter(|(owner, _, _)| chosen.known.contains(owner))
        .collect();
    let drawn = |flow: &Flow| chosen.known.contains(&flow.from) && chosen.known.contains(&flow.to);
    Gathered { flows: flows.into_iter().filter(drawn).collect(), owns, subjects: chosen.subjects, whole }
}

/// What the run changes. What it changes later is there from the beginning, so that the drawing holds still while it is
/// stepped through; but of a long run only what it changed so far.
fn touched(document: &Document) -> Vec<Key> {
    const SHORT: usize = 24;
    let keys = |steps: &[Step]| {
        let changes = steps.iter().flat_map(|step| &step.changes);
        changes.map(|change| change.key).collect::<BTreeSet<Key>>()
    };
    let whole = keys(document.steps());
    let touched = match whole.len() <= SHORT {
        true => whole,
        false => keys(&document.steps()[..document.position()]),
    };
    touched.into_iter().collect()
}

/// Subjects in the order in which they were chosen.
#[derive(Default)]
struct Chosen {
    subjects: Vec<Subject>,
    known: BTreeSet<Subject>,
}

impl Chosen {
    fn add(&mut self, subject: Subject) {
        if self.known.insert(subject) {
            self.subjects.push(subject);
        }
    }

    /// Adds all that those chosen wait for.
    fn follow(&mut self, flows: &[Flow]) {
        let mut ways: BTreeMap<Subject, Vec<Subject>> = BTreeMap::new();
        for flow in flows {
            ways.entry(flow.from).or_default().push(flow.to);
        }
        let mut at = 0;
        while at < self.subjects.len() {
            for &to in ways.get(&self.subjects[at]).into_iter().flatten() {
                self.add(to);
            }
            at += 1;
        }
    }
}

/// Every wait: the reasons of the open finding as far as they still hold, what waits behind, and what waits and goes on.
fn flows(document: &Document, finding: Option<&str>) -> Vec<Flow> {
    let world = document.world();
    let now = document.now();
    let open = now.findings.iter().find(|other| Some(&*other.id) == finding);
    let reasons = open.into_iter().flat_map(|finding| &finding.cycle).cloned();
    let reasons = reasons.map(|arrow| (arrow, true));
    let others = now.arrows.iter().cloned().map(|arrow| (arrow, false));
    let waiting = waits(world).into_iter().flat_map(|(actor, _, wait)| {
        let goal = wait.goal.clone();
        let missing = missing(world, &wait.on).into_iter();
        missing.map(move |to| {
            let arrow = Arrow { from: goal.clone(), to, actor, rule: wait.rule, evidence: Vec::new() };
            (arrow, false)
        })
    });
    let mut flows: Vec<Flow> = Vec::new();
    let mut known = BTreeSet::new();
    for (arrow, knot) in reasons.chain(others).chain(waiting) {
        if known.insert((arrow.from.clone(), arrow.to.clone())) {
            flows.push(Flow {
                from: Subject::of_fact(world, &arrow.from),
                to: Subject::of_fact(world, &arrow.to),
                arrow,
                knot,
            });
        }
    }
    flows
}

/// What keeps a condition from holding; of alternatives, what is tried first.
pub(crate) fn missing(world: &World, condition: &Condition) -> Vec<Fact> {
    match condition {
        Condition::Is(fact) if world.holds(fact) => Vec::new(),
        Condition::Is(fact) => vec![fact.clone()],
        Condition::All(parts) => parts.iter().flat_map(|part| missing(world, part)).collect(),
        Condition::Any(parts) => parts.first().map_or_else(Vec::new, |part| missing(world, part)),
    }
}

/// Owners and dependents, and for a disk its node.
fn neighbours(document: &Document, subject: Subject) -> Vec<Subject> {
    let mut neighbours: Vec<Subject> = owners(document, subject).into_iter().map(|(owner, _, _)| owner).collect();
    if let Some(object) = subject.key().and_then(|key| object(document, key)) {
        for world in [document.world(), document.first_world()] {
            let dependents = world.dependents(object.uid);
            neighbours.extend(dependents.map(|(_, object)| Subject::Object(object.key)));
        }
    }
    neighbours
}

/// Who owns a subject, and whether that blocks the owner's deletion. A disk is its node's.
fn owners(document: &Document, subject: Subject) -> Vec<(Subject, Subject, bool)> {
    if let Subject::Disk(node, _) = subject {
        return vec![(Subject::Object(node), subject, false)];
    }
    let Some(dependent) = subject.key().and_then(|key| object(document, key)) else {
        return Vec::new();
    };
    let (world, first) = (document.world(), document.first_world());
    let owner = |reference: &gordian_reconcile::OwnerReference| {
        let found = world.by_uid(reference.uid).or_else(|| first.by_uid(reference.uid));
        let kind = Kind::of(reference.api_version.as_str(), reference.kind.as_str());
        let key = match found {
            Some(owner) => owner.key,
            // An owner of a kind that the dump lists, and that is not in it, is not there.
            None if world.lists(kind) => Key::new(kind, dependent.key.namespace, reference.name),
            None => return None,
        };
        Some((Subject::Object(key), subject, reference.block))
    };
    dependent.owners.iter().filter_map(owner).collect()
}

/// Whether a webhook configuration's service is gone and stops some write, or an API is not served.
pub(super) fn is_unreachable(document: &Document, object: &Object) -> bool {
    let world = document.world();
    let api = Kind::new("apiregistration.k8s.io", "APIService");
    if object.key.kind == api {
        return !world.holds(&Fact::Served(object.key));
    }
    if object.key.kind.group.as_str() != "admissionregistration.k8s.io" {
        return false;
    }
    let operations = [Operation::Update, Operation::Delete];
    let mut stopped = document.now().stuck.iter().map(|stuck| stuck.object.key);
    let members = document.now().findings.iter();
    let members = members.flat_map(|finding| finding.members.iter().map(|member| member.key));
    let refuses = |key: Key| {
        let mut refusing = operations.iter();
        refusing.any(|&operation| world.unreachable_webhook(key, operation) == Some(object.key))
    };
    stopped.any(refuses) || members.into_iter().any(refuses)
}

/// Whether a person cut off a node, or broke a webhook configuration or an API.
pub(super) fn is_broken(world: &World, key: Key) -> bool {
    let mut faults = world.faults();
    faults.any(|fault| match fault {
        Fault::Cut(node) => key.kind == kinds::node() && key.name == node,
        Fault::Broken(broken) => broken == key,
        Fault::Stopped(_) | Fault::Refused(_) | Fault::TimedOut(_) => false,
    })
}

/// Whether somebody answers at an address in a world, at whichever port is dialled.
pub(super) fn answers(document: &Document, world: &World, ip: Name, of: Key) -> bool {
    let refused = world.faults().find_map(|fault| match fault {
        Fault::Refused(endpoint) if endpoint.ip == ip && endpoint.of == of => Some(Fact::Answers(endpoint)),
        _ => None,
    });
    let dialled = |arrows: &[Arrow]| {
        arrows.iter().flat_map(|arrow| [&arrow.from, &arrow.to]).find_map(|fact| match fact {
            Fact::Answers(endpoint) if endpoint.ip == ip && endpoint.of == of => Some(fact.clone()),
            _ => None,
        })
    };
    let start = &document.start().arrows;
    let fact = refused.or_else(|| dialled(&document.now().arrows)).or_else(|| dialled(start));
    fact.is_some_and(|fact| world.holds(&fact))
}
