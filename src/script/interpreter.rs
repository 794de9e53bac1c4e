//! One session of scripts: its variables, its functions, its evaluations.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, Position, Scope};

use super::bridge::Bridge;
use super::end;
use super::engine::{Current, Print, build};
use super::function::Functions;
use super::live::{Live, Opener};
use super::problem::{Ending, Origin, Problem, read, read_parse};
use super::station::Station;
use super::stop::Stop;
use super::view::View;
use crate::error::{Error, Kind};

/// A value of a script.
#[derive(Clone, Debug)]
pub struct Value(Dynamic);

impl Value {
    /// As it is shown.
    pub fn view(&self) -> View {
        super::convert::view(&self.0)
    }

    /// True for `()`.
    pub fn is_nothing(&self) -> bool {
        self.0.is_unit()
    }
}

/// How an evaluation ended.
#[derive(Debug)]
pub enum Outcome {
    /// With a value.
    Value(Value),
    /// With `exit(n)`.
    Leave(i64),
    /// With an error.
    Problem(Box<Problem>),
}

/// Variables, functions and the engine. Functions and closures of one input are alive in the next.
pub struct Interpreter {
    engine: Arc<Engine>,
    bridge: Arc<Bridge>,
    current: Current,
    scope: Scope<'static>,
    /// Events and their handlers; it holds the functions of the session and where each was written.
    station: Arc<Station>,
}

impl Interpreter {
    /// A fresh session. `opener` makes the clients of `Dingtalk(…)`; `print` gets what scripts print.
    pub fn new(bridge: Arc<Bridge>, opener: &Opener, print: &Print) -> Self {
        let current = Current::default();
        let functions = Functions::new(&bridge);
        let station = Station::new(&functions);
        let engine = Arc::new(build(&bridge, &station, &current, opener, print));
        functions.set_engine(&engine);
        Self { engine, bridge, current, scope: Scope::new(), station }
    }

    /// Makes `live` the `app` of all scripts.
    pub fn set_app(&mut self, live: Live) {
        *self.current.write() = Some(live);
    }

    /// Events, and who handles them.
    pub fn station(&self) -> &Arc<Station> {
        &self.station
    }

    /// The current `app`.
    pub fn app(&self) -> Option<Live> {
        self.current.read().clone()
    }

    /// When a script left a variable `app` behind, makes it the `app` of everything.
    pub fn adopt_app(&mut self) -> Option<Live> {
        let live = self.scope.get_value::<Live>("app")?;
        self.set_app(live.clone());
        // Removing it lets functions and closures see the same one.
        let _ = self.scope.remove::<Dynamic>("app");
        Some(live)
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: &Value) {
        self.scope.set_or_push(name, value.0.clone());
    }

    /// Sets a variable to a list of texts.
    pub fn set_texts(&mut self, name: &str, texts: &[String]) {
        let list = texts.iter().map(|text| Dynamic::from(text.clone())).collect();
        self.scope.set_or_push(name, Dynamic::from_array(list));
    }

    /// The names of the variables.
    pub fn variables(&self) -> Vec<String> {
        let mut names: Vec<String> = self.scope.iter_raw().map(|(name, ..)| name.to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names of the functions that were written in this session.
    pub fn functions(&self) -> Vec<String> {
        self.station.origins.read().keys().filter(|name| !name.contains('$')).cloned().collect()
    }

    /// The process is about to end: the engine's thousands of entries need not be taken apart one by one, which takes
    /// a tenth of a short run. Variables, clients and caches still end as they should.
    pub fn leave_engine(&self) {
        std::mem::forget(Arc::clone(&self.engine));
    }

    /// Checks the syntax alone.
    pub fn checker(&self) -> impl Fn(&str) -> Result<(), Box<Problem>> + Send + Sync + 'static {
        let engine = Arc::clone(&self.engine);
        move |source| {
            engine.compile(source).map(|_| ()).map_err(|error| Box::new(read_parse(&error, source, "")))
        }
    }

    /// Evaluates `source`, whose place in messages is `name`. `stop` ends it.
    pub fn evaluate(&mut self, source: &str, name: &str, stop: &Stop) -> Outcome {
        let ast = match self.engine.compile_with_scope(&self.scope, source) {
            Ok(ast) => ast,
            Err(error) => return Outcome::Problem(Box::new(read_parse(&error, source, name))),
        };
        let input = Arc::new(Origin { name: name.to_owned(), source: source.to_owned() });
        let written = ast.iter_functions().map(|f| (f.name.to_owned(), Arc::clone(&input)));
        self.station.origins.write().extend(written);
        let mut functions = ast.clone_functions_only();
        functions.clear_statements();
        // Handlers that run at this moment have the former one.
        let own = Arc::new(self.station.library.read().merge(&functions));
        *self.station.library.write() = Arc::clone(&own);
        let all = own.merge(&ast.clone_statements_only());
        let (bridge, engine, scope) = (&self.bridge, &self.engine, &mut self.scope);
        let result = catch_unwind(AssertUnwindSafe(|| {
            bridge.evaluate(stop, || {
                let value = engine.eval_ast_with_scope::<Dynamic>(scope, &all)?;
                // A termination that was caught in its wrapper as the last thing of all.
                match end::remembered() {
                    Some(word) => Err(EvalAltResult::ErrorTerminated(word, Position::NONE).into()),
                    None => Ok(value),
                }
            })
        }));
        // Values that a `let` of the same name hides would never be freed.
        self.scope = self.scope.clone_visible();
        match result {
            Ok(Ok(value)) => Outcome::Value(Value(value.flatten())),
            Ok(Err::<_, Box<EvalAltResult>>(error)) => self.ending(*error, &input, stop),
            Err(_) => Outcome::Problem(Box::new(Problem::of(Error::new(Kind::Bug {
                problem: "the evaluation panicked; the session goes on".into(),
            })))),
        }
    }

    fn ending(&self, error: EvalAltResult, input: &Origin, stop: &Stop) -> Outcome {
        match read(&self.engine, error) {
            Ending::Leave(code) => Outcome::Leave(code),
            Ending::Problem(mut problem) => {
                let origins = self.station.origins.read();
                problem.locate(input, |function| origins.get(function).map(Arc::as_ref));
                if problem.error.is_none() && stop.is_fired() {
                    let stopped = Problem::of(stop.error(None));
                    problem.message = stopped.message;
                    problem.error = stopped.error;
                }
                Outcome::Problem(problem)
            }
        }
    }
}

impl Drop for Interpreter {
    /// A function that still runs holds the engine; it must not keep the app alive, whose end ends the function.
    fn drop(&mut self) {
        self.station.close();
        *self.current.write() = None;
    }
}
