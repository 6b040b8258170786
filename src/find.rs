//! Finds objects by what a person writes: words that fit a kind, a name, a namespace or a uid, `key:value`, and kubectl's own forms.
//!
//! All words must hold. A word may fit loosely, letter by letter; but what fits so is found only where nothing fits better.

mod fuzzy;
mod names;
mod query;
#[cfg(test)]
mod tests;

use std::ops::Range;

use gordian_reconcile::{Kind, Name, Object, OwnerReference, entry_for};

pub use fuzzy::{Letters, Needle, Tier};
pub use names::{By, KindNames};
pub use query::{Complaint, Query};

use crate::messages::Standing;
use query::{Ask, Is, Value};

/// How well an object fits a query.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// Some word fits letter by letter only.
    pub scattered: bool,
    /// Less is better.
    pub rank: u16,
}

/// Where in an object a word fits, the best first.
#[derive(Debug, Clone, Copy)]
enum Field {
    Name,
    Kind,
    Namespace,
    Uid,
}

impl Fit {
    fn new(tier: Tier, field: Field) -> Self {
        Self { scattered: tier == Tier::Scattered, rank: tier as u16 * 4 + field as u16 }
    }

    fn and(self, other: Self) -> Self {
        Self { scattered: self.scattered || other.scattered, rank: self.rank.saturating_add(other.rank) }
    }
}

/// A word of a query, and what it means among the objects that are there.
#[derive(Debug)]
enum Meaning<'q> {
    /// A kind or a namespace that fits, or a name that does at least as well as this, or a uid.
    Word {
        needle: &'q Needle,
        kinds: Vec<(Kind, Tier)>,
        namespaces: Vec<(Name, Tier)>,
        least: Tier,
        uid: bool,
    },
    Kinds(Vec<(Kind, Tier)>),
    Namespaces(Vec<(Name, Tier)>),
    /// Kinds or namespaces that stand before the slash, and a name.
    Of(Vec<Kind>, Vec<Name>, &'q Needle),
    Name(&'q Needle),
    Uid(&'q str),
    Finalizers(Vec<(Name, Tier)>),
    Controller {
        kind: Option<&'q str>,
        name: Needle,
        finalizers: Vec<Name>,
    },
    Label(&'q str, &'q Value),
    Is(Is),
    Noted,
    Nothing,
}

/// A query, and what its words mean among the objects that are there.
#[derive(Debug)]
pub struct Search<'q> {
    names: &'q KindNames,
    /// Whether a word is negated, and what it means.
    terms: Vec<(bool, Meaning<'q>)>,
}

/// What a query says of all objects of a kind in a namespace: of each word how well it fits them all, or that each must be asked.
#[derive(Debug)]
pub struct OfGroup(Vec<Known>);

/// What is known of one word.
#[derive(Debug)]
enum Known {
    /// It fits them all, and as well.
    All(Fit),
    /// Each must be asked; what is here fits them all, but some may fit better.
    Each(Option<Fit>),
}

impl<'q> Search<'q> {
    /// Prepares a query for the objects that are there.
    pub fn new<'o>(
        query: &'q Query,
        names: &'q KindNames,
        kinds: &[Kind],
        namespaces: &[Name],
        objects: impl Iterator<Item = &'o Object> + Clone,
    ) -> Self {
        let asks_finalizers = |ask: &Ask| matches!(ask, Ask::Finalizer(_) | Ask::Controller(_));
        let mut finalizers: Vec<Name> = Vec::new();
        if query.terms.iter().any(|term| asks_finalizers(&term.ask)) {
            for &finalizer in objects.flat_map(|object| &object.finalizers) {
                if !finalizers.contains(&finalizer) {
                    finalizers.push(finalizer);
                }
            }
        }
        let kinds_like = |needle: &Needle| best(kinds, |kind| kind_tier(names, needle, kind));
        let meaning = |ask: &'q Ask| match ask {
            Ask::Word(needle) => {
                let by =
                    kinds.iter().filter_map(|&kind| names.means(needle.text(), kind)).max_by_key(|by| *by == By::Short);
                let least = match by {
                    Some(By::Short) => Tier::Exact,
                    Some(By::Full) => Tier::Boundary,
                    None => Tier::Scattered,
                };
                let is_uid = |text: &str| text.len() > 5 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
                Meaning::Word {
                    needle,
                    kinds: kinds_like(needle).into_iter().filter(|(_, tier)| *tier < Tier::Scattered).collect(),
                    namespaces: near(namespaces, |name| {
                        needle.tier(name.as_str()).filter(|tier| *tier <= least.min(Tier::Inside))
                    }),
                    least,
                    uid: is_uid(needle.text()),
                }
            }
            Ask::Of(of, name) => {
                let meant = kinds.iter().copied().filter(|&kind| names.means(of, kind).is_some()).collect();
                let within = namespaces.iter().copied().filter(|name| name.as_str().eq_ignore_ascii_case(of)).collect();
                Meaning::Of(meant, within, name)
            }
            Ask::Kind(needles) => Meaning::Kinds(needles.iter().flat_map(kinds_like).collect()),
            Ask::Namespace(needle) => Meaning::Namespaces(best(namespaces, |name| needle.tier(name.as_str()))),
            Ask::Name(needle) => Meaning::Name(needle),
            Ask::Uid(uid) => Meaning::Uid(uid),
            Ask::Finalizer(needle) => Meaning::Finalizers(best(&finalizers, |name| needle.tier(name.as_str()))),
            Ask::Controller(text) => {
                let (kind, name) =
                    text.split_once('/').map_or((None, text.as_str()), |(kind, name)| (Some(kind), name));
                let whole = Needle::new(text, true);
                let runs = |finalizer: &Name| {
                    entry_for(finalizer.as_str()).is_some_and(|e| whole.tier(&e.controller).is_some())
                };
                let finalizers = finalizers.iter().copied().filter(runs).collect();
                Meaning::Controller { kind, name: Needle::new(name, true), finalizers }
            }
            Ask::Label(key, value) => Meaning::Label(key, value),
            Ask::Is(is) => Meaning::Is(*is),
            Ask::Noted => Meaning::Noted,
            Ask::Nothing => Meaning::Nothing,
        };
        let terms = query.terms.iter().map(|term| (term.negated, meaning(&term.ask))).collect();
        Self { names, terms }
    }

    /// What can be said of a kind in a namespace at once; `None` where no object of it can fit.
    pub fn group(&self, namespace: Name, kind: Kind) -> Option<OfGroup> {
        let known = self.terms.iter().map(|(negated, meaning)| {
            let (fit, each) = meaning.of_group(namespace, kind);
            match (negated, fit) {
                (true, Some(fit)) if !fit.scattered => None,
                (true, _) if !each => Some(Known::All(Fit::default())),
                (false, _) if !each => fit.map(Known::All),
                _ => Some(Known::Each(fit)),
            }
        });
        known.collect::<Option<Vec<_>>>().map(OfGroup)
    }

    /// How well an object of a group fits.
    pub fn object(
        &self,
        group: &OfGroup,
        (object, letters): (&Object, Letters),
        standing: Standing,
        noted: bool,
    ) -> Option<Fit> {
        let mut whole = Fit::default();
        for ((negated, meaning), known) in self.terms.iter().zip(&group.0) {
            let fit = match known {
                Known::All(fit) => Some(*fit),
                Known::Each(fit) => {
                    let fit = match meaning {
                        Meaning::Noted => noted.then(Fit::default),
                        meaning => meaning.of_object(self.names, *fit, (object, letters), standing),
                    };
                    match negated {
                        true => fit.is_none_or(|fit| fit.scattered).then(Fit::default),
                        false => fit,
                    }
                }
            };
            whole = whole.and(fit?);
        }
        Some(whole)
    }

    /// In how many pieces the words stand in a name that they fit letter by letter.
    pub fn pieces(&self, name: &str) -> usize {
        self.needles().map(|(needle, _)| needle.pieces(name)).sum()
    }

    /// Where the words stand in a name, in bytes, in order and apart.
    pub fn marks(&self, name: &str) -> Vec<Range<usize>> {
        let fitting = self.needles().filter(|(needle, least)| needle.tier(name).is_some_and(|tier| tier <= *least));
        joined(fitting.flat_map(|(needle, _)| needle.marks(name)).collect())
    }

    /// Where the words stand in the name of a kind, if that is among those that are found by it.
    pub fn kind_marks(&self, kind: Kind) -> Vec<Range<usize>> {
        let marks = self.terms.iter().filter(|(negated, _)| !negated).flat_map(|(_, meaning)| match meaning {
            Meaning::Word { needle, kinds, .. } if kinds.iter().any(|(k, _)| *k == kind) => {
                needle.marks(kind.kind.as_str())
            }
            _ => Vec::new(),
        });
        joined(marks.collect())
    }

    /// The same of a namespace.
    pub fn namespace_marks(&self, namespace: Name) -> Vec<Range<usize>> {
        let marks = self.terms.iter().filter(|(negated, _)| !negated).flat_map(|(_, meaning)| match meaning {
            Meaning::Word { needle, namespaces, .. } if namespaces.iter().any(|(n, _)| *n == namespace) => {
                needle.marks(namespace.as_str())
            }
            _ => Vec::new(),
        });
        joined(marks.collect())
    }

    /// What is looked for in names, and how well it must fit.
    fn needles(&self) -> impl Iterator<Item = (&'q Needle, Tier)> {
        self.terms.iter().filter(|(negated, _)| !negated).filter_map(|(_, meaning)| match meaning {
            Meaning::Word { needle, least, .. } => Some((*needle, *least)),
            Meaning::Of(_, _, needle) | Meaning::Name(needle) => Some((*needle, Tier::Scattered)),
            _ => None,
        })
    }
}

impl Meaning<'_> {
    /// How well all objects of a kind in a namespace fit, and whether each of them must be asked.
    fn of_group(&self, namespace: Name, kind: Kind) -> (Option<Fit>, bool) {
        let tier_of = |kinds: &[(Kind, Tier)]| {
            kinds.iter().find(|(k, _)| *k == kind).map(|&(_, tier)| Fit::new(tier, Field::Kind))
        };
        let within = |names: &[(Name, Tier)]| {
            names.iter().find(|(n, _)| *n == namespace).map(|&(_, tier)| Fit::new(tier, Field::Namespace))
        };
        match self {
            Self::Word { kinds, namespaces, .. } => (tier_of(kinds).or_else(|| within(namespaces)), true),
            Self::Kinds(kinds) => (tier_of(kinds), false),
            Self::Namespaces(namespaces) => (within(namespaces), false),
            Self::Of(kinds, namespaces, _) => (None, kinds.contains(&kind) || namespaces.contains(&namespace)),
            Self::Nothing => (None, false),
            _ => (None, true),
        }
    }

    /// How well an object fits, where all of its group fit as well as this.
    fn of_object(
        &self,
        names: &KindNames,
        group: Option<Fit>,
        (object, letters): (&Object, Letters),
        standing: Standing,
    ) -> Option<Fit> {
        // Most names lack a letter of what is looked for, and need not be read.
        let tier = |needle: &Needle| letters.hold(needle).then(|| needle.tier(object.key.name.as_str())).flatten();
        match self {
            Self::Word { needle, least, uid, .. } => {
                let name = tier(needle).filter(|tier| tier <= least);
                let by_uid = *uid && object.uid.as_str().starts_with(needle.text());
                let of_uid = by_uid.then(|| Fit::new(Tier::Prefix, Field::Uid));
                let fits = [name.map(|tier| Fit::new(tier, Field::Name)), group, of_uid];
                fits.into_iter().flatten().min()
            }
            Self::Of(_, _, needle) | Self::Name(needle) => tier(needle).map(|tier| Fit::new(tier, Field::Name)),
            Self::Uid(uid) => object.uid.as_str().starts_with(*uid).then(Fit::default),
            Self::Finalizers(wanted) => {
                let tier = |finalizer| wanted.iter().find(|(name, _)| *name == finalizer).map(|&(_, tier)| tier);
                let tier = object.finalizers.iter().filter_map(|&finalizer| tier(finalizer)).min()?;
                Some(Fit::new(tier, Field::Name))
            }
            Self::Controller { kind, name, finalizers } => {
                let owns = |owner: &&OwnerReference| {
                    let by_name = || name.tier(owner.name.as_str());
                    owner.controller
                        && match kind {
                            Some(kind) => names.means(kind, owner.kind()).is_some() && by_name().is_some(),
                            None => by_name().is_some() || names.means(name.text(), owner.kind()).is_some(),
                        }
                };
                let does = object.finalizers.iter().any(|finalizer| finalizers.contains(finalizer));
                (does || object.owners.iter().find(owns).is_some()).then(Fit::default)
            }
            Self::Label(key, value) => {
                let named = |name: &str| name == *key || name.rsplit_once('/').is_some_and(|(_, end)| end == *key);
                let mut values = object.labels.iter().filter(|(name, _)| named(name.as_str())).map(|(_, value)| value);
                let holds = match value {
                    Value::Any => values.next().is_some(),
                    Value::Is(wanted) => values.any(|value| value.as_str() == wanted),
                    Value::IsNot(other) => values.all(|value| value.as_str() != other),
                };
                holds.then(Fit::default)
            }
            Self::Is(is) => {
                let holds = match is {
                    Is::Stuck => standing == Standing::Stuck,
                    Is::Terminating => matches!(standing, Standing::Stuck | Standing::Deleting),
                    Is::Gone => standing == Standing::Gone,
                    Is::New => standing == Standing::Created,
                };
                holds.then(Fit::default)
            }
            Self::Kinds(_) | Self::Namespaces(_) | Self::Noted | Self::Nothing => None,
        }
    }
}

/// How well a word fits a kind: it is one of its names, or is like its kind.
fn kind_tier(names: &KindNames, needle: &Needle, kind: Kind) -> Option<Tier> {
    names
        .means(needle.text(), kind)
        .map(|_| Tier::Exact)
        .or_else(|| needle.tier(kind.kind.as_str()).map(|tier| tier.max(Tier::Prefix)))
}

/// What fits, with how well: alone what fits exactly, if anything does; and letter by letter only where nothing fits better.
fn best<T: Copy>(all: &[T], tier: impl Fn(T) -> Option<Tier>) -> Vec<(T, Tier)> {
    let mut fit = near(all, tier);
    let best = fit.iter().map(|&(_, tier)| tier).min();
    fit.retain(|&(_, tier)| match best {
        Some(Tier::Exact) => tier == Tier::Exact,
        Some(Tier::Scattered) | None => true,
        Some(_) => tier < Tier::Scattered,
    });
    fit
}

/// What fits, with how well.
fn near<T: Copy>(all: &[T], tier: impl Fn(T) -> Option<Tier>) -> Vec<(T, Tier)> {
    all.iter().filter_map(|&one| Some((one, tier(one)?))).collect()
}

/// Stretches in order, those that touch made one.
fn joined(mut marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    marks.sort_unstable_by_key(|mark| mark.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match apart.last_mut().filter(|last| last.end >= mark.start) {
            Some(last) => last.end = last.end.max(mark.end),
            None => apart.push(mark),
        }
    }
    apart
}
