//! Namespaces: a quiet plate around what is in them, and their name, readable from wherever it is looked at.

use super::Frame;
use super::surface::{Anchor, Batches, Face, Ink, Path, Style, Surface, Type};
use crate::glyph;
use crate::messages::Standing;
use crate::scene::{Container, Rect};
use crate::words::{cut, sans_width};

/// The containers in view, where they are at the moment.
fn seen<'a>(frame: &'a Frame) -> impl Iterator<Item = (&'a Container, Rect)> {
    let view = frame.view();
    let containers = frame.scene.containers.iter().enumerate();
    let placed = containers.map(|(index, container)| {
        let rect = match frame.glide {
            Some((glide, part)) => glide.container(index, container.rect, part),
            None => container.rect,
        };
        (container, rect)
    });
    placed.filter(move |(_, rect)| rect.overlaps(view))
}

/// Their plates.
pub(super) fn plates(frame: &Frame, surface: &mut dyn Surface) {
    let mut batches = Batches::default();
    for (container, rect) in seen(frame) {
        let ink = if is_going(container) { Ink::Waits } else { Ink::Line };
        let style = Style::filled(Ink::Sunk).bordered(ink, frame.pixels(1.0).max(1.0));
        batches.path(style).rect(rect, 12.0);
    }
    batches.draw(surface);
}

fn is_going(container: &Container) -> bool {
    matches!(container.standing, Standing::Deleting | Standing::Stuck)
}

/// Their names, over all else.
pub(super) fn names(frame: &Frame, surface: &mut dyn Surface) {
    // Where names do not fit over what is in a container, they lie on it.
    let near = frame.pixels(11.0) <= 40.0;
    let mut plates = Path::default();
    let mut texts = Vec::new();
    for (container, rect) in seen(frame) {
        let size = frame.pixels(11.0).max(15.0);
        let sign = glyph::of_standing(container.standing).filter(|_| near);
        let room = rect.width - 2.0 * size - if sign.is_some() { 1.5 * size } else { 0.0 };
        let most = (room / (size * 0.6)) as usize;
        if most < 4 || !near && rect.height < size * 1.6 {
            continue;
        }
        let name = cut(&container.name, most);
        let width = sans_width(&name, size) * 1.1;
        let (x, y) = match near {
            true => (rect.x + 22.0, rect.y + 26.0 + size * 0.36),
            false => (rect.x + size * 0.8, rect.y + size * 1.35),
        };
        if !near {
            plates.rect(
                Rect { x: x - size * 0.4, y: y - size * 1.1, width: width + size * 0.8, height: size * 1.6 },
                size * 0.4,
            );
        }
        let count = frame.language.page().objects(container.objects);
        let fits = near && width + sans_width(&count, size) + 3.0 * size < room;
        texts.push((container, name, (x, y), size, width, sign, fits.then_some((count, rect.right() - 22.0))));
    }
    surface.draw(&plates, &Style::filled(Ink::Sunk).faint(0.9));
    for (container, name, (x, y), size, width, sign, count) in texts {
        let ink = if is_going(container) { Ink::Waits } else { Ink::Text };
        surface.text(&name, (x, y), &Type::new(Face::Sans, size, 600, ink));
        if let Some(sign) = sign {
            surface.glyph(sign, (x + width + size * 0.5, y - size * 0.85), size / 16.0, ink, 1.0);
        }
        if let Some((count, right)) = count {
            let kind = Type::new(Face::Sans, size * 0.85, 400, Ink::Muted).anchored(Anchor::End);
            surface.text(&count, (right, y), &kind);
        }
    }
}
