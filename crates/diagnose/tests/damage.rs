//! Whatever bytes come in, the whole core returns values and problems: 100,000 damaged dumps go through reading, loading,
//! diagnosis, remedies, words and a run, and none of it panics.

#[path = "../../../tests/random/mod.rs"]
mod random;

use gordian_diagnose::diagnose;
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::{Timeline, load, waits};
use gordian_snapshot::Snapshot;
use random::Random;

/// What takes the place of a word, so that damage reaches the rules and not only the parsers.
const WORDS: [&str; 24] = [
    "true",
    "false",
    "null",
    "\"\"",
    "[]",
    "{}",
    "-1",
    "9999999999999999999",
    "1e9",
    "foregroundDeletion",
    "orphan",
    "longhorn.io",
    "kubernetes",
    "Namespace",
    "Pod",
    "InstanceManager",
    "Orphan",
    "Node",
    "running",
    "Running",
    "v1",
    "a",
    "b",
    "*",
];

fn damage(seed: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(7) {
            0 => bytes[at] = random.below(256) as u8,
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            _ => {
                let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-');
                let start = bytes[..at].iter().rposition(|byte| !word(byte)).map_or(0, |before| before + 1);
                let stop = bytes[at..].iter().position(|byte| !word(byte)).map_or(bytes.len(), |length| at + length);
                bytes.splice(start..stop.max(start), WORDS[random.below(WORDS.len())].bytes());
            }
        }
        if bytes.is_empty() {
            bytes.push(b' ');
        }
    }
    bytes
}

const INPUTS: u32 = 100_000;

#[test]
fn no_damage_makes_the_core_panic() {
    survive((0..INPUTS).step_by(2));
}

/// The other half, so that two cores share the work.
#[test]
fn no_other_damage_makes_the_core_panic() {
    survive((1..INPUTS).step_by(2));
}

fn survive(inputs: impl ExactSizeIterator<Item = u32>) {
    let count = inputs.len() as u64;
    let seeds = [
        include_str!("damage/longhorn.yaml"),
        include_str!("damage/namespace.yaml"),
        include_str!("damage/ring.json"),
        include_str!("damage/webhook.yaml"),
    ];
    let (mut read, mut stuck) = (0_u64, 0_u64);
    for input in inputs {
        let mut random = Random(u64::from(input));
        let bytes = damage(seeds[random.below(seeds.len())], &mut random);
        let mut snapshot = Snapshot::default();
        for problem in snapshot.add("damaged", &bytes) {
            assert!(!English.problem(&problem).is_empty());
        }
        read += u64::from(!snapshot.objects.is_empty());
        let world = load(&snapshot);
        let diagnosis = diagnose(&world);
        stuck += u64::from(!diagnosis.stuck.is_empty());
        for finding in &diagnosis.findings {
            let words = English.title(&world, finding) + &English.explanation(&world, finding).concat();
            assert!(!words.is_empty());
        }
        let mut timeline = Timeline::new(world);
        timeline.run(200);
        for (actor, key, wait) in waits(timeline.world()) {
            assert!(!English.wait(timeline.world(), actor, key, &wait).is_empty());
        }
        assert_eq!(timeline.world().fingerprint(), timeline.world().full_fingerprint(), "input {input}");
    }
    // Damage that leaves nothing to read, or nothing stuck, would test the parsers only.
    assert!(read * 2 > count && stuck * 4 > count, "{read} were read, {stuck} were stuck, of {count}");
}
