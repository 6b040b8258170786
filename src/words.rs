//! Text as it is drawn: literals set apart, widths estimated, one line of many.

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Running text.
    Plain(String),
    /// What stood between backticks: a finalizer, an address, a field.
    Literal(String),
}

/// Splits a sentence at its backticks. A backtick without a partner is text.
pub fn pieces(sentence: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((literal, after)) = behind.split_once('`') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before.to_owned()));
        }
        pieces.push(Piece::Literal(literal.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest.to_owned()));
    }
    pieces
}

/// How wide a text in the system's proportional face is, at least nearly. The drawing has no text to measure before it is laid
/// out.
pub fn sans_width(text: &str, size: f32) -> f32 {
    text.chars().map(|c| em(c, 0.55)).sum::<f32>() * size
}

/// East Asian characters are square.
fn em(c: char, narrow: f32) -> f32 {
    if c >= '\u{2e80}' { 1.0 } else { narrow }
}

/// A text of at most `most` characters: the middle is cut, so that both ends can be read.
pub fn cut(text: &str, most: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= most {
        return text.to_owned();
    }
    let tail = (most / 4).max(1);
    let head = most.saturating_sub(tail + 1);
    let (head, tail) = (&chars[..head], &chars[chars.len() - tail..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_set_apart_and_nothing_is_lost() {
        let plain = |text: &str| Piece::Plain(text.into());
        let literal = |text: &str| Piece::Literal(text.into());
        assert_eq!(
            pieces("`a` goes when `b` is off."),
            [literal("a"), plain(" goes when "), literal("b"), plain(" is off.")]
        );
        assert_eq!(pieces("a ` alone"), [plain("a ` alone")]);
        assert_eq!(pieces("<b>`<i>`"), [plain("<b>"), literal("<i>")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn a_cut_text_keeps_both_ends() {
        assert_eq!(cut("short", 8), "short");
        assert_eq!(cut("instance-manager-c1d5", 12), "instance…1d5");
        assert_eq!(cut("instance-manager", 12).chars().count(), 12);
    }
}
