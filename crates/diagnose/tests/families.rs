//! Longhorn's families of stuck deletions, as they were reported (section 5 of the reference). Every `tests/longhorn/*.txt` of the
//! workspace is one; `tests/longhorn/README.md` is the manual.
//!
//! `UPDATE_EXPECT=1 cargo test` rewrites what is seen; read it before it is kept.

#[path = "../../reconcile/tests/script/mod.rs"]
mod script;

use std::fmt::Write;
use std::path::Path;

use gordian_diagnose::diagnose;
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::{Profile, Timeline, World, load};
use gordian_snapshot::Snapshot;

/// The world that the lines before `---` name: its snapshot, and how it is taken.
fn world(folder: &Path, head: &str) -> Result<World, String> {
    let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let file = value("snapshot ").ok_or("no line `snapshot FILE`")?;
    let bytes = std::fs::read(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let mut snapshot = Snapshot::default();
    let problems = snapshot.add(file, &bytes);
    if let Some(problem) = problems.first() {
        return Err(English.problem(problem));
    }
    let mut world = load(&snapshot);
    if let Some(profile) = value("profile ") {
        let profile = Profile::named(profile).ok_or_else(|| format!("`{profile}` is no profile"))?;
        world = world.with_profile(profile);
    }
    Ok(if head.lines().any(|line| line == "whole") { world.taken_as_whole() } else { world })
}

/// What is seen after one deed.
fn seen(timeline: &mut Timeline, deed: &str) -> Result<Vec<String>, String> {
    match deed.split_once(' ').unwrap_or((deed, "")) {
        ("check", _) => Ok(findings(timeline.world())),
        ("end", _) => {
            let end = timeline.run(timeline.position() + script::STEPS);
            let stuck = timeline.world().objects().filter(|(_, object)| object.deleting());
            let stuck: Vec<String> = stuck.map(|(_, object)| script::text(object.key)).collect();
            let said = English.end(end, timeline.steps().len(), stuck.len());
            Ok([said].into_iter().chain(stuck).collect())
        }
        _ => script::act(timeline, deed),
    }
}

/// The findings, in short: the class, what it is about, the sentences, the cycle, and what frees it.
fn findings(world: &World) -> Vec<String> {
    let diagnosis = diagnose(world);
    let mut lines = vec![English.verdict(&diagnosis)];
    for finding in &diagnosis.findings {
        lines.push(format!("{}: {}. {}", finding.id, English.title(world, finding), English.extent(finding)));
        lines.extend(English.explanation(world, finding).into_iter().map(|sentence| format!("  {sentence}")));
        lines.extend(finding.members.iter().map(|member| format!("  holds {}", script::text(member.key))));
        lines.extend(finding.blast_radius.iter().map(|behind| format!("  behind it: {}", English.behind(behind))));
        let verified = finding.remedies.iter().filter(|remedy| remedy.verified);
        lines.extend(verified.map(|it| format!("  -> {} ({})", English.remedy(it), English.risk(it.risk))));
    }
    lines
}

fn check(path: &Path) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = |what: String| format!("{name}: {what}");
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let (head, script) = text.split_once("\n---\n").ok_or_else(|| wrong("there is no line `---`".to_owned()))?;
    let folder = path.parent().unwrap_or(path);
    let mut timeline = Timeline::new(world(folder, head).map_err(wrong)?);
    let mut got = format!("{head}\n---\n");
    for line in script.lines() {
        let deed = match (line.strip_prefix("> "), line.starts_with('#')) {
            (Some(deed), _) => deed,
            (None, true) => {
                let _ = writeln!(got, "{line}");
                continue;
            }
            (None, false) => continue,
        };
        let _ = writeln!(got, "{line}");
        for line in seen(&mut timeline, deed).map_err(wrong)? {
            let _ = writeln!(got, "{line}");
        }
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return std::fs::write(path, got).map_err(|error| wrong(error.to_string()));
    }
    if got == text { Ok(()) } else { Err(format!("{name}:\n--- wanted\n{text}\n--- got\n{got}")) }
}

#[test]
fn every_family_is_found_and_freed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/longhorn");
    let entries = std::fs::read_dir(folder).expect("the folder of families is there");
    let mut families: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    families.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    families.sort();
    assert!(families.len() >= 7, "{} families were found", families.len());
    let failures: Vec<String> = families.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
