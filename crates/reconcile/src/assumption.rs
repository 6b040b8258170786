//! What is not in the dump and was decided all the same.

use crate::{Fact, Name, Process, Profile, World};

/// An unknown that was decided: always shown, always switchable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// A stable name, as `runs:kubelet/node-1`.
    pub id: String,
    /// What it is about.
    pub ground: Ground,
    /// What was decided, by default or by a person.
    pub value: bool,
}

/// What an assumption is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// A fact that the dump does not cover.
    Fact(Fact),
    /// The rules that Longhorn's controllers follow, read from an image tag.
    Profile {
        /// The profile.
        profile: Profile,
        /// The image that it was read from; empty where the dump shows none.
        image: Name,
        /// Whether the tag names a release. Otherwise the time of the dump decided.
        released: bool,
    },
    /// The minor version of Kubernetes 1 whose rules the control plane follows, read from the newest kubelet.
    Kubernetes {
        /// The minor version.
        minor: u32,
        /// `status.nodeInfo.kubeletVersion` of the newest one.
        kubelet: Name,
    },
}

/// What a person decided, and what was read from the dump.
#[derive(Debug, Clone, Default)]
pub(crate) struct Assumptions {
    decided: Vec<(String, bool)>,
    pub(crate) given: Vec<Assumption>,
}

impl Assumptions {
    pub(crate) fn decide(&mut self, id: &str, value: bool) {
        self.decided.retain(|(other, _)| other != id);
        self.decided.push((id.into(), value));
    }

    pub(crate) fn decided(&self, id: &str) -> Option<bool> {
        self.decided.iter().find(|(other, _)| other == id).map(|&(_, value)| value)
    }

    pub(crate) fn decides_anything(&self) -> bool {
        !self.decided.is_empty()
    }

    pub(crate) fn given(&self) -> &[Assumption] {
        &self.given
    }
}

impl World {
    /// How an unknown fact is decided. What Kubernetes and Longhorn always run is taken to run. Whoever should have
    /// removed a finalizer and is not in the dump is taken not to run, and an address that the dump does not show is
    /// taken not to answer: the object is still there, after all.
    pub fn assumption(&self, fact: &Fact) -> Assumption {
        let id = fact.assumption_id();
        let default = match fact {
            Fact::Runs(Process::Kubelet(node)) => self.kubelet_seen(*node),
            Fact::Runs(process) => !matches!(process, Process::FinalizerController(_)),
            // What it does is left out of the world, and nothing is seen that would keep it from that.
            Fact::DoneBy(process @ Process::LonghornManager(_), _) => self.holds(&Fact::Runs(*process)),
            // Whoever says that the controller is back says that it does its work.
            Fact::DoneBy(process, _) => self.decided(&Fact::Runs(*process).assumption_id()) == Some(true),
            _ => false,
        };
        let value = self.decided(&id).unwrap_or(default);
        Assumption { id, ground: Ground::Fact(fact.clone()), value }
    }
}

impl Fact {
    /// The stable name of the assumption about it. To look up whether it was decided reads nothing of the world.
    pub(crate) fn assumption_id(&self) -> String {
        match self {
            Self::Runs(Process::ApiServer) => "runs:kube-apiserver".to_owned(),
            Self::Runs(Process::ControllerManager) => "runs:kube-controller-manager".to_owned(),
            Self::Runs(Process::Kubelet(node)) => format!("runs:kubelet/{node}"),
            Self::Runs(Process::LonghornManager(node)) => format!("runs:longhorn-manager/{node}"),
            Self::Runs(Process::FinalizerController(finalizer)) => format!("runs:controller-of/{finalizer}"),
            Self::Runs(Process::Workload(key)) => format!("runs:{key}"),
            Self::Answers(endpoint) => format!("answers:{}:{}", endpoint.ip, endpoint.port),
            Self::DoneBy(_, object) => format!("done:{}", object.key),
            other => format!("fact:{other:?}"),
        }
    }
}
