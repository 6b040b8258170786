//! What was read of a world, recorded when asked.
//!
//! A controller is a pure function of the world, so that what it does about an object can change only when a cell that it read is
//! written. [`of`] records the cells; the accessors of [`World`](crate::World) name them, one line each. [`Change::cells`] says which
//! cells a write writes. What is settled for a whole run, such as the profile, is no cell: nobody writes it.

use std::cell::{Cell as Flag, RefCell};
use std::hash::{BuildHasher, BuildHasherDefault};

use crate::name::Stable;
use crate::{Change, Key, Kind, Name, Object};

/// A part of a world that can be read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// What stands at a key, and whether anything ever did.
    Object(Key),
    /// The object with a uid, and whether there ever was one.
    Uid(Name),
    /// The objects with an owner reference to this uid.
    Dependents(Name),
    /// The objects of a kind.
    Kind(Kind),
    /// The objects of a kind that are on a node, or part of a volume of Longhorn's.
    Node(Kind, Name),
    /// The pods with an IP address.
    Address(Name),
    /// The objects in a namespace.
    Namespace(Name),
    /// Whether the garbage collector has queued the object with a uid, or taken it to wait for its dependents.
    Queue(Name),
    /// Where the garbage collector believes the object with a uid to be, or to be absent.
    Belief(Name),
    /// All objects.
    All,
}

impl Cell {
    /// A hash that is the same on every machine.
    pub(crate) fn code(self) -> u64 {
        BuildHasherDefault::<Stable>::default().hash_one(self)
    }
}

/// The cells that were read, sorted, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footprint(Vec<Cell>);

impl Footprint {
    /// The cells.
    pub fn cells(&self) -> &[Cell] {
        &self.0
    }
}

thread_local! {
    static RECORDING: Flag<bool> = const { Flag::new(false) };
    static READ: RefCell<Vec<Cell>> = const { RefCell::new(Vec::new()) };
    /// The uids whose dependents were only counted, while that is told apart from reading them.
    static COUNTED: RefCell<Option<Vec<Name>>> = const { RefCell::new(None) };
}

/// Calls `read` and gives what it gave, with the cells that it read on this thread. Within another recording, that one has them, too.
pub fn of<T>(read: impl FnOnce() -> T) -> (T, Footprint) {
    let mut cells = Vec::new();
    let value = each(read, |read| cells.extend_from_slice(read));
    cells.sort_unstable();
    cells.dedup();
    (value, Footprint(cells))
}

/// The same, with the cells as they were read: in no order, and some more than once.
pub(crate) fn each<T>(read: impl FnOnce() -> T, cells: impl FnOnce(&[Cell])) -> T {
    let outer = RECORDING.replace(true);
    let start = READ.with_borrow(Vec::len);
    let value = read();
    RECORDING.set(outer);
    READ.with_borrow_mut(|all| {
        cells(&all[start..]);
        if !outer {
            all.clear();
        }
    });
    value
}

/// Calls `read` without recording what it reads, for what no outcome depends on.
pub(crate) fn unrecorded<T>(read: impl FnOnce() -> T) -> T {
    let recording = RECORDING.replace(false);
    let value = read();
    RECORDING.set(recording);
    value
}

/// Like [`each`], for whoever must know the cells of queues, too, that are read only to see whether a write changes them. Of what is
/// read of dependents where they are only counted ([`counted`]), it gives the uids of their owners instead.
pub(crate) fn exactly<T>(read: impl FnOnce() -> T, cells: impl FnOnce(&[Cell])) -> (T, Vec<Name>) {
    COUNTED.set(Some(Vec::new()));
    let value = each(read, cells);
    (value, COUNTED.take().unwrap_or_default())
}

/// Reads how many dependents a uid has, how many of them block their owner, and which of those are neither queued nor wait.
pub(crate) fn counted<T>(uid: Name, read: impl FnOnce() -> T) -> T {
    match COUNTED.with_borrow_mut(|counted| counted.as_mut().map(|counted| counted.push(uid))) {
        Some(()) => unrecorded(read),
        None => read(),
    }
}

/// Notes that a cell is read to see whether a write changes it, while somebody records exactly.
pub(crate) fn reads_to_write(cell: Cell) {
    if COUNTED.with_borrow(Option::is_some) {
        reads(cell);
    }
}

/// Notes that a cell is read, while somebody records.
#[inline]
pub(crate) fn reads(cell: Cell) {
    if RECORDING.get() {
        READ.with_borrow_mut(|cells| cells.push(cell));
    }
}

impl Change {
    /// The cells that this change writes: those of the object as it was, and as it is.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        let objects = self.before.iter().chain(&self.after);
        self.place().into_iter().chain(objects.flat_map(|object| cells_of(object)))
    }

    /// Those of where it stands.
    pub(crate) fn place(&self) -> [Cell; 4] {
        let Key { kind, namespace, .. } = self.key;
        [Cell::All, Cell::Object(self.key), Cell::Kind(kind), Cell::Namespace(namespace)]
    }
}

/// The cells in which an object is for what it is, wherever it stands.
pub(crate) fn cells_of(object: &Object) -> impl Iterator<Item = Cell> {
    let owners = object.owners.iter().map(|owner| Cell::Dependents(owner.uid));
    let node = object.facet.group().map(|group| Cell::Node(object.key.kind, group));
    let address = object.facet.address().map(Cell::Address);
    owners.chain([Cell::Uid(object.uid)]).chain(node).chain(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{World, controllers, fixture};

    /// What the controllers read about the object at a key, as text.
    fn read(world: &World, key: Key) -> String {
        let object = world.find(key).expect("the object is there");
        let ((), footprint) = of(|| {
            let of_kind = controllers().iter().filter(|it| it.kind().is_none_or(|kind| kind == key.kind));
            for controller in of_kind.filter(|controller| controller.handles(world, object)) {
                controller.process(world, object);
                controller.reconcile(world, object);
            }
        });
        let line = |cell: &Cell| match cell {
            Cell::Object(key) => format!("object {key}"),
            Cell::Uid(uid) => format!("uid {uid}"),
            Cell::Dependents(uid) => format!("dependents of {uid}"),
            Cell::Kind(kind) => format!("kind {}", kind.kind),
            Cell::Node(kind, node) => format!("kind {} on {node}", kind.kind),
            Cell::Address(ip) => format!("address {ip}"),
            Cell::Namespace(namespace) => format!("namespace {namespace}"),
            Cell::Queue(uid) => format!("queue {uid}"),
            Cell::Belief(uid) => format!("belief {uid}"),
            Cell::All => "all".to_owned(),
        };
        footprint.cells().iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_cells_that_are_read_are_recorded() {
        let text = "ConfigMap/a/owner deleting fin=foregroundDeletion\nConfigMap/a/it owner=ConfigMap/owner!\n\
                    Namespace/a deleting fin=kubernetes";
        let world = fixture::parse(text).expect("the world can be read");
        let read = |uid: &str| read(&world, world.by_uid(uid.into()).expect("the object is there").key);
        let owner = "object ConfigMap a/owner\nuid ConfigMap/a/owner\ndependents of ConfigMap/a/owner\n\
                     queue ConfigMap/a/it\nqueue ConfigMap/a/owner";
        assert_eq!(read("ConfigMap/a/owner"), owner);
        // The webhooks are asked about because the collector would delete it.
        let webhooks = "kind MutatingWebhookConfiguration\nkind ValidatingWebhookConfiguration";
        let it = "object ConfigMap a/it\nuid ConfigMap/a/it\nuid ConfigMap/a/owner\ndependents of ConfigMap/a/it";
        let queue = "queue ConfigMap/a/it\nbelief ConfigMap/a/owner";
        assert_eq!(read("ConfigMap/a/it"), format!("{it}\n{webhooks}\n{queue}"));
        // The namespace controller says what is left after its deletes, which are served on a copy.
        let footprint = read("Namespace/a");
        let kinds = format!("{webhooks}\nkind CustomResourceDefinition\nkind APIService\nnamespace a");
        assert!(footprint.contains(&kinds), "{footprint}");
        assert!(of(|| ()).1.cells().is_empty(), "nothing is left over");
    }

    #[test]
    fn an_inner_recording_belongs_to_the_outer_one_too() {
        let world = fixture::parse("ConfigMap/a/x\nConfigMap/a/y").expect("the world can be read");
        let (inner, outer) = of(|| {
            world.knew("ConfigMap/a/x".into());
            of(|| world.knew("ConfigMap/a/y".into())).1
        });
        assert_eq!((inner.cells().len(), outer.cells().len()), (1, 2));
    }
}
