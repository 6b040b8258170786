//! What the browser gives: time, files, the clipboard, storage, the address.

use std::cell::Cell;
use std::ops::Range;

use gloo::utils::{document, document_element, window};
use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Element, Event, FileList, HtmlAnchorElement, HtmlElement, ScrollIntoViewOptions,
    ScrollLogicalPosition, Url,
};

use crate::engine::{Phase, Probe};

/// Puts what the page itself does where any profiler shows it: User Timing.
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

    fn share(&self, _: usize, _: usize) {}
}

#[wasm_bindgen]
extern "C" {
    /// `performance.measure` with times of one's own.
    #[wasm_bindgen(js_namespace = performance, js_name = measure, catch)]
    fn measure(name: &str, options: &Object) -> Result<JsValue, JsValue>;

    /// What a paste brings, and a field into which is written: `getData` and `value` as texts that stay in the browser.
    type Holder;
    #[wasm_bindgen(method, js_name = getData)]
    fn get_data(this: &Holder, format: &str) -> JsString;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Holder) -> JsString;
}

/// Puts what the worker did, when it began in milliseconds since 1970 and how long it took, beside what the page did.
pub(crate) fn measured(phase: Phase, start: f64, millis: f64) {
    let Some(performance) = window().performance() else {
        return;
    };
    let options = Object::new();
    let start = (start - performance.time_origin()).max(0.0);
    // A browser that cannot measure loses nothing but the measure.
    let _ = Reflect::set(&options, &"start".into(), &start.into());
    let _ = Reflect::set(&options, &"end".into(), &(start + millis).into());
    let _ = measure(phase.name(), &options);
}

/// Says to a test whether anything is under way.
pub(crate) fn set_idle(idle: bool) {
    let search = window().location().search().unwrap_or_default();
    if search.contains("testing") {
        let value = if idle { "true" } else { "false" };
        let _ = document_element().set_attribute("data-idle", value);
    }
}

/// The files of a list, with their names.
pub(crate) fn files(list: Option<FileList>) -> Vec<(String, Blob)> {
    let Some(list) = list else {
        return Vec::new();
    };
    let files = (0..list.length()).filter_map(|index| list.get(index));
    files.map(|file| (file.name(), file.into())).collect()
}

/// The text that a paste brings, as a file.
pub(crate) fn pasted(data: &web_sys::DataTransfer) -> Option<Blob> {
    text_blob(data.unchecked_ref::<Holder>().get_data("text")).filter(|blob| blob.size() > 0.0)
}

/// The text that was written into a field, as a file.
pub(crate) fn written(field: &HtmlElement) -> Option<Blob> {
    text_blob(field.unchecked_ref::<Holder>().value())
}

/// The browser turns a text into bytes, and keeps them: they never pass through the page's own memory.
fn text_blob(text: JsString) -> Option<Blob> {
    Blob::new_with_str_sequence(&Array::of1(&text)).ok()
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

/// A file that is made here.
pub(crate) fn blob(text: &str, kind: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options).ok()
}

/// Hands a file over, as a download. It never leaves the machine.
pub(crate) fn download(name: &str, blob: &Option<Blob>) {
    let address = blob.as_ref().and_then(|blob| Url::create_object_url_with_blob(blob).ok());
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    let (Some(address), Some(link)) = (address, link) else {
        return;
    };
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser begins to read with the click; a moment later it needs the address no more.
    gloo::timers::callback::Timeout::new(10_000, move || {
        // An address that is not known is nothing to revoke.
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
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

/// The names of all that is remembered.
pub(crate) fn remembered_names() -> Vec<String> {
    let storage = window().local_storage().ok().flatten();
    let names = |storage: web_sys::Storage| {
        let count = storage.length().unwrap_or_default();
        (0..count).filter_map(|index| storage.key(index).ok()?).collect()
    };
    storage.map(names).unwrap_or_default()
}

/// Remembers something for the next visit. `false` where there is no room for it, or no storage.
pub(crate) fn remember(name: &str, value: &str) -> bool {
    let storage = window().local_storage().ok().flatten();
    storage.is_some_and(|storage| storage.set_item(name, value).is_ok())
}

/// Remembers it no longer.
pub(crate) fn forget(name: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(name);
    }
}

/// The address of the page, with another hash.
pub(crate) fn address(hash: &str) -> String {
    let location = window().location();
    let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
    format!("{origin}{path}{hash}")
}

/// Moves the keyboard to an element.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Moves the keyboard to a field, or to the one that a button opens.
pub(crate) fn open_field(id: &str) {
    let element = document().get_element_by_id(id);
    match element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        Some(button) if button.tag_name() == "BUTTON" => button.click(),
        Some(_) => focus(id),
        None => {}
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
    match element.tag_name().as_str() {
        // A slider takes the arrows and no letters.
        "INPUT" => element.get_attribute("type").as_deref() != Some("range"),
        tag => matches!(tag, "TEXTAREA" | "SELECT"),
    }
}

/// The id of a line of an object's text.
pub(crate) fn line_id(line: usize) -> String {
    format!("line-{line}")
}

/// What the window hears when a line of the inspected object's text is asked for.
pub(crate) const SHOW_LINE: &str = "gordian-show-line";

thread_local! {
    /// The line that is asked for. Its text may yet have to be drawn.
    static WANTED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Asks for a line of the inspected object's text, by its number in the file.
pub(crate) fn show_line(line: usize) {
    WANTED.set(Some(line));
    if let Ok(event) = Event::new(SHOW_LINE) {
        let _ = window().dispatch_event(&event);
    }
}

/// The line that is asked for, if it is one of these. It is given once.
pub(crate) fn wanted_line(lines: &Range<usize>) -> Option<usize> {
    let wanted = WANTED.get().filter(|line| lines.contains(line))?;
    WANTED.set(None);
    Some(wanted)
}

/// Brings an element into the middle of what is seen, as far as it is not seen yet.
pub(crate) fn bring_into_view(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        options.set_inline(ScrollLogicalPosition::Start);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
