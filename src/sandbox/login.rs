//! People who log in: POST api `/v1.0/oauth2/userAccessToken` and GET api `/v1.0/contact/users/me`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::gate::header_token;
use super::refuse::api;
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::token::LIFE;
use super::token::known;

/// The permission point that a person grants.
const SCOPE: &str = "Contact.User.Read";

pub(super) const ROUTES: &[Route] = &[
    Route::api("POST", "/v1.0/oauth2/userAccessToken", Auth::Open, "param.invalid", user_access_token),
    Route::api("GET", "/v1.0/contact/users/me", Auth::Person(SCOPE), "param.invalid", me),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserAccessToken {
    #[serde(rename = "clientId")]
    client_id: Option<String>,
    #[serde(rename = "clientSecret")]
    client_secret: Option<String>,
    #[serde(rename = "grantType")]
    grant_type: Option<String>,
    code: Option<String>,
    #[serde(rename = "refreshToken")]
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoParameters {}

fn user_access_token(call: &Call<'_>) -> Answer {
    let NoParameters {} = call.query()?;
    if call.bytes.is_empty() {
        return Err(api("Missingbody", "body is mandatory for this action"));
    }
    let request: UserAccessToken = call.body()?;
    let key = call.need_text(request.client_id.as_ref(), "clientId")?;
    let secret = call.need_text(request.client_secret.as_ref(), "clientSecret")?;
    let grant = call.need_text(request.grant_type.as_ref(), "grantType")?;
    if !known(call, key, secret) {
        return Err(api("invalidClientIdOrSecret", "无效的clientId或者clientSecret"));
    }
    // The secret of the other grant may be there, but empty.
    let empty = |text: &Option<String>| text.as_ref().is_none_or(String::is_empty);
    let pair = match grant {
        "authorization_code" if empty(&request.refresh_token) => {
            let code = call.need_text(request.code.as_ref(), "code")?;
            let pair = call.state.login.lock().exchange(code, call.clock);
            pair.ok_or_else(|| api("invalidParameter.authCode.notFound", "不合法的临时授权码"))?
        }
        "refresh_token" if empty(&request.code) => {
            let token = call.need_text(request.refresh_token.as_ref(), "refreshToken")?;
            let pair = call.state.login.lock().refresh(token, call.clock);
            pair.ok_or_else(|| api("invalidParameter.refreshToken.notFound", "不合法的refreshToken"))?
        }
        "authorization_code" | "refresh_token" => {
            return Err(call.bad("`code` and `refreshToken` belong to different grants"));
        }
        other => return Err(call.bad(format!("`grantType` cannot be {other}"))),
    };
    let corp_id = call.state.organisation.read().company.corp_id.clone();
    Ok(Success::Body(json!({
        "accessToken": pair.access, "refreshToken": pair.refresh, "expireIn": LIFE, "corpId": corp_id,
    })))
}

fn me(call: &Call<'_>) -> Answer {
    let token = header_token(call).unwrap_or_default();
    let userid = call.state.login.lock().person(token, call.clock.millis()).unwrap_or_default();
    let organisation = call.state.organisation.read();
    let user = organisation.user(&userid).ok_or_else(|| api("resource.not.found", "用户不存在"))?;
    Ok(Success::Body(json!({
        "nick": user.name,
        "avatarUrl": "",
        "mobile": user.mobile,
        "openId": open_id(&user.unionid),
        "unionId": user.unionid,
        "email": user.email,
        "stateCode": "86",
    })))
}

/// The id of a person for one app.
fn open_id(union: &str) -> String {
    let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(union)[..17]);
    format!("{id}iEiE")
}
