//! Functions that every script has beside Rhai's own.

use std::sync::Arc;
use std::time::Duration;

use rhai::{Dynamic, Engine, EvalAltResult, Map, NativeCallContext};

use super::bridge::Bridge;
use super::convert::{json_to_dynamic, view};
use super::end;
use super::failure::{Leave, RhaiResult, raise};
use crate::client::Flight;
use crate::error::{Error, Result};

/// Registers them.
pub(super) fn register(engine: &mut Engine, bridge: &Arc<Bridge>) {
    leave(engine);
    sleep(engine, bridge);
    json(engine);
    engine.register_fn("get", |map: &mut Map, key: &str, default: Dynamic| {
        map.get(key).cloned().unwrap_or(default)
    });
}

/// `exit(n)` leaves with code `n`, from anywhere; nothing catches it.
fn leave(engine: &mut Engine) {
    for name in ["exit", "quit"] {
        engine.register_fn(name, |ctx: NativeCallContext<'_>| -> RhaiResult { Err(leaving(&ctx, 0)) });
        engine.register_fn(name, |ctx: NativeCallContext<'_>, code: i64| -> RhaiResult {
            Err(leaving(&ctx, code))
        });
    }
}

fn leaving(ctx: &NativeCallContext<'_>, code: i64) -> Box<EvalAltResult> {
    let word = Dynamic::from(Leave(code));
    end::remember(&word);
    Box::new(EvalAltResult::ErrorTerminated(word, ctx.call_position()))
}

/// `sleep(seconds)`: other evaluations go on meanwhile, and Ctrl-C ends it.
fn sleep(engine: &mut Engine, bridge: &Arc<Bridge>) {
    fn nap(bridge: &Bridge, seconds: f64) -> Result<()> {
        let Ok(time) = Duration::try_from_secs_f64(seconds) else {
            return Err(Error::unsendable("sleep: the seconds must be 0 or more", "sleep：秒数不能小于 0"));
        };
        bridge.wait(&Flight::default(), async move {
            tokio::time::sleep(time).await;
            Ok(())
        })
    }
    let here = Arc::clone(bridge);
    engine.register_fn("sleep", move |ctx: NativeCallContext<'_>, seconds: i64| -> RhaiResult<()> {
        nap(&here, seconds as f64).map_err(|error| raise(&ctx, error))
    });
    let here = Arc::clone(bridge);
    engine.register_fn("sleep", move |ctx: NativeCallContext<'_>, seconds: f64| -> RhaiResult<()> {
        nap(&here, seconds).map_err(|error| raise(&ctx, error))
    });
}

/// `parse_json(text)` and `to_json(value)`; Rhai's own cannot read escaped emoji.
fn json(engine: &mut Engine) {
    engine.register_fn("parse_json", |ctx: NativeCallContext<'_>, text: &str| -> RhaiResult {
        serde_json::from_str(text).map(json_to_dynamic).map_err(|error| {
            raise(&ctx, Error::unsendable(format!("parse_json: {error}"), format!("parse_json：{error}")))
        })
    });
    engine.register_fn("to_json", |value: Dynamic| view(&value).to_json().to_string());
    engine.register_fn("to_json", |value: Map| view(&value.into()).to_json().to_string());
}
