//! Snapshots that come with the page, so that a reader sees a knot before owning one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::Input;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its stable name, in addresses and tests.
    pub id: &'static str,
    /// The report of the incident that it was made after, where it was made after one.
    pub after: Option<&'static str>,
}

/// All of them, in the order in which they are offered.
pub const SAMPLES: [Sample; 10] = [
    Sample { id: "longhorn-10791", after: Some("longhorn/longhorn#10791") },
    Sample { id: "three-nodes", after: None },
    Sample { id: "api-gone", after: Some("prometheus-operator/kube-prometheus#275") },
    Sample { id: "webhook-gone", after: Some("kyverno/kyverno#2623") },
    Sample { id: "definition-first", after: Some("kedacore/keda#4898") },
    Sample { id: "absent-controller", after: Some("strimzi/strimzi-kafka-operator#11901") },
    Sample { id: "load-balancer", after: Some("kubernetes-sigs/aws-load-balancer-controller#2200") },
    Sample { id: "volume-in-use", after: Some("fabric8io/kubernetes-client#5811") },
    Sample { id: "volume-attached", after: Some("kubernetes-csi/external-attacher#66") },
    Sample { id: "owner-ring", after: None },
];

/// A file of a sample: its path below `tests/`, and its text.
macro_rules! text {
    ($path:literal) => {
        ($path, include_str!(concat!("../tests/", $path)))
    };
}

impl Sample {
    /// The sample with this stable name.
    pub fn named(id: &str) -> Option<&'static Self> {
        SAMPLES.iter().find(|sample| sample.id == id)
    }

    /// Its files: a dump, and beside it a script of what a person does, where there is one. They are no part of [`SAMPLES`], which the
    /// page lists: only the worker reads them, and so only its program has them.
    fn files(&self) -> &'static [(&'static str, &'static str)] {
        match self.id {
            "longhorn-10791" => &[text!("dumps/longhorn-10791.yaml")],
            "three-nodes" => &[text!("longhorn/three-nodes.yaml"), text!("longhorn/three-nodes.json")],
            "api-gone" => &[text!("samples/api-gone.yaml")],
            "webhook-gone" => &[text!("samples/webhook-gone.yaml")],
            "definition-first" => &[text!("samples/definition-first.yaml")],
            "absent-controller" => &[text!("samples/absent-controller.yaml")],
            "load-balancer" => &[text!("samples/load-balancer.yaml")],
            "volume-in-use" => &[text!("samples/volume-in-use.yaml")],
            "volume-attached" => &[text!("samples/volume-attached.yaml")],
            "owner-ring" => &[text!("samples/owner-ring.yaml")],
            _ => &[],
        }
    }

    /// Its texts, as if they were loaded.
    pub fn inputs(&self) -> Vec<Input> {
        let input = |&(path, text): &(&str, &str)| {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            Input { name: name.into(), bytes: text.as_bytes().into() }
        };
        self.files().iter().map(input).collect()
    }
}

/// A sample goes to the worker by its stable name.
impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl<'de> Deserialize<'de> for &'static Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Sample::named(&id).ok_or_else(|| serde::de::Error::custom("no sample has this name"))
    }
}

#[cfg(test)]
mod tests {
    use gordian_diagnose::{Class, diagnose};
    use gordian_reconcile::load;
    use gordian_snapshot::Snapshot;

    use super::*;

    #[test]
    fn each_sample_shows_just_what_it_is_for() {
        let expected = [
            ("longhorn-10791", Class::Deadlock, 2, 2),
            ("api-gone", Class::ApiUnavailable, 2, 2),
            ("webhook-gone", Class::WebhookUnreachable, 2, 1),
            ("definition-first", Class::ControllerAbsent, 3, 4),
            ("absent-controller", Class::ControllerAbsent, 3, 4),
            ("load-balancer", Class::ControllerAbsent, 1, 2),
            ("volume-in-use", Class::NodeLost, 1, 2),
            ("volume-attached", Class::UnknownFinalizer, 2, 2),
            ("owner-ring", Class::Deadlock, 3, 3),
        ];
        let with_script = SAMPLES.iter().filter(|sample| sample.files().len() > 1).count();
        assert_eq!(SAMPLES.len(), expected.len() + with_script);
        for (id, class, members, stuck) in expected {
            let sample = Sample::named(id).expect(id);
            let mut snapshot = Snapshot::default();
            let [(file, text)] = sample.files() else { panic!("{id} is one dump") };
            let problems = snapshot.add(file, text.as_bytes());
            assert_eq!(problems, [], "{id}");
            let diagnosis = diagnose(&load(&snapshot));
            let [finding] = diagnosis.findings.as_slice() else {
                panic!("{id}: {:?}", diagnosis.findings);
            };
            assert_eq!((finding.class, finding.members.len(), diagnosis.stuck.len()), (class, members, stuck), "{id}");
            assert!(finding.remedies.iter().any(|remedy| remedy.verified), "{id}");
        }
    }

    /// They are part of the worker's program, which is to be small.
    #[test]
    fn samples_are_small() {
        let packed = SAMPLES.iter().flat_map(Sample::files).map(|(_, text)| crate::link::pack(text).len());
        assert!(packed.clone().sum::<usize>() < 30 << 10, "{:?}", packed.collect::<Vec<_>>());
    }
}
