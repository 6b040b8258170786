//! What the API server refuses as invalid in `metadata`.
//!
//! Rules B7 and B8 of the reference, which mirror `ValidateOwnerReferences` and `ValidateFinalizers` in
//! `apimachinery/pkg/api/validation/objectmeta.go`, and `ValidateFinalizerName` in `pkg/apis/core/validation` of Kubernetes 1.33.

use crate::object::{FOREGROUND, ORPHAN};
use crate::{Name, Object, OwnerReference};

/// Whether `metadata` of a create or an update is valid.
pub(crate) fn valid(object: &Object) -> bool {
    let controllers = object.owners.iter().filter(|owner| owner.controller).count();
    let both = object.has_finalizer(FOREGROUND) && object.has_finalizer(ORPHAN);
    // Definitions and APIServices are served by servers of their own, which ask for a qualified name at most (B8).
    let group = object.key.kind.group.as_str();
    let core = builtin(group) && !matches!(group, "apiextensions.k8s.io" | "apiregistration.k8s.io");
    controllers <= 1
        && !both
        && object.owners.iter().all(valid_owner)
        && object.finalizers.iter().all(|&finalizer| valid_finalizer(finalizer, core))
}

/// B7: every part is there, and an Event owns nothing. Whether such an owner exists is not looked at.
fn valid_owner(owner: &OwnerReference) -> bool {
    let parts = [owner.api_version, owner.kind, owner.name, owner.uid];
    parts.iter().all(|part| !part.is_empty()) && owner.kind.as_str() != "Event"
}

/// B8: a qualified name, or, for kinds that Kubernetes itself serves, one of the standard ones.
fn valid_finalizer(finalizer: Name, core: bool) -> bool {
    let finalizer = finalizer.as_str();
    let standard = matches!(finalizer, "kubernetes" | FOREGROUND | ORPHAN);
    match finalizer.split_once('/') {
        _ if standard => true,
        Some((domain, name)) => is_domain(domain) && is_name(name),
        None => !core && is_name(finalizer),
    }
}

fn is_domain(domain: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    domain.len() <= 253
        && domain
            .split('.')
            .all(|label| label.starts_with(word) && label.ends_with(word) && label.chars().all(|c| word(c) || c == '-'))
}

fn is_name(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric();
    let inside = |c: char| word(c) || matches!(c, '-' | '_' | '.');
    name.len() <= 63 && name.starts_with(word) && name.ends_with(word) && name.chars().all(inside)
}

/// Whether Kubernetes itself serves a group: no such group has a dot, or it ends in `k8s.io`.
pub(crate) fn builtin(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}
