//! What a person does to a world, one line a deed, and what is then seen, as lines. `tests/rules/README.md` is the manual.

use gordian_reconcile::{
    Call, Facet, Fact, Fault, Key, Name, Namespace, Object, Process, Profile, Propagation, Request, Step, Timeline,
    Update, Verb, World, fixture, waits,
};

/// No run of a test is longer.
pub(crate) const STEPS: usize = 2_000;

/// Does what one line says, and gives the lines that are seen.
pub(crate) fn act(timeline: &mut Timeline, line: &str) -> Result<Vec<String>, String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match verb {
        "run" => run(timeline, rest),
        "objects" => Ok(objects(timeline.world())),
        "waits" => Ok(waiting(timeline.world())),
        "lag" => {
            timeline.resettle(|world| world.with_lag(true));
            Ok(Vec::new())
        }
        "profile" => {
            let profile = Profile::named(rest).ok_or_else(|| format!("`{rest}` is no profile"))?;
            timeline.resettle(|world| world.with_profile(profile));
            Ok(Vec::new())
        }
        "stop" | "start" => {
            timeline.fault(Fault::Stopped(process(rest)?), verb == "stop");
            Ok(Vec::new())
        }
        "fault" | "mend" => {
            timeline.fault(fault(rest)?, verb == "fault");
            Ok(Vec::new())
        }
        _ => {
            let requests = requests(timeline.world(), verb, rest)?;
            Ok(requests.into_iter().map(|request| timeline.request(request).code().to_string()).collect())
        }
    }
}

fn process(name: &str) -> Result<Process, String> {
    match name.split_once('/').unwrap_or((name, "")) {
        ("kube-controller-manager", _) => Ok(Process::ControllerManager),
        ("kubelet", node) => Ok(Process::Kubelet(Name::new(node))),
        ("longhorn-manager", node) => Ok(Process::LonghornManager(Name::new(node))),
        _ => Err(format!("`{name}` is no process")),
    }
}

fn fault(words: &str) -> Result<Fault, String> {
    match words.split_once(' ').unwrap_or((words, "")) {
        ("cut", node) => Ok(Fault::Cut(Name::new(node))),
        ("time-out", path) => Ok(Fault::TimedOut(fixture::object(path)?.key)),
        _ => Err(format!("`{words}` is no fault")),
    }
}

/// The controllers take every step, or as many as are asked for, or all but those of a rule.
fn run(timeline: &mut Timeline, steps: &str) -> Result<Vec<String>, String> {
    let first = timeline.position();
    if let Some(rule) = steps.strip_prefix("without ") {
        while let Some(step) = timeline.enabled().into_iter().find(|step| step.rule.0 != rule) {
            timeline.take(step);
            if timeline.position() == first + STEPS {
                return Ok(vec![format!("no rest within {STEPS} steps")]);
            }
        }
        return Ok(sent(timeline, first));
    }
    let most = if steps.is_empty() { STEPS } else { steps.parse().map_err(|_| format!("`{steps}` is no number"))? };
    timeline.run(first + most);
    if steps.is_empty() && timeline.position() == first + most {
        return Ok(vec![format!("no rest within {STEPS} steps")]);
    }
    Ok(sent(timeline, first))
}

/// What was sent from a step on. What a collector that lags only sees is no request.
fn sent(timeline: &Timeline, first: usize) -> Vec<String> {
    let told = |(at, step): (usize, &Step)| told(timeline.world_at(first + at), step);
    let sent = timeline.steps()[first..].iter().enumerate().filter(|(_, step)| !step.requests.is_empty());
    sent.map(told).collect()
}

/// `E2 garbage collector, ConfigMap/a/owner: update ConfigMap/a/owner fin-=foregroundDeletion`.
fn told(mut world: World, step: &Step) -> String {
    let mut sent = Vec::new();
    for (request, response) in &step.requests {
        let refused = if response.is_ok() { String::new() } else { format!(" -> {}", response.code()) };
        sent.push(format!("{}{refused}", asked(&world, request)));
        gordian_reconcile::serve(&mut world, request);
    }
    let rule = step.rule.map_or("", |rule| rule.0);
    let actor = step.actor.map_or("person", |actor| actor.controller);
    let handled = step.object.map_or_else(String::new, |object| text(object.key));
    format!("{rule} {actor}, {handled}: {}", sent.join("; "))
}

/// A key as the fixtures write it.
pub(crate) fn text(key: Key) -> String {
    let kind = key.kind;
    let of = if kind.group.is_empty() { kind.kind.to_string() } else { format!("{}.{}", kind.kind, kind.group) };
    let namespace = if key.namespace.is_empty() { String::new() } else { format!("/{}", key.namespace) };
    format!("{of}{namespace}/{}", key.name)
}

fn asked(world: &World, request: &Request) -> String {
    let target = text(request.target);
    match (&request.verb, world.find(request.target)) {
        (Verb::Create(object), _) => {
            format!("create {}", fixture::line(&Object { uid: Name::new(&target), ..(**object).clone() }))
        }
        (Verb::Delete { .. }, _) if request.eviction => format!("evict {target}"),
        (Verb::Delete { policy, grace_seconds }, _) => {
            let policy = match policy {
                None => "",
                Some(Propagation::Background) => " background",
                Some(Propagation::Foreground) => " foreground",
                Some(Propagation::Orphan) => " orphan",
            };
            let grace = grace_seconds.map_or_else(String::new, |seconds| format!(" grace={seconds}"));
            format!("delete {target}{policy}{grace}")
        }
        (Verb::Update(update), Some(found)) => format!("update {target}{}", changes(found, update)),
        (Verb::Update(_), None) => format!("update {target}"),
        (Verb::Call(endpoint, Call::InstanceCreate(process)), _) => {
            format!("InstanceCreate {} at {}:{}", process.name, endpoint.ip, endpoint.port)
        }
        (Verb::Call(endpoint, Call::InstanceDelete(name)), _) => {
            format!("InstanceDelete {name} at {}:{}", endpoint.ip, endpoint.port)
        }
    }
}

fn changes(found: &Object, update: &Update) -> String {
    let mut words = String::new();
    for finalizer in update.finalizers.iter().flat_map(|after| found.finalizers.iter().filter(|f| !after.contains(f))) {
        words += &format!(" fin-={finalizer}");
    }
    for before in found.owners.iter().filter(|_| update.owners.is_some()) {
        let after = update.owners.iter().flatten().find(|after| after.uid == before.uid);
        match after {
            None => words += &format!(" owner-={}", before.uid),
            Some(after) if before.block && !after.block => words += &format!(" block-={}", before.uid),
            Some(_) => {}
        }
    }
    match &update.facet {
        Some(Facet::Namespace(after)) if spec_finalizers(found) != after.finalizers => words += " finalize",
        Some(_) => words += " status",
        None => {}
    }
    words
}

fn spec_finalizers(found: &Object) -> &[Name] {
    match &found.facet {
        Facet::Namespace(namespace) => &namespace.finalizers,
        _ => &[],
    }
}

/// Every object, by key.
fn objects(world: &World) -> Vec<String> {
    let mut objects: Vec<_> = world.objects().map(|(_, object)| (text(object.key), fixture::line(object))).collect();
    objects.sort();
    objects.into_iter().map(|(_, line)| anew(&line)).collect()
}

/// A line with `anew` for a uid that the API server gave: which one it gives is its own affair.
fn anew(line: &str) -> String {
    match line.split_once(" uid=").and_then(|(key, rest)| Some((key, rest.split_once('#')?))) {
        Some((key, (_, rest))) => format!("{key} anew{}", rest.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => line.to_owned(),
    }
}

/// Who waits, about what, by which rule, and for what first.
fn waiting(world: &World) -> Vec<String> {
    let wait = |(actor, key, wait): (gordian_reconcile::Actor, Key, gordian_reconcile::Wait)| {
        let mut missing: Vec<String> = missing(world, &wait.on);
        missing.dedup();
        let missing = if missing.is_empty() { "nothing".to_owned() } else { missing.join(", ") };
        format!("{} {}, {}: waits for {missing}", wait.rule, actor.controller, text(key))
    };
    waits(world).into_iter().map(wait).collect()
}

/// The objects, or else the facts, that a condition still misses.
fn missing(world: &World, condition: &gordian_reconcile::Condition) -> Vec<String> {
    use gordian_reconcile::Condition;
    match condition {
        Condition::Is(fact) if world.holds(fact) => Vec::new(),
        Condition::Is(Fact::Gone(object) | Fact::Unblocked(object, _)) => vec![text(object.key)],
        Condition::Is(Fact::Admitted(object, _)) => vec![format!("admission of {}", text(object.key))],
        Condition::Is(Fact::Served(key)) => vec![text(*key)],
        Condition::Is(Fact::InState(key, state)) => vec![format!("{} to be {state}", text(*key))],
        Condition::Is(Fact::Exists(key) | Fact::Alive(key)) => vec![format!("{} to be there", text(*key))],
        Condition::Is(Fact::Runs(_)) => vec!["its process".to_owned()],
        Condition::Is(Fact::DoneBy(..)) => vec!["work to be done".to_owned()],
        Condition::Is(_) => vec!["something else".to_owned()],
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(|part| missing(world, part)).collect(),
    }
}

/// The requests of one deed.
pub(crate) fn requests(world: &World, verb: &str, rest: &str) -> Result<Vec<Request>, String> {
    let (path, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let named = || Ok::<Key, String>(fixture::object(path)?.key);
    let absent = |key| Request::new(key, None, Verb::Update(Box::default()));
    match verb {
        "create" => {
            let named = words.split_whitespace().any(|word| word.starts_with("uid="));
            let read = fixture::object(rest)?;
            let object = Object { uid: if named { read.uid } else { Name::default() }, ..read };
            Ok(vec![Request::create(object)])
        }
        "delete" => {
            let (uid, verb) = options(words)?;
            Ok(vec![Request::new(named()?, uid, verb)])
        }
        "evict" => Ok(vec![Request::evict(named()?)]),
        "deletecollection" => {
            let (kind, namespace) = path.rsplit_once('/').ok_or_else(|| format!("`{path}` is KIND/NAMESPACE"))?;
            let like = fixture::object(&format!("{kind}/{namespace}/any"))?.key;
            let mine = |key: &Key| key.kind == like.kind && key.namespace == like.namespace;
            let keys: Vec<Key> = world.objects().map(|(_, object)| object.key).filter(mine).collect();
            let (uid, verb) = options(words)?;
            Ok(keys.into_iter().map(|key| Request::new(key, uid, verb.clone())).collect())
        }
        "update" | "status" => {
            let Some(found) = world.find(named()?) else { return Ok(vec![absent(named()?)]) };
            let wanted = fixture::edit(found, words)?;
            let update = Update {
                finalizers: (wanted.finalizers != found.finalizers).then_some(wanted.finalizers),
                owners: (wanted.owners != found.owners).then_some(wanted.owners),
                facet: (wanted.facet != found.facet).then_some(wanted.facet),
                labels: (wanted.labels != found.labels).then_some(wanted.labels),
                to_status: verb == "status",
            };
            Ok(vec![Request::new(found.key, None, Verb::Update(Box::new(update)))])
        }
        "finalize" => {
            let finalizers = words.split_whitespace().map(Name::new).collect();
            let facet = Some(Facet::Namespace(Namespace { finalizers, ..Namespace::default() }));
            Ok(vec![Request::new(named()?, None, Verb::Update(Box::new(Update { facet, ..Update::default() })))])
        }
        _ => Err(format!("`{verb}` is no deed")),
    }
}

fn options(words: &str) -> Result<(Option<Name>, Verb), String> {
    let (mut uid, mut policy, mut grace_seconds) = (None, None, None);
    for word in words.split_whitespace() {
        match word.split_once('=').unwrap_or((word, "")) {
            ("background", _) => policy = Some(Propagation::Background),
            ("foreground", _) => policy = Some(Propagation::Foreground),
            ("orphan", _) => policy = Some(Propagation::Orphan),
            ("uid", value) => uid = Some(Name::new(value)),
            ("grace", value) => grace_seconds = Some(value.parse().map_err(|_| format!("`{value}` is no number"))?),
            _ => return Err(format!("`{word}` is no option of a delete")),
        }
    }
    Ok((uid, Verb::Delete { policy, grace_seconds }))
}
