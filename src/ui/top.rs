//! The bar at the top: what is open, under which rules, and what goes for the whole page.

use gordian_reconcile::{PROFILES, Profile};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::controls::IconButton;
use super::icon::Icon;
use super::keep::Pack;
use super::share::Share;
use super::shared::{Shared, use_page};
use crate::messages::Text;
use crate::notes::Notebook;
use crate::seen::Head;
use crate::state::Action;

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct TopProps {
    /// What is open, if anything is.
    pub(crate) head: Option<Shared<Head>>,
    pub(crate) theme: Theme,
    pub(crate) ontheme: Callback<MouseEvent>,
    pub(crate) onhelp: Callback<MouseEvent>,
    pub(crate) onfiles: Callback<MouseEvent>,
    pub(crate) onskip: Callback<MouseEvent>,
    /// Whether an address brought what is open.
    pub(crate) is_linked: bool,
    pub(crate) notebook: Shared<Notebook>,
    pub(crate) pack: Pack,
    /// What belongs to the bar and is not seen: the page's file input.
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Top(props: &TopProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let (icon, theme) = match props.theme {
        Theme::System => (Icon::System, Text::ThemeSystem),
        Theme::Light => (Icon::Sun, Text::ThemeLight),
        Theme::Dark => (Icon::Moon, Text::ThemeDark),
    };
    html! {
        <header class="top">
            <a class="skip" href="#main" onclick={props.onskip.clone()}>{ text(Text::SkipToFindings) }</a>
            { props.children.clone() }
            <div class="brand">
                <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
                    <path d="M15.4 19.9C20.5 19.9 25.3 17.1 26.8 13.800C28.2 10.4 26.3 7.1 22.7 6.700C19 6.3 14.2 9 11.6 13.400C9.1 17.8 9.1 23.4 11.3 26.400C13.4 29.3 17.4 29.3 19.5 26.400C21.7 23.4 21.7 17.8 19.2 13.400C16.6 9 11.8 6.3 8.1 6.700C4.5 7.1 2.6 10.4 4 13.800C5.5 17.1 10.3 19.9 15.4 19.900Z" />
                    <path class="cut" d="M30.1 7.500L23.7 12.3" />
                </svg>
                <h1>{ "Gordian" }</h1>
            </div>
            if let Some(head) = &props.head {
                <Opened head={head.clone()} onfiles={props.onfiles.clone()} />
            }
            <div class="tools">
                if let Some(head) = &props.head {
                    <Share is_sample={head.is_sample} is_linked={props.is_linked} notebook={props.notebook.clone()} pack={props.pack.clone()} />
                }
                <IconButton {icon} label={text(theme)} onclick={props.ontheme.clone()} testid="theme" />
                <button type="button" class="icon-button" aria-label={text(Text::Help)} title={text(Text::Help)}
                    onclick={props.onhelp.clone()} data-testid="help">{ "?" }</button>
            </div>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct OpenedProps {
    head: Shared<Head>,
    onfiles: Callback<MouseEvent>,
}

/// What is open.
#[component]
fn Opened(props: &OpenedProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let head = &props.head;
    let words = page.language.page();
    html! {
        <>
            <p class="opened">
                <span class="files" title={head.sources.clone()}>{ &head.sources }</span>
                <span class="objects-count">{ words.objects(head.objects) }</span>
                if head.stuck > 0 {
                    <span class="badge stuck">{ Icon::Stuck.html() }{ words.stuck(head.stuck) }</span>
                }
            </p>
            if let Some((now, told)) = head.profiles {
                <Rules {now} {told} />
            }
            <div class="loading">
                <button type="button" class="button quiet" title={text(Text::LoadMore)} onclick={props.onfiles.clone()} data-testid="load-more">
                    { Icon::Created.html() }<span>{ text(Text::LoadMore) }</span>
                </button>
                <button type="button" class="button quiet" title={text(Text::StartOver)} onclick={page.on(Action::Clear)} data-testid="start-over">
                    { Icon::Close.html() }<span>{ text(Text::StartOver) }</span>
                </button>
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RulesProps {
    now: Profile,
    told: Profile,
}

/// The profile switch.
#[component]
fn Rules(props: &RulesProps) -> Html {
    let page = use_page();
    let RulesProps { now, told } = *props;
    let onchange = {
        let tell = page.tell.clone();
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(profile) = select.and_then(|select| Profile::named(&select.value())) {
                tell.emit(Action::Profile(profile));
            }
        })
    };
    let option = |profile: Profile| {
        let name = page.language.page().profile(profile);
        let label = match profile == told {
            true => format!("{name} ({})", page.language.text(Text::ProfileTold)),
            false => name.to_owned(),
        };
        html! { <option key={profile.name} value={profile.name} selected={profile == now}>{ label }</option> }
    };
    html! {
        <label class="profile">
            <span>{ page.language.text(Text::Profile) }</span>
            <select data-testid="profile" {onchange}>{ for PROFILES.into_iter().map(option) }</select>
        </label>
    }
}
