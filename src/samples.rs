//! Snapshots that come with the page, so that a reader sees a knot before owning one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::Input;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its stable name, in addresses and tests.
    pub id: &'static str,
    /// The file's name.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
    /// A script of what a person does to it: the file's name, and its text.
    pub script: Option<(&'static str, &'static str)>,
}

/// All of them, in the order in which they are offered.
pub const SAMPLES: [Sample; 5] = [
    Sample {
        id: "longhorn-10791",
        file: "longhorn-10791.yaml",
        text: include_str!("../tests/dumps/longhorn-10791.yaml"),
        script: None,
    },
    Sample {
        id: "three-nodes",
        file: "three-nodes.yaml",
        text: include_str!("../tests/longhorn/three-nodes.yaml"),
        script: Some(("three-nodes.json", include_str!("../tests/longhorn/three-nodes.json"))),
    },
    Sample {
        id: "absent-controller",
        file: "absent-controller.yaml",
        text: include_str!("../tests/samples/absent-controller.yaml"),
        script: None,
    },
    Sample {
        id: "owner-ring",
        file: "owner-ring.yaml",
        text: include_str!("../tests/samples/owner-ring.yaml"),
        script: None,
    },
    Sample {
        id: "webhook-gone",
        file: "webhook-gone.yaml",
        text: include_str!("../tests/samples/webhook-gone.yaml"),
        script: None,
    },
];

impl Sample {
    /// The sample with this stable name.
    pub fn named(id: &str) -> Option<&'static Self> {
        SAMPLES.iter().find(|sample| sample.id == id)
    }

    /// Its texts, as if they were loaded.
    pub fn inputs(&self) -> Vec<Input> {
        let texts = [Some((self.file, self.text)), self.script].into_iter().flatten();
        texts.map(|(name, text)| Input { name: name.into(), bytes: text.as_bytes().into() }).collect()
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
            ("absent-controller", Class::ControllerAbsent, 3, 4),
            ("owner-ring", Class::Deadlock, 3, 3),
            ("webhook-gone", Class::WebhookUnreachable, 2, 1),
        ];
        for (id, class, members, stuck) in expected {
            let sample = Sample::named(id).expect(id);
            let mut snapshot = Snapshot::default();
            let problems = snapshot.add(sample.file, sample.text.as_bytes());
            assert_eq!(problems, [], "{id}");
            let diagnosis = diagnose(&load(&snapshot));
            let [finding] = diagnosis.findings.as_slice() else {
                panic!("{id}: {:?}", diagnosis.findings);
            };
            assert_eq!((finding.class, finding.members.len(), diagnosis.stuck.len()), (class, members, stuck), "{id}");
            assert!(finding.remedies.iter().any(|remedy| remedy.verified), "{id}");
        }
    }
}
