//! English.

use gordian_reconcile::explorer::{Bite, Ending, Exploration, Lasso, Race, Verdict};
use gordian_reconcile::inject::{self, Break, Injection, Placement, Until};
use gordian_reconcile::{
    Actor, Assumption, Call, Change, ChangeKind, Condition, End, Entry, Evidence, Facet, Fact, Fault, Ground, Key,
    Kind, Object, ObjectRef, Operation, Process, Propagation, Refusal, Request, Response, Risk, Rule, Step, Truth,
    Unreachable, Verb, Wait, World, entry_for, kinds,
};
use gordian_snapshot::{Problem, ProblemKind};

use super::{Messages, shorten};
use crate::{Arrow, Behind, Class, Diagnosis, Finding, Intervention, Remedy, Spot};

/// English: short, calm, Kubernetes' own words.
#[derive(Debug, Clone, Copy, Default)]
pub struct English;

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first, last] => format!("{first} and {last}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
    }
}

/// The first few of a list, and how many more there are.
fn some(items: Vec<String>) -> String {
    const SHOWN: usize = 3;
    if items.len() <= SHOWN + 1 {
        return list(&items);
    }
    let more = format!("{} more", items.len() - SHOWN);
    list(&items.into_iter().take(SHOWN).chain([more]).collect::<Vec<_>>())
}

fn name(key: Key) -> String {
    shorten(key.name.as_str())
}

/// A kind in running text: `instance manager`, `orphan`, `ConfigMap`.
fn kind(kind: Kind) -> String {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("longhorn.io", "InstanceManager") => "instance manager".into(),
        ("longhorn.io", "Orphan") => "orphan".into(),
        ("longhorn.io", "Node") => "Longhorn node".into(),
        ("", "Pod") => "pod".into(),
        ("", "Namespace") => "namespace".into(),
        ("", "Node") => "node".into(),
        (_, kind) => kind.to_owned(),
    }
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn place(problem: &Problem) -> String {
    format!("{}, line {}, column {}", problem.place.source, problem.place.line, problem.place.column)
}

/// Why nobody answers, in the words of the dialler.
fn unreachable(why: Unreachable) -> &'static str {
    match why {
        Unreachable::NoRoute => "no route to host, since no pod has the address",
        Unreachable::TimedOut => "i/o timeout, since the node does not answer",
        Unreachable::Refused => "connection refused, since no process listens there",
    }
}

/// What an instance manager's process began to run, and what it ended.
fn processes(before: &Object, after: &Object) -> Vec<String> {
    let (Facet::Pod(before), Facet::Pod(after)) = (&before.facet, &after.facet) else {
        return Vec::new();
    };
    let begun = after.processes.iter().filter(|process| !before.processes.contains(process));
    let ended = before.processes.iter().filter(|process| !after.processes.contains(process));
    let begun = begun.map(|process| format!("runs `{}`", process.name));
    begun.chain(ended.map(|process| format!("no longer runs `{}`", process.name))).collect()
}

/// Begins a sentence with one of our own words: its first letter is a capital. A name, of an object or of a program, stays as it is
/// spelled, wherever it stands.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

/// A kind where a sentence begins.
fn first_kind(of: Kind) -> String {
    let said = kind(of);
    if said == of.kind.as_str() { said } else { capital(&said) }
}

/// Whether a process is called by a word of ours, and not by the name of its program.
fn described(process: &str) -> bool {
    ["the ", "some "].iter().any(|word| process.starts_with(word))
}

impl English {
    /// The rule by which a webhook refuses a write.
    fn denied(&self, world: &World, object: ObjectRef, operation: Operation) -> &'static str {
        match world.refusal(object.key, operation) {
            Some(Refusal::Denied(_, rule)) => self.rule(rule).unwrap_or_default(),
            _ => "",
        }
    }

    /// A process where a sentence begins.
    fn first_process(&self, process: Process) -> String {
        let said = self.process(process);
        if described(&said) { capital(&said) } else { said }
    }

    /// A fact where a sentence begins.
    fn first_fact(&self, fact: &Fact) -> String {
        let said = self.fact(fact);
        let named = match fact {
            Fact::Gone(_) | Fact::Deleting(_) | Fact::Unblocked(..) => true,
            Fact::Runs(process) | Fact::DoneBy(process, _) => !described(&self.process(*process)),
            _ => false,
        };
        if named { said } else { capital(&said) }
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Is(fact) => self.fact(fact),
            Condition::All(parts) => some(parts.iter().map(|part| self.condition(part)).collect()),
            Condition::Any(parts) => match parts.first() {
                // What is tried first is what it waits for; the rest are ways around it.
                Some(first) => self.condition(first),
                None => "nothing that could come about: it fails each time".into(),
            },
        }
    }

    /// What an actor does with one request of a step, as a clause without its subject.
    fn does(&self, request: &Request, step: &Step) -> String {
        let object = self.object(request.target);
        let change = step.changes.iter().find(|change| change.key == request.target);
        match &request.verb {
            Verb::Create(_) => format!("creates the {object}"),
            Verb::Delete { .. } if request.eviction => format!("asks to evict the {object}"),
            Verb::Delete { policy: Some(Propagation::Foreground), .. } => {
                format!("deletes the {object} in the foreground")
            }
            Verb::Delete { policy: Some(Propagation::Orphan), .. } => {
                format!("deletes the {object} and orphans its dependents")
            }
            Verb::Delete { .. } => format!("deletes the {object}"),
            Verb::Update(update) => match (&update.finalizers, &update.owners, change) {
                (Some(_), _, Some(change)) => format!("takes {} off the {object}", removed(change)),
                (_, Some(_), _) => format!("changes the owner references of the {object}"),
                _ => format!("updates the {object}"),
            },
            Verb::Call(endpoint, call) => {
                let at = format!("{}:{}", endpoint.ip, endpoint.port);
                match call {
                    Call::InstanceCreate(process) => format!("dials {at} and starts `{}` there", process.name),
                    Call::InstanceDelete(name) => format!("dials {at} and has `{name}` deleted there"),
                }
            }
        }
    }
}

impl Messages for English {
    fn problem(&self, problem: &Problem) -> String {
        let at = place(problem);
        match &problem.kind {
            ProblemKind::Empty => format!("{at}: there is nothing to read. Paste what `kubectl get … -o yaml` prints."),
            ProblemKind::Html => {
                format!("{at}: this is a web page, not a dump. Save what `kubectl` prints, not the page that shows it.")
            }
            ProblemKind::Binary => {
                format!(
                    "{at}: these bytes are no text. Unpack an archive first, then load the YAML or JSON files in it."
                )
            }
            ProblemKind::NotADump => {
                format!(
                    "{at}: no Kubernetes object was found here. Use `-o yaml` or `-o json`: a table does not show finalizers."
                )
            }
            ProblemKind::JsonCutOff { open } => {
                format!(
                    "{at}: the JSON ends before this `{open}` is closed. Load the rest of it; whole objects before it were read."
                )
            }
            ProblemKind::JsonSyntax { message } => {
                format!("{at}: the JSON breaks off here: {message}. Mend this place and load it again.")
            }
            ProblemKind::YamlTab => {
                format!("{at}: YAML is indented with spaces, and here is a tab. Replace it by spaces.")
            }
            ProblemKind::YamlSyntax { message } => {
                format!("{at}: the YAML breaks off here: {message}. Mend this place and load it again.")
            }
            ProblemKind::NoIdentity { kind: Some(kind) } => {
                format!("{at}: {} without `metadata.name` was left out. Load the object whole.", article(kind))
            }
            ProblemKind::NoIdentity { kind: None } => {
                format!(
                    "{at}: a document without `kind` was left out. Load the object whole, with `apiVersion` and `kind`."
                )
            }
            ProblemKind::WrongType { field } => {
                format!(
                    "{at}: `{field}` has another type than Kubernetes gives it, and was taken as absent. Check the dump."
                )
            }
            ProblemKind::Replaced { object } => {
                format!(
                    "{at}: {object} was loaded before; this later text took its place. Nothing is to be done if that is the newer one."
                )
            }
        }
    }

    fn nothing_deleting(&self, objects: usize) -> String {
        format!(
            "Nothing is being deleted here: {} and no `deletionTimestamp` among them. Load the object that does not go, or delete one in the stepper.",
            count(objects, "object", "objects")
        )
    }

    fn verdict(&self, diagnosis: &Diagnosis) -> String {
        let stuck = diagnosis.stuck.len();
        match (stuck, diagnosis.findings.len(), diagnosis.finishing.len()) {
            (0, 0, 0) => "Nothing is stuck.".into(),
            (0, 0, finishing) => {
                let goes = count(finishing, "object goes by itself", "objects go by themselves");
                format!("Nothing is stuck: {goes}.")
            }
            (0, findings, _) => format!(
                "No deletion is stuck, but something waits for ever, for {}.",
                count(findings, "reason", "reasons")
            ),
            (stuck, findings, _) => {
                format!(
                    "{} stuck, for {}.",
                    count(stuck, "object is", "objects are"),
                    count(findings, "reason", "reasons")
                )
            }
        }
    }

    fn class(&self, class: Class) -> &'static str {
        match class {
            Class::Deadlock => "Deadlock",
            Class::WebhookUnreachable => "Webhook unreachable",
            Class::ApiUnavailable => "API unavailable",
            Class::NodeLost => "Node lost",
            Class::ControllerAbsent => "Controller absent",
            Class::EndpointUnreachable => "Nobody answers",
            Class::OwnerUnmappable => "Owner cannot be resolved",
            Class::InUse => "In use",
            Class::WaitsForPerson => "Waits for a person",
            Class::UnknownFinalizer => "Finalizer not known",
            Class::UpdateRefused => "Fails at each try",
        }
    }

    fn title(&self, world: &World, finding: &Finding) -> String {
        let members = finding.members.len();
        match finding.class {
            Class::Deadlock => match finding.members.as_slice() {
                [one] => format!("{} {} waits for itself", first_kind(one.key.kind), name(one.key)),
                [first, second] => {
                    let (first, second) = (kind(first.key.kind), kind(second.key.kind));
                    match first == second {
                        true => format!("Two objects of kind {first} wait for each other"),
                        false => {
                            format!("{} and {} wait for each other", capital(&article(&first)), article(&second))
                        }
                    }
                }
                _ => format!("{} wait for one another in a ring", count(members, "object", "objects")),
            },
            Class::ControllerAbsent | Class::UnknownFinalizer => {
                let finalizers: Vec<String> = finding
                    .cycle
                    .iter()
                    .filter_map(|arrow| match &arrow.from {
                        Fact::Freed(_, finalizer) => Some(format!("`{finalizer}`")),
                        _ => None,
                    })
                    .collect();
                let finalizer = finalizers.first().cloned().unwrap_or_default();
                let runs = !finding.roots.iter().any(|root| matches!(root, Fact::Runs(_)));
                match (runs, finding.class) {
                    (true, _) => {
                        format!("The controller of {finalizer} runs, and has not removed it")
                    }
                    (false, Class::UnknownFinalizer) => {
                        format!("Nobody is seen who would remove {finalizer}")
                    }
                    (false, _) => match finding.roots.iter().find(|root| matches!(root, Fact::Runs(_))) {
                        Some(Fact::Runs(process @ Process::LonghornManager(_))) => {
                            format!("{} does not run", self.first_process(*process))
                        }
                        Some(runs) if world.truth(runs) == Truth::Unknown => {
                            format!("The controller of {finalizer} is not in the dump")
                        }
                        _ => format!("The controller of {finalizer} does not run"),
                    },
                }
            }
            Class::WebhookUnreachable => {
                if let Some(Fact::Listed(definition)) = finding.roots.first() {
                    return format!(
                        "The instances of {} cannot be listed, since their conversion webhook cannot be asked",
                        name(*definition)
                    );
                }
                let configuration = finding.roots.iter().find_map(|root| match root {
                    Fact::Admitted(object, operation) => world.unreachable_webhook(object.key, *operation),
                    _ => None,
                });
                let service = finding.roots.iter().find_map(|root| match root {
                    Fact::Admitted(object, operation) => Some(service_state(world, *object, *operation)),
                    _ => None,
                });
                let configuration = configuration.map_or_else(String::new, |key| format!(" {}", name(key)));
                format!(
                    "The webhook{configuration} refuses every write, since its service {}",
                    service.unwrap_or_default()
                )
            }
            Class::ApiUnavailable => {
                format!("The aggregated API {} is not served", finding.id.rsplit(':').next().unwrap_or_default())
            }
            Class::NodeLost => format!("The node {} is lost", finding.id.rsplit(':').next().unwrap_or_default()),
            Class::EndpointUnreachable => "Nobody answers at the address that is dialled".into(),
            Class::OwnerUnmappable => "An owner reference cannot be resolved".into(),
            Class::InUse => match finding.roots.first() {
                Some(Fact::Deleting(user)) => format!("The {} is in the way, and stays", self.object(user.key)),
                Some(Fact::DoneBy(_, object)) => format!("The {} is still in use", self.object(object.key)),
                _ => "It is still in use".into(),
            },
            Class::WaitsForPerson => match finding.roots.first() {
                Some(Fact::Admitted(object, _)) => {
                    format!(
                        "What is left in the namespace {} cannot be updated, since it is gone",
                        object.key.namespace
                    )
                }
                _ => "Only a person can go on".into(),
            },
            Class::UpdateRefused => match finding.roots.first() {
                Some(Fact::Admitted(object, operation)) => {
                    format!(
                        "Writes to the {} are refused: {}",
                        self.object(object.key),
                        self.denied(world, *object, *operation)
                    )
                }
                _ => "Its controller fails at each try".into(),
            },
        }
    }

    fn extent(&self, finding: &Finding) -> String {
        let members = count(finding.members.len(), "object", "objects");
        match finding.blast_radius.as_slice() {
            [] => format!("{members}."),
            [one] => format!(
                "{members}, and {} behind {}.",
                self.behind(one),
                if finding.members.len() == 1 { "it" } else { "them" }
            ),
            more => format!(
                "{members}, and {} more behind {}.",
                more.len(),
                if finding.members.len() == 1 { "it" } else { "them" }
            ),
        }
    }

    fn explanation(&self, world: &World, finding: &Finding) -> Vec<String> {
        const SHOWN: usize = 12;
        let mut sentences = Vec::new();
        for arrow in finding.told() {
            let sentence = self.arrow(world, arrow);
            if !sentence.is_empty() && !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        if sentences.len() > SHOWN {
            let more = sentences.len() - SHOWN;
            sentences.truncate(SHOWN);
            sentences.push(format!("{} of the same kind.", count(more, "more wait is", "more waits are")));
        }
        for root in finding.roots.iter().filter(|_| finding.class == Class::WaitsForPerson) {
            if let Fact::Gone(object) = root
                && object.key.kind == kinds::namespace()
            {
                sentences.push(format!(
                    "{} has no finalizer left, and goes when it is deleted once more.",
                    name(object.key)
                ));
            }
        }
        sentences
    }

    fn arrow(&self, world: &World, arrow: &Arrow) -> String {
        let actor = self.actor(arrow.actor);
        match (&arrow.from, &arrow.to) {
            (Fact::Freed(object, finalizer), Fact::Gone(other)) if finalizer.as_str() == "foregroundDeletion" => {
                format!(
                    "{} stays until the {actor} removes `{finalizer}`, and it waits for {}, whose owner reference blocks deletion.",
                    name(object.key),
                    name(other.key)
                )
            }
            (Fact::Freed(object, finalizer), Fact::Answers(endpoint)) => format!(
                "{} stays until the {actor} removes `{finalizer}`, and it first dials `{}:{}`.",
                name(object.key),
                endpoint.ip,
                endpoint.port
            ),
            (Fact::Freed(object, finalizer), runs @ Fact::Runs(process)) => {
                let (object, process) = (name(object.key), self.process(*process));
                match world.truth(runs) {
                    Truth::Unknown => format!(
                        "{object} stays until `{finalizer}` is removed; the dump does not show {process}, who would remove it."
                    ),
                    _ => format!(
                        "{object} stays until `{finalizer}` is removed, and {process} is not there to remove it."
                    ),
                }
            }
            (Fact::Freed(object, finalizer), Fact::DoneBy(Process::ControllerManager, _)) => format!(
                "{} stays until the {actor} removes `{finalizer}`, when nothing uses it any more; the dump does not show what does.",
                name(object.key)
            ),
            (Fact::Freed(object, finalizer), Fact::DoneBy(..)) => {
                let waits_for = entry_for(finalizer.as_str())
                    .map_or_else(String::new, |entry| format!(" It is known to wait for: {}.", entry.waits_for));
                format!(
                    "{} stays until `{finalizer}` is removed. Its controller runs and has not done so; what it waits for is not in the dump.{waits_for}",
                    name(object.key)
                )
            }
            (Fact::Freed(object, finalizer), Fact::Admitted(target, operation))
                if matches!(world.refusal(target.key, *operation), Some(Refusal::NamespaceGone(_))) =>
            {
                format!(
                    "{} stays until `{finalizer}` is removed, and the API server refuses every update in {}: that namespace is gone.",
                    name(object.key),
                    target.key.namespace
                )
            }
            (Fact::Freed(object, finalizer), Fact::Admitted(target, operation))
                if matches!(world.refusal(target.key, *operation), Some(Refusal::Denied(..))) =>
            {
                format!(
                    "{} stays until `{finalizer}` is removed, and that update is refused: {}.",
                    name(object.key),
                    self.denied(world, *target, *operation)
                )
            }
            (Fact::Deleting(object), Fact::Admitted(target, operation))
                if matches!(world.refusal(target.key, *operation), Some(Refusal::Denied(..))) =>
            {
                format!(
                    "{} is not even marked, since its deletion is refused: {}.",
                    name(object.key),
                    self.denied(world, *target, *operation)
                )
            }
            (Fact::Freed(object, finalizer), Fact::Admitted(target, operation)) => {
                let configuration = world
                    .unreachable_webhook(target.key, *operation)
                    .map_or_else(String::new, |key| format!(" of {}", name(key)));
                format!(
                    "{} stays until `{finalizer}` is removed, and that update must pass the webhook{configuration}, whose service {}.",
                    name(object.key),
                    service_state(world, *target, *operation)
                )
            }
            (Fact::Freed(object, finalizer), Fact::Listed(definition)) => format!(
                "{} stays until the {actor} removes `{finalizer}`, and it must first list the instances of {}; the webhook that converts them cannot be asked.",
                name(object.key),
                name(*definition)
            ),
            (Fact::Freed(object, finalizer), Fact::Served(api)) => format!(
                "{} stays until the {actor} removes `{finalizer}`, and it must first see every API group; {} is not served.",
                name(object.key),
                api.name
            ),
            (Fact::DoneBy(Process::Workload(job), _), Fact::InState(key, state)) => {
                format!("The {} does nothing before {} is `{state}`.", self.object(*job), name(*key))
            }
            (Fact::Deleting(object), Fact::Gone(owner)) if object.key.name == owner.key.name => format!(
                "The {actor} deletes the {} only when the {} is gone.",
                self.object(object.key),
                self.object(owner.key)
            ),
            (Fact::Freed(object, finalizer), Fact::Gone(other)) if object.key.name == other.key.name => format!(
                "The {} stays until the {actor} removes `{finalizer}`, and it waits for the {} to go.",
                self.object(object.key),
                self.object(other.key)
            ),
            (Fact::Freed(object, finalizer), Fact::InState(key, state))
                if key.kind == kinds::longhorn_backing_image_data_source() =>
            {
                format!(
                    "The {} stays until the {actor} removes `{finalizer}`, and it waits for the {} to be `{state}`.",
                    self.object(object.key),
                    self.object(*key)
                )
            }
            (Fact::InState(key, state), Fact::Alive(image)) => format!(
                "The {} becomes `{state}` when a backing image manager deletes its file, and none is given to the {}, which is being deleted.",
                self.object(*key),
                self.object(*image)
            ),
            (Fact::Alive(image), Fact::Gone(_)) if image.kind == kinds::longhorn_backing_image() => {
                format!("Only when the {} is gone, one that is not being deleted can come.", self.object(*image))
            }
            (Fact::Freed(object, finalizer), Fact::Gone(other)) => {
                format!(
                    "{} stays until the {actor} removes `{finalizer}`, and it waits for {} to go.",
                    name(object.key),
                    name(other.key)
                )
            }
            (Fact::Freed(object, finalizer), Fact::LeftState(key, _)) if key.kind == kinds::longhorn_snapshot() => {
                format!(
                    "{} stays until the {actor} removes `{finalizer}`; its status has it marked as removed right below `volume-head`, and such a snapshot is not purged.",
                    name(object.key)
                )
            }
            (Fact::Freed(object, finalizer), to @ (Fact::InState(..) | Fact::LeftState(..) | Fact::Alive(_))) => {
                format!(
                    "{} stays until the {actor} removes `{finalizer}`, and it waits until {}.",
                    name(object.key),
                    self.fact(to)
                )
            }
            (Fact::Answers(endpoint), Fact::PodRuns(pod)) => match world.find(*pod) {
                None => format!(
                    "Nobody answers at `{}:{}`: the pod that had this address is gone.",
                    endpoint.ip, endpoint.port
                ),
                Some(_) => format!(
                    "Nobody answers at `{}:{}`: the pod {} does not run.",
                    endpoint.ip,
                    endpoint.port,
                    name(*pod)
                ),
            },
            (Fact::PodRuns(_), Fact::Exists(_)) => String::new(),
            (Fact::Exists(pod), Fact::Alive(manager)) => format!(
                "The pod {} does not come back: the {actor} starts a pod only for {} that is not being deleted.",
                name(*pod),
                article(&kind(manager.kind))
            ),
            (Fact::Alive(manager), Fact::Gone(_)) => format!(
                "A new {} cannot come either: it would have the same name, and the {actor} takes the one that is being deleted for it.",
                kind(manager.kind)
            ),
            (Fact::Gone(object), Fact::Freed(_, finalizer)) => {
                format!("{} goes when `{finalizer}` is off.", name(object.key))
            }
            (Fact::Gone(pod), Fact::Runs(Process::Kubelet(node))) => {
                format!(
                    "The pod {} goes when the kubelet of {node} confirms its end, and that node does not report.",
                    name(pod.key)
                )
            }
            (Fact::Gone(object), Fact::Deleting(_)) => {
                match world.resolve(*object).and_then(|o| world.unresolvable_owner(o)) {
                    Some(owner) => format!(
                        "{} is not deleted: the garbage collector cannot resolve its owner {} of kind {} in {}.",
                        name(object.key),
                        shorten(owner.name.as_str()),
                        owner.kind,
                        owner.api_version
                    ),
                    None => format!("{} is there, and nobody deletes it.", name(object.key)),
                }
            }
            (Fact::Deleting(object), Fact::Admitted(target, operation)) => {
                let configuration = world
                    .unreachable_webhook(target.key, *operation)
                    .map_or_else(String::new, |key| format!(" of {}", name(key)));
                format!(
                    "{} is not even marked: its deletion must pass the webhook{configuration}, whose service {}.",
                    name(object.key),
                    service_state(world, *target, *operation)
                )
            }
            (Fact::DiskSchedulable(node, disk), to) => {
                format!("The disk {disk} of {} is not schedulable until {}.", name(*node), self.fact(to))
            }
            (from, to) => format!("{} only when {}.", self.first_fact(from), self.fact(to)),
        }
    }

    fn arrow_label(&self, arrow: &Arrow) -> String {
        match (&arrow.from, &arrow.to) {
            (_, Fact::Answers(endpoint)) => format!("dials {}:{}", endpoint.ip, endpoint.port),
            (Fact::Answers(_), Fact::PodRuns(_)) => "had this address".into(),
            (Fact::Exists(_) | Fact::PodRuns(_), Fact::Alive(_)) => "needs a live one".into(),
            (Fact::Alive(_), Fact::Gone(_)) => "same name".into(),
            (Fact::Freed(_, finalizer), Fact::Gone(_)) if finalizer.as_str() == "foregroundDeletion" => {
                "waits: blocks".into()
            }
            (_, Fact::Gone(_)) => "waits until gone".into(),
            (_, Fact::Runs(_)) => "needs".into(),
            (_, Fact::DoneBy(..)) => "waits for".into(),
            (_, Fact::Admitted(..)) => "must pass".into(),
            (_, Fact::Served(_)) => "must be served".into(),
            (_, Fact::Listed(_)) => "must be listed".into(),
            (Fact::Gone(_), Fact::Freed(_, finalizer)) => format!("held by {finalizer}"),
            _ => "waits for".into(),
        }
    }

    fn behind(&self, behind: &Behind) -> String {
        match behind {
            Behind::Object(object) => format!("{} {}", kind(object.key.kind), name(object.key)),
            Behind::Disk(node, disk) => match disk.as_str().ends_with("disk") {
                true => format!("the {} of {}", disk.as_str().replace('-', " "), node.key.name),
                false => format!("the disk {disk} of {}", node.key.name),
            },
        }
    }

    fn spot(&self, spot: &Spot) -> String {
        match spot {
            Spot::Finalizer(object, finalizer) => format!("{} · {finalizer}", name(object.key)),
            Spot::Object(object) => name(object.key),
            Spot::Absent(key) => name(*key),
            Spot::Address(endpoint) => format!("{}:{}", endpoint.ip, endpoint.port),
            Spot::Process(process) => self.process(*process),
            Spot::Work(process, _) => format!("what {} does first", self.process(*process)),
            Spot::Admission(object, _) => format!("webhooks for {}", name(object.key)),
            Spot::Api(key) => name(*key),
            Spot::Disk(node, disk) => format!("{disk} of {}", name(*node)),
            Spot::State(key) => format!("state of {}", name(*key)),
        }
    }

    fn fact(&self, fact: &Fact) -> String {
        match fact {
            Fact::Gone(object) => format!("{} is gone", name(object.key)),
            Fact::Deleting(object) => format!("{} is being deleted", name(object.key)),
            Fact::Freed(object, finalizer) => format!("`{finalizer}` is off {}", name(object.key)),
            Fact::Unblocked(object, _) => {
                format!("{} no longer blocks its owner", name(object.key))
            }
            Fact::Exists(key) => format!("the {} {} is there", kind(key.kind), name(*key)),
            Fact::Alive(key) => {
                format!("{} {} that is not being deleted is there", article(&kind(key.kind)), name(*key))
            }
            Fact::PodRuns(key) => format!("the pod {} runs", name(*key)),
            Fact::Answers(endpoint) => {
                format!("somebody answers at `{}:{}`", endpoint.ip, endpoint.port)
            }
            Fact::Runs(process) => format!("{} runs", self.process(*process)),
            Fact::DoneBy(process, object) => format!("{} is done with {}", self.process(*process), name(object.key)),
            Fact::Admitted(object, operation) => format!(
                "admission lets {} of {} pass",
                match operation {
                    Operation::Create => "the creation",
                    Operation::Update => "an update",
                    Operation::Release => "the removal of `longhorn.io`",
                    Operation::Delete => "the deletion",
                },
                name(object.key)
            ),
            Fact::Served(api) => format!("the API {} is served", api.name),
            Fact::Listed(definition) => format!("the instances of {} can be listed", name(*definition)),
            Fact::DiskSchedulable(node, disk) => {
                format!("the disk {disk} of {} is schedulable", name(*node))
            }
            Fact::InState(key, state) => format!("the status of {} says `{state}`", name(*key)),
            Fact::LeftState(key, state) => format!("the status of {} no longer says `{state}`", name(*key)),
        }
    }

    fn object(&self, key: Key) -> String {
        format!("{} {}", kind(key.kind), name(key))
    }

    fn actor(&self, actor: Actor) -> String {
        match actor.process {
            Process::ApiServer | Process::ControllerManager => actor.controller.to_owned(),
            Process::Kubelet(node) => format!("kubelet of {node}"),
            Process::LonghornManager(node) if node.is_empty() => actor.controller.to_owned(),
            Process::LonghornManager(node) => format!("{} on {node}", actor.controller),
            process @ Process::FinalizerController(_) => self.process(process),
            Process::Workload(_) => actor.controller.to_owned(),
        }
    }

    fn first_actor(&self, actor: Actor) -> String {
        match actor.process {
            Process::Kubelet(_) => self.actor(actor),
            Process::FinalizerController(_) => self.first_process(actor.process),
            Process::ApiServer | Process::ControllerManager | Process::LonghornManager(_) | Process::Workload(_) => {
                capital(&self.actor(actor))
            }
        }
    }

    fn process(&self, process: Process) -> String {
        match process {
            Process::ApiServer => "kube-apiserver".into(),
            Process::ControllerManager => "kube-controller-manager".into(),
            Process::Kubelet(node) => format!("the kubelet of {node}"),
            // No node is known by which to name it.
            Process::LonghornManager(node) if node.is_empty() => "longhorn-manager".into(),
            Process::LonghornManager(node) => format!("longhorn-manager on {node}"),
            Process::Workload(key) => format!("the {}", self.object(key)),
            Process::FinalizerController(finalizer) => match entry_for(finalizer.as_str()) {
                Some(entry) => entry.controller.clone(),
                None => format!("the controller of `{finalizer}`"),
            },
        }
    }

    fn fault(&self, fault: &Fault, broken: bool) -> String {
        let pick = |breaks: &'static str, mends: &'static str| if broken { breaks } else { mends };
        match fault {
            Fault::Stopped(process) => format!("{} {}", pick("stops", "starts"), self.process(*process)),
            Fault::Cut(node) => {
                format!("{} the node {node} {} the network", pick("cuts", "connects"), pick("off", "with"))
            }
            Fault::Broken(key) => format!("{} the {}", pick("breaks", "mends"), self.object(*key)),
            Fault::Refused(endpoint) => {
                format!("{} connections to {}:{}", pick("refuses", "accepts"), endpoint.ip, endpoint.port)
            }
            Fault::TimedOut(key) => {
                format!("lets the time of the {} {}", self.object(*key), pick("run out", "begin anew"))
            }
        }
    }

    fn rule(&self, rule: Rule) -> Option<&'static str> {
        Some(match rule.0 {
            "A1" => "what is not there cannot be deleted",
            "A2" => "the object is not the one that the delete means",
            "A3" => "the propagation policy must be one of three",
            "A4" => "admission webhooks must let the delete pass",
            "A5" => "the last policy that is given decides who goes first",
            "A6" => "a delete marks an object that a finalizer holds, and removes any other",
            "A7" => "a pod goes when its kubelet confirms its end",
            "A8" => "a collection is deleted object by object",
            "B1" => "what is being deleted gets no new finalizer",
            "B2" => "only a delete marks an object, and nothing takes the mark off",
            "B3" => "owner references may change while an object is being deleted",
            "B4" => "an object goes when it is marked and its last finalizer is off",
            "B5" => "admission webhooks must let the update pass",
            "B6" => "a name is free only when its object is gone",
            "B7" => "an owner reference must be complete, and need not be true",
            "B8" => "a finalizer must have a valid name",
            "B9" => "a namespace that is being deleted takes nothing new",
            "C1" => "the graph has a node for each uid",
            "C2" => "an owner that was never seen is looked up",
            "C3" => "a reference that does not fit its owner is verified",
            "C4" => "what the collector saw being deleted stays so for it",
            "C5" => "`orphan` comes before `foregroundDeletion`",
            "C6" => "foreground deletion handles all dependents first",
            "C7" => "an owner is looked at again when a reference stops to block it",
            "C8" => "what is gone sends its dependents and owners to be handled",
            "C9" => "an owner that is absent is tried under each of its names",
            "C10" => "a new kind is watched after a while",
            "D0" => "a deletion that is under way is not started again",
            "D1" => "an object with another uid is another object",
            "D2" => "who waits for its dependents is not deleted again",
            "D3" => "without owner references nothing is collected",
            "D4" => "every owner is looked up: absent, waiting or solid",
            "D5" => "an owner is left, so only the dead references are taken off",
            "D6" => "its owner waits for it, and it has dependents, so it is deleted in the foreground",
            "D7" => "no owner is left, so it is deleted",
            "D8" => "a refused write is tried again later",
            "D9" => "the collector sends only so many requests a second",
            "D10" => "the collector remembers nothing between two runs",
            "E1" => "a dependent blocks by its uid and `blockOwnerDeletion` alone",
            "E2" => "no dependent blocks any more, so `foregroundDeletion` is taken off",
            "E3" => "dependents that block deletion are left",
            "E4" => "a dependent that cannot be deleted blocks for good",
            "E5" => "the collector takes no finalizer off but its own",
            "E6" => "an owner that is let go early leaves its dependents to be collected",
            "F1" => "dependents are orphaned before their owner goes",
            "F2" => "a dependent that came at the last moment is missed",
            "F3" => "what lost its controller is adopted by one that selects it",
            "G1" => "a namespace stays while `spec.finalizers` hold it",
            "G2" => "the namespace controller looks again after a while",
            "G3" => "without a finalizer of its own the namespace controller does nothing",
            "G4" => "a namespace that is being deleted loses its pods first",
            "G5" => "then everything else in the namespace is deleted",
            "G6" => "the namespace's conditions tell what remains",
            "G7" => "the namespace is empty, and every API group answers, so `kubernetes` is taken off",
            "G8" => "a namespace that is finalized by force leaves its content behind",
            "G9" => "a namespace may be an owner, too",
            "H1" => "a definition stays until its instances are gone",
            "H2" => "a definition that is being deleted takes its instances with it, and goes when none is left",
            "H3" => "a definition that is being deleted takes no new instance",
            "H4" => "the instances go under every policy",
            "H5" => "instances outlive a definition that was let go by hand",
            "H6" => "dependents of instances are collected",
            "H7" => "instances that cannot be converted cannot be deleted",
            "I1" => "claims and volumes are protected from their creation on",
            "I2" => "a claim stays while a pod that was put on a node uses it",
            "I3" => "a volume stays while it is bound to a claim",
            "I4" => "this finalizer's controller runs outside kube-controller-manager",
            "I5" => "a pod is no longer tracked when its Job is gone or being deleted",
            "I6" => {
                "the tokens of a ServiceAccount that is gone are deleted, and what every namespace has is made again"
            }
            "I7" => "a claim that is to go with its StatefulSet or pod is owned by it",
            "I8" => "the Endpoints of a Service that is gone are deleted",
            "I9" => "a pod that no kubelet can end is deleted without one",
            "I10" => "a workload that is not being deleted makes its pods again",
            "I11" => "a node that was not heard of for too long is not ready any more, and neither are its pods",
            "I12" => "a node that is not heard of is tainted until it is ready again",
            "I13" => "a pod goes from a node that is unreachable for longer than the pod tolerates",
            "I14" => "the kubelet posts again that its node and its pods are ready",
            "CAT" => "the finalizer's controller, known by name only, takes it off when it is done",
            "EVICT" => "a pod is evicted when no PodDisruptionBudget is in the way",
            "POD-RUN" => "the kubelet starts a pod that was put on its node",
            "RESP" => {
                "the longhorn-manager of an object's node handles it, or that of another when the node is unavailable"
            }
            "SET-1" => "a data engine that is off, and of which no engine is left, has its instance managers deleted",
            "SET-1'" => "a data engine cannot be turned off while an instance manager's status has one of its engines",
            "SET-2" => "for a data engine that is on, the node controller makes the instance managers",
            "IM-0" => "a pod whose instance manager is gone is deleted",
            "IM-1" => "for an instance manager that is being deleted only the pod is deleted; none is started",
            "IM-2" => "the instance manager's status follows its pod",
            "IM-3" => "a second v2 instance manager of a node waits for the first",
            "IM-4" => "on a node that is lost nobody knows how the instance manager does",
            "IM-5" => "an instance manager that does not run has no instances",
            "IM-6" => "an instance manager that stopped gets a new pod",
            "IM-7" => "while an instance manager runs, a PodDisruptionBudget keeps its pod from being evicted",
            "IM-8" => "orphans of an instance that is no longer there are deleted",
            "IM-M" => "the monitor writes down what the instance manager's process runs",
            "IM-M1" => "an instance that nobody asked for becomes an orphan",
            "ORP-S" => "the orphan says whether its instance is still there",
            "ORP-A4'" => "an orphan whose instance manager is being deleted is finalized at once",
            "ORP-A6" => "the instance is deleted, and the orphan finalized whether that worked or not",
            "ORP-A5" => {
                "since longhorn-manager#3719 an orphan is finalized even if its instance manager cannot be reached"
            }
            "ORP-B1" => "another node took the orphan over, and touches nothing",
            "ORP-B2" => "the instance was scheduled back to this node",
            "ORP-B3" => "no running instance manager is left that could have the instance",
            "ORP-B4" => "the running instance manager is another one",
            "ORP-B5" => "the instance manager is dialled before the orphan is finalized",
            "ORP-B6" => "the instance is deleted in the instance manager's process",
            "ORP-B7" => "the instance is gone, so the orphan is finalized",
            "ORP-B8" => "the orphan's parameters are incomplete",
            "ORP-D" => "the orphaned data is deleted, so the orphan is finalized",
            "ORP-L" => "the instance manager is looked up by its recorded name",
            "NODE-1" => "a Longhorn node that is being deleted is finalized",
            "NODE-1b" => "a Longhorn node goes with the node of Kubernetes",
            "NODE-2" => "a node is ready when Kubernetes' node and its longhorn-manager are",
            "NODE-3" => "every data engine gets an instance manager; one that is being deleted counts",
            "NODE-4" => "a block disk is asked for through the running instance manager",
            "NODE-5" => "the disk's conditions follow the disk service",
            "NODE-6" => "the orphans of a node that is evicted are deleted",
            "NODE-O" => "orphans whose instance manager is gone, or going, are deleted",
            "INST-C" => "a process that is wanted is started by the instance manager",
            "INST-D" => "a process that is not wanted any more is ended by the instance manager",
            "INST-S" => "the state follows what the instance manager says of the process",
            "ENG-1" => "an engine's process is ended by its instance manager before the engine goes",
            "ENG-1'" => "nothing more can be done about the engine's process, so the engine goes without that",
            "REP-1" => "a replica's process is ended by its instance manager before the replica goes",
            "VOL-1" => "a volume takes along what belongs to it, and waits for its engines and replicas",
            "SNAP-V" => "a snapshot goes with its volume",
            "SNAP-H" => "a snapshot right below the volume's head cannot be purged",
            "SNAP-P" => "the setting `disable-snapshot-purge` keeps snapshots from being purged",
            "SNAP-T" => "the volume is attached by a ticket, so that its engine can purge the snapshot",
            "SNAP-1" => "the engine purges the snapshot, which goes when the engine does not have it any more",
            "VA-1" => "Longhorn's own VolumeAttachment goes when its volume is gone",
            "SM-1" => "the share manager's pod and ConfigMap are deleted, and it goes",
            "EI-1" => "an engine image that is being deleted is finalized at once",
            "REP-1'" => "nothing more can be done about the replica's process, so the replica goes without that",
            "BI-1" => "a backing image waits for its replicas, its data source and its v2 copies",
            "BI-2" => "a backing image that is being deleted is given to no backing image manager",
            "BIDS-1" => "a data source that was not handed over waits until its file is deleted",
            "BIM-1" => "a backing image manager that is being deleted is finalized once its pod is deleted",
            "BIM-2" => "a backing image manager deletes the file of a data source that failed",
            "BKP-1" => "a backup is deleted at its target before it is finalized",
            "SB-1" => "a support bundle loses its manager, and is finalized",
            "UN-0" => "the uninstaller begins only when it may",
            "UN-1" => "the uninstaller deletes kind after kind while longhorn-manager is ready",
            "UN-2" => "the uninstaller deletes support bundles",
            "UN-3" => "the uninstaller deletes longhorn-manager",
            "UN-4" => "the uninstaller deletes the backup targets that were made again",
            "UN-5" => "the uninstaller deletes the CSI driver",
            "UN-6" => "without longhorn-manager the uninstaller deletes what is left, and takes most finalizers off",
            "UN-7" => "the uninstaller deletes the webhook configurations last",
            "ADM-1" => "Longhorn's mutating webhook puts the finalizer back on what is not being deleted",
            "ADM-2" => "Longhorn's mutating webhook gives new objects their owner, which must be there",
            "ADM-3" => {
                "Longhorn's validator refuses updates of a node of which spec and status do not name the same disks"
            }
            "ADM-4" => {
                "Longhorn's validator refuses to delete a node that may be scheduled to, or on which something may be"
            }
            "ADM-5" => "Longhorn's validator refuses to take away a disk that is in use or may be scheduled to",
            "ADM-6" => "Longhorn's validator refuses to turn off a data engine of which an engine is left",
            "ADM-7" => "Longhorn's validator refuses to delete a setting",
            "ADM-8" => "Longhorn's validator refuses to delete a backing image that a replica uses",
            _ => return None,
        })
    }

    fn evidence(&self, evidence: &Evidence) -> String {
        let subject = self.object(evidence.key);
        match evidence.path.is_empty() {
            true => format!("{subject}: {}", evidence.value),
            false => format!("{subject}: `{}` is `{}`", evidence.path.join("."), evidence.value),
        }
    }

    fn assumption(&self, assumption: &Assumption) -> (String, String) {
        let holds = |yes: String, no: String| if assumption.value { yes } else { no };
        match &assumption.ground {
            Ground::Profile { profile, image, released } => {
                let statement = match profile.name {
                    "before-3719" => {
                        "longhorn-manager is before the fix of 2025-04-25 (longhorn-manager#3719)".to_owned()
                    }
                    "after-3719" => "longhorn-manager has the fix of 2025-04-25 (longhorn-manager#3719)".to_owned(),
                    name => format!("longhorn-manager follows the rules of {name}"),
                };
                let because = match (image.is_empty(), released) {
                    (true, _) => {
                        "the dump shows no longhorn-manager pod; the time of its newest Longhorn object decided"
                            .to_owned()
                    }
                    (false, true) => format!("its image is `{image}`"),
                    (false, false) => {
                        format!("its image `{image}` names no release; the time of the newest Longhorn object decided")
                    }
                };
                (statement, because)
            }
            Ground::Kubernetes { minor, kubelet } => (
                format!(
                    "the control plane follows the rules of Kubernetes 1.{minor}: a namespace's pods do not go first"
                ),
                format!("its newest kubelet is `{kubelet}`"),
            ),
            Ground::Fact(Fact::Runs(process)) => {
                let process = self.process(*process);
                (
                    holds(format!("{process} runs"), format!("{process} does not run")),
                    "the dump does not show the workload that would tell".into(),
                )
            }
            Ground::Fact(Fact::Answers(endpoint)) => {
                let address = format!("`{}:{}`", endpoint.ip, endpoint.port);
                (
                    holds(format!("somebody answers at {address}"), format!("nobody answers at {address}")),
                    "the dump has no pods, so it does not tell".into(),
                )
            }
            Ground::Fact(Fact::DoneBy(Process::ControllerManager, object)) => {
                let object = name(object.key);
                (
                    holds(format!("nothing uses {object} any more"), format!("{object} is still in use")),
                    "the dump does not list what could use it".into(),
                )
            }
            Ground::Fact(Fact::DoneBy(process, object)) => {
                let (process, object) = (self.process(*process), name(object.key));
                (
                    holds(
                        format!("{process} gets done with {object}"),
                        format!("{process} does not get done with {object}"),
                    ),
                    "the object is still there although its controller runs; what it waits for is not in the dump"
                        .into(),
                )
            }
            Ground::Fact(fact) => (self.fact(fact), "the dump does not cover it".into()),
        }
    }

    fn remedy(&self, remedy: &Remedy) -> String {
        match remedy.interventions.as_slice() {
            [one] => self.intervention(one),
            [first @ Intervention::CreateNamespace(_), second, ..] => {
                let second = self.intervention(second);
                format!("{}, then t{}", self.intervention(first), second.strip_prefix('T').unwrap_or(&second))
            }
            many => match many.first() {
                Some(first) => format!("{}, and {} like it", self.intervention(first), many.len() - 1),
                None => String::new(),
            },
        }
    }

    fn intervention(&self, intervention: &Intervention) -> String {
        match intervention {
            Intervention::StripFinalizer(object, finalizer) => {
                format!("Take `{finalizer}` off the {}", self.object(object.key))
            }
            Intervention::Unblock { dependent, owner } => {
                format!("Let the {} no longer block its owner {}", self.object(dependent.key), name(owner.key))
            }
            Intervention::Delete(key) => format!("Delete the {}", self.object(*key)),
            Intervention::ForceDeletePod(object) => {
                format!("Delete the {} without waiting for its kubelet", self.object(object.key))
            }
            Intervention::CreateNamespace(key) => format!("Create the {} again", self.object(*key)),
            Intervention::StopConversion(key) => {
                format!("Let the instances of {} be read without conversion", name(*key))
            }
            Intervention::Run(process) => format!("Bring {} back", self.process(*process)),
            Intervention::Upgrade(profile) => match profile.name {
                "before-3719" => "Upgrade longhorn-manager to v1.6.0 or later".into(),
                "after-3719" => "Upgrade longhorn-manager to v1.9.0 or later, which has longhorn-manager#3719".into(),
                name => format!("Upgrade longhorn-manager to {name} or later"),
            },
        }
    }

    fn remedy_outcome(&self, remedy: &Remedy) -> String {
        let run = count(remedy.steps, "step", "steps");
        let left = remedy.leaves_behind.len();
        match (remedy.verified, left) {
            (true, 0) => format!("Verified: in the simulator all of it goes, in {run}."),
            (true, _) => format!(
                "Verified: in the simulator this opens, in {run}; {} by another cause.",
                count(left, "object stays held", "objects stay held")
            ),
            (false, _) => format!(
                "Not confirmed: in the simulator {} after {run}.",
                count(left, "object is still there", "objects are still there")
            ),
        }
    }

    fn risk(&self, risk: Risk) -> &'static str {
        match risk {
            Risk::None => "no risk",
            Risk::Low => "low risk",
            Risk::Leak => "leaves something behind",
            Risk::DataLoss => "can lose data",
        }
    }

    fn cost(&self, world: &World, intervention: &Intervention) -> Option<String> {
        match intervention {
            Intervention::StripFinalizer(object, finalizer) => match finalizer.as_str() {
                "foregroundDeletion" => Some("The owner goes before its dependents; the garbage collector deletes those that are left.".into()),
                "longhorn.io" if matches!(world.resolve(*object).map(|o| o.key.kind.kind.as_str()), Some("Orphan")) => {
                    Some("The orphan's process went with the instance manager's pod, so that nothing is left on the node.".into())
                }
                other => entry_for(other).map(|entry| format!("{}.", capital(&entry.cost))),
            },
            Intervention::Unblock { .. } => Some("The owner no longer waits for it; the object itself keeps its finalizers.".into()),
            Intervention::Delete(key) if key.kind.kind.as_str().ends_with("WebhookConfiguration") => {
                Some("Writes are no longer checked until its operator creates it again.".into())
            }
            Intervention::Delete(key) if key.kind == kinds::namespace() => {
                Some("What is left in the namespace stays in storage, and shows up again in the next namespace of that name.".into())
            }
            Intervention::Delete(_) => Some("The API stays away until its server registers again.".into()),
            Intervention::ForceDeletePod(_) => Some("If the node still lives, its containers run on without their pod.".into()),
            Intervention::CreateNamespace(_) => {
                Some("What was left behind can be updated again; the new namespace stays until it is deleted itself.".into())
            }
            Intervention::StopConversion(_) => {
                Some("Instances that are stored in an older version are read with the fields that they had in it.".into())
            }
            Intervention::Run(_) | Intervention::Upgrade(_) => None,
        }
    }

    fn catalogue(&self, entry: &Entry) -> String {
        format!(
            "Removed by: {}, of {}. Protects: {}. Waits for: {}. To resolve it: {}. If it is stripped: {}.",
            entry.controller, entry.project, entry.protects, entry.waits_for, entry.resolution, entry.cost
        )
    }

    fn step(&self, step: &Step) -> String {
        let who = step.actor.map_or_else(|| "A person".to_owned(), |actor| self.first_actor(actor));
        let does = |request: &Request| self.does(request, step);
        let what = match step.requests.iter().map(|(request, _)| request).collect::<Vec<_>>().as_slice() {
            [] if !step.faults.is_empty() => {
                let faults: Vec<String> =
                    step.faults.iter().map(|(fault, broken)| self.fault(fault, *broken)).collect();
                list(&faults)
            }
            [] if step.rule == Some(Rule::C10) => "follows the kinds that are served now".to_owned(),
            [] => step.object.map_or_else(String::new, |object| format!("sees the {}", self.object(object.key))),
            [only] => does(only),
            [first, last] => format!("{}, and then {}", does(first), does(last)),
            [first, between @ ..] => {
                format!("{}, and {}", does(first), count(between.len(), "more request", "more requests"))
            }
        };
        format!("{who} {what}.")
    }

    fn request(&self, request: &Request, response: Response) -> String {
        let key = request.target;
        let namespace = if key.namespace.is_empty() { String::new() } else { format!("{}/", key.namespace) };
        let verb = match &request.verb {
            Verb::Create(_) => "create".to_owned(),
            Verb::Delete { .. } if request.eviction => "evict".to_owned(),
            Verb::Delete { policy, grace_seconds } => match (policy, grace_seconds) {
                (Some(policy), _) => format!("delete ({policy:?})"),
                (None, Some(seconds)) => format!("delete (grace {seconds} s)"),
                (None, None) => "delete".to_owned(),
            },
            Verb::Update(update) if update.facet.is_some() => "update".to_owned(),
            Verb::Update(_) => "patch".to_owned(),
            Verb::Call(endpoint, call) => {
                let (what, name) = match call {
                    Call::InstanceCreate(process) => ("InstanceCreate", process.name),
                    Call::InstanceDelete(name) => ("InstanceDelete", *name),
                };
                let answer = match response {
                    Response::Unreachable(why) => unreachable(why).to_owned(),
                    other => other.code().to_string(),
                };
                return format!("{what} {name} at {}:{} → {answer}", endpoint.ip, endpoint.port);
            }
        };
        format!("{verb} {} {namespace}{} → {}", key.kind.kind, key.name, response.code())
    }

    fn change(&self, change: &Change) -> String {
        let object = self.object(change.key);
        match change.kind() {
            ChangeKind::Created => format!("{object} is created."),
            ChangeKind::Deleted => format!("{object} is gone."),
            ChangeKind::Modified => {
                let (Some(before), Some(after)) = (&change.before, &change.after) else {
                    return object;
                };
                let mut parts = Vec::new();
                if !before.deleting() && after.deleting() {
                    parts.push("is being deleted".to_owned());
                }
                if before.held_by() != after.held_by() {
                    let held: Vec<String> = after.held_by().iter().map(|f| format!("`{f}`")).collect();
                    parts.push(if held.is_empty() {
                        "has no finalizer left".into()
                    } else {
                        format!("is held by {}", list(&held))
                    });
                }
                if before.owners != after.owners {
                    parts.push("has other owner references".to_owned());
                }
                parts.extend(processes(before, after));
                if parts.is_empty() {
                    parts.push("has a new status".to_owned());
                }
                format!("{object} {}.", list(&parts))
            }
        }
    }

    fn wait(&self, world: &World, actor: Actor, key: Key, wait: &Wait) -> String {
        if let Condition::Is(Fact::Runs(process)) = &wait.on {
            return format!("{} does not run, and {} waits for it.", self.first_process(*process), name(key));
        }
        let actor = self.first_actor(actor);
        if let Some(Fact::Answers(endpoint)) = wait.on.facts().first()
            && let Err(why) = world.dial(endpoint)
        {
            return format!(
                "{actor} dials {}:{} for {}: {}. It tries three times more, lets go, and begins anew at the next resync, after 30 s.",
                endpoint.ip,
                endpoint.port,
                name(key),
                unreachable(why)
            );
        }
        format!("{actor} waits until {}, before it goes on with {}.", self.condition(&wait.on), name(key))
    }

    fn exploration(&self, exploration: &Exploration) -> String {
        let states = count(exploration.states, "world", "worlds");
        let ends = count(exploration.endings.len(), "end", "ends");
        let limit = |bite: &Bite| match bite {
            Bite::States => "worlds".to_owned(),
            Bite::Depth => "steps".to_owned(),
            Bite::Bytes => "memory".to_owned(),
        };
        let limits: Vec<String> = exploration.bites.iter().map(limit).collect();
        if !limits.is_empty() {
            let limits = match limits.as_slice() {
                [one] => format!("The limit of {one} was"),
                several => format!("The limits of {} were", list(several)),
            };
            return format!("{states} and {ends} were found. {limits} reached: what lies beyond was not looked at.");
        }
        let verdict = match exploration.verdict() {
            Verdict::Always => "Every order finishes",
            Verdict::Sometimes => "Some orders finish, and some do not",
            Verdict::Never => "No order finishes",
        };
        format!("{verdict}: {states}, {ends}.")
    }

    fn lasso(&self, lasso: &Lasso) -> String {
        let share = lasso.share * 100.0;
        let (stem, cycle) = (count(lasso.stem.len(), "step", "steps"), count(lasso.cycle.len(), "step", "steps"));
        format!(
            "Goes round for ever, in {share:.1} % of the runs; after {stem} at the least, these {cycle} again and again:"
        )
    }

    fn ending(&self, ending: &Ending) -> String {
        let stuck = ending.world.objects().filter(|(_, object)| object.deleting()).count();
        let steps = count(ending.shortest.len(), "step", "steps");
        let share = ending.share * 100.0;
        let alike = match ending.alike {
            1 => String::new(),
            alike => format!(" (one of {alike} ends that differ only in which of their like objects is which)"),
        };
        match ending.end {
            End::Finished => format!("Finished{alike}, in {share:.1} % of the runs; the shortest takes {steps}:"),
            End::Stuck | End::Bounded => {
                let stuck = count(stuck, "object is", "objects are");
                format!("{stuck} still being deleted{alike}, in {share:.1} % of the runs; the shortest takes {steps}:")
            }
        }
    }

    fn race(&self, ending: &Ending, race: &Race) -> String {
        let taken = ending.shortest.get(race.at).map_or_else(String::new, |step| self.step(step));
        format!(
            "Decided by step {}: {taken} Until then it could still finish, had this come first: {}",
            race.at + 1,
            self.step(&race.instead)
        )
    }

    fn left_behind(&self, _: &World, object: ObjectRef) -> String {
        let kind = first_kind(object.key.kind);
        format!("{kind} {} is left behind: its instance manager is gone, and nobody will delete it.", name(object.key))
    }

    fn injection(&self, injection: &Injection) -> String {
        let steps = count(injection.fair.steps().len(), "step", "steps");
        let stuck = match injection.stuck.as_slice() {
            [] => "nothing stays stuck".to_owned(),
            stuck => {
                let stay = if stuck.len() == 1 { "stays" } else { "stay" };
                format!("{} {stay} stuck", some(stuck.iter().map(|key| self.object(*key)).collect()))
            }
        };
        let runs = match injection.runs {
            1 => "1 placement of faults was run".to_owned(),
            runs => format!("{runs} placements of faults were run"),
        };
        let found = match injection.findings.len() {
            0 if injection.stuck.is_empty() => "none leaves anything stuck for good".to_owned(),
            0 => "none leaves anything else stuck for good".to_owned(),
            n => format!("{} for good", count(n, "way was found to get stuck", "ways were found to get stuck")),
        };
        let limit = |bite: &inject::Bite| match bite {
            inject::Bite::Runs => " The limit of placements was reached: what lies beyond was not looked at.",
            inject::Bite::Steps => {
                " The limit of steps was reached, or a run went round: there the script went on without a rest, and of an end without rest nothing is said."
            }
        };
        let limits: String = injection.bites.iter().map(limit).collect();
        format!("Without a fault the script takes {steps}, and {stuck}. {runs}, and {found}.{limits}")
    }

    fn injected(&self, finding: &inject::Finding) -> String {
        let faults = count(finding.placements.len(), "fault", "faults");
        let stay = if finding.stuck.len() == 1 { "stays" } else { "stay" };
        let stuck = some(finding.stuck.iter().map(|key| self.object(*key)).collect());
        let placements = count(finding.count, "placement", "placements");
        format!("After {faults}, {stuck} {stay} stuck for good ({placements} of this kind).")
    }

    fn placement(&self, placement: &Placement) -> String {
        let after = match placement.after {
            0 => "Before the first step".to_owned(),
            after => format!("After step {after}"),
        };
        let until = match (placement.strikes, placement.until) {
            (Break::Kill(_), _) => "",
            (Break::Fault(_), Until::Rest) => ", and mends it at the next rest",
            (Break::Fault(_), Until::End) => ", and mends it at the end",
        };
        format!("{after} a person {}{until}.", self.strikes(placement.strikes))
    }

    fn strikes(&self, strikes: Break) -> String {
        match strikes {
            Break::Fault(fault) => self.fault(&fault, true),
            Break::Kill(key) => format!("kills the {}", self.object(key)),
        }
    }

    fn end(&self, end: End, steps: usize, stuck: usize) -> String {
        let steps = count(steps, "step", "steps");
        match end {
            End::Finished => {
                format!("Finished after {steps}: nothing that was being deleted is left.")
            }
            End::Stuck => format!(
                "It never finishes: after {steps} nobody can act, and {} still being deleted.",
                count(stuck, "object is", "objects are")
            ),
            End::Bounded => format!("Stopped at the limit of {steps}: it may go on for ever."),
        }
    }
}

/// What is wrong with the service of the webhook that refuses a write.
fn service_state(world: &World, object: ObjectRef, operation: Operation) -> &'static str {
    match world.unreachable_service(object.key, operation) {
        Some(service) if world.find(service).is_some() => "has no ready pod",
        _ => "is gone",
    }
}

/// The finalizers that a change took off.
fn removed(change: &Change) -> String {
    let before = change.before.as_ref().map(|object| object.held_by()).unwrap_or_default();
    let after = change.after.as_ref().map(|object| object.held_by()).unwrap_or_default();
    let removed: Vec<String> = before.iter().filter(|f| !after.contains(f)).map(|f| format!("`{f}`")).collect();
    list(&removed)
}
