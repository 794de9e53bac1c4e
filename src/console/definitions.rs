//! Definitions for the Rhai language server, made of the rows: what an editor needs to complete and explain a script.

use std::fmt::Write as _;

use crate::api::methods;
use crate::lang::Lang;
use crate::spec::{Method, On, Param};

/// The text of a definition file (`dingraia.d.rhai`).
pub fn rhai() -> String {
    let mut out = String::from("module static;\n\n/// The live client.\nlet app: Dingtalk;\n");
    for method in methods() {
        let positional = &method.params[..method.by_position];
        let first = positional.iter().rposition(|param| param.required).map_or(0, |last| last + 1);
        for count in first..=method.by_position {
            define(&mut out, method, &method.params[..count], false);
        }
        if method.params.len() > first {
            define(&mut out, method, &method.params[..first], true);
        }
    }
    out
}

/// One arity. The first parameter of a method is what it is called on.
fn define(out: &mut String, method: &Method, params: &[Param], options: bool) {
    out.push('\n');
    for line in [method.doc.get(Lang::En), method.doc.get(Lang::Zh), String::new()] {
        let _ = writeln!(out, "{}", format!("/// {line}").trim_end());
    }
    for param in if options { method.params } else { params } {
        let _ = writeln!(out, "/// - `{}`: {}", param.name, param.doc.get(Lang::En));
    }
    let receiver = match method.on {
        On::App => Some("client: Dingtalk"),
        On::Door => Some("host: Door"),
        On::Nothing => None,
    };
    let given = params.iter().map(|param| format!("{}: ?", param.name));
    let last = options.then(|| "options: map".to_owned());
    let all: Vec<String> = receiver.map(str::to_owned).into_iter().chain(given).chain(last).collect();
    let _ = writeln!(out, "fn {}({}) -> ?;", method.name, all.join(", "));
}
