//! A function that does not exist: the nearest one, how the known one is called, or that an operator does not fit.

use rhai::{AST, Engine};

use super::bind::MOST_BY_POSITION;
use super::cache_words::CACHE;
use super::syntax::Words;
use super::types::{plain_type, type_text};
use super::words::thrown;
use crate::api::{find, methods, miscounted};
use crate::error::Error;
use crate::lang::Text;
use crate::spec::{Method, On, nearest};

/// The most forms of a function that are told.
const MOST_FORMS: usize = 4;

/// `get_usr (Dingtalk, &str | ImmutableString | String)` in words.
pub(super) fn unknown_function(engine: &Engine, library: &AST, signature: &str) -> Words {
    let (name, types) = name_and_types(signature);
    // Rhai reports the failures of sorting in this way.
    if name.starts_with("elements of ") || name.starts_with("error in comparer") {
        return thrown(name);
    }
    if name.starts_with("anon$") {
        return closure(library, name, types.len());
    }
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return operator(name, &types);
    }
    if let Some(error) = miscounted_call(signature) {
        return (error.texts(), error.hints().to_vec());
    }
    if types.first() == Some(&"Cache") {
        return of_cache(name, types.len() - 1);
    }
    let on = receiver(&types);
    if on == On::Nothing { function(engine, library, name, &types) } else { method_of(on, name) }
}

/// The error for a row that was called with a number of arguments that no call of it has.
pub(super) fn miscounted_call(signature: &str) -> Option<Error> {
    let (name, types) = name_and_types(signature);
    let on = receiver(&types);
    let method = find(on, name)?;
    let given = if on == On::Nothing { types.len() } else { types.len() - 1 };
    let most = if method.variadic { MOST_BY_POSITION } else { method.by_position };
    Some(miscounted(method, given, most))
}

fn name_and_types(signature: &str) -> (&str, Vec<&str>) {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let types = types.trim_end_matches(')').split(", ").map(plain_type).filter(|text| !text.is_empty());
    (name, types.collect())
}

/// What is called, by the type of the first argument.
fn receiver(types: &[&str]) -> On {
    match types.first() {
        Some(&"Dingtalk") => On::App,
        Some(&"Door") => On::Door,
        _ => On::Nothing,
    }
}

/// A method that `cache` does not have, or not with so many arguments.
pub(super) fn of_cache(name: &str, given: usize) -> Words {
    if let Some(word) = CACHE.iter().find(|word| word.name == name) {
        let (usage, arguments) = (word.usage, if given == 1 { "argument" } else { "arguments" });
        let text = Text::made(
            format!("`cache.{name}` is not called with {given} {arguments}"),
            format!("`cache.{name}` 不接受 {given} 个参数"),
        );
        let hint = Text::made(format!("it is called as `{usage}`"), format!("用法：`{usage}`"));
        return (text, vec![hint]);
    }
    let text = Text::made(format!("`cache` has no method `{name}`"), format!("`cache` 没有方法 `{name}`"));
    let near = nearest(name, CACHE.iter().map(|word| word.name));
    (text, near.map(|near| did_you_mean(&format!("`{near}`"))).into_iter().collect())
}

/// A method that no value of the language or of ours has.
pub(super) fn nothing_has(engine: &Engine, name: &str) -> Words {
    let text = Text::made(format!("nothing has a method `{name}`"), format!("没有任何值有方法 `{name}`"));
    let natives = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
    let is_name = |known: &&str| known.chars().all(|c| c.is_alphanumeric() || c == '_');
    let near = nearest(name, natives.iter().map(String::as_str).filter(is_name));
    (text, near.map(|near| did_you_mean(&format!("`{near}`"))).into_iter().collect())
}

fn method_of(on: On, name: &str) -> Words {
    let text = Text::made(format!("no method `{name}`"), format!("没有方法 `{name}`"));
    let near = nearest(name, methods().filter(|method| method.on == on).map(|method| method.name));
    (text, near.map(|near| did_you_mean(&format!("`{near}`"))).into_iter().collect())
}

fn function(engine: &Engine, library: &AST, name: &str, types: &[&str]) -> Words {
    let given = types.join(", ");
    let text = Text::made(format!("no function `{name}({given})`"), format!("没有函数 `{name}({given})`"));
    if let Some(method) = find(On::App, name) {
        return (text, vec![did_you_mean(&format!("`{}`", method.signature()))]);
    }
    let forms = forms(engine, library, name);
    if !forms.is_empty() {
        let forms = forms.join("`, `");
        let hint = Text::made(format!("it can be called as `{forms}`"), format!("可用的形式：`{forms}`"));
        return (text, vec![hint]);
    }
    let natives = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
    let rows = methods().filter(|method| method.on == On::Nothing).map(|method| method.name);
    let own = library.iter_functions().map(|function| function.name);
    let is_name = |known: &&str| known.chars().all(|c| c.is_alphanumeric() || c == '_');
    let known = rows.chain(own).chain(natives.iter().map(String::as_str)).filter(is_name);
    let hint = nearest(name, known).map(|near| did_you_mean(&format!("`{near}`")));
    (text, hint.into_iter().collect())
}

/// How the function `name` can be called: one form for each number and kind of arguments.
fn forms(engine: &Engine, library: &AST, name: &str) -> Vec<String> {
    let own = library.iter_functions().filter(|function| function.name == name);
    let mut forms: Vec<String> =
        own.map(|function| format!("{name}({})", function.params.join(", "))).collect();
    let native = engine.collect_fn_metadata(
        None,
        |info| {
            let kinds = info.metadata.params_info.iter().map(|param| kind_of_param(param));
            (info.metadata.name == name).then(|| format!("{name}({})", kinds.collect::<Vec<_>>().join(", ")))
        },
        true,
    );
    // Numbers of the other size do not come from scripts.
    forms.extend(native.into_iter().filter(|form| !form.contains("f32")));
    forms.sort_by_key(String::len);
    forms.dedup();
    if forms.len() > MOST_FORMS {
        forms.truncate(MOST_FORMS);
        forms.push("…".into());
    }
    forms
}

/// `x: i64`, `&mut Shared<Member>` or a name alone.
fn kind_of_param(param: &str) -> String {
    let kind = param.split_once(':').map_or(param, |(_, kind)| kind).trim();
    let kind = kind.trim_start_matches("&mut ").trim_start_matches('&');
    match kind.rsplit_once('<') {
        Some((_, inner)) => plain_type(inner.trim_end_matches('>')).to_owned(),
        None if kind == "Dynamic" || kind == "_" => "…".to_owned(),
        None => plain_type(kind).to_owned(),
    }
}

/// A closure that got another number of arguments than it has parameters.
fn closure(library: &AST, name: &str, given: usize) -> Words {
    let params = library
        .iter_functions()
        .find(|function| function.name == name)
        .map(|function| function.params.join(", "));
    let form = format!("|{}| …", params.unwrap_or_default());
    let text = Text::made(
        format!("the function `{form}` was called with {given} arguments"),
        format!("函数 `{form}` 被传入了 {given} 个参数"),
    );
    (text, Vec::new())
}

/// `+ (i64, map)`
fn operator(sign: &str, types: &[&str]) -> Words {
    let text = match types {
        [one, other] => {
            let (one, other) = (type_text(one), type_text(other));
            Text::made(
                format!("`{sign}` does not work with {} and {}", one.en, other.en),
                format!("`{sign}` 不能用于{}与{}", one.zh, other.zh),
            )
        }
        [one] => {
            let one = type_text(one);
            Text::made(
                format!("`{sign}` does not work with {}", one.en),
                format!("`{sign}` 不能用于{}", one.zh),
            )
        }
        _ => Text::made(format!("`{sign}` does not work here"), format!("此处不能使用 `{sign}`")),
    };
    (text, Vec::new())
}

pub(super) fn it_is_a_method(method: &Method) -> Text {
    let usage = method.signature();
    Text::made(format!("it is a method: {usage}"), format!("它是方法：{usage}"))
}

fn did_you_mean(near: &str) -> Text {
    Text::made(format!("did you mean {near}?"), format!("是否想写 {near}？"))
}
