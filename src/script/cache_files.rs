//! `cache.backup(path)`, `.export(path)` and `.import(path)`.

use rhai::{Dynamic, Engine, ImmutableString, Map, NativeCallContext};
use serde_json::json;

use super::cache::{CacheHandle, flag, path};
use super::convert::json_to_dynamic;
use super::failure::{RhaiResult, raise};
use crate::ops::{export_cache, import_cache};

/// Registers them.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn(
        "backup",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, to: ImmutableString| -> RhaiResult<()> {
            handle.0.cache.backup(&path(&to)).map_err(|error| raise(&ctx, error))
        },
    );
    fn export(
        ctx: &NativeCallContext<'_>,
        handle: &CacheHandle,
        to: &ImmutableString,
        secrets: bool,
    ) -> RhaiResult {
        let rows = export_cache(&handle.0.cache, &path(to), secrets).map_err(|error| raise(ctx, error))?;
        Ok(Dynamic::from(rows as i64))
    }
    engine.register_fn(
        "export",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, to: ImmutableString| {
            export(&ctx, handle, &to, false)
        },
    );
    engine.register_fn(
        "export",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, to: ImmutableString, options: Map| {
            export(&ctx, handle, &to, flag(&options, "secrets"))
        },
    );
    engine.register_fn(
        "import",
        |ctx: NativeCallContext<'_>, handle: &mut CacheHandle, from: ImmutableString| -> RhaiResult {
            let done = import_cache(&handle.0.cache, &path(&from)).map_err(|error| raise(&ctx, error))?;
            Ok(json_to_dynamic(json!({ "read": done.read, "written": done.written })))
        },
    );
}
