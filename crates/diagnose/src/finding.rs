//! Root causes: what is stuck, why, and what stands behind it.

use std::collections::{BTreeMap, BTreeSet};

use gordian_reconcile::{
    Actor, Assumption, Endpoint, Evidence, Fact, Key, Name, ObjectRef, Operation, Process, Refusal, Rule, Truth, Wait,
    World, kinds, waits,
};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::horn::{Atom, Program};
use crate::remedy::{Remedy, at_rest, remedies};

/// What kind of root cause a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Waits that wait for one another.
    Deadlock,
    /// Writes must pass an admission webhook that cannot be asked.
    WebhookUnreachable,
    /// An aggregated API is not served.
    ApiUnavailable,
    /// A node's kubelet does not run.
    NodeLost,
    /// The controller that would remove a finalizer does not run, as far as the dump shows.
    ControllerAbsent,
    /// The dialled address does not answer, and nobody would make it.
    EndpointUnreachable,
    /// An owner reference that the garbage collector cannot resolve.
    OwnerUnmappable,
    /// In use by something that stays.
    InUse,
    /// Only a person can go on.
    WaitsForPerson,
    /// A finalizer whose controller Gordian does not know.
    UnknownFinalizer,
    /// A controller fails at each try.
    UpdateRefused,
}

impl Class {
    /// Its name in the contracts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deadlock => "deadlock",
            Self::WebhookUnreachable => "webhook-unreachable",
            Self::ApiUnavailable => "api-unavailable",
            Self::NodeLost => "node-lost",
            Self::ControllerAbsent => "controller-absent",
            Self::EndpointUnreachable => "endpoint-unreachable",
            Self::OwnerUnmappable => "owner-unmappable",
            Self::InUse => "in-use",
            Self::WaitsForPerson => "waits-for-person",
            Self::UnknownFinalizer => "unknown-finalizer",
            Self::UpdateRefused => "update-refused",
        }
    }
}

/// What one end of an arrow is, for the drawing and the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// A finalizer on an object.
    Finalizer(ObjectRef, Name),
    /// An object that is there.
    Object(ObjectRef),
    /// An object that is not there, or the next one of its name.
    Absent(Key),
    /// An address.
    Address(Endpoint),
    /// A process.
    Process(Process),
    /// What a process has to do first about an object; Gordian does not know what that is.
    Work(Process, ObjectRef),
    /// The admission of a write.
    Admission(ObjectRef, Operation),
    /// An aggregated API.
    Api(Key),
    /// A disk of a node.
    Disk(Key, Name),
    /// The state that an object's status says.
    State(Key),
}

impl Spot {
    /// What a fact is about.
    pub fn of(fact: &Fact) -> Self {
        match *fact {
            Fact::Gone(object) | Fact::Deleting(object) | Fact::Unblocked(object, _) => Self::Object(object),
            Fact::Freed(object, finalizer) => Self::Finalizer(object, finalizer),
            Fact::Exists(key) | Fact::Alive(key) | Fact::PodRuns(key) => Self::Absent(key),
            Fact::Answers(endpoint) => Self::Address(endpoint),
            Fact::Runs(process) => Self::Process(process),
            Fact::DoneBy(process, object) => Self::Work(process, object),
            Fact::Admitted(object, operation) => Self::Admission(object, operation),
            Fact::Served(key) | Fact::Listed(key) => Self::Api(key),
            Fact::DiskSchedulable(node, disk) => Self::Disk(node, disk),
            Fact::InState(key, _) | Fact::LeftState(key, _) => Self::State(key),
        }
    }

    /// The object that it belongs to, if it belongs to one.
    pub fn object(&self) -> Option<ObjectRef> {
        match *self {
            Self::Finalizer(object, _) | Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// One wait: `from` does not come about before `to` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// What waits.
    pub from: Fact,
    /// What it waits for.
    pub to: Fact,
    /// Who waits.
    pub actor: Actor,
    /// By which rule.
    pub rule: Rule,
    /// What in the snapshot shows it.
    pub evidence: Vec<Evidence>,
}

impl Arrow {
    /// Its two ends.
    pub fn spots(&self) -> (Spot, Spot) {
        (Spot::of(&self.from), Spot::of(&self.to))
    }
}

/// Something that waits behind a root cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behind {
    /// An object that is being deleted.
    Object(ObjectRef),
    /// A disk of a Longhorn node.
    Disk(ObjectRef, Name),
}

impl Behind {
    /// The object that it is, or belongs to.
    pub fn object(&self) -> ObjectRef {
        match *self {
            Self::Object(object) | Self::Disk(object, _) => object,
        }
    }
}

/// A root cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable name: its class and what it is about.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// What never comes about, and keeps the rest from it.
    pub roots: Vec<Fact>,
    /// The objects that it holds directly.
    pub members: Vec<ObjectRef>,
    /// For a deadlock the cycle, arrow by arrow; otherwise the arrows that lead to the roots.
    pub cycle: Vec<Arrow>,
    /// What stands behind it, without the members.
    pub blast_radius: Vec<Behind>,
    /// Ids of the assumptions that it rests on.
    pub assumptions: Vec<String>,
    /// What frees it, the least risk first; each was run.
    pub remedies: Vec<Remedy>,
}

impl Finding {
    /// The arrows that are worth a sentence: that an object goes when its finalizer is off is none where the next arrow says what
    /// keeps the finalizer on.
    pub fn told(&self) -> impl Iterator<Item = &Arrow> {
        let said = |arrow: &Arrow| self.cycle.iter().any(|other| other.from == arrow.to);
        let plain = |arrow: &Arrow| !matches!((&arrow.from, &arrow.to), (Fact::Gone(_), Fact::Freed(..)));
        self.cycle.iter().filter(move |arrow| plain(arrow) || !said(arrow))
    }

    /// Every field that its arrows rest on, each once.
    pub fn evidence(&self) -> Vec<&Evidence> {
        let mut evidence: Vec<&Evidence> = Vec::new();
        for item in self.cycle.iter().flat_map(|arrow| &arrow.evidence) {
            if !evidence.contains(&item) {
                evidence.push(item);
            }
        }
        evidence
    }
}

/// An object that is being deleted and never goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Which.
    pub object: ObjectRef,
    /// The id of the finding that holds it.
    pub root_cause: String,
}

/// All that is said of a world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// The root causes, deadlocks first.
    pub findings: Vec<Finding>,
    /// What is being deleted and never goes.
    pub stuck: Vec<Stuck>,
    /// What is being deleted and goes by itself.
    pub finishing: Vec<ObjectRef>,
    /// What was decided without the dump.
    pub assumptions: Vec<Assumption>,
    /// Every wait among what is stuck, for the drawing.
    pub arrows: Vec<Arrow>,
}

/// Finds the root causes of all that is stuck in a world, with remedies that were run in the simulator.
pub fn diagnose(world: &World) -> Diagnosis {
    let mut diagnosis = diagnose_without_remedies(world);
    let rest = if diagnosis.findings.is_empty() { world.clone() } else { at_rest(world) };
    for index in 0..diagnosis.findings.len() {
        diagnosis.findings[index].remedies = remedies(world, &rest, &diagnosis, &diagnosis.findings[index]);
    }
    diagnosis
}

/// The goals of a world: what is being deleted shall go, and what a controller waits for shall come about.
fn goals(world: &World) -> Vec<Fact> {
    let deleting =
        world.objects().filter(|(_, object)| object.deleting()).map(|(_, object)| Fact::Gone((&**object).into()));
    let wanted = waits(world).into_iter().map(|(_, _, Wait { goal, .. })| goal);
    let mut seen = BTreeSet::new();
    deleting.chain(wanted).filter(|goal| seen.insert(goal.clone())).collect()
}

fn diagnose_without_remedies(world: &World) -> Diagnosis {
    let goals = goals(world);
    let program = Program::new(world, &goals);
    let finishes = program.fixed_point(&[]);
    let stuck = StuckGraph::new(&program, &finishes, &goals);
    let mut found = stuck.trivial_roots(world);
    found.extend(stuck.knots());
    let behind = |finding: &Found| stuck.behind(&finding.atoms);

    let mut diagnosis = Diagnosis::default();
    let mut causes: BTreeMap<ObjectRef, String> = BTreeMap::new();
    for item in found {
        let reaches = behind(&item);
        let finding = stuck.finding(world, item, &goals, &reaches);
        let held = finding.members.iter().copied().chain(finding.blast_radius.iter().map(Behind::object));
        for object in held {
            causes.entry(object).or_insert_with(|| finding.id.clone());
        }
        diagnosis.findings.push(finding);
    }
    diagnosis.findings.sort_by(|a, b| (a.class, &a.id).cmp(&(b.class, &b.id)));
    for goal in &goals {
        let (Fact::Gone(object), Some(atom)) = (goal, program.find(goal)) else {
            continue;
        };
        match finishes[atom] {
            true => diagnosis.finishing.push(*object),
            false => {
                let root_cause = causes.get(object).cloned().unwrap_or_default();
                diagnosis.stuck.push(Stuck { object: *object, root_cause });
            }
        }
    }
    diagnosis.arrows = stuck.arrows();
    diagnosis.assumptions = assumptions(world, &program, &finishes);
    diagnosis
}

/// Whether each of these facts comes about in every fair run, as far as the fixed point tells.
pub(crate) fn finish(world: &World, facts: &[Fact]) -> Vec<bool> {
    let program = Program::new(world, facts);
    let finishes = program.fixed_point(&[]);
    facts.iter().map(|fact| program.find(fact).is_some_and(|atom| finishes[atom])).collect()
}

/// What was decided without the dump: what was read from it about the run as a whole, and every unknown fact that something
/// stuck, or something that would finish, rests on.
fn assumptions(world: &World, program: &Program, finishes: &[bool]) -> Vec<Assumption> {
    let mut assumptions = world.given().to_vec();
    let facts = program.facts.iter().zip(finishes).filter_map(|(fact, _)| fact.as_ref());
    for fact in facts.filter(|fact| is_assumed(world, fact)) {
        let assumption = world.assumption(fact);
        if assumptions.iter().all(|other| other.id != assumption.id) {
            assumptions.push(assumption);
        }
    }
    assumptions
}

fn is_assumed(world: &World, fact: &Fact) -> bool {
    !is_pointless(world, fact)
        && (world.truth(fact) == Truth::Unknown || world.decided(&world.assumption(fact).id).is_some())
}

/// What a controller that is not there would have to do first is no question of its own.
fn is_pointless(world: &World, fact: &Fact) -> bool {
    matches!(fact, Fact::DoneBy(process, _) if !world.holds(&Fact::Runs(*process)))
}

/// A root before its words.
struct Found {
    class: Class,
    atoms: Vec<Atom>,
    subject: String,
}

/// What is left out of the fixed point, with an edge from each atom to the premises that it misses.
struct StuckGraph<'p> {
    program: &'p Program,
    finishes: &'p [bool],
    missing: Vec<Vec<Atom>>,
    goals: Vec<Atom>,
}

impl<'p> StuckGraph<'p> {
    fn new(program: &'p Program, finishes: &'p [bool], goals: &[Fact]) -> Self {
        let goals = goals.iter().filter_map(|goal| program.find(goal)).collect();
        let missing = (0..program.facts.len())
            .map(|atom| if finishes[atom] { Vec::new() } else { program.missing(atom, finishes) })
            .collect();
        Self { program, finishes, missing, goals }
    }

    fn fact(&self, atom: Atom) -> Option<&'p Fact> {
        self.program.facts[atom].as_ref()
    }

    /// Facts that nobody would bring about and that something stuck misses, or that are wanted themselves.
    fn hopeless(&self) -> Vec<Atom> {
        let mut needed: BTreeSet<Atom> = self.missing.iter().flatten().copied().collect();
        needed.extend(&self.goals);
        needed.into_iter().filter(|&atom| self.program.hopeless(atom, self.finishes)).collect()
    }

    /// The hopeless facts, grouped by what is at fault.
    fn trivial_roots(&self, world: &World) -> Vec<Found> {
        let mut groups: BTreeMap<(Class, String), Vec<Atom>> = BTreeMap::new();
        for atom in self.hopeless() {
            let Some(fact) = self.fact(atom).filter(|fact| !is_pointless(world, fact)) else {
                continue;
            };
            let other = || (Class::UpdateRefused, self.subject(&[atom]));
            groups.entry(trivial(world, fact).unwrap_or_else(other)).or_default().push(atom);
        }
        groups.into_iter().map(|((class, subject), atoms)| Found { class, atoms, subject }).collect()
    }

    /// The sinks among the components that stay stuck even when all that is trivially missing is granted: true cycles.
    fn knots(&self) -> Vec<Found> {
        let finishes = self.program.fixed_point(&self.hopeless());
        let mut graph: DiGraph<Atom, ()> = DiGraph::new();
        let nodes: BTreeMap<Atom, NodeIndex> = (0..self.program.facts.len())
            .filter(|&atom| !finishes[atom])
            .map(|atom| (atom, graph.add_node(atom)))
            .collect();
        for (&atom, &node) in &nodes {
            for premise in self.program.missing(atom, &finishes) {
                if let Some(&to) = nodes.get(&premise) {
                    graph.add_edge(node, to, ());
                }
            }
        }
        let mut knots = Vec::new();
        for component in tarjan_scc(&graph) {
            let inside: BTreeSet<NodeIndex> = component.iter().copied().collect();
            let sink = component.iter().all(|&node| graph.neighbors(node).all(|to| inside.contains(&to)));
            // A single atom without an edge is an alternative that nobody provides, and that nothing depends on.
            let waits = component.iter().any(|&node| graph.neighbors(node).next().is_some());
            if sink && waits {
                let mut atoms: Vec<Atom> = component.iter().map(|&node| graph[node]).collect();
                atoms.sort_unstable();
                let subject = self.subject(&atoms);
                knots.push(Found { class: Class::Deadlock, atoms, subject });
            }
        }
        knots
    }

    /// What a knot is named after: the least of its objects, or of those that are not there.
    fn subject(&self, atoms: &[Atom]) -> String {
        let objects = atoms.iter().filter_map(|&atom| Spot::of(self.fact(atom)?).object());
        let others = atoms.iter().filter_map(|&atom| match Spot::of(self.fact(atom)?) {
            Spot::State(key) | Spot::Absent(key) => Some(key),
            _ => None,
        });
        objects.min().map(|object| object.key).or_else(|| others.min()).map_or_else(String::new, |key| key.to_string())
    }

    /// Every atom from which one of these can be reached along the missing premises: what waits behind them.
    fn behind(&self, roots: &[Atom]) -> BTreeSet<Atom> {
        let mut waiting: Vec<Vec<Atom>> = vec![Vec::new(); self.missing.len()];
        for (atom, missing) in self.missing.iter().enumerate() {
            missing.iter().for_each(|&premise| waiting[premise].push(atom));
        }
        let mut reached: BTreeSet<Atom> = roots.iter().copied().collect();
        let mut open = roots.to_vec();
        while let Some(atom) = open.pop() {
            open.extend(waiting[atom].iter().copied().filter(|&from| reached.insert(from)));
        }
        reached
    }

    fn finding(&self, world: &World, found: Found, goals: &[Fact], reaches: &BTreeSet<Atom>) -> Finding {
        let Found { class, atoms, subject } = found;
        let roots: Vec<Fact> = atoms.iter().filter_map(|&atom| self.fact(atom).cloned()).collect();
        let cycle = if class == Class::Deadlock { self.cycle(&atoms) } else { self.leading_to(&atoms) };
        let mut members: Vec<ObjectRef> = match class {
            Class::Deadlock => roots.iter().filter_map(|fact| Spot::of(fact).object()).collect(),
            Class::WaitsForPerson if roots.iter().all(|root| matches!(root, Fact::Gone(_))) => {
                roots.iter().filter_map(|fact| Spot::of(fact).object()).collect()
            }
            _ => cycle.iter().filter_map(|arrow| Spot::of(&arrow.from).object()).collect(),
        };
        members.sort_unstable();
        members.dedup();
        members.retain(|object| world.resolve(*object).is_some());
        let mut blast_radius: Vec<Behind> = goals
            .iter()
            .filter(|goal| self.program.find(goal).is_some_and(|atom| reaches.contains(&atom)))
            .filter_map(|goal| match goal {
                Fact::DiskSchedulable(node, disk) => Some(Behind::Disk((&**world.find(*node)?).into(), *disk)),
                Fact::InState(key, _) | Fact::LeftState(key, _) => Some(Behind::Object((&**world.find(*key)?).into())),
                goal => Some(Behind::Object(Spot::of(goal).object()?)),
            })
            .filter(|behind| !matches!(behind, Behind::Object(object) if members.contains(object)))
            .collect();
        blast_radius.sort_unstable();
        blast_radius.dedup();
        let rests_on = cycle.iter().flat_map(|arrow| [&arrow.from, &arrow.to]).filter(|fact| is_assumed(world, fact));
        let mut assumptions: Vec<String> = rests_on.map(|fact| world.assumption(fact).id).collect();
        let longhorn = cycle.iter().any(|arrow| matches!(arrow.actor.process, Process::LonghornManager(_)));
        assumptions.extend(world.given().iter().filter(|_| longhorn).map(|given| given.id.clone()));
        assumptions.sort_unstable();
        assumptions.dedup();
        let id = format!("{}:{}", class.name(), subject);
        Finding { id, class, roots, members, cycle, blast_radius, assumptions, remedies: Vec::new() }
    }

    /// The next facts that an atom misses; alternatives inside a condition are passed through.
    fn next(&self, atom: Atom) -> Vec<Atom> {
        let mut next = Vec::new();
        for &premise in &self.missing[atom] {
            match self.fact(premise) {
                Some(_) => next.push(premise),
                None => next.extend(self.next(premise)),
            }
        }
        next
    }

    fn arrow(&self, from: Atom, to: Atom) -> Option<Arrow> {
        let provision = self.program.provision_between(from, to)?;
        Some(Arrow {
            from: self.fact(from)?.clone(),
            to: self.fact(to)?.clone(),
            actor: provision.actor,
            rule: provision.rule,
            evidence: provision.evidence.clone(),
        })
    }

    /// One cycle through a knot: from the first finalizer in it, always along what the actor tries first, until a fact comes
    /// again.
    fn cycle(&self, knot: &[Atom]) -> Vec<Arrow> {
        let inside: BTreeSet<Atom> = knot.iter().copied().collect();
        let rank = |atom: &&Atom| match self.fact(**atom) {
            Some(Fact::Freed(_, finalizer)) if finalizer.as_str() == "foregroundDeletion" => 0,
            Some(Fact::Freed(..)) => 1,
            Some(_) => 2,
            None => 3,
        };
        let Some(&start) = knot.iter().min_by_key(rank) else {
            return Vec::new();
        };
        let mut path = vec![start];
        loop {
            let last = path[path.len() - 1];
            let Some(next) = self.next(last).into_iter().find(|atom| inside.contains(atom)) else {
                return Vec::new();
            };
            if let Some(at) = path.iter().position(|&atom| atom == next) {
                path.push(next);
                return path[at..].windows(2).filter_map(|pair| self.arrow(pair[0], pair[1])).collect();
            }
            path.push(next);
        }
    }

    /// The arrows that end at these atoms.
    fn leading_to(&self, roots: &[Atom]) -> Vec<Arrow> {
        let from = (0..self.missing.len()).filter(|&atom| self.fact(atom).is_some());
        let pairs = from.flat_map(|atom| self.next(atom).into_iter().map(move |to| (atom, to)));
        pairs.filter(|(_, to)| roots.contains(to)).filter_map(|(from, to)| self.arrow(from, to)).collect()
    }

    /// Every arrow, by atom.
    fn arrows(&self) -> Vec<Arrow> {
        let from = (0..self.missing.len()).filter(|&atom| self.fact(atom).is_some());
        from.flat_map(|atom| self.next(atom).into_iter().filter_map(move |to| self.arrow(atom, to))).collect()
    }
}

/// The class of a fact that nobody would bring about, and what is at fault.
fn trivial(world: &World, fact: &Fact) -> Option<(Class, String)> {
    match fact {
        Fact::Runs(Process::Kubelet(node)) => Some((Class::NodeLost, node.to_string())),
        Fact::Runs(Process::ControllerManager) => Some((Class::ControllerAbsent, "kube-controller-manager".into())),
        Fact::Runs(Process::ApiServer) => Some((Class::ControllerAbsent, "kube-apiserver".into())),
        Fact::Runs(Process::LonghornManager(node)) => {
            Some((Class::ControllerAbsent, format!("longhorn-manager/{node}")))
        }
        Fact::Runs(Process::FinalizerController(finalizer)) => {
            let known = gordian_reconcile::entry_for(finalizer.as_str()).is_some();
            Some((if known { Class::ControllerAbsent } else { Class::UnknownFinalizer }, finalizer.to_string()))
        }
        Fact::DoneBy(Process::FinalizerController(finalizer), _) => {
            Some((Class::UnknownFinalizer, finalizer.to_string()))
        }
        Fact::DoneBy(Process::LonghornManager(_), object) => Some((Class::UnknownFinalizer, object.key.to_string())),
        Fact::Runs(Process::Workload(key)) => Some((Class::ControllerAbsent, key.to_string())),
        Fact::Exists(key) if key.kind.group.as_str() == "longhorn.io" => Some((Class::UpdateRefused, key.to_string())),
        // What a setting says is for a person to decide.
        Fact::InState(key, _) if key.name.as_str() == "deleting-confirmation-flag" => {
            Some((Class::WaitsForPerson, key.name.to_string()))
        }
        Fact::Admitted(object, operation) => match world.refusal(object.key, *operation)? {
            Refusal::Webhook(configuration) => Some((Class::WebhookUnreachable, configuration.name.to_string())),
            Refusal::NamespaceGone(namespace) => Some((Class::WaitsForPerson, namespace.name.to_string())),
            Refusal::Denied(_, rule) => Some((Class::UpdateRefused, format!("{}:{rule}", object.key))),
        },
        Fact::Listed(definition) => Some((Class::WebhookUnreachable, definition.name.to_string())),
        Fact::InState(key, _) if key.name.as_str() == "deleting-confirmation-flag" => {
            Some((Class::WaitsForPerson, key.to_string()))
        }
        Fact::LeftState(key, _) if key.kind == kinds::longhorn_snapshot() => {
            Some((Class::WaitsForPerson, key.to_string()))
        }
        Fact::DoneBy(Process::ControllerManager, object) => Some((Class::InUse, object.key.to_string())),
        Fact::Deleting(object) => {
            let found = world.resolve(*object)?;
            let class = match world.unresolvable_owner(found) {
                Some(_) => Class::OwnerUnmappable,
                None => Class::InUse,
            };
            Some((class, object.key.to_string()))
        }
        Fact::Gone(namespace) if namespace.key.kind == kinds::namespace() => {
            Some((Class::WaitsForPerson, namespace.key.name.to_string()))
        }
        Fact::Served(api) => Some((Class::ApiUnavailable, api.name.to_string())),
        Fact::Answers(endpoint) => Some((Class::EndpointUnreachable, format!("{}:{}", endpoint.ip, endpoint.port))),
        _ => None,
    }
}
