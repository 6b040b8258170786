//! Boxes: a card near, its name farther away, then a shape.

use super::surface::{Anchor, Batches, Dash, Face, Ink, Path, Style, Surface, Type, Verb};
use super::{Detail, Frame, Seen};
use crate::glyph;
use crate::messages::Standing;
use crate::scene::{Block, Rect, WIDTH};
use crate::words::{cut, sans_width};

/// The size of the kind, and of what became of it.
const HEAD_SIZE: f32 = 11.5;
/// The kind's icon, with its gap.
const ICON: f32 = 17.0;
/// As many characters of a name fit.
const NAME_CHARS: usize = 28;
/// How far a corner is rounded.
const ROUND: f32 = 7.0;

/// The boxes in view.
pub(super) fn boxes(frame: &Frame, seen: &[Seen], surface: &mut dyn Surface) {
    let mut shown: Vec<(&Block, Rect, f32)> =
        seen.iter().map(|seen| (&frame.scene.blocks[seen.block], seen.rect, seen.alpha)).collect();
    if let Some((glide, part)) = frame.glide {
        let gone = glide.gone.iter().map(|block| (block, block.rect, 1.0 - part));
        // What goes lies under what comes.
        shown.splice(0..0, gone);
    }
    match frame.detail() {
        Detail::Full => {
            plates(frame, &shown, surface);
            for (block, rect, alpha) in shown {
                card(frame, block, rect, alpha, surface);
                note(frame, block, rect, alpha, surface);
            }
        }
        Detail::Name => {
            plates(frame, &shown, surface);
            for (block, rect, alpha) in shown {
                name(frame, block, rect, alpha, surface);
                note(frame, block, rect, alpha, surface);
            }
        }
        Detail::Shape | Detail::Cells => shapes(&shown, surface),
    }
}

/// What a standing has for a colour: beside its words, its sign, or its shape.
fn ink(standing: Standing) -> Ink {
    match standing {
        Standing::Stuck | Standing::Unschedulable | Standing::Unreachable => Ink::Stuck,
        Standing::Deleting => Ink::Waits,
        Standing::Created | Standing::Schedulable => Ink::Good,
        _ => Ink::Muted,
    }
}

/// Whether a box is not of the open finding, and stands back for it.
fn is_back(frame: &Frame, block: &Block) -> bool {
    frame.has_knot() && !block.knot && !block.changed
}

fn plate(frame: &Frame, block: &Block) -> Style {
    let far = frame.detail() < Detail::Full;
    let style = Style::filled(if block.is_ghost() { Ink::Ground } else { Ink::Raised });
    let least = |width: f32| if far { width.max(frame.pixels(1.0)) } else { width };
    let style = match block.standing {
        _ if block.changed => style.bordered(Ink::Accent, least(2.0)),
        Standing::Stuck if far => {
            let border = if is_back(frame, block) { Ink::Line } else { Ink::Stuck };
            Style::filled(Ink::StuckSoft).bordered(border, frame.pixels(1.5))
        }
        Standing::Deleting if far => Style::filled(Ink::WaitsSoft).bordered(Ink::Waits, least(1.0)),
        _ if block.knot => style.bordered(Ink::Stuck, least(1.5)),
        Standing::Created => style.bordered(Ink::Good, least(1.5)),
        _ if is_back(frame, block) && !block.is_ghost() => style.bordered(Ink::Line, least(1.0)),
        _ => style.bordered(Ink::LineStrong, least(1.0)),
    };
    if block.is_ghost() { style.dashed(Dash::Ghost) } else { style }
}

/// All that lies under words.
fn plates(frame: &Frame, shown: &[(&Block, Rect, f32)], surface: &mut dyn Surface) {
    let (mut under, mut plates, mut upon) = (Batches::default(), Batches::default(), Batches::default());
    for &(block, rect, alpha) in shown {
        let style = plate(frame, block);
        if block.count() > 1 {
            for by in [8.0, 4.0] {
                under
                    .path(Style::filled(Ink::Raised).bordered(Ink::LineStrong, 1.0).faint(alpha))
                    .rect(rect.moved((by, by)), ROUND);
            }
        }
        plates.path(style.faint(alpha)).rect(rect, ROUND);
        if frame.detail() < Detail::Full {
            continue;
        }
        if matches!(block.standing, Standing::Stuck | Standing::Deleting) {
            let edge = Rect { x: rect.x + 2.5, y: rect.y + 5.0, width: 3.0, height: rect.height - 10.0 };
            upon.path(Style::filled(ink(block.standing)).faint(alpha)).rect(edge, 1.5);
        }
        for chip in &block.chips {
            let place = Rect { x: rect.x + 12.0, y: rect.y + chip.y, width: rect.width - 24.0, height: 18.0 };
            let fill = if chip.knot { Ink::StuckSoft } else { Ink::Sunk };
            upon.path(Style::filled(fill).faint(alpha)).rect(place, 4.0);
        }
    }
    under.draw(surface);
    plates.draw(surface);
    upon.draw(surface);
}

/// The kind, as much of it as fits beside what became of it.
fn head(block: &Block, words: &str) -> String {
    let beside = match words.is_empty() {
        true => 0.0,
        // Bold, with its icon and a gap.
        false => sans_width(words, HEAD_SIZE) * 1.15 + 26.0,
    };
    let room = (WIDTH - 26.0 - ICON - beside) / sans_width("n", HEAD_SIZE) / 1.08;
    cut(block.kind(), (room as usize).max(6))
}

/// The name, as much of it as fits.
fn name_in_card(block: &Block) -> String {
    // How many there are stands beside the name.
    let count = if block.is_name() && block.count() > 1 { 6 } else { 0 };
    cut(block.name(), NAME_CHARS - count)
}

/// All that can be said of a box.
fn card(frame: &Frame, block: &Block, rect: Rect, alpha: f32, surface: &mut dyn Surface) {
    let Rect { x, y, .. } = rect;
    let right = rect.right();
    let text = |size: f32, weight: u16, ink: Ink| Type::new(Face::Sans, size, weight, ink).faint(alpha);
    surface.glyph(glyph::of_kind(block.kind()), (x + 13.0, y + 8.4), 0.8, Ink::Muted, alpha);
    let words = frame.language.page().standing(block.standing);
    surface.text(&head(block, words), (x + 30.0, y + 19.0), &text(HEAD_SIZE, 400, Ink::Muted));
    if !words.is_empty() {
        let ink = ink(block.standing);
        let sign = glyph::of_standing(block.standing);
        let end = if sign.is_some() { 28.0 } else { 12.0 };
        surface.text(words, (right - end, y + 19.0), &text(HEAD_SIZE, 600, ink).anchored(Anchor::End));
        if let Some(sign) = sign {
            surface.glyph(sign, (right - 24.0, y + 8.5), 0.8, ink, alpha);
        }
    }
    let name = name_in_card(block);
    let face = if block.is_name() { Face::Mono } else { Face::Sans };
    let is_gone = block.standing == Standing::Gone;
    let ink = if is_back(frame, block) || is_gone { Ink::Muted } else { Ink::Text };
    surface.text(&name, (x + 14.0, y + 38.0), &Type::new(face, 13.0, 600, ink).faint(alpha));
    if is_gone {
        let mut path = Path::default();
        let width = name.chars().count() as f32 * 13.0 * 0.602;
        path.open(&[(x + 14.0, y + 33.5), (x + 14.0 + width, y + 33.5)]);
        surface.draw(&path, &Style::line(Ink::Muted, 1.25).faint(alpha));
    }
    if block.count() > 1 {
        let count = frame.language.page().siblings(block.count());
        surface.text(&count, (right - 12.0, y + 38.0), &text(11.5, 650, Ink::Text).anchored(Anchor::End));
    }
    for chip in &block.chips {
        let (lock, ink) = if chip.knot { (Ink::Stuck, Ink::Stuck) } else { (Ink::Muted, Ink::Text) };
        surface.glyph(glyph::LOCK, (x + 16.0, y + chip.y + 2.5), 0.8, lock, alpha);
        let kind = Type::new(Face::Mono, 11.0, 400, ink).faint(alpha);
        surface.text(&chip.text, (x + 33.0, y + chip.y + 13.0), &kind);
    }
    if block.changed {
        let mut path = Path::default();
        path.0.push(Verb::Circle(x, y, 8.0));
        surface.draw(&path, &Style::filled(Ink::Accent).faint(alpha));
        surface.glyph("M0 -3.5L3.5 3H-3.5Z", (x, y), 1.0, Ink::OnAccent, alpha);
    }
}

/// That there is a note about it, on its corner; from farther away no smaller on the screen.
pub(super) fn note(frame: &Frame, block: &Block, rect: Rect, alpha: f32, surface: &mut dyn Surface) {
    if !block.noted || frame.detail() < Detail::Name {
        return;
    }
    let size = frame.pixels(1.0).clamp(1.0, 3.0);
    let (x, y) = (rect.right(), rect.y);
    let mut path = Path::default();
    path.0.push(Verb::Circle(x, y, 9.0 * size));
    surface.draw(&path, &Style::filled(Ink::Raised).bordered(Ink::LineStrong, size).faint(alpha));
    surface.glyph(glyph::NOTE, (x - 5.2 * size, y - 5.0 * size), 0.65 * size, Ink::Text, alpha);
}

/// The kind's picture, what became of it as a sign, and as much of the name as fits.
fn name(frame: &Frame, block: &Block, rect: Rect, alpha: f32, surface: &mut dyn Surface) {
    // As large in every box as the lowest has room for.
    let size = frame.pixels(9.0).clamp(15.0, 40.0);
    let icon = size * 1.15;
    let middle = rect.y + rect.height / 2.0;
    let (mut left, mut right) = (rect.x + size * 0.6, rect.right() - size * 0.6);
    if frame.camera.scale >= 0.24 {
        surface.glyph(glyph::of_kind(block.kind()), (left, middle - icon / 2.0), icon / 16.0, Ink::Muted, alpha);
        left += icon + size * 0.4;
    }
    if let Some(sign) = glyph::of_standing(block.standing) {
        right -= icon;
        surface.glyph(sign, (right, middle - icon / 2.0), icon / 16.0, ink(block.standing), alpha);
    } else if block.count() > 1 {
        let count = frame.language.page().siblings(block.count());
        let kind = Type::new(Face::Sans, size, 650, Ink::Text).anchored(Anchor::End).faint(alpha);
        surface.text(&count, (right, middle + size * 0.35), &kind);
        right -= (count.chars().count() as f32 + 0.5) * size * 0.6;
    }
    let most = ((right - left) / (size * 0.602)) as usize;
    if most >= 4 {
        let ink = if is_back(frame, block) { Ink::Muted } else { Ink::Text };
        let kind = Type::new(Face::Mono, size, 600, ink).faint(alpha);
        surface.text(&cut(block.name(), most), (left, middle + size * 0.35), &kind);
    }
}

/// That it is there, and as what.
fn shapes(shown: &[(&Block, Rect, f32)], surface: &mut dyn Surface) {
    let mut batches = Batches::default();
    for &(block, rect, alpha) in shown {
        let fill = match block.standing {
            Standing::Present | Standing::Runs | Standing::Answers => Ink::LineStrong,
            _ if block.is_ghost() => Ink::Line,
            standing => ink(standing),
        };
        batches.path(Style::filled(fill).faint(alpha)).rect(rect, 0.0);
    }
    batches.draw(surface);
}
