//! `cargo xtask bench`: how fast the core is, and how drawings come out, each figure beside a baseline of the same run, written to
//! `docs/performance.md`.

mod page;

use crate::{run, tools};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// The sizes of worlds of which instructions are counted.
const SIZES: [&str; 3] = ["200", "2000", "20000"];

/// Where the part about the drawing begins and ends.
const MARKS: [&str; 2] = ["<!-- `cargo xtask bench page` writes from here -->\n", "<!-- to here -->\n"];
const PAGE: &str = "docs/performance.md";

pub(crate) fn bench(what: &[String]) -> Result<bool, String> {
    let old = std::fs::read_to_string(PAGE).unwrap_or_default();
    let [core, drawing, by_hand] = split(&old);
    let new = match what {
        [what] if what == "core" => format!("{}{drawing}{by_hand}", measure_core()?),
        [what] if what == "page" => format!("{core}{}{}{}{by_hand}", MARKS[0], page::tables()?, MARKS[1]),
        _ => return Err("Say what is to be measured: `cargo xtask bench core` or `cargo xtask bench page`.".into()),
    };
    std::fs::write(Path::new(PAGE), &new).map_err(|error| format!("{PAGE}: {error}"))?;
    print!("{new}");
    Ok(true)
}

/// What is said of the core, of the drawing, and by hand.
fn split(page: &str) -> [&str; 3] {
    let (core, rest) = page.split_at(page.find(MARKS[0]).unwrap_or(page.len()));
    let end = rest.find(MARKS[1]).map_or(rest.len(), |at| at + MARKS[1].len());
    let (drawing, by_hand) = rest.split_at(end);
    [core, drawing, by_hand]
}

/// What is said of the core.
fn measure_core() -> Result<String, String> {
    let mut page = String::from(
        "# How fast the core is\n\nThis part is written by `cargo xtask bench core`. Times are of one noisy machine: what counts are the figures beside \
         them, which are of the same run, and the instructions, which do not depend on the machine's mood.\n\n## Steps\n\n\
         Trees of ConfigMaps, of which two roots are deleted in the foreground; the steps are those of the fair run.\nThe baseline asks every \
         controller about every object before each step.\n\n",
    );
    let bench = "target/bench/release/examples/bench";
    run::quietly(&mut measured(&["build", "--example", "bench"]))?;
    page += &printed(&mut Command::new(bench))?;
    page += "\n## Instructions\n\n";
    page += &instructions(bench)?;
    page += "\n## Every order\n\nThe explorer without reductions, and Stateright on the same model, one thread each.\n\n```\n";
    let measure = ["test", "--test", "explorer_measure", "--", "--ignored", "--nocapture", "--test-threads", "1"];
    let told = printed(&mut measured(&measure))?;
    let about_the_run = |line: &&str| line.len() > 1 && !line.starts_with("running ") && !line.starts_with("test ");
    told.lines().filter(about_the_run).for_each(|line| page += &format!("{line}\n"));
    page += "```\n\n";
    Ok(page)
}

/// Cargo on the core alone, as it is released but with the names of its functions, by which instructions are counted.
fn measured(arguments: &[&str]) -> Command {
    let (command, rest) = arguments.split_first().map_or(("", &[][..]), |(command, rest)| (*command, rest));
    let mut cargo = tools::cargo();
    cargo.args([command, "--quiet", "--release", "--package", "gordian-reconcile", "--target-dir", "target/bench"]);
    cargo.args(rest).envs([("CARGO_PROFILE_RELEASE_STRIP", "false"), ("CARGO_PROFILE_RELEASE_DEBUG", "1")]);
    cargo
}

fn printed(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", run::line_of(command)))?;
    if !output.status.success() {
        return Err(format!("{}{} failed.", String::from_utf8_lossy(&output.stderr), run::line_of(command)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Instructions a step, counted by valgrind in the run alone.
fn instructions(bench: &str) -> Result<String, String> {
    if run::answer(Command::new("valgrind").arg("--version")).is_none() {
        return Ok("Not counted: valgrind is not installed.\n".into());
    }
    let mut table = String::from("| objects | instructions a step |\n| --- | --- |\n");
    for size in SIZES {
        let mut valgrind = Command::new("valgrind");
        valgrind.args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*Timeline*run*",
            bench,
            size,
        ]);
        let output = valgrind.output().map_err(|error| format!("valgrind: {error}"))?;
        let steps = String::from_utf8_lossy(&output.stdout).trim().parse::<u64>().ok();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let collected = told.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
        match (steps, collected) {
            (Some(steps @ 1..), Some(collected)) => {
                let _ = writeln!(table, "| {size} | {} |", collected / steps);
            }
            _ => return Err(format!("valgrind did not count:\n{told}")),
        }
    }
    Ok(table)
}
