//! What is selected, pointed at and walked to, over the scene.

use super::arrow::rounded;
use super::surface::{Dash, Ink, Path, Style, Surface};
use super::{Frame, boxes};
use crate::scene::{Meaning, Rect};
use crate::subject::Subject;

/// What is shown over the scene.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Over {
    /// What is selected.
    pub selected: Option<Subject>,
    /// An arrow that is pointed at elsewhere in the page, by its ends.
    pub pointed: Option<(Subject, Subject)>,
    /// The box under the pointer.
    pub hovered: Option<usize>,
    /// The arrow under the pointer.
    pub line: Option<usize>,
    /// The box that the keyboard is on.
    pub focused: Option<usize>,
}

/// Draws it.
pub fn paint_over(frame: &Frame, over: &Over, surface: &mut dyn Surface) {
    surface.begin(frame.camera, frame.size);
    let width = |pixels: f32| frame.pixels(pixels).max(pixels);
    let frame_at = |rect: Rect, gap: f32, style: Style, surface: &mut dyn Surface| {
        let mut path = Path::default();
        path.rect(rect.grown(frame.pixels(gap).max(gap)), 7.0 + gap);
        surface.draw(&path, &style);
    };
    let block = |block: usize| (block < frame.scene.blocks.len()).then(|| frame.place(block).0);
    let way = |line: usize, ink: Ink, surface: &mut dyn Surface| {
        let mut path = Path::default();
        rounded(frame.scene.lines[line].way.iter().copied(), &mut path);
        surface.draw(&path, &Style::line(ink, width(9.0)).faint(0.35));
    };
    if let Some(line) = over.line.filter(|line| *line < frame.scene.lines.len()) {
        way(line, Ink::Accent, surface);
    }
    if let Some(rect) = over.hovered.and_then(block) {
        frame_at(rect, 0.0, Style::line(Ink::Accent, width(1.5)), surface);
    }
    if let Some((from, to)) = over.pointed {
        let ends = (frame.scene.place(from), frame.scene.place(to));
        let line = frame.scene.lines.iter().position(|line| {
            let owns = matches!(line.meaning, Meaning::Owns { .. });
            !owns && (Some(line.from), Some(line.to)) == ends
        });
        if let Some(line) = line {
            way(line, Ink::Waits, surface);
        }
        for rect in [ends.0, ends.1.filter(|to| Some(*to) != ends.0)].into_iter().flatten().filter_map(block) {
            frame_at(rect, 4.0, Style::line(Ink::Waits, width(2.0)).dashed(Dash::Pointed), surface);
        }
    }
    if let Some(subject) = over.selected {
        let place = frame.scene.place(subject).and_then(block);
        if let Some(rect) = place.or_else(|| frame.scene.rect(subject)) {
            frame_at(rect, 4.0, Style::line(Ink::Accent, width(2.5)), surface);
        }
        // The frame runs through the corner on which a note is shown.
        if let Some(index) = frame.scene.place(subject) {
            let (rect, alpha) = frame.place(index);
            boxes::note(frame, &frame.scene.blocks[index], rect, alpha, surface);
        }
    }
    if let Some(rect) = over.focused.and_then(block) {
        frame_at(rect, 8.0, Style::line(Ink::Accent, width(2.0)).dashed(Dash::Waits), surface);
    }
}
