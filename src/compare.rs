//! Two branches side by side: what differs where each stands, and where their steps part.

use gordian_reconcile::{Fault, Key, Step};
use serde::{Deserialize, Serialize};

use crate::branch::Branch;
use crate::differs::{Differing, differing};
use crate::messages::Language;

/// Two branches side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// With how many equal steps both begin.
    pub same: usize,
    /// The objects that differ where each stands.
    pub rows: Vec<Row>,
    /// What is broken in the one, and in the other, where each stands.
    pub faults: [Vec<Fault>; 2],
}

/// An object that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    pub key: Key,
    /// In what: `before` is the one branch, `after` the other.
    pub fields: Vec<Differing>,
}

/// Compares two branches where each stands.
pub fn compare(one: &Branch, other: &Branch, language: Language) -> Comparison {
    let same = |(one, other): &(&Step, &Step)| one == other;
    let row = |change: gordian_reconcile::Change| {
        let fields = differing(change.before.as_deref(), change.after.as_deref(), language);
        (!fields.is_empty()).then_some(Row { key: change.key, fields })
    };
    Comparison {
        same: one.steps().iter().zip(other.steps()).take_while(same).count(),
        rows: one.world().differences(other.world()).into_iter().filter_map(row).collect(),
        faults: [one, other].map(|branch| branch.world().faults().collect()),
    }
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::{End, Process, Profile};

    use super::*;
    use crate::breaks::Break;
    use crate::engine::tests::sample;
    use crate::engine::{Document, Unmeasured};

    fn beside(document: &Document) -> Comparison {
        let both: Vec<&Branch> = document.branches().collect();
        compare(both[0], both[1], Language::default())
    }

    #[test]
    fn branches_part_where_something_else_happens() {
        let fix = Profile::named("after-3719").expect("the profile");
        let begun =
            sample("longhorn-10791").with_profile(fix, &Unmeasured).jump(1, &Unmeasured).branch_here(&Unmeasured);
        let same = beside(&begun);
        assert_eq!((same.same, same.rows.len()), (8, 0));

        let stop = Break::Fault(Fault::Stopped(Process::ControllerManager));
        let parted = begun.break_it(stop, &Unmeasured);
        let there = beside(&parted.switch(1).jump(usize::MAX, &Unmeasured));
        assert_eq!(there.same, 1);
        assert_eq!(there.faults, [vec![], vec![Fault::Stopped(Process::ControllerManager)]]);
        let ends: Vec<End> = parted.branches().map(Branch::end).collect();
        assert_eq!(ends, [End::Finished, End::Stuck]);
        let mut lines = Vec::new();
        for row in &there.rows {
            let fields = row.fields.iter().map(|field| format!("{}: {} | {}", field.field, field.before, field.after));
            lines.push(format!("{}\n  {}", row.key.kind.kind, fields.collect::<Vec<_>>().join("\n  ")));
        }
        assert_eq!(
            lines.join("\n"),
            "InstanceManager\n  `metadata.uid`: made in this run | `36658b9f-6034-5841-acf5-e4fc4d23abb6`\n  \
             Deletion: not being deleted | being deleted\n  Finalizers: none | `foregroundDeletion`\n  \
             `status.ip`: `10.42.4.12` | `10.42.4.37`\n  \
             `status.instanceReplicas.e2e-test-volume-0-r-5f3c9a1e.status.state`: none | `running`\n\
             Node\n  `status.diskStatus.block-disk.conditions.Ready`: `True` | `False`\n  \
             `status.diskStatus.block-disk.conditions.Schedulable`: `True` | `False`\n\
             Pod\n  Presence: there | not there"
        );
    }
}
