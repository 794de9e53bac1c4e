//! The secrets that a session holds: those of its configurations, and those that came up while it ran.

use rhai::{Array, Dynamic, Map};

use super::live::{ConfigHandle, Live, Part};
use crate::model::{AccessToken, Webhook};
use crate::ops::Session;
use crate::secret::Secret;

/// How deep lists and maps are looked into, and how many of their items.
const MAX_DEPTH: usize = 3;
const MAX_ITEMS: usize = 1_000;

/// Those of an app: configured ones, and the token it has at the moment.
pub(super) fn of_session(session: &Session, found: &mut Vec<Secret>) {
    found.extend(session.config.secrets().cloned());
    found.extend(session.client.held_token());
}

/// Those in a value of a script.
pub(super) fn of_value(value: &Dynamic, found: &mut Vec<Secret>) {
    look(value, MAX_DEPTH, found);
}

fn look(value: &Dynamic, depth: usize, found: &mut Vec<Secret>) {
    // Somebody is writing to it at this moment; what it is then is looked at after the next input.
    if value.is_locked() {
        return;
    }
    if let Some(token) = value.read_lock::<AccessToken>() {
        found.push(token.token.clone());
        found.extend(token.user.as_ref().map(|user| user.refresh.clone()));
    } else if let Some(webhook) = value.read_lock::<Webhook>() {
        found.extend(in_address(webhook.url.expose()));
    } else if let Some(config) = value.read_lock::<ConfigHandle>() {
        found.extend(config.0.secrets().cloned());
    } else if let Some(live) = value.read_lock::<Live>() {
        of_session(&live.0, found);
    } else if let Some(part) = value.read_lock::<Part>() {
        let secret = part.fields.iter().filter(|(name, _)| is_secret(name));
        found.extend(secret.filter_map(|(_, value)| value.as_str()).map(Secret::from));
    } else if depth > 0 {
        if let Some(items) = value.read_lock::<Array>() {
            items.iter().take(MAX_ITEMS).for_each(|item| look(item, depth - 1, found));
        } else if let Some(map) = value.read_lock::<Map>() {
            map.values().take(MAX_ITEMS).for_each(|item| look(item, depth - 1, found));
        }
    }
}

/// The fields of `Bot(…)`, `CallBack(…)` and `Stream(…)` that are secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["secret", "aes", "token", "secure"].iter().any(|word| name.contains(word))
}

/// The token or session of a webhook's address.
fn in_address(url: &str) -> Option<Secret> {
    let (_, query) = url.split_once('?')?;
    let value = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        matches!(name, "access_token" | "session").then(|| Secret::new(value))
    };
    query.split('&').find_map(value)
}

#[cfg(test)]
mod tests {
    use super::of_value;
    use crate::model::{AccessToken, Webhook};
    use crate::script::live::Part;
    use crate::secret::Secret;
    use rhai::Dynamic;

    #[test]
    fn secrets_are_found_in_values() {
        let fields = [("app_key", "ding1"), ("app_secret", "hunter22")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect();
        let part = Dynamic::from(Part { name: "Bot", fields });
        let webhook = Webhook::new("https://oapi.dingtalk.com/robot/send?access_token=tok1&x=2", None);
        let map =
            rhai::Map::from([("a".into(), Dynamic::from(webhook)), ("b".into(), Dynamic::from("plain"))]);
        let list =
            Dynamic::from_array(vec![part, Dynamic::from(map), Dynamic::from(AccessToken::plain("tok2"))]);
        let mut found = Vec::new();
        of_value(&list, &mut found);
        let found: Vec<&str> = found.iter().map(Secret::expose).collect();
        assert_eq!(found, ["hunter22", "tok1", "tok2"]);
    }
}
