//! The entry point: in a browser the page; natively there is none.

#[cfg(target_arch = "wasm32")]
fn main() {
    gordian_app::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Gordian is a page: `cargo xtask serve` builds and serves it.");
}
