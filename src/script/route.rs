//! `route("GET /status", |request| …)`: requests over HTTP that a script answers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::RwLock;
use rhai::{Array, Dynamic, FnPtr, Map, NativeCallContext};

use super::failure::{RhaiResult, raise};
use super::registry::Registry;
use super::station::Station;
use crate::error::{Error, Kind, Result};
use crate::events::FindRoutes;
use crate::lang::Text;
use crate::model::{Hook, Route};

/// The routes of a session, oldest first, with their numbers.
#[derive(Clone, Default)]
pub(super) struct Routes {
    made: Arc<AtomicI64>,
    list: Arc<RwLock<Vec<(i64, Route)>>>,
}

/// A route as scripts hold it.
#[derive(Debug, Clone)]
struct Handle {
    id: i64,
    pattern: String,
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Route {}>", self.pattern)
    }
}

impl Routes {
    fn add(&self, route: Route) -> Handle {
        let id = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let pattern = route.pattern();
        self.list.write().push((id, route));
        Handle { id, pattern }
    }

    fn remove(&self, id: i64) -> i64 {
        let mut list = self.list.write();
        let before = list.len();
        list.retain(|(own, _)| *own != id);
        i64::try_from(before - list.len()).unwrap_or_default()
    }

    /// These and those of a configuration, which are asked first, as they are at each request.
    pub(super) fn with(&self, configured: &[Route]) -> FindRoutes {
        let (list, configured) = (Arc::clone(&self.list), configured.to_vec());
        Arc::new(move |method, path| {
            let list = list.read();
            let all = configured.iter().chain(list.iter().map(|(_, route)| route));
            all.filter(|route| route.takes(method, path)).cloned().collect()
        })
    }
}

/// Registers the functions.
pub(super) fn register(registry: &mut Registry, station: &Arc<Station>) {
    registry.register_shown::<Handle>("Route", ToString::to_string);
    registry.register_get("path", |handle: &mut Handle| handle.pattern.clone());
    let here = Arc::clone(station);
    registry.register_fn(
        "route",
        move |ctx: NativeCallContext<'_>, pattern: &str, f: FnPtr| -> RhaiResult<Handle> {
            let (method, path) = parts(pattern).map_err(|error| raise(&ctx, error))?;
            let function = Hook(here.functions.newest(f, &here.library));
            Ok(here.routes.add(Route { method, path, function }))
        },
    );
    let here = Arc::clone(station);
    registry.register_fn("off", move |handle: Handle| here.routes.remove(handle.id));
    let here = Arc::clone(station);
    registry.register_fn("routes", move || -> Array {
        let row = |(id, route): &(i64, Route)| {
            Dynamic::from_map(Map::from([
                ("id".into(), (*id).into()),
                ("path".into(), route.pattern().into()),
            ]))
        };
        here.routes.list.read().iter().map(row).collect()
    });
}

/// The method and the path of a route that scripts may have.
///
/// # Errors
/// When it is none, or for nothing but what DingTalk pushes.
pub(super) fn parts(pattern: &str) -> Result<(Option<String>, String)> {
    let is_dingtalks = |method: Option<&str>, path: &str| path == "/" && method == Some("POST");
    let parts = Route::parts(pattern).filter(|(method, path)| !is_dingtalks(method.as_deref(), path));
    parts.ok_or_else(|| wrong(pattern))
}

pub(super) fn wrong(pattern: &str) -> Error {
    let expected = Text::fixed(
        "a path such as \"/status\", \"GET /status\" or \"/files/*\" (\"POST /\" is DingTalk's)",
        "路径，如 \"/status\"、\"GET /status\" 或 \"/files/*\"（\"POST /\" 属于钉钉）",
    );
    let got = format!("{pattern:?}");
    Error::new(Kind::Argument { method: "route".into(), param: "path".into(), expected, got })
}
