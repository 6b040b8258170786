//! The page in the browser: components that draw the state and say what a person does.
//!
//! No component decides anything about Kubernetes or keeps anything that [`crate::state`] could keep. Names from a dump
//! are text and never markup, and no element has a `style` attribute: the content security policy forbids both.

mod app;
mod branches;
mod browser;
mod compare;
mod controls;
mod crumbs;
mod drawing;
mod findings;
mod help;
mod icon;
mod inspector;
mod layer;
mod notices;
mod objects;
mod script;
mod shared;
mod start;
mod stepper;
mod store;
mod top;
mod tree;

/// Draws the page over what `index.html` shows while it loads.
pub fn start() {
    let place = gloo::utils::document().get_element_by_id("app");
    let place = place.unwrap_or_else(|| gloo::utils::body().into());
    place.replace_children_with_node_0();
    yew::Renderer::<app::App>::with_root(place).render();
}
