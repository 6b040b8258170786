//! Every object that is or was there, by namespace and kind. It is made once for where a run stands, and filtered with every letter that
//! is typed.

#![expect(clippy::disallowed_types, reason = "the table is only looked up, never walked")]

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use gordian_reconcile::{Key, Kind, Name, Object, ObjectId};

use crate::engine::Document;
use crate::find::Letters;
use crate::messages::Standing;
use crate::scene::standing;
use crate::subject::Subject;

/// The objects of a kind in a namespace.
#[derive(Debug)]
pub struct Listed {
    /// The namespace; empty for what is in none.
    pub namespace: Name,
    /// The kind.
    pub kind: Kind,
    /// The objects, as they were read.
    pub entries: Vec<Entry>,
}

/// An object.
#[derive(Debug)]
pub struct Entry {
    /// Which.
    pub object: Arc<Object>,
    /// What became of it.
    pub standing: Standing,
    /// What its name is written with.
    pub letters: Letters,
}

/// The list of a document, once somebody asked for it. A document is cloned to be changed: the clone has none.
#[derive(Debug, Default)]
pub struct Listing(OnceCell<Vec<Listed>>);

impl Clone for Listing {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Listing {
    /// The list of its document.
    pub fn of(&self, document: &Document) -> &[Listed] {
        self.0.get_or_init(|| listing(document))
    }
}

fn listing(document: &Document) -> Vec<Listed> {
    let (world, first) = (document.world(), document.first_world());
    let stuck: BTreeSet<ObjectId> =
        document.now().stuck.iter().filter_map(|stuck| world.place(stuck.object.key)).collect();
    let anything_broken = world.faults().next().is_some();
    let standing = |id: ObjectId, object: &Object, before: Option<&Object>| {
        let group = object.key.kind.group.as_str();
        let refuses = matches!(group, "admissionregistration.k8s.io" | "apiregistration.k8s.io");
        if object.deleting() {
            if stuck.contains(&id) { Standing::Stuck } else { Standing::Deleting }
        } else if before.is_none_or(|before| before.uid != object.uid) {
            Standing::Created
        } else if refuses || anything_broken {
            standing(document, Subject::Object(object.key))
        } else {
            Standing::Present
        }
    };
    let mut groups: Vec<Listed> = Vec::new();
    let mut places: HashMap<(Name, Kind), usize> = HashMap::new();
    let mut last = usize::MAX;
    let mut add = |object: &Arc<Object>, standing| {
        let Key { namespace, kind, .. } = object.key;
        // What was read together is mostly of one kind.
        if groups.get(last).is_none_or(|group| group.namespace != namespace || group.kind != kind) {
            last = *places.entry((namespace, kind)).or_insert_with(|| {
                groups.push(Listed { namespace, kind, entries: Vec::new() });
                groups.len() - 1
            });
        }
        let letters = Letters::of(object.key.name.as_str());
        groups[last].entries.push(Entry { object: Arc::clone(object), standing, letters });
    };
    // Both go by place, and worlds of one run have an object in one place: so they are walked side by side.
    let mut earlier = first.objects().peekable();
    let mut gone = Vec::new();
    for (id, object) in world.objects() {
        while let Some((_, object)) = earlier.next_if(|&(before, _)| before < id) {
            gone.push(object);
        }
        let beside = earlier.next_if(|&(before, _)| before == id).map(|(_, before)| before);
        let before = match beside {
            Some(before) if before.key == object.key => Some(before),
            other => {
                gone.extend(other);
                first.find(object.key)
            }
        };
        add(object, standing(id, object, before.map(AsRef::as_ref)));
    }
    gone.extend(earlier.map(|(_, object)| object));
    for object in gone {
        if world.find(object.key).is_none() {
            add(object, Standing::Gone);
        }
    }
    groups
}
