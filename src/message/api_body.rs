//! A message as a robot template: `msgKey` and the JSON text `msgParam`.
//!
//! Source: the message types of the robot API (`/v1.0/robot/groupMessages/send`).

use serde_json::{Map, Value, json};

use super::file_body::file_template;
use super::{ActionCard, Message, Orientation, address, check_buttons};
use crate::error::{Error, Result};

/// The most bytes of `msgParam`.
pub const MAX_MSG_PARAM: usize = 15_000;

/// `(msgKey, msgParam)`. Marks are left out: a robot cannot @ anybody through the API.
///
/// # Errors
/// A message with nothing left to say, or one over [`MAX_MSG_PARAM`].
pub fn template(message: &Message) -> Result<(&'static str, String)> {
    let (key, param) = match message {
        Message::File(file) => file_template(&file.read())?,
        Message::Chain(chain) => ("sampleText", text(&chain.plain())?),
        Message::Markdown(markdown) => {
            ("sampleMarkdown", json!({ "title": markdown.shown_title(), "text": markdown.text }))
        }
        Message::Link(link) => (
            "sampleLink",
            json!({
                "text": link.text,
                "title": link.title,
                "picUrl": address(&link.pic_url),
                "messageUrl": address(&link.message_url),
            }),
        ),
        Message::ActionCard(card) => action_card(card)?,
        Message::FeedCard(_) => {
            return Err(Error::unsendable(
                "a FeedCard goes to a webhook only; the API has no template for it",
                "FeedCard 只能发送到 Webhook，API 没有对应的模板",
            ));
        }
    };
    let param = param.to_string();
    if param.len() > MAX_MSG_PARAM {
        return Err(Error::unsendable(
            format!("the message is too long: {} bytes of `msgParam`, at most {MAX_MSG_PARAM}", param.len()),
            format!("消息过长：`msgParam` 为 {} 字节，最多 {MAX_MSG_PARAM} 字节", param.len()),
        ));
    }
    Ok((key, param))
}

fn text(content: &str) -> Result<Value> {
    if content.is_empty() {
        return Err(Error::unsendable(
            "the message holds only @ marks, which a robot cannot send through the API",
            "消息只包含 @，机器人无法通过 API 发送 @",
        ));
    }
    Ok(json!({ "content": content }))
}

/// The template of a card: its number is that of the buttons, 6 stands for two side by side.
fn action_card(card: &ActionCard) -> Result<(&'static str, Value)> {
    check_buttons(card)?;
    let mut param = Map::new();
    param.insert("title".into(), card.title.as_str().into());
    param.insert("text".into(), card.text.as_str().into());
    let count = card.buttons.len();
    let (key, title, url) = match (count, card.orientation) {
        (1, _) => {
            let button = &card.buttons[0];
            param.insert("singleTitle".into(), button.title.as_str().into());
            param.insert("singleURL".into(), address(&button.url).into());
            return Ok(("sampleActionCard", Value::Object(param)));
        }
        (2, Orientation::Horizontal) => ("sampleActionCard6", "buttonTitle", "buttonUrl"),
        (_, Orientation::Horizontal) => {
            return Err(Error::unsendable(
                format!("buttons side by side must be exactly two through the API, got {count}"),
                format!("通过 API 发送时横向按钮必须恰好两个，实际 {count} 个"),
            ));
        }
        (2, Orientation::Vertical) => ("sampleActionCard2", "actionTitle", "actionURL"),
        (3, Orientation::Vertical) => ("sampleActionCard3", "actionTitle", "actionURL"),
        (4, Orientation::Vertical) => ("sampleActionCard4", "actionTitle", "actionURL"),
        (_, Orientation::Vertical) => ("sampleActionCard5", "actionTitle", "actionURL"),
    };
    for (button, number) in card.buttons.iter().zip(1..) {
        param.insert(format!("{title}{number}"), button.title.as_str().into());
        param.insert(format!("{url}{number}"), address(&button.url).into());
    }
    Ok((key, Value::Object(param)))
}
