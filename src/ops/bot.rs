//! The robot itself: what it says while it is offline, and DING.

use serde_json::{Map, Value, json};

use super::batch::in_batches;
use super::{Context, Output, member};
use crate::api::bot::SetOffDutyPrompt;
use crate::api::message::SendDing;
use crate::client::Call;
use crate::error::{Error, Kind, Result};
use crate::spec::{Effect, Endpoint, Host, Verb};

const OFF_DUTY: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/innerApi/robot/stream/away/template/update" };
const DING: Endpoint = Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/ding/send" };

/// The guide's defaults.
const TEXT: &str = "人家今天下班了呢~请晚些再来找我吧";
const TITLE: &str = "钉钉Stream机器人";
const LOGO: &str = "@lALPDfJ6V_FPDmvNAfTNAfQ";

/// The most people of a DING in the app, and of one by SMS or phone.
const IN_APP: usize = 200;
const BY_PHONE: usize = 20;

pub(super) async fn set_off_duty_prompt(cx: &Context, args: SetOffDutyPrompt) -> Result<Output> {
    let robot = args.robot_code.map_or_else(|| cx.session.robot_code().map(str::to_owned), Ok)?;
    let millis = cx.session.clock.millis();
    let card = json!({
        "config": { "autoLayout": true, "enableForward": true },
        "header": {
            "title": { "type": "text", "text": args.title.as_deref().unwrap_or(TITLE) },
            "logo": args.logo.map_or_else(|| LOGO.to_owned(), |logo| logo.0),
        },
        "contents": [
            { "type": "markdown", "text": args.text.as_deref().unwrap_or(TEXT), "id": format!("markdown_{millis}") },
            { "type": "divider", "id": format!("divider_{millis}") },
        ],
    });
    let body = json!({ "robotCode": robot, "cardTemplateId": "StandardCard", "cardData": card.to_string() });
    let call = Call::new(OFF_DUTY, Effect::Write, body).with_token(args.access_token.map(|token| token.0));
    cx.call(&call).await.map(|reply| Output::Json(reply.json))
}

pub(super) async fn send_ding(cx: &Context, args: SendDing) -> Result<Output> {
    let kind = args.remind.map_or(1, |kind| kind.0);
    let most = if kind == 1 { IN_APP } else { BY_PHONE };
    let robot = args.robot_code.map_or_else(|| cx.session.robot_code().map(str::to_owned), Ok)?;
    let ids = member::ids(cx, &args.targets)?;
    let call = |batch: &[String]| {
        let mut body = Map::new();
        body.insert("robotCode".into(), robot.as_str().into());
        body.insert("remindType".into(), kind.into());
        body.insert("receiverUserIdList".into(), batch.into());
        body.insert("content".into(), args.content.0.as_str().into());
        if let Some(voice) = &args.voice {
            body.insert("callVoice".into(), voice.0.as_str().into());
        }
        Call::new(DING, Effect::Notify, Value::Object(body))
    };
    in_batches(cx, "send_ding", &ids, most, call, judged).await.map(Output::Json)
}

/// HTTP 200 may name people who were not reached, by reason.
fn judged(answer: Value, asked: usize) -> Result<Value> {
    let reasons = answer.get("failedList").and_then(Value::as_object);
    let failed: Vec<(String, String)> = reasons
        .into_iter()
        .flatten()
        .flat_map(|(reason, ids)| {
            let ids = ids.as_array().into_iter().flatten().filter_map(Value::as_str);
            ids.map(|id| (id.to_owned(), reason.clone())).collect::<Vec<_>>()
        })
        .collect();
    if failed.is_empty() {
        return Ok(answer);
    }
    let done = asked.saturating_sub(failed.len());
    Err(Error::new(Kind::Partial { what: "send_ding".into(), done, failed, body: answer }))
}
