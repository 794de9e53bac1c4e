//! The engine: limits, hooks, and everything that is registered.

use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use rhai::{Dynamic, Engine, OptimizationLevel};

use super::bridge::Bridge;
use super::function::Functions;
use super::live::{Live, Opener};
use super::order::Orders;
use super::results::{Kept, Results};
use super::stop::Stop;
use super::{
    ai_source, bind, builtins, end, failure, fiber, listing, objects, parallel, results, task, token_scope,
};

/// Where `print` goes.
pub type Print = Arc<dyn Fn(&str) + Send + Sync>;

/// How deep functions may call each other: a script that recurses without end gets an error, not a crash.
const CALL_LEVELS: usize = 100;

/// How often a computation looks whether it is to stop, and whether another waits.
const STOP_MASK: u64 = 0xff;
const OFFER_MASK: u64 = 0xfff;

/// The current `app`; `Dingtalk(…)` in a `main.rhai` may replace it.
pub(super) type Current = Arc<RwLock<Option<Live>>>;

/// What an engine is built over.
pub(super) struct Parts<'a> {
    pub(super) bridge: &'a Arc<Bridge>,
    pub(super) functions: &'a Arc<Functions>,
    pub(super) current: &'a Current,
    pub(super) orders: &'a Arc<Orders>,
    pub(super) results: &'a Arc<Mutex<Results>>,
    pub(super) opener: &'a Opener,
    pub(super) print: &'a Print,
}

/// Builds the engine.
pub(super) fn build(parts: &Parts<'_>) -> Engine {
    let &Parts { bridge, functions, current, orders, results, opener, print } = parts;
    let mut engine = Engine::new();
    // It would put constants in the place of their names, and then panic at `const c = #{a: 1}; c.a = 2`.
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_call_levels(CALL_LEVELS);
    engine.set_max_expr_depths(256, 128);
    engine.set_max_string_size(256 * 1024 * 1024);
    engine.set_max_array_size(16_000_000);
    engine.set_max_map_size(16_000_000);
    engine.set_fail_on_invalid_map_property(true);
    hooks(&mut engine, bridge, print);
    resolve_names(&mut engine, current, results);
    objects::register(&mut engine, orders);
    listing::register(&mut engine);
    results::register(&mut engine, orders);
    failure::register(&mut engine);
    bind::register(&mut engine, bridge, functions, orders, opener);
    ai_source::register(&mut engine, functions);
    builtins::register(&mut engine, bridge, orders);
    parallel::register(&mut engine, functions, current);
    token_scope::register(&mut engine);
    task::register(&mut engine, bridge);
    engine
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

/// `app`, `In` and `Out` are seen by functions, closures and handlers alike, and a variable of that name comes first.
#[allow(deprecated)] // `on_var` is marked volatile by Rhai; the version is held in Cargo.toml.
fn resolve_names(engine: &mut Engine, current: &Current, results: &Arc<Mutex<Results>>) {
    let (current, results) = (Arc::clone(current), Arc::downgrade(results));
    engine.on_var(move |name, _, ctx| {
        if name != "app" {
            let results = matches!(name, "In" | "Out").then(|| results.upgrade()).flatten();
            let results =
                results.filter(|results| !ctx.scope().contains(name) && results.lock().has_prompt());
            return Ok(results.and_then(|results| Kept::named(name, &results)).map(Dynamic::from));
        }
        if let Some(own) = ctx.scope().get("app") {
            // A closure inside of a closure captures it: as a copy it may be captured in a call of its own methods.
            let captured = own.is_shared().then(|| own.flatten_clone()).filter(Dynamic::is::<Live>);
            return Ok(captured);
        }
        Ok(current.read().clone().map(Dynamic::from))
    });
}
