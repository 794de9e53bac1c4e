//! Members: the table `user_info`.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, ToSql, Transaction, params};
use serde_json::{Map, Value, json};

use super::{Cache, row};
use crate::clock::Clock;

/// By what a member is looked up. Empty texts and the number 0 stand for "unknown" and find nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKey<'a> {
    /// userId, which DingTalk also calls staffId.
    Staff(&'a str),
    /// The framework's number, see [`super::member_id`].
    Id(i64),
    /// unionId.
    Union(&'a str),
}

/// A cached member.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRow {
    /// The framework's number; `None` before a message of the member was seen.
    pub id: Option<i64>,
    /// Name; may be empty.
    pub name: String,
    /// userId; may be empty.
    pub staff_id: String,
    /// unionId; empty when unknown.
    pub union_id: String,
    /// The profile; empty in a stub and when the stored text is not a JSON object.
    pub info: Map<String, Value>,
    /// When the row was written, Unix time in seconds.
    pub time: f64,
}

/// A profile that DingTalk just gave.
#[derive(Debug, Clone, Copy)]
pub struct UserSeen<'a> {
    /// userId; without one nothing is stored.
    pub staff_id: &'a str,
    /// unionId; an empty one does not replace a known one.
    pub union_id: &'a str,
    /// Name; an empty one does not replace a known one.
    pub name: &'a str,
    /// The profile.
    pub info: &'a Map<String, Value>,
}

impl UserRow {
    /// Whether the row has no profile.
    pub fn is_stub(&self) -> bool {
        row::is_stub(&self.info)
    }

    /// Whether the row is younger than `lifetime` seconds at `now`; says nothing about [`UserRow::is_stub`].
    pub fn is_fresh(&self, now: f64, lifetime: f64) -> bool {
        row::is_fresh(self.time, now, lifetime)
    }

    /// Whether the row answers a call: never a stub; otherwise as `using_cache` says, `None` meaning "while fresh".
    pub fn answers(&self, using_cache: Option<bool>, now: f64, lifetime: f64) -> bool {
        row::answers(self.is_stub(), self.is_fresh(now, lifetime), using_cache)
    }

    /// The profile with the object `dingraia_cache`, as the Python framework returns it.
    pub fn with_marker(&self, clock: &Clock) -> Map<String, Value> {
        self.clone().marked(clock)
    }

    /// As [`Self::with_marker`], of a row that is not needed any more.
    pub fn marked(self, clock: &Clock) -> Map<String, Value> {
        let mut info = self.info;
        let marker = json!({
            "id": row::shown_id(self.id),
            "name": self.name,
            "staffId": self.staff_id,
            "unionId": self.union_id,
            "timeStamp": self.time,
            "strfTimeStamp": clock.local_time(self.time),
        });
        info.insert(row::MARKER.into(), marker);
        info
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row::id(row, 0)?,
            name: row::text(row, 1)?,
            staff_id: row::text(row, 2)?,
            union_id: row::text(row, 3)?,
            info: row::info(row, 4)?,
            time: row::number(row, 5)?,
        })
    }

    fn rank(&self) -> (bool, f64) {
        (!self.is_stub(), self.time)
    }
}

impl UserKey<'_> {
    fn is_unknown(self) -> bool {
        matches!(self, Self::Staff("") | Self::Union("") | Self::Id(0))
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Staff(_) => {
                "select id, name, staffId, unionId, info, timeStamp from user_info where staffId = ?1"
            }
            Self::Id(_) => "select id, name, staffId, unionId, info, timeStamp from user_info where id = ?1",
            Self::Union(_) => {
                "select id, name, staffId, unionId, info, timeStamp from user_info where unionId = ?1"
            }
        }
    }

    fn find(self, conn: &Connection) -> rusqlite::Result<Option<UserRow>> {
        let mut statement = conn.prepare_cached(self.sql())?;
        let rows = statement.query_map([self], UserRow::read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(row::best(rows, UserRow::rank))
    }
}

impl ToSql for UserKey<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Staff(text) | Self::Union(text) => text.to_sql(),
            Self::Id(number) => number.to_sql(),
        }
    }
}

impl Cache {
    /// The member with this key; of several rows the one with a profile, then the youngest.
    pub fn user(&self, key: UserKey<'_>) -> Option<UserRow> {
        if self.shared.off || key.is_unknown() {
            return None;
        }
        let found = self.shared.store.lock().read(|conn| key.find(conn));
        row::best(found.into_iter().flatten(), UserRow::rank)
    }

    /// Stores a profile under its userId.
    pub fn save_user(&self, user: &UserSeen<'_>) {
        if self.shared.off || user.staff_id.is_empty() {
            return;
        }
        let (now, info) = (self.now(), row::info_text(user.info));
        self.shared.store.lock().write(|tx| {
            let values = params![user.staff_id, user.name, user.union_id, info, now];
            if row::update(tx, UPDATE, values)? {
                return Ok(());
            }
            row::insert(tx, INSERT, params!["", user.name, user.staff_id, user.union_id, info, now])
        });
    }

    /// What is stored of a person was changed elsewhere: it is as old as can be.
    pub fn outdate_user(&self, staff_id: &str) {
        if self.shared.off || staff_id.is_empty() {
            return;
        }
        self.shared.store.lock().write(|tx| row::update(tx, OUTDATE, [staff_id]).map(drop));
    }

    /// Stores which userId belongs to a unionId. The time of a row that has a profile stays: the profile is as old.
    pub fn save_union(&self, union_id: &str, staff_id: &str) {
        if self.shared.off || union_id.is_empty() || staff_id.is_empty() {
            return;
        }
        let now = self.now();
        self.shared.store.lock().write(|tx| {
            let known = row::update(tx, UPDATE_BY_UNION, params![union_id, staff_id])?
                || row::update(tx, UPDATE_UNION, params![union_id, staff_id])?;
            if known {
                return Ok(());
            }
            row::insert(tx, INSERT, params!["", "", staff_id, union_id, "{}", now])
        });
    }
}

/// A robot message tells the number, name and userId (empty for outsiders) of its sender.
pub(super) fn seen(
    tx: &Transaction<'_>,
    id: i64,
    name: &str,
    staff_id: &str,
    single: bool,
    now: f64,
) -> rusqlite::Result<()> {
    let outsider = staff_id.is_empty();
    if outsider && (id == 0 || !single) {
        return Ok(());
    }
    let by_staff = !outsider && row::update(tx, UPDATE_SENDER, params![staff_id, name, id])?;
    // The number also finds a row from before the userId was known.
    let by_id = id != 0
        && (single || !by_staff)
        && row::update(tx, UPDATE_SENDER_BY_ID, params![id, name, staff_id, now])?;
    if by_staff || by_id {
        return Ok(());
    }
    row::insert(tx, INSERT, params![id, name, staff_id, "", "{}", now])
}

const INSERT: &str =
    "insert into user_info(id, name, staffId, unionId, info, timeStamp) values(?1, ?2, ?3, ?4, ?5, ?6)";
const UPDATE: &str = "update user_info set name = case when ?2 = '' then name else ?2 end, \
    unionId = case when ?3 = '' then unionId else ?3 end, info = ?4, timeStamp = ?5 where staffId = ?1";
const OUTDATE: &str = "update user_info set timeStamp = 0 where staffId = ?1";
const UPDATE_BY_UNION: &str = "update user_info set staffId = ?2 where unionId = ?1";
const UPDATE_UNION: &str = "update user_info set unionId = ?1 where staffId = ?2 and unionId = ''";
const UPDATE_SENDER: &str =
    "update user_info set name = ?2, id = case when ?3 = 0 then id else ?3 end where staffId = ?1";
const UPDATE_SENDER_BY_ID: &str = "update user_info set name = ?2, \
    staffId = case when ?3 = '' then staffId else ?3 end, timeStamp = ?4 where id = ?1";
