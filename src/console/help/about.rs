//! Help about topics, commands, and what the session has: its variables and functions.

use std::fmt::Write as _;

use super::Help;
use super::topics::{Line, Topic};
use crate::api::find as find_method;
use crate::console::command::Command;
use crate::console::style::Role;
use crate::console::text::{cut, escape, width, wrap};
use crate::lang::{Lang, Text};
use crate::script::view::View;
use crate::script::{Abilities, EVENTS, EventInfo as Event, Value, Written};
use crate::spec::On;

/// The most keys of a map, and methods of a value, that are told.
const MOST: usize = 24;

/// The topic that lists the events.
const EVENTS_TOPIC: &str = "events";

impl Help {
    pub(super) fn topic_screen(self, topic: &Topic) -> String {
        let head = format!("{}: {}", topic.name, topic.title.get(self.lang));
        let mut out = format!("{}\n", wrap(&self.palette.paint(Role::Heading, &head), self.columns, 4));
        let widest = topic.lines.iter().map(|line| match line {
            Line::Item(term, ..) => width(term),
            Line::Say(..) | Line::Code(_) => 0,
        });
        let widest = widest.max().unwrap_or(0);
        for line in topic.lines {
            match line {
                Line::Say(en, zh) => {
                    let text = if self.lang == Lang::Zh { zh } else { en };
                    let _ = writeln!(out, "{}", wrap(text, self.columns, 0));
                }
                Line::Item(term, en, zh) => {
                    self.row(&mut out, term, widest, if self.lang == Lang::Zh { zh } else { en });
                }
                Line::Code(code) => {
                    let _ = writeln!(out, "  {}", self.palette.paint(Role::Text, code));
                }
            }
        }
        if topic.name == EVENTS_TOPIC {
            self.event_names(&mut out);
        }
        out.trim_end().to_owned()
    }

    fn event_names(self, out: &mut String) {
        let names: Vec<&str> = EVENTS.iter().map(|event| event.name).collect();
        self.fact(out, Text::fixed("all", "全部"), &names.join(", "));
    }

    /// One event: what it means and what it brings along.
    pub(super) fn event(self, event: &Event) -> String {
        let head = format!("{}: {}", event.name, event.doc.get(self.lang));
        let mut out = format!("{}\n", wrap(&self.palette.paint(Role::Heading, &head), self.columns, 4));
        if !event.wire.is_empty() {
            self.fact(&mut out, Text::fixed("also", "别名"), &event.wire.join(", "));
        }
        if !event.fields.is_empty() {
            self.fact(&mut out, Text::fixed("fields", "字段"), &event.fields.join(", "));
        }
        let all = "group, member, message, text, bot, at_me, raw; reply(…), ask(…, seconds)";
        self.fact(&mut out, Text::fixed("all have", "共有"), all);
        self.example(&mut out, &format!("on(\"{}\", |event| print(event.raw))", event.name));
        out
    }

    pub(super) fn command(self, command: &Command) -> String {
        let mut out = self.head(&command.signature(), &sentence(command.doc.get(self.lang), self.lang));
        let more = command.more.get(self.lang);
        if !more.is_empty() {
            let _ = writeln!(out, "{}", wrap(more, self.columns, 0));
        }
        if !command.aliases.is_empty() {
            let names =
                command.aliases.iter().map(|alias| format!("%{alias}")).collect::<Vec<_>>().join(", ");
            self.fact(&mut out, Text::fixed("also", "别名"), &names);
        }
        self.example(&mut out, command.example);
        out
    }

    /// A variable: what it is, what it looks like, what it can do.
    pub fn variable(self, name: &str, value: &Value, short: &str, abilities: &Abilities) -> String {
        let kind = value.type_name();
        let size = match value.view() {
            View::List(items) => {
                Text::made(format!(", {} items", items.len()), format!("，{} 项", items.len()))
            }
            View::Map(entries) => {
                Text::made(format!(", {} fields", entries.len()), format!("，{} 个字段", entries.len()))
            }
            View::Text(text) => {
                let count = text.chars().count();
                Text::made(format!(", {count} characters"), format!("，{count} 个字符"))
            }
            _ => Text::fixed("", ""),
        };
        let head = format!("{name}: {kind}{}", size.get(self.lang));
        let mut out = format!("{}\n", self.palette.paint(Role::Heading, &escape(&head)));
        self.fact(
            &mut out,
            Text::fixed("value", "值"),
            &cut(short, self.columns.saturating_sub(12).clamp(8, 400)),
        );
        let shown = |names: &[String]| {
            let more = names.len().saturating_sub(MOST);
            let names = names.iter().take(MOST).map(|name| escape(name)).collect::<Vec<_>>().join(", ");
            if more > 0 { format!("{names}, … {more}") } else { names }
        };
        if !abilities.fields.is_empty() {
            self.fact(&mut out, Text::fixed("fields", "字段"), &shown(&abilities.fields));
        }
        if !abilities.methods.is_empty() {
            self.fact(&mut out, Text::fixed("methods", "方法"), &shown(&abilities.methods));
        }
        // Its constructor says the rest.
        if find_method(On::Nothing, &kind).is_some() {
            self.fact(&mut out, Text::fixed("see also", "相关"), &kind);
        }
        out.trim_end().to_owned()
    }

    /// A function that was written in this session.
    pub fn written(self, function: &Written) -> String {
        let usage = format!("{}({})", function.name, function.params.join(", "));
        let mut out = self.head(&usage, &escape(&function.doc));
        self.fact(&mut out, Text::fixed("from", "来自"), &escape(&function.origin));
        out.trim_end().replace("\n\n", "\n")
    }
}

/// A text of the table as a sentence.
fn sentence(text: &str, lang: Lang) -> String {
    let mut letters = text.chars();
    match (letters.next(), lang) {
        (Some(first), Lang::En) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        _ => format!("{text}。"),
    }
}
