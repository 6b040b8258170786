//! The run at a glance: lanes, ticks, and a cursor that is dragged through it.

use std::collections::BTreeMap;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, ResizeObserver};
use yew::prelude::*;

use super::browser;
use super::controls::IconButton;
use super::glyphs::{self, Glyph};
use super::icon::Icon;
use super::shared::{Page, Shared, use_page, words};
use crate::glyph;
use crate::lanes::{Did, Lane, Lanes, Phase, Shown, Tick};
use crate::messages::Text;
use crate::notes::Notebook;
use crate::state::Action;
use crate::words::{cut, sans_width};

/// As many lanes are drawn before the rest of them share one.
const LANES: usize = 8;
/// The height of the strip above the lanes.
const STRIP: f64 = 24.0;
/// The height of a lane.
const LANE: f64 = 14.0;
/// Ticks nearer to each other than this are drawn as one.
const NEAREST: f64 = 3.0;
/// What is left free on either side, so that the ticks at the ends are whole.
const EDGE: f64 = 6.0;
/// As many letters of a note are shown where a step is pointed at.
const TIP: usize = 160;
/// As many letters of an actor's name are shown.
const NAME: usize = 36;

#[derive(Properties, PartialEq)]
pub(crate) struct ScrubberProps {
    pub(crate) lanes: Shared<Lanes>,
    pub(crate) notebook: Shared<Notebook>,
    /// How many steps were taken to where the run stands.
    pub(crate) position: usize,
    pub(crate) playing: bool,
    pub(crate) onplay: Callback<()>,
}

/// What is under the pointer, or the keyboard.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Aim {
    step: usize,
    /// The pointer is held down.
    held: bool,
}

#[component]
pub(crate) fn Scrubber(props: &ScrubberProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let lanes = &props.lanes;
    let open = use_state(|| true);
    let all = use_state(|| false);
    let halts = use_state(|| true);
    let aim = use_state(|| None::<Aim>);
    let focused = use_state(|| false);
    let (strip, input, tip) = (use_node_ref(), use_node_ref(), use_node_ref());
    let width = use_width(&strip);
    use_halts(props, *halts);
    use_stop_keys(&page, lanes, props.position);

    let rows = match (*open, *all) {
        (false, _) => 1,
        (true, false) => LANES,
        (true, true) => usize::MAX,
    };
    let columns = ((width - 2.0 * EDGE) / NEAREST).max(1.0) as usize;
    let shown = use_memo((lanes.clone(), rows, columns), |(lanes, rows, columns)| lanes.shown(*rows, *columns));
    let place = Place { width, steps: lanes.steps };

    let go = {
        let (tell, at) = (page.tell.clone(), props.position);
        move |to: usize| {
            if to != at {
                tell.emit(Action::Jump(to));
            }
        }
    };
    let at_pointer = {
        let strip = strip.clone();
        move |event: &PointerEvent| {
            let left = strip.cast::<Element>().map_or(0.0, |strip| strip.get_bounding_client_rect().left());
            place.step_at(f64::from(event.client_x()) - left)
        }
    };
    let onpointerdown = {
        let (at_pointer, go, aim) = (at_pointer.clone(), go.clone(), aim.setter());
        let (strip, input) = (strip.clone(), input.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            // The keyboard goes where the pointer went; text is not selected meanwhile.
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlElement>() {
                let _ = input.focus();
            }
            if let Some(strip) = strip.cast::<Element>() {
                // It fails only for a pointer that is gone already.
                let _ = strip.set_pointer_capture(event.pointer_id());
            }
            let step = at_pointer(&event);
            aim.set(Some(Aim { step, held: true }));
            go(step);
        })
    };
    let onpointermove = {
        let (go, aim) = (go.clone(), aim.clone());
        Callback::from(move |event: PointerEvent| {
            let step = at_pointer(&event);
            let held = aim.is_some_and(|aim| aim.held);
            let now = Some(Aim { step, held });
            if *aim != now {
                aim.set(now);
            }
            if held {
                go(step);
            }
        })
    };
    let onpointerup = {
        let aim = aim.clone();
        Callback::from(move |event: PointerEvent| {
            // A finger that is lifted points at nothing.
            let points = event.type_() == "pointerup" && event.pointer_type() == "mouse";
            aim.set((*aim).filter(|_| points).map(|aim| Aim { held: false, ..aim }));
        })
    };
    let onpointerleave = {
        let aim = aim.clone();
        Callback::from(move |_: PointerEvent| {
            if aim.is_some_and(|aim| !aim.held) {
                aim.set(None);
            }
        })
    };
    let oninput = {
        let go = go.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(to) = input.and_then(|input| input.value().parse().ok()) {
                go(to);
            }
        })
    };
    let onkeydown = {
        let (lanes, at, go, focused) = (lanes.clone(), props.position, go.clone(), focused.setter());
        Callback::from(move |event: KeyboardEvent| {
            focused.set(true);
            let to = match event.key().as_str() {
                "PageUp" => lanes.stop_before(at),
                "PageDown" => lanes.stop_after(at),
                _ => return,
            };
            event.prevent_default();
            to.into_iter().for_each(&go);
        })
    };
    let onfocus = focus(&focused, true);
    let onblur = focus(&focused, false);

    let says = |at: usize| lanes.says(at).unwrap_or(text(Text::StepNone));
    let noted = &props.notebook.steps;
    let valuetext = page.language.page().at_step(props.position, lanes.steps, says(props.position));
    let valuetext = match noted.contains_key(&props.position) {
        true => format!("{valuetext} ({})", text(Text::HasNote)),
        false => valuetext,
    };
    let pointed = aim.map(|aim| aim.step).or(focused.then_some(props.position));
    use_tip(&tip, pointed.map(|step| place.x(step)), width);
    let toggle = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(!*state))
    };
    let stop = |to: Option<usize>| page.on(Action::Jump(to.unwrap_or(props.position)));
    let (before, after) = (lanes.stop_before(props.position), lanes.stop_after(props.position));
    let name = |(index, lane): (usize, &Lane)| {
        html! { <li key={index} title={lane.name.replace('`', "")}>{ words(&cut(&lane.name, NAME)) }</li> }
    };
    let height = shown.rows() as f64 * LANE;
    html! {
        <div class={classes!("lanes", open.then_some("open"))} data-testid="lanes" data-columns={shown.columns.to_string()}>
            <div class="lanes-tools">
                <IconButton icon={if *open { Icon::Next } else { Icon::Open }} label={text(Text::Lanes)} onclick={toggle(&open)} pressed={open.to_string()} testid="lanes-toggle" />
                <IconButton icon={Icon::StopBefore} label={text(Text::StopBefore)} disabled={before.is_none()} onclick={stop(before)} testid="stop-before" />
                <IconButton icon={Icon::StopAfter} label={text(Text::StopAfter)} disabled={after.is_none()} onclick={stop(after)} testid="stop-after" />
                <IconButton icon={Icon::Flag} label={text(Text::StopsHere)} onclick={toggle(&halts)} pressed={halts.to_string()} testid="stops" />
            </div>
            <div class="lanes-strip" ref={strip} data-testid="strip" onpointerdown={onpointerdown.clone()} onpointermove={onpointermove.clone()}
                onpointerup={onpointerup.clone()} onpointercancel={onpointerup.clone()} onpointerleave={onpointerleave.clone()}>
                <input ref={input} type="range" min="0" max={lanes.steps.to_string()} step="1" value={props.position.to_string()}
                    aria-label={text(Text::Step)} aria-valuetext={valuetext} data-testid="step-jump" {oninput} {onkeydown} {onfocus} {onblur} />
                <Strip lanes={lanes.clone()} {width} />
            </div>
            <div class="lanes-rows">
                <ul class="lanes-names" aria-label={text(Text::Lanes)}>
                    if !noted.is_empty() {
                        <li>{ text(Text::Notes) }</li>
                    }
                    if *open {
                        { for shown.lanes.iter().enumerate().map(name) }
                        if shown.others > 0 {
                            <li><button type="button" class="link" onclick={toggle(&all)} data-testid="lanes-others">{ page.language.page().others(shown.others) }</button></li>
                        } else if *all && lanes.lanes.len() > LANES {
                            <li><button type="button" class="link" onclick={toggle(&all)} data-testid="lanes-fewer">{ text(Text::LanesFewer) }</button></li>
                        }
                    }
                </ul>
                <div class="lanes-ticks" {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup} {onpointerleave}>
                    { notes(place, noted) }
                    <Ticks shown={Shared(shown.clone())} {width} {height} />
                </div>
            </div>
            <svg class="lanes-over" width={width.to_string()} aria-hidden="true" focusable="false">
                { over(place, props.position, pointed, width) }
            </svg>
            <p class="lanes-tip" ref={tip} role="tooltip" hidden={pointed.is_none()} data-testid="tip">
                if let Some(step) = pointed {
                    <strong>{ step }</strong>{ " " }{ words(says(step)) }
                    if let Some(stop) = lanes.stop_at(step) {
                        <em>{ page.language.page().stop(stop.why) }</em>
                    }
                    if let Some(note) = noted.get(&step) {
                        <span class="note-text">{ Icon::Note.html() }{ cut(note, TIP) }</span>
                    }
                }
            </p>
        </div>
    }
}

/// Where steps stand, from the left.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    width: f64,
    steps: usize,
}

impl Place {
    fn x(self, step: usize) -> f64 {
        x(step as f64 / self.steps.max(1) as f64, self.width)
    }

    fn step_at(self, x: f64) -> usize {
        let share = (x - EDGE) / (self.width - 2.0 * EDGE).max(1.0);
        (share.clamp(0.0, 1.0) * self.steps as f64).round() as usize
    }
}

/// Where a share of the run stands, from the left.
fn x(share: f64, width: f64) -> f64 {
    EDGE + share * (width - 2.0 * EDGE).max(0.0)
}

/// Where there are notes: a lane of their own, above the others.
fn notes(place: Place, noted: &BTreeMap<usize, String>) -> Html {
    let at = |step: &usize| {
        let transform = format!("translate({:.1} 0) scale({})", place.x(*step) - LANE / 2.0, LANE / 16.0);
        html! { <path key={*step} d={glyph::NOTE} {transform} data-testid="noted-step" data-step={step.to_string()} /> }
    };
    html! {
        if !noted.is_empty() {
            <svg class="lane-of-notes" width={place.width.to_string()} height={LANE.to_string()} aria-hidden="true" focusable="false">
                { for noted.keys().map(at) }
            </svg>
        }
    }
}

/// What lies ahead is paler; the cursor, and what is pointed at.
fn over(place: Place, position: usize, pointed: Option<usize>, width: f64) -> Html {
    let at = place.x(position);
    let line = |x: f64| format!("M{x:.1} 0v999");
    html! {
        <>
            <rect class="veil" x={at.to_string()} y={STRIP.to_string()} width={(width - at).max(0.0).to_string()} height="100%" />
            if let Some(step) = pointed.filter(|step| *step != position) {
                <path class="aim" d={line(place.x(step))} />
            }
            <path class="cursor" d={line(at)} data-testid="cursor" />
            <path class="handle" d={format!("M{:.1} 0h10v6l-5 5-5-5z", at - 5.0)} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct StripProps {
    lanes: Shared<Lanes>,
    width: f64,
}

/// The phases of the run, and where playing stops.
#[component]
fn Strip(props: &StripProps) -> Html {
    let place = Place { width: props.width, steps: props.lanes.steps };
    let ends = props.lanes.phases.iter().skip(1).map(|phase| phase.from).chain([props.lanes.steps + 1]);
    let phase = |(index, (phase, end)): (usize, (&Phase, usize))| {
        let (from, to) = (place.x(phase.from), place.x(end - 1));
        let letters = ((to - from - 8.0) / f64::from(sans_width("n", 10.0))) as usize;
        html! {
            <g key={index} class="phase">
                <rect x={from.to_string()} y="0" width={(to - from).max(1.0).to_string()} height="12" />
                if letters > 6 {
                    <text x={(from + 8.0).to_string()} y="10">{ cut(&phase.says.replace('`', ""), letters) }</text>
                }
            </g>
        }
    };
    // Stops that would lie over each other are one.
    let mut last = f64::NEG_INFINITY;
    let stops = props.lanes.stops.iter().filter(|stop| {
        let x = place.x(stop.at);
        let apart = x - last >= 7.0 || stop.at == props.lanes.steps;
        if apart {
            last = x;
        }
        apart
    });
    html! {
        <svg class="strip" width={props.width.to_string()} height={STRIP.to_string()} aria-hidden="true" focusable="false">
            { for props.lanes.phases.iter().zip(ends).enumerate().map(phase) }
            { for stops.map(|stop| {
                let Glyph { path, class } = glyphs::of_stop(stop.why, place.x(stop.at), 18.0);
                html! { <path key={stop.at} class={classes!("stop", class)} d={path} /> }
            }) }
        </svg>
    }
}

#[derive(Properties, PartialEq)]
struct TicksProps {
    shown: Shared<Shown>,
    width: f64,
    height: f64,
}

/// All ticks, as one path for each thing that they show.
#[component]
fn Ticks(props: &TicksProps) -> Html {
    let shown = &props.shown;
    let apart = (props.width - 2.0 * EDGE) / shown.columns as f64;
    let at = |tick: &Tick| {
        (x((tick.column + 1) as f64 / shown.columns as f64, props.width), (tick.lane as f64 + 0.5) * LANE)
    };
    let layer = |did: Did| {
        let ticks = shown.ticks.iter().filter(|tick| tick.did == did).map(at);
        let path: String = ticks.map(|(x, y)| glyphs::of_tick(did, x, y, apart)).collect();
        html! { <path key={format!("{did:?}")} class={classes!("tick", glyphs::class(did, apart))} d={path} data-did={format!("{did:?}")} /> }
    };
    let touched = shown.ticks.iter().filter(|tick| tick.touches).map(at);
    let touched: String = touched.map(|(x, y)| format!("M{:.1} {:.1}h6", x - 3.0, y + LANE / 2.0 - 1.0)).collect();
    let lines: String =
        (0..shown.rows()).map(|row| format!("M0 {}h{}", (row as f64 + 0.5) * LANE, props.width)).collect();
    html! {
        <svg class="ticks" width={props.width.to_string()} height={props.height.to_string()} aria-hidden="true" focusable="false">
            <path class="lane-line" d={lines} />
            { for Did::ALL.into_iter().map(layer) }
            <path class="touched" d={touched} data-testid="touched" />
        </svg>
    }
}

/// What each tick shows, for the help.
#[component]
pub(crate) fn Legend() -> Html {
    let page = use_page();
    let sign = |path: Html, what: &'static str| {
        html! {
            <li key={what}><svg class="ticks" width="16" height="14" aria-hidden="true" focusable="false">{ path }</svg><span>{ what }</span></li>
        }
    };
    let tick = |did: Did| {
        let path = html! { <path class={classes!("tick", glyphs::class(did, 16.0))} d={glyphs::of_tick(did, 8.0, 7.0, 16.0)} /> };
        sign(path, page.language.page().did(did))
    };
    html! {
        <>
            <h3>{ page.language.text(Text::Ticks) }</h3>
            <ul class="ticks-legend">
                { for Did::ALL.into_iter().map(tick) }
                { sign(html! { <path class="touched" d="M3 12h10" /> }, page.language.text(Text::TicksTouch)) }
            </ul>
        </>
    }
}

/// The keyboard comes, or goes. A pointer that leads it here has a place of its own.
fn focus(focused: &UseStateHandle<bool>, is: bool) -> Callback<FocusEvent> {
    let focused = focused.setter();
    Callback::from(move |event: FocusEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        focused.set(is && element.is_some_and(|element| element.matches(":focus-visible").unwrap_or(false)));
    })
}

/// Playing stops where it comes to a stop; where it began it goes on.
#[hook]
fn use_halts(props: &ScrubberProps, halts: bool) {
    let began = use_mut_ref(|| props.position);
    let (lanes, onplay) = (props.lanes.clone(), props.onplay.clone());
    use_effect_with((props.playing, props.position), move |&(playing, position)| {
        if !playing {
            *began.borrow_mut() = position;
        } else if halts && position != *began.borrow() && lanes.stop_at(position).is_some() {
            onplay.emit(());
        }
    });
}

/// The keys that go from stop to stop, wherever the keyboard is.
#[hook]
fn use_stop_keys(page: &Page, lanes: &Shared<Lanes>, position: usize) {
    let tell = page.tell.clone();
    use_effect_with((lanes.clone(), position), move |(lanes, position)| {
        let (lanes, position) = (lanes.clone(), *position);
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&window(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                return;
            };
            let with = event.ctrl_key() || event.meta_key() || event.alt_key();
            let asked = document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some());
            if with || asked || browser::takes_keys(event.target()) {
                return;
            }
            let to = match event.key().as_str() {
                "(" => lanes.stop_before(position),
                ")" => lanes.stop_after(position),
                _ => return,
            };
            event.prevent_default();
            to.into_iter().for_each(|to| tell.emit(Action::Jump(to)));
        });
        move || drop(listener)
    });
}

/// How wide an element is, in whole pixels.
#[hook]
fn use_width(element: &NodeRef) -> f64 {
    let width = use_state(|| 0.0);
    {
        let (element, width) = (element.clone(), width.setter());
        use_effect_with((), move |()| {
            let element = element.cast::<Element>();
            let observed = element.clone();
            let closure = Closure::<dyn FnMut()>::new(move || {
                if let Some(element) = &observed {
                    width.set(element.get_bounding_client_rect().width().floor());
                }
            });
            let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, &element) {
                observer.observe(element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(closure);
            }
        });
    }
    *width
}

/// Puts the tip beside what it tells of, on the side where there is more room.
#[hook]
fn use_tip(tip: &NodeRef, x: Option<f64>, width: f64) {
    let tip = tip.clone();
    use_effect_with((x, width), move |&(x, width)| {
        let Some((x, tip)) = x.zip(tip.cast::<HtmlElement>()) else {
            return;
        };
        let on_the_left = x * 2.0 > width;
        let away = if on_the_left { width - x } else { x };
        let _ = tip.style().set_property("--away", &format!("{away}px"));
        let _ = tip.set_attribute("data-side", if on_the_left { "left" } else { "right" });
    });
}
