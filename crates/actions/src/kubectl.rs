//! The `kubectl` command lines of a script.

use gordian_reconcile::{Key, Kind, Object, Propagation, Request, Verb, World};
use serde_json::{Value, json};

use crate::documents::Write;
use crate::patch::PatchType;
use crate::selector;

/// What a command line asks for.
pub(crate) enum Command {
    /// Deletes.
    Requests(Vec<Request>),
    /// Patches.
    Writes(Vec<Write<'static>>),
    /// A create of this body.
    Create(Value),
}

/// The words of a command line after `kubectl VERB`, sorted.
#[derive(Default)]
struct Line {
    named: Vec<String>,
    namespace: Option<String>,
    selector: Option<String>,
    /// Every other flag, with its value.
    flags: Vec<(String, String)>,
}

/// Flags that take the next word when they have no value of their own.
const VALUED: [&str; 9] =
    ["-n", "--namespace", "-l", "--selector", "-p", "--patch", "--type", "--replicas", "--subresource"];

impl Line {
    fn new(words: impl Iterator<Item = String>) -> Self {
        let (mut line, mut words) = (Self::default(), words);
        while let Some(word) = words.next() {
            // A word that ends in a dash takes a label off.
            if !word.starts_with('-') {
                line.named.push(word);
                continue;
            }
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag.to_owned(), value.to_owned()),
                None if VALUED.contains(&word.as_str()) => (word, words.next().unwrap_or_default()),
                None => (word, String::new()),
            };
            match flag.as_str() {
                "-n" | "--namespace" => line.namespace = Some(value),
                "-l" | "--selector" => line.selector = Some(value),
                _ => line.flags.push((flag, value)),
            }
        }
        line
    }

    fn flag(&self, names: &[&str]) -> Option<&str> {
        self.flags.iter().find(|(flag, _)| names.contains(&flag.as_str())).map(|(_, value)| value.as_str())
    }

    /// The objects that it names: `KIND[,KIND] NAME...`, `KIND/NAME`, or a selector. The rest are the words after them.
    fn objects(&self, world: &World, count: Option<usize>) -> Result<(Vec<Key>, Vec<String>), String> {
        let (first, rest) = self.named.split_first().ok_or("it names no kind")?;
        let (kinds, mut names, rest): (Vec<&str>, Vec<&str>, &[String]) = match first.split_once('/') {
            Some((kind, name)) => (vec![kind], vec![name], rest),
            None => {
                let count = count.unwrap_or(rest.len()).min(rest.len());
                (first.split(',').collect(), rest[..count].iter().map(String::as_str).collect(), &rest[count..])
            }
        };
        names.sort_unstable();
        let namespace = self.namespace.as_deref().unwrap_or("default");
        let labels = self.selector.as_deref().map(selector);
        let wanted = |object: &Object| match &labels {
            Some(labels) => labels.selects(&object.labels),
            None => names.binary_search(&object.key.name.as_str()).is_ok() || self.flag(&["--all"]).is_some(),
        };
        let named = |key: &Key| {
            let here = key.namespace.is_empty() || key.namespace.as_str() == namespace;
            here && kinds.iter().any(|kind| answers_to(key.kind, kind))
        };
        let objects = world.objects().map(|(_, object)| &**object);
        let found = objects.filter(|object| named(&object.key) && wanted(object)).map(|object| object.key);
        Ok((found.collect(), rest.to_vec()))
    }
}

/// Reads a command line.
pub(crate) fn command(world: &World, command: &str) -> Result<Command, String> {
    let mut line = Line::new(words(command).into_iter().skip(1));
    // Flags can stand before the verb: `kubectl -n longhorn-system patch ...`.
    let verb = if line.named.is_empty() { String::new() } else { line.named.remove(0) };
    let write = |key, body, patch| Write { key, subresource: None, body, patch: Some(patch) };
    match verb.as_str() {
        "delete" => delete(world, &line).map(Command::Requests),
        "create" => match line.named.as_slice() {
            [kind, name] if matches!(kind.as_str(), "ns" | "namespace") => {
                Ok(Command::Create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})))
            }
            _ => Err(format!("`{command}` is not simulated: only namespaces are created so")),
        },
        "patch" => {
            let patch = line.flag(&["-p", "--patch"]).unwrap_or("{}");
            let body: Value = serde_json::from_str(patch).map_err(|error| error.to_string())?;
            // kubectl patches strategically unless it is told otherwise.
            let kind = PatchType::named(line.flag(&["--type"]).or(Some("strategic")), &body);
            let subresource = match line.flag(&["--subresource"]) {
                Some("status") => Some("status"),
                Some("scale") => Some("scale"),
                _ => None,
            };
            let (keys, _) = line.objects(world, Some(1))?;
            let write = |key| Write { subresource, ..write(key, body.clone(), kind) };
            Ok(Command::Writes(keys.into_iter().map(write).collect()))
        }
        "label" | "annotate" => {
            let (keys, changes) = line.objects(world, Some(1))?;
            let field = if verb == "label" { "labels" } else { "annotations" };
            let mut body = json!({"metadata": {}});
            for change in &changes {
                match change.split_once('=') {
                    Some((name, value)) => body["metadata"][field][name] = value.into(),
                    None => body["metadata"][field][change.trim_end_matches('-')] = Value::Null,
                }
            }
            Ok(Command::Writes(keys.into_iter().map(|key| write(key, body.clone(), PatchType::Merge)).collect()))
        }
        "scale" => {
            let replicas: u32 =
                line.flag(&["--replicas"]).and_then(|n| n.parse().ok()).ok_or("it names no replicas")?;
            let body = json!({"spec": {"replicas": replicas}});
            let (keys, _) = line.objects(world, None)?;
            let write = |key| Write { subresource: Some("scale"), ..write(key, body.clone(), PatchType::Merge) };
            Ok(Command::Writes(keys.into_iter().map(write).collect()))
        }
        _ => Err(format!(
            "`{command}` is not simulated: of kubectl's commands delete, patch, label, annotate, scale, and create namespace are"
        )),
    }
}

/// `kubectl delete` always sends a policy: background, unless it is told otherwise (rule A5).
fn delete(world: &World, line: &Line) -> Result<Vec<Request>, String> {
    let policy = match line.flag(&["--cascade"]) {
        Some("foreground") => Propagation::Foreground,
        Some("orphan" | "false") => Propagation::Orphan,
        _ => Propagation::Background,
    };
    let period = line.flag(&["--grace-period"]).and_then(|value| value.parse().ok());
    let grace_seconds = line.flag(&["--now"]).map_or(period, |_| Some(1));
    let (keys, _) = line.objects(world, None)?;
    let request = |key| Request::new(key, None, Verb::Delete { policy: Some(policy), grace_seconds });
    Ok(keys.into_iter().map(request).collect())
}

/// Splits a command line at spaces, but not inside quotes.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether kubectl takes a word for a kind: its name, plural or short name, with the group or without.
fn answers_to(kind: Kind, word: &str) -> bool {
    const SHORT: [(&str, &str); 16] = [
        ("cm", "ConfigMap"),
        ("crd", "CustomResourceDefinition"),
        ("deploy", "Deployment"),
        ("ds", "DaemonSet"),
        ("ep", "Endpoints"),
        ("ns", "Namespace"),
        ("no", "Node"),
        ("po", "Pod"),
        ("pv", "PersistentVolume"),
        ("pvc", "PersistentVolumeClaim"),
        ("rc", "ReplicationController"),
        ("rs", "ReplicaSet"),
        ("sa", "ServiceAccount"),
        ("sts", "StatefulSet"),
        ("svc", "Service"),
        ("cj", "CronJob"),
    ];
    let (word, group) = word.split_once('.').map_or((word, None), |(word, group)| (word, Some(group)));
    let singular = kind.kind.as_str().to_lowercase();
    let word = word.to_lowercase();
    let short = SHORT.iter().any(|(short, long)| *short == word && *long == kind.kind.as_str());
    let plural = word == format!("{singular}s")
        || word == format!("{singular}es")
        || Some(&*word) == singular.strip_suffix('y').map(|stem| format!("{stem}ies")).as_deref();
    group.is_none_or(|group| group == kind.group.as_str()) && (short || plural || word == singular)
}
