//! `mirror_group`: a copy of a scene group, step by step.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{Context, Output, group, group_change, member};
use crate::api::MAX_TITLE;
use crate::api::group::MirrorGroup;
use crate::config::GroupApi;
use crate::error::{Class, Error, Kind, Result};
use crate::lang::Text;

/// What the copy's name ends in.
const MARK: &str = " - 转生";

/// How many members are tried as the first owner: one who owns too many groups cannot make another.
const OWNERS: usize = 10;

/// How often a group that was just made is asked for: it takes a moment until it can be used.
const READS: usize = 3;

/// The settings that are read back as text and given to the copy as numbers.
const SETTINGS: [&str; 6] = [
    "mention_all_authority",
    "show_history_type",
    "validation_type",
    "searchable",
    "chat_banned_type",
    "management_type",
];

pub(super) async fn mirror_group(cx: &Context, args: MirrorGroup) -> Result<Output> {
    let cid = group::conversation_id(cx, &args.conversation.0)?;
    let family = cx.session.config.group_api;
    let old = group::fetch(cx, &cid, None).await?;
    let members = texts(&old, "user_ids");
    cx.tell_scale(&members, members.len());
    let (copy, mut last) = create(cx, &old, &members, family).await?;
    step(cx, &format!("created {copy}"), &format!("已创建 {copy}"));
    let made = fill(cx, &copy, &old, &members, family, &mut last).await;
    made.map_err(|(done, error)| half_done(&copy, done, &error))?;
    // Changing the owner ends the former join link, so it is read last.
    let info =
        group::read(cx, &copy, None).await.map_err(|error| half_done(&copy, "owner changed", &error))?;
    let mut answer = match last {
        Value::Object(answer) => answer,
        _ => Map::new(),
    };
    answer.insert("open_conversation_id".into(), copy.into());
    answer.insert("invite_url".into(), info.get("group_url").cloned().unwrap_or_default());
    Ok(Output::Json(Value::Object(answer)))
}

/// Everything after the creation; on failure also the last step that stands.
async fn fill(
    cx: &Context,
    copy: &str,
    old: &Map<String, Value>,
    members: &[String],
    family: GroupApi,
    last: &mut Value,
) -> Result<(), (&'static str, Error)> {
    until_usable(cx, copy).await.map_err(|error| ("created", error))?;
    *last = member::add(cx, copy, members, family).await.map_err(|error| ("created", error))?;
    step(cx, &format!("added {} members", members.len()), &format!("已添加 {} 名成员", members.len()));
    let admins = texts(old, "sub_admin_staff_ids");
    if !admins.is_empty() {
        *last = member::promote(cx, copy, &admins).await.map_err(|error| ("members added", error))?;
        step(
            cx,
            &format!("made {} administrators", admins.len()),
            &format!("已设置 {} 名管理员", admins.len()),
        );
    }
    let Some(owner) = old.get("owner_staff_id").and_then(Value::as_str) else { return Ok(()) };
    let fields = [("owner_user_id".to_owned(), Value::from(owner))].into_iter().collect();
    let changed = group_change::update(cx, copy, fields, None, family).await;
    if let Output::Json(answer) = changed.map_err(|error| ("administrators set", error))? {
        *last = answer;
    }
    step(cx, &format!("owner is {owner}"), &format!("群主已设为 {owner}"));
    Ok(())
}

/// Creates the copy with a random member as its first owner; another one when DingTalk does not accept that one.
async fn create(
    cx: &Context,
    old: &Map<String, Value>,
    members: &[String],
    family: GroupApi,
) -> Result<(String, Value)> {
    let mut candidates = members.to_vec();
    let mut refused = None;
    for _ in 0..OWNERS.min(members.len()) {
        let owner = candidates.swap_remove(draw(cx, candidates.len()));
        match group_change::create(cx, fields(cx, old, &owner), None, family).await {
            Ok(answer) => {
                let found = answer
                    .pointer("/result/open_conversation_id")
                    .or_else(|| answer.get("open_conversation_id"));
                let cid = found.and_then(Value::as_str).map(str::to_owned);
                return cid.map(|cid| (cid, answer)).ok_or_else(|| {
                    Error::new(Kind::Partial {
                        what: "mirror_group".into(),
                        done: 1,
                        failed: vec![(
                            "create_group".into(),
                            "the answer holds no open_conversation_id".into(),
                        )],
                        body: Value::Null,
                    })
                });
            }
            Err(error) if is_parameter(&error) => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(refused.unwrap_or_else(|| {
        Error::unsendable("the group has no members to mirror", "该群没有成员，无法创建镜像")
    }))
}

fn is_parameter(error: &Error) -> bool {
    matches!(error.kind(), Kind::Refused(refusal) if refusal.class == Class::Request)
}

fn fields(cx: &Context, old: &Map<String, Value>, owner: &str) -> Map<String, Value> {
    let text = |key: &str| old.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut fields = Map::new();
    fields.insert("title".into(), title(text("title")).into());
    fields.insert("template_id".into(), text("template_id").into());
    fields.insert("owner_user_id".into(), owner.into());
    fields.insert("user_ids".into(), vec![owner].into());
    fields.insert("subadmin_ids".into(), vec![owner].into());
    fields.insert("uuid".into(), cx.session.clock.uuid().into());
    if !text("icon").is_empty() {
        fields.insert("icon".into(), text("icon").into());
    }
    let settings = old.get("management_options").and_then(Value::as_object);
    for (name, value) in settings.into_iter().flatten().filter(|(name, _)| SETTINGS.contains(&name.as_str()))
    {
        // "0" and "1", never by truthiness: "0" is not empty.
        let on = value == "1" || value == 1 || value == true;
        fields.insert(name.clone(), i64::from(on).into());
    }
    fields
}

/// The old name with the mark, within the limit.
fn title(old: &str) -> String {
    let old = old.strip_suffix("_mirror").unwrap_or(old);
    let room = MAX_TITLE - MARK.chars().count();
    old.chars().take(room).chain(MARK.chars()).collect()
}

/// Waits until the new group answers.
pub(super) async fn until_usable(cx: &Context, copy: &str) -> Result<()> {
    for read in 1.. {
        match group::read(cx, copy, None).await {
            Ok(_) => break,
            Err(error) if read >= READS || !is_too_early(&error) => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
    Ok(())
}

/// A group that is not there yet is refused like one that is not ours.
fn is_too_early(error: &Error) -> bool {
    matches!(error.kind(), Kind::Refused(refusal) if refusal.code == "400020" || refusal.class == Class::Request)
}

fn draw(cx: &Context, among: usize) -> usize {
    let mut bytes = [0; 8];
    cx.session.clock.random(&mut bytes);
    (u64::from_le_bytes(bytes) % among.max(1) as u64) as usize
}

fn texts(map: &Map<String, Value>, key: &str) -> Vec<String> {
    let items = map.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn step(cx: &Context, en: &str, zh: &str) {
    cx.tell(&Text::made(format!("mirror_group: {en}"), format!("mirror_group：{zh}")));
}

/// The new group is there: what stands, and how to go on.
fn half_done(copy: &str, done: &str, error: &Error) -> Error {
    let failed = vec![("the next step".to_owned(), error.to_string())];
    let body = serde_json::json!({ "open_conversation_id": copy, "done": done });
    let partial = Error::new(Kind::Partial { what: "mirror_group".into(), done: 1, failed, body });
    let partial = error.hints().iter().cloned().fold(partial, Error::hint);
    partial.hint(Text::made(
        format!("the new group {copy} exists ({done}); go on with add_member, set_admin, change_group_owner, or disband it with #{{real: true}}"),
        format!("新群 {copy} 已存在（{done}）；可用 add_member、set_admin、change_group_owner 继续，或用 #{{real: true}} 解散"),
    ))
}
