//! The object `cache`: a live look into the cache of the current `app`.

use std::sync::Arc;

use rhai::Dynamic;
use serde_json::{Value, json};

use super::bridge::Bridge;
use super::cache_method::{Given, method};
use super::cache_rows::Rows;
use super::convert::{arg, json_to_dynamic};
use super::engine::Print;
use super::failure::RhaiResult;
use super::function::Functions;
use super::live::Live;
use super::registry::Registry;
use super::stop::Stop;
use super::viewer::view;
use super::{cache_change, cache_files};
use crate::api::{Cached, FromArg, Mismatch};
use crate::cache::{Entry, Table};
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::ops::{Known, Session, cache_stats, cache_tree, lookup, table_named};
use crate::spec::Kind;

/// How many `find` gives when it is not told.
const FOUND: usize = 20;

/// The cache of a session, as scripts hold it.
#[derive(Clone)]
pub(super) struct CacheHandle(pub(super) Arc<Session>);

/// Registers it.
pub(super) fn register(
    registry: &mut Registry,
    bridge: &Arc<Bridge>,
    functions: &Arc<Functions>,
    print: &Print,
) {
    registry.register_shown::<CacheHandle>("Cache", |_| "<Cache>".into());
    registry.register_get("cache", |live: &mut Live| CacheHandle(Arc::clone(&live.0)));
    for table in Table::ALL {
        // With `#{secrets: true}` for what is masked else.
        method(registry, table.name(), &[0, 1], move |cache: &CacheHandle, given| {
            let secrets = given.flag(0, "secrets")?;
            Ok(Dynamic::from(Rows { session: Arc::clone(&cache.0), table, secrets }))
        });
    }
    one(registry);
    search(registry);
    about(registry, print);
    remove(registry, bridge);
    cache_files::register(registry);
    cache_change::register(registry, bridge, functions);
    super::cache_rows::register(registry);
}

/// `cache.user(x)`, `cache.group(x)`, `cache.department(x)`, `cache.show(x)`, `cache.age(x)`.
fn one(registry: &mut Registry) {
    for kind in Entry::ALL.iter().map(|kind| kind.name()) {
        method(registry, kind, &[1], move |cache: &CacheHandle, given| {
            let known = known(cache, given)?.filter(|known| known.kind() == kind);
            Ok(known.map_or(Dynamic::UNIT, |known| json_to_dynamic(known.row().into())))
        });
    }
    method(registry, "show", &[1], |cache: &CacheHandle, given| {
        let known = known(cache, given)?;
        Ok(known.map_or(Dynamic::UNIT, |known| json_to_dynamic(known.card(&cache.0).into())))
    });
    method(registry, "age", &[1], |cache: &CacheHandle, given| {
        let known = known(cache, given)?;
        Ok(known.map_or(Dynamic::UNIT, |known| (cache.0.clock.seconds() - known.time()).into()))
    });
}

/// What the cache knows of the first argument.
fn known(cache: &CacheHandle, given: &Given<'_, '_>) -> RhaiResult<Option<Known>> {
    let target = Cached::from_arg(arg(given.value(0))).map_err(|mismatch| match mismatch {
        Mismatch::Kind(_) => given.wrong(0, Kind::Cached.text()),
        Mismatch::Value(expected, _) => given.wrong(0, expected),
    })?;
    Ok(lookup(&cache.0.cache, &target))
}

/// `cache.find(text, limit)` and `cache.sql(text, params)`.
fn search(registry: &mut Registry) {
    method(registry, "find", &[1, 2], |cache: &CacheHandle, given| {
        let found = cache.0.cache.find(&given.text(0)?, Entry::ALL, given.count(1, FOUND)?);
        let rows = found.into_iter().map(|found| {
            json!({ "kind": found.kind.name(), "name": found.name, "id": found.id, "timeStamp": found.time })
        });
        Ok(json_to_dynamic(rows.collect()))
    });
    method(registry, "sql", &[1, 2], |cache: &CacheHandle, given| {
        let params: Vec<Value> = given.list(1)?.iter().map(|value| view(value).to_json()).collect();
        let stop = Stop::current();
        let over = stop.clone();
        let rows = cache.0.cache.query_until(&given.text(0)?, &params, move || over.is_fired());
        let rows =
            rows.map_err(|error| given.fail(if stop.is_fired() { stop.error(None) } else { error }))?;
        Ok(json_to_dynamic(rows.into_iter().map(Value::Object).collect()))
    });
}

/// `cache.tables()`, `.schema()`, `.stats()`, `.usage()`, `.path(id)`, `.tree()`.
fn about(registry: &mut Registry, print: &Print) {
    method(registry, "tables", &[0], |cache: &CacheHandle, _| {
        Ok(json_to_dynamic(cache.0.cache.tables().into_iter().map(Value::Object).collect()))
    });
    method(registry, "schema", &[0], |cache: &CacheHandle, given| {
        let sql = "select type, name, tbl_name as 'table', sql from sqlite_schema where sql is not null order by rowid";
        let rows = cache.0.cache.query(sql, &[]).map_err(|error| given.fail(error))?;
        Ok(json_to_dynamic(rows.into_iter().map(Value::Object).collect()))
    });
    method(registry, "stats", &[0], |cache: &CacheHandle, _| {
        Ok(json_to_dynamic(cache_stats(&cache.0).into()))
    });
    method(registry, "usage", &[0], |cache: &CacheHandle, _| {
        Ok(json_to_dynamic(cache.0.usage_report().to_json()))
    });
    method(registry, "path", &[1], |cache: &CacheHandle, given| {
        let id = i64::try_from(given.count(0, 0)?).unwrap_or(i64::MAX);
        Ok(cache.0.cache.department_path(id).into())
    });
    let out = Arc::clone(print);
    method(registry, "tree", &[0], move |cache: &CacheHandle, _| {
        let text = cache_tree(&cache.0.cache, Lang::En);
        if !text.is_empty() {
            out(&text);
        }
        Ok(Dynamic::UNIT)
    });
}

/// `cache.forget(x)` and `cache.clear("users")`.
fn remove(registry: &mut Registry, bridge: &Arc<Bridge>) {
    method(registry, "forget", &[1], |cache: &CacheHandle, given| {
        let Some(known) = known(cache, given)? else { return Ok(Dynamic::from(0_i64)) };
        let (table, key) = known.key();
        let gone = cache.0.cache.forget(table, &key).map_err(|error| given.fail(error))?;
        Ok(Dynamic::from(gone as i64))
    });
    let bridge = Arc::clone(bridge);
    method(registry, "clear", &[1, 2], move |cache: &CacheHandle, given| {
        let name = given.text(0)?;
        let table = table_named(&name).map_err(|error| given.fail(error))?;
        if !given.flag(1, "yes")? {
            let (rows, name) = (cache.0.cache.count_rows(table), table.name());
            let question = Text::made(
                format!("Delete all {rows} rows of `{name}` from the cache?"),
                format!("删除缓存中 `{name}` 的全部 {rows} 行？"),
            );
            match bridge.turn.release(|| cache.0.ask(&question)) {
                Some(true) => {}
                Some(false) => return Ok(Dynamic::from(0_i64)),
                None => return Err(given.fail(unsure(name))),
            }
        }
        let gone = cache.0.cache.clear(table).map_err(|error| given.fail(error))?;
        Ok(Dynamic::from(gone as i64))
    });
}

fn unsure(name: &str) -> Error {
    Error::unsendable("cache.clear: there is nobody to ask", "cache.clear：没有可确认的人").hint(Text::made(
        format!("`cache.clear(\"{name}\", #{{yes: true}})` does it without asking"),
        format!("`cache.clear(\"{name}\", #{{yes: true}})` 不经确认直接执行"),
    ))
}
