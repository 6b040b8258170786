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

/// The contract of `inject --format json`: where faults strike, what they leave behind, and how far was searched.
#[test]
fn the_placements_are_told_as_json() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts/inject-orphan.txt");
    let text = std::fs::read_to_string(path).expect("the script is there");
    let (given, said) = text.split_once(ANSWER).expect("it has an answer");
    let given = given.replacen("--actions", "--format json --actions", 1);
    let got = answer("inject-json", &given).expect("gordian runs");
    let json = got.split_once('\n').map_or("", |(_, json)| json);
    let told: serde_json::Value = serde_json::from_str(json).expect("the answer is JSON");
    let found = told["found"].as_array().expect("something is found");
    assert_eq!(found.len(), said.matches("stay stuck for good").count());
    assert_eq!((&told["stuck"], &told["limits"]["bit"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(told["limits"]["budget"], 1);
    for item in found {
        let placement = &item["placements"][0];
        let strikes = placement["strikes"].as_str().unwrap_or_default();
        assert!(said.contains(&format!("a person {strikes}, and mends it")), "{strikes}");
        assert!(placement["after"].is_u64() && matches!(placement["until"].as_str(), Some("rest" | "end")));
        let kinds: Vec<&str> =
            item["stuck"].as_array().into_iter().flatten().flat_map(|key| key["kind"].as_str()).collect();
        assert_eq!(kinds, ["InstanceManager", "Orphan"]);
        assert!(item["count"].as_u64() > Some(0) && item["findings"][0]["class"].is_string());
        let last = item["steps"].as_array().and_then(|steps| steps.last()).expect("it has steps");
        assert_eq!(last["fingerprint"], item["fingerprint"]);
    }
}
