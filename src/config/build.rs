//! Checked values become a [`Config`]: what belongs together is there together, what can be derived is filled in.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::keys::KEYS;
use super::layer::{self, Layer, Tree};
use super::model::Config;
use super::node;
use super::origin::Origin;
use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// Makes the configuration of the merged values.
pub(super) fn config(mut layer: Layer) -> Result<Config> {
    fill_bot(&mut layer);
    fill_callback_owner(&mut layer);
    require_all(&layer)?;
    drop_empty(&mut layer);
    let mut origins = BTreeMap::new();
    let values = layer::split(layer, "", &mut origins);
    // The error of the deserializer quotes values, so it is not kept.
    let mut config = Config::deserialize(Value::Object(values)).map_err(|_| {
        Error::new(Kind::Bug { problem: "the table of configuration keys does not fit the structs".into() })
    })?;
    config.origins = origins;
    Ok(config)
}

/// `auto_bot_config`: the app of the first stream, when [bot] names none; its other keys stay. Then `robot_code`.
fn fill_bot(layer: &mut Layer) {
    let wanted = !matches!(layer.get("auto_bot_config"), Some(Tree::Leaf(Value::Bool(false), _)));
    let stream = match layer.get("stream") {
        Some(Tree::List(items)) if wanted => items.first().cloned().unwrap_or_default(),
        _ => Layer::new(),
    };
    let Tree::Table(bot) = layer.entry("bot".into()).or_insert_with(|| Tree::Table(Layer::new())) else {
        return;
    };
    if !bot.contains_key("app_key") && !bot.contains_key("app_secret") {
        bot.extend(stream);
    }
    if let (Some(Tree::Leaf(key, _)), false) = (bot.get("app_key"), bot.contains_key("robot_code")) {
        let code = Tree::Leaf(key.clone(), Origin::Default);
        bot.insert("robot_code".into(), code);
    }
}

fn fill_callback_owner(layer: &mut Layer) {
    let owner = match layer.get("bot") {
        Some(Tree::Table(bot)) => bot.get("app_key").cloned(),
        _ => None,
    };
    if let (Some(Tree::Table(callback)), Some(Tree::Leaf(owner, _))) =
        (layer.get_mut("event_callback"), owner)
        && !callback.is_empty()
    {
        callback.entry("app_key".into()).or_insert(Tree::Leaf(owner, Origin::Default));
    }
}

/// Keys that make sense only together.
fn require_all(layer: &Layer) -> Result<()> {
    let app = ["app_key", "app_secret"];
    if let Some(Tree::Table(bot)) = layer.get("bot") {
        if app.iter().any(|name| bot.contains_key(*name)) {
            require(bot, "bot", &app)?;
        }
        if bot.contains_key("group_webhook_secure_key") {
            require(bot, "bot", &["group_webhook_access_token"])?;
        }
    }
    if let Some(Tree::Table(callback)) = layer.get("event_callback")
        && !callback.is_empty()
    {
        require(callback, "event_callback", &["aes_key", "token", "app_key"])?;
    }
    if let Some(Tree::List(streams)) = layer.get("stream") {
        for (index, stream) in streams.iter().enumerate() {
            require(stream, &format!("stream[{index}]"), &app)?;
        }
    }
    Ok(())
}

fn require(table: &Layer, path: &str, names: &[&str]) -> Result<()> {
    let Some(missing) = names.iter().find(|name| !table.contains_key(**name)) else {
        return Ok(());
    };
    let beside = table.values().find_map(|tree| match tree {
        Tree::Leaf(_, origin) => origin.place(),
        Tree::Table(_) | Tree::List(_) => None,
    });
    let together = names.join(", ");
    let problem = Text::made(
        format!("is missing; `{path}` needs {together}"),
        format!("缺失；`{path}` 需要 {together}"),
    );
    Err(Error::setting(beside, layer::join(path, missing), problem))
}

/// A table without a value is not there: `[bot]` alone configures no bot.
fn drop_empty(layer: &mut Layer) {
    layer.retain(|_, tree| !matches!(tree, Tree::Table(table) if table.is_empty()));
}

/// The configuration that a script wrote.
pub(super) fn from_fields(fields: Map<String, Value>, origin: &Origin) -> Result<Config> {
    config(layer::read(KEYS, node::fields(fields, origin), "")?)
}
