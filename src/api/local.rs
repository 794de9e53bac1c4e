//! Methods that ask nobody: the cache and the counter.

use super::{Arg, FromArg, Mismatch, Object};
use crate::model::{Group, Member, Shared};
use crate::spec::{Form, Kind};

/// Something the cache may know, with the object to fill when one was given.
#[derive(Debug, Clone)]
pub enum Cached {
    /// A person by staffId.
    Staff(String),
    /// A group by openConversationId.
    Conversation(String),
    /// A group or person by the framework's number.
    Number(i64),
    /// A person.
    Member(Shared<Member>),
    /// A group.
    Group(Shared<Group>),
}

impl FromArg for Cached {
    const KIND: Kind = Kind::Cached;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(id) if id.starts_with("cid") => Ok(Self::Conversation(id)),
            Arg::Text(id) if !id.is_empty() => Ok(Self::Staff(id)),
            Arg::Int(id) => Ok(Self::Number(id)),
            Arg::Object(Object::Conversation(id)) => Ok(Self::Conversation(id.id)),
            Arg::Object(Object::Member(member)) => Ok(Self::Member(member)),
            Arg::Object(Object::Group(group)) => Ok(Self::Group(group)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

crate::methods! {
    group "local";

    /// Reads what the cache holds of a person or a group.
    /// zh: 从缓存中读取对象的信息。
    GetInfo(App "get_info") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// A `Member`, a `Group`, an `OpenConversationId`, a staffId, a `cid…` or a number.
            /// zh: `Member`、`Group`、`OpenConversationId`、staffId、`cid…` 或数字。
            target("target"): Cached,
        }
        returns: "[map, time of the row]; [#{}, 0] when there is none" | "[信息, 缓存时间戳]；没有时为 [#{}, 0]",
        example: r#"app.get_info("manager4220")"#,
    }

    /// Fills what is empty in an object from the cache and returns the same object.
    /// zh: 用缓存补全对象中为空的字段，并返回该对象。
    UpdateObject(App "update_object") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// A `Member` or a `Group`; an id makes a new object.
            /// zh: `Member` 或 `Group`；传入 ID 时新建对象。
            target("target"): Cached,
        }
        returns: "the object" | "该对象",
        example: r#"app.update_object(Member("manager4220"))"#,
    }

    /// Counts the API calls of this month.
    /// zh: 本月已消耗的 API 次数。
    GetApiCounts(App "get_api_counts") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 0,
        params {}
        returns: "a number" | "数字",
        example: "app.get_api_counts()",
    }
}
