//! Reads what kubectl prints: bytes in, a [`Snapshot`] and its problems out.
//!
//! Reading never fails: whatever bytes come in, [`Snapshot::add`] takes what it can, and says what it could not take as
//! [`Problem`]s, each with its place. `sniff` makes text of the bytes, `yaml` writes YAML as JSON, `json` reads that,
//! `source` puts the three together, and `snapshot` joins what came of it with what was there. Nothing in this crate
//! knows a rule of Kubernetes' behaviour, a sentence of a human language, a browser, a clock or a file.

mod json;
mod object;
mod problem;
mod scalar;
mod snapshot;
mod sniff;
mod source;
mod yaml;

pub use object::{Metadata, Object, OwnerReference};
pub use problem::{Place, Problem, ProblemKind, Severity};
pub use snapshot::{Coverage, Snapshot};
pub use source::{Format, Source};
