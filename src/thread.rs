//! The worker's end: it hears what the page asks, has [`Worker`] do it, and tells the page what comes of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent, Performance};

use crate::engine::{Input, Phase, Probe};
use crate::state::Action;
use crate::tell::Tell;
use crate::worker::Worker;

/// As long does a search go on before the worker listens again, in milliseconds.
const SLICE: f64 = 40.0;
/// As many bytes of a file are read at once: between two pieces the page hears how far it is.
const PIECE: f64 = 4_194_304.0;

/// Listens, for as long as the page lets it.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let clock = Clock { performance: scope.performance(), begun: Rc::default(), told: Rc::default() };
    let thread = Thread { worker: Rc::default(), clock, searches: Rc::default() };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let thread = thread.clone();
        spawn_local(async move { thread.answer(&Array::from(&event.data())).await });
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    tell(&Tell::Ready);
}

#[derive(Clone)]
struct Thread {
    worker: Rc<RefCell<Worker>>,
    clock: Clock,
    /// Whether a turn of a search is to come.
    searches: Rc<Cell<bool>>,
}

impl Thread {
    /// The first of what was sent is the action, and then come its files.
    async fn answer(&self, sent: &Array) {
        let bytes = Uint8Array::new(&sent.get(0)).to_vec();
        let Ok(action) = postcard::from_bytes(&bytes) else {
            return tell(&Tell::Shown(true));
        };
        let actions = match action {
            Action::Load(inputs) => self.read(inputs, sent).await,
            action => vec![action],
        };
        for action in actions {
            let parts = self.worker.borrow_mut().answer(action, &self.clock);
            parts.into_iter().flat_map(Tell::of).for_each(|part| tell(&part));
        }
        tell(&Tell::Shown(true));
        self.search();
    }

    /// Goes on with a search, and listens in between.
    fn search(&self) {
        if !self.worker.borrow().searches() || self.searches.replace(true) {
            return;
        }
        let thread = self.clone();
        let turn = move || {
            thread.searches.set(false);
            let end = thread.clock.now() + SLICE;
            let parts = thread.worker.borrow_mut().advance(|| thread.clock.now() >= end);
            parts.into_iter().flat_map(Tell::of).for_each(|part| tell(&part));
            tell(&Tell::Shown(false));
            thread.search();
        };
        Timeout::new(0, turn).forget();
    }

    /// Reads the files that are loaded. What cannot be read is told by name.
    async fn read(&self, inputs: Vec<Input>, sent: &Array) -> Vec<Action> {
        self.clock.start(Phase::Read);
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        for (file, input) in sent.iter().skip(1).zip(inputs) {
            match self.bytes(&file.unchecked_into()).await {
                Ok(bytes) => read.push(Input { bytes: bytes.into(), ..input }),
                Err(_) => unreadable.push(Action::Unreadable(input.name)),
            }
        }
        self.clock.end(Phase::Read);
        let load = (!read.is_empty()).then_some(Action::Load(read));
        load.into_iter().chain(unreadable).collect()
    }

    /// Reads a file, piece by piece.
    async fn bytes(&self, file: &Blob) -> Result<Vec<u8>, JsValue> {
        let size = file.size();
        let mut bytes = vec![0; size as usize];
        let mut at = 0.0;
        while at < size {
            let end = size.min(at + PIECE);
            let piece = JsFuture::from(file.slice_with_f64_and_f64(at, end)?.array_buffer()).await?;
            Uint8Array::new(&piece).copy_to(&mut bytes[at as usize..end as usize]);
            at = end;
            self.clock.share(at as usize, size as usize);
        }
        Ok(bytes)
    }
}

/// Tells the page something. The bytes change hands, and are not copied.
fn tell(tell: &Tell) {
    let buffer: ArrayBuffer = Uint8Array::from(tell.to_bytes().as_slice()).buffer();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    // It fails only for what cannot be transferred.
    let _ = scope.post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

/// Puts the phases of the work where any profiler shows them, and tells the page of them.
#[derive(Clone)]
struct Clock {
    performance: Option<Performance>,
    /// When the phases began that did not end yet: one can be part of another.
    begun: Rc<RefCell<Vec<f64>>>,
    /// The percentage that the page heard of last.
    told: Rc<Cell<usize>>,
}

impl Clock {
    fn now(&self) -> f64 {
        self.performance.as_ref().map_or(0.0, Performance::now)
    }

    fn mark(phase: Phase) -> String {
        format!("{}:start", phase.name())
    }
}

impl Probe for Clock {
    fn start(&self, phase: Phase) {
        tell(&Tell::Begins(phase));
        self.begun.borrow_mut().push(self.now());
        if let Some(performance) = &self.performance {
            // A browser that cannot measure loses nothing but the measure.
            let _ = performance.mark(&Self::mark(phase));
        }
    }

    fn end(&self, phase: Phase) {
        let begun = self.begun.borrow_mut().pop();
        if let Some((performance, begun)) = self.performance.as_ref().zip(begun) {
            tell(&Tell::Measured(phase, performance.time_origin() + begun, self.now() - begun));
            let mark = Self::mark(phase);
            let _ = performance.measure_with_start_mark(phase.name(), &mark);
            performance.clear_marks_with_mark_name(&mark);
        }
    }

    fn share(&self, done: usize, of: usize) {
        let percent = done * 100 / of.max(1);
        if self.told.replace(percent) != percent {
            tell(&Tell::Share(percent));
        }
    }
}
