//! Asks for the list of objects: what is open in it, and how many rows, is kept here and nowhere else.

use std::rc::Rc;

use yew::prelude::*;

use super::shared::{Shared, use_page};
use super::tree::{Search, Tree};
use crate::engine::Document;
use crate::messages::Text;
use crate::subject::Subject;
use crate::tree::{Asked, tree};

#[derive(Properties, PartialEq)]
pub(crate) struct ObjectsProps {
    pub(crate) document: Shared<Document>,
    pub(crate) filter: AttrValue,
    pub(crate) selected: Option<Subject>,
}

#[component]
pub(crate) fn Objects(props: &ObjectsProps) -> Html {
    let page = use_page();
    // What is opened in what a filter found holds as long as the filter does; what is opened in the whole list stays.
    let plain = use_state(Rc::<Asked>::default);
    let filtered = use_state(|| (AttrValue::default(), Rc::<Asked>::default()));
    let asked = match (props.filter.trim().is_empty(), filtered.0 == props.filter) {
        (true, _) => Rc::clone(&plain),
        (false, true) => Rc::clone(&filtered.1),
        (false, false) => Rc::default(),
    };
    let onask = {
        let deps = (plain.setter(), filtered.setter(), props.filter.clone());
        use_callback(deps, |asked: Asked, (plain, filtered, filter)| match filter.trim().is_empty() {
            true => plain.set(Rc::new(asked)),
            false => filtered.set((filter.clone(), Rc::new(asked))),
        })
    };
    {
        // What is selected anywhere is shown here, though it was closed.
        let (asked, onask) = (Rc::clone(&asked), onask.clone());
        use_effect_with(props.selected, move |selected| {
            if let Some(opened) = selected.and_then(|subject| asked.showing(subject)) {
                onask.emit(opened);
            }
        });
    }
    let deps = (props.document.clone(), props.filter.clone(), props.selected, Rc::clone(&asked));
    let model = use_memo(deps, |(document, filter, selected, asked)| tree(document, filter, *selected, asked));
    html! {
        <section class="objects" aria-labelledby="objects-title">
            <h2 id="objects-title" class="unseen">{ page.language.text(Text::Objects) }</h2>
            <Search filter={props.filter.clone()} found={model.found.clone()} objects={model.objects} />
            <Tree model={Shared(model)} selected={props.selected} {asked} {onask} />
        </section>
    }
}
