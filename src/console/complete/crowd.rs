//! People, groups, cards and failures of the practice organisation.

use super::Completer;
use super::names::{Name, candidates};
use crate::cache::leads_to;
use crate::console::editor::Candidate;
use crate::console::host::Crowd;
use crate::console::text::quote;
use crate::script::EVENTS;

/// What can be done.
const DEEDS: &[&str] = &["say", "press", "event", "fault", "state"];

/// What a failure takes.
const OPTIONS: &[&str] = &["--on", "--times", "--millis", "--status"];

fn crowd(completer: &Completer) -> Crowd {
    let app = completer.known.session().app.clone();
    app.and_then(|app| (completer.crowds)(&app)).unwrap_or_default()
}

/// The people who fit what was typed.
pub(super) fn people(completer: &Completer, typed: &str) -> Vec<Candidate> {
    named(&crowd(completer).people, typed)
}

/// The groups that do.
pub(super) fn places(completer: &Completer, typed: &str) -> Vec<Candidate> {
    named(&crowd(completer).groups, typed)
}

/// Those whose name, pinyin, initials or id fits. The name is inserted, or the id where two have the same one.
fn named(list: &[(String, String)], typed: &str) -> Vec<Candidate> {
    let fits = |(id, name): &&(String, String)| id.starts_with(typed) || leads_to(typed, name);
    let candidate = |(id, name): &(String, String)| {
        let is_only = list.iter().filter(|(_, other)| other == name).count() == 1;
        let word = if is_only && !name.is_empty() { name } else { id };
        let replacement = if word.contains(char::is_whitespace) { quote(word) } else { word.clone() };
        Candidate {
            is_prefix: replacement.starts_with(typed),
            replacement,
            display: name.clone(),
            note: id.clone(),
        }
    };
    list.iter().filter(fits).map(candidate).collect()
}

/// What could stand at the end of `%sandbox …`.
pub(super) fn deeds(completer: &Completer, before: &str, typed: &str) -> Vec<Candidate> {
    let words = before[..before.len() - typed.len()].split_whitespace().skip(1).collect::<Vec<_>>();
    let list = |words: &[&str]| candidates(words.iter().map(|word| Name::new(*word, "")).collect(), typed);
    match words[..] {
        [] => list(DEEDS),
        ["say"] | ["press", _] => people(completer, typed),
        ["say", _] => places(completer, typed),
        ["press"] => list(&crowd(completer).cards.iter().map(String::as_str).collect::<Vec<_>>()),
        ["event"] => list(&EVENTS.iter().flat_map(|event| event.wire).copied().collect::<Vec<_>>()),
        ["fault"] => list(&crowd(completer).faults.iter().map(String::as_str).collect::<Vec<_>>()),
        ["fault", ..] => list(OPTIONS),
        _ => Vec::new(),
    }
}
