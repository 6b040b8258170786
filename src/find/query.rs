//! What a person writes to find objects: words, `key:value`, and what one would write after `kubectl get`.

use serde::{Deserialize, Serialize};

use super::fuzzy::{Needle, distance};

/// The keys that are understood, the first name of each being the one that is named in sentences.
const KEYS: [(&str, Key); 13] = [
    ("kind", Key::Kind),
    ("ns", Key::Namespace),
    ("name", Key::Name),
    ("finalizer", Key::Finalizer),
    ("controller", Key::Controller),
    ("label", Key::Label),
    ("is", Key::Is),
    ("has", Key::Has),
    ("uid", Key::Uid),
    ("namespace", Key::Namespace),
    ("fin", Key::Finalizer),
    ("k", Key::Kind),
    ("l", Key::Label),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Kind,
    Namespace,
    Name,
    Finalizer,
    Controller,
    Label,
    Is,
    Has,
    Uid,
}

/// What an object can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Stuck,
    Terminating,
    Gone,
    New,
}

const STATES: [(&str, Is); 5] = [
    ("stuck", Is::Stuck),
    ("terminating", Is::Terminating),
    ("gone", Is::Gone),
    ("new", Is::New),
    ("deleting", Is::Terminating),
];

/// What an object can have, besides what other keys ask for. It goes for one as well.
const NOTES: &str = "notes";

/// What is asked of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Any,
    Is(String),
    IsNot(String),
}

/// What one word asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// A kind, a name, a namespace or a uid like this.
    Word(Needle),
    /// What stands before the slash, and a name like this.
    Of(String, Needle),
    /// One of several kinds.
    Kind(Vec<Needle>),
    Namespace(Needle),
    Name(Needle),
    Uid(String),
    Finalizer(Needle),
    Controller(String),
    Label(String, Value),
    Is(Is),
    /// A person wrote a note about it.
    Noted,
    /// What nothing is: its key or its value is not understood.
    Nothing,
}

/// One word of a query. All of them must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) ask: Ask,
}

/// Why a query cannot find anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Complaint {
    /// There is no such key.
    Key {
        /// What was written.
        written: String,
        /// The key that was meant, where one is near.
        nearest: Option<String>,
    },
    /// There is no such state.
    State {
        /// What was written.
        written: String,
        /// The state that was meant, where one is near.
        nearest: Option<String>,
    },
    /// There is no such thing that an object can have.
    Thing {
        /// What was written.
        written: String,
    },
}

/// What a person looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub(super) terms: Vec<Term>,
    complaint: Option<Complaint>,
    /// The first word that looks as if it had a key. It may be a name with a colon, though.
    odd: Option<Complaint>,
}

/// A word as it was written.
struct Token {
    text: String,
    /// It began with a quote: it is a text and nothing else.
    quoted: bool,
}

impl Query {
    /// Reads a query. There is none that cannot be read.
    pub fn read(text: &str) -> Self {
        let mut query = Self::default();
        let mut tokens = tokens(text).into_iter().peekable();
        let kubectl = tokens.next_if(|token| !token.quoted && token.text == "kubectl").is_some();
        if kubectl {
            // What it does: `get`, `delete`.
            tokens.next_if(|token| !token.text.starts_with('-'));
        }
        while let Some(token) = tokens.next() {
            let text = token.text.as_str();
            if token.quoted {
                query.add(false, Ask::Word(Needle::new(text, true)));
                continue;
            }
            let (flag, value) =
                text.split_once('=').map_or((text, None), |(flag, value)| (flag, Some(value.to_owned())));
            match flag {
                "-n" | "--namespace" => {
                    let value = value.or_else(|| tokens.next().map(|token| token.text));
                    query.keyed(false, Key::Namespace, &value.unwrap_or_default());
                }
                "-l" | "--selector" => {
                    let value = value.or_else(|| tokens.next().map(|token| token.text));
                    query.keyed(false, Key::Label, &value.unwrap_or_default());
                }
                "-A" | "--all-namespaces" => {}
                "-o" | "--output" if kubectl => {
                    value.or_else(|| tokens.next().map(|token| token.text));
                }
                _ if kubectl && text.starts_with('-') => {}
                _ => query.word(text),
            }
        }
        query
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// What is wrong with it, if it found so many objects.
    pub fn complaint(&self, found: usize) -> Option<&Complaint> {
        self.complaint.as_ref().or(self.odd.as_ref().filter(|_| found == 0))
    }

    fn add(&mut self, negated: bool, ask: Ask) {
        self.terms.push(Term { negated, ask });
    }

    fn word(&mut self, written: &str) {
        let text = written.trim_start_matches(['-', '!']);
        let negated = text.len() < written.len();
        if text.is_empty() {
            return;
        }
        if let Some((_, state)) = STATES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            // `new` and `gone` are words like any other; these two are what one comes here for.
            if matches!(state, Is::Stuck | Is::Terminating) {
                return self.add(negated, Ask::Is(*state));
            }
        }
        if let Some((key, value)) = text.split_once(':') {
            if let Some((_, key)) = KEYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
                return self.keyed(negated, *key, value);
            }
            if !key.is_empty() && key.bytes().all(|letter| letter.is_ascii_alphabetic()) {
                let nearest = nearest(key, KEYS.map(|(name, _)| name));
                self.odd.get_or_insert(Complaint::Key { written: key.to_owned(), nearest });
            }
            return self.add(negated, Ask::Word(Needle::new(text, true)));
        }
        // No name has a comma in it: these are kinds.
        if text.contains(',') {
            return self.keyed(negated, Key::Kind, text);
        }
        let ask = match text.split_once('/') {
            Some((of, name)) => Ask::Of(of.to_owned(), Needle::new(name, false)),
            None => Ask::Word(Needle::new(text, false)),
        };
        self.add(negated, ask);
    }

    /// What a key asks; nothing as long as nothing stands behind it.
    fn keyed(&mut self, negated: bool, key: Key, value: &str) {
        if value.is_empty() {
            return;
        }
        let needle = || Needle::new(value, false);
        let ask = match key {
            Key::Kind => {
                let kinds = value.split(',').filter(|kind| !kind.is_empty());
                let kinds: Vec<Needle> = kinds.map(|kind| Needle::new(kind, false)).collect();
                if kinds.is_empty() {
                    return;
                }
                Ask::Kind(kinds)
            }
            Key::Namespace => Ask::Namespace(needle()),
            Key::Name => Ask::Name(needle()),
            Key::Finalizer => Ask::Finalizer(needle()),
            Key::Controller => Ask::Controller(value.to_owned()),
            Key::Uid => Ask::Uid(value.to_lowercase()),
            Key::Label => {
                for one in value.split(',').filter(|one| !one.is_empty()) {
                    self.add(negated, label(one));
                }
                return;
            }
            Key::Has if NOTES.starts_with(&value.to_lowercase()) => Ask::Noted,
            Key::Has => {
                self.complaint.get_or_insert(Complaint::Thing { written: value.to_owned() });
                Ask::Nothing
            }
            Key::Is => {
                let lower = value.to_lowercase();
                match STATES.iter().find(|(name, _)| name.starts_with(&lower)) {
                    Some((_, state)) => Ask::Is(*state),
                    None => {
                        let nearest = nearest(&lower, STATES.map(|(name, _)| name));
                        self.complaint.get_or_insert(Complaint::State { written: value.to_owned(), nearest });
                        Ask::Nothing
                    }
                }
            }
        };
        self.add(negated, ask);
    }
}

/// `a`, `a=b`, `a==b` or `a!=b`.
fn label(text: &str) -> Ask {
    let (key, value) = match (text.split_once("!="), text.split_once('=')) {
        (Some((key, value)), _) => (key, Value::IsNot(value.to_owned())),
        (None, Some((key, value))) => (key, Value::Is(value.trim_start_matches('=').to_owned())),
        (None, None) => (text, Value::Any),
    };
    Ask::Label(key.to_owned(), value)
}

/// The name that was meant, if one is near.
fn nearest<const N: usize>(written: &str, names: [&str; N]) -> Option<String> {
    let lower = written.to_lowercase();
    // What is written of a longer name is as near as can be.
    let far = |name: &&str| if name.starts_with(&lower) { 0 } else { distance(&lower, name) };
    let name = names.into_iter().filter(|name| name.len() > 1).min_by_key(far)?;
    let near = far(&name) <= lower.chars().count().max(3) / 2;
    near.then(|| name.to_owned())
}

/// The words of a text. Between quotes a blank is a letter; a quote that is not closed reaches to the end.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut token: Option<Token> = None;
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                token.get_or_insert(Token { text: String::new(), quoted: true });
            }
            (None, _) if letter.is_whitespace() => tokens.extend(token.take()),
            _ => token.get_or_insert(Token { text: String::new(), quoted: false }).text.push(letter),
        }
    }
    tokens.extend(token);
    tokens.retain(|token| !token.text.is_empty());
    tokens
}
