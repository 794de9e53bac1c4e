//! The constructors of links, cards with buttons and feed cards.

use super::{Arg, Flag, FromArg, Mismatch, Object};
use crate::lang::Text;
use crate::message::{ActionCardButton, FeedCardNode};
use crate::spec::{Form, Kind};

/// One or more buttons.
#[derive(Debug, Clone)]
pub struct Buttons(pub Vec<ActionCardButton>);

impl FromArg for Buttons {
    const KIND: Kind = Kind::Object("ActionCardButton");

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let one = |arg| match arg {
            Arg::Object(Object::Button(button)) => Ok(button),
            Arg::List(pair) => match texts(pair)?.as_slice() {
                [title, url] => Ok(ActionCardButton { title: title.clone(), url: url.clone() }),
                other => Err(Mismatch::Kind(format!("a list of {}", other.len()))),
            },
            other => Err(Mismatch::of(&other)),
        };
        let buttons: Vec<ActionCardButton> = list(arg).into_iter().map(one).collect::<Result<_, _>>()?;
        if (1..=5).contains(&buttons.len()) {
            return Ok(Self(buttons));
        }
        let expected = Text::fixed("1 to 5 ActionCardButtons", " 1 到 5 个 ActionCardButton");
        Err(Mismatch::Value(expected, buttons.len().to_string()))
    }
}

/// One or more entries of a feed card.
#[derive(Debug, Clone)]
pub struct Nodes(pub Vec<FeedCardNode>);

impl FromArg for Nodes {
    const KIND: Kind = Kind::Object("FeedCardNode");

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let one = |arg| match arg {
            Arg::Object(Object::FeedNode(node)) => Ok(node),
            Arg::List(parts) => match texts(parts)?.as_slice() {
                [title, url, picture] => Ok(FeedCardNode {
                    title: title.clone(),
                    message_url: url.clone(),
                    pic_url: picture.clone(),
                }),
                other => Err(Mismatch::Kind(format!("a list of {}", other.len()))),
            },
            other => Err(Mismatch::of(&other)),
        };
        let nodes: Vec<FeedCardNode> = list(arg).into_iter().map(one).collect::<Result<_, _>>()?;
        if nodes.is_empty() { Err(Mismatch::Kind("an empty list".into())) } else { Ok(Self(nodes)) }
    }
}

/// A button or an entry may be given as a list of its texts.
fn texts(parts: Vec<Arg>) -> Result<Vec<String>, Mismatch> {
    parts.into_iter().map(String::from_arg).collect()
}

fn list(arg: Arg) -> Vec<Arg> {
    match arg {
        Arg::List(items) => items,
        one => vec![one],
    }
}

crate::methods! {
    group "object";

    /// A message that leads to an address.
    /// zh: 链接消息。
    NewLink(Nothing "Link") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 4,
        params {
            /// Where it leads.
            /// zh: 点击后跳转的地址。
            url("url", "messageUrl", "message_url"): String,
            /// Title.
            /// zh: 标题。
            title("title"): String,
            /// Text.
            /// zh: 正文。
            text("text"): String,
            /// Picture: an address or a mediaId.
            /// zh: 图片地址或 mediaId。
            picture("picUrl", "pic_url"): Option<String>,
        }
        returns: "a Link" | "Link",
        example: r#"Link("https://example.com/notes", "发布说明", "本周的变化")"#,
    }

    /// A button of an `ActionCard`.
    /// zh: `ActionCard` 的按钮。
    NewButton(Nothing "ActionCardButton") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// What stands on it.
            /// zh: 按钮文字。
            title("title", "text"): String,
            /// Where it leads.
            /// zh: 点击后跳转的地址。
            url("url", "actionURL", "actionUrl"): String,
        }
        returns: "an ActionCardButton" | "ActionCardButton",
        example: r#"ActionCardButton("查看", "https://example.com")"#,
    }

    /// A Markdown text with 1 to 5 buttons. Side by side they must be two when it goes through the API.
    /// zh: 带 1 到 5 个按钮的 Markdown 卡片；通过 API 发送时横向按钮必须为两个。
    NewActionCard(Nothing "ActionCard") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 4,
        params {
            /// Markdown text.
            /// zh: Markdown 正文。
            text("text"): String,
            /// An `ActionCardButton`, or a list of them.
            /// zh: `ActionCardButton` 或其列表。
            buttons("buttons", "button", "btns"): Buttons,
            /// Title.
            /// zh: 标题。
            title("title"): Option<String> = "[ActionCard]",
            /// `true` or 1: the buttons stand side by side.
            /// zh: `true` 或 1 表示按钮横向排列。
            horizontal("orientation", "horizontal", "btnOrientation"): Option<Flag> = "0",
        }
        returns: "an ActionCard" | "ActionCard",
        example: r#"ActionCard("请处理", [ActionCardButton("同意", "https://example.com/y"), ActionCardButton("拒绝", "https://example.com/n")], "审批", true)"#,
    }

    /// An entry of a `FeedCard`.
    /// zh: `FeedCard` 的一项。
    NewFeedNode(Nothing "FeedCardNode") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 3,
        params {
            /// Title.
            /// zh: 标题。
            title("title"): String,
            /// Where it leads.
            /// zh: 点击后跳转的地址。
            url("messageURL", "messageUrl", "url"): String,
            /// Picture.
            /// zh: 图片地址。
            picture("picURL", "picUrl", "pic_url"): String,
        }
        returns: "a FeedCardNode" | "FeedCardNode",
        example: r#"FeedCardNode("新闻", "https://example.com/1", "https://example.com/1.png")"#,
    }

    /// Several links as one message; for webhooks only.
    /// zh: 由多个链接组成的消息，仅支持 Webhook。
    NewFeedCard(Nothing "FeedCard") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// `FeedCardNode`s.
            /// zh: `FeedCardNode` 列表。
            nodes("nodes", "links"): Nodes,
        }
        returns: "a FeedCard" | "FeedCard",
        example: r#"FeedCard([FeedCardNode("新闻", "https://example.com/1", "https://example.com/1.png")])"#,
    }
}
