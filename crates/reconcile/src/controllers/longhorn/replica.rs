//! Longhorn's replica controller, as far as it starts and ends a replica's process: `controller/replica_controller.go`.
//!
//! The data of a replica that goes is deleted on its own node and left on any other; the world has no disks, so that nothing
//! shows of it.

use super::instance::InstanceController;
use crate::{Rule, kinds};

/// See the module (`shouldSkipReplicaDeletion`, `canIgnoreReplicaDeletionFailure`).
pub(crate) const REPLICAS: InstanceController = InstanceController {
    name: "replica controller",
    kind: kinds::longhorn_replica,
    ends: Rule("REP-1"),
    skips: Rule("REP-1'"),
    tries: |manager, _| matches!(manager, "running" | "unknown"),
    ignores: |manager, _, delinquent| manager == "unknown" || delinquent,
};
