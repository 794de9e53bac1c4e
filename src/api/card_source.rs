//! The methods of an `AICard`. They are called on the card and not on `app`, so they are not among the methods of the list.

use serde_json::{Map, Value};

use super::card_kinds::Function;
use super::{Arg, FromArg, Mismatch, Seconds};
use crate::model::{ContentType, TextSource};
use crate::secret::Secret;
use crate::spec::{Form, Kind};

impl FromArg for TextSource {
    const KIND: Kind = Kind::TextSource;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(text) => Ok(Self::Pieces(vec![text])),
            Arg::List(items) => {
                items.into_iter().map(String::from_arg).collect::<Result<_, _>>().map(Self::Pieces)
            }
            Arg::Function(function) => Ok(Self::Function(function)),
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// The address of a server; its query may hold a key.
#[derive(Debug, Clone)]
pub struct Url(pub Secret);

impl FromArg for Url {
    const KIND: Kind = Kind::Url;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Text(url) if url.starts_with("http://") || url.starts_with("https://") => {
                Ok(Self(Secret::new(url)))
            }
            other => Err(Mismatch::of(&other)),
        }
    }
}

/// Any value as JSON.
#[derive(Debug, Clone)]
pub struct Json(pub Value);

impl FromArg for Json {
    const KIND: Kind = Kind::Any;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        Ok(Self(arg.to_json()))
    }
}

/// HTTP headers.
#[derive(Debug, Clone)]
pub struct Headers(pub Map<String, Value>);

impl FromArg for Headers {
    const KIND: Kind = Kind::Headers;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        Map::from_arg(arg).map(Self)
    }
}

crate::methods! {
    group "card";

    /// Says where the text comes from.
    /// zh: 设置文本来源。
    SetResponse(Nothing "set_response", "setResponse") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// Text, a list of pieces, or a function that is called until it returns `()`.
            /// zh: 文本、文本列表，或反复调用直到返回 `()` 的函数。
            response("response"): TextSource,
            /// What each piece is.
            /// zh: 每段文本的含义。
            content_type("content_type", "contentType"): Option<ContentType> = "auto",
        }
        returns: "nothing" | "无",
        example: r#"AICard().set_response(["你", "好"])"#,
    }

    /// Sets the whole text.
    /// zh: 设置完整文本。
    SetContent(Nothing "set_content", "setContent") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// The text.
            /// zh: 文本。
            content("content"): String,
        }
        returns: "nothing" | "无",
        example: r#"AICard().set_content("你好")"#,
    }

    /// Takes the text from a server that answers a POST with lines `data: {json}`.
    /// zh: 从以 `data: {json}` 逐行应答 POST 的服务获取文本。
    WithPostUrl(Nothing "withPostUrl", "with_post_url") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 5,
        params {
            /// The address.
            /// zh: 地址。
            url("url", "post_url"): Url,
            /// The JSON that is posted.
            /// zh: 要 POST 的 JSON。
            payload("payload", "json"): Option<Json> = "#{}",
            /// Turns the JSON of a line into text; without it the lines are those of an OpenAI-compatible server.
            /// zh: 将每行 JSON 转为文本；不填则按 OpenAI 兼容格式解析。
            handler("handler", "data_handler"): Option<Function>,
            /// Further HTTP headers.
            /// zh: 额外的 HTTP 请求头。
            headers("headers"): Option<Headers>,
            /// The most seconds for all of it.
            /// zh: 总超时时间（秒）。
            timeout("timeout"): Option<Seconds> = "300 of silence",
        }
        returns: "nothing" | "无",
        example: r#"AICard().withPostUrl("http://127.0.0.1:9/", #{}, |json| json.text)"#,
    }
}
