//! Reads from what test runners print how many tests passed and how many failed.

use std::iter::Sum;
use std::ops::AddAssign;

/// How many tests or checks passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Count {
    /// One check that is not divided into tests, such as the formatter.
    pub(crate) fn of_check(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed) }
    }

    /// What this line of a runner's output adds; nothing for all the lines that are no summary.
    pub(crate) fn of_line(line: &str) -> Self {
        let line = line.trim();
        of_libtest(line).or_else(|| of_node(line)).unwrap_or_default()
    }

    /// Whether nothing was counted at all.
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut sum, count| {
            sum += count;
            sum
        })
    }
}

/// `test result: ok. 3 passed; 1 failed; 0 ignored; …`, which both cargo's and wasm-bindgen's runner print.
fn of_libtest(line: &str) -> Option<Count> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number_of = |what: &str| counts.split(';').find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok());
    Some(Count { passed: number_of("passed")?, failed: number_of("failed")? })
}

/// `# pass 3` in node's TAP reporter, `ℹ pass 3` in the one for people. A cancelled test did not pass, so it failed.
fn of_node(line: &str) -> Option<Count> {
    let summary = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
    let (what, number) = summary.split_once(' ')?;
    let number = number.parse().ok()?;
    match what {
        "pass" => Some(Count { passed: number, failed: 0 }),
        "fail" | "cancelled" => Some(Count { passed: 0, failed: number }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    fn count(output: &str) -> (usize, usize) {
        let sum: Count = output.lines().map(Count::of_line).sum();
        (sum.passed, sum.failed)
    }

    #[test]
    fn cargo_test() {
        let output = "
running 2 tests
test reads_a_list ... ok
test reads_yaml ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests gordian_snapshot

running 3 tests
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 1.25s
";
        assert_eq!(count(output), (4, 1));
    }

    #[test]
    fn wasm_bindgen_test_runner() {
        let output = "running 1 test\ntest web::reads_nothing ... ok\n\n\
            test result: ok. 12 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.02s\n";
        assert_eq!(count(output), (12, 0));
    }

    #[test]
    fn node_tap() {
        let output =
            "# tests 7\n# suites 0\n# pass 4\n# fail 2\n# cancelled 1\n# skipped 0\n# todo 0\n# duration_ms 1034.8\n";
        assert_eq!(count(output), (4, 3));
    }

    #[test]
    fn node_spec() {
        let output = "✔ the page loads (812.1ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\nℹ cancelled 0\n";
        assert_eq!(count(output), (1, 0));
    }

    #[test]
    fn other_lines_count_nothing() {
        let output = "test result: unknown\n# pass the salt\npass 3\n1 passed; 2 failed\ntest result: ok. many passed; 0 failed\n";
        assert!(Count::of_line("").is_empty());
        assert_eq!(count(output), (0, 0));
    }

    #[test]
    fn a_check_is_one() {
        assert_eq!(Count::of_check(true), Count { passed: 1, failed: 0 });
        assert_eq!(Count::of_check(false), Count { passed: 0, failed: 1 });
    }
}
