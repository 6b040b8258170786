//! `--actions`: a script of requests, in the form of the recordings' actions.json.

use std::borrow::Cow;

use gordian_reconcile::{
    Facet, Key, Kind, Name, Namespace, Object, Propagation, Request, Response, Timeline, Update, Verb, World,
    object_from,
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
}

/// `DeleteOptions`, as far as deletion depends on them.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct DeleteOptions<'a> {
    #[serde(borrow)]
    propagation_policy: Option<Cow<'a, str>>,
    grace_period_seconds: Option<u32>,
    #[serde(borrow)]
    preconditions: Option<Preconditions<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Preconditions<'a> {
    #[serde(borrow)]
    uid: Option<Cow<'a, str>>,
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
    #[serde(deserialize_with = "present")]
    owner_references: Option<Option<Vec<Owner>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SpecPatch {
    finalizers: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    api_version: String,
    kind: String,
    name: String,
    uid: String,
    #[serde(default)]
    controller: Option<bool>,
    #[serde(default)]
    block_owner_deletion: Option<bool>,
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
        let mut code = Response::Ok.code();
        for request in action.requests(timeline.world())? {
            code = timeline.request(request).code();
        }
        played.responses.push(ResponseItem { i: action.i, code });
    }
    Ok(played)
}

impl Action {
    fn requests(&self, world: &World) -> Result<Vec<Request>, String> {
        let wrong = |what: &str| format!("action {}: {what}", self.i);
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
                let selected = world.of_kind(kind).filter(|(_, object)| self.selects(object));
                let keys = selected.map(|(_, object)| object.key).filter(|key| key.namespace == namespace);
                Ok(keys.map(|key| delete(key, &options)).collect())
            }
            "patch" | "update" => {
                let patch: Patch = serde_json::from_str(body).map_err(parse_error)?;
                let update = match (self.subresource.as_deref(), world.find(key)) {
                    (Some("status"), _) | (None, None) => Update::default(),
                    (Some("finalize"), Some(found)) => finalize(found, patch.spec),
                    _ => update(patch.metadata),
                };
                Ok(vec![Request { target: key, uid: None, verb: Verb::Update(update) }])
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
        if let Facet::Namespace(namespace) = &mut object.facet {
            namespace.finalizers = vec![Name::new("kubernetes")];
        }
        Some(object)
    }

    /// Whether the equality terms of the label selector fit an object.
    fn selects(&self, object: &Object) -> bool {
        let terms = self.label_selector.as_deref().unwrap_or_default();
        terms
            .split(',')
            .filter_map(|term| term.split_once('='))
            .all(|(key, value)| object.label(key).is_some_and(|found| found.as_str() == value.trim_start_matches('=')))
    }
}

fn delete(key: Key, options: &DeleteOptions<'_>) -> Request {
    let policy = match options.propagation_policy.as_deref() {
        Some("Background") => Some(Propagation::Background),
        Some("Foreground") => Some(Propagation::Foreground),
        Some("Orphan") => Some(Propagation::Orphan),
        _ => None,
    };
    let uid = options.preconditions.as_ref().and_then(|preconditions| preconditions.uid.as_deref()).map(Name::new);
    Request { target: key, uid, verb: Verb::Delete { policy, grace_seconds: options.grace_period_seconds } }
}

fn update(patch: MetadataPatch) -> Update {
    let names = |names: Option<Vec<String>>| names.unwrap_or_default().iter().map(|name| Name::new(name)).collect();
    let owner = |owner: &Owner| gordian_reconcile::OwnerReference {
        api_version: Name::new(&owner.api_version),
        kind: Name::new(&owner.kind),
        name: Name::new(&owner.name),
        uid: Name::new(&owner.uid),
        controller: owner.controller == Some(true),
        block: owner.block_owner_deletion == Some(true),
    };
    Update {
        finalizers: patch.finalizers.map(names),
        owners: patch.owner_references.map(|owners| owners.unwrap_or_default().iter().map(owner).collect()),
        facet: None,
    }
}

/// `spec.finalizers` of a namespace change only through `/finalize` (rule G7).
fn finalize(found: &Object, spec: SpecPatch) -> Update {
    let finalizers = spec.finalizers.unwrap_or_default().iter().map(|name| Name::new(name)).collect();
    let namespace = matches!(found.facet, Facet::Namespace(_));
    Update { facet: namespace.then_some(Facet::Namespace(Namespace { finalizers })), ..Update::default() }
}
