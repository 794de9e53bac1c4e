//! Reads a configuration file: its own values and those of its profiles.

use std::path::Path;

use toml::de::DeTable;

use super::check::wrong;
use super::keys::KEYS;
use super::layer::{self, Layer};
use super::node::{Node, Reader, What};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// A configuration file, checked.
#[derive(Default)]
pub(super) struct File {
    /// The values outside the profiles.
    pub(super) base: Layer,
    /// Each profile's values, in the order of the file.
    pub(super) profiles: Vec<(String, Layer)>,
}

/// The key the profiles stand under.
pub(super) const PROFILES: &str = "profiles";

/// Reads and checks `path`, every profile included.
pub(super) fn read(path: &Path) -> Result<File> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let problem = format!("line {line} is not UTF-8 text");
        let hint = Text::fixed("save the file as UTF-8", "请将文件另存为 UTF-8 编码");
        Error::new(Kind::File { path: path.into(), problem }).hint(hint)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let reader = Reader::new(path, text);
    let table = DeTable::parse(text).map_err(|error| syntax(&reader, &error))?;
    let mut file = File::default();
    let mut own = Vec::new();
    for (name, node) in reader.table(table.get_ref()) {
        if layer::same_name(&name, PROFILES) {
            file.profiles.extend(profiles(node)?);
        } else {
            own.push((name, node));
        }
    }
    file.base = layer::read(KEYS, own, "")?;
    Ok(file)
}

/// The library's message without its excerpt of the file, which could show a secret.
fn syntax(reader: &Reader<'_>, error: &toml::de::Error) -> Error {
    let place = reader.place(error.span().map_or(0, |span| span.start));
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    Error::setting(
        Some(place),
        "TOML",
        Text::made(format!("syntax: {message}"), format!("语法错误：{message}")),
    )
}

fn profiles(node: Node) -> Result<Vec<(String, Layer)>> {
    let What::Table(entries) = node.what else {
        let expected = Text::fixed("tables, as [profiles.work.bot]", "表，如 [profiles.work.bot]");
        return Err(wrong(&node, PROFILES, &expected));
    };
    entries.into_iter().map(|(name, node)| profile(name, node)).collect()
}

fn profile(name: String, node: Node) -> Result<(String, Layer)> {
    let path = format!("{PROFILES}.{name}");
    if !is_profile_name(&name) {
        let problem = Text::fixed(
            "is not a profile name: letters, digits, `-` and `_` are allowed",
            "不是有效的配置方案名：只允许字母、数字、`-` 和 `_`",
        );
        return Err(Error::setting(node.origin.place(), path, problem));
    }
    let What::Table(entries) = node.what else {
        return Err(wrong(&node, &path, &Text::fixed("a table", "表")));
    };
    Ok((name, layer::read(KEYS, entries, &path)?))
}

/// A profile's name is the name of a folder too.
fn is_profile_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}
