//! The boxes and arrows of one scene. Drawn once for each scene: moving, selecting and pointing happen around it.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use super::shared::{Shared, use_page};
use crate::messages::{Language, Standing, Text};
use crate::scene::{Block, Chip, LABEL, Line, Mark, Meaning, Reason, Scene};

#[derive(Properties, PartialEq)]
pub(crate) struct LayerProps {
    pub(crate) scene: Shared<Scene>,
}

#[component]
pub(crate) fn Layer(props: &LayerProps) -> Html {
    let language = use_page().language;
    let scene: &Rc<Scene> = &props.scene.0;
    let block = |(index, one): (usize, &Block)| block(index, one, language);
    html! {
        <>
            <g class="lines">{ for scene.lines.iter().enumerate().map(|(index, one)| line(index, one, language)) }</g>
            <g class="boxes">{ for scene.blocks.iter().enumerate().map(block) }</g>
            <g class="labels">{ for scene.lines.iter().enumerate().map(label) }</g>
            <g class="reasons">{ for scene.reasons.iter().enumerate().map(|(index, one)| reason(index, one, scene)) }</g>
        </>
    }
}

fn class_of(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Owns { blocks: false } => "owns",
        Meaning::Owns { blocks: true } => "owns blocks",
        Meaning::Waits => "waits",
        Meaning::Knot => "knot",
    }
}

fn line(index: usize, line: &Line, language: Language) -> Html {
    let title = match line.meaning {
        Meaning::Owns { blocks: false } => language.text(Text::LegendOwns).to_owned(),
        Meaning::Owns { blocks: true } => language.text(Text::OwnsAndBlocks).to_owned(),
        Meaning::Waits | Meaning::Knot => line.sentence.replace('`', ""),
    };
    let (title, class) = match line.mark {
        None => (title, None),
        Some((Mark::Came, ..)) => (language.page().arrow_changed(true, &title), Some("came")),
        Some((Mark::Over, ..)) => (language.page().arrow_changed(false, &title), Some("over-now")),
    };
    html! {
        <g key={index} class={classes!("line", class_of(line.meaning), class)}>
            <title>{ title }</title>
            if class == Some("came") { <path class="halo" d={line.path.clone()} /> }
            <path class="way" d={line.path.clone()} />
            <path class="head" d={line.head.clone()} />
            if let Some((mark, x, y)) = line.mark {
                <g class="sign" transform={format!("translate({x:.1} {y:.1})")} data-testid={match mark { Mark::Came => "arrow-came", Mark::Over => "arrow-over" }}>
                    <circle r="6.5" />
                    <path d={match mark { Mark::Came => "M-3 0H3M0 -3V3", Mark::Over => "M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5" }} />
                </g>
            }
        </g>
    }
}

fn label((index, line): (usize, &Line)) -> Html {
    let Some((text, x, y, width)) = &line.label else {
        return html! { <g key={index} /> };
    };
    html! {
        <g key={index} class={classes!("label", class_of(line.meaning))}>
            <rect x={number(x - width / 2.0)} y={number(y - LABEL / 2.0)} width={number(*width)} height={number(LABEL)} rx="9" />
            <text x={number(*x)} y={number(y + 3.8)} text-anchor="middle">{ text }</text>
        </g>
    }
}

/// A reason has an element of its own, over the arrow or the lock that draws it: it says in words what the arrow means.
fn reason(index: usize, reason: &Reason, scene: &Scene) -> Html {
    let shape = match (reason.line, reason.block) {
        (Some(line), _) => html! { <path class="hit" d={scene.lines[line].path.clone()} /> },
        (None, Some(block)) => {
            let rect = scene.blocks[block].rect;
            html! { <rect class="hit" x={number(rect.x)} y={number(rect.y)} width={number(rect.width)} height={number(rect.height)} /> }
        }
        (None, None) => html! {},
    };
    html! {
        <g key={index} class="reason" data-testid="cycle-arrow" data-from={reason.codes.0.clone()} data-to={reason.codes.1.clone()} data-rule={reason.rule.0}>
            if !reason.sentence.is_empty() { <title>{ reason.sentence.replace('`', "") }</title> }
            { shape }
        </g>
    }
}

fn standing_class(standing: Standing) -> &'static str {
    match standing {
        Standing::Present | Standing::Runs | Standing::Answers => "present",
        Standing::Deleting => "deleting",
        Standing::Stuck => "stuck",
        Standing::Gone => "gone",
        Standing::Absent => "absent",
        Standing::Created => "created",
        Standing::Silent | Standing::Stopped => "silent",
        Standing::Schedulable => "good",
        Standing::Unschedulable | Standing::Unreachable => "bad",
    }
}

fn block(index: usize, block: &Block, language: Language) -> Html {
    let words = language.page().standing(block.standing);
    let icon = Icon::of(block.standing);
    let rect = block.rect;
    let (width, height) = (number(rect.width), number(rect.height));
    let stacked = block.subjects.len();
    let chips: Vec<String> = block.chips.iter().map(|chip| chip.text.clone()).collect();
    let label = language.page().box_label(&block.kind, &block.full_name, words, &chips, block.changed);
    let class = classes!(
        "box",
        standing_class(block.standing),
        block.knot.then_some("in-knot"),
        block.is_ghost().then_some("ghost"),
        block.changed.then_some("changed"),
    );
    html! {
        <g key={block.id.to_string()} {class} transform={format!("translate({:.1} {:.1})", rect.x, rect.y)}
            data-block={index.to_string()} data-testid={format!("node-{}", block.code)}>
            <title>{ label }</title>
            if stacked > 1 {
                <rect class="under" x="8" y="8" width={width.clone()} height={height.clone()} rx="7" />
                <rect class="under" x="4" y="4" width={width.clone()} height={height.clone()} rx="7" />
            }
            <rect class="plate" {width} {height} rx="7" />
            if matches!(block.standing, Standing::Stuck | Standing::Deleting) {
                <path class="edge" d={format!("M4 6V{:.1}", rect.height - 6.0)} />
            }
            <text class="kind" x="14" y="19">{ &block.kind }</text>
            if !words.is_empty() {
                <text class="standing" x={number(rect.width - if icon.is_some() { 28.0 } else { 12.0 })} y="19" text-anchor="end">{ words }</text>
                if let Some(icon) = icon {
                    <path class="standing icon" transform={format!("translate({:.1} 8.5) scale(.8)", rect.width - 24.0)} d={icon.path()} />
                }
            }
            <text class={if block.is_name { "name" } else { "name words" }} x="14" y="38">{ &block.name }</text>
            if stacked > 1 {
                <text class="count" x={number(rect.width - 12.0)} y="38" text-anchor="end">{ language.page().siblings(stacked) }</text>
            }
            if block.changed {
                <g class="sign" data-testid="box-changed"><circle r="8" /><path d="M0 -3.5L3.5 3H-3.5Z" /></g>
            }
            { for block.chips.iter().enumerate().map(|(index, one)| chip(index, one, rect.width)) }
        </g>
    }
}

fn chip(index: usize, chip: &Chip, width: f32) -> Html {
    html! {
        <g key={format!("chip {index}")} class={classes!("chip", chip.knot.then_some("in-knot"))} transform={format!("translate(12 {:.1})", chip.y)}>
            <rect width={number(width - 24.0)} height="18" rx="4" />
            <path class="icon" transform="translate(4 2.5) scale(.8)" d={Icon::Lock.path()} />
            <text x="21" y="13">{ &chip.text }</text>
        </g>
    }
}

fn number(value: f32) -> AttrValue {
    format!("{value:.1}").into()
}
