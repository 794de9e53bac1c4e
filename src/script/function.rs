//! A script's function as something that can be called from below: each call is an evaluation on its own thread, with the turn,
//! and dropping the call ends it.

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::{Mutex, RwLock};
#[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
use rhai::NativeCallContextStore;
use rhai::{AST, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};
use serde_json::Value;
use tokio::sync::oneshot;

use super::bridge::Bridge;
use super::convert::{arg_with, json_to_dynamic, own_to_dynamic};
use super::failure::said;
use super::parallel::{STACK, own_handles};
use super::standing;
use super::stop::Stop;
use super::viewer::view;
use crate::api::Arg;
use crate::error::{Error, Kind, Result};
use crate::model::{Callable, Calling, Own};
use crate::ops::Scope;

/// Makes callables of the functions of one engine's scripts.
pub(super) struct Functions {
    pub(super) bridge: Arc<Bridge>,
    engine: OnceLock<Weak<Engine>>,
}

impl Functions {
    pub(super) fn new(bridge: &Arc<Bridge>) -> Arc<Self> {
        Arc::new(Self { bridge: Arc::clone(bridge), engine: OnceLock::new() })
    }

    /// Says which engine calls them; it is made after the functions that it registers.
    pub(super) fn set_engine(&self, engine: &Arc<Engine>) {
        let _ = self.engine.set(Arc::downgrade(engine));
    }

    /// The engine that calls them, while its session lives.
    ///
    /// # Errors
    /// When it is gone.
    pub(super) fn engine(&self) -> Result<Arc<Engine>> {
        self.engine.get().and_then(Weak::upgrade).ok_or_else(|| bug("a function outlived its session"))
    }

    /// The function `f`, with everything that it sees where `ctx` is.
    pub(super) fn callable(self: &Arc<Self>, ctx: &NativeCallContext<'_>, mut f: FnPtr) -> Arc<dyn Callable> {
        own_handles(&mut f);
        #[allow(deprecated)] // As above.
        let store = Surroundings::Call(Box::new(ctx.store_data()));
        self.made(f, store)
    }

    /// The function `f`, with the functions of the session as they are when it is called.
    pub(super) fn newest(self: &Arc<Self>, mut f: FnPtr, library: &Library) -> Arc<dyn Callable> {
        own_handles(&mut f);
        self.made(f, Surroundings::Library(Arc::clone(library)))
    }

    fn made(self: &Arc<Self>, f: FnPtr, store: Surroundings) -> Arc<dyn Callable> {
        let scope = standing::current().beside();
        Arc::new(Function(Arc::new(Inner { f, store, home: Arc::clone(self), scope })))
    }

    /// An argument out of a script's value, functions included.
    pub(super) fn arg(self: &Arc<Self>, ctx: &NativeCallContext<'_>, value: Dynamic) -> Arg {
        arg_with(value, &|f| Arg::Function(self.callable(ctx, f)))
    }
}

/// A function of a script.
struct Function(Arc<Inner>);

struct Inner {
    f: FnPtr,
    store: Surroundings,
    home: Arc<Functions>,
    /// What held where it was given.
    scope: Scope,
}

/// The functions of a session, as they are at each moment.
pub(super) type Library = Arc<RwLock<Arc<AST>>>;

/// What a function sees.
enum Surroundings {
    /// What was there when it was given to a method.
    #[allow(deprecated)] // As above.
    Call(Box<NativeCallContextStore>),
    /// The functions of the session.
    Library(Library),
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function")
    }
}

impl Callable for Function {
    fn call(&self, args: Vec<Value>) -> Calling<'_> {
        self.start(move || args.into_iter().map(json_to_dynamic).collect(), |value| view(&value).to_json())
    }

    fn call_own(&self, args: Vec<Own>) -> Calling<'_, Own> {
        self.start(
            move || args.iter().map(own_to_dynamic).collect(),
            |value| Arc::new(value.flatten()) as Own,
        )
    }
}

impl Function {
    /// Starts a call on a thread of its own; `args` and `result` run there.
    fn start<T: Send + 'static>(
        &self,
        args: impl FnOnce() -> Vec<Dynamic> + Send + 'static,
        result: fn(Dynamic) -> T,
    ) -> Calling<'static, T> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let ended = EndOnDrop(Stop::default());
            let stop = ended.0.clone();
            let (sender, receiver) = oneshot::channel();
            let thread = std::thread::Builder::new().name("dingraia-function".into()).stack_size(STACK);
            let started = thread.spawn(move || {
                // Nobody listens any more when the call was dropped.
                let _ = sender.send(inner.run(&stop, args, result));
            });
            if started.is_err() {
                return Err(bug("no more threads for a function"));
            }
            receiver.await.unwrap_or_else(|_| Err(bug("a function panicked")))
        })
    }
}

impl Inner {
    fn run<T>(
        &self,
        stop: &Stop,
        args: impl FnOnce() -> Vec<Dynamic>,
        result: fn(Dynamic) -> T,
    ) -> Result<T> {
        let engine = self.home.engine()?;
        let call = || {
            let called = match &self.store {
                #[allow(deprecated)] // As above.
                Surroundings::Call(store) => {
                    let ctx = NativeCallContext::from_stored_data(&engine, store);
                    self.f.call_raw(&ctx, None, args())
                }
                Surroundings::Library(library) => {
                    let library = Arc::clone(&library.read());
                    self.f.call::<Dynamic>(&engine, &library, args())
                }
            };
            called.map(result).map_err(|error| Thrown::carry(&engine, error))
        };
        standing::within(self.scope.clone(), || self.home.bridge.evaluate(stop, call))
    }
}

/// Ends the evaluation of a call that was dropped.
struct EndOnDrop(Stop);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

fn bug(problem: &str) -> Error {
    Error::new(Kind::Bug { problem: problem.into() })
}

/// What a function threw, on its way through a method and back to the script.
pub(super) struct Thrown(Mutex<Option<Box<EvalAltResult>>>, String);

impl Thrown {
    /// An error of ours that carries `error`.
    fn carry(engine: &Engine, error: Box<EvalAltResult>) -> Error {
        let (what, hints) = said(engine, &error);
        let carrier = Error::unsendable(what.en.clone(), what.zh);
        hints
            .into_iter()
            .fold(carrier, Error::hint)
            .because(Self(Mutex::new(Some(error)), what.en.into_owned()))
    }

    /// A copy of the value that was thrown, when `error` carries one.
    pub(super) fn value(error: &Error) -> Option<Dynamic> {
        fn value(error: &EvalAltResult) -> Option<Dynamic> {
            match error {
                EvalAltResult::ErrorInFunctionCall(_, _, cause, _) => value(cause),
                EvalAltResult::ErrorRuntime(value, _) => Some(value.clone()),
                _ => None,
            }
        }
        value(error.source()?.downcast_ref::<Self>()?.0.lock().as_ref()?)
    }

    /// Takes what `error` carries.
    pub(super) fn inside(error: &Error) -> Option<Box<EvalAltResult>> {
        error.source()?.downcast_ref::<Self>()?.0.lock().take()
    }
}

impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1)
    }
}

impl std::error::Error for Thrown {}
