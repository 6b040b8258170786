//! What the worker tells the page. It goes there as bytes, of which nothing is copied: they are handed over.

use serde::{Deserialize, Serialize};

use crate::engine::Phase;
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
    /// A part of what is seen is another one.
    Part(Part),
    /// What was told can be shown: that was the answer (`true`), or a search goes on.
    Shown(bool),
}

impl Tell {
    /// As bytes. Empty for what cannot be written, which is nothing that there is.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// From bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Unmeasured;
    use crate::samples::SAMPLES;
    use crate::search::Question;
    use crate::seen::Seen;
    use crate::state::Action;
    use crate::subject::Subject;
    use crate::worker::Worker;

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
                    let tell = Tell::from_bytes(&Tell::Part(part.clone()).to_bytes());
                    let Some(Tell::Part(same)) = tell else { panic!("{part:?}") };
                    here.take(part);
                    there.take(same);
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
