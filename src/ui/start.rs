//! The empty page: it teaches what to bring, and offers something to look at.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::browser;
use super::controls::CopyButton;
use super::icon::Icon;
use super::keep;
use super::shared::{use_page, words};
use crate::capture::{Blank, CASES, Case, Command, Named};
use crate::messages::Text;
use crate::notes::Packed;
use crate::samples::{SAMPLES, Sample};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub(crate) struct StartProps {
    pub(crate) onfiles: Callback<MouseEvent>,
    pub(crate) reading: bool,
}

#[component]
pub(crate) fn Start(props: &StartProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let sample = |sample: &'static Sample| {
        let (title, line) = page.language.page().sample(sample);
        html! {
            <li key={sample.id}>
                <button type="button" class="sample" data-testid={format!("sample-{}", sample.id)}
                    onclick={page.on(Action::Sample(sample))}>
                    <strong>{ title }</strong>
                    <span>{ line }</span>
                    if let Some(report) = sample.after {
                        <small>{ page.language.page().after(report) }</small>
                    }
                </button>
            </li>
        }
    };
    html! {
        <main class="start" id="main" tabindex="-1">
            <p class="slogan">{ text(Text::Slogan) }<br />{ text(Text::SlogansEnd) }</p>
            <Kept />
            <div class="start-columns">
                <Paste onfiles={props.onfiles.clone()} reading={props.reading} />
                <section aria-labelledby="samples-title" class="samples">
                    <h2 id="samples-title">{ text(Text::Samples) }</h2>
                    <ul>{ for SAMPLES.iter().map(sample) }</ul>
                </section>
                <Capture />
            </div>
            <p class="note">{ text(Text::NoteNothingLeaves) }</p>
        </main>
    }
}

#[component]
fn Paste(props: &StartProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let area = use_node_ref();
    let read = {
        let (load, area) = (page.load.clone(), area.clone());
        let name = page.language.page().pasted();
        use_callback((), move |(): (), ()| {
            if let Some(text) = area.cast::<HtmlElement>().and_then(|area| browser::written(&area)) {
                load.emit(vec![(name.into(), text)]);
            }
        })
    };
    let onclick = {
        let read = read.clone();
        Callback::from(move |_: MouseEvent| read.emit(()))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            read.emit(());
        }
    });
    html! {
        <section aria-labelledby="paste-title" class="paste">
            <h2 id="paste-title">{ text(Text::Paste) }</h2>
            <textarea ref={area} data-testid="paste" aria-labelledby="paste-title" spellcheck="false"
                autocomplete="off" autocapitalize="off" placeholder={text(Text::PasteHere)} {onkeydown} />
            <div class="row">
                <button type="button" class="button primary" {onclick} data-testid="paste-read">{ text(Text::Open) }</button>
                <button type="button" class="button" onclick={props.onfiles.clone()} data-testid="file-button">{ text(Text::ChooseFiles) }</button>
                <span class="hint" role="status">
                    { if props.reading { text(Text::Reading) } else { text(Text::DropHere) } }
                </span>
            </div>
        </section>
    }
}

/// The commands, ready to copy.
#[component]
fn Capture() -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let case = use_state(Case::default);
    let named = use_state(Named::default);
    let commands = case.commands(&named);
    let choice = |each: Case| {
        let onchange = {
            let case = case.clone();
            Callback::from(move |_: Event| case.set(each))
        };
        html! {
            <label key={each.id()} class="choice">
                <input type="radio" name="case" value={each.id()} checked={*case == each} {onchange} />
                <span>{ page.language.page().case(each) }</span>
            </label>
        }
    };
    let field = |&blank: &Blank| {
        let (label, testid, value) = match blank {
            Blank::Namespace => (Text::Namespace, "namespace", &named.namespace),
            Blank::Kind => (Text::Kind, "kind", &named.kind),
            Blank::Name => (Text::Name, "name", &named.name),
        };
        let oninput = {
            let named = named.clone();
            Callback::from(move |event: InputEvent| {
                let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
                let value = input.map(|input| input.value()).unwrap_or_default();
                let mut next = Named::clone(&named);
                match blank {
                    Blank::Namespace => next.namespace = value,
                    Blank::Kind => next.kind = value,
                    Blank::Name => next.name = value,
                }
                named.set(next);
            })
        };
        let wrong = !value.is_empty() && !blank.takes(value);
        html! {
            <label key={testid} class="field">
                <span>{ text(label) }</span>
                <input type="text" data-testid={testid} value={value.clone()} {oninput} spellcheck="false" autocomplete="off"
                    autocapitalize="off" maxlength="253" aria-invalid={wrong.to_string()} />
            </label>
        }
    };
    let row = |command: &Command| {
        html! {
            <li key={command.line.clone()}>
                <p class="hint">{ page.language.page().gets(command.gets) }</p>
                <pre tabindex="0" aria-label={page.language.page().gets(command.gets)}><code>{ command.line.clone() }</code></pre>
            </li>
        }
    };
    let lines: Vec<&str> = commands.iter().map(|command| command.line.as_str()).collect();
    html! {
        <section aria-labelledby="capture-title" class="capture">
            <h2 id="capture-title">{ text(Text::Capture) }</h2>
            <p>{ words(text(Text::CaptureIntro)) }</p>
            <fieldset class="choices">
                <legend>{ text(Text::WhatsStuck) }</legend>
                { for CASES.into_iter().map(choice) }
            </fieldset>
            if !case.blanks().is_empty() {
                <div class="row">{ for case.blanks().iter().map(field) }</div>
            }
            <div class="commands">
                <ol data-testid="commands">{ for commands.iter().map(row) }</ol>
                <CopyButton text={lines.join("\n")} label={text(Text::CopyCommand)} testid="copy-commands" />
            </div>
            <p class="hint">{ Icon::Lock.html() }<span>{ text(Text::Secrets) }</span></p>
        </section>
    }
}

/// What an earlier visit kept in this browser, as its person wanted.
#[component]
fn Kept() -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let kept = use_state(keep::kept);
    let Some((names, restore)) = &*kept else { return Html::default() };
    let onforget = {
        let (kept, tell) = (kept.clone(), page.tell.clone());
        Callback::from(move |_: MouseEvent| {
            keep::forget();
            tell.emit(Action::Notes(Packed::new()));
            kept.set(None);
        })
    };
    html! {
        <section class="kept row" aria-label={text(Text::Keep)} data-testid="kept">
            <p>{ words(&page.language.page().kept(names)) }</p>
            <button type="button" class="button" onclick={page.on(restore.clone())} data-testid="kept-open">{ text(Text::OpenKept) }</button>
            <button type="button" class="button quiet" onclick={onforget} data-testid="forget">{ text(Text::ForgetKept) }</button>
        </section>
    }
}
