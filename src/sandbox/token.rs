//! App tokens: POST api `/v1.0/oauth2/accessToken` and GET oapi `/gettoken`.

use serde::Deserialize;
use serde_json::json;

use super::refuse::{Host, Malformed, api, bare};
use super::route::{Answer, Auth, Call, Route, Success, Takes};
use super::state::token::{Issuer, LIFE};

pub(super) const ROUTES: &[Route] = &[
    Route::api("POST", "/v1.0/oauth2/accessToken", Auth::Open, "param.invalid", access_token),
    Route {
        host: Host::Oapi,
        verb: "GET",
        path: "/gettoken",
        auth: Auth::Open,
        takes: Takes::Json,
        query: &[],
        malformed: Malformed::Bare(40035),
        handle: get_token,
    },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessToken {
    #[serde(rename = "appKey")]
    app_key: Option<String>,
    #[serde(rename = "appSecret")]
    app_secret: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetToken {
    appkey: Option<String>,
    appsecret: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoParameters {}

fn access_token(call: &Call<'_>) -> Answer {
    let NoParameters {} = call.query()?;
    if call.bytes.is_empty() {
        return Err(api("Missingbody", "body is mandatory for this action"));
    }
    let request: AccessToken = call.body()?;
    let key = call.need_text(request.app_key.as_ref(), "appKey")?;
    let secret = call.need_text(request.app_secret.as_ref(), "appSecret")?;
    if !known(call, key, secret) {
        return Err(api("invalidClientIdOrSecret", "无效的clientId或者clientSecret"));
    }
    let token = call.state.tokens.lock().issue(Issuer::New, call.clock);
    Ok(Success::Body(json!({"accessToken": token, "expireIn": LIFE})))
}

fn get_token(call: &Call<'_>) -> Answer {
    let request: GetToken = call.query()?;
    let key = call.need_text(request.appkey.as_ref(), "appkey")?;
    let secret = call.need_text(request.appsecret.as_ref(), "appsecret")?;
    if !known(call, key, secret) {
        return Err(bare(40089, "不合法的corpid或corpsecret"));
    }
    let token = call.state.tokens.lock().issue(Issuer::Old, call.clock);
    Ok(Success::Body(json!({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": LIFE})))
}

pub(super) fn known(call: &Call<'_>, key: &str, secret: &str) -> bool {
    let app = call.state.app.read();
    app.app_key == key && app.app_secret == secret
}
