//! What cargo cannot do alone: set-up, serve, test, bench.
//!
//! Everything here runs commands and reads what they print. It downloads from crates.io, npm and the system's package
//! manager only, and says so in one line each time.

mod bench;
mod count;
mod run;
mod seal;
mod serve;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--open] [--port N]        build the page and serve it on 127.0.0.1
cargo xtask test [lint|native|wasm|e2e]...   check and test everything, or only the named stages
cargo xtask bench core|page                  measure the core or the drawing, and write docs/performance.md
cargo xtask setup                            install what the two above need, and no more";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    let outcome = match command {
        "serve" => serve::serve(rest),
        "seal" => seal::seal(),
        "test" => test::test(rest),
        "bench" => bench::bench(rest),
        "setup" => tools::everything(),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        other => Err(format!("There is no `cargo xtask {other}`.\n{USAGE}")),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
