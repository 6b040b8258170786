//! English.

mod of_objects;
mod of_runs;

use gordian_reconcile::Profile;

use super::{Interface, Standing, Text};
use crate::capture::{Case, Gets};
use crate::engine::Phase;
use crate::find::Complaint;
use crate::inspect::Runs;
use crate::keys::Does;
use crate::lanes::{Did, Why};
use crate::samples::Sample;
use crate::scene::{Block, Line, Mark, Meaning, Scene};
use crate::search::Question;

/// English: short, calm, Kubernetes' own words.
pub(super) struct English;

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// With a capital first letter.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Interface for English {
    fn tag(&self) -> &'static str {
        "en"
    }

    fn text(&self, text: Text) -> &'static str {
        match text {
            Text::ActsOn => "Who acts on it",
            Text::AddNote => "Add a note",
            Text::All => "Whole cluster",
            Text::AllHint => "Draw every object that was loaded",
            Text::AsOfDump => "as of the dump",
            Text::Assumptions => "It rests on",
            Text::Audit => "Requests, as in an audit log",
            Text::AuditCopy => "Copy as JSON lines",
            Text::BackToRun => "Give it up",
            Text::Behind => "Behind it",
            Text::Blocks => "blocks",
            Text::Boxes => "Boxes in the drawing",
            Text::BranchHere => "Branch here",
            Text::Branches => "Branch",
            Text::BreakGeneral => "Who acts in this run",
            Text::BreakIt => "Break something",
            Text::BreakSelected => "What is selected",
            Text::BrokenNow => "Broken now",
            Text::BrokenUp => "The dump has it on one line; it is broken up here.",
            Text::Cancel => "Cancel",
            Text::Capture => "Capture it",
            Text::CaptureIntro => {
                "Run these where `kubectl` works, then drop the files here. Every command only reads."
            }
            Text::CatalogueSays => "What the catalogue says",
            Text::ChangedFields => "Changed by this step",
            Text::ChooseFiles => "Choose files",
            Text::Close => "Close",
            Text::Cluster => "Cluster",
            Text::Compare => "Compare two branches",
            Text::CompareIn => "Compare",
            Text::CompareIntro => "Each branch is compared where it stands.",
            Text::CompareObject => "Object",
            Text::CompareSame => "No object differs where the two stand.",
            Text::CompareSteps => "Steps",
            Text::Conditions => "Conditions",
            Text::Controller => "controller",
            Text::Copied => "Copied",
            Text::Copy => "Copy",
            Text::CopyCommand => "Copy the commands",
            Text::CopyLink => "Copy link",
            Text::DamagedKept => {
                "What this browser kept is not whole any more, and cannot be read. Forget it, and load the dump again."
            }
            Text::DamagedLink => {
                "The link did not arrive whole: some of its characters are missing or changed. Copy it again from where you have it."
            }
            Text::DeleteBackground => "in the background",
            Text::DeleteForeground => "in the foreground",
            Text::DeleteIt => "Delete it, as a person",
            Text::DeleteOrphan => "and orphan its dependents",
            Text::Deletion => "Deletion",
            Text::Dependents => "Dependents",
            Text::Dismiss => "Dismiss",
            Text::Download => "Download the text",
            Text::Drawing => "Drawing",
            Text::DrawingHelp => "Drag or use the arrow keys to move, + and − to zoom, N and P to go from box to box.",
            Text::Drop => "Drop the files to read them",
            Text::DropHere => "or drop files anywhere on this page",
            Text::EndFaults => "End all faults",
            Text::Events => "Events about it",
            Text::EventsMissing => "Not in the dump: events. This prints them:",
            Text::EventsNone => "The dump has events, and none is about this object.",
            Text::Evidence => "What in the dump shows it",
            Text::Filter => "Filter: web, po/web-0, ns:shop",
            Text::FilterHelp => "All words must hold. A − before a word excludes what it finds.",
            Text::FilterNext => "Next match (Enter)",
            Text::FilterPrevious => "Previous match (Shift Enter)",
            Text::Finalizers => "Finalizers",
            Text::Findings => "Findings",
            Text::First => "To the beginning",
            Text::Fit => "Fit",
            Text::FoldLines => "Fold",
            Text::FoldRest => "Fold what matters less",
            Text::FollowDecided => "Go to where it is decided",
            Text::FollowRun => "Play this run",
            Text::ForgetBranch => "Delete this branch",
            Text::FaultsHint => "The most faults that strike in a run",
            Text::FaultsUpTo => "Up to",
            Text::ForgetKept => "Forget it",
            Text::Forgets => {
                "Stopped, it forgets what its garbage collector believed; started again, it learns that anew from a list."
            }
            Text::HasNote => "has a note",
            Text::HeldBy => "Held by",
            Text::Help => "Keyboard",
            Text::HitNext => "Next hit",
            Text::HitPrevious => "Previous hit",
            Text::HoldsNoMore => "holds no more",
            Text::IfStripped => "If it is stripped",
            Text::Inspector => "Inspector",
            Text::InspectorEmpty => {
                "Select a box in the drawing, or an object in the list, to see all that the dump says of it."
            }
            Text::Judge => "Judge it after they end",
            Text::Keep => "In this browser",
            Text::KeepAsk => {
                "Keep what is loaded, and notes on it, in this browser, so that a reload brings them back?"
            }
            Text::KeepNo => "No",
            Text::KeepOff => "What is loaded is not kept, nor are notes on it: a reload loses them.",
            Text::KeepOn => "What is loaded is kept, and so are notes on it: a reload brings them back.",
            Text::KeepTooLarge => "This is too large to be kept in this browser: after a reload, load it again.",
            Text::KeepYes => "Keep it",
            Text::Kind => "Kind",
            Text::Knot => "This finding",
            Text::KnotHint => "Draw the finding and what stands around it",
            Text::Labels => "Labels",
            Text::Lag => "The garbage collector lags",
            Text::LagHint => "It sees each change in a step of its own, and acts on what it has seen so far.",
            Text::Lanes => "A lane for each actor",
            Text::LanesFewer => "fewer lanes",
            Text::Last => "To the end",
            Text::LeftOut => {
                "Left out are the data of Secrets and ConfigMaps, the values of environment variables, commands and their arguments, annotations, `managedFields`, schemas, certificates, and fields that are named like a password, a token or a key."
            }
            Text::LeadsTo => "Where that leads",
            Text::Legend => "Legend",
            Text::LegendAbsent => "not there",
            Text::LegendCame => "new with this step",
            Text::LegendChanged => "changed by this step",
            Text::LegendKnot => "root cause",
            Text::LegendOver => "over with this step",
            Text::LegendOwns => "owns",
            Text::LegendWaits => "waits for",
            Text::LinkHint => {
                "The objects travel in the part of the address that no browser sends to a server. Whoever has the link can read them."
            }
            Text::LinkOfSample => "It leads to this sample, and to where you stand in it.",
            Text::LineMatters => "matters to the deletion",
            Text::LoadMore => "Load more",
            Text::MadeHere => "It was made in this run, so the dump has no text of it.",
            Text::MadeInRun => "made in this run",
            Text::Metadata => "Metadata",
            Text::Moving => "This run",
            Text::MovingHint => "Draw what is deleted, and all that the run changes",
            Text::Name => "Name",
            Text::Namespace => "Namespace",
            Text::NoProgram => {
                "Not all of Gordian arrived, and without the rest it can open nothing: load the page again."
            }
            Text::NoRemedy => "No remedy was found that the simulator confirms.",
            Text::NoWorker => {
                "This page cannot start its worker, a module worker, and can do nothing without it: the browser is too old, or does not allow it."
            }
            Text::Nodes => "By node",
            Text::NodesHint => "Draw every object, those that are bound to a node in a box of the node",
            Text::NoStep => "no step",
            Text::NotEnabled => "Who does not act, and why",
            Text::NotInDump => "It is not in the dump.",
            Text::NoteNothingLeaves => "Nothing leaves this page: it is read, drawn and simulated in your browser.",
            Text::NoteObject => "Note on this object",
            Text::NoteStep => "Note on this step",
            Text::Notes => "Notes",
            Text::NotesCopy => "Copy as text",
            Text::NotesNotKept => "This browser has no room for the notes: a reload loses them.",
            Text::NotesTravel => "With notes",
            Text::NotesTravelHint => "Notes can name people and customers. Without this they stay here.",
            Text::NothingEnabled => "Nobody can act.",
            Text::NothingToBreak => "Nothing is left here that could be broken.",
            Text::NothingWaits => "Nobody waits.",
            Text::Objects => "Objects",
            Text::Open => "Read it",
            Text::OpenKept => "Open it",
            Text::OrdersHint => "What could happen from here on, whoever acts first, and whatever breaks.",
            Text::Owners => "Owner references",
            Text::Page => "Anywhere",
            Text::Paste => "Paste it",
            Text::PasteHere => "Paste what kubectl prints: YAML or JSON, one object or a thousand",
            Text::Pause => "Pause",
            Text::Person => "a person",
            Text::Pick => "Who could act next",
            Text::Play => "Play",
            Text::PlayScript => "Play it",
            Text::Presence => "Presence",
            Text::Profile => "Longhorn",
            Text::ProfileTold => "as the dump tells",
            Text::Project => "Project",
            Text::Protects => "Protects",
            Text::Reading => "Reading.",
            Text::Remedies => "What frees it",
            Text::Resolution => "To resolve it",
            Text::SavePng => "Save what is seen as PNG",
            Text::SaveSvg => "Save what is seen as SVG",
            Text::Risk => "Risk",
            Text::Samples => "Look at one first",
            Text::SaysWrong => "says that something is wrong",
            Text::Script => "Script",
            Text::ScriptRest => "once the controllers rest:",
            Text::SearchText => "Search in this text",
            Text::Searches => "Orders and faults",
            Text::Secrets => "Secrets are left out: Gordian has no use for them.",
            Text::Share => "Share",
            Text::Since => "Since",
            Text::SkipToFindings => "Skip to the content",
            Text::Slogan => "Why Kubernetes objects will not die,",
            Text::SlogansEnd => "and how they do.",
            Text::Speed => "Speed",
            Text::StandsHere => "stands here",
            Text::StartOver => "Start over",
            Text::Status => "Status",
            Text::Step => "Step",
            Text::StepBack => "One step back",
            Text::StepForward => "One step on",
            Text::StepNone => "This is the cluster as it was loaded.",
            Text::Steps => "Steps",
            Text::StepsApart => "Where they part",
            Text::Stop => "Stop",
            Text::StopAfter => "To the next stop",
            Text::StopBefore => "To the stop before",
            Text::StopsHere => "Playing stops at what matters",
            Text::Text => "Text",
            Text::ThemeDark => "Dark",
            Text::ThemeLight => "Light",
            Text::ThemeSystem => "As the system has it",
            Text::Ticks => "What a tick shows",
            Text::TicksTouch => "has to do with what is selected",
            Text::TryFaults => "Try faults",
            Text::TryIt => "Try it",
            Text::TryOrders => "Try every order",
            Text::TypeAndReason => "Type and reason",
            Text::UnfoldAll => "Unfold all",
            Text::UnfoldLines => "Unfold",
            Text::UnknownFinalizer => "The catalogue does not know this finalizer.",
            Text::ValueAfter => "after it",
            Text::ValueBefore => "before this step",
            Text::WaitedForBy => "What waits for it",
            Text::WaitsFor => "Waits for",
            Text::WhatsStuck => "What is stuck?",
            Text::WorkerBroke => "That was more than Gordian could do. What was there before is back.",
            Text::WouldHold => "Would hold it",
            Text::WhereYouAre => "Where you are",
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

    fn gets(&self, gets: Gets) -> &'static str {
        match gets {
            Gets::Object => "The object itself, whatever its kind.",
            Gets::InNamespace => "All that is in the namespace, so also owners and dependents; Secrets are left out.",
            Gets::InNamespaces => "All that is in any namespace; Secrets are left out.",
            Gets::Around => "What decides over a namespace from outside: definitions, APIs, webhooks, volumes, nodes.",
            Gets::ClusterScoped => {
                "All that is in no namespace: owners can be there, and so are definitions, APIs, webhooks, nodes."
            }
            Gets::Workloads => "Who runs: the controllers that would remove the finalizers.",
            Gets::Longhorn => "Longhorn's own objects.",
            Gets::Pods => "Longhorn's pods: who runs, and who answers at which address.",
            Gets::Nodes => "The nodes: which of them are there, and ready.",
            Gets::Events => "What was said of it lately: most clusters keep events for an hour.",
        }
    }

    fn after(&self, report: &str) -> String {
        format!("after {report}")
    }

    fn sample(&self, sample: &Sample) -> (&'static str, &'static str) {
        match sample.id {
            "longhorn-10791" => (
                "The Longhorn incident",
                "An instance manager and its orphan wait for each other, and a disk stays out of use.",
            ),
            "three-nodes" => (
                "Three nodes, from health",
                "The shortest run from a healthy cluster to that deadlock: a script, and every order of what comes of it.",
            ),
            "api-gone" => (
                "An API that is not served",
                "A metrics adapter went with its namespace, and now no namespace goes, however empty.",
            ),
            "webhook-gone" => {
                ("A webhook without a service", "Every delete must pass a webhook that cannot be asked any more.")
            }
            "definition-first" => (
                "A definition deleted before its instances",
                "KEDA was uninstalled, and three scaled objects wait for it in other namespaces.",
            ),
            "absent-controller" => (
                "A namespace and an absent controller",
                "Three Kafka topics wait for an operator that went before them.",
            ),
            "load-balancer" => (
                "A load balancer without its controller",
                "A Service holds its namespace until somebody takes the load balancer down.",
            ),
            "volume-in-use" => (
                "A claim that is still mounted",
                "The claim waits for its pod, and the pod for a node that is not heard of.",
            ),
            "volume-attached" => {
                ("A volume that cannot be detached", "The driver runs, and its cloud no longer knows the disk.")
            }
            "owner-ring" => {
                ("A ring of owners", "Three objects own one another, and all were deleted in the foreground.")
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

    fn node(&self, name: &str) -> String {
        format!("Node {name}")
    }

    fn no_namespace(&self) -> &'static str {
        "Cluster"
    }

    fn step_of(&self, n: usize, of: usize) -> String {
        format!("step {n} of {of}")
    }

    fn profile(&self, profile: Profile) -> &'static str {
        match profile.name {
            "before-3719" => "before #3719",
            "after-3719" => "after #3719",
            // It never went into a release.
            "pr-3746" => "with #3746",
            name => name,
        }
    }

    fn profiles(&self, first: Profile, last: Profile) -> String {
        match first == last {
            true => self.profile(first).into(),
            false => format!("{} to {}", self.profile(first), self.profile(last)),
        }
    }

    fn follows(&self, profile: Profile) -> String {
        format!("The run follows {}.", self.profile(profile))
    }

    fn judged(&self, faults: usize) -> String {
        format!("Judged with {}.", count(faults, "fault that lasts", "faults that last"))
    }

    fn begin_alike(&self, steps: usize) -> String {
        match steps {
            0 => "They part at the first step.".into(),
            1 => "The first step is the same in both.".into(),
            steps => format!("The first {steps} steps are the same in both."),
        }
    }

    fn differ(&self, objects: usize) -> String {
        format!("{} where the two stand:", count(objects, "object differs", "objects differ"))
    }

    fn box_label(&self, kind: &str, name: &str, standing: &str, finalizers: &[String], changed: bool) -> String {
        let mut label = format!("{kind} {name}");
        if !standing.is_empty() {
            label.push_str(", ");
            label.push_str(standing);
        }
        if !finalizers.is_empty() {
            label.push_str(", held by ");
            label.push_str(&finalizers.join(", "));
        }
        if changed {
            label.push_str(", changed by this step");
        }
        label
    }

    fn block_label(&self, scene: &Scene, block: &Block) -> String {
        let chips: Vec<String> = block.chips.iter().map(|chip| chip.text.clone()).collect();
        let standing = self.standing(block.standing);
        let label = self.box_label(block.kind(), block.name(), standing, &chips, block.changed);
        let noted = if block.noted { format!(", {}", self.text(Text::HasNote)) } else { String::new() };
        let within = scene.container(block).map(|container| format!(", in {}", container.name)).unwrap_or_default();
        match block.count() {
            1 => format!("{label}{noted}{within}"),
            n => format!("{label}{noted}{within}, and {} more like it", n - 1),
        }
    }

    fn line_label(&self, scene: &Scene, line: &Line) -> String {
        let name = |block: usize| scene.blocks.get(block).map_or("", |block| block.name());
        let (from, to) = (name(line.from), name(line.to));
        let said = match line.meaning {
            Meaning::Owns { blocks: false } => format!("{from} owns {to}."),
            Meaning::Owns { blocks: true } => {
                format!("{from} owns {to}; the reference blocks the owner's deletion in the foreground.")
            }
            Meaning::Waits | Meaning::Knot => line.sentence.replace('`', ""),
        };
        match line.mark {
            Some(mark) => self.arrow_changed(mark == Mark::Came, &said),
            None => said,
        }
    }

    fn arrow_changed(&self, came: bool, sentence: &str) -> String {
        let what = if came { "New with this step" } else { "Over with this step" };
        format!("{what}: {sentence}")
    }

    fn drawing(&self, boxes: usize, arrows: usize) -> String {
        format!(
            "A drawing of {} and {} between them. The list of objects says the same in words.",
            count(boxes, "box", "boxes"),
            count(arrows, "arrow", "arrows")
        )
    }

    fn line(&self, n: usize) -> String {
        format!("line {n}")
    }

    fn found(&self, found: usize, of: usize, at: Option<usize>) -> String {
        match (found, at) {
            (0, _) => "No object matches.".into(),
            (_, Some(at)) => format!("Match {at} of {found}."),
            (1, None) => format!("1 of {} matches.", self.objects(of)),
            (_, None) => format!("{found} of {} match.", self.objects(of)),
        }
    }

    fn complaint(&self, complaint: &Complaint) -> String {
        match complaint {
            Complaint::Key { written, nearest: Some(nearest) } => {
                format!("There is no key `{written}:`; the nearest is `{nearest}:`.")
            }
            Complaint::Key { written, nearest: None } => format!(
                "There is no key `{written}:`; the keys are `kind:`, `ns:`, `name:`, `finalizer:`, `controller:`, `label:`, `is:`, `has:` and `uid:`."
            ),
            Complaint::Thing { written } => format!("Nothing `has:{written}`; an object can have a note: `has:note`."),
            Complaint::State { written, nearest: Some(nearest) } => {
                format!("Nothing `is:{written}`; the nearest is `is:{nearest}`.")
            }
            Complaint::State { written, nearest: None } => {
                format!("Nothing `is:{written}`; an object `is:stuck`, `is:terminating`, `is:gone` or `is:new`.")
            }
        }
    }

    fn more_rows(&self, more: usize, hidden: usize) -> String {
        format!("Show {more} more of {hidden}")
    }

    fn shown_of(&self, shown: usize, of: usize) -> String {
        format!("{shown} of {of} are shown. Filter for the rest.")
    }

    fn did(&self, did: Did) -> &'static str {
        match did {
            Did::Nothing => "no object changed",
            Did::Modified => "an object changed",
            Did::Created => "an object was created",
            Did::Released => "a finalizer was taken off",
            Did::Asked => "deletion was asked for",
            Did::Deleted => "an object is gone",
            Did::Person => "a person did something",
            Did::Broke => "a person broke something",
            Did::Refused => "a request was refused",
        }
    }

    fn stop(&self, why: Why) -> &'static str {
        match why {
            Why::End => "the run ends",
            Why::Person => "a person acts",
            Why::Broke => "something breaks",
            Why::Refused => "a request is refused",
            Why::Opens => "the first of what the finding holds is gone",
        }
    }

    fn others(&self, n: usize) -> String {
        count(n, "other", "others")
    }

    fn at_step(&self, n: usize, of: usize, says: &str) -> String {
        format!("{}: {}", self.step_of(n, of), says.replace('`', ""))
    }

    fn speed(&self, factor: f64) -> String {
        format!("{factor} ×")
    }

    fn doing(&self, phase: Option<Phase>, back: bool) -> &'static str {
        match phase {
            _ if back => "Going back to what was there",
            None => "Working",
            Some(Phase::Read) => "Reading",
            Some(Phase::Parse) => "Parsing",
            Some(Phase::Graph) => "Building the graph",
            Some(Phase::Diagnose) => "Finding what can finish",
            Some(Phase::Layout | Phase::Paint) => "Drawing",
            Some(Phase::Step) => "Simulating",
        }
    }

    fn key(&self, does: Does) -> &'static str {
        match does {
            Does::Forward => "one step on",
            Does::Back => "one step back",
            Does::First => "to the beginning",
            Does::Last => "to the end",
            Does::Play => "play, pause",
            Does::StopAfter => "to the next stop",
            Does::StopBefore => "to the stop before",
            Does::StopOnSlider => "on the slider: to the stop before, to the next",
            Does::Ends => "in a list: to its first line, to its last",
            Does::Panes => "to the findings, the drawing, the inspector, the steps",
            Does::Filter => {
                "filter the objects: `web`, `po/web-0`, `ns:shop`, `finalizer:foreground`, `is:stuck`, `-web`"
            }
            Does::Match => "the next match, or Ctrl G; with Shift the one before",
            Does::Note => "write a note on what is selected",
            Does::LetGo => "close, let go",
            Does::Help => "this list",
            Does::Read => "read what is pasted",
            Does::Boxes => "the next box, the one before",
            Does::Inspect => "inspect the selected box",
            Does::Shift => "move the drawing",
            Does::Zoom => "nearer, farther",
            Does::Fit => "fit the drawing",
            Does::Knot => "the finding and its neighbourhood",
            Does::All => "the whole cluster",
            Does::Nodes => "the whole cluster, by node",
        }
    }

    fn tried(&self, question: Question, n: usize) -> String {
        match question {
            Question::Orders => count(n, "world", "worlds"),
            Question::Faults(_) => count(n, "run", "runs"),
        }
    }

    fn faults(&self, n: usize) -> String {
        count(n, "fault", "faults")
    }

    fn kept(&self, names: &str) -> String {
        format!("Kept in this browser: `{names}`.")
    }

    fn link_size(&self, objects: usize, characters: usize) -> String {
        format!("The link carries {} in {characters} characters.", self.objects(objects))
    }

    fn link_too_long(&self, characters: usize, limit: usize) -> String {
        format!(
            "This takes {characters} characters, and a link carries {limit} at most. Download the text, and send the file."
        )
    }

    fn note_full(&self, limit: usize) -> String {
        format!("A note has {limit} characters at most.")
    }

    fn pasted(&self) -> &'static str {
        "pasted text"
    }

    fn runs(&self, runs: Runs) -> &'static str {
        match runs {
            Runs::Runs => "runs",
            Runs::Stopped => "does not run",
            Runs::NotSeen(true) => "not in the dump, taken to run",
            Runs::NotSeen(false) => "not in the dump",
        }
    }

    fn dependents(&self, of: usize, blocking: usize) -> String {
        match blocking {
            0 => format!("{}, none blocks", of),
            blocking if blocking == of => format!("{of}, {}", if of == 1 { "it blocks" } else { "all block" }),
            blocking => format!("{of}, {} of them {}", blocking, if blocking == 1 { "blocks" } else { "block" }),
        }
    }

    fn first_of(&self, shown: usize, of: usize) -> String {
        format!("The first {shown} of {of}.")
    }

    fn more(&self, n: usize) -> String {
        format!("Show {n} more")
    }

    fn more_waits(&self, n: usize) -> String {
        format!("{} of the same kind.", count(n, "more wait is", "more waits are"))
    }

    fn times(&self, n: u64) -> String {
        format!("× {n}")
    }

    fn lines_folded(&self, n: usize) -> String {
        count(n, "line", "lines")
    }

    fn hit_of(&self, n: usize, of: usize) -> String {
        match (n, of) {
            (_, 0) => "no hit".into(),
            (0, of) => count(of, "hit", "hits"),
            (n, of) => format!("{n} of {of}"),
        }
    }

    fn would_remove(&self, who: &str, being_deleted: bool) -> String {
        match (who, being_deleted) {
            ("", _) => "Nobody is known who would remove it.".into(),
            (who, true) => format!("{who} would remove it"),
            (who, false) => format!("{who} would remove it on deletion"),
        }
    }
}
