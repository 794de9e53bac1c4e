//! Names: members of what stands before the dot, and what can stand alone.

use std::collections::BTreeSet;

use super::code::Code;
use super::known::{Known, Session};
use super::rank::{Fit, ranked};
use super::receiver::{APP, DOOR, Reader};
use crate::api::methods;
use crate::console::editor::Candidate;
use crate::console::scan::Class;
use crate::lang::{Lang, Text};
use crate::script::{BUILTINS, Shape, plain_type};
use crate::spec::{Method, On};

/// What `app` has beside methods.
const APP_FIELDS: &[(&str, Text)] = &[
    ("api", Text::fixed("raw calls of api.dingtalk.com", "直接调用 api.dingtalk.com")),
    ("oapi", Text::fixed("raw calls of oapi.dingtalk.com", "直接调用 oapi.dingtalk.com")),
    ("config", Text::fixed("the configuration", "配置")),
];

/// The names that are there without being given.
const GIVEN: &[(&str, Text)] = &[
    ("app", Text::fixed("the live client", "钉钉客户端")),
    ("cache", Text::fixed("what the cache holds", "缓存中的内容")),
    ("In", Text::fixed("the inputs", "历次输入")),
    ("Out", Text::fixed("their values", "历次结果")),
];

/// The methods of maps whose first argument is a key.
const MAP_METHODS: &[&str] = &["get", "contains", "remove", "set"];

/// A name and what the list says beside it.
pub(super) struct Name {
    pub(super) name: String,
    pub(super) note: String,
}

impl Name {
    pub(super) fn new(name: impl Into<String>, note: impl Into<String>) -> Self {
        Self { name: name.into(), note: note.into() }
    }
}

/// The names that fit, as candidates for what was typed.
pub(super) fn candidates(names: Vec<Name>, typed: &str) -> Vec<Candidate> {
    let found = ranked(names, typed, |name| &name.name).into_iter();
    let candidate = |(fit, name): (Fit, Name)| Candidate {
        replacement: name.name.clone(),
        display: name.name,
        note: name.note,
        is_prefix: fit == Fit::Prefix,
    };
    found.map(candidate).collect()
}

/// The members of the expression that ends before the dot, which is the token `dot`.
pub(super) fn members(code: &Code<'_>, dot: usize, known: &Known, lang: Lang) -> Vec<Name> {
    let session = known.session();
    let Some(shape) = Reader::new(code, known, &session).before(dot) else { return Vec::new() };
    let mut names: Vec<Name> = match shape.kind.as_str() {
        APP => {
            let fields = APP_FIELDS.iter().map(|(name, text)| Name::new(*name, text.get(lang)));
            rows(On::App, lang).chain(fields).collect()
        }
        DOOR => rows(On::Door, lang).collect(),
        kind => {
            let members = known.members().get(kind).map(Vec::as_slice).unwrap_or_default();
            let own = members.iter().map(|member| {
                let end = if member.is_method { "()" } else { "" };
                Name::new(member.name.clone(), format!("{}{end}", plain_type(&member.gives)))
            });
            // Of a map its keys come first, of an event what every event has.
            if kind == "map" {
                return keys(&shape).chain(own).collect();
            }
            return own.chain(keys(&shape)).collect();
        }
    };
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names
}

/// The keys of a map that can be written behind a dot.
fn keys(shape: &Shape) -> impl Iterator<Item = Name> {
    let is_name = |key: &str| {
        !key.starts_with(|c: char| c.is_numeric()) && key.chars().all(|c| c == '_' || c.is_alphanumeric())
    };
    let keys = shape.keys.iter().filter(move |(key, _)| is_name(key));
    keys.map(|(key, shape)| Name::new(key.clone(), plain_type(&shape.kind)))
}

/// The keys of the map whose key is being written in an open text: `map["…`, `map.get("…`.
pub(super) fn keys_in_text(code: &Code<'_>, known: &Known, session: &Session) -> Vec<Name> {
    let reader = Reader::new(code, known, session);
    let open = code.len().checked_sub(2);
    let map = open.and_then(|open| match code.word(open) {
        "[" => reader.before(open),
        "(" if open > 2 && MAP_METHODS.contains(&code.word(open - 1)) && code.is_member(open - 1) => {
            reader.before(open - 2)
        }
        _ => None,
    });
    let keys = map.map(|shape| shape.keys).unwrap_or_default();
    keys.into_iter().map(|(key, shape)| Name::new(key, plain_type(&shape.kind))).collect()
}

/// What can stand alone: variables, functions, constructors, and the names of this very text.
pub(super) fn alone(code: &Code<'_>, typed: usize, known: &Known, lang: Lang) -> Vec<Name> {
    let session = known.session();
    let mut seen = BTreeSet::new();
    let mut names = own(code, typed, &session);
    names.extend(GIVEN.iter().map(|(name, text)| Name::new(*name, text.get(lang))));
    names.extend(rows(On::Nothing, lang));
    names.extend(BUILTINS.iter().map(|builtin| Name::new(builtin.name, builtin.doc.get(lang))));
    names.retain(|name| seen.insert(name.name.clone()));
    names
}

/// The names that the user gave.
fn own(code: &Code<'_>, typed: usize, session: &Session) -> Vec<Name> {
    let variables =
        session.variables.iter().map(|(name, shape)| Name::new(name.clone(), plain_type(&shape.kind)));
    let functions = session.functions.iter().map(|(name, usage)| Name::new(name.clone(), usage.clone()));
    let here = (0..code.len()).filter(|index| *index != typed && is_given(code, *index));
    let mut names: Vec<Name> = variables.chain(functions).collect();
    names.extend(here.map(|index| Name::new(code.word(index), "")));
    names.sort_by(|a, b| (&a.name, a.note.is_empty()).cmp(&(&b.name, b.note.is_empty())));
    names
}

/// Whether the token gives something its name: `let x`, `fn f`, `for x`, `|x|`.
fn is_given(code: &Code<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1).filter(|_| code.is_name(index)) else { return false };
    match code.class(before) {
        Some(Class::Keyword) => matches!(code.word(before), "let" | "const" | "fn" | "for"),
        _ => code.word(before) == "|" || (code.word(before) == "," && is_parameter(code, before)),
    }
}

/// Whether the comma at `comma` stands between parameters of a closure or function.
fn is_parameter(code: &Code<'_>, comma: usize) -> bool {
    let start = (0..comma).rev().find(|at| !code.is_name(*at) && code.word(*at) != ",");
    start.is_some_and(|start| match code.word(start) {
        "|" => true,
        "(" => start > 1 && code.word(start - 2) == "fn",
        _ => false,
    })
}

fn rows(on: On, lang: Lang) -> impl Iterator<Item = Name> {
    methods()
        .filter(move |method| method.on == on)
        .map(move |method| Name::new(method.name, note(method, lang)))
}

/// What the list says about a method: its first sentence.
fn note(method: &Method, lang: Lang) -> String {
    let doc = method.doc.get(lang);
    let end = doc.find(['.', '。', ';', '；']).unwrap_or(doc.len());
    doc[..end].to_owned()
}
