//! Users' tokens and the address where people log in.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Context, Output};
use crate::api::login::{GetLoginUrl, GetUserAccessToken};
use crate::api::{Code, Object};
use crate::client::{Auth, Call, Client, Proof};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::model::{AccessToken, UserToken};
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

const USER_TOKEN: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/oauth2/userAccessToken" };
const ME: Endpoint = Endpoint { verb: Verb::Get, host: Host::Api, path: "/v1.0/contact/users/me" };

/// A token that has less than this left is renewed, in milliseconds.
const MARGIN: i64 = 300_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    access_token: Secret,
    refresh_token: Secret,
    expire_in: i64,
    #[serde(default)]
    corp_id: String,
}

pub(super) async fn get_user_access_token(cx: &Context, args: GetUserAccessToken) -> Result<Output> {
    let config = &cx.session.config;
    let (key, secret) = config.bot.as_ref().and_then(crate::config::Bot::app).ok_or_else(Client::no_bot)?;
    let grant = match args.code {
        Code::Fresh(code) => json!({ "code": code, "grantType": "authorization_code" }),
        Code::Token(token) => {
            let Some(user) = &token.user else { return Err(no_refresh()) };
            let good = user.until - MARGIN > cx.session.clock.millis();
            if good && !args.force.is_some_and(|flag| flag.0) {
                return Ok(Output::Object(Object::Token(token)));
            }
            json!({ "refreshToken": user.refresh.expose(), "grantType": "refresh_token" })
        }
    };
    let mut body = json!({ "clientId": key, "clientSecret": secret.expose() });
    if let (Value::Object(body), Value::Object(grant)) = (&mut body, grant) {
        body.extend(grant);
    }
    // A code is good once and a refresh token for its next token only: a second try would be refused.
    let mut call = Call::new(USER_TOKEN, Effect::Write, body);
    call.auth = Auth::None;
    call.proof = Proof::Field("accessToken");
    let reply = cx.call(&call).await?;
    let answer: Answer = serde_json::from_value(reply.json).map_err(|_| {
        let problem = Text::fixed("JSON without a token in it", "不含 token 的 JSON");
        Error::new(Kind::Unreadable { call: call.label(), status: reply.status, problem })
    })?;
    let until = cx.session.clock.millis() + answer.expire_in.max(0) * 1000;
    let user = UserToken { refresh: answer.refresh_token, until, corp_id: answer.corp_id };
    Ok(Output::Object(Object::Token(AccessToken { token: answer.access_token, user: Some(user) })))
}

fn no_refresh() -> Error {
    Error::unsendable(
        "this AccessToken is not a user's: it has nothing to be renewed with",
        "该 AccessToken 不是用户令牌，无法刷新",
    )
}

/// The unionId of the person a token belongs to.
pub(super) async fn me(cx: &Context, token: &AccessToken) -> Result<String> {
    let mut call = Call::new(ME, Effect::Read, Value::Null).with_token(Some(token.token.clone()));
    call.body = None;
    let reply = cx.call(&call).await?;
    let union_id = reply.json.get("unionId").and_then(Value::as_str).unwrap_or_default();
    if union_id.is_empty() {
        let problem = Text::fixed("JSON without a unionId in it", "不含 unionId 的 JSON");
        return Err(Error::new(Kind::Unreadable { call: call.label(), status: reply.status, problem }));
    }
    Ok(union_id.to_owned())
}

pub(super) fn get_login_url(cx: &Context, args: GetLoginUrl) -> Result<Output> {
    let (key, _) =
        cx.session.config.bot.as_ref().and_then(crate::config::Bot::app).ok_or_else(Client::no_bot)?;
    let state = args.state.unwrap_or_else(|| cx.session.clock.uuid());
    let fields = [
        ("redirect_uri", Some(args.redirect)),
        ("response_type", Some("code".into())),
        ("client_id", Some(key.to_owned())),
        ("scope", Some(args.scope.unwrap_or_else(|| "openid".into()))),
        ("state", Some(state)),
        ("prompt", Some(args.prompt.unwrap_or_else(|| "consent".into()))),
        ("corpId", args.corp_id),
        ("org_type", args.org_type),
        ("exclusiveLogin", args.exclusive.filter(|flag| flag.0).map(|_| "true".into())),
        ("exclusiveCorpId", args.exclusive_corp),
    ];
    let query: Vec<String> = fields
        .into_iter()
        .filter_map(|(name, value)| {
            value.map(|value| format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC)))
        })
        .collect();
    Ok(Output::Json(format!("https://login.dingtalk.com/oauth2/auth?{}", query.join("&")).into()))
}
