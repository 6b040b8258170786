//! The three kinds of patches that the API server takes, on JSON (rules B1 to B4 are about what comes out).

use serde_json::{Map, Value};

/// How a patch is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatchType {
    /// JSON merge patch (RFC 7386).
    Merge,
    /// Strategic merge patch: some lists are merged by a key.
    Strategic,
    /// JSON patch (RFC 6902).
    Json,
}

impl PatchType {
    /// By the names that kubectl and the recordings give them; a patch that is a list can only be a JSON patch.
    pub(crate) fn named(name: Option<&str>, patch: &Value) -> Self {
        match name {
            _ if patch.is_array() => Self::Json,
            Some("strategic" | "application/strategic-merge-patch+json") => Self::Strategic,
            _ => Self::Merge,
        }
    }

    /// The patched document; `None` where the patch cannot be applied, which the API server answers with 422.
    pub(crate) fn apply(self, document: &Value, patch: &Value) -> Option<Value> {
        let mut patched = document.clone();
        match self {
            Self::Merge => merge(&mut patched, patch),
            Self::Strategic => strategic(&mut patched, patch),
            Self::Json => patch.as_array()?.iter().try_for_each(|operation| operate(&mut patched, operation))?,
        }
        Some(patched)
    }
}

/// The fields of a value, which becomes an object if it is none.
fn fields(value: &mut Value) -> Option<&mut Map<String, Value>> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut()
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    let Some(target) = fields(target) else { return };
    for (name, value) in patch {
        match value {
            Value::Null => drop(target.remove(name)),
            value => merge(target.entry(name.as_str()).or_insert(Value::Null), value),
        }
    }
}

/// The lists of Kubernetes' own kinds that a strategic merge patch merges by a key (`patchMergeKey`). Lists of finalizers are
/// merged by their values; every other list is replaced.
const MERGED_BY: [(&str, &str); 8] = [
    ("ownerReferences", "uid"),
    ("conditions", "type"),
    ("containers", "name"),
    ("initContainers", "name"),
    ("volumes", "name"),
    ("webhooks", "name"),
    ("env", "name"),
    ("taints", "key"),
];

fn strategic(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if patch.get("$patch").is_some_and(|directive| directive == "replace") {
        let kept = patch.iter().filter(|(name, _)| *name != "$patch");
        *target = Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect());
        return;
    }
    let Some(target) = fields(target) else { return };
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
            let dropped = value.as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(Value::Array(kept)) = target.get_mut(list) {
                kept.retain(|item| !dropped.contains(item));
            }
            continue;
        }
        if name.starts_with('$') {
            continue;
        }
        let key = MERGED_BY.iter().find(|(list, _)| list == name).map(|(_, key)| *key);
        match (value, key) {
            (Value::Null, _) => drop(target.remove(name)),
            (Value::Array(items), Some(key)) => merge_list(target, name, items, key),
            (Value::Array(items), None) if name == "finalizers" => {
                let list = target.entry(name.as_str()).or_insert(Value::Null);
                let mut merged = list.as_array().cloned().unwrap_or_default();
                merged.extend(items.iter().filter(|item| !merged.contains(item)).cloned().collect::<Vec<_>>());
                *list = Value::Array(merged);
            }
            (value, _) => strategic(target.entry(name.as_str()).or_insert(Value::Null), value),
        }
    }
}

fn merge_list(target: &mut Map<String, Value>, name: &str, items: &[Value], key: &str) {
    let list = target.entry(name).or_insert(Value::Null);
    let mut merged = list.as_array().cloned().unwrap_or_default();
    if items.iter().any(|item| item["$patch"] == "replace") {
        merged.clear();
    }
    for item in items {
        let at = merged.iter().position(|earlier| !item[key].is_null() && earlier[key] == item[key]);
        match (item["$patch"].as_str(), at) {
            (Some("delete"), Some(at)) => drop(merged.remove(at)),
            (Some(_), _) => {}
            (None, Some(at)) => strategic(&mut merged[at], item),
            (None, None) => merged.push(item.clone()),
        }
    }
    *list = Value::Array(merged);
}

/// One operation of a JSON patch; `None` where it does not apply.
fn operate(document: &mut Value, operation: &Value) -> Option<()> {
    let path = operation["path"].as_str()?;
    let value = || operation.get("value").cloned();
    let from = || operation["from"].as_str();
    match operation["op"].as_str()? {
        "add" => add(document, path, value()?),
        "remove" => remove(document, path).map(drop),
        "replace" => {
            *document.pointer_mut(path)? = value()?;
            Some(())
        }
        "test" => (document.pointer(path) == Some(&value()?)).then_some(()),
        "copy" => {
            let copied = document.pointer(from()?)?.clone();
            add(document, path, copied)
        }
        "move" => {
            let moved = remove(document, from()?)?;
            add(document, path, moved)
        }
        _ => None,
    }
}

/// The parent of a JSON pointer, and the last part of it.
fn parent<'d>(document: &'d mut Value, path: &str) -> Option<(&'d mut Value, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    Some((document.pointer_mut(parent)?, last.replace("~1", "/").replace("~0", "~")))
}

fn add(document: &mut Value, path: &str, value: Value) -> Option<()> {
    match parent(document, path)? {
        (Value::Object(fields), name) => drop(fields.insert(name, value)),
        (Value::Array(items), at) if at == "-" => items.push(value),
        (Value::Array(items), at) => {
            let at = at.parse().ok().filter(|&at: &usize| at <= items.len())?;
            items.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(document: &mut Value, path: &str) -> Option<Value> {
    match parent(document, path)? {
        (Value::Object(fields), name) => fields.remove(&name),
        (Value::Array(items), at) => {
            let at = at.parse().ok().filter(|&at: &usize| at < items.len())?;
            Some(items.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(name: &str, document: Value, patch: Value, wanted: Option<Value>) {
        let kind = PatchType::named(Some(name), &patch);
        assert_eq!(kind.apply(&document, &patch), wanted, "{name} {patch}");
    }

    #[test]
    fn patches_do_what_the_api_server_does() {
        let object =
            json!({"metadata": {"finalizers": ["a/1", "b/2"], "ownerReferences": [{"uid": "u", "name": "n"}]}});
        let finalizers = |left: Value| {
            Some(json!({"metadata": {"finalizers": left, "ownerReferences": [{"uid": "u", "name": "n"}]}}))
        };
        let patched = |name: &str, patch: Value, wanted| check(name, object.clone(), patch, wanted);
        patched("merge", json!({"metadata": {"finalizers": ["c/3"]}}), finalizers(json!(["c/3"])));
        patched(
            "merge",
            json!({"metadata": {"finalizers": null, "ownerReferences": null}}),
            Some(json!({"metadata": {}})),
        );
        patched("strategic", json!({"metadata": {"finalizers": ["c/3"]}}), finalizers(json!(["a/1", "b/2", "c/3"])));
        let drops = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a/1"]}});
        patched("strategic", drops, finalizers(json!(["b/2"])));
        let detaches = json!({"metadata": {"ownerReferences": [{"$patch": "delete", "uid": "u"}]}});
        let detached = json!({"metadata": {"finalizers": ["a/1", "b/2"], "ownerReferences": []}});
        patched("strategic", detaches, Some(detached));
        let json_patch = json!([{"op": "remove", "path": "/metadata/finalizers/0"}]);
        patched("json", json_patch, finalizers(json!(["b/2"])));
        let tests = json!([{"op": "test", "path": "/metadata/finalizers/0", "value": "b/2"}]);
        patched("json", tests, None);
        patched("json", json!([{"op": "remove", "path": "/metadata/labels"}]), None);
    }
}
