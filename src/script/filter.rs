//! Which events a handler wants: `#{group: …, member: …, text: "^/help", at_me: true}`.

use std::time::Duration;

use regex_lite::Regex;
use rhai::{Dynamic, Map};

use super::convert::arg;
use super::viewer::view;
use crate::api::{Arg, Object};
use crate::error::{Error, Kind, Result};
use crate::events::Event;
use crate::lang::Text;
use crate::spec::nearest;

/// How long a handler may take when nothing else is said.
const LIMIT: Duration = Duration::from_secs(300);

/// A group or a person, by any of its ids or its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    ids: Vec<String>,
    numbers: Vec<i64>,
}

impl Wanted {
    fn has(&self, number: Option<i64>, texts: [&str; 3]) -> bool {
        number.is_some_and(|number| self.numbers.contains(&number))
            || texts.iter().any(|text| !text.is_empty() && self.ids.iter().any(|id| id == text))
    }

    pub(super) fn is_group(&self, event: &Event) -> bool {
        event.group.as_ref().is_some_and(|group| {
            let group = group.read();
            self.has(group.id, [&group.conversation_id, &group.name, ""])
        })
    }

    pub(super) fn is_member(&self, event: &Event) -> bool {
        event.member.as_ref().is_some_and(|member| {
            let member = member.read();
            self.has(member.id, [&member.staff_id, &member.union_id, &member.name])
        })
    }

    /// The group of an event, by its ids.
    pub(super) fn group_of(event: &Event) -> Self {
        let group = event.group.as_ref().map(|group| group.read().clone()).unwrap_or_default();
        Self { ids: vec![group.conversation_id], numbers: group.id.into_iter().collect() }.without_empty()
    }

    /// The person of an event, by its ids.
    pub(super) fn member_of(event: &Event) -> Self {
        let member = event.member.as_ref().map(|member| member.read().clone()).unwrap_or_default();
        let ids = vec![member.staff_id, member.union_id];
        Self { ids, numbers: member.id.into_iter().collect() }.without_empty()
    }

    fn without_empty(mut self) -> Self {
        self.ids.retain(|id| !id.is_empty());
        self
    }

    /// Reads what stands for groups or people; a list is any of them.
    pub(super) fn read(method: &str, param: &str, value: &Dynamic) -> Result<Self> {
        let mut wanted = Self::default();
        let given = arg(value.clone());
        let described = given.describe();
        if wanted.add(given) && !(wanted.ids.is_empty() && wanted.numbers.is_empty()) {
            return Ok(wanted);
        }
        let expected = if param == "group" {
            Text::fixed(
                "a Group, a `cid…`, a name, or a list of them",
                "Group、`cid…`、名称，或由它们组成的列表",
            )
        } else {
            Text::fixed(
                "a Member, a staffId, a name, or a list of them",
                "Member、staffId、姓名，或由它们组成的列表",
            )
        };
        Err(Error::new(Kind::Argument {
            method: method.into(),
            param: param.into(),
            expected,
            got: described,
        }))
    }

    fn add(&mut self, given: Arg) -> bool {
        match given {
            Arg::Text(text) if !text.is_empty() => self.ids.push(text),
            Arg::Int(number) => self.numbers.push(number),
            Arg::Object(Object::Conversation(id)) => self.ids.push(id.id),
            Arg::Object(Object::Group(group)) => {
                let group = group.read();
                self.numbers.extend(group.id);
                let name =
                    if group.id.is_none() && group.conversation_id.is_empty() { &group.name } else { "" };
                self.ids.extend([group.conversation_id.as_str(), name].map(str::to_owned));
            }
            Arg::Object(Object::Member(member)) => {
                let member = member.read();
                self.numbers.extend(member.id);
                self.ids.extend([member.staff_id.clone(), member.union_id.clone()]);
            }
            Arg::List(items) => return items.into_iter().all(|item| self.add(item)),
            _ => return false,
        }
        self.ids.retain(|id| !id.is_empty());
        true
    }
}

/// What a handler wants, beside the name of the event.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    group: Option<Wanted>,
    member: Option<Wanted>,
    text: Option<Regex>,
    at_me: Option<bool>,
    /// As it was given, for lists.
    pub(super) shown: Map,
}

const KEYS: [&str; 5] = ["group", "member", "text", "at_me", "timeout"];

impl Filter {
    /// Reads the options of `on`: the filter, and how long the handler may take.
    pub(super) fn read(options: &Map) -> Result<(Self, Option<Duration>)> {
        let mut filter = Self { shown: options.clone(), ..Self::default() };
        let mut limit = Some(LIMIT);
        let wrong = |param: &str, expected: Text, got: &Dynamic| {
            let got = arg(got.clone()).describe();
            Error::new(Kind::Argument { method: "on".into(), param: param.into(), expected, got })
        };
        for (key, value) in options {
            match key.as_str() {
                "group" => filter.group = Some(Wanted::read("on", key, value)?),
                "member" => filter.member = Some(Wanted::read("on", key, value)?),
                "text" => {
                    let expected = Text::fixed("a regular expression", "正则表达式");
                    let pattern = value.clone().into_immutable_string().ok();
                    let pattern = pattern.and_then(|pattern| Regex::new(&pattern).ok());
                    filter.text = Some(pattern.ok_or_else(|| wrong(key, expected, value))?);
                }
                "at_me" => {
                    let expected = Text::fixed("true or false", "true 或 false");
                    filter.at_me = Some(value.as_bool().map_err(|_| wrong(key, expected, value))?);
                }
                "timeout" => {
                    let expected = Text::fixed("seconds; 0 is no limit", "秒数，0 表示不限制");
                    let seconds = value.as_float().or_else(|_| value.as_int().map(|whole| whole as f64)).ok();
                    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                    let time = time.ok_or_else(|| wrong(key, expected, value))?;
                    limit = Some(time).filter(|time| !time.is_zero());
                }
                other => {
                    let nearest = nearest(other, KEYS.into_iter()).map(str::to_owned);
                    let (method, param) = ("on".into(), other.into());
                    return Err(Error::new(Kind::UnknownParam { method, param, nearest }));
                }
            }
        }
        Ok((filter, limit))
    }

    /// Whether the event is wanted.
    pub(super) fn wants(&self, event: &Event) -> bool {
        self.group.as_ref().is_none_or(|group| group.is_group(event))
            && self.member.as_ref().is_none_or(|member| member.is_member(event))
            && self.at_me.is_none_or(|at_me| at_me == event.at_me)
            && self.text.as_ref().is_none_or(|text| text.is_match(&event.text))
    }

    /// The filter as it is shown in a list.
    pub(super) fn text(&self) -> String {
        let parts = self.shown.iter().map(|(key, value)| match view(value) {
            super::view::View::Text(text) | super::view::View::Opaque(text) => format!("{key}: {text}"),
            other => format!("{key}: {}", other.to_json()),
        });
        parts.collect::<Vec<_>>().join(", ")
    }
}
