//! The fields of the objects, under the guide's names and in snake_case, and how objects print.

use std::fmt::Display;
use std::sync::Arc;

use rhai::{Dynamic, Engine};

use super::convert::{json_to_dynamic, object_to_dynamic};
use super::live::{ConfigHandle, Door, Live, Part};
use super::order::Orders;
use crate::api::Object;
use crate::message::{
    ActionCard, ActionCardButton, At, FeedCard, FeedCardNode, Link, Markdown, MessageChain,
};
use crate::model::{AccessToken, Group, Member, OpenConversationId, RecallTarget, Response, Shared, Webhook};
use crate::spec::Host;

/// Registers every type of object.
pub(super) fn register(engine: &mut Engine, orders: &Arc<Orders>) {
    live(engine);
    member(engine);
    group(engine);
    small(engine);
    response(engine, orders);
    super::file::register(engine);
}

pub(super) fn named<T: Clone + Send + Sync + 'static>(
    engine: &mut Engine,
    name: &str,
    show: impl Fn(&T) -> String + Clone + Send + Sync + 'static,
) {
    engine.register_type_with_name::<T>(name);
    for function in ["to_string", "to_debug"] {
        let show = show.clone();
        engine.register_fn(function, move |object: &mut T| show(object));
    }
}

fn shown<T: Display>(object: &T) -> String {
    object.to_string()
}

fn live(engine: &mut Engine) {
    named::<Live>(engine, "Dingtalk", |_| "<Dingtalk>".into());
    named::<Door>(engine, "Door", |door| format!("<Door {}>", door.host.name()));
    named::<ConfigHandle>(engine, "Config", |_| "<Config>".into());
    named::<Part>(engine, "ConfigPart", shown);
    for (name, host) in [("api", Host::Api), ("oapi", Host::Oapi)] {
        engine.register_get(name, move |live: &mut Live| Door { session: Arc::clone(&live.0), host });
    }
    engine.register_get("config", |live: &mut Live| ConfigHandle(Arc::clone(&live.0.config)));
}

fn member(engine: &mut Engine) {
    type M = Shared<Member>;
    named::<M>(engine, "Member", |member| member.read().to_string());
    engine.register_get_set(
        "name",
        |m: &mut M| m.read().name.clone(),
        |m: &mut M, v: String| m.write().name = v,
    );
    for name in ["staffId", "staff_id", "staffid"] {
        engine.register_get_set(
            name,
            |m: &mut M| m.read().staff_id.clone(),
            |m: &mut M, v: String| m.write().staff_id = v,
        );
    }
    for name in ["unionId", "union_id"] {
        engine.register_get_set(
            name,
            |m: &mut M| m.read().union_id.clone(),
            |m: &mut M, v: String| m.write().union_id = v,
        );
    }
    engine.register_get("id", |m: &mut M| optional(m.read().id));
    engine.register_set("id", |m: &mut M, v: i64| m.write().id = Some(v));
    engine.register_fn("==", |a: M, b: M| *a.read() == *b.read());
}

fn group(engine: &mut Engine) {
    type G = Shared<Group>;
    named::<G>(engine, "Group", |group| group.read().to_string());
    engine.register_get_set(
        "name",
        |g: &mut G| g.read().name.clone(),
        |g: &mut G, v: String| g.write().name = v,
    );
    for name in ["openConversationId", "open_conversation_id"] {
        engine.register_get_set(
            name,
            |g: &mut G| g.read().conversation_id.clone(),
            |g: &mut G, v: String| g.write().conversation_id = v,
        );
    }
    engine.register_get("id", |g: &mut G| optional(g.read().id));
    engine.register_set("id", |g: &mut G, v: i64| g.write().id = Some(v));
    engine.register_get("webhook", |g: &mut G| g.read().webhook.clone().map_or(Dynamic::UNIT, Dynamic::from));
    engine.register_set("webhook", |g: &mut G, v: Webhook| g.write().webhook = Some(v));
    engine.register_get("member", |g: &mut G| {
        let member = g.read().member.clone();
        member.map_or(Dynamic::UNIT, |member| object_to_dynamic(Object::Member(Shared::new(member))))
    });
    engine.register_set("member", |g: &mut G, v: Shared<Member>| {
        let member = v.read().clone();
        g.write().member = Some(member);
    });
    engine.register_fn("==", |a: G, b: G| *a.read() == *b.read());
}

fn small(engine: &mut Engine) {
    named::<OpenConversationId>(engine, "OpenConversationId", shown);
    for name in ["openConversationId", "open_conversation_id", "id"] {
        engine.register_get(name, |id: &mut OpenConversationId| id.id.clone());
    }
    engine.register_get("name", |id: &mut OpenConversationId| id.name.clone());
    engine.register_fn("==", |a: OpenConversationId, b: OpenConversationId| a == b);

    named::<Webhook>(engine, "Webhook", shown);
    engine.register_get("url", |webhook: &mut Webhook| webhook.url.expose().to_owned());
    for name in ["expired_time", "expired"] {
        engine.register_get(name, |webhook: &mut Webhook| webhook.expired.unwrap_or(0.0));
    }

    named::<AccessToken>(engine, "AccessToken", shown);
    engine.register_get("token", |token: &mut AccessToken| token.token.expose().to_owned());

    named::<MessageChain>(engine, "MessageChain", |chain| format!("<MessageChain {:?}>", chain.to_string()));
    engine.register_get("text", |chain: &mut MessageChain| chain.to_string());

    named::<Markdown>(engine, "Markdown", shown);
    engine.register_get_set(
        "text",
        |m: &mut Markdown| m.text.clone(),
        |m: &mut Markdown, v: String| m.text = v,
    );
    engine.register_get_set(
        "title",
        |m: &mut Markdown| m.title.clone(),
        |m: &mut Markdown, v: String| m.title = v,
    );

    named::<Link>(engine, "Link", shown);
    named::<ActionCard>(engine, "ActionCard", shown);
    named::<ActionCardButton>(engine, "ActionCardButton", shown);
    named::<FeedCard>(engine, "FeedCard", shown);
    named::<FeedCardNode>(engine, "FeedCardNode", shown);
    named::<At>(engine, "At", |at| format!("<At {at}>"));
}

fn response(engine: &mut Engine, orders: &Arc<Orders>) {
    type R = Arc<Response>;
    named::<R>(engine, "Response", shown);
    engine.register_get("ok", |r: &mut R| r.ok);
    engine.register_get("dry_run", |r: &mut R| r.is_made_up());
    engine.register_get("url", |r: &mut R| r.url.clone());
    engine.register_get("text", |r: &mut R| r.text.clone());
    // The way it went: a webhook costs nothing, a call of the API counts.
    engine.register_get("via", |r: &mut R| if r.url.contains("/v1.0/") { "api" } else { "webhook" });
    let here = Arc::clone(orders);
    engine.register_fn("json", move |r: &mut R| {
        here.learn(&r.json);
        json_to_dynamic(r.json.clone())
    });
    for name in ["sendData", "send_data"] {
        engine.register_get(name, |r: &mut R| json_to_dynamic(r.sent.clone()));
    }
    for name in ["recallType", "recall_type"] {
        engine.register_get(name, |r: &mut R| r.recall_type());
    }
    for name in ["recallOpenConversationId", "recall_open_conversation_id"] {
        engine.register_get(name, |r: &mut R| match &r.recall {
            RecallTarget::Group(cid) => Dynamic::from(cid.clone()),
            RecallTarget::Personal | RecallTarget::Unsupported => Dynamic::UNIT,
        });
    }
    for name in ["errorReason", "error_reason"] {
        engine.register_get(name, |r: &mut R| r.error_reason.clone().map_or(Dynamic::UNIT, Dynamic::from));
    }
}

fn optional(number: Option<i64>) -> Dynamic {
    number.map_or(Dynamic::UNIT, Dynamic::from)
}
