//! Finds what is stuck, why, and which cut frees it; says so in words.
