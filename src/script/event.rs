//! An event as a handler sees it: `event.group .member .message .text .bot .trace_id .raw`, `event.reply(…)`, `event.ask(…)`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use rhai::{Array, Dynamic, EvalAltResult, Map, NativeCallContext, Position};
use serde_json::Value;

use super::convert::{json_to_dynamic, object_to_dynamic, output_to_dynamic};
use super::failure::{RhaiResult, raise};
use super::live::Live;
use super::registry::Registry;
use super::standing;
use super::station::Station;
use super::token_scope;
use crate::api::message::SendMessage;
use crate::api::{Arg, Object, Request as _};
use crate::error::{Error, Result};
use crate::events::{Event, Hub, field};
use crate::model::Shared;
use crate::ops::{Context, Session, run};

/// The most messages of one `reply`.
const MOST: usize = 7;

/// An event that is handled, and the app it came to.
pub(super) struct Happening {
    pub(super) event: Arc<Event>,
    session: Weak<Session>,
    station: Weak<Station>,
    sent: AtomicBool,
}

type H = Arc<Happening>;

impl Happening {
    pub(super) fn new(event: Arc<Event>, session: &Arc<Session>, station: &Arc<Station>) -> H {
        let (session, station) = (Arc::downgrade(session), Arc::downgrade(station));
        Arc::new(Self { event, session, station, sent: AtomicBool::new(false) })
    }

    /// Whether it was replied to.
    pub(super) fn has_sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) fn hub(&self) -> Option<Hub> {
        Some(self.station.upgrade()?.hub(&self.session.upgrade()?))
    }

    pub(super) fn session(&self) -> Result<Arc<Session>> {
        let gone = || Error::unsendable("the app of this event is gone", "该事件所属的应用已不存在");
        self.session.upgrade().ok_or_else(gone)
    }

    /// Where a reply goes: the conversation, or the person where there is none.
    fn target(&self) -> Result<Object> {
        let event = &self.event;
        let has_place = |group: &&Shared<_>| {
            let group: &Shared<crate::model::Group> = group;
            let group = group.read();
            group.webhook.is_some() || !group.conversation_id.is_empty()
        };
        let group = event.group.as_ref().filter(has_place);
        let target = group.cloned().map(Object::Group).or_else(|| event.member.clone().map(Object::Member));
        target.ok_or_else(|| {
            let name = event.name();
            Error::unsendable(
                format!("{name} came from nobody who could be replied to"),
                format!("{name} 没有可回复的对象"),
            )
        })
    }

    /// Sends `messages` to where the event came from: over its webhook while that is good, else through the API.
    pub(super) fn reply(&self, station: &Station, messages: Vec<Arg>) -> Result<Dynamic> {
        let cx = Context::new(self.session()?).with_token(token_scope::current()).under(standing::current());
        let given = [Arg::Object(self.target()?)].into_iter().chain(messages).collect();
        let flight = Arc::clone(&cx.flight);
        let sent = station.functions.bridge.wait(&flight, run(&cx, SendMessage::METHOD, given))?;
        self.sent.store(true, Ordering::Relaxed);
        Ok(output_to_dynamic(sent))
    }
}

/// Registers the object.
pub(super) fn register(registry: &mut Registry, station: &Arc<Station>) {
    registry.register_shown::<H>("Event", |happening| happening.event.to_string());
    people(registry);
    registry.register_get("name", |h: &mut H| h.event.name());
    for name in ["type", "event_type", "eventType"] {
        registry.register_get(name, |h: &mut H| h.event.wire.clone());
    }
    for name in ["trace_id", "traceId"] {
        registry.register_get(name, |h: &mut H| h.event.trace_id.clone());
    }
    registry.register_get("time", |h: &mut H| h.event.time as f64 / 1000.0);
    registry.register_get("text", |h: &mut H| h.event.text.clone());
    for name in ["at_me", "atMe"] {
        registry.register_get(name, |h: &mut H| h.event.at_me);
    }
    registry.register_get("raw", |h: &mut H| json_to_dynamic(h.event.raw.clone()));
    registry.register_get("message", |h: &mut H| {
        let chain = h.event.message.clone();
        chain.map_or(Dynamic::UNIT, |chain| object_to_dynamic(Object::Chain(chain)))
    });
    registry.register_get("app", |h: &mut H| {
        h.session.upgrade().map_or(Dynamic::UNIT, |session| Dynamic::from(Live(session)))
    });
    registry.engine().register_indexer_get(|h: &mut H, name: &str| -> RhaiResult { other(&h.event, name) });
    replies(registry, station);
}

fn people(registry: &mut Registry) {
    registry.register_get("group", |h: &mut H| {
        h.event.group.clone().map_or(Dynamic::UNIT, |group| object_to_dynamic(Object::Group(group)))
    });
    for name in ["member", "operator", "sender"] {
        registry.register_get(name, |h: &mut H| {
            h.event.member.clone().map_or(Dynamic::UNIT, |member| object_to_dynamic(Object::Member(member)))
        });
    }
    registry.register_get("members", |h: &mut H| -> Array {
        let members = h.event.members.iter().cloned();
        members.map(|member| object_to_dynamic(Object::Member(Shared::new(member)))).collect()
    });
    registry.register_get("bot", |h: &mut H| {
        let robot = &h.event.robot;
        Map::from([
            ("id".into(), robot.id.into()),
            ("robot_code".into(), robot.code.clone().into()),
            ("corp_id".into(), robot.corp_id.clone().into()),
        ])
    });
}

/// A field that only this kind of event has, under its name on the wire.
fn other(event: &Event, name: &str) -> RhaiResult {
    let camel = camel_case(name);
    let payload = event.raw.as_object();
    let of = |map| field(map, name).or_else(|| field(map, &camel));
    let found: Option<&Value> = of(&event.fields).or_else(|| payload.and_then(of));
    found.cloned().map(json_to_dynamic).ok_or_else(|| {
        // As the engine says it of a type without such a property.
        let text = format!("Unknown property '{name}' - a getter is not registered for type 'Event'");
        Box::new(EvalAltResult::ErrorDotExpr(text, Position::NONE))
    })
}

/// `out_track_id` as the wire writes it: `outTrackId`.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(letters.as_str());
    }
    out
}

fn replies(registry: &mut Registry, station: &Arc<Station>) {
    for count in 1..=MOST {
        let here = Arc::clone(station);
        registry.register_method("reply", count, move |ctx, happening: H, args| {
            let given = args.into_iter().map(|value| here.functions.arg(ctx, value)).collect();
            happening.reply(&here, given).map_err(|error| raise(ctx, error))
        });
    }
    let here = Arc::clone(station);
    registry.register_fn(
        "ask",
        move |ctx: NativeCallContext<'_>, h: &mut H, question: Dynamic| -> RhaiResult {
            super::listen::ask(&ctx, &here, h, question, None).map_err(|error| raise(&ctx, error))
        },
    );
    let here = Arc::clone(station);
    registry.register_fn(
        "ask",
        move |ctx: NativeCallContext<'_>, h: &mut H, question: Dynamic, timeout: Dynamic| -> RhaiResult {
            super::listen::ask(&ctx, &here, h, question, Some(timeout)).map_err(|error| raise(&ctx, error))
        },
    );
}
