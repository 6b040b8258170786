//! What an address carries, in its hash: it never reaches a server, and works on any static host.
//!
//! `#v1&sample=longhorn-10791&profile=after-3719&lag=1&branch=2&view=all&step=3&finding=…&sel=…&q=po`. The first part is the version of the
//! codec; an address of another version opens the empty page.

use serde::{Deserialize, Serialize};

use gordian_reconcile::Key;

use crate::subject::{key_code, key_from_code};

/// How much the drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Scope {
    /// The finding and its neighbourhood.
    #[default]
    Knot,
    /// The whole cluster.
    All,
}

/// Where the reader is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whether something is open, and not the empty page.
    pub open: bool,
    /// The sample that is open; what was pasted has no name that an address could carry.
    pub sample: Option<String>,
    /// The profile, where it is not the one that the dump tells.
    pub profile: Option<String>,
    /// Whether the garbage collector sees each change in a step of its own.
    pub lags: bool,
    /// The number of the branch; what was done in it no address could carry.
    pub branch: usize,
    /// The open finding.
    pub finding: Option<String>,
    /// How much the drawing shows.
    pub scope: Scope,
    /// How many steps were taken.
    pub step: usize,
    /// The selected object.
    pub selected: Option<Key>,
    /// What filters the objects.
    pub filter: String,
}

impl Default for Place {
    /// The empty page.
    fn default() -> Self {
        Self {
            open: false,
            sample: None,
            profile: None,
            lags: false,
            branch: 1,
            finding: None,
            scope: Scope::default(),
            step: 0,
            selected: None,
            filter: String::new(),
        }
    }
}

const VERSION: &str = "v1";

impl Place {
    /// The hash, with its `#`; empty for the empty page.
    pub fn to_hash(&self) -> String {
        if !self.open {
            return String::new();
        }
        let mut hash = format!("#{VERSION}");
        let mut add = |name: &str, value: &str| {
            hash.push('&');
            hash.push_str(name);
            hash.push('=');
            hash.push_str(&encode(value));
        };
        if let Some(sample) = &self.sample {
            add("sample", sample);
        }
        if let Some(profile) = &self.profile {
            add("profile", profile);
        }
        if self.lags {
            add("lag", "1");
        }
        if self.branch > 1 {
            add("branch", &self.branch.to_string());
        }
        if let Some(finding) = &self.finding {
            add("finding", finding);
        }
        if self.scope == Scope::All {
            add("view", "all");
        }
        if self.step > 0 {
            add("step", &self.step.to_string());
        }
        if let Some(key) = self.selected {
            add("sel", &key_code(key));
        }
        if !self.filter.is_empty() {
            add("q", &self.filter);
        }
        hash
    }

    /// What a hash says; parts that cannot be read are left out.
    pub fn from_hash(hash: &str) -> Self {
        let mut parts = hash.trim_start_matches('#').split('&');
        if parts.next() != Some(VERSION) {
            return Self::default();
        }
        let mut place = Self { open: true, ..Self::default() };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = decode(value);
            match name {
                "sample" => place.sample = Some(value),
                "profile" => place.profile = Some(value),
                "lag" => place.lags = value == "1",
                "branch" => place.branch = value.parse().unwrap_or(1),
                "finding" => place.finding = Some(value),
                "view" if value == "all" => place.scope = Scope::All,
                "step" => place.step = value.parse().unwrap_or_default(),
                "sel" => place.selected = key_from_code(&value),
                "q" => place.filter = value,
                _ => {}
            }
        }
        place
    }

    /// Whether going from here to there is worth a place in the browser's history. Steps are not: they have a way back of
    /// their own. Neither is each letter that is typed.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let apart = |place: &Self| Self { step: 0, filter: String::new(), ..place.clone() };
        apart(self) != apart(other)
    }
}

/// Percent-encodes all that is not plainly safe in a hash.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::Kind;

    use super::*;

    fn place() -> Place {
        Place {
            open: true,
            sample: Some("longhorn-10791".into()),
            profile: Some("after-3719".into()),
            lags: true,
            branch: 2,
            finding: Some("deadlock:InstanceManager longhorn-system/a&b=c#d%".into()),
            scope: Scope::All,
            step: 3,
            selected: Some(Key::new(
                Kind::new("longhorn.io", "Orphan"),
                "longhorn-system".into(),
                "orphan-4f0f".into(),
            )),
            filter: "po/web-0 -n=\"a b\" !is:stuck & 結".into(),
        }
    }

    #[test]
    fn a_place_comes_back_from_its_hash() {
        let places = [
            place(),
            Place::default(),
            Place { open: true, ..Place::default() },
            Place { finding: Some("schlüssel 結".into()), ..place() },
        ];
        for place in places {
            assert_eq!(Place::from_hash(&place.to_hash()), place);
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        assert_eq!(Place::from_hash("#v9&sample=x"), Place::default());
        let place = Place::from_hash("#v1&sample=x&step=many&sel=nothing&view=moon&later=1&%zz");
        let expected = Place { open: true, sample: Some("x".into()), ..Place::default() };
        assert_eq!(place, expected);
    }

    #[test]
    fn steps_and_typing_take_no_place_in_history() {
        let there = Place { step: 7, filter: "po".into(), ..place() };
        assert!(!place().is_apart_from(&there));
        let there = Place { selected: None, ..place() };
        assert!(place().is_apart_from(&there));
    }
}
