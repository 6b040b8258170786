//! Reads what kubectl prints: bytes in, a Snapshot and its problems out.
