//! `on("GroupMessage", |event| …, #{…})`, `off(…)`, `handlers()`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;
use rhai::{AST, Array, Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};
use serde_json::{Map as JsonMap, Value, json};

use super::convert::is_answer;
use super::event::Happening;
use super::failure::{RhaiResult, raise};
use super::filter::Filter;
use super::parallel::own_handles;
use super::problem::{Ending, Origin, Problem, read};
use super::registry::Registry;
use super::standing;
use super::station::Station;
use super::stop::Stop;
use super::viewer::view;
use crate::error::{Error, Kind as ErrorKind};
use crate::events::{Event, KINDS, Kind};
use crate::lang::Text;
use crate::ops::Scope;
use crate::spec::nearest;

/// One handler.
pub(super) struct Handler {
    id: i64,
    event: String,
    filter: Filter,
    f: FnPtr,
    pub(super) limit: Option<Duration>,
    /// What held where it was registered.
    scope: Scope,
    calls: AtomicU64,
    errors: AtomicU64,
}

impl fmt::Display for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Handler {} {}>", self.id, self.event)
    }
}

/// What a handler returned.
pub(super) struct Returned(Dynamic);

impl Returned {
    /// As the answer to an event of this kind; only a map is one. What a method gave is none: a handler may end with a call.
    pub(super) fn for_kind(&self, kind: Kind) -> Option<Value> {
        if is_answer(&self.0) {
            return None;
        }
        let Value::Object(map) = view(&self.0).to_json() else { return None };
        const PARTS: [&str; 3] = ["cardData", "userPrivateData", "cardUpdateOptions"];
        if kind != Kind::CardAction || PARTS.iter().any(|part| map.contains_key(*part)) {
            return Some(Value::Object(map));
        }
        // The variables of the card alone; over the wire they are text.
        let text = |value: Value| match value {
            Value::String(text) => Value::String(text),
            other => Value::String(other.to_string()),
        };
        let values: JsonMap<_, _> = map.into_iter().map(|(key, value)| (key, text(value))).collect();
        // Without the option everything that is not given would be removed.
        let options = json!({ "updateCardDataByKey": true });
        Some(json!({ "cardData": { "cardParamMap": values }, "cardUpdateOptions": options }))
    }
}

impl Handler {
    fn wants(&self, event: &Event) -> bool {
        // What arises here is only for those who name it: `*` means what comes from outside.
        let named = if self.event == "*" { !event.kind().is_internal() } else { event.is_named(&self.event) };
        named && self.filter.wants(event)
    }

    /// Calls it with the functions of the session as they are now.
    pub(super) fn call(&self, station: &Station, happening: &Arc<Happening>) -> RhaiResult<Returned> {
        let engine = station
            .functions
            .engine()
            .map_err(|error| super::failure::raise_at(rhai::Position::NONE, error))?;
        let library = Arc::clone(&station.library.read());
        let event = Dynamic::from(Arc::clone(happening));
        standing::within(self.scope.clone(), || {
            self.f.call::<Dynamic>(&engine, &library, (event,)).map(Returned)
        })
    }

    /// Whether its answer, which changes a card, may go out.
    pub(super) fn may_answer(&self, happening: &Happening, answer: &Value) -> bool {
        let session = happening.session();
        session.is_ok_and(|session| session.lets_answer(&self.scope, happening.event.name(), answer))
    }

    pub(super) fn count(&self, ok: bool) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if !ok {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What went wrong, with its place.
    pub(super) fn problem(
        &self,
        engine: &Engine,
        library: &AST,
        origins: &BTreeMap<String, Arc<Origin>>,
        error: EvalAltResult,
        stop: &Stop,
    ) -> Problem {
        let mut problem = match read(engine, library, error) {
            Ending::Problem(problem) => *problem,
            Ending::Leave(_) => Problem::of(Error::usage(
                "`exit` in a handler ends nothing; `app.stop()` ends listening",
                "处理函数中的 `exit` 不会退出；`app.stop()` 可停止监听",
            )),
        };
        let unknown = Origin { name: self.event.clone(), source: String::new() };
        let own = origins.get(self.f.fn_name()).map_or(&unknown, Arc::as_ref);
        problem.locate(own, |function| origins.get(function).map(Arc::as_ref));
        if stop.is_fired() {
            let seconds = self.limit.unwrap_or_default().as_secs_f64();
            problem.message = Text::made(
                format!("stopped: it took longer than {seconds} s"),
                format!("已停止：运行时间超过 {seconds} 秒"),
            );
        }
        let what = |text: &str| format!("{self}: {text}");
        problem.message = Text::made(what(&problem.message.en), what(&problem.message.zh));
        problem
    }

    /// As a row of the list.
    fn row(&self) -> Dynamic {
        let count = |count: &AtomicU64| Dynamic::from(count.load(Ordering::Relaxed).cast_signed());
        Dynamic::from_map(Map::from([
            ("id".into(), self.id.into()),
            ("event".into(), self.event.clone().into()),
            ("filter".into(), self.filter.text().into()),
            ("calls".into(), count(&self.calls)),
            ("errors".into(), count(&self.errors)),
        ]))
    }
}

/// The handlers of a session, oldest first.
#[derive(Default)]
pub(super) struct Handlers {
    made: AtomicU64,
    list: RwLock<Vec<Arc<Handler>>>,
}

impl Handlers {
    fn add(&self, event: String, mut f: FnPtr, options: &Map) -> Result<Arc<Handler>, Error> {
        let (filter, limit) = Filter::read(options)?;
        own_handles(&mut f);
        let id = (self.made.fetch_add(1, Ordering::Relaxed) + 1).cast_signed();
        let (calls, errors) = Default::default();
        let handler = Arc::new(Handler {
            id,
            event,
            filter,
            f,
            limit,
            scope: standing::current().beside(),
            calls,
            errors,
        });
        self.list.write().push(Arc::clone(&handler));
        Ok(handler)
    }

    fn remove(&self, is: impl Fn(&Handler) -> bool) -> i64 {
        let mut list = self.list.write();
        let before = list.len();
        list.retain(|handler| !is(handler));
        i64::try_from(before - list.len()).unwrap_or(i64::MAX)
    }

    pub(super) fn list(&self) -> Vec<Arc<Handler>> {
        self.list.read().clone()
    }

    pub(super) fn any(&self, event: &Event) -> bool {
        self.list.read().iter().any(|handler| handler.wants(event))
    }

    /// Whether one names this kind, whatever its filter says.
    pub(super) fn any_named(&self, kind: Kind) -> bool {
        self.list.read().iter().any(|handler| handler.event == kind.name())
    }

    /// Those that want the event.
    pub(super) fn of(&self, event: &Event) -> Vec<Arc<Handler>> {
        self.list.read().iter().filter(|handler| handler.wants(event)).cloned().collect()
    }

    pub(super) fn clear(&self) {
        self.list.write().clear();
    }
}

/// Registers the functions.
pub(super) fn register(registry: &mut Registry, station: &Arc<Station>) {
    type H = Arc<Handler>;
    registry.register_shown::<H>("Handler", ToString::to_string);
    registry.register_get("id", |handler: &mut H| handler.id);
    registry.register_get("event", |handler: &mut H| handler.event.clone());
    let on = |ctx: &NativeCallContext<'_>,
              station: &Station,
              event: &str,
              f: FnPtr,
              options: &Map|
     -> RhaiResult<H> {
        let made = event_name(event).and_then(|event| station.handlers.add(event, f, options));
        made.map_err(|error| raise(ctx, error))
    };
    let here = Arc::clone(station);
    registry.register_fn("on", move |ctx: NativeCallContext<'_>, event: &str, f: FnPtr| {
        on(&ctx, &here, event, f, &Map::new())
    });
    let here = Arc::clone(station);
    registry.register_fn("on", move |ctx: NativeCallContext<'_>, event: &str, f: FnPtr, options: Map| {
        on(&ctx, &here, event, f, &options)
    });
    let here = Arc::clone(station);
    registry.register_fn("on", move |ctx: NativeCallContext<'_>, event: &str, options: Map, f: FnPtr| {
        on(&ctx, &here, event, f, &options)
    });
    let here = Arc::clone(station);
    registry.register_fn("off", move |handler: H| here.handlers.remove(|one| one.id == handler.id));
    let here = Arc::clone(station);
    registry.register_fn("off", move |id: i64| here.handlers.remove(|one| one.id == id));
    let here = Arc::clone(station);
    registry.register_fn("off", move |ctx: NativeCallContext<'_>, event: &str| -> RhaiResult<i64> {
        let event = event_name(event).map_err(|error| raise(&ctx, error))?;
        Ok(here.handlers.remove(|one| event == "*" || one.event == event))
    });
    let here = Arc::clone(station);
    registry.register_fn("handlers", move || -> Array {
        here.handlers.list().iter().map(|one| one.row()).collect()
    });
}

/// A name that events can have: a kind, an `eventType` of DingTalk (which are in lower case), or `*`.
///
/// # Errors
/// When it is none of these.
pub fn event_name(name: &str) -> Result<String, Error> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if let Some(kind) = Kind::parse(name) {
        return Ok(kind.name().to_owned());
    }
    if name == "*" || (!name.is_empty() && name.chars().all(plain)) {
        return Ok(name.to_owned());
    }
    let near = nearest(name, KINDS.iter().map(|info| info.name));
    let expected = Text::fixed("the name of an event, or \"*\"", "事件名称或 \"*\"");
    let got = format!("\"{name}\"");
    let error = Error::new(ErrorKind::Argument { method: "on".into(), param: "event".into(), expected, got });
    Err(match near {
        Some(near) => {
            error.hint(Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")))
        }
        None => {
            let all = KINDS.iter().map(|info| info.name).collect::<Vec<_>>().join(", ");
            error.hint(Text::made(format!("there are {all}"), format!("可用的事件：{all}")))
        }
    })
}
