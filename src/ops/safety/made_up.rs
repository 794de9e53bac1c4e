//! Answers to what was not sent, so that a script can go on. Ids in them can be told from real ones, and are never sent.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::deed::{Deed, path_of};
use crate::client::{Body, Call, Reply, To};
use crate::error::Error;
use crate::spec::Host;

/// Stands in every id that was made up, before its number.
const MARK: &str = "-dryrun-";

/// Ends such an id: without it the first would begin like the tenth.
const END: char = '=';

/// The field that tells an answer that was made up.
const TELL: &str = "dry_run";

/// The ids that were made up, and what groups and people were to be made of.
#[derive(Default)]
pub(super) struct MadeUp {
    count: AtomicU64,
    things: Mutex<HashMap<u64, Value>>,
}

/// An answer, and where an id in it is one that DingTalk will give.
pub(super) struct Answer {
    pub(super) reply: Reply,
    /// Places, as JSON pointers.
    pub(super) ids: Vec<(&'static str, String)>,
}

impl MadeUp {
    pub(super) fn is_any(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    fn id(&self, head: &str) -> (u64, String) {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        (number, format!("{head}{MARK}{number}{END}"))
    }

    /// An id of `text` that was made up here, with its number.
    fn find<'t>(&self, text: &'t str) -> Option<(u64, &'t str)> {
        let most = self.count.load(Ordering::Relaxed);
        text.match_indices(MARK).find_map(|(at, _)| {
            let tail = &text[at + MARK.len()..];
            let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
            let number = tail[..digits].parse::<u64>().ok().filter(|number| (1..=most).contains(number))?;
            tail[digits..].starts_with(END).then_some(())?;
            let head =
                text[..at].rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '@')).map_or(0, |at| at + 1);
            Some((number, &text[head..at + MARK.len() + digits + END.len_utf8()]))
        })
    }

    /// An id in `call` that was made up.
    pub(super) fn named_in(&self, call: &Call) -> Option<(u64, String)> {
        if !self.is_any() {
            return None;
        }
        let body = match &call.body {
            Some(Body::Json(body)) => body.to_string(),
            Some(Body::Form(_)) | None => String::new(),
        };
        let query = call.query.iter().map(|(_, value)| value.as_str());
        [body.as_str()]
            .into_iter()
            .chain(query)
            .find_map(|text| self.find(text))
            .map(|(number, id)| (number, id.to_owned()))
    }

    /// Whether `id` was made up.
    pub(super) fn is_own(&self, id: &str) -> bool {
        self.is_any() && self.find(id).is_some()
    }

    /// The answer to a request that was not sent.
    pub(super) fn answer(&self, call: &Call) -> Answer {
        let body = match &call.body {
            Some(Body::Json(body)) => body.clone(),
            Some(Body::Form(_)) | None => Value::Null,
        };
        let mut ids = Vec::new();
        let mut id = |head: &str, place: &'static str| {
            let (number, id) = self.id(head);
            ids.push((place, id.clone()));
            (number, id)
        };
        let legacy = json!({ "errcode": 0, "errmsg": "ok", "success": true });
        let json = match Deed::of(call) {
            Deed::GroupMade => {
                let v1 = matches!(call.to, To::Host(Host::Api, _));
                let place = if v1 { "/open_conversation_id" } else { "/result/open_conversation_id" };
                let (number, cid) = id("cid", place);
                self.things.lock().insert(number, body);
                if v1 {
                    json!({ "success": true, "open_conversation_id": cid })
                } else {
                    with(legacy, &json!({ "result": { "open_conversation_id": cid } }))
                }
            }
            Deed::PersonMade => {
                let given = body.get("userid").and_then(Value::as_str).map(str::to_owned);
                let user = given.unwrap_or_else(|| {
                    let (number, user) = id("user", "/result/userid");
                    self.things.lock().insert(number, body.clone());
                    user
                });
                json!({ "errcode": 0, "errmsg": "ok", "result": { "userid": user } })
            }
            Deed::Message { .. } => json!({ "processQueryKey": id("key", "/processQueryKey").1 }),
            Deed::Webhook => json!({ "errcode": 0, "errmsg": "ok" }),
            Deed::Ding => json!({ "openDingId": id("ding", "/openDingId").1, "failedList": {} }),
            Deed::Upload => json!({ "errcode": 0, "errmsg": "ok", "media_id": id("@", "/media_id").1 }),
            Deed::Recalled => {
                let keys = body.get("processQueryKeys").cloned().unwrap_or_else(|| json!([]));
                json!({ "successResult": keys, "failedResult": {} })
            }
            Deed::Card => json!({ "success": true, "result": body.get("openSpaceId").map_or_else(
                || json!({ "success": true }),
                |space| json!([{ "spaceId": space, "success": true }]),
            ) }),
            Deed::Other | Deed::Disbanded { .. } if matches!(call.to, To::Host(Host::Api, _)) => {
                json!({ "success": true, "result": { "success": true } })
            }
            _ => legacy,
        };
        Answer { reply: Reply::made_up(with(json, &json!({ TELL: true }))), ids }
    }

    /// The answer to a read of something that was made up.
    pub(super) fn about(&self, call: &Call, number: u64, id: &str) -> Reply {
        let made = self.things.lock().get(&number).cloned().unwrap_or_default();
        let field = |name: &str| made.get(name).cloned().unwrap_or_default();
        let To::Host(_, path) = &call.to else { return Reply::made_up(json!({ TELL: true })) };
        let result = match path_of(path) {
            "/topapi/im/chat/scenegroup/get" => json!({
                "open_conversation_id": id, "title": field("title"), "owner_staff_id": field("owner_user_id"),
                "template_id": field("template_id"), "icon": field("icon"), "group_url": "",
                "sub_admin_staff_ids": list(&field("subadmin_ids")), "management_options": {}, TELL: true,
            }),
            "/topapi/im/chat/scenegroup/member/get" => json!({
                "has_more": false, "member_user_ids": list(&field("user_ids")), "staff_id_nick_map": {},
            }),
            "/topapi/v2/user/get" => with(json!({ "userid": id, TELL: true }), &made),
            _ => Value::Null,
        };
        Reply::made_up(json!({ "errcode": 0, "errmsg": "ok", "success": true, "result": result, TELL: true }))
    }
}

/// Whether an answer, or a part of one, was made up.
pub(in crate::ops) fn is_made_up(answer: &Map<String, Value>) -> bool {
    answer.contains_key(TELL)
}

/// An id that was made up is none.
pub(super) fn unreal(id: &str) -> Error {
    Error::unsendable(
        format!("`{id}` was made up by a dry run; DingTalk does not know it"),
        format!("`{id}` 是试运行中虚构的 ID，钉钉中并不存在"),
    )
}

fn with(mut map: Value, more: &Value) -> Value {
    if let (Value::Object(map), Value::Object(more)) = (&mut map, more) {
        map.extend(more.clone());
    }
    map
}

fn list(value: &Value) -> Value {
    match value {
        Value::String(text) if !text.is_empty() => text.split(',').collect(),
        Value::Array(_) => value.clone(),
        _ => json!([]),
    }
}
