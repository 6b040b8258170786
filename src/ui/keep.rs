//! What was loaded, kept in this browser, where the person wants that: so a reload, or a crash, loses nothing.
//!
//! It is kept as it travels in a link: packed, and without what may be secret. A sample needs no keeping, nor does what a link
//! brought: their addresses bring them back. Where one stands is in the address in any case. Notes are kept whatever they are about.

use std::rc::Rc;

use yew::prelude::*;

use super::browser;
use super::shared::{Shared, use_page};
use crate::link::Parcel;
use crate::messages::Text;
use crate::notes::{Notebook, Packed};
use crate::state::Action;

/// Under this name is what the person answered.
const ANSWER: &str = "gordian-keep";
/// Under this name are the names of the files, and after a line break their text, packed.
const KEPT: &str = "gordian-kept";
/// Under names that begin so, and end with the number of a dump, are the notes about it, packed.
const NOTES: &str = "gordian-notes-";

/// Whether the person wants that what is loaded is kept; `None` where nobody has asked.
fn answer() -> Option<bool> {
    browser::remembered(ANSWER).map(|answer| answer == "yes")
}

/// Keeps what is loaded, from now on, as the person wants. `false` where it is too large for that.
pub(crate) fn keep(parcel: &Parcel) -> bool {
    let _ = browser::remember(ANSWER, "yes");
    let names = parcel.names.join(", ").replace('\n', " ");
    let kept = browser::remember(KEPT, &format!("{names}\n{}", parcel.packed));
    if !kept {
        // What was kept before is not what is loaded now.
        browser::forget(KEPT);
    }
    kept
}

/// Keeps the notes about a dump, from now on, as the person wants. `false` where there is no room for them.
pub(crate) fn keep_notes(notebook: &Notebook) -> bool {
    let _ = browser::remember(ANSWER, "yes");
    let name = format!("{NOTES}{:016x}", notebook.dump);
    match notebook.packed.as_str() {
        packed if browser::remembered(&name).unwrap_or_default() == packed => true,
        "" => {
            browser::forget(&name);
            true
        }
        packed => browser::remember(&name, packed),
    }
}

/// The notes that are kept.
pub(crate) fn kept_notes() -> Packed {
    let notes = |name: String| {
        let dump = u64::from_str_radix(name.strip_prefix(NOTES)?, 16).ok()?;
        Some((dump, browser::remembered(&name)?))
    };
    browser::remembered_names().into_iter().filter_map(notes).collect()
}

/// Whether something is kept: a dump, or notes.
pub(crate) fn is_kept() -> bool {
    browser::remembered(KEPT).is_some() || !kept_notes().is_empty()
}

/// The names of what is kept, and what loads it.
pub(crate) fn kept() -> Option<(String, Action)> {
    let kept = browser::remembered(KEPT)?;
    let (names, packed) = kept.split_once('\n')?;
    Some((names.to_owned(), Action::Restore(names.to_owned(), packed.to_owned())))
}

/// Forgets all of it, and that the person ever agreed.
pub(crate) fn forget() {
    let is_ours = |name: &String| [KEPT, ANSWER].contains(&name.as_str()) || name.starts_with(NOTES);
    browser::remembered_names().iter().filter(|name| is_ours(name)).for_each(|name| browser::forget(name));
}

/// Gives what is loaded, ready to travel. It takes a while, so the answer comes when it is there.
pub(crate) type Pack = Callback<Callback<Rc<Parcel>>>;

/// What the bar needs.
#[derive(Properties, PartialEq)]
pub(crate) struct KeepProps {
    /// What is open, where nothing else would bring it back: a number that is another one with each load.
    pub(crate) loaded: Option<u64>,
    /// What was written about what is open.
    pub(crate) notebook: Shared<Notebook>,
    /// Makes it ready to travel.
    pub(crate) pack: Pack,
}

/// What the bar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bar {
    Hidden,
    Asks,
    TooLarge,
    NoRoom,
}

/// The bar that asks, once, and the keeping itself.
#[component]
pub(crate) fn Keep(props: &KeepProps) -> Html {
    let page = use_page();
    let text = |text| page.language.text(text);
    let bar = use_state(|| Bar::Hidden);
    let keep_it = {
        let (bar, pack) = (bar.setter(), props.pack.clone());
        Callback::from(move |()| {
            let bar = bar.clone();
            pack.emit(Callback::from(move |parcel: Rc<Parcel>| {
                bar.set(if keep(&parcel) { Bar::Hidden } else { Bar::TooLarge });
            }));
        })
    };
    let keep_written = {
        let bar = bar.setter();
        move |notebook: &Notebook| {
            if !keep_notes(notebook) {
                bar.set(Bar::NoRoom);
            }
        }
    };
    {
        let (bar, keep_it) = (bar.setter(), keep_it.clone());
        use_effect_with(props.loaded, move |loaded| match (loaded, answer()) {
            (Some(_), None) => bar.set(Bar::Asks),
            (Some(_), Some(true)) => keep_it.emit(()),
            _ => bar.set(Bar::Hidden),
        });
    }
    {
        let (bar, keep_written) = (bar.setter(), keep_written.clone());
        use_effect_with(props.notebook.clone(), move |notebook| match answer() {
            Some(true) => keep_written(notebook),
            None if !notebook.notes.is_empty() => bar.set(Bar::Asks),
            _ => {}
        });
    }
    let yes = {
        let (bar, notebook, loads) = (bar.setter(), props.notebook.clone(), props.loaded.is_some());
        Callback::from(move |_: MouseEvent| {
            bar.set(Bar::Hidden);
            keep_written(&notebook);
            if loads {
                keep_it.emit(());
            }
        })
    };
    let no = {
        let bar = bar.setter();
        Callback::from(move |_: MouseEvent| {
            let _ = browser::remember(ANSWER, "no");
            bar.set(Bar::Hidden);
        })
    };
    let close = {
        let bar = bar.setter();
        Callback::from(move |_: MouseEvent| bar.set(Bar::Hidden))
    };
    match *bar {
        Bar::Hidden => Html::default(),
        Bar::Asks => html! {
            <section class="keep-bar" aria-label={text(Text::Keep)} data-testid="keep-bar">
                <p>{ text(Text::KeepAsk) }</p>
                <button type="button" class="button" onclick={yes} data-testid="keep-yes">{ text(Text::KeepYes) }</button>
                <button type="button" class="button quiet" onclick={no} data-testid="keep-no">{ text(Text::KeepNo) }</button>
            </section>
        },
        Bar::TooLarge | Bar::NoRoom => html! {
            <section class="keep-bar" aria-label={text(Text::Keep)} data-testid="keep-bar">
                <p role="status">{ text(if *bar == Bar::NoRoom { Text::NotesNotKept } else { Text::KeepTooLarge }) }</p>
                <button type="button" class="button quiet" onclick={close}>{ text(Text::Dismiss) }</button>
            </section>
        },
    }
}
