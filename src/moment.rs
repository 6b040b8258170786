//! Moments as Kubernetes prints them. The clock is the caller's.

/// Milliseconds since 1970 of a moment such as `2025-04-25T02:51:07Z`; `None` for any other form.
pub fn millis(timestamp: &str) -> Option<f64> {
    let (date, time) = timestamp.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let mut time = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    // Days from the civil date: Howard Hinnant's algorithm, with years that begin in March.
    let shifted = if month > 2 { year } else { year - 1 };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(((days * 86_400 + hour * 3600 + minute * 60 + second) * 1000) as f64)
}

/// A span in the one unit that says most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Less than two minutes.
    Seconds(u64),
    /// Less than two hours.
    Minutes(u64),
    /// Less than two days.
    Hours(u64),
    /// Anything longer.
    Days(u64),
}

impl Span {
    /// The span from a timestamp to a moment; `None` when the timestamp cannot be read or lies ahead.
    pub fn since(timestamp: &str, now: f64) -> Option<Self> {
        let seconds = (now - millis(timestamp)?) / 1000.0;
        if seconds < 0.0 {
            return None;
        }
        let seconds = seconds as u64;
        Some(match seconds {
            0..120 => Self::Seconds(seconds),
            120..7_200 => Self::Minutes(seconds / 60),
            7_200..172_800 => Self::Hours(seconds / 3600),
            _ => Self::Days(seconds / 86_400),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_the_calendar_has_them() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0.0)),
            ("2000-02-29T12:00:00Z", Some(951_825_600_000.0)),
            ("2025-04-25T02:51:07Z", Some(1_745_549_467_000.0)),
            ("2025-04-25T02:51:07.123456Z", Some(1_745_549_467_000.0)),
            ("yesterday", None),
            ("2025-13-01T00:00:00Z", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(millis(text), expected, "{text}");
        }
    }

    #[test]
    fn a_span_has_one_unit() {
        let start = "1970-01-01T00:00:00Z";
        let cases = [
            (0.0, Some(Span::Seconds(0))),
            (119_000.0, Some(Span::Seconds(119))),
            (1_320_000.0, Some(Span::Minutes(22))),
            (7_200_000.0, Some(Span::Hours(2))),
            (172_800_000.0, Some(Span::Days(2))),
            (-1000.0, None),
        ];
        for (now, expected) in cases {
            assert_eq!(Span::since(start, now), expected, "{now}");
        }
    }
}
