//! A table of the cache as scripts see it: rows are read when they are looked at, a page at a time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FnPtr, NativeCallContext};

use super::convert::json_to_dynamic;
use super::failure::{RhaiResult, raise};
use super::listing::{self, Listing};
use crate::cache::{Cursor, Table};
use crate::error::Error;
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

/// Registers the type and what can be done with it.
pub(super) fn register(engine: &mut Engine) {
    super::objects::named::<Rows>(engine, "CacheRows", Rows::to_string);
    engine.register_iterator::<Rows>();
    for name in ["count", "len"] {
        engine.register_fn(name, |rows: &mut Rows| rows.count());
        engine.register_get(name, |rows: &mut Rows| rows.count());
    }
    engine.register_fn("to_array", |rows: &mut Rows| rows.walk().collect::<Array>());
    engine.register_fn("first", |rows: &mut Rows| rows.walk().next().unwrap_or(Dynamic::UNIT));
    for name in ["first", "take"] {
        engine.register_fn(name, |ctx: NativeCallContext<'_>, rows: &mut Rows, count: i64| -> RhaiResult {
            let count = size(&ctx, count)?;
            Ok(Dynamic::from_array(rows.walk().take(count).collect()))
        });
    }
    let skip = |ctx: NativeCallContext<'_>, rows: &mut Rows, skip: i64, count: i64| -> RhaiResult {
        let (skip, count) = (size(&ctx, skip)?, size(&ctx, count)?);
        Ok(Dynamic::from_array(rows.walk().skip(skip).take(count).collect()))
    };
    engine.register_fn("slice", skip);
    engine.register_fn("map", |ctx: NativeCallContext<'_>, rows: &mut Rows, f: FnPtr| -> RhaiResult {
        let mapped = rows.walk().map(|row| call(&ctx, &f, row));
        mapped.collect::<RhaiResult<Array>>().map(Dynamic::from_array)
    });
    engine.register_fn(
        "for_each",
        |ctx: NativeCallContext<'_>, rows: &mut Rows, f: FnPtr| -> RhaiResult<()> {
            rows.walk().try_for_each(|row| call(&ctx, &f, row).map(drop))
        },
    );
    engine.register_fn("filter", |ctx: NativeCallContext<'_>, rows: &mut Rows, f: FnPtr| -> RhaiResult {
        let mut kept = Array::new();
        for row in rows.walk() {
            if is_true(&call(&ctx, &f, row.clone())?) {
                kept.push(row);
            }
        }
        Ok(Dynamic::from_array(kept))
    });
    engine.register_fn("find", |ctx: NativeCallContext<'_>, rows: &mut Rows, f: FnPtr| -> RhaiResult {
        for row in rows.walk() {
            if is_true(&call(&ctx, &f, row.clone())?) {
                return Ok(row);
            }
        }
        Ok(Dynamic::UNIT)
    });
}

fn call(ctx: &NativeCallContext<'_>, f: &FnPtr, row: Dynamic) -> RhaiResult {
    f.call_within_context(ctx, (row,))
}

fn is_true(value: &Dynamic) -> bool {
    value.as_bool().unwrap_or(false)
}

fn size(ctx: &NativeCallContext<'_>, count: i64) -> RhaiResult<usize> {
    usize::try_from(count)
        .map_err(|_| raise(ctx, Error::unsendable("the number of rows must be 0 or more", "行数不能小于 0")))
}
