//! The session webhooks of conversations, good for answering: the table `webhooks`.

use std::fmt;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, ToSql, Transaction, params};

use super::{Cache, row};

/// Values from here on are milliseconds; smaller ones are seconds.
const MILLISECONDS_FROM: f64 = 2_600_000_000.0;

/// By what a webhook is looked up. An empty text and the number 0 stand for "unknown" and find nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookKey<'a> {
    /// openConversationId.
    Conversation(&'a str),
    /// The framework's number of the group, see [`super::group_id`].
    Id(i64),
}

/// A cached webhook. Its printed form does not show the address, which is a secret.
#[derive(Clone, PartialEq)]
pub struct WebhookRow {
    /// The framework's number of the group.
    pub id: Option<i64>,
    /// openConversationId.
    pub conversation_id: String,
    /// The address, which carries a session id: a secret.
    pub url: String,
    /// Until when it may be used, Unix time in seconds.
    pub expired: f64,
    /// When the row was written, Unix time in seconds.
    pub time: f64,
}

impl fmt::Debug for WebhookRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookRow")
            .field("id", &self.id)
            .field("conversation_id", &self.conversation_id)
            .field("url", &"***")
            .field("expired", &self.expired)
            .field("time", &self.time)
            .finish()
    }
}

impl WebhookRow {
    /// Whether the address may still be used at `now`, Unix time in seconds.
    pub fn is_valid(&self, now: f64) -> bool {
        !self.url.is_empty() && now < self.expired
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row::id(row, 0)?,
            conversation_id: row::text(row, 1)?,
            url: row::text(row, 2)?,
            expired: seconds(row::number(row, 3)?),
            time: row::number(row, 4)?,
        })
    }

    fn rank(&self) -> (bool, f64) {
        (!self.url.is_empty(), self.expired)
    }
}

impl WebhookKey<'_> {
    fn is_unknown(self) -> bool {
        matches!(self, Self::Conversation("") | Self::Id(0))
    }

    fn find(self, conn: &Connection) -> rusqlite::Result<Option<WebhookRow>> {
        let mut statement = conn.prepare_cached(match self {
            Self::Conversation(_) => SELECT_BY_CONVERSATION,
            Self::Id(_) => SELECT_BY_ID,
        })?;
        let rows = statement.query_map([self], WebhookRow::read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(row::best(rows, WebhookRow::rank))
    }
}

impl ToSql for WebhookKey<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Conversation(text) => text.to_sql(),
            Self::Id(number) => number.to_sql(),
        }
    }
}

impl Cache {
    /// The webhook with this key, expired or not; of several rows the one that is good for longest.
    pub fn webhook(&self, key: WebhookKey<'_>) -> Option<WebhookRow> {
        if self.shared.off || key.is_unknown() {
            return None;
        }
        let found = self.shared.store.lock().read(|conn| key.find(conn));
        row::best(found.into_iter().flatten(), WebhookRow::rank)
    }
}

/// A robot message brings the webhook of its conversation; `expired` in seconds or milliseconds.
pub(super) fn seen(
    tx: &Transaction<'_>,
    id: i64,
    conversation_id: &str,
    url: &str,
    expired: f64,
    now: f64,
) -> rusqlite::Result<()> {
    let expired = seconds(expired);
    if row::update(tx, UPDATE, params![conversation_id, url, expired, now])? {
        return Ok(());
    }
    row::insert(tx, INSERT, params![id, conversation_id, url, expired, now])
}

fn seconds(expired: f64) -> f64 {
    if expired >= MILLISECONDS_FROM { expired / 1000.0 } else { expired }
}

const SELECT_BY_CONVERSATION: &str =
    "select id, openConversationId, url, expired, timeStamp from webhooks where openConversationId = ?1";
const SELECT_BY_ID: &str =
    "select id, openConversationId, url, expired, timeStamp from webhooks where id = ?1";
const INSERT: &str =
    "insert into webhooks(id, openConversationId, url, expired, timeStamp) values(?1, ?2, ?3, ?4, ?5)";
const UPDATE: &str =
    "update webhooks set url = ?2, expired = ?3, timeStamp = ?4 where openConversationId = ?1";
