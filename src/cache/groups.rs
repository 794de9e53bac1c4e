//! Groups: the table `group_info`.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, ToSql, Transaction, params};
use serde_json::{Map, Value, json};

use super::{Cache, row};
use crate::clock::Clock;

/// The name of a group of which no title is known, as the Python framework writes it.
const UNKNOWN: &str = "Unknown";

/// By what a group is looked up. An empty text and the number 0 stand for "unknown" and find nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKey<'a> {
    /// openConversationId.
    Conversation(&'a str),
    /// The framework's number, see [`super::group_id`].
    Id(i64),
}

/// A cached group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupRow {
    /// The framework's number; `None` before a message from the group was seen.
    pub id: Option<i64>,
    /// The old chat id, or the conversation id; may be empty.
    pub chat_id: String,
    /// openConversationId.
    pub conversation_id: String,
    /// Title, `Unknown` when no message told it.
    pub name: String,
    /// What `get_group` returned; empty in a stub and when the stored text is not a JSON object.
    pub info: Map<String, Value>,
    /// When the row was written, Unix time in seconds.
    pub time: f64,
}

/// A group that DingTalk just described.
#[derive(Debug, Clone, Copy)]
pub struct GroupSeen<'a> {
    /// openConversationId; without one nothing is stored.
    pub conversation_id: &'a str,
    /// Title; an empty one does not replace a known one.
    pub name: &'a str,
    /// The description with `user_ids`, `staff_id_nick_map` and `success`.
    pub info: &'a Map<String, Value>,
}

impl GroupRow {
    /// Whether the row has no description.
    pub fn is_stub(&self) -> bool {
        row::is_stub(&self.info)
    }

    /// Whether the row is younger than `lifetime` seconds at `now`; says nothing about [`GroupRow::is_stub`].
    pub fn is_fresh(&self, now: f64, lifetime: f64) -> bool {
        row::is_fresh(self.time, now, lifetime)
    }

    /// Whether the row answers a call: never a stub; otherwise as `using_cache` says, `None` meaning "while fresh".
    pub fn answers(&self, using_cache: Option<bool>, now: f64, lifetime: f64) -> bool {
        row::answers(self.is_stub(), self.is_fresh(now, lifetime), using_cache)
    }

    /// The description with the object `dingraia_cache`, as the Python framework returns it.
    pub fn with_marker(&self, clock: &Clock) -> Map<String, Value> {
        self.clone().marked(clock)
    }

    /// As [`Self::with_marker`], of a row that is not needed any more.
    pub fn marked(self, clock: &Clock) -> Map<String, Value> {
        let mut info = self.info;
        let marker = json!({
            "id": row::shown_id(self.id),
            "chatId": self.chat_id,
            "openConversationId": self.conversation_id,
            "name": self.name,
            "timeStamp": self.time,
            "strfTimeStamp": clock.local_time(self.time),
        });
        info.insert(row::MARKER.into(), marker);
        info
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row::id(row, 0)?,
            chat_id: row::text(row, 1)?,
            conversation_id: row::text(row, 2)?,
            name: row::text(row, 3)?,
            info: row::info(row, 4)?,
            time: row::number(row, 5)?,
        })
    }

    fn rank(&self) -> (bool, f64) {
        (!self.is_stub(), self.time)
    }
}

impl GroupKey<'_> {
    fn is_unknown(self) -> bool {
        matches!(self, Self::Conversation("") | Self::Id(0))
    }

    fn find(self, conn: &Connection) -> rusqlite::Result<Option<GroupRow>> {
        let mut statement = conn.prepare_cached(match self {
            Self::Conversation(_) => SELECT_BY_CONVERSATION,
            Self::Id(_) => SELECT_BY_ID,
        })?;
        let rows = statement.query_map([self], GroupRow::read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(row::best(rows, GroupRow::rank))
    }
}

impl ToSql for GroupKey<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Conversation(text) => text.to_sql(),
            Self::Id(number) => number.to_sql(),
        }
    }
}

impl Cache {
    /// The group with this key; of several rows the one with a description, then the youngest.
    pub fn group(&self, key: GroupKey<'_>) -> Option<GroupRow> {
        if self.shared.off || key.is_unknown() {
            return None;
        }
        let found = self.shared.store.lock().read(|conn| key.find(conn));
        row::best(found.into_iter().flatten(), GroupRow::rank)
    }

    /// Stores a description under its conversation id.
    pub fn save_group(&self, group: &GroupSeen<'_>) {
        if self.shared.off || group.conversation_id.is_empty() {
            return;
        }
        let (now, info) = (self.now(), row::info_text(group.info));
        self.shared.store.lock().write(|tx| {
            if row::update(tx, UPDATE, params![group.conversation_id, group.name, info, now])? {
                return Ok(());
            }
            row::insert(tx, INSERT, params!["", "", group.conversation_id, group.name, info, now])
        });
    }

    /// What is stored of a group was changed elsewhere: it is as old as can be.
    pub fn outdate_group(&self, conversation_id: &str) {
        if self.shared.off || conversation_id.is_empty() {
            return;
        }
        self.shared.store.lock().write(|tx| row::update(tx, OUTDATE, [conversation_id]).map(drop));
    }

    /// Stores the new title of a group; the time of a row that is there stays.
    pub fn rename_group(&self, conversation_id: &str, title: &str) {
        if self.shared.off || conversation_id.is_empty() {
            return;
        }
        let now = self.now();
        self.shared.store.lock().write(|tx| {
            if row::update(tx, RENAME, params![conversation_id, title])? {
                return Ok(());
            }
            row::insert(tx, INSERT, params!["", "", conversation_id, title, "{}", now])
        });
    }
}

/// A robot message tells the number and the title (empty in single chats) of its group.
pub(super) fn seen(
    tx: &Transaction<'_>,
    id: i64,
    conversation_id: &str,
    title: &str,
    now: f64,
) -> rusqlite::Result<()> {
    if row::update(tx, UPDATE_SEEN, params![conversation_id, id, title, now])? {
        return Ok(());
    }
    let name = if title.is_empty() { UNKNOWN } else { title };
    row::insert(tx, INSERT, params![id, conversation_id, conversation_id, name, "{}", now])
}

const SELECT_BY_CONVERSATION: &str = "select id, chatId, openConversationId, name, info, timeStamp from group_info where openConversationId = ?1";
const SELECT_BY_ID: &str =
    "select id, chatId, openConversationId, name, info, timeStamp from group_info where id = ?1";
const INSERT: &str = "insert into group_info(id, chatId, openConversationId, name, info, timeStamp) values(?1, ?2, ?3, ?4, ?5, ?6)";
const UPDATE: &str = "update group_info set name = case when ?2 = '' then name else ?2 end, info = ?3, \
    timeStamp = ?4 where openConversationId = ?1";
const OUTDATE: &str = "update group_info set timeStamp = 0 where openConversationId = ?1";
const RENAME: &str = "update group_info set name = ?2 where openConversationId = ?1";
const UPDATE_SEEN: &str = "update group_info set id = ?2, chatId = ?1, timeStamp = ?4, \
    name = case when ?3 <> '' then ?3 when name = '' then 'Unknown' else name end where openConversationId = ?1";
