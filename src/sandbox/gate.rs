//! What every call has to pass before its handler: token, permission, content type, query.

use super::refuse::{Host, Refusal, api, bare, oapi};
use super::route::{Auth, Call, Route, Takes};
use super::state::token::Standing;

/// Header of the app token on api.
const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";
/// Query parameter of the app token on oapi.
const TOKEN_QUERY: &str = "access_token";

/// Where a token was found: the header, the query, or nowhere.
pub(super) fn token_place(call: &Call<'_>) -> &'static str {
    if call.headers.contains_key(TOKEN_HEADER) {
        "header"
    } else if call.query.iter().any(|(name, _)| name == TOKEN_QUERY) {
        "query"
    } else {
        "none"
    }
}

/// Refuses what no handler should see.
pub(super) fn admit(route: &Route, call: &Call<'_>) -> Result<(), Refusal> {
    check_auth(route, call)?;
    if route.verb == "GET" {
        return Ok(());
    }
    match (route.takes, route.host) {
        (Takes::Form, _) => call.form.map(|_| ()).ok_or_else(|| oapi(43008, "参数需要是multipart类型")),
        (Takes::Json, _) if call.is_json() => Ok(()),
        (Takes::Json, Host::Api) if route.auth == Auth::Open => {
            Err(api("Missingbody", "body is mandatory for this action"))
        }
        (Takes::Json, Host::Api) => Err(Refusal::Api {
            status: 415,
            code: "UnsupportedContentType".into(),
            message: "Content-Type must be application/json".into(),
        }),
        (Takes::Json, Host::Oapi) if route.auth == Auth::Open => {
            Err(bare(43004, "无效的HTTP HEADER Content-Type"))
        }
        (Takes::Json, Host::Oapi) => Err(oapi(43004, "无效的HTTP HEADER Content-Type")),
    }
}

fn check_auth(route: &Route, call: &Call<'_>) -> Result<(), Refusal> {
    let scope = match route.auth {
        Auth::Open if call.headers.contains_key(TOKEN_HEADER) => {
            return Err(call.bad(format!("this call takes no header {TOKEN_HEADER}")));
        }
        Auth::Open => return Ok(()),
        Auth::Person(scope) => {
            let token = header_token(call).unwrap_or_default();
            if call.state.login.lock().person(token, call.clock.millis()).is_none() {
                return Err(no_token());
            }
            Some(scope)
        }
        Auth::AnyApp | Auth::App(_) => {
            let token = match route.host {
                Host::Api => header_token(call),
                Host::Oapi => query_token(call),
            };
            check_token(route.host, token, call)?;
            match route.auth {
                Auth::App(scope) => Some(scope),
                _ => None,
            }
        }
    };
    if let Some(scope) = scope
        && !call.state.app.read().permissions.iter().any(|granted| granted == scope)
    {
        return Err(route.host.denied(scope));
    }
    stray_parameters(route, call)
}

fn no_token() -> Refusal {
    api("InvalidAuthentication", "不合法的access_token")
}

/// The token in the header of api.
pub(super) fn header_token<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    call.headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok())
}

fn query_token<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    call.query.iter().find(|(name, _)| name == TOKEN_QUERY).map(|(_, value)| value.as_str())
}

fn check_token(host: Host, token: Option<&str>, call: &Call<'_>) -> Result<(), Refusal> {
    let standing = token
        .filter(|token| !token.is_empty())
        .map(|token| call.state.tokens.lock().standing(token, call.clock.millis()));
    match (host, standing) {
        (_, Some(Standing::Valid)) => Ok(()),
        (Host::Api, _) => Err(no_token()),
        (Host::Oapi, None) => Err(oapi(41001, "缺少access_token")),
        (Host::Oapi, Some(Standing::Unknown)) => Err(oapi(40014, "不合法的access_token")),
        (Host::Oapi, Some(Standing::Expired)) => Err(oapi(42001, "access_token超时")),
    }
}

/// A call with a token takes what it needs in its body; a second token in the other place is a mistake.
fn stray_parameters(route: &Route, call: &Call<'_>) -> Result<(), Refusal> {
    let mut seen: Vec<&str> = Vec::new();
    for (name, _) in call.query {
        let known = (route.host == Host::Oapi && name == TOKEN_QUERY) || route.query.contains(&name.as_str());
        if !known {
            return Err(call.bad(format!("unknown query parameter `{name}`")));
        }
        if seen.contains(&name.as_str()) {
            return Err(call.bad(format!("duplicate query parameter `{name}`")));
        }
        seen.push(name);
    }
    if route.host == Host::Oapi && call.headers.contains_key(TOKEN_HEADER) {
        return Err(call.bad(format!("the token belongs in the query, not in the header {TOKEN_HEADER}")));
    }
    Ok(())
}
