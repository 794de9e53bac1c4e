//! The call at the cursor: which row it is, and which parameter stands there.

use super::code::{Call, Code, Slot};
use super::known::{Known, Session};
use super::receiver::Reader;
use super::values::target;
use crate::api::find;
use crate::console::editor::Signature;
use crate::lang::Lang;
use crate::script::BUILTINS;
use crate::spec::{Kind, Method, On, Param};

/// What stands at the cursor, in the words of the rows.
pub(super) enum Target<'a> {
    /// The name of an event.
    Event,
    /// This parameter.
    Param(&'static Param),
    /// A key of the trailing map of this method; these are there already.
    Keys(&'static Method, Vec<&'a str>),
}

impl Target<'_> {
    /// Whether it is one of a few words.
    pub(super) fn has_words(&self) -> bool {
        match self {
            Self::Event => true,
            Self::Param(param) => {
                matches!(param.kind, Kind::Flag | Kind::Switch) || !param.kind.choices().is_empty()
            }
            Self::Keys(..) => false,
        }
    }
}

/// The row of a call.
fn row(code: &Code<'_>, call: &Call<'_>, known: &Known, session: &Session) -> Option<&'static Method> {
    find(Reader::new(code, known, session).on(call.name)?, code.word(call.name))
}

/// What the cursor stands at, when it is in a call.
pub(super) fn at_cursor<'a>(code: &Code<'a>, known: &Known, session: &Session) -> Option<Target<'a>> {
    let call = code.call()?;
    if matches!(code.word(call.name), "on" | "off") && call.slot == Slot::Position(0) {
        return Some(Target::Event);
    }
    target(row(code, &call, known, session)?, call.slot, call.given)
}

/// The parameter that stands at the end of `text`, as far as the names of its calls tell.
pub(in crate::console) fn param_at(text: &str) -> Option<&'static Param> {
    let code = Code::new(text);
    let call = code.call()?;
    let on = if code.is_member(call.name) { On::App } else { On::Nothing };
    match target(find(on, code.word(call.name))?, call.slot, call.given)? {
        Target::Param(param) => Some(param),
        Target::Event | Target::Keys(..) => None,
    }
}

/// How the call at the cursor is made.
pub(super) fn signature(code: &Code<'_>, known: &Known, lang: Lang) -> Option<Signature> {
    let session = known.session();
    let call = code.call()?;
    let name = code.word(call.name);
    if let Some(row) = row(code, &call, known, &session) {
        return Some(of_row(row, &call, lang));
    }
    if code.is_member(call.name) {
        return None;
    }
    let builtin = || BUILTINS.iter().find(|builtin| builtin.name == name).map(|builtin| builtin.usage);
    let usage = session.functions.get(name).map(String::as_str).or_else(builtin)?;
    let (open, rest) = usage.split_once('(')?;
    let params: Vec<String> = rest.trim_end_matches(')').split(", ").map(str::to_owned).collect();
    let current = match call.slot {
        Slot::Position(index) => Some(index.min(params.len() - 1)),
        Slot::Key | Slot::Value(_) => None,
    };
    Some(Signature { open: format!("{open}("), params, current, close: ")".into(), ..Signature::default() })
}

fn of_row(row: &'static Method, call: &Call<'_>, lang: Lang) -> Signature {
    let (by_position, by_name) = row.params.split_at(row.by_position);
    let mut params: Vec<String> = by_position.iter().map(marked).collect();
    if row.variadic
        && let Some(last) = params.last_mut()
    {
        last.push('…');
    }
    let (mut open, mut close) = (format!("{}(", row.name), ")".to_owned());
    let mut current = None;
    let in_map = match call.slot {
        Slot::Position(_) => None,
        Slot::Key => Some(None),
        Slot::Value(name) => Some(row.params.iter().find(|param| param.answers_to(name))),
    };
    match in_map {
        None if by_name.is_empty() => {}
        None => params.push("#{…}".into()),
        Some(at) => {
            (open, close) = (format!("{}(#{{", row.name), "})".to_owned());
            let free =
                row.params.iter().filter(|param| !call.given.iter().any(|name| param.answers_to(name)));
            let free: Vec<&Param> = free.collect();
            params = free.iter().map(|param| marked(param)).collect();
            current = at.and_then(|at| free.iter().position(|param| param.name == at.name));
        }
    }
    let param = match target(row, call.slot, Vec::new()) {
        Some(Target::Param(param)) => Some(param),
        _ => None,
    };
    if let Slot::Position(index) = call.slot {
        let last = params.len().saturating_sub(1);
        current = (index <= last || row.variadic).then_some(index.min(last)).filter(|_| !params.is_empty());
    }
    let about = param.map(|param| param.kind.text().get(lang).trim().to_owned()).unwrap_or_default();
    Signature { open, params, current, about, close, facts: facts(row, lang) }
}

fn marked(param: &Param) -> String {
    format!("{}{}", param.name, if param.required { "" } else { "?" })
}

/// What a call costs and does; nothing for a constructor.
fn facts(row: &Method, lang: Lang) -> String {
    if row.on == On::Nothing {
        return String::new();
    }
    format!("API {} · {}", row.cost, row.effect.text().get(lang))
}
