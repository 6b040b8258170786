//! `--actions`: a script of requests, in the form of the recordings' actions.json.

use std::borrow::Cow;

use gordian_reconcile::{
    Facet, Fault, Key, Kind, Name, Namespace, Object, OwnerReference, Process, Propagation, Request, Response,
    Timeline, Update, Verb, World, object_from, patched,
};
use gordian_snapshot::Snapshot;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::bytes;
use crate::report::{Checkpoint, Item, ResponseItem};

/// One action of the script.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Action {
    i: i64,
    #[serde(rename = "t_ms")]
    pub(crate) t_ms: i64,
    verb: String,
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
    #[serde(default)]
    subresource: Option<String>,
    #[serde(default)]
    label_selector: Option<String>,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    response: Option<Recorded>,
}

/// The recorded answer, of which only the uid that the server gave is used.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Recorded {
    uid: Option<String>,
}

/// `DeleteOptions`, as far as deletion depends on them.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct DeleteOptions<'a> {
    #[serde(borrow)]
    propagation_policy: Option<Cow<'a, str>>,
    grace_period_seconds: Option<u32>,
    orphan_dependents: Option<bool>,
    #[serde(borrow)]
    preconditions: Option<Preconditions<'a>>,
    #[serde(borrow)]
    dry_run: Option<Vec<Cow<'a, str>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[serde(rename_all = "camelCase")]
struct Preconditions<'a> {
    #[serde(borrow)]
    uid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource_version: Option<Cow<'a, str>>,
}

/// A patch or an update, as far as deletion depends on it. A field that is absent stays; `null` empties it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Patch {
    metadata: MetadataPatch,
    spec: SpecPatch,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct MetadataPatch {
    #[serde(deserialize_with = "present")]
    finalizers: Option<Option<Vec<String>>>,
    deletion_timestamp: Option<String>,
    #[serde(deserialize_with = "present")]
    owner_references: Option<Option<Vec<gordian_snapshot::OwnerReference>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SpecPatch {
    finalizers: Option<Vec<String>>,
}

/// Tells a field that is `null` from one that is absent.
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a script.
pub(crate) fn read(file: &str) -> Result<Vec<Action>, String> {
    serde_json::from_slice(&bytes(file)?).map_err(|error| format!("{file}: {error}"))
}

/// What playing a script gave.
pub(crate) struct Played {
    pub(crate) responses: Vec<ResponseItem>,
    pub(crate) checkpoints: Vec<Checkpoint>,
}

/// Plays a script: before an action that came more than a second after the one before it, and at each CHECKPOINT, the
/// controllers come to rest.
pub(crate) fn play(timeline: &mut Timeline, script: &[Action], limit: usize) -> Result<Played, String> {
    let mut played = Played { responses: Vec::new(), checkpoints: Vec::new() };
    // A script that starts the controller manager began with it stopped.
    let manager = script.iter().find_map(|action| action.verb.strip_prefix("KCM-"));
    if manager == Some("START") {
        manager_runs(timeline, false);
    }
    for (index, action) in script.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &script[before]);
        if action.verb == "CHECKPOINT" || action.after_rest(before) {
            timeline.run(limit);
        }
        if action.verb == "CHECKPOINT" {
            let file = action.file.clone().unwrap_or_default();
            played.checkpoints.push(Checkpoint { file, objects: Item::all(timeline.world()) });
            continue;
        }
        if let Some(deed) = action.verb.strip_prefix("KCM-") {
            manager_runs(timeline, deed == "START");
            continue;
        }
        let mut code = Response::Ok.code();
        match action.deed(timeline.world())? {
            Deed::Requests(requests) => {
                for request in requests {
                    code = timeline.request(request).code();
                }
            }
            Deed::Answered(answer) => code = answer,
        }
        played.responses.push(ResponseItem { i: action.i, code });
    }
    Ok(played)
}

/// Stops or starts kube-controller-manager.
fn manager_runs(timeline: &mut Timeline, runs: bool) {
    timeline.fault(Fault::Stopped(Process::ControllerManager), !runs);
}

/// What an action comes to.
enum Deed {
    /// Requests to the simulated API server.
    Requests(Vec<Request>),
    /// An answer that depends on what the world does not keep: a dry run, or an option that is invalid (A2, A3, B2).
    Answered(u16),
}

impl Action {
    fn deed(&self, world: &World) -> Result<Deed, String> {
        if let Some(answer) = self.answered(world) {
            return Ok(Deed::Answered(answer));
        }
        self.requests(world).map(Deed::Requests)
    }

    fn answered(&self, world: &World) -> Option<u16> {
        let body = self.body.as_ref().map_or("{}", |body| body.get());
        let kind = Kind::of(self.api_version.as_deref()?, self.kind.as_deref()?);
        let name = Name::new(self.name.as_deref().unwrap_or_default());
        let found = world.find(Key::new(kind, Name::new(self.namespace.as_deref().unwrap_or_default()), name));
        if self.verb == "patch" {
            let patch: Patch = serde_json::from_str(body).ok()?;
            let sets_mark = patch.metadata.deletion_timestamp.is_some();
            return (sets_mark && !found?.deleting()).then_some(Response::Invalid.code());
        }
        if self.verb != "delete" {
            return None;
        }
        let options: DeleteOptions<'_> = serde_json::from_str(body).ok()?;
        let policy = options.propagation_policy.as_deref();
        let unknown = policy.is_some_and(|policy| !matches!(policy, "Background" | "Foreground" | "Orphan"));
        if unknown || (policy.is_some() && options.orphan_dependents.is_some()) {
            return Some(Response::Invalid.code());
        }
        found?;
        // The world keeps no resourceVersion. One that a script asks for is one that it knows to be old.
        if options.preconditions.is_some_and(|preconditions| preconditions.resource_version.is_some()) {
            return Some(Response::Conflict.code());
        }
        options.dry_run.is_some_and(|stages| !stages.is_empty()).then_some(Response::Ok.code())
    }

    fn requests(&self, world: &World) -> Result<Vec<Request>, String> {
        let wrong = |what: &str| format!("action {}: {what}", self.i);
        if let Some(command) = &self.command {
            return kubectl(world, command).map_err(|what| wrong(&what));
        }
        let (Some(api_version), Some(kind)) = (&self.api_version, &self.kind) else {
            return Err(wrong(&format!("the verb `{}` is not simulated", self.verb)));
        };
        let kind = Kind::of(api_version, kind);
        let namespace = Name::new(self.namespace.as_deref().unwrap_or_default());
        let key = Key::new(kind, namespace, Name::new(self.name.as_deref().unwrap_or_default()));
        let body = self.body.as_ref().map_or("{}", |body| body.get());
        let parse_error = |error: serde_json::Error| wrong(&error.to_string());
        match self.verb.as_str() {
            "create" => Ok(vec![Request::create(self.created(body).ok_or_else(|| wrong("its body is no object"))?)]),
            "delete" => Ok(vec![delete(key, &serde_json::from_str(body).map_err(parse_error)?)]),
            "deletecollection" => {
                let options: DeleteOptions<'_> = serde_json::from_str(body).map_err(parse_error)?;
                let selected = world
                    .of_kind(kind)
                    .filter(|(_, object)| selects(self.label_selector.as_deref().unwrap_or_default(), object));
                let keys = selected.map(|(_, object)| object.key).filter(|key| key.namespace == namespace);
                Ok(keys.map(|key| delete(key, &options)).collect())
            }
            "patch" | "update" => {
                let patch: Patch = serde_json::from_str(body).map_err(parse_error)?;
                let update = match (self.subresource.as_deref(), world.find(key)) {
                    (Some("status"), _) => Update { to_status: true, ..Update::default() },
                    (None, None) => Update::default(),
                    (Some("finalize"), Some(found)) => finalize(found, patch.spec),
                    (_, found) => {
                        let facet = found.and_then(|found| patched(&found.facet, body));
                        Update { facet, ..update(patch.metadata) }
                    }
                };
                Ok(vec![Request::new(key, None, Verb::Update(update))])
            }
            other => Err(wrong(&format!("the verb `{other}` is not simulated"))),
        }
    }

    /// The object of a create's body. A namespace gets `kubernetes` in `spec.finalizers`, as the API server gives it.
    fn created(&self, body: &str) -> Option<Object> {
        let mut snapshot = Snapshot::default();
        snapshot.add("body", body.as_bytes());
        let mut object = object_from(&snapshot, snapshot.objects.first()?);
        if object.key.namespace.is_empty() {
            object.key.namespace = Name::new(self.namespace.as_deref().unwrap_or_default());
        }
        object.uid = Name::new(self.response.as_ref().and_then(|answer| answer.uid.as_deref()).unwrap_or_default());
        // Admission protects what is created (rule I1).
        let protection = match (object.key.kind.group.as_str(), object.key.kind.kind.as_str()) {
            ("", "PersistentVolumeClaim") => Some("kubernetes.io/pvc-protection"),
            ("", "PersistentVolume") => Some("kubernetes.io/pv-protection"),
            _ => None,
        };
        object.finalizers.extend(protection.map(Name::new).filter(|name| !object.finalizers.contains(name)));
        if let Facet::Namespace(namespace) = &mut object.facet {
            namespace.finalizers = vec![Name::new("kubernetes")];
        }
        Some(object)
    }
}

/// `kubectl delete KIND[,KIND] [NAME] [-n NAMESPACE] [-l SELECTOR] [--cascade=POLICY] [--force] [--grace-period=N]`. kubectl always
/// sends a policy: background, unless it is told otherwise (rule A5).
fn kubectl(world: &World, command: &str) -> Result<Vec<Request>, String> {
    let mut words = command.split_whitespace().skip(1);
    if words.next() != Some("delete") {
        return Err(format!("`{command}` is not simulated: only `kubectl delete` is"));
    }
    let (mut named, mut namespace, mut selector) = (Vec::new(), "default", None);
    let (mut policy, mut grace_seconds) = (Propagation::Background, None);
    while let Some(word) = words.next() {
        match word.split_once('=').unwrap_or((word, "")) {
            ("-n" | "--namespace", "") => namespace = words.next().unwrap_or_default(),
            ("-n" | "--namespace", value) => namespace = value,
            ("-l" | "--selector", "") => selector = words.next(),
            ("-l", _) | ("--selector", _) => selector = word.split_once('=').map(|(_, value)| value),
            ("--cascade", "foreground") => policy = Propagation::Foreground,
            ("--cascade", "orphan" | "false") => policy = Propagation::Orphan,
            ("--cascade", _) => policy = Propagation::Background,
            ("--grace-period", value) => grace_seconds = value.parse().ok(),
            ("--now", _) => grace_seconds = Some(1),
            (flag, _) if flag.starts_with('-') => {}
            _ => named.push(word),
        }
    }
    let (kinds, names) = named.split_first().ok_or("it names no kind")?;
    let (kinds, names) = match kinds.split_once('/') {
        Some((kind, name)) => (vec![kind], vec![name]),
        None => (kinds.split(',').collect(), names.to_vec()),
    };
    let is_kind = |key: &Key| kinds.iter().any(|kind| answers_to(key.kind, kind));
    let wanted = |object: &Object| match selector {
        Some(selector) => selects(selector, object),
        None => names.contains(&object.key.name.as_str()),
    };
    let here = |key: &Key| key.namespace.is_empty() || key.namespace.as_str() == namespace;
    let objects = world.objects().map(|(_, object)| object);
    let found = objects.filter(|object| is_kind(&object.key) && here(&object.key) && wanted(object));
    let delete = |object: &std::sync::Arc<Object>| {
        Request::new(object.key, None, Verb::Delete { policy: Some(policy), grace_seconds })
    };
    Ok(found.map(delete).collect())
}

/// Whether kubectl takes a word for a kind: its name, plural or short name, with the group or without.
fn answers_to(kind: Kind, word: &str) -> bool {
    const SHORT: [(&str, &str); 16] = [
        ("cm", "ConfigMap"),
        ("crd", "CustomResourceDefinition"),
        ("deploy", "Deployment"),
        ("ds", "DaemonSet"),
        ("ep", "Endpoints"),
        ("ns", "Namespace"),
        ("no", "Node"),
        ("po", "Pod"),
        ("pv", "PersistentVolume"),
        ("pvc", "PersistentVolumeClaim"),
        ("rc", "ReplicationController"),
        ("rs", "ReplicaSet"),
        ("sa", "ServiceAccount"),
        ("sts", "StatefulSet"),
        ("svc", "Service"),
        ("cj", "CronJob"),
    ];
    let (word, group) = word.split_once('.').map_or((word, None), |(word, group)| (word, Some(group)));
    let singular = kind.kind.as_str().to_lowercase();
    let word = word.to_lowercase();
    let short = SHORT.iter().any(|(short, long)| *short == word && *long == kind.kind.as_str());
    let plural = word == format!("{singular}s")
        || word == format!("{singular}es")
        || Some(&*word) == singular.strip_suffix('y').map(|stem| format!("{stem}ies")).as_deref();
    group.is_none_or(|group| group == kind.group.as_str()) && (short || plural || word == singular)
}

/// Whether the equality terms of a label selector fit an object.
fn selects(selector: &str, object: &Object) -> bool {
    selector
        .split(',')
        .filter_map(|term| term.split_once('='))
        .all(|(key, value)| object.label(key).is_some_and(|found| found.as_str() == value.trim_start_matches('=')))
}

fn delete(key: Key, options: &DeleteOptions<'_>) -> Request {
    let policy = match options.propagation_policy.as_deref() {
        Some("Background") => Some(Propagation::Background),
        Some("Foreground") => Some(Propagation::Foreground),
        Some("Orphan") => Some(Propagation::Orphan),
        _ => options.orphan_dependents.map(|orphan| if orphan { Propagation::Orphan } else { Propagation::Background }),
    };
    let uid = options.preconditions.as_ref().and_then(|preconditions| preconditions.uid.as_deref()).map(Name::new);
    Request::new(key, uid, Verb::Delete { policy, grace_seconds: options.grace_period_seconds })
}

fn update(patch: MetadataPatch) -> Update {
    let names = |names: Option<Vec<String>>| names.unwrap_or_default().iter().map(|name| Name::new(name)).collect();
    Update {
        finalizers: patch.finalizers.map(names),
        owners: patch
            .owner_references
            .map(|owners| owners.unwrap_or_default().iter().map(OwnerReference::from).collect()),
        ..Update::default()
    }
}

/// `spec.finalizers` of a namespace change only through `/finalize` (rule G7).
fn finalize(found: &Object, spec: SpecPatch) -> Update {
    let finalizers = spec.finalizers.unwrap_or_default().iter().map(|name| Name::new(name)).collect();
    let namespace = matches!(found.facet, Facet::Namespace(_));
    Update { facet: namespace.then_some(Facet::Namespace(Namespace { finalizers })), ..Update::default() }
}
