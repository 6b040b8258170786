//! What the browser gives: time, files, the clipboard, storage, the address.

use gloo::utils::{document, document_element, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, File, FileList, HtmlElement};

use crate::engine::{Input, Phase, Probe};

/// Puts the phases of the work where any profiler shows them: User Timing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Profiler;

impl Profiler {
    fn mark(phase: Phase) -> String {
        format!("{}:start", phase.name())
    }
}

impl Probe for Profiler {
    fn start(&self, phase: Phase) {
        if let Some(performance) = window().performance() {
            // A browser that cannot measure loses nothing but the measure.
            let _ = performance.mark(&Self::mark(phase));
        }
    }

    fn end(&self, phase: Phase) {
        if let Some(performance) = window().performance() {
            let mark = Self::mark(phase);
            let _ = performance.measure_with_start_mark(phase.name(), &mark);
            performance.clear_marks_with_mark_name(&mark);
        }
    }
}

/// Says to a test whether anything is under way.
pub(crate) fn set_idle(idle: bool) {
    let search = window().location().search().unwrap_or_default();
    if search.contains("testing") {
        let value = if idle { "true" } else { "false" };
        let _ = document_element().set_attribute("data-idle", value);
    }
}

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// The files of a list.
pub(crate) fn files(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else {
        return Vec::new();
    };
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

/// Reads files. What cannot be read is given by name.
pub(crate) async fn read(files: Vec<File>) -> (Vec<Input>, Vec<String>) {
    Profiler.start(Phase::Read);
    let (mut inputs, mut unreadable) = (Vec::new(), Vec::new());
    for file in files {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => {
                inputs.push(Input { name: file.name(), bytes: js_sys::Uint8Array::new(&buffer).to_vec().into() })
            }
            Err(_) => unreadable.push(file.name()),
        }
    }
    Profiler.end(Phase::Read);
    (inputs, unreadable)
}

/// Puts a text on the clipboard. `false` where the browser does not let the page.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let has = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if has.is_ok_and(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// The hash of the address.
pub(crate) fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Writes the hash of the address, as a place in the history of its own or in place of the present one.
pub(crate) fn set_hash(hash: &str, apart: bool) {
    let location = window().location();
    let (path, search) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    let address = format!("{path}{search}{hash}");
    let Ok(history) = window().history() else {
        return;
    };
    // A browser refuses when the address changes too often; the next change makes up for it.
    let _ = match apart {
        true => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        false => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
    };
}

/// What was remembered from an earlier visit. Storage can be switched off.
pub(crate) fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Remembers something for the next visit.
pub(crate) fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Moves the keyboard to an element.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Moves the keyboard to the first element of this kind.
pub(crate) fn focus_first(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether the keyboard is in an element of this kind.
pub(crate) fn is_active_in(selector: &str) -> bool {
    let element = document().active_element();
    element.is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Whether keys that are pressed here belong to the element: it is written into, or chosen from.
pub(crate) fn takes_keys(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// The id of a line of an object's text.
pub(crate) fn line_id(line: usize) -> String {
    format!("line-{line}")
}

/// Brings a line of the inspected object's text into view, once it is drawn.
pub(crate) fn show_line(line: usize) {
    gloo::timers::callback::Timeout::new(0, move || {
        if let Some(element) = document().get_element_by_id(&line_id(line)) {
            element.scroll_into_view();
        }
    })
    .forget();
}
