//! Scripts of what a person does to a cluster, in the form of the recordings' actions.json; `docs/actions.md` is their manual.
//!
//! A script is read from bytes ([`read`]) and played on a timeline ([`play`]); its parts and phases are what a search over orders
//! begins with ([`rehearsal`]), its deeds what faults strike between ([`deeds`]).

mod documents;
mod faults;
mod kubectl;
mod patch;

use std::borrow::Cow;
use std::rc::Rc;

use gordian_reconcile::explorer::Deeds;
use gordian_reconcile::{
    Fault, Key, Kind, Name, Process, Propagation, Request, Requirement, Response, Selector, Timeline, Verb, World,
    inject, kinds, serve,
};
use gordian_snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use self::documents::{Documents, Wanted, Write, created};
use self::faults::Subject;
use self::kubectl::Command;
use self::patch::PatchType;

/// One action of the script.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    i: i64,
    #[serde(rename = "t_ms")]
    t_ms: i64,
    verb: String,
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
    #[serde(default)]
    patch_type: Option<String>,
    #[serde(default)]
    subresource: Option<String>,
    #[serde(default)]
    label_selector: Option<String>,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    response: Option<Recorded>,
}

/// The recorded answer, of which only what the server alone can give is used.
#[derive(Debug, Clone, Deserialize, Serialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Recorded {
    uid: Option<String>,
    resource_version: Option<String>,
}

/// `DeleteOptions`, as far as deletion depends on them.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct DeleteOptions<'a> {
    #[serde(borrow)]
    propagation_policy: Option<Cow<'a, str>>,
    grace_period_seconds: Option<i64>,
    orphan_dependents: Option<bool>,
    #[serde(borrow)]
    preconditions: Option<Preconditions<'a>>,
    #[serde(borrow)]
    dry_run: Option<Vec<Cow<'a, str>>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Preconditions<'a> {
    #[serde(borrow)]
    uid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource_version: Option<Cow<'a, str>>,
}

/// Reads a script: a JSON array of actions. The error says what is none.
pub fn read(bytes: &[u8]) -> Result<Vec<Action>, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// A script in two parts, without the EXPLORE between them: of the second every order is tried where one asks for that.
pub fn parts(mut script: Vec<Action>) -> (Vec<Action>, Vec<Action>) {
    let mark = script.iter().position(|action| action.verb == "EXPLORE").unwrap_or(script.len());
    let explored = script.split_off(mark).into_iter().skip(1).collect();
    (script, explored)
}

/// What an action does, for whoever puts it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told<'a> {
    /// A command line.
    Command(&'a str),
    /// This verb of the API, and its object.
    Request(&'a str, Key),
    /// Something breaks (`true`), or is mended.
    Fault(Fault, bool),
    /// All that is broken is mended.
    MendAll,
    /// A pod's containers are killed.
    Kill(Key),
    /// From here on every order is tried.
    Explore,
    /// Nothing, once the controllers rest.
    Checkpoint,
    /// This verb, with this name.
    Other(&'a str, &'a str),
}

/// What each action of a script does, and whether the controllers come to rest before it. What an action names is sought in a world.
pub fn told<'a>(world: &World, script: &'a [Action]) -> Vec<(bool, Told<'a>)> {
    let one = |(index, action): (usize, &'a Action)| {
        let before = index.checked_sub(1).map(|before| &script[before]);
        (action.after_rest(before), action.told(world))
    };
    script.iter().enumerate().map(one).collect()
}

/// What playing a script gave.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// The number of each action that was asked of the API server, and the HTTP status that it was answered with.
    pub responses: Vec<(i64, u16)>,
    /// The file that each CHECKPOINT names, and the world at rest there.
    pub checkpoints: Vec<(String, World)>,
}

/// Plays a script: before an action that came more than a second after the one before it, and at each CHECKPOINT, the
/// controllers come to rest. They act until the timeline has `limit` steps at the most. The error is a sentence about the first action
/// that cannot be simulated.
pub fn play(timeline: &mut Timeline, snapshot: &Snapshot, script: &[Action], limit: usize) -> Result<Played, String> {
    if starts_manager(script) {
        timeline.fault(Fault::Stopped(Process::ControllerManager), true);
    }
    go_on(timeline, snapshot, script, limit)
}

/// The phases of a script: its actions before each of which the controllers come to rest.
fn phases(script: &[Action]) -> Vec<&[Action]> {
    let mut phases = Vec::new();
    let mut begin = 0;
    for at in 1..script.len() {
        if script[at].after_rest(Some(&script[at - 1])) {
            phases.push(&script[begin..at]);
            begin = at;
        }
    }
    phases.push(&script[begin..]);
    phases
}

/// Plays what comes next of a script that was begun.
pub fn go_on(timeline: &mut Timeline, snapshot: &Snapshot, script: &[Action], limit: usize) -> Result<Played, String> {
    go_on_with(timeline, snapshot, script, limit, |_| {})
}

/// The same; the documents as they are before each action, checkpoints included, are shown to `before`.
fn go_on_with(
    timeline: &mut Timeline,
    snapshot: &Snapshot,
    script: &[Action],
    limit: usize,
    mut before: impl FnMut(&Rc<Documents>),
) -> Result<Played, String> {
    let mut played = Played::default();
    let mut documents = Rc::new(Documents::new(snapshot, timeline.world()));
    for (index, action) in script.iter().enumerate() {
        before(&documents);
        let last = index.checked_sub(1).map(|last| &script[last]);
        if action.verb == "CHECKPOINT" || action.after_rest(last) {
            timeline.run(limit);
        }
        if action.verb == "CHECKPOINT" {
            let file = action.file.clone().unwrap_or_default();
            played.checkpoints.push((file, timeline.world().clone()));
            continue;
        }
        let deeds =
            action.deeds(timeline.world(), &documents).map_err(|what| format!("action {}: {what}", action.i))?;
        // What is broken or mended is asked of nobody, and nobody answers.
        let asks = !matches!(deeds.as_slice(), [Deed::Faults(_)]);
        let mut code = Response::Ok.code();
        for deed in deeds {
            code = deed.done(timeline, Rc::make_mut(&mut documents));
            // A `deletecollection` ends at its first error, unless the object has gone meanwhile; a drain does not wait for one pod
            // to ask for the next.
            if code >= 400 && code != Response::NotFound.code() && code != 429 {
                break;
            }
        }
        if let (Some(key), Some(answer)) = (action.key(), &action.response) {
            Rc::make_mut(&mut documents).seen(
                timeline.world(),
                key,
                answer.resource_version.as_deref().unwrap_or_default(),
            );
        }
        played.responses.extend(asks.then_some((action.i, code)));
    }
    Ok(played)
}

/// What a person does in each phase of a part of a script, for a search over the orders of the controllers' steps between. What cannot be
/// done is left out; [`go_on`] says whether anything cannot. In no phase do the controllers take more than `limit` steps.
pub fn rehearsal(snapshot: &Rc<Snapshot>, explored: &[Action], limit: usize) -> Vec<Box<Deeds<'static>>> {
    let does = |phase: &[Action]| -> Box<Deeds<'static>> {
        let (phase, snapshot) = (phase.to_vec(), Rc::clone(snapshot));
        Box::new(move |timeline: &mut Timeline| {
            go_on(timeline, &snapshot, &phase, limit).ok();
        })
    };
    match explored.is_empty() {
        true => Vec::new(),
        false => phases(explored).into_iter().map(does).collect(),
    }
}

/// Whether a script starts the controller manager first: then it began with it stopped.
fn starts_manager(script: &[Action]) -> bool {
    script.iter().find_map(|action| action.verb.strip_prefix("KCM-")) == Some("START")
}

/// The deeds of a script, for runs that go other ways than the fair one: what a patch is applied to has the metadata of the world in
/// which it is done, and the fields that it had in the fair run. What an action names and is not there then does nothing.
pub fn deeds(
    world: &World,
    snapshot: &Snapshot,
    script: &[Action],
    limit: usize,
) -> Result<Vec<inject::Deed<'static>>, String> {
    let mut documents = Vec::new();
    let mut fair = Timeline::new(world.clone());
    if starts_manager(script) {
        fair.fault(Fault::Stopped(Process::ControllerManager), true);
    }
    go_on_with(&mut fair, snapshot, script, limit, |before| documents.push(Rc::clone(before)))?;
    let stopped = || vec![inject::Act::Faults(vec![(Fault::Stopped(Process::ControllerManager), true)])];
    let stop = inject::Deed { after_rest: false, acts: Box::new(move |_| stopped()) };
    let mut deeds: Vec<inject::Deed<'static>> = starts_manager(script).then_some(stop).into_iter().collect();
    let mut rests = false;
    for (index, (action, documents)) in script.iter().zip(documents).enumerate() {
        rests |= action.verb == "CHECKPOINT" || action.after_rest(index.checked_sub(1).map(|last| &script[last]));
        if action.verb == "CHECKPOINT" {
            continue;
        }
        let action = action.clone();
        let acts = move |world: &World| {
            let deeds = action.deeds(world, &documents).unwrap_or_default();
            deeds.into_iter().filter_map(Deed::act).collect()
        };
        deeds.push(inject::Deed { after_rest: std::mem::take(&mut rests), acts: Box::new(acts) });
    }
    Ok(deeds)
}

/// What an action comes to.
enum Deed {
    /// A request, and the document that it leaves if it is done.
    Request(Request, Option<Value>),
    /// A request that changes nothing (rule A4).
    DryRun(Request),
    /// An answer that depends on what the world does not keep.
    Answered(u16),
    /// Things break or are mended, all in one step.
    Faults(Vec<(Fault, bool)>),
}

impl Deed {
    /// What it does to the world.
    fn act(self) -> Option<inject::Act> {
        match self {
            Self::Request(request, _) => Some(inject::Act::Request(Box::new(request))),
            Self::Faults(faults) => Some(inject::Act::Faults(faults)),
            Self::DryRun(_) | Self::Answered(_) => None,
        }
    }

    fn done(self, timeline: &mut Timeline, documents: &mut Documents) -> u16 {
        match self {
            Self::Answered(code) => code,
            Self::Faults(faults) => {
                timeline.faults(faults);
                Response::Ok.code()
            }
            Self::DryRun(request) => serve(&mut timeline.world().clone(), &request).0.code(),
            Self::Request(request, document) => {
                let key = request.target;
                let response = timeline.request(request);
                if let Some(document) = document.filter(|_| response.is_ok()) {
                    documents.keep(key, document);
                }
                response.code()
            }
        }
    }
}

impl From<Wanted> for Deed {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Request(request, document) => Self::Request(*request, Some(document)),
            Wanted::Refused(code) => Self::Answered(code),
        }
    }
}

impl Action {
    /// Whether the controllers come to rest before this action: it came more than a second after the one before it.
    fn after_rest(&self, before: Option<&Self>) -> bool {
        before.is_some_and(|before| self.t_ms - before.t_ms > 1000)
    }

    fn told(&self, world: &World) -> Told<'_> {
        let text = |field: &'_ Option<String>| field.clone().unwrap_or_default();
        let (namespace, name) = (text(&self.namespace), text(&self.name));
        let subject = Subject { kind: self.kind.as_deref(), namespace: &namespace, name: &name };
        let other = || Told::Other(&self.verb, self.name.as_deref().unwrap_or_default());
        match (self.command.as_deref(), self.verb.as_str()) {
            (Some(command), _) => Told::Command(command),
            (None, "EXPLORE") => Told::Explore,
            (None, "CHECKPOINT") => Told::Checkpoint,
            (None, "MEND-ALL") => Told::MendAll,
            (None, "KILL") => Told::Kill(Key::new(kinds::pod(), Name::new(&namespace), Name::new(&name))),
            (None, verb) => match (faults::deed(world, verb, subject), self.key()) {
                (Some(Ok(faults::Deed::Faults(faults))), _) => match faults.as_slice() {
                    [(fault, broken)] => Told::Fault(*fault, *broken),
                    _ => other(),
                },
                (None, Some(key)) => Told::Request(verb, key),
                _ => other(),
            },
        }
    }

    /// The object that it is about; `None` for a command line, and for what has no kind.
    fn key(&self) -> Option<Key> {
        let kind = Kind::of(self.api_version.as_deref()?, self.kind.as_deref()?);
        let name = |name: &Option<String>| Name::new(name.as_deref().unwrap_or_default());
        Some(Key::new(kind, name(&self.namespace), name(&self.name)))
    }

    fn deeds(&self, world: &World, documents: &Documents) -> Result<Vec<Deed>, String> {
        let unknown = || format!("the verb `{}` is not simulated", self.verb);
        if let Some(command) = &self.command {
            return Ok(match kubectl::command(world, command)? {
                Command::Requests(requests) => {
                    requests.into_iter().map(|request| Deed::Request(request, None)).collect()
                }
                Command::Writes(writes) => writes.into_iter().map(|it| documents.wanted(world, it).into()).collect(),
                Command::Create(body) => vec![self.create(body)?],
            });
        }
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let (namespace, name) = (text(&self.namespace), text(&self.name));
        let subject = Subject { kind: self.kind.as_deref(), namespace: &namespace, name: &name };
        if let Some(deed) = faults::deed(world, &self.verb, subject) {
            return Ok(match deed? {
                faults::Deed::Faults(faults) => vec![Deed::Faults(faults)],
                faults::Deed::Requests(requests) => {
                    requests.into_iter().map(|request| Deed::Request(request, None)).collect()
                }
            });
        }
        let key = self.key().ok_or_else(unknown)?;
        let body = self.body.as_ref().map_or("{}", |body| body.get());
        let json = || serde_json::from_str(body).map_err(|error| error.to_string());
        match self.verb.as_str() {
            "create" => Ok(vec![self.create(json()?)?]),
            "delete" | "deletecollection" => {
                let options: DeleteOptions<'_> = serde_json::from_str(body).map_err(|error| error.to_string())?;
                Ok(match (options.invalid(), self.verb.as_str()) {
                    (true, _) => vec![Deed::Answered(Response::Invalid.code())],
                    (false, "delete") => vec![options.deed(world, documents, key)],
                    _ => self.collection(world, documents, key, &options),
                })
            }
            "patch" | "update" => {
                let body = json()?;
                let named = PatchType::named(self.patch_type.as_deref(), &body);
                let patch = Some(named).filter(|_| self.verb == "patch");
                let subresource = self.subresource.as_deref();
                Ok(vec![documents.wanted(world, Write { key, subresource, body, patch }).into()])
            }
            _ => Err(unknown()),
        }
    }

    fn create(&self, mut body: Value) -> Result<Deed, String> {
        let uid = self.response.as_ref().and_then(|answer| answer.uid.as_deref()).unwrap_or_default();
        let namespace = Name::new(self.namespace.as_deref().unwrap_or_default());
        let object = created(&body, namespace, uid).ok_or("its body is no object")?;
        // The server gives the uid, whatever the body says.
        body["metadata"]["uid"].take();
        Ok(Deed::Request(Request::create(object), Some(body)))
    }

    /// A8: a list, then a delete for each object in it, in the order of their names.
    fn collection(&self, world: &World, documents: &Documents, key: Key, options: &DeleteOptions<'_>) -> Vec<Deed> {
        // H7: what cannot be listed cannot be deleted.
        if !world.lists_kind(key.kind) {
            return vec![Deed::Answered(500)];
        }
        let labels = selector(self.label_selector.as_deref().unwrap_or_default());
        let here = |key: &Key, namespace: Name| namespace.is_empty() || key.namespace == namespace;
        let objects = world.of_kind(key.kind).map(|(_, object)| object);
        let selected = objects.filter(|object| labels.selects(&object.labels) && here(&object.key, key.namespace));
        let mut keys: Vec<Key> = selected.map(|object| object.key).collect();
        keys.sort_unstable();
        keys.into_iter().map(|key| options.deed(world, documents, key)).collect()
    }
}

impl DeleteOptions<'_> {
    /// A3 (`ValidateDeleteOptions`).
    fn invalid(&self) -> bool {
        let policy = self.propagation_policy.as_deref();
        let unknown = policy.is_some_and(|policy| !matches!(policy, "Background" | "Foreground" | "Orphan"));
        let stages = self.dry_run.iter().flatten();
        unknown || (policy.is_some() && self.orphan_dependents.is_some()) || stages.into_iter().any(|it| it != "All")
    }

    fn deed(&self, world: &World, documents: &Documents, key: Key) -> Deed {
        let policy = match self.propagation_policy.as_deref() {
            Some("Background") => Some(Propagation::Background),
            Some("Foreground") => Some(Propagation::Foreground),
            Some("Orphan") => Some(Propagation::Orphan),
            _ => {
                self.orphan_dependents.map(|orphan| if orphan { Propagation::Orphan } else { Propagation::Background })
            }
        };
        let preconditions = self.preconditions.as_ref();
        // A2: the world keeps no resourceVersion; the script's documents know which ones are old.
        let version = preconditions.and_then(|preconditions| preconditions.resource_version.as_deref());
        let old = version.is_some_and(|version| documents.stale(world, key, version));
        if old && world.find(key).is_some() {
            return Deed::Answered(Response::Conflict.code());
        }
        let uid = preconditions.and_then(|preconditions| preconditions.uid.as_deref()).map(Name::new);
        // A7: a negative grace counts as one second.
        let grace_seconds = self.grace_period_seconds.map(|seconds| u32::try_from(seconds).unwrap_or(1));
        let request = Request::new(key, uid, Verb::Delete { policy, grace_seconds });
        match self.dry_run.as_ref().is_some_and(|stages| !stages.is_empty()) {
            true => Deed::DryRun(request),
            false => Deed::Request(request, None),
        }
    }
}

/// A label selector as the API and kubectl write it: `a=b,c!=d,e in (f,g),h,!i`.
fn selector(text: &str) -> Selector {
    let mut terms = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (c, terms.last_mut()) {
            (',', _) if depth == 0 => terms.push(String::new()),
            (c, Some(term)) => term.push(c),
            (_, None) => {}
        }
    }
    let requirement = |key: &str, operator: &str, values: &str| Requirement {
        key: Name::new(key.trim()),
        operator: Name::new(operator),
        values: values.trim().trim_matches(['(', ')']).split(',').map(|value| Name::new(value.trim())).collect(),
    };
    let read = |term: &str| match () {
        () if term.contains("!=") => term.split_once("!=").map(|(key, value)| requirement(key, "NotIn", value)),
        () if term.contains('=') => {
            term.split_once('=').map(|(key, value)| requirement(key, "In", value.trim_start_matches('=')))
        }
        () if term.contains(" notin ") => {
            term.split_once(" notin ").map(|(key, values)| requirement(key, "NotIn", values))
        }
        () if term.contains(" in ") => term.split_once(" in ").map(|(key, values)| requirement(key, "In", values)),
        () => Some(match term.trim().strip_prefix('!') {
            Some(key) => requirement(key, "DoesNotExist", ""),
            None => requirement(term, "Exists", ""),
        }),
    };
    let terms = terms.iter().filter(|term| !term.trim().is_empty());
    Selector { requirements: terms.filter_map(|term| read(term)).collect() }
}
