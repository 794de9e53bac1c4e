//! Which module may use which: the table of the design.

use std::collections::BTreeMap;

use super::{code, files};

/// What everybody may use.
const LOWEST: &[&str] = &["lang", "secret"];

/// A module and what it may use beside itself and the lowest.
#[rustfmt::skip]
const TABLE: &[(&str, &[&str])] = &[
    ("lang", &[]),
    ("secret", &[]),
    ("memory", &[]),
    ("error", &[]),
    ("clock", &[]),
    ("journal", &["clock", "error"]),
    ("spec", &["error"]),
    ("config", &["model", "error", "clock"]),
    ("model", &["error", "clock"]),
    ("message", &["model", "error"]),
    ("api", &["spec", "model", "message", "config", "error"]),
    ("client", &["journal", "api", "spec", "config", "model", "message", "clock", "error"]),
    ("cache", &["model", "clock", "error"]),
    ("stream", &["client", "config", "model", "message", "clock", "error"]),
    ("callback", &["client", "config", "model", "message", "clock", "error"]),
    ("events", &["stream", "callback", "client", "cache", "config", "model", "message", "clock", "error"]),
    ("ops", &["api", "spec", "client", "cache", "config", "model", "message", "clock", "error"]),
    ("script", &["memory", "ops", "api", "spec", "events", "cache", "client", "config", "model", "message", "error"]),
    ("console", &["journal", "script", "ops", "api", "spec", "cache", "config", "clock", "error"]),
    ("sandbox", &["clock", "error"]),
    ("cli", &[]),
];

/// Modules that may use no more than these names of another.
const ONLY: &[(&str, &str, &[&str])] = &[
    ("script", "client", &["Flight"]),
    ("script", "config", &["Config", "Origin"]),
    ("ops", "config", &["Bot", "Config", "Confirm", "GroupApi"]),
    ("api", "config", &["Config", "GroupApi"]),
];

/// The module that a file belongs to: `src/ops/send.rs` and `src/cli.rs` are `ops` and `cli`.
fn module(path: &std::path::Path) -> String {
    let below = path.strip_prefix("src").unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::module::name` of a source, groups written out; the name is empty where there is none.
fn uses(source: &str) -> Vec<(String, String)> {
    let code = code(source);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let is_ours = |before: char| !(before.is_alphanumeric() || "_:".contains(before));
        if code[..at].chars().next_back().is_none_or(is_ours) {
            expand(&code[at + "crate::".len()..], &mut found);
        }
    }
    found
}

/// Reads `module`, `module::name`, `module::{a, b::c}` or `{module::a, other}`.
fn expand(rest: &str, found: &mut Vec<(String, String)>) {
    if let Some(group) = rest.strip_prefix('{') {
        for item in items(group) {
            expand(item, found);
        }
        return;
    }
    let (name, after) = word(rest);
    if name.is_empty() {
        return;
    }
    let Some(tail) = after.strip_prefix("::") else {
        found.push((name.to_owned(), String::new()));
        return;
    };
    match tail.strip_prefix('{') {
        Some(group) => {
            let names = items(group).into_iter().map(|item| (name.to_owned(), word(item).0.to_owned()));
            found.extend(names);
        }
        None => found.push((name.to_owned(), word(tail).0.to_owned())),
    }
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(text.len());
    text.split_at(end)
}

/// The items of a group up to its closing brace, split at the commas of this level.
fn items(group: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut parts) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                parts.push(group[begin..at].trim());
                begin = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[test]
fn uses_are_read() {
    let source = "use crate::a::B;\nuse crate::{c::D, e::{F, g::H}};\nuse crate::i::{\n  J,\n  k::L,\n};\n\
        fn f() -> crate::m::N { crate::o::p::q() }\nuse other_crate::x;\n// crate::y\n";
    let found: Vec<String> =
        uses(source).into_iter().map(|(module, name)| format!("{module}.{name}")).collect();
    assert_eq!(found, ["a.B", "c.D", "e.F", "e.g", "i.J", "i.k", "m.N", "o.p"]);
}

#[test]
fn modules_use_what_lies_below_them() {
    let table: BTreeMap<&str, &[&str]> = TABLE.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in files("src") {
        let module = module(&path);
        if matches!(module.as_str(), "app" | "main" | "lib") || path.extension().is_none_or(|end| end != "rs")
        {
            continue;
        }
        let allowed = table.get(module.as_str()).unwrap_or_else(|| panic!("`{module}` is not in the table"));
        for (used, name) in uses(&text) {
            // The macro of the rows is written out in the modules that use it, with the paths that these need.
            let is_module = table.contains_key(used.as_str()) || used == "app";
            if !is_module || path.ends_with("spec/rows.rs") {
                continue;
            }
            let fits = used == module || LOWEST.contains(&used.as_str()) || allowed.contains(&used.as_str());
            let only = ONLY.iter().find(|(from, to, _)| *from == module && *to == used);
            if !fits || only.is_some_and(|(_, _, names)| !names.contains(&name.as_str())) {
                wrong.push(format!("{}: {module} uses {used}::{name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_of_the_library_is_in_the_table() {
    let lib = std::fs::read_to_string(super::root().join("src/lib.rs")).unwrap();
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches(';');
        let known = name == "app" || TABLE.iter().any(|(module, _)| *module == name);
        assert!(known, "`{name}` is not in the table");
    }
}
