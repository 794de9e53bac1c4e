//! App tokens: issue, renewal, expiry, wrong credentials, and where a token has to stand.

use reqwest::Method;
use serde_json::{Value, json};

use super::bench::{Bench, HEADER, ROBOT, WithQuery, answer, ok, refused, with, without, without_id};

const NEW: &str = "/v1.0/oauth2/accessToken";

fn old_query(bench: &Bench) -> [(&'static str, String); 2] {
    let keys = bench.sandbox.credentials();
    [("appkey", keys.app_key), ("appsecret", keys.app_secret)]
}

async fn old_token(bench: &Bench) -> Value {
    ok(answer(bench.http.get(bench.at_oapi("/gettoken")).query(&old_query(bench))).await)
}

async fn listid(bench: &Bench, token: &str) -> Value {
    let request = bench.http.post(bench.at_oapi("/topapi/user/listid")).query(&[("access_token", token)]);
    ok(answer(request.json(&json!({"dept_id": 1}))).await)
}

async fn batch_send(bench: &Bench, token: &str) -> (u16, Value) {
    let body = json!({
        "robotCode": ROBOT, "userIds": ["0110000001"], "msgKey": "sampleText", "msgParam": "{\"content\":\"a\"}",
    });
    let request = bench.http.post(bench.at_api("/v1.0/robot/oToMessages/batchSend"));
    answer(request.header(HEADER, token).json(&body)).await
}

#[tokio::test]
async fn both_calls_give_tokens_that_both_hosts_take() {
    let bench = Bench::new().await;
    let old = old_token(&bench).await;
    let token = old["access_token"].as_str().unwrap();
    assert_eq!(old, json!({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}));
    assert_ne!(token, bench.token, "each call has its own");
    for token in [token, &bench.token] {
        assert_eq!(listid(&bench, token).await["errcode"], 0);
        assert_eq!(batch_send(&bench, token).await.0, 200);
    }
}

#[tokio::test]
async fn a_valid_token_comes_back_renewed_and_dies_after_7200_seconds() {
    let bench = Bench::new().await;
    bench.clock.advance(7_199_000);
    assert_eq!(bench.new_token().await, bench.token);
    bench.clock.advance(7_199_000);
    assert_eq!(listid(&bench, &bench.token).await["errcode"], 0, "it was renewed");
    bench.clock.advance(1000);
    assert_eq!(listid(&bench, &bench.token).await["errcode"], 42001);
    refused(batch_send(&bench, &bench.token).await, 400, "InvalidAuthentication");
    assert_ne!(bench.new_token().await, bench.token);
}

#[tokio::test]
async fn expire_tokens_makes_every_token_invalid() {
    let bench = Bench::new().await;
    let old = old_token(&bench).await;
    bench.sandbox.expire_tokens();
    for token in [&bench.token, old["access_token"].as_str().unwrap()] {
        assert_eq!(listid(&bench, token).await["errcode"], 40014);
        refused(batch_send(&bench, token).await, 400, "InvalidAuthentication");
    }
    let fresh = bench.new_token().await;
    assert_eq!(listid(&bench, &fresh).await["errcode"], 0);
}

#[tokio::test]
async fn wrong_credentials_and_malformed_token_calls_are_refused() {
    let bench = Bench::new().await;
    let keys = bench.sandbox.credentials();
    let good = json!({"appKey": keys.app_key, "appSecret": keys.app_secret});
    let cases = [
        (with(&good, "appSecret", json!("wrong")), "invalidClientIdOrSecret"),
        (with(&good, "appKey", json!("dingother")), "invalidClientIdOrSecret"),
        (without(&good, "appKey"), "param.invalid"),
        (with(&good, "appSecret", json!(1)), "param.invalid"),
        (with(&good, "grantType", json!("x")), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(answer(bench.http.post(bench.at_api(NEW)).json(&body)).await, 400, code);
    }
    let form = bench.http.post(bench.at_api(NEW)).header("content-type", "application/x-www-form-urlencoded");
    refused(answer(form.body("appKey=a&appSecret=b")).await, 400, "Missingbody");
    refused(
        answer(bench.http.post(bench.at_api(NEW)).json(&good).query(&[("a", "b")])).await,
        400,
        "param.invalid",
    );

    let wrong = [("appkey", keys.app_key.as_str()), ("appsecret", "wrong")];
    let body = ok(answer(bench.http.get(bench.at_oapi("/gettoken")).query(&wrong)).await);
    assert_eq!(body, json!({"errcode": 40089, "errmsg": "不合法的corpid或corpsecret"}));
    let body = ok(answer(bench.http.get(bench.at_oapi("/gettoken")).query(&wrong[..1])).await);
    assert_eq!(body["errcode"], 40035);
    let odd = old_query(&bench);
    let body =
        ok(answer(bench.http.get(bench.at_oapi("/gettoken")).query(&odd).query(&[("corpid", "x")])).await);
    assert_eq!(body["errcode"], 40035);
}

#[tokio::test]
async fn a_token_counts_only_in_its_place() {
    let bench = Bench::new().await;
    let (token, body) = (&bench.token, json!({"dept_id": 1}));
    let url = bench.at_oapi("/topapi/user/listid");
    let in_header = ok(answer(bench.http.post(&url).header(HEADER, token).json(&body)).await);
    assert_eq!(without_id(in_header), json!({"errcode": 41001, "errmsg": "缺少access_token"}));
    let in_body = ok(answer(bench.http.post(&url).json(&with(&body, "access_token", json!(token)))).await);
    assert_eq!(in_body["errcode"], 41001);
    let also_in_body = bench.oapi("/topapi/user/listid", &with(&body, "access_token", json!(token))).await;
    assert_eq!(also_in_body["errcode"], 400_002);
    let unknown = listid(&bench, "0123456789abcdef0123456789abcdef").await;
    assert_eq!(without_id(unknown), json!({"errcode": 40014, "errmsg": "不合法的access_token"}));

    let send = bench.at_api("/v1.0/robot/oToMessages/batchSend");
    let in_query = bench.http.post(&send).query(&[("access_token", token)]).json(&json!({}));
    refused(answer(in_query).await, 400, "InvalidAuthentication");
    refused(batch_send(&bench, "unknown").await, 400, "InvalidAuthentication");
    let in_both = bench.oapi_request(Method::POST, "/topapi/user/listid").header(HEADER, token).json(&body);
    assert_eq!(ok(answer(in_both).await)["errcode"], 400_002);

    let places: Vec<&str> = bench.sandbox.requests().iter().map(|request| request.token).collect();
    assert_eq!(places, ["none", "header", "none", "query", "query", "query", "header", "header"]);
}
