//! The entry point of the page: what its own thread runs. Natively there is none.

#[cfg(target_arch = "wasm32")]
fn main() {
    gordian_app::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Gordian is a page: `cargo xtask serve` builds and serves it.");
}
