//! What could be given for a parameter: words, people, groups, files, events, keys.

use std::path::Path;

use super::call::Target;
use super::code::Slot;
use super::directory::look_up;
use super::known::Session;
use super::names::{Name, candidates};
use super::path::paths;
use crate::cache::Entry;
use crate::console::editor::Candidate;
use crate::console::text::quote;
use crate::lang::Lang;
use crate::script::EVENTS;
use crate::spec::{Kind, Method, Param};

/// Where things are looked up.
pub(super) struct Sources<'a> {
    pub(super) session: &'a Session,
    pub(super) folder: &'a Path,
    pub(super) lang: Lang,
}

/// What could stand in an open text that holds `typed`. `end` is what closes it, empty when that is there already.
pub(super) fn in_text(target: &Target<'_>, typed: &str, end: &str, sources: &Sources<'_>) -> Vec<Candidate> {
    let param = match target {
        Target::Event => return events(typed, end, sources.lang),
        Target::Param(param) => *param,
        Target::Keys(..) => return Vec::new(),
    };
    let choices = param.kind.choices();
    if !choices.is_empty() {
        return words(choices.iter().map(|word| Name::new(*word, "")).collect(), typed, end);
    }
    if takes_path(param.kind) {
        return paths(sources.folder, typed, end, |path| quote(path).trim_matches('"').to_owned());
    }
    closed(look_up(sources, subjects(param), typed), end)
}

/// Words in an open text, which `end` closes.
pub(super) fn words(names: Vec<Name>, typed: &str, end: &str) -> Vec<Candidate> {
    closed(candidates(names, typed), end)
}

fn closed(mut found: Vec<Candidate>, end: &str) -> Vec<Candidate> {
    for candidate in &mut found {
        candidate.replacement.push_str(end);
    }
    found
}

/// What could stand where a value is given outside of a text.
pub(super) fn bare(target: &Target<'_>, typed: &str, sources: &Sources<'_>) -> Vec<Candidate> {
    let param = match target {
        Target::Event => return quoted(events(typed, "", sources.lang)),
        Target::Param(param) => *param,
        Target::Keys(method, given) => return keys(method, given, typed, sources.lang),
    };
    if matches!(param.kind, Kind::Flag | Kind::Switch) {
        let names = ["true", "false"].map(|word| Name::new(word, "")).into();
        return candidates(names, typed);
    }
    let choices = param.kind.choices();
    if !choices.is_empty() {
        let names = choices.iter().map(|word| Name::new(*word, "")).collect();
        return quoted(candidates(names, typed));
    }
    // Without a letter anything could be meant.
    if typed.is_empty() { Vec::new() } else { quoted(look_up(sources, subjects(param), typed)) }
}

fn quoted(mut found: Vec<Candidate>) -> Vec<Candidate> {
    for candidate in &mut found {
        candidate.replacement = quote(&candidate.replacement);
        candidate.is_prefix = false;
    }
    found
}

fn events(typed: &str, end: &str, lang: Lang) -> Vec<Candidate> {
    let by_name = EVENTS.iter().map(|event| Name::new(event.name, event.doc.get(lang)));
    let mut found = candidates(by_name.collect(), typed);
    if found.is_empty() {
        let wire = EVENTS.iter().flat_map(|event| event.wire.iter().map(move |wire| (*wire, event)));
        found = candidates(wire.map(|(wire, event)| Name::new(wire, event.doc.get(lang))).collect(), typed);
    }
    closed(found, end)
}

/// The keys of the trailing map that are not given yet.
fn keys(method: &Method, given: &[&str], typed: &str, lang: Lang) -> Vec<Candidate> {
    let is_free = |param: &&Param| !given.iter().any(|name| param.answers_to(name));
    let names = |aliases: bool| -> Vec<Name> {
        let free = method.params.iter().filter(is_free);
        free.flat_map(|param| {
            let spellings = if aliases { param.aliases } else { std::slice::from_ref(&param.name) };
            spellings.iter().map(|name| Name::new(*name, describe(param, lang)))
        })
        .collect()
    };
    let mut found = candidates(names(false), typed);
    if found.is_empty() {
        found = candidates(names(true), typed);
    }
    closed(found, ": ")
}

/// What a parameter must be, and what it is when it is not given.
fn describe(param: &Param, lang: Lang) -> String {
    let default = if param.default.is_empty() { String::new() } else { format!(" = {}", param.default) };
    format!("{}{default}", param.kind.text().get(lang).trim())
}

/// Whether a text for this kind may be a path on this machine.
fn takes_path(kind: Kind) -> bool {
    matches!(kind, Kind::File | Kind::LocalPath | Kind::Cover)
}

/// What a text for this parameter names. A constructor takes an id as plain text: its spelling tells.
fn subjects(param: &Param) -> &'static [Entry] {
    match param.kind {
        Kind::User | Kind::Users | Kind::Manager => &[Entry::User],
        Kind::Conversation | Kind::CardTarget | Kind::Target => &[Entry::Group],
        Kind::Cached => &[Entry::User, Entry::Group],
        Kind::Dept | Kind::Depts => &[Entry::Department],
        Kind::Text if param.answers_to("staffId") => &[Entry::User],
        Kind::Text if param.answers_to("openConversationId") => &[Entry::Group],
        _ => &[],
    }
}

/// What the argument at a slot of a method is.
pub(super) fn target<'a>(method: &'static Method, slot: Slot<'_>, given: Vec<&'a str>) -> Option<Target<'a>> {
    match slot {
        Slot::Key => Some(Target::Keys(method, given)),
        Slot::Value(name) => method.params.iter().find(|param| param.answers_to(name)).map(Target::Param),
        Slot::Position(index) => {
            let last = method.by_position.checked_sub(1)?;
            let index = if method.variadic { index.min(last) } else { index };
            method.params.get(index).filter(|_| index <= last).map(Target::Param)
        }
    }
}
