//! What the worker tells the page. It goes there as bytes, of which nothing is copied: they are handed over.

use serde::{Deserialize, Serialize};

use crate::engine::Phase;
use crate::scene::{Block, Line};
use crate::seen::Part;

/// Something that the worker tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    /// It can be asked.
    Ready,
    /// A part of the work begins.
    Begins(Phase),
    /// So many percent of it are done.
    Share(usize),
    /// A part of the work is done: when it began, in milliseconds since 1970, and how long it took.
    Measured(Phase, f64, f64),
    /// A part of what is seen is another one. Of a large drawing its boxes and arrows came before.
    Part(Part),
    /// Boxes of the drawing that comes.
    Boxes(Vec<Block>),
    /// Arrows of it.
    Arrows(Vec<Line>),
    /// What was told can be shown: that was the answer (`true`), or a search goes on.
    Shown(bool),
}

/// As many boxes or arrows are told at once: reading them takes the page a few milliseconds, and then it breathes.
const SLICE: usize = 1_500;

impl Tell {
    /// How a part is told: a large drawing in slices.
    pub fn of(part: Part) -> Vec<Self> {
        let mut told = Vec::new();
        let part = match part {
            Part::Scene(scene) if scene.blocks.len().max(scene.lines.len()) > SLICE => {
                told.extend(scene.blocks.chunks(SLICE).map(|slice| Self::Boxes(slice.to_vec())));
                told.extend(scene.lines.chunks(SLICE).map(|slice| Self::Arrows(slice.to_vec())));
                Part::Scene(scene.with(Vec::new(), Vec::new()).into())
            }
            part => part,
        };
        told.push(Self::Part(part));
        told
    }

    /// As bytes. Empty for what cannot be written, which is nothing that there is.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// From bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// What was told of a drawing that is not complete yet.
#[derive(Debug, Default)]
pub struct Slices {
    blocks: Vec<Block>,
    lines: Vec<Line>,
}

impl Slices {
    /// More boxes.
    pub fn boxes(&mut self, mut boxes: Vec<Block>) {
        self.blocks.append(&mut boxes);
    }

    /// More arrows.
    pub fn arrows(&mut self, mut arrows: Vec<Line>) {
        self.lines.append(&mut arrows);
    }

    /// A part with the slices that came before it.
    pub fn complete(&mut self, part: Part) -> Part {
        match part {
            Part::Scene(scene) if !self.blocks.is_empty() => {
                let Self { blocks, lines } = std::mem::take(self);
                Part::Scene(scene.with(blocks, lines).into())
            }
            part => part,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    use crate::engine::Unmeasured;
    use crate::samples::SAMPLES;
    use crate::search::Question;
    use crate::seen::Seen;
    use crate::state::Action;
    use crate::subject::Subject;
    use crate::worker::Worker;

    /// Tells a part as the worker does, and hears it as the page does. Gives how many messages that took.
    fn across(seen: &mut Seen, part: Part) -> usize {
        let mut slices = Slices::default();
        let told = Tell::of(part);
        let count = told.len();
        for tell in told {
            match Tell::from_bytes(&tell.to_bytes()) {
                Some(Tell::Boxes(boxes)) => slices.boxes(boxes),
                Some(Tell::Arrows(arrows)) => slices.arrows(arrows),
                Some(Tell::Part(part)) => seen.take(slices.complete(part)),
                _ => panic!("{tell:?}"),
            }
        }
        count
    }

    #[test]
    fn a_large_drawing_comes_in_slices() {
        let mut worker = Worker::default();
        let sample = SAMPLES.iter().find(|sample| sample.id == "longhorn-10791").expect("a sample");
        let parts = worker.answer(Action::Sample(sample), &Unmeasured);
        let scene = parts.into_iter().find_map(|part| if let Part::Scene(scene) = part { Some(scene) } else { None });
        let scene = scene.expect("a scene");
        let boxes = scene.blocks.iter().cycle().take(4 * SLICE + 1).cloned().collect::<Vec<_>>();
        let large = scene.with(boxes, scene.lines.clone());
        let mut there = Seen::default();
        assert_eq!(across(&mut there, Part::Scene(large.clone().into())), 5 + 1 + 1);
        assert_eq!(*there.scene, large);
        // The next one has nothing left of it.
        assert_eq!(across(&mut there, Part::Scene(Rc::clone(&scene))), 1);
        assert_eq!(there.scene.blocks, scene.blocks);
    }

    #[test]
    fn all_that_is_seen_comes_across_whole() {
        for sample in &SAMPLES {
            let (mut worker, mut here, mut there) = (Worker::default(), Seen::default(), Seen::default());
            let mut answer = |action: Action| {
                let bytes = postcard::to_allocvec(&action).expect("an action can be written");
                let action = postcard::from_bytes(&bytes).expect("and read");
                let mut parts = worker.answer(action, &Unmeasured);
                while worker.searches() {
                    parts.extend(worker.advance(|| true));
                }
                for part in parts {
                    here.take(part.clone());
                    across(&mut there, part);
                }
                (*here.scene).clone()
            };
            let scene = answer(Action::Sample(sample));
            let subjects: Vec<Subject> = scene.blocks.iter().map(|block| block.subject).collect();
            for subject in subjects {
                answer(Action::Select(Some(subject)));
            }
            let actions = [
                Action::Forward,
                Action::Breaks(true),
                Action::Branch,
                Action::Forward,
                Action::Compare(Some((1, 2))),
                Action::Search(Question::Orders),
                Action::Search(Question::Faults(1)),
                Action::Follow(0, true),
                Action::Load(Vec::new()),
            ];
            for action in actions {
                answer(action);
            }
            // Where boxes stood before is of use to whoever draws them anew only.
            assert_eq!(there.scene.blocks, here.scene.blocks);
            there.scene = here.scene.clone();
            assert_eq!(there, here, "{}", sample.id);
        }
    }
}
