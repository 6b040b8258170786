//! Snapshots that come with the page, so that a reader sees a knot before owning one.

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its stable name, in addresses and tests.
    pub id: &'static str,
    /// The file's name.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them, in the order in which they are offered.
pub const SAMPLES: [Sample; 4] = [
    Sample {
        id: "longhorn-10791",
        file: "longhorn-10791.yaml",
        text: include_str!("../tests/dumps/longhorn-10791.yaml"),
    },
    Sample {
        id: "absent-controller",
        file: "absent-controller.yaml",
        text: include_str!("../tests/samples/absent-controller.yaml"),
    },
    Sample { id: "owner-ring", file: "owner-ring.yaml", text: include_str!("../tests/samples/owner-ring.yaml") },
    Sample { id: "webhook-gone", file: "webhook-gone.yaml", text: include_str!("../tests/samples/webhook-gone.yaml") },
];

impl Sample {
    /// The sample with this stable name.
    pub fn named(id: &str) -> Option<&'static Self> {
        SAMPLES.iter().find(|sample| sample.id == id)
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
