//! `gordian`: the core of Gordian on the command line.

fn main() {}
