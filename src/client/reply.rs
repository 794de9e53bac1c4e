//! From the bytes of an answer to its meaning: both hosts' envelopes, and everything that is not an answer.

use std::borrow::Cow;

use serde_json::Value;

use super::codes::{CodeInfo, explain};
use super::{Call, Proof};
use crate::error::{Class, Error, Kind, Refusal, Result};
use crate::lang::Text;

/// An answer that says yes.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status; 0 when nothing was sent and the answer is made up.
    pub status: u16,
    /// The body as it came.
    pub text: String,
    /// The body, parsed; `{}` for an empty one.
    pub json: Value,
}

impl Reply {
    /// An answer to something that was not sent.
    pub fn made_up(json: Value) -> Self {
        Self { status: 0, text: json.to_string(), json }
    }

    /// Whether DingTalk gave it.
    pub fn was_sent(&self) -> bool {
        self.status != 0
    }
}

/// Reads an answer. `html` = its content type is HTML.
///
/// # Errors
/// A refusal in either envelope, or something that is not JSON.
pub fn decode(call: &Call, status: u16, html: bool, bytes: Vec<u8>) -> Result<Reply> {
    let text =
        String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned());
    let trimmed = text.trim_start();
    let may_be_empty = !matches!(call.proof, Proof::Field(_));
    if trimmed.is_empty() && (200..300).contains(&status) && may_be_empty {
        return Ok(Reply { status, text, json: Value::Object(serde_json::Map::new()) });
    }
    let json: Value = match serde_json::from_str(trimmed) {
        Ok(json) => json,
        // A gateway that throttles has no words of DingTalk's.
        Err(_) if status == 429 => Value::Null,
        Err(error) => return Err(not_json(call, status, html || trimmed.starts_with('<'), trimmed, &error)),
    };
    match refusal(call, status, &json) {
        Some(error) => Err(error),
        None => match without_proof(call.proof, &json) {
            Some(problem) => Err(Error::new(Kind::Unreadable { call: call.label(), status, problem })),
            None => Ok(Reply { status, text, json }),
        },
    }
}

/// What an answer lacks that every answer to its call has.
fn without_proof(proof: Proof, json: &Value) -> Option<Text> {
    match proof {
        Proof::Object if !json.is_object() => {
            Some(Text::fixed("JSON that is not an object", "JSON 不是对象"))
        }
        Proof::Field(name) if field(json, name).is_none() => {
            Some(Text::made(format!("JSON without `{name}` in it"), format!("JSON 中没有 `{name}`")))
        }
        _ => None,
    }
}

fn not_json(call: &Call, status: u16, html: bool, text: &str, error: &serde_json::Error) -> Error {
    let beginning: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    let problem = if text.starts_with("<?xml") {
        Text::made(format!("XML: {beginning}"), format!("XML：{beginning}"))
    } else if html {
        Text::made(format!("an HTML page: {beginning}"), format!("一个 HTML 页面：{beginning}"))
    } else if error.is_eof() && !text.is_empty() {
        Text::fixed("JSON that breaks off", "不完整的 JSON")
    } else if text.is_empty() {
        Text::fixed("empty", "空的")
    } else {
        Text::made(format!("not JSON: {beginning}"), format!("不是 JSON：{beginning}"))
    };
    let error = Error::new(Kind::Unreadable { call: call.label(), status, problem });
    if html {
        return error.hint(Text::fixed(
            "a proxy or a login page may stand in between; DingTalk also answers HTML while an IP is banned for 5 minutes",
            "中间可能有代理或登录页；IP 被封禁的 5 分钟内钉钉也会返回 HTML",
        ));
    }
    error
}

/// An answer that sends the caller to `host`: DingTalk's API never does.
pub(super) fn redirected(call: &Call, status: u16, host: &str) -> Error {
    let problem = Text::made(format!("a redirect to {host}"), format!("到 {host} 的重定向"));
    Error::new(Kind::Unreadable { call: call.label(), status, problem }).hint(Text::fixed(
        "a proxy or the login page of a network may stand in between; check `[endpoints]` too",
        "中间可能有代理或网络登录页；也请检查 `[endpoints]`",
    ))
}

/// The refusal that an answer holds, if it is one.
fn refusal(call: &Call, status: u16, json: &Value) -> Option<Error> {
    let code = match (code_of(json), status) {
        (Some(code), _) => code.into_owned(),
        (None, 200..=299) => return None,
        (None, _) => status.to_string(),
    };
    let message = text_at(json, &["sub_msg", "errmsg", "message", "errorMsg", "msg"])
        .map_or_else(|| format!("HTTP {status}"), Cow::into_owned);
    let request_id = request_id_of(json).unwrap_or_default().into_owned();
    let info = explain(&code);
    let class = info.map_or_else(|| class_of(&code, status), |info| info.class);
    let exception = info.map_or("DingtalkAPIError", |info| info.exception);
    let refusal = Refusal {
        call: call.label(),
        code,
        message,
        request_id,
        status,
        class,
        exception,
        body: json.clone(),
    };
    let error = Error::new(Kind::Refused(Box::new(refusal)));
    let error = info.and_then(CodeInfo::remedy).into_iter().fold(error, Error::hint);
    Some(scopes(json).into_iter().fold(error, Error::hint))
}

/// The code of a failure: `errcode`, the `sub_code` of 88, `code`, the status of an IP ban, or a bare `success: false`.
pub(super) fn code_of(json: &Value) -> Option<Cow<'_, str>> {
    let errcode = field(json, "errcode").map(plain).filter(|code| code != "0");
    if errcode.as_deref() == Some("88") {
        return text_at(json, &["sub_code"]).or_else(|| bracketed(json).map(Cow::Borrowed)).or(errcode);
    }
    let code =
        || field(json, "code").map(plain).filter(|code| !matches!(code.as_ref(), "0" | "200" | "" | "OK"));
    let banned =
        || (field(json, "punish").is_some() && field(json, "status").is_some()).then(|| "1111".into());
    let failed = || {
        let success = field(json, "success").map(plain)?;
        (success == "false").then(|| "success:false".into())
    };
    errcode.or_else(code).or_else(banned).or_else(failed)
}

/// DingTalk's id of a request, out of its answer.
pub(super) fn request_id_of(json: &Value) -> Option<Cow<'_, str>> {
    text_at(json, &["request_id", "requestid", "requestId", "RequestId"])
}

/// `subcode=60011` out of `ding talk error[subcode=60011,submsg=…]`.
fn bracketed(json: &Value) -> Option<&str> {
    let text = json.get("errmsg")?.as_str()?;
    let rest = text.split_once("subcode=")?.1;
    rest.split([',', ']']).next()
}

/// The permission points that an answer asks for.
fn scopes(json: &Value) -> Option<Text> {
    let scopes = json.get("accessdenieddetail")?.get("requiredScopes")?.as_array()?;
    let names = scopes.iter().map(plain).collect::<Vec<_>>().join(", ");
    Some(Text::made(format!("missing permission: {names}"), format!("缺少权限：{names}")))
}

fn class_of(code: &str, status: u16) -> Class {
    let invalid =
        ["invalidParameter", "param.", "parameter.", "miss."].iter().any(|head| code.starts_with(head));
    match status {
        _ if invalid => Class::Request,
        _ if code.contains("Qps") || code.contains("Qpm") || code.starts_with("Throttling") => Class::Rate,
        429 => Class::Rate,
        401 => Class::Token,
        403 => Class::Permission,
        500..=599 => Class::Server,
        _ => Class::Request,
    }
}

fn text_at<'a>(json: &'a Value, keys: &[&str]) -> Option<Cow<'a, str>> {
    keys.iter().filter_map(|key| field(json, key)).map(plain).find(|text| !text.is_empty())
}

/// A field of an answer; `null` is none. There are few, and looking through them takes less time than the hash of a name.
fn field<'a>(json: &'a Value, name: &str) -> Option<&'a Value> {
    json.as_object()?
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_null())
}

/// Numbers and texts alike: DingTalk writes `0` and `"0"`, `true` and `"true"`.
fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.into(),
        Value::Null => "".into(),
        other => other.to_string().into(),
    }
}
