//! What a step changed in an object, as a small unified diff in the manner of YAML: of what the world keeps, and no more.

use gordian_reconcile::{Facet, Object, OwnerReference};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::differs::values;

/// What a line of a diff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sign {
    /// It is the same before and after, and says where the others stand.
    Same,
    /// It was there before.
    Before,
    /// It is there after.
    After,
}

/// A line of a diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is.
    pub sign: Sign,
    /// Its text, indented.
    pub text: String,
}

/// What of an object is no field of it, as a comment.
const COMMENT: &str = "# runs";

/// The lines in which two states of an object differ, each below the fields that it is in.
pub fn diff(before: Option<&Object>, after: Option<&Object>) -> Vec<Line> {
    let mut lines = Vec::new();
    let (before, after) = (before.map(tree), after.map(tree));
    let fields = |tree: &Option<Value>| tree.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    walk_fields(&mut lines, 0, &fields(&before), &fields(&after));
    lines
}

/// What of an object's new state a request has to say: the fields that are others than before.
pub fn changed(before: Option<&Object>, after: &Object) -> Value {
    let after = tree(after);
    match before {
        Some(before) => other(&tree(before), &after).unwrap_or_else(|| json!({})),
        None => after,
    }
}

/// The parts of a value that are others than before; a field that went is null, and a list is given as a whole.
fn other(before: &Value, after: &Value) -> Option<Value> {
    match (before, after) {
        (before, after) if before == after => None,
        (Value::Object(before), Value::Object(after)) => {
            let gone = before.keys().filter(|key| !after.contains_key(*key)).map(|key| (key.clone(), Value::Null));
            let others = after.iter().filter_map(|(key, value)| {
                let other = before.get(key).map_or_else(|| Some(value.clone()), |before| other(before, value));
                Some((key.clone(), other?))
            });
            Some(Value::Object(gone.chain(others).filter(|(key, _)| key != COMMENT).collect()))
        }
        _ => Some(after.clone()),
    }
}

/// What the world keeps of an object, as a tree of fields.
fn tree(object: &Object) -> Value {
    let mut metadata = Map::new();
    let mut set = |name: &str, value: Value| metadata.insert(name.to_owned(), value);
    set("name", json!(object.key.name.as_str()));
    if !object.key.namespace.is_empty() {
        set("namespace", json!(object.key.namespace.as_str()));
    }
    if let Some(deletion) = object.deletion {
        // The world has no clock: that it is set counts.
        set("deletionTimestamp", json!("(set)"));
        if deletion.grace_seconds > 0 {
            set("deletionGracePeriodSeconds", json!(deletion.grace_seconds));
        }
    }
    if !object.finalizers.is_empty() {
        set("finalizers", object.finalizers.iter().map(|finalizer| finalizer.as_str()).collect());
    }
    if !object.labels.is_empty() {
        set("labels", object.labels.iter().map(|(key, value)| (key.to_string(), json!(value.as_str()))).collect());
    }
    if !object.owners.is_empty() {
        set("ownerReferences", object.owners.iter().map(owner).collect());
    }
    let mut tree = json!({ "metadata": metadata });
    if let Facet::Namespace(namespace) = &object.facet
        && !namespace.finalizers.is_empty()
    {
        tree["spec"]["finalizers"] = namespace.finalizers.iter().map(|finalizer| finalizer.as_str()).collect();
    }
    if object.key.kind.group.as_str() == "longhorn.io" {
        for (path, value) in object.facet.longhorn_fields() {
            put(&mut tree, path.split('/'), value.as_str());
        }
        return tree;
    }
    for (path, value) in values(&object.facet) {
        match path.as_str() {
            "processes" => put(&mut tree, [COMMENT].into_iter(), &value),
            "node.kubernetes.io/unreachable" => put(&mut tree, ["spec", "taints", &path].into_iter(), &value),
            nested if nested.contains('.') => put(&mut tree, nested.split('.'), &value),
            condition => put(&mut tree, ["status", "conditions", condition].into_iter(), &value),
        }
    }
    tree
}

fn owner(owner: &OwnerReference) -> Value {
    let mut reference = json!({
        "apiVersion": owner.api_version.as_str(), "kind": owner.kind.as_str(), "name": owner.name.as_str(),
        "controller": owner.controller, "blockOwnerDeletion": owner.block,
    });
    // The simulator names what it makes, and what has no uid in a dump; the name is no uid.
    if !owner.uid.as_str().contains(' ') {
        reference["uid"] = json!(owner.uid.as_str());
    }
    reference
}

/// Puts a value at a path. What is empty or false is not there, as in the API.
fn put<'a>(tree: &mut Value, path: impl Iterator<Item = &'a str>, value: &str) {
    if matches!(value, "" | "false") {
        return;
    }
    let mut at = tree;
    for part in path {
        // A value on the way gives place to the fields below it.
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[part];
    }
    *at = json!(value);
}

fn walk_fields(lines: &mut Vec<Line>, depth: usize, before: &Map<String, Value>, after: &Map<String, Value>) {
    let only_after = after.keys().filter(|key| !before.contains_key(*key));
    let mut keys: Vec<&String> = before.keys().chain(only_after).collect();
    keys.sort();
    for key in keys {
        walk(lines, depth, key, before.get(key), after.get(key));
    }
}

fn walk(lines: &mut Vec<Line>, depth: usize, key: &str, before: Option<&Value>, after: Option<&Value>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            line(lines, Sign::Same, depth, format!("{key}:"));
            walk_fields(lines, depth + 1, before, after);
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            line(lines, Sign::Same, depth, format!("{key}:"));
            walk_items(lines, depth, before, after);
        }
        _ => {
            for (sign, value) in [(Sign::Before, before), (Sign::After, after)] {
                if let Some(value) = value {
                    emit(lines, sign, depth, key, value);
                }
            }
        }
    }
}

/// Items of a list are the same by their uid, else by their name, or by what they are.
fn walk_items(lines: &mut Vec<Line>, depth: usize, before: &[Value], after: &[Value]) {
    let id = |item: &Value| item.get("uid").or_else(|| item.get("name")).unwrap_or(item).clone();
    let find = |all: &[Value], item: &Value| all.iter().find(|other| id(other) == id(item)).cloned();
    for item in before {
        match find(after, item) {
            None => emit_item(lines, Sign::Before, depth, item),
            Some(now) if now == *item => {}
            Some(now) => {
                line(lines, Sign::Same, depth, format!("- name: {}", scalar(&item["name"])));
                if let (Some(item), Some(now)) = (item.as_object(), now.as_object()) {
                    walk_fields(lines, depth + 1, item, now);
                }
            }
        }
    }
    for item in after.iter().filter(|item| find(before, item).is_none()) {
        emit_item(lines, Sign::After, depth, item);
    }
}

fn emit(lines: &mut Vec<Line>, sign: Sign, depth: usize, key: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            line(lines, sign, depth, format!("{key}:"));
            fields.iter().for_each(|(key, value)| emit(lines, sign, depth + 1, key, value));
        }
        Value::Array(items) => {
            line(lines, sign, depth, format!("{key}:"));
            items.iter().for_each(|item| emit_item(lines, sign, depth, item));
        }
        value => line(lines, sign, depth, format!("{key}: {}", scalar(value))),
    }
}

fn emit_item(lines: &mut Vec<Line>, sign: Sign, depth: usize, item: &Value) {
    let Value::Object(fields) = item else {
        return line(lines, sign, depth, format!("- {}", scalar(item)));
    };
    for (index, (key, value)) in fields.iter().enumerate() {
        let dash = if index == 0 { "- " } else { "  " };
        line(lines, sign, depth, format!("{dash}{key}: {}", scalar(value)));
    }
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn line(lines: &mut Vec<Line>, sign: Sign, depth: usize, text: String) {
    lines.push(Line { sign, text: format!("{}{text}", "  ".repeat(depth)) });
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::fixture;

    use super::*;

    /// The diff from the first object of one world to the first of another, as a person reads it.
    fn check(before: &str, after: &str, expected: &str) {
        let [one, other] = [before, after].map(|text| fixture::parse(text).expect("the world can be read"));
        let [one, other] = [&one, &other].map(|world| world.objects().next().map(|(_, object)| object));
        let lines = diff(one.map(|object| &**object), other.map(|object| &**object));
        let sign = |sign: Sign| match sign {
            Sign::Same => ' ',
            Sign::Before => '-',
            Sign::After => '+',
        };
        let lines: Vec<String> = lines.iter().map(|line| format!("{} {}", sign(line.sign), line.text)).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn what_is_the_same_is_not_shown() {
        check("ConfigMap/shop/a fin=x.io/f label=a:b", "ConfigMap/shop/a fin=x.io/f label=a:b", "");
    }

    #[test]
    fn a_mark_and_a_finalizer_come() {
        check(
            "ConfigMap/shop/a fin=x.io/f",
            "ConfigMap/shop/a deleting fin=x.io/f,foregroundDeletion",
            "  metadata:\n+   deletionTimestamp: (set)\n    finalizers:\n+   - foregroundDeletion",
        );
        check(
            "Pod/shop/a node=n",
            "Pod/shop/a deleting grace=30 node=n",
            "  metadata:\n+   deletionGracePeriodSeconds: 30\n+   deletionTimestamp: (set)",
        );
    }

    #[test]
    fn of_an_owner_reference_only_the_flag_is_shown_that_changed() {
        check(
            "Pod/shop/a owner=ReplicaSet.apps/web! owner=ReplicaSet.apps/old",
            "Pod/shop/a owner=ReplicaSet.apps/web",
            "  metadata:\n    ownerReferences:\n    - name: web\n-     blockOwnerDeletion: true\n+     blockOwnerDeletion: false\n\
             -   - apiVersion: apps/v1\n-     blockOwnerDeletion: false\n-     controller: false\n-     kind: ReplicaSet\n\
             -     name: old\n-     uid: ReplicaSet.apps/shop/old",
        );
    }

    #[test]
    fn fields_of_status_stand_where_they_are() {
        check(
            "InstanceManager.longhorn.io/lh/m spec/nodeID=n1",
            "InstanceManager.longhorn.io/lh/m spec/nodeID=n2 status/currentState=running",
            "  spec:\n-   nodeID: n1\n+   nodeID: n2\n+ status:\n+   currentState: running",
        );
        check(
            "Pod/shop/a node=n phase=Running",
            "Pod/shop/a node=n phase=Failed",
            "  status:\n-   conditions:\n-     Ready: true\n-   phase: Running\n+   phase: Failed",
        );
    }

    #[test]
    fn what_comes_and_what_goes_is_shown_as_a_whole() {
        check(
            "",
            "ConfigMap/shop/a label=a:b",
            "+ metadata:\n+   labels:\n+     a: b\n+   name: a\n+   namespace: shop",
        );
        check("ConfigMap/shop/a", "", "- metadata:\n-   name: a\n-   namespace: shop");
    }

    #[test]
    fn a_request_says_what_is_other_than_before() {
        let world =
            fixture::parse("ConfigMap/shop/a fin=x.io/f label=a:b\nConfigMap/shop/b").expect("the world can be read");
        let objects: Vec<_> = world.objects().map(|(_, object)| (**object).clone()).collect();
        let free = Object { finalizers: Vec::new(), ..objects[0].clone() };
        assert_eq!(changed(Some(&objects[0]), &free), json!({ "metadata": { "finalizers": null } }));
        assert_eq!(changed(Some(&free), &objects[0]), json!({ "metadata": { "finalizers": ["x.io/f"] } }));
        assert_eq!(changed(None, &objects[1]), json!({ "metadata": { "name": "b", "namespace": "shop" } }));
    }
}
