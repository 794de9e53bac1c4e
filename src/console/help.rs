//! Help, made of the rows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::style::{Palette, Role};
use super::text::{pad, width};
use crate::api::methods;
use crate::lang::{Lang, Text};
use crate::spec::{Effect, Form, Method, On, nearest};

/// The list of all methods, by topic, a line each.
pub fn list(palette: Palette, lang: Lang) -> String {
    let mut out = String::new();
    let widest = methods().map(|method| width(&method.full_name())).max().unwrap_or(0);
    let mut group = "";
    for method in methods() {
        if method.group != group {
            group = method.group;
            let _ = writeln!(out, "{}", palette.paint(Role::Heading, group));
        }
        let name = pad(&method.full_name(), widest);
        let cost = if method.cost == "0" { String::new() } else { format!(" [{}]", method.cost) };
        let _ = writeln!(
            out,
            "  {}  {}{}",
            palette.paint(Role::Object, &name),
            method.doc.get(lang),
            palette.paint(Role::Dim, &cost)
        );
    }
    out.push_str(&more(lang));
    out
}

fn more(lang: Lang) -> String {
    let text = Text::fixed(
        "\n`x?` shows one of them. Numbers in brackets are API calls.",
        "\n`x?` 查看某个方法。方括号中为 API 消耗次数。",
    );
    text.get(lang).to_owned()
}

/// Everything about one name, or the nearest names.
pub fn topic(name: &str, palette: Palette, lang: Lang) -> Result<String, String> {
    let bare = name
        .trim()
        .trim_start_matches("app.")
        .trim_start_matches("api.")
        .trim_start_matches("oapi.")
        .trim_end_matches("()");
    if bare.is_empty() {
        return Ok(list(palette, lang));
    }
    let found: Vec<&Method> =
        methods().filter(|method| method.name == bare || method.aliases.contains(&bare)).collect();
    if !found.is_empty() {
        let screens: Vec<String> = found.into_iter().map(|method| one(method, palette, lang)).collect();
        return Ok(screens.join("\n\n"));
    }
    let text = match nearest(bare, methods().map(|method| method.name)) {
        Some(near) => Text::made(
            format!("nothing is called `{bare}`; did you mean `{near}`?"),
            format!("没有 `{bare}`，是否想写 `{near}`？"),
        ),
        None => Text::made(
            format!("nothing is called `{bare}`; `help` lists everything"),
            format!("没有 `{bare}`；`help` 列出全部"),
        ),
    };
    Err(text.get(lang).to_owned())
}

fn one(method: &Method, palette: Palette, lang: Lang) -> String {
    let label = |text: Text| palette.paint(Role::Dim, &pad(text.get(lang), 10));
    let mut out =
        format!("{}\n{}\n", palette.paint(Role::Heading, &method.signature()), method.doc.get(lang));
    let widest = method.params.iter().map(|param| width(param.name)).max().unwrap_or(0);
    for param in method.params {
        let name = palette.paint(Role::Key, &pad(param.name, widest));
        let default = if param.default.is_empty() { String::new() } else { format!(" (={})", param.default) };
        let kind = param.kind.text();
        let _ = writeln!(
            out,
            "  {name}  {}{}",
            param.doc.get(lang),
            palette.paint(Role::Dim, &format!("  {}{default}", kind.get(lang).trim()))
        );
    }
    let _ = writeln!(out, "{}{}", label(Text::fixed("returns", "返回")), method.returns.get(lang));
    let effect = palette.paint(effect_role(method.effect), effect_name(method.effect, lang));
    let _ = writeln!(out, "{}{}, {effect}", label(Text::fixed("cost", "消耗")), cost(method, lang));
    for endpoint in method.form.endpoints() {
        let _ = writeln!(
            out,
            "{}{} {} {}",
            label(Text::fixed("calls", "接口")),
            endpoint.verb.name(),
            endpoint.host.name(),
            endpoint.path
        );
    }
    let _ = write!(out, "{}{}", label(Text::fixed("example", "示例")), method.example);
    out
}

fn cost(method: &Method, lang: Lang) -> String {
    let text = match method.cost {
        "0" => return Text::fixed("no API call", "不消耗 API").get(lang).to_owned(),
        "1" => Text::fixed("1 API call", "1 次 API"),
        cost => Text::made(format!("{cost} API calls"), format!("{cost} 次 API")),
    };
    text.get(lang).to_owned()
}

fn effect_name(effect: Effect, lang: Lang) -> &'static str {
    let (en, zh) = match effect {
        Effect::Read => ("reads only", "只读"),
        Effect::Write => ("changes data", "修改数据"),
        Effect::Notify => ("reaches people", "会通知到人"),
        Effect::Destroy => ("removes something", "会删除内容"),
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

fn effect_role(effect: Effect) -> Role {
    match effect {
        Effect::Read => Role::Dim,
        Effect::Write | Effect::Notify => Role::Number,
        Effect::Destroy => Role::Error,
    }
}

/// Everything about the methods as JSON, enough for an editor.
pub fn json(name: Option<&str>) -> Value {
    methods()
        .filter(|method| name.is_none_or(|name| method.name == name || method.aliases.contains(&name)))
        .map(method_json)
        .collect()
}

fn method_json(method: &'static Method) -> Value {
    let texts = |text: &Text| json!({ "en": text.en, "zh": text.zh });
    let params: Vec<Value> = method
        .params
        .iter()
        .enumerate()
        .map(|(index, param)| {
            json!({
                "name": param.name,
                "aliases": param.aliases,
                "kind": param.kind.name(),
                "required": param.required,
                "default": (!param.default.is_empty()).then_some(param.default),
                "by_position": index < method.by_position,
                "doc": { "en": param.doc.get(Lang::En), "zh": param.doc.get(Lang::Zh) },
            })
        })
        .collect();
    let endpoints: Vec<Value> = method
        .form
        .endpoints()
        .iter()
        .map(|endpoint| {
            json!({
                "verb": endpoint.verb.name(), "host": endpoint.host.name(), "path": endpoint.path,
            })
        })
        .collect();
    json!({
        "name": method.name,
        "aliases": method.aliases,
        "on": match method.on { On::App => "app", On::Door => "door", On::Nothing => "constructor" },
        "group": method.group,
        "signature": method.signature(),
        "doc": { "en": method.doc.get(Lang::En), "zh": method.doc.get(Lang::Zh) },
        "params": params,
        "cost": method.cost,
        "effect": method.effect.name(),
        "local": method.form == Form::Local,
        "endpoints": endpoints,
        "returns": texts(&method.returns),
        "example": method.example,
    })
}

/// The table of the README.
pub fn markdown() -> String {
    let mut out = String::from(
        "| Method | What it does | 说明 | API calls | Effect |\n| --- | --- | --- | --- | --- |\n",
    );
    for method in methods() {
        let signature = method.signature().replace('|', "\\|");
        let _ = writeln!(
            out,
            "| `{signature}` | {} | {} | {} | {} |",
            method.doc.get(Lang::En),
            method.doc.get(Lang::Zh),
            method.cost,
            method.effect.name(),
        );
    }
    out
}
