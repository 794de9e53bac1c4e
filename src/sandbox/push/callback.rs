//! Addresses that pushes go to instead of connections.

use super::crypto::Cipher;
use super::parcel::{Parcel, Topic};
use crate::sandbox::state::State;

/// The address of an app's events, with the keys they are encrypted with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventAddress {
    /// Where they go.
    pub url: String,
    /// Signs them; 3 to 32 letters and digits.
    pub token: String,
    /// Encrypts them; 43 letters and digits.
    pub aes_key: String,
    /// Stands at the end of each; the app key unless it is said, as for events that are set in the console.
    pub owner_key: Option<String>,
    /// The signature is called `msg_signature` and not `signature`; DingTalk does both.
    pub msg_signature: bool,
}

impl EventAddress {
    /// An address for an app whose events are set in the console.
    pub fn new(url: impl Into<String>, token: impl Into<String>, aes_key: impl Into<String>) -> Self {
        let (url, token, aes_key) = (url.into(), token.into(), aes_key.into());
        Self { url, token, aes_key, owner_key: None, msg_signature: false }
    }

    /// Its keys; the text says what is wrong with them.
    pub(super) fn cipher(&self, state: &State) -> Result<Cipher, String> {
        let owner = self.owner_key.clone().unwrap_or_else(|| state.app.read().app_key.clone());
        Cipher::new(&self.token, &self.aes_key, &owner)
    }
}

/// The addresses of the app, and the sandbox's own.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Addresses {
    pub events: Option<EventAddress>,
    pub messages: Option<String>,
    /// Where oapi is served, as `127.0.0.1:2345`; unknown before it is.
    pub oapi: Option<std::net::SocketAddr>,
}

impl Addresses {
    /// Where a parcel goes, unless it goes through a connection.
    pub(super) fn of(&self, state: &State, parcel: &Parcel) -> Option<String> {
        match parcel.topic {
            Topic::Event => self.events.as_ref().map(|address| address.url.clone()),
            Topic::Message | Topic::Delegate => self.messages.clone(),
            Topic::Card => {
                let key = parcel.route_key.as_deref()?;
                state.cards.lock().routes.get(key).map(|route| route.url.clone())
            }
            Topic::Assistant | Topic::CardData => None,
        }
    }
}
