//! One source: from its bytes to its objects.

use std::ops::Range;

use crate::json::{Found, Reading};
use crate::{Object, Place, ProblemKind, Severity, json, sniff, yaml};

/// How a source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON: one object, a list, several one after the other, or one per line.
    Json,
    /// YAML: one document or several.
    Yaml,
}

/// One text that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// A file's name, or `pasted text`.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// The text: decoded, with plain blanks for no-break spaces, and otherwise unchanged.
    pub text: String,
    /// For YAML, the JSON of its documents, written once while they were read; empty for JSON.
    pub(crate) json: String,
}

/// What was read from a source. Problems stand at offsets in its text.
pub(crate) struct Loaded {
    pub(crate) source: Source,
    pub(crate) objects: Vec<Object>,
    /// The kinds of which there was a whole list, as (apiVersion, kind).
    pub(crate) listed: Vec<(String, String)>,
    pub(crate) problems: Vec<(usize, ProblemKind)>,
}

/// Reads a source that becomes number `index` of a snapshot; `reached` hears how far it is.
pub(crate) fn load(name: &str, bytes: &[u8], index: usize, reached: &dyn Fn(usize)) -> Loaded {
    let (text, format, refused) = match sniff::text(bytes) {
        Ok((text, format)) => (text, format, None),
        Err(kind) => (String::new(), Format::Json, Some((0, kind))),
    };
    let source = Source { name: name.to_owned(), format, text, json: String::new() };
    let mut loaded = Loaded { source, objects: Vec::new(), listed: Vec::new(), problems: Vec::from_iter(refused) };
    if loaded.problems.is_empty() {
        loaded.read(index, reached);
    }
    loaded
}

impl Loaded {
    fn read(&mut self, index: usize, reached: &dyn Fn(usize)) {
        // Of YAML, the transcript is the work.
        let (transcript, reached): (_, &dyn Fn(usize)) = match self.source.format {
            Format::Json => (None, reached),
            Format::Yaml => {
                let mut transcript = yaml::transcribe(&self.source.text, reached);
                self.source.json = std::mem::take(&mut transcript.json);
                self.problems.append(&mut transcript.problems);
                (Some(transcript), &|_| ())
            }
        };
        // Where something stands in the text whose JSON is known.
        let in_text = |json: Range<usize>| match &transcript {
            None => json,
            Some(transcript) => transcript.yaml(json.start).unwrap_or_default(),
        };
        let Reading { objects, listed, problems } = json::read(self.source.json(), reached);
        self.listed = listed;
        self.problems.extend(problems.into_iter().map(|(at, kind)| (in_text(at..at).start, kind)));
        for Found { json, api_version, kind, metadata, wrong } in objects {
            let Range { start, end } = in_text(json.clone());
            let line = match self.source.format {
                Format::Json => start,
                Format::Yaml => self.source.text[..start].rfind('\n').map_or(0, |end| end + 1),
            };
            let object = Object { api_version, kind, metadata, source: index, text: line..end, start, json };
            for field in wrong {
                let path: Vec<&str> = field.split('.').collect();
                let at = self.source.locate(&object, &path).map_or(start, |range| range.start);
                self.problems.push((at, ProblemKind::WrongType { field }));
            }
            self.objects.push(object);
        }
        self.keep_first_complaints();
        if self.objects.is_empty() {
            self.refuse();
        }
    }

    /// An object that broke off before its name has no identity, but that it broke off is what there is to say.
    fn keep_first_complaints(&mut self) {
        self.problems.sort_by_key(|(at, _)| *at);
        let breaks = |kind: &ProblemKind| kind.severity() == Severity::Error;
        let objects: Vec<usize> = self.objects.iter().map(|object| object.start).collect();
        let broke_off: Vec<bool> = (0..self.problems.len())
            .map(|index| match (&self.problems[index], self.problems.get(index + 1)) {
                ((at, ProblemKind::NoIdentity { .. }), Some((end, next))) => {
                    breaks(next) && !objects.iter().any(|start| (*at..*end).contains(start))
                }
                _ => false,
            })
            .collect();
        let mut broke_off = broke_off.into_iter();
        self.problems.retain(|_| broke_off.next() != Some(true));
    }

    /// Makes sure that an error tells why there is no object.
    fn refuse(&mut self) {
        // A parser's complaint about prose or about a table would only mislead.
        if self.source.format == Format::Yaml && !sniff::resembles_a_dump(&self.source.text) {
            self.problems.clear();
        }
        if self.problems.iter().all(|(_, kind)| kind.severity() < Severity::Error) {
            self.problems.push((0, ProblemKind::NotADump));
        }
    }
}

impl Source {
    /// The place of a byte offset in [`Source::text`], such as the ends of [`Object::text`].
    pub fn place(&self, offset: usize) -> Place {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        Place { source: self.name.clone(), line: 1 + before.matches('\n').count(), column: 1 + line.chars().count() }
    }

    /// The text that [`Object::json`] is a range of.
    pub(crate) fn json(&self) -> &str {
        match self.format {
            Format::Json => &self.text,
            Format::Yaml => &self.json,
        }
    }

    /// Where a field of an object stands, in bytes: the key and its value.
    pub(crate) fn locate(&self, object: &Object, path: &[&str]) -> Option<Range<usize>> {
        match self.format {
            Format::Json => json::locate(&self.text, object.json.clone(), path).map(|(start, value)| start..value.end),
            Format::Yaml => yaml::locate(&self.text, object.start..object.text.end, path),
        }
    }
}
