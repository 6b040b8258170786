//! The fields of each kind's facet, as JSON has them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::{
    Amount, ApiService, Callee, Conversion, DisruptionBudget, Facet, Kind, Lease, Name, Namespace, Node, Ordinals, Pod,
    Requirement, Selector, Service, StatusCondition, Template, Volume, Webhook, WebhookRule, Webhooks, Workload,
};

/// Reads the facet of a kind. `None` for a kind of which nothing is read, or whose fields have other types than the API
/// server gives them.
pub(super) fn facet(kind: Kind, json: &str) -> Option<Facet> {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => pod(json),
        ("", "PersistentVolume") => volume(json),
        ("", "Secret") => token(json),
        ("", "Node") => node(json),
        ("", "Namespace") => namespace(json),
        ("", "Service") => service(json),
        ("policy", "PodDisruptionBudget") => disruption_budget(json),
        ("apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet")
        | ("batch", "Job")
        | ("", "ReplicationController") => workload(kind, json),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") => {
            webhooks(json)
        }
        ("apiregistration.k8s.io", "APIService") => api_service(json),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(json),
        ("coordination.k8s.io", "Lease") => lease(json),
        ("longhorn.io", _) => Facet::read_longhorn(kind, &serde_json::from_str(json).ok()?),
        _ => None,
    }
}

/// An object of which the spec and the status are read.
#[derive(Deserialize)]
#[serde(bound = "S: Deserialize<'de> + Default, T: Deserialize<'de> + Default")]
struct Fields<S, T> {
    #[serde(default)]
    spec: S,
    #[serde(default)]
    status: T,
}

/// A part of which nothing is read.
#[derive(Deserialize, Default)]
struct Nothing {}

/// A status of which the conditions are read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Conditions<'a> {
    #[serde(borrow)]
    conditions: Option<Vec<Condition<'a>>>,
}

/// A string that may be absent or null.
#[derive(Deserialize, Default)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Option<Cow<'a, str>>);

impl Text<'_> {
    fn name(&self) -> Name {
        Name::new(self.0.as_deref().unwrap_or_default())
    }
}

/// An element of `status.conditions`.
#[derive(Deserialize)]
struct Condition<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Text<'a>,
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(borrow, default)]
    reason: Text<'a>,
    #[serde(borrow, default)]
    message: Text<'a>,
}

impl Condition<'_> {
    fn kept(&self) -> StatusCondition {
        let [kind, status, reason, message] = [&self.kind, &self.status, &self.reason, &self.message].map(Text::name);
        StatusCondition { kind, status, reason, message }
    }
}

/// `metav1.LabelSelector`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LabelSelector<'a> {
    #[serde(borrow)]
    match_labels: Option<BTreeMap<Cow<'a, str>, Text<'a>>>,
    #[serde(borrow)]
    match_expressions: Option<Vec<Expression<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Expression<'a> {
    #[serde(borrow)]
    key: Text<'a>,
    #[serde(borrow)]
    operator: Text<'a>,
    #[serde(borrow)]
    values: Option<Vec<Text<'a>>>,
}

fn labels(labels: &BTreeMap<Cow<'_, str>, Text<'_>>) -> impl Iterator<Item = (Name, Name)> {
    labels.iter().map(|(key, value)| (Name::new(key), value.name()))
}

fn selector(selector: Option<&LabelSelector<'_>>) -> Selector {
    let Some(selector) = selector else { return Selector::default() };
    let mut selected = Selector::equal(selector.match_labels.iter().flat_map(labels));
    let required = |expression: &Expression<'_>| Requirement {
        key: expression.key.name(),
        operator: expression.operator.name(),
        values: expression.values.iter().flatten().map(Text::name).collect(),
    };
    selected.requirements.extend(selector.match_expressions.iter().flatten().map(required));
    selected
}

/// `clientConfig` of a webhook.
#[derive(Deserialize, Default)]
#[serde(default)]
struct ClientConfig<'a> {
    #[serde(borrow)]
    service: Option<ServiceReference<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ServiceReference<'a> {
    #[serde(borrow)]
    namespace: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    path: Text<'a>,
    port: Option<u16>,
}

impl ServiceReference<'_> {
    /// The URL as `webhook.ClientManager` and `rest.Request` make it: the default port is 443.
    fn callee(&self, timeout_seconds: u32) -> Callee {
        let [namespace, name, path] = [&self.namespace, &self.name, &self.path].map(Text::name);
        let (port, path) = (self.port.unwrap_or(443), path.as_str().trim_start_matches('/'));
        let url = Name::new(&format!("https://{name}.{namespace}.svc:{port}/{path}?timeout={timeout_seconds}s"));
        Callee { namespace, name, url }
    }
}

fn condition<'c, 'a>(conditions: &'c Option<Vec<Condition<'a>>>, kind: &str) -> Option<&'c Condition<'a>> {
    conditions.as_deref().unwrap_or_default().iter().find(|condition| condition.kind.0.as_deref() == Some(kind))
}

fn is(condition: Option<&Condition<'_>>, status: &str) -> bool {
    condition.is_some_and(|condition| condition.status.0.as_deref() == Some(status))
}

/// A pod's spec, its own or that of a workload's template.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PodSpec<'a> {
    #[serde(borrow)]
    node_name: Text<'a>,
    termination_grace_period_seconds: Option<u32>,
    #[serde(borrow)]
    containers: Vec<Container<'a>>,
    #[serde(borrow)]
    volumes: Option<Vec<Mount<'a>>>,
    #[serde(borrow)]
    tolerations: Option<Vec<Toleration<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Toleration<'a> {
    #[serde(borrow)]
    key: Text<'a>,
    #[serde(borrow)]
    operator: Text<'a>,
    #[serde(borrow)]
    value: Text<'a>,
    #[serde(borrow)]
    effect: Text<'a>,
    toleration_seconds: Option<IgnoredAny>,
}

/// The taint of a node that the node lifecycle controller hears nothing of.
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// The effect of a taint that drives pods away.
const NO_EXECUTE: &str = "NoExecute";

impl Toleration<'_> {
    /// Whether it is one of [`UNREACHABLE`], which has no value (`Toleration.ToleratesTaint`).
    fn of_unreachable(&self) -> bool {
        let [key, operator, value, effect] =
            [&self.key, &self.operator, &self.value, &self.effect].map(|text| text.0.as_deref().unwrap_or_default());
        matches!(key, "" | UNREACHABLE)
            && matches!(effect, "" | NO_EXECUTE)
            && (operator == "Exists" || matches!(operator, "" | "Equal") && value.is_empty())
    }
}

#[derive(Deserialize, Default)]
struct Container<'a> {
    #[serde(borrow, default)]
    image: Text<'a>,
    #[serde(borrow, default)]
    command: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    args: Option<Vec<Text<'a>>>,
}

impl Container<'_> {
    fn is_called_with(&self, word: &str) -> bool {
        self.command.iter().chain(&self.args).flatten().any(|given| given.0.as_deref() == Some(word))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mount<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    persistent_volume_claim: Option<Claim<'a>>,
    #[serde(default)]
    ephemeral: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claim<'a> {
    #[serde(borrow, default)]
    claim_name: Text<'a>,
}

impl PodSpec<'_> {
    /// The pod of this spec, before anybody has written its status. The claim of an ephemeral volume is named after the pod
    /// (`ephemeral.VolumeClaimName`).
    fn pod(&self, name: &str) -> Pod {
        let volumes = || self.volumes.iter().flatten();
        let claim = |mount: &Mount<'_>| Some(mount.persistent_volume_claim.as_ref()?.claim_name.name());
        let ephemeral = volumes().filter(|mount| mount.ephemeral.is_some());
        // The first that fits counts (`GetMatchingTolerations`).
        let toleration = self.tolerations.iter().flatten().find(|toleration| toleration.of_unreachable());
        Pod {
            node: self.node_name.name(),
            grace_seconds: self.termination_grace_period_seconds.unwrap_or(30),
            images: self.containers.iter().map(|container| container.image.name()).collect(),
            claims: volumes().filter_map(claim).collect(),
            ephemeral_claims: ephemeral.map(|mount| Name::new(&format!("{name}-{}", mount.name.name()))).collect(),
            taken_on: true,
            tolerates: toleration.is_some_and(|toleration| toleration.toleration_seconds.is_none()),
            ..Pod::default()
        }
    }
}

fn pod(json: &str) -> Option<Facet> {
    #[derive(Deserialize)]
    #[serde(bound = "")]
    struct Whole<'a> {
        #[serde(borrow, default)]
        metadata: Named<'a>,
        #[serde(borrow, default)]
        spec: PodSpec<'a>,
        #[serde(borrow, default)]
        status: Option<Status<'a>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Named<'a> {
        #[serde(borrow)]
        name: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        phase: Text<'a>,
        #[serde(borrow, rename = "podIP")]
        pod_ip: Text<'a>,
        container_statuses: Option<Vec<ContainerStatus>>,
        start_time: Option<IgnoredAny>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct ContainerStatus {
        ready: bool,
    }
    let Whole { metadata, spec, status } = serde_json::from_str(json).ok()?;
    // A pod without a status was cut from its dump: nothing is concluded from what is not there.
    let cut = status.is_none();
    let status = status.unwrap_or_default();
    Some(Facet::Pod(Pod {
        phase: status.phase.name(),
        ip: status.pod_ip.name(),
        taken_on: cut || status.start_time.is_some() || status.container_statuses.is_some(),
        ready: status.container_statuses.is_some_and(|statuses| statuses.iter().all(|status| status.ready)),
        ..spec.pod(metadata.name.name().as_str())
    }))
}

fn node(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        unschedulable: bool,
        #[serde(borrow)]
        taints: Option<Vec<Taint<'a>>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Taint<'a> {
        #[serde(borrow)]
        key: Text<'a>,
        #[serde(borrow)]
        effect: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        conditions: Option<Vec<Condition<'a>>>,
        #[serde(borrow)]
        node_info: Option<NodeInfo<'a>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct NodeInfo<'a> {
        #[serde(borrow)]
        kubelet_version: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let tainted = |taint: &Taint<'_>| taint.key.0.as_deref() == Some("node.kubernetes.io/out-of-service");
    let unreachable = |taint: &Taint<'_>| {
        (taint.key.0.as_deref(), taint.effect.0.as_deref()) == (Some(UNREACHABLE), Some(NO_EXECUTE))
    };
    let kubelet = status.node_info.map(|info| info.kubelet_version.name());
    let registered = kubelet.is_none_or(|kubelet| !kubelet.is_empty());
    Some(Facet::Node(Node {
        kubelet: kubelet.unwrap_or_default(),
        ready: registered && is(condition(&status.conditions, "Ready"), "True"),
        cordoned: spec.unschedulable,
        out_of_service: spec.taints.iter().flatten().any(tainted),
        unreachable: spec.taints.iter().flatten().any(unreachable),
        silent: false,
    }))
}

fn volume(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        claim_ref: Option<ClaimRef<'a>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct ClaimRef<'a> {
        #[serde(borrow)]
        uid: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Status<'a> {
        #[serde(borrow)]
        phase: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let claim = spec.claim_ref.map(|claim| claim.uid.name()).unwrap_or_default();
    Some(Facet::Volume(Volume { phase: status.phase.name(), claim }))
}

fn lease(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        holder_identity: Text<'a>,
        #[serde(borrow)]
        acquire_time: Text<'a>,
    }
    let Fields { spec, .. }: Fields<Spec<'_>, Nothing> = serde_json::from_str(json).ok()?;
    let acquired = !spec.acquire_time.name().is_empty();
    Some(Facet::Lease(Lease { holder: spec.holder_identity.name(), acquired }))
}

fn token(json: &str) -> Option<Facet> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow)]
        metadata: Metadata<'a>,
    }
    #[derive(Deserialize)]
    struct Metadata<'a> {
        #[serde(borrow)]
        annotations: BTreeMap<Cow<'a, str>, Text<'a>>,
    }
    let Fields { metadata } = serde_json::from_str(json).ok()?;
    let service_account = metadata.annotations.get("kubernetes.io/service-account.uid")?.name();
    Some(Facet::Token { service_account })
}

fn namespace(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    struct Spec<'a> {
        #[serde(borrow, default)]
        finalizers: Option<Vec<Text<'a>>>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Option<Conditions<'_>>> = serde_json::from_str(json).ok()?;
    let finalizers = spec.finalizers.unwrap_or_default().iter().map(Text::name).collect();
    let conditions = status.unwrap_or_default().conditions.unwrap_or_default();
    let written = conditions.iter().filter(|condition| crate::controllers::namespace::writes(condition.kind.name()));
    Some(Facet::Namespace(Namespace { finalizers, conditions: written.map(Condition::kept).collect() }))
}

fn service(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        #[serde(borrow)]
        selector: Option<BTreeMap<Cow<'a, str>, Text<'a>>>,
    }
    let Fields { spec, .. }: Fields<Spec<'_>, Nothing> = serde_json::from_str(json).ok()?;
    let selector = spec.selector.filter(|selector| !selector.is_empty());
    Some(Facet::Service(Service { selector: selector.map(|selector| Selector::equal(labels(&selector))) }))
}

fn disruption_budget(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        #[serde(borrow)]
        selector: Option<LabelSelector<'a>>,
        #[serde(borrow)]
        min_available: Option<IntOrString<'a>>,
        #[serde(borrow)]
        max_unavailable: Option<IntOrString<'a>>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum IntOrString<'a> {
        Int(u32),
        String(#[serde(borrow)] Cow<'a, str>),
    }
    let amount = |text: &IntOrString<'_>| match text {
        IntOrString::Int(count) => Some(Amount::Count(*count)),
        IntOrString::String(text) => text.strip_suffix('%')?.parse().ok().map(Amount::Percent),
    };
    let Fields { spec, .. }: Fields<Spec<'_>, Nothing> = serde_json::from_str(json).ok()?;
    Some(Facet::DisruptionBudget(DisruptionBudget {
        selector: spec.selector.is_some().then(|| selector(spec.selector.as_ref())),
        min_available: spec.min_available.as_ref().and_then(amount),
        max_unavailable: spec.max_unavailable.as_ref().and_then(amount),
    }))
}

fn workload(kind: Kind, json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Spec<'a> {
        replicas: Option<u32>,
        parallelism: Option<u32>,
        // A ReplicationController's selector is a bare map, by default its template's labels, which it can only be a part of.
        #[serde(borrow)]
        selector: Option<LabelSelector<'a>>,
        #[serde(borrow)]
        template: Option<PodTemplate<'a>>,
        #[serde(borrow)]
        pod_management_policy: Text<'a>,
        ordinals: Option<First>,
        #[serde(borrow)]
        volume_claim_templates: Option<Vec<ClaimTemplate<'a>>>,
        #[serde(borrow)]
        persistent_volume_claim_retention_policy: Option<Retention<'a>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct First {
        start: u32,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct PodTemplate<'a> {
        #[serde(borrow)]
        metadata: TemplateMetadata<'a>,
        #[serde(borrow)]
        spec: PodSpec<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct TemplateMetadata<'a> {
        #[serde(borrow)]
        labels: Option<BTreeMap<Cow<'a, str>, Text<'a>>>,
        #[serde(borrow)]
        name: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct ClaimTemplate<'a> {
        #[serde(borrow)]
        metadata: TemplateMetadata<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Retention<'a> {
        #[serde(borrow)]
        when_deleted: Text<'a>,
        #[serde(borrow)]
        when_scaled: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        ready_replicas: Option<u32>,
        number_ready: Option<u32>,
        desired_number_scheduled: Option<u32>,
        #[serde(borrow)]
        update_revision: Text<'a>,
    }
    let Fields { spec, status }: Fields<Spec<'_>, Status<'_>> = serde_json::from_str(json).ok()?;
    let template = spec.template.as_ref().map(|template| Template {
        labels: template.metadata.labels.iter().flat_map(labels).collect(),
        pod: template.spec.pod(template.metadata.name.name().as_str()),
    });
    let selector = match &template {
        Some(template) if kind.is("", "ReplicationController") => Selector::equal(template.labels.iter().copied()),
        _ => selector(spec.selector.as_ref()),
    };
    let mut containers = spec.template.iter().flat_map(|template| &template.spec.containers);
    let forced = containers.any(|container| container.is_called_with("--force"));
    let retention = spec.persistent_volume_claim_retention_policy.unwrap_or_default();
    let deletes = |policy: &Text<'_>| policy.0.as_deref() == Some("Delete");
    let claims = spec.volume_claim_templates.iter().flatten();
    Some(Facet::Workload(Workload {
        ready: status.ready_replicas.or(status.number_ready).unwrap_or(0),
        replicas: spec.replicas.or(spec.parallelism).or(status.desired_number_scheduled).unwrap_or(1),
        selector,
        template: template.map(Arc::new),
        current: status.update_revision.name(),
        forced,
        ordinals: Ordinals {
            start: spec.ordinals.map_or(0, |ordinals| ordinals.start),
            parallel: spec.pod_management_policy.0.as_deref() == Some("Parallel"),
            claims: claims.map(|claim| claim.metadata.name.name()).collect(),
            deleted_with_set: deletes(&retention.when_deleted),
            deleted_with_pod: deletes(&retention.when_scaled),
        },
        ..Workload::default()
    }))
}

fn webhooks(json: &str) -> Option<Facet> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default)]
        webhooks: Option<Vec<Hook<'a>>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Hook<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        #[serde(borrow)]
        failure_policy: Text<'a>,
        #[serde(borrow)]
        match_policy: Text<'a>,
        timeout_seconds: Option<u32>,
        #[serde(borrow)]
        client_config: ClientConfig<'a>,
        #[serde(borrow)]
        rules: Option<Vec<Rule<'a>>>,
        #[serde(borrow)]
        namespace_selector: Option<LabelSelector<'a>>,
        #[serde(borrow)]
        object_selector: Option<LabelSelector<'a>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Rule<'a> {
        #[serde(borrow)]
        api_groups: Vec<Text<'a>>,
        #[serde(borrow)]
        api_versions: Vec<Text<'a>>,
        #[serde(borrow)]
        resources: Vec<Text<'a>>,
        #[serde(borrow)]
        operations: Vec<Text<'a>>,
        #[serde(borrow)]
        scope: Text<'a>,
    }
    let names = |texts: &[Text<'_>]| texts.iter().map(Text::name).collect();
    let rule = |rule: &Rule<'_>| WebhookRule {
        groups: names(&rule.api_groups),
        versions: names(&rule.api_versions),
        resources: names(&rule.resources),
        operations: names(&rule.operations),
        scope: rule.scope.name(),
    };
    let Fields { webhooks } = serde_json::from_str(json).ok()?;
    let hook = |hook: &Hook<'_>| Webhook {
        name: hook.name.name(),
        fail: hook.failure_policy.0.as_deref() != Some("Ignore"),
        exact: hook.match_policy.0.as_deref() == Some("Exact"),
        service: hook.client_config.service.as_ref().map(|it| it.callee(hook.timeout_seconds.unwrap_or(10))),
        rules: hook.rules.iter().flatten().map(rule).collect(),
        namespaces: selector(hook.namespace_selector.as_ref()),
        objects: selector(hook.object_selector.as_ref()),
    };
    Some(Facet::Webhooks(Webhooks { hooks: webhooks.iter().flatten().map(hook).collect() }))
}

fn api_service(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Spec<'a> {
        #[serde(borrow)]
        service: Option<ServiceReference<'a>>,
    }
    let Fields { spec, status }: Fields<Option<Spec<'_>>, Option<Conditions<'_>>> = serde_json::from_str(json).ok()?;
    // Without a service the API server serves it itself; a spec that was cut from the dump says nothing.
    let local = spec.as_ref().is_some_and(|spec| spec.service.is_none());
    let service = spec.and_then(|spec| spec.service).map(|service| (service.namespace.name(), service.name.name()));
    let conditions = status.unwrap_or_default().conditions;
    let available = local || !is(condition(&conditions, "Available"), "False");
    Some(Facet::ApiService(ApiService { available, service }))
}

fn definition(json: &str) -> Option<Facet> {
    #[derive(Deserialize, Default)]
    struct Spec<'a> {
        #[serde(borrow, default)]
        group: Text<'a>,
        #[serde(borrow, default)]
        names: Names<'a>,
        #[serde(borrow, default)]
        scope: Text<'a>,
        #[serde(borrow, default)]
        versions: Vec<Version<'a>>,
        #[serde(borrow, default)]
        conversion: Option<Strategy<'a>>,
    }
    #[derive(Deserialize)]
    struct Version<'a> {
        #[serde(borrow, default)]
        name: Text<'a>,
        #[serde(default)]
        served: bool,
        #[serde(default)]
        storage: bool,
    }
    #[derive(Deserialize, Default)]
    struct Names<'a> {
        #[serde(borrow, default)]
        kind: Text<'a>,
        #[serde(borrow, default)]
        plural: Text<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Strategy<'a> {
        #[serde(borrow)]
        strategy: Text<'a>,
        #[serde(borrow)]
        webhook: Option<Converter<'a>>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Converter<'a> {
        #[serde(borrow)]
        client_config: ClientConfig<'a>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Status<'a> {
        #[serde(borrow)]
        conditions: Option<Vec<Condition<'a>>>,
        #[serde(borrow)]
        stored_versions: Option<Vec<Text<'a>>>,
    }
    /// The time that a conversion may take is not configured.
    const CONVERSION_SECONDS: u32 = 30;
    let Fields { spec, status }: Fields<Spec<'_>, Option<Status<'_>>> = serde_json::from_str(json).ok()?;
    let status = status.unwrap_or_default();
    let storage = spec.versions.iter().find(|version| version.storage).map(|version| version.name.name());
    let storage = storage.unwrap_or_default();
    let earlier = status.stored_versions.iter().flatten().map(Text::name).find(|version| *version != storage);
    let webhook = spec.conversion.filter(|conversion| conversion.strategy.0.as_deref() == Some("Webhook"));
    let conversion = webhook.zip(earlier).map(|(conversion, stored)| {
        let service = conversion.webhook.and_then(|webhook| webhook.client_config.service);
        Conversion { service: service.map(|service| service.callee(CONVERSION_SECONDS)), storage, stored }
    });
    Some(Facet::Definition {
        group: spec.group.name(),
        kind: spec.names.kind.name(),
        plural: spec.names.plural.name(),
        versions: spec.versions.iter().filter(|version| version.served).map(|version| version.name.name()).collect(),
        namespaced: spec.scope.0.as_deref() != Some("Cluster"),
        conversion,
        terminating: condition(&status.conditions, "Terminating").map(Condition::kept),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a pod with these tolerations stays for ever on a node that is unreachable.
    fn stays(tolerations: &str) -> bool {
        let json = format!(r#"{{"spec":{{"nodeName":"n1","tolerations":{tolerations}}}}}"#);
        matches!(pod(&json), Some(Facet::Pod(Pod { tolerates: true, .. })))
    }

    #[test]
    fn what_a_pod_tolerates_for_ever_is_read() {
        let for_a_while = r#"{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}"#;
        let all = r#"{"operator":"Exists"}"#;
        let tolerated = [
            r#"{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute"}"#,
            r#"{"key":"node.kubernetes.io/unreachable"}"#,
            r#"{"effect":"NoExecute","operator":"Exists"}"#,
            all,
        ];
        let others = [
            for_a_while,
            r#"{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute"}"#,
            r#"{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoSchedule"}"#,
            r#"{"key":"node.kubernetes.io/unreachable","operator":"Equal","value":"yes","effect":"NoExecute"}"#,
        ];
        tolerated.into_iter().for_each(|one| assert!(stays(&format!("[{one}]")), "{one}"));
        others.into_iter().for_each(|one| assert!(!stays(&format!("[{one}]")), "{one}"));
        // The first that fits counts, whatever comes after it.
        assert!(stays(&format!("[{all},{for_a_while}]")) && !stays(&format!("[{for_a_while},{all}]")));
        assert!(!stays("null") && !stays("[]"));
    }

    #[test]
    fn the_taint_of_a_lost_node_is_read() {
        let node = |effect: &str| {
            let taint = format!(r#"{{"key":"node.kubernetes.io/unreachable","effect":"{effect}"}}"#);
            let json = format!(r#"{{"spec":{{"taints":[{taint}]}},"status":{{}}}}"#);
            matches!(super::node(&json), Some(Facet::Node(Node { unreachable: true, .. })))
        };
        assert!(node("NoExecute") && !node("NoSchedule"));
    }
}
