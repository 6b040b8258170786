//! The snapshot: objects as the API server had them, and what the dump did not cover.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;

use crate::object::group;
use crate::source::{self, Loaded};
use crate::{Metadata, Object, Problem, ProblemKind, Source, problem};

/// What the dump covers. A kind that is not covered is unknown, not absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Kinds of which a whole list was read, as (group, kind): with a single object nothing is said about others of its kind.
    pub kinds: BTreeSet<(String, String)>,
    /// Namespaces of which an object was read.
    pub namespaces: BTreeSet<String>,
}

/// Objects as the API server had them at one moment, and what the dump covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The texts, in the order in which they were added.
    pub sources: Vec<Source>,
    /// The objects, sorted by group, kind, namespace, name and uid.
    pub objects: Vec<Object>,
    /// What the sources cover.
    pub coverage: Coverage,
}

impl Coverage {
    /// Adds listed kinds, as (apiVersion, kind), and the namespaces of objects.
    fn extend(&mut self, listed: Vec<(String, String)>, objects: &[Object]) {
        self.kinds.extend(listed.into_iter().map(|(api_version, kind)| (group(&api_version).to_owned(), kind)));
        for run in objects.chunk_by(|one, other| one.metadata.namespace == other.metadata.namespace) {
            self.namespaces.insert(run[0].metadata.namespace.clone());
        }
        self.namespaces.remove("");
    }
}

impl Snapshot {
    /// Reads one more source. Objects that were read before stay; an object with the same uid (or, where there is none, the
    /// same group, kind, namespace and name) is replaced by the later text. Gives what could not be read; a source with
    /// no object at all is not kept.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Vec<Problem> {
        self.add_watched(name, bytes, &|_| ())
    }

    /// The same; `reached` hears now and then how many bytes of the text were read.
    pub fn add_watched(&mut self, name: &str, bytes: &[u8], reached: &dyn Fn(usize)) -> Vec<Problem> {
        let Loaded { source, objects, listed, mut problems } = source::load(name, bytes, self.sources.len(), reached);
        if objects.is_empty() {
            return problem::place(&source, problems);
        }
        self.sources.push(source);
        self.objects.extend(objects);

        let replaced = replaced(&self.objects);
        for (earlier, later) in self.objects.iter().zip(&replaced) {
            if let Some(later) = later.map(|later| &self.objects[later])
                && self.json(earlier) != self.json(later)
            {
                problems.push((later.start, ProblemKind::Replaced { object: label(later) }));
            }
        }
        let mut kept = replaced.iter().map(Option::is_none);
        self.objects.retain(|_| kept.next() == Some(true));
        self.objects.sort_by(|one, other| one.key().cmp(&other.key()));
        self.coverage.extend(listed, &self.objects);
        problem::place(&self.sources[self.sources.len() - 1], problems)
    }

    /// The object's text as it was loaded.
    pub fn text(&self, object: &Object) -> &str {
        self.sources.get(object.source).and_then(|source| source.text.get(object.text.clone())).unwrap_or_default()
    }

    /// The object as JSON, for [`Snapshot::read`] and for facets of the world.
    pub fn json(&self, object: &Object) -> &str {
        self.sources.get(object.source).and_then(|source| source.json().get(object.json.clone())).unwrap_or_default()
    }

    /// Reads some fields of an object into a type that names just those. `None` when a field has another type than
    /// `T` gives it.
    pub fn read<'a, T: Deserialize<'a>>(&'a self, object: &Object) -> Option<T> {
        serde_json::from_str(self.json(object)).ok()
    }

    /// Where a field stands in the object's source, in bytes: the key and its value. The path's parts are keys of maps, or
    /// indices of arrays written as numbers. `None` when it is not there.
    pub fn locate(&self, object: &Object, path: &[&str]) -> Option<Range<usize>> {
        self.sources.get(object.source)?.locate(object, path)
    }
}

fn label(object: &Object) -> String {
    let Metadata { namespace, name, .. } = &object.metadata;
    let slash = if namespace.is_empty() { "" } else { "/" };
    format!("{} {namespace}{slash}{name}", object.kind)
}

/// For each object, in the order in which they were read, the later one that replaces it.
fn replaced(objects: &[Object]) -> Vec<Option<usize>> {
    let mut replaced = vec![None; objects.len()];
    let (mut by_uid, mut by_name) = (BTreeMap::new(), BTreeMap::new());
    for (later, object) in objects.iter().enumerate() {
        let uid = &object.metadata.uid;
        let same_uid = if uid.is_empty() { None } else { by_uid.insert(uid, later) };
        let (group, kind, namespace, name, _) = object.key();
        let same_name = by_name.insert((group, kind, namespace, name), later);
        // With two uids, the same name is another object: one that was made anew.
        let same_name = same_name.filter(|&earlier| uid.is_empty() || objects[earlier].metadata.uid.is_empty());
        for earlier in same_uid.into_iter().chain(same_name) {
            replaced[earlier].get_or_insert(later);
        }
    }
    replaced
}
