//! From credentials to a websocket: asks for an endpoint and a ticket, and connects with them.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Options, SUBSCRIBED};
use crate::client::{Client, Socket};
use crate::config::Stream;
use crate::error::{Error, Kind, Limit, Result, Sent};
use crate::lang::Text;
use crate::model::{Hook, Topic};
use crate::secret::Secret;

/// How long a script's function may take to sign.
const SIGN: Duration = Duration::from_secs(60);

/// Opens a connection for `account`. The ticket is used once and kept nowhere.
///
/// # Errors
/// When the credentials are refused, the gateway cannot be reached, or its answer is none.
pub(super) async fn open(client: &Client, account: &Stream, options: &Options) -> Result<Socket> {
    let custom = options.custom.as_ref();
    let headers = custom.map(|custom| custom.headers.clone()).unwrap_or_default();
    let own = custom.and_then(|custom| custom.stream_url.as_deref());
    let signer = custom.and_then(|custom| custom.sign_url.as_deref());
    let function = custom.and_then(|custom| custom.signer.as_ref());
    let address = match (own, signer, function) {
        (_, _, Some(function)) => {
            let answer = signed(function, account).await?;
            // A function may give the whole address.
            let whole = answer.as_str().filter(|text| text.starts_with("ws")).map(Secret::new);
            whole.or_else(|| address(&answer, own)).ok_or_else(unsigned)?
        }
        // A server of one's own that asks for no ticket gets no credentials.
        (Some(own), None, None) => Secret::new(own),
        _ => {
            let answer = client.ask_for_socket(signer, request(account)).await?;
            address(&answer, own).ok_or_else(unreadable)?
        }
    };
    client.open_socket(&address, &headers).await
}

/// What the signer of a script gives for an account.
async fn signed(function: &Hook, account: &Stream) -> Result<Value> {
    let args = vec![account.app_key.as_str().into(), account.app_secret.expose().into()];
    let late = |_| {
        let (call, host) = ("the signer".into(), "the script".into());
        Error::new(Kind::TimedOut {
            call,
            host,
            limit: Limit::Given,
            after: SIGN.as_secs_f64(),
            sent: Sent::No,
        })
    };
    timeout(SIGN, function.0.call(args)).await.map_err(late)?
}

/// The body that asks for a connection with every topic.
fn request(account: &Stream) -> Value {
    let subscriptions: Vec<Value> = SUBSCRIBED
        .iter()
        .map(|topic| {
            let kind = if *topic == Topic::Event { "EVENT" } else { "CALLBACK" };
            json!({ "type": kind, "topic": topic.wire() })
        })
        .collect();
    json!({
        "clientId": account.app_key,
        "clientSecret": account.app_secret.expose(),
        "subscriptions": subscriptions,
        "ua": concat!("dingraia/", env!("CARGO_PKG_VERSION")),
    })
}

/// The address with its ticket; `own` stands in for the endpoint.
fn address(answer: &Value, own: Option<&str>) -> Option<Secret> {
    let text = |name| answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let endpoint = own.or_else(|| text("endpoint"))?;
    let mut url = url::Url::parse(endpoint).ok().filter(|url| matches!(url.scheme(), "ws" | "wss"))?;
    url.query_pairs_mut().append_pair("ticket", text("ticket")?);
    Some(Secret::new(url.as_str()))
}

fn unsigned() -> Error {
    Error::unsendable(
        "the signer must return #{endpoint, ticket} or a whole ws:// address",
        "签名函数必须返回 #{endpoint, ticket} 或完整的 ws:// 地址",
    )
}

fn unreadable() -> Error {
    let problem = Text::fixed("not an endpoint with a ticket", "缺少 endpoint 或 ticket");
    Error::new(Kind::Unreadable { call: "POST the gateway".into(), status: 200, problem })
}

#[cfg(test)]
mod tests {
    use super::address;
    use serde_json::json;

    #[test]
    fn the_ticket_is_encoded_and_appended() {
        let of = |endpoint: &str, own| {
            address(&json!({ "endpoint": endpoint, "ticket": "a+b/c=&d" }), own)
                .map(|secret| secret.expose().to_owned())
        };
        let encoded = "ticket=a%2Bb%2Fc%3D%26d";
        assert_eq!(of("wss://host:443/connect", None).unwrap(), format!("wss://host/connect?{encoded}"));
        assert_eq!(of("ws://h/c?x=1", None).unwrap(), format!("ws://h/c?x=1&{encoded}"));
        assert_eq!(of("wss://h/c", Some("ws://own/s")).unwrap(), format!("ws://own/s?{encoded}"));
        assert_eq!(of("https://h/c", None), None);
        assert_eq!(address(&json!({ "endpoint": "ws://h" }), None), None);
    }
}
