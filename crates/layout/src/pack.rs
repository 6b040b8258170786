//! Puts the drawings of the parts side by side, without overlap and near the wanted shape.
//!
//! New parts go, the tallest first, to the lowest place on a skyline (E. K. Burke, G. Kendall and G. Whitwell, "A new placement
//! heuristic for the orthogonal stock-cutting problem", 2004). Parts that the earlier drawing had stay, and only make way for
//! one another, to the right or down, whichever is nearer.

use crate::Spacing;
use crate::extent::Extent;
use crate::sort;

/// How often the width is tried anew to come nearer to the wanted shape.
const TRIES: usize = 4;

/// A part that was drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parcel {
    /// What it covers; afterwards, in the whole.
    pub(crate) extent: Extent,
    /// Whether it was there before, and so would rather stay.
    pub(crate) old: bool,
}

impl Parcel {
    fn move_to(&mut self, left: f64, top: f64) {
        let (width, height) = (self.extent.width(), self.extent.height());
        self.extent = Extent { left, top, right: left + width, bottom: top + height };
    }
}

/// Moves the parcels apart, to where nothing lies left of or above the origin.
#[inline(never)]
pub(crate) fn pack(parcels: &mut [Parcel], spacing: &Spacing) {
    let gap = spacing.component_gap;
    settle_old(parcels, gap);
    let mut taken = Extent::EMPTY;
    parcels.iter().filter(|parcel| parcel.old).for_each(|parcel| taken.include(&parcel.extent));
    let shift = (-taken.left.min(0.0), -taken.top.min(0.0));
    for parcel in parcels.iter_mut().filter(|parcel| parcel.old) {
        parcel.move_to(parcel.extent.left + shift.0, parcel.extent.top + shift.1);
    }

    let mut tallest_first: Vec<u32> =
        (0..parcels.len() as u32).filter(|&parcel| !parcels[parcel as usize].old).collect();
    sort::by_key(&mut tallest_first, |parcel| !sort::length(parcels[parcel as usize].extent.height()));
    if tallest_first.is_empty() {
        return;
    }
    let area: f64 = parcels.iter().map(|parcel| (parcel.extent.width() + gap) * (parcel.extent.height() + gap)).sum();
    let least = parcels
        .iter()
        .fold(0.0, |most: f64, parcel| most.max(if parcel.old { parcel.extent.right } else { parcel.extent.width() }));
    let mut width = least.max((area * spacing.aspect).sqrt());
    let mut best: Option<(f64, Vec<(f64, f64)>)> = None;
    for _ in 0..TRIES {
        let (places, size) = fill(parcels, &tallest_first, width, gap);
        let aspect = size.0 / size.1.max(f64::MIN_POSITIVE);
        let off = (aspect / spacing.aspect).max(spacing.aspect / aspect);
        if best.as_ref().is_none_or(|&(least_off, _)| off < least_off) {
            best = Some((off, places));
        }
        let next = least.max((size.0 * size.1 * spacing.aspect).sqrt());
        if (next - width).abs() < gap {
            break;
        }
        width = next;
    }
    for ((left, top), &parcel) in best.into_iter().flat_map(|(_, places)| places).zip(&tallest_first) {
        parcels[parcel as usize].move_to(left, top);
    }
}

/// Lets old parcels make way for one another, from top to bottom.
fn settle_old(parcels: &mut [Parcel], gap: f64) {
    let mut order: Vec<u32> = (0..parcels.len() as u32).filter(|&parcel| parcels[parcel as usize].old).collect();
    sort::by_key(&mut order, |parcel| sort::length(parcels[parcel as usize].extent.left));
    sort::by_key(&mut order, |parcel| sort::length(parcels[parcel as usize].extent.top));
    let mut beside: Vec<Extent> = Vec::new();
    for parcel in order {
        let parcel = &mut parcels[parcel as usize];
        beside.retain(|other| other.bottom > parcel.extent.top);
        while let Some(other) = beside.iter().find(|other| other.overlaps(&parcel.extent)) {
            let Extent { left, top, .. } = parcel.extent;
            if other.right - left <= other.bottom - top {
                parcel.move_to(other.right + gap, top);
            } else {
                parcel.move_to(left, other.bottom + gap);
            }
        }
        beside.push(parcel.extent);
    }
}

/// Places for the parcels below what is old, within a width; and the size of the whole.
fn fill(parcels: &[Parcel], order: &[u32], width: f64, gap: f64) -> (Vec<(f64, f64)>, (f64, f64)) {
    let mut skyline = Skyline::new(width + gap);
    let mut size = (0.0f64, 0.0f64);
    let mut cover = |extent: &Extent, skyline: &mut Skyline| {
        skyline.raise(extent.left, extent.right + gap, extent.bottom + gap);
        size = (size.0.max(extent.right), size.1.max(extent.bottom));
    };
    for parcel in parcels.iter().filter(|parcel| parcel.old) {
        cover(&parcel.extent, &mut skyline);
    }
    let mut places = Vec::with_capacity(order.len());
    for &parcel in order {
        let mut parcel = parcels[parcel as usize];
        let (left, top) = skyline.lowest(parcel.extent.width() + gap);
        parcel.move_to(left, top);
        cover(&parcel.extent, &mut skyline);
        places.push((left, top));
    }
    (places, size)
}

/// The lower border of all that is placed, as steps from left to right.
struct Skyline {
    steps: Vec<Step>,
    width: f64,
}

#[derive(Clone, Copy)]
struct Step {
    left: f64,
    bottom: f64,
}

impl Skyline {
    fn new(width: f64) -> Self {
        Self { steps: vec![Step { left: 0.0, bottom: 0.0 }], width }
    }

    /// The highest place, and there the leftmost, where something of this width fits below all that is placed.
    fn lowest(&self, width: f64) -> (f64, f64) {
        let mut best: Option<(f64, f64)> = None;
        for (index, step) in self.steps.iter().enumerate() {
            let right = step.left + width;
            if index > 0 && right > self.width {
                break;
            }
            let below = self.steps[index..].iter().take_while(|step| step.left < right);
            let top = below.fold(step.bottom, |most, step| most.max(step.bottom));
            if best.is_none_or(|(_, least)| top < least) {
                best = Some((step.left, top));
            }
        }
        best.unwrap_or_default()
    }

    /// Lets the border between two abscissas be no higher than `bottom`.
    fn raise(&mut self, left: f64, right: f64, bottom: f64) {
        let from = self.steps.partition_point(|step| step.left <= left).saturating_sub(1);
        let end = self.steps.partition_point(|step| step.left < right).max(from + 1);
        let covered = &self.steps[from..end];
        let bottom = covered.iter().fold(bottom, |most, step| most.max(step.bottom));
        let before = covered[..1].iter().copied().filter(|step| step.left < left);
        let after = Step { left: right, bottom: covered[covered.len() - 1].bottom };
        let ends_here = self.steps.get(end).is_some_and(|step| step.left <= right);
        let steps: Vec<Step> = before.chain([Step { left, bottom }]).chain((!ends_here).then_some(after)).collect();
        self.steps.splice(from..end, steps);
    }
}
