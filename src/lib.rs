//! The page of Gordian.
