//! API calls by day and method: our table `dingraia_usage`, written together with the month's row of `counts`.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Cache, counts, row};

/// The calls of one method on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    /// `YYYY-MM-DD`, local time.
    pub day: String,
    /// The method, or verb and path of a raw call.
    pub method: String,
    /// How many.
    pub count: u64,
}

impl Cache {
    /// Adds `calls` by method to the month `YYYY_MM` and the day `YYYY-MM-DD`.
    pub fn add_usage(&self, month: &str, day: &str, calls: &BTreeMap<String, u64>) {
        let kind = counts::kind(month);
        let all = calls.values().fold(0_i64, |sum, count| sum.saturating_add_unsigned(*count));
        self.shared.store.lock().write(|tx| {
            counts::add(tx, &kind, all)?;
            for (method, count) in calls {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                tx.prepare_cached(ADD)?.execute(params![day, method, count])?;
            }
            Ok(())
        });
    }

    /// The calls of the month `YYYY_MM` by day and method, in this order. Those that other programs made are not among them.
    pub fn usage(&self, month: &str) -> Vec<UsageRow> {
        let days = format!("{}-*", month.replace('_', "-"));
        let found = self.shared.store.lock().read(|conn| {
            if !super::own::has(conn, "dingraia_usage")? {
                return Ok(None);
            }
            let mut statement = conn.prepare_cached(SELECT)?;
            let rows = statement.query_map([&days], |found| {
                Ok(((row::text(found, 0)?, row::text(found, 1)?), row::number(found, 2)? as u64))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>().map(Some)
        });
        let mut sum = BTreeMap::new();
        for (key, count) in found.into_iter().flatten().flatten() {
            *sum.entry(key).or_insert(0) += count;
        }
        sum.into_iter().map(|((day, method), count)| UsageRow { day, method, count }).collect()
    }
}

const ADD: &str = "insert into dingraia_usage(day, method, count) values(?1, ?2, ?3) \
    on conflict(day, method) do update set count = count + excluded.count";
const SELECT: &str = "select day, method, count from dingraia_usage where day glob ?1 order by day, method";
