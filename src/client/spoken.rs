//! What `-vv` and `-vvv` say of each request: how it ended, and what went back and forth without its secrets.

use std::time::Duration;

use serde_json::Value;
use tracing::Level;

use super::exchange::Exchange;
use super::reply::{code_of, request_id_of};
use super::send::Answer;
use crate::lang::Text;

/// Whether anybody wants to know.
pub(super) fn is_wanted() -> bool {
    tracing::enabled!(target: "dingraia", Level::DEBUG)
}

/// Tells of `exchange`, which is masked and whose answer may be cut; `answer` is all of it.
pub(super) fn tell(exchange: &Exchange, answer: Option<&Answer>) {
    let json = answer.and_then(|answer| serde_json::from_slice(&answer.bytes).ok()).unwrap_or_default();
    say(&line(&exchange.call, answer.map(|answer| answer.status), &json, exchange.took));
    let Exchange { host, request, answer, .. } = exchange;
    if !request.is_empty() {
        tracing::trace!(target: "dingraia", zh = %format!("发往 {host}：{request}"), "sent to {host}: {request}");
    }
    if !answer.is_empty() {
        tracing::trace!(target: "dingraia", zh = %format!("{host} 返回：{answer}"), "{host} answered: {answer}");
    }
}

/// Tells of a request that does not bring one answer: the beginning of a download, a websocket.
pub(super) fn tell_opened(call: &str, host: &str, status: Option<u16>, took: Duration) {
    if is_wanted() {
        say(&line(&format!("{call} ({host})"), status, &Value::Null, took));
    }
}

fn say(text: &Text) {
    tracing::debug!(target: "dingraia", zh = %text.zh, "{}", text.en);
}

/// `POST /topapi/v2/user/get: HTTP 200, code 60121, 12.3 ms, request id 15…`
fn line(call: &str, status: Option<u16>, json: &Value, took: Duration) -> Text {
    let ms = (took.as_secs_f64() * 1e4).round() / 10.0;
    let Some(status) = status else {
        return Text::made(format!("{call}: no answer, {ms} ms"), format!("{call}：没有应答，{ms} 毫秒"));
    };
    let mut en = format!("{call}: HTTP {status}");
    let mut zh = format!("{call}：HTTP {status}");
    if let Some(code) = code_of(json) {
        en += &format!(", code {code}");
        zh += &format!("，错误码 {code}");
    }
    en += &format!(", {ms} ms");
    zh += &format!("，{ms} 毫秒");
    if let Some(id) = request_id_of(json) {
        en += &format!(", request id {id}");
        zh += &format!("，请求 ID {id}");
    }
    Text::made(en, zh)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::line;
    use serde_json::Value;

    #[test]
    fn a_line_says_how_it_ended() {
        let of = |status, body: &str| {
            let json = serde_json::from_str(body).unwrap_or_default();
            line("POST /x", Some(status), &json, Duration::from_micros(12_345))
        };
        let fine = of(200, r#"{"errcode":0,"request_id":"r1"}"#);
        assert_eq!(fine.en, "POST /x: HTTP 200, 12.3 ms, request id r1");
        assert_eq!(fine.zh, "POST /x：HTTP 200，12.3 毫秒，请求 ID r1");
        let refused = of(200, r#"{"errcode":60121,"errmsg":"x"}"#);
        assert_eq!(refused.en, "POST /x: HTTP 200, code 60121, 12.3 ms");
        assert_eq!(of(502, "<html>").zh, "POST /x：HTTP 502，12.3 毫秒");
        assert_eq!(
            line("GET /y", None, &Value::Null, Duration::from_millis(7)).en,
            "GET /y: no answer, 7 ms"
        );
    }
}
