//! Longhorn's engine controller, as far as it starts and ends an engine's process: `controller/engine_controller.go`.

use super::instance::InstanceController;
use crate::{Rule, kinds};

/// See the module. Of a shared (RWX) volume the process is to be ended wherever that can be tried, and a failure counts for nothing
/// where the instance manager does not run, or its node is delinquent (`shouldSkipEngineDeletion`, `canIgnoreEngineDeletionFailure`).
pub(crate) const ENGINES: InstanceController = InstanceController {
    name: "engine controller",
    kind: kinds::longhorn_engine,
    ends: Rule("ENG-1"),
    skips: Rule("ENG-1'"),
    tries: |manager, shared| shared || matches!(manager, "running" | "unknown"),
    ignores: |manager, shared, delinquent| manager == "unknown" || (shared && (manager != "running" || delinquent)),
};
