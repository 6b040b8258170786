//! What the list of objects shows: namespaces, the kinds in them, and of each kind so many rows as are asked for.
//!
//! Of what is closed, or not asked for, only numbers are in the model: a dump of fifty thousand objects costs little to send and to
//! draw.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use gordian_reconcile::{Key, Kind, Name, Object};
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::find::{Complaint, Fit, Query, Search};
use crate::listing::{self, Listed};
use crate::messages::Standing;
use crate::subject::Subject;

/// As many rows of a kind are shown at first, and as many more each time.
pub const MOST: usize = 100;
/// As many rows are shown before anybody opens anything.
const UNASKED: usize = 200;

/// What a person opened and closed, and of which kinds more rows are asked for, by the ids of namespaces and kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Opened, or closed.
    pub turned: BTreeMap<String, bool>,
    /// How many rows.
    pub rows: BTreeMap<String, usize>,
}

impl Asked {
    /// The same, with a namespace or a kind opened or closed.
    pub fn turned_to(&self, id: &str, open: bool) -> Self {
        let mut next = self.clone();
        next.turned.insert(id.to_owned(), open);
        next
    }

    /// The same, with so many rows of a kind.
    pub fn with_rows(&self, id: &str, rows: usize) -> Self {
        let mut next = self.clone();
        next.rows.insert(id.to_owned(), rows);
        next
    }

    /// The same, with what a subject is in no longer closed; `None` where it is not.
    pub fn showing(&self, subject: Subject) -> Option<Self> {
        let key = subject.key()?;
        let mut next = self.clone();
        let ids = [namespace_id(key.namespace), kind_id(key.namespace, key.kind)];
        let closed = ids.map(|id| next.turned.get(&id) == Some(&false) && next.turned.remove(&id).is_some());
        closed.contains(&true).then_some(next)
    }
}

fn namespace_id(namespace: Name) -> String {
    format!("{namespace}/")
}

fn kind_id(namespace: Name, kind: Kind) -> String {
    format!("{namespace}/{}.{}", kind.kind, kind.group)
}

/// The list of objects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// The namespaces: those of what fits best first, else by name. What is cluster-scoped stands in one without a name.
    pub namespaces: Vec<Namespace>,
    /// How many objects there are, those that are gone included.
    pub objects: usize,
    /// What the filter found; `None` where there is none.
    pub found: Option<Found>,
    /// Whether there is a note about any of them.
    pub noted: bool,
}

impl Tree {
    /// How many rows are in it.
    pub fn rows(&self) -> usize {
        let kinds = self.namespaces.iter().flat_map(|namespace| &namespace.kinds);
        kinds.map(|kind| kind.rows.len() + usize::from(kind.later.is_some())).sum()
    }
}

/// What a filter found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// How many objects.
    pub count: usize,
    /// The place of the selected one among them, from 1.
    pub at: Option<usize>,
    /// The one after it, or the first one.
    pub next: Option<Key>,
    /// The one before it, or the last one.
    pub previous: Option<Key>,
    /// Why nothing can be found.
    pub complaint: Option<Complaint>,
}

/// The line that opens and closes a part of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// What it is called in [`Asked`].
    pub id: String,
    /// What stands there; empty for what is cluster-scoped.
    pub name: String,
    /// Where the filter stands in the name, in bytes.
    pub marks: Vec<Range<usize>>,
    /// Whether what is in it is shown.
    pub open: bool,
    /// How many objects are in it.
    pub objects: usize,
    /// How many of them are stuck.
    pub stuck: usize,
}

/// A namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Namespace {
    /// Its line.
    pub head: Head,
    /// The kinds in it; none where it is closed.
    pub kinds: Vec<OfKind>,
}

/// The objects of a kind in a namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfKind {
    /// Its line.
    pub head: Head,
    /// The first of them; none where it is closed.
    pub rows: Vec<Row>,
    /// The selected one, where it comes later.
    pub later: Option<Row>,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    pub key: Key,
    /// What became of it.
    pub standing: Standing,
    /// Where the filter stands in its name, in bytes.
    pub marks: Vec<Range<usize>>,
    /// Its place among those of its kind, from 1.
    pub place: usize,
    /// Whether there is a note about it.
    pub noted: bool,
}

/// An object that is to be shown, if it is asked for.
#[derive(Clone, Copy)]
struct Entry<'d> {
    object: &'d Object,
    standing: Standing,
    rank: u16,
}

impl<'d> Entry<'d> {
    fn of(listed: &'d listing::Entry) -> Self {
        Self { object: &listed.object, standing: listed.standing, rank: 0 }
    }

    /// The order in which the objects of a kind are shown.
    fn order(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then_with(|| self.object.key.name.cmp(&other.object.key.name))
    }
}

/// The objects of a kind in a namespace.
struct Group<'d> {
    namespace: Name,
    kind: Kind,
    entries: Vec<Entry<'d>>,
}

impl<'d> Group<'d> {
    fn of(listed: &Listed, entries: Vec<Entry<'d>>) -> Self {
        Self { namespace: listed.namespace, kind: listed.kind, entries }
    }

    fn id(&self) -> String {
        kind_id(self.namespace, self.kind)
    }

    fn stuck(&self) -> usize {
        self.entries.iter().filter(|entry| entry.standing == Standing::Stuck).count()
    }

    fn rank(&self) -> u16 {
        self.entries.iter().map(|entry| entry.rank).min().unwrap_or_default()
    }

    fn first(&self) -> Option<Key> {
        self.entries.iter().min_by(|one, other| one.order(other)).map(|entry| entry.object.key)
    }

    fn last(&self) -> Option<Key> {
        self.entries.iter().max_by(|one, other| one.order(other)).map(|entry| entry.object.key)
    }

    fn entry(&self, key: Key) -> Option<&Entry<'_>> {
        let is_here = key.namespace == self.namespace && key.kind == self.kind;
        self.entries.iter().filter(|_| is_here).find(|entry| entry.object.key == key)
    }
}

/// What the list shows, filtered by what a person writes, with what is selected in view. There is a note about each of what is `noted`.
pub fn tree(
    document: &Document,
    filter: &str,
    selected: Option<Subject>,
    asked: &Asked,
    noted: &BTreeSet<Key>,
) -> Tree {
    let listing = document.listing();
    let objects = listing.iter().map(|group| group.entries.len()).sum();
    let query = Query::read(filter);
    let search = (!query.is_empty()).then(|| {
        let kinds: BTreeSet<Kind> = listing.iter().map(|group| group.kind).collect();
        let namespaces: BTreeSet<Name> =
            listing.iter().map(|group| group.namespace).filter(|name| !name.is_empty()).collect();
        let (kinds, namespaces) = (Vec::from_iter(kinds), Vec::from_iter(namespaces));
        let all = listing.iter().flat_map(|group| group.entries.iter().map(|entry| &*entry.object));
        Search::new(&query, document.kind_names(), &kinds, &namespaces, all)
    });
    let mut groups = search.as_ref().map_or_else(|| all(listing), |search| fitting(listing, search, noted));
    sort(&mut groups);
    let selected = selected.and_then(|subject| subject.key());
    let found = search.is_some().then(|| found(&groups, selected, &query));
    let mut shown = Shown { search: search.as_ref(), asked, selected, noted, room: UNASKED };
    let namespaces = groups.chunk_by(|one, other| one.namespace == other.namespace);
    let namespaces = namespaces.map(|groups| shown.namespace(groups)).collect();
    Tree { namespaces, objects, found, noted: !noted.is_empty() }
}

/// All that is listed.
fn all(listing: &[Listed]) -> Vec<Group<'_>> {
    listing.iter().map(|listed| Group::of(listed, listed.entries.iter().map(Entry::of).collect())).collect()
}

/// What fits; of what fits letter by letter only nothing, where something fits better.
fn fitting<'d>(listing: &'d [Listed], search: &Search, noted: &BTreeSet<Key>) -> Vec<Group<'d>> {
    let (mut better, mut scattered) = (Vec::new(), Vec::new());
    for listed in listing {
        let Some(of_group) = search.group(listed.namespace, listed.kind) else {
            continue;
        };
        let (mut fit, mut loose) = (Vec::new(), Vec::new());
        for one in &listed.entries {
            match search.object(&of_group, (&one.object, one.letters), one.standing, noted.contains(&one.object.key)) {
                Some(Fit { scattered: false, rank }) => fit.push(Entry { rank, ..Entry::of(one) }),
                Some(Fit { scattered: true, rank }) if better.is_empty() => {
                    loose.push(Entry { rank, ..Entry::of(one) })
                }
                _ => {}
            }
        }
        if !fit.is_empty() {
            better.push(Group::of(listed, fit));
        } else if !loose.is_empty() && better.is_empty() {
            scattered.push(Group::of(listed, loose));
        }
    }
    if !better.is_empty() {
        return better;
    }
    for entry in scattered.iter_mut().flat_map(|group| &mut group.entries) {
        let pieces = search.pieces(entry.object.key.name.as_str());
        entry.rank = entry.rank.saturating_add(u16::try_from(4 * pieces).unwrap_or(u16::MAX));
    }
    scattered
}

/// Namespaces beside each other, what fits best first.
fn sort(groups: &mut [Group]) {
    let mut ranks: BTreeMap<Name, u16> = BTreeMap::new();
    for group in groups.iter() {
        let rank = group.rank();
        ranks.entry(group.namespace).and_modify(|best| *best = rank.min(*best)).or_insert(rank);
    }
    groups.sort_by_cached_key(|group| {
        (ranks.get(&group.namespace).copied(), group.namespace, group.rank(), group.kind.kind, group.kind.group)
    });
}

/// Where the selected object stands in what was found, and what is next to it.
fn found(groups: &[Group], selected: Option<Key>, query: &Query) -> Found {
    let count = groups.iter().map(|group| group.entries.len()).sum();
    let here = selected.and_then(|key| groups.iter().enumerate().find_map(|(i, group)| Some((i, group.entry(key)?))));
    let (first, last) = (groups.first().and_then(Group::first), groups.last().and_then(Group::last));
    let complaint = query.complaint(count).cloned();
    let Some((place, here)) = here else {
        return Found { count, at: None, next: first, previous: last, complaint };
    };
    let entries = &groups[place].entries;
    let after = entries.iter().filter(|entry| entry.order(here).is_gt()).min_by(|one, other| one.order(other));
    let before = entries.iter().filter(|entry| entry.order(here).is_lt()).max_by(|one, other| one.order(other));
    let key = |entry: &Entry| entry.object.key;
    let next = after.map(key).or_else(|| groups.get(place + 1)?.first()).or(first);
    let previous = before.map(key).or_else(|| groups.get(place.checked_sub(1)?)?.last()).or(last);
    let earlier: usize = groups[..place].iter().map(|group| group.entries.len()).sum();
    let within = entries.iter().filter(|entry| entry.order(here).is_lt()).count();
    Found { count, at: Some(earlier + within + 1), next, previous, complaint }
}

/// What is shown of the groups.
struct Shown<'s> {
    search: Option<&'s Search<'s>>,
    asked: &'s Asked,
    selected: Option<Key>,
    noted: &'s BTreeSet<Key>,
    /// How many more rows are shown unasked.
    room: usize,
}

impl Shown<'_> {
    fn namespace(&mut self, groups: &[Group]) -> Namespace {
        let name = groups.first().map(|group| group.namespace).unwrap_or_default();
        let id = namespace_id(name);
        let unasked: Vec<bool> = groups.iter().map(|group| self.opens(group)).collect();
        let open = self.asked.turned.get(&id).copied().unwrap_or(unasked.contains(&true));
        let head = Head {
            id,
            name: name.to_string(),
            marks: self.search.map(|search| search.namespace_marks(name)).unwrap_or_default(),
            open,
            objects: groups.iter().map(|group| group.entries.len()).sum(),
            stuck: groups.iter().map(Group::stuck).sum(),
        };
        let kinds = groups.iter().zip(unasked).filter(|_| open);
        Namespace { head, kinds: kinds.map(|(group, unasked)| self.kind(group, unasked)).collect() }
    }

    /// Whether a kind is open before anybody turns it: what is found, stuck or selected is to be seen.
    fn opens(&mut self, group: &Group) -> bool {
        let selected = self.selected.is_some_and(|key| group.entry(key).is_some());
        let wanted = self.search.is_some() || group.stuck() > 0;
        let opens = selected || (wanted && self.room > 0);
        if opens {
            self.room = self.room.saturating_sub(group.entries.len().min(MOST));
        }
        opens
    }

    fn kind(&self, group: &Group, unasked: bool) -> OfKind {
        let id = group.id();
        let open = self.asked.turned.get(&id).copied().unwrap_or(unasked);
        let most = self.asked.rows.get(&id).copied().unwrap_or(MOST).min(group.entries.len());
        let mut entries: Vec<&Entry> = group.entries.iter().filter(|_| open).collect();
        if most < entries.len() {
            entries.select_nth_unstable_by(most, |one, other| one.order(other));
            entries.truncate(most);
        }
        entries.sort_unstable_by(|one, other| one.order(other));
        let rows = entries.iter().zip(1..).map(|(entry, place)| self.row(entry, place)).collect();
        let selected = self.selected.filter(|_| open).and_then(|key| group.entry(key));
        let later = selected.and_then(|entry| {
            let place = group.entries.iter().filter(|other| other.order(entry).is_lt()).count() + 1;
            (place > most).then(|| self.row(entry, place))
        });
        let head = Head {
            id,
            name: group.kind.kind.to_string(),
            marks: self.search.map(|search| search.kind_marks(group.kind)).unwrap_or_default(),
            open,
            objects: group.entries.len(),
            stuck: group.stuck(),
        };
        OfKind { head, rows, later }
    }

    fn row(&self, entry: &Entry, place: usize) -> Row {
        let key = entry.object.key;
        let marks = self.search.map(|search| search.marks(key.name.as_str())).unwrap_or_default();
        Row { key, standing: entry.standing, marks, place, noted: self.noted.contains(&key) }
    }
}
