//! What the inspector says of an object, in English.

use super::{English, capital, count};
use crate::inspect::Runs;
use crate::messages::{Clue, Flaw, Interface, OfObjects, Standing, Verdict};
use crate::moment::Span;

/// A list as it is spoken; of a long one the first two.
fn spoken(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
    }
}

fn literal(all: &[String]) -> Vec<String> {
    all.iter().map(|one| format!("`{one}`")).collect()
}

/// How many wait, after what was said of an object.
fn waited(n: usize) -> String {
    match n {
        0 => ".".into(),
        1 => "; something waits for it.".into(),
        n => format!("; {n} things wait for it."),
    }
}

/// Who would remove what holds an object, and why it is still there.
fn removal(verdict: &Verdict<'_>) -> String {
    let Some(held) = verdict.remover else {
        return match verdict.standing {
            Standing::Stuck => "no finalizer holds it.".into(),
            _ => "no finalizer holds it any more.".into(),
        };
    };
    let finalizers = literal(verdict.held_by);
    let held_by = format!("held by {}", spoken(&finalizers));
    let (which, who) = match (verdict.held_by.len(), held.who.as_str()) {
        (1, who) => ("it".to_owned(), who),
        (_, who) => (format!("`{}`", held.finalizer), who),
    };
    let waits_for = spoken(verdict.awaited);
    match (who, held.runs) {
        ("", _) => format!("{held_by}; nobody is known who would remove {which}."),
        (who, Runs::Stopped) => format!("{held_by}; {who} would remove {which}, and does not run."),
        (who, Runs::NotSeen(false)) => format!("{held_by}; {who} would remove {which}, and is not in the dump."),
        (who, _) if held.comes_off => format!("{held_by}; {who} can remove {which} now."),
        (who, _) if waits_for.is_empty() => format!("{held_by}; {who} would remove {which}, and has not done so."),
        (who, _) => format!("{held_by}; {who} would remove {which}, and waits for {waits_for}."),
    }
}

impl OfObjects for English {
    fn verdict(&self, verdict: &Verdict<'_>) -> String {
        let for_long = match verdict.span {
            Some(Span::Seconds(0)) | None => String::new(),
            Some(span) => format!(" for {} as of the dump", self.ago(span)),
        };
        match verdict.standing {
            Standing::Stuck => format!("Being deleted{for_long}, and stuck: {}", removal(verdict)),
            Standing::Deleting => format!("Being deleted{for_long}, and on its way: {}", removal(verdict)),
            Standing::Gone => "It went in this run.".into(),
            Standing::Absent => format!("It is not there{}", waited(verdict.waited_for_by)),
            Standing::Created => format!("Made in this run, and not being deleted{}", waited(verdict.waited_for_by)),
            Standing::Unreachable => format!("It is unreachable{}", waited(verdict.waited_for_by)),
            _ => format!("Not being deleted{}", waited(verdict.waited_for_by)),
        }
    }

    fn stands(&self, standing: Standing, waited_for_by: usize) -> String {
        let standing = match self.standing(standing) {
            "" => "There",
            standing => standing,
        };
        format!("{}{}", capital(standing), waited(waited_for_by))
    }

    fn ago(&self, span: Span) -> String {
        match span {
            Span::Seconds(n) => format!("{n} s"),
            Span::Minutes(n) => format!("{n} min"),
            Span::Hours(n) => format!("{n} h"),
            Span::Days(n) => count(usize::try_from(n).unwrap_or(usize::MAX), "day", "days"),
        }
    }

    fn flaw(&self, flaw: &Flaw) -> String {
        match flaw {
            Flaw::Absent => "This owner is not there; the garbage collector counts it as absent.".into(),
            Flaw::Unknown => "This owner is not in the dump; it is taken to be there.".into(),
            Flaw::OtherUid => {
                "The uid does not match: another object has this name now, and this owner counts as absent.".into()
            }
            Flaw::OtherObject { kind, name } => {
                format!("The uid is that of {kind} `{name}`; by this kind and name the owner counts as absent.")
            }
            Flaw::OtherNamespace(namespace) => {
                format!("The owner is in another namespace, `{namespace}`, where it is not looked up: it counts as absent.")
            }
            Flaw::Namespaced => {
                "The object is cluster-scoped and the owner is not: it cannot be looked up, and the object is left alone.".into()
            }
            Flaw::Unserved { api_version, kind } => format!(
                "`{kind}` is not served in `{api_version}`: the owner cannot be looked up, and the object is left alone."
            ),
            Flaw::Itself => "It owns itself: as a dependent that blocks it waits for itself.".into(),
            Flaw::Duplicate => "Another reference names the same owner; the garbage collector goes by the uid.".into(),
            Flaw::Ring => "A ring: the owners of this owner lead back here.".into(),
        }
    }

    fn clue(&self, clue: &Clue) -> String {
        match clue {
            Clue::Writer { manager, time } if time.is_empty() => {
                format!("`{manager}` wrote it, as `managedFields` has it.")
            }
            Clue::Writer { manager, time } => format!("`{manager}` wrote it at `{time}`, as `managedFields` has it."),
            Clue::Group(group) => {
                format!("The kind is of the API group `{group}`: look for that project's controller.")
            }
            Clue::Webhook { configuration, service } => {
                format!(
                    "The webhook of `{configuration}` looks after that group; the service `{service}` answers for it."
                )
            }
            Clue::Domain(domain) => format!("Its name is of the domain `{domain}`."),
        }
    }
}
