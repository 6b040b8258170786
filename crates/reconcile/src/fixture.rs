//! Small worlds as text: one line an object. Tests and examples are written in it.
//!
//! ```text
//! Node/n1 ready
//! Namespace/shop deleting fin=kubernetes
//! ReplicaSet.apps/shop/web deleting fin=foregroundDeletion
//! Pod/shop/a owner=ReplicaSet.apps/web! node=n1 phase=Running
//! ```
//!
//! A key is `Kind[.group]/[namespace/]name`; it is the uid too, unless `uid=` gives another. Words after it:
//!
//! - `deleting`, `grace=` (seconds that are still pending), `fin=f,g`, `label=k:v`;
//! - `owner=KIND/NAME` (in the same namespace; a Node or Namespace at cluster scope), `owner=/KIND/NAME` (at cluster scope),
//!   `owner=KIND/NAMESPACE/NAME` (an object of that namespace, which no reference can name); `#uid:` before it names a uid of its
//!   own, `@VERSION#uid:` a version too, `!` after it blocks owner deletion, `*` after that makes it the controller;
//! - for pods `node= phase= ip= claim= takes=` (seconds of `terminationGracePeriodSeconds`) and `tolerates` (for ever
//!   that the node is unreachable), for volumes `phase= claim=UID`, for
//!   nodes and workloads `ready`, for namespaces `spec=f,g` (more of `spec.finalizers`), for APIServices `down`, for Secrets `token=UID` (of a ServiceAccount), for Leases `holder=` and `acquired`,
//!   for definitions
//!   `defines=GROUP/KIND`, `serves=v1,v2`, `cluster` and `converts=ns/name` (the service of a conversion webhook), for webhook configurations `fail=GROUP/plural:OPERATION` and
//!   `service=ns/name`;
//! - for workloads `replicas=` (which gives it a template, too), `selects=k:v` (a label of selector and template), `mounts=` (a claim of
//!   the template), `revision=`, `claims=` (volume claim templates), `parallel`, `when-deleted` and `when-scaled` (claims go then), for
//!   nodes `out-of-service` and `unreachable` (taints);
//! - for PodDisruptionBudgets `selects=k:v`, `least=` and `most=` (`minAvailable` and `maxUnavailable`, as `1` or `50%`);
//! - for objects of longhorn.io their own fields, as `spec/nodeID=n1`, `status/conditions/Ready=True` (or the reason for which it is
//!   `False`), `status/instanceReplicas/r1/status/state=running`, `value=true`; an empty value takes a field away; for the pods of
//!   instance managers `engine=` and `replica=`: what runs in them;
//! - as changes of what is there: `fin+=f`, `fin-=f`, `owner+=`, `owner-=`, `block+=` and `block-=` with an owner as above.
//!
//! `listed KIND[.group]` says that the dump lists a kind of which there is no object; the kinds of all objects are listed.

use std::sync::Arc;

use crate::controllers::workload::settle;
use crate::{
    Amount, ApiService, Callee, Conversion, Deletion, DisruptionBudget, Facet, InstanceProcess, Key, Kind, Name,
    Namespace, Node, Object, OwnerReference, Pod, Selector, Template, Volume, Webhook, WebhookRule, Webhooks, Workload,
    World,
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
    settle(&mut world);
    crate::controllers::longhorn::settle(&mut world);
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

/// Reads one line. Gives what is wrong with it where it cannot be read.
pub fn object(line: &str) -> Result<Object, String> {
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
            ("apps" | "batch", _) | ("", "ReplicationController") => Facet::Workload(Workload::default()),
            ("apiregistration.k8s.io", _) => Facet::ApiService(ApiService { available: true, service: None }),
            ("admissionregistration.k8s.io", _) => {
                Facet::Webhooks(Webhooks { hooks: vec![Webhook { fail: true, ..Webhook::default() }] })
            }
            ("policy", _) => Facet::DisruptionBudget(DisruptionBudget::default()),
            ("longhorn.io", _) | ("coordination.k8s.io", _) => crate::facet_of(key.kind, "{}"),
            _ => Facet::None,
        },
    };
    words.try_for_each(|word| apply(&mut object, word))?;
    Ok(object)
}

/// An object with these words applied to it. Gives the word that cannot be.
pub fn edit(object: &Object, words: &str) -> Result<Object, String> {
    let mut object = object.clone();
    words.split_whitespace().try_for_each(|word| apply(&mut object, word))?;
    Ok(object)
}

fn apply(object: &mut Object, word: &str) -> Result<(), String> {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    if object.key.kind.group.as_str() == "longhorn.io" && (name == "value" || name.contains('/')) {
        object.facet = longhorn(object.key.kind, &object.facet, name, value);
        return Ok(());
    }
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
        ("spec", Facet::Namespace(namespace)) => namespace.finalizers.extend(value.split(',').map(Name::new)),
        ("fin", _) => object.finalizers = value.split(',').map(Name::new).collect(),
        ("fin+", _) => object.finalizers.push(Name::new(value)),
        ("fin-", _) => object.finalizers.retain(|finalizer| finalizer.as_str() != value),
        ("label", _) => {
            let (key, value) = value.split_once(':').ok_or_else(|| format!("`{word}` is no label"))?;
            object.labels.push((Name::new(key), Name::new(value)));
        }
        ("owner" | "owner+", _) => {
            let reference = owner(object, value)?;
            object.owners.push(reference);
        }
        ("owner-", _) => {
            let uid = owner(object, value)?.uid;
            object.owners.retain(|reference| reference.uid != uid);
        }
        ("block+" | "block-", _) => {
            let uid = owner(object, value)?.uid;
            let same = object.owners.iter_mut().filter(|reference| reference.uid == uid);
            same.for_each(|reference| reference.block = name == "block+");
        }
        ("node", Facet::Pod(pod)) => pod.node = Name::new(value),
        ("ip", Facet::Pod(pod)) => pod.ip = Name::new(value),
        ("claim", Facet::Pod(pod)) => pod.claims.push(Name::new(value)),
        ("engine" | "replica", Facet::Pod(pod)) => {
            let process = InstanceProcess { name: Name::new(value), engine: name == "engine", state: "running".into() };
            pod.processes.push(process);
            pod.processes.sort_unstable();
        }
        ("takes", Facet::Pod(pod)) => {
            pod.grace_seconds = value.parse().map_err(|_| format!("`{value}` is no number"))?;
        }
        ("token", facet @ Facet::None) => *facet = Facet::Token { service_account: Name::new(value) },
        ("holder", Facet::Lease(lease)) => lease.holder = Name::new(value),
        ("acquired", Facet::Lease(lease)) => lease.acquired = true,
        ("phase", Facet::Volume(volume)) => volume.phase = Name::new(value),
        ("claim", Facet::Volume(volume)) => volume.claim = Name::new(value),
        ("defines", facet) => {
            let (group, kind) = value.split_once('/').ok_or_else(|| format!("`{word}` names no kind"))?;
            let plural = crate::load::plural(Name::new(kind));
            let (group, kind, versions) = (Name::new(group), Name::new(kind), vec![Name::new("v1")]);
            *facet = Facet::Definition {
                group,
                kind,
                plural,
                versions,
                namespaced: true,
                conversion: None,
                terminating: None,
            };
        }
        // Some instances are stored in an older version, and a webhook must convert them.
        ("converts", Facet::Definition { conversion, .. }) => {
            let (namespace, name) = value.split_once('/').ok_or_else(|| format!("`{word}` names no namespace"))?;
            let [storage, stored] = ["v1", "v1beta1"].map(Name::new);
            *conversion = Some(Conversion { service: Some(callee(namespace, name)), storage, stored });
        }
        ("serves", Facet::Definition { versions, .. }) => *versions = value.split(',').map(Name::new).collect(),
        ("cluster", Facet::Definition { namespaced, .. }) => *namespaced = false,
        ("phase", Facet::Pod(pod)) => {
            pod.phase = Name::new(value);
            pod.ready = value == "Running";
        }
        ("ready", Facet::Node(node)) => node.ready = true,
        ("cordoned", Facet::Node(node)) => node.cordoned = true,
        ("ready", Facet::Workload(workload)) => workload.ready = 1,
        ("out-of-service", Facet::Node(node)) => node.out_of_service = true,
        ("unreachable", Facet::Node(node)) => node.unreachable = true,
        ("tolerates", Facet::Pod(pod)) => pod.tolerates = true,
        ("replicas", Facet::Workload(workload)) => {
            workload.replicas = value.parse().map_err(|_| format!("`{value}` is no number"))?;
            template(workload);
        }
        ("selects", Facet::Workload(workload)) => {
            let (key, value) = value.split_once(':').ok_or_else(|| format!("`{word}` is no label"))?;
            let label = (Name::new(key), Name::new(value));
            workload.selector.requirements.extend(Selector::equal([label]).requirements);
            template(workload).labels.push(label);
        }
        ("mounts", Facet::Workload(workload)) => template(workload).pod.claims.push(Name::new(value)),
        ("revision", Facet::Workload(workload)) => workload.current = Name::new(value),
        ("claims", Facet::Workload(workload)) => workload.ordinals.claims.push(Name::new(value)),
        ("forced", Facet::Workload(workload)) => workload.forced = true,
        ("parallel", Facet::Workload(workload)) => workload.ordinals.parallel = true,
        ("when-deleted", Facet::Workload(workload)) => workload.ordinals.deleted_with_set = true,
        ("when-scaled", Facet::Workload(workload)) => workload.ordinals.deleted_with_pod = true,
        ("selects", Facet::DisruptionBudget(budget)) => {
            let (key, value) = value.split_once(':').ok_or_else(|| format!("`{word}` is no label"))?;
            let label = Selector::equal([(Name::new(key), Name::new(value))]);
            budget.selector.get_or_insert_default().requirements.extend(label.requirements);
        }
        ("least" | "most", Facet::DisruptionBudget(budget)) => {
            let wrong = || format!("`{value}` is no number");
            let amount = match value.strip_suffix('%') {
                Some(percent) => Amount::Percent(percent.parse().map_err(|_| wrong())?),
                None => Amount::Count(value.parse().map_err(|_| wrong())?),
            };
            *(if name == "least" { &mut budget.min_available } else { &mut budget.max_unavailable }) = Some(amount);
        }
        ("down", Facet::ApiService(api)) => api.available = false,
        ("fail", Facet::Webhooks(webhooks)) => {
            let (resource, operation) = value.split_once(':').ok_or_else(|| format!("`{word}` names no operation"))?;
            let (group, plural) = resource.split_once('/').unwrap_or(("", resource));
            let [groups, resources, operations] = [group, plural, operation].map(|name| vec![Name::new(name)]);
            let rule = WebhookRule { groups, resources, operations, ..WebhookRule::default() };
            webhooks.hooks.iter_mut().for_each(|hook| hook.rules.push(rule.clone()));
        }
        ("service", Facet::Webhooks(webhooks)) => {
            let (namespace, name) = value.split_once('/').ok_or_else(|| format!("`{word}` names no namespace"))?;
            webhooks.hooks.iter_mut().for_each(|hook| hook.service = Some(callee(namespace, name)));
        }
        _ => return unknown(),
    }
    Ok(())
}

/// A Longhorn object's fields with one set, or with it and all below it taken away where the value is empty.
fn longhorn(kind: Kind, facet: &Facet, path: &str, value: &str) -> Facet {
    let mut fields = facet.longhorn_fields();
    fields.retain(|(other, _)| other != path && !other.starts_with(&format!("{path}/")));
    fields.extend((!value.is_empty()).then(|| (path.to_owned(), Name::new(value))));
    Facet::of_longhorn_fields(kind, &fields)
}

fn callee(namespace: &str, name: &str) -> Callee {
    let url = Name::new(&format!("https://{name}.{namespace}.svc:443/?timeout=10s"));
    Callee { namespace: Name::new(namespace), name: Name::new(name), url }
}

/// A workload's template, which is there from the first word that is about it.
fn template(workload: &mut Workload) -> &mut Template {
    let pod = Pod { grace_seconds: 30, taken_on: true, ..Pod::default() };
    Arc::make_mut(workload.template.get_or_insert_with(|| Arc::new(Template { labels: Vec::new(), pod })))
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
    let namespace = object.key.namespace;
    let (of, name, found) = match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", of, name] => (*of, *name, format!("{of}/{name}")),
        [of, other, name] => (*of, *name, format!("{of}/{other}/{name}")),
        [of, name] if namespace.is_empty() || matches!(*of, "Node" | "Namespace") => {
            (*of, *name, format!("{of}/{name}"))
        }
        [of, name] => (*of, *name, format!("{of}/{namespace}/{name}")),
        _ => return Err(format!("`{path}` is no owner")),
    };
    let kind = kind(of);
    Ok(OwnerReference {
        api_version: Name::new(&match version {
            Some(version) => version.to_owned(),
            None if kind.group.is_empty() => "v1".to_owned(),
            None => format!("{}/v1", kind.group),
        }),
        kind: kind.kind,
        name: Name::new(name),
        uid: Name::new(uid.unwrap_or(&found)),
        controller,
        block,
    })
}

/// An object as one line, with all that [`object`] reads.
pub fn line(object: &Object) -> String {
    let full = |kind: Kind| {
        if kind.group.is_empty() { kind.kind.to_string() } else { format!("{}.{}", kind.kind, kind.group) }
    };
    let key = object.key;
    let parts = [full(key.kind), key.namespace.to_string(), key.name.to_string()];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let mut words = vec![text.clone()];
    if object.uid.as_str() != text {
        words.push(format!("uid={}", object.uid));
    }
    words.extend(object.deletion.map(|deletion| match deletion.grace_seconds {
        0 => "deleting".to_owned(),
        seconds => format!("grace={seconds}"),
    }));
    let held: Vec<&str> = object.held_by().iter().map(|finalizer| finalizer.as_str()).collect();
    words.extend((!held.is_empty()).then(|| format!("fin={}", held.join(","))));
    words.extend(object.owners.iter().map(|owner| owner_word(object, owner)));
    words.extend(object.labels.iter().map(|(key, value)| format!("label={key}:{value}")));
    words.extend(object.facet.longhorn_fields().iter().map(|(path, value)| format!("{path}={value}")));
    facet_words(&object.facet, &mut words);
    words.join(" ")
}

/// The shortest word that [`owner`] reads as this reference.
fn owner_word(object: &Object, reference: &OwnerReference) -> String {
    let group = reference.api_version.as_str().rsplit_once('/').map_or("", |(group, _)| group);
    let of = if group.is_empty() { reference.kind.to_string() } else { format!("{}.{group}", reference.kind) };
    let (name, uid) = (reference.name, reference.uid);
    let found = uid.as_str().strip_prefix(&format!("{of}/"));
    let other = found.and_then(|found| found.strip_suffix(&format!("/{name}")));
    let paths = [
        format!("{of}/{name}"),
        format!("/{of}/{name}"),
        format!("{of}/{}/{name}", other.unwrap_or_default()),
        format!("#{uid}:{of}/{name}"),
        format!("@{}#{uid}:{of}/{name}", reference.api_version),
    ];
    let block = if reference.block { "!" } else { "" };
    let controller = if reference.controller { "*" } else { "" };
    let words = paths.map(|path| format!("{path}{block}{controller}"));
    let word = words.iter().find(|word| owner(object, word).as_ref() == Ok(reference)).unwrap_or(&words[4]);
    format!("owner={word}")
}

fn facet_words(facet: &Facet, words: &mut Vec<String>) {
    let mut word = |name: &str, value: Name| words.extend((!value.is_empty()).then(|| format!("{name}={value}")));
    match facet {
        Facet::Pod(pod) => {
            word("node", pod.node);
            word("phase", pod.phase);
            word("ip", pod.ip);
            pod.claims.iter().for_each(|&claim| word("claim", claim));
            let kind = |process: &InstanceProcess| if process.engine { "engine" } else { "replica" };
            pod.processes.iter().for_each(|process| word(kind(process), process.name));
            words.extend((pod.grace_seconds != 30).then(|| format!("takes={}", pod.grace_seconds)));
            words.extend(pod.tolerates.then(|| "tolerates".to_owned()));
        }
        Facet::Volume(volume) => {
            word("phase", volume.phase);
            word("claim", volume.claim);
        }
        Facet::Token { service_account } => word("token", *service_account),
        Facet::Lease(lease) => {
            word("holder", lease.holder);
            words.extend(lease.acquired.then(|| "acquired".to_owned()));
        }
        Facet::Node(node) => {
            words.extend(node.ready.then(|| "ready".to_owned()));
            words.extend(node.cordoned.then(|| "cordoned".to_owned()));
            words.extend(node.out_of_service.then(|| "out-of-service".to_owned()));
            words.extend(node.unreachable.then(|| "unreachable".to_owned()));
        }
        Facet::Workload(workload) => workload_words(workload, words),
        Facet::ApiService(ApiService { available: false, .. }) => words.push("down".into()),
        Facet::DisruptionBudget(budget) => {
            let amount = |amount: Amount| match amount {
                Amount::Count(count) => count.to_string(),
                Amount::Percent(percent) => format!("{percent}%"),
            };
            let labels = budget.selector.iter().flat_map(Selector::labels);
            words.extend(labels.map(|(key, value)| format!("selects={key}:{value}")));
            words.extend(budget.min_available.map(|least| format!("least={}", amount(least))));
            words.extend(budget.max_unavailable.map(|most| format!("most={}", amount(most))));
        }
        Facet::Definition { group, kind, versions, namespaced, conversion, .. } => {
            words.push(format!("defines={group}/{kind}"));
            if !matches!(versions.as_slice(), [one] if one.as_str() == "v1") {
                let versions: Vec<&str> = versions.iter().map(|version| version.as_str()).collect();
                words.push(format!("serves={}", versions.join(",")));
            }
            words.extend((!namespaced).then(|| "cluster".to_owned()));
            let converter = conversion.and_then(|conversion| conversion.service);
            words.extend(converter.map(|service| format!("converts={}/{}", service.namespace, service.name)));
        }
        Facet::Webhooks(webhooks) => {
            for hook in &webhooks.hooks {
                let first = |names: &[Name]| names.first().copied().unwrap_or_default();
                words.extend(hook.rules.iter().map(|rule| {
                    format!("fail={}/{}:{}", first(&rule.groups), first(&rule.resources), first(&rule.operations))
                }));
                words.extend(hook.service.map(|callee| format!("service={}/{}", callee.namespace, callee.name)));
            }
        }
        _ => {}
    }
}

fn workload_words(workload: &Workload, words: &mut Vec<String>) {
    let Workload { ready, replicas, template, current, ordinals, selector, forced, .. } = workload;
    let flags = [
        (*ready > 0, "ready"),
        (*forced, "forced"),
        (ordinals.parallel, "parallel"),
        (ordinals.deleted_with_set, "when-deleted"),
        (ordinals.deleted_with_pod, "when-scaled"),
    ];
    words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, word)| (*word).to_owned()));
    words.extend(template.is_some().then(|| format!("replicas={replicas}")));
    words.extend(selector.labels().iter().map(|(key, value)| format!("selects={key}:{value}")));
    words.extend(template.iter().flat_map(|template| &template.pod.claims).map(|claim| format!("mounts={claim}")));
    words.extend((!current.is_empty()).then(|| format!("revision={current}")));
    words.extend(ordinals.claims.iter().map(|claim| format!("claims={claim}")));
}
