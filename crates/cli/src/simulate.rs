//! `gordian simulate`.

use std::rc::Rc;

use clap::Args;
use gordian_actions::{Action, Played};
use gordian_diagnose::messages::{English, Messages};
use gordian_reconcile::{End, Key, Name, Object, Propagation, Request, Timeline, Verb, World, waits};
use gordian_snapshot::{Problem, Snapshot};

use crate::report::{self, Checkpoint, Item, Ref, ResponseItem, Simulate, WaitItem};
use crate::{Answer, Format, Input, line, print, warn};

/// What `simulate` takes.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    input: Input,
    /// Deletes an object first, as `Kind/namespace/name=foreground`.
    #[arg(long, value_name = "KIND/[NAMESPACE/]NAME[=POLICY]")]
    delete: Vec<String>,
    /// A script of what a person does, in the form of the recordings' actions.json (docs/actions.md).
    #[arg(long, value_name = "FILE")]
    actions: Option<String>,
    /// The garbage collector sees each change in a step of its own, and acts on what it has seen so far.
    #[arg(long)]
    lag: bool,
    /// The most steps that are taken.
    #[arg(long, default_value_t = 100_000)]
    limit: usize,
}

impl Options {
    pub(crate) fn format(&self) -> Format {
        self.input.format
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// The timeline after everything that a person does; the controllers come to rest between two actions, and not after the last.
    pub(crate) fn play(&self) -> Result<(Timeline, Played, Vec<Problem>), String> {
        let Begun { mut timeline, snapshot, problems, mut script, explored } = self.begin()?;
        script.extend(explored);
        let played = gordian_actions::play(&mut timeline, &snapshot, &script, self.limit)?;
        Ok((timeline, played, problems))
    }

    /// The input, before the script is played.
    pub(crate) fn begin(&self) -> Result<Begun, String> {
        let (snapshot, world, problems) = self.input.read()?;
        let script = self.actions.as_deref().map(crate::script).transpose()?.unwrap_or_default();
        // A script is played on a state that was recorded for it: what the input does not show is not there.
        let world = if self.actions.is_some() { world.taken_as_whole() } else { world };
        let world = if self.lag { world.with_lag(true) } else { world };
        let mut timeline = Timeline::new(world);
        for delete in &self.delete {
            let request = parse_delete(timeline.world(), delete)?;
            let response = timeline.request(request);
            if !response.is_ok() {
                return Err(format!("--delete {delete}: the API server answers {}", response.code()));
            }
        }
        let (script, explored) = gordian_actions::parts(script);
        Ok(Begun { timeline, snapshot: Rc::new(snapshot), problems, script, explored })
    }
}

/// What is there before a script is played: the script is in two parts, of which `explore` tries every order of the second.
pub(crate) struct Begun {
    pub(crate) timeline: Timeline,
    pub(crate) snapshot: Rc<Snapshot>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) script: Vec<Action>,
    pub(crate) explored: Vec<Action>,
}

pub(crate) fn run(options: &Options) -> Answer {
    let (mut timeline, played, problems) = options.play()?;
    let end = timeline.run(options.limit);
    let world = timeline.world();
    let stuck = world.objects().filter(|(_, object)| object.deleting()).count();
    if options.input.format == Format::Json {
        let simulate = simulate(&timeline, end, played);
        print(&serde_json::to_string_pretty(&simulate).map_err(|error| error.to_string())?)?;
        return Ok(stuck > 0);
    }
    warn(&problems);
    let mut out = String::new();
    for (index, step) in timeline.steps().iter().enumerate() {
        let rule = step.rule.map_or("", |rule| rule.0);
        line!(out, "{:>4}  {rule:<7} {}", index + 1, English.step(step));
        for change in &step.changes {
            line!(out, "              {}", English.change(change));
        }
    }
    for (actor, key, wait) in waits(world) {
        line!(out, "   …  {:<7} {}", wait.rule.0, English.wait(world, actor, key, &wait));
    }
    line!(out, "{}", English.end(end, timeline.steps().len(), stuck));
    print(out.trim_end())?;
    Ok(stuck > 0)
}

fn simulate(timeline: &Timeline, end: End, played: Played) -> Simulate {
    let world = timeline.world();
    let wait = |(actor, key, wait): (_, Key, gordian_reconcile::Wait)| WaitItem {
        actor: English.actor(actor),
        key: Ref::of_key(world, key),
        on: English.wait(world, actor, key, &wait),
    };
    let checkpoint = |(file, world): (String, World)| Checkpoint { file, objects: Item::all(&world) };
    Simulate {
        gordian: report::VERSION,
        steps: report::run(timeline.first(), timeline.steps()),
        responses: played.responses.into_iter().map(|(i, code)| ResponseItem { i, code }).collect(),
        checkpoints: played.checkpoints.into_iter().map(checkpoint).collect(),
        waits: waits(world).into_iter().map(wait).collect(),
        outcome: report::outcome(end),
        fingerprint: report::fingerprint(world),
        objects: Item::all(world),
        assumptions: report::assumptions(world),
    }
}

/// `Kind/[namespace/]name[=policy]`.
fn parse_delete(world: &World, text: &str) -> Result<Request, String> {
    let (path, policy) = text.rsplit_once('=').map_or((text, None), |(path, policy)| (path, Some(policy)));
    let policy = match policy.map(str::to_lowercase).as_deref() {
        None => None,
        Some("background") => Some(Propagation::Background),
        Some("foreground") => Some(Propagation::Foreground),
        Some("orphan") => Some(Propagation::Orphan),
        Some(other) => {
            return Err(format!("--delete {text}: no policy `{other}`: background, foreground or orphan"));
        }
    };
    let object = named(world, path).map_err(|wrong| format!("--delete {text}: {wrong}"))?;
    Ok(Request::new(object.key, None, Verb::Delete { policy, grace_seconds: None }))
}

/// The object that `Kind/[namespace/]name` names, or what is wrong with that.
pub(crate) fn named<'w>(world: &'w World, path: &str) -> Result<&'w Object, &'static str> {
    let parts: Vec<&str> = path.split('/').collect();
    let (kind, namespace, name) = match parts.as_slice() {
        [kind, name] => (*kind, None, *name),
        [kind, namespace, name] => (*kind, Some(*namespace), *name),
        _ => return Err("write KIND/NAMESPACE/NAME, or KIND/NAME"),
    };
    let named = |key: &Key| {
        let full = format!("{}.{}", key.kind.kind, key.kind.group);
        (key.kind.kind.as_str().eq_ignore_ascii_case(kind) || full.eq_ignore_ascii_case(kind))
            && key.name == Name::new(name)
            && namespace.is_none_or(|namespace| key.namespace.as_str() == namespace)
    };
    let found: Vec<_> = world.objects().filter(|(_, object)| named(&object.key)).collect();
    match found.as_slice() {
        [(_, object)] => Ok(object),
        [] => Err("no such object in the input"),
        _ => Err("several objects have this name; write KIND.GROUP/NAMESPACE/NAME"),
    }
}
