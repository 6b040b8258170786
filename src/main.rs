//! The entry point: in a browser the page, and its worker; natively there is none.

#[cfg(target_arch = "wasm32")]
fn main() {
    match web_sys::window() {
        Some(_) => gordian_app::ui::start(),
        None => gordian_app::thread::start(),
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Gordian is a page: `cargo xtask serve` builds and serves it.");
}
