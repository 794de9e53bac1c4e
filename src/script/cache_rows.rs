//! A table of the cache as scripts see it: rows are read when they are looked at, a page at a time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use rhai::{Array, Dynamic, FnPtr};

use super::cache_method::{Given, method};
use super::convert::json_to_dynamic;
use super::failure::RhaiResult;
use super::listing::{self, Listing};
use super::registry::Registry;
use crate::cache::{Cursor, Table};
use crate::ops::Session;

/// Rows that are read at once.
const PAGE: usize = 256;

/// The rows of a table. Cloning it gives the same rows again.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) session: Arc<Session>,
    pub(super) table: Table,
    pub(super) secrets: bool,
}

/// On the way through them.
pub(super) struct Walk {
    rows: Rows,
    page: VecDeque<Dynamic>,
    next: Option<Cursor>,
}

impl IntoIterator for Rows {
    type Item = Dynamic;
    type IntoIter = Walk;

    fn into_iter(self) -> Walk {
        Walk { rows: self, page: VecDeque::new(), next: Some(Cursor::default()) }
    }
}

impl Iterator for Walk {
    type Item = Dynamic;

    fn next(&mut self) -> Option<Dynamic> {
        while self.page.is_empty() {
            let Rows { session, table, secrets } = &self.rows;
            let (page, next) = session.cache.page(*table, self.next?, PAGE, *secrets);
            self.next = next;
            self.page = page.into_iter().map(|row| json_to_dynamic(row.into())).collect();
        }
        self.page.pop_front()
    }
}

impl Rows {
    fn count(&self) -> i64 {
        self.session.cache.count_rows(self.table).cast_signed()
    }

    fn walk(&self) -> Walk {
        self.clone().into_iter()
    }

    /// As it is shown: by its first rows.
    pub(super) fn listing(&self) -> Listing {
        Listing(Arc::new(self.clone()))
    }
}

impl listing::Rows for Rows {
    fn text(&self) -> String {
        self.to_string()
    }

    fn total(&self) -> Option<usize> {
        usize::try_from(self.count()).ok()
    }

    fn rows(self: Arc<Self>) -> Box<dyn Iterator<Item = RhaiResult> + Send> {
        Box::new(self.walk().map(Ok))
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} {}>", self.count(), self.table.name())
    }
}

/// What can be done with rows.
pub(super) const METHODS: &[&str] =
    &["count", "len", "to_array", "first", "take", "slice", "map", "for_each", "filter", "find"];

/// Registers the type and what can be done with it.
pub(super) fn register(registry: &mut Registry) {
    registry.register_shown::<Rows>("CacheRows", Rows::to_string);
    registry.engine().register_iterator::<Rows>();
    for name in ["count", "len"] {
        method(registry, name, &[0], |rows: &Rows, _| Ok(rows.count().into()));
    }
    registry.register_get("len", |rows: &mut Rows| rows.count());
    method(registry, "to_array", &[0], |rows: &Rows, _| Ok(list(rows.walk())));
    method(registry, "first", &[0], |rows: &Rows, _| Ok(rows.walk().next().unwrap_or(Dynamic::UNIT)));
    for name in ["first", "take"] {
        method(registry, name, &[1], |rows: &Rows, given| Ok(list(rows.walk().take(given.count(0, 0)?))));
    }
    method(registry, "slice", &[2], |rows: &Rows, given| {
        Ok(list(rows.walk().skip(given.count(0, 0)?).take(given.count(1, 0)?)))
    });
    method(registry, "map", &[1], |rows: &Rows, given| {
        let f = given.function(0)?;
        let mapped = rows.walk().map(|row| call(given, &f, row));
        mapped.collect::<RhaiResult<Array>>().map(Dynamic::from_array)
    });
    method(registry, "for_each", &[1], |rows: &Rows, given| {
        let f = given.function(0)?;
        rows.walk().try_for_each(|row| call(given, &f, row).map(drop)).map(|()| Dynamic::UNIT)
    });
    method(registry, "filter", &[1], |rows: &Rows, given| {
        let f = given.function(0)?;
        let mut kept = Array::new();
        for row in rows.walk() {
            if is_true(&call(given, &f, row.clone())?) {
                kept.push(row);
            }
        }
        Ok(Dynamic::from_array(kept))
    });
    method(registry, "find", &[1], |rows: &Rows, given| {
        let f = given.function(0)?;
        for row in rows.walk() {
            if is_true(&call(given, &f, row.clone())?) {
                return Ok(row);
            }
        }
        Ok(Dynamic::UNIT)
    });
}

fn list(rows: impl Iterator<Item = Dynamic>) -> Dynamic {
    Dynamic::from_array(rows.collect())
}

fn call(given: &Given<'_, '_>, f: &FnPtr, row: Dynamic) -> RhaiResult {
    f.call_within_context(given.ctx, (row,))
}

fn is_true(value: &Dynamic) -> bool {
    value.as_bool().unwrap_or(false)
}
