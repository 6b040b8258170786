//! `cargo xtask test`: everything that must hold before a change goes in, and one line at the end that says whether it does.
#![expect(clippy::disallowed_methods, reason = "this is no part of the core: it says how long each stage took")]

use crate::count::Count;
use crate::{run, tools};
use std::process::Command;
use std::time::Instant;

/// One step of the tests, named as on the command line.
struct Stage {
    name: &'static str,
    /// The name on the command line that selects it.
    group: &'static str,
    run: fn() -> Result<Count, String>,
}

const STAGES: &[Stage] = &[
    Stage {
        name: "format",
        group: "lint",
        run: || {
            tools::formatter_and_clippy()?;
            check(tools::cargo().args(["fmt", "--all", "--check"]))
        },
    },
    Stage {
        name: "clippy",
        group: "lint",
        run: || {
            tools::formatter_and_clippy()?;
            check(tools::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
        },
    },
    Stage {
        name: "clippy for wasm",
        group: "lint",
        run: || {
            tools::formatter_and_clippy()?;
            tools::wasm_target()?;
            check(
                tools::cargo()
                    .args(["clippy", "--package", "gordian-app", "--lib", "--bins"])
                    .args(["--test", "web", "--target", tools::WASM])
                    .args(["--", "-D", "warnings"]),
            )
        },
    },
    Stage {
        name: "native",
        group: "native",
        run: || tests(tools::cargo().args(["test", "--workspace", "--no-fail-fast"])),
    },
    Stage {
        name: "wasm",
        group: "wasm",
        run: || {
            tools::wasm_target()?;
            tools::wasm_bindgen()?;
            let driver = tools::chromedriver()?;
            tests(
                tools::cargo()
                    .args(["test", "--package", "gordian-app", "--test", "web"])
                    .args(["--target", tools::WASM])
                    .env("CHROMEDRIVER", driver)
                    // The runner's own limits are 5 and 20 seconds, which a busy machine passes without any fault.
                    .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
                    .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner"),
            )
        },
    },
    Stage {
        name: "build",
        group: "e2e",
        run: || {
            tools::for_building()?;
            check(tools::trunk()?.args(["build", "--release"]))
        },
    },
    Stage {
        name: "e2e",
        group: "e2e",
        run: || {
            tools::node_modules()?;
            let chromium = tools::chromium()?;
            let files = tools::end_to_end_tests()?;
            tests(
                Command::new("node")
                    .args(["--test", "--test-reporter=spec"])
                    .args(files)
                    .current_dir(tools::end_to_end())
                    .env("CHROMIUM", chromium),
            )
        },
    },
];

/// Runs the stages whose groups are named, or all of them; true if nothing failed.
pub(crate) fn test(groups: &[String]) -> Result<bool, String> {
    if let Some(unknown) = groups.iter().find(|group| STAGES.iter().all(|stage| stage.group != **group)) {
        return Err(format!("There is no stage `{unknown}`: they are lint, native, wasm and e2e."));
    }
    let chosen = |stage: &&Stage| groups.is_empty() || groups.iter().any(|name| name == stage.group);

    let mut lines = Vec::new();
    let mut total = Count::default();
    let mut built = true;
    for stage in STAGES.iter().filter(chosen) {
        println!("\n=== {} ===", stage.name);
        let start = Instant::now();
        let outcome = if stage.name == "e2e" && !built {
            // What lies in `dist/` is the page of another day: its tests would say nothing about this one.
            Err("There is no page to test, because it could not be built.".to_owned())
        } else {
            (stage.run)()
        };
        let count = outcome.unwrap_or_else(|sentence| {
            println!("{sentence}");
            Count::of_check(false)
        });
        if stage.name == "build" {
            built = count.failed == 0;
        }
        total += count;
        let line = format!(
            "{:<16} {:>5} passed {:>4} failed {:>7.1} s",
            stage.name,
            count.passed,
            count.failed,
            start.elapsed().as_secs_f64()
        );
        println!("{line}");
        lines.push(line);
    }

    println!("\n=== all stages ===\n{}\n", lines.join("\n"));
    // Scripts read this line: it is the last one, and its form is fixed.
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0)
}

/// A command that counts as one check.
fn check(command: &mut Command) -> Result<Count, String> {
    run::openly(command).map(Count::of_check)
}

/// A command that runs tests and reports them.
fn tests(command: &mut Command) -> Result<Count, String> {
    let (succeeded, mut count) = run::counting(command)?;
    if count.is_empty() {
        return Err(format!("{} ran no test.", run::line_of(command)));
    }
    if !succeeded && count.failed == 0 {
        // Something was not even run: a test that does not compile, a runner that was killed.
        println!("{} failed besides its tests.", run::line_of(command));
        count.failed = 1;
    }
    Ok(count)
}
