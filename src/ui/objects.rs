//! The list of objects, and the field that filters it.

use std::rc::Rc;

use yew::prelude::*;

use super::shared::{Shared, use_page};
use super::tree::{Search, Tree};
use crate::messages::Text;
use crate::subject::Subject;
use crate::tree::Tree as Model;

#[derive(Properties, PartialEq)]
pub(crate) struct ObjectsProps {
    pub(crate) tree: Shared<Model>,
    pub(crate) filter: AttrValue,
    pub(crate) selected: Option<Subject>,
}

#[component]
pub(crate) fn Objects(props: &ObjectsProps) -> Html {
    let page = use_page();
    let tree = &props.tree;
    html! {
        <section class="objects" aria-labelledby="objects-title">
            <h2 id="objects-title" class="unseen">{ page.language.text(Text::Objects) }</h2>
            <Search filter={props.filter.clone()} found={tree.found.clone()} objects={tree.objects} noted={tree.noted} />
            <Tree model={Shared(Rc::clone(&tree.0))} selected={props.selected} />
        </section>
    }
}
