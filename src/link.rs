//! What was loaded, as text that travels in an address or is kept in the browser: packed, and without what nobody needs there.
//!
//! The text is written anew from the objects as JSON. So nothing is in it that was not meant to be: no comment, no prompt, no
//! field that [`trim`] takes away. What it says of every world is the same as what the whole text says.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gordian_actions::Action;
use gordian_snapshot::{Object, Snapshot};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::engine::{Document, Input};

/// The most characters that a link carries. Browsers take more; what people paste links into often does not.
pub const LINK_LIMIT: usize = 64 << 10;

/// What is unpacked at most: a small text can claim to be a huge one.
const UNPACKED_LIMIT: usize = 64 << 20;

/// What stands between the dump and the script that belongs to it. No JSON has it.
const BETWEEN: char = '\0';

/// What a link cannot be read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// What was loaded, made ready to travel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The names of what was loaded.
    pub names: Vec<String>,
    /// How many objects are in it.
    pub objects: usize,
    /// The dump, to be saved as a file.
    pub dump: String,
    /// All of it, packed.
    pub packed: String,
}

/// Makes what was loaded ready to travel.
pub fn parcel(document: &Document) -> Parcel {
    let snapshot = document.snapshot();
    let dump = dump(snapshot);
    let packed = match document.script() {
        Some(actions) => pack(&format!("{dump}{BETWEEN}{}", script(actions))),
        None => pack(&dump),
    };
    let names = snapshot.sources.iter().map(|source| source.name.clone()).collect();
    Parcel { names, objects: snapshot.objects.len(), dump, packed }
}

/// What a packed text has to load, under a name.
pub fn inputs(packed: &str, name: &str) -> Result<Vec<Input>, Damaged> {
    let input = |text: &str| Input { name: name.to_owned(), bytes: text.as_bytes().into() };
    Ok(unpack(packed)?.split(BETWEEN).map(input).collect())
}

/// The objects of a snapshot, and of which kinds there was a whole list.
fn dump(snapshot: &Snapshot) -> String {
    let kinds = &snapshot.coverage.kinds;
    let listed = |object: &Object| kinds.contains(&(object.group().to_owned(), object.kind.clone()));
    let text = |object: &Object| {
        let mut value = serde_json::from_str(snapshot.json(object)).ok()?;
        trim(&mut value);
        serde_json::to_string_pretty(&value).ok()
    };
    let texts =
        |are_listed: bool| snapshot.objects.iter().filter(move |object| listed(object) == are_listed).filter_map(text);
    let items = texts(true).collect::<Vec<_>>().join(",\n");
    // A list without items says that there is no such object, which is worth as much.
    let empty = |(group, kind): &&(String, String)| {
        !snapshot.objects.iter().any(|object| (object.group(), &object.kind) == (group.as_str(), kind))
    };
    let empty = kinds.iter().filter(empty).map(|(group, kind)| {
        let api_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
        json!({"apiVersion": api_version, "kind": format!("{kind}List"), "items": []}).to_string()
    });
    let list = (!items.is_empty())
        .then(|| format!("{{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n{items}\n]}}"));
    list.into_iter().chain(empty).chain(texts(false)).collect::<Vec<_>>().join("\n")
}

fn script(actions: &[Action]) -> String {
    let mut actions = serde_json::to_value(actions).unwrap_or_default();
    let bodies = actions.as_array_mut().into_iter().flatten().filter_map(|action| action.get_mut("body"));
    bodies.for_each(trim);
    actions.to_string()
}

/// A text, small enough to travel: deflated, in characters that are safe in an address.
pub(crate) fn pack(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(text.as_bytes(), 7))
}

/// The text that [`pack`] packed. A checksum tells when any of it was lost or changed.
pub(crate) fn unpack(packed: &str) -> Result<String, Damaged> {
    let bytes = URL_SAFE_NO_PAD.decode(packed).map_err(|_| Damaged)?;
    let text = decompress_to_vec_zlib_with_limit(&bytes, UNPACKED_LIMIT).map_err(|_| Damaged)?;
    String::from_utf8(text).map_err(|_| Damaged)
}

/// Takes away what may be secret, and what is long and nobody reads.
fn trim(object: &mut Value) {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    let holds_data = matches!(kind, "Secret" | "ConfigMap");
    let Some(fields) = object.as_object_mut() else { return };
    if holds_data {
        fields.retain(|name, _| !matches!(name.as_str(), "data" | "stringData" | "binaryData"));
    }
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.retain(|name, _| is_read(name));
        }
    }
    trim_fields(fields);
}

/// Whether anybody in the simulator reads an annotation.
fn is_read(annotation: &str) -> bool {
    annotation == "kubernetes.io/service-account.uid" || annotation.starts_with("longhorn.io/")
}

fn trim_fields(fields: &mut Map<String, Value>) {
    fields.retain(|name, value| !is_left_out(name, value));
    for (name, value) in fields {
        match value {
            Value::Object(fields) => trim_fields(fields),
            Value::Array(values) => {
                for fields in values.iter_mut().filter_map(Value::as_object_mut) {
                    if name == "env" {
                        fields.remove("value");
                    }
                    trim_fields(fields);
                }
            }
            _ => {}
        }
    }
}

fn is_left_out(name: &str, value: &Value) -> bool {
    const SECRET: [&str; 6] = ["password", "passwd", "token", "privatekey", "accesskey", "apikey"];
    let long = matches!(name, "args" | "command" | "caBundle" | "openAPIV3Schema");
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    long || value.is_string() && SECRET.iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use gordian_reconcile::load;

    use super::*;
    use crate::engine::Unmeasured;
    use crate::engine::tests::sample;

    fn snapshot(texts: &[&str]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for text in texts {
            snapshot.add("text", text.as_bytes());
        }
        snapshot
    }

    fn again(snapshot: &Snapshot) -> Snapshot {
        let text = unpack(&pack(&dump(snapshot))).expect("nothing was damaged");
        self::snapshot(&[&text])
    }

    /// Every dump and every end of a recording in the folder of the tests.
    fn dumps() -> impl Iterator<Item = (String, Snapshot)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let files = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let recorded = files(&root.join("recorded")).map(|folder| folder.join("after.json")).collect::<Vec<_>>();
        let all = files(&root.join("dumps")).chain(files(&root.join("samples"))).chain(recorded);
        all.filter_map(|path| {
            let mut snapshot = Snapshot::default();
            snapshot.add("dump", &std::fs::read(&path).ok()?);
            Some((path.display().to_string(), snapshot))
        })
    }

    #[test]
    fn a_text_that_travelled_says_the_same() {
        let mut seen = 0;
        for (name, before) in dumps() {
            let after = again(&before);
            assert_eq!(after.coverage, before.coverage, "{name}");
            assert_eq!(after.objects.len(), before.objects.len(), "{name}");
            let (one, other) = (load(&before), load(&after));
            assert_eq!(one.fingerprint(), other.fingerprint(), "{name}");
            assert_eq!(gordian_diagnose::diagnose(&one), gordian_diagnose::diagnose(&other), "{name}");
            seen += 1;
        }
        assert!(seen > 60, "{seen}");
    }

    #[test]
    fn the_longhorn_incident_fits_a_link() {
        let packed = parcel(&sample("longhorn-10791")).packed;
        assert!(packed.len() < 12 << 10, "{}", packed.len());
    }

    #[test]
    fn a_script_travels_with_its_dump() {
        let document = sample("three-nodes");
        let inputs = inputs(&parcel(&document).packed, "a link").expect("nothing was damaged");
        let (again, problems) = Document::load(None, &inputs, None, &Unmeasured);
        assert_eq!(problems, []);
        let played = |document: &Document| {
            let played = document.play(&Unmeasured).expect("the script can be played");
            (played.world().fingerprint(), played.steps().len(), played.end())
        };
        assert_eq!(played(&again.expect("a document")), played(&document));
    }

    #[test]
    fn what_may_be_secret_stays_behind() {
        let text = r#"
apiVersion: v1
kind: Secret
metadata:
  name: s
  annotations: {kubectl.kubernetes.io/last-applied-configuration: hush, longhorn.io/delete-node-from-longhorn: ""}
  managedFields: [{manager: hush}]
data: {key: hush}
stringData: {key: hush}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {key: hush}
binaryData: {key: hush}
---
# hush
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - name: main
    args: [hush]
    command: [hush]
    env: [{name: KEY, value: hush}, {name: FROM, valueFrom: {secretKeyRef: {name: s, key: k}}}]
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: t}
spec: {adminPassword: hush, api_key: hush, tokens: {refreshToken: hush}, secretName: seen}
"#;
        let text = dump(&snapshot(&[text]));
        assert!(!text.contains("hush"), "{text}");
        for stays in ["KEY", "secretKeyRef", "\"seen\"", "longhorn.io/delete-node-from-longhorn"] {
            assert!(text.contains(stays), "{stays} is not in {text}");
        }
    }

    #[test]
    fn a_damaged_text_is_told_from_a_whole_one() {
        let whole = parcel(&sample("owner-ring")).packed;
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        let mut below = |limit: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % limit as u64).unwrap_or_default()
        };
        for _ in 0..10_000 {
            let mut damaged = whole.clone().into_bytes();
            match below(4) {
                0 => damaged.truncate(below(whole.len())),
                1 => damaged[below(whole.len())] = b'!',
                2 => {
                    let at = below(whole.len());
                    damaged.drain(at..(at + 1 + below(9)).min(whole.len()));
                }
                _ => {
                    let at = below(whole.len());
                    damaged[at] = if damaged[at] == b'A' { b'z' } else { b'A' };
                }
            }
            // The last character has bits to spare; otherwise nothing that was changed is taken for whole.
            let damaged = String::from_utf8(damaged).expect("it is still text");
            assert_eq!(unpack(&damaged), Err(Damaged), "{damaged}");
        }
        assert_eq!(unpack(""), Err(Damaged));
        let bomb = URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&vec![b' '; UNPACKED_LIMIT + 1], 1));
        assert_eq!(unpack(&bomb), Err(Damaged));
    }
}
