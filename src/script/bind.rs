//! Binds the rows: it loops over them and names no method.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rhai::Dynamic;

use super::bridge::Bridge;
use super::construct::construct;
use super::convert::{arg, output_to_dynamic};
use super::failure::raise;
use super::function::Functions;
use super::live::{Door, Live, Opener};
use super::order::Orders;
use super::registry::Registry;
use super::standing;
use super::task::IN_PLACE;
use super::token_scope;
use crate::api::{Arg, methods};
use crate::ops::{Context, is_immediate, run, run_immediate, run_raw};
use crate::spec::{Method, On};

/// The engine tries every combination of types, so untyped arguments double the cost of a first call each.
pub(super) const MOST_BY_POSITION: usize = 8;

/// Registers every row under all its names.
pub(super) fn register(
    registry: &mut Registry,
    bridge: &Arc<Bridge>,
    functions: &Arc<Functions>,
    orders: &Arc<Orders>,
    opener: &Opener,
) {
    let in_place =
        |method: &Method| IN_PLACE.iter().any(|own| (own.on, own.name) == (method.on, method.name));
    for method in methods().filter(|method| !in_place(method)) {
        for name in [method.name].into_iter().chain(method.aliases.iter().copied()) {
            for count in counts(method) {
                match method.on {
                    On::App => on_app(registry, (bridge, functions, orders), method, name, count),
                    On::Door => on_door(registry, (bridge, orders), method, name, count),
                    On::Nothing => constructor(registry, (functions, opener), method, name, count),
                }
            }
        }
    }
}

/// How many arguments a call may have, the trailing map among them. A call with another number finds no function, and
/// [`miscounted`](crate::api::miscounted) says why: each registered function costs every start of the program.
fn counts(method: &Method) -> RangeInclusive<usize> {
    let has_named = method.params.len() > method.by_position;
    let most = if method.variadic { MOST_BY_POSITION } else { method.by_position + usize::from(has_named) };
    let needs_any = method.params.iter().any(|param| param.required);
    usize::from(needs_any)..=most.min(MOST_BY_POSITION)
}

fn on_app(
    registry: &mut Registry,
    (bridge, functions, orders): (&Arc<Bridge>, &Arc<Functions>, &Arc<Orders>),
    method: &'static Method,
    name: &str,
    count: usize,
) {
    let (bridge, functions, orders) = (Arc::clone(bridge), Arc::clone(functions), Arc::clone(orders));
    // What asks nobody does not give up the turn and needs no runtime.
    let immediate = is_immediate(method);
    registry.register_method(name, count, move |ctx, Live(session), args| {
        let cx = Context::new(session).with_token(token_scope::current()).under(standing::current());
        let flight = Arc::clone(&cx.flight);
        let given: Vec<Arg> = args.into_iter().map(|value| functions.arg(ctx, value)).collect();
        let output = if immediate {
            run_immediate(&cx, method, given)
        } else {
            bridge.call(&flight, async move { Box::pin(run(&cx, method, given)).await })
        };
        let output = output.inspect(|output| orders.learn_output(output));
        output.map(output_to_dynamic).map_err(|error| raise(ctx, error))
    });
}

fn on_door(
    registry: &mut Registry,
    (bridge, orders): (&Arc<Bridge>, &Arc<Orders>),
    method: &'static Method,
    name: &str,
    count: usize,
) {
    let (bridge, orders) = (Arc::clone(bridge), Arc::clone(orders));
    registry.register_method(name, count, move |ctx, door: Door, args| {
        let cx = Context::new(door.session).with_token(token_scope::current()).under(standing::current());
        let flight = Arc::clone(&cx.flight);
        let given = args.into_iter().map(arg).collect();
        let output =
            bridge.call(&flight, async move { Box::pin(run_raw(&cx, door.host, method, given)).await });
        let output = output.inspect(|output| orders.learn_output(output));
        output.map(output_to_dynamic).map_err(|error| raise(ctx, error))
    });
}

fn constructor(
    registry: &mut Registry,
    (functions, opener): (&Arc<Functions>, &Opener),
    method: &'static Method,
    name: &str,
    count: usize,
) {
    let (functions, opener) = (Arc::clone(functions), Arc::clone(opener));
    registry.register_free_fn(name, count, move |ctx, args| {
        // Only a configuration may hold functions.
        let read = |value: Dynamic| match method.name {
            "Config" => functions.arg(ctx, value),
            _ => arg(value),
        };
        let given = args.into_iter().map(read).collect();
        construct(method, given, &opener).map_err(|error| raise(ctx, error))
    });
}
