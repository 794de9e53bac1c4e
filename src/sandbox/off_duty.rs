//! What a Stream robot says while nobody is connected: POST api `/v1.0/innerApi/robot/stream/away/template/update`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse::api;
use super::route::{Answer, Auth, Call, Route, Success};

/// The only template of the prompt.
const TEMPLATE: &str = "StandardCard";

pub(super) const ROUTES: &[Route] = &[Route::api(
    "POST",
    "/v1.0/innerApi/robot/stream/away/template/update",
    Auth::AnyApp,
    "param.invalid",
    update,
)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
    #[serde(rename = "cardTemplateId")]
    card_template_id: Option<String>,
    #[serde(rename = "cardData")]
    card_data: Option<String>,
}

/// The shape of `cardData`, which comes as JSON text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    #[serde(rename = "config")]
    _config: Config,
    header: Header,
    contents: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(rename = "autoLayout")]
    _auto_layout: bool,
    #[serde(rename = "enableForward")]
    _enable_forward: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    title: Title,
    logo: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Title {
    Text {
        #[serde(rename = "text")]
        _text: String,
    },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Block {
    Markdown {
        #[serde(rename = "text")]
        _text: String,
        id: String,
    },
    Divider {
        id: String,
    },
}

impl Block {
    fn id(&self) -> &str {
        match self {
            Self::Markdown { id, .. } | Self::Divider { id } => id,
        }
    }
}

fn update(call: &Call<'_>) -> Answer {
    let request: Update = call.body()?;
    let robot_code = call.need_text(request.robot_code.as_ref(), "robotCode")?;
    if call.state.app.read().robot_code != robot_code {
        return Err(api("resource.not.found", format!("robot {robot_code} does not exist")));
    }
    let template = call.need_text(request.card_template_id.as_ref(), "cardTemplateId")?;
    if template != TEMPLATE {
        return Err(call.bad(format!("`cardTemplateId` must be {TEMPLATE}")));
    }
    let text = call.need_text(request.card_data.as_ref(), "cardData")?;
    let card: Card = serde_json::from_str(text).map_err(|error| call.bad(format!("`cardData`: {error}")))?;
    let Title::Text { .. } = card.header.title;
    if !card.header.logo.starts_with(['@', '$']) {
        return Err(call.bad("`cardData`: `logo` is no media id"));
    }
    let mut ids: Vec<&str> = card.contents.iter().map(Block::id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() < card.contents.len() {
        return Err(call.bad("`cardData`: `contents` is empty or repeats an id"));
    }
    let kept: Value = serde_json::from_str(text).unwrap_or_default();
    *call.state.off_duty.lock() = Some(kept);
    Ok(Success::Body(json!({"success": true})))
}
