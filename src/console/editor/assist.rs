//! What the editor asks of somebody who knows the words: what could follow, what is being called, which names exist.

use crate::console::scan::Scan;

/// Helps while a line is typed. It answers from memory, at once.
pub trait Assist: Send + Sync {
    /// What could stand at the cursor.
    fn complete(&self, line: &str, pos: usize) -> Completion;

    /// The call that the cursor stands in.
    fn signature(&self, line: &str, pos: usize) -> Option<Signature>;

    /// Whether there is such a name, when that can be told of the token `index`.
    fn knows(&self, line: &str, scan: &Scan, index: usize) -> Option<bool>;
}

/// What could stand at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// The first byte that is replaced.
    pub start: usize,
    /// The byte behind what is replaced.
    pub end: usize,
    /// What could stand there, the best first.
    pub candidates: Vec<Candidate>,
}

/// A word that could stand at the cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows.
    pub display: String,
    /// What the list says beside it.
    pub note: String,
    /// What is inserted.
    pub replacement: String,
    /// Whether it goes on from what was typed.
    pub is_prefix: bool,
}

impl rustyline::completion::Candidate for Candidate {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

/// How something is called, and where in its parameters the cursor stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// What stands before the parameters, such as `get_user(`.
    pub open: String,
    /// The parameters.
    pub params: Vec<String>,
    /// The one at the cursor.
    pub current: Option<usize>,
    /// What the one at the cursor must be.
    pub about: String,
    /// What stands behind the parameters, such as `)`.
    pub close: String,
    /// What the call costs and does; empty when there is nothing to say.
    pub facts: String,
}
