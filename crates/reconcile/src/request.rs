//! What an actor sends: writes to the API server, and calls to a process that it dials.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Endpoint, Facet, InstanceProcess, Key, Name, Namespace, Object, OwnerReference, Pod, Rule, Unreachable};

/// `propagationPolicy` of a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Propagation {
    /// The owner goes first; the garbage collector then deletes its dependents.
    Background,
    /// Blocking dependents go first.
    Foreground,
    /// The dependents stay, without the reference.
    Orphan,
}

/// One write, or one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The object that it names; of a call, the one whose process is meant ([`Endpoint::of`]).
    pub target: Key,
    /// `preconditions.uid`: the write is refused when the object has another uid.
    pub uid: Option<Name>,
    /// What it asks for.
    pub verb: Verb,
    /// Whether it goes past all admission, as what the API server writes for itself does (H2).
    pub in_storage: bool,
    /// Whether a pod's delete comes through its subresource `eviction`, which PodDisruptionBudgets can refuse.
    pub eviction: bool,
}

/// What a write asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Create this object.
    Create(Arc<Object>),
    /// Delete it.
    Delete {
        /// `propagationPolicy`.
        policy: Option<Propagation>,
        /// `gracePeriodSeconds`.
        grace_seconds: Option<u32>,
    },
    /// Change it.
    Update(Box<Update>),
    /// Dial the address, and ask the process that answers there.
    Call(Endpoint, Call),
}

/// What a process is asked to do (`InstanceServiceClient` of longhorn-instance-manager).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Start an engine or a replica. One that is there already stays.
    InstanceCreate(InstanceProcess),
    /// End it.
    InstanceDelete(Name),
}

/// An update: what is `Some` takes the place of what was there. A patch is an update whose new values were computed from the
/// old ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// `metadata.finalizers`.
    pub finalizers: Option<Vec<Name>>,
    /// `metadata.ownerReferences`.
    pub owners: Option<Vec<OwnerReference>>,
    /// `metadata.labels`.
    pub labels: Option<Vec<(Name, Name)>>,
    /// Spec and status.
    pub facet: Option<Facet>,
    /// The write goes to the subresource `status`, which webhooks match by itself (rule B5).
    pub to_status: bool,
}

impl Request {
    /// A delete with a policy.
    pub fn delete(object: &Object, policy: Option<Propagation>) -> Self {
        Self::new(object.key, Some(object.uid), Verb::Delete { policy, grace_seconds: None })
    }

    /// A delete at once, as a kubelet confirms a pod's end.
    pub fn delete_now(object: &Object) -> Self {
        Self::new(object.key, Some(object.uid), Verb::Delete { policy: None, grace_seconds: Some(0) })
    }

    /// An eviction, as a drain sends it.
    pub fn evict(pod: Key) -> Self {
        Self { eviction: true, ..Self::new(pod, None, Verb::Delete { policy: None, grace_seconds: None }) }
    }

    /// A create.
    pub fn create(object: Object) -> Self {
        Self::new(object.key, None, Verb::Create(Arc::new(object)))
    }

    /// A patch that takes one finalizer off; off `spec.finalizers` of a namespace it is an update of `/finalize` (rule G7).
    pub fn remove_finalizer(object: &Object, finalizer: &str) -> Self {
        if let Facet::Namespace(namespace) = &object.facet
            && !object.has_finalizer(finalizer)
        {
            let finalizers = namespace.finalizers.iter().copied().filter(|f| f.as_str() != finalizer).collect();
            return Self::write(object, Facet::Namespace(Namespace { finalizers, ..namespace.clone() }));
        }
        let finalizers = object.finalizers.iter().copied().filter(|f| f.as_str() != finalizer).collect();
        Self::update(object, Update { finalizers: Some(finalizers), ..Update::default() })
    }

    /// A patch that takes the owner references with these uids off.
    pub fn remove_owners(object: &Object, uids: &[Name]) -> Self {
        let owners = object.owners.iter().copied().filter(|owner| !uids.contains(&owner.uid)).collect();
        Self::update(object, Update { owners: Some(owners), ..Update::default() })
    }

    /// An update of the owner references.
    pub fn set_owners(object: &Object, owners: Vec<OwnerReference>) -> Self {
        Self::update(object, Update { owners: Some(owners), ..Update::default() })
    }

    /// A patch that sets `blockOwnerDeletion` to false in the references that `which` picks.
    pub fn unblock_owners(object: &Object, which: impl Fn(&OwnerReference) -> bool) -> Self {
        let unblock = |owner: &OwnerReference| OwnerReference { block: owner.block && !which(owner), ..*owner };
        Self::update(object, Update { owners: Some(object.owners.iter().map(unblock).collect()), ..Update::default() })
    }

    /// An update of the spec.
    pub fn change(object: &Object, facet: Facet) -> Self {
        Self::update(object, Update { facet: Some(facet), ..Update::default() })
    }

    /// An update of the status.
    pub fn write(object: &Object, facet: Facet) -> Self {
        Self::update(object, Update { facet: Some(facet), to_status: true, ..Update::default() })
    }

    /// What a kubelet reports when a pod's containers were killed and are not started again; `None` where the object is no pod.
    pub fn kill(object: &Object) -> Option<Self> {
        let Facet::Pod(pod) = &object.facet else { return None };
        let pod = Pod { phase: Name::new("Failed"), ready: false, ..pod.clone() };
        Some(Self::write(object, Facet::Pod(pod)))
    }

    /// The same, past all admission.
    pub fn in_storage(self) -> Self {
        Self { in_storage: true, ..self }
    }

    /// A call to the process of an object, at the address that its status has.
    pub fn call(endpoint: Endpoint, call: Call) -> Self {
        Self::new(endpoint.of, None, Verb::Call(endpoint, call))
    }

    /// What a person or a script sends.
    pub fn new(target: Key, uid: Option<Name>, verb: Verb) -> Self {
        Self { target, uid, verb, in_storage: false, eviction: false }
    }

    /// An update.
    pub fn update(object: &Object, update: Update) -> Self {
        Self::new(object.key, Some(object.uid), Verb::Update(Box::new(update)))
    }
}

/// What the API server, or the process that was dialled, answers: the HTTP status, and for a refusal who refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// 200.
    Ok,
    /// 201.
    Created,
    /// 403: the namespace is being deleted, or is one that cannot be deleted (rule B9).
    Forbidden,
    /// 404.
    NotFound,
    /// 405: the kind's definition is being deleted (H3).
    NotAllowed,
    /// 409: a precondition failed (A2), or the name is taken (B6).
    Conflict,
    /// 422: the update is invalid (B1).
    Invalid,
    /// 429: a pod is not evicted, because of this PodDisruptionBudget.
    Disruption(Key),
    /// 500: a pod is not evicted, because several budgets are about it.
    SeveralBudgets,
    /// 500: the named webhook configuration cannot be asked (A4, B5).
    WebhookFailed(Key),
    /// 403 or 422: a webhook that was asked refuses the write, by this rule.
    Denied(Rule),
    /// Nobody answers at the address that was dialled: gRPC's `Unavailable`, for which the HTTP status is 503.
    Unreachable(Unreachable),
}

impl Response {
    /// The HTTP status.
    pub fn code(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::Created => 201,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::NotAllowed => 405,
            Self::Conflict => 409,
            Self::Invalid => 422,
            Self::Disruption(_) => 429,
            Self::SeveralBudgets | Self::WebhookFailed(_) => 500,
            Self::Denied(Rule("ADM-3")) => 403,
            Self::Denied(_) => 422,
            Self::Unreachable(_) => 503,
        }
    }

    /// Whether the write was done.
    pub fn is_ok(self) -> bool {
        matches!(self, Self::Ok | Self::Created)
    }
}
