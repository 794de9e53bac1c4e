//! One session of scripts: its variables, its functions, its evaluations.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rhai::{AST, Dynamic, Engine, EvalAltResult, Scope};

use super::bridge::Bridge;
use super::captured::{OwnCapture, locked_call};
use super::engine::{Common, Print, build};
use super::function::Functions;
use super::live::{Live, Opener};
use super::order::Orders;
use super::problem::{Ending, Origin, Problem, read, read_parse, spot};
use super::running::{Ended, Job, Running, Signal};
use super::station::Station;
use super::stop::Stop;
use super::view::View;
use super::viewer::Viewer;
use crate::client::Flight;
use crate::error::{Error, Kind};
use crate::lang::{Lang, Text};
use crate::ops::Scope as Standing;

const LEFT_BEHIND: Text = Text::fixed(
    "it did not stop and was left behind: the variables are as they were before this input; what it was doing may go on until \
     the program ends",
    "它没有停止，已被放弃：变量恢复到该输入之前；它正在做的事可能会继续，直到程序结束",
);

/// A value of a script.
#[derive(Clone, Debug)]
pub struct Value {
    pub(super) inner: Arc<Dynamic>,
    orders: Arc<Orders>,
}

impl Value {
    /// All of it.
    pub fn view(&self) -> View {
        self.head(usize::MAX)
    }

    /// With no more than the first `most` items of each list: what is shown of a long one costs no more than a short one.
    pub fn head(&self, most: usize) -> View {
        Viewer { orders: Some(&self.orders), most }.view(&self.inner)
    }

    /// True for `()`.
    pub fn is_nothing(&self) -> bool {
        self.inner.is_unit()
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
    pub(super) engine: Arc<Engine>,
    bridge: Arc<Bridge>,
    common: Common,
    pub(super) scope: Scope<'static>,
    pub(super) library: AST,
    /// Where each function of `library` was written.
    pub(super) origins: BTreeMap<String, Arc<Origin>>,
    left_behind: usize,
    took: Duration,
    /// What holds for the calls of the next evaluation.
    standing: Standing,
    last: Option<Value>,
    /// Calls of the last input that lock what they are given.
    own_captures: Vec<OwnCapture>,
    /// Events and their handlers.
    station: Arc<Station>,
}

impl Interpreter {
    /// A fresh session. `opener` makes the clients of `Dingtalk(…)`; `print` gets what scripts print.
    pub fn new(bridge: Arc<Bridge>, opener: &Opener, print: &Print) -> Self {
        let common = Common::default();
        let functions = Functions::new(&bridge);
        let station = Station::new(&functions);
        let engine = Arc::new(build(&bridge, &station, &common, opener, print));
        functions.set_engine(&engine);
        Self {
            engine,
            bridge,
            common,
            scope: Scope::new(),
            library: AST::empty(),
            origins: BTreeMap::new(),
            left_behind: 0,
            took: Duration::ZERO,
            standing: Standing::default(),
            last: None,
            own_captures: Vec::new(),
            station,
        }
    }

    /// The language of the errors that scripts catch.
    pub fn speak(&self, lang: Lang) {
        self.common.spoken.set(lang);
    }

    /// Makes `In` and `Out` known: there is a prompt.
    pub fn open_results(&self) {
        self.common.results.lock().open();
    }

    /// Keeps input `number` as `In[number]` and its value, if it has one, as `Out[number]`.
    pub fn keep(&mut self, number: usize, source: &str, value: Option<&Value>) {
        self.common.results.lock().keep(number, source, value.map(|value| &value.inner));
        if let Some(value) = value {
            self.last = Some(value.clone());
        }
    }

    /// The last value that was kept, however large it is.
    pub fn last(&self) -> Option<&Value> {
        self.last.as_ref()
    }

    /// Forgets `In`, `Out` and the last value.
    pub fn forget_results(&mut self) {
        self.common.results.lock().clear();
        self.last = None;
    }

    /// Makes `live` the `app` of all scripts.
    pub fn set_app(&mut self, live: Live) {
        *self.common.current.write() = Some(live);
    }

    /// Events, and who handles them.
    pub fn station(&self) -> &Arc<Station> {
        &self.station
    }

    /// The current `app`.
    pub fn app(&self) -> Option<Live> {
        self.common.current.read().clone()
    }

    /// Every app that the session knows: the current one, and those that its variables hold.
    pub fn apps(&self) -> Vec<Live> {
        let held = self.scope.iter().filter_map(|(_, _, value)| value.flatten().try_cast::<Live>());
        let mut apps: Vec<Live> = Vec::new();
        for live in self.app().into_iter().chain(held) {
            if !apps.iter().any(|known| Arc::ptr_eq(&known.0, &live.0)) {
                apps.push(live);
            }
        }
        apps
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
        self.scope.set_or_push(name, value.inner.as_ref().clone());
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
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.origins.keys().map(String::as_str).filter(|name| !name.contains('$'))
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
        let job = match self.prepare(source, name, stop) {
            Ok(job) => job,
            Err(problem) => return Outcome::Problem(problem),
        };
        let ended = job.run(&mut self.scope);
        self.drop_hidden();
        self.outcome(ended, &job.input, stop)
    }

    /// As [`Interpreter::evaluate`], on a thread of its own. Until [`Interpreter::finish`] the session stands still.
    ///
    /// # Errors
    /// A syntax error.
    pub fn start(&mut self, source: &str, name: &str, stop: &Stop) -> Result<Running, Box<Problem>> {
        let job = self.prepare(source, name, stop)?;
        job.start(self.scope.clone_visible()).map_err(|error| Box::new(Problem::of(error)))
    }

    /// Waits for the end of what was started.
    pub fn finish(&mut self, running: &Running) -> Outcome {
        match running.receiver.recv() {
            Ok(Signal::Ended(parts)) => {
                let (scope, ended, took) = *parts;
                (self.scope, self.took) = (scope, took);
                self.drop_hidden();
                self.outcome(ended, &running.input, &running.stop)
            }
            // The thread is gone only after it has said how it ended.
            Ok(Signal::Abandoned) | Err(_) => {
                self.bridge.turn.renew();
                self.left_behind += 1;
                Outcome::Problem(Box::new(Problem::of(running.stop.error(None).hint(LEFT_BEHIND))))
            }
        }
    }

    /// How many evaluations did not stop and were left behind.
    pub fn left_behind(&self) -> usize {
        self.left_behind
    }

    /// How long the evaluation took that was finished last.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// Waits; false when `stop` ended it.
    pub fn pause(&self, time: Duration, stop: &Stop) -> bool {
        let nap = async move {
            tokio::time::sleep(time).await;
            Ok(())
        };
        self.bridge.evaluate(stop, || self.bridge.wait(&Flight::default(), nap)).is_ok()
    }

    /// What holds for the calls of the next evaluation, and of that alone.
    pub fn stand(&mut self, standing: Standing) {
        self.standing = standing;
    }

    /// Waits for `work`, which `stop` ends.
    ///
    /// # Errors
    /// Its own, or that it was interrupted.
    pub fn wait<T>(&self, stop: &Stop, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.bridge.evaluate(stop, || self.bridge.wait(&Flight::default(), work))
    }

    /// Forgets variables and functions.
    pub fn reset(&mut self) {
        self.scope = Scope::new();
        self.library = AST::empty();
        self.origins.clear();
    }

    fn prepare(&mut self, source: &str, name: &str, stop: &Stop) -> Result<Job, Box<Problem>> {
        let ast = self
            .engine
            .compile_with_scope(&self.scope, source)
            .map_err(|error| Box::new(read_parse(&error, source, name)))?;
        self.common.catches.learn(&ast);
        self.own_captures = self.common.captured.learn(&ast);
        let input = Arc::new(Origin { name: name.to_owned(), source: source.to_owned() });
        self.origins.extend(ast.iter_functions().map(|f| (f.name.to_owned(), Arc::clone(&input))));
        let mut functions = ast.clone_functions_only();
        functions.clear_statements();
        let own = std::mem::take(&mut self.library).merge(&functions);
        self.library = own;
        self.station.learn(&self.library, &functions, &input);
        let mut all = self.library.merge(&ast.clone_statements_only());
        // What it imports lies beside it. What is no file is called `<in 3>` and the like.
        if !name.starts_with('<') && Path::new(name).is_file() {
            all.set_source(name);
        }
        let (engine, bridge) = (Arc::clone(&self.engine), Arc::clone(&self.bridge));
        let standing = std::mem::take(&mut self.standing);
        Ok(Job { engine, bridge, all, input, stop: stop.clone(), standing })
    }

    /// Values that a `let` of the same name hides would never be freed.
    fn drop_hidden(&mut self) {
        let mut seen = HashSet::new();
        if !self.scope.iter_raw().all(|(name, ..)| seen.insert(name)) {
            self.scope = self.scope.clone_visible();
        }
    }

    /// A value that knows the order of its fields.
    pub(super) fn value(&self, value: Dynamic) -> Value {
        Value { inner: Arc::new(value), orders: Arc::clone(&self.common.orders) }
    }

    fn outcome(&self, ended: Ended, input: &Origin, stop: &Stop) -> Outcome {
        match ended {
            Ok(Ok(value)) => Outcome::Value(self.value(value.flatten())),
            Ok(Err(error)) => self.ending(*error, input, stop),
            Err(_) => Outcome::Problem(Box::new(Problem::of(Error::new(Kind::Bug {
                problem: "the evaluation panicked; the session goes on".into(),
            })))),
        }
    }

    fn ending(&self, error: EvalAltResult, input: &Origin, stop: &Stop) -> Outcome {
        let locked = locked_call(&error)
            .and_then(|method| self.own_captures.iter().find(|capture| capture.calls(method)));
        match read(&self.engine, &self.library, error) {
            Ending::Leave(code) => Outcome::Leave(code),
            Ending::Problem(mut problem) => {
                if let Some(capture) = locked {
                    (problem.message, problem.hints) = capture.words();
                    problem.spot = problem.spot.or(spot(capture.position));
                }
                problem.locate(input, |function| self.origins.get(function).map(Arc::as_ref));
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
        *self.common.current.write() = None;
    }
}
