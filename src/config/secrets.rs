//! What of a configuration must never be shown.

use super::{Config, Secret};

impl Config {
    /// Every secret that is configured.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let bot = self.bot.as_ref();
        let callback = self.event_callback.as_ref();
        let own = [
            bot.and_then(|bot| bot.app_secret.as_ref()),
            bot.and_then(|bot| bot.group_webhook_access_token.as_ref()),
            bot.and_then(|bot| bot.group_webhook_secure_key.as_ref()),
            callback.map(|callback| &callback.aes_key),
            callback.map(|callback| &callback.token),
            self.card_api_secret.as_ref(),
        ];
        let streams = self.stream.iter().map(|stream| &stream.app_secret);
        let headers = self.custom_stream_connect.iter().flat_map(|connect| connect.headers.values());
        own.into_iter().flatten().chain(streams).chain(headers).chain(&self.proxies.passwords)
    }
}
