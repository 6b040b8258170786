//! Draws a directed graph with cycles in layers; knows no Kubernetes.
