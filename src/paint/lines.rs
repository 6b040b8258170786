//! Arrows: curved and labelled near, thin far away, and only those that say something from very far.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::arrow::{arrow, near_start, rounded};
use super::clip::stretches;
use super::surface::{Anchor, Batches, Dash, Face, Ink, Path, Style, Surface, Type, Verb};
use super::{Detail, Frame};
use crate::scene::{LABEL, Line, Mark, Meaning, Rect};

/// More quiet arrows than this, drawn small, are a blur and no help.
const QUIET: usize = 2_000;
/// More arrows that wait than this cross each other's dashes: nobody could tell them apart, and each dash costs something.
const DASHED: usize = 200;
/// The same as the first, from very far, for those that wait.
const WAITING: usize = 8_000;

/// The colour and the width of an arrow, and how large its head is.
fn look(line: &Line) -> (Ink, f32, f32) {
    match line.meaning {
        Meaning::Owns { blocks: false } => (Ink::LineStrong, 1.25, 7.5),
        Meaning::Owns { blocks: true } => (Ink::LineStrong, 2.0, 8.5),
        Meaning::Waits => (Ink::Waits, 1.5, 8.0),
        Meaning::Knot => (Ink::Stuck, 3.0, 11.5),
    }
}

/// The arrows in view, in the order of their weight.
pub(super) fn lines(frame: &Frame, surface: &mut dyn Surface) {
    let mut shown = match frame.glide {
        Some(_) => (0..frame.scene.lines.len()).collect(),
        None => frame.index.lines(frame.view()),
    };
    let is_small = frame.detail() < Detail::Name;
    if is_small && shown.len() > QUIET {
        shown.retain(|&line| !matches!(frame.scene.lines[line].meaning, Meaning::Owns { .. }));
    }
    let waits = |line: &&usize| matches!(frame.scene.lines[**line].meaning, Meaning::Waits);
    let is_dashed = !is_small && shown.iter().filter(waits).count() <= DASHED;
    // Many arrows go side by side, and are one on the screen.
    let mut drawn = BTreeSet::new();
    let pixel = |&(x, y): &(f32, f32)| ((x / frame.pixels(1.0)) as i32, (y / frame.pixels(1.0)) as i32);
    let (mut halos, mut ways, mut heads, mut signs) =
        (Path::default(), Batches::default(), Batches::default(), Vec::new());
    // Room for a corner's curve and for the thickest line.
    let view = frame.view().grown(frame.pixels(8.0));
    for line in shown {
        let line = &frame.scene.lines[line];
        let (ink, width, size) = look(line);
        let (way, alpha) = way(frame, line);
        let alpha = if line.mark == Some(Mark::Over) { alpha * 0.55 } else { alpha * strength(frame, line) };
        let style = Style::line(ink, width.max(frame.pixels(if line.meaning == Meaning::Knot { 1.75 } else { 0.75 })));
        let style = match (line.mark, line.meaning) {
            (Some(Mark::Over), _) => style.dashed(Dash::Over),
            (_, Meaning::Waits) if is_dashed => style.dashed(Dash::Waits),
            _ => style,
        };
        let is_plain = is_small && line.meaning != Meaning::Knot;
        let head = heads.path(Style::filled(ink).faint(alpha));
        let style = if is_plain { style.dashed(Dash::Solid) } else { style };
        let path = ways.path(style.faint(alpha));
        stretches(&way, view, style.dash.period(), |stretch, ends| {
            let at = [stretch.first(), stretch.get(1), stretch.last()].map(|point| point.map(pixel));
            if line.mark.is_none() && !drawn.insert((line.meaning, ends, at)) {
                return;
            }
            match ends {
                _ if is_plain => path.open(stretch),
                true => arrow(stretch, size.max(frame.pixels(4.0)), path, head),
                false => rounded(stretch.iter().copied(), path),
            }
            if line.mark == Some(Mark::Came) && !is_plain {
                rounded(stretch.iter().copied(), &mut halos);
            }
        });
        if let Some((mark, at)) = line.mark.zip(near_start(&way)).filter(|_| !is_plain) {
            signs.push((mark, at));
        }
    }
    surface.draw(&halos, &Style::line(Ink::Accent, 7.0).faint(0.28));
    ways.draw(surface);
    heads.draw(surface);
    if !is_small {
        let mut plates = Path::default();
        for &(_, (x, y)) in &signs {
            plates.0.push(Verb::Circle(x, y, 6.5));
        }
        surface.draw(&plates, &Style::filled(Ink::Accent));
        for (mark, at) in signs {
            let sign = match mark {
                Mark::Came => "M-3 0H3M0 -3V3",
                Mark::Over => "M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5",
            };
            surface.glyph(sign, at, 1.0, Ink::OnAccent, 1.0);
        }
    }
}

/// In the whole cluster, what is not of the open finding steps back for it.
fn strength(frame: &Frame, line: &Line) -> f32 {
    let is_back = frame.has_knot() && !frame.scene.containers.is_empty() && line.meaning != Meaning::Knot;
    if is_back && line.mark.is_none() { 0.45 } else { 1.0 }
}

/// From very far: who waits, and the knot, straight.
pub(super) fn loud(frame: &Frame, surface: &mut dyn Surface) {
    let (view, lines) = (frame.view(), &frame.scene.lines);
    let mut ways = Batches::default();
    let waits = frame.index.loud.len() <= WAITING;
    for line in frame.index.loud.iter().map(|&line| &lines[line]) {
        let (Some(&from), Some(&to)) = (line.way.first(), line.way.last()) else {
            continue;
        };
        let (left, top) = (from.0.min(to.0), from.1.min(to.1));
        let around = Rect { x: left, y: top, width: (from.0 - to.0).abs(), height: (from.1 - to.1).abs() };
        let is_knot = line.meaning == Meaning::Knot;
        if (is_knot || waits) && around.grown(1.0).overlaps(view) {
            let (ink, ..) = look(line);
            let style = Style::line(ink, frame.pixels(if is_knot { 2.0 } else { 0.75 }));
            ways.path(style.faint(strength(frame, line))).open(&[from, to]);
        }
    }
    ways.draw(surface);
}

/// The labels of the arrows in view.
pub(super) fn labels(frame: &Frame, surface: &mut dyn Surface) {
    if frame.detail() != Detail::Full {
        return;
    }
    // On a phone everything is small, and what an arrow says must be readable all the same.
    let size = frame.pixels(9.0).clamp(11.0, 13.0);
    let by = size / 11.0;
    let (mut plates, mut texts) = (Batches::default(), Vec::new());
    let view = frame.view();
    for line in frame.index.labelled.iter().map(|&line| &frame.scene.lines[line]) {
        let Some(label) = &line.label else {
            continue;
        };
        let (dx, dy, alpha) = middle(frame, line);
        let at = (label.at.0 + dx, label.at.1 + dy);
        let (width, height) = (label.width * by, LABEL * by);
        let rect = Rect { x: at.0 - width / 2.0, y: at.1 - height / 2.0, width, height };
        if !rect.overlaps(view) {
            continue;
        }
        let (plate, ink, weight) = match line.meaning {
            Meaning::Knot => (Ink::StuckSoft, Ink::Stuck, 600),
            Meaning::Waits => (Ink::Ground, Ink::Waits, 400),
            Meaning::Owns { .. } => (Ink::Ground, Ink::Muted, 400),
        };
        plates.path(Style::filled(plate).faint(alpha)).rect(rect, height / 2.0);
        let kind = Type::new(Face::Sans, size, weight, ink).anchored(Anchor::Middle).faint(alpha);
        texts.push((label.text.as_str(), (at.0, at.1 + size * 0.35), kind));
    }
    plates.draw(surface);
    for (text, at, kind) in texts {
        surface.text(text, at, &kind);
    }
}

/// Where an arrow goes at the moment: its ends go with their boxes. And how far it has appeared.
fn way<'a>(frame: &Frame<'a>, line: &'a Line) -> (Cow<'a, [(f32, f32)]>, f32) {
    let Some((glide, part)) = frame.glide else {
        return (Cow::Borrowed(&line.way), 1.0);
    };
    let ((from, one), (to, other)) = (glide.shift(line.from, part), glide.shift(line.to, part));
    let last = line.way.len().saturating_sub(1).max(1) as f32;
    let point = |(index, &(x, y)): (usize, &(f32, f32))| {
        let along = index as f32 / last;
        (x + from.0 + (to.0 - from.0) * along, y + from.1 + (to.1 - from.1) * along)
    };
    (line.way.iter().enumerate().map(point).collect(), one.min(other))
}

/// How far an arrow's middle is from its place at the moment, and how far it has appeared.
fn middle(frame: &Frame, line: &Line) -> (f32, f32, f32) {
    let Some((glide, part)) = frame.glide else {
        return (0.0, 0.0, 1.0);
    };
    let ((from, one), (to, other)) = (glide.shift(line.from, part), glide.shift(line.to, part));
    ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0, one.min(other))
}
