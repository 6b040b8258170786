//! What stands between an actor and the API server, or between an actor and its peer: admission webhooks, addresses, and
//! whether an actor's process runs at all.

use crate::{
    Endpoint, Evidence, Facet, Fault, Key, Kind, Name, Operation, Process, Truth, Webhook, World, entry_for, kinds,
};

impl World {
    /// The configuration of the first webhook that a write to `key` must pass and that cannot be asked, so that the write
    /// is refused (rules A4 and B5: `failurePolicy: Fail`, and its service is gone).
    pub fn unreachable_webhook(&self, key: Key, operation: Operation) -> Option<Key> {
        self.unreachable_hook(key, operation).map(|(configuration, _)| configuration)
    }

    /// The configuration's service, as a field that shows why a write is refused.
    pub(crate) fn unreachable_evidence(&self, key: Key, operation: Operation) -> Option<Evidence> {
        let (configuration, at) = self.unreachable_hook(key, operation)?;
        let hook = match &self.find(configuration)?.facet {
            Facet::Webhooks(webhooks) => webhooks.hooks.get(at)?,
            _ => return None,
        };
        let (namespace, name) = hook.service?;
        let service = Name::new(&format!("{namespace}/{name}"));
        Some(Evidence::new(configuration, &format!("webhooks/{at}/clientConfig/service"), service))
    }

    fn unreachable_hook(&self, key: Key, operation: Operation) -> Option<(Key, usize)> {
        if !self.has_webhooks() {
            return None;
        }
        [kinds::mutating_webhooks(), kinds::validating_webhooks()]
            .into_iter()
            // In the API server's order: mutating webhooks are asked before validating ones.
            .flat_map(|kind| self.of_kind(kind))
            .filter(|(_, object)| object.key != key)
            .find_map(|(_, object)| {
                let Facet::Webhooks(webhooks) = &object.facet else { return None };
                let broken = self.has_fault(Fault::Broken(object.key));
                let refuses = |hook: &Webhook| self.selects(hook, key, operation) && (broken || !self.reachable(hook));
                Some((object.key, webhooks.hooks.iter().position(refuses)?))
            })
    }

    fn selects(&self, hook: &Webhook, key: Key, operation: Operation) -> bool {
        let verb = match operation {
            Operation::Create => "CREATE",
            Operation::Update => "UPDATE",
            Operation::Delete => "DELETE",
        };
        let lists =
            |names: &[Name], wanted: &str| names.iter().any(|name| name.as_str() == "*" || name.as_str() == wanted);
        hook.fail
            && hook.rules.iter().any(|[groups, resources, operations]| {
                lists(groups, key.kind.group.as_str())
                    && lists(operations, verb)
                    && resources.iter().any(|plural| {
                        matches!(plural.as_str(), "*" | "*/*")
                            || self.kind_of_resource(key.kind.group, *plural) == Some(key.kind)
                    })
            })
    }

    /// A webhook can be asked when its service is there, or cannot be seen in the dump.
    fn reachable(&self, hook: &Webhook) -> bool {
        let service = kinds::service();
        let Some((namespace, name)) = hook.service else { return true };
        // ConfigMaps are asked for only by whoever asks for everything in a namespace; services would be there, too.
        let config_maps = kinds::config_map();
        let whole = self.of_kind(config_maps).any(|(_, object)| object.key.namespace == namespace);
        let known = self.lists(service) || (whole && self.lists(config_maps)) || self.knows_namespace(namespace);
        self.find(Key::new(service, namespace, name)).is_some() || !known
    }

    /// Whether the dump shows that a service's namespace is gone, or holds objects of it.
    fn knows_namespace(&self, namespace: Name) -> bool {
        let kind = kinds::namespace();
        self.lists(kind) && self.find(Key::new(kind, Name::default(), namespace)).is_none()
    }

    /// Whether somebody answers at an address: a pod that runs has it.
    pub(crate) fn answers(&self, endpoint: &Endpoint) -> Truth {
        if self.has_fault(Fault::Refused(*endpoint)) {
            return Truth::False;
        }
        let pods = kinds::pod();
        let has = |facet: &Facet| matches!(facet, Facet::Pod(pod) if pod.ip == endpoint.ip && !self.has_fault(Fault::Cut(pod.node)));
        match self.of_kind(pods).any(|(_, pod)| has(&pod.facet) && pod.runs()) {
            true => Truth::True,
            false if self.lists(pods) => Truth::False,
            false => Truth::Unknown,
        }
    }

    /// Whether a person stopped a process, or cut off the node that it runs on.
    pub(crate) fn halted(&self, process: Process) -> bool {
        let cut = match process {
            Process::Kubelet(node) | Process::LonghornManager(node) => self.has_fault(Fault::Cut(node)),
            Process::ApiServer | Process::ControllerManager | Process::FinalizerController(_) => false,
        };
        cut || self.has_fault(Fault::Stopped(process))
    }

    /// Whether a process runs.
    pub(crate) fn runs(&self, process: Process) -> Truth {
        if self.halted(process) {
            return Truth::False;
        }
        match process {
            Process::ApiServer | Process::ControllerManager => Truth::True,
            Process::Kubelet(node) => {
                let kind = kinds::node();
                match self.find(Key::new(kind, Name::default(), node)).map(|node| &node.facet) {
                    Some(Facet::Node(node)) => node.ready.into(),
                    _ if self.lists(kind) => Truth::False,
                    _ => Truth::Unknown,
                }
            }
            Process::LonghornManager(node) => {
                let pods = kinds::pod();
                let is = |facet: &Facet| matches!(facet, Facet::Pod(pod) if pod.node == node);
                let runs = self.of_kind(pods).any(|(_, pod)| {
                    pod.label("app").is_some_and(|app| app.as_str() == "longhorn-manager")
                        && is(&pod.facet)
                        && pod.runs()
                });
                if runs { Truth::True } else { self.absent_or_unknown(&[pods]) }
            }
            Process::FinalizerController(finalizer) => self.finalizer_controller_runs(finalizer),
        }
    }

    /// Whether some pod that was put on a node shows that a kubelet took it on.
    pub(crate) fn kubelet_seen(&self, node: Name) -> bool {
        let pods = self.of_kind(kinds::pod());
        let bound = pods.filter_map(|(_, object)| match &object.facet {
            Facet::Pod(pod) if pod.node == node => Some(pod.taken_on),
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
