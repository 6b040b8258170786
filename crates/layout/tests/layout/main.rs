//! Tests of the drawing from outside: cases with their snapshots, and laws that hold for every graph.

mod cases;
mod groups;
mod laws;
mod sound;
mod trees;
