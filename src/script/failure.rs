//! An error as scripts see it: `try { … } catch (e) { e.code, e.kind, e.message, e.hint, e.request_id, e.sent }`. Errors of this
//! program and of the language have the same fields.

use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, EvalAltResult, NativeCallContext, Position};

use super::convert::json_to_dynamic;
use super::end;
use super::function::Thrown;
use super::registry::Registry;
use super::syntax::Words;
use super::words::words;
use crate::error::{Error, Kind};
use crate::lang::{Lang, Spoken, Text};

/// What a native function returns.
pub(super) type RhaiResult<T = Dynamic> = Result<T, Box<EvalAltResult>>;

/// An error with the place where it was raised.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) what: What,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Whose error it is.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// One of this program.
    Ours(Arc<Error>),
    /// One of the language, in our words.
    Script(Arc<Mistake>),
}

/// A mistake in a script.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) message: Text,
    pub(super) hints: Vec<Text>,
    /// Rhai's name of it, as `ErrorVariableNotFound`.
    pub(super) variant: String,
}

impl Failure {
    pub(super) fn text(&self, lang: Lang) -> String {
        match &self.what {
            What::Ours(error) => error.text(lang),
            What::Script(mistake) => mistake.message.get(lang).to_owned(),
        }
    }

    /// What happened, and what to do about it.
    fn words(&self) -> Words {
        let text = match &self.what {
            What::Ours(error) => error.texts(),
            What::Script(mistake) => mistake.message.clone(),
        };
        (text, self.hints().to_vec())
    }

    fn hints(&self) -> &[Text] {
        match &self.what {
            What::Ours(error) => error.hints(),
            What::Script(mistake) => &mistake.hints,
        }
    }

    /// The error of this program, when it is one.
    pub(super) fn ours(&self) -> Option<&Error> {
        match &self.what {
            What::Ours(error) => Some(error),
            What::Script(_) => None,
        }
    }
}

/// `exit(n)` on its way out; nothing can catch it.
#[derive(Clone, Debug)]
pub(super) struct Leave(pub(super) i64);

/// Makes a Rhai error of `error`, at the place of the call.
pub(super) fn raise(ctx: &NativeCallContext<'_>, error: Error) -> Box<EvalAltResult> {
    raise_at(ctx.call_position(), error)
}

/// Makes a Rhai error of `error` at `position`. An interruption cannot be caught.
pub(super) fn raise_at(position: Position, error: Error) -> Box<EvalAltResult> {
    // What a script's function threw inside of a method comes out as it was.
    if let Some(thrown) = Thrown::inside(&error) {
        return thrown;
    }
    let stops = matches!(error.kind(), Kind::Interrupted { .. });
    let value = Dynamic::from(Failure {
        what: What::Ours(Arc::new(error)),
        line: position.line().unwrap_or(0),
        column: position.position().unwrap_or(0),
    });
    Box::new(if stops {
        end::remember(&value);
        EvalAltResult::ErrorTerminated(value, position)
    } else {
        EvalAltResult::ErrorRuntime(value, position)
    })
}

/// Makes a Rhai error of a mistake in the script at `position`; `variant` is Rhai's name of its kind.
pub(super) fn mistaken(position: Position, variant: &str, message: Text, hint: Text) -> Box<EvalAltResult> {
    let mistake = Mistake { message, hints: vec![hint], variant: variant.to_owned() };
    let value = Dynamic::from(Failure {
        what: What::Script(Arc::new(mistake)),
        line: position.line().unwrap_or(0),
        column: position.position().unwrap_or(0),
    });
    Box::new(EvalAltResult::ErrorRuntime(value, position))
}

/// What happened in `error`, wherever it was raised, and what to do about it.
pub(super) fn said(engine: &Engine, error: &EvalAltResult) -> Words {
    use EvalAltResult as E;
    let words = || words(engine, &AST::empty(), error);
    match error {
        E::ErrorInFunctionCall(.., cause, _) | E::ErrorInModule(_, cause, _) => said(engine, cause),
        E::ErrorRuntime(value, _) | E::ErrorTerminated(value, _) => {
            value.read_lock::<Failure>().map_or_else(words, |failure| failure.words())
        }
        _ => words(),
    }
}

/// Gives scripts the fields of an error; its texts are in the language that is `spoken`.
pub(super) fn register(registry: &mut Registry, spoken: &Spoken) {
    registry.register_type::<Failure>("Error");
    for name in ["to_string", "to_debug"] {
        let spoken = spoken.clone();
        registry.register_fn(name, move |failure: &mut Failure| failure.text(spoken.get()));
    }
    for name in FIELDS {
        let spoken = spoken.clone();
        registry.register_get(name, move |failure: &mut Failure| field(failure, name, spoken.get()));
    }
    // Errors of the language were maps once, and scripts may ask as of a map.
    let here = spoken.clone();
    registry.register_fn("get", move |failure: &mut Failure, name: &str, default: Dynamic| {
        if FIELDS.contains(&name) { field(failure, name, here.get()) } else { default }
    });
    let here = spoken.clone();
    registry
        .engine()
        .register_indexer_get(move |failure: &mut Failure, name: &str| field(failure, name, here.get()));
    registry.register_fn("contains", |_: &mut Failure, name: &str| FIELDS.contains(&name));
}

/// The fields of an error.
const FIELDS: &[&str] = &[
    "message",
    "code",
    "kind",
    "hint",
    "solution",
    "request_id",
    "sent",
    "line",
    "position",
    "status",
    "exception",
    "body",
    "error",
];

fn field(failure: &Failure, name: &str, lang: Lang) -> Dynamic {
    let ours = failure.ours();
    let refusal = ours.and_then(|error| match error.kind() {
        Kind::Refused(refusal) => Some(refusal),
        _ => None,
    });
    let number = |number: usize| Dynamic::from(i64::try_from(number).unwrap_or(0));
    let text = |text: &str| Dynamic::from(text.to_owned());
    match name {
        "message" => Dynamic::from(failure.text(lang)),
        "code" => text(ours.map_or("", Error::code)),
        "kind" => text(ours.map_or("script", Error::kind_name)),
        "hint" | "solution" => {
            let hints = failure.hints().iter().map(|hint| hint.get(lang));
            Dynamic::from(hints.collect::<Vec<_>>().join("; "))
        }
        "request_id" => text(ours.map_or("", Error::request_id)),
        "sent" => text(ours.map_or("no", |error| error.sent().name())),
        "line" => number(failure.line),
        "position" => number(failure.column),
        "status" => number(match (refusal, ours.map(Error::kind)) {
            (Some(refusal), _) => refusal.status.into(),
            (None, Some(Kind::Unreadable { status, .. })) => (*status).into(),
            _ => 0,
        }),
        "exception" => text(refusal.map_or("", |refusal| refusal.exception)),
        "body" => match (refusal, ours.map(Error::kind)) {
            (Some(refusal), _) => json_to_dynamic(refusal.body.clone()),
            (None, Some(Kind::Partial { body, .. })) => json_to_dynamic(body.clone()),
            _ => Dynamic::UNIT,
        },
        "error" => match &failure.what {
            What::Ours(error) => text(error.kind_name()),
            What::Script(mistake) => text(&mistake.variant),
        },
        _ => Dynamic::UNIT,
    }
}
