//! The text of a new configuration file, made of the table of keys.

use serde_json::{Map, Value};

use super::check;
use super::keys::{KEYS, Key, Shape};
use super::layer::join;
use super::model::Config;
use super::node::{Node, What};
use super::origin::Origin;
use super::rows::shown;
use crate::error::{Error, Result};
use crate::lang::Text;

const HEAD: &str = "\
# Configuration of dingraia. A line that begins with `#` shows a default or an example.
# dingraia 的配置文件。以 `#` 开头的行是默认值或示例。
# It holds secrets: do not share it. 文件中含有密钥，请勿外传。

";

const TAIL: &str = "
# Another app for `--profile test`; it overrides the values above, key by key.
# 使用 `--profile test` 时的另一套配置，逐项覆盖以上的值。
# [profiles.test.bot]
# app_key = \"\"
# app_secret = \"\"
";

/// The commented text of a configuration file. `values` gives paths and texts, as `("bot.app_key", "ding…")`; they are
/// checked as if they were read, so that the file loads. What is not given stands there as a comment.
pub fn template(values: &[(&str, &str)]) -> Result<String> {
    let defaults = match serde_json::to_value(Config::default()) {
        Ok(Value::Object(defaults)) => defaults,
        _ => Map::new(),
    };
    let mut text = HEAD.to_owned();
    let mut used = 0;
    let shown_keys = KEYS.iter().filter(|key| !matches!(key.shape, Shape::Unused));
    let (tables, plain): (Vec<&Key>, Vec<&Key>) = shown_keys.partition(|key| !key.children().is_empty());
    // Values come first: below a table's header they would be that table's.
    for key in plain {
        used += usize::from(line(&mut text, key, "", values, &defaults)?);
    }
    for table in tables {
        let inside = defaults.get(table.name).and_then(Value::as_object);
        let mut lines = String::new();
        let mut given = 0;
        for key in table.children() {
            given += usize::from(line(&mut lines, key, table.name, values, inside.unwrap_or(&Map::new()))?);
        }
        let (open, close) = if matches!(table.shape, Shape::Tables(_)) { ("[[", "]]") } else { ("[", "]") };
        let mark = if given == 0 && inside.is_none() { "# " } else { "" };
        text.push_str(&format!(
            "\n# {}\n# {}\n{mark}{open}{}{close}\n{lines}",
            table.doc.en, table.doc.zh, table.name
        ));
        used += given;
    }
    text.push_str(TAIL);
    if used < values.len() { Err(stray(values)) } else { Ok(text) }
}

/// One key with its comment; true when its value was given.
fn line(
    text: &mut String,
    key: &Key,
    table: &str,
    values: &[(&str, &str)],
    defaults: &Map<String, Value>,
) -> Result<bool> {
    let path = join(table, key.name);
    let given = values.iter().find(|(name, _)| *name == path);
    let written = match given {
        Some((_, value)) => written(key, &path, value)?,
        None => format!("# {}", example(key, defaults.get(key.name))),
    };
    text.push_str(&format!("# {} / {}\n{}\n", key.doc.en, key.doc.zh, written));
    Ok(given.is_some())
}

/// `name = value`, checked, in TOML.
fn written(key: &Key, path: &str, value: &str) -> Result<String> {
    let what = match (value.parse::<bool>(), value.parse::<f64>()) {
        _ if check::is_text(key.shape) => What::Text(value.into()),
        (Ok(on), _) => What::Switch(on),
        (_, Ok(number)) => What::Number(number),
        _ => What::Text(value.into()),
    };
    let value = check::value(key.shape, &Node { what, origin: Origin::Script }, path)?;
    Ok(format!("{} = {}", key.name, toml_text(key.shape, &value)))
}

/// `name = value` with the default, or an empty place to fill.
fn example(key: &Key, default: Option<&Value>) -> String {
    let value = match (key.shape, default) {
        (Shape::Headers, _) => "{ \"X-Name\" = \"value\" }".into(),
        (shape, Some(value)) if !value.is_null() => toml_text(shape, value),
        // The one number without a default is a budget.
        (Shape::Number, _) => "5000".into(),
        _ => "\"\"".into(),
    };
    format!("{} = {value}", key.name)
}

fn toml_text(shape: Shape, value: &Value) -> String {
    let text = shown(value);
    if check::is_text(shape) { toml::Value::String(text).to_string() } else { text }
}

fn stray(values: &[(&str, &str)]) -> Error {
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    let problem =
        Text::made(format!("has no place for one of {names}"), format!("无法写入其中一项：{names}"));
    Error::setting(None, "template", problem)
}
