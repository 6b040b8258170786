//! Runs commands: quietly, in the open, or in the open with their tests counted.

use crate::count::Count;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// Runs a command whose output goes where ours goes; true if it succeeded.
pub(crate) fn openly(command: &mut Command) -> Result<bool, String> {
    command.status().map(|status| status.success()).map_err(|error| could_not_run(command, &error))
}

/// Runs a command in our place, so that whoever stops us stops the command and leaves nothing behind.
pub(crate) fn instead(command: &mut Command) -> Result<bool, String> {
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(command);
        Err(could_not_run(command, &error))
    }
    #[cfg(not(unix))]
    openly(command)
}

/// Runs a command whose output matters only if it fails; then the output is part of the sentence.
pub(crate) fn quietly(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| could_not_run(command, &error))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}{}{} failed.",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        line_of(command)
    ))
}

/// What a command prints, without the white space around it, or nothing if it cannot be run or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a test runner, prints each of its lines as it comes, and counts the tests that they report.
pub(crate) fn counting(command: &mut Command) -> Result<(bool, Count), String> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| could_not_run(command, &error))?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            // A reader that has broken off is no reason to leave the child unwaited.
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            let _ = std::io::stdout().flush();
            count += Count::of_line(&line);
        }
    }
    child.wait().map(|status| (status.success(), count)).map_err(|error| could_not_run(command, &error))
}

/// The command as one would type it.
pub(crate) fn line_of(command: &Command) -> String {
    let words: Vec<_> =
        std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

fn could_not_run(command: &Command, error: &std::io::Error) -> String {
    format!("{} could not be run: {error}.", line_of(command))
}
