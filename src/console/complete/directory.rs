//! People, groups and departments out of the cache.

use super::values::Sources;
use crate::console::editor::Candidate;

/// What is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Person,
    Group,
    Department,
}

/// Those whose name, pinyin or id fits.
pub(super) fn look_up(sources: &Sources<'_>, subjects: &[Subject], typed: &str) -> Vec<Candidate> {
    let _ = (sources, subjects, typed);
    Vec::new()
}
