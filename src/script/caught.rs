//! An error of the language that a script caught. Rhai gives a map with a text of its own; scripts get an error with the fields
//! of every other one.
//!
//! Rhai has no hook where it fills the variable of `catch`, but one where a variable is read: there the map is exchanged for the
//! error, the first time that somebody looks at it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rhai::{AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, Map, Position, Stmt};

use super::failure::{Failure, Mistake, What};
use super::unknown::miscounted_call;
use super::words::{without_place, words};

/// The names that variables of `catch` have in the scripts of a session. A name that is not among them is told apart by one
/// look at a number; a wrong yes costs a look at the variable.
#[derive(Debug, Default)]
pub(super) struct CatchNames(AtomicU64);

impl CatchNames {
    /// Learns the names of `ast`.
    #[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
    pub(super) fn learn(&self, ast: &AST) {
        ast.walk(&mut |path| {
            if let Some(ASTNode::Stmt(Stmt::TryCatch(parts, _))) = path.last()
                && let Expr::Variable(variable, ..) = &parts.expr
            {
                self.0.fetch_or(bit(&variable.1), Ordering::Relaxed);
            }
            true
        });
    }

    /// False when no variable of a `catch` is called `name`.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.0.load(Ordering::Relaxed) & bit(name) != 0
    }
}

fn bit(name: &str) -> u64 {
    let first = name.bytes().next().unwrap_or(0);
    let last = name.bytes().next_back().unwrap_or(0);
    1 << ((usize::from(first) * 7 + usize::from(last) * 3 + name.len()) & 63)
}

/// The error that Rhai's map stands for; `None` when it is another map.
pub(super) fn caught(engine: &Engine, value: &Dynamic) -> Option<Dynamic> {
    let map = value.read_lock::<Map>()?;
    let variant = map.get("error")?.clone().into_string().ok()?;
    if !VARIANTS.contains(&variant.as_str()) {
        return None;
    }
    let message = map.get("message")?.clone().into_string().ok()?;
    // The calls that led there stand on the lines below.
    let innermost = message.lines().next().unwrap_or_default();
    let number =
        |name: &str| map.get(name).and_then(|n| n.as_int().ok()).and_then(|n| usize::try_from(n).ok());
    let (line, column) =
        place(innermost).unwrap_or_else(|| (number("line").unwrap_or(0), number("position").unwrap_or(0)));
    let error = read_back(without_place(innermost));
    let miscounted = match &error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => miscounted_call(signature),
        _ => None,
    };
    let what = match miscounted {
        Some(error) => What::Ours(Arc::new(error)),
        None => {
            let (message, hints) = words(engine, &AST::empty(), &error);
            What::Script(Arc::new(Mistake { message, hints, variant: name_of(&error) }))
        }
    };
    Some(Dynamic::from(Failure { what, line, column }))
}

/// "… (line 3, position 9)"
fn place(text: &str) -> Option<(usize, usize)> {
    let (_, place) = text.rsplit_once(" (line ")?;
    let (line, column) = place.trim_end_matches(')').split_once(", position ")?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

fn name_of(error: &EvalAltResult) -> String {
    let text = format!("{error:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

/// Rhai's names of the errors that can be caught.
const VARIANTS: &[&str] = &[
    "ErrorVariableExists",
    "ErrorForbiddenVariable",
    "ErrorVariableNotFound",
    "ErrorPropertyNotFound",
    "ErrorIndexNotFound",
    "ErrorFunctionNotFound",
    "ErrorModuleNotFound",
    "ErrorInFunctionCall",
    "ErrorInModule",
    "ErrorUnboundThis",
    "ErrorMismatchDataType",
    "ErrorMismatchOutputType",
    "ErrorIndexingType",
    "ErrorArrayBounds",
    "ErrorStringBounds",
    "ErrorBitFieldBounds",
    "ErrorFor",
    "ErrorDataRace",
    "ErrorNonPureMethodCallOnConstant",
    "ErrorAssignmentToConstant",
    "ErrorDotExpr",
    "ErrorArithmetic",
    "ErrorRuntime",
];

/// The error out of its text: of an error inside of a function Rhai keeps nothing else.
fn read_back(text: &str) -> EvalAltResult {
    use EvalAltResult as E;
    let none = Position::NONE;
    let rest = |front: &str| text.strip_prefix(front).map(str::to_owned);
    if let Some(found) = named(text) {
        return found;
    }
    if let Some(of) = rest("Data type incorrect").or_else(|| rest("Output type incorrect")) {
        let of = of.trim_start_matches(": ").trim_start_matches(", expecting ").to_owned();
        let (got, wanted) = of.split_once(" (expecting ").unwrap_or((&of, ""));
        return E::ErrorMismatchDataType(wanted.trim_end_matches(')').to_owned(), got.to_owned(), none);
    }
    if let Some((index, count)) = numbers(text) {
        match text {
            text if text.starts_with("Array") => return E::ErrorArrayBounds(count, index, none),
            text if text.starts_with("String") => return E::ErrorStringBounds(count, index, none),
            text if text.starts_with("Bit-field") => return E::ErrorBitFieldBounds(count, index, none),
            _ => {}
        }
    }
    match text {
        "'this' not bound" => E::ErrorUnboundThis(none),
        "For loop expects iterable type" => E::ErrorFor(none),
        "Data race detected" => E::ErrorDataRace(String::new(), none),
        text if text.starts_with("Unknown property '") || text.starts_with("No writable property '") => {
            E::ErrorDotExpr(text.to_owned(), none)
        }
        text if text.starts_with("Non-pure ") || text.contains(" of constant") => {
            let name = text.split('\'').nth(1).unwrap_or("index$");
            E::ErrorNonPureMethodCallOnConstant(name.to_owned(), none)
        }
        text => E::ErrorArithmetic(text.to_owned(), none),
    }
}

/// Errors whose text is a heading and a name.
fn named(text: &str) -> Option<EvalAltResult> {
    use EvalAltResult as E;
    type Make = fn(String) -> EvalAltResult;
    let rows: [(&str, Make); 11] = [
        ("Variable already defined: ", |name| E::ErrorVariableExists(name, Position::NONE)),
        ("Forbidden variable name: ", |name| E::ErrorForbiddenVariable(name, Position::NONE)),
        ("Variable not found: ", |name| E::ErrorVariableNotFound(name, Position::NONE)),
        ("Property not found: ", |name| E::ErrorPropertyNotFound(name, Position::NONE)),
        ("Invalid index: ", |name| E::ErrorIndexNotFound(name.into(), Position::NONE)),
        ("Function not found: ", |name| E::ErrorFunctionNotFound(name, Position::NONE)),
        ("Module not found: ", |name| E::ErrorModuleNotFound(name, Position::NONE)),
        ("Data race detected on ", |name| E::ErrorDataRace(name, Position::NONE)),
        ("Indexer unavailable: ", |name| E::ErrorIndexingType(name, Position::NONE)),
        ("Cannot modify constant ", |name| E::ErrorAssignmentToConstant(name, Position::NONE)),
        ("Runtime error: ", |text| E::ErrorRuntime(text.into(), Position::NONE)),
    ];
    rows.into_iter().find_map(|(front, make)| Some(make(text.strip_prefix(front)?.to_owned())))
}

/// "Array index 5 out of bounds: only 1 element in array": the index, and how many there are.
fn numbers(text: &str) -> Option<(i64, usize)> {
    let (_, rest) = text.split_once(" index ")?;
    let (index, rest) = rest.split_once(" out of bounds: ")?;
    let count = rest.trim_start_matches("only ").split(' ').next()?;
    Some((index.parse().ok()?, count.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::{name_of, read_back};
    use crate::script::words::words;
    use rhai::{AST, Engine, EvalAltResult as E, Position};

    /// What is read back out of a text says the same as the error itself.
    #[test]
    fn errors_come_back_out_of_their_text() {
        let none = Position::NONE;
        let two = |make: fn(String, String, Position) -> E| make("bool".into(), "i64".into(), none);
        let engine = Engine::new();
        for error in [
            E::ErrorVariableNotFound("y".into(), none),
            E::ErrorVariableExists("y".into(), none),
            E::ErrorForbiddenVariable("y".into(), none),
            E::ErrorPropertyNotFound("name".into(), none),
            E::ErrorIndexNotFound("3".into(), none),
            E::ErrorFunctionNotFound("fo (i64)".into(), none),
            E::ErrorModuleNotFound("m".into(), none),
            E::ErrorUnboundThis(none),
            two(E::ErrorMismatchDataType),
            E::ErrorIndexingType("bool [i64]".into(), none),
            E::ErrorArrayBounds(0, 1, none),
            E::ErrorArrayBounds(1, -5, none),
            E::ErrorStringBounds(2, 7, none),
            E::ErrorBitFieldBounds(64, 70, none),
            E::ErrorFor(none),
            E::ErrorDataRace(String::new(), none),
            E::ErrorDataRace("variable 'x'".into(), none),
            E::ErrorNonPureMethodCallOnConstant("push".into(), none),
            E::ErrorAssignmentToConstant("c".into(), none),
            E::ErrorDotExpr("Unknown property 'x' - a getter is not registered for type 'i64'".into(), none),
            E::ErrorArithmetic("Division by zero: 1 / 0".into(), none),
            E::ErrorRuntime("elements of map cannot be sorted".into(), none),
        ] {
            let back = read_back(&error.to_string());
            assert_eq!(name_of(&back), name_of(&error));
            assert_eq!(
                words(&engine, &AST::empty(), &back),
                words(&engine, &AST::empty(), &error),
                "{error}"
            );
        }
    }
}
