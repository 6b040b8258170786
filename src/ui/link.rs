//! The page's end of the worker: it asks one thing at a time, hands what it is told to the store, and starts anew where a
//! worker is lost.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::utils::document;
use js_sys::{Array, ArrayBuffer, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ErrorEvent, HtmlScriptElement, MessageEvent, WorkerOptions, WorkerType};
use yew::prelude::*;

use super::browser;
use super::store::{Change, Doing, Store, Trouble};
use crate::engine::Input;
use crate::queue::{Ask, Queue};
use crate::seen::Seen;
use crate::state::Action;
use crate::tell::{Slices, Tell};

/// What takes longer, in milliseconds, is told of.
const PATIENCE: u32 = 150;
/// As many workers stand by: nothing is fetched after the page has loaded, so that none could be started then.
const SPARES: usize = 2;

/// The way to the worker.
#[derive(Clone)]
pub(crate) struct Link(Rc<RefCell<End>>);

struct End {
    store: UseReducerDispatcher<Store>,
    thread: Option<Thread>,
    spares: Vec<Thread>,
    /// How many workers were started: each has its number.
    started: usize,
    ready: bool,
    queue: Queue<Blob>,
    /// What was told, and is shown when the answer is complete.
    seen: Seen,
    /// What was told of a large drawing so far.
    slices: Slices,
    /// Where the page stands.
    shown: Seen,
    /// What is to be shown next. Much of it is shown pane by pane, so that a person can do something in between.
    to_show: VecDeque<Seen>,
    doing: Doing,
    /// Runs from when something is asked until all is answered.
    patience: Option<Timeout>,
    is_patient: bool,
}

/// A worker that was started, and what listens to it.
struct Thread {
    number: usize,
    worker: web_sys::Worker,
    /// Whether it has all that it needs of the network.
    loaded: bool,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broke: Closure<dyn FnMut(ErrorEvent)>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Link {
    /// Starts the worker, and those that stand by.
    pub(crate) fn start(store: UseReducerDispatcher<Store>) -> Self {
        let end = End {
            store,
            thread: None,
            spares: Vec::new(),
            started: 0,
            ready: false,
            queue: Queue::default(),
            seen: Seen::default(),
            slices: Slices::default(),
            shown: Seen::default(),
            to_show: VecDeque::new(),
            doing: Doing::default(),
            patience: None,
            is_patient: true,
        };
        let link = Self(Rc::new(RefCell::new(end)));
        link.0.borrow_mut().spares = (0..=SPARES).filter_map(|_| link.thread()).collect();
        link.take_over();
        link
    }

    /// Asks the worker to do something.
    pub(crate) fn ask(&self, action: Action) {
        self.ask_with(action, Vec::new());
    }

    /// Asks the worker to load files.
    pub(crate) fn load(&self, files: Vec<(String, Blob)>) {
        let (names, files): (Vec<String>, Vec<Blob>) = files.into_iter().unzip();
        let inputs = names.into_iter().map(|name| Input { name, bytes: Rc::default() }).collect();
        self.ask_with(Action::Load(inputs), files);
    }

    fn ask_with(&self, action: Action, files: Vec<Blob>) {
        if self.0.borrow().thread.is_none() {
            return;
        }
        browser::set_idle(false);
        // Where the address leads nowhere, nobody waits for it.
        let is_awaited = !matches!(&action, Action::Go(place) if !place.open);
        self.0.borrow_mut().queue.push(Ask { action, files });
        self.tell_store(Change::Asked);
        self.go_on();
        if is_awaited {
            self.be_patient();
        }
    }

    /// Gives up what the worker does. What was there before comes back.
    pub(crate) fn cancel(&self) {
        self.lose(None);
    }

    fn thread(&self) -> Option<Thread> {
        let source = script()?.src();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(&source, &options).ok()?;
        let number = {
            let mut end = self.0.borrow_mut();
            end.started += 1;
            end.started
        };
        let (hears, breaks) = (self.clone(), self.clone());
        let heard = Closure::new(move |event: MessageEvent| hears.hear(number, &event));
        let broke = Closure::new(move |event: ErrorEvent| {
            // The page says what happened, in its own words.
            event.prevent_default();
            breaks.broke(number);
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(broke.as_ref().unchecked_ref()));
        Some(Thread { number, worker, loaded: false, _heard: heard, _broke: broke })
    }

    /// One that stands by is the worker from here on. Where none does, one is started.
    fn take_over(&self) {
        let spare = {
            let spares = &mut self.0.borrow_mut().spares;
            (!spares.is_empty()).then(|| spares.remove(0))
        };
        let thread = spare.or_else(|| self.thread());
        let number = thread.as_ref().map(|thread| thread.number);
        {
            let mut end = self.0.borrow_mut();
            end.thread = thread;
            end.ready = false;
            (end.seen, end.slices) = (Seen::default(), Slices::default());
        }
        match number.zip(program()) {
            Some((number, program)) => {
                let link = self.clone();
                spawn_local(async move { link.begin(number, JsFuture::from(program).await) });
            }
            None => self.give_up(Trouble::NoWorker),
        }
    }

    /// Sends the worker its program, once that has come and is compiled.
    fn begin(&self, number: usize, program: Result<JsValue, JsValue>) {
        let trouble = match (self.0.borrow().thread.as_ref().filter(|thread| thread.number == number), program) {
            // It was lost meanwhile, and another one took over.
            (None, _) => None,
            (Some(_), Err(_)) => Some(Trouble::NoProgram),
            (Some(thread), Ok(program)) => thread.worker.post_message(&program).err().map(|_| Trouble::NoWorker),
        };
        if let Some(trouble) = trouble {
            self.give_up(trouble);
        }
    }

    /// There is no worker, and none can be started.
    fn give_up(&self, trouble: Trouble) {
        {
            let mut end = self.0.borrow_mut();
            end.thread = None;
            end.patience = None;
            end.is_patient = true;
        }
        self.tell_store(Change::Trouble(Some(trouble)));
        self.tell_store(Change::Doing(None));
        self.tell_store(Change::Answered);
    }

    /// Hears of a worker: nothing, when it has loaded, and then what it tells.
    fn hear(&self, number: usize, event: &MessageEvent) {
        let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() else {
            {
                let mut end = self.0.borrow_mut();
                let End { thread, spares, .. } = &mut *end;
                let mut all = thread.iter_mut().chain(spares);
                if let Some(thread) = all.find(|thread| thread.number == number) {
                    thread.loaded = true;
                }
            }
            return self.rest();
        };
        let Some(tell) = Tell::from_bytes(&Uint8Array::new(&buffer).to_vec()) else {
            return;
        };
        match tell {
            Tell::Ready => {
                self.0.borrow_mut().ready = true;
                self.go_on();
                self.rest();
            }
            Tell::Begins(phase) => self.does(Doing { phase: Some(phase), percent: None, ..self.doing() }),
            Tell::Share(percent) => self.does(Doing { percent: Some(percent), ..self.doing() }),
            Tell::Measured(phase, start, millis) => browser::measured(phase, start, millis),
            Tell::Boxes(boxes) => self.0.borrow_mut().slices.boxes(boxes),
            Tell::Arrows(arrows) => self.0.borrow_mut().slices.arrows(arrows),
            Tell::Part(part) => {
                let End { seen, slices, .. } = &mut *self.0.borrow_mut();
                seen.take(slices.complete(part));
            }
            Tell::Shown(is_answer) => self.shown(is_answer),
        }
    }

    fn doing(&self) -> Doing {
        self.0.borrow().doing
    }

    fn does(&self, doing: Doing) {
        let is_patient = {
            let mut end = self.0.borrow_mut();
            end.doing = doing;
            end.is_patient
        };
        if !is_patient {
            self.tell_store(Change::Doing(Some(doing)));
        }
    }

    fn shown(&self, is_answer: bool) {
        let at_once = {
            let mut end = self.0.borrow_mut();
            let End { queue, seen, shown, to_show, .. } = &mut *end;
            if is_answer {
                queue.answered(&seen.place);
            }
            let at_once = to_show.is_empty();
            // On its way back a worker shows what was shown long ago.
            if !queue.goes_back() {
                to_show.extend(seen.pane_by_pane(shown));
                *shown = seen.clone();
            }
            at_once
        };
        if at_once {
            self.show();
        }
        self.go_on();
        self.rest();
    }

    /// Shows what is to be shown next, and lets the page breathe before it goes on.
    fn show(&self) {
        let next = self.0.borrow_mut().to_show.pop_front();
        if let Some(seen) = next {
            self.tell_store(Change::Seen(Box::new(seen)));
        }
        if !self.0.borrow().to_show.is_empty() {
            let link = self.clone();
            let on = move || {
                link.show();
                link.rest();
            };
            Timeout::new(0, on).forget();
        }
    }

    /// Asks what is to be asked next.
    fn go_on(&self) {
        {
            let mut end = self.0.borrow_mut();
            let End { thread, queue, ready, doing, .. } = &mut *end;
            let Some(thread) = thread.as_ref().filter(|_| *ready) else {
                return;
            };
            let back = queue.goes_back();
            let Some(ask) = queue.ask() else {
                return;
            };
            *doing = Doing { back, ..Doing::default() };
            post(thread, ask);
        }
        self.be_patient();
    }

    /// Says what the worker does, once that takes long; if only that its program is still to come.
    fn be_patient(&self) {
        if self.0.borrow().patience.is_some() {
            return;
        }
        let link = self.clone();
        let timer = Timeout::new(PATIENCE, move || {
            link.0.borrow_mut().is_patient = false;
            link.tell_store(Change::Doing(Some(link.doing())));
        });
        self.0.borrow_mut().patience = Some(timer);
    }

    /// Says so when nothing is left to do.
    fn rest(&self) {
        let rests = {
            let mut end = self.0.borrow_mut();
            let loads = end.thread.iter().chain(&end.spares).any(|thread| !thread.loaded);
            let rests = end.ready && !end.queue.is_busy() && end.to_show.is_empty();
            if rests {
                end.patience = None;
                end.is_patient = true;
            }
            (rests, loads)
        };
        if rests.0 {
            self.tell_store(Change::Doing(None));
            if !rests.1 {
                self.tell_store(Change::Answered);
            }
        }
    }

    /// A worker broke down.
    fn broke(&self, number: usize) {
        let (is_it, was_ready) = {
            let mut end = self.0.borrow_mut();
            end.spares.retain(|spare| spare.number != number);
            (end.thread.as_ref().is_some_and(|thread| thread.number == number), end.ready)
        };
        match (is_it, was_ready) {
            (true, true) => self.lose(Some(Trouble::Broke)),
            (true, false) => self.give_up(Trouble::NoWorker),
            (false, _) => self.rest(),
        }
    }

    /// The worker is gone, and another one is led to where it was.
    fn lose(&self, trouble: Option<Trouble>) {
        let lost = {
            let mut end = self.0.borrow_mut();
            let End { queue, shown, .. } = &mut *end;
            queue.lost(&shown.place);
            end.thread.take()
        };
        drop(lost);
        self.tell_store(Change::Trouble(trouble));
        self.tell_store(Change::Asked);
        self.take_over();
    }

    fn tell_store(&self, change: Change) {
        let store = self.0.borrow().store.clone();
        store.dispatch(change);
    }
}

/// The element that started the page.
fn script() -> Option<HtmlScriptElement> {
    document().query_selector("script[src*='boot.js']").ok()??.dyn_into().ok()
}

/// The program of the workers, compiled: `static/boot.js` leaves it with that element.
fn program() -> Option<Promise> {
    Reflect::get(script()?.as_ref(), &"worker".into()).ok()?.dyn_into().ok()
}

/// Sends what is asked: its bytes change hands, and its files stay where the browser holds them.
fn post(thread: &Thread, ask: &Ask<Blob>) {
    let bytes = postcard::to_allocvec(&ask.action).unwrap_or_default();
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    let message = Array::of1(&buffer);
    ask.files.iter().for_each(|file| {
        message.push(file);
    });
    // It fails only for what cannot be sent, and bytes and files can.
    let _ = thread.worker.post_message_with_transfer(&message, &Array::of1(&buffer));
}
