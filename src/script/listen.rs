//! `app.start(…)`, `app.stop()`, `app.wait_message(Waiter(…), timeout)`, and what `event.ask` does.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rhai::{Dynamic, NativeCallContext};
use tokio::sync::oneshot;

use super::convert::{arg, object_to_dynamic, output_to_dynamic};
use super::event::Happening;
use super::failure::{RhaiResult, raise};
use super::filter::Wanted;
use super::lane;
use super::live::Live;
use super::registry::Registry;
use super::station::Station;
use super::waiter::Waiter;
use crate::api::listen::{Start, WaitMessage};
use crate::api::task::Stop;
use crate::api::{Arg, Args, FromArg as _, Object, Request as _, Seconds};
use crate::client::Flight;
use crate::error::{Error, Kind, Limit, Result, Sent};
use crate::events::{Ask, Event};
use crate::lang::Text;
use crate::ops::{Context, Session, run};
use crate::spec::Kind as SpecKind;

/// How long `event.ask` waits when nothing is said, in seconds.
const ASK: f64 = 300.0;

/// Registers the methods.
pub(super) fn register(registry: &mut Registry, station: &Arc<Station>) {
    for count in 0..=2 {
        let here = Arc::clone(station);
        registry.register_method("start", count, move |ctx, Live(session), args| {
            let started = start(&here, &session, args.into_iter().map(arg).collect());
            started.map(|()| Dynamic::UNIT).map_err(|error| raise(ctx, error))
        });
    }
    let here = Arc::clone(station);
    registry.register_fn("stop", move |ctx: NativeCallContext<'_>, live: &mut Live| -> RhaiResult {
        here.stop(&live.0);
        let cx = Context::new(Arc::clone(&live.0));
        let stopped = here.functions.bridge.wait(&Flight::default(), run(&cx, Stop::METHOD, Vec::new()));
        stopped.map(output_to_dynamic).map_err(|error| raise(&ctx, error))
    });
    for count in 1..=3 {
        let here = Arc::clone(station);
        registry.register_method("wait_message", count, move |ctx, Live(session), args| {
            let waiter = args[0].read_lock::<Waiter>().map(|waiter| waiter.clone());
            let given = args.into_iter().map(arg).collect();
            wait_message(&here, &session, waiter, given).map_err(|error| raise(ctx, error))
        });
    }
    registry.register_shown::<Waiter>("Waiter", |_| "<Waiter>".into());
    registry.register_fn(
        "Waiter",
        |ctx: NativeCallContext<'_>, group: Dynamic, member: Dynamic| -> RhaiResult<Waiter> {
            waiter(&group, &member).map_err(|error| raise(&ctx, error))
        },
    );
}

/// The error of a second `start`.
pub(super) fn listens_already() -> Error {
    Error::unsendable("start: this app listens already", "start：该应用已在监听")
        .hint(Text::fixed("`app.stop()` ends that", "可用 `app.stop()` 停止"))
}

/// Listens until `app.stop()` or Ctrl-C, and then lets the handlers come to their ends; at the prompt it goes on beside it.
fn start(station: &Arc<Station>, session: &Arc<Session>, given: Vec<Arg>) -> Result<()> {
    let Start { port, host } = Start::take(Args::bind(Start::METHOD, given)?)?;
    let host: IpAddr = match &host {
        Some(host) => host.parse().map_err(|_| wrong_host(host))?,
        None => Ipv4Addr::LOCALHOST.into(),
    };
    let address = port.map(|port| SocketAddr::from((host, port.0)));
    let token = station.start(session, Ask { address, ..Ask::default() })?;
    if station.is_beside() {
        return Ok(());
    }
    let bridge = &station.functions.bridge;
    let waited = bridge.wait(&Flight::default(), async {
        token.cancelled().await;
        Ok(())
    });
    station.stop(session);
    let most =
        Duration::try_from_secs_f64(session.config.wait_radio_message_finished_timeout).unwrap_or_default();
    // Also after Ctrl-C: what runs has its time.
    bridge.drive(station.idle(most))?;
    waited
}

fn wrong_host(host: &str) -> Error {
    let expected = Text::fixed("an address such as \"127.0.0.1\"", "如 \"127.0.0.1\" 的地址");
    let got = format!("\"{host}\"");
    Error::new(Kind::Argument { method: "start".into(), param: "host".into(), expected, got })
}

fn wait_message(
    station: &Arc<Station>,
    session: &Arc<Session>,
    waiter: Option<Waiter>,
    given: Vec<Arg>,
) -> Result<Dynamic> {
    let got = given.first().map(Arg::describe).unwrap_or_default();
    let WaitMessage { timeout, .. } = WaitMessage::take(Args::bind(WaitMessage::METHOD, given)?)?;
    let Some(waiter) = waiter else {
        let expected = Text::fixed("a Waiter(group, member)", " Waiter(group, member)");
        let (method, param) = ("wait_message".into(), "waiter".into());
        return Err(Error::new(Kind::Argument { method, param, expected, got }));
    };
    if station.status(session).is_none() {
        return Err(Error::unsendable("wait_message: nothing is listened to", "wait_message：尚未开始监听")
            .hint(Text::fixed("`app.start()` begins to listen", "请先用 `app.start()` 开始监听")));
    }
    let receiver = station.waiters.add(waiter);
    wait(station, receiver, "wait_message", "", timeout.map(|seconds| seconds.0), Sent::No)
}

/// Asks in the place of the event and waits for the same person's next message there.
pub(super) fn ask(
    ctx: &NativeCallContext<'_>,
    station: &Arc<Station>,
    happening: &Arc<Happening>,
    question: Dynamic,
    timeout: Option<Dynamic>,
) -> Result<Dynamic> {
    let seconds = match timeout.map(arg) {
        None | Some(Arg::Nil) => ASK,
        Some(given) => {
            let got = given.describe();
            let read = Seconds::from_arg(given).map(|seconds| seconds.0);
            let (method, param, expected) = ("ask".into(), "timeout".into(), SpecKind::Seconds.text());
            read.map_err(|_| Error::new(Kind::Argument { method, param, expected, got }))?
        }
    };
    let event = &happening.event;
    let waiter = Waiter { group: Some(Wanted::group_of(event)), member: Some(Wanted::member_of(event)) };
    // Before the question: the answer may be quick.
    let receiver = station.waiters.add(waiter);
    let _sent = happening.reply(station, vec![station.functions.arg(ctx, question)])?;
    let who = event.member.as_ref().map(|member| member.read().to_string()).unwrap_or_default();
    wait(station, receiver, "ask", &who, Some(seconds), Sent::Yes)
}

/// Waits for a message; the next event of the conversation whose handler waits here is let in.
fn wait(
    station: &Station,
    receiver: oneshot::Receiver<Arc<Event>>,
    call: &str,
    who: &str,
    seconds: Option<f64>,
    sent: Sent,
) -> Result<Dynamic> {
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let late = || {
        let after = seconds.unwrap_or_default();
        let (call, host) = (call.to_owned(), who.to_owned());
        Error::new(Kind::TimedOut { call, host, limit: Limit::Person, after, sent })
    };
    let waiting = || {
        station.functions.bridge.wait(&Flight::default(), async {
            let answer = match limit {
                Some(limit) => tokio::time::timeout(limit, receiver).await.ok().and_then(Result::ok),
                None => receiver.await.ok(),
            };
            answer.ok_or_else(late)
        })
    };
    let event = match lane::current() {
        Some(lane) => lane.waiting(waiting),
        None => waiting(),
    }?;
    let chain = event.message.clone();
    Ok(chain.map_or(Dynamic::UNIT, |chain| object_to_dynamic(Object::Chain(chain))))
}

fn waiter(group: &Dynamic, member: &Dynamic) -> Result<Waiter> {
    let read =
        |param, value: &Dynamic| (!value.is_unit()).then(|| Wanted::read("Waiter", param, value)).transpose();
    Ok(Waiter { group: read("group", group)?, member: read("member", member)? })
}
