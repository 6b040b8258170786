//! The page in the browser.

/// Starts it.
pub fn start() {}
