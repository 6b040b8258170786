//! How well a word fits a name.

use std::ops::Range;

/// How well, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The name is the word.
    Exact,
    /// It begins with it.
    Prefix,
    /// A word in it does.
    Boundary,
    /// It has it somewhere.
    Inside,
    /// It has its letters in their order, with others between them.
    Scattered,
}

/// What is looked for, without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    text: String,
    /// Letters that are apart do not count.
    literal: bool,
    letters: Letters,
}

/// Which letters something is written with, capital or small; some share a place with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters(u64);

impl Letters {
    /// Of a name.
    pub fn of(name: &str) -> Self {
        Self(name.bytes().fold(0, |letters, byte| letters | 1 << (byte.to_ascii_lowercase() % 64)))
    }

    /// Whether they can be those of a name that has a word in it.
    pub fn hold(self, needle: &Needle) -> bool {
        needle.letters.0 & !self.0 == 0
    }
}

/// Scattered, fewer letters than these would be found nearly everywhere.
const SCATTERED: usize = 3;

impl Needle {
    /// A word; of a `literal` one all letters must be together.
    pub fn new(text: &str, literal: bool) -> Self {
        let text = text.to_lowercase();
        let literal = literal || text.chars().nth(SCATTERED - 1).is_none();
        let letters = Letters::of(&text);
        Self { text, literal, letters }
    }

    /// What it is, in small letters.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How well it fits; `None` where it does not.
    pub fn tier(&self, name: &str) -> Option<Tier> {
        let whole = self.text.len();
        if whole == 0 {
            return Some(Tier::Prefix);
        }
        let mut at = None;
        for start in self.places(name) {
            if start == 0 {
                return Some(if whole == name.len() { Tier::Exact } else { Tier::Prefix });
            }
            if begins_word(name.as_bytes(), start) {
                return Some(Tier::Boundary);
            }
            at = Some(Tier::Inside);
        }
        at.or_else(|| (!self.literal && self.is_scattered(name)).then_some(Tier::Scattered))
    }

    /// In how many pieces its letters stand in a name: the fewer, the better.
    pub fn pieces(&self, name: &str) -> usize {
        self.marks(name).len()
    }

    /// Where it stands in a name, in bytes: the best place, or each of its letters.
    pub fn marks(&self, name: &str) -> Vec<Range<usize>> {
        let whole = self.text.len();
        if whole == 0 {
            return Vec::new();
        }
        let best = self.places(name).min_by_key(|&start| (start > 0 && !begins_word(name.as_bytes(), start), start));
        match best {
            Some(start) => std::iter::once(start..start + whole).collect(),
            None if self.literal => Vec::new(),
            None => self.scattered(name),
        }
    }

    /// Where all of it stands together. A text of small letters begins and ends in another one at borders between letters.
    fn places<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let (needle, hay) = (self.text.as_bytes(), name.as_bytes());
        let first = needle.first().map(|first| (*first, first.to_ascii_uppercase()));
        hay.windows(needle.len().max(1)).enumerate().filter_map(move |(start, window)| {
            let (small, capital) = first?;
            let begins = window[0] == small || window[0] == capital;
            (begins && window.eq_ignore_ascii_case(needle)).then_some(start)
        })
    }

    fn is_scattered(&self, name: &str) -> bool {
        // Bytes will do: what follows the first byte of a letter cannot be taken for the first of another.
        let mut hay = name.bytes();
        self.text.bytes().all(|wanted| hay.any(|byte| byte.to_ascii_lowercase() == wanted))
    }

    /// Each letter, as near to the next one as it comes: found from the left, and drawn together from the right.
    fn scattered(&self, name: &str) -> Vec<Range<usize>> {
        let mut wanted = self.text.chars().peekable();
        let mut end = 0;
        for (at, letter) in name.char_indices() {
            match wanted.peek() {
                Some(&next) if letter.to_ascii_lowercase() == next => {
                    wanted.next();
                    end = at + letter.len_utf8();
                }
                Some(_) => {}
                None => break,
            }
        }
        if wanted.peek().is_some() {
            return Vec::new();
        }
        let mut back = self.text.chars().rev().peekable();
        let mut marks: Vec<Range<usize>> = Vec::new();
        for (at, letter) in name[..end].char_indices().rev() {
            if back.next_if_eq(&letter.to_ascii_lowercase()).is_none() {
                continue;
            }
            let next = at + letter.len_utf8();
            match marks.last_mut().filter(|mark| mark.start == next) {
                Some(mark) => mark.start = at,
                None => marks.push(at..next),
            }
        }
        marks.reverse();
        marks
    }
}

/// Whether a word begins here: after a sign, or with a capital letter after a small one.
fn begins_word(name: &[u8], at: usize) -> bool {
    let Some((&before, &here)) = at.checked_sub(1).and_then(|before| name.get(before)).zip(name.get(at)) else {
        return true;
    };
    !before.is_ascii_alphanumeric() || (here.is_ascii_uppercase() && before.is_ascii_lowercase())
}

/// How many letters must be written, left out or taken for another to make one word of the other.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, &b) in other.iter().enumerate() {
            let changed = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_better_place_is_a_better_fit() {
        let cases = [
            ("web", "web", Some(Tier::Exact)),
            ("web", "Web", Some(Tier::Exact)),
            ("web", "web-0", Some(Tier::Prefix)),
            ("web", "cobweb-web", Some(Tier::Boundary)),
            ("manager", "InstanceManager", Some(Tier::Boundary)),
            ("web", "cobweb", Some(Tier::Inside)),
            ("orphn", "orphan-4f0f", Some(Tier::Scattered)),
            ("wb", "w-b", None),
            ("web", "wbe", None),
            ("oß結", "große-結", Some(Tier::Scattered)),
            ("ß結", "große-結", None),
            ("", "web", Some(Tier::Prefix)),
        ];
        for (word, name, expected) in cases {
            let needle = Needle::new(word, false);
            assert_eq!(needle.tier(name), expected, "{word} in {name}");
            assert!(expected.is_none() || Letters::of(name).hold(&needle), "{word} in {name}");
        }
        assert!(!Letters::of("web-0").hold(&Needle::new("cob", false)));
        assert_eq!(Needle::new("orphn", true).tier("orphan"), None);
    }

    #[test]
    fn marks_stand_where_the_word_does() {
        let marked = |word: &str, name: &str| {
            let marks = Needle::new(word, false).marks(name);
            marks.into_iter().map(|mark| name[mark].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(marked("manager", "instance-manager-0"), ["manager"]);
        assert_eq!(marked("instmgr", "instance-manager"), ["inst", "m", "g", "r"]);
        assert_eq!(marked("größe", "a-größe"), ["größe"]);
        assert_eq!(marked("xyz", "web"), [""; 0]);
        assert_eq!(
            Needle::new("web", false).marks("cobweb-web").first(),
            Some(&(7..10)),
            "where a word begins, rather than before"
        );
        assert_eq!(marked("aab", "a-xaab"), ["aab"]);
    }

    #[test]
    fn distances_are_those_of_letters() {
        for (one, other, expected) in [("knd", "kind", 1), ("kind", "kind", 0), ("", "ns", 2), ("lable", "label", 2)] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
