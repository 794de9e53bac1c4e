//! Reading values whatever their SQLite type, and what rows with `info` have in common.
//!
//! The Python framework stores times as REAL or INTEGER, unknown ids as the text `''`, and `info` as JSON text.

use rusqlite::types::ValueRef;
use rusqlite::{Params, Row, Transaction};
use serde_json::{Map, Value};

/// The key under which a cached answer carries the columns of its row.
pub(super) const MARKER: &str = "dingraia_cache";

/// Any value as text; NULL is empty.
pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    })
}

/// Any value as a finite number; what is none is 0.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<f64> {
    let number = match row.get_ref(column)? {
        ValueRef::Integer(number) => number as f64,
        ValueRef::Real(number) => number,
        ValueRef::Text(bytes) => {
            str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0.0)
        }
        ValueRef::Null | ValueRef::Blob(_) => 0.0,
    };
    Ok(if number.is_finite() { number } else { 0.0 })
}

/// A number of [`super::group_id`] or [`super::member_id`]; `None` for `''` and whatever is no whole number.
pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<i64>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => Some(number),
        ValueRef::Real(number) if number.fract() == 0.0 => Some(number as i64),
        ValueRef::Text(bytes) => str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()),
        ValueRef::Real(_) | ValueRef::Null | ValueRef::Blob(_) => None,
    })
}

/// JSON text as a map; text that is not a JSON object is an empty one.
pub(super) fn info(row: &Row<'_>, column: usize) -> rusqlite::Result<Map<String, Value>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
        _ => Map::new(),
    })
}

/// The text that is stored for `info`; a marker that came along from a cached answer is left out.
pub(super) fn info_text(info: &Map<String, Value>) -> String {
    let mut text = serde_json::to_string(info);
    if info.contains_key(MARKER) {
        let mut stored = info.clone();
        stored.shift_remove(MARKER);
        text = serde_json::to_string(&stored);
    }
    // A map with text keys always becomes JSON.
    text.unwrap_or_else(|_| "{}".into())
}

/// Whether `info` has no data beyond the marker.
pub(super) fn is_stub(info: &Map<String, Value>) -> bool {
    info.keys().all(|key| key == MARKER)
}

/// Whether `time` is less than `lifetime` seconds from `now`; a time as far in the future is no better than an old one.
pub(super) fn is_fresh(time: f64, now: f64, lifetime: f64) -> bool {
    (now - time).abs() < lifetime
}

/// The rule of `using_cache`: true takes any data, false none, and `None` data that is fresh.
pub(super) fn answers(stub: bool, fresh: bool, using_cache: Option<bool>) -> bool {
    !stub && using_cache.unwrap_or(fresh)
}

/// An id as the marker shows it.
pub(super) fn shown_id(id: Option<i64>) -> Value {
    id.map_or_else(|| Value::from(""), Value::from)
}

/// The row with the highest rank, the first of equals.
pub(super) fn best<T>(rows: impl IntoIterator<Item = T>, rank: impl Fn(&T) -> (bool, f64)) -> Option<T> {
    rows.into_iter().reduce(|best, next| if rank(&next) > rank(&best) { next } else { best })
}

/// Runs an update in the caller's transaction and tells whether it found rows.
pub(super) fn update(tx: &Transaction<'_>, sql: &'static str, values: impl Params) -> rusqlite::Result<bool> {
    Ok(tx.prepare_cached(sql)?.execute(values)? > 0)
}

/// Runs an insert in the caller's transaction.
pub(super) fn insert(tx: &Transaction<'_>, sql: &'static str, values: impl Params) -> rusqlite::Result<()> {
    tx.prepare_cached(sql)?.execute(values).map(drop)
}
