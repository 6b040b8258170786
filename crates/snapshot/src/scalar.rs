//! YAML's plain scalars as JSON, by the core schema of YAML 1.2.

/// Writes a string.
pub(crate) fn write_string(json: &mut String, mut text: &str) {
    json.push('"');
    while let Some(at) = text.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
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
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix).filter(|digits| !digits.starts_with('+')) {
            return u64::from_str_radix(digits, radix).ok().map(|number| number.to_string());
        }
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if !is_digits(whole) || !is_digits(fraction.unwrap_or_default()) || matches!(mantissa, "" | ".") {
        return None;
    }
    if let Some(power) = exponent.get(1..) {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        if power.is_empty() || !is_digits(power) {
            return None;
        }
    }
    let whole = Some(whole.trim_start_matches('0')).filter(|whole| !whole.is_empty()).unwrap_or("0");
    let fraction = fraction.map(|digits| format!(".{}", if digits.is_empty() { "0" } else { digits }));
    Some(format!("{sign}{whole}{}{exponent}", fraction.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::write_plain;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (yaml, json) in [
            ("", "null"),
            ("~", "null"),
            ("NULL", "null"),
            ("nUll", r#""nUll""#),
            ("True", "true"),
            ("yes", r#""yes""#),
            ("0", "0"),
            ("-0", "-0"),
            ("007", "7"),
            ("+12", "12"),
            ("0o17", "15"),
            ("0xfF", "255"),
            ("0x+1", r#""0x+1""#),
            ("0xffffffffffffffffff", r#""0xffffffffffffffffff""#),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            (".5", "0.5"),
            ("-1.", "-1.0"),
            ("1.50e-3", "1.50e-3"),
            ("6E+4", "6E+4"),
            ("6e", r#""6e""#),
            (".", r#"".""#),
            ("-", r#""-""#),
            (".inf", r#"".inf""#),
            ("1.2.3", r#""1.2.3""#),
            ("100m", r#""100m""#),
            ("2026-01-01T00:00:00Z", r#""2026-01-01T00:00:00Z""#),
            ("12:30", r#""12:30""#),
            ("a\"b\\c\n\u{1}é", r#""a\"b\\c\n\u0001é""#),
        ] {
            let mut out = String::new();
            write_plain(&mut out, yaml);
            assert_eq!(out, json, "{yaml}");
            assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out} is no JSON");
        }
    }
}
