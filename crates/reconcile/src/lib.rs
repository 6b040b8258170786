//! The reconcile core: the world, the API server and the controllers as pure functions.
//!
//! One idea carries this crate: a controller is a pure function of the world that either writes, or says what it waits
//! for. [`Controller::reconcile`] gives the writes that the [`Scheduler`](scheduler) plays one at a time, and
//! [`Controller::provides`] gives the waits, as rules, from which `gordian-diagnose` finds what can never finish. Nothing
//! else states who waits for whom.
//!
//! Nothing in this crate knows a sentence of a human language, a pixel, a clock, a thread or a file.

mod admission;
mod api_server;
mod array;
mod assumption;
mod audit;
mod catalogue;
mod condition;
mod controller;
mod controllers;
mod disruption;
pub mod explorer;
mod facet;
mod fault;
pub mod fixture;
pub mod footprint;
pub mod inject;
pub mod kinds;
mod load;
mod mapping;
mod name;
mod object;
mod request;
pub mod rules;
pub mod scheduler;
mod selector;
mod timeline;
mod validation;
mod world;

pub use admission::Refusal;
pub use api_server::{Change, ChangeKind, serve};
pub use assumption::{Assumption, Ground};
pub use audit::{Audited, audit};
pub use catalogue::{Entry, Risk, catalogue, entry_for};
pub use condition::{Condition, Endpoint, Fact, ObjectRef, Operation, Process, Truth, Unreachable};
pub use controller::{
    Actor, Controller, Evidence, Outcome, Provision, Rule, Wait, controllers, dialled, provisions, waits,
};
pub use controllers::garbage_collector::graph::{Coordinates, Sight};
pub use controllers::longhorn::{Difference, PROFILES, Profile, left_behind};
pub use controllers::namespace::conditions as namespace_conditions;
pub use facet::{
    Amount, ApiService, BackingImage, BackingImageDataSource, BackingImageManager, Backup, BackupTarget, Callee,
    Conversion, Disk, DisruptionBudget, Facet, ImageCopy, Instance, InstanceManager, InstanceProcess, Lease,
    LonghornNode, LonghornVolume, Namespace, Node, Ordinals, Orphan, Pod, Service, Setting, ShareManager, Snapshot,
    StatusCondition, SupportBundle, Template, Volume, VolumeAttachment, Webhook, WebhookRule, Webhooks, Workload,
};
pub use fault::Fault;
pub use load::{facet_of, load, object_from};
pub use name::Name;
pub use object::{Deletion, Key, Kind, Object, OwnerReference};
pub use request::{Call, Propagation, Request, Response, Update, Verb};
pub use selector::{Requirement, Selector};
pub use timeline::{End, Step, Timeline};
pub use world::{ObjectId, World};
