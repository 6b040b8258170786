//! `gordian`: the core of Gordian on the command line, for CI jobs and very large dumps.
//!
//! `gordian check FILE...` says what is stuck and why; `gordian simulate FILE...` runs the controllers; `gordian explore`
//! tries every order, and `gordian inject` breaks what can break. Exit status 0: nothing is stuck; 1: something is; 2: the input could not be read, or the call was wrong.

mod check;
mod explore;
mod inject;
mod report;
mod simulate;

use std::io::{Read, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use gordian_actions::Action;
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::{Profile, World, load};
use gordian_snapshot::{Problem, Severity, Snapshot};

/// Shows why Kubernetes objects will not die, and steps through how they do.
#[derive(Parser)]
#[command(name = "gordian", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Says what is stuck, why, and what frees it.
    Check(check::CheckOptions),
    /// Runs the controllers, fairly and deterministically, until nothing moves.
    Simulate(simulate::Options),
    /// Tries every order of their steps, and says how often they finish.
    Explore(explore::ExploreOptions),
    /// Breaks each thing before each step of a script, and says what is then stuck for good.
    Inject(inject::InjectOptions),
}

/// What is read, and how the answer is written.
#[derive(Args)]
struct Input {
    /// What kubectl printed; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The rules that controllers follow, as `longhorn=before-3719` or `kubernetes=1.32`; otherwise they are read from image tags
    /// and from the nodes.
    #[arg(long, value_name = "PROJECT=VERSION")]
    profile: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What a command answers: 0 nothing is stuck, 1 something is.
type Answer = Result<bool, String>;

fn main() -> ExitCode {
    let answer = match Cli::parse().command {
        Command::Check(options) => check::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Explore(options) => explore::run(&options),
        Command::Inject(options) => inject::run(&options),
    };
    match answer {
        Ok(stuck) => ExitCode::from(u8::from(stuck)),
        Err(message) => {
            eprintln!("gordian: {message}");
            ExitCode::from(2)
        }
    }
}

impl Input {
    /// Reads every file. Damaged input is read as far as it goes; only when no object is left is that an error.
    fn read(&self) -> Result<(Snapshot, World, Vec<Problem>), String> {
        let mut snapshot = Snapshot::default();
        let mut problems = Vec::new();
        for file in &self.files {
            let bytes = bytes(file)?;
            let name = if file == "-" { "standard input" } else { file };
            problems.extend(snapshot.add(name, &bytes));
        }
        if snapshot.objects.is_empty() {
            problems.sort_by_key(|problem| std::cmp::Reverse(problem.kind.severity()));
            let worst = problems.first().map(|problem| English.problem(problem));
            return Err(worst.unwrap_or_else(|| "there is nothing to read".into()));
        }
        let world = self.with_profiles(load(&snapshot))?;
        Ok((snapshot, world, problems))
    }

    fn with_profiles(&self, mut world: World) -> Result<World, String> {
        for profile in &self.profile {
            let known = || gordian_reconcile::PROFILES.map(|profile| profile.name).join(", ");
            let minor = profile.strip_prefix("kubernetes=").and_then(|version| {
                version.trim_start_matches('v').strip_prefix("1.")?.split('.').next()?.parse().ok()
            });
            if let Some(minor) = minor {
                world = world.with_kubernetes(minor);
                continue;
            }
            let named = profile.strip_prefix("longhorn=").and_then(Profile::named);
            let named = named.ok_or_else(|| {
                format!(
                    "no profile `{profile}`: give longhorn= and one of {}, or kubernetes= and a version as 1.32",
                    known()
                )
            })?;
            world = world.with_profile(named);
        }
        Ok(world)
    }
}

/// Reads a script.
fn script(file: &str) -> Result<Vec<Action>, String> {
    gordian_actions::read(&bytes(file)?).map_err(|error| format!("{file}: {error}"))
}

fn bytes(file: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(file).map(|b| bytes = b)
    };
    read.map_err(|error| format!("{file}: {error}"))?;
    Ok(bytes)
}

/// A line of an answer; writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $($format:tt)*) => { let _ = std::fmt::Write::write_fmt(&mut $out, format_args!("{}\n", format_args!($($format)*))); };
}
pub(crate) use line;

/// Writes an answer. Whoever reads only its beginning, as `head` does, is no error.
fn print(answer: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{answer}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// What is said on standard error beside a text answer.
fn warn(problems: &[Problem]) {
    for problem in problems {
        let severity = if problem.kind.severity() == Severity::Error { "error" } else { "warning" };
        eprintln!("{severity}: {}", English.problem(problem));
    }
}
