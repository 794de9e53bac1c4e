//! The engine: limits, hooks, and everything that is registered.

use std::cell::Cell;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use rhai::{Dynamic, Engine, OptimizationLevel, Token};

use super::bridge::Bridge;
use super::cache::CacheHandle;
use super::captured::{CapturedNames, copy_of_handle};
use super::caught::{CatchNames, caught};
use super::limit::{self, Passed};
use super::live::{Live, Opener};
use super::modules::Modules;
use super::order::Orders;
use super::registry::Registry;
use super::results::{Kept, Results};
use super::station::Station;
use super::stop::Stop;
use super::{
    ai_source, bind, builtins, cache, end, event, failure, fiber, handlers, listen, listing, objects,
    parallel, results, route, standing, task, token_scope,
};
use crate::lang::Spoken;

/// Where `print` goes.
pub type Print = Arc<dyn Fn(&str) + Send + Sync>;

/// How deep functions may call each other: a script that recurses without end gets an error, not a crash.
const CALL_LEVELS: usize = 100;

/// How often a computation looks whether it is to stop, and whether another waits.
const STOP_MASK: u64 = 0xff;
const OFFER_MASK: u64 = 0xfff;

/// How often it looks how much memory the process holds.
const LOOK_MASK: u64 = 0xffff;

/// The current `app`; `Dingtalk(…)` in a `main.rhai` may replace it.
pub(super) type Current = Arc<RwLock<Option<Live>>>;

/// What the engine shares with its session.
#[derive(Clone, Default)]
pub(super) struct Common {
    /// The app.
    pub(super) current: Current,
    /// How the variables of `catch` are called.
    pub(super) catches: Arc<CatchNames>,
    /// The variables that a function of their own method captures.
    pub(super) captured: Arc<CapturedNames>,
    /// The language of texts.
    pub(super) spoken: Spoken,
    /// The order of the fields of answers.
    pub(super) orders: Arc<Orders>,
    /// `In` and `Out`, where there is a prompt.
    pub(super) results: Arc<Mutex<Results>>,
}

/// Builds the engine.
pub(super) fn build(
    bridge: &Arc<Bridge>,
    station: &Arc<Station>,
    common: &Common,
    opener: &Opener,
    print: &Print,
) -> Engine {
    let functions = &station.functions;
    let mut engine = Engine::new();
    // It would put constants in the place of their names, and then panic at `const c = #{a: 1}; c.a = 2`.
    engine.set_optimization_level(OptimizationLevel::None);
    // It would look through all that it keeps for each new text.
    engine.set_max_strings_interned(0);
    engine.set_max_call_levels(CALL_LEVELS);
    engine.set_max_expr_depths(256, 128);
    engine.set_fail_on_invalid_map_property(true);
    hooks(&mut engine, bridge, print);
    name_methods(&mut engine);
    resolve(&mut engine, common);
    engine.set_module_resolver(Modules::new(Arc::clone(&common.catches)));
    let mut registry = Registry::new(engine);
    objects::register(&mut registry, &common.orders);
    listing::register(&mut registry);
    results::register(&mut registry, &common.orders);
    failure::register(&mut registry, &common.spoken);
    bind::register(&mut registry, bridge, functions, &common.orders, opener);
    ai_source::register(&mut registry, functions);
    builtins::register(&mut registry, bridge, &common.orders, &common.current);
    cache::register(&mut registry, bridge, functions, print);
    parallel::register(&mut registry, functions, &common.current);
    token_scope::register(&mut registry);
    standing::register(&mut registry);
    task::register(&mut registry, functions, &common.current);
    event::register(&mut registry, station);
    handlers::register(&mut registry, station);
    listen::register(&mut registry, station);
    route::register(&mut registry, station);
    registry.finish()
}

fn hooks(engine: &mut Engine, bridge: &Arc<Bridge>, print: &Print) {
    let here = Arc::clone(bridge);
    engine.on_progress(move |steps| {
        if let Some(word) = end::remembered() {
            return Some(word);
        }
        if steps & STOP_MASK == 0 && Stop::current_is_fired() {
            return Some(Dynamic::UNIT);
        }
        if limit::is_passed() || (steps & LOOK_MASK == 0 && limit::is_passed_by_all()) {
            let word = Passed::word();
            end::remember(&word);
            return Some(word);
        }
        if steps & OFFER_MASK == 0 {
            here.turn.offer();
            fiber::offer();
        }
        None
    });
    let out = Arc::clone(print);
    engine.on_print(move |text| out(text));
    engine.on_debug(|text, source, position| tracing::info!(target: "script", "{}{position} {text}", source.unwrap_or_default()));
}

/// Behind a dot, `import` and `export` are names like any other: `cache.export(…)`.
#[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
fn name_methods(engine: &mut Engine) {
    thread_local! {
        static BEHIND_DOT: Cell<bool> = const { Cell::new(false) };
    }
    engine.on_parse_token(|token, position, _| {
        let is_first = (position.line(), position.position()) == (Some(1), Some(1));
        let behind_dot = BEHIND_DOT.replace(matches!(token, Token::Period | Token::Elvis)) && !is_first;
        match token {
            Token::Import if behind_dot => Token::Identifier(Box::new("import".into())),
            Token::Export if behind_dot => Token::Identifier(Box::new("export".into())),
            other => other,
        }
    });
}

/// `app`, `cache`, `In` and `Out` are seen by functions, closures and handlers alike, and a variable of such a name comes first. An
/// error of the language that was caught becomes one of ours when it is looked at.
#[allow(deprecated)] // `on_var` is marked volatile by Rhai; the version is held in Cargo.toml.
fn resolve(engine: &mut Engine, common: &Common) {
    let Common { current, catches, captured, results, .. } = common.clone();
    // A result may hold a function, and with it the engine.
    let results = Arc::downgrade(&results);
    engine.on_var(move |name, _, mut ctx| match name {
        "app" | "cache" => {
            if let Some(own) = ctx.scope().get(name) {
                // A closure inside of a closure captures it: as a copy it may be captured in a call of its own methods.
                return Ok(copy_of_handle(own));
            }
            let handle = |live: Live| match name {
                "app" => Dynamic::from(live),
                _ => Dynamic::from(CacheHandle(live.0)),
            };
            Ok(current.read().clone().map(handle))
        }
        "In" | "Out" => {
            let results = results.upgrade();
            let results =
                results.filter(|results| !ctx.scope().contains(name) && results.lock().has_prompt());
            Ok(results.and_then(|results| Kept::named(name, &results)).map(Dynamic::from))
        }
        _ => {
            if captured.have(name)
                && let Some(copy) = ctx.scope().get(name).and_then(copy_of_handle)
            {
                return Ok(Some(copy));
            }
            if catches.may_have(name) {
                let found = ctx.scope().get(name).and_then(|value| caught(ctx.engine(), value));
                if let (Some(error), Some(variable)) = (found, ctx.scope_mut().get_mut(name)) {
                    *variable = error;
                }
            }
            Ok(None)
        }
    });
}
