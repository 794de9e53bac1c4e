//! Whether a file that came with a folder could lead the user's credentials to a host of its choice.

use super::model::{Config, CustomStreamConnect, Endpoints};
use super::origin::Origin;
use crate::lang::Text;

impl Config {
    /// Names the case in which a *project* file (found in the current folder or above) sends requests to hosts that are
    /// not DingTalk's while the credentials came from elsewhere. They must not be sent then unless the file is trusted.
    pub fn foreign_hosts(&self) -> Option<Text> {
        let file = self.source.file.as_ref().filter(|_| self.source.project)?;
        let usual = Endpoints::default();
        let custom = self.custom_stream_connect.as_ref();
        let address =
            |field: fn(&CustomStreamConnect) -> &Option<String>| custom.and_then(|c| field(c).as_deref());
        let hosts = [
            ("endpoints.api", Some(self.endpoints.api.as_str()).filter(|api| *api != usual.api)),
            ("endpoints.oapi", Some(self.endpoints.oapi.as_str()).filter(|oapi| *oapi != usual.oapi)),
            ("custom_stream_connect.stream_url", address(|custom| &custom.stream_url)),
            ("custom_stream_connect.sign_url", address(|custom| &custom.sign_url)),
        ];
        let from_file = |path: &str| matches!(self.origin(path), Origin::File(_));
        let (key, host) =
            hosts.into_iter().find_map(|(key, host)| Some((key, host.filter(|_| from_file(key))?)))?;
        let lent = self.origins.iter().find(|(path, origin)| {
            let credential = path.as_str() == "bot.app_key" || path.as_str() == "bot.app_secret";
            credential && !matches!(origin, Origin::File(_))
        });
        let (credential, origin) = lent?;
        let file = file.display();
        Some(Text::made(
            format!(
                "{file} sets `{key}` to {host}, but `{credential}` comes from {origin}: it would be sent there"
            ),
            format!("{file} 将 `{key}` 设为 {host}，而 `{credential}` 来自 {origin}：它会被发送到该地址"),
        ))
    }
}
