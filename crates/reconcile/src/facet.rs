//! The spec and status fields that some controller reads, by kind.

mod longhorn;

use std::sync::Arc;

use crate::{Kind, Name, Object, Selector};

pub use longhorn::{
    BackingImage, BackingImageDataSource, BackingImageManager, Backup, BackupTarget, Disk, ImageCopy, Instance,
    InstanceManager, InstanceProcess, LonghornNode, LonghornVolume, Orphan, Setting, ShareManager, Snapshot,
    SupportBundle, VolumeAttachment,
};

/// The typed part of an object. What no controller reads is not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Facet {
    /// A kind of which no field is read.
    #[default]
    None,
    /// v1 Pod.
    Pod(Pod),
    /// v1 Node.
    Node(Node),
    /// v1 Namespace.
    Namespace(Namespace),
    /// apps/v1 Deployment, ReplicaSet, StatefulSet, DaemonSet; batch/v1 Job; v1 ReplicationController.
    Workload(Workload),
    /// Validating- and MutatingWebhookConfiguration.
    Webhooks(Webhooks),
    /// apiregistration.k8s.io APIService.
    ApiService(ApiService),
    /// v1 Service.
    Service(Service),
    /// apiextensions.k8s.io CustomResourceDefinition: the group, kind and plural that it serves.
    Definition {
        /// `spec.group`.
        group: Name,
        /// `spec.names.kind`.
        kind: Name,
        /// `spec.names.plural`.
        plural: Name,
        /// The names of the served `spec.versions`.
        versions: Vec<Name>,
        /// `spec.scope` is `Namespaced`.
        namespaced: bool,
        /// The webhook that instances which are stored in another version must pass before they are read (rule H7).
        conversion: Option<Conversion>,
        /// The condition `Terminating` (rules H1 and H2).
        terminating: Option<StatusCondition>,
    },
    /// v1 PersistentVolume.
    Volume(Volume),
    /// v1 Secret that holds a ServiceAccount's token.
    Token {
        /// The annotation `kubernetes.io/service-account.uid`.
        service_account: Name,
    },
    /// policy/v1 PodDisruptionBudget.
    DisruptionBudget(DisruptionBudget),
    /// longhorn.io Setting.
    Setting(Setting),
    /// longhorn.io Node.
    LonghornNode(LonghornNode),
    /// longhorn.io InstanceManager.
    InstanceManager(InstanceManager),
    /// longhorn.io Orphan.
    Orphan(Orphan),
    /// longhorn.io Engine or Replica.
    Instance(Instance),
    /// longhorn.io Volume.
    LonghornVolume(LonghornVolume),
    /// longhorn.io Snapshot.
    Snapshot(Snapshot),
    /// longhorn.io VolumeAttachment.
    VolumeAttachment(VolumeAttachment),
    /// longhorn.io ShareManager.
    ShareManager(ShareManager),
    /// coordination.k8s.io Lease.
    Lease(Lease),
    /// longhorn.io BackingImage.
    BackingImage(BackingImage),
    /// longhorn.io BackingImageManager.
    BackingImageManager(BackingImageManager),
    /// longhorn.io BackingImageDataSource.
    BackingImageDataSource(BackingImageDataSource),
    /// longhorn.io Backup.
    Backup(Backup),
    /// longhorn.io BackupTarget.
    BackupTarget(BackupTarget),
    /// longhorn.io SupportBundle.
    SupportBundle(SupportBundle),
}

/// v1 Pod.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Pod {
    /// `spec.nodeName`; empty until it is scheduled.
    pub node: Name,
    /// `spec.terminationGracePeriodSeconds`.
    pub grace_seconds: u32,
    /// `spec.containers[].image`.
    pub images: Vec<Name>,
    /// `status.phase`.
    pub phase: Name,
    /// `status.podIP`.
    pub ip: Name,
    /// Whether all containers are ready.
    pub ready: bool,
    /// Whether a kubelet has taken it on: it wrote `status.startTime`, or the state of containers.
    pub taken_on: bool,
    /// The claims that its volumes use.
    pub claims: Vec<Name>,
    /// The claims that were made for this pod alone: its ephemeral volumes.
    pub ephemeral_claims: Vec<Name>,
    /// Of an instance manager's pod: the engines and replicas that its process runs, sorted. They end with it.
    pub processes: Vec<InstanceProcess>,
    /// Whether it tolerates for ever that its node is unreachable, as the pods of a DaemonSet and those of a kubelet's own do.
    pub tolerates: bool,
    /// Whether it was ready until its node fell silent in this run (rule I11).
    pub silent: bool,
}

/// v1 Node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Node {
    /// The condition `Ready` is `True`, and a kubelet registered it: its version is not empty.
    pub ready: bool,
    /// `spec.unschedulable`.
    pub cordoned: bool,
    /// `status.nodeInfo.kubeletVersion`.
    pub kubelet: Name,
    /// It has the taint `node.kubernetes.io/out-of-service`: a person says that it is shut down.
    pub out_of_service: bool,
    /// It has the taint `node.kubernetes.io/unreachable` with the effect `NoExecute`.
    pub unreachable: bool,
    /// It was ready until it fell silent in this run (rule I11): its kubelet is there, and posts again as soon as it can.
    pub silent: bool,
}

/// v1 Namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Namespace {
    /// `spec.finalizers`.
    pub finalizers: Vec<Name>,
    /// Of `status.conditions` those that the namespace controller writes (rule G6), in the order of the dump.
    pub conditions: Vec<StatusCondition>,
}

/// An element of `status.conditions`, without its times: the world has no clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusCondition {
    /// `type`.
    pub kind: Name,
    /// `status`: `True` or `False`.
    pub status: Name,
    /// `reason`.
    pub reason: Name,
    /// `message`, in the words of Kubernetes.
    pub message: Name,
}

impl StatusCondition {
    /// A condition by its type, its reason and its message.
    pub fn new(kind: &str, status: bool, reason: &str, message: &str) -> Self {
        let status = if status { "True" } else { "False" };
        let [kind, status, reason, message] = [kind, status, reason, message].map(Name::new);
        Self { kind, status, reason, message }
    }
}

/// v1 Service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Service {
    /// `spec.selector`; `None` for one whose endpoints somebody else keeps.
    pub selector: Option<Selector>,
}

/// Where the API server sends a review: a service of the cluster, and the URL as its errors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Callee {
    /// The service's namespace.
    pub namespace: Name,
    /// The service's name.
    pub name: Name,
    /// `https://name.namespace.svc:port/path?timeout=…`.
    pub url: Name,
}

/// `spec.conversion` of a definition, when its strategy is `Webhook` and some instances may need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Conversion {
    /// The service that converts; `None` for a URL outside the cluster.
    pub service: Option<Callee>,
    /// The version in which instances are stored now.
    pub storage: Name,
    /// The first of `status.storedVersions` that is another.
    pub stored: Name,
}

/// policy/v1 PodDisruptionBudget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DisruptionBudget {
    /// `spec.selector`; an empty one selects every pod of the namespace, `None` selects none.
    pub selector: Option<Selector>,
    /// `spec.minAvailable`.
    pub min_available: Option<Amount>,
    /// `spec.maxUnavailable`.
    pub max_unavailable: Option<Amount>,
}

/// An `IntOrString` that counts pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// So many.
    Count(u32),
    /// So many of a hundred.
    Percent(u32),
}

/// What keeps pods running.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Workload {
    /// Ready replicas (`status.readyReplicas`, for a DaemonSet `status.numberReady`).
    pub ready: u32,
    /// `spec.replicas`, for a Job `spec.parallelism`, for a DaemonSet `status.desiredNumberScheduled`.
    pub replicas: u32,
    /// How many of its replicas the dump did not show. Why its controller had not made them by then cannot be seen, so that it is
    /// not taken to make them in the simulation.
    pub unseen: i32,
    /// `spec.selector`. One without requirements adopts nothing.
    pub selector: Selector,
    /// `spec.template`; a workload of which it is not known does nothing.
    pub template: Option<Arc<Template>>,
    /// Of a Deployment: the ReplicaSet of this template, as the dump shows it. Of a StatefulSet: `status.updateRevision`.
    pub current: Name,
    /// Of a DaemonSet: the nodes on which the dump shows its pods.
    pub nodes: Vec<Name>,
    /// Of a StatefulSet: what else it goes by.
    pub ordinals: Ordinals,
    /// One of its containers is called with `--force`, which is what Longhorn's uninstaller reads.
    pub forced: bool,
}

/// What a workload makes its pods of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Template {
    /// `metadata.labels`, sorted.
    pub labels: Vec<(Name, Name)>,
    /// `spec`.
    pub pod: Pod,
}

/// How a StatefulSet numbers its pods, and what it does about their claims.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ordinals {
    /// `spec.ordinals.start`.
    pub start: u32,
    /// `spec.podManagementPolicy` is `Parallel`.
    pub parallel: bool,
    /// The names of `spec.volumeClaimTemplates`.
    pub claims: Vec<Name>,
    /// `spec.persistentVolumeClaimRetentionPolicy.whenDeleted` is `Delete`.
    pub deleted_with_set: bool,
    /// `spec.persistentVolumeClaimRetentionPolicy.whenScaled` is `Delete`.
    pub deleted_with_pod: bool,
}

/// The webhooks of one configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Webhooks {
    /// `webhooks[]`.
    pub hooks: Vec<Webhook>,
}

/// One admission webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Webhook {
    /// `name`.
    pub name: Name,
    /// `failurePolicy` is `Fail`, which is the default.
    pub fail: bool,
    /// `matchPolicy` is `Exact`: only requests in a version that a rule names are sent. The default is `Equivalent`.
    pub exact: bool,
    /// `clientConfig.service`; `None` for a URL outside the cluster.
    pub service: Option<Callee>,
    /// `rules[]`.
    pub rules: Vec<WebhookRule>,
    /// `namespaceSelector`.
    pub namespaces: Selector,
    /// `objectSelector`.
    pub objects: Selector,
}

/// One of a webhook's `rules[]`. In its lists `*` is any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WebhookRule {
    /// `apiGroups`.
    pub groups: Vec<Name>,
    /// `apiVersions`.
    pub versions: Vec<Name>,
    /// `resources`: plural names, with a subresource after a slash.
    pub resources: Vec<Name>,
    /// `operations`.
    pub operations: Vec<Name>,
    /// `scope`: `Cluster`, `Namespaced`, or `*`, as which an empty one counts.
    pub scope: Name,
}

/// apiregistration.k8s.io APIService.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ApiService {
    /// The condition `Available` is not `False`, or the API server serves it itself.
    pub available: bool,
    /// `spec.service`, as (namespace, name); `None` when the API server serves it itself.
    pub service: Option<(Name, Name)>,
}

/// coordination.k8s.io Lease.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Lease {
    /// `spec.holderIdentity`.
    pub holder: Name,
    /// `spec.acquireTime` is set.
    pub acquired: bool,
}

/// v1 PersistentVolume.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Volume {
    /// `status.phase`.
    pub phase: Name,
    /// `spec.claimRef.uid`; empty when nothing claims it.
    pub claim: Name,
}

impl Facet {
    /// This spec with another's status, as the API server keeps the status in an update of the object, and the spec in one of
    /// its subresource `status`. `None` for a kind of which no status field is kept, or where the two are of two kinds.
    pub fn with_status(self, kind: Kind, of: &Self) -> Option<Self> {
        if kind.group.as_str() == "longhorn.io" {
            return Some(self.with_longhorn_status(kind, of));
        }
        Some(match (self, of) {
            (Self::Pod(pod), Self::Pod(Pod { phase, ip, ready, taken_on, silent, processes, .. })) => {
                // What runs is no field: it is known of the one that was not read from a text.
                let processes = if pod.processes.is_empty() { processes.clone() } else { pod.processes };
                let (phase, ip, ready) = (*phase, *ip, *ready);
                Self::Pod(Pod { phase, ip, ready, taken_on: *taken_on, silent: *silent, processes, ..pod })
            }
            (Self::Node(node), Self::Node(Node { ready, kubelet, silent, .. })) => {
                Self::Node(Node { ready: *ready, kubelet: *kubelet, silent: *silent, ..node })
            }
            (Self::Namespace(namespace), Self::Namespace(Namespace { conditions, .. })) => {
                Self::Namespace(Namespace { conditions: conditions.clone(), ..namespace })
            }
            (Self::Volume(volume), Self::Volume(Volume { phase, .. })) => {
                Self::Volume(Volume { phase: *phase, ..volume })
            }
            (
                Self::Definition { group, kind, plural, versions, namespaced, conversion, .. },
                Self::Definition { terminating, .. },
            ) => {
                let terminating = *terminating;
                Self::Definition { group, kind, plural, versions, namespaced, conversion, terminating }
            }
            _ => return None,
        })
    }
}

impl Facet {
    /// The node that an object is on, where it is of a kind that is looked up by node.
    pub fn node(&self) -> Option<Name> {
        let node = match self {
            Self::Pod(pod) => pod.node,
            Self::InstanceManager(manager) => manager.node,
            Self::Orphan(orphan) => orphan.node,
            _ => return None,
        };
        (!node.is_empty()).then_some(node)
    }

    /// The node that an object is bound to, by `spec.nodeName` or `spec.nodeID`.
    pub fn bound_to(&self) -> Option<Name> {
        let node = match self {
            Self::Instance(instance) => instance.node,
            Self::LonghornVolume(volume) => volume.node,
            Self::BackingImageManager(manager) => manager.node,
            Self::BackingImageDataSource(source) => source.node,
            Self::SupportBundle(bundle) => bundle.node,
            _ => return self.node(),
        };
        (!node.is_empty()).then_some(node)
    }

    /// What an object is looked up by together with its kind: the node that it is on, or the volume of Longhorn's that it is part of.
    pub(crate) fn group(&self) -> Option<Name> {
        let volume = match self {
            Self::Instance(instance) => instance.volume,
            Self::Snapshot(snapshot) => snapshot.volume,
            _ => return self.node(),
        };
        (!volume.is_empty()).then_some(volume)
    }

    /// A pod's IP address.
    pub fn address(&self) -> Option<Name> {
        match self {
            Self::Pod(pod) if !pod.ip.is_empty() => Some(pod.ip),
            _ => None,
        }
    }
}

impl Object {
    /// Whether it holds a finalizer: for a namespace `spec.finalizers` count too.
    pub(crate) fn holds_finalizer(&self, finalizer: Name) -> bool {
        self.holding().any(|held| held == finalizer)
    }

    /// Every finalizer that it holds: for a namespace those of `spec.finalizers` too.
    pub fn held_by(&self) -> Vec<Name> {
        self.holding().collect()
    }

    /// The same, one by one.
    pub(crate) fn holding(&self) -> impl Iterator<Item = Name> {
        let spec = match &self.facet {
            Facet::Namespace(namespace) => namespace.finalizers.as_slice(),
            _ => &[],
        };
        self.finalizers.iter().chain(spec).copied()
    }

    /// Whether it is a pod that runs, has an address and is not being deleted.
    pub(crate) fn runs(&self) -> bool {
        !self.deleting() && self.listens()
    }

    /// Whether it is a pod whose processes can be dialled: it runs and has an address. While its grace lasts they still can be.
    pub(crate) fn listens(&self) -> bool {
        let ended = self.deletion.is_some_and(|deletion| deletion.grace_seconds == 0);
        !ended
            && matches!(&self.facet, Facet::Pod(pod) if pod.phase.as_str() == "Running" && pod.ready && !pod.ip.is_empty())
    }

    /// A disk, when it is a Longhorn node.
    pub fn disk(&self, name: Name) -> Option<&Disk> {
        match &self.facet {
            Facet::LonghornNode(node) => node.disks.iter().find(|disk| disk.name == name),
            _ => None,
        }
    }
}
