//! `cache.on_change(|change| …)`: a function that is called for every row that changes, whoever changes it.

use std::sync::Arc;
use std::time::Duration;

use rhai::Dynamic;
use serde_json::{Value, json};

use super::bridge::Bridge;
use super::cache::CacheHandle;
use super::cache_method::method;
use super::function::Functions;
use super::registry::Registry;
use crate::cache::{Cache, Change};
use crate::client::Flight;
use crate::error::Result;
use crate::lang::Lang;
use crate::model::{Callable, Own};
use crate::ops::row_of;

/// How often to look for changes; another process does not tell.
const OFTEN: Duration = Duration::from_millis(150);

/// Changes that are read at once.
const PAGE: usize = 200;

/// Registers it. It gives a task, whose `cancel()` ends it.
pub(super) fn register(registry: &mut Registry, bridge: &Arc<Bridge>, functions: &Arc<Functions>) {
    let (bridge, functions) = (Arc::clone(bridge), Arc::clone(functions));
    method(registry, "on_change", &[1], move |handle: &CacheHandle, given| {
        let function = functions.callable(given.ctx, given.function(0)?);
        let session = Arc::clone(&handle.0);
        let cache = session.cache.clone();
        let from = cache.last_change();
        let task = bridge.wait(&Flight::default(), async move {
            Ok(session.start_task("cache.on_change", follow(cache, from, function)))
        });
        task.map(Dynamic::from).map_err(|error| given.fail(error))
    });
}

async fn follow(cache: Cache, mut seq: i64, function: Arc<dyn Callable>) -> Result<Own> {
    loop {
        for change in cache.changes_since(seq, PAGE) {
            seq = change.seq;
            let told = told(&cache, &change);
            if let Err(error) = function.call(vec![told]).await {
                tracing::warn!(target: "dingraia", zh = %format!("cache.on_change：{}", error.text(Lang::Zh)), "cache.on_change: {error}");
            }
        }
        tokio::time::sleep(OFTEN).await;
    }
}

/// A change with the row as it is now; `row` is nothing when it was deleted.
fn told(cache: &Cache, change: &Change) -> Value {
    let row = row_of(cache, &change.table, &change.key);
    json!({
        "table": change.table, "op": change.op, "key": change.key, "name": change.name, "timeStamp": change.time,
        "row": row,
    })
}
