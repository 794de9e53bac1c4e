//! People who log in.

use serde_json::{Value, json};

use super::bench::{Bench, HEADER, answer, ok, refused, with, without};

const TOKEN: &str = "/v1.0/oauth2/userAccessToken";
const ME: &str = "/v1.0/contact/users/me";
/// The code of the seed.
const CODE: &str = "authcode-manager4220";
/// A week, in milliseconds.
const WEEK: i64 = 7 * 24 * 3600 * 1000;

fn exchange(bench: &Bench, code: &str) -> Value {
    let keys = bench.sandbox.credentials();
    json!({"clientId": keys.app_key, "clientSecret": keys.app_secret, "grantType": "authorization_code",
        "code": code})
}

fn refresh(bench: &Bench, token: &Value) -> Value {
    let keys = bench.sandbox.credentials();
    json!({"clientId": keys.app_key, "clientSecret": keys.app_secret, "grantType": "refresh_token",
        "refreshToken": token})
}

/// POST without any token.
async fn post(bench: &Bench, body: &Value) -> (u16, Value) {
    answer(bench.http.post(bench.at_api(TOKEN)).json(body)).await
}

async fn me(bench: &Bench, token: &str) -> (u16, Value) {
    answer(bench.http.get(bench.at_api(ME)).header(HEADER, token)).await
}

#[tokio::test]
async fn a_code_gives_a_pair_of_tokens_once() {
    let bench = Bench::new().await;
    let body = ok(post(&bench, &exchange(&bench, CODE)).await);
    let expected = json!({
        "accessToken": body["accessToken"], "refreshToken": body["refreshToken"], "expireIn": 7200,
        "corpId": bench.sandbox.corp_id(),
    });
    assert_eq!(body, expected);
    let person = ok(me(&bench, body["accessToken"].as_str().unwrap()).await);
    let expected = json!({
        "nick": "林晓", "avatarUrl": "", "mobile": "13800004220", "openId": person["openId"],
        "unionId": "qLXJN1dYe11z9mLXTzlDHVyiEiE", "email": "linxiao@xinghe.example", "stateCode": "86",
    });
    assert_eq!(person, expected);
    refused(post(&bench, &exchange(&bench, CODE)).await, 400, "invalidParameter.authCode.notFound");
    let code = bench.sandbox.auth_code("0110000001");
    let body = ok(post(&bench, &with(&exchange(&bench, &code), "refreshToken", json!(""))).await);
    assert_eq!(ok(me(&bench, body["accessToken"].as_str().unwrap()).await)["nick"], "张伟");
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_pair() {
    let bench = Bench::new().await;
    let first = ok(post(&bench, &exchange(&bench, CODE)).await);
    bench.clock.advance(7_200_000);
    refused(me(&bench, first["accessToken"].as_str().unwrap()).await, 400, "InvalidAuthentication");
    let second = ok(post(&bench, &refresh(&bench, &first["refreshToken"])).await);
    assert_eq!(ok(me(&bench, second["accessToken"].as_str().unwrap()).await)["nick"], "林晓");
    // The newest refresh token is the good one, for thirty days.
    let old = post(&bench, &refresh(&bench, &first["refreshToken"])).await;
    refused(old, 400, "invalidParameter.refreshToken.notFound");
    bench.clock.advance(4 * WEEK);
    let third = ok(post(&bench, &refresh(&bench, &second["refreshToken"])).await);
    bench.clock.advance(5 * WEEK);
    let late = post(&bench, &refresh(&bench, &third["refreshToken"])).await;
    refused(late, 400, "invalidParameter.refreshToken.notFound");
}

#[tokio::test]
async fn exchanges_are_refused() {
    let bench = Bench::new().await;
    let good = exchange(&bench, CODE);
    let refreshing = refresh(&bench, &json!("x"));
    let cases = [
        (with(&good, "clientSecret", json!("x")), "invalidClientIdOrSecret"),
        (with(&good, "clientId", json!("x")), "invalidClientIdOrSecret"),
        (without(&good, "clientId"), "param.invalid"),
        (without(&good, "grantType"), "param.invalid"),
        (with(&good, "grantType", json!("password")), "param.invalid"),
        (without(&good, "code"), "param.invalid"),
        (with(&good, "refreshToken", json!("x")), "param.invalid"),
        (with(&good, "authCode", json!("x")), "param.invalid"),
        (without(&refreshing, "refreshToken"), "param.invalid"),
        (with(&refreshing, "code", json!(CODE)), "param.invalid"),
        (with(&refreshing, "refresh_token", json!("x")), "param.invalid"),
    ];
    for (body, code) in cases {
        refused(post(&bench, &body).await, 400, code);
    }
    // Nothing of that used the code up; an app token in the header is out of place.
    refused(bench.api(TOKEN, &good).await, 400, "param.invalid");
    assert_eq!(post(&bench, &good).await.0, 200);
}

#[tokio::test]
async fn people_and_apps_have_different_tokens() {
    let bench = Bench::new().await;
    refused(me(&bench, &bench.token).await, 400, "InvalidAuthentication");
    refused(answer(bench.http.get(bench.at_api(ME))).await, 400, "InvalidAuthentication");
    let body = ok(post(&bench, &exchange(&bench, CODE)).await);
    let token = body["accessToken"].as_str().unwrap();
    let request = bench.http.post(bench.at_api("/v1.0/robot/groupMessages/send")).header(HEADER, token);
    refused(answer(request.json(&json!({}))).await, 400, "InvalidAuthentication");
    bench.sandbox.grant_only(&[]);
    let (status, denied) = me(&bench, token).await;
    assert_eq!(denied["accessdenieddetail"], json!({"requiredScopes": ["Contact.User.Read"]}));
    refused((status, denied), 403, "Forbidden.AccessDenied.AccessTokenPermissionDenied");
    bench.sandbox.grant_only(&["Contact.User.Read"]);
    bench.sandbox.expire_tokens();
    refused(me(&bench, token).await, 400, "InvalidAuthentication");
}
