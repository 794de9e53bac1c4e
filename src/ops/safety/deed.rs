//! What a request does, read from the request itself: raw calls are known by their paths like all others.

use serde_json::{Map, Value};

use crate::cache::Cache;
use crate::client::{Auth, Body, Call, To};
use crate::spec::{Effect, Form, Host, On, Verb};

/// What a request does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    /// Changes settings of a group.
    Settings { group: String, fields: Map<String, Value> },
    /// Adds people to a group.
    Added { group: String, people: Vec<String> },
    /// Removes people from a group.
    Removed { group: String, people: Vec<String> },
    /// Makes people administrators of a group, or ordinary members again.
    Admins { group: String, people: Vec<String>, on: bool },
    /// Mutes people in a group, or lets them speak again.
    Muted { group: String, people: Vec<String>, on: bool },
    /// Disbands a group.
    Disbanded { group: String },
    /// Makes a group.
    GroupMade,
    /// Adds a person to the organisation.
    PersonMade,
    /// Changes a person's fields.
    PersonChanged { person: String, fields: Map<String, Value> },
    /// Removes a person from the organisation.
    PersonRemoved { person: String },
    /// Sends a message to a group, or to people (`None`).
    Message { group: Option<String> },
    /// Sends a message to a webhook.
    Webhook,
    /// Recalls messages.
    Recalled,
    /// Calls people.
    Ding,
    /// Makes, shows or changes a card.
    Card,
    /// Uploads a file.
    Upload,
    /// Something else.
    Other,
}

impl Deed {
    /// What `call` does.
    pub(super) fn of(call: &Call) -> Self {
        let To::Host(_, path) = &call.to else { return Self::Webhook };
        let body = match &call.body {
            Some(Body::Json(Value::Object(body))) => body.clone(),
            _ => Map::new(),
        };
        let group = || first_text(&body, &["open_conversation_id", "openConversationId"]);
        let people = |names: &[&str]| names.iter().flat_map(|name| texts(body.get(*name))).collect();
        let is = |name: &str, value: i64| body.get(name).and_then(Value::as_i64) == Some(value);
        match path_of(path) {
            "/topapi/im/chat/scenegroup/update" | "/v1.0/im/sceneGroup/update" => {
                Self::Settings { group: group(), fields: settings(body) }
            }
            "/topapi/im/chat/scenegroup/member/add" | "/v1.0/im/sceneGroup/member/add" => {
                Self::Added { group: group(), people: people(&["user_ids"]) }
            }
            "/topapi/im/chat/scenegroup/member/delete" | "/v1.0/im/sceneGroup/member/delete" => {
                Self::Removed { group: group(), people: people(&["user_ids"]) }
            }
            "/v1.0/im/sceneGroups/subAdmins" => {
                Self::Admins { group: group(), people: people(&["userIds"]), on: is("role", 2) }
            }
            "/v1.0/im/sceneGroups/muteMembers/set" => {
                Self::Muted { group: group(), people: people(&["userIdList"]), on: is("muteStatus", 1) }
            }
            "/v1.0/im/chat/scenegroup/disband" => Self::Disbanded { group: group() },
            "/topapi/im/chat/scenegroup/create" | "/v1.0/im/sceneGroup/create" => Self::GroupMade,
            "/topapi/v2/user/create" => Self::PersonMade,
            "/topapi/v2/user/update" => {
                let person = first_text(&body, &["userid"]);
                let fields = body.into_iter().filter(|(name, _)| name != "userid" && name != "language");
                Self::PersonChanged { person, fields: fields.collect() }
            }
            "/topapi/v2/user/delete" => Self::PersonRemoved { person: first_text(&body, &["userid"]) },
            "/v1.0/robot/groupMessages/send" => Self::Message { group: Some(group()) },
            "/v1.0/robot/oToMessages/batchSend" => Self::Message { group: None },
            "/robot/send" | "/robot/sendBySession" => Self::Webhook,
            "/v1.0/robot/groupMessages/recall" | "/v1.0/robot/otoMessages/batchRecall" => Self::Recalled,
            "/v1.0/robot/ding/send" => Self::Ding,
            "/media/upload" => Self::Upload,
            path if path.starts_with("/v1.0/card/") => Self::Card,
            _ => Self::Other,
        }
    }
}

impl Deed {
    /// Has the cache know that it was done.
    pub(super) fn tell_cache(&self, cache: &Cache) {
        match self {
            Self::Settings { group, fields } => {
                if let Some(title) = fields.get("title").and_then(Value::as_str) {
                    cache.rename_group(group, title);
                }
                cache.outdate_group(group);
            }
            Self::Added { group, .. }
            | Self::Removed { group, .. }
            | Self::Admins { group, .. }
            | Self::Disbanded { group } => cache.outdate_group(group),
            Self::PersonChanged { person, .. } | Self::PersonRemoved { person } => cache.outdate_user(person),
            _ => {}
        }
    }
}

/// The group's settings of both families in one map.
fn settings(mut body: Map<String, Value>) -> Map<String, Value> {
    body.retain(|name, _| !["open_conversation_id", "openConversationId", "uuid"].contains(&name.as_str()));
    if let Some(Value::Object(inner)) = body.remove("management_options") {
        body.extend(inner);
    }
    body
}

/// Whom and what a body names: people and groups, each once and in order.
pub(super) fn concerned(body: &Value) -> (Vec<String>, Vec<String>) {
    const PEOPLE: &[&str] = &[
        "userid",
        "userId",
        "userIds",
        "user_ids",
        "userIdList",
        "userid_list",
        "receiverUserIdList",
        "owner_user_id",
        "subadmin_ids",
    ];
    const GROUPS: &[&str] = &["open_conversation_id", "openConversationId", "chatid"];
    let (mut people, mut groups) = (Vec::new(), Vec::new());
    for (name, value) in body.as_object().into_iter().flatten() {
        let list = match name.as_str() {
            name if PEOPLE.contains(&name) => &mut people,
            name if GROUPS.contains(&name) => &mut groups,
            // `dtv1.card//IM_GROUP.cid…`
            "openSpaceId" => {
                let space = value.as_str().unwrap_or_default();
                if let Some((_, person)) = space.split_once("IM_ROBOT.") {
                    people.push(person.to_owned());
                } else if let Some((_, group)) = space.split_once("IM_GROUP.") {
                    groups.push(group.to_owned());
                }
                continue;
            }
            _ => continue,
        };
        for text in texts(Some(value)) {
            if !list.contains(&text) {
                list.push(text);
            }
        }
    }
    (people, groups)
}

/// A list of texts, however it is written: an array, or joined by commas.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => {
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn first_text(body: &Map<String, Value>, names: &[&str]) -> String {
    names.iter().find_map(|name| body.get(*name).and_then(Value::as_str)).unwrap_or_default().to_owned()
}

/// The path without what follows it.
pub(super) fn path_of(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// What a request does to the world, for deciding whether it is sent. Getting a token changes nothing that anybody sees.
pub(super) fn effect_of(call: &Call) -> Effect {
    match (&call.to, &call.auth) {
        (To::Host(..), Auth::None) => Effect::Read,
        _ => call.effect,
    }
}

/// What a call of a path does when no method says it: the least that the rows with this path say, else what verb and words
/// tell. A GET of the newer host reads, if its name does not say something else; the older one also changes by GET, so there it
/// reads when its name says so.
pub(crate) fn raw_effect(verb: Verb, host: Host, path: &str) -> Effect {
    let path = path_of(path);
    let rows = crate::api::methods().filter(|method| method.on == On::App);
    let rows = rows.filter(|method| match method.form {
        Form::Call { endpoint, .. } => (endpoint.verb, endpoint.host, endpoint.path) == (verb, host, path),
        Form::Several(endpoints) => {
            endpoints.iter().any(|one| (one.verb, one.host, one.path) == (verb, host, path))
        }
        Form::Local => false,
    });
    if let Some(known) = rows.map(|method| method.effect).min() {
        return known;
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let small = last.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| small.contains(word));
    let reads = !CHANGES.contains(&first_word(last).as_str()) && (host == Host::Api || says(READS));
    match verb {
        Verb::Delete => Effect::Destroy,
        _ if says(REMOVES) => Effect::Destroy,
        Verb::Get if reads => Effect::Read,
        Verb::Get | Verb::Post | Verb::Put => Effect::Write,
    }
}

/// What is in the name of a call that removes.
const REMOVES: &[&str] = &["delete", "remove", "disband", "dismiss", "kick", "destroy"];

/// The words with which the name of a call begins that changes something.
const CHANGES: &[&str] = &[
    "add",
    "agree",
    "append",
    "apply",
    "approve",
    "bind",
    "cancel",
    "change",
    "clear",
    "close",
    "commit",
    "create",
    "disable",
    "enable",
    "execute",
    "finish",
    "forbid",
    "insert",
    "invite",
    "join",
    "leave",
    "lock",
    "modify",
    "move",
    "mute",
    "post",
    "publish",
    "push",
    "put",
    "quit",
    "recall",
    "refuse",
    "register",
    "reject",
    "reset",
    "revoke",
    "save",
    "send",
    "set",
    "start",
    "stop",
    "submit",
    "suspend",
    "terminate",
    "transfer",
    "unbind",
    "unlock",
    "unmute",
    "unregister",
    "update",
    "upload",
    "urge",
];

/// What is in the name of a call that reads.
const READS: &[&str] = &[
    "check", "count", "detail", "download", "find", "get", "info", "list", "page", "query", "scopes",
    "search", "status", "token",
];

/// `set` of `setOwner`, `set_owner` and `set`.
fn first_word(name: &str) -> String {
    let end =
        name.char_indices().skip(1).find(|(_, c)| !c.is_ascii_lowercase()).map_or(name.len(), |(at, _)| at);
    name[..end].to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Deed, concerned, raw_effect};
    use crate::client::Call;
    use crate::spec::{Effect, Endpoint, Host, Verb};
    use serde_json::{Value, json};

    fn deed(host: Host, path: &'static str, body: Value) -> Deed {
        Deed::of(&Call::new(Endpoint { verb: Verb::Post, host, path }, Effect::Write, body))
    }

    #[test]
    fn both_families_are_read_alike() {
        let old = json!({"open_conversation_id": "cid1", "title": "a", "searchable": 1});
        let new =
            json!({"open_conversation_id": "cid1", "title": "a", "management_options": {"searchable": 1}});
        let first = deed(Host::Oapi, "/topapi/im/chat/scenegroup/update", old);
        assert_eq!(first, deed(Host::Api, "/v1.0/im/sceneGroup/update", new));
        let old = json!({"open_conversation_id": "cid1", "user_ids": "a,b"});
        let new = json!({"open_conversation_id": "cid1", "user_ids": ["a", "b"]});
        let first = deed(Host::Oapi, "/topapi/im/chat/scenegroup/member/delete", old);
        assert_eq!(first, Deed::Removed { group: "cid1".into(), people: vec!["a".into(), "b".into()] });
        assert_eq!(first, deed(Host::Api, "/v1.0/im/sceneGroup/member/delete", new));
    }

    #[test]
    fn the_effect_of_a_path() {
        let rows = [
            (Verb::Post, Host::Oapi, "/topapi/v2/user/get", Effect::Read),
            (Verb::Post, Host::Oapi, "/topapi/im/chat/scenegroup/get", Effect::Read),
            (Verb::Post, Host::Oapi, "/topapi/im/chat/scenegroup/get?x=1", Effect::Read),
            (Verb::Post, Host::Oapi, "/topapi/im/chat/scenegroup/update", Effect::Write),
            (Verb::Post, Host::Oapi, "/topapi/im/chat/scenegroup/member/delete", Effect::Destroy),
            (Verb::Post, Host::Oapi, "/topapi/v2/user/delete", Effect::Destroy),
            (Verb::Post, Host::Api, "/v1.0/robot/groupMessages/send", Effect::Notify),
            (Verb::Post, Host::Api, "/topapi/v2/user/get", Effect::Write),
            (Verb::Post, Host::Oapi, "/topapi/v2/department/delete", Effect::Destroy),
            (Verb::Post, Host::Api, "/v1.0/unknown", Effect::Write),
            (Verb::Put, Host::Api, "/v1.0/unknown", Effect::Write),
            (Verb::Delete, Host::Api, "/v1.0/unknown", Effect::Destroy),
            (Verb::Get, Host::Api, "/v1.0/contact/users/me", Effect::Read),
            (Verb::Get, Host::Oapi, "/user/delete?userid=1", Effect::Destroy),
            (Verb::Get, Host::Oapi, "/user/get_userid_by_unionid", Effect::Read),
            (Verb::Get, Host::Oapi, "/department/list_parent_depts", Effect::Read),
            (Verb::Get, Host::Oapi, "/user/simplelist", Effect::Read),
            (Verb::Get, Host::Oapi, "/gettoken", Effect::Read),
            (Verb::Get, Host::Oapi, "/chat/update", Effect::Write),
            (Verb::Get, Host::Oapi, "/chat/mute", Effect::Write),
            (Verb::Get, Host::Oapi, "/chat/unheard_of", Effect::Write),
            (Verb::Get, Host::Api, "/v1.0/im/quitGroup", Effect::Write),
            (Verb::Get, Host::Api, "/v1.0/im/set_owner", Effect::Write),
            (Verb::Get, Host::Api, "/v1.0/im/settings", Effect::Read),
            (Verb::Get, Host::Api, "/v1.0/im/addresses", Effect::Read),
            (Verb::Get, Host::Api, "/v1.0/im/kickUser", Effect::Destroy),
        ];
        for (verb, host, path, effect) in rows {
            assert_eq!(raw_effect(verb, host, path), effect, "{} {path}", verb.name());
        }
    }

    #[test]
    fn whom_a_body_names() {
        let body = json!({"openConversationId": "cid1", "userIds": ["a", "b", "a"], "owner_user_id": "b,c", "text": "x"});
        assert_eq!(concerned(&body), (vec!["a".into(), "b".into(), "c".into()], vec!["cid1".into()]));
        assert_eq!(
            concerned(&json!({"openSpaceId": "dtv1.card//IM_GROUP.cid1"})),
            (vec![], vec!["cid1".into()])
        );
    }
}
