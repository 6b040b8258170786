//! Every `scripts/*.txt` is a call of `gordian`, the files that it reads, and what it answers. The call is the first line that begins
//! with `$`; a file begins at a line `== NAME`, and the answer, with what stands on standard error, at `== answer STATUS`, which comes
//! last. A file that is not given is looked for in the repository. `UPDATE_EXPECT=1 cargo test` writes the answers anew; read them
//! before they are kept.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The line before the answer, without the exit status.
const ANSWER: &str = "== answer ";

/// The files of a fixture, by name, with their text.
fn files(text: &str) -> Vec<(&str, String)> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("== "), files.last_mut()) {
            (Some(name), _) => files.push((name, String::new())),
            (None, Some((_, file))) => *file += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    files
}

/// What `gordian` answers to a fixture's call, after the line that says its exit status.
fn answer(name: &str, given: &str) -> Result<String, String> {
    let call = given.lines().find_map(|line| line.strip_prefix("$ gordian ")).ok_or("there is no line `$ gordian`")?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scripts").join(name);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let files = files(given);
    for (file, text) in &files {
        std::fs::write(folder.join(file), text).map_err(|error| format!("{file}: {error}"))?;
    }
    let argument = |word: &str| match files.iter().any(|(file, _)| *file == word) {
        true => folder.join(word),
        false => PathBuf::from(word),
    };
    let run = Command::new(env!("CARGO_BIN_EXE_gordian"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .args(call.split(' ').map(argument))
        .output()
        .map_err(|error| error.to_string())?;
    let status = run.status.code().unwrap_or(-1);
    let said = [&run.stdout, &run.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Ok(format!("{ANSWER}{status}\n{}", said.concat().replace(&format!("{}/", folder.display()), "")))
}

fn check(path: &Path) -> Result<(), String> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let (given, _) = text.split_once(ANSWER).unwrap_or((&text, ""));
    let got = answer(&name, given).map_err(|what| format!("{name}: {what}"))?;
    let written = format!("{given}{got}");
    match written == text {
        true => Ok(()),
        false if std::env::var_os("UPDATE_EXPECT").is_some() => {
            std::fs::write(path, written).map_err(|error| format!("{name}: {error}"))
        }
        false => Err(format!("{name}:\n--- wanted\n{text}\n--- got\n{written}")),
    }
}

#[test]
fn every_script_is_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let entries = std::fs::read_dir(folder).expect("the folder of scripts is there");
    let mut scripts: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    scripts.sort();
    let failures: Vec<String> = scripts.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(scripts.len() >= 5, "{} scripts were found", scripts.len());
}
