//! The fields of the objects, under the guide's names and in snake_case, and how objects print.

use std::fmt::Display;
use std::sync::Arc;

use rhai::Dynamic;

use super::convert::{json_to_dynamic, object_to_dynamic};
use super::live::{ConfigHandle, Door, Live, Part};
use super::order::Orders;
use super::registry::Registry;
use crate::api::Object;
use crate::message::{
    ActionCard, ActionCardButton, At, FeedCard, FeedCardNode, Link, Markdown, MessageChain,
};
use crate::model::{AccessToken, Group, Member, OpenConversationId, RecallTarget, Response, Shared, Webhook};
use crate::spec::Host;

/// Registers every type of object.
pub(super) fn register(registry: &mut Registry, orders: &Arc<Orders>) {
    live(registry);
    small(registry);
    member(registry);
    group(registry);
    response(registry, orders);
    super::file::register(registry);
}

fn shown<T: Display>(object: &T) -> String {
    object.to_string()
}

fn live(registry: &mut Registry) {
    registry.register_shown::<Live>("Dingtalk", |_| "<Dingtalk>".into());
    registry.register_shown::<Door>("Door", |door| format!("<Door {}>", door.host.name()));
    registry.register_shown::<ConfigHandle>("Config", |_| "<Config>".into());
    registry.register_shown::<Part>("ConfigPart", shown);
    for (name, host) in [("api", Host::Api), ("oapi", Host::Oapi)] {
        registry.register_get(name, move |live: &mut Live| Door { session: Arc::clone(&live.0), host });
    }
    registry.register_get("config", |live: &mut Live| ConfigHandle(Arc::clone(&live.0.config)));
}

fn member(registry: &mut Registry) {
    type M = Shared<Member>;
    registry.register_shown::<M>("Member", |member| member.read().to_string());
    registry.register_get_set(
        "name",
        |m: &mut M| m.read().name.clone(),
        |m: &mut M, v: String| m.write().name = v,
    );
    for name in ["staffId", "staff_id", "staffid"] {
        registry.register_get_set(
            name,
            |m: &mut M| m.read().staff_id.clone(),
            |m: &mut M, v: String| m.write().staff_id = v,
        );
    }
    for name in ["unionId", "union_id"] {
        registry.register_get_set(
            name,
            |m: &mut M| m.read().union_id.clone(),
            |m: &mut M, v: String| m.write().union_id = v,
        );
    }
    registry.register_get("id", |m: &mut M| optional(m.read().id));
    registry.register_set("id", |m: &mut M, v: i64| m.write().id = Some(v));
    registry.register_fn("==", |a: M, b: M| *a.read() == *b.read());
}

fn group(registry: &mut Registry) {
    type G = Shared<Group>;
    registry.register_shown::<G>("Group", |group| group.read().to_string());
    registry.register_get_set(
        "name",
        |g: &mut G| g.read().name.clone(),
        |g: &mut G, v: String| g.write().name = v,
    );
    for name in ["openConversationId", "open_conversation_id"] {
        registry.register_get_set(
            name,
            |g: &mut G| g.read().conversation_id.clone(),
            |g: &mut G, v: String| g.write().conversation_id = v,
        );
    }
    registry.register_get("id", |g: &mut G| optional(g.read().id));
    registry.register_set("id", |g: &mut G, v: i64| g.write().id = Some(v));
    registry
        .register_get("webhook", |g: &mut G| g.read().webhook.clone().map_or(Dynamic::UNIT, Dynamic::from));
    registry.register_set("webhook", |g: &mut G, v: Webhook| g.write().webhook = Some(v));
    registry.register_get("member", |g: &mut G| {
        let member = g.read().member.clone();
        member.map_or(Dynamic::UNIT, |member| object_to_dynamic(Object::Member(Shared::new(member))))
    });
    registry.register_set("member", |g: &mut G, v: Shared<Member>| {
        let member = v.read().clone();
        g.write().member = Some(member);
    });
    registry.register_fn("==", |a: G, b: G| *a.read() == *b.read());
}

fn small(registry: &mut Registry) {
    registry.register_shown::<OpenConversationId>("OpenConversationId", shown);
    for name in ["openConversationId", "open_conversation_id", "id"] {
        registry.register_get(name, |id: &mut OpenConversationId| id.id.clone());
    }
    registry.register_get("name", |id: &mut OpenConversationId| id.name.clone());
    registry.register_fn("==", |a: OpenConversationId, b: OpenConversationId| a == b);

    registry.register_shown::<Webhook>("Webhook", shown);
    registry.register_get("url", |webhook: &mut Webhook| webhook.url.expose().to_owned());
    for name in ["expired_time", "expired"] {
        registry.register_get(name, |webhook: &mut Webhook| webhook.expired.unwrap_or(0.0));
    }

    registry.register_shown::<AccessToken>("AccessToken", shown);
    registry.register_get("token", |token: &mut AccessToken| token.token.expose().to_owned());

    registry.register_shown::<MessageChain>("MessageChain", |chain| {
        format!("<MessageChain {:?}>", chain.to_string())
    });
    registry.register_get("text", |chain: &mut MessageChain| chain.to_string());

    registry.register_shown::<Markdown>("Markdown", shown);
    registry.register_get_set(
        "text",
        |m: &mut Markdown| m.text.clone(),
        |m: &mut Markdown, v: String| m.text = v,
    );
    registry.register_get_set(
        "title",
        |m: &mut Markdown| m.title.clone(),
        |m: &mut Markdown, v: String| m.title = v,
    );

    registry.register_shown::<Link>("Link", shown);
    registry.register_shown::<ActionCard>("ActionCard", shown);
    registry.register_shown::<ActionCardButton>("ActionCardButton", shown);
    registry.register_shown::<FeedCard>("FeedCard", shown);
    registry.register_shown::<FeedCardNode>("FeedCardNode", shown);
    registry.register_shown::<At>("At", |at| format!("<At {at}>"));
}

fn response(registry: &mut Registry, orders: &Arc<Orders>) {
    type R = Arc<Response>;
    registry.register_shown::<R>("Response", shown);
    registry.register_get("ok", |r: &mut R| r.ok);
    registry.register_get("dry_run", |r: &mut R| r.is_made_up());
    registry.register_get("url", |r: &mut R| r.url.clone());
    registry.register_get("text", |r: &mut R| r.text.clone());
    // The way it went: a webhook costs nothing, a call of the API counts.
    registry.register_get("via", |r: &mut R| if r.url.contains("/v1.0/") { "api" } else { "webhook" });
    let here = Arc::clone(orders);
    registry.register_fn("json", move |r: &mut R| {
        here.learn(&r.json);
        json_to_dynamic(r.json.clone())
    });
    for name in ["sendData", "send_data"] {
        registry.register_get(name, |r: &mut R| json_to_dynamic(r.sent.clone()));
    }
    for name in ["recallType", "recall_type"] {
        registry.register_get(name, |r: &mut R| r.recall_type());
    }
    for name in ["recallOpenConversationId", "recall_open_conversation_id"] {
        registry.register_get(name, |r: &mut R| match &r.recall {
            RecallTarget::Group(cid) => Dynamic::from(cid.clone()),
            RecallTarget::Personal | RecallTarget::Unsupported => Dynamic::UNIT,
        });
    }
    for name in ["errorReason", "error_reason"] {
        registry.register_get(name, |r: &mut R| r.error_reason.clone().map_or(Dynamic::UNIT, Dynamic::from));
    }
}

fn optional(number: Option<i64>) -> Dynamic {
    number.map_or(Dynamic::UNIT, Dynamic::from)
}
