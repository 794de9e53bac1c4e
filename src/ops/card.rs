//! Cards: made, shown, changed. A card takes two calls: one makes it, one shows it.
//!
//! Source: the card pages of the API (`/v1.0/card/instances`, `/deliver`).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::media::stage;
use super::upload::{is_only_there, upload};
use super::{Context, Output, contact, group};
use crate::api::card::{CREATE, DELIVER, GetCardData, SendCard, SendMarkdownCard, UPDATE, UpdateCard};
use crate::api::{CallbackType, Logo, Object};
use crate::client::{Call, Reply};
use crate::error::{Class, Error, Kind, Refusal, Result};
use crate::lang::Text;
use crate::message::{Markdown, Target};
use crate::model::{CardResponse, PrivateData};
use crate::spec::Effect;

/// DingTalk's public template with the variables `markdown`, `title` and `logo`.
const MARKDOWN_TEMPLATE: &str = "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema";

/// The logo of a markdown card without one.
const LOGO: &str = "@lALPDfJ6V_FPDmvNAfTNAfQ";

/// The most bytes of a key and of a value.
const MAX_KEY: usize = 100;
const MAX_VALUE: usize = 1024;

/// A card about to be sent.
#[derive(Debug)]
pub(super) struct NewCard {
    pub(super) target: Target,
    pub(super) template: String,
    pub(super) data: Map<String, Value>,
    pub(super) private_data: Option<PrivateData>,
    pub(super) support_forward: bool,
    pub(super) callback_type: CallbackType,
    pub(super) route_key: Option<String>,
    pub(super) out_track_id: Option<String>,
}

/// Where a card is shown.
enum Space {
    Group(String),
    Person(String),
}

pub(super) async fn send_card(cx: &Context, args: SendCard) -> Result<Output> {
    let card = NewCard {
        target: args.target.0,
        template: args.template,
        data: args.data.0,
        private_data: args.private_data,
        support_forward: args.support_forward.is_some_and(|flag| flag.0),
        callback_type: args.callback_type.unwrap_or_default(),
        route_key: args.route_key,
        out_track_id: args.out_track_id.map(|id| id.0),
    };
    sent(send(cx, card).await?)
}

pub(super) async fn send_markdown_card(cx: &Context, args: SendMarkdownCard) -> Result<Output> {
    let Markdown { text, .. } = &args.markdown.0;
    let mut data = Map::new();
    data.insert("markdown".into(), text.as_str().into());
    data.insert("title".into(), args.markdown.0.shown_title().into());
    data.insert("logo".into(), logo(cx, args.logo).await?.into());
    let card = NewCard {
        target: args.target.0,
        template: MARKDOWN_TEMPLATE.to_owned(),
        data,
        private_data: None,
        support_forward: args.support_forward.is_some_and(|flag| flag.0),
        callback_type: CallbackType::Auto,
        route_key: None,
        out_track_id: args.out_track_id.map(|id| id.0),
    };
    sent(send(cx, card).await?)
}

/// The mediaId of a logo; a File is uploaded first.
async fn logo(cx: &Context, logo: Option<Logo>) -> Result<String> {
    let Some(Logo(file)) = logo else { return Ok(LOGO.to_owned()) };
    if !is_only_there(&file.read()) {
        let asked = file.read().clone();
        let staged = stage(cx, &asked, Some(asked.kind)).await?;
        upload(cx, &file, staged).await?;
    }
    let media_id = file.read().media_id.clone();
    Ok(media_id)
}

fn sent(card: CardResponse) -> Result<Output> {
    Ok(Output::Object(Object::Card(Arc::new(card))))
}

pub(super) async fn update_card(cx: &Context, args: UpdateCard) -> Result<Output> {
    let data = args.data.map(|data| data.0).filter(|data| !data.is_empty());
    let private_data = args.private_data.filter(|data| !data.users.is_empty());
    if data.is_none() && private_data.is_none() {
        return Err(Error::unsendable(
            "update_card: give `cardParamData` or `privateData`, with at least one value",
            "update_card：请给出至少含一个值的 `cardParamData` 或 `privateData`",
        ));
    }
    let mut body = Map::new();
    body.insert("outTrackId".into(), args.card.0.into());
    if let Some(data) = &data {
        body.insert("cardData".into(), param_map(data)?);
    }
    if let Some(data) = &private_data {
        body.insert("privateData".into(), private(data)?);
    }
    // Without these everything that is not given would be removed.
    body.insert(
        "cardUpdateOptions".into(),
        json!({ "updateCardDataByKey": true, "updatePrivateDataByKey": true }),
    );
    body.insert("userIdType".into(), 1.into());
    let call = Call::new(UPDATE, Effect::Notify, Value::Object(body));
    let reply = cx.call(&call).await?;
    succeeded(&call, &reply)?;
    Ok(Output::Json(reply.json))
}

pub(super) fn get_card_data(cx: &Context, args: &GetCardData) -> Output {
    Output::Json(cx.session.cards.callback(&args.card.0).unwrap_or_default())
}

/// Makes a card and shows it.
pub(super) async fn send(cx: &Context, card: NewCard) -> Result<CardResponse> {
    let out_track_id = card.out_track_id.clone().unwrap_or_else(|| cx.session.clock.uuid());
    let (space, model) = space(cx, &card.target)?;
    let create = Call::new(CREATE, Effect::Notify, create_body(cx, &card, &out_track_id)?);
    let reply = cx.call(&create).await?;
    succeeded(&create, &reply)?;
    let mut body = Map::new();
    body.insert("outTrackId".into(), out_track_id.as_str().into());
    body.insert("userIdType".into(), 1.into());
    body.insert("openSpaceId".into(), space.into());
    body.extend(model);
    let deliver = Call::new(DELIVER, Effect::Notify, Value::Object(body));
    let delivered = cx.call(&deliver).await.and_then(|reply| {
        succeeded(&deliver, &reply)?;
        each_space(&deliver, reply.json)
    });
    delivered.map_err(|error| {
        error.hint(Text::made(
            format!("the card `{out_track_id}` was made, but nobody sees it"),
            format!("卡片 `{out_track_id}` 已创建，但未能投放"),
        ))
    })?;
    let private_data = card.private_data.map(|data| data.users);
    Ok(CardResponse { card_data: card.data, private_data, out_track_id })
}

/// `openSpaceId` and the deliver model of a target.
fn space(cx: &Context, target: &Target) -> Result<(String, Map<String, Value>)> {
    let robot = cx.session.robot_code()?;
    let (id, model, how) = match to_space(cx, target)? {
        Space::Group(cid) => {
            // Making the card does not say yet where it will be shown.
            cx.flight.set_group(&cid);
            (format!("dtv1.card//IM_GROUP.{cid}"), "imGroupOpenDeliverModel", json!({ "robotCode": robot }))
        }
        Space::Person(staff_id) => (
            format!("dtv1.card//IM_ROBOT.{staff_id}"),
            "imRobotOpenDeliverModel",
            json!({ "spaceType": "IM_ROBOT", "robotCode": robot }),
        ),
    };
    Ok((id, Map::from_iter([(model.to_owned(), how)])))
}

fn to_space(cx: &Context, target: &Target) -> Result<Space> {
    match target {
        Target::Conversation(cid) => Ok(Space::Group(cid.clone())),
        Target::Member(member) => contact::staff_id(cx, member).map(Space::Person),
        Target::Group(group) => match &group.member {
            Some(member) => contact::staff_id(cx, member).map(Space::Person),
            None => group::conversation_id(cx, group).map(Space::Group),
        },
        Target::Url(_) | Target::Webhook(_) => {
            Err(Error::unsendable("a webhook carries no cards", "Webhook 无法发送卡片"))
        }
    }
}

fn create_body(cx: &Context, card: &NewCard, out_track_id: &str) -> Result<Value> {
    let mut body = Map::new();
    body.insert("cardTemplateId".into(), card.template.as_str().into());
    body.insert("outTrackId".into(), out_track_id.into());
    body.insert("cardData".into(), param_map(&card.data)?);
    if let Some(data) = card.private_data.as_ref().filter(|data| !data.users.is_empty()) {
        body.insert("privateData".into(), private(data)?);
    }
    body.extend(callback(cx, card)?);
    let forward = json!({ "supportForward": card.support_forward });
    body.insert("imGroupOpenSpaceModel".into(), forward.clone());
    body.insert("imRobotOpenSpaceModel".into(), forward);
    body.insert("userIdType".into(), 1.into());
    Ok(Value::Object(body))
}

/// How clicks come back; nothing when no way is configured.
fn callback(cx: &Context, card: &NewCard) -> Result<Map<String, Value>> {
    let config = &cx.session.config;
    let route_key = card.route_key.clone().or_else(|| config.card_route_key.clone());
    let stream = cx.session.has_stream();
    let mut fields = Map::new();
    match (card.callback_type, route_key) {
        (CallbackType::Stream, _) => fields.insert("callbackType".into(), "STREAM".into()),
        (CallbackType::Auto, _) if stream && card.route_key.is_none() => {
            fields.insert("callbackType".into(), "STREAM".into())
        }
        (CallbackType::Http | CallbackType::Auto, Some(key)) => {
            fields.insert("callbackType".into(), "HTTP".into());
            fields.insert("callbackRouteKey".into(), key.into())
        }
        (CallbackType::Auto, None) => None,
        (CallbackType::Http, None) => {
            return Err(Error::new(Kind::Unconfigured { needs: "card_route_key".into() }).hint(Text::fixed(
                "HTTP callbacks need the route key that was registered: `card_route_key`, or `callbackRouteKey` in the call",
                "HTTP 回调需要已注册的路由键：配置 `card_route_key`，或在调用中给出 `callbackRouteKey`",
            )));
        }
    };
    Ok(fields)
}

/// `{"cardParamMap": {…}}`: every value is text.
fn param_map(values: &Map<String, Value>) -> Result<Value> {
    let mut texts = Map::new();
    for (key, value) in values {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Error::unsendable(
                format!("a card's key has {} bytes, it must have 1 to {MAX_KEY}", key.len()),
                format!("卡片的键有 {} 字节，必须为 1 到 {MAX_KEY} 字节", key.len()),
            ));
        }
        if text.len() > MAX_VALUE {
            return Err(Error::unsendable(
                format!("the card's value `{key}` has {} bytes, at most {MAX_VALUE}", text.len()),
                format!("卡片的值 `{key}` 有 {} 字节，最多 {MAX_VALUE} 字节", text.len()),
            ));
        }
        texts.insert(key.clone(), text.into());
    }
    Ok(json!({ "cardParamMap": texts }))
}

fn private(data: &PrivateData) -> Result<Value> {
    let mut users = Map::new();
    for (user, values) in &data.users {
        users.insert(user.clone(), param_map(values.as_object().unwrap_or(&Map::new()))?);
    }
    Ok(Value::Object(users))
}

/// The answer must say so: one without `success: true` is none.
pub(super) fn succeeded(call: &Call, reply: &Reply) -> Result<()> {
    if is_true(reply.json.get("success")) {
        return Ok(());
    }
    let problem = Text::fixed("JSON without `success: true`", "不含 `success: true` 的 JSON");
    Err(Error::new(Kind::Unreadable { call: call.label(), status: reply.status, problem }))
}

fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value == true || value == "true")
}

/// HTTP 200 may name spaces in which the card is not seen.
fn each_space(call: &Call, body: Value) -> Result<()> {
    let Some(spaces) = body.get("result").and_then(Value::as_array) else { return Ok(()) };
    let text = |space: &Value, key: &str| {
        space.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let failed: Vec<(String, String)> = spaces
        .iter()
        .filter(|space| !is_true(space.get("success")))
        .map(|space| {
            let id = text(space, "spaceId").unwrap_or_else(|| "?".into());
            (id, text(space, "errorMsg").unwrap_or_else(|| "not delivered".into()))
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    let done = spaces.len() - failed.len();
    if done > 0 {
        return Err(Error::new(Kind::Partial { what: "deliver".into(), done, failed, body }));
    }
    let message = failed.into_iter().map(|(id, why)| format!("{id}: {why}")).collect::<Vec<_>>().join(", ");
    Err(Error::new(Kind::Refused(Box::new(Refusal {
        call: call.label(),
        code: "result.success:false".into(),
        message,
        request_id: String::new(),
        status: 200,
        class: Class::Request,
        exception: "DingtalkAPIError",
        body,
    }))))
}
