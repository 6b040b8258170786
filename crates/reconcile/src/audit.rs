//! What the audit log of an API server would have of a step: `audit.k8s.io/v1`, stage `ResponseComplete`.
//!
//! Verbs, users and forms are those of the recorded audit logs. What a simulation does not know (times, addresses, the
//! log's own identifiers) is left out.

use serde_json::{Map, Value, json};

use crate::controllers::garbage_collector::NAME as GARBAGE_COLLECTOR;
use crate::{Actor, Call, Facet, Key, Kind, Process, Propagation, Request, Response, Step, Verb, World, kinds};

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    /// `user.username`; `None` where it cannot be known: a person, or a program that nothing is known of but its deeds.
    pub user: Option<String>,
    /// `verb`.
    pub verb: &'static str,
    /// `requestURI`.
    pub uri: String,
    /// `objectRef`.
    pub object: Value,
    /// `responseStatus.code`.
    pub code: u16,
    /// `responseStatus.reason` of a refusal; `None` where a webhook chose it.
    pub reason: Option<&'static str>,
    /// `requestObject`, so far as it is known.
    pub body: Option<Value>,
}

impl Audited {
    /// The event as JSON.
    pub fn event(&self) -> Value {
        let mut event = json!({
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "stage": "ResponseComplete",
            "requestURI": self.uri, "verb": self.verb, "objectRef": self.object,
            "level": if self.body.is_some() { "Request" } else { "Metadata" },
            "responseStatus": { "code": self.code },
        });
        if let Some(user) = &self.user {
            event["user"] = json!({ "username": user });
        }
        if self.code >= 400 {
            event["responseStatus"]["status"] = json!("Failure");
        }
        if let Some(reason) = self.reason {
            event["responseStatus"]["reason"] = json!(reason);
        }
        if let Some(body) = &self.body {
            event["requestObject"] = body.clone();
        }
        event
    }
}

/// The event of each request of a step, by the world before it; `None` for what no audit log has: a call to another process than
/// the API server, and what the API server does in its storage by itself.
pub fn audit(world: &World, step: &Step) -> Vec<Option<Audited>> {
    let event = |(request, response): &(Request, Response)| audited(world, step.actor, request, *response);
    step.requests.iter().map(event).collect()
}

fn audited(world: &World, actor: Option<Actor>, request: &Request, response: Response) -> Option<Audited> {
    let key = request.target;
    let object = world.find(key);
    let of_namespace = actor.is_some_and(|actor| actor.controller == "namespace controller");
    let (verb, body) = match &request.verb {
        Verb::Call(_, Call::InstanceCreate(_) | Call::InstanceDelete(_)) => return None,
        Verb::Delete { .. } if request.in_storage => return None,
        Verb::Create(_) => ("create", None),
        Verb::Delete { .. } if request.eviction => ("create", Some(eviction(request))),
        // It deletes what is in the namespace kind by kind; each object that went is shown by itself.
        Verb::Delete { .. } if of_namespace => ("deletecollection", Some(options(request))),
        Verb::Delete { .. } => ("delete", Some(options(request))),
        Verb::Update(update) => {
            (if patches(actor, update.facet.is_some(), update.to_status) { "patch" } else { "update" }, None)
        }
    };
    let made = match &request.verb {
        Verb::Create(made) => Some(made),
        _ => object,
    };
    let api_version = made.map_or_else(|| version_of(world, key.kind), |made| made.api_version.to_string());
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", &api_version));
    let resource = world.plural_of(key.kind);
    let subresource = match &request.verb {
        _ if request.eviction => Some("eviction"),
        Verb::Update(update) => {
            subresource(object.map(|object| &object.facet), update.facet.as_ref(), update.to_status)
        }
        _ => None,
    };
    let mut uri = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    if !key.namespace.is_empty() {
        uri.push_str(&format!("/namespaces/{}", key.namespace));
    }
    uri.push_str(&format!("/{resource}"));
    if subresource.is_some() || !matches!(verb, "create" | "deletecollection") {
        uri.push_str(&format!("/{}", key.name));
    }
    if let Some(subresource) = subresource {
        uri.push_str(&format!("/{subresource}"));
    }
    let mut reference = Map::new();
    let mut set = |name: &str, value: &str| {
        if !value.is_empty() {
            reference.insert(name.to_owned(), json!(value));
        }
    };
    set("resource", resource.as_str());
    set("apiGroup", group);
    set("apiVersion", version);
    set("namespace", if key.kind == kinds::namespace() { key.name.as_str() } else { key.namespace.as_str() });
    set("name", if verb == "deletecollection" { "" } else { key.name.as_str() });
    set("subresource", subresource.unwrap_or_default());
    let user = actor.and_then(|actor| user(world, actor));
    let object = Value::Object(reference);
    Some(Audited { user, verb, uri, object, code: response.code(), reason: reason(response, verb), body })
}

/// `Eviction`, as a drain posts it.
fn eviction(request: &Request) -> Value {
    let Key { namespace, name, .. } = request.target;
    let metadata = json!({ "name": name.as_str(), "namespace": namespace.as_str() });
    json!({ "kind": "Eviction", "apiVersion": "policy/v1", "metadata": metadata })
}

/// `DeleteOptions`, in the version in which an audit log has them.
fn options(request: &Request) -> Value {
    let mut options = json!({ "kind": "DeleteOptions", "apiVersion": "meta.k8s.io/__internal" });
    if let Verb::Delete { policy, grace_seconds } = request.verb {
        if let Some(policy) = policy {
            options["propagationPolicy"] = json!(match policy {
                Propagation::Background => "Background",
                Propagation::Foreground => "Foreground",
                Propagation::Orphan => "Orphan",
            });
        }
        if let Some(seconds) = grace_seconds {
            options["gracePeriodSeconds"] = json!(seconds);
        }
    }
    // The simulator names what it makes, and what has no uid in a dump; the name is no uid.
    if let Some(uid) = request.uid.filter(|uid| !uid.as_str().contains(' ')) {
        options["preconditions"] = json!({ "uid": uid.as_str() });
    }
    options
}

/// Whether a change is sent as a patch; otherwise the whole object is.
fn patches(actor: Option<Actor>, facet: bool, to_status: bool) -> bool {
    let Some(actor) = actor else { return !facet };
    match (actor.process, actor.controller) {
        (Process::Kubelet(_), _) | (_, "pod garbage collector") => true,
        (Process::LonghornManager(_) | Process::ApiServer, _) => false,
        (_, "PVC protection controller" | "PV protection controller") => false,
        (_, "node lifecycle controller") => !to_status,
        _ => !facet,
    }
}

/// The subresource that an update goes to.
fn subresource(before: Option<&Facet>, after: Option<&Facet>, to_status: bool) -> Option<&'static str> {
    match (before, after) {
        (Some(Facet::Namespace(before)), Some(Facet::Namespace(after))) if before.finalizers != after.finalizers => {
            Some("finalize")
        }
        _ => to_status.then_some("status"),
    }
}

/// The version of a kind of which the object is not there: that of another one, or of its definition, or the usual one.
fn version_of(world: &World, kind: Kind) -> String {
    let another = world.of_kind(kind).next().map(|(_, object)| object.api_version.to_string());
    let defined = || {
        world.of_kind(kinds::definition()).find_map(|(_, object)| match &object.facet {
            Facet::Definition { group, kind: of, versions, .. } if *group == kind.group && *of == kind.kind => {
                Some(format!("{group}/{}", versions.first()?))
            }
            _ => None,
        })
    };
    another.or_else(defined).unwrap_or_else(|| match kind.group.as_str() {
        "" => "v1".to_owned(),
        group => format!("{group}/v1"),
    })
}

/// Who an actor is to the API server.
fn user(world: &World, actor: Actor) -> Option<String> {
    let account = |name: &str| Some(format!("system:serviceaccount:kube-system:{name}"));
    match actor.process {
        Process::ApiServer => Some("system:apiserver".to_owned()),
        Process::Kubelet(node) => Some(format!("system:node:{node}")),
        Process::LonghornManager(_) => {
            let (_, node) = world.of_kind(kinds::longhorn_node()).next()?;
            Some(format!("system:serviceaccount:{}:longhorn-service-account", node.key.namespace))
        }
        Process::ControllerManager => match actor.controller {
            GARBAGE_COLLECTOR => account("generic-garbage-collector"),
            "namespace controller" => account("namespace-controller"),
            "Deployment controller" => account("deployment-controller"),
            "ReplicaSet controller" => account("replicaset-controller"),
            "replication controller" => account("replication-controller"),
            "StatefulSet controller" => account("statefulset-controller"),
            "DaemonSet controller" => account("daemon-set-controller"),
            "Job controller" => account("job-controller"),
            "PVC protection controller" => account("pvc-protection-controller"),
            "PV protection controller" => account("pv-protection-controller"),
            "volume binder" => account("persistent-volume-binder"),
            "endpoints controller" => account("endpoint-controller"),
            "pod garbage collector" => account("pod-garbage-collector"),
            "service account controller" => account("service-account-controller"),
            "root CA publisher" => account("root-ca-cert-publisher"),
            "node lifecycle controller" | "taint eviction controller" => account("node-controller"),
            "tokens controller" => Some("system:kube-controller-manager".to_owned()),
            _ => None,
        },
        Process::FinalizerController(_) | Process::Workload(_) => None,
    }
}

/// `reason` of a `Status`, as the API server gives it.
fn reason(response: Response, verb: &str) -> Option<&'static str> {
    match response {
        Response::Ok | Response::Created | Response::Denied(_) | Response::Unreachable(_) => None,
        Response::Forbidden => Some("Forbidden"),
        Response::NotFound => Some("NotFound"),
        Response::NotAllowed => Some("MethodNotAllowed"),
        Response::Conflict if verb == "create" => Some("AlreadyExists"),
        Response::Conflict => Some("Conflict"),
        Response::Invalid => Some("Invalid"),
        Response::Disruption(_) => Some("TooManyRequests"),
        Response::SeveralBudgets | Response::WebhookFailed(_) => Some("InternalError"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timeline, fixture};

    /// The log of a run, a line an event, that begins as a person deletes an object.
    fn log(text: &str, uid: &str, policy: Propagation) -> Vec<String> {
        let mut timeline = Timeline::new(fixture::parse(text).expect("the world can be read"));
        let object = timeline.world().by_uid(uid.into()).expect("the object is there").clone();
        timeline.request(Request::delete(&object, Some(policy)));
        timeline.run(40);
        let mut lines = Vec::new();
        for (index, step) in timeline.steps().iter().enumerate() {
            for event in audit(&timeline.world_at(index), step) {
                lines.push(event.map_or_else(
                    || "nothing".to_owned(),
                    |event| {
                        let user = event.user.as_deref().unwrap_or("?");
                        let reason = event.reason.unwrap_or_default();
                        format!("{user} {} {} {} {reason}", event.verb, event.uri, event.code).trim_end().to_owned()
                    },
                ));
            }
        }
        lines
    }

    #[test]
    fn a_run_reads_as_its_audit_log() {
        let text =
            "Node/n1 ready\nReplicaSet.apps/shop/web\nPod/shop/a owner=ReplicaSet.apps/web! node=n1 phase=Running";
        let collector = "system:serviceaccount:kube-system:generic-garbage-collector";
        let pod = "/api/v1/namespaces/shop/pods/a";
        let lines = log(text, "ReplicaSet.apps/shop/web", Propagation::Foreground);
        assert_eq!(
            lines,
            [
                "? delete /apis/apps/v1/namespaces/shop/replicasets/web 200".to_owned(),
                format!("{collector} delete {pod} 200"),
                format!("system:node:n1 delete {pod} 200"),
                format!("{collector} patch /apis/apps/v1/namespaces/shop/replicasets/web 200"),
            ]
        );
    }

    #[test]
    fn a_namespace_goes_by_collections_and_is_finalized() {
        let text = "Namespace/shop spec=kubernetes\nConfigMap/shop/a";
        let lines = log(text, "Namespace/shop", Propagation::Background);
        let controller = "system:serviceaccount:kube-system:namespace-controller";
        assert!(
            lines.contains(&format!("{controller} deletecollection /api/v1/namespaces/shop/configmaps 200")),
            "{lines:#?}"
        );
        assert!(lines.contains(&format!("{controller} update /api/v1/namespaces/shop/finalize 200")), "{lines:#?}");
    }

    #[test]
    fn an_eviction_is_posted_to_its_subresource() {
        let world = fixture::parse("Node/n1 ready\nPod/shop/a node=n1 phase=Running").expect("the world can be read");
        let pod = world.objects().map(|(_, object)| object.key).find(|key| key.kind == kinds::pod()).expect("a pod");
        let mut timeline = Timeline::new(world.clone());
        timeline.request(Request::evict(pod));
        let events = audit(&world, &timeline.steps()[0]);
        let event = events[0].as_ref().expect("a request is in the log");
        assert_eq!((event.verb, &*event.uri, event.code), ("create", "/api/v1/namespaces/shop/pods/a/eviction", 201));
    }

    #[test]
    fn an_event_has_what_is_known_and_nothing_else() {
        let world = fixture::parse("ConfigMap/shop/a").expect("the world can be read");
        let absent = Key::new(kinds::config_map(), "shop".into(), "b".into());
        let verb = Verb::Delete { policy: Some(Propagation::Orphan), grace_seconds: None };
        let mut timeline = Timeline::new(world.clone());
        timeline.request(Request::new(absent, None, verb));
        let events = audit(&world, &timeline.steps()[0]);
        let event = events[0].as_ref().expect("a request is in the log").event();
        assert_eq!(
            event.to_string(),
            r#"{"apiVersion":"audit.k8s.io/v1","kind":"Event","level":"Request","objectRef":{"apiVersion":"v1","name":"b","namespace":"shop","resource":"configmaps"},"requestObject":{"apiVersion":"meta.k8s.io/__internal","kind":"DeleteOptions","propagationPolicy":"Orphan"},"requestURI":"/api/v1/namespaces/shop/configmaps/b","responseStatus":{"code":404,"reason":"NotFound","status":"Failure"},"stage":"ResponseComplete","verb":"delete"}"#
        );
    }
}
