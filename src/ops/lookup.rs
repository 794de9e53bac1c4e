//! Looking something up in the cache by whatever a person has at hand, and what its row says.

use serde_json::{Map, Value, json};

use super::Session;
use super::cached::find;
use crate::api::Cached;
use crate::cache::{Cache, DepartmentRow, Entry, GroupKey, GroupRow, Table, UserKey, UserRow, WebhookKey};
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::spec::nearest;

/// Something that the cache knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// A person.
    User(UserRow),
    /// A group.
    Group(GroupRow),
    /// A department.
    Department(DepartmentRow),
}

/// What the cache knows of `target`: as `get_info` finds it, and a text also as unionId, as number, as department id, and as
/// a name that only one of all has.
pub fn lookup(cache: &Cache, target: &Cached) -> Option<Known> {
    if let Some(known) = find(cache, target) {
        return Some(known);
    }
    match target {
        Cached::Staff(text) => {
            let union = || cache.user(UserKey::Union(text)).map(Known::User);
            let number = || by_number(cache, text.parse().ok()?);
            union().or_else(number).or_else(|| by_name(cache, text))
        }
        Cached::Conversation(text) => by_name(cache, text),
        Cached::Number(number) => by_number(cache, *number),
        Cached::Member(_) | Cached::Group(_) => None,
    }
}

fn by_number(cache: &Cache, number: i64) -> Option<Known> {
    let group = cache.group(GroupKey::Id(number)).map(Known::Group);
    let user = || cache.user(UserKey::Id(number)).map(Known::User);
    let staff = || cache.user(UserKey::Staff(&number.to_string())).map(Known::User);
    group.or_else(user).or_else(staff).or_else(|| cache.department(number).map(Known::Department))
}

fn by_name(cache: &Cache, name: &str) -> Option<Known> {
    let found = cache.find_beginning(name, Entry::ALL, 8);
    let mut same = found.iter().filter(|found| found.name == name);
    let only = same.next().filter(|_| same.next().is_none())?;
    match only.kind {
        Entry::User => cache
            .user(UserKey::Staff(&only.id))
            .or_else(|| cache.user(UserKey::Id(only.id.parse().ok()?)))
            .map(Known::User),
        Entry::Group => cache.group(GroupKey::Conversation(&only.id)).map(Known::Group),
        Entry::Department => cache.department(only.id.parse().ok()?).map(Known::Department),
    }
}

/// The row of a change: its table and what identifies it. Webhooks are told without their address.
pub fn row_of(cache: &Cache, table: &str, key: &str) -> Option<Map<String, Value>> {
    match Table::parse(table)? {
        Table::Users => {
            let by_staff = cache.user(UserKey::Staff(key));
            by_staff.or_else(|| cache.user(UserKey::Id(key.parse().ok()?))).map(|row| Known::User(row).row())
        }
        Table::Groups => cache.group(GroupKey::Conversation(key)).map(|row| Known::Group(row).row()),
        Table::Departments => cache.department(key.parse().ok()?).map(|row| Known::Department(row).row()),
        Table::Webhooks => cache.webhook(WebhookKey::Conversation(key)).map(|row| {
            map(json!({ "openConversationId": row.conversation_id, "id": row.id, "expired": row.expired, "timeStamp": row.time }))
        }),
        Table::Files => cache.media_id(key).map(|id| map(json!({ "sha256": key, "mediaId": id }))),
        Table::Counts => None,
    }
}

/// The table of this name.
///
/// # Errors
/// When there is none: which one may have been meant.
pub fn table_named(name: &str) -> Result<Table> {
    Table::parse(name).ok_or_else(|| {
        let names = || Table::ALL.iter().map(|table| table.name());
        let all = names().collect::<Vec<_>>().join(", ");
        let error =
            Error::usage(format!("the cache has no table `{name}`"), format!("缓存中没有表 `{name}`"));
        error.hint(match nearest(name, names()) {
            Some(near) => Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")),
            None => Text::made(format!("there are: {all}"), format!("可用：{all}")),
        })
    })
}

impl Known {
    /// The word for what it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => Entry::User.name(),
            Self::Group(_) => Entry::Group.name(),
            Self::Department(_) => Entry::Department.name(),
        }
    }

    /// The table and the text that identify it.
    pub fn key(&self) -> (Table, String) {
        match self {
            Self::User(row) if row.staff_id.is_empty() => {
                (Table::Users, row.id.map(|id| id.to_string()).unwrap_or_default())
            }
            Self::User(row) => (Table::Users, row.staff_id.clone()),
            Self::Group(row) => (Table::Groups, row.conversation_id.clone()),
            Self::Department(row) => (Table::Departments, row.id.to_string()),
        }
    }

    /// When its row was written, Unix time in seconds.
    pub fn time(&self) -> f64 {
        match self {
            Self::User(row) => row.time,
            Self::Group(row) => row.time,
            Self::Department(row) => row.time,
        }
    }

    /// The row, by the names of its columns.
    pub fn row(&self) -> Map<String, Value> {
        map(match self {
            Self::User(row) => json!({
                "name": self.name(), "staffId": row.staff_id, "unionId": row.union_id, "id": row.id,
                "timeStamp": row.time, "info": row.info,
            }),
            Self::Group(row) => json!({
                "name": row.name, "openConversationId": row.conversation_id, "id": row.id, "chatId": row.chat_id,
                "timeStamp": row.time, "info": row.info,
            }),
            Self::Department(row) => json!({
                "name": row.name, "id": row.id, "parent": row.parent, "timeStamp": row.time,
                "members": row.members, "info": row.info,
            }),
        })
    }

    /// Its name; the Python framework leaves that of a person to the profile.
    pub fn name(&self) -> &str {
        match self {
            Self::User(row) if row.name.is_empty() => {
                row.info.get("name").and_then(Value::as_str).unwrap_or_default()
            }
            Self::User(row) => &row.name,
            Self::Group(row) => &row.name,
            Self::Department(row) => &row.name,
        }
    }

    /// The row with what there is to say about it: age in seconds, whether it still answers calls, and where it came from.
    pub fn card(&self, session: &Session) -> Map<String, Value> {
        let lifetimes = &session.config.data_cache_time;
        let (lifetime, is_stub, call) = match self {
            Self::User(row) => (lifetimes.user, row.is_stub(), "get_user"),
            Self::Group(row) => (lifetimes.group, row.is_stub(), "get_group"),
            Self::Department(row) => (lifetimes.user, row.time == 0.0, "get_depts"),
        };
        let age = (session.clock.seconds() - self.time()).round();
        let mut card = Map::new();
        card.insert("kind".into(), self.kind().into());
        let mut row = self.row();
        let info = row.remove("info");
        row.remove("timeStamp");
        card.extend(row);
        if let Self::Department(row) = self {
            card.insert("path".into(), session.cache.department_path(row.id).into());
        }
        card.insert("time".into(), session.clock.local_time(self.time()).into());
        card.insert("age".into(), (age as i64).into());
        card.insert("fresh".into(), (!is_stub && age.abs() < lifetime).into());
        card.insert("source".into(), if is_stub { "a message" } else { call }.into());
        card.extend(info.map(|info| ("info".to_owned(), info)));
        card
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
