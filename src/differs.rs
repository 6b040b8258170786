//! How an object differs from what it was, or from what it is in another branch: field by field, in words.

use gordian_reconcile::{Deletion, Facet, Object, OwnerReference, StatusCondition};
use serde::{Deserialize, Serialize};

use crate::messages::{Language, Text};

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    /// The field: a word of the page, or a path in the object, between backticks.
    pub field: String,
    /// Its value on the one side.
    pub before: String,
    /// Its value on the other.
    pub after: String,
}

/// The fields in which two objects differ; where there is only one of them, that it is there.
pub fn differing(before: Option<&Object>, after: Option<&Object>, language: Language) -> Vec<Differing> {
    let says = language.of_runs();
    let mut fields = Vec::new();
    let mut field = |field: &str, before: String, after: String| {
        if before != after {
            fields.push(Differing { field: field.to_owned(), before, after });
        }
    };
    let (Some(one), Some(other)) = (before, after) else {
        let presence = |object: Option<&Object>| says.presence(object.is_some()).to_owned();
        field(language.text(Text::Presence), presence(before), presence(after));
        return fields;
    };
    let uid = |object: &Object| match object.uid.as_str().starts_with(&format!("{}#", object.key)) {
        // The simulator names what it makes; the name says nothing to a reader.
        true => language.text(Text::MadeInRun).to_owned(),
        false => says.literals(&[object.uid.to_string()]),
    };
    if one.uid != other.uid {
        field("`metadata.uid`", uid(one), uid(other));
    }
    let deletion = |object: &Object| says.deletion(object.deletion.map(|Deletion { grace_seconds }| grace_seconds));
    field(language.text(Text::Deletion), deletion(one), deletion(other));
    let finalizers = |object: &Object| says.literals(&names(&object.held_by()));
    field(language.text(Text::Finalizers), finalizers(one), finalizers(other));
    let owners = |object: &Object| {
        let owner = |it: &OwnerReference| says.owner(it.kind.as_str(), it.name.as_str(), it.controller, it.block);
        says.several(&object.owners.iter().map(owner).collect::<Vec<_>>())
    };
    field(language.text(Text::Owners), owners(one), owners(other));
    let (values, others) = (values(&one.facet), values(&other.facet));
    let in_one = values.iter().map(|(path, _)| path);
    let only_in_other = others.iter().map(|(path, _)| path).filter(|path| !values.iter().any(|(p, _)| p == *path));
    for path in in_one.chain(only_in_other) {
        let value = |all: &[(String, String)]| {
            let found = all.iter().find(|(other, _)| other == path);
            says.literals(
                &found
                    .map(|(_, value)| value.clone())
                    .filter(|value| !value.is_empty())
                    .into_iter()
                    .collect::<Vec<_>>(),
            )
        };
        field(&format!("`{path}`"), value(&values), value(&others));
    }
    fields
}

fn condition(condition: &StatusCondition) -> (String, String) {
    (condition.kind.to_string(), format!("{} {}", condition.status, condition.reason))
}

fn names(names: &[gordian_reconcile::Name]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// The fields of spec and status that change in a run, by their paths; conditions by their types. The finalizers of a namespace
/// are told with the others.
pub(crate) fn values(facet: &Facet) -> Vec<(String, String)> {
    let pair = |path: &str, value: String| (path.to_owned(), value);
    match facet {
        Facet::Pod(pod) => vec![
            pair("status.phase", pod.phase.to_string()),
            pair("status.podIP", pod.ip.to_string()),
            pair("Ready", pod.ready.to_string()),
            pair("processes", names(&pod.processes.iter().map(|process| process.name).collect::<Vec<_>>()).join(", ")),
        ],
        Facet::Node(node) => {
            vec![
                pair("Ready", node.ready.to_string()),
                pair("spec.unschedulable", node.cordoned.to_string()),
                pair("node.kubernetes.io/unreachable", node.unreachable.to_string()),
            ]
        }
        Facet::Namespace(namespace) => namespace.conditions.iter().map(condition).collect(),
        Facet::Definition { terminating, .. } => terminating.iter().map(condition).collect(),
        Facet::Workload(workload) => vec![pair("status.readyReplicas", workload.ready.to_string())],
        Facet::ApiService(api) => vec![pair("Available", api.available.to_string())],
        Facet::Volume(volume) => {
            vec![pair("status.phase", volume.phase.to_string()), pair("spec.claimRef.uid", volume.claim.to_string())]
        }
        // Nobody writes these in a run.
        Facet::None
        | Facet::Service(_)
        | Facet::Webhooks(_)
        | Facet::Token { .. }
        | Facet::Lease(_)
        | Facet::DisruptionBudget(_) => Vec::new(),
        // Longhorn's kinds.
        _ => {
            let fields = facet.longhorn_fields().into_iter();
            fields.map(|(path, value)| pair(&path.replace('/', "."), value.to_string())).collect()
        }
    }
}
