//! Owner references, with what is wrong with each, and who refers to the object in turn.

use std::collections::BTreeSet;

use gordian_reconcile::{Key, Name, Object, OwnerReference, Rule, World};
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::messages::{Flaw, Language, Standing};
use crate::scene::standing;
use crate::subject::Subject;

/// An owner reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// `name`.
    pub name: String,
    /// `kind`.
    pub kind: String,
    /// `uid`.
    pub uid: String,
    /// The object to look at: the owner itself, or the one that has its name now.
    pub key: Option<Key>,
    /// What became of the owner, if it is there.
    pub standing: Option<Standing>,
    /// `controller`.
    pub controller: bool,
    /// `blockOwnerDeletion`.
    pub blocks: bool,
    /// What is wrong with the reference.
    pub defects: Vec<Defect>,
}

/// What is wrong with an owner reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// The sentence.
    pub sentence: String,
    /// The rule by which it counts.
    pub rule: Option<String>,
    /// It is only not known whether anything is wrong.
    pub unknown: bool,
}

/// Who names an object as an owner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependents {
    /// The first of them: those that block, and among these those that are stuck, before the others.
    pub first: Vec<Dependent>,
    /// How many there are.
    pub of: usize,
    /// How many of them block.
    pub blocking: usize,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependent {
    /// Which.
    pub key: Key,
    /// Whether its reference blocks the deletion of the owner.
    pub blocks: bool,
    /// What became of it.
    pub standing: Standing,
}

/// As many dependents are told.
const MOST: usize = 60;

/// The references of an object, in order.
pub(super) fn owners(document: &Document, object: &Object, language: Language) -> Vec<Owner> {
    let world = document.world();
    let owner = |(index, reference): (usize, &OwnerReference)| {
        let found = world.by_uid(reference.uid).map(|owner| owner.key);
        let key = found.or_else(|| named(world, object, reference));
        let defect = |flaw: Flaw| Defect {
            sentence: language.of_objects().flaw(&flaw),
            rule: rule(&flaw).map(|rule| rule.0.to_owned()),
            unknown: flaw == Flaw::Unknown,
        };
        Owner {
            name: reference.name.to_string(),
            kind: reference.kind.to_string(),
            uid: reference.uid.to_string(),
            key,
            standing: found.map(|key| standing(document, Subject::Object(key))),
            controller: reference.controller,
            blocks: reference.block,
            defects: flaws(world, object, index, reference).into_iter().map(defect).collect(),
        }
    };
    object.owners.iter().enumerate().map(owner).collect()
}

/// The object that has the owner's kind and name where the garbage collector looks it up: in the dependent's namespace, or at
/// cluster scope.
fn named(world: &World, object: &Object, reference: &OwnerReference) -> Option<Key> {
    let places = [object.key.namespace, Name::default()];
    let keys = places.map(|namespace| Key::new(reference.kind(), namespace, reference.name));
    keys.into_iter().find(|key| world.find(*key).is_some())
}

fn flaws(world: &World, object: &Object, index: usize, reference: &OwnerReference) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let found = world.by_uid(reference.uid);
    let alone = |namespace: Name| {
        let key = Key { namespace, ..object.key };
        let alone = Object { key, owners: vec![*reference], ..object.clone() };
        world.unresolvable_owner(&alone).is_some()
    };
    if reference.uid == object.uid {
        flaws.push(Flaw::Itself);
    } else if alone(object.key.namespace) {
        // In a namespace it could be resolved: then it is the scope that keeps it from that.
        let in_a_namespace = object.key.namespace.is_empty() && !alone(Name::new("default"));
        flaws.push(match in_a_namespace {
            true => Flaw::Namespaced,
            false => {
                Flaw::Unserved { api_version: reference.api_version.to_string(), kind: reference.kind.to_string() }
            }
        });
    } else if let Some(owner) = found {
        let elsewhere = !owner.key.namespace.is_empty() && owner.key.namespace != object.key.namespace;
        if owner.key.kind != reference.kind() || owner.key.name != reference.name {
            flaws.push(Flaw::OtherObject { kind: owner.key.kind.kind.to_string(), name: owner.key.name.to_string() });
        } else if elsewhere {
            flaws.push(Flaw::OtherNamespace(owner.key.namespace.to_string()));
        }
    } else if named(world, object, reference).is_some() {
        flaws.push(Flaw::OtherUid);
    } else if world.lists(reference.kind()) || world.knew(reference.uid) {
        flaws.push(Flaw::Absent);
    } else {
        flaws.push(Flaw::Unknown);
    }
    if object.owners.iter().enumerate().any(|(other, owner)| other != index && owner.uid == reference.uid) {
        flaws.push(Flaw::Duplicate);
    }
    if reference.uid != object.uid && leads_back(world, object.uid, reference.uid) {
        flaws.push(Flaw::Ring);
    }
    flaws
}

/// Whether the owners of an owner lead back to where the way began.
fn leads_back(world: &World, to: Name, from: Name) -> bool {
    let (mut seen, mut next) = (BTreeSet::from([from]), vec![from]);
    while let Some(uid) = next.pop() {
        let owners = world.by_uid(uid).into_iter().flat_map(|object| &object.owners);
        for owner in owners.map(|owner| owner.uid) {
            if owner == to {
                return true;
            }
            if seen.insert(owner) {
                next.push(owner);
            }
        }
    }
    false
}

/// The rule by which a flaw counts.
fn rule(flaw: &Flaw) -> Option<Rule> {
    match flaw {
        Flaw::Absent
        | Flaw::OtherUid
        | Flaw::OtherObject { .. }
        | Flaw::OtherNamespace(_)
        | Flaw::Namespaced
        | Flaw::Unserved { .. } => Some(Rule::D4),
        Flaw::Itself => Some(Rule::E4),
        Flaw::Ring => Some(Rule::D6),
        Flaw::Duplicate => Some(Rule::C1),
        Flaw::Unknown => None,
    }
}

/// Who names an object as an owner.
pub(super) fn dependents(document: &Document, object: &Object) -> Dependents {
    let world = document.world();
    let all = world.dependents(object.uid).map(|(_, dependent)| (!dependent.blocks(object.uid), dependent.key));
    let mut all: Vec<(bool, Key)> = all.collect();
    all.sort_unstable();
    let blocking = all.iter().filter(|(behind, _)| !behind).count();
    let told = |&(behind, key): &(bool, Key)| Dependent {
        key,
        blocks: !behind,
        standing: standing(document, Subject::Object(key)),
    };
    let mut first: Vec<Dependent> = all.iter().take(MOST).map(told).collect();
    first.sort_by_key(|dependent| (!dependent.blocks, dependent.standing != Standing::Stuck));
    Dependents { first, of: all.len(), blocking }
}
