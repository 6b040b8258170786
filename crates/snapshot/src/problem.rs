//! What could not be read, and where.

use crate::Source;

/// A place in a source: lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The source's name, as it was given to [`Snapshot::add`](crate::Snapshot::add).
    pub source: String,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Gives problems their places, in the order in which they stand in the text, which is gone through once.
pub(crate) fn place(source: &Source, mut problems: Vec<(usize, ProblemKind)>) -> Vec<Problem> {
    problems.sort_by_key(|(offset, _)| *offset);
    problems.dedup();
    let (mut line, mut column, mut before) = (1, 1, 0);
    let placed = problems.into_iter().map(|(offset, kind)| {
        let offset = source.text.floor_char_boundary(offset);
        let passed = &source.text[before..offset];
        before = offset;
        match passed.rsplit_once('\n') {
            Some((above, last)) => {
                line += 1 + above.matches('\n').count();
                column = 1 + last.chars().count();
            }
            None => column += passed.chars().count(),
        }
        Problem { kind, place: Place { source: source.name.clone(), line, column } }
    });
    placed.collect()
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something was read otherwise than printed, or left out.
    Warning,
    /// The source gave no object at all.
    Error,
}

/// One thing that could not be read. The words for it are in `gordian-diagnose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
}

/// Kinds of problems. Each becomes one sentence: what, where, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// Nothing but white space (or comments).
    Empty,
    /// A web page: the browser saved or copied HTML, not the dump.
    Html,
    /// Bytes that are no text, such as an archive or an image.
    Binary,
    /// Text that is neither JSON nor YAML with objects.
    NotADump,
    /// JSON that ends too early; `open` is what was never closed (`{`, `[` or `"`), and where that stands is the place.
    JsonCutOff {
        /// The character that was never closed.
        open: char,
    },
    /// JSON that breaks off its grammar.
    JsonSyntax {
        /// The parser's own words.
        message: String,
    },
    /// A tab in YAML's indentation.
    YamlTab,
    /// YAML that breaks off its grammar.
    YamlSyntax {
        /// The parser's own words.
        message: String,
    },
    /// A document that has no `kind`, such as a prompt between dumps, or an object without `metadata.name`.
    NoIdentity {
        /// `kind` where it is there.
        kind: Option<String>,
    },
    /// A field of `metadata` has another type than the API server gives it, so it was taken as absent. So is an
    /// `apiVersion` that is missing: the object is kept, in the core group.
    WrongType {
        /// The field, as `metadata.finalizers`.
        field: String,
    },
    /// The same object was read before; the later text replaced the earlier.
    Replaced {
        /// `Kind namespace/name`.
        object: String,
    },
}

impl ProblemKind {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Empty | Self::Html | Self::Binary | Self::NotADump => Severity::Error,
            Self::JsonCutOff { .. } | Self::JsonSyntax { .. } | Self::YamlTab | Self::YamlSyntax { .. } => {
                Severity::Error
            }
            Self::NoIdentity { .. } | Self::WrongType { .. } | Self::Replaced { .. } => Severity::Warning,
        }
    }
}
