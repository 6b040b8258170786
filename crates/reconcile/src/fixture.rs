//! Small worlds as text: one line an object. Tests and examples are written in it.
//!
//! ```text
//! Node/n1 ready
//! Namespace/shop deleting fin=kubernetes
//! ReplicaSet.apps/shop/web deleting fin=foregroundDeletion
//! Pod/shop/a owner=ReplicaSet.apps/web! node=n1 phase=Running
//! ```
//!
//! A key is `Kind[.group]/[namespace/]name`; it is the uid too, unless `uid=` gives another. Words after it: `deleting`,
//! `fin=f,g`, `owner=KIND/NAME` (in the same namespace, else at cluster scope; `!` blocks owner deletion; `owner=#uid:KIND/NAME`
//! names a uid of its own, and `@VERSION#uid:KIND/NAME` a version too; `*` after it makes it the controller), `label=k:v`, and for pods `node= phase= ip= claim= grace=` (seconds still pending), for
//! volumes `phase= claim=UID`, for definitions `defines=GROUP/KIND`, for nodes `ready`, for
//! workloads `ready`, for APIServices `down`, for webhook configurations `fail=GROUP/plural:OPERATION` and `service=ns/name`.
//! `listed KIND[.group]` says that the dump lists a kind of which there is no object; the kinds of all objects are listed.

use std::sync::Arc;

use crate::{
    ApiService, Deletion, Facet, Key, Kind, Name, Namespace, Node, Object, OwnerReference, Pod, Volume, Webhook,
    Webhooks, Workload, World,
};

/// Reads a world. Gives the number of the first line that cannot be read, and what is wrong with it.
pub fn parse(text: &str) -> Result<World, (usize, String)> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let lines = text
        .lines()
        .zip(lines)
        .map(|(whole, cut)| if whole.contains("owner=#") || whole.contains("owner=@") { whole.trim() } else { cut });
    let mut world = World::default();
    let mut listed = Vec::new();
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let wrong = |what: String| (index + 1, what);
        if let Some(name) = line.strip_prefix("listed ") {
            listed.push(kind(name));
            continue;
        }
        let object = object(line).map_err(wrong)?;
        listed.push(object.key.kind);
        world.put(object.key, Some(Arc::new(object)));
    }
    let mut world = world.resettle(|settled| {
        for kind in &listed {
            settled.resources.insert((kind.group, crate::load::plural(kind.kind)), *kind);
        }
        listed.sort_unstable();
        listed.dedup();
        settled.listed = listed;
    });
    world.restart_collector(true);
    Ok(world)
}

fn kind(text: &str) -> Kind {
    let (kind, group) = text.split_once('.').unwrap_or((text, ""));
    Kind::new(group, kind)
}

fn key(text: &str) -> Result<Key, String> {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [of, name] => Ok(Key::new(kind(of), Name::default(), Name::new(name))),
        [of, namespace, name] => Ok(Key::new(kind(of), Name::new(namespace), Name::new(name))),
        _ => Err(format!("`{text}` is no key")),
    }
}

fn object(line: &str) -> Result<Object, String> {
    let mut words = line.split_whitespace();
    let text = words.next().unwrap_or_default();
    let key = key(text)?;
    let mut object = Object {
        key,
        api_version: Name::new(&if key.kind.group.is_empty() { "v1".into() } else { format!("{}/v1", key.kind.group) }),
        uid: Name::new(text),
        labels: Vec::new(),
        owners: Vec::new(),
        finalizers: Vec::new(),
        deletion: None,
        facet: match (key.kind.group.as_str(), key.kind.kind.as_str()) {
            ("", "Pod") => Facet::Pod(Pod { grace_seconds: 30, taken_on: true, ..Pod::default() }),
            ("", "Node") => Facet::Node(Node::default()),
            ("", "Namespace") => Facet::Namespace(Namespace::default()),
            ("", "PersistentVolume") => Facet::Volume(Volume::default()),
            ("apps", _) => Facet::Workload(Workload::default()),
            ("apiregistration.k8s.io", _) => Facet::ApiService(ApiService { available: true }),
            ("admissionregistration.k8s.io", _) => {
                Facet::Webhooks(Webhooks { hooks: vec![Webhook { fail: true, ..Webhook::default() }] })
            }
            _ => Facet::None,
        },
    };
    words.try_for_each(|word| apply(&mut object, word))?;
    Ok(object)
}

fn apply(object: &mut Object, word: &str) -> Result<(), String> {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let unknown = || Err(format!("`{word}` is not known here"));
    match (name, &mut object.facet) {
        ("deleting", _) => object.deletion = Some(Deletion { grace_seconds: 0 }),
        ("grace", _) => {
            let grace_seconds = value.parse().map_err(|_| format!("`{value}` is no number"))?;
            object.deletion = Some(Deletion { grace_seconds });
        }
        ("uid", _) => object.uid = Name::new(value),
        // `kubernetes` is a namespace's finalizer in `spec.finalizers`.
        ("fin", Facet::Namespace(namespace)) => {
            let (spec, metadata) = value.split(',').map(Name::new).partition(|f| f.as_str() == "kubernetes");
            (namespace.finalizers, object.finalizers) = (spec, metadata);
        }
        ("fin", _) => object.finalizers = value.split(',').map(Name::new).collect(),
        ("label", _) => {
            let (key, value) = value.split_once(':').ok_or_else(|| format!("`{word}` is no label"))?;
            object.labels.push((Name::new(key), Name::new(value)));
        }
        ("owner", _) => {
            let reference = owner(object, value)?;
            object.owners.push(reference);
        }
        ("node", Facet::Pod(pod)) => pod.node = Name::new(value),
        ("ip", Facet::Pod(pod)) => pod.ip = Name::new(value),
        ("claim", Facet::Pod(pod)) => pod.claims.push(Name::new(value)),
        ("phase", Facet::Volume(volume)) => volume.phase = Name::new(value),
        ("claim", Facet::Volume(volume)) => volume.claim = Name::new(value),
        ("defines", facet) => {
            let (group, kind) = value.split_once('/').ok_or_else(|| format!("`{word}` names no kind"))?;
            let plural = crate::load::plural(Name::new(kind));
            let (group, kind, versions) = (Name::new(group), Name::new(kind), vec![Name::new("v1")]);
            *facet = Facet::Definition { group, kind, plural, versions, namespaced: true };
        }
        ("phase", Facet::Pod(pod)) => {
            pod.phase = Name::new(value);
            pod.ready = value == "Running";
        }
        ("ready", Facet::Node(node)) => node.ready = true,
        ("ready", Facet::Workload(workload)) => workload.ready = 1,
        ("down", Facet::ApiService(api)) => api.available = false,
        ("fail", Facet::Webhooks(webhooks)) => {
            let (resource, operation) = value.split_once(':').ok_or_else(|| format!("`{word}` names no operation"))?;
            let (group, plural) = resource.split_once('/').unwrap_or(("", resource));
            let rule = [group, plural, operation].map(|name| vec![Name::new(name)]);
            webhooks.hooks.iter_mut().for_each(|hook| hook.rules.push(rule.clone()));
        }
        ("service", Facet::Webhooks(webhooks)) => {
            let (namespace, name) = value.split_once('/').ok_or_else(|| format!("`{word}` names no namespace"))?;
            webhooks.hooks.iter_mut().for_each(|hook| hook.service = Some((Name::new(namespace), Name::new(name))));
        }
        _ => return unknown(),
    }
    Ok(())
}

fn owner(object: &Object, value: &str) -> Result<OwnerReference, String> {
    let (value, controller) = value.strip_suffix('*').map_or((value, false), |value| (value, true));
    let (version, value) = match value.strip_prefix('@').and_then(|value| value.split_once('#')) {
        Some((version, _)) => (Some(version), value.trim_start_matches('@').trim_start_matches(version)),
        None => (None, value),
    };
    let (value, block) = value.strip_suffix('!').map_or((value, false), |value| (value, true));
    let (uid, path) = match value.strip_prefix('#').and_then(|value| value.split_once(':')) {
        Some((uid, path)) => (Some(uid), path),
        None => (None, value),
    };
    let (of, name) = path.split_once('/').ok_or_else(|| format!("`{path}` is no owner"))?;
    let kind = kind(of);
    let same_namespace = match object.key.namespace.as_str() {
        "" => format!("{of}/{name}"),
        _ if matches!(kind.kind.as_str(), "Node" | "Namespace") && kind.group.is_empty() => {
            format!("{of}/{name}")
        }
        namespace => format!("{of}/{namespace}/{name}"),
    };
    Ok(OwnerReference {
        api_version: Name::new(&match version {
            Some(version) => version.to_owned(),
            None if kind.group.is_empty() => "v1".to_owned(),
            None => format!("{}/v1", kind.group),
        }),
        kind: kind.kind,
        name: Name::new(name),
        uid: Name::new(uid.unwrap_or(&same_namespace)),
        controller,
        block,
    })
}
