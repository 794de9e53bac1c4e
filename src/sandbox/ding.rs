//! DING messages: POST api `/v1.0/robot/ding/send`.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::refuse::api;
use super::route::{Answer, Auth, Call, Route, Success};
use super::strict::filled;
use crate::clock::hex;

/// The permission point for DING.
const SCOPE: &str = "Premium.Ding.Write";
/// Most people of one DING within the app.
const MOST_IN_APP: usize = 200;
/// Most people of one DING by SMS or telephone.
const MOST_BY_PHONE: usize = 20;
/// The voices of a call.
const VOICES: [&str; 6] = [
    "Standard_Female_Voice",
    "Cantonese_Female_Voice",
    "Gentine_Female_Voice",
    "Overbearing_Female_Voice",
    "Lovely_Girl_Voice",
    "Standard_Male_Voice",
];

pub(super) const ROUTES: &[Route] =
    &[Route::api("POST", "/v1.0/robot/ding/send", Auth::App(SCOPE), "param.invalid", send)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Send {
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
    #[serde(rename = "remindType")]
    remind_type: Option<i64>,
    #[serde(rename = "receiverUserIdList")]
    receivers: Option<Vec<String>>,
    content: Option<String>,
    #[serde(rename = "callVoice")]
    call_voice: Option<String>,
}

/// A DING that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ding {
    /// Its id.
    pub open_ding_id: String,
    /// 1 in the app, 2 SMS, 3 telephone.
    pub remind_type: i64,
    /// Whom it reached.
    pub receivers: Vec<String>,
    /// What it says.
    pub content: String,
    /// When it was sent, in milliseconds of Unix time.
    pub at: i64,
}

fn send(call: &Call<'_>) -> Answer {
    let request: Send = call.body()?;
    let robot_code = filled(request.robot_code.as_deref()).unwrap_or_default();
    if call.state.app.read().robot_code != robot_code {
        return Err(api("invalid.chatbotId", format!("robot {robot_code} does not exist")));
    }
    let remind_type = call.need(request.remind_type, "remindType")?;
    let most = match remind_type {
        1 => MOST_IN_APP,
        2 | 3 => MOST_BY_PHONE,
        other => return Err(call.bad(format!("`remindType` cannot be {other}"))),
    };
    let content = call.need_text(request.content.as_ref(), "content")?.to_string();
    let voice = request.call_voice.as_deref();
    if voice.is_some_and(|voice| remind_type != 3 || !VOICES.contains(&voice)) {
        return Err(call.bad("`callVoice` is for telephone calls and has to be one of the voices"));
    }
    let receivers = request.receivers.unwrap_or_default();
    if receivers.is_empty() || receivers.iter().any(String::is_empty) {
        return Err(api("miss.staffId", "receiverUserIdList is empty"));
    }
    if receivers.len() > most {
        let message = format!("{} receivers, at most {most}", receivers.len());
        return Err(api("ding.receivercount.limit", message));
    }
    let (receivers, strangers): (Vec<String>, Vec<String>) = {
        let organisation = call.state.organisation.read();
        receivers.into_iter().partition(|id| organisation.user(id).is_some())
    };
    let mut bytes = [0; 16];
    call.clock.random(&mut bytes);
    let open_ding_id = hex(&bytes);
    let at = call.clock.millis();
    call.state.dings.lock().push(Ding {
        open_ding_id: open_ding_id.clone(),
        remind_type,
        receivers,
        content,
        at,
    });
    let mut failed = Map::new();
    if !strangers.is_empty() {
        failed.insert("staffId.notExisted".into(), Value::from(strangers));
    }
    Ok(Success::Body(json!({"openDingId": open_ding_id, "failedList": failed})))
}
