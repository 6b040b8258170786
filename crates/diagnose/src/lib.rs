//! Finds what is stuck, why, and which cut frees it; says so in words.
//!
//! The waits that the controllers state become Horn rules; their least fixed point is what can still finish
//! ([`horn`]). What is left out is stuck; its sinks are the root causes ([`diagnose`]); each gets its remedies, which are
//! run in the simulator before they are shown ([`remedies`]). The words are in [`messages`] and nowhere else.

mod finding;
pub mod horn;
pub mod messages;
mod remedy;

pub use finding::{Arrow, Behind, Class, Diagnosis, Finding, Spot, Stuck, diagnose};
pub use remedy::{Intervention, Remedy, apply};
