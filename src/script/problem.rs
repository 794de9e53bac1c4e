//! What went wrong in a script: our error or Rhai's, with its place in the text and the way there.

use std::sync::Arc;

use rhai::{Engine, EvalAltResult, ParseError, Position};

use super::failure::{Failure, Leave};
use crate::api::{find, methods};
use crate::error::{Error, Kind};
use crate::lang::{Lang, Text};
use crate::spec::{Method, On, nearest};

/// A place in a script; both count from 1, columns in characters.
pub type Spot = (usize, usize);

/// An evaluation that failed.
#[derive(Debug)]
pub struct Problem {
    /// The error of a method, when one caused it.
    pub error: Option<Arc<Error>>,
    /// What happened, in the words of this program.
    pub message: Text,
    /// What to do next.
    pub hints: Vec<Text>,
    /// Where, in `source`.
    pub spot: Option<Spot>,
    /// The text that was evaluated.
    pub source: String,
    /// Its name: a file, or the number of the input.
    pub name: String,
    /// The calls that led there, outermost first.
    pub trail: Vec<Call>,
}

/// A call of a function.
#[derive(Debug)]
pub struct Call {
    /// The function.
    pub function: String,
    /// Where it was called.
    pub spot: Option<Spot>,
    /// Name of the text with that place.
    pub name: String,
}

/// A text that was evaluated, and its name: a file, or the number of the input.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) name: String,
    pub(super) source: String,
}

impl Problem {
    /// The exit code of the program when this ends it.
    pub fn exit_code(&self) -> u8 {
        self.error.as_ref().map_or(8, |error| error.exit_code())
    }

    /// Says which text each place lies in: `input` was evaluated, functions may have come from earlier ones.
    pub(super) fn locate<'a>(&mut self, input: &'a Origin, find: impl Fn(&str) -> Option<&'a Origin>) {
        let mut here = input;
        for call in &mut self.trail {
            here.name.clone_into(&mut call.name);
            here = find(&call.function).unwrap_or(here);
            if call.function.starts_with("anon$") {
                call.function = "|…|".to_owned();
            }
        }
        here.name.clone_into(&mut self.name);
        here.source.clone_into(&mut self.source);
    }

    /// The error as machine output: one JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let hint = self.hints.iter().map(|hint| hint.get(Lang::En)).collect::<Vec<_>>().join("; ");
        let error = self.error.as_deref();
        serde_json::json!({ "error": {
            "kind": error.map_or("script", Error::kind_name),
            "code": error.map_or("", Error::code),
            "message": self.message.en,
            "hint": hint,
            "request_id": error.map_or("", Error::request_id),
            "sent": error.map_or("no", |error| error.sent().name()),
            "source": self.name,
            "line": self.spot.map(|spot| spot.0),
            "column": self.spot.map(|spot| spot.1),
            "exit_code": self.exit_code(),
        }})
    }

    /// A problem without a place in a text.
    pub fn of(error: Error) -> Self {
        let error = Arc::new(error);
        Self {
            message: texts(&error),
            hints: error.hints().to_vec(),
            error: Some(error),
            spot: None,
            source: String::new(),
            name: String::new(),
            trail: Vec::new(),
        }
    }
}

fn texts(error: &Error) -> Text {
    Text::made(error.text(Lang::En), error.text(Lang::Zh))
}

/// How an evaluation ended without a value.
pub(super) enum Ending {
    /// `exit(n)`.
    Leave(i64),
    /// An error.
    Problem(Box<Problem>),
}

/// Reads an error of the engine.
pub(super) fn read(engine: &Engine, error: EvalAltResult) -> Ending {
    let mut trail = Vec::new();
    let mut inner = error;
    while let EvalAltResult::ErrorInFunctionCall(function, _, cause, position) = inner {
        trail.push(Call { function, spot: spot(position), name: String::new() });
        inner = *cause;
    }
    let place = spot(inner.position());
    if let EvalAltResult::ErrorTerminated(value, _) | EvalAltResult::ErrorRuntime(value, _) = &inner {
        if let Some(leave) = value.read_lock::<Leave>() {
            return Ending::Leave(leave.0);
        }
        if let Some(failure) = value.read_lock::<Failure>() {
            let mut problem = Problem::of(Error::new(Kind::Bug { problem: String::new() }));
            problem.message = texts(&failure.error);
            problem.hints = failure.error.hints().to_vec();
            problem.error = Some(Arc::clone(&failure.error));
            return ending(problem, place, trail);
        }
    }
    let (message, hints) = words(engine, &inner);
    let problem = Problem {
        error: None,
        message,
        hints,
        spot: None,
        source: String::new(),
        name: String::new(),
        trail: Vec::new(),
    };
    ending(problem, place, trail)
}

fn ending(mut problem: Problem, spot: Option<Spot>, trail: Vec<Call>) -> Ending {
    problem.spot = spot;
    problem.trail = trail;
    Ending::Problem(Box::new(problem))
}

/// Reads a syntax error.
pub(super) fn read_parse(error: &ParseError, source: &str, name: &str) -> Problem {
    let message = error.err_type().to_string();
    Problem {
        error: None,
        message: Text::made(lower_first(&message), format!("语法错误：{message}")),
        hints: Vec::new(),
        spot: spot(error.position()),
        source: source.to_owned(),
        name: name.to_owned(),
        trail: Vec::new(),
    }
}

fn spot(position: Position) -> Option<Spot> {
    position.line().map(|line| (line, position.position().unwrap_or(1)))
}

/// Rhai's errors in the words of this program.
fn words(engine: &Engine, error: &EvalAltResult) -> (Text, Vec<Text>) {
    match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_function(engine, signature),
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            let hint = find(On::App, name).map(it_is_a_method);
            let text = Text::made(format!("no variable `{name}`"), format!("没有变量 `{name}`"));
            (text, hint.into_iter().collect())
        }
        EvalAltResult::ErrorPropertyNotFound(name, _) => (
            Text::made(format!("no field `{name}` in this map"), format!("映射中没有字段 `{name}`")),
            vec![Text::fixed(
                "`map.get(\"key\", default)` and `\"key\" in map` are for fields that may be missing",
                "可能不存在的字段请用 `map.get(\"key\", 默认值)` 或 `\"key\" in map`",
            )],
        ),
        EvalAltResult::ErrorDotExpr(text, _) => dot(text),
        EvalAltResult::ErrorRuntime(value, _) => {
            let thrown = value.to_string();
            (Text::made(thrown.clone(), thrown), Vec::new())
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            (Text::fixed("too many calls inside calls", "函数嵌套调用过深"), Vec::new())
        }
        EvalAltResult::ErrorTerminated(..) => (Text::fixed("stopped", "已停止"), Vec::new()),
        other => {
            let text = lower_first(&without_place(&other.to_string()));
            (Text::made(text.clone(), text), Vec::new())
        }
    }
}

/// Rhai: "Unknown property 'x' - a getter is not registered for type 'Member'".
fn dot(text: &str) -> (Text, Vec<Text>) {
    let mut quoted = text.split('\'').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(field), Some(kind)) if text.starts_with("Unknown property") => {
            let kind = plain_type(kind);
            let article = match kind.chars().next() {
                Some('A' | 'E' | 'I' | 'O') => "an ",
                Some(first) if first.is_uppercase() => "a ",
                _ => "",
            };
            let message = Text::made(
                format!("{article}{kind} has no field `{field}`"),
                format!("{kind} 没有字段 `{field}`"),
            );
            let method = (kind == "Dingtalk").then(|| find(On::App, field)).flatten();
            (message, method.map(it_is_a_method).into_iter().collect())
        }
        _ => (Text::made(lower_first(text), text.to_owned()), Vec::new()),
    }
}

fn it_is_a_method(method: &Method) -> Text {
    let usage = method.signature();
    Text::made(format!("it is a method: {usage}"), format!("它是方法：{usage}"))
}

/// `get_usr (Dingtalk, &str | ImmutableString | String)`: the nearest name, or how the known one is called.
fn unknown_function(engine: &Engine, signature: &str) -> (Text, Vec<Text>) {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let types: Vec<&str> =
        types.trim_end_matches(')').split(", ").map(plain_type).filter(|text| !text.is_empty()).collect();
    let on = match types.first() {
        Some(&"Dingtalk") => On::App,
        Some(&"Door") => On::Door,
        _ => On::Nothing,
    };
    if let Some(method) = find(on, name) {
        let usage = method.signature();
        let text = Text::made(format!("{name}: wrong number of arguments"), format!("{name}：参数个数不对"));
        return (text, vec![Text::made(format!("usage: {usage}"), format!("用法：{usage}"))]);
    }
    let text = if on == On::Nothing {
        let given = types.join(", ");
        Text::made(format!("no function `{name}({given})`"), format!("没有函数 `{name}({given})`"))
    } else {
        Text::made(format!("no method `{name}`"), format!("没有方法 `{name}`"))
    };
    let natives = if on == On::Nothing {
        engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true)
    } else {
        Vec::new()
    };
    let rows = methods().filter(|method| method.on == on).map(|method| method.name);
    let known = rows.chain(
        natives
            .iter()
            .map(String::as_str)
            .filter(|known| known.chars().all(|c| c.is_alphanumeric() || c == '_')),
    );
    let hint = match (nearest(name, known), on, find(On::App, name)) {
        (_, On::Nothing, Some(method)) => Some(format!("`{}`", method.signature())),
        (Some(near), On::Nothing, _) if near == name => None,
        (Some(near), _, _) => Some(format!("`{near}`")),
        _ => None,
    };
    let hint = hint.map(|near| Text::made(format!("did you mean {near}?"), format!("是否想写 {near}？")));
    (text, hint.into_iter().collect())
}

fn plain_type(text: &str) -> &str {
    match text.trim() {
        "&str | ImmutableString | String" => "text",
        "i64" => "int",
        "f64" => "float",
        "()" => "()",
        "map" => "map",
        "array" => "list",
        other => other.rsplit("::").next().unwrap_or(other),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// Rhai writes the place behind the text; it is shown by the caret.
fn without_place(text: &str) -> String {
    text.rfind(" (line ").map_or(text, |at| &text[..at]).to_owned()
}
