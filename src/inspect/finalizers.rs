//! What holds an object: each finalizer, who would remove it, whether that controller runs, and what it waits for.

use gordian_diagnose::{Arrow, Spot};
use gordian_reconcile::{Entry, Facet, Fact, Name, Object, Process, Risk, Truth, World, entry_for, provisions};
use gordian_snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Reasoned;
use crate::engine::Document;
use crate::messages::{Clue, Language, Text};
use crate::scene::missing;
use crate::subject::Subject;

/// Whether a controller runs in this world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Runs {
    /// It runs.
    Runs,
    /// It does not.
    Stopped,
    /// The dump does not tell; it is taken to run, or not to.
    NotSeen(bool),
}

/// A finalizer, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The finalizer.
    pub finalizer: String,
    /// Who would remove it; empty where nobody is known.
    pub who: String,
    /// Whether that controller runs.
    pub runs: Runs,
    /// By which rule it would.
    pub rule: Option<String>,
    /// Nothing keeps it from that.
    pub comes_off: bool,
    /// What it waits for.
    pub waits_for: Vec<Reasoned>,
    /// The catalogue's entry: what it protects, what it waits for, how to resolve it, what stripping it costs.
    pub catalogue: Vec<(String, String)>,
    /// What stripping it costs at worst, in a word.
    pub risk: Option<String>,
    /// What else names its owner, where the catalogue does not.
    pub clues: Vec<String>,
    /// What it waits for, as the verdict names it.
    pub awaited: Vec<String>,
}

/// What holds an object that is there, in order.
pub(super) fn held(document: &Document, object: &Object, language: Language) -> Vec<Held> {
    object.held_by().into_iter().map(|finalizer| one(document, object, finalizer, language)).collect()
}

fn one(document: &Document, object: &Object, finalizer: Name, language: Language) -> Held {
    let (world, core) = (document.world(), language.core());
    let entry = entry_for(finalizer.as_str());
    let goal = Fact::Freed(object.into(), finalizer);
    let provision = provisions(world, &goal).into_iter().next();
    let process = provision.as_ref().map_or(Process::FinalizerController(finalizer), |by| by.actor.process);
    // Before it is being deleted nobody waits for anything.
    let mut lacks = match &provision {
        Some(provision) if object.deleting() => missing(world, &provision.when),
        _ => Vec::new(),
    };
    // What a controller that does not run would have to do first is no question of its own.
    if lacks.iter().any(|fact| matches!(fact, Fact::Runs(_))) {
        lacks.retain(|fact| !matches!(fact, Fact::DoneBy(..)));
    }
    let comes_off = object.deleting() && provision.is_some() && lacks.is_empty();
    let arrows: Vec<Arrow> =
        provision.iter().flat_map(|by| lacks.iter().map(|to| arrow(document, &goal, to, by))).collect();
    let mut waits_for: Vec<Reasoned> = Vec::new();
    for arrow in &arrows {
        let subjects = (Subject::of_fact(world, &arrow.from), Subject::of_fact(world, &arrow.to));
        let reasoned = Reasoned { sentence: core.arrow(world, arrow), subjects };
        if !reasoned.sentence.is_empty() && !waits_for.contains(&reasoned) {
            waits_for.push(reasoned);
        }
    }
    let runs = lacks.iter().find_map(|fact| match fact {
        Fact::Runs(process) => Some(*process),
        _ => None,
    });
    let process = runs.unwrap_or(process);
    let others = lacks.iter().filter(|fact| !matches!(fact, Fact::Runs(_) | Fact::DoneBy(..)));
    let mut awaited: Vec<String> = others.map(|fact| core.spot(&Spot::of(fact))).collect();
    awaited.dedup();
    Held {
        finalizer: finalizer.to_string(),
        who: match (&provision, entry) {
            (_, Some(entry)) if matches!(process, Process::FinalizerController(_)) => entry.controller.clone(),
            (Some(_), None) if matches!(process, Process::FinalizerController(_)) => String::new(),
            (Some(provision), _) => core.actor(provision.actor),
            (None, entry) => entry.map_or_else(String::new, |entry| entry.controller.clone()),
        },
        runs: runs_of(world, process),
        rule: provision.map(|by| by.rule.0.to_owned()).filter(|rule| rule != "CAT"),
        comes_off,
        waits_for,
        awaited,
        risk: entry.map(|entry| entry.risk).filter(|risk| *risk != Risk::None).map(|risk| core.risk(risk).to_owned()),
        catalogue: entry.map_or_else(Vec::new, |entry| catalogue(entry, language)),
        clues: match entry {
            Some(_) => Vec::new(),
            None => clues(document, object, finalizer, language),
        },
    }
}

/// The wait as the diagnosis has it, with its evidence, or else as it is seen here.
fn arrow(document: &Document, goal: &Fact, to: &Fact, by: &gordian_reconcile::Provision) -> Arrow {
    let said = document.now().arrows.iter().find(|arrow| arrow.from == *goal && arrow.to == *to);
    said.cloned().unwrap_or_else(|| Arrow {
        from: goal.clone(),
        to: to.clone(),
        actor: by.actor,
        rule: by.rule,
        evidence: Vec::new(),
    })
}

fn runs_of(world: &World, process: Process) -> Runs {
    let runs = Fact::Runs(process);
    match world.truth(&runs) {
        Truth::True => Runs::Runs,
        Truth::False => Runs::Stopped,
        Truth::Unknown => Runs::NotSeen(world.holds(&runs)),
    }
}

fn catalogue(entry: &Entry, language: Language) -> Vec<(String, String)> {
    let row = |text: Text, says: &String| (language.text(text).to_owned(), says.clone());
    vec![
        (language.text(Text::Project).to_owned(), entry.project.clone()),
        row(Text::Protects, &entry.protects),
        row(Text::WaitsFor, &entry.waits_for),
        row(Text::Resolution, &entry.resolution),
        row(Text::IfStripped, &entry.cost),
    ]
}

/// What names the owner of a finalizer that the catalogue does not know: whoever wrote it, the group of its kind, and whose webhook
/// looks after that group.
fn clues(document: &Document, object: &Object, finalizer: Name, language: Language) -> Vec<String> {
    let mut clues: Vec<Clue> = Vec::new();
    let loaded = document.loaded(object.key);
    if let Some(loaded) = loaded {
        clues.extend(writers(document.snapshot(), loaded, finalizer.as_str()));
    }
    let group = object.key.kind.group;
    // Groups without a dot, and those of Kubernetes itself, are no project's.
    if group.as_str().contains('.') && !group.as_str().ends_with(".k8s.io") {
        clues.push(Clue::Group(group.to_string()));
        let webhooks = document.world().objects().filter_map(|(_, object)| match &object.facet {
            Facet::Webhooks(webhooks) => Some((object.key, webhooks)),
            _ => None,
        });
        for (key, webhooks) in webhooks {
            let of_group =
                webhooks.hooks.iter().filter(|hook| hook.rules.iter().any(|rule| rule.groups.contains(&group)));
            let service = of_group.filter_map(|hook| hook.service.as_ref()).next();
            clues.extend(service.map(|service| Clue::Webhook {
                configuration: key.name.to_string(),
                service: format!("{}/{}", service.namespace, service.name),
            }));
        }
    }
    if clues.is_empty()
        && let Some((domain, _)) = finalizer.as_str().split_once('/')
    {
        clues.push(Clue::Domain(domain.to_owned()));
    }
    clues.iter().map(|clue| language.of_objects().clue(clue)).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WithManagers {
    metadata: Managers,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Managers {
    managed_fields: Vec<Managed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Managed {
    manager: String,
    time: Option<String>,
    #[serde(rename = "fieldsV1")]
    fields: Value,
}

/// Who wrote a finalizer, and when, as `managedFields` has it.
fn writers(snapshot: &Snapshot, loaded: &gordian_snapshot::Object, finalizer: &str) -> Vec<Clue> {
    let managed = snapshot.read::<WithManagers>(loaded).unwrap_or_default().metadata.managed_fields;
    let element = format!("v:\"{finalizer}\"");
    let wrote = |managed: &Managed| {
        let fields = managed.fields.get("f:metadata").and_then(|metadata| metadata.get("f:finalizers"));
        fields.is_some_and(|fields| fields.get(&element).is_some())
    };
    let writers = managed.into_iter().filter(wrote);
    writers.map(|managed| Clue::Writer { manager: managed.manager, time: managed.time.unwrap_or_default() }).collect()
}
