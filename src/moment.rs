//! Moments as Kubernetes prints them. The clock is the caller's, or the dump's own newest moment.

use gordian_snapshot::Snapshot;

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

/// The fields in which something that happened is dated. Others, as those of a certificate, may lie ahead.
const HAPPENED: [&str; 15] = [
    "acquireTime",
    "completionTime",
    "creationTimestamp",
    "eventTime",
    "finishedAt",
    "firstTimestamp",
    "lastHeartbeatTime",
    "lastObservedTime",
    "lastProbeTime",
    "lastTimestamp",
    "lastTransitionTime",
    "renewTime",
    "startTime",
    "startedAt",
    "time",
];

/// The newest moment of which a dump tells, in milliseconds since 1970: it was taken then, or soon after.
pub fn newest(snapshot: &Snapshot) -> Option<f64> {
    let written = snapshot.sources.iter().filter_map(|source| newest_written(&source.text));
    let written = written.max().and_then(millis);
    // A deletion is dated at the end of its grace.
    let deletions = snapshot.objects.iter().filter_map(|object| {
        let metadata = &object.metadata;
        let grace = metadata.deletion_grace_period_seconds.unwrap_or(0) as f64;
        Some(millis(metadata.deletion_timestamp.as_deref()?)? - grace * 1000.0)
    });
    deletions.chain(written).reduce(f64::max)
}

/// The newest moment in a text, of those fields that date what happened. Moments of this form are in order as texts are.
fn newest_written(text: &str) -> Option<&str> {
    let dated = text.match_indices('T').filter_map(|(at, _)| {
        let (before, moment) = (text.get(..at.checked_sub(10)?)?, text.get(at - 10..)?);
        let time = moment.get(11..)?;
        let end = time.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.')?;
        let moment = (end >= 8).then(|| moment.get(..11 + end + 1)).flatten().filter(|moment| moment.ends_with('Z'))?;
        let key = before.trim_end_matches([' ', '"', '\'']).strip_suffix(':')?.trim_end_matches(['"', ' ']);
        let key = key.rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
        HAPPENED.contains(&key).then_some(moment)
    });
    dated.filter(|moment| millis(moment).is_some()).max()
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
    fn the_newest_moment_is_one_that_happened() {
        let dump = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  creationTimestamp: \"2025-01-01T00:00:00Z\"\n\
            \x20 deletionTimestamp: 2025-01-03T00:01:00Z\n  deletionGracePeriodSeconds: 60\n  annotations:\n    notAfter: 2035-01-01T00:00:00Z\n\
            status:\n  conditions:\n  - lastTransitionTime: '2025-01-02T00:00:00.5Z'\n    type: Ready\n";
        assert_eq!(newest_written(dump), Some("2025-01-02T00:00:00.5Z"));
        assert_eq!(newest_written(r#"{"time":"2025-04-25T02:51:07Z","at": "T"}"#), Some("2025-04-25T02:51:07Z"));
        let mut snapshot = Snapshot::default();
        assert_eq!(newest(&snapshot), None);
        snapshot.add("dump", dump.as_bytes());
        assert_eq!(newest(&snapshot), millis("2025-01-03T00:00:00Z"));
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
