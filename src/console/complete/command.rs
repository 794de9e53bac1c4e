//! The words of a console command, and of a question for help.

use super::Completer;
use super::crowd;
use super::names::{Name, candidates};
use super::path::paths;
use crate::api::methods;
use crate::console::command::{Command, SETTINGS, Word, commands, find};
use crate::console::editor::{Candidate, Completion, Signature};
use crate::console::help::topics::TOPICS;
use crate::lang::Lang;
use crate::script::BUILTINS;

/// What stands at the end of a line, with what was typed of it.
pub(super) enum Place<'a> {
    /// What help is asked for.
    Topic(&'a str),
    /// The name of a command.
    Name(&'a str),
    /// A word behind a command.
    Word(Word, &'a str),
    /// Code that begins at this byte; it is a command's when that is not 0.
    Code(usize),
}

/// What stands at the end of a line.
pub(super) fn place(before: &str) -> Place<'_> {
    let line = before.trim_start();
    if line.contains('\n') {
        return Place::Code(0);
    }
    let topic = ["?", "help "].iter().find_map(|mark| line.strip_prefix(mark));
    if let Some(topic) = topic {
        return Place::Topic(topic.trim_start_matches(['?', ' ']));
    }
    let Some(rest) = line.strip_prefix('%') else { return Place::Code(0) };
    let Some((name, args)) = rest.split_once(char::is_whitespace) else { return Place::Name(rest) };
    let typed = args.rsplit(char::is_whitespace).next().unwrap_or_default();
    let index = args.split_whitespace().count() - usize::from(!typed.is_empty());
    let words = find(name).map(|command| command.words).unwrap_or_default();
    match words.get(index).or(words.last()) {
        Some(Word::Code) => Place::Code(before.len() - args.len()),
        Some(Word::Free) if index > 0 && words.get(index - 1) == Some(&Word::Setting) => {
            let key = args.split_whitespace().nth(index - 1).unwrap_or_default();
            let setting = SETTINGS.iter().find(|setting| setting.name == key);
            Place::Word(setting.map_or(Word::Free, |setting| Word::OneOf(setting.values)), typed)
        }
        word => Place::Word(word.copied().unwrap_or(Word::Free), typed),
    }
}

/// What could stand at the end of a line that is no code.
pub(super) fn complete(before: &str, place: &Place<'_>, completer: &Completer) -> Completion {
    let Completer { folder, profiles, .. } = completer;
    let lang = completer.lang();
    let (typed, candidates) = match *place {
        Place::Topic(typed) | Place::Word(Word::Topic, typed) => (typed, topics(typed, lang)),
        Place::Name(typed) => {
            let names = commands().map(|command| Name::new(command.name, command.doc.get(lang)));
            (typed, candidates(names.collect(), typed))
        }
        Place::Word(Word::OneOf(list), typed) => {
            (typed, candidates(list.iter().map(|word| Name::new(*word, "")).collect(), typed))
        }
        Place::Word(Word::File, typed) => (typed, paths(folder, typed, "", str::to_owned)),
        Place::Word(Word::Setting, typed) => {
            let names = SETTINGS.iter().map(|setting| Name::new(setting.name, setting.doc.get(lang)));
            (typed, candidates(names.collect(), typed))
        }
        Place::Word(Word::Group, typed) => {
            let mut groups: Vec<&str> = methods().map(|method| method.group).collect();
            groups.dedup();
            (typed, candidates(groups.into_iter().map(|group| Name::new(group, "")).collect(), typed))
        }
        Place::Word(Word::Profile, typed) => {
            let names = ["default"].into_iter().chain(profiles.iter().map(String::as_str));
            (typed, candidates(names.map(|name| Name::new(name, "")).collect(), typed))
        }
        Place::Word(Word::Person, typed) => (typed, crowd::people(completer, typed)),
        Place::Word(Word::Place, typed) => (typed, crowd::places(completer, typed)),
        Place::Word(Word::Deed, typed) => (typed, crowd::deeds(completer, before, typed)),
        Place::Word(Word::Free | Word::Code, typed) => (typed, Vec::new()),
        Place::Code(_) => ("", Vec::new()),
    };
    Completion { start: before.len() - typed.len(), end: before.len(), candidates }
}

/// What help knows: methods, functions, topics, and commands with their `%`.
fn topics(typed: &str, lang: Lang) -> Vec<Candidate> {
    let dot = typed.rfind('.').map_or(0, |dot| dot + 1);
    let mut names: Vec<Name> = if typed.starts_with('%') {
        commands().map(|command| Name::new(format!("%{}", command.name), command.doc.get(lang))).collect()
    } else {
        let rows = methods().map(|method| Name::new(method.name, method.signature()));
        let builtins = BUILTINS.iter().map(|builtin| Name::new(builtin.name, builtin.usage));
        let topics = TOPICS.iter().map(|topic| Name::new(topic.name, topic.title.get(lang)));
        rows.chain(builtins).chain(topics).collect()
    };
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names.dedup_by(|a, b| a.name == b.name);
    let mut found = candidates(names, &typed[dot..]);
    for candidate in &mut found {
        candidate.replacement.insert_str(0, &typed[..dot]);
    }
    found
}

/// How the command of a line is used, once its name is there.
pub(super) fn signature(line: &str, lang: Lang) -> Option<Signature> {
    let (name, _) = line.trim_start().strip_prefix('%')?.split_once(char::is_whitespace)?;
    let command: &Command = find(name)?;
    let open = format!("%{} {}", command.name, command.usage).trim_end().to_owned();
    Some(Signature { open, facts: command.doc.get(lang).to_owned(), ..Signature::default() })
}
