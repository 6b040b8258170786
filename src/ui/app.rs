//! The page as a whole.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::{document_element, window};
use wasm_bindgen::JsCast;
use web_sys::{Blob, ClipboardEvent, DragEvent, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::browser;
use super::compare::Compare;
use super::crumbs::Crumbs;
use super::drawing::Drawing;
use super::findings::Findings;
use super::help::Help;
use super::inspector::Inspector;
use super::keep::{self, Keep, Pack};
use super::link::Link;
use super::notices::Notices;
use super::objects::Objects;
use super::progress::Progress;
use super::shared::{Page, Shared};
use super::start::Start;
use super::stepper::Stepper;
use super::store::{Change, Store};
use super::top::{Theme, Top};
use crate::engine::Phase;
use crate::link::Parcel;
use crate::messages::{Language, Text};
use crate::seen::Seen;
use crate::state::Action;
use crate::url::{Camera, Place};

/// A pane. On a narrow screen one at a time lies over the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Findings,
    Drawing,
    Inspector,
    Steps,
}

impl Pane {
    const ALL: [Self; 4] = [Self::Findings, Self::Drawing, Self::Inspector, Self::Steps];

    fn id(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::Drawing => "drawing",
            Self::Inspector => "inspector",
            Self::Steps => "steps",
        }
    }

    fn name(self) -> Text {
        match self {
            Self::Findings => Text::Findings,
            Self::Drawing => Text::Drawing,
            Self::Inspector => Text::Inspector,
            Self::Steps => Text::Steps,
        }
    }
}

/// One step's time while playing, at speed 1.
const BEAT: f64 = 1400.0;

#[component]
pub(crate) fn App() -> Html {
    let store = use_reducer(Store::default);
    let seen = &store.seen;
    let link = {
        let store = store.dispatcher();
        use_memo((), move |()| Link::start(store))
    };
    let page = use_told(&store, &link);
    let pane = use_state(|| Pane::Findings);
    let help = use_state(|| false);
    let playing = use_state(|| false);
    let drawing = use_state(|| false);
    let speed = use_state(|| 1.0);
    let theme = use_theme();
    use_effect_with(page.language, |language| {
        let _ = document_element().set_attribute("lang", language.page().tag());
    });
    let files = use_node_ref();

    let camera = use_state(|| None::<Camera>);
    let goal = use_address(&seen.place, &camera, store.busy, &page.tell);
    let dropping = use_drop(&page.load);
    use_paste(&page);
    use_playing(seen, &page.tell, &playing, *speed);
    {
        // On a narrow screen, what is selected is looked at; but who goes from match to match stays with the list.
        let pane = pane.setter();
        use_effect_with(seen.looking.selected, move |selected| {
            if selected.is_some() && !browser::is_active_in(".search") {
                pane.set(Pane::Inspector);
            }
        });
    }
    {
        // And what is filtered, too.
        let pane = pane.setter();
        use_effect_with(seen.looking.filter.is_empty(), move |&is_empty| {
            if !is_empty {
                pane.set(Pane::Findings);
            }
        });
    }
    let onplay = use_callback(playing.clone(), |(), playing| playing.set(!**playing));
    use_keys(&page, &pane, &help, seen.comparison.is_some(), &onplay);
    use_idle(store.busy || *playing || *drawing || seen.script.under_way.is_some(), store.asked);

    let onfiles = {
        let files = files.clone();
        use_callback((), move |_: MouseEvent, ()| {
            if let Some(input) = files.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let load = page.load.clone();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                load.emit(browser::files(input.files()));
                // The same file can be chosen again.
                input.set_value("");
            }
        })
    };
    let ontheme = {
        let theme = theme.clone();
        Callback::from(move |_: MouseEvent| theme.set(theme.next()))
    };
    let onhelp = use_callback(help.setter(), |_: MouseEvent, help| help.set(true));
    let onclose = use_callback(help.setter(), |(), help| help.set(false));
    let oncamera = use_callback(camera.setter(), |to, camera| camera.set(to));
    let ondrawing = use_callback(drawing.setter(), |busy, drawing| drawing.set(busy));
    let onstep = use_callback(pane.setter(), |(), pane| pane.set(Pane::Steps));
    let onspeed = use_callback(speed.setter(), |to, speed| speed.set(to));
    let oncancel = use_callback((), move |(), ()| link.cancel());
    let onwell = use_callback(store.dispatcher(), |(), store| store.dispatch(Change::Trouble(None)));
    let open = seen.looking.open;
    let is_linked = seen.place.text.is_some();
    let loaded = (open && !seen.head.is_sample && !is_linked).then_some(seen.head.loaded);
    let pack = use_pack(&seen.parcel, &page.tell);
    let text = |text| page.language.text(text);
    let shared =
        |seen: &Seen| (Shared(Rc::clone(&seen.steps)), Shared(Rc::clone(&seen.bar)), Shared(Rc::clone(&seen.script)));
    let (steps, bar, script) = shared(seen);
    let notebook = Shared(Rc::clone(&seen.notebook));
    let body = match open {
        false => {
            html! { <Start onfiles={onfiles.clone()} reading={store.doing.is_some_and(|doing| doing.phase == Some(Phase::Read))} /> }
        }
        true => panes(
            &store,
            page.language,
            &pane,
            Eye { onbusy: ondrawing, goal, oncamera, onstep },
            html! {
                <Stepper {steps} lanes={Shared(Rc::clone(&seen.lanes))} bar={bar.clone()} {script}
                    notebook={notebook.clone()} playing={*playing} {onplay} speed={*speed} {onspeed} />
            },
        ),
    };
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <div class={classes!("app", open.then_some("opened"))} data-pane={pane.id()}>
                <Top head={open.then(|| Shared(Rc::clone(&seen.head)))} theme={*theme} {ontheme} {onhelp} onfiles={onfiles.clone()} onskip={skip()}
                    {is_linked} notebook={notebook.clone()} pack={pack.clone()}>
                    <input ref={files} class="unseen" type="file" multiple=true tabindex="-1" aria-label={text(Text::ChooseFiles)}
                        data-testid="file" {onchange} />
                </Top>
                <div>
                    <Keep {loaded} {notebook} {pack} />
                    <Notices notices={Shared(Rc::clone(&seen.notices))} trouble={store.trouble} {onwell} />
                </div>
                { body }
                <Help open={*help} {onclose} />
                <Compare comparison={Shared(Rc::clone(&seen.comparison))} {bar} />
                <Progress doing={store.doing} {oncancel} />
                if *dropping {
                    <div class="drop" data-testid="drop"><p>{ text(Text::Drop) }</p></div>
                }
            </div>
        </ContextProvider<Page>>
    }
}

/// The ways to say what a person does: to the worker, but for what the page only looks at by itself.
#[hook]
fn use_told(store: &UseReducerHandle<Store>, link: &Rc<Link>) -> Page {
    let tell = {
        let (link, store) = (Rc::clone(link), store.dispatcher());
        use_callback((), move |action: Action, ()| match action {
            Action::Point(pointed) => store.dispatch(Change::Point(pointed)),
            action => link.ask(action),
        })
    };
    let load = {
        let link = Rc::clone(link);
        use_callback((), move |files: Vec<(String, Blob)>, ()| {
            if !files.is_empty() {
                link.load(files);
            }
        })
    };
    Page { language: Language::default(), tell, load }
}

/// What the drawing hears from the page, and the page from its panes.
struct Eye {
    onbusy: Callback<bool>,
    goal: Option<(u32, Camera)>,
    oncamera: Callback<Option<Camera>>,
    /// A person goes to a step.
    onstep: Callback<()>,
}

/// The three panes and the stepper.
fn panes(store: &Store, language: Language, pane: &UseStateHandle<Pane>, eye: Eye, stepper: Html) -> Html {
    let (seen, looking) = (&store.seen, &store.seen.looking);
    let text = |text| language.text(text);
    let notebook = Shared(Rc::clone(&seen.notebook));
    let tab = |each: Pane| {
        let pane = pane.clone();
        let current = (*pane == each).then_some("page");
        let onclick = Callback::from(move |_: MouseEvent| pane.set(each));
        html! {
            <button key={each.id()} type="button" class="tab" aria-current={current} {onclick} data-testid={format!("tab-{}", each.id())}>{ text(each.name()) }</button>
        }
    };
    let about = format!("{:?} {:?}", looking.sample, looking.finding);
    html! {
        <>
            <main class="panes" id="main" tabindex="-1">
                <section id="findings" class="pane" tabindex="-1" aria-label={text(Text::Findings)}>
                    <h2>{ text(Text::Findings) }</h2>
                    <Findings findings={Shared(Rc::clone(&seen.findings))} pointed={store.pointed} notebook={notebook.clone()}
                        onstep={eye.onstep} />
                    <Objects tree={Shared(Rc::clone(&seen.tree))} filter={looking.filter.clone()} selected={looking.selected} />
                </section>
                <section id="drawing" class="pane" tabindex="-1" aria-label={text(Text::Drawing)}>
                    <Crumbs crumbs={Shared(Rc::clone(&seen.crumbs))} />
                    <div class="under-crumbs">
                        <Drawing scene={Shared(Rc::clone(&seen.scene))} selected={looking.selected} pointed={store.pointed}
                            scope={looking.scope} of_finding={looking.finding.is_some()} {about} onbusy={eye.onbusy}
                            goal={eye.goal} oncamera={eye.oncamera} />
                    </div>
                </section>
                <section id="inspector" class="pane" tabindex="-1" aria-label={text(Text::Inspector)} data-testid="inspector">
                    <h2>{ text(Text::Inspector) }</h2>
                    <Inspector inspection={Shared(Rc::clone(&seen.inspection))} {notebook} />
                </section>
                <section id="steps" class="pane" tabindex="-1" aria-label={text(Text::Steps)}>
                    <h2>{ text(Text::Steps) }</h2>
                    { stepper }
                </section>
            </main>
            <nav class="tabs" aria-label={text(Text::Objects)}>{ for Pane::ALL.into_iter().map(tab) }</nav>
        </>
    }
}

/// The address is the page's own: the skip link must not write over it.
fn skip() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| {
        event.prevent_default();
        browser::focus("main");
    })
}

/// Light, dark, or as the system has it; remembered for the next visit.
#[hook]
fn use_theme() -> UseStateHandle<Theme> {
    const NAME: &str = "gordian-theme";
    let theme = use_state(|| Theme::named(&browser::remembered(NAME).unwrap_or_default()));
    use_effect_with(*theme, |theme| {
        let _ = document_element().set_attribute("data-theme", theme.name());
        let _ = browser::remember(NAME, theme.name());
    });
    theme
}

/// Asks for what is loaded to be made ready to travel, and hands it on when it is.
#[hook]
fn use_pack(parcel: &Rc<Option<Parcel>>, tell: &Callback<Action>) -> Pack {
    let waiting = use_mut_ref(Vec::<Callback<Rc<Parcel>>>::new);
    {
        let waiting = waiting.clone();
        use_effect_with(Shared(Rc::clone(parcel)), move |parcel| {
            if let Some(parcel) = Option::clone(parcel).map(Rc::new) {
                let answers = std::mem::take(&mut *waiting.borrow_mut());
                answers.into_iter().for_each(|answer| answer.emit(Rc::clone(&parcel)));
            }
        });
    }
    // Who asks when something else was just loaded is not to get what was packed of the former.
    use_callback((tell.clone(), Shared(Rc::clone(parcel))), move |answer: Callback<Rc<Parcel>>, (tell, parcel)| {
        match Option::clone(parcel) {
            Some(parcel) => answer.emit(Rc::new(parcel)),
            None => {
                waiting.borrow_mut().push(answer);
                tell.emit(Action::Pack);
            }
        }
    })
}

/// The address follows the page, and the page follows the address. While something is asked, the address is ahead of the page. Gives where
/// an address leads the camera, once the rest of it was answered.
#[hook]
fn use_address(
    place: &Rc<Place>,
    camera: &UseStateHandle<Option<Camera>>,
    busy: bool,
    tell: &Callback<Action>,
) -> Option<(u32, Camera)> {
    let last = use_mut_ref(Place::default);
    let wanted = use_mut_ref(|| None::<Camera>);
    let goal = use_state(|| None::<(u32, Camera)>);
    {
        let (last, wanted, tell) = (last.clone(), wanted.clone(), tell.clone());
        use_effect_with((), move |()| {
            let restore = tell.clone();
            let go = move || {
                let place = Place::from_hash(&browser::hash());
                *last.borrow_mut() = place.clone();
                *wanted.borrow_mut() = place.camera;
                tell.emit(Action::Go(place));
            };
            let notes = keep::kept_notes();
            if !notes.is_empty() {
                restore.emit(Action::Notes(notes));
            }
            let place = Place::from_hash(&browser::hash());
            if place.open
                && place.sample.is_none()
                && place.text.is_none()
                && let Some((_, kept)) = keep::kept()
            {
                restore.emit(kept);
            }
            go();
            let again = go.clone();
            let listeners = [
                EventListener::new(&window(), "popstate", move |_| go()),
                EventListener::new(&window(), "hashchange", move |_| again()),
            ];
            move || drop(listeners)
        });
    }
    let (setter, moved) = (goal.setter(), camera.setter());
    let times = goal.map_or(0, |(times, _)| times);
    use_effect_with((Rc::clone(place), **camera, busy), move |(place, camera, busy)| {
        if *busy {
            return;
        }
        let wanted = wanted.borrow_mut().take();
        if let Some(camera) = wanted.filter(|_| place.open) {
            setter.set(Some((times + 1, camera)));
            moved.set(Some(camera));
        }
        let place = Place { camera: wanted.or(*camera).filter(|_| place.open), ..Place::clone(place) };
        let apart = place.is_apart_from(&last.borrow());
        *last.borrow_mut() = place.clone();
        let hash = place.to_hash();
        if hash != browser::hash() {
            browser::set_hash(&hash, apart);
        }
    });
    *goal
}

/// Files are dropped anywhere. Gives whether some are held over the page.
#[hook]
fn use_drop(load: &Callback<Vec<(String, Blob)>>) -> UseStateHandle<bool> {
    let over = use_state(|| false);
    {
        let (load, over) = (load.clone(), over.setter());
        use_effect_with((), move |()| {
            let listen = |name: &'static str, over: UseStateSetter<bool>, load: Callback<Vec<(String, Blob)>>| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window(), name, options, move |event| {
                    let Some(event) = event.dyn_ref::<DragEvent>() else {
                        return;
                    };
                    let has_files = event.data_transfer().is_some_and(|data| {
                        data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files"))
                    });
                    if !has_files {
                        return;
                    }
                    event.prevent_default();
                    match event.type_().as_str() {
                        "drop" => {
                            over.set(false);
                            let files = event.data_transfer().and_then(|data| data.files());
                            load.emit(browser::files(files));
                        }
                        // Leaving one element enters another; only leaving the page leads nowhere.
                        "dragleave" if event.related_target().is_some() => {}
                        "dragleave" => over.set(false),
                        _ => over.set(true),
                    }
                })
            };
            let names = ["dragenter", "dragover", "dragleave", "drop"];
            let listeners = names.map(|name| listen(name, over.clone(), load.clone()));
            move || drop(listeners)
        });
    }
    over
}

/// Text and files are pasted anywhere, but where something else is written.
#[hook]
fn use_paste(page: &Page) {
    let page = page.clone();
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&window(), "paste", options, move |event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>() else {
                return;
            };
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let is_written = |target: web_sys::Element| target.matches("input, .note-field *").unwrap_or(false);
            if target.is_some_and(is_written) {
                return;
            }
            let Some(data) = event.clipboard_data() else {
                return;
            };
            event.prevent_default();
            match browser::pasted(&data) {
                Some(text) => page.load.emit(vec![(page.language.page().pasted().into(), text)]),
                None => page.load.emit(browser::files(data.files())),
            }
        });
        move || drop(listener)
    });
}

/// Plays step after step until the end.
#[hook]
fn use_playing(seen: &Seen, tell: &Callback<Action>, playing: &UseStateHandle<bool>, speed: f64) {
    let (at, of) = if seen.looking.open { (seen.steps.at, seen.steps.of) } else { (0, 0) };
    let (tell, set) = (tell.clone(), playing.setter());
    use_effect_with((**playing, at, of, speed.to_bits()), move |&(is, at, of, _)| {
        let timer = match (is, at < of) {
            (true, true) => {
                let beat = (BEAT / speed) as u32;
                Some(Timeout::new(beat, move || tell.emit(Action::Forward)))
            }
            (true, false) => {
                set.set(false);
                None
            }
            (false, _) => None,
        };
        move || drop(timer)
    });
}

/// Keys for the page as a whole.
#[hook]
fn use_keys(
    page: &Page,
    pane: &UseStateHandle<Pane>,
    help: &UseStateHandle<bool>,
    compares: bool,
    onplay: &Callback<()>,
) {
    let (page, pane) = (page.clone(), pane.setter());
    use_effect_with((help.clone(), compares, onplay.clone()), move |(help, compares, onplay)| {
        let (help, compares, onplay) = (help.clone(), *compares, onplay.clone());
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let with = event.ctrl_key() || event.meta_key() || event.alt_key();
            if with || *help || compares || browser::takes_keys(event.target()) {
                return;
            }
            let go = |to: Pane| {
                pane.set(to);
                browser::focus(if to == Pane::Drawing { "surface" } else { to.id() });
            };
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let on_button =
                target.is_some_and(|target| matches!(target.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY"));
            match event.key().as_str() {
                "]" => page.tell.emit(Action::Forward),
                "[" => page.tell.emit(Action::Back),
                "{" => page.tell.emit(Action::Jump(0)),
                "}" => page.tell.emit(Action::Jump(usize::MAX)),
                " " if !on_button => onplay.emit(()),
                "1" => go(Pane::Findings),
                "2" => go(Pane::Drawing),
                "3" => go(Pane::Inspector),
                "4" => go(Pane::Steps),
                "/" => {
                    pane.set(Pane::Findings);
                    browser::focus("filter");
                }
                ";" => {
                    pane.set(Pane::Inspector);
                    browser::open_field("note-object");
                }
                "?" => help.set(true),
                "Escape" => page.tell.emit(Action::Select(None)),
                _ => return,
            }
            event.prevent_default();
        });
        move || drop(listener)
    });
}

/// Says to tests when the page has come to rest: nothing runs, and what was drawn is on the screen.
#[hook]
fn use_idle(busy: bool, asked: usize) {
    // An answer may come before the question was drawn: what was said when it was asked is taken back all the same.
    use_effect_with((busy, asked), |&(busy, _)| browser::set_idle(!busy));
}
