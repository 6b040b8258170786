//! What the lines and signs of the drawing mean.

use yew::prelude::*;

use super::icon::Icon;
use super::shared::{Shared, use_page};
use crate::messages::Text;
use crate::scene::{Mark, Scene};

#[derive(Properties, PartialEq)]
pub(super) struct LegendProps {
    pub(super) scene: Shared<Scene>,
}

#[component]
pub(super) fn Legend(props: &LegendProps) -> Html {
    let (page, scene) = (use_page(), &props.scene);
    let text = |text| page.language.text(text);
    let item = |class: &'static str, words: Text| {
        html! {
            <li key={class}>
                <svg class={classes!("sign", class)} viewBox="0 0 28 10" width="28" height="10" aria-hidden="true">
                    <path class="way" d="M1 5H20" /><path class="head" d="M27 5L19 1.5V8.5Z" />
                </svg>
                <span>{ text(words) }</span>
            </li>
        }
    };
    let marked = |mark: Mark| scene.lines.iter().any(|line| line.mark == Some(mark));
    let sign = |path: &'static str, words: Text| {
        html! {
            <li key={path}>
                <svg class="sign changed" viewBox="-9 -9 18 18" width="14" height="14" aria-hidden="true"><circle r="8" /><path d={path} /></svg>
                <span>{ text(words) }</span>
            </li>
        }
    };
    html! {
        <ul class="legend" aria-label={text(Text::Legend)}>
            { item("knot", Text::LegendKnot) }
            { item("waits", Text::LegendWaits) }
            { item("owns", Text::LegendOwns) }
            if scene.blocks.iter().any(|block| block.changed) {
                { sign("M0 -3.5L3.5 3H-3.5Z", Text::LegendChanged) }
            }
            if marked(Mark::Came) {
                { sign("M-3 0H3M0 -3V3", Text::LegendCame) }
            }
            if marked(Mark::Over) {
                { sign("M-3 -3L3 3M3 -3L-3 3", Text::LegendOver) }
            }
            if scene.blocks.iter().any(|block| block.noted) {
                <li key="note">{ Icon::Note.html() }<span>{ text(Text::HasNote) }</span></li>
            }
            <li key="absent">
                <svg class="sign absent" viewBox="0 0 28 10" width="28" height="10" aria-hidden="true"><rect x="3" y="1" width="20" height="8" rx="2" /></svg>
                <span>{ text(Text::LegendAbsent) }</span>
            </li>
        </ul>
    }
}
