//! Every call that a method is said to make is served.

use std::collections::HashSet;

use dingraia::sandbox::{Grade, coverage};
use reqwest::Method;
use serde_json::{Value, json};

use super::bench::{Bench, HEADER, WithQuery, answer};

#[test]
fn every_method_stands_there_once() {
    let table = coverage();
    let names: HashSet<&str> = table.iter().map(|row| row.method).collect();
    assert_eq!((table.len(), names.len()), (40, 40));
    for row in table {
        let local = row.grade == Grade::FromPython;
        assert_eq!(row.calls.is_empty(), local || row.grade == Grade::Absent, "{}", row.method);
        assert!(!row.grade.name().is_empty());
    }
}

/// Calls that take no app token.
const OPEN: [&str; 5] = [
    "POST api /v1.0/oauth2/accessToken",
    "GET oapi /gettoken",
    "POST oapi /robot/send",
    "POST oapi /robot/sendBySession",
    "GET api /v1.0/contact/users/me",
];

/// The answer to an empty body, with or without the app's token.
async fn ask(bench: &Bench, call: &str, token: &str) -> (u16, Value) {
    let parts: Vec<&str> = call.split(' ').collect();
    let [verb, host, path] = parts[..] else { panic!("{call}") };
    let method: Method = verb.parse().unwrap();
    let request = match host {
        "api" if token.is_empty() => bench.http.request(method, bench.at_api(path)),
        "api" => bench.http.request(method, bench.at_api(path)).header(HEADER, token),
        "oapi" if token.is_empty() => bench.http.request(method, bench.at_oapi(path)),
        "oapi" => bench.http.request(method, bench.at_oapi(path)).query(&[("access_token", token)]),
        other => panic!("{other}"),
    };
    answer(request.json(&json!({}))).await
}

fn calls() -> HashSet<&'static str> {
    coverage().iter().flat_map(|row| row.calls.iter().copied()).collect()
}

#[tokio::test]
async fn every_call_is_served() {
    let bench = Bench::new().await;
    for call in calls() {
        let (status, body) = ask(&bench, call, &bench.token).await;
        assert_ne!((status, &body["code"]), (404, &json!("InvalidAction.NotFound")), "{call}");
        assert!(
            ![22, 43001, 43002].contains(&body["errcode"].as_i64().unwrap_or_default()),
            "{call}: {body}"
        );
    }
}

#[tokio::test]
async fn every_call_asks_for_its_token_and_its_permission() {
    let bench = Bench::new().await;
    bench.sandbox.grant_only(&[]);
    for call in calls().into_iter().filter(|call| !OPEN.contains(call)) {
        let (_, body) = ask(&bench, call, "").await;
        let refusal = if call.contains(" api ") { &body["code"] } else { &body["errcode"] };
        assert!([json!("InvalidAuthentication"), json!(41001)].contains(refusal), "{call}: {body}");
        if call.contains("/innerApi/") {
            continue;
        }
        let (status, body) = ask(&bench, call, &bench.token).await;
        assert!(status == 403 || body["sub_code"] == "60011", "{call}: {body}");
    }
}
