//! English.

use gordian_reconcile::{End, Profile};

use super::{Interface, Standing, Text};
use crate::capture::Case;
use crate::engine::Forecast;
use crate::moment::Span;
use crate::samples::Sample;

/// English: short, calm, Kubernetes' own words.
pub(super) struct English;

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How long ago.
fn ago(span: Span) -> String {
    match span {
        Span::Seconds(n) => format!("{n} s"),
        Span::Minutes(n) => format!("{n} min"),
        Span::Hours(n) => format!("{n} h"),
        Span::Days(n) => count(usize::try_from(n).unwrap_or(usize::MAX), "day", "days"),
    }
}

impl Interface for English {
    fn tag(&self) -> &'static str {
        "en"
    }

    fn text(&self, text: Text) -> &'static str {
        match text {
            Text::All => "Whole cluster",
            Text::AllHint => "Draw every object that was loaded",
            Text::Assumptions => "It rests on",
            Text::Audit => "Requests, as in an audit log",
            Text::BackToRun => "Give it up",
            Text::Behind => "Behind it",
            Text::Blocks => "blocks",
            Text::Capture => "Capture it",
            Text::CaptureIntro => {
                "Run these where `kubectl` works, then drop the files here. Every command only reads."
            }
            Text::ChooseFiles => "Choose files",
            Text::Close => "Close",
            Text::Conditions => "Conditions",
            Text::Controller => "controller",
            Text::Copied => "Copied",
            Text::Copy => "Copy",
            Text::CopyCommand => "Copy the commands",
            Text::DeleteBackground => "in the background",
            Text::DeleteForeground => "in the foreground",
            Text::DeleteIt => "Delete it, as a person",
            Text::DeleteOrphan => "and orphan its dependents",
            Text::Dependents => "Dependents",
            Text::Dismiss => "Dismiss",
            Text::Drawing => "Drawing",
            Text::DrawingHelp => "Drag or use the arrow keys to move, + and − to zoom, N and P to go from box to box.",
            Text::Drop => "Drop the files to read them",
            Text::DropHere => "or drop files anywhere on this page",
            Text::Evidence => "What in the dump shows it",
            Text::Filter => "Filter by name or kind",
            Text::FilterNone => "No object has this in its name or kind.",
            Text::Finalizers => "Finalizers",
            Text::Findings => "Findings",
            Text::First => "To the beginning",
            Text::Fit => "Fit",
            Text::Help => "Keyboard",
            Text::HoldsNoMore => "holds no more",
            Text::IfStripped => "If it is stripped",
            Text::Inspector => "Inspector",
            Text::InspectorEmpty => {
                "Select a box in the drawing, or an object in the list, to see all that the dump says of it."
            }
            Text::Knot => "This finding",
            Text::KnotHint => "Draw the finding and what stands around it",
            Text::Labels => "Labels",
            Text::Last => "To the end",
            Text::Legend => "Legend",
            Text::LegendAbsent => "not there",
            Text::LegendKnot => "root cause",
            Text::LegendOwns => "owns",
            Text::LegendWaits => "waits for",
            Text::LoadMore => "Load more",
            Text::MadeHere => "It was made in this run, so the dump has no text of it.",
            Text::Moving => "What the run changes",
            Text::MovingHint => "Draw what is deleted, and all that the run changes",
            Text::Namespace => "Namespace",
            Text::NoRemedy => "No remedy was found that the simulator confirms.",
            Text::NotInDump => "It is not in the dump.",
            Text::NoteNothingLeaves => "Nothing leaves this page: it is read, drawn and simulated in your browser.",
            Text::NothingEnabled => "Nobody can act.",
            Text::NothingWaits => "Nobody waits.",
            Text::Objects => "Objects",
            Text::Open => "Read it",
            Text::OwnerAbsent => "this owner is not there",
            Text::OwnerUnknown => "not in the dump, taken to be there",
            Text::Owners => "Owner references",
            Text::OwnsAndBlocks => "owns; the reference blocks the owner's deletion in the foreground",
            Text::Paste => "Paste it",
            Text::PasteHere => "Paste what kubectl prints: YAML or JSON, one object or a thousand",
            Text::Pause => "Pause",
            Text::Pick => "Who could act next",
            Text::Play => "Play",
            Text::Profile => "Longhorn",
            Text::ProfileTold => "as the dump tells",
            Text::Protects => "Protects",
            Text::Reading => "Reading.",
            Text::Remedies => "What frees it",
            Text::Resolution => "To resolve it",
            Text::Samples => "Look at one first",
            Text::Secrets => "Secrets are left out: Gordian has no use for them.",
            Text::ShowAllLines => "Show every line",
            Text::ShowMarkedLines => "Show the lines that matter",
            Text::SkipToFindings => "Skip to the content",
            Text::Slogan => "Why Kubernetes objects will not die,",
            Text::SlogansEnd => "and how they do.",
            Text::Speed => "Speed",
            Text::StartOver => "Start over",
            Text::Step => "Step",
            Text::StepBack => "One step back",
            Text::StepForward => "One step on",
            Text::StepNone => "This is the cluster as it was loaded.",
            Text::Steps => "Steps",
            Text::Text => "Text",
            Text::ThemeDark => "Dark",
            Text::ThemeLight => "Light",
            Text::ThemeSystem => "As the system has it",
            Text::ThisStep => "changed by this step",
            Text::TryIt => "Try it",
            Text::UnknownFinalizer => "The catalogue does not know this finalizer.",
            Text::WaitsFor => "Waits for",
            Text::WaitedForBy => "What waits for it",
            Text::WhatWaits => "Who waits, and on what",
            Text::WhatsStuck => "What is stuck?",
            Text::ZoomIn => "Nearer",
            Text::ZoomOut => "Farther",
        }
    }

    fn case(&self, case: Case) -> &'static str {
        match case {
            Case::Namespace => "A namespace",
            Case::Object => "One object",
            Case::Longhorn => "Longhorn",
            Case::Cluster => "Not sure",
        }
    }

    fn sample(&self, sample: &Sample) -> (&'static str, &'static str) {
        match sample.id {
            "longhorn-10791" => (
                "The Longhorn incident",
                "An instance manager and its orphan wait for each other, and a disk stays out of use.",
            ),
            "absent-controller" => (
                "A namespace and an absent controller",
                "Three Kafka topics wait for an operator that went before them.",
            ),
            "owner-ring" => {
                ("A ring of owners", "Three objects own one another, and all were deleted in the foreground.")
            }
            "webhook-gone" => {
                ("A webhook without a service", "Every delete must pass a webhook that cannot be asked any more.")
            }
            _ => ("", ""),
        }
    }

    fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Present => "",
            Standing::Deleting => "being deleted",
            Standing::Stuck => "stuck",
            Standing::Gone => "gone",
            Standing::Absent => "not there",
            Standing::Created => "new",
            Standing::Answers => "answers",
            Standing::Silent => "nobody answers",
            Standing::Runs => "runs",
            Standing::Stopped => "does not run",
            Standing::Schedulable => "schedulable",
            Standing::Unschedulable => "not schedulable",
            Standing::Unreachable => "unreachable",
        }
    }

    fn process_kind(&self) -> &'static str {
        "Process"
    }

    fn address_kind(&self) -> &'static str {
        "Address"
    }

    fn disk_kind(&self) -> &'static str {
        "Disk"
    }

    fn objects(&self, n: usize) -> String {
        count(n, "object", "objects")
    }

    fn stuck(&self, n: usize) -> String {
        format!("{n} stuck")
    }

    fn siblings(&self, n: usize) -> String {
        format!("× {n}")
    }

    fn left_out(&self, n: usize) -> String {
        format!("{} left out.", count(n, "object is", "objects are"))
    }

    fn no_namespace(&self) -> &'static str {
        "Cluster"
    }

    fn at_this_step(&self, verdict: &str) -> String {
        format!("At this step: {verdict}")
    }

    fn step_of(&self, n: usize, of: usize) -> String {
        format!("step {n} of {of}")
    }

    fn deleting_for(&self, span: Option<Span>, since: &str) -> String {
        match span {
            Some(span) => format!("being deleted for {}, since `{since}`", ago(span)),
            None => format!("being deleted since `{since}`"),
        }
    }

    fn profile(&self, profile: Profile) -> &'static str {
        match profile.name {
            "before-3719" => "before #3719",
            "after-3719" => "after #3719",
            name => name,
        }
    }

    fn forecast(&self, forecast: &Forecast) -> String {
        match forecast.end {
            End::Finished => {
                format!("finishes after {}", count(forecast.steps, "step", "steps"))
            }
            End::Stuck => format!("never finishes, {} stuck", forecast.deleting),
            End::Bounded => format!("not at rest after {} steps", forecast.steps),
        }
    }

    fn ahead(&self, end: End, left: usize, deleting: usize) -> String {
        match (end, left) {
            (End::Finished, 0) => "Nothing that was being deleted is left.".into(),
            (End::Finished, left) => format!("It finishes in {}.", count(left, "step", "steps")),
            (End::Stuck, 0) => format!(
                "It never finishes: nobody can act, and {} still being deleted.",
                count(deleting, "object is", "objects are")
            ),
            (End::Stuck, left) => format!(
                "It goes on for {}, and never finishes: {} stuck.",
                count(left, "step", "steps"),
                count(deleting, "object stays", "objects stay")
            ),
            (End::Bounded, left) => {
                format!("It is not at rest after {left} steps: it may go on for ever.")
            }
        }
    }

    fn removed_by(&self, controller: &str, project: &str) -> String {
        format!("Removed by: {controller} ({project}).")
    }

    fn box_label(&self, kind: &str, name: &str, standing: &str, finalizers: &[String]) -> String {
        let mut label = format!("{kind} {name}");
        if !standing.is_empty() {
            label.push_str(", ");
            label.push_str(standing);
        }
        if !finalizers.is_empty() {
            label.push_str(", held by ");
            label.push_str(&finalizers.join(", "));
        }
        label
    }

    fn drawing(&self, boxes: usize, arrows: usize) -> String {
        format!(
            "A drawing of {} and {} between them. The list of objects says the same in words.",
            count(boxes, "box", "boxes"),
            count(arrows, "arrow", "arrows")
        )
    }

    fn chosen_profile(&self, chosen: Profile, told: Profile) -> String {
        format!(
            "The run follows Longhorn {}, as you chose; the dump tells {}.",
            self.profile(chosen),
            self.profile(told)
        )
    }

    fn trying(&self, remedy: &str) -> String {
        format!("Trying: {remedy}.")
    }

    fn lines_folded(&self, n: usize) -> String {
        count(n, "line", "lines")
    }

    fn line(&self, n: usize) -> String {
        format!("line {n}")
    }

    fn shown_of(&self, shown: usize, of: usize) -> String {
        format!("{shown} of {of} are shown. Filter for the rest.")
    }

    fn enabled(&self, n: usize) -> String {
        count(n, "step", "steps")
    }

    fn take(&self, object: &str, rule: &str) -> String {
        format!("{object}: {rule}")
    }

    fn speed(&self, factor: f64) -> String {
        format!("{factor} ×")
    }

    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("]", "one step on"),
            ("[", "one step back"),
            ("Space", "play, pause"),
            ("{", "to the beginning"),
            ("}", "to the end"),
            ("1 2 3 4", "to the findings, the drawing, the inspector, the steps"),
            ("N  P", "the next box, the one before"),
            ("← ↑ → ↓", "move the drawing"),
            ("+ −", "nearer, farther"),
            ("0", "fit the drawing"),
            ("K", "the finding and its neighbourhood"),
            ("A", "the whole cluster"),
            ("/", "filter the objects"),
            ("Esc", "close, let go"),
            ("?", "this list"),
        ]
    }

    fn unreadable(&self, file: &str) -> String {
        format!("{file}: the browser could not read this file. Is it still there?")
    }

    fn pasted(&self) -> &'static str {
        "pasted text"
    }
}
