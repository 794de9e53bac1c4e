//! Help for programs: JSON for editors, and the tables of the README.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::api::methods;
use crate::console::command::commands;
use crate::lang::{Lang, Text};
use crate::spec::{Form, Method, On};

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

/// The table of the console's commands.
pub fn command_table() -> String {
    let mut out = String::from("| Command | What it does | 说明 |\n| --- | --- | --- |\n");
    for command in commands() {
        let signature = command.signature().replace('|', "\\|");
        let _ = writeln!(out, "| `{signature}` | {} | {} |", command.doc.en, command.doc.zh);
    }
    out
}
