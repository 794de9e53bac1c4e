//! What every call has to pass before its handler: token, permission, content type, query.

use super::refuse::{Host, Refusal, api, oapi};
use super::route::{Auth, Call, Route};
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
    if let Auth::App(scope) = route.auth {
        let token = match route.host {
            Host::Api => header_token(call),
            Host::Oapi => query_token(call),
        };
        check_token(route.host, token, call)?;
        if !call.state.app.read().permissions.iter().any(|granted| granted == scope) {
            return Err(route.host.denied(scope));
        }
        stray_parameters(route, call)?;
    } else if call.headers.contains_key(TOKEN_HEADER) {
        return Err(call.bad(format!("this call takes no header {TOKEN_HEADER}")));
    }
    if route.verb == "GET" || call.is_json() {
        return Ok(());
    }
    Err(match route.host {
        Host::Api if route.auth == Auth::Open => api("Missingbody", "body is mandatory for this action"),
        Host::Api => Refusal::Api {
            status: 415,
            code: "UnsupportedContentType".into(),
            message: "Content-Type must be application/json".into(),
        },
        Host::Oapi if route.auth == Auth::Open => {
            super::refuse::bare(43004, "无效的HTTP HEADER Content-Type")
        }
        Host::Oapi => oapi(43004, "无效的HTTP HEADER Content-Type"),
    })
}

fn header_token<'c>(call: &'c Call<'_>) -> Option<&'c str> {
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
        (Host::Api, _) => Err(api("InvalidAuthentication", "不合法的access_token")),
        (Host::Oapi, None) => Err(oapi(41001, "缺少access_token")),
        (Host::Oapi, Some(Standing::Unknown)) => Err(oapi(40014, "不合法的access_token")),
        (Host::Oapi, Some(Standing::Expired)) => Err(oapi(42001, "access_token超时")),
    }
}

/// A call with an app token takes everything else in its body; a second token in the other place is a mistake.
fn stray_parameters(route: &Route, call: &Call<'_>) -> Result<(), Refusal> {
    let allowed = usize::from(route.host == Host::Oapi);
    let mut strays = call.query.iter().filter(|(name, _)| allowed == 0 || name != TOKEN_QUERY);
    if let Some((name, _)) = strays.next() {
        return Err(call.bad(format!("unknown query parameter `{name}`")));
    }
    if call.query.len() > allowed {
        return Err(call.bad(format!("duplicate query parameter `{TOKEN_QUERY}`")));
    }
    if route.host == Host::Oapi && call.headers.contains_key(TOKEN_HEADER) {
        return Err(call.bad(format!("the token belongs in the query, not in the header {TOKEN_HEADER}")));
    }
    Ok(())
}
