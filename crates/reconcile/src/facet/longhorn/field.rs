//! What a field of Longhorn's is made of: how it is read from an object, and how it is told by its path.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{Disk, ImageCopy, InstanceProcess, Name};

/// Where a field of the type `T` stands in an object. A path, with slashes, stands for a text, a flag or a map of texts that is there as it
/// is kept; what is kept otherwise has a type of its own below.
pub(super) trait Field<T> {
    /// The field of this object. What is not there, or of another type than the API server gives it, is empty or false.
    fn read(&self, object: &Value) -> T;

    /// The field by its path, or its parts by theirs, for [`set`]. What is told with an empty value is not there.
    fn tell(&self, field: &T) -> Vec<(String, Name)>;
}

impl Field<Name> for &str {
    fn read(&self, object: &Value) -> Name {
        at(object, self).map(text).unwrap_or_default()
    }

    fn tell(&self, field: &Name) -> Vec<(String, Name)> {
        vec![((*self).to_owned(), *field)]
    }
}

impl Field<bool> for &str {
    fn read(&self, object: &Value) -> bool {
        at(object, self) == Some(&Value::Bool(true))
    }

    fn tell(&self, field: &bool) -> Vec<(String, Name)> {
        vec![flag(self, *field)]
    }
}

impl Field<Vec<(Name, Name)>> for &str {
    fn read(&self, object: &Value) -> Vec<(Name, Name)> {
        entries(at(object, self)).map(|(key, value)| (Name::new(key), text(value))).collect()
    }

    fn tell(&self, field: &Vec<(Name, Name)>) -> Vec<(String, Name)> {
        field.iter().map(|(key, value)| (format!("{self}/{key}"), *value)).collect()
    }
}

/// Whether something is at this path, whatever it is.
pub(super) struct Has(pub(super) &'static str);

impl Field<bool> for Has {
    fn read(&self, object: &Value) -> bool {
        at(object, self.0).is_some()
    }

    fn tell(&self, field: &bool) -> Vec<(String, Name)> {
        vec![flag(self.0, *field)]
    }
}

/// Whether a text is at this path, and not an empty one.
pub(super) struct IsSet(pub(super) &'static str);

impl Field<bool> for IsSet {
    fn read(&self, object: &Value) -> bool {
        at(object, self.0).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    }

    fn tell(&self, field: &bool) -> Vec<(String, Name)> {
        vec![(self.0.to_owned(), Name::new(if *field { "set" } else { "" }))]
    }
}

/// A flag that is `true` where it is not there.
pub(super) struct UnlessFalse(pub(super) &'static str);

impl Field<bool> for UnlessFalse {
    fn read(&self, object: &Value) -> bool {
        at(object, self.0) != Some(&Value::Bool(false))
    }

    fn tell(&self, field: &bool) -> Vec<(String, Name)> {
        vec![(self.0.to_owned(), Name::new(if *field { "" } else { "false" }))]
    }
}

/// The condition of this type is `True`.
pub(super) struct Holds(pub(super) &'static str);

impl Field<bool> for Holds {
    fn read(&self, object: &Value) -> bool {
        condition(&object["status"], self.0)["status"] == "True"
    }

    fn tell(&self, field: &bool) -> Vec<(String, Name)> {
        vec![flag(&format!("status/conditions/{}", self.0), *field)]
    }
}

/// The reason of the condition of this type, whatever its status.
pub(super) struct Reason(pub(super) &'static str);

impl Field<Name> for Reason {
    fn read(&self, object: &Value) -> Name {
        text(&condition(&object["status"], self.0)["reason"])
    }

    fn tell(&self, field: &Name) -> Vec<(String, Name)> {
        vec![(format!("status/conditions/{}", self.0), *field)]
    }
}

/// The reason of the condition of this type where it is `False`.
pub(super) struct WhyFalse(pub(super) &'static str);

impl Field<Name> for WhyFalse {
    fn read(&self, object: &Value) -> Name {
        let fails = condition(&object["status"], self.0)["status"] == "False";
        if fails { Reason(self.0).read(object) } else { Name::default() }
    }

    fn tell(&self, field: &Name) -> Vec<(String, Name)> {
        Reason(self.0).tell(field)
    }
}

/// The keys of the map at this path, sorted, whose values have their key in the field of this name.
pub(super) struct Keys(pub(super) &'static str, pub(super) &'static str);

impl Field<Vec<Name>> for Keys {
    fn read(&self, object: &Value) -> Vec<Name> {
        entries(at(object, self.0)).map(|(key, _)| Name::new(key)).collect()
    }

    fn tell(&self, field: &Vec<Name>) -> Vec<(String, Name)> {
        field.iter().map(|key| (format!("{}/{key}/{}", self.0, self.1), *key)).collect()
    }
}

/// `spec.disks` and `status.diskStatus` of a node.
pub(super) struct Disks;

impl Field<Vec<Disk>> for Disks {
    fn read(&self, object: &Value) -> Vec<Disk> {
        let disk = |name, spec: Option<&Value>, state: Option<&Value>| {
            let (wanted, observed) = (spec.is_some(), state.is_some());
            let [spec, state] = [spec, state].map(|part| part.unwrap_or(&NULL));
            let scheduled = state["storageScheduled"].to_string();
            Disk {
                name,
                block: (if wanted { spec } else { state })["diskType"] == "block",
                path: text(&spec["path"]),
                wanted,
                observed,
                uuid: text(&state["diskUUID"]),
                ready: condition(state, "Ready")["status"] == "True",
                schedulable: condition(state, "Schedulable")["status"] == "True",
                allowed: spec["allowScheduling"] == true,
                used: !matches!(scheduled.trim_matches('"'), "null" | "" | "0"),
            }
        };
        both(&object["spec"]["disks"], &object["status"]["diskStatus"], disk)
    }

    fn tell(&self, field: &Vec<Disk>) -> Vec<(String, Name)> {
        let mut told = Vec::new();
        for Disk { name, block, path, wanted, observed, uuid, ready, schedulable, allowed, used } in field {
            let spec = |field: &str, value: &str| (format!("spec/disks/{name}/{field}"), Name::new(value));
            let status = |field: &str, value: &str| (format!("status/diskStatus/{name}/{field}"), Name::new(value));
            let holds = |holds: bool| if holds { "True" } else { "False" };
            if *wanted {
                let kind = if *block { "block" } else { "filesystem" };
                told.extend([spec("diskType", kind), spec("path", path.as_str())]);
            }
            if *observed {
                told.extend([
                    status("conditions/Ready", holds(*ready)),
                    status("conditions/Schedulable", holds(*schedulable)),
                    status("diskUUID", uuid.as_str()),
                    status("storageScheduled", if *used { "1" } else { "" }),
                ]);
            }
            told.push(spec("allowScheduling", if *wanted && *allowed { "true" } else { "" }));
        }
        told
    }
}

/// The maps of an instance manager's processes in its status.
pub(super) struct Processes;

impl Field<Vec<InstanceProcess>> for Processes {
    fn read(&self, object: &Value) -> Vec<InstanceProcess> {
        let maps = [("instanceEngines", true), ("instanceReplicas", false), ("instances", true)];
        let of_map = |(map, engine)| {
            let process = move |(name, process): (&String, &Value)| {
                let state = text(&process["status"]["state"]);
                InstanceProcess { name: Name::new(name), engine, state }
            };
            entries(object["status"].get(map)).map(process)
        };
        let mut processes: Vec<InstanceProcess> = maps.into_iter().flat_map(of_map).collect();
        processes.sort_unstable();
        processes
    }

    fn tell(&self, field: &Vec<InstanceProcess>) -> Vec<(String, Name)> {
        let process = |process: &InstanceProcess| {
            let map = if process.engine { "instanceEngines" } else { "instanceReplicas" };
            (format!("status/{map}/{}/status/state", process.name), process.state)
        };
        field.iter().map(process).collect()
    }
}

/// `spec.diskFileSpecMap` and `status.diskFileStatusMap` of a backing image.
pub(super) struct Copies;

impl Field<Vec<ImageCopy>> for Copies {
    fn read(&self, object: &Value) -> Vec<ImageCopy> {
        let named = |name: Name, otherwise| if name.is_empty() { Name::new(otherwise) } else { name };
        let copy = |disk, spec: Option<&Value>, state: Option<&Value>| ImageCopy {
            disk,
            data_engine: spec.map(|spec| named(text(&spec["dataEngine"]), "v1")).unwrap_or_default(),
            state: state.map(|state| named(text(&state["state"]), "unknown")).unwrap_or_default(),
        };
        both(&object["spec"]["diskFileSpecMap"], &object["status"]["diskFileStatusMap"], copy)
    }

    fn tell(&self, field: &Vec<ImageCopy>) -> Vec<(String, Name)> {
        let copy = |copy: &ImageCopy| {
            let spec = format!("spec/diskFileSpecMap/{}/dataEngine", copy.disk);
            let status = format!("status/diskFileStatusMap/{}/state", copy.disk);
            [(spec, copy.data_engine), (status, copy.state)]
        };
        field.iter().flat_map(copy).collect()
    }
}

/// What is read where nothing is.
static NULL: Value = Value::Null;

fn text(value: &Value) -> Name {
    Name::new(value.as_str().unwrap_or_default())
}

fn flag(path: &str, value: bool) -> (String, Name) {
    (path.to_owned(), Name::new(if value { "true" } else { "" }))
}

/// The entries of a map, sorted by key.
fn entries(map: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    map.and_then(Value::as_object).into_iter().flatten()
}

/// What is made of each key of two maps, sorted, with its value in the one and in the other.
fn both<T>(spec: &Value, status: &Value, make: impl Fn(Name, Option<&Value>, Option<&Value>) -> T) -> Vec<T> {
    let keys: BTreeSet<&String> = entries(Some(spec)).chain(entries(Some(status))).map(|(key, _)| key).collect();
    keys.into_iter().map(|key| make(Name::new(key), spec.get(key), status.get(key))).collect()
}

/// The first condition of a type in a status.
fn condition<'a>(status: &'a Value, kind: &str) -> &'a Value {
    let mut conditions = status["conditions"].as_array().into_iter().flatten();
    conditions.find(|condition| condition["type"] == kind).unwrap_or(&NULL)
}

/// What an object has at a path.
fn at<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    steps(path).into_iter().try_fold(object, |value, step| value.get(step))
}

/// The steps of a path. An annotation's name, which has a slash of its own, is one.
pub(super) fn steps(path: &str) -> Vec<&str> {
    match path.strip_prefix("metadata/annotations/") {
        Some(annotation) => vec!["metadata", "annotations", annotation],
        None => path.split('/').collect(),
    }
}

/// Sets what is at these steps. Of a condition it is the status, or the reason of one that is `False`.
pub(super) fn set(json: &mut Value, path: &[&str], value: &str) {
    let entry = |json: &mut Value, name: &str, empty: Value| {
        let Value::Object(fields) = json else { return };
        let field = fields.entry(name).or_insert(empty);
        match path {
            ["conditions", kind] => {
                let (status, reason) = if matches!(value, "True" | "False") { (value, "") } else { ("False", value) };
                let condition = serde_json::json!({ "type": kind, "status": status, "reason": reason });
                field.as_array_mut().into_iter().for_each(|conditions| conditions.push(condition.clone()));
            }
            [_, rest @ ..] if !rest.is_empty() => set(field, rest, value),
            _ => {
                *field = match value {
                    "true" | "false" if name != "value" => Value::Bool(value == "true"),
                    _ => Value::String(value.to_owned()),
                }
            }
        }
    };
    match path {
        ["conditions", _] => entry(json, "conditions", Value::Array(Vec::new())),
        [name, ..] => entry(json, name, Value::Object(Map::new())),
        [] => {}
    }
}
