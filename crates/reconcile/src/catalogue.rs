//! The finalizer catalogue: data, not code.
//!
//! `data/finalizers.json` names finalizers that are seen in the field: whose they are, which workload runs their
//! controller, what they protect and wait for, and what stripping one by hand costs. A row becomes behaviour through the
//! declared controller.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex_lite::Regex;
use serde::Deserialize;

use crate::Name;

/// What stripping a finalizer by hand, or another cut, costs at worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing is left behind and nothing is lost.
    None,
    /// A nuisance that heals or is easily seen.
    Low,
    /// Something stays behind: a process, a cloud resource, a stale record.
    Leak,
    /// Data can be lost or corrupted.
    DataLoss,
}

/// One row.
#[derive(Debug, Deserialize)]
pub struct Entry {
    /// The finalizer, or the form of a family of them.
    pub finalizer: String,
    pattern: String,
    /// Who removes it.
    pub controller: String,
    /// The project that it belongs to.
    pub project: String,
    /// The workloads that run the controller, as `Kind/name`, `*` and `<word>` standing for anything.
    pub workloads: Vec<String>,
    /// Label selectors of their pods.
    pub selectors: Vec<String>,
    /// What it protects.
    pub protects: String,
    /// What the controller waits for.
    pub waits_for: String,
    /// How to resolve it without a cut.
    pub resolution: String,
    /// What stripping it costs, in words.
    pub cost: String,
    /// What stripping it costs, as a class.
    pub risk: Risk,
    /// Higher rows are looser patterns: the lowest that matches is taken.
    priority: u32,
}

static CATALOGUE: LazyLock<Vec<(Regex, Entry)>> = LazyLock::new(|| {
    let mut entries: Vec<Entry> = serde_json::from_str(include_str!("../data/finalizers.json")).unwrap_or_default();
    entries.sort_by_key(|entry| entry.priority);
    entries.into_iter().filter_map(|entry| Some((Regex::new(&entry.pattern).ok()?, entry))).collect()
});

/// Every row, the tightest patterns first.
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().map(|(_, entry)| entry)
}

/// What was looked up before: going through every pattern costs far more than a lookup, and a dump has few finalizers.
static KNOWN: LazyLock<Mutex<BTreeMap<Name, Option<&'static Entry>>>> = LazyLock::new(Mutex::default);

/// The row for a finalizer, if the catalogue knows it.
pub fn entry_for(finalizer: &str) -> Option<&'static Entry> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    *known
        .entry(Name::new(finalizer))
        .or_insert_with(|| CATALOGUE.iter().find(|(pattern, _)| pattern.is_match(finalizer)).map(|(_, entry)| entry))
}

impl Entry {
    /// Whether kube-controller-manager or the API server itself runs the controller. A dump seldom shows them, and without
    /// them nothing would work: they are taken to run.
    pub fn in_control_plane(&self) -> bool {
        self.workloads
            .iter()
            .any(|w| w.starts_with("Pod/kube-controller-manager") || w.starts_with("Pod/kube-apiserver"))
    }

    /// Whether a workload of this kind and name runs the controller.
    pub(crate) fn run_by(&self, kind: &str, name: &str) -> bool {
        self.workloads.iter().any(|hint| {
            let Some((kinds, pattern)) = hint.split_once('/') else {
                return false;
            };
            let pattern = pattern.split_whitespace().next().unwrap_or_default();
            kinds.split('|').any(|k| k == kind) && matches_name(pattern, name)
        })
    }

    /// Whether a pod with these labels runs the controller.
    pub(crate) fn selects(&self, labels: &[(Name, Name)]) -> bool {
        self.selectors.iter().any(|selector| {
            labels.iter().any(|(key, value)| selector.split_once('=') == Some((key.as_str(), value.as_str())))
        })
    }
}

/// Whether a workload's name fits a hint in which `*` and `<word>` stand for anything. A hint that is nothing but such a
/// place says nothing and fits nothing.
fn matches_name(pattern: &str, name: &str) -> bool {
    let mut literal = String::new();
    let mut depth = 0_u32;
    for c in pattern.chars() {
        match c {
            '<' => depth += 1,
            '>' => {
                depth = depth.saturating_sub(1);
                literal.push('*');
            }
            c if depth == 0 => literal.push(c),
            _ => {}
        }
    }
    let parts: Vec<&str> = literal.split('*').collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if parts.iter().all(|part| part.len() < 3) {
        return false;
    }
    if parts.len() == 1 {
        return first == name;
    }
    let Some(rest) = name.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    parts[1..parts.len() - 1]
        .iter()
        .try_fold(rest, |rest, part| rest.find(part).map(|at| &rest[at + part.len()..]))
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_own_finalizer() {
        assert_eq!(catalogue().count(), 163);
        // A family is written with `<word>` for what differs, or with `*`.
        for entry in catalogue().filter(|entry| !entry.finalizer.contains(['<', '*', '('])) {
            let found = entry_for(&entry.finalizer).map(|found| found.priority);
            assert!(found.is_some_and(|priority| priority <= entry.priority), "{}", entry.finalizer);
        }
    }

    #[test]
    fn hints_name_workloads() {
        assert!(matches_name("longhorn-manager", "longhorn-manager"));
        assert!(matches_name("*-cloud-controller-manager", "aws-cloud-controller-manager"));
        assert!(matches_name("<driver>-controller", "ebs-controller"));
        assert!(!matches_name("crossplane", "crossplane-rbac-manager"));
        assert!(!matches_name("<release>", "anything"), "a hint that says nothing fits nothing");
    }
}
