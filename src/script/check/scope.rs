//! The variables that a statement sees, and what is certain about their values.

use crate::spec::Host;

/// What a value is, when that is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Type {
    /// A live client.
    App,
    /// `app.api` or `app.oapi`.
    Door(Host),
    /// The object `cache`.
    Cache,
    /// What a handler of events is given.
    Event,
    /// What this constructor makes.
    Object(&'static str),
    /// Not known yet: what a function is given whose calls were not looked at.
    Unset,
    /// Anything.
    #[default]
    Any,
}

impl Type {
    /// What a value is that is sometimes this and sometimes the other.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unset, kind) | (kind, Self::Unset) => kind,
            (one, other) if one == other => one,
            _ => Self::Any,
        }
    }
}

/// The variables of a body, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: Vec<(String, Type)>,
    /// Which of them are the variables of loops.
    loops: Vec<usize>,
}

impl Scope {
    pub(super) fn add(&mut self, name: &str, kind: Type) {
        self.names.push((name.to_owned(), kind));
    }

    /// A variable that all rounds of a loop share.
    pub(super) fn add_of_loop(&mut self, name: &str) {
        self.loops.push(self.names.len());
        self.add(name, Type::Any);
    }

    /// Whether the variable of this name is one of a loop.
    pub(super) fn is_of_loop(&self, name: &str) -> bool {
        let place = self.names.iter().rposition(|(known, _)| known == name);
        place.is_some_and(|place| self.loops.contains(&place))
    }

    /// What is known of a variable; `None` when there is none of that name.
    pub(super) fn get(&self, name: &str) -> Option<Type> {
        self.names.iter().rev().find_map(|(known, kind)| (known == name).then_some(*kind))
    }

    /// Where the scope is at this moment, for [`Scope::leave`].
    pub(super) fn mark(&self) -> usize {
        self.names.len()
    }

    /// Forgets the variables of a block.
    pub(super) fn leave(&mut self, mark: usize) {
        self.names.truncate(mark);
        self.loops.retain(|place| *place < mark);
    }

    /// The names, for a hint.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }
}
