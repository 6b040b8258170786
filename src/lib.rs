//! The page of Gordian.
//!
//! Everything that can be said without a browser is a pure module, tested natively: [`engine`] is what was loaded and the
//! [`branch`]es that are stepped through, [`breaks`] what can be broken in them, [`search`] tries every order and every fault, [`compare`] two of them side by side, [`state`] is all that the page remembers and every way in which that changes, [`scene`] is
//! what the drawing shows, [`tree`] what the list of objects shows and [`find`] finds in it, [`inspect`] what the inspector shows, [`url`] what an address carries, and [`messages`] every
//! sentence that is not the core's. `ui` draws them and exists in the browser only.

pub mod branch;
pub mod breaks;
pub mod capture;
pub mod compare;
pub mod crumbs;
pub mod differs;
pub mod engine;
pub mod find;
pub mod inspect;
pub mod messages;
pub mod moment;
pub mod reasons;
pub mod samples;
pub mod scene;
pub mod search;
pub mod state;
pub mod subject;
pub mod tree;
pub mod url;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod ui;
