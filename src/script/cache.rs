//! The object `cache`: a live look into the cache of the current `app`.

use std::path::PathBuf;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map, NativeCallContext};
use serde_json::{Value, json};

use super::bridge::Bridge;
use super::cache_rows::Rows;
use super::convert::{arg, json_to_dynamic};
use super::engine::Print;
use super::failure::{RhaiResult, raise};
use super::function::Functions;
use super::live::Live;
use super::viewer::view;
use super::{cache_change, cache_files};
use crate::api::{Cached, FromArg};
use crate::cache::{Entry, Table};
use crate::error::{Error, Kind};
use crate::lang::{Lang, Text};
use crate::ops::{Known, Session, cache_stats, cache_tree, lookup, table_named};

/// How many `find` gives when it is not told.
const FOUND: usize = 20;

/// The cache of a session, as scripts hold it.
#[derive(Clone)]
pub(super) struct CacheHandle(pub(super) Arc<Session>);

/// Registers it.
pub(super) fn register(engine: &mut Engine, bridge: &Arc<Bridge>, functions: &Arc<Functions>, print: &Print) {
    super::objects::named::<CacheHandle>(engine, "Cache", |_| "<Cache>".into());
    engine.register_get("cache", |live: &mut Live| CacheHandle(Arc::clone(&live.0)));
    for table in Table::ALL {
        tables(engine, table);
    }
    one(engine);
    search(engine);
    about(engine, print);
    remove(engine, bridge);
    cache_files::register(engine);
    cache_change::register(engine, bridge, functions);
    super::cache_rows::register(engine);
}

/// `cache.users()` and its sisters, with `#{secrets: true}` for what is masked else.
fn tables(engine: &mut Engine, table: Table) {
    let rows =
        move |handle: &mut CacheHandle, secrets| Rows { session: Arc::clone(&handle.0), table, secrets };
    engine.register_fn(table.name(), move |handle: &mut CacheHandle| rows(handle, false));
    engine.register_fn(table.name(), move |handle: &mut CacheHandle, options: Map| {
        rows(handle, flag(&options, "secrets"))
    });
}

/// `cache.user(x)`, `cache.group(x)`, `cache.department(x)`, `cache.show(x)`, `cache.age(x)`.
fn one(engine: &mut Engine) {
    for kind in Entry::ALL.iter().map(|kind| kind.name()) {
        engine.register_fn(
            kind,
            move |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, target: Dynamic| -> RhaiResult {
                let known = known(&ctx, handle, kind, target)?.filter(|known| known.kind() == kind);
                Ok(known.map_or(Dynamic::UNIT, |known| json_to_dynamic(known.row().into())))
            },
        );
    }
    engine.register_fn(
        "show",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, target: Dynamic| -> RhaiResult {
            let known = known(&ctx, handle, "show", target)?;
            Ok(known.map_or(Dynamic::UNIT, |known| json_to_dynamic(known.card(&handle.0).into())))
        },
    );
    engine.register_fn(
        "age",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, target: Dynamic| -> RhaiResult {
            let known = known(&ctx, handle, "age", target)?;
            Ok(known.map_or(Dynamic::UNIT, |known| (handle.0.clock.seconds() - known.time()).into()))
        },
    );
}

/// What the cache knows of a target.
pub(super) fn known(
    ctx: &NativeCallContext<'_>,
    handle: &CacheHandle,
    function: &str,
    target: Dynamic,
) -> RhaiResult<Option<Known>> {
    let target =
        Cached::from_arg(arg(target)).map_err(|mismatch| raise(ctx, wrong(function, "target", mismatch)))?;
    Ok(lookup(&handle.0.cache, &target))
}

fn wrong(function: &str, param: &str, mismatch: crate::api::Mismatch) -> Error {
    let (expected, got) = match mismatch {
        crate::api::Mismatch::Kind(got) => (crate::spec::Kind::Cached.text(), got),
        crate::api::Mismatch::Value(expected, got) => (expected, got),
    };
    Error::new(Kind::Argument { method: format!("cache.{function}"), param: param.into(), expected, got })
}

/// `cache.find(text)` and `cache.sql(text, params)`.
fn search(engine: &mut Engine) {
    fn find(handle: &CacheHandle, text: &str, limit: i64) -> Dynamic {
        let limit = usize::try_from(limit).unwrap_or(0);
        let found = handle.0.cache.find(text, Entry::ALL, limit);
        let rows = found.into_iter().map(|found| {
            json_to_dynamic(json!({ "kind": found.kind.name(), "name": found.name, "id": found.id, "timeStamp": found.time }))
        });
        Dynamic::from_array(rows.collect())
    }
    engine.register_fn("find", |handle: &mut CacheHandle, text: &str| find(handle, text, FOUND as i64));
    engine.register_fn("find", |handle: &mut CacheHandle, text: &str, limit: i64| find(handle, text, limit));
    fn sql(ctx: &NativeCallContext<'_>, handle: &CacheHandle, text: &str, params: &[Dynamic]) -> RhaiResult {
        let params: Vec<Value> = params.iter().map(|value| view(value).to_json()).collect();
        let rows = handle.0.cache.query(text, &params).map_err(|error| raise(ctx, error))?;
        Ok(Dynamic::from_array(rows.into_iter().map(|row| json_to_dynamic(row.into())).collect()))
    }
    engine.register_fn("sql", |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, text: &str| {
        sql(&ctx, handle, text, &[])
    });
    engine.register_fn(
        "sql",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, text: &str, params: Array| {
            sql(&ctx, handle, text, &params)
        },
    );
}

/// `cache.tables()`, `.schema()`, `.stats()`, `.usage()`, `.path(id)`, `.tree()`.
fn about(engine: &mut Engine, print: &Print) {
    engine.register_fn("tables", |handle: &mut CacheHandle| {
        json_to_dynamic(handle.0.cache.tables().into_iter().map(Value::Object).collect())
    });
    engine.register_fn("schema", |ctx: NativeCallContext<'_>, handle: &mut CacheHandle| -> RhaiResult {
        let sql = "select type, name, tbl_name as 'table', sql from sqlite_schema where sql is not null order by rowid";
        let rows = handle.0.cache.query(sql, &[]).map_err(|error| raise(&ctx, error))?;
        Ok(json_to_dynamic(rows.into_iter().map(Value::Object).collect()))
    });
    engine.register_fn("stats", |handle: &mut CacheHandle| json_to_dynamic(cache_stats(&handle.0).into()));
    engine
        .register_fn("usage", |handle: &mut CacheHandle| json_to_dynamic(handle.0.usage_report().to_json()));
    engine.register_fn("path", |handle: &mut CacheHandle, id: i64| handle.0.cache.department_path(id));
    let out = Arc::clone(print);
    engine.register_fn("tree", move |handle: &mut CacheHandle| {
        let text = cache_tree(&handle.0.cache, Lang::En);
        if !text.is_empty() {
            out(&text);
        }
    });
}

/// `cache.forget(x)` and `cache.clear("users")`.
fn remove(engine: &mut Engine, bridge: &Arc<Bridge>) {
    engine.register_fn(
        "forget",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, target: Dynamic| -> RhaiResult {
            let Some(known) = known(&ctx, handle, "forget", target)? else { return Ok(0_i64.into()) };
            let (table, key) = known.key();
            let gone = handle.0.cache.forget(table, &key).map_err(|error| raise(&ctx, error))?;
            Ok((gone as i64).into())
        },
    );
    let here = Arc::clone(bridge);
    let clear =
        move |ctx: &NativeCallContext<'_>, handle: &CacheHandle, name: &str, sure: bool| -> RhaiResult {
            let table = table_named(name).map_err(|error| raise(ctx, error))?;
            let rows = handle.0.cache.count_rows(table);
            let question = Text::made(
                format!("Delete all {rows} rows of `{}` from the cache?", table.name()),
                format!("删除缓存中 `{}` 的全部 {rows} 行？", table.name()),
            );
            if !sure {
                match here.turn.release(|| handle.0.ask(&question)) {
                    Some(true) => {}
                    Some(false) => return Ok(0_i64.into()),
                    None => return Err(raise(ctx, unsure(name))),
                }
            }
            let gone = handle.0.cache.clear(table).map_err(|error| raise(ctx, error))?;
            Ok((gone as i64).into())
        };
    let asks = clear.clone();
    engine.register_fn("clear", move |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, name: &str| {
        asks(&ctx, handle, name, false)
    });
    engine.register_fn(
        "clear",
        move |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, name: &str, options: Map| {
            clear(&ctx, handle, name, flag(&options, "yes"))
        },
    );
}

fn unsure(name: &str) -> Error {
    Error::unsendable("cache.clear: there is nobody to ask", "cache.clear：没有可确认的人").hint(Text::made(
        format!("`cache.clear(\"{name}\", #{{yes: true}})` does it without asking"),
        format!("`cache.clear(\"{name}\", #{{yes: true}})` 不经确认直接执行"),
    ))
}

/// A flag in a trailing map.
pub(super) fn flag(options: &Map, name: &str) -> bool {
    options.get(name).is_some_and(|value| value.as_bool().unwrap_or(false))
}

/// A path out of a text.
pub(super) fn path(text: &ImmutableString) -> PathBuf {
    PathBuf::from(text.as_str())
}
