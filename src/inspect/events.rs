//! What the dump's events say of an object.

use gordian_reconcile::Name;
use gordian_snapshot::{Object, Snapshot};
use serde::{Deserialize, Serialize};

use crate::messages::Language;
use crate::moment::{self, Span};

/// What a dump tells of time. It is read once, when it is first asked for.
#[derive(Debug, Clone, Default)]
pub struct Chronicle {
    /// The dump's newest moment, in milliseconds since 1970. Spans end there: no clock of today says how old a dump's objects were.
    pub newest: Option<f64>,
    events: Vec<Written>,
    /// Whether there is a list of events, be it empty.
    listed: bool,
}

/// The events about an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// The newest of them, the newest first.
    pub newest: Vec<Event>,
    /// How many there are.
    pub of: usize,
    /// Whether the dump has events at all.
    pub covered: bool,
    /// The command that prints them.
    pub command: String,
}

/// One of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// `type`: `Normal` or `Warning`.
    pub kind: String,
    /// `reason`.
    pub reason: String,
    /// How often it was seen.
    pub count: u64,
    /// When it was last seen, as printed.
    pub last: String,
    /// How long before the dump's newest moment that was; empty where that is not known.
    pub age: String,
    /// `message`, or `note`.
    pub message: String,
    /// Who says so.
    pub source: String,
}

/// As many events are told.
const MOST: usize = 40;

impl Chronicle {
    /// Reads it from a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let is_event = |kind: &str, group: &str| kind == "Event" && matches!(group, "" | "events.k8s.io");
        let events = snapshot.objects.iter().filter(|object| is_event(&object.kind, object.group()));
        let mut events: Vec<Written> = events.filter_map(|object| snapshot.read(object)).collect();
        events.sort_by(|one, other| other.last().cmp(one.last()));
        let listed = snapshot.coverage.kinds.iter().any(|(group, kind)| is_event(kind, group));
        Self { newest: moment::newest(snapshot), events, listed }
    }

    /// How long before the dump's newest moment something was, in words; empty where that cannot be told.
    pub(super) fn age(&self, timestamp: &str, language: Language) -> String {
        self.span(timestamp).map_or_else(String::new, |span| language.of_objects().ago(span))
    }

    /// The same, as a span.
    pub(super) fn span(&self, timestamp: &str) -> Option<Span> {
        Span::since(timestamp, self.newest?)
    }

    /// The events about an object.
    pub(super) fn about(&self, object: &Object, language: Language) -> Events {
        let about: Vec<&Written> = self.events.iter().filter(|event| event.is_about(object)).collect();
        let event = |event: &&Written| event.told(self, language);
        Events {
            newest: about.iter().take(MOST).map(event).collect(),
            of: about.len(),
            covered: self.listed || !self.events.is_empty(),
            command: command(object),
        }
    }
}

/// The command that prints the events about an object. Only what cannot mean anything to a shell becomes part of it.
fn command(object: &Object) -> String {
    let of = &object.metadata;
    let plain = |text: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        !text.is_empty() && !text.starts_with('-') && text.chars().all(plain)
    };
    let word = |text: &str, placeholder: &str| if plain(text) { text.to_owned() } else { placeholder.to_owned() };
    // Events about what is in no namespace are in this one.
    let namespace = if of.namespace.is_empty() { "default".to_owned() } else { word(&of.namespace, "NAMESPACE") };
    let selector = match plain(&of.uid) {
        true => format!("involvedObject.uid={}", of.uid),
        false => {
            let (kind, name) = (word(&object.kind, "KIND"), word(&of.name, "NAME"));
            format!("involvedObject.kind={kind},involvedObject.name={name}")
        }
    };
    format!("kubectl get events -n {namespace} --field-selector {selector} -o yaml")
}

/// An event as it is printed, of `v1` or of `events.k8s.io/v1`: each has a few fields under other names than the other.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Written {
    #[serde(alias = "regarding")]
    involved_object: Option<Regarded>,
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
    #[serde(alias = "note")]
    message: Option<String>,
    #[serde(alias = "deprecatedCount")]
    count: Option<u64>,
    series: Option<Series>,
    #[serde(alias = "deprecatedFirstTimestamp")]
    first_timestamp: Option<String>,
    #[serde(alias = "deprecatedLastTimestamp")]
    last_timestamp: Option<String>,
    event_time: Option<String>,
    #[serde(alias = "deprecatedSource")]
    source: Option<Source>,
    #[serde(alias = "reportingController")]
    reporting_component: Option<String>,
    reporting_instance: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Regarded {
    kind: String,
    namespace: String,
    name: String,
    uid: String,
    #[serde(rename = "apiVersion")]
    api_version: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Series {
    count: Option<u64>,
    last_observed_time: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Source {
    component: String,
    host: String,
}

impl Written {
    fn is_about(&self, object: &Object) -> bool {
        let (Some(regarded), of) = (&self.involved_object, &object.metadata) else {
            return false;
        };
        if !regarded.uid.is_empty() && regarded.uid == of.uid {
            return true;
        }
        // A kubelet gives a node's name for its uid. Any other uid that differs is that of another object of the name.
        let open = regarded.uid.is_empty() || of.uid.is_empty() || regarded.uid == of.name;
        let group = Name::new(&regarded.api_version).group();
        open && regarded.kind == object.kind
            && regarded.name == of.name
            && regarded.namespace == of.namespace
            && (regarded.api_version.is_empty() || group.as_str() == object.group())
    }

    fn last(&self) -> &str {
        let observed = self.series.as_ref().and_then(|series| series.last_observed_time.as_deref());
        let times =
            [observed, self.last_timestamp.as_deref(), self.event_time.as_deref(), self.first_timestamp.as_deref()];
        times.into_iter().flatten().next().unwrap_or_default()
    }

    fn told(&self, chronicle: &Chronicle, language: Language) -> Event {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let origin = self.source.as_ref().map(|source| (source.component.clone(), source.host.clone()));
        let (component, host) = origin
            .filter(|(component, _)| !component.is_empty())
            .unwrap_or_else(|| (text(&self.reporting_component), text(&self.reporting_instance)));
        let source = [component, host].into_iter().filter(|part| !part.is_empty());
        Event {
            kind: text(&self.kind),
            reason: text(&self.reason),
            count: self.series.as_ref().and_then(|series| series.count).or(self.count).unwrap_or(1).max(1),
            last: self.last().to_owned(),
            age: chronicle.age(self.last(), language),
            message: text(&self.message).trim().to_owned(),
            source: source.collect::<Vec<_>>().join(", "),
        }
    }
}
