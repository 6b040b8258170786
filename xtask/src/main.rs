//! What cargo cannot do alone: set-up, serve, test, bench.

fn main() {}
