//! Every field that an object's JSON has is found in its source, key and value.

use std::fs;

use gordian_snapshot::{Object, Snapshot};
use serde_json::Value;

#[test]
fn every_field_is_located() {
    let mut fields = 0;
    for directory in ["tests/cases", "../../tests/dumps"] {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            // An alias's fields stand at its anchor; the object that it is read into does not have them in its text.
            if path.is_file() && !path.ends_with("yaml-anchors.yaml") {
                let mut snapshot = Snapshot::default();
                snapshot.add(&path.to_string_lossy(), &fs::read(&path).unwrap());
                for object in &snapshot.objects {
                    let json: Value = snapshot.read(object).unwrap_or_default();
                    fields += assert_located(&snapshot, object, &mut Vec::new(), &json);
                }
            }
        }
    }
    assert!(fields > 1000, "only {fields} fields were looked for");
}

/// Looks for what is below `path`, and gives how many fields that were.
fn assert_located(snapshot: &Snapshot, object: &Object, path: &mut Vec<String>, value: &Value) -> usize {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return 0,
    };
    let mut fields = parts.len();
    for (part, part_value) in parts {
        path.push(part.clone());
        let borrowed: Vec<&str> = path.iter().map(String::as_str).collect();
        let range = snapshot.locate(object, &borrowed).unwrap_or_else(|| panic!("{path:?} is not found in {object:?}"));
        assert!(object.text.start <= range.start && range.end <= object.text.end, "{path:?} is outside {object:?}");
        let text = &snapshot.sources[object.source].text[range];
        if value.is_object() && !text.contains('\\') {
            let text = text.trim_start_matches(['"', '\'']);
            assert!(text.starts_with(&part), "{path:?} has no key in {text:?}");
        }
        if let Value::String(string) = part_value
            && string.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-./:".contains(&byte))
        {
            assert!(
                text.trim_end_matches(['"', '\'']).ends_with(string),
                "{path:?} does not end with its value in {text:?}"
            );
        }
        fields += assert_located(snapshot, object, path, part_value);
        path.pop();
    }
    fields
}

#[test]
fn what_is_not_there_is_not_located() {
    let mut snapshot = Snapshot::default();
    snapshot.add(
        "list",
        b"{\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"finalizers\":[\"f\"]}}]}",
    );
    snapshot.add("list", b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  finalizers: [f]\n");
    for object in &snapshot.objects {
        for path in [
            &["spec"][..],
            &["metadata", "name", "0"],
            &["metadata", "finalizers", "1"],
            &["metadata", "finalizers", "x"],
        ] {
            assert_eq!(snapshot.locate(object, path), None, "{path:?}");
        }
        let all = snapshot.locate(object, &[]).unwrap();
        assert_eq!(&snapshot.sources[object.source].text[all], snapshot.text(object).trim_end());
    }
}
