//! What an address carries, in its hash: it never reaches a server, and works on any static host.
//!
//! `#v2&sample=longhorn-10791&profile=after-3719&lag=1&branch=2&run=…&compare=1,2&view=all&step=3&finding=…&sel=…&q=orphan&at=120,-40,85`, or in
//! place of the sample `text=…`, which [`crate::link`] packs; with `notes=…` where a person wants that. The first part is the
//! version of the codec. The first version is a part of the second: its addresses are read as they stand. An address of another
//! version opens the empty page.

use serde::{Deserialize, Serialize};

use crate::subject::{Subject, subject_code, subject_from_code};

/// How much the drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Scope {
    /// The finding and its neighbourhood.
    #[default]
    Knot,
    /// The whole cluster, each namespace in a box.
    All,
    /// The whole cluster, each node in a box with what is bound to it.
    Nodes,
}

/// Where the camera stands over the drawing, as near as an address tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Camera {
    /// What is in the middle, in the drawing's own measure.
    pub x: i32,
    /// As above.
    pub y: i32,
    /// The magnification, in thousandths.
    pub zoom: u16,
}

/// Where the reader is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Whether something is open, and not the empty page.
    pub open: bool,
    /// The sample that is open.
    pub sample: Option<String>,
    /// What is open, packed, where an address brought it. What was pasted no address carries by itself.
    pub text: Option<String>,
    /// What was written about it, packed, where a person let it travel.
    pub notes: Option<String>,
    /// The profile, where it is not the one that the dump tells.
    pub profile: Option<String>,
    /// Whether the garbage collector sees each change in a step of its own.
    pub lags: bool,
    /// The number of the branch.
    pub branch: usize,
    /// What was done in the run, as [`deeds`](crate::deeds) writes it: it is packed, and only the worker reads it.
    pub run: String,
    /// The branches that are compared.
    pub compared: Option<(usize, usize)>,
    /// The open finding.
    pub finding: Option<String>,
    /// How much the drawing shows.
    pub scope: Scope,
    /// How many steps were taken.
    pub step: usize,
    /// What is selected.
    pub selected: Option<Subject>,
    /// What the objects are filtered by.
    pub filter: String,
    /// The camera, where a person moved it.
    pub camera: Option<Camera>,
}

impl Default for Place {
    /// The empty page.
    fn default() -> Self {
        Self {
            open: false,
            sample: None,
            text: None,
            notes: None,
            profile: None,
            lags: false,
            branch: 1,
            run: String::new(),
            compared: None,
            finding: None,
            scope: Scope::default(),
            step: 0,
            selected: None,
            filter: String::new(),
            camera: None,
        }
    }
}

const VERSION: &str = "v2";

/// The versions whose addresses are read.
const READ: [&str; 2] = ["v1", VERSION];

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
        if !self.run.is_empty() {
            add("run", &self.run);
        }
        if let Some((one, other)) = self.compared {
            add("compare", &format!("{one},{other}"));
        }
        if let Some(finding) = &self.finding {
            add("finding", finding);
        }
        match self.scope {
            Scope::Knot => {}
            Scope::All => add("view", "all"),
            Scope::Nodes => add("view", "nodes"),
        }
        if self.step > 0 {
            add("step", &self.step.to_string());
        }
        if let Some(subject) = &self.selected {
            add("sel", &subject_code(subject));
        }
        if !self.filter.is_empty() {
            add("q", &self.filter);
        }
        if let Some(Camera { x, y, zoom }) = self.camera {
            add("at", &format!("{x},{y},{zoom}"));
        }
        // The longest come last: what stands before them stays readable.
        if let Some(notes) = &self.notes {
            add("notes", notes);
        }
        if let Some(text) = &self.text {
            add("text", text);
        }
        hash
    }

    /// What a hash says; parts that cannot be read are left out.
    pub fn from_hash(hash: &str) -> Self {
        let mut parts = hash.trim_start_matches('#').split('&');
        if !parts.next().is_some_and(|version| READ.contains(&version)) {
            return Self::default();
        }
        let mut place = Self { open: true, ..Self::default() };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = decode(value);
            match name {
                "sample" => place.sample = Some(value),
                "text" => place.text = Some(value),
                "notes" => place.notes = Some(value),
                "profile" => place.profile = Some(value),
                "lag" => place.lags = value == "1",
                "branch" => place.branch = value.parse().unwrap_or(1),
                "run" => place.run = value,
                "compare" => place.compared = numbers(&value).map(|[one, other]| (one, other)),
                "finding" => place.finding = Some(value),
                "view" if value == "all" => place.scope = Scope::All,
                "view" if value == "nodes" => place.scope = Scope::Nodes,
                "step" => place.step = value.parse().unwrap_or_default(),
                "sel" => place.selected = subject_from_code(&value),
                "q" => place.filter = value,
                "at" => place.camera = camera(&value),
                _ => {}
            }
        }
        place
    }

    /// Whether going from here to there is worth a place in the browser's history. Steps are not: they have a way back of
    /// their own. Nor is a letter of the filter, or a turn of the wheel.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let apart = |place: &Self| Self { step: 0, filter: String::new(), camera: None, ..place.clone() };
        apart(self) != apart(other)
    }
}

/// Numbers between commas, just so many.
fn numbers<const N: usize, T: std::str::FromStr>(text: &str) -> Option<[T; N]> {
    let numbers: Result<Vec<T>, _> = text.split(',').map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}

fn camera(text: &str) -> Option<Camera> {
    let [x, y, zoom] = numbers::<3, i32>(text)?;
    Some(Camera { x, y, zoom: u16::try_from(zoom).ok().filter(|zoom| *zoom > 0)? })
}

/// Percent-encodes all that is not plainly safe in a hash.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b',' => {
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
    use gordian_reconcile::{Fault, Key, Kind, Process, Propagation};

    use super::*;
    use crate::deeds::{Done, What, code};

    fn key() -> Key {
        Key::new(Kind::new("longhorn.io", "Orphan"), "longhorn-system".into(), "orphan-4f0f".into())
    }

    fn place() -> Place {
        Place {
            open: true,
            sample: Some("longhorn-10791".into()),
            text: Some("eJx_-A".into()),
            notes: Some("eJy_-B".into()),
            profile: Some("after-3719".into()),
            lags: true,
            branch: 2,
            run: code(&[
                Done { at: 1, what: What::Take(2) },
                Done { at: 4, what: What::Delete(key(), Propagation::Foreground) },
                Done { at: 4, what: What::Fault(Fault::Stopped(Process::ControllerManager), true) },
            ]),
            compared: Some((1, 2)),
            finding: Some("deadlock:InstanceManager longhorn-system/a&b=c#d%".into()),
            scope: Scope::All,
            step: 3,
            selected: Some(Subject::Object(key())),
            filter: "kind:pod & name=\"a b\"".into(),
            camera: Some(Camera { x: 120, y: -40, zoom: 85 }),
        }
    }

    #[test]
    fn a_place_comes_back_from_its_hash() {
        let selected = |subject| Place { selected: Some(subject), ..place() };
        let places = [
            place(),
            Place::default(),
            Place { open: true, ..Place::default() },
            Place { finding: Some("schlüssel 結".into()), ..place() },
            selected(Subject::Process(Process::ControllerManager)),
            selected(Subject::Address { ip: "fd00::1:2".into(), of: key() }),
        ];
        for place in places {
            assert_eq!(Place::from_hash(&place.to_hash()), place);
        }
    }

    /// Addresses that are out in the world, and where they lead: this list only grows.
    #[test]
    fn every_address_that_was_ever_given_leads_where_it_led() {
        let sample = |sample: &str| Place { open: true, sample: Some(sample.into()), ..Place::default() };
        let old = [
            ("#v1", Place { open: true, ..Place::default() }),
            ("#v1&sample=owner-ring", sample("owner-ring")),
            (
                "#v1&sample=longhorn-10791&profile=after-3719&lag=1&branch=2&finding=deadlock:a%26b&view=all&step=3\
                 &sel=Orphan.longhorn.io/longhorn-system/orphan-4f0f",
                Place {
                    profile: Some("after-3719".into()),
                    lags: true,
                    branch: 2,
                    finding: Some("deadlock:a&b".into()),
                    scope: Scope::All,
                    step: 3,
                    selected: Some(Subject::Object(key())),
                    ..sample("longhorn-10791")
                },
            ),
            (
                "#v1&sample=webhook-gone&sel=Namespace//policy",
                Place {
                    selected: Some(Subject::Object(Key::new(Kind::new("", "Namespace"), "".into(), "policy".into()))),
                    ..sample("webhook-gone")
                },
            ),
        ];
        for (hash, expected) in old {
            let place = Place::from_hash(hash);
            assert_eq!(place, expected, "{hash}");
            assert_eq!(Place::from_hash(&place.to_hash()), expected, "{hash}, written anew");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        assert_eq!(Place::from_hash("#v9&sample=x"), Place::default());
        let hash = "#v2&sample=x&step=many&sel=nothing&view=moon&later=1&%zz&at=1,2&at=1,2,0&compare=1&compare=1,2,3&sel=~moon";
        let expected = Place { open: true, sample: Some("x".into()), ..Place::default() };
        assert_eq!(Place::from_hash(hash), expected);
    }

    #[test]
    fn steps_and_typing_take_no_place_in_history() {
        let there = Place { step: 7, filter: "po".into(), camera: None, ..place() };
        assert!(!place().is_apart_from(&there));
        for there in [Place { selected: None, ..place() }, Place { compared: None, ..place() }] {
            assert!(place().is_apart_from(&there));
        }
    }
}
