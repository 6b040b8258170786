//! How kinds are called where one types little: `po`, `pods`, `deployments.apps`, `lhim`.

use std::collections::BTreeMap;

use gordian_reconcile::{Kind, Name, kinds};
use gordian_snapshot::Snapshot;
use serde::Deserialize;

/// A kind, and its short names.
type Short = (&'static str, &'static [&'static str]);

/// The short names that come with Kubernetes, its snapshots, and Longhorn, by group. A cluster's own definitions add theirs.
const SHORT: [(&str, &[Short]); 12] = [
    (
        "",
        &[
            ("ComponentStatus", &["cs"]),
            ("ConfigMap", &["cm"]),
            ("Endpoints", &["ep"]),
            ("Event", &["ev"]),
            ("LimitRange", &["limits"]),
            ("Namespace", &["ns"]),
            ("Node", &["no"]),
            ("PersistentVolume", &["pv"]),
            ("PersistentVolumeClaim", &["pvc"]),
            ("Pod", &["po"]),
            ("ReplicationController", &["rc"]),
            ("ResourceQuota", &["quota"]),
            ("Service", &["svc"]),
            ("ServiceAccount", &["sa"]),
        ],
    ),
    ("apiextensions.k8s.io", &[("CustomResourceDefinition", &["crd", "crds"])]),
    (
        "apps",
        &[("DaemonSet", &["ds"]), ("Deployment", &["deploy"]), ("ReplicaSet", &["rs"]), ("StatefulSet", &["sts"])],
    ),
    ("autoscaling", &[("HorizontalPodAutoscaler", &["hpa"])]),
    ("batch", &[("CronJob", &["cj"])]),
    ("certificates.k8s.io", &[("CertificateSigningRequest", &["csr"])]),
    ("events.k8s.io", &[("Event", &["ev"])]),
    ("networking.k8s.io", &[("Ingress", &["ing"]), ("IPAddress", &["ip"]), ("NetworkPolicy", &["netpol"])]),
    ("policy", &[("PodDisruptionBudget", &["pdb"])]),
    ("scheduling.k8s.io", &[("PriorityClass", &["pc"])]),
    ("storage.k8s.io", &[("StorageClass", &["sc"]), ("VolumeAttributesClass", &["vac"])]),
    (
        "longhorn.io",
        &[
            ("BackingImage", &["lhbi"]),
            ("BackingImageDataSource", &["lhbids"]),
            ("BackingImageManager", &["lhbim"]),
            ("Backup", &["lhb"]),
            ("BackupBackingImage", &["lhbbi"]),
            ("BackupTarget", &["lhbt"]),
            ("BackupVolume", &["lhbv"]),
            ("Engine", &["lhe"]),
            ("EngineFrontend", &["lhef"]),
            ("EngineImage", &["lhei"]),
            ("InstanceManager", &["lhim"]),
            ("Node", &["lhn"]),
            ("Orphan", &["lho"]),
            ("RecurringJob", &["lhrj"]),
            ("Replica", &["lhr"]),
            ("Setting", &["lhs"]),
            ("Shard", &["lhsd"]),
            ("ShardGroup", &["lhsg"]),
            ("ShareManager", &["lhsm"]),
            ("Snapshot", &["lhsnap"]),
            ("SupportBundle", &["lhbundle"]),
            ("SystemBackup", &["lhsb"]),
            ("SystemRestore", &["lhsr"]),
            ("Volume", &["lhv"]),
            ("VolumeAttachment", &["lhva"]),
        ],
    ),
];

/// What a definition calls its kind.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Names {
    kind: String,
    plural: String,
    singular: String,
    short_names: Vec<String>,
}

/// By what name of a kind a word means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A short one: nobody types it for anything else.
    Short,
    /// Its kind, its plural or its singular.
    Full,
}

/// The names of kinds that a cluster's own definitions give.
#[derive(Debug, Clone, Default)]
pub struct KindNames(BTreeMap<Kind, Names>);

impl KindNames {
    /// Those that a snapshot's definitions give.
    pub fn of(snapshot: &Snapshot) -> Self {
        #[derive(Deserialize)]
        struct Definition {
            spec: Spec,
        }
        #[derive(Deserialize)]
        struct Spec {
            #[serde(default)]
            group: String,
            #[serde(default)]
            names: Names,
        }
        let definition = kinds::definition();
        let definitions = snapshot.objects.iter().filter(|object| definition.is(object.group(), &object.kind));
        let names = definitions.filter_map(|object| {
            let Definition { spec: Spec { group, names } } = snapshot.read(object)?;
            Some((Kind::new(&group, &names.kind), names))
        });
        Self(names.collect())
    }

    /// Whether a word means this kind, alone or with its group as in `deployments.apps`.
    pub fn means(&self, word: &str, kind: Kind) -> Option<By> {
        let (word, group) = word.split_once('.').unwrap_or((word, ""));
        let of_version = |part: &str| part.starts_with('v') && part[1..].starts_with(|c: char| c.is_ascii_digit());
        let group = group.split_once('.').filter(|(version, _)| of_version(version)).map_or(group, |(_, group)| group);
        if word.is_empty() || !kind.group.as_str().starts_with(group) {
            return None;
        }
        let is = |name: &str| name.eq_ignore_ascii_case(word);
        let defined = self.0.get(&kind);
        let full = is(kind.kind.as_str())
            || is_plural(word, kind.kind)
            || defined.is_some_and(|names| is(&names.plural) || is(&names.singular));
        if full {
            return Some(By::Full);
        }
        let own = defined.is_some_and(|names| names.short_names.iter().any(|short| is(short)));
        (own || short_names(kind).iter().any(|short| is(short))).then_some(By::Short)
    }
}

/// The short names that are known without a definition.
fn short_names(kind: Kind) -> &'static [&'static str] {
    let group = SHORT.iter().find(|(group, _)| kind.group.as_str() == *group);
    let named = group.and_then(|(_, named)| named.iter().find(|(name, _)| kind.kind.as_str() == *name));
    named.map_or(&[], |(_, short)| short)
}

/// Whether a word is the plural that Kubernetes gives a kind by default.
fn is_plural(word: &str, kind: Name) -> bool {
    let kind = kind.as_str();
    let ends = |stem: &str, end: &str| {
        word.len() == stem.len() + end.len()
            && word.is_char_boundary(stem.len())
            && word[..stem.len()].eq_ignore_ascii_case(stem)
            && word[stem.len()..].eq_ignore_ascii_case(end)
    };
    match kind.strip_suffix('y') {
        Some(stem) => ends(stem, "ies"),
        None if kind.ends_with('s') => ends(kind, "es"),
        None => ends(kind, "s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_meant_by_each_of_its_names() {
        let mut snapshot = Snapshot::default();
        let definition = r#"{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "geese.farm.io"},
            "spec": {"group": "farm.io", "names": {"kind": "Goose", "plural": "geese", "singular": "goose", "shortNames": ["gs"]}}}"#;
        assert_eq!(snapshot.add("geese", definition.as_bytes()), []);
        let names = KindNames::of(&snapshot);
        let cases = [
            ("po", "", "Pod", Some(By::Short)),
            ("PODS", "", "Pod", Some(By::Full)),
            ("pod", "metrics.k8s.io", "Pod", Some(By::Full)),
            ("po", "metrics.k8s.io", "Pod", None),
            ("deploy", "apps", "Deployment", Some(By::Short)),
            ("Deployments.apps", "apps", "Deployment", Some(By::Full)),
            ("deployments.v1.apps", "apps", "Deployment", Some(By::Full)),
            ("deployments.batch", "apps", "Deployment", None),
            ("networkpolicies", "networking.k8s.io", "NetworkPolicy", Some(By::Full)),
            ("ingresses", "networking.k8s.io", "Ingress", Some(By::Full)),
            ("storageclasses", "storage.k8s.io", "StorageClass", Some(By::Full)),
            ("endpoints", "", "Endpoints", Some(By::Full)),
            ("lhim", "longhorn.io", "InstanceManager", Some(By::Short)),
            ("nodes.longhorn.io", "longhorn.io", "Node", Some(By::Full)),
            ("nodes.longhorn.io", "", "Node", None),
            ("no", "longhorn.io", "Node", None),
            ("geese", "farm.io", "Goose", Some(By::Full)),
            ("gs", "farm.io", "Goose", Some(By::Short)),
            ("", "", "Pod", None),
            ("pöd", "", "Pod", None),
        ];
        for (word, group, kind, expected) in cases {
            assert_eq!(names.means(word, Kind::new(group, kind)), expected, "{word} {kind}.{group}");
        }
    }
}
