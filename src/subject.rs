//! What a box in the drawing, and the inspector, is about.

use serde::{Deserialize, Serialize};

use gordian_diagnose::Spot;
use gordian_reconcile::{Fact, Key, Kind, Name, Process, World};

/// A thing that can be looked at. Unlike a [`Spot`] it does not change when an object's finalizers do, or when an object is
/// made anew under its key: so it keeps its place in the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// An object, whether it is there or not.
    Object(Key),
    /// An address at which an object's process answers, or should; all its ports are one box.
    Address {
        /// The IP address.
        ip: Name,
        /// The object whose process it is.
        of: Key,
    },
    /// A process.
    Process(Process),
    /// A disk of a Longhorn node.
    Disk(Key, Name),
}

impl Subject {
    /// What an end of an arrow is about. The admission of a write is about the webhook that refuses it.
    pub fn of(world: &World, spot: &Spot) -> Self {
        match *spot {
            Spot::Finalizer(object, _) | Spot::Object(object) => Self::Object(object.key),
            Spot::Absent(key) | Spot::Api(key) | Spot::State(key) => Self::Object(key),
            Spot::Address(endpoint) => Self::Address { ip: endpoint.ip, of: endpoint.of },
            Spot::Process(process) | Spot::Work(process, _) => Self::Process(process),
            Spot::Admission(object, operation) => {
                Self::Object(world.unreachable_webhook(object.key, operation).unwrap_or(object.key))
            }
            Spot::Disk(node, disk) => Self::Disk(node, disk),
        }
    }

    /// What a fact is about.
    pub fn of_fact(world: &World, fact: &Fact) -> Self {
        Self::of(world, &Spot::of(fact))
    }

    /// The key, when it is an object.
    pub fn key(&self) -> Option<Key> {
        match *self {
            Self::Object(key) => Some(key),
            _ => None,
        }
    }

    /// A number that stays the same from one drawing to the next, and on every machine.
    pub fn stable_id(&self) -> u64 {
        let parts: &[Name] = match self {
            Self::Object(key) => &[key.kind.group, key.kind.kind, key.namespace, key.name],
            Self::Address { ip, of } => &["address".into(), *ip, of.namespace, of.name],
            Self::Process(process) => &["process".into(), Name::new(&format!("{process:?}"))],
            Self::Disk(node, disk) => &["disk".into(), node.namespace, node.name, *disk],
        };
        parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| {
            (hash ^ part.stable_hash()).wrapping_mul(0x100_0000_01b3).rotate_left(17)
        })
    }
}

/// A key in an address: `Kind.group/namespace/name`. No name in Kubernetes holds a slash, but for those of a few
/// cluster-scoped kinds, and the name comes last.
pub fn key_code(key: Key) -> String {
    let dot = if key.kind.group.is_empty() { "" } else { "." };
    format!("{}{dot}{}/{}/{}", key.kind.kind, key.kind.group, key.namespace, key.name)
}

/// The key that [`key_code`] wrote.
pub fn key_from_code(code: &str) -> Option<Key> {
    let mut parts = code.splitn(3, '/');
    let (kind, namespace, name) = (parts.next()?, parts.next()?, parts.next()?);
    let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
    (!kind.is_empty() && !name.is_empty()).then(|| Key::new(Kind::new(group, kind), namespace.into(), name.into()))
}

/// A subject in an address: an object's is that of its key. `~` begins no kind.
pub fn subject_code(subject: &Subject) -> String {
    match *subject {
        Subject::Object(key) => key_code(key),
        Subject::Address { ip, of } => format!("~address/{ip}/{}", key_code(of)),
        Subject::Disk(node, disk) => format!("~disk/{disk}/{}", key_code(node)),
        Subject::Process(Process::ApiServer) => "~api-server".into(),
        Subject::Process(Process::ControllerManager) => "~controller-manager".into(),
        Subject::Process(Process::Kubelet(node)) => format!("~kubelet/{node}"),
        Subject::Process(Process::LonghornManager(node)) => format!("~longhorn-manager/{node}"),
        Subject::Process(Process::FinalizerController(name)) => format!("~controller/{name}"),
        Subject::Process(Process::Workload(key)) => format!("~workload/{}", key_code(key)),
    }
}

/// The subject that [`subject_code`] wrote.
pub fn subject_from_code(code: &str) -> Option<Subject> {
    let Some(code) = code.strip_prefix('~') else { return key_from_code(code).map(Subject::Object) };
    let (what, rest) = code.split_once('/').unwrap_or((code, ""));
    // The name of an address or a disk, and the object that it belongs to.
    let of = || {
        let (name, key) = rest.split_once('/')?;
        Some((Name::new(name), key_from_code(key)?))
    };
    let named = || (!rest.is_empty()).then(|| Name::new(rest));
    let process = match what {
        "address" => return of().map(|(ip, of)| Subject::Address { ip, of }),
        "disk" => return of().map(|(disk, node)| Subject::Disk(node, disk)),
        "api-server" => Process::ApiServer,
        "controller-manager" => Process::ControllerManager,
        "kubelet" => Process::Kubelet(named()?),
        "longhorn-manager" => Process::LonghornManager(named()?),
        "controller" => Process::FinalizerController(named()?),
        "workload" => Process::Workload(key_from_code(rest)?),
        _ => return None,
    };
    Some(Subject::Process(process))
}

/// An end of an arrow as tests and tools name it: no language, the whole name.
pub fn spot_code(spot: &Spot) -> String {
    match spot {
        Spot::Finalizer(object, finalizer) => format!("{}#{finalizer}", object.key),
        Spot::Object(object) => object.key.to_string(),
        Spot::Absent(key) | Spot::Api(key) => key.to_string(),
        Spot::Address(endpoint) => format!("{}:{}", endpoint.ip, endpoint.port),
        Spot::Process(process) => format!("{process:?}"),
        Spot::Work(process, object) => format!("{process:?} for {}", object.key),
        Spot::Admission(object, operation) => format!("{operation:?} of {}", object.key),
        Spot::Disk(node, disk) => format!("{node}/{disk}"),
        Spot::State(key) => format!("state of {key}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_a_subject_come_back_from_their_code() {
        let keys = [
            Key::new(Kind::new("", "Namespace"), "".into(), "shop".into()),
            Key::new(Kind::new("apps", "Deployment"), "shop".into(), "web".into()),
            Key::new(Kind::new("longhorn.io", "Node"), "longhorn-system".into(), "ip-10-0-2-5".into()),
            Key::new(Kind::new("x.io", "Odd"), "".into(), "a/b".into()),
        ];
        for key in keys {
            assert_eq!(key_from_code(&key_code(key)), Some(key));
        }
        let key = keys[1];
        let subjects = [
            Subject::Object(key),
            Subject::Address { ip: "fd00::1".into(), of: key },
            Subject::Disk(key, "block-disk".into()),
            Subject::Process(Process::ApiServer),
            Subject::Process(Process::ControllerManager),
            Subject::Process(Process::Kubelet("node-1".into())),
            Subject::Process(Process::LonghornManager("node-1".into())),
            Subject::Process(Process::FinalizerController("strimzi.io/topic-operator".into())),
            Subject::Process(Process::Workload(key)),
        ];
        for subject in subjects {
            assert_eq!(subject_from_code(&subject_code(&subject)), Some(subject));
        }
        for broken in ["~", "~address/1", "~address/1/Pod", "~disk//", "~kubelet", "~moon/x"] {
            assert_eq!(subject_from_code(broken), None, "{broken}");
        }
        for broken in ["", "Pod", "Pod/ns", "Pod/ns/", "/ns/name"] {
            assert_eq!(key_from_code(broken), None, "{broken}");
        }
    }
}
