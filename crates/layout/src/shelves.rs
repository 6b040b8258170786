//! Packs what a container holds on shelves, so that streets are left between, and finds the way along them.
//!
//! The tallest come first, as E. G. Coffman, M. R. Garey, D. S. Johnson and R. E. Tarjan, "Performance bounds for level-oriented
//! two-dimensional packing algorithms" (1980), have it: each stands in the last column below another, or opens a column on the
//! last shelf, or opens a shelf. A street runs along every shelf and beside every column, so that there is a way from everywhere to everywhere else.
//!
//! What stood before stays on its shelf and in its column, and gives way to the right and down only.

use crate::extent::Extent;
use crate::sort;

/// How often the width is tried anew to come nearer to the wanted shape.
const TRIES: usize = 4;

/// How far single precision may be off.
pub(crate) const SLACK: f64 = 0.1;

/// Something to be packed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parcel {
    /// What it covers now; afterwards, where it goes.
    pub(crate) extent: Extent,
    /// What it covered in the earlier drawing.
    pub(crate) was: Option<Extent>,
}

/// Where parcels stand.
#[derive(Debug, Default)]
pub(crate) struct Shelves {
    pub(crate) shelves: Vec<Shelf>,
    /// Shelf and column of each parcel.
    pub(crate) spot: Vec<(u32, u32)>,
}

/// A row of columns.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) columns: Vec<Column>,
}

/// Parcels below one another.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) left: f64,
    pub(crate) right: f64,
    bottom: f64,
    parcels: Vec<u32>,
}

impl Shelves {
    /// Packs; the parcels then know where they go.
    pub(crate) fn pack(parcels: &mut [Parcel], aspect: f64, gap: f64) -> Self {
        let old = Self::of_old(parcels, gap);
        let mut new: Vec<u32> =
            (0..).zip(&*parcels).filter(|(_, it)| it.was.is_none()).map(|(index, _)| index).collect();
        sort::by_key(&mut new, |index| !sort::length(parcels[index as usize].extent.height()));
        let area: f64 = parcels.iter().map(|it| (it.extent.width() + gap) * (it.extent.height() + gap)).sum();
        let widest = parcels.iter().fold(0.0, |most: f64, it| most.max(it.extent.width()));
        let mut width = widest.max((area * aspect).sqrt());
        let mut best: Option<(f64, Self, Vec<Extent>)> = None;
        for _ in 0..TRIES {
            let mut shelves =
                Self { shelves: old.iter().map(|columns| Shelf::of_parcels(columns)).collect(), spot: Vec::new() };
            let mut places: Vec<Extent> = parcels.iter().map(|parcel| parcel.extent).collect();
            let wider = shelves.fill(&mut places, parcels, &new, width, gap);
            let mut whole = Extent::EMPTY;
            places.iter().for_each(|place| whole.include(place));
            let found = whole.width() / whole.height().max(f64::MIN_POSITIVE);
            let off = (found / aspect).max(aspect / found);
            let next = widest.max((whole.width() * whole.height() * aspect).sqrt());
            // What is too tall becomes wider only where something more comes to stand on a shelf.
            let next = if found < aspect { next.max(wider + SLACK) } else { next };
            if best.as_ref().is_none_or(|&(least, ..)| off < least) {
                best = Some((off, shelves, places));
            }
            if new.is_empty() || !next.is_finite() || (next - width).abs() < gap {
                break;
            }
            width = next;
        }
        let Some((_, mut shelves, places)) = best else { return Self::default() };
        parcels.iter_mut().zip(places).for_each(|(parcel, place)| parcel.extent = place);
        shelves.spot = vec![(0, 0); parcels.len()];
        for (row, shelf) in (0..).zip(&shelves.shelves) {
            for (index, column) in (0..).zip(&shelf.columns) {
                column.parcels.iter().for_each(|&parcel| shelves.spot[parcel as usize] = (row, index));
            }
        }
        shelves
    }

    /// The shelves and columns of the earlier drawing, by the streets between what stood there.
    fn of_old(parcels: &[Parcel], gap: f64) -> Vec<Vec<Vec<u32>>> {
        let was = |index: u32| parcels[index as usize].was.unwrap_or(Extent::EMPTY);
        let old: Vec<u32> = (0..parcels.len() as u32).filter(|&index| parcels[index as usize].was.is_some()).collect();
        let columns = |shelf| {
            let mut columns = runs(shelf, gap, |index| (was(index).left, was(index).right));
            columns.iter_mut().for_each(|column| sort::by_key(column, |index| sort::length(was(index).top)));
            columns
        };
        runs(old, gap, |index| (was(index).top, was(index).bottom)).into_iter().map(columns).collect()
    }

    /// Puts new parcels on the shelves, and everything in its place. Gives the least width at which one more would have stood beside
    /// what came before it; infinite where there was none.
    fn fill(&mut self, places: &mut [Extent], parcels: &[Parcel], new: &[u32], width: f64, gap: f64) -> f64 {
        self.settle(places, parcels, gap);
        let left = self.shelves.iter().flat_map(|shelf| &shelf.columns).map(|column| column.left).reduce(f64::min);
        let left = left.unwrap_or_default();
        let old = self.shelves.len();
        let mut wider = f64::INFINITY;
        for &index in new {
            let (wide, high) = (places[index as usize].width(), places[index as usize].height());
            let below = self.shelves.last_mut().and_then(|shelf| {
                let column = shelf.columns.last_mut()?;
                let fits = wide <= column.right - column.left && column.bottom + gap + high <= shelf.bottom;
                fits.then_some(column)
            });
            let (x, y) = if let Some(column) = below {
                let y = column.bottom + gap;
                column.bottom = y + high;
                column.parcels.push(index);
                (column.left, y)
            } else {
                let end = |shelf: &Shelf| shelf.columns.last().map_or(left, |column| column.right + gap);
                let fits = |shelf: &Shelf| high <= shelf.bottom - shelf.top && end(shelf) + wide <= left + width;
                let last = self.shelves.len().checked_sub(1).filter(|&last| fits(&self.shelves[last]));
                // Where something stood before, each shelf may have room at its end.
                let shelf = last.or_else(|| self.shelves[..old].iter().position(fits)).unwrap_or(self.shelves.len());
                if shelf == self.shelves.len() {
                    if let Some(full) = self.shelves.last() {
                        wider = wider.min(end(full) + wide - left);
                    }
                    let top = self.shelves.last().map_or(0.0, |shelf| shelf.bottom + gap);
                    self.shelves.push(Shelf { top, bottom: top + high, columns: Vec::new() });
                }
                let shelf = &mut self.shelves[shelf];
                let x = end(shelf);
                let bottom = shelf.top + high;
                shelf.columns.push(Column { left: x, right: x + wide, bottom, parcels: vec![index] });
                (x, shelf.top)
            };
            places[index as usize] = Extent { left: x, top: y, right: x + wide, bottom: y + high };
        }
        wider
    }

    /// Lets what stood before stand where it stood, or further to the right and further down where the others need the room.
    fn settle(&mut self, places: &mut [Extent], parcels: &[Parcel], gap: f64) {
        let mut floor = f64::NEG_INFINITY;
        for shelf in &mut self.shelves {
            let mut wall = f64::NEG_INFINITY;
            (shelf.top, shelf.bottom) = (f64::INFINITY, f64::NEG_INFINITY);
            for column in &mut shelf.columns {
                (column.left, column.right, column.bottom) = (f64::INFINITY, f64::NEG_INFINITY, floor);
                for &index in &column.parcels {
                    let now = parcels[index as usize].extent;
                    let (left, top) = (now.left.max(wall), now.top.max(column.bottom));
                    let place = Extent { left, top, right: left + now.width(), bottom: top + now.height() };
                    places[index as usize] = place;
                    column.left = column.left.min(left);
                    column.right = column.right.max(place.right);
                    column.bottom = place.bottom + gap;
                    shelf.top = shelf.top.min(top);
                }
                column.bottom -= gap;
                wall = column.right + gap;
                shelf.bottom = shelf.bottom.max(column.bottom);
            }
            floor = shelf.bottom + gap;
        }
    }
}

impl Shelf {
    fn of_parcels(columns: &[Vec<u32>]) -> Self {
        let column = |parcels: &Vec<u32>| Column { left: 0.0, right: 0.0, bottom: 0.0, parcels: parcels.clone() };
        Self { top: 0.0, bottom: 0.0, columns: columns.iter().map(column).collect() }
    }
}

/// Runs of things that overlap along one direction, or leave no street between them.
fn runs(mut things: Vec<u32>, gap: f64, range: impl Fn(u32) -> (f64, f64)) -> Vec<Vec<u32>> {
    sort::by_key(&mut things, |thing| sort::length(range(thing).0));
    let mut runs: Vec<Vec<u32>> = Vec::new();
    let mut reach = f64::NEG_INFINITY;
    for thing in things {
        let (start, end) = range(thing);
        match runs.last_mut() {
            Some(run) if start < reach + gap - SLACK => run.push(thing),
            _ => runs.push(vec![thing]),
        }
        reach = reach.max(end);
    }
    runs
}
