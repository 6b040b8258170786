//! The objects of a script as JSON: what its patches and updates are applied to.
//!
//! The world keeps of an object what deletion depends on, and no text. A document is the object as the dump or the script has
//! it, with the metadata that the world has now; what a patch makes of it is read as a dump is.

use std::collections::BTreeMap;
use std::sync::Arc;

use gordian_reconcile::{
    Facet, Key, Kind, Name, Object, OwnerReference, Request, Update, Verb, World, facet_of, kinds, object_from,
};
use gordian_snapshot::Snapshot;
use serde_json::{Value, json};

use crate::patch::PatchType;

/// A write of a script: a whole object, or a patch.
pub(crate) struct Write<'w> {
    pub(crate) key: Key,
    pub(crate) subresource: Option<&'w str>,
    pub(crate) body: Value,
    /// `None` for an update, whose body takes the place of the object.
    pub(crate) patch: Option<PatchType>,
}

/// What a write comes to.
pub(crate) enum Wanted {
    /// This request, and the document if it is done.
    Request(Box<Request>, Value),
    /// The refusal that needs no look at the world's rules: the HTTP status.
    Refused(u16),
}

/// The documents of a run.
#[derive(Clone)]
pub(crate) struct Documents {
    by_key: BTreeMap<Key, Value>,
    /// The newest resourceVersion that is known of an object, and the object as it was then.
    versions: BTreeMap<Key, (u64, Option<Arc<Object>>)>,
}

impl Documents {
    /// The documents of a dump.
    pub(crate) fn new(snapshot: &Snapshot, world: &World) -> Self {
        let mut documents = Self { by_key: BTreeMap::new(), versions: BTreeMap::new() };
        for object in &snapshot.objects {
            let Ok(document) = serde_json::from_str(snapshot.json(object)) else { continue };
            let key = object_from(snapshot, object).key;
            documents.by_key.insert(key, document);
            documents.seen(world, key, &object.metadata.resource_version);
        }
        documents
    }

    /// A write was done, and left this.
    pub(crate) fn keep(&mut self, key: Key, document: Value) {
        self.by_key.insert(key, document);
    }

    /// The server told the resourceVersion of an object.
    pub(crate) fn seen(&mut self, world: &World, key: Key, version: &str) {
        if let Ok(version) = version.parse() {
            self.versions.insert(key, (version, world.find(key).cloned()));
        }
    }

    /// Whether a resourceVersion is known to be an old one (rule A2): it is below one that was told, or the object has changed
    /// since. One that is newer than any that was told was read by the script itself.
    pub(crate) fn stale(&self, world: &World, key: Key, version: &str) -> bool {
        let known = self.versions.get(&key);
        match (version.parse::<u64>(), known) {
            (Ok(version), Some((told, then))) => {
                version < *told || (version == *told && world.find(key) != then.as_ref())
            }
            // Of an object that a controller created no version was told.
            (Ok(_), None) => false,
            (Err(_), _) => !version.is_empty(),
        }
    }

    /// The object's document, with the metadata that the world has now.
    fn current(&self, found: &Object) -> Value {
        let mut document = match self.by_key.get(&found.key) {
            Some(document) if uid(document).is_empty() || uid(document) == found.uid.as_str() => document.clone(),
            _ => {
                json!({"apiVersion": found.api_version.as_str(), "kind": found.key.kind.kind.as_str(), "metadata": {}})
            }
        };
        let names = |names: &[Name]| names.iter().map(|name| Value::from(name.as_str())).collect::<Vec<_>>();
        let metadata = part(&mut document, "metadata");
        if !found.deleting() {
            metadata["deletionTimestamp"].take();
            metadata["deletionGracePeriodSeconds"].take();
        }
        metadata["name"] = found.key.name.as_str().into();
        metadata["uid"] = found.uid.as_str().into();
        metadata["finalizers"] = names(&found.finalizers).into();
        metadata["ownerReferences"] = found.owners.iter().map(reference).collect();
        metadata["labels"] = found.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        if !found.key.namespace.is_empty() {
            metadata["namespace"] = found.key.namespace.as_str().into();
        }
        found.facet.write_longhorn_spec(&mut document);
        if let Facet::Namespace(namespace) = &found.facet {
            part(&mut document, "spec")["finalizers"] = names(&namespace.finalizers).into();
        }
        document
    }

    /// Whether the status of a kind is changed through its subresource only: of Kubernetes' own kinds and of Longhorn's it is, and of
    /// others as their definition has it.
    fn keeps_status(&self, kind: Kind) -> bool {
        let definitions = self.by_key.iter().filter(|(key, _)| key.kind == kinds::definition());
        let mut specs = definitions.map(|(_, document)| &document["spec"]);
        let defines =
            |spec: &Value| spec["group"] == kind.group.as_str() && spec["names"]["kind"] == kind.kind.as_str();
        let versions = specs.find(|spec| defines(spec)).map(|spec| &spec["versions"]);
        let mut versions = versions.and_then(Value::as_array).into_iter().flatten();
        own(kind)
            || kind.group.as_str() == "longhorn.io"
            || versions.any(|version| version["subresources"]["status"].is_object())
    }

    /// What a write asks for.
    pub(crate) fn wanted(&self, world: &World, write: Write<'_>) -> Wanted {
        let Write { key, subresource, body, patch } = write;
        // The server answers 404.
        let nothing = || Request::new(key, None, Verb::Update(Box::default()));
        let Some(found) = world.find(key) else { return Wanted::Request(Box::new(nothing()), Value::Null) };
        if patch == Some(PatchType::Strategic) && !own(key.kind) {
            return Wanted::Refused(415);
        }
        let before = self.current(found);
        let asked = body["metadata"]["uid"].as_str().map(Name::new).filter(|&uid| uid != found.uid);
        let old = body["metadata"]["resourceVersion"].as_str().is_some_and(|version| self.stale(world, key, version));
        if old || (patch.is_none() && asked.is_some()) {
            return Wanted::Refused(409);
        }
        let patched = match patch {
            Some(patch) => patch.apply(&before, &body),
            None => Some(body),
        };
        let fits = |after: &Value| after.is_object() && asked.is_none() && !marks(found, after);
        let Some(mut after) = patched.filter(fits) else {
            return Wanted::Refused(422);
        };
        confine(&before, &mut after, subresource, key.kind, self.keeps_status(key.kind));
        part(&mut after, "metadata")["name"] = key.name.as_str().into();
        let mut snapshot = Snapshot::default();
        snapshot.add("body", after.to_string().as_bytes());
        let Some(read) = snapshot.objects.first().map(|object| object_from(&snapshot, object)) else {
            return Wanted::Refused(400);
        };
        let to_status = subresource == Some("status");
        let update = Update {
            finalizers: Some(read.finalizers).filter(|finalizers| *finalizers != found.finalizers),
            owners: Some(read.owners).filter(|owners| *owners != found.owners),
            labels: Some(read.labels).filter(|labels| *labels != found.labels),
            facet: facet(found, &before, read.facet, subresource),
            to_status: to_status || subresource == Some("finalize"),
        };
        Wanted::Request(Box::new(Request::new(key, None, Verb::Update(Box::new(update)))), after)
    }
}

fn uid(document: &Value) -> &str {
    document["metadata"]["uid"].as_str().unwrap_or_default()
}

/// A part of a document, which becomes an object if it is none.
fn part<'d>(document: &'d mut Value, name: &str) -> &'d mut Value {
    if !document.is_object() {
        *document = json!({});
    }
    let part = &mut document[name];
    if !part.is_object() {
        *part = json!({});
    }
    part
}

fn reference(owner: &OwnerReference) -> Value {
    json!({
        "apiVersion": owner.api_version.as_str(), "kind": owner.kind.as_str(), "name": owner.name.as_str(),
        "uid": owner.uid.as_str(), "controller": owner.controller, "blockOwnerDeletion": owner.block,
    })
}

/// Whether Kubernetes itself serves a kind.
fn own(kind: Kind) -> bool {
    let group = kind.group.as_str();
    !group.contains('.') || group.ends_with(".k8s.io")
}

/// Rule B2: only a delete marks an object; on one that is marked, another mark is ignored.
fn marks(found: &Object, after: &Value) -> bool {
    let set = |field: &str| !after["metadata"][field].is_null();
    !found.deleting() && (set("deletionTimestamp") || set("deletionGracePeriodSeconds"))
}

/// Rules B3 and G7: a write changes only the part of the object that its resource is for.
fn confine(before: &Value, after: &mut Value, subresource: Option<&str>, kind: Kind, keeps_status: bool) {
    let kept = |part: &str| before.get(part).cloned().unwrap_or(Value::Null);
    match subresource {
        Some("status") => {
            let status = after["status"].take();
            after.clone_from(before);
            after["status"] = status;
        }
        Some("scale") => {
            let replicas = part(after, "spec")["replicas"].take();
            after.clone_from(before);
            part(after, "spec")["replicas"] = replicas;
        }
        Some("finalize") => after["status"] = kept("status"),
        _ if kind.is("", "Namespace") => {
            after["spec"] = kept("spec");
            after["status"] = kept("status");
        }
        _ if keeps_status => after["status"] = kept("status"),
        _ => {}
    }
}

/// The facet that a write asks for, when it asks for another: spec and status as the document has them, but for what controllers
/// have written since in the part that the write leaves alone.
fn facet(found: &Object, before: &Value, wanted: Facet, subresource: Option<&str>) -> Option<Facet> {
    if wanted == facet_of(found.key.kind, &before.to_string()) {
        return None;
    }
    let merged = match subresource {
        Some("status") => found.facet.clone().with_status(found.key.kind, &wanted),
        _ => wanted.clone().with_status(found.key.kind, &found.facet),
    };
    Some(merged.unwrap_or(wanted)).filter(|facet| *facet != found.facet)
}

/// The object of a create's body.
pub(crate) fn created(body: &Value, namespace: Name, uid: &str) -> Option<Object> {
    let mut snapshot = Snapshot::default();
    snapshot.add("body", body.to_string().as_bytes());
    let mut object = object_from(&snapshot, snapshot.objects.first()?);
    if object.key.namespace.is_empty() {
        object.key.namespace = namespace;
    }
    object.uid = Name::new(uid);
    Some(object)
}
