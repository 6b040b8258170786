//! From bytes to text, and what kind of text it is.

use crate::{Format, ProblemKind};

/// How much of a source is looked at to tell text from an archive or an image.
const HEAD: usize = 4096;

/// The text in `bytes` and how it is written, or why there is none.
pub(crate) fn text(bytes: &[u8]) -> Result<(String, Format), ProblemKind> {
    let text = decode(bytes)?;
    let format = format(&text)?;
    Ok((text, format))
}

/// The text in `bytes`, without its byte order mark. PowerShell's `>` writes UTF-16, so that is read too; what is not valid
/// in an otherwise readable text becomes U+FFFD.
fn decode(bytes: &[u8]) -> Result<String, ProblemKind> {
    let mut text = match bytes {
        [0x1F, 0x8B, ..] | [b'P', b'K', 3, 4, ..] => return Err(ProblemKind::Binary),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => utf8(rest),
    };
    let head = &text[..text.floor_char_boundary(HEAD)];
    let is_foreign = |c: &char| *c == '\u{FFFD}' || c.is_control() && !c.is_whitespace() && *c != '\u{1B}';
    if head.contains('\0') || head.chars().filter(is_foreign).count() * 8 > head.chars().count() {
        return Err(ProblemKind::Binary);
    }
    // A parser may take a NUL for the end of the text, and what follows it would be lost without a word. What was copied
    // from a web page has no-break spaces in its indentation.
    for (odd, plain) in [('\0', "\u{FFFD}"), ('\u{A0}', " ")] {
        if text.contains(odd) {
            text = text.replace(odd, plain);
        }
    }
    Ok(text)
}

fn utf8(bytes: &[u8]) -> String {
    // The lossy way alone is several times slower, and nearly every text is valid.
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// How `text` is written. The first line that begins an object or a list at the margin tells; prompts and prose may stand
/// before it.
fn format(text: &str) -> Result<Format, ProblemKind> {
    let text = text.trim_start();
    let is_bare = |line: &str| matches!(line.trim(), "" | "---") || line.trim_start().starts_with('#');
    if text.lines().all(is_bare) {
        return Err(ProblemKind::Empty);
    }
    let begins_with = |tag: &str| text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    if begins_with("<!doctype") || begins_with("<html") {
        return Err(ProblemKind::Html);
    }
    let is_json = |line: &str| {
        let inner = line.strip_prefix('{').map(str::trim_start);
        inner.is_some_and(|inner| inner.is_empty() || inner.starts_with(['"', '}']))
    };
    let is_yaml = |line: &str| ["apiVersion:", "kind:", "- apiVersion:"].iter().any(|key| line.starts_with(key));
    let first = text.lines().find(|line| is_json(line) || is_yaml(line));
    Ok(if text.starts_with('[') || first.is_some_and(is_json) { Format::Json } else { Format::Yaml })
}

/// Whether `text` has a key that every object has.
pub(crate) fn resembles_a_dump(text: &str) -> bool {
    ["apiVersion", "kind:", "metadata:"].iter().any(|key| text.contains(key))
}
