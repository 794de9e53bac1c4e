//! What the console knows of the session: variables, functions, and the members of the types.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;

use super::code::Code;
use crate::console::scan::Class;
use crate::lang::Lang;
use crate::script::{Interpreter, Live, Members, Shape, Value};

/// The most values that are remembered.
const MOST_VALUES: usize = 100;

/// Finds the members of all types.
type FindMembers = Box<dyn Fn() -> Members + Send + Sync>;

/// What is known; a copy knows the same.
#[derive(Clone, Default)]
pub struct Known {
    session: Arc<RwLock<Session>>,
    types: Arc<Types>,
}

/// What changes with every input.
#[derive(Default)]
pub(super) struct Session {
    pub(super) variables: BTreeMap<String, Shape>,
    /// The functions of the user, by name, as `f(a, b)`.
    pub(super) functions: BTreeMap<String, String>,
    /// What the methods of `app` gave when they were called at the prompt.
    pub(super) answers: BTreeMap<String, Shape>,
    /// The last values, by the numbers of their inputs.
    pub(super) values: BTreeMap<i64, Shape>,
    /// The current `app`.
    pub(super) app: Option<Live>,
    /// Language of what lists and hints say.
    pub(super) lang: Lang,
}

/// The members of the types: found when somebody asks for the first time.
#[derive(Default)]
struct Types {
    find: OnceLock<FindMembers>,
    found: OnceLock<Members>,
}

impl Known {
    /// Reads what the interpreter has.
    pub fn learn(&self, interpreter: &Interpreter) {
        self.types.find.get_or_init(|| Box::new(interpreter.members()));
        let mut session = self.session.write();
        session.variables = interpreter.shapes().into_iter().collect();
        session.functions = interpreter.signatures().collect();
        session.app = interpreter.app();
    }

    /// Remembers what came of the input `number`; also as what a method of `app` gives, when `source` is nothing but its call.
    pub fn learn_answer(&self, number: usize, source: &str, interpreter: &Interpreter, value: &Value) {
        let shape = interpreter.shape(value);
        let mut session = self.session.write();
        if let Some(name) = only_call(source) {
            session.answers.insert(name.to_owned(), shape.clone());
        }
        session.values.insert(i64::try_from(number).unwrap_or(i64::MAX), shape);
        while session.values.len() > MOST_VALUES {
            session.values.pop_first();
        }
    }

    /// Speaks `lang` from now on.
    pub fn speak(&self, lang: Lang) {
        self.session.write().lang = lang;
    }

    /// The variables, functions and answers. It may be held twice.
    pub(super) fn session(&self) -> parking_lot::RwLockReadGuard<'_, Session> {
        self.session.read_recursive()
    }

    /// The members of all types.
    pub(super) fn members(&self) -> &Members {
        self.types.found.get_or_init(|| self.types.find.get().map(|find| find()).unwrap_or_default())
    }
}

/// The method of a source that is `app.method(…)`, be it the value of a new variable.
fn only_call(source: &str) -> Option<&str> {
    let code = Code::new(source.trim_end().trim_end_matches(';'));
    let last = code.len().checked_sub(1)?;
    let open = code.scan.partner(last).filter(|_| code.word(last) == ")")?;
    let name = open.checked_sub(1).filter(|name| code.is_name(*name) && code.is_member(*name))?;
    let app = name.checked_sub(2).filter(|app| code.word(*app) == "app")?;
    let begins =
        app == 0 || (code.word(app - 1) == "=" && matches!(code.class(0), Some(Class::Keyword)) && app == 3);
    begins.then(|| code.word(name))
}

#[cfg(test)]
mod tests {
    use super::only_call;

    #[test]
    fn a_call_alone_is_recognised() {
        assert_eq!(only_call("app.get_user(f(1), #{a: 2})"), Some("get_user"));
        assert_eq!(only_call("let u = app.get_user(\"x\");"), Some("get_user"));
        for none in
            ["app.get_user(\"x\").name", "1 + app.get_user(1)", "f(app.get_user(1))", "app.api", "x.f()", ""]
        {
            assert_eq!(only_call(none), None, "{none}");
        }
    }
}
