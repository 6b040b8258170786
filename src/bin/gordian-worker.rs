//! The entry point of the page's worker, a program of its own: so each thread waits only for what it runs. Natively there is none.

#[cfg(target_arch = "wasm32")]
fn main() {
    gordian_app::thread::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Gordian is a page: `cargo xtask serve` builds and serves it.");
}
