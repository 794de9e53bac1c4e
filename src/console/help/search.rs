//! `??word`: searching everything that help knows, best first.

use super::topics::{Line, TOPICS};
use crate::api::advice::advice;
use crate::api::methods;
use crate::console::command::commands;
use crate::lang::{Lang, Text};
use crate::script::BUILTINS;
use crate::spec::{Method, On};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As it is asked for: `get_user`, `%run`, `ids`.
    pub name: String,
    /// What it does.
    pub doc: Text,
    /// How well it fits.
    pub score: u32,
}

/// What help can be searched for: names weigh more than sentences, and sentences more than parameters.
struct Entry {
    name: String,
    /// Other names, and what stands for it.
    names: Vec<String>,
    doc: Text,
    text: String,
}

/// Everything that has all of the words of `query`, best first.
pub fn search(query: &str) -> Vec<Found> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Found> = entries()
        .filter_map(|entry| {
            let scores: Option<Vec<u32>> = words.iter().map(|word| entry.score(word)).collect();
            Some(Found { name: entry.name, doc: entry.doc, score: scores?.iter().sum() })
        })
        .collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.score));
    found
}

impl Entry {
    /// How well one word fits; `None` when it is not there at all.
    fn score(&self, word: &str) -> Option<u32> {
        let name = self.name.trim_start_matches(['%']).to_lowercase();
        let is_part = |name: &str| name.split('_').any(|part| part == word);
        let doc = format!("{} {}", self.doc.en, self.doc.zh).to_lowercase();
        let score = if name == word {
            100
        } else if self.names.iter().any(|name| name == word) {
            80
        } else if name.starts_with(word) || is_part(&name) {
            60
        } else if name.contains(word) {
            50
        } else if self.names.iter().any(|name| name.contains(word)) {
            35
        } else if has_word(&doc, word) {
            30
        } else if doc.contains(word) {
            20
        } else if self.text.contains(word) {
            10
        } else {
            return None;
        };
        Some(score)
    }
}

/// Whether `word` stands in `text` by itself.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|part| part == word)
}

fn entries() -> impl Iterator<Item = Entry> {
    methods().map(of_method).chain(functions()).chain(topics()).chain(of_commands())
}

fn of_method(method: &'static Method) -> Entry {
    let both = |text: &Text| format!("{} {}", text.en, text.zh);
    let mut text = both(&method.returns);
    for param in method.params {
        for part in [param.doc.get(Lang::En), param.doc.get(Lang::Zh), both(&param.kind.text())] {
            text.push_str(&part);
            text.push(' ');
        }
    }
    for endpoint in method.form.endpoints() {
        text.push_str(endpoint.path);
    }
    if let Some(advice) = advice(method.name).filter(|_| method.on == On::App) {
        text.push_str(advice.permission);
        for pitfall in advice.pitfalls() {
            text.push_str(&both(&pitfall));
        }
    }
    let params =
        method.params.iter().flat_map(|param| [param.name].into_iter().chain(param.aliases.iter().copied()));
    let names = method.aliases.iter().copied().chain(params).chain([method.group]);
    Entry {
        name: method.name.to_owned(),
        names: names.map(str::to_lowercase).collect(),
        doc: Text::made(method.doc.get(Lang::En), method.doc.get(Lang::Zh)),
        text: text.to_lowercase(),
    }
}

fn functions() -> impl Iterator<Item = Entry> {
    BUILTINS.iter().map(|builtin| Entry {
        name: builtin.name.to_owned(),
        names: Vec::new(),
        doc: builtin.doc.clone(),
        text: format!("{} {}", builtin.usage, builtin.example).to_lowercase(),
    })
}

fn topics() -> impl Iterator<Item = Entry> {
    TOPICS.iter().map(|topic| {
        let lines = topic.lines.iter().map(|line| match line {
            Line::Say(en, zh) => format!("{en} {zh}"),
            Line::Item(term, en, zh) => format!("{term} {en} {zh}"),
            Line::Code(code) => (*code).to_owned(),
        });
        Entry {
            name: topic.name.to_owned(),
            names: topic.aliases.iter().map(|alias| (*alias).to_lowercase()).collect(),
            doc: topic.title.clone(),
            text: lines.collect::<Vec<_>>().join(" ").to_lowercase(),
        }
    })
}

fn of_commands() -> impl Iterator<Item = Entry> {
    commands().map(|command| Entry {
        name: format!("%{}", command.name),
        names: command.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        doc: command.doc.clone(),
        text: format!("{} {} {}", command.usage, command.more.en, command.more.zh).to_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::search;

    fn names(query: &str) -> Vec<String> {
        search(query).into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn the_best_comes_first() {
        assert!(names("mute")[..3].contains(&"mute_all".to_owned()));
        assert_eq!(names("禁言").first().map(String::as_str), Some("mute_all"));
        assert_eq!(names("run").first().map(String::as_str), Some("%run"));
        assert_eq!(names("ids").first().map(String::as_str), Some("ids"));
        assert!(names("unionid").contains(&"unionId2staffId".to_owned()));
        assert!(names("qyapi_chat_manage").contains(&"create_group".to_owned()));
        assert!(names("scenegroup/update").contains(&"update_group".to_owned()));
        assert!(names("webhook 20").contains(&"send_message".to_owned()));
        assert!(names("撤回").contains(&"recall_message".to_owned()));
        assert_eq!(names("nothing_has_this_word"), [""; 0]);
    }
}
