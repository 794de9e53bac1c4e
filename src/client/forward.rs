//! Events on their way to a server of the user's.

use serde_json::Value;

use super::Client;
use super::http::innermost;
use crate::error::{Error, Kind, Result, Sent};

impl Client {
    /// Sends `payload` to `url` as JSON, its kind in the header `x-dingraia-event`. No token of DingTalk goes there.
    ///
    /// # Errors
    /// When it cannot be sent, or is refused.
    pub async fn forward(&self, url: &str, kind: &str, payload: &Value) -> Result<()> {
        let request =
            self.http.reqwest(&self.config)?.post(url).header("x-dingraia-event", kind).json(payload);
        let sent = request.send().await.and_then(reqwest::Response::error_for_status);
        sent.map(drop).map_err(|error| {
            let (call, host) = ("POST --forward-to".into(), String::new());
            Error::new(Kind::Network { call, host, problem: innermost(&error), sent: Sent::Unknown })
        })
    }
}
