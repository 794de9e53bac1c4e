//! Constructors: from checked arguments to an object.

use std::sync::Arc;

use rhai::Dynamic;
use serde_json::{Map, Value};

use super::convert::object_to_dynamic;
use super::file;
use super::hooks::Hooks;
use super::live::{Live, Opener};
use crate::api::card as cards;
use crate::api::element as elements;
use crate::api::object as rows;
use crate::api::{Arg, Args, Object, Request};
use crate::config::{Config, Origin};
use crate::error::{Error, Kind, Result};
use crate::message::{
    ActionCard, ActionCardButton, FeedCard, FeedCardNode, Link, Markdown, MessageChain, Orientation,
    check_buttons,
};
use crate::model::{AccessToken, AiCard, Group, Member, OpenConversationId, Shared, Webhook};
use crate::spec::Method;

/// Makes what the constructor `method` stands for.
pub(super) fn construct(method: &'static Method, mut given: Vec<Arg>, opener: &Opener) -> Result<Dynamic> {
    let hooks = if method.name == "Config" { Hooks::take(&mut given)? } else { Hooks::default() };
    let args = Args::bind(method, given)?;
    if method.name == "Dingtalk" {
        let config = rows::NewDingtalk::take(args)?.config;
        let config = config.map_or_else(Config::default, |config| Config::clone(&config.0));
        return opener(config).map(|session| Dynamic::from(Live(session)));
    }
    if method.name == "Config" {
        let fields = rows::NewConfig::take(args)?.fields.unwrap_or_default();
        let mut config = Config::from_fields(fields, &Origin::Script)?;
        hooks.put_into(&mut config);
        return Ok(object_to_dynamic(Object::Config(Arc::new(config))));
    }
    object(method, args).map(object_to_dynamic)
}

fn object(method: &Method, args: Args) -> Result<Object> {
    Ok(match method.name {
        name if file::is_constructor(name) => file::construct(name, args)?,
        "Member" => member(rows::NewMember::take(args)?),
        "Group" => group(rows::NewGroup::take(args)?),
        "OpenConversationId" => conversation(rows::NewConversation::take(args)?)?,
        "Webhook" => {
            let rows::NewWebhook { url, expired } = rows::NewWebhook::take(args)?;
            Object::Webhook(Webhook::new(url, expired.map(|at| at.0)))
        }
        "AccessToken" => Object::Token(AccessToken::plain(rows::NewToken::take(args)?.token)),
        "MessageChain" => Object::Chain(MessageChain { elements: rows::NewChain::take(args)?.elements }),
        "Markdown" => {
            let rows::NewMarkdown { text, title } = rows::NewMarkdown::take(args)?;
            Object::Markdown(Markdown { text, title: title.unwrap_or_default() })
        }
        "At" => Object::At(rows::NewAt::take(args)?.target),
        "PrivateDataBuilder" => {
            let data = cards::NewPrivateData::take(args)?.data.unwrap_or_default();
            Object::PrivateData(Shared::new(data))
        }
        "AICard" => {
            let content_type = cards::NewAiCard::take(args)?.content_type.unwrap_or_default();
            Object::AiCard(Shared::new(AiCard { content_type, ..AiCard::default() }))
        }
        "Bot" => bot(rows::NewBot::take(args)?),
        "CallBack" => {
            let rows::NewCallBack { aes_key, token, app_key } = rows::NewCallBack::take(args)?;
            part("CallBack", [("aes_key", Some(aes_key)), ("token", Some(token)), ("app_key", Some(app_key))])
        }
        "Stream" => {
            let rows::NewStream { app_key, app_secret } = rows::NewStream::take(args)?;
            part("Stream", [("app_key", Some(app_key)), ("app_secret", Some(app_secret))])
        }
        _ => return element(method, args),
    })
}

/// Links and cards.
fn element(method: &Method, args: Args) -> Result<Object> {
    Ok(match method.name {
        "Link" => {
            let elements::NewLink { title, text, url, picture } = elements::NewLink::take(args)?;
            Object::Link(Link { title, text, message_url: url, pic_url: picture.unwrap_or_default() })
        }
        "ActionCardButton" => {
            let elements::NewButton { title, url } = elements::NewButton::take(args)?;
            Object::Button(ActionCardButton { title, url })
        }
        "ActionCard" => {
            let elements::NewActionCard { title, text, buttons, horizontal } =
                elements::NewActionCard::take(args)?;
            let side_by_side = horizontal.is_some_and(|flag| flag.0);
            let orientation = if side_by_side { Orientation::Horizontal } else { Orientation::Vertical };
            let title = title.unwrap_or_else(|| "[ActionCard]".into());
            let card = ActionCard { title, text, buttons: buttons.0, orientation };
            check_buttons(&card)?;
            Object::ActionCard(card)
        }
        "FeedCardNode" => {
            let elements::NewFeedNode { title, url, picture } = elements::NewFeedNode::take(args)?;
            Object::FeedNode(FeedCardNode { title, message_url: url, pic_url: picture })
        }
        "FeedCard" => Object::FeedCard(FeedCard { nodes: elements::NewFeedCard::take(args)?.nodes.0 }),
        other => {
            return Err(Error::new(Kind::Bug { problem: format!("`{other}` has a row but no constructor") }));
        }
    })
}

fn member(args: rows::NewMember) -> Object {
    Object::Member(Shared::new(Member {
        id: args.id,
        name: args.member_name.unwrap_or_default(),
        staff_id: args.staff_id.unwrap_or_default(),
        union_id: args.union_id.unwrap_or_default(),
    }))
}

fn group(args: rows::NewGroup) -> Object {
    let (id, conversation_id) = match args.key {
        Some(rows::GroupKey::Number(id)) => (Some(id), String::new()),
        Some(rows::GroupKey::Conversation(cid)) => (None, cid),
        None => (None, String::new()),
    };
    Object::Group(Shared::new(Group {
        id,
        conversation_id,
        name: args.group_name.unwrap_or_default(),
        webhook: args.webhook,
        member: args.member.map(|member| member.0),
    }))
}

fn conversation(args: rows::NewConversation) -> Result<Object> {
    if !args.id.starts_with("cid") {
        return Err(Error::unsendable(
            format!("OpenConversationId: `{}` does not begin with `cid`", args.id),
            format!("OpenConversationId：`{}` 不以 `cid` 开头", args.id),
        ));
    }
    Ok(Object::Conversation(OpenConversationId { id: args.id, name: args.group_name.unwrap_or_default() }))
}

fn bot(args: rows::NewBot) -> Object {
    part(
        "Bot",
        [
            ("app_key", Some(args.app_key)),
            ("app_secret", Some(args.app_secret)),
            ("robot_code", args.robot_code),
            ("group_webhook_access_token", args.webhook_token),
            ("group_webhook_secure_key", args.webhook_key),
        ],
    )
}

fn part<const N: usize>(name: &'static str, fields: [(&str, Option<String>); N]) -> Object {
    let given = fields
        .into_iter()
        .filter_map(|(key, value)| value.map(|value| (key.to_owned(), Value::String(value))));
    Object::Part(name, given.collect::<Map<_, _>>())
}
