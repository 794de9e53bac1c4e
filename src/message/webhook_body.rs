//! A message as the body of a custom or session webhook.
//!
//! Source: the custom robot's documentation (`/robot/send`).

use serde_json::{Map, Value, json};

use super::{At, Message, MessageChain};
use crate::error::{Error, Result};

/// The most people that `at` may name.
const MAX_AT: usize = 50;

/// The body for `message`.
///
/// # Errors
/// More than 50 marks.
pub fn webhook_body(message: &Message) -> Result<Value> {
    match message {
        Message::Chain(chain) => {
            let mut body = json!({ "msgtype": "text", "text": { "content": chain.to_string() } });
            if let Some(at) = at(chain)? {
                body["at"] = at;
            }
            Ok(body)
        }
        Message::File(_) => Err(Error::unsendable("a webhook carries no files", "Webhook 不能发送文件")),
        Message::Markdown(markdown) => Ok(json!({
            "msgtype": "markdown",
            "markdown": { "title": markdown.shown_title(), "text": markdown.text },
        })),
    }
}

fn at(chain: &MessageChain) -> Result<Option<Value>> {
    let (mut mobiles, mut users, mut all) = (Vec::new(), Vec::new(), false);
    for mark in chain.marks() {
        match mark {
            At::Mobile(mobile) => mobiles.push(mobile.as_str()),
            At::Staff(id) => users.push(id.as_str()),
            At::All => all = true,
        }
    }
    if mobiles.len() + users.len() > MAX_AT {
        return Err(Error::unsendable(
            format!("{} people are marked with @, at most {MAX_AT}", mobiles.len() + users.len()),
            format!("@ 了 {} 个人，最多 {MAX_AT} 个", mobiles.len() + users.len()),
        ));
    }
    if mobiles.is_empty() && users.is_empty() && !all {
        return Ok(None);
    }
    let mut at = Map::new();
    if !mobiles.is_empty() {
        at.insert("atMobiles".into(), mobiles.into());
    }
    if !users.is_empty() {
        at.insert("atUserIds".into(), users.into());
    }
    at.insert("isAtAll".into(), all.into());
    Ok(Some(Value::Object(at)))
}
