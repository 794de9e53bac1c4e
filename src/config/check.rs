//! What each shape of value allows, and the sentence for what it does not allow. No sentence quotes a secret.

use serde_json::Value;
use url::Url;

use super::keys::Shape;
use super::model::{Confirm, EditMode};
use super::node::{Node, What};
use crate::error::{Error, Result};
use crate::lang::{Lang, Text};

/// The greatest number: about 31 years in seconds, which every duration type holds.
pub(super) const MOST: f64 = 1e9;

/// Checks one value; what comes back is in its one normal form.
pub(super) fn value(shape: Shape, node: &Node, path: &str) -> Result<Value> {
    let checked = match (shape, &node.what) {
        (Shape::Switch, What::Switch(on)) => Ok((*on).into()),
        (Shape::Number | Shape::Times(_) | Shape::Seconds, What::Number(number)) => {
            let enough = if matches!(shape, Shape::Seconds) { *number > 0.0 } else { *number >= 0.0 };
            let got = format!("`{number}`");
            if enough && *number <= MOST {
                Ok((*number).into())
            } else {
                Err(must(shape, &Text::made(got.clone(), got)))
            }
        }
        (shape, What::Text(text)) if is_text(shape) => text_value(shape, text).map(Value::String),
        _ => return Err(wrong(node, path, &expected(shape))),
    };
    checked.map_err(|problem| Error::setting(node.origin.place(), path, problem))
}

/// Whether the shape is written as text.
pub(super) fn is_text(shape: Shape) -> bool {
    match shape {
        Shape::Word
        | Shape::Url
        | Shape::SocketUrl
        | Shape::WebhookToken
        | Shape::AesKey
        | Shape::CallbackToken
        | Shape::Path
        | Shape::Language
        | Shape::GroupApi
        | Shape::EditMode
        | Shape::Confirm => true,
        Shape::Table(_)
        | Shape::Tables(_)
        | Shape::Times(_)
        | Shape::Headers
        | Shape::Number
        | Shape::Seconds
        | Shape::Switch
        | Shape::Unused => false,
    }
}

/// A value of another kind than the key has.
pub(super) fn wrong(node: &Node, path: &str, wanted: &Text) -> Error {
    let got = node.what.name();
    let problem = Text::made(
        format!("must be {}, not {}", wanted.en, got.en),
        format!("必须是{}，而不是{}", wanted.zh, got.zh),
    );
    Error::setting(node.origin.place(), path, problem)
}

/// What a shape allows, to follow "must be".
pub(super) fn expected(shape: Shape) -> Text {
    let (en, zh) = match shape {
        Shape::Table(_) => ("a table", "表"),
        Shape::Tables(_) => ("a table or a list of tables", "表或表的列表"),
        Shape::Times(_) => (
            "a number of seconds from 0 to 1000000000, or a table of them",
            "0 到 1000000000 的秒数，或由其组成的表",
        ),
        Shape::Headers => ("a table of header names and texts", "由头部名称和文本组成的表"),
        Shape::Word => ("text without spaces, not empty", "不含空格的非空文本"),
        Shape::Url => ("an address like https://host", "形如 https://host 的地址"),
        Shape::SocketUrl => ("an address like wss://host", "形如 wss://host 的地址"),
        Shape::WebhookToken => (
            "the hexadecimal access_token or the whole webhook URL, https://…/robot/send?access_token=…",
            "十六进制的 access_token，或完整的 Webhook 地址 https://…/robot/send?access_token=…",
        ),
        Shape::AesKey => ("text of 43 letters and digits", "43 位字母或数字"),
        Shape::CallbackToken => ("text of 3 to 32 letters and digits", "3 至 32 位字母或数字"),
        Shape::Number => ("a number from 0 to 1000000000", "0 到 1000000000 的数字"),
        Shape::Seconds => {
            ("a number of seconds above 0, at most 1000000000", "大于 0 且不超过 1000000000 的秒数")
        }
        Shape::Switch => ("true or false", "true 或 false"),
        Shape::Path => ("the path of a file", "文件路径"),
        Shape::Language => ("\"en\" or \"zh\"", "\"en\" 或 \"zh\""),
        Shape::GroupApi => ("\"legacy\" or \"v1\"", "\"legacy\" 或 \"v1\""),
        Shape::EditMode => ("\"emacs\" or \"vi\"", "\"emacs\" 或 \"vi\""),
        Shape::Confirm => ("\"never\", \"destroy\" or \"all\"", "\"never\"、\"destroy\" 或 \"all\""),
        Shape::Unused => {
            ("left out: only functions of a script have a meaning here", "留空：此处只能是脚本的函数")
        }
    };
    Text::fixed(en, zh)
}

fn must(shape: Shape, got: &Text) -> Text {
    let wanted = expected(shape);
    Text::made(
        format!("must be {}, got {}", wanted.en, got.en),
        format!("必须是{}，实际是 {}", wanted.zh, got.zh),
    )
}

fn text_value(shape: Shape, text: &str) -> Result<String, Text> {
    if text.trim().is_empty() {
        return Err(must(shape, &Text::fixed("empty text", "空文本")));
    }
    match shape {
        Shape::AesKey => alphanumeric(shape, text, 43, 43),
        Shape::CallbackToken => alphanumeric(shape, text, 3, 32),
        Shape::Url => url(shape, text, &["http", "https"]),
        Shape::SocketUrl => url(shape, text, &["ws", "wss"]),
        Shape::WebhookToken => webhook_token(text),
        Shape::Path if text.starts_with('~') => {
            let got = Text::fixed(
                "one with `~`, which is not expanded; write the whole path",
                "以 `~` 开头的路径，它不会被展开，请写完整路径",
            );
            Err(must(shape, &got))
        }
        Shape::Path => Ok(text.into()),
        Shape::Language => match Lang::parse(text) {
            Some(lang) => Ok(lang.name().into()),
            None => Err(must(shape, &Text::made(format!("`{text}`"), format!("`{text}`")))),
        },
        Shape::EditMode if EditMode::parse(text).is_some() => Ok(text.into()),
        Shape::GroupApi if matches!(text, "legacy" | "v1") => Ok(text.into()),
        Shape::Confirm if Confirm::parse(text).is_some() => Ok(text.into()),
        Shape::EditMode | Shape::GroupApi | Shape::Confirm => {
            Err(must(shape, &Text::made(format!("`{text}`"), format!("`{text}`"))))
        }
        _ if text.chars().any(|c| c.is_whitespace() || c.is_control()) => {
            Err(must(shape, &Text::fixed("text with a space or line break", "含有空格或换行的文本")))
        }
        _ => Ok(text.into()),
    }
}

fn alphanumeric(shape: Shape, text: &str, least: usize, most: usize) -> Result<String, Text> {
    let count = text.chars().count();
    if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(must(shape, &Text::fixed("other characters", "其他字符")));
    }
    if !(least..=most).contains(&count) {
        return Err(must(shape, &Text::made(format!("{count}"), format!("{count} 位"))));
    }
    Ok(text.into())
}

/// An address that requests can be sent to, without the slash at its end. It may have a path and nothing after it.
fn url(shape: Shape, text: &str, schemes: &[&str]) -> Result<String, Text> {
    let got = match Url::parse(text) {
        Err(_) => Text::fixed("something that is not an address", "不是地址的文本"),
        Ok(url) if !schemes.contains(&url.scheme()) => {
            Text::fixed("an address that begins differently", "其他开头的地址")
        }
        Ok(url) if url.host_str().is_none_or(str::is_empty) => {
            Text::fixed("an address without a host", "没有主机的地址")
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            Text::fixed("one with a user name or password", "含有用户名或密码的地址")
        }
        Ok(url) if url.query().is_some() => {
            Text::fixed("one with a query (`?…`)", "含有查询参数（`?…`）的地址")
        }
        Ok(url) if url.fragment().is_some() => {
            Text::fixed("one with a fragment (`#…`)", "含有片段（`#…`）的地址")
        }
        Ok(url) => return Ok(url.as_str().trim_end_matches('/').into()),
    };
    Err(must(shape, &got))
}

fn webhook_token(text: &str) -> Result<String, Text> {
    let hexadecimal = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_hexdigit());
    if hexadecimal(text) {
        return Ok(text.into());
    }
    let refuse = |en, zh| Err(must(Shape::WebhookToken, &Text::fixed(en, zh)));
    let Ok(url) = Url::parse(text) else {
        return refuse("other text", "其他文本");
    };
    if !matches!(url.scheme(), "http" | "https") || !url.path().ends_with("/robot/send") {
        return refuse("another address", "其他地址");
    }
    match url.query_pairs().find(|(name, _)| name == "access_token") {
        Some((_, token)) if hexadecimal(&token) => Ok(token.into_owned()),
        Some(_) => refuse("a URL whose access_token is not hexadecimal", "access_token 不是十六进制的地址"),
        None => refuse("a URL without access_token", "没有 access_token 的地址"),
    }
}

/// Checks the name of an HTTP header.
pub(super) fn header_name(name: &str, node: &Node, path: &str) -> Result<()> {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.is_empty() && name.bytes().all(good) {
        return Ok(());
    }
    let problem = Text::fixed("is not the name of a header", "不是有效的头部名称");
    Err(Error::setting(node.origin.place(), path, problem))
}

/// Checks the value of an HTTP header; it may have spaces and must stay on one line.
pub(super) fn header_value(node: &Node, path: &str) -> Result<Value> {
    let wanted = Text::fixed("text of one line", "单行文本");
    match &node.what {
        What::Text(text) if !text.chars().any(char::is_control) => Ok(text.clone().into()),
        What::Text(_) => {
            let problem =
                Text::fixed("must not have line breaks or control characters", "不能含有换行或控制字符");
            Err(Error::setting(node.origin.place(), path, problem))
        }
        _ => Err(wrong(node, path, &wanted)),
    }
}
