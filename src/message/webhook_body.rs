//! A message as the body of a custom or session webhook.
//!
//! Source: the custom robot's documentation (`/robot/send`).

use serde_json::{Map, Value, json};

use super::{ActionCard, At, FeedCard, Message, MessageChain, Orientation, address, check_buttons};
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
        Message::Link(link) => {
            let mut body = json!({ "msgtype": "link", "link": {
                "title": link.title, "text": link.text, "messageUrl": address(&link.message_url),
            }});
            if !link.pic_url.is_empty() {
                body["link"]["picUrl"] = address(&link.pic_url).into();
            }
            Ok(body)
        }
        Message::ActionCard(card) => action_card(card),
        Message::FeedCard(card) => feed_card(card),
    }
}

fn action_card(card: &ActionCard) -> Result<Value> {
    check_buttons(card)?;
    let mut inner = json!({ "title": card.title, "text": card.text });
    if let [button] = card.buttons.as_slice() {
        inner["singleTitle"] = button.title.as_str().into();
        inner["singleURL"] = address(&button.url).into();
    } else {
        inner["btnOrientation"] = match card.orientation {
            Orientation::Vertical => "0".into(),
            Orientation::Horizontal => "1".into(),
        };
        let buttons = card
            .buttons
            .iter()
            .map(|button| json!({ "title": button.title, "actionURL": address(&button.url) }));
        inner["btns"] = buttons.collect();
    }
    Ok(json!({ "msgtype": "actionCard", "actionCard": inner }))
}

fn feed_card(card: &FeedCard) -> Result<Value> {
    if card.nodes.is_empty() {
        return Err(Error::unsendable(
            "a FeedCard has at least one FeedCardNode",
            "FeedCard 至少需要一个 FeedCardNode",
        ));
    }
    let links: Vec<Value> = card.nodes.iter().map(|node| json!({
        "title": node.title, "messageURL": address(&node.message_url), "picURL": address(&node.pic_url),
    })).collect();
    Ok(json!({ "msgtype": "feedCard", "feedCard": { "links": links } }))
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
