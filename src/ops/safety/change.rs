//! What a request changes: before and after, as far as it is known.

use serde_json::{Value, json};

use super::act::Named;
use super::deed::Deed;
use super::image::{Image, Subject};
use crate::cache::Cache;
use crate::client::Call;
use crate::error::{Kind, Result};
use crate::lang::Text;
use crate::ops::Context;

/// One thing that changes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    pub(super) what: What,
    /// Nothing when it is not known.
    pub(super) before: Option<Value>,
    pub(super) after: Value,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A field of a group or a person, by its name on the wire.
    Field(String),
    /// Whether a person is in a group.
    Member(String),
    /// Whether a person is an administrator of a group.
    Admin(String),
    /// Whether a person is muted in a group.
    Mute(String),
}

/// What `deed` changes in `image`.
pub(super) fn changes(deed: &Deed, image: Option<&Image>) -> Vec<Change> {
    let listed = |list: &'static str, id: &String| {
        image.map(|image| Value::Bool(list_of(image, list).iter().any(|one| one == id)))
    };
    let each = |people: &[String], what: fn(String) -> What, list: Option<&'static str>, after: bool| {
        let change = |id: &String| Change {
            what: what(id.clone()),
            before: list.and_then(|list| listed(list, id)),
            after: after.into(),
        };
        people.iter().map(change).collect()
    };
    match deed {
        Deed::Settings { fields, .. } | Deed::PersonChanged { fields, .. } => {
            let change = |(name, after): (&String, &Value)| {
                let after = plain(name, after);
                let before = image.and_then(|image| field(image, name)).map(|before| part(before, &after));
                Change { what: What::Field(name.clone()), before, after }
            };
            fields.iter().map(change).collect()
        }
        Deed::Added { people, .. } => each(people, What::Member, Some("user_ids"), true),
        Deed::Removed { people, .. } => each(people, What::Member, Some("user_ids"), false),
        Deed::Admins { people, on, .. } => each(people, What::Admin, Some("sub_admin_staff_ids"), *on),
        Deed::Muted { people, on, .. } => each(people, What::Mute, None, *on),
        _ => Vec::new(),
    }
}

/// `image` after `changes`.
pub(super) fn overlay(image: &mut Image, changes: &[Change]) {
    for Change { what, after, .. } in changes {
        match what {
            What::Field(name) if is_option(image, name) => {
                image.fields["management_options"][name.as_str()] = after.clone();
            }
            What::Field(name) => {
                let name = place(&image.subject, name).to_owned();
                image.fields.insert(name, after.clone());
            }
            What::Member(id) => relist(image, "user_ids", id, after == true),
            What::Admin(id) => relist(image, "sub_admin_staff_ids", id, after == true),
            What::Mute(_) => {}
        }
    }
}

fn relist(image: &mut Image, name: &str, id: &str, listed: bool) {
    let mut list = list_of(image, name);
    list.retain(|one| one != id);
    if listed {
        list.push(id.to_owned());
    }
    image.fields.insert(name.to_owned(), json!(list));
}

fn list_of(image: &Image, name: &str) -> Vec<String> {
    let items = image.fields.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// A field as it is; switches are numbers, however DingTalk writes them.
fn field(image: &Image, name: &str) -> Option<Value> {
    let direct = image.fields.get(place(&image.subject, name));
    direct.or_else(|| image.fields.get("management_options")?.get(name)).map(|value| plain(name, value))
}

fn is_option(image: &Image, name: &str) -> bool {
    image.fields.get("management_options").is_some_and(|options| options.get(name).is_some())
}

/// The name under which an answer has what a request calls `name`.
fn place<'n>(subject: &Subject, name: &'n str) -> &'n str {
    match (subject, name) {
        (Subject::Settings(_), "owner_user_id") => "owner_staff_id",
        _ => name,
    }
}

/// One form for what a request and an answer write each in their own: switches, lists of departments, what is told of each of them.
fn plain(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("dept_id_list", Value::String(ids)) => {
            let mut ids: Vec<i64> = ids.split(',').filter_map(|id| id.trim().parse().ok()).collect();
            ids.sort_unstable();
            json!(ids)
        }
        ("dept_id_list", Value::Array(ids)) => {
            let mut ids: Vec<i64> = ids.iter().filter_map(Value::as_i64).collect();
            ids.sort_unstable();
            json!(ids)
        }
        (_, Value::Array(items)) if items.iter().any(|item| item.get("dept_id").is_some()) => {
            let mut items = items.clone();
            items.sort_by_key(department);
            Value::Array(items)
        }
        (_, Value::String(text)) if text == "0" => 0.into(),
        (_, Value::String(text)) if text == "1" => 1.into(),
        (_, Value::Bool(on)) => i32::from(*on).into(),
        _ => value.clone(),
    }
}

fn department(item: &Value) -> Option<i64> {
    item.get("dept_id").and_then(Value::as_i64)
}

/// What of `before` is about the departments of `after`; all of it where there are none.
fn part(before: Value, after: &Value) -> Value {
    let (Value::Array(all), Some(told)) = (&before, after.as_array()) else { return before };
    let told: Vec<i64> = told.iter().filter_map(department).collect();
    if told.is_empty() {
        return before;
    }
    all.iter().filter(|item| department(item).is_some_and(|id| told.contains(&id))).cloned().collect()
}

/// `before` in the form in which the request has `sent` the field.
pub(super) fn as_sent(before: &Value, sent: &Value) -> Value {
    match (sent, before) {
        (Value::Bool(_), Value::Number(number)) => (number.as_i64() != Some(0)).into(),
        (Value::String(_), Value::Array(ids)) => {
            ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",").into()
        }
        (Value::String(_), Value::Number(number)) => number.to_string().into(),
        _ => before.clone(),
    }
}

/// What a write at the prompt needs to be taken back, read now. What cannot be read is not a reason to stop.
///
/// # Errors
/// That it was interrupted.
pub(super) async fn image_for(cx: &Context, call: &Call) -> Result<Option<Image>> {
    let deed = Deed::of(call);
    let Some(subject) = Subject::of(&deed) else { return Ok(None) };
    if let Some(known) = cx.session.safety.ledger.image(&cx.flight, &subject) {
        return Ok(Some(known));
    }
    if let (Subject::Members(_), Some("disband_group"), Some((people, _))) =
        (&subject, cx.flight.method(), cx.flight.scale())
    {
        // The method has just read them.
        let fields = serde_json::Map::from_iter([("user_ids".to_owned(), json!(people))]);
        return Ok(Some(Image { subject, fields }));
    }
    match subject.read(cx).await {
        Ok(image) => Ok(Some(image)),
        Err(error) if matches!(error.kind(), Kind::Interrupted { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

impl Change {
    /// `title: "发布小组" → "发布二组"`
    pub(super) fn text(&self, cache: &Cache) -> Text {
        let person = |id: &String| Named::person(cache, id).full();
        let (what, words): (String, [Text; 2]) = match &self.what {
            What::Field(name) => {
                let before = self.before.as_ref().map_or_else(|| "?".to_owned(), Value::to_string);
                let line = format!("{name}: {before} → {}", self.after);
                return Text::made(line.clone(), line);
            }
            What::Member(id) => {
                (person(id), [Text::fixed("no member", "非成员"), Text::fixed("member", "成员")])
            }
            What::Admin(id) => (
                person(id),
                [Text::fixed("no administrator", "非管理员"), Text::fixed("administrator", "管理员")],
            ),
            What::Mute(id) => {
                (person(id), [Text::fixed("may speak", "可发言"), Text::fixed("muted", "禁言")])
            }
        };
        let word = |value: &Value| words[usize::from(*value == true)].clone();
        let before = self.before.as_ref().map_or_else(|| Text::fixed("?", "?"), word);
        let after = word(&self.after);
        Text::made(
            format!("{what}: {} → {}", before.en, after.en),
            format!("{what}：{} → {}", before.zh, after.zh),
        )
    }

    /// Whether it changes nothing.
    pub(super) fn is_void(&self) -> bool {
        self.before.as_ref() == Some(&self.after)
    }
}

/// Tells that something is not as it was when it was looked at.
pub(super) fn moved(cache: &Cache, was: &Change, is: Option<&Value>) -> Text {
    let is =
        Change { what: was.what.clone(), before: was.before.clone(), after: is.cloned().unwrap_or_default() };
    is.text(cache)
}
