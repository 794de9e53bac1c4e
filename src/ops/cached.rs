//! What the cache answers by itself.

use serde_json::{Map, Value, json};

use super::lookup::Known as Row;
use super::{Context, Output};
use crate::api::local::{GetInfo, UpdateObject};
use crate::api::{Cached, Object};
use crate::cache::{Cache, GroupKey, GroupRow, UserKey, UserRow, WebhookKey};
use crate::model::{Group, Member, Shared, Webhook};

pub(super) fn get_info(cx: &Context, args: &GetInfo) -> Output {
    let clock = &cx.session.clock;
    let (time, info) = match find(&cx.session.cache, &args.target) {
        Some(Row::User(row)) => (row.time, row.marked(clock)),
        Some(Row::Group(row)) => (row.time, row.marked(clock)),
        Some(Row::Department(_)) | None => return Output::Json(json!([Map::new(), 0])),
    };
    Output::Json(Value::Array(vec![Value::Object(info), time.into()]))
}

pub(super) fn update_object(cx: &Context, args: UpdateObject) -> Output {
    let cache = &cx.session.cache;
    let row = find(cache, &args.target);
    Output::Object(match (args.target, row) {
        (Cached::Member(member), Some(Row::User(row))) => {
            fill_member(&mut member.write(), row);
            Object::Member(member)
        }
        (Cached::Group(group), Some(Row::Group(row))) => {
            fill_group(&mut group.write(), row, cache);
            Object::Group(group)
        }
        (Cached::Member(member), _) => Object::Member(member),
        (Cached::Group(group), _) => Object::Group(group),
        (_, Some(Row::User(row))) => new_member(row),
        (_, Some(Row::Group(row))) => new_group(row, cache),
        (Cached::Conversation(cid), _) => {
            Object::Group(Shared::new(Group { conversation_id: cid, ..Group::default() }))
        }
        (Cached::Staff(id), _) => Object::Member(Shared::new(Member::staff(id))),
        (Cached::Number(id), _) => Object::Group(Shared::new(Group { id: Some(id), ..Group::default() })),
    })
}

pub(super) fn get_api_counts(cx: &Context) -> Output {
    cx.session.flush_usage();
    Output::Json(cx.session.cache.count(&cx.session.clock.month()).into())
}

/// The row of what a target names by its kind of id.
pub(super) fn find(cache: &Cache, target: &Cached) -> Option<Row> {
    match target {
        Cached::Staff(id) => cache.user(UserKey::Staff(id)).map(Row::User),
        Cached::Conversation(cid) => cache.group(GroupKey::Conversation(cid)).map(Row::Group),
        Cached::Number(id) => cache
            .group(GroupKey::Id(*id))
            .map(Row::Group)
            .or_else(|| cache.user(UserKey::Id(*id)).map(Row::User)),
        Cached::Member(member) => find_member(cache, &member.read()).map(Row::User),
        Cached::Group(group) => {
            let group = group.read();
            match group.id {
                Some(id) => cache.group(GroupKey::Id(id)),
                None => cache.group(GroupKey::Conversation(&group.conversation_id)),
            }
            .map(Row::Group)
        }
    }
}

fn find_member(cache: &Cache, member: &Member) -> Option<UserRow> {
    match member {
        Member { staff_id, .. } if !staff_id.is_empty() => cache.user(UserKey::Staff(staff_id)),
        Member { id: Some(id), .. } => cache.user(UserKey::Id(*id)),
        Member { union_id, .. } if !union_id.is_empty() => cache.user(UserKey::Union(union_id)),
        _ => None,
    }
}

fn fill_member(member: &mut Member, row: UserRow) {
    let name = Some(row.name)
        .filter(|name| !name.is_empty())
        .or_else(|| row.info.get("name").and_then(Value::as_str).map(str::to_owned));
    fill(&mut member.name, name.unwrap_or_default());
    fill(&mut member.staff_id, row.staff_id);
    fill(&mut member.union_id, row.union_id);
    member.id = member.id.or(row.id);
}

fn fill_group(group: &mut Group, row: GroupRow, cache: &Cache) {
    if group.webhook.is_none() {
        let webhook = cache.webhook(WebhookKey::Conversation(&row.conversation_id));
        group.webhook = webhook.map(|webhook| Webhook::new(webhook.url, Some(webhook.expired)));
    }
    fill(&mut group.name, row.name);
    fill(&mut group.conversation_id, row.conversation_id);
    group.id = group.id.or(row.id);
}

fn fill(field: &mut String, value: String) {
    if field.is_empty() {
        *field = value;
    }
}

fn new_member(row: UserRow) -> Object {
    let mut member = Member::default();
    fill_member(&mut member, row);
    Object::Member(Shared::new(member))
}

fn new_group(row: GroupRow, cache: &Cache) -> Object {
    let mut group = Group::default();
    fill_group(&mut group, row, cache);
    Object::Group(Shared::new(group))
}
