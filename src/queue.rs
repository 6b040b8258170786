//! What the page asks of its worker: one thing at a time, in order; and how a new worker gets to where a lost one was.

use std::collections::VecDeque;

use crate::state::Action;
use crate::url::Place;

/// Something to ask, with the files that belong to it, as the page holds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask<F> {
    /// What a person does.
    pub action: Action,
    /// The files that are loaded with it.
    pub files: Vec<F>,
}

/// What was asked, and what is still to be.
#[derive(Debug)]
pub struct Queue<F> {
    waiting: VecDeque<Ask<F>>,
    asked: Option<Ask<F>>,
    /// What led to where the worker stands. Asked again, in order, it leads there again.
    way: Vec<Ask<F>>,
    /// What was written besides: it names the dump that it is about, so that it can be asked at any time.
    notes: Vec<Ask<F>>,
    /// How much of what is asked, and to be asked first, only leads back to where a lost worker was.
    back: usize,
}

impl<F> Default for Queue<F> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), asked: None, way: Vec::new(), notes: Vec::new(), back: 0 }
    }
}

impl<F: Clone> Queue<F> {
    /// Puts something at the end. Of two jumps that wait one after the other only the later one is of interest, and of two filters,
    /// and of what is written about one thing.
    pub fn push(&mut self, ask: Ask<F>) {
        let replaces = |last: &Ask<F>| {
            use Action::{Filter, Jump};
            matches!((&last.action, &ask.action), (Jump(_), Jump(_)) | (Filter(_), Filter(_)))
                || same_note(&last.action, &ask.action)
        };
        if self.waiting.len() > self.to_go_back() && self.waiting.back().is_some_and(replaces) {
            self.waiting.pop_back();
        }
        self.waiting.push_back(ask);
    }

    /// How much of what waits leads back.
    fn to_go_back(&self) -> usize {
        self.back.saturating_sub(usize::from(self.asked.is_some()))
    }

    /// What is to be asked now; `None` while there is no answer to what was asked before.
    pub fn ask(&mut self) -> Option<&Ask<F>> {
        if self.asked.is_some() {
            return None;
        }
        self.asked = self.waiting.pop_front();
        self.asked.as_ref()
    }

    /// Whether something was asked, or waits to be.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some() || !self.waiting.is_empty()
    }

    /// Whether a new worker is on its way to where a lost one was.
    pub fn goes_back(&self) -> bool {
        self.back > 0
    }

    /// What was asked is answered, and the page stands here now.
    pub fn answered(&mut self, place: &Place) {
        let Some(ask) = self.asked.take() else {
            return;
        };
        match self.back {
            0 => self.remember(ask, place),
            _ => self.back -= 1,
        }
    }

    /// The worker is lost, and with it what it was asked and what waits, but for what was written. A new one is first asked what
    /// leads to the same place. One that was lost on that way is not sent there again: then nothing is open, and this is `false`.
    pub fn lost(&mut self, place: &Place) -> bool {
        let again = self.back == 0;
        let lost: Vec<Ask<F>> = self.asked.take().into_iter().chain(self.waiting.drain(..)).collect();
        for ask in lost.into_iter().filter(|ask| matches!(ask.action, Action::Note(..) | Action::Notes(_))) {
            self.note(ask);
        }
        if !again {
            self.way.clear();
        }
        self.waiting.extend(self.way.iter().chain(&self.notes).cloned());
        if !self.way.is_empty() {
            self.waiting.push_back(Ask { action: Action::Go(place.clone()), files: Vec::new() });
        }
        self.back = self.waiting.len();
        again
    }

    /// Remembers what was written, in place of what was written before.
    fn note(&mut self, ask: Ask<F>) {
        let all = matches!(ask.action, Action::Notes(_));
        self.notes.retain(|before| !all && !same_note(&before.action, &ask.action));
        self.notes.push(ask);
    }

    fn remember(&mut self, ask: Ask<F>, place: &Place) {
        let moves = |action: &Action| matches!(action, Action::Jump(_) | Action::Go(_));
        match ask.action {
            // What is only looked at is part of the place.
            Action::Unreadable(_)
            | Action::Dismiss(_)
            | Action::Search(_)
            | Action::Stop
            | Action::Compare(_)
            | Action::Open(_)
            | Action::Select(_)
            | Action::Scope(_)
            | Action::Unstack(_)
            | Action::Point(_)
            | Action::Breaks(_)
            | Action::Filter(_)
            | Action::Turn(..)
            | Action::Rows(..)
            | Action::Pack => {}
            // What a search found goes with the worker that found it.
            Action::Follow(..) => {}
            Action::Note(..) | Action::Notes(_) => self.note(ask),
            Action::Clear => self.way.clear(),
            Action::Sample(_) => self.way = vec![ask],
            Action::Forward | Action::Back | Action::Jump(_) => {
                let to = Ask { action: Action::Jump(place.step), files: Vec::new() };
                match self.way.last_mut() {
                    Some(last) if matches!(last.action, Action::Jump(_)) => *last = to,
                    _ => self.way.push(to),
                }
            }
            Action::Go(_) if !place.open => {}
            Action::Go(_) => {
                self.way.pop_if(|last| moves(&last.action));
                self.way.push(Ask { action: Action::Go(place.clone()), files: Vec::new() });
            }
            _ => self.way.push(ask),
        }
    }
}

/// Whether two actions write about the same thing.
fn same_note(one: &Action, other: &Action) -> bool {
    match (one, other) {
        (Action::Note(dump, about, _), Action::Note(of, same, _)) => (dump, about) == (of, same),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Input, Unmeasured};
    use crate::samples::Sample;
    use crate::seen::Seen;
    use crate::worker::Worker;

    fn ask(action: Action) -> Ask<u8> {
        Ask { action, files: Vec::new() }
    }

    /// Asks all that waits, and shows what is answered.
    fn work(queue: &mut Queue<u8>, worker: &mut Worker, seen: &mut Seen) -> Vec<Action> {
        let mut asked = Vec::new();
        while let Some(ask) = queue.ask() {
            asked.push(ask.action.clone());
            for part in worker.answer(ask.action.clone(), &Unmeasured) {
                seen.take(part);
            }
            queue.answered(&seen.place);
        }
        asked
    }

    #[test]
    fn one_thing_is_asked_at_a_time_and_only_the_last_jump() {
        let mut queue = Queue::default();
        let actions =
            [Action::Jump(1), Action::Jump(2), Action::Jump(3), Action::Forward, Action::Jump(4), Action::Jump(5)];
        queue.push(ask(Action::Jump(0)));
        assert_eq!(queue.ask(), Some(&ask(Action::Jump(0))));
        actions.into_iter().for_each(|action| queue.push(ask(action)));
        assert_eq!(queue.ask(), None);
        let mut asked = Vec::new();
        while queue.is_busy() {
            queue.answered(&Place::default());
            asked.extend(queue.ask().map(|ask| ask.action.clone()));
        }
        assert_eq!(asked, [Action::Jump(3), Action::Forward, Action::Jump(5)]);
    }

    #[test]
    fn a_new_worker_gets_to_where_the_lost_one_was() {
        let (mut queue, mut worker, mut seen) = (Queue::default(), Worker::default(), Seen::default());
        let sample = Sample::named("longhorn-10791").expect("the sample");
        let actions = [
            Action::Go(Place::default()),
            Action::Sample(Sample::named("owner-ring").expect("the sample")),
            Action::Sample(sample),
            Action::Profile(gordian_reconcile::Profile::named("after-3719").expect("the profile")),
            Action::Forward,
            Action::Forward,
            Action::Jump(4),
            Action::Back,
            Action::Branch,
            Action::Take(0, 9),
            Action::Forward,
            Action::Select(None),
        ];
        actions.into_iter().for_each(|action| queue.push(ask(action)));
        work(&mut queue, &mut worker, &mut seen);
        let text =
            Input { name: "a".into(), bytes: b"kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n".as_slice().into() };
        queue.push(ask(Action::Load(vec![text])));
        queue.ask();
        queue.push(ask(Action::Forward));

        assert!(queue.lost(&seen.place) && queue.goes_back());
        let (mut worker, mut again) = (Worker::default(), Seen::default());
        let asked = work(&mut queue, &mut worker, &mut again);
        assert_eq!(asked.len(), 7, "{asked:?}");
        assert!(!queue.goes_back() && !queue.is_busy());
        assert_eq!((&again.place, &again.steps, &again.bar), (&seen.place, &seen.steps, &seen.bar));
        assert_eq!((&again.findings, &again.tree), (&seen.findings, &seen.tree));
    }

    #[test]
    fn what_is_written_is_never_lost() {
        let (mut queue, mut worker, mut seen) = (Queue::default(), Worker::default(), Seen::default());
        let sample = |id: &str| Action::Sample(Sample::named(id).expect("the sample"));
        queue.push(ask(sample("owner-ring")));
        work(&mut queue, &mut worker, &mut seen);
        let dump = seen.notebook.dump;
        let note = |subject: usize, text: &str| {
            let about = crate::notes::About::Subject(seen.scene.blocks[subject].subject);
            ask(Action::Note(dump, about, text.into()))
        };
        let notes = [note(0, "A"), note(0, "As"), note(0, "Ask"), note(1, "Ann"), note(0, "Ask her.")];
        queue.push(ask(Action::Forward));
        queue.ask();
        notes.into_iter().for_each(|note| queue.push(note));
        assert!(queue.lost(&seen.place));
        let (mut worker, mut again) = (Worker::default(), Seen::default());
        let asked = work(&mut queue, &mut worker, &mut again);
        assert_eq!(asked.len(), 4, "what is written about one thing is asked once: {asked:?}");
        let written: Vec<&str> = again.notebook.entries.iter().map(|entry| entry.text.as_str()).collect();
        assert!(written.len() == 2 && written.contains(&"Ask her.") && written.contains(&"Ann"), "{written:?}");

        // It outlives the dump, and is there again when that is.
        queue.push(ask(sample("api-gone")));
        work(&mut queue, &mut worker, &mut again);
        assert!(queue.lost(&again.place));
        queue.push(ask(sample("owner-ring")));
        let mut worker = Worker::default();
        work(&mut queue, &mut worker, &mut again);
        assert_eq!(again.notebook.entries.len(), 2);
    }

    #[test]
    fn a_worker_that_is_lost_on_the_way_back_is_not_sent_there_again() {
        let mut queue = Queue::default();
        queue.push(ask(Action::Sample(Sample::named("owner-ring").expect("the sample"))));
        queue.ask();
        queue.answered(&Place { open: true, ..Place::default() });
        assert!(queue.lost(&Place::default()));
        queue.ask();
        assert!(!queue.lost(&Place::default()));
        assert!(!queue.is_busy() && !queue.goes_back());
    }
}
