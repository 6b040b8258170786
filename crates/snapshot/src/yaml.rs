//! Writes YAML as JSON, event by event, and keeps where its nodes stand in both texts.
//!
//! After that there is one text with one grammar: [`json`](crate::json) reads and locates for both formats. No tree is
//! built. What follows a break is read from the next line on which a document or an item begins.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use crate::{ProblemKind, json, scalar};

/// How many bytes aliases may add to a source: ample for a manifest written by hand, and no way to fill the memory.
const ALIAS_BUDGET: usize = 1 << 20;

/// YAML as JSON: a value for each document that is a mapping or a sequence.
#[derive(Default)]
pub(crate) struct Transcript {
    pub(crate) json: String,
    /// The roots of documents and the items of lists, in order; every node, if that was asked for.
    nodes: Vec<Node>,
    pub(crate) problems: Vec<(usize, ProblemKind)>,
}

/// Where a node stands: where its JSON begins, and the bytes of its YAML.
struct Node {
    json: usize,
    yaml: Range<usize>,
}

impl Transcript {
    /// Where the YAML stands whose JSON begins at `json`.
    pub(crate) fn yaml(&self, json: usize) -> Option<Range<usize>> {
        let index = self.nodes.binary_search_by_key(&json, |node| node.json).ok()?;
        Some(self.nodes[index].yaml.clone())
    }
}

/// Transcribes a whole source. At each collection `reached` hears where it stands.
pub(crate) fn transcribe(text: &str, reached: &dyn Fn(usize)) -> Transcript {
    let mut writer = Writer { budget: ALIAS_BUDGET, ..Writer::default() };
    let mut next = Some(0..text.len());
    while let Some(chunk) = next {
        let resume = match writer.write(text, chunk.clone(), reached) {
            Ok(()) => chunk.end.saturating_sub(1),
            Err(problem) => writer.give_up(text, problem).max(chunk.start),
        };
        next = next_chunk(text, &chunk, resume);
    }
    writer.out
}

/// Where a field of the object at `object` stands, with its key.
pub(crate) fn locate(text: &str, object: Range<usize>, path: &[&str]) -> Option<Range<usize>> {
    // Blanks stand for what precedes the object on its line, such as an item's dash: its keys are aligned again.
    let line = text.get(..object.start)?.rsplit('\n').next()?;
    let indent = line.chars().count();
    let padded = " ".repeat(indent) + text.get(object.clone())?;
    let mut writer = Writer { every_node: true, budget: ALIAS_BUDGET, ..Writer::default() };
    if let Err((at, _)) = writer.write(&padded, 0..padded.len(), &|_| ()) {
        writer.close_all(&padded[..at]);
    }
    let (key, value) = json::locate(&writer.out.json, 0..writer.out.json.len(), path)?;
    let offset = |padded: usize| object.start + padded.saturating_sub(indent);
    Some(offset(writer.out.yaml(key)?.start)..offset(writer.out.yaml(value.start)?.end))
}

/// The part of the text after `chunk` that can be read by itself: it begins after `resume`, on a line on which kubectl
/// begins a document or an item of a list. Items end where their list does.
fn next_chunk(text: &str, chunk: &Range<usize>, resume: usize) -> Option<Range<usize>> {
    let lines = |from| text.bytes().enumerate().skip(from).filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    let begins = |at: usize, heads: &[&str]| heads.iter().any(|head| text[at..].starts_with(head));
    let start = lines(resume).find(|&at| begins(at, &["---", "apiVersion:", "- apiVersion:"]))?;
    let end = if !begins(start, &["- "]) {
        text.len()
    } else if begins(chunk.start, &["- "]) && start < chunk.end {
        chunk.end
    } else {
        lines(start).find(|&at| !begins(at, &["-", " ", "#", "\r", "\n"])).unwrap_or(text.len())
    };
    Some(start..end)
}

/// What comes next in an open collection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Key,
    Value,
    Item,
}

/// A node that was begun: where its JSON begins, its index in the transcript's nodes if it is kept there, its anchor or 0.
struct Begun {
    json: usize,
    node: Option<usize>,
    anchor: usize,
}

struct Collection {
    begun: Begun,
    next: Next,
}

#[derive(Default)]
struct Writer {
    out: Transcript,
    every_node: bool,
    /// The collections that are open, the outermost first.
    open: Vec<Collection>,
    /// Index in the nodes of the root of the document that is being written.
    root: Option<usize>,
    /// Which of `apiVersion` and `kind` the root has already.
    has_api_version: bool,
    has_kind: bool,
    /// Whether the root's latest key is `items`.
    in_items: bool,
    /// Where the JSON of the latest complete item of the root ends.
    kept: Option<usize>,
    /// Where the latest content ends in the YAML.
    end: usize,
    /// The JSON of the document's anchored nodes, by their numbers.
    anchors: BTreeMap<usize, Range<usize>>,
    budget: usize,
}

impl Writer {
    fn write(&mut self, text: &str, chunk: Range<usize>, reached: &dyn Fn(usize)) -> Result<(), (usize, ProblemKind)> {
        // An object that is read alone may name an anchor that stands outside it.
        let options = granit_parser::options! { emit_unresolved_aliases: self.every_node };
        for step in Parser::new_from_str_with_options(&text[chunk.clone()], options) {
            let (event, span) = step.map_err(|error| problem(text, chunk.start, &error))?;
            let span = span.byte_range().unwrap_or_default();
            let span = chunk.start + span.start..chunk.start + span.end;
            let start = span.start;
            if matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
                reached(start);
            }
            self.event(event, span)
                .map_err(|message| (start, ProblemKind::YamlSyntax { message: message.to_owned() }))?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), &'static str> {
        let is_key = self.open.last().is_some_and(|parent| parent.next == Next::Key);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if is_key {
                    self.before_key(&text, span.start);
                }
                let begun = self.begin(span.start, anchor);
                if is_key || style != ScalarStyle::Plain || tag.is_some_and(|tag| is_text(&tag)) {
                    scalar::write_string(&mut self.out.json, &text);
                } else {
                    scalar::write_plain(&mut self.out.json, &text);
                }
                self.finish(&begun, span.end);
            }
            Event::Alias(anchor) => {
                let range =
                    self.anchors.get(&anchor).cloned().ok_or("an alias stands inside the node that it names")?;
                self.budget = self.budget.checked_sub(range.len()).ok_or("aliases repeat more than 1 MiB")?;
                if is_key && !self.out.json[range.clone()].starts_with('"') {
                    return Err("a key is no string");
                }
                let begun = self.begin(span.start, 0);
                self.out.json.extend_from_within(range);
                self.finish(&begun, span.end);
            }
            Event::UnresolvedAlias(name) => {
                let begun = self.begin(span.start, 0);
                scalar::write_string(&mut self.out.json, &name);
                self.finish(&begun, span.end);
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if is_key => {
                return Err("a key is no string");
            }
            Event::SequenceStart(_, anchor, _) => self.open(span.start, anchor, '[', Next::Item),
            Event::MappingStart(_, anchor, _) => self.open(span.start, anchor, '{', Next::Key),
            // A block's end has no text of its own: the parser sees it behind blank lines and comments.
            Event::SequenceEnd => self.close(']', if span.is_empty() { self.end } else { span.end }),
            Event::MappingEnd => self.close('}', if span.is_empty() { self.end } else { span.end }),
            Event::DocumentEnd => self.end_document(),
            _ => {}
        }
        Ok(())
    }

    /// Begins a node whose YAML begins at `at`: writes what separates it from the one before.
    fn begin(&mut self, at: usize, anchor: usize) -> Begun {
        let is_first = self.out.json.ends_with(['{', '[']);
        let is_entry = self.open.is_empty() || self.is_item();
        if let Some(parent) = self.open.last_mut() {
            let (separator, next) = match parent.next {
                Next::Key => (",", Next::Value),
                Next::Value => (":", Next::Key),
                Next::Item => (",", Next::Item),
            };
            if !is_first {
                self.out.json.push_str(separator);
            }
            parent.next = next;
        }
        let json = self.out.json.len();
        let node = (self.every_node || is_entry).then_some(self.out.nodes.len());
        if node.is_some() {
            self.out.nodes.push(Node { json, yaml: at..at });
        }
        if self.open.is_empty() {
            self.root = node;
        }
        Begun { json, node, anchor }
    }

    /// Ends a node whose YAML ends at `end`.
    fn finish(&mut self, begun: &Begun, end: usize) {
        self.end = end;
        if begun.anchor != 0 {
            self.anchors.insert(begun.anchor, begun.json..self.out.json.len());
        }
        if let Some(node) = begun.node {
            self.out.nodes[node].yaml.end = end;
        }
        if self.is_item() {
            self.kept = Some(self.out.json.len());
        }
    }

    fn open(&mut self, at: usize, anchor: usize, bracket: char, next: Next) {
        let begun = self.begin(at, anchor);
        self.out.json.push(bracket);
        self.open.push(Collection { begun, next });
    }

    fn close(&mut self, bracket: char, end: usize) {
        self.out.json.push(bracket);
        if let Some(Collection { begun, .. }) = self.open.pop() {
            self.finish(&begun, end);
        }
    }

    /// Whether a node here is an item of the document's list.
    fn is_item(&self) -> bool {
        match &*self.open {
            [root] => root.next == Next::Item,
            [_, list] => self.in_items && list.next == Next::Item,
            _ => false,
        }
    }

    /// Looks at the root's keys. `kubectl get ...; kubectl get ...` prints no `---` between documents, so a repeated
    /// `apiVersion` or `kind` begins a new one.
    fn before_key(&mut self, key: &str, at: usize) {
        if self.open.len() != 1 {
            return;
        }
        self.in_items = key == "items";
        let has = match key {
            "apiVersion" => &mut self.has_api_version,
            "kind" => &mut self.has_kind,
            _ => return,
        };
        if std::mem::replace(has, true) {
            self.close('}', self.end);
            self.end_document();
            self.open(at, 0, '{', Next::Key);
            self.before_key(key, at);
        }
    }

    fn end_document(&mut self) {
        if let Some(root) = self.root.take() {
            let Node { json, yaml } = &self.out.nodes[root];
            match &self.out.json[*json..] {
                document if document.starts_with(['{', '[']) => self.out.json.push('\n'),
                // A scalar is no object: prose, or the output of another command.
                document => {
                    if document != "null" {
                        self.out.problems.push((yaml.start, ProblemKind::NoIdentity { kind: None }));
                    }
                    self.out.json.truncate(*json);
                    self.out.nodes.truncate(root);
                }
            }
        }
        self.forget_document();
    }

    fn forget_document(&mut self) {
        self.open.clear();
        self.anchors.clear();
        (self.root, self.kept) = (None, None);
        (self.has_api_version, self.has_kind, self.in_items) = (false, false, false);
    }

    /// Closes what is open behind `text`.
    fn close_all(&mut self, text: &str) {
        while let Some(collection) = self.open.last() {
            match collection.next {
                Next::Key => self.close('}', self.end),
                Next::Item => self.close(']', self.end),
                Next::Value => {
                    let end = text.trim_end().len();
                    let null = self.begin(end, 0);
                    self.out.json.push_str("null");
                    self.finish(&null, end);
                }
            }
        }
    }

    /// Ends the document that is being written, at a break. A foreign line at the margin, such as the next prompt, ends it
    /// before that line, and the last line, where a paste is cut, ends it there. Any other break costs the document, except
    /// for the complete items of its list. Gives where the YAML begins that was dropped.
    fn give_up(&mut self, text: &str, (at, kind): (usize, ProblemKind)) -> usize {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        // What was copied from Markdown stands between fences, which are no fault of its own.
        let is_fence = text[line..].starts_with("```");
        let Some(root) = self.root else {
            // A prompt or a heading is no document that breaks off.
            let kind = match kind {
                ProblemKind::YamlSyntax { .. } => ProblemKind::NoIdentity { kind: None },
                kind => kind,
            };
            self.out.problems.extend((!is_fence).then_some((at, kind)));
            return self.end;
        };
        let is_foreign = self.end <= line && !text[line..].starts_with([' ', '\t', '-']);
        if is_foreign || !text[line..].trim_end().contains('\n') {
            self.close_all(&text[..at]);
        }
        let Node { json: start, ref yaml } = self.out.nodes[root];
        let document = &self.out.json[start..];
        let (keep, ending) = match (document.as_bytes().first(), self.kept) {
            (Some(b'{' | b'['), _) if self.open.is_empty() => (self.out.json.len(), "\n"),
            (Some(b'['), Some(kept)) => (kept, "]\n"),
            (_, Some(kept)) => (kept, "]}\n"),
            (_, None) => (start, ""),
        };
        // Prose breaks YAML's grammar wherever its first colon happens to stand; what is wrong with it is that it is prose.
        let is_prose = self.open.is_empty() && keep == start;
        match is_prose {
            true => self.out.problems.push((yaml.start, ProblemKind::NoIdentity { kind: None })),
            false if is_fence && is_foreign => {}
            false => self.out.problems.push((at, kind)),
        }
        let kept_nodes = self.out.nodes.partition_point(|node| node.json < keep);
        let resume = self.out.nodes.get(kept_nodes).map_or(self.end, |node| node.yaml.start);
        self.out.nodes[root].yaml.end = self.end;
        self.out.nodes.truncate(kept_nodes);
        self.out.json.truncate(keep);
        self.out.json.push_str(ending);
        self.forget_document();
        resume
    }
}

/// Whether a tag makes a plain scalar a string: `!!str`, and tags that are not of the core schema.
fn is_text(tag: &Tag) -> bool {
    tag.core_suffix().is_none_or(|suffix| suffix == "str")
}

/// A parser's error. The parser stands near the tab that stops it, not on it.
fn problem(text: &str, base: usize, error: &ScanError) -> (usize, ProblemKind) {
    let at = text.floor_char_boundary(base + error.marker().byte_offset().unwrap_or(0));
    let is_tab = matches!(
        error.kind(),
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
    );
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    match is_tab.then(|| text[line..].find('\t')).flatten() {
        Some(tab) => (line + tab, ProblemKind::YamlTab),
        None => (at, ProblemKind::YamlSyntax { message: error.kind().to_string() }),
    }
}
