//! The page of Gordian.
//!
//! Everything that can be said without a browser is a pure module, tested natively: [`engine`] is what was loaded and the
//! [`branch`]es that are stepped through, [`breaks`] what can be broken in them, [`search`] tries every order and every fault,
//! [`compare`] puts two of them side by side, [`state`] is all that is remembered and every way in which that changes, [`scene`] is
//! what the drawing shows and [`paint`] draws it, [`tree`] what the list of objects shows and [`find`] finds in it, [`inspect`] what the inspector shows, [`lanes`] and [`told`] what the stepper shows, [`notes`] what a person writes about any of it, [`seen`] all that the page shows, [`url`] what an address
//! carries, [`link`] a text that travels in it, [`deeds`] how a run came about, and [`messages`] every sentence that is not the core's.
//!
//! [`worker`] puts that together, away from the page: [`queue`] is what it is asked, and [`tell`] what it answers. `thread` and `ui`
//! are the two ends of this in a browser: the worker's, and the page's, which draws. Each is a program of its own, and holds only what
//! it reaches.

pub mod branch;
pub mod breaks;
pub mod capture;
pub mod compare;
pub mod crumbs;
pub mod deeds;
pub mod diff;
pub mod differs;
pub mod engine;
pub mod find;
pub mod glyph;
pub mod inspect;
pub mod keys;
pub mod lanes;
pub mod link;
pub mod listing;
pub mod messages;
pub mod moment;
pub mod notes;
pub mod paint;
pub mod queue;
pub mod reasons;
pub mod samples;
pub mod scene;
pub mod search;
pub mod seen;
pub mod state;
pub mod subject;
pub mod tell;
pub mod told;
pub mod tree;
pub mod url;
pub mod words;
pub mod worker;

#[cfg(target_arch = "wasm32")]
pub mod thread;
#[cfg(target_arch = "wasm32")]
pub mod ui;
