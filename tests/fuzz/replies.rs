//! Answers of a server: read or refused, and nothing that failed counts as done.

use dingraia::client::{Call, decode};
use dingraia::spec::{Effect, Endpoint, Host, Verb};
use proptest::prelude::{any, prop, proptest};
use serde_json::{Value, json};

use super::{cases, damaged, made_of};

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"errcode\"",
    "\"errmsg\"",
    "\"code\"",
    "\"message\"",
    "\"success\"",
    "\"result\"",
    "\"request_id\"",
    "\"sub_code\"",
    "\"punish\"",
    "\"status\"",
    "\"accessdenieddetail\"",
    "\"requiredScopes\"",
    "0",
    "-1",
    "88",
    "40014",
    "1e999",
    "\"0\"",
    "\"\"",
    "null",
    "true",
    "false",
    "\"subcode=60011,submsg=x]\"",
    "<html>",
    "\u{feff}",
    " ",
    "\n",
    "\"\\ud800\"",
    "\"字\"",
];

const GOOD: &str = "{\"errcode\":0,\"errmsg\":\"ok\",\"result\":{\"userid\":\"manager4220\",\"name\":\"林晓\",\"dept_id_list\":[1,100]},\"request_id\":\"847jlh2x\"}";

fn call() -> Call {
    let endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/topapi/v2/user/get" };
    Call::new(endpoint, Effect::Read, json!({}))
}

/// An answer that says yes is JSON without a code of failure.
fn read(status: u16, html: bool, bytes: Vec<u8>) {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match decode(&call(), status, html, bytes) {
        Ok(reply) => {
            assert!((200..300).contains(&status) || reply.json.is_object(), "{status}: {text}");
            for name in ["errcode", "code"] {
                let code = reply.json.get(name);
                let is_failure =
                    code.is_some_and(|code| code.as_i64().is_some_and(|code| code != 0 && code != 200));
                assert!(!is_failure, "{status}: {text}");
            }
            assert!(
                reply.json.get("success") != Some(&Value::Bool(false))
                    || reply.json.get("errcode") == Some(&0.into()),
                "{text}"
            );
        }
        Err(error) => {
            let _ = format!("{error} {error:?} {:?} {}", error.hints(), error.code());
        }
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), status in 100_u16..600, html in any::<bool>()) {
        read(status, html, bytes);
    }

    #[test]
    fn texts_are_read_or_refused(text in made_of(PIECES, 24), status in 100_u16..600, html in any::<bool>()) {
        read(status, html, text.into_bytes());
    }

    #[test]
    fn a_damaged_answer_too(text in damaged(GOOD), status in 200_u16..210) {
        read(status, false, text.into_bytes());
    }

    /// A code of failure is told, whatever stands around it.
    #[test]
    fn a_failure_is_a_failure(code in any::<i32>(), message in any::<String>(), status in 200_u16..600, rest in any::<u8>()) {
        let body = json!({ "errcode": code, "errmsg": message, "result": { "x": rest } });
        let outcome = decode(&call(), status, false, body.to_string().into_bytes());
        match code {
            0 if status < 300 => assert!(outcome.is_ok(), "{outcome:?}"),
            0 | 88 => {}
            code => assert_eq!(outcome.unwrap_err().code(), code.to_string()),
        }
    }
}
