//! What can still finish: a least fixed point over the waits.
//!
//! Every fact is an atom, every provision a definite Horn rule. The fixed point is computed as Dowling and Gallier do
//! (J. Logic Programming 1984): a counter of unmet premises for each rule and a worklist, linear in the size of the rules.

#![expect(clippy::disallowed_types, reason = "atoms are only looked up by their facts, never walked")]

use std::collections::HashMap;

use gordian_reconcile::{Condition, Fact, Provision, World, provisions};

/// A proposition: a fact, or one of the alternatives that a condition names.
pub type Atom = usize;

/// One rule: `head` comes true when all of `body` has.
#[derive(Debug, Clone)]
pub struct HornRule {
    /// What comes true.
    pub head: Atom,
    /// What must have.
    pub body: Vec<Atom>,
    /// The provision that it is made of, as an index of [`Program::provisions`].
    pub provision: Option<usize>,
}

/// The rules that some facts depend on, and what holds to begin with.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// By atom: the fact, or `None` for an alternative inside a condition.
    pub facts: Vec<Option<Fact>>,
    /// By atom: whether it holds in the world.
    pub holds: Vec<bool>,
    /// The rules, in the order in which the provisions name them.
    pub rules: Vec<HornRule>,
    /// By atom: its rules.
    pub rules_of: Vec<Vec<usize>>,
    /// Every provision that was asked for.
    pub provisions: Vec<Provision>,
    atoms: HashMap<Fact, Atom>,
}

impl Program {
    /// The program that these goals depend on.
    pub fn new(world: &World, goals: &[Fact]) -> Self {
        let mut program = Self::default();
        for goal in goals {
            program.atom(world, goal);
        }
        // Atoms are numbered as they are found, so that going through the numbers expands each once.
        let mut atom = 0;
        while atom < program.facts.len() {
            if let Some(fact) = program.facts[atom].clone().filter(|_| !program.holds[atom]) {
                for provision in provisions(world, &fact) {
                    let index = program.provisions.len();
                    let body = program.body(world, &provision.when);
                    program.provisions.push(provision);
                    program.rule(atom, body, Some(index));
                }
            }
            atom += 1;
        }
        program
    }

    /// The atom of a fact, if some goal depends on it.
    pub fn find(&self, fact: &Fact) -> Option<Atom> {
        self.atoms.get(fact).copied()
    }

    fn atom(&mut self, world: &World, fact: &Fact) -> Atom {
        if let Some(&atom) = self.atoms.get(fact) {
            return atom;
        }
        let atom = self.push(Some(fact.clone()), world.holds(fact));
        self.atoms.insert(fact.clone(), atom);
        atom
    }

    fn push(&mut self, fact: Option<Fact>, holds: bool) -> Atom {
        self.facts.push(fact);
        self.holds.push(holds);
        self.rules_of.push(Vec::new());
        self.facts.len() - 1
    }

    fn rule(&mut self, head: Atom, body: Vec<Atom>, provision: Option<usize>) {
        self.rules_of[head].push(self.rules.len());
        self.rules.push(HornRule { head, body, provision });
    }

    /// The atoms of a condition that must all hold. An `Any` becomes an atom of its own, with a rule for each alternative.
    fn body(&mut self, world: &World, condition: &Condition) -> Vec<Atom> {
        match condition {
            Condition::Is(fact) => vec![self.atom(world, fact)],
            Condition::All(parts) => parts.iter().flat_map(|part| self.body(world, part)).collect(),
            Condition::Any(parts) => {
                let either = self.push(None, false);
                for part in parts {
                    let body = self.body(world, part);
                    self.rule(either, body, None);
                }
                vec![either]
            }
        }
    }

    /// What holds or will, when `granted` comes true as well, by atom.
    pub fn fixed_point(&self, granted: &[Atom]) -> Vec<bool> {
        let mut true_now = self.holds.clone();
        granted.iter().for_each(|&atom| true_now[atom] = true);
        let mut unmet: Vec<usize> = self.rules.iter().map(|rule| rule.body.len()).collect();
        let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); self.facts.len()];
        for (index, rule) in self.rules.iter().enumerate() {
            rule.body.iter().for_each(|&atom| needed_by[atom].push(index));
        }
        let mut worklist: Vec<Atom> = (0..self.facts.len()).filter(|&atom| true_now[atom]).collect();
        for rule in self.rules.iter().filter(|rule| rule.body.is_empty()) {
            if !std::mem::replace(&mut true_now[rule.head], true) {
                worklist.push(rule.head);
            }
        }
        while let Some(atom) = worklist.pop() {
            for &index in &needed_by[atom] {
                unmet[index] -= 1;
                let head = self.rules[index].head;
                if unmet[index] == 0 && !std::mem::replace(&mut true_now[head], true) {
                    worklist.push(head);
                }
            }
        }
        true_now
    }

    /// The premises, not in `finishes`, that keep an atom from coming true, in the order in which the actors try them. An
    /// alternative that nobody could ever bring about is left out while there is another.
    pub fn missing(&self, atom: Atom, finishes: &[bool]) -> Vec<Atom> {
        let hopeless = |rule: &&HornRule| rule.body.iter().any(|&premise| self.hopeless(premise, finishes));
        let rules: Vec<&HornRule> = self.rules_of[atom].iter().map(|&index| &self.rules[index]).collect();
        let live: Vec<&HornRule> = rules.iter().copied().filter(|rule| !hopeless(rule)).collect();
        let kept = if live.is_empty() { rules } else { live };
        let mut missing = Vec::new();
        for &premise in kept.iter().flat_map(|rule| &rule.body) {
            if !finishes[premise] && !missing.contains(&premise) {
                missing.push(premise);
            }
        }
        missing
    }

    /// Whether nobody would ever bring an atom about.
    pub fn hopeless(&self, atom: Atom, finishes: &[bool]) -> bool {
        !finishes[atom] && self.rules_of[atom].is_empty()
    }

    /// The provision by which `missing` keeps `atom` from coming true.
    pub fn provision_between(&self, atom: Atom, missing: Atom) -> Option<&Provision> {
        let names = |rule: &&HornRule| {
            rule.body.contains(&missing)
                || rule
                    .body
                    .iter()
                    .any(|&part| self.facts[part].is_none() && self.alternatives(part).contains(&missing))
        };
        let rule = self.rules_of[atom].iter().map(|&index| &self.rules[index]).find(names)?;
        rule.provision.map(|index| &self.provisions[index])
    }

    /// Every premise of an alternative inside a condition.
    fn alternatives(&self, atom: Atom) -> Vec<Atom> {
        self.rules_of[atom].iter().flat_map(|&index| self.rules[index].body.iter().copied()).collect()
    }
}
