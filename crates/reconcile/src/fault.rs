//! What a person breaks, and mends again.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::object::Canonical;
use crate::{Endpoint, Key, Name, Process};

/// Something that does not work until a person mends it. Faults are part of the world, and of its fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fault {
    /// A process is stopped. When it starts again it knows nothing of what it knew (rule D10).
    Stopped(Process),
    /// A node is cut off: its kubelet and the processes on it reach nobody, and nobody reaches its pods.
    Cut(Name),
    /// The webhooks of a configuration cannot be asked, or an aggregated API is not served.
    Broken(Key),
    /// Connections to an address are refused.
    Refused(Endpoint),
    /// The time that somebody gives an object is over: a namespace's pods their grace (rule G4); a node that is not heard of the time
    /// until it counts as lost (rule I11); a pod the time for which it tolerates a node that is (rule I13);
    /// of what Longhorn's uninstaller, a Job, deletes its grace (rule UN-1).
    TimedOut(Key),
}

impl Fault {
    /// A 64-bit hash, the same on every machine.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = Canonical::default();
        self.hash(&mut hasher);
        hasher.finish()
    }
}
