//! Every key that the page takes, and what it does. The list under `?` is made of this table, and a test holds it against what
//! the components handle.

use crate::messages::Text;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by what it says, in `english.rs`")]
pub enum Does {
    Forward,
    Back,
    First,
    Last,
    Play,
    StopAfter,
    StopBefore,
    StopOnSlider,
    Panes,
    Filter,
    Match,
    Ends,
    Note,
    LetGo,
    Help,
    Read,
    Boxes,
    Inspect,
    Shift,
    Zoom,
    Fit,
    Knot,
    All,
    Nodes,
}

/// Keys that belong together: as the browser calls them, and what they do.
pub type Row = (&'static [&'static str], Does);

/// The keys, by where they count.
pub const KEYS: [(Text, &[Row]); 3] = [
    (
        Text::Steps,
        &[
            (&["]"], Does::Forward),
            (&["["], Does::Back),
            (&["{"], Does::First),
            (&["}"], Does::Last),
            (&[" "], Does::Play),
            (&[")"], Does::StopAfter),
            (&["("], Does::StopBefore),
            (&["PageUp", "PageDown"], Does::StopOnSlider),
        ],
    ),
    (
        Text::Drawing,
        &[
            (&["n", "p"], Does::Boxes),
            (&["Enter"], Does::Inspect),
            (&["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"], Does::Shift),
            (&["+", "-"], Does::Zoom),
            (&["0"], Does::Fit),
            (&["k"], Does::Knot),
            (&["a"], Does::All),
            (&["o"], Does::Nodes),
        ],
    ),
    (
        Text::Page,
        &[
            (&["1", "2", "3", "4"], Does::Panes),
            (&["/"], Does::Filter),
            (&["F3"], Does::Match),
            (&["Home", "End"], Does::Ends),
            (&[";"], Does::Note),
            (&["Escape"], Does::LetGo),
            (&["Control", "Enter"], Does::Read),
            (&["?"], Does::Help),
        ],
    ),
];

/// What stands on a key.
pub fn label(key: &str) -> String {
    match key {
        " " => "Space".into(),
        "Escape" => "Esc".into(),
        "Control" => "Ctrl".into(),
        "ArrowLeft" => "←".into(),
        "ArrowUp" => "↑".into(),
        "ArrowRight" => "→".into(),
        "ArrowDown" => "↓".into(),
        "-" => "−".into(),
        "PageUp" => "Page up".into(),
        "PageDown" => "Page down".into(),
        "Enter" => key.into(),
        letter => letter.to_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// On some keyboards `+` is on the same key, behind the shift.
    const ALIKE: [&str; 1] = ["="];

    /// The keys that a source handles: in the arms of a `match` over a key, and where a key is compared with one.
    fn handled(source: &str) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let literals = |text: &str| text.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        for (at, _) in source.match_indices("key().as_str() {").chain(source.match_indices("key.as_str() {")) {
            let indent = source[..at].rsplit('\n').next().map_or(0, |line| line.len() - line.trim_start().len());
            let end = format!("\n{}}}", " ".repeat(indent));
            let arms = source[at..].split(&end).next().unwrap_or_default();
            for arm in arms.lines().map(str::trim).filter(|line| line.starts_with('"')) {
                keys.extend(literals(arm.split("=>").next().unwrap_or_default()));
            }
        }
        for (at, found) in source.match_indices("key() == ").chain(source.match_indices("key == ")) {
            let rest = &source[at + found.len()..];
            keys.extend(rest.starts_with('"').then(|| literals(rest.lines().next().unwrap_or_default()).remove(0)));
        }
        keys
    }

    #[test]
    fn every_key_that_is_handled_is_listed_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
        let paths = std::fs::read_dir(folder).expect("the folder").flatten().map(|file| file.path());
        let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
        let sources = files.map(|file| std::fs::read_to_string(file).expect("a source"));
        let mut handled: BTreeSet<String> = sources.flat_map(|source| handled(&source)).collect();
        assert!(ALIKE.iter().all(|key| handled.remove(*key)));
        let rows = KEYS.iter().flat_map(|(_, rows)| rows.iter());
        let listed = rows.flat_map(|(keys, _)| keys.iter().map(|key| (*key).to_owned()));
        // It is held down with another key, and nothing by itself.
        let listed: BTreeSet<String> = listed.filter(|key| key != "Control").collect();
        assert_eq!(handled, listed);
    }
}
