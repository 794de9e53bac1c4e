//! A message as a robot template: `msgKey` and the JSON text `msgParam`.
//!
//! Source: the message types of the robot API (`/v1.0/robot/groupMessages/send`).

use serde_json::{Value, json};

use super::Message;
use super::file_body::file_template;
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
