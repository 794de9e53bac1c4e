//! A request in words: what it would do, to whom, at which cost. Names come from the cache.

use serde_json::Value;

use super::deed::{Deed, concerned, effect_of};
use crate::api::find;
use crate::cache::{Cache, GroupKey, UserKey};
use crate::client::{Body, Call, Shown};
use crate::lang::Text;
use crate::ops::{Context, Known, Session};
use crate::spec::{Effect, On};

/// How much of a body is shown, in characters.
const MOST: usize = 2000;

/// How much of it in a list.
const BRIEF: usize = 200;

/// How much of a message.
const GIST: usize = 100;

/// How many names are shown.
const MOST_NAMES: usize = 12;

/// A person or a group with what the cache calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: String,
    /// Empty when the cache knows none.
    pub(super) name: String,
}

impl Named {
    /// The person with this staffId.
    pub(super) fn person(cache: &Cache, id: &str) -> Self {
        let name = cache.user(UserKey::Staff(id)).map(|row| Known::User(row).name().to_owned());
        Self::new(id, &name.unwrap_or_default())
    }

    /// The group with this openConversationId.
    pub(super) fn group(cache: &Cache, id: &str) -> Self {
        let row = cache.group(GroupKey::Conversation(id));
        // A group of which no title is known has the name of one.
        let name = row.map(|row| row.name).filter(|name| name != "Unknown");
        Self::new(id, &name.unwrap_or_default())
    }

    /// Others chose the name: what would move the cursor is left out, so that it can be shown, and typed.
    fn new(id: &str, name: &str) -> Self {
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        Self { id: id.to_owned(), name: name.trim().to_owned() }
    }

    /// The name, or the id where none is known.
    pub(super) fn short(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// `张伟 (0110000001)`
    pub(super) fn full(&self) -> String {
        if self.name.is_empty() { self.id.clone() } else { format!("{} ({})", self.name, self.id) }
    }
}

/// What one request would do.
pub(super) struct Act {
    pub(super) method: String,
    /// What the request does.
    pub(super) effect: Effect,
    /// What the whole method does: a file that is uploaded for a message is asked about like the message.
    pub(super) whole: Effect,
    pub(super) deed: Deed,
    pub(super) people: Vec<Named>,
    pub(super) groups: Vec<Named>,
    /// Members of the groups, as far as the cache knows.
    pub(super) members: usize,
    /// The groups of which it does not know how many they are at the moment.
    pub(super) unsized_groups: Vec<String>,
    shown: Shown,
}

impl Act {
    /// What `call` would do; for the whole method where it told how large that is.
    pub(super) fn of(cx: &Context, call: &Call) -> Self {
        let cache = &cx.session.cache;
        let (mut people, mut groups) = match &call.body {
            Some(Body::Json(body)) => concerned(body),
            Some(Body::Form(_)) | None => Default::default(),
        };
        if let Some((all, _)) = cx.flight.scale() {
            people = all.to_vec();
        }
        if groups.is_empty() {
            groups.extend(cx.flight.group().map(str::to_owned));
        }
        let sizes: Vec<Option<Size>> = groups.iter().map(|group| Size::of(&cx.session, group)).collect();
        let is_unsized = |size: &Option<Size>| size.as_ref().is_none_or(|size| !size.is_fresh);
        let unsized_groups = groups.iter().zip(&sizes).filter(|(_, size)| is_unsized(size));
        let unsized_groups = unsized_groups.map(|(group, _)| group.clone()).collect();
        let effect = effect_of(call);
        let row = cx.flight.method().and_then(|name| find(On::App, name));
        let shown = cx.session.client.shown(call, cx.token.as_ref());
        Self {
            method: cx.flight.method().map_or_else(|| shown.label.clone(), str::to_owned),
            effect,
            whole: row.map_or(effect, |row| row.effect.max(effect)),
            deed: Deed::of(call),
            people: people.iter().map(|id| Named::person(cache, id)).collect(),
            groups: groups.iter().map(|id| Named::group(cache, id)).collect(),
            members: sizes.iter().flatten().map(|size| size.members).sum(),
            unsized_groups,
            shown,
        }
    }

    /// How many people it reaches, as far as that is known.
    pub(super) fn reach(&self) -> usize {
        self.people.len().max(if self.is_for_members() { self.members } else { 0 })
    }

    /// Whether it reaches all members of its groups.
    pub(super) fn is_for_members(&self) -> bool {
        let silences =
            matches!(&self.deed, Deed::Settings { fields, .. } if is_one(fields.get("chat_banned_type")));
        match self.deed {
            // A recall takes away what has reached them.
            Deed::Added { .. } | Deed::Removed { .. } | Deed::Recalled => false,
            _ => self.whole == Effect::Notify || silences,
        }
    }

    /// How many API calls the whole method takes, as far as that is known.
    pub(super) fn cost(&self, cx: &Context) -> usize {
        let requests = cx.flight.scale().map_or(1, |(_, requests)| requests);
        if self.shown.is_counted { requests } else { 0 }
    }

    /// Where it goes, without secrets.
    pub(super) fn address(&self) -> String {
        let path = self.shown.label.split_once(' ').map_or("", |(_, path)| path);
        format!("{}{path}", self.shown.host)
    }

    /// What it carries, in short.
    pub(super) fn body(&self) -> String {
        cut(&self.shown.body, BRIEF)
    }

    /// What a message says, in short; nothing where it says nothing in words.
    pub(super) fn gist(&self) -> Option<String> {
        let body: Value = serde_json::from_str(&self.shown.body).ok()?;
        let inner = body.get("msgParam").and_then(Value::as_str);
        let inner = inner.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(body);
        let words = ["content", "text", "title"].iter().find_map(|name| inner.get(*name)?.as_str())?;
        let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        (!line.is_empty()).then(|| cut(&line, GIST))
    }

    /// The text of a dry run.
    pub(super) fn text(&self) -> Text {
        let Shown { label, host, body, is_counted } = &self.shown;
        let (verb, path) = label.split_once(' ').unwrap_or(("", label));
        let (cost, effect) = (usize::from(*is_counted), self.effect.text());
        let mut en = format!("dry run: {} ({}, {}) is not sent", self.method, effect.en, calls_en(cost));
        let mut zh = format!("试运行：{}（{}，{}）未发送", self.method, effect.zh, calls_zh(cost));
        let mut both = |line: String| {
            for text in [&mut en, &mut zh] {
                text.push_str("\n  ");
                text.push_str(&line);
            }
        };
        both(format!("{verb} {host} {path}"));
        if !body.is_empty() {
            both(cut(body, MOST));
        }
        for (list, word) in [(&self.groups, ("group", "群")), (&self.people, ("people", "人员"))] {
            if !list.is_empty() {
                let names = names(list);
                en.push_str(&format!("\n  {}: {names}", word.0));
                zh.push_str(&format!("\n  {}：{names}", word.1));
            }
        }
        Text::made(en, zh)
    }
}

/// Names with ids, the first dozen.
pub(super) fn names(list: &[Named]) -> String {
    let mut shown: Vec<String> = list.iter().take(MOST_NAMES).map(Named::full).collect();
    if list.len() > MOST_NAMES {
        shown.push(format!("… ({})", list.len()));
    }
    shown.join(", ")
}

/// `1 API call`
pub(super) fn calls_en(count: usize) -> String {
    if count == 1 { "1 API call".into() } else { format!("{count} API calls") }
}

/// `1 次 API 调用`
pub(super) fn calls_zh(count: usize) -> String {
    format!("{count} 次 API 调用")
}

/// 1 as DingTalk writes it: as a number or as text.
pub(super) fn is_one(value: Option<&Value>) -> bool {
    value.is_some_and(|value| *value == 1 || *value == "1" || *value == true)
}

fn cut(body: &str, most: usize) -> String {
    let mut text: String = body.chars().take(most).collect();
    if text.len() < body.len() {
        text.push('…');
    }
    text
}

/// How many members a group has, as the cache knows it.
struct Size {
    members: usize,
    /// Whether the cache would be believed.
    is_fresh: bool,
}

impl Size {
    fn of(session: &Session, group: &str) -> Option<Self> {
        let row = session.cache.group(GroupKey::Conversation(group))?;
        let members = row.info.get("user_ids").and_then(Value::as_array)?.len();
        let lifetime = session.config.data_cache_time.group;
        Some(Self { members, is_fresh: row.is_fresh(session.clock.seconds(), lifetime) })
    }
}
