//! What an assistant says: POST api `/v1.0/aiInteraction/reply` answers a question; `…/prepare`, `…/update` and
//! `…/finish` begin, fill and end a message of its own.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::ai::AssistantFrame;
use super::strict::filled;
use crate::clock::hex;

const fn route(path: &'static str, handle: fn(&Call<'_>) -> Answer) -> Route {
    // No permission point is given out for these calls any more.
    Route::api("POST", path, Auth::AnyApp, "invalid.param", handle)
}

pub(super) const ROUTES: &[Route] = &[
    route("/v1.0/aiInteraction/reply", reply),
    route("/v1.0/aiInteraction/prepare", prepare),
    route("/v1.0/aiInteraction/update", update),
    route("/v1.0/aiInteraction/finish", finish),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Say {
    #[serde(rename = "conversationToken")]
    conversation_token: Option<String>,
    #[serde(rename = "contentType")]
    content_type: Option<String>,
    content: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prepare {
    #[serde(rename = "openConversationId")]
    open_conversation_id: Option<String>,
    #[serde(rename = "unionId")]
    union_id: Option<String>,
    #[serde(rename = "contentType")]
    content_type: Option<String>,
    content: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finish {
    #[serde(rename = "conversationToken")]
    conversation_token: Option<String>,
}

/// The content of a reply or an update.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Streamed {
    #[serde(rename = "templateId")]
    template_id: String,
    #[serde(rename = "cardData")]
    card_data: StreamedData,
    #[serde(rename = "options")]
    _options: Option<Options>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamedData {
    key: String,
    #[serde(rename = "value")]
    _value: String,
    #[serde(rename = "isFinalize")]
    _is_finalize: bool,
    #[serde(rename = "isFull")]
    _is_full: Option<bool>,
    #[serde(rename = "isError")]
    _is_error: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(rename = "componentTag")]
    _component_tag: Component,
}

#[derive(Deserialize)]
enum Component {
    #[serde(rename = "streamingComponent")]
    Streaming,
    #[serde(rename = "staticComponent")]
    Static,
}

/// The content of a preparation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(rename = "templateId")]
    template_id: String,
    #[serde(rename = "cardData")]
    _card_data: Option<Map<String, Value>>,
}

fn reply(call: &Call<'_>) -> Answer {
    let request: Say = call.body()?;
    let token = request.conversation_token.unwrap_or_default();
    if !call.state.assistant.lock().asked.contains(&token) {
        return Err(bad_token());
    }
    say(call, "reply", token, request.content_type.as_deref(), request.content.as_deref())
}

fn update(call: &Call<'_>) -> Answer {
    let request: Say = call.body()?;
    let token = request.conversation_token.unwrap_or_default();
    if !call.state.assistant.lock().prepared.contains(&token) {
        return Err(bad_token());
    }
    say(call, "update", token, request.content_type.as_deref(), request.content.as_deref())
}

fn say(
    call: &Call<'_>,
    name: &'static str,
    conversation_token: String,
    content_type: Option<&str>,
    content: Option<&str>,
) -> Answer {
    check_type(content_type)?;
    let text = filled(content).ok_or_else(|| api("invalid.content", "content is empty"))?;
    let streamed: Streamed = decoded(text)?;
    if streamed.template_id.is_empty() || streamed.card_data.key.is_empty() {
        return Err(api("invalid.content", "templateId or cardData.key is empty"));
    }
    let content = decoded(text)?;
    call.state.assistant.lock().said.push(AssistantFrame { call: name, conversation_token, content });
    Ok(done())
}

fn prepare(call: &Call<'_>) -> Answer {
    let request: Prepare = call.body()?;
    check_type(request.content_type.as_deref())?;
    let (cid, union) = (filled(request.open_conversation_id.as_deref()), filled(request.union_id.as_deref()));
    if cid.is_none() && union.is_none() {
        return Err(call.bad("neither openConversationId nor unionId"));
    }
    if cid.is_some_and(|cid| call.state.groups.read().get(cid).is_none_or(|group| group.disbanded)) {
        return Err(call.bad("invalid openConversationId"));
    }
    if union.is_some_and(|union| call.state.organisation.read().user_by_union(union).is_none()) {
        return Err(call.bad("invalid unionId"));
    }
    let content = match filled(request.content.as_deref()) {
        None => Value::Null,
        Some(text) => {
            let whole: Whole = decoded(text)?;
            if whole.template_id.is_empty() {
                return Err(api("invalid.content", "templateId is empty"));
            }
            decoded(text)?
        }
    };
    let mut bytes = [0; 8];
    call.clock.random(&mut bytes);
    let token = format!("ctok{}", hex(&bytes));
    let mut assistant = call.state.assistant.lock();
    assistant.prepared.insert(token.clone());
    let conversation_token = token.clone();
    assistant.said.push(AssistantFrame { call: "prepare", conversation_token, content });
    Ok(Success::Body(json!({"result": {"conversationToken": token}})))
}

/// Ends a message; its token is worth nothing after that.
fn finish(call: &Call<'_>) -> Answer {
    let request: Finish = call.body()?;
    let token = request.conversation_token.unwrap_or_default();
    let mut assistant = call.state.assistant.lock();
    if !assistant.prepared.remove(&token) {
        return Err(bad_token());
    }
    assistant.said.push(AssistantFrame { call: "finish", conversation_token: token, content: Value::Null });
    Ok(done())
}

fn check_type(content_type: Option<&str>) -> Result<(), Refusal> {
    match content_type {
        Some("ai_card") => Ok(()),
        other => Err(api("invalid.content.type", format!("contentType {}", other.unwrap_or_default()))),
    }
}

fn decoded<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| api("invalid.content", error.to_string()))
}

fn bad_token() -> Refusal {
    api("invalid.conversation.token", "the conversation token is unknown or used up")
}

fn done() -> Success {
    Success::Body(json!({"result": {"success": true}}))
}
