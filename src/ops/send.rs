//! `send_message`: which way a message takes, and its answer.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Context, Output, contact, group, send_file};
use crate::api::Messages;
use crate::api::Object;
use crate::api::message::{SendMessage, SendMessageBlocking};
use crate::cache::WebhookKey;
use crate::client::{Call, Proof, Reply, signed_url};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::message::{Message, Target, template, webhook_body};
use crate::model::{RecallTarget, Response, Webhook};
use crate::secret::{Secret, mask_url};
use crate::spec::{Effect, Endpoint, Host, Verb};

const GROUP_SEND: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/groupMessages/send" };
const OTO_SEND: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/oToMessages/batchSend" };

/// The way that a target is reached.
pub(super) enum Way {
    Group(String),
    Person(String),
    Webhook(Secret),
    /// A webhook that has ended: nothing is sent.
    Ended,
}

pub(super) async fn send_message_blocking(cx: &Context, args: SendMessageBlocking) -> Result<Output> {
    let SendMessageBlocking { target, messages, headers } = args;
    send_message(cx, SendMessage { target, messages, headers }).await
}

pub(super) async fn send_message(cx: &Context, args: SendMessage) -> Result<Output> {
    let headers = args.headers.unwrap_or_default();
    let all: Vec<&Message> = match &args.messages {
        Messages::One(message) => vec![message],
        Messages::Many(messages) => messages.iter().collect(),
    };
    Box::pin(send_file::prepare(cx, args.target.as_ref(), &all)).await?;
    match args.messages {
        Messages::One(message) => send_whole(cx, args.target.as_ref(), &message, &headers).await,
        Messages::Many(messages) => {
            let mut answers = Vec::with_capacity(messages.len());
            for message in &messages {
                // A signature is good for one message, so the way is chosen anew for each.
                match send_whole(cx, args.target.as_ref(), message, &headers).await {
                    Ok(answer) => answers.push(answer),
                    Err(error) if answers.is_empty() => return Err(error),
                    Err(error) => return Err(partly(&answers, messages.len(), &error)),
                }
            }
            Ok(Output::List(answers))
        }
    }
}

/// A chain with files is several messages and has a list of answers.
async fn send_whole(
    cx: &Context,
    target: Option<&Target>,
    message: &Message,
    headers: &Map<String, Value>,
) -> Result<Output> {
    let Message::Chain(chain) = message else { return send_one(cx, target, message, headers).await };
    if chain.files().next().is_none() {
        return send_one(cx, target, message, headers).await;
    }
    let marks = matches!(way(cx, target)?, Way::Webhook(_));
    let parts = chain.split(marks);
    let mut answers = Vec::with_capacity(parts.len());
    for part in &parts {
        match send_one(cx, target, part, headers).await {
            Ok(answer) => answers.push(answer),
            Err(error) if answers.is_empty() => return Err(error),
            Err(error) => return Err(partly(&answers, parts.len(), &error)),
        }
    }
    Ok(Output::List(answers))
}

/// Some of a list went out before one was refused.
fn partly(done: &[Output], asked: usize, error: &Error) -> Error {
    let sent = done.iter().map(|answer| match answer {
        Output::Object(Object::Response(response)) => response.json.clone(),
        _ => Value::Null,
    });
    let partial = Error::new(Kind::Partial {
        what: "send_message".into(),
        done: done.len(),
        failed: vec![(format!("message {}", done.len() + 1), error.to_string())],
        body: sent.collect(),
    });
    let partial = error.hints().iter().cloned().fold(partial, Error::hint);
    let (next, rest) = (done.len() + 1, asked - done.len());
    partial.hint(if error.may_be_done() {
        Text::made(
            format!("message {next} of {asked} may have been sent; what comes behind it was not"),
            format!("第 {next} 条（共 {asked} 条）可能已发送；其后的消息未发送"),
        )
    } else {
        Text::made(
            format!("the last {rest} of {asked} messages were not sent"),
            format!("{asked} 条消息中最后 {rest} 条未发送"),
        )
    })
}

pub(super) async fn send_one(
    cx: &Context,
    target: Option<&Target>,
    message: &Message,
    headers: &Map<String, Value>,
) -> Result<Output> {
    let answer = if message.is_empty() {
        Response::unsent("Not send request")
    } else {
        let way = if let Message::File(_) = message { api_way(cx, target) } else { way(cx, target) };
        match way? {
            Way::Ended => Response::unsent("Webhook url expired"),
            Way::Webhook(url) => {
                let body = webhook_body(message)?;
                let shown = mask_url(url.expose());
                let mut call = Call::webhook(url, body);
                call.headers = headers.clone();
                answer(cx, call, shown, RecallTarget::Unsupported).await?
            }
            Way::Group(cid) => {
                let recall = RecallTarget::Group(cid.clone());
                let to = ("openConversationId", cid.into());
                through_api(cx, GROUP_SEND, to, message, headers, recall).await?
            }
            Way::Person(staff_id) => {
                let to = ("userIds", json!([staff_id]));
                through_api(cx, OTO_SEND, to, message, headers, RecallTarget::Personal).await?
            }
        }
    };
    Ok(Output::Object(Object::Response(Arc::new(answer))))
}

async fn through_api(
    cx: &Context,
    endpoint: Endpoint,
    (name, ids): (&str, Value),
    message: &Message,
    headers: &Map<String, Value>,
    recall: RecallTarget,
) -> Result<Response> {
    let (key, param) = template(message)?;
    let mut body = Map::with_capacity(4);
    body.insert("robotCode".into(), cx.session.robot_code()?.into());
    body.insert(name.into(), ids);
    body.insert("msgKey".into(), key.into());
    body.insert("msgParam".into(), param.into());
    let body = Value::Object(body);
    let mut call = Call::new(endpoint, Effect::Notify, body);
    call.headers = headers.clone();
    call.proof = Proof::Field("processQueryKey");
    let url = format!("{}{}", cx.session.config.endpoints.api.trim_end_matches('/'), endpoint.path);
    answer(cx, call, url, recall).await
}

async fn answer(cx: &Context, mut call: Call, url: String, recall: RecallTarget) -> Result<Response> {
    let answer = cx.call(&call).await;
    let sent = call.take_json();
    match answer {
        Ok(reply) => judged(cx, reply, url, sent, recall),
        Err(error) if cx.session.config.raise_for_api_error => Err(error),
        Err(error) => match error.kind() {
            Kind::Refused(refusal) => Ok(Response {
                ok: false,
                url,
                text: refusal.body.to_string(),
                json: refusal.body.clone(),
                sent,
                recall,
                error_reason: Some(error.to_string()),
            }),
            _ => Err(error),
        },
    }
}

/// HTTP 200 may name people who did not get the message.
fn judged(cx: &Context, reply: Reply, url: String, sent: Value, recall: RecallTarget) -> Result<Response> {
    let mut failed = Vec::new();
    for (list, why) in [
        ("invalidStaffIdList", "unknown staffId"),
        ("flowControlledStaffIdList", "flow control"),
        ("filteredStaffIdList", "filtered"),
    ] {
        let ids = reply.json.get(list).and_then(Value::as_array).into_iter().flatten();
        failed.extend(
            ids.map(|id| (id.as_str().map_or_else(|| id.to_string(), str::to_owned), why.to_owned())),
        );
    }
    if failed.is_empty() {
        return Ok(Response {
            ok: true,
            url,
            text: reply.text,
            json: reply.json,
            sent,
            recall,
            error_reason: None,
        });
    }
    let asked = sent.get("userIds").and_then(Value::as_array).map_or(1, Vec::len);
    let error = Error::new(Kind::Partial {
        what: "send_message".into(),
        done: asked.saturating_sub(failed.len()),
        failed,
        body: reply.json.clone(),
    });
    if cx.session.config.raise_for_api_error {
        return Err(error);
    }
    let error_reason = Some(error.to_string());
    Ok(Response { ok: false, url, text: reply.text, json: reply.json, sent, recall, error_reason })
}

/// The way through the API, which files take.
pub(super) fn api_way(cx: &Context, target: Option<&Target>) -> Result<Way> {
    match target {
        Some(Target::Group(group)) => match &group.member {
            Some(member) => contact::staff_id(cx, member).map(Way::Person),
            None => group::conversation_id(cx, group).map(Way::Group),
        },
        Some(Target::Conversation(_) | Target::Member(_)) => way(cx, target),
        Some(Target::Webhook(_) | Target::Url(_)) | None => Err(send_file::no_files()),
    }
}

fn way(cx: &Context, target: Option<&Target>) -> Result<Way> {
    let Some(target) = target else { return group_webhook(cx).map(Way::Webhook) };
    let now = cx.session.clock.seconds();
    Ok(match target {
        Target::Conversation(cid) => Way::Group(cid.clone()),
        Target::Member(member) => Way::Person(contact::staff_id(cx, member)?),
        Target::Url(url) => Way::Webhook(Secret::new(url.clone())),
        Target::Webhook(webhook) if webhook.is_valid(now) => Way::Webhook(webhook.url.clone()),
        Target::Webhook(_) => Way::Ended,
        Target::Group(group) => {
            let cid = group::conversation_id(cx, group);
            let own = group.webhook.clone().filter(|webhook| webhook.is_valid(now));
            let cached = || cached_webhook(cx, cid.as_ref().ok()?).filter(|webhook| webhook.is_valid(now));
            match (own.or_else(cached), &group.member) {
                (Some(webhook), _) => {
                    if let Ok(cid) = &cid {
                        cx.flight.set_group(cid);
                    }
                    Way::Webhook(webhook.url)
                }
                (None, Some(member)) => Way::Person(contact::staff_id(cx, member)?),
                (None, None) => Way::Group(cid?),
            }
        }
    })
}

fn cached_webhook(cx: &Context, cid: &str) -> Option<Webhook> {
    let row = cx.session.cache.webhook(WebhookKey::Conversation(cid))?;
    Some(Webhook::new(row.url, Some(row.expired))).filter(|webhook| webhook.expired.is_some())
}

/// The signed webhook of the configuration.
fn group_webhook(cx: &Context) -> Result<Secret> {
    let session = &cx.session;
    let bot = session.config.bot.as_ref();
    let token = bot.and_then(|bot| bot.group_webhook_access_token.as_ref());
    let key = bot.and_then(|bot| bot.group_webhook_secure_key.as_ref());
    match (token, key) {
        (Some(token), Some(key)) => {
            Ok(signed_url(&session.config.endpoints.oapi, token, key, session.clock.millis()))
        }
        (token, _) => {
            let needs = if token.is_none() {
                "bot.group_webhook_access_token"
            } else {
                "bot.group_webhook_secure_key"
            };
            Err(Error::new(Kind::Unconfigured { needs: needs.into() }).hint(Text::fixed(
                "a message without a target goes to the signed group webhook of `[bot]`",
                "没有目标的消息会发到 `[bot]` 中配置的加签群 Webhook",
            )))
        }
    }
}
