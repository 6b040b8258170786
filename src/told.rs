//! What the step did that led to where the run stands: in a sentence, as differences, and as an audit log has it.

use std::sync::Arc;

use gordian_reconcile::{Change, ChangeKind, Fault, Key, Object, Process, Request, Rule, Step, Verb, World, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::diff::{Line, changed, diff};
use crate::engine::Document;
use crate::messages::{Language, Text};

/// The step that led here, and the remedy that is tried.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What the remedy that is tried does.
    pub trial: Option<String>,
    /// The step; `None` at the beginning.
    pub step: Option<Happened>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Happened {
    /// Who did what.
    pub says: String,
    /// The rule that fired.
    pub rule: Option<Fired>,
    /// What became of each object.
    pub changes: Vec<Changed>,
    /// What was sent.
    pub requests: Vec<Sent>,
}

/// A rule: its identifier, what it says, and the file and function that it mirrors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fired {
    /// Its identifier.
    pub id: String,
    /// What it says.
    pub says: String,
    /// The file and function.
    pub source: Option<String>,
}

impl Fired {
    /// A rule in words.
    pub fn of(rule: Rule, language: Language) -> Self {
        Self {
            id: rule.0.to_owned(),
            says: language.core().rule(rule).unwrap_or_default().to_owned(),
            source: rule.source().map(|source| source.to_string()),
        }
    }
}

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub key: Key,
    /// In a sentence.
    pub says: String,
    /// Whether it is another now, rather than new or gone.
    pub modified: bool,
    /// Before and after.
    pub diff: Vec<Line>,
}

/// What was sent, and the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// The verb; of a call, all that is said of it.
    pub verb: String,
    /// The path of the resource; empty for a call.
    pub uri: String,
    /// Who sent it, as the API server knows them; else the name that they go by here.
    pub user: String,
    /// The answer: its code, and the reason of a refusal.
    pub answer: String,
    /// Whether it was done.
    pub ok: bool,
    /// What was sent along, in short.
    pub body: Option<String>,
    /// The event, as a line of JSON; `None` for what no audit log has.
    pub event: Option<String>,
}

impl Happened {
    /// The events, a line each; `None` where no audit log has any.
    pub fn log(&self) -> Option<String> {
        let lines: Vec<&str> = self.requests.iter().filter_map(|sent| sent.event.as_deref()).collect();
        (!lines.is_empty()).then(|| lines.join("\n") + "\n")
    }
}

/// What the step did that led to where the run stands.
pub fn told(document: &Document, language: Language) -> Told {
    let trial = document.trial().map(|(_, remedy)| language.of_runs().trying(&language.core().remedy(remedy)));
    let happened = document.step().zip(document.world_before());
    Told { trial, step: happened.map(|(step, before)| happened_in(before, step, language)) }
}

/// What a step did in the world before it.
fn happened_in(before: &World, step: &Step, language: Language) -> Happened {
    let core = language.core();
    let restarts = step.faults.iter().any(|(fault, _)| *fault == Fault::Stopped(Process::ControllerManager));
    let rule = step.rule.or_else(|| restarts.then_some(Rule("D10")));
    let change = |change: &Change| Changed {
        key: change.key,
        says: core.change(change),
        modified: change.kind() == ChangeKind::Modified,
        diff: diff(change.before.as_deref(), change.after.as_deref()),
    };
    Happened {
        says: core.step(step),
        rule: rule.map(|rule| Fired::of(rule, language)),
        changes: step.changes.iter().map(change).collect(),
        requests: sent(before, step, language),
    }
}

fn sent(before: &World, step: &Step, language: Language) -> Vec<Sent> {
    let core = language.core();
    let actor = step.actor.map_or_else(|| language.text(Text::Person).to_owned(), |actor| core.actor(actor));
    let mut all: Vec<Sent> = Vec::new();
    for ((request, response), event) in step.requests.iter().zip(audit(before, step)) {
        let Some(mut event) = event else {
            let (verb, uri, answer) = (core.request(request, *response), String::new(), String::new());
            all.push(Sent { verb, uri, user: actor.clone(), answer, ok: response.is_ok(), body: None, event: None });
            continue;
        };
        let body = event.body.clone().or_else(|| body(before, request));
        // Of the object that an update carries the world keeps a part; of a patch or a new object what can be said in full is.
        let whole = |body: &Value| body.as_object().is_some_and(|body| body.keys().all(|key| FULL.contains(&&**key)));
        if event.verb != "update" {
            event.body = body.clone().filter(whole);
        }
        let line = Sent {
            verb: event.verb.to_owned(),
            user: event.user.clone().unwrap_or_else(|| actor.clone()),
            answer: event.reason.map_or_else(|| event.code.to_string(), |reason| format!("{} {reason}", event.code)),
            ok: response.is_ok(),
            body: body.as_ref().map(short).filter(|body| body != "{}"),
            event: Some(event.event().to_string()),
            uri: event.uri,
        };
        // What goes as one collection is one request.
        let repeats = line.verb == "deletecollection"
            && all.iter().any(|sent| sent.uri == line.uri && sent.answer == line.answer);
        if !repeats {
            all.push(line);
        }
    }
    all
}

/// What of a body has the form of the API here, too.
const FULL: [&str; 6] = ["apiVersion", "gracePeriodSeconds", "kind", "metadata", "preconditions", "propagationPolicy"];

/// A body without what is the same in every one of its kind.
fn short(body: &Value) -> String {
    let fields =
        body.as_object().into_iter().flatten().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind"));
    Value::Object(fields.map(|(key, value)| (key.clone(), value.clone())).collect()).to_string()
}

/// What a create or an update says, in short: of the object that it names what is new.
fn body(before: &World, request: &Request) -> Option<Value> {
    let now = before.find(request.target).map(Arc::as_ref);
    match &request.verb {
        Verb::Create(made) => {
            let mut body = changed(None, made);
            body["apiVersion"] = json!(made.api_version.as_str());
            body["kind"] = json!(made.key.kind.kind.as_str());
            Some(body)
        }
        Verb::Update(update) => {
            let now = now?;
            let asked = Object {
                finalizers: update.finalizers.clone().unwrap_or_else(|| now.finalizers.clone()),
                owners: update.owners.clone().unwrap_or_else(|| now.owners.clone()),
                labels: update.labels.clone().unwrap_or_else(|| now.labels.clone()),
                facet: update.facet.clone().unwrap_or_else(|| now.facet.clone()),
                ..now.clone()
            };
            Some(changed(Some(now), &asked)).filter(|body| *body != json!({}))
        }
        Verb::Delete { .. } | Verb::Call(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::{Profile, Propagation, Timeline, fixture};

    use super::*;
    use crate::engine::Unmeasured;
    use crate::engine::tests::sample;

    /// Each request of a document's step, as a line.
    fn lines(happened: &Happened) -> Vec<String> {
        let line = |sent: &Sent| {
            let parts = [&*sent.verb, &*sent.uri, &*sent.user, &*sent.answer, sent.body.as_deref().unwrap_or_default()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
        };
        happened.requests.iter().map(line).collect()
    }

    #[test]
    fn nothing_is_told_of_the_beginning() {
        assert_eq!(told(&sample("longhorn-10791"), Language::default()), Told { trial: None, step: None });
    }

    #[test]
    fn each_step_of_the_knot_that_comes_undone_is_told() {
        let fix = Profile::named("after-3719").expect("the profile");
        let fixed = sample("longhorn-10791").with_profile(fix, &Unmeasured);
        let mut said = Vec::new();
        for step in 1..=fixed.steps().len() {
            let happened = told(&fixed.jump(step, &Unmeasured), Language::default()).step.expect("a step");
            assert!(!happened.changes.is_empty() || !happened.requests.is_empty(), "step {step}");
            for line in happened.log().unwrap_or_default().lines() {
                let event: Value = serde_json::from_str(line).expect("a line is JSON");
                assert_eq!((&event["kind"], &event["apiVersion"]), (&json!("Event"), &json!("audit.k8s.io/v1")));
                assert_eq!(event["stage"], "ResponseComplete");
                assert!(!line.contains("imestamp\"") && event.get("auditID").is_none(), "nothing is made up: {line}");
            }
            said.extend(lines(&happened));
        }
        let orphan = "orphan-4f0f2294737b1d07ca0cb137f4391195a8e59ea972d0a58f2412cba1abee8406";
        assert_eq!(
            said[0],
            format!(
                "update | /apis/longhorn.io/v1beta2/namespaces/longhorn-system/orphans/{orphan} | \
                 system:serviceaccount:longhorn-system:longhorn-service-account | 200 | {{\"metadata\":{{\"finalizers\":null}}}}"
            )
        );
    }

    #[test]
    fn what_a_person_sends_is_theirs_and_a_refusal_has_its_reason() {
        let world = fixture::parse("Namespace/default").expect("the world can be read");
        let namespace = world.objects().next().map(|(_, object)| (**object).clone()).expect("an object");
        let mut timeline = Timeline::new(world.clone());
        timeline.request(Request::delete(&namespace, Some(Propagation::Background)));
        let happened = happened_in(&world, &timeline.steps()[0], Language::default());
        assert_eq!(
            lines(&happened),
            ["delete | /api/v1/namespaces/default | a person | 403 Forbidden | \
              {\"preconditions\":{\"uid\":\"Namespace/default\"},\"propagationPolicy\":\"Background\"}"]
        );
        assert!(!happened.requests[0].ok);
    }
}
