//! From credentials to a websocket: asks for an endpoint and a ticket, and connects with them.

use serde_json::{Value, json};

use super::{Options, SUBSCRIBED};
use crate::client::{Client, Socket};
use crate::config::Stream;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::model::Topic;
use crate::secret::Secret;

/// Opens a connection for `account`. The ticket is used once and kept nowhere.
///
/// # Errors
/// When the credentials are refused, the gateway cannot be reached, or its answer is none.
pub(super) async fn open(client: &Client, account: &Stream, options: &Options) -> Result<Socket> {
    let custom = options.custom.as_ref();
    let headers = custom.map(|custom| custom.headers.clone()).unwrap_or_default();
    let own = custom.and_then(|custom| custom.stream_url.as_deref());
    let signer = custom.and_then(|custom| custom.sign_url.as_deref());
    let address = match (own, signer) {
        // A server of one's own that asks for no ticket gets no credentials.
        (Some(own), None) => Secret::new(own),
        _ => {
            let answer = client.ask_for_socket(signer, request(account)).await?;
            address(&answer, own).ok_or_else(unreadable)?
        }
    };
    client.open_socket(&address, &headers).await
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
