//! YAML's plain scalars as JSON, by the core schema of YAML 1.2.

/// Writes a string.
pub(crate) fn write_string(json: &mut String, mut text: &str) {
    json.push('"');
    while let Some(at) = text
        .bytes()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))
    {
        json.push_str(&text[..at]);
        match text.as_bytes()[at] {
            b'\n' => json.push_str("\\n"),
            byte @ (b'"' | b'\\') => json.extend(['\\', char::from(byte)]),
            byte => json.push_str(&format!("\\u{byte:04x}")),
        }
        text = &text[at + 1..];
    }
    json.push_str(text);
    json.push('"');
}

/// Writes a plain scalar: a null, a boolean, a number, or else a string. Timestamps are strings, and so are `.inf` and
/// `.nan`, for which JSON has no number.
pub(crate) fn write_plain(json: &mut String, text: &str) {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => json.push_str("null"),
        "true" | "True" | "TRUE" => json.push_str("true"),
        "false" | "False" | "FALSE" => json.push_str("false"),
        _ => match number(text) {
            Some(number) => json.push_str(&number),
            None => write_string(json, text),
        },
    }
}

/// The number that `text` is, as JSON writes it: without `+`, without leading zeros, with a digit on both sides of the dot.
fn number(text: &str) -> Option<String> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let unsigned = !digits.starts_with('+');
            return u64::from_str_radix(digits, radix)
                .ok()
                .filter(|_| unsigned)
                .map(|number| number.to_string());
        }
    }
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = text
        .split_once(['e', 'E'])
        .map_or((text, None), |(mantissa, exponent)| {
            (mantissa, Some(exponent))
        });
    let (whole, fraction) = mantissa
        .split_once('.')
        .map_or((mantissa, None), |(whole, fraction)| {
            (whole, Some(fraction))
        });
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fraction_digits = fraction.unwrap_or_default();
    if !digits(whole) || !digits(fraction_digits) || whole.is_empty() && fraction_digits.is_empty()
    {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let mut number = format!("{sign}{whole}");
    if fraction.is_some() {
        number.push('.');
        number.push_str(if fraction_digits.is_empty() {
            "0"
        } else {
            fraction_digits
        });
    }
    if let Some(exponent) = exponent {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if unsigned.is_empty() || !digits(unsigned) {
            return None;
        }
        number.push('e');
        number.push_str(exponent);
    }
    Some(number)
}
