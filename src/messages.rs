//! Every sentence of the page that is not the core's. One language is one file beside `english.rs`.
//!
//! As in the core's [`Messages`], text between backticks is a literal.

mod english;
mod of_objects;
mod of_runs;

use gordian_diagnose::messages::{English as CoreEnglish, Messages};
use gordian_reconcile::Profile;
use serde::{Deserialize, Serialize};

use crate::capture::{Case, Gets};
use crate::engine::Phase;
use crate::find::Complaint;
use crate::inspect::Runs;
use crate::keys::Does;
use crate::lanes::{Did, Why};
use crate::samples::Sample;
use crate::scene::{Block, Line, Scene};
use crate::search::Question;

pub use of_objects::{Clue, Flaw, OfObjects, Verdict};
pub use of_runs::{OfRuns, WhichRun};

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
}

impl Language {
    /// The sentences of the core.
    pub fn core(self) -> &'static dyn Messages {
        match self {
            Self::English => &CoreEnglish,
        }
    }

    /// What the worker says of runs, and of what was loaded.
    pub fn of_runs(self) -> &'static dyn OfRuns {
        match self {
            Self::English => &english::English,
        }
    }

    /// What the worker says of an object.
    pub fn of_objects(self) -> &'static dyn OfObjects {
        match self {
            Self::English => &english::English,
        }
    }

    /// The sentences of the page.
    pub fn page(self) -> &'static dyn Interface {
        match self {
            Self::English => &english::English,
        }
    }

    /// A fixed text of the page.
    pub fn text(self, text: Text) -> &'static str {
        self.page().text(text)
    }
}

/// What a box in the drawing is, or what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// It stands there, and nothing is wrong.
    Present,
    /// It is being deleted, and goes.
    Deleting,
    /// It is being deleted, and never goes.
    Stuck,
    /// It was there when the run began.
    Gone,
    /// It is not there, and something waits for it.
    Absent,
    /// It was made in this run.
    Created,
    /// Somebody answers.
    Answers,
    /// Nobody answers.
    Silent,
    /// A process that runs.
    Runs,
    /// A process that does not run.
    Stopped,
    /// A disk that takes replicas.
    Schedulable,
    /// A disk that takes none.
    Unschedulable,
    /// A webhook that cannot be asked, or an API that is not served.
    Unreachable,
}

/// Texts that name nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is named by what it says, in `english.rs`")]
pub enum Text {
    ActsOn,
    AddNote,
    All,
    AllHint,
    AsOfDump,
    Assumptions,
    Audit,
    AuditCopy,
    BackToRun,
    Behind,
    Blocks,
    Boxes,
    BranchHere,
    Branches,
    BreakGeneral,
    BreakIt,
    BreakSelected,
    BrokenNow,
    BrokenUp,
    Cancel,
    Capture,
    CaptureIntro,
    CatalogueSays,
    ChangedFields,
    ChooseFiles,
    Close,
    Cluster,
    Compare,
    CompareIn,
    CompareIntro,
    CompareObject,
    CompareSame,
    CompareSteps,
    Conditions,
    Controller,
    Copied,
    Copy,
    CopyCommand,
    CopyLink,
    DamagedKept,
    DamagedLink,
    DeleteBackground,
    DeleteForeground,
    DeleteIt,
    DeleteOrphan,
    Deletion,
    Dependents,
    Dismiss,
    Download,
    Drawing,
    DrawingHelp,
    Drop,
    DropHere,
    EndFaults,
    Events,
    EventsMissing,
    EventsNone,
    Evidence,
    FaultsHint,
    FaultsUpTo,
    Filter,
    FilterHelp,
    FilterNext,
    FilterPrevious,
    Finalizers,
    Findings,
    First,
    Fit,
    FoldLines,
    FoldRest,
    FollowDecided,
    FollowRun,
    ForgetBranch,
    ForgetKept,
    Forgets,
    HasNote,
    HeldBy,
    Help,
    HitNext,
    HitPrevious,
    HoldsNoMore,
    IfStripped,
    Inspector,
    InspectorEmpty,
    Judge,
    Keep,
    KeepAsk,
    KeepNo,
    KeepOff,
    KeepOn,
    KeepTooLarge,
    KeepYes,
    Kind,
    Knot,
    KnotHint,
    Labels,
    Lag,
    LagHint,
    Last,
    LeftOut,
    LeadsTo,
    Legend,
    LegendAbsent,
    LegendCame,
    LegendChanged,
    LegendKnot,
    LegendOver,
    LegendOwns,
    LegendWaits,
    LinkHint,
    LinkOfSample,
    LineMatters,
    Lanes,
    LanesFewer,
    LoadMore,
    MadeHere,
    MadeInRun,
    Metadata,
    Moving,
    MovingHint,
    Name,
    Namespace,
    NoProgram,
    NoRemedy,
    NoStep,
    Nodes,
    NodesHint,
    NoWorker,
    NotEnabled,
    NotInDump,
    NoteNothingLeaves,
    NoteObject,
    NoteStep,
    Notes,
    NotesCopy,
    NotesNotKept,
    NotesTravel,
    NotesTravelHint,
    NothingEnabled,
    NothingToBreak,
    NothingWaits,
    Objects,
    Open,
    OpenKept,
    OrdersHint,
    Owners,
    Page,
    Paste,
    PasteHere,
    Pause,
    Person,
    Pick,
    Play,
    PlayScript,
    Presence,
    Profile,
    ProfileTold,
    Project,
    Protects,
    Reading,
    Remedies,
    Resolution,
    Risk,
    Samples,
    SavePng,
    SaveSvg,
    SaysWrong,
    Script,
    ScriptRest,
    SearchText,
    Searches,
    Secrets,
    Share,
    Since,
    SkipToFindings,
    Slogan,
    SlogansEnd,
    Speed,
    StandsHere,
    StartOver,
    Status,
    Step,
    StepBack,
    StepForward,
    StepNone,
    Steps,
    StepsApart,
    Stop,
    StopAfter,
    StopBefore,
    StopsHere,
    Text,
    ThemeDark,
    ThemeLight,
    ThemeSystem,
    Ticks,
    TicksTouch,
    TryFaults,
    TryIt,
    TryOrders,
    TypeAndReason,
    UnfoldAll,
    UnfoldLines,
    UnknownFinalizer,
    ValueAfter,
    ValueBefore,
    WaitedForBy,
    WaitsFor,
    WhatsStuck,
    WorkerBroke,
    WouldHold,
    WhereYouAre,
    ZoomIn,
    ZoomOut,
}

/// What the page says, in one language.
pub trait Interface {
    /// The tag of the language, for the page's `lang`.
    fn tag(&self) -> &'static str;
    /// A text that names nothing.
    fn text(&self, text: Text) -> &'static str;
    /// What a case of capture is called.
    fn case(&self, case: Case) -> &'static str;
    /// What a command gets, and what for.
    fn gets(&self, gets: Gets) -> &'static str;
    /// What a sample was made after.
    fn after(&self, report: &str) -> String;
    /// A sample's headline, and what it is.
    fn sample(&self, sample: &Sample) -> (&'static str, &'static str);
    /// What a box is, or what became of it.
    fn standing(&self, standing: Standing) -> &'static str;
    /// How many objects were loaded.
    fn objects(&self, n: usize) -> String;
    /// How many of them are stuck.
    fn stuck(&self, n: usize) -> String;
    /// How many are like this one.
    fn siblings(&self, n: usize) -> String;
    /// How many boxes the drawing leaves out.
    fn left_out(&self, n: usize) -> String;
    /// A node, around what is bound to it.
    fn node(&self, name: &str) -> String;
    /// Cluster-scoped objects, where a namespace would stand.
    fn no_namespace(&self) -> &'static str;
    /// Where the run stands.
    fn step_of(&self, n: usize, of: usize) -> String;
    /// What a profile is.
    fn profile(&self, profile: Profile) -> &'static str;
    /// Profiles that follow one another, by the first and the last.
    fn profiles(&self, first: Profile, last: Profile) -> String;
    /// Which of several profiles the run follows.
    fn follows(&self, profile: Profile) -> String;
    /// That the end of a run is judged with what is broken then.
    fn judged(&self, faults: usize) -> String;
    /// With how many equal steps two branches begin.
    fn begin_alike(&self, steps: usize) -> String;
    /// In how many objects two branches differ.
    fn differ(&self, objects: usize) -> String;
    /// A label of a box, for those who do not see it.
    fn box_label(&self, kind: &str, name: &str, standing: &str, finalizers: &[String], changed: bool) -> String;
    /// The same of a box in the drawing, with the namespace or node around it; of a stack, how many it stands for.
    fn block_label(&self, scene: &Scene, block: &Block) -> String;
    /// What an arrow in the drawing says.
    fn line_label(&self, scene: &Scene, line: &Line) -> String;
    /// What an arrow says that came with the last step, or went with it (`came` is false).
    fn arrow_changed(&self, came: bool, sentence: &str) -> String;
    /// The drawing in one sentence.
    fn drawing(&self, boxes: usize, arrows: usize) -> String;
    /// A line of an object's text.
    fn line(&self, n: usize) -> String;
    /// That many objects pass the filter, of which some are shown.
    fn shown_of(&self, shown: usize, of: usize) -> String;
    /// How many of all objects the filter found, and the place of the selected one among them.
    fn found(&self, found: usize, of: usize, at: Option<usize>) -> String;
    /// Why a filter cannot find anything.
    fn complaint(&self, complaint: &Complaint) -> String;
    /// That more rows can be shown, of so many that are not.
    fn more_rows(&self, more: usize, hidden: usize) -> String;
    /// What a tick shows.
    fn did(&self, did: Did) -> &'static str;
    /// Why playing stops.
    fn stop(&self, why: Why) -> &'static str;
    /// How many actors share a lane.
    fn others(&self, n: usize) -> String;
    /// Where the run stands, and what led there.
    fn at_step(&self, n: usize, of: usize, says: &str) -> String;
    /// The speed of playing.
    fn speed(&self, factor: f64) -> String;
    /// What the worker does; or that it only goes back to what was there before (`back`).
    fn doing(&self, phase: Option<Phase>, back: bool) -> &'static str;
    /// What a key does.
    fn key(&self, does: Does) -> &'static str;
    /// How far a search is: how many worlds were reached, or runs were taken.
    fn tried(&self, question: Question, n: usize) -> String;
    /// So many faults.
    fn faults(&self, n: usize) -> String;
    /// What is kept in the browser, by the names of its files.
    fn kept(&self, names: &str) -> String;
    /// How long a link is that carries so many objects.
    fn link_size(&self, objects: usize, characters: usize) -> String;
    /// That so many characters are more than a link carries.
    fn link_too_long(&self, characters: usize, limit: usize) -> String;
    /// That a note is as long as it can be.
    fn note_full(&self, limit: usize) -> String;
    /// What stands for a file's name when text was pasted.
    fn pasted(&self) -> &'static str;
    /// Whether a controller runs.
    fn runs(&self, runs: Runs) -> &'static str;
    /// How many dependents there are, and how many of them block.
    fn dependents(&self, of: usize, blocking: usize) -> String;
    /// That some are shown of many.
    fn first_of(&self, shown: usize, of: usize) -> String;
    /// That there are more of a list.
    fn more(&self, n: usize) -> String;
    /// That a finalizer's controller waits for more than was said.
    fn more_waits(&self, n: usize) -> String;
    /// How often something was seen.
    fn times(&self, n: u64) -> String;
    /// How many lines are folded away.
    fn lines_folded(&self, n: usize) -> String;
    /// Which hit of how many is looked at.
    fn hit_of(&self, n: usize, of: usize) -> String;
    /// Who would remove a finalizer.
    fn would_remove(&self, who: &str, being_deleted: bool) -> String;
}
