//! The engine: limits, hooks, and everything that is registered.

use std::sync::Arc;

use parking_lot::RwLock;
use rhai::{Dynamic, Engine, OptimizationLevel};

use super::bridge::Bridge;
use super::live::{Live, Opener};
use super::station::Station;
use super::stop::Stop;
use super::{
    ai_source, bind, builtins, end, event, failure, fiber, handlers, listen, objects, parallel, task,
    token_scope,
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

/// Builds the engine.
pub(super) fn build(
    bridge: &Arc<Bridge>,
    station: &Arc<Station>,
    current: &Current,
    opener: &Opener,
    print: &Print,
) -> Engine {
    let functions = &station.functions;
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
    resolve_app(&mut engine, current);
    objects::register(&mut engine);
    failure::register(&mut engine);
    bind::register(&mut engine, bridge, functions, opener);
    ai_source::register(&mut engine, functions);
    builtins::register(&mut engine, bridge);
    parallel::register(&mut engine, functions);
    token_scope::register(&mut engine);
    task::register(&mut engine, functions, current);
    event::register(&mut engine, station);
    handlers::register(&mut engine, station);
    listen::register(&mut engine, station);
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

/// `app` is seen by functions, closures and handlers alike, and a variable of that name comes first.
#[allow(deprecated)] // `on_var` is marked volatile by Rhai; the version is held in Cargo.toml.
fn resolve_app(engine: &mut Engine, current: &Current) {
    let current = Arc::clone(current);
    engine.on_var(move |name, _, ctx| {
        if name != "app" {
            return Ok(None);
        }
        if let Some(own) = ctx.scope().get("app") {
            // A closure inside of a closure captures it: as a copy it may be captured in a call of its own methods.
            let captured = own.is_shared().then(|| own.flatten_clone()).filter(Dynamic::is::<Live>);
            return Ok(captured);
        }
        Ok(current.read().clone().map(Dynamic::from))
    });
}
