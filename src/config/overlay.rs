//! What the environment and the flags set.

use serde_json::Value;

use super::Flags;
use super::check;
use super::env::Env;
use super::find;
use super::keys::{KEYS, Key, Shape};
use super::layer::{self, Layer, Tree};
use super::node::{Node, What};
use super::origin::Origin;
use crate::error::{Error, Result};
use crate::lang::Text;

/// What the names of our variables begin with.
const OURS: &str = "DINGRAIA_";

/// Refuses a variable that has no meaning: a misspelt one may be meant to protect.
pub(super) fn refuse_strays(env: &Env) -> Result<()> {
    let variables = || {
        let keys = KEYS.iter().flat_map(|key| std::iter::once(key).chain(key.children()));
        keys.filter_map(|key| key.env).chain([find::VARIABLE, super::PROFILE])
    };
    let Some(stray) = env.names(OURS).find(|name| !variables().any(|known| known == *name)) else {
        return Ok(());
    };
    let (en, zh) =
        (format!("`{stray}` is no variable of dingraia"), format!("`{stray}` 不是 dingraia 的环境变量"));
    let error = Error::usage(en, zh);
    if layer::same_name(stray, "DINGRAIA_DRY_RUN") {
        return Err(error.hint(Text::fixed("it is a flag: `--dry-run`", "请使用命令行参数 `--dry-run`")));
    }
    Err(error.hint(match layer::nearest_name(stray, variables()) {
        Some(known) => Text::made(format!("did you mean `{known}`?"), format!("是否想写 `{known}`？")),
        None => {
            let known = variables().collect::<Vec<_>>().join(", ");
            Text::made(format!("there are: {known}"), format!("可用的有：{known}"))
        }
    }))
}

/// The values of all variables that belong to a key.
pub(super) fn environment(env: &Env) -> Result<Layer> {
    let mut layer = Layer::new();
    for key in KEYS {
        if let Some(leaf) = variable(key, key.name, env)? {
            layer.insert(key.name.into(), leaf);
        }
        let mut table = Layer::new();
        for child in key.children() {
            if let Some(leaf) = variable(child, &layer::join(key.name, child.name), env)? {
                table.insert(child.name.into(), leaf);
            }
        }
        if !table.is_empty() {
            layer.insert(key.name.into(), Tree::Table(table));
        }
    }
    Ok(layer)
}

fn variable(key: &Key, path: &str, env: &Env) -> Result<Option<Tree>> {
    let Some((name, value)) = key.env.and_then(|name| env.raw(name).map(|value| (name, value))) else {
        return Ok(None);
    };
    let origin = Origin::Env(name);
    let Some(text) = value.to_str() else {
        let problem = Text::fixed("is not UTF-8 text", "不是 UTF-8 文本");
        return Err(Error::setting(origin.place(), path, problem));
    };
    let (on, number) = (switch(text), text.trim().parse().ok());
    let what = match (key.shape, on, number) {
        (Shape::Switch, Some(on), _) => What::Switch(on),
        (Shape::Number | Shape::Seconds, _, Some(number)) => What::Number(number),
        _ => What::Text(text.into()),
    };
    let node = Node { what, origin };
    Ok(Some(Tree::Leaf(check::value(key.shape, &node, path)?, node.origin)))
}

fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// The values of the flags that belong to a key.
pub(super) fn flags(flags: &Flags) -> Layer {
    let lang = flags.lang.map(|lang| Tree::Leaf(Value::from(lang.name()), Origin::Flag("--lang")));
    lang.map(|leaf| ("language".to_owned(), leaf)).into_iter().collect()
}

/// The limit of the whole program.
pub(super) fn timeout(flags: &Flags) -> Result<Option<f64>> {
    let Some(seconds) = flags.timeout else {
        return Ok(None);
    };
    let node = Node { what: What::Number(seconds), origin: Origin::Flag("--timeout") };
    check::value(Shape::Number, &node, "timeout")?;
    Ok(Some(seconds))
}
