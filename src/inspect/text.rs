//! An object's text as it was loaded: which lines matter, which fold, and where something stands in it.

use std::collections::BTreeSet;
use std::ops::Range;

use gordian_reconcile::Key;
use gordian_snapshot::{Object, Snapshot};
use serde::{Deserialize, Serialize};

use crate::engine::Document;

/// The text of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The name of the file, or what stands for one.
    pub file: String,
    /// The text; empty when the object was made in the run.
    pub text: String,
    /// The number of its first line in the file.
    pub first: usize,
    /// The indices of the lines that matter to the deletion, or that a finding rests on, in order.
    pub marked: Vec<usize>,
    /// It stands on a line of its own, and was broken up here.
    pub broken_up: bool,
}

/// A block of lines that can be folded: a line, and those that are indented below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The line that stays.
    pub head: usize,
    /// Behind the last line that folds.
    pub end: usize,
}

/// A line that is longer than this is broken up when it is a whole object.
const LONG: usize = 400;
/// A text of up to so many lines is not folded but for `managedFields`.
const SHORT: usize = 36;

impl Source {
    /// The text of an object; the lines that matter to its deletion, or that a finding rests on, are marked.
    pub(super) fn of(document: &Document, key: Key, loaded: &Object) -> Self {
        let snapshot = document.snapshot();
        let (file, text) = match snapshot.sources.get(loaded.source) {
            Some(source) => (source.name.clone(), snapshot.text(loaded)),
            None => return Self::default(),
        };
        if !text.trim_end().contains('\n') && text.len() > LONG {
            let pretty = serde_json::from_str::<serde_json::Value>(snapshot.json(loaded)).ok();
            let pretty = pretty.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_default();
            let mut again = Snapshot::default();
            again.add(&file, pretty.as_bytes());
            if let Some(object) = again.objects.first() {
                let first = 1;
                return Self { first, broken_up: true, ..Self::marked(document, key, &again, object, file) };
            }
        }
        Self::marked(document, key, snapshot, loaded, file)
    }

    fn marked(document: &Document, key: Key, snapshot: &Snapshot, loaded: &Object, file: String) -> Self {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut mark = |path: &[&str]| ranges.extend(snapshot.locate(loaded, path));
        mark(&["metadata", "deletionTimestamp"]);
        mark(&["metadata", "finalizers"]);
        mark(&["metadata", "ownerReferences"]);
        if key.kind.is("", "Namespace") && loaded.metadata.deletion_timestamp.is_some() {
            mark(&["spec", "finalizers"]);
        }
        for arrow in &document.start().arrows {
            for evidence in arrow.evidence.iter().filter(|one| one.key == key && !one.path.is_empty()) {
                let path: Vec<&str> = evidence.path.iter().map(String::as_str).collect();
                mark(&path);
            }
        }
        let text = snapshot.text(loaded).trim_end();
        let mut offset = loaded.text.start;
        let mut marked = Vec::new();
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let end = offset + line.len();
            if ranges.iter().any(|range| range.start < end && offset < range.end) {
                marked.push(index);
            }
            offset = end;
        }
        let first = snapshot.sources.get(loaded.source).map_or(1, |source| source.place(loaded.text.start).line);
        Self { file, text: text.to_owned(), first, marked, broken_up: false }
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<&str> {
        self.text.lines().map(str::trim_end).collect()
    }

    /// The blocks that fold, by their first lines, those outside before those inside.
    pub fn blocks(&self) -> Vec<Block> {
        let lines = self.lines();
        let mut blocks = Vec::new();
        // The heads whose blocks are still open, with their indentation and whether items at the same indentation belong to them.
        let mut open: Vec<(usize, usize, bool)> = Vec::new();
        let mut last = 0;
        for (index, line) in lines.iter().enumerate() {
            let Some(mut indent) = line.find(|c: char| c != ' ') else {
                continue;
            };
            let is_item = line[indent..].starts_with("- ");
            if index == 0 && is_item {
                // What follows the dash of the list is the object, and its fields are indented alike.
                indent = line.rfind("- ").map_or(indent, |dash| dash + 2);
            }
            while let Some(&(head, of, items)) = open.last() {
                if indent > of || (indent == of && items && is_item && index > 0) {
                    break;
                }
                open.pop();
                blocks.push(Block { head, end: last + 1 });
            }
            open.push((index, indent, line.ends_with(':')));
            last = index;
        }
        blocks.extend(open.into_iter().map(|(head, ..)| Block { head, end: last + 1 }));
        blocks.retain(|block| block.end > block.head + 2);
        blocks.sort_unstable_by_key(|block| block.head);
        blocks
    }

    /// The blocks, by their heads, that are folded until a reader opens them: who manages which field, and in a long text whatever
    /// has no line that matters.
    pub fn folded(&self, blocks: &[Block]) -> BTreeSet<usize> {
        let lines = self.lines();
        let long = lines.len() > SHORT;
        let matters = |block: &Block| self.marked.iter().any(|line| (block.head..block.end).contains(line));
        let mut folded = BTreeSet::new();
        let mut outer: Vec<Block> = Vec::new();
        for block in blocks {
            outer.retain(|outer| block.head < outer.end);
            let managed = lines[block.head].trim_start().trim_start_matches('"').starts_with("managedFields");
            // Where nothing matters more than the rest, the first level shows what there is.
            let deep = !self.marked.is_empty() || outer.iter().any(|outer| outer.head > 0);
            let hidden = outer.iter().any(|outer| folded.contains(&outer.head));
            if managed || (long && !hidden && deep && block.head > 0 && !matters(block)) {
                folded.insert(block.head);
            }
            outer.push(*block);
        }
        folded
    }

    /// The lines that have a text in them, whatever its case.
    pub fn find(&self, needle: &str) -> Vec<usize> {
        let needle = needle.to_lowercase();
        let lines = self.text.lines().enumerate();
        let has = |line: &str| !needle.is_empty() && line.to_lowercase().contains(&needle);
        lines.filter(|(_, line)| has(line)).map(|(index, _)| index).collect()
    }
}

/// The lines that show: all but those inside folded blocks.
pub fn shown(lines: usize, blocks: &[Block], folded: &BTreeSet<usize>) -> Vec<usize> {
    let mut shown = Vec::with_capacity(lines);
    let mut hidden = 0;
    let mut blocks = blocks.iter().peekable();
    for line in 0..lines {
        if line >= hidden {
            shown.push(line);
        }
        while let Some(block) = blocks.next_if(|block| block.head <= line) {
            if folded.contains(&block.head) {
                hidden = hidden.max(block.end);
            }
        }
    }
    shown
}

/// The folds, without those that hide a line.
pub fn unfolded(line: usize, blocks: &[Block], folded: &BTreeSet<usize>) -> BTreeSet<usize> {
    let hides = |head: &usize| blocks.iter().any(|block| block.head == *head && block.head < line && line < block.end);
    folded.iter().copied().filter(|head| !hides(head)).collect()
}

/// Where a text stands in a line, whatever its case: pieces, each with whether it is the text. Nothing is lost.
pub fn hits<'l>(line: &'l str, needle: &str) -> Vec<(&'l str, bool)> {
    let (lower, needle) = (line.to_lowercase(), needle.to_lowercase());
    // Where small letters take more bytes than capitals did, places cannot be carried over: then the line is one piece.
    if needle.is_empty() || lower.len() != line.len() {
        return vec![(line, false)];
    }
    let mut pieces = Vec::new();
    let mut at = 0;
    for (start, found) in lower.match_indices(&needle) {
        let end = start + found.len();
        if let (Some(before), Some(hit)) = (line.get(at..start), line.get(start..end)) {
            pieces.extend([(before, false), (hit, true)]);
            at = end;
        }
    }
    pieces.push((&line[at..], false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}
