//! Reads JSON in one pass, and keeps of it only what an [`Object`](crate::Object) has.
//!
//! Roots, lists, items and `metadata` are walked here, since a break in item 7 must not cost items 1 to 6, and since every
//! object's place in the text is kept. Their values are read by serde_json straight into their types; a value that nobody
//! asked for is skipped, however deep it is, without recursion.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::{Metadata, ProblemKind};

/// What a text has. Offsets are bytes of that text.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) objects: Vec<Found>,
    /// The kinds of which there was a typed list, even an empty one, as (apiVersion, kind).
    pub(crate) listed: Vec<(String, String)>,
    pub(crate) problems: Vec<(usize, ProblemKind)>,
}

/// An object, and where it was found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) json: Range<usize>,
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) metadata: Metadata,
    /// Paths of the fields that were taken as absent, since they have another type than the API server gives them.
    pub(crate) wrong: BTreeSet<String>,
}

/// Reads one value after the other. After a break it goes on at the next line that begins with a brace: there a new value
/// begins in all that kubectl prints. After each value, and each item of a list, `reached` hears where it stands.
pub(crate) fn read(text: &str, reached: &dyn Fn(usize)) -> Reading {
    let mut reading = Reading::default();
    let mut cursor = Cursor { text, at: 0, reached };
    while cursor.peek().is_some() {
        let start = cursor.at;
        let mut root = Found::default();
        let mut items = None;
        let broken = cursor.root(&mut root, &mut items).err();
        reading.take(root, items, broken.is_none());
        reached(cursor.at);
        let (at, kind) = match broken {
            None => continue,
            Some(Break::NoValue) => (start, ProblemKind::NoIdentity { kind: None }),
            Some(Break::Syntax { at, message }) => (at, ProblemKind::JsonSyntax { message }),
            Some(Break::End) => {
                let (at, open) = unclosed(&text[start..]);
                reading.problems.push((start + at, ProblemKind::JsonCutOff { open }));
                break;
            }
        };
        reading.problems.push((at, kind));
        // The break may be that very brace, so the end of the line before it counts.
        let from = at.saturating_sub(1);
        let Some(line) = text.as_bytes()[from..].windows(2).position(|pair| pair == b"\n{") else {
            break;
        };
        cursor.at = from + line + 1;
    }
    reading
}

/// Where a field of the object at `object` stands: the start of its key (of itself, in an array), and its value.
pub(crate) fn locate(text: &str, object: Range<usize>, path: &[&str]) -> Option<(usize, Range<usize>)> {
    let mut cursor = Cursor { text: text.get(..object.end)?, at: object.start, reached: &|_| () };
    let mut found = (object.start, object);
    for part in path {
        cursor.at = found.1.start;
        found = cursor.child(part).ok()??;
    }
    Some(found)
}

impl Reading {
    /// Takes what a root had. A list has `items` and no name; of a root that broke off, only its items are whole.
    fn take(&mut self, root: Found, items: Option<Vec<Found>>, whole: bool) {
        match items.filter(|_| root.metadata.name.is_empty()) {
            Some(items) => {
                let kind = root.kind.strip_suffix("List").unwrap_or_default();
                for mut item in items {
                    if item.kind.is_empty() {
                        item.kind = kind.to_owned();
                        item.api_version.clone_from(&root.api_version);
                    }
                    if whole {
                        self.list(&item.api_version, &item.kind);
                    }
                    self.object(item);
                }
                if whole {
                    self.list(&root.api_version, kind);
                }
            }
            None if whole => self.object(root),
            None => {}
        }
    }

    /// Notes a kind of which there is a whole list. Kinds come in runs, so that the last one noted is most often the same.
    fn list(&mut self, api_version: &str, kind: &str) {
        let same = |(noted, of): &(String, String)| noted == api_version && of == kind;
        if !kind.is_empty() && !self.listed.last().is_some_and(same) {
            self.listed.push((api_version.to_owned(), kind.to_owned()));
        }
    }

    fn object(&mut self, mut object: Found) {
        if object.kind.is_empty() || object.metadata.name.is_empty() {
            let kind = Some(object.kind).filter(|kind| !kind.is_empty());
            self.problems.push((object.json.start, ProblemKind::NoIdentity { kind }));
            return;
        }
        if object.api_version.is_empty() {
            object.wrong.insert("apiVersion".to_owned());
        }
        self.objects.push(object);
    }
}

/// Why a value could not be read.
enum Break {
    /// No object and no array of objects begins here: it is a prompt, or prose.
    NoValue,
    /// The text ends inside it.
    End,
    /// It breaks off JSON's grammar.
    Syntax { at: usize, message: String },
}

/// A key, borrowed from the text unless it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Cursor<'a> {
    text: &'a str,
    at: usize,
    reached: &'a dyn Fn(usize),
}

impl<'a> Cursor<'a> {
    /// The byte after any white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Goes behind `byte`; `or` names what else could have stood here.
    fn expect(&mut self, byte: u8, or: &str) -> Result<(), Break> {
        let message = || format!("expected `{}`{or}", char::from(byte));
        match self.eat(byte) {
            true => Ok(()),
            false if self.at == self.text.len() => Err(Break::End),
            false => Err(Break::Syntax { at: self.at, message: message() }),
        }
    }

    /// Reads a `T` and goes behind it; stays where it is if there is none.
    fn value<T: Deserialize<'a>>(&mut self) -> Result<T, Break> {
        let rest = &self.text[self.at..];
        let mut values = Deserializer::from_str(rest).into_iter();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) if !error.is_eof() => {
                let line = rest.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(&*message, |(words, _)| words).to_owned();
                Err(Break::Syntax { at: self.at + line + error.column().saturating_sub(1), message })
            }
            _ => Err(Break::End),
        }
    }

    fn skip(&mut self) -> Result<(), Break> {
        self.value::<IgnoredAny>().map(drop)
    }

    /// A field's value. One of another type than `T` is noted in `wrong` and, as `null` is, taken as absent.
    fn field<T: Deserialize<'a> + Default>(&mut self, key: &str, wrong: &mut BTreeSet<String>) -> Result<T, Break> {
        match self.value::<Option<T>>() {
            Ok(value) => Ok(value.unwrap_or_default()),
            Err(_) => {
                self.skip()?;
                wrong.insert(key.to_owned());
                Ok(T::default())
            }
        }
    }

    /// Calls `each` at each part of what stands between `open` and `close`.
    fn parts(
        &mut self,
        open: u8,
        close: u8,
        mut each: impl FnMut(&mut Self) -> Result<(), Break>,
    ) -> Result<(), Break> {
        self.expect(open, "")?;
        if self.eat(close) {
            return Ok(());
        }
        loop {
            self.peek();
            each(self)?;
            if self.eat(close) {
                return Ok(());
            }
            self.expect(b',', if close == b'}' { " or `}`" } else { " or `]`" })?;
        }
    }

    /// Calls `each` at each value of a map, with its key and with where that stands.
    fn map(&mut self, mut each: impl FnMut(&mut Self, &str, usize) -> Result<(), Break>) -> Result<(), Break> {
        self.parts(b'{', b'}', |cursor| {
            let start = cursor.at;
            let Key(key) = cursor.value()?;
            cursor.expect(b':', "")?;
            cursor.peek();
            each(cursor, &key, start)
        })
    }

    /// Reads a root: an object, a list, or a bare array of objects. What it found before a break stays in its arguments.
    fn root(&mut self, root: &mut Found, items: &mut Option<Vec<Found>>) -> Result<(), Break> {
        let rest = &self.text[self.at..];
        match rest.strip_prefix('[') {
            Some(array) if array.trim_start().starts_with(['{', ']']) => self.items(items.insert(Vec::new())),
            None if rest.starts_with('{') => self.object(root, |cursor, key| match key {
                "items" => cursor.items(items.insert(Vec::new())),
                _ => cursor.skip(),
            }),
            _ => Err(Break::NoValue),
        }
    }

    fn items(&mut self, items: &mut Vec<Found>) -> Result<(), Break> {
        if self.peek() != Some(b'[') {
            return self.skip();
        }
        self.parts(b'[', b']', |cursor| {
            let mut item = Found { json: cursor.at..cursor.at, ..Found::default() };
            match cursor.peek() {
                Some(b'{') => cursor.object(&mut item, |cursor, _| cursor.skip())?,
                _ => cursor.skip()?,
            }
            items.push(item);
            (cursor.reached)(cursor.at);
            Ok(())
        })
    }

    /// Reads an object; `other` reads the fields that not every object has.
    fn object(
        &mut self,
        object: &mut Found,
        mut other: impl FnMut(&mut Self, &str) -> Result<(), Break>,
    ) -> Result<(), Break> {
        let start = self.at;
        self.map(|cursor, key, _| {
            match key {
                "apiVersion" => object.api_version = cursor.field(key, &mut object.wrong)?,
                "kind" => object.kind = cursor.field(key, &mut object.wrong)?,
                "metadata" => cursor.metadata(object)?,
                _ => other(cursor, key)?,
            }
            Ok(())
        })?;
        object.json = start..self.at;
        Ok(())
    }

    fn metadata(&mut self, object: &mut Found) -> Result<(), Break> {
        object.metadata = Metadata::default();
        if self.peek() != Some(b'{') {
            return self.skip();
        }
        let metadata = &mut object.metadata;
        let wrong = &mut BTreeSet::new();
        self.map(|cursor, key, _| {
            match key {
                "name" => metadata.name = cursor.field(key, wrong)?,
                "namespace" => metadata.namespace = cursor.field(key, wrong)?,
                "uid" => metadata.uid = cursor.field(key, wrong)?,
                "resourceVersion" => metadata.resource_version = cursor.field(key, wrong)?,
                "generation" => metadata.generation = cursor.field(key, wrong)?,
                "creationTimestamp" => metadata.creation_timestamp = cursor.field(key, wrong)?,
                "deletionTimestamp" => metadata.deletion_timestamp = cursor.field(key, wrong)?,
                "deletionGracePeriodSeconds" => metadata.deletion_grace_period_seconds = cursor.field(key, wrong)?,
                "labels" => metadata.labels = cursor.field(key, wrong)?,
                "annotations" => metadata.annotations = cursor.field(key, wrong)?,
                "finalizers" => metadata.finalizers = cursor.field(key, wrong)?,
                "ownerReferences" => metadata.owner_references = cursor.field(key, wrong)?,
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        metadata.annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        object.wrong.extend(wrong.iter().map(|key| format!("metadata.{key}")));
        Ok(())
    }

    /// The part of the map or array here that has this key or index; the last one, where a key is repeated.
    fn child(&mut self, part: &str) -> Result<Option<(usize, Range<usize>)>, Break> {
        let mut found = None;
        match self.peek() {
            Some(b'{') => self.map(|cursor, key, start| {
                let value = cursor.at;
                cursor.skip()?;
                if key == part {
                    found = Some((start, value..cursor.at));
                }
                Ok(())
            })?,
            Some(b'[') => {
                let mut index = 0;
                self.parts(b'[', b']', |cursor| {
                    let start = cursor.at;
                    cursor.skip()?;
                    if part.parse() == Ok(index) {
                        found = Some((start, start..cursor.at));
                    }
                    index += 1;
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(found)
    }
}

/// The innermost bracket or quotation mark that is still open where `text` ends: that is where a person looks for what is
/// missing. The outermost one is nearly always the first character of the file.
fn unclosed(text: &str) -> (usize, char) {
    let mut open = Vec::new();
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' | b'[' => open.push((at, char::from(byte))),
            b'}' | b']' => drop(open.pop()),
            b'"' => loop {
                match bytes.next() {
                    Some((_, b'"')) => break,
                    Some((_, b'\\')) => drop(bytes.next()),
                    Some(_) => {}
                    None => return (at, '"'),
                }
            },
            _ => {}
        }
    }
    open.pop().unwrap_or((0, '{'))
}
