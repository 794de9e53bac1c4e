//! `cache.backup(path)`, `.export(path)` and `.import(path)`.

use std::path::Path;

use rhai::Dynamic;
use serde_json::json;

use super::cache::CacheHandle;
use super::cache_method::method;
use super::convert::json_to_dynamic;
use super::registry::Registry;
use crate::ops::{export_cache, import_cache};

/// Registers them.
pub(super) fn register(registry: &mut Registry) {
    method(registry, "backup", &[1], |cache: &CacheHandle, given| {
        let done = cache.0.cache.backup(Path::new(&given.text(0)?));
        done.map(|()| Dynamic::UNIT).map_err(|error| given.fail(error))
    });
    method(registry, "export", &[1, 2], |cache: &CacheHandle, given| {
        let (path, secrets) = (given.text(0)?, given.flag(1, "secrets")?);
        let rows =
            export_cache(&cache.0.cache, Path::new(&path), secrets).map_err(|error| given.fail(error))?;
        Ok(Dynamic::from(rows as i64))
    });
    method(registry, "import", &[1], |cache: &CacheHandle, given| {
        let done =
            import_cache(&cache.0.cache, Path::new(&given.text(0)?)).map_err(|error| given.fail(error))?;
        Ok(json_to_dynamic(json!({ "read": done.read, "written": done.written })))
    });
}
