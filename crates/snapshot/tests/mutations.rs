//! Throws damaged dumps at `Snapshot::add` and asks of whatever comes out that it keeps its promises.

use std::fs;

use gordian_snapshot::{Severity, Snapshot};
use serde::Deserialize;
use serde::de::IgnoredAny;

const INPUTS: usize = 100_000;

const SEEDS: [&str; 16] = [
    "json-array.json",
    "json-concatenated.json",
    "json-lines.json",
    "json-object.json",
    "json-prompts-between.txt",
    "json-typed-list-empty.json",
    "utf16-le.yaml",
    "yaml-anchors.yaml",
    "yaml-crlf.yaml",
    "yaml-fences.txt",
    "yaml-flow.yaml",
    "yaml-keys.yaml",
    "yaml-list.yaml",
    "yaml-metadata.yaml",
    "yaml-no-separator.yaml",
    "yaml-tab-in-list.yaml",
];

/// What damage likes to begin with.
const TOKENS: [&str; 16] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ":",
    ",",
    "\n",
    "\t",
    "- ",
    "\n---\n",
    "\napiVersion: v1\n",
    "&a ",
    "*a ",
    "\u{A0}é😀",
];

/// splitmix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }

    /// Any part of `length` bytes, short ones more often.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        let longest = self.below(length - start) + 1;
        start..(start + self.below(longest) + 1).min(length)
    }
}

fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(3) {
        let range = random.range(bytes.len());
        match random.below(7) {
            0 => range.take(4).for_each(|at| bytes[at] ^= 1 << random.below(8)),
            1 => bytes.truncate(range.start),
            2 => drop(bytes.drain(range)),
            3 => {
                let copy = bytes[range.clone()].to_vec();
                bytes.splice(range.start..range.start, copy);
            }
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let part = other[random.range(other.len())].to_vec();
                bytes.splice(range, part);
            }
            5 => drop(bytes.splice(range.start..range.start, TOKENS[random.below(TOKENS.len())].bytes())),
            _ => drop(bytes.splice(range, TOKENS[random.below(TOKENS.len())].bytes())),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[test]
fn damage_is_survived() {
    let seeds = SEEDS.map(|name| fs::read(format!("tests/cases/{name}")).unwrap());
    let mut loaded = Snapshot::default();
    loaded.add(
        "first",
        b"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"first\",\"uid\":\"u-first\"}}",
    );
    let mut random = Random(1);
    let mut with_objects = 0;
    for input in 0..INPUTS {
        let bytes = mutate(&mut random, &seeds);
        let mut snapshot = loaded.clone();
        let problems = snapshot.add("damaged", &bytes);
        let context = || format!("input {input}:\n{}", String::from_utf8_lossy(&bytes));
        if snapshot.sources.len() == 1 {
            assert_eq!(snapshot, loaded, "{}", context());
            assert!(problems.iter().any(|problem| problem.kind.severity() == Severity::Error), "{}", context());
        } else {
            with_objects += 1;
        }
        assert!(problems.is_sorted_by_key(|problem| (problem.place.line, problem.place.column)), "{}", context());
        assert_invariants(&snapshot, context);
    }
    assert!(
        with_objects > INPUTS / 2,
        "only {with_objects} inputs had objects left: the damage is too great to tell anything"
    );
}

#[derive(Deserialize)]
struct Status {
    #[expect(dead_code, reason = "only whether it can be read matters here")]
    status: Option<serde_json::Value>,
}

fn assert_invariants(snapshot: &Snapshot, context: impl Fn() -> String) {
    let key = |index: usize| {
        let object = &snapshot.objects[index];
        let metadata = &object.metadata;
        (object.group(), &object.kind, &metadata.namespace, &metadata.name, &metadata.uid)
    };
    for (index, object) in snapshot.objects.iter().enumerate() {
        assert!(index == 0 || key(index - 1) < key(index), "not sorted: {}", context());
        let source = &snapshot.sources[object.source];
        assert!(
            source.text.get(object.text.clone()).is_some_and(|text| !text.is_empty()),
            "{:?}: {}",
            object.text,
            context()
        );
        assert!(!snapshot.text(object).is_empty(), "{}", context());
        assert!(snapshot.json(object).starts_with('{'), "{}", context());
        assert!(snapshot.read::<IgnoredAny>(object).is_some(), "{}: {}", snapshot.json(object), context());
        snapshot.read::<Status>(object);
        for path in [&["metadata", "name"][..], &["metadata", "ownerReferences", "0", "uid"], &["status"], &[], &["0"]]
        {
            let range = snapshot.locate(object, path);
            let key = path.last().copied().unwrap_or_default();
            let text =
                range.map(|range| source.text.get(range.clone()).unwrap_or_else(|| panic!("{range:?}: {}", context())));
            assert!(
                text.is_none_or(|text| text.contains(key) || text.contains('\\') || text.starts_with('*')),
                "{}",
                context()
            );
        }
    }
}
