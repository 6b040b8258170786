//! The reconcile core: the world, the API server and the controllers as pure functions.
