//! Failures on demand, and the end of a sandbox.

use std::time::{Duration, Instant};

use dingraia::sandbox::Fault;
use reqwest::{Response, Result};
use serde_json::json;

use super::bench::{Bench, HEADER, RELEASE, ROBOT, answer, ok, refused};

const LISTID: &str = "/topapi/user/listid";
const SEND: &str = "/v1.0/robot/groupMessages/send";

async fn send(bench: &Bench) -> Result<Response> {
    let body = json!({
        "robotCode": ROBOT, "openConversationId": RELEASE, "msgKey": "sampleText", "msgParam": "{\"content\":\"a\"}",
    });
    bench.http.post(bench.at_api(SEND)).header(HEADER, &bench.token).json(&body).send().await
}

async fn listid(bench: &Bench) -> serde_json::Value {
    bench.oapi(LISTID, &json!({"dept_id": 1})).await
}

#[tokio::test]
async fn throttling_and_busyness_speak_the_hosts_language() {
    let bench = Bench::new().await;
    bench.sandbox.fault(Fault::Qps.times(2));
    refused(bench.api(SEND, &json!({})).await, 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    assert_eq!(listid(&bench).await["errcode"], 90018);
    bench.sandbox.fault(Fault::Busy.times(2));
    refused(bench.api(SEND, &json!({})).await, 500, "system.busy");
    assert_eq!(listid(&bench).await["errcode"], -1);
    assert_eq!(listid(&bench).await["errcode"], 0, "used up");
}

#[tokio::test]
async fn a_status_comes_with_a_json_error() {
    let bench = Bench::new().await;
    for (status, code) in [(500, "system.error"), (503, "ServiceUnavailable"), (429, "Throttling")] {
        bench.sandbox.fault(Fault::Status(status));
        refused(bench.api(SEND, &json!({})).await, status, code);
    }
    bench.sandbox.fault(Fault::Status(502));
    let request = bench.oapi_request(reqwest::Method::POST, LISTID).json(&json!({"dept_id": 1}));
    let (status, body) = answer(request).await;
    assert_eq!((status, &body["errcode"]), (502, &json!(-1)));
}

#[tokio::test]
async fn html_and_broken_json_take_the_place_of_the_call() {
    let bench = Bench::new().await;
    bench.sandbox.fault(Fault::Html);
    let response = send(&bench).await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    bench.sandbox.fault(Fault::NotJson);
    let response = send(&bench).await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    let text = response.text().await.unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_err(), "{text}");
    assert_eq!(bench.sandbox.sent(), []);
}

#[tokio::test]
async fn a_dropped_connection_gives_nothing_though_the_call_happened() {
    let bench = Bench::new().await;
    bench.sandbox.fault(Fault::Drop);
    let error = send(&bench).await.unwrap_err();
    assert!(error.is_request() && !error.is_connect(), "{error:?}");
    assert_eq!(bench.sandbox.sent().len(), 1);
    let requests = bench.sandbox.requests();
    assert_eq!((requests.len(), requests[1].status), (2, 0));
    assert_eq!(send(&bench).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_truncated_answer_promises_more_than_it_gives() {
    let bench = Bench::new().await;
    bench.sandbox.fault(Fault::Truncated);
    let mut response = send(&bench).await.unwrap();
    assert_eq!(response.status(), 200);
    let promised = usize::try_from(response.content_length().unwrap()).unwrap();
    let part = response.chunk().await.unwrap().unwrap();
    assert_eq!(part.len(), promised / 2);
    assert!(response.chunk().await.is_err());
    assert_eq!(bench.sandbox.sent().len(), 1);
}

#[tokio::test]
async fn a_late_answer_is_whole() {
    let bench = Bench::new().await;
    bench.sandbox.fault(Fault::Delay(60));
    let start = Instant::now();
    assert_eq!(send(&bench).await.unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn faults_choose_their_path_and_their_number() {
    let bench = Bench::new().await;
    bench.sandbox.fault(Fault::Busy.on("scenegroup").times(2));
    bench.sandbox.fault(Fault::Qps.on("/topapi/user/"));
    bench.sandbox.fault(Fault::Busy.times(0));
    assert_eq!(listid(&bench).await["errcode"], 90018);
    assert_eq!(listid(&bench).await["errcode"], 0);
    let group = json!({"open_conversation_id": RELEASE});
    for expected in [-1, -1, 0] {
        assert_eq!(bench.oapi("/topapi/im/chat/scenegroup/get", &group).await["errcode"], expected);
    }
}

#[tokio::test]
async fn every_connection_ends_with_the_sandbox() {
    let bench = Bench::new().await;
    ok(answer(bench.http.get(bench.at_oapi("/nothing"))).await);
    bench.sandbox.fault(Fault::Delay(60_000));
    let late = send(&bench);
    let stop = async {
        while bench.sandbox.requests().len() < 3 {
            tokio::task::yield_now().await;
        }
        bench.task.abort();
    };
    let (answer, ()) = tokio::time::timeout(Duration::from_secs(10), async { tokio::join!(late, stop) })
        .await
        .expect("the waiting call ends");
    assert!(answer.is_err());
    assert!(send(&bench).await.unwrap_err().is_connect());
}
