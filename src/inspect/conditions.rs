//! `status.conditions`: those that say that something is wrong come first.

use serde::{Deserialize, Serialize};

use super::events::Chronicle;
use crate::messages::Language;

/// One of `status.conditions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// `type`.
    pub name: String,
    /// `status`.
    pub status: String,
    /// `reason`.
    pub reason: String,
    /// `message`.
    pub message: String,
    /// `lastTransitionTime`, as printed.
    pub since: String,
    /// How long before the dump's newest moment that was; empty where that is not known.
    pub age: String,
    /// It says that something is wrong.
    pub wrong: bool,
}

/// Parts of the names of conditions that are bad when they are true. By Kubernetes' conventions for its API most others are good.
const ADVERSE: [&str; 16] = [
    "Conflict",
    "Degraded",
    "Denied",
    "Dangling",
    "Error",
    "Fail",
    "Invalid",
    "NonStructural",
    "Pressure",
    "Remaining",
    "Stalled",
    "Suspend",
    "Terminating",
    "TooMany",
    "Unavailable",
    "Unhealthy",
];

impl Condition {
    /// A status that is unknown is wrong, an adverse one that is true, and another one that is false for a reason.
    fn is_wrong(&self) -> bool {
        let adverse = ADVERSE.iter().any(|part| self.name.contains(part));
        match self.status.as_str() {
            "True" => adverse,
            "False" => !adverse && !self.reason.is_empty(),
            _ => true,
        }
    }
}

/// A field of any type but text is taken as absent, so that one of them does not cost the others.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WithStatus {
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    conditions: Option<Vec<serde_json::Map<String, serde_json::Value>>>,
}

pub(super) fn conditions(
    snapshot: &gordian_snapshot::Snapshot,
    loaded: &gordian_snapshot::Object,
    chronicle: &Chronicle,
    language: Language,
) -> Vec<Condition> {
    let read = snapshot.read::<WithStatus>(loaded).unwrap_or_default().status.conditions.unwrap_or_default();
    let condition = |fields: serde_json::Map<String, serde_json::Value>| {
        let text = |name: &str| fields.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let since = text("lastTransitionTime");
        let mut condition = Condition {
            name: text("type"),
            status: text("status"),
            reason: text("reason"),
            message: text("message"),
            age: chronicle.age(&since, language),
            since,
            wrong: false,
        };
        condition.wrong = condition.is_wrong();
        condition
    };
    let mut conditions: Vec<Condition> = read.into_iter().map(condition).collect();
    conditions.sort_by_key(|condition| !condition.wrong);
    conditions
}
