//! The page as a whole.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::{document_element, window};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, File, HtmlInputElement, KeyboardEvent};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::browser::{self, Profiler};
use super::compare::Compare;
use super::crumbs::Crumbs;
use super::drawing::Drawing;
use super::findings::Findings;
use super::help::Help;
use super::inspector::Inspector;
use super::notices::Notices;
use super::objects::Objects;
use super::shared::{Page, Shared};
use super::start::Start;
use super::stepper::Stepper;
use super::store::Store;
use super::top::{Theme, Top};
use crate::crumbs::crumbs;
use crate::engine::{Document, Input, Phase, Probe};
use crate::messages::Text;
use crate::state::{Action, AppState};
use crate::url::Place;

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
    let state = &store.0;
    let tell = {
        let dispatcher = store.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let page = Page { language: state.language, tell: tell.clone() };
    let pane = use_state(|| Pane::Findings);
    let help = use_state(|| false);
    let reading = use_state(|| false);
    let playing = use_state(|| false);
    let searching = use_state(|| false);
    let speed = use_state(|| 1.0);
    let theme = use_theme();
    use_effect_with(state.language, |language| {
        let _ = document_element().set_attribute("lang", language.page().tag());
    });
    let files = use_node_ref();

    use_address(state.place(), &tell);
    let load = use_files(&tell, &reading);
    let dropping = use_drop(&load);
    use_paste(&page, &load);
    use_playing(state, &tell, &playing, *speed);
    {
        // On a narrow screen, what is selected is looked at; but who goes from match to match stays with the list.
        let pane = pane.setter();
        use_effect_with(state.selected, move |selected| {
            if selected.is_some() && !browser::is_active_in(".search") {
                pane.set(Pane::Inspector);
            }
        });
    }
    {
        // And what is filtered, too.
        let pane = pane.setter();
        use_effect_with(state.filter.is_empty(), move |&is_empty| {
            if !is_empty {
                pane.set(Pane::Findings);
            }
        });
    }
    let onplay = use_callback(playing.clone(), |(), playing| playing.set(!**playing));
    use_keys(&page, &pane, &help, state.compared.is_some(), &onplay);
    use_idle(state, *reading || *playing || *searching);

    let onfiles = {
        let files = files.clone();
        use_callback((), move |_: MouseEvent, ()| {
            if let Some(input) = files.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let load = load.clone();
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
    let onbusy = use_callback(searching.setter(), |busy, searching| searching.set(busy));
    let onspeed = use_callback(speed.setter(), |to, speed| speed.set(to));
    let document = state.document.clone().filter(|_| state.open).map(Shared);
    let text = |text| state.language.text(text);
    let body = match &document {
        None => html! { <Start onfiles={onfiles.clone()} reading={*reading} /> },
        Some(document) => panes(
            state,
            document,
            &pane,
            html! {
                <Stepper document={document.clone()} selected={state.selected} playing={*playing} {onplay} speed={*speed} {onspeed}
                    found={state.found.clone().map(Shared)} {onbusy} />
            },
        ),
    };
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <div class={classes!("app", document.is_some().then_some("opened"))} data-pane={pane.id()}>
                <Top document={document.clone()} theme={*theme} {ontheme} {onhelp} onfiles={onfiles.clone()} onskip={skip()}>
                    <input ref={files} class="unseen" type="file" multiple=true tabindex="-1" aria-label={text(Text::ChooseFiles)}
                        data-testid="file" {onchange} />
                </Top>
                <Notices notices={Shared(Rc::clone(&state.notices))} />
                { body }
                <Help open={*help} {onclose} />
                <Compare {document} compared={state.compared} />
                if *dropping {
                    <div class="drop" data-testid="drop"><p>{ text(Text::Drop) }</p></div>
                }
            </div>
        </ContextProvider<Page>>
    }
}

/// The three panes and the stepper.
fn panes(state: &AppState, document: &Shared<Document>, pane: &UseStateHandle<Pane>, stepper: Html) -> Html {
    let text = |text| state.language.text(text);
    let tab = |each: Pane| {
        let pane = pane.clone();
        let current = (*pane == each).then_some("page");
        let onclick = Callback::from(move |_: MouseEvent| pane.set(each));
        html! {
            <button key={each.id()} type="button" class="tab" aria-current={current} {onclick} data-testid={format!("tab-{}", each.id())}>{ text(each.name()) }</button>
        }
    };
    let crumbs = crumbs(document, state.selected, state.finding.as_deref(), state.language);
    let about = format!("{:?} {:?}", document.sample(), state.finding);
    html! {
        <>
            <main class="panes" id="main" tabindex="-1">
                <section id="findings" class="pane" tabindex="-1" aria-label={text(Text::Findings)}>
                    <h2>{ text(Text::Findings) }</h2>
                    <Findings document={document.clone()} open={state.finding.clone().map(AttrValue::from)} pointed={state.pointed} />
                    <Objects document={document.clone()} filter={state.filter.clone()} selected={state.selected} />
                </section>
                <section id="drawing" class="pane" tabindex="-1" aria-label={text(Text::Drawing)}>
                    <Crumbs crumbs={crumbs} />
                    <div class="stage">
                        <Drawing scene={Shared(Rc::clone(&state.scene))} selected={state.selected} pointed={state.pointed}
                            scope={state.scope} of_finding={state.finding.is_some()} {about} />
                    </div>
                </section>
                <section id="inspector" class="pane" tabindex="-1" aria-label={text(Text::Inspector)} data-testid="inspector">
                    <h2>{ text(Text::Inspector) }</h2>
                    <Inspector document={document.clone()} selected={state.selected} />
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
        browser::remember(NAME, theme.name());
    });
    theme
}

/// The address follows the page, and the page follows the address.
#[hook]
fn use_address(place: Place, tell: &Callback<Action>) {
    let last = use_mut_ref(Place::default);
    {
        let (last, tell) = (last.clone(), tell.clone());
        use_effect_with((), move |()| {
            let go = move || {
                let place = Place::from_hash(&browser::hash());
                *last.borrow_mut() = place.clone();
                tell.emit(Action::Go(place));
            };
            go();
            let again = go.clone();
            let listeners = [
                EventListener::new(&window(), "popstate", move |_| go()),
                EventListener::new(&window(), "hashchange", move |_| again()),
            ];
            move || drop(listeners)
        });
    }
    use_effect_with(place, move |place| {
        let apart = place.is_apart_from(&last.borrow());
        *last.borrow_mut() = place.clone();
        let hash = place.to_hash();
        if hash != browser::hash() {
            browser::set_hash(&hash, apart);
        }
    });
}

/// Reads files and loads them.
#[hook]
fn use_files(tell: &Callback<Action>, reading: &UseStateHandle<bool>) -> Callback<Vec<File>> {
    let (tell, reading) = (tell.clone(), reading.setter());
    use_callback((), move |files: Vec<File>, ()| {
        if files.is_empty() {
            return;
        }
        reading.set(true);
        let (tell, reading) = (tell.clone(), reading.clone());
        spawn_local(async move {
            let (inputs, unreadable) = browser::read(files).await;
            if !inputs.is_empty() {
                tell.emit(Action::Load(inputs));
            }
            for file in unreadable {
                tell.emit(Action::Unreadable(file));
            }
            reading.set(false);
        });
    })
}

/// Files are dropped anywhere. Gives whether some are held over the page.
#[hook]
fn use_drop(load: &Callback<Vec<File>>) -> UseStateHandle<bool> {
    let over = use_state(|| false);
    {
        let (load, over) = (load.clone(), over.setter());
        use_effect_with((), move |()| {
            let listen = |name: &'static str, over: UseStateSetter<bool>, load: Callback<Vec<File>>| {
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
fn use_paste(page: &Page, load: &Callback<Vec<File>>) {
    let (page, load) = (page.clone(), load.clone());
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&window(), "paste", options, move |event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>() else {
                return;
            };
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            if target.is_some_and(|target| target.tag_name() == "INPUT") {
                return;
            }
            let Some(data) = event.clipboard_data() else {
                return;
            };
            let text = data.get_data("text").unwrap_or_default();
            let files = browser::files(data.files());
            event.prevent_default();
            if text.is_empty() && !files.is_empty() {
                load.emit(files);
            } else {
                page.tell.emit(Action::Load(vec![Input {
                    name: page.language.page().pasted().into(),
                    bytes: text.into_bytes().into(),
                }]));
            }
        });
        move || drop(listener)
    });
}

/// Plays step after step until the end.
#[hook]
fn use_playing(state: &AppState, tell: &Callback<Action>, playing: &UseStateHandle<bool>, speed: f64) {
    let document = state.document.as_ref().filter(|_| state.open);
    let (at, of) = document.map_or((0, 0), |d| (d.position(), d.steps().len()));
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
                "?" => help.set(true),
                "Escape" => page.tell.emit(Action::Select(None)),
                _ => return,
            }
            event.prevent_default();
        });
        move || drop(listener)
    });
}

/// Says to tests and profilers when the page has come to rest: nothing runs, and what was drawn is on the screen.
#[hook]
fn use_idle(state: &AppState, busy: bool) {
    let scene = Shared(Rc::clone(&state.scene));
    let frame = use_mut_ref(|| None::<gloo::render::AnimationFrame>);
    {
        let frame = frame.clone();
        use_effect_with(scene, move |_| {
            Profiler.start(Phase::Paint);
            *frame.borrow_mut() = Some(gloo::render::request_animation_frame(|_| {
                Profiler.end(Phase::Paint);
            }));
        });
    }
    use_effect_with(busy, |&busy| browser::set_idle(!busy));
}
