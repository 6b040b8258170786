//! Where one is: from the cluster to what is selected, or to the finding that is open.

use gordian_reconcile::Key;
use serde::{Deserialize, Serialize};

use crate::engine::Document;
use crate::messages::{Language, Text};
use crate::scene::describe;
use crate::subject::Subject;

/// A place on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crumb {
    /// Its name; between backticks what is a literal.
    pub text: String,
    /// What is there.
    pub leads: Leads,
}

/// Where a crumb leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Leads {
    /// To all objects: nothing is selected or filtered any more.
    All,
    /// To the objects that this finds.
    Filter(String),
    /// To a subject.
    Select(Subject),
    /// One is there.
    Here,
}

/// The way to what is selected; where nothing is, to the finding that is open.
pub fn crumbs(document: &Document, selected: Option<Subject>, finding: Option<&str>, language: Language) -> Vec<Crumb> {
    let crumb = |text: String, leads| Crumb { text, leads };
    let mut crumbs = vec![crumb(language.text(Text::Cluster).into(), Leads::All)];
    if let Some(subject) = selected {
        let (_, name, is_literal) = describe(&subject, language);
        let of = match subject {
            Subject::Object(key) | Subject::Address { of: key, .. } | Subject::Disk(key, _) => Some(key),
            Subject::Process(_) => None,
        };
        if let Some(key) = of {
            let within = namespace(key);
            if !within.is_empty() {
                crumbs.push(crumb(key.namespace.to_string(), Leads::Filter(within.trim_end().to_owned())));
            }
            let kind = format!("{within}{}", kind(key));
            crumbs.push(crumb(key.kind.kind.to_string(), Leads::Filter(kind)));
            let object = Subject::Object(key);
            if object != subject {
                crumbs.push(crumb(format!("`{}`", key.name), Leads::Select(object)));
            }
        }
        crumbs.push(crumb(if is_literal { format!("`{name}`") } else { name }, Leads::Here));
    } else if let Some(finding) = finding.and_then(|id| document.finding(id)) {
        let world = if document.now().findings.iter().any(|now| now.id == finding.id) {
            document.world()
        } else {
            document.first_world()
        };
        crumbs.push(crumb(language.core().title(world, finding), Leads::Here));
    }
    crumbs
}

/// What finds the namespace of an object, with a blank behind it; nothing for what is cluster-scoped.
fn namespace(key: Key) -> String {
    match key.namespace.is_empty() {
        true => String::new(),
        false => format!("ns:{} ", quoted(key.namespace.as_str())),
    }
}

/// What finds its kind.
fn kind(key: Key) -> String {
    let dot = if key.kind.group.is_empty() { "" } else { "." };
    format!("kind:{}", quoted(&format!("{}{dot}{}", key.kind.kind, key.kind.group)))
}

/// A name from a dump need not be one that the API server would take.
fn quoted(name: &str) -> String {
    match name.contains(|c: char| c.is_whitespace() || c == '\'') {
        true => format!("\"{name}\""),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use gordian_reconcile::Kind;

    use super::*;
    use crate::engine::Unmeasured;
    use crate::samples::Sample;

    #[test]
    fn the_way_leads_to_what_is_selected() {
        let sample = Sample::named("longhorn-10791").expect("the sample");
        let (document, _) = Document::load(None, &sample.inputs(), Some(sample.id), &Unmeasured);
        let document = document.expect("the document");
        let way = |selected, finding: Option<&str>| {
            let crumbs = crumbs(&document, selected, finding, Language::English);
            let told = |crumb: &Crumb| match &crumb.leads {
                Leads::All => format!("{} (all)", crumb.text),
                Leads::Filter(filter) => format!("{} ({filter})", crumb.text),
                Leads::Select(subject) => format!("{} ({subject:?})", crumb.text),
                Leads::Here => crumb.text.clone(),
            };
            crumbs.iter().map(told).collect::<Vec<_>>().join(" > ")
        };
        let key = |kind: Kind, namespace: &str, name: &str| Key::new(kind, namespace.into(), name.into());
        let orphan = key(Kind::new("longhorn.io", "Orphan"), "longhorn-system", "orphan-4f0f");
        assert_eq!(
            way(Some(Subject::Object(orphan)), None),
            "Cluster (all) > longhorn-system (ns:longhorn-system) > Orphan (ns:longhorn-system kind:Orphan.longhorn.io) > `orphan-4f0f`"
        );
        let node = key(Kind::new("", "Node"), "", "ip-10-0-2-5");
        assert_eq!(way(Some(Subject::Object(node)), None), "Cluster (all) > Node (kind:Node) > `ip-10-0-2-5`");
        let disk = Subject::Disk(node, "disk-1".into());
        assert!(way(Some(disk), None).ends_with("`ip-10-0-2-5` (Object(Key { kind: Kind { group: \"\", kind: \"Node\" }, namespace: \"\", name: \"ip-10-0-2-5\" })) > `disk-1`"));
        assert_eq!(way(None, None), "Cluster (all)");
        let finding = &document.start().findings[0];
        assert!(
            way(None, Some(&finding.id)).starts_with("Cluster (all) > An instance manager and"),
            "{}",
            way(None, Some(&finding.id))
        );
    }
}
