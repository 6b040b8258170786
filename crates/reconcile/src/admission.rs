//! What stands between an actor and the API server, or between an actor and its peer: admission webhooks, addresses, and
//! whether an actor's process runs at all.

use crate::controllers::longhorn::webhooks;
use crate::{
    Callee, Endpoint, Evidence, Facet, Fault, Key, Kind, Name, Object, ObjectId, Operation, Process, Rule, Truth,
    Unreachable, Webhook, WebhookRule, World, entry_for, kinds,
};

/// Why admission refuses a write for as long as nothing else changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This webhook configuration's webhook must be asked and cannot be (rules A4 and B5).
    Webhook(Key),
    /// The namespace is gone, and only deletes work in it (rule B9).
    NamespaceGone(Key),
    /// This webhook configuration's webhook refuses it, by this rule.
    Denied(Key, Rule),
}

/// A request as admission webhooks match it (`admission.Attributes`).
#[derive(Clone, Copy)]
pub(crate) struct Attributes<'a> {
    key: Key,
    api_version: Name,
    operation: Operation,
    /// Empty for the resource itself.
    subresource: &'static str,
    /// The object as it is, and as it would be.
    objects: [Option<&'a Object>; 2],
}

impl<'a> Attributes<'a> {
    /// A request for the resource itself.
    pub(crate) fn new(key: Key, operation: Operation, before: Option<&'a Object>, after: Option<&'a Object>) -> Self {
        let version = before.or(after).map(|object| object.api_version).unwrap_or_default();
        Self { key, api_version: version, operation, subresource: "", objects: [before, after] }
    }

    /// The same for a subresource.
    pub(crate) fn to(self, subresource: &'static str) -> Self {
        Self { subresource, ..self }
    }

    /// What is asked for.
    pub(crate) fn operation(self) -> Operation {
        self.operation
    }

    /// The object as it is, and as it would be.
    pub(crate) fn objects(self) -> [Option<&'a Object>; 2] {
        self.objects
    }
}

impl World {
    /// The configuration of the first webhook that a write to `key` must pass and that cannot be asked, so that the write
    /// is refused (rules A4 and B5: `failurePolicy: Fail`, and its service is gone).
    pub fn unreachable_webhook(&self, key: Key, operation: Operation) -> Option<Key> {
        self.unreachable_hook(key, operation).map(|(configuration, _)| configuration)
    }

    /// Why admission refuses a write to `key`; `None` when it lets it pass.
    pub fn refusal(&self, key: Key, operation: Operation) -> Option<Refusal> {
        let gone = operation != Operation::Delete && self.namespace_missing(key);
        match gone {
            true => Some(Refusal::NamespaceGone(namespace_key(key))),
            false => {
                self.unreachable_webhook(key, operation).map(Refusal::Webhook).or_else(|| self.denial(key, operation))
            }
        }
    }

    /// Why a webhook that can be asked refuses a write to `key`, whatever the write changes.
    fn denial(&self, key: Key, operation: Operation) -> Option<Refusal> {
        let found = self.find(key).map(|object| &**object)?;
        let rule = webhooks::refuse(self, Attributes::new(key, operation, Some(found), None))?;
        Some(Refusal::Denied(webhooks::validator(), rule))
    }

    /// Whether a request must pass a webhook of the configuration of this kind and name.
    pub(crate) fn asks(&self, kind: Kind, configuration: &str, attributes: Attributes<'_>) -> bool {
        let key = || Key::new(kind, Name::default(), Name::new(configuration));
        self.has_webhooks()
            && matches!(
                self.find(key()).map(|object| &object.facet),
                Some(Facet::Webhooks(webhooks)) if webhooks.hooks.iter().any(|hook| self.selects(hook, attributes))
            )
    }

    /// The key of the service that the webhook which refuses a write is behind.
    pub fn unreachable_service(&self, key: Key, operation: Operation) -> Option<Key> {
        let (configuration, at) = self.unreachable_hook(key, operation)?;
        let Callee { namespace, name, .. } = self.hook(configuration, at)?.service?;
        Some(Key::new(kinds::service(), namespace, name))
    }

    /// What shows in the dump why a write is refused: the configuration's service, or the namespace.
    pub(crate) fn refusal_evidence(&self, key: Key, operation: Operation) -> Option<Evidence> {
        match self.refusal(key, operation)? {
            Refusal::NamespaceGone(namespace) => Some(Evidence::new(namespace, "", "absent")),
            Refusal::Denied(configuration, rule) => Some(Evidence::new(configuration, "", rule.0)),
            Refusal::Webhook(_) => {
                let (configuration, at) = self.unreachable_hook(key, operation)?;
                let Callee { namespace, name, .. } = self.hook(configuration, at)?.service?;
                let path = format!("webhooks/{at}/clientConfig/service");
                Some(Evidence::new(configuration, &path, Name::new(&format!("{namespace}/{name}"))))
            }
        }
    }

    /// Rule B9 (`NamespaceLifecycle.Admit`): whether an object's namespace is known to be gone.
    pub(crate) fn namespace_missing(&self, key: Key) -> bool {
        let namespace = namespace_key(key);
        let known = || self.lists(namespace.kind) || self.place(namespace).is_some();
        !key.namespace.is_empty() && self.find(namespace).is_none() && known()
    }

    fn unreachable_hook(&self, key: Key, operation: Operation) -> Option<(Key, usize)> {
        if !self.has_webhooks() {
            return None;
        }
        let found = self.find(key).map(|object| &**object);
        let attributes = Attributes::new(key, operation, found, None);
        [kinds::mutating_webhooks(), kinds::validating_webhooks()]
            .into_iter()
            // In the API server's order: mutating webhooks are asked before validating ones.
            .find_map(|kind| self.refusing_hook(kind, attributes))
    }

    /// The first webhook of a kind of configurations that must be asked about a request and cannot be (`Dispatch` in
    /// `apiserver/pkg/admission/plugin/webhook`). About these configurations themselves no webhook is ever asked.
    pub(crate) fn refusing_hook(&self, kind: Kind, attributes: Attributes<'_>) -> Option<(Key, usize)> {
        if attributes.key.kind.group == kind.group || !self.has_webhooks() {
            return None;
        }
        self.of_kind(kind).find_map(|(_, object)| {
            let Facet::Webhooks(webhooks) = &object.facet else { return None };
            let broken = self.has_fault(Fault::Broken(object.key));
            let refuses = |hook: &Webhook| self.selects(hook, attributes) && (broken || !self.reachable(hook.service));
            Some((object.key, webhooks.hooks.iter().position(refuses)?))
        })
    }

    /// One webhook of a configuration.
    pub(crate) fn hook(&self, configuration: Key, at: usize) -> Option<&Webhook> {
        match &self.find(configuration)?.facet {
            Facet::Webhooks(webhooks) => webhooks.hooks.get(at),
            _ => None,
        }
    }

    /// Whether a request must pass a webhook (`rules.Matcher`, and the matchers of namespaces and objects beside it).
    fn selects(&self, hook: &Webhook, attributes: Attributes<'_>) -> bool {
        hook.fail
            && hook.rules.iter().any(|rule| self.matches(rule, hook.exact, attributes))
            && self.in_selected_namespace(hook, attributes.key)
            && (hook.objects.requirements.is_empty()
                || attributes.objects.iter().flatten().any(|object| hook.objects.selects(&object.labels)))
    }

    fn matches(&self, rule: &WebhookRule, exact: bool, attributes: Attributes<'_>) -> bool {
        let Attributes { key, api_version, operation, subresource, .. } = attributes;
        let version = api_version.as_str().rsplit('/').next().unwrap_or_default();
        let operation = match operation {
            Operation::Create => "CREATE",
            Operation::Update | Operation::Release => "UPDATE",
            Operation::Delete => "DELETE",
        };
        let lists = |names: &[Name], wanted: &str| {
            names.iter().any(|name| matches!(name.as_str(), "*") || name.as_str() == wanted)
        };
        let resource = |listed: &Name| {
            let (plural, sub) = listed.as_str().split_once('/').unwrap_or((listed.as_str(), ""));
            let named = plural == "*" || self.kind_of_resource(key.kind.group, Name::new(plural)) == Some(key.kind);
            named && (sub == subresource || sub == "*")
        };
        let scope = match rule.scope.as_str() {
            "Cluster" => key.namespace.is_empty(),
            "Namespaced" => !key.namespace.is_empty(),
            _ => true,
        };
        scope
            && lists(&rule.groups, key.kind.group.as_str())
            && (!exact || rule.versions.is_empty() || lists(&rule.versions, version))
            && lists(&rule.operations, operation)
            && rule.resources.iter().any(resource)
    }

    /// Whether a webhook's `namespaceSelector` selects the object's namespace, or a namespace itself (`namespace.Matcher`). Of
    /// other objects at cluster scope it knows nothing, and they are always selected.
    fn in_selected_namespace(&self, hook: &Webhook, key: Key) -> bool {
        let itself = key.kind == kinds::namespace();
        if hook.namespaces.requirements.is_empty() || (key.namespace.is_empty() && !itself) {
            return true;
        }
        let namespace = if itself { key } else { namespace_key(key) };
        let mut labels = self.find(namespace).map(|found| found.labels.clone()).unwrap_or_default();
        // The API server labels every namespace with its name.
        let named = Name::new("kubernetes.io/metadata.name");
        if !labels.iter().any(|(label, _)| *label == named) {
            labels.push((named, namespace.name));
        }
        hook.namespaces.selects(&labels)
    }

    /// Somebody can be asked when the service is there and has somebody behind it, or cannot be seen in the dump. A URL
    /// outside the cluster is taken to answer.
    pub(crate) fn reachable(&self, callee: Option<Callee>) -> bool {
        let Some(Callee { namespace, name, .. }) = callee else { return true };
        let kind = kinds::service();
        match self.find(Key::new(kind, namespace, name)) {
            Some(service) => self.has_endpoints(service),
            None => {
                // ConfigMaps are asked for only by whoever asks for everything in a namespace; services would be there, too.
                let config_maps = kinds::config_map();
                let whole = self.of_kind(config_maps).any(|(_, object)| object.key.namespace == namespace);
                let known = self.lists(kind) || (whole && self.lists(config_maps)) || self.knows_namespace(namespace);
                !known
            }
        }
    }

    /// Whether a pod that is ready is behind a service, as far as the dump tells: one without a selector has endpoints that
    /// somebody else keeps, and of a namespace of which no pod was seen nothing is concluded, unless the dump is whole.
    fn has_endpoints(&self, service: &Object) -> bool {
        let Facet::Service(facet) = &service.facet else { return true };
        let Some(selector) = &facet.selector else { return true };
        let mut pods =
            self.of_kind(kinds::pod()).filter(|(_, pod)| pod.key.namespace == service.key.namespace).peekable();
        (pods.peek().is_none() && !self.whole()) || pods.any(|(_, pod)| pod.runs() && selector.selects(&pod.labels))
    }

    /// The error of asking somebody who cannot be asked, as the API server words it.
    pub(crate) fn call_error(&self, callee: Callee) -> String {
        let Callee { namespace, name, url } = callee;
        match self.find(Key::new(kinds::service(), namespace, name)) {
            None => format!("Post \"{url}\": service \"{name}\" not found"),
            Some(_) => format!("Post \"{url}\": connect: connection refused"),
        }
    }

    /// The answer to a write that a webhook refuses, as the API server words it.
    pub(crate) fn refusal_message(&self, key: Key, operation: Operation) -> Option<String> {
        let (configuration, at) = self.unreachable_hook(key, operation)?;
        let hook = self.hook(configuration, at)?;
        let error = self.call_error(hook.service?);
        Some(format!(
            "Internal error occurred: failed calling webhook \"{}\": failed to call webhook: {error}",
            hook.name
        ))
    }

    /// Whether a webhook that cannot be asked keeps an actor from the subresource `status` (rule B5).
    pub(crate) fn refuses_status(&self, object: &Object) -> bool {
        let attributes = Attributes::new(object.key, Operation::Update, Some(object), None).to("status");
        let kinds = [kinds::mutating_webhooks(), kinds::validating_webhooks()];
        kinds.into_iter().any(|kind| self.refusing_hook(kind, attributes).is_some())
    }

    /// Whether an aggregated API is served (`AvailableConditionController`): its service is there, and it was available.
    pub(crate) fn is_served(&self, api: &Object) -> bool {
        let Facet::ApiService(facet) = &api.facet else { return true };
        let gone = facet.service.is_some_and(|(namespace, name)| {
            let key = Key::new(kinds::service(), namespace, name);
            self.find(key).is_none() && (self.whole() || self.place(key).is_some())
        });
        facet.available && !gone && !self.has_fault(Fault::Broken(api.key))
    }

    /// Whether the dump shows that a service's namespace is gone, or holds objects of it.
    fn knows_namespace(&self, namespace: Name) -> bool {
        let kind = kinds::namespace();
        self.lists(kind) && self.find(Key::new(kind, Name::default(), namespace)).is_none()
    }

    /// The pod whose process answers at an address, or why none does. A pod answers until its kubelet has ended it.
    pub fn dial(&self, endpoint: &Endpoint) -> Result<ObjectId, Unreachable> {
        if self.has_fault(Fault::Refused(*endpoint)) {
            return Err(Unreachable::Refused);
        }
        let mut failure = Unreachable::NoRoute;
        for (id, pod) in self.at_address(endpoint.ip) {
            let Facet::Pod(facet) = &pod.facet else { continue };
            let cut = self.has_fault(Fault::Cut(facet.node)) || self.runs(Process::Kubelet(facet.node)) == Truth::False;
            match pod.listens() {
                true if !cut => return Ok(id),
                true => failure = Unreachable::TimedOut,
                false if failure == Unreachable::NoRoute => failure = Unreachable::Refused,
                false => {}
            }
        }
        Err(failure)
    }

    /// Whether somebody answers at an address.
    pub(crate) fn answers(&self, endpoint: &Endpoint) -> Truth {
        match self.dial(endpoint) {
            Ok(_) => Truth::True,
            Err(Unreachable::NoRoute) if !self.lists(kinds::pod()) => Truth::Unknown,
            Err(_) => Truth::False,
        }
    }

    /// What a person broke so that a process does not act: it is stopped, or the node that it runs on is cut off.
    pub fn halting(&self, process: Process) -> Option<Fault> {
        let cut = match process {
            Process::Kubelet(node) | Process::LonghornManager(node) => Some(Fault::Cut(node)),
            Process::ApiServer
            | Process::ControllerManager
            | Process::FinalizerController(_)
            | Process::Workload(_) => None,
        };
        [Some(Fault::Stopped(process)), cut].into_iter().flatten().find(|fault| self.has_fault(*fault))
    }

    /// Whether a process runs.
    pub(crate) fn runs(&self, process: Process) -> Truth {
        if self.halting(process).is_some() {
            return Truth::False;
        }
        match process {
            Process::ApiServer | Process::ControllerManager => Truth::True,
            Process::Kubelet(node) => {
                let kind = kinds::node();
                match self.find(Key::new(kind, Name::default(), node)).map(|node| &node.facet) {
                    Some(Facet::Node(node)) => (node.ready || node.silent).into(),
                    _ if self.lists(kind) => Truth::False,
                    _ => Truth::Unknown,
                }
            }
            Process::LonghornManager(node) => {
                let manager = |pod: &Object| pod.label("app").is_some_and(|app| app.as_str() == "longhorn-manager");
                let runs = self.on_node(kinds::pod(), node).any(|(_, pod)| manager(pod) && pod.runs());
                if runs { Truth::True } else { self.absent_or_unknown(&[kinds::pod()]) }
            }
            Process::FinalizerController(finalizer) => self.finalizer_controller_runs(finalizer),
            Process::Workload(key) => {
                let workload = self.find(key);
                let mut pods = workload.into_iter().flat_map(|found| self.dependents(found.uid));
                let runs = pods.any(|(_, pod)| pod.runs());
                if runs { Truth::True } else { self.absent_or_unknown(&[kinds::pod()]) }
            }
        }
    }

    /// Whether some pod that was put on a node shows that a kubelet took it on.
    pub(crate) fn kubelet_seen(&self, node: Name) -> bool {
        let pods = self.on_node(kinds::pod(), node);
        let bound = pods.filter_map(|(_, object)| match &object.facet {
            Facet::Pod(pod) => Some(pod.taken_on),
            _ => None,
        });
        // A node of which no pod is known is taken to be like any other.
        bound.reduce(|seen, taken_on| seen || taken_on).unwrap_or(true)
    }

    fn finalizer_controller_runs(&self, finalizer: Name) -> Truth {
        let Some(entry) = entry_for(finalizer.as_str()) else {
            return Truth::Unknown;
        };
        if entry.in_control_plane() {
            return Truth::True;
        }
        let workloads = [kinds::deployment(), kinds::stateful_set(), kinds::daemon_set()];
        let pods = kinds::pod();
        let by_workload = workloads.iter().flat_map(|&kind| self.of_kind(kind)).any(|(_, object)| {
            entry.run_by(object.key.kind.kind.as_str(), object.key.name.as_str())
                && matches!(&object.facet, Facet::Workload(workload) if workload.ready > 0)
        });
        let by_pod = || self.of_kind(pods).any(|(_, pod)| entry.selects(&pod.labels) && pod.runs());
        if by_workload || by_pod() { Truth::True } else { self.absent_or_unknown(&workloads) }
    }

    /// False when the dump lists one of these kinds, so that what is not there is absent.
    fn absent_or_unknown(&self, kinds: &[Kind]) -> Truth {
        if kinds.iter().any(|&kind| self.lists(kind)) { Truth::False } else { Truth::Unknown }
    }
}

/// The key of the namespace that an object is in.
pub(crate) fn namespace_key(key: Key) -> Key {
    Key::new(kinds::namespace(), Name::default(), key.namespace)
}
