//! An error as scripts see it: `try { … } catch (e) { e.code, e.kind, e.message, e.hint, e.request_id, e.sent }`.

use std::fmt;
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext, Position};

use super::convert::json_to_dynamic;
use super::end;
use super::function::Thrown;
use crate::error::{Error, Kind};
use crate::lang::Lang;

/// What a native function returns.
pub(super) type RhaiResult<T = Dynamic> = Result<T, Box<EvalAltResult>>;

/// An error with the place of the call.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) error: Arc<Error>,
    line: i64,
    lang: Lang,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.text(self.lang))
    }
}

/// `exit(n)` on its way out; nothing can catch it.
#[derive(Clone, Debug)]
pub(super) struct Leave(pub(super) i64);

/// Makes a Rhai error of `error`, at the place of the call.
pub(super) fn raise(ctx: &NativeCallContext<'_>, error: Error) -> Box<EvalAltResult> {
    raise_at(ctx.call_position(), error)
}

/// Makes a Rhai error of `error` at `position`. An interruption cannot be caught.
pub(super) fn raise_at(position: Position, error: Error) -> Box<EvalAltResult> {
    // What a script's function threw inside of a method comes out as it was.
    if let Some(thrown) = Thrown::inside(&error) {
        return thrown;
    }
    let line = position.line().and_then(|line| i64::try_from(line).ok()).unwrap_or(0);
    let stops = matches!(error.kind(), Kind::Interrupted { .. });
    let value = Dynamic::from(Failure { error: Arc::new(error), line, lang: Lang::En });
    Box::new(if stops {
        end::remember(&value);
        EvalAltResult::ErrorTerminated(value, position)
    } else {
        EvalAltResult::ErrorRuntime(value, position)
    })
}

/// Gives scripts the fields of an error.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Failure>("Error");
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |failure: &mut Failure| failure.to_string());
    }
    engine.register_get("message", |failure: &mut Failure| failure.to_string());
    engine.register_get("code", |failure: &mut Failure| failure.error.code().to_owned());
    engine.register_get("kind", |failure: &mut Failure| failure.error.kind_name().to_owned());
    engine.register_get("request_id", |failure: &mut Failure| failure.error.request_id().to_owned());
    engine.register_get("sent", |failure: &mut Failure| failure.error.sent().name().to_owned());
    engine.register_get("line", |failure: &mut Failure| failure.line);
    for name in ["hint", "solution"] {
        engine.register_get(name, |failure: &mut Failure| {
            let hints = failure.error.hints().iter().map(|hint| hint.get(failure.lang));
            hints.collect::<Vec<_>>().join("; ")
        });
    }
    engine.register_get("exception", |failure: &mut Failure| match failure.error.kind() {
        Kind::Refused(refusal) => refusal.exception.to_owned(),
        _ => String::new(),
    });
    engine.register_get("status", |failure: &mut Failure| match failure.error.kind() {
        Kind::Refused(refusal) => i64::from(refusal.status),
        Kind::Unreadable { status, .. } => i64::from(*status),
        _ => 0,
    });
    engine.register_get("body", |failure: &mut Failure| match failure.error.kind() {
        Kind::Refused(refusal) => json_to_dynamic(refusal.body.clone()),
        Kind::Partial { body, .. } => json_to_dynamic(body.clone()),
        _ => Dynamic::UNIT,
    });
}
