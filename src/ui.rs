//! The page in the browser: components that draw what is seen and say what a person does.
//!
//! No component decides anything about Kubernetes or keeps anything that [`crate::state`] could keep: that is the worker's, and
//! what comes of it arrives as [`crate::seen`]. Names from a dump
//! are text and never markup, and no element has a `style` attribute: the content security policy forbids both.

mod app;
mod branches;
mod browser;
mod canvas;
mod compare;
mod controls;
mod crumbs;
mod drawing;
mod findings;
mod gestures;
mod glyphs;
mod help;
mod icon;
mod inspector;
mod keep;
mod legend;
mod link;
mod note;
mod notes;
mod notices;
mod objects;
mod progress;
mod script;
mod scrubber;
mod share;
mod shared;
mod stage;
mod start;
mod stepper;
mod store;
mod told;
mod top;
mod tree;
mod twin;

/// Draws the page over what `index.html` shows while it loads.
pub fn start() {
    let place = gloo::utils::document().get_element_by_id("app");
    let place = place.unwrap_or_else(|| gloo::utils::body().into());
    place.replace_children_with_node_0();
    yew::Renderer::<app::App>::with_root(place).render();
}
