//! `parallel(list, |x| …, #{limit: 16})`: maps with bounded concurrency, results in the order of the list.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, Stream as _};
#[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
use rhai::NativeCallContextStore;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};

use super::bridge::Bridge;
use super::cache::CacheHandle;
use super::convert::object;
use super::end;
use super::engine::Current;
use super::event::Happening;
use super::failure::{Failure, RhaiResult, raise};
use super::fiber::Fiber;
use super::function::Functions;
use super::live::{Door, Live};
use super::registry::Registry;
use super::standing;
use super::stop::Stop;
use super::token_scope;
use super::waiter::Waiter;
use crate::error::{Error, Kind};
use crate::lang::Text;
use crate::ops::{Items, Progress, Scope, Session};
use crate::secret::Secret;

/// How many run at once when nothing else is said.
const LIMIT: i64 = 16;

/// The most that may run at once: each has a stack.
const MOST: i64 = 256;

/// How often the runtime's workers get the processor before this thread sleeps: they wake it less often then, for more answers at once.
const GIVE_WAY: usize = 10;

/// Where they keep it for longer than this, the machine has other work, and sleeping is better.
const GIVEN: Duration = Duration::from_micros(200);

/// How often it is told how far the work is.
const BEAT: Duration = Duration::from_millis(100);

/// A worker's stack: scripts recurse.
pub(super) const STACK: usize = 16 * 1024 * 1024;

/// Registers `parallel`.
pub(super) fn register(registry: &mut Registry, functions: &Arc<Functions>, current: &Current) {
    let (home, app) = (Arc::clone(functions), Arc::clone(current));
    registry.register_fn("parallel", move |ctx: NativeCallContext<'_>, list: Array, f: FnPtr| {
        run(&ctx, &home, &app, list, f, LIMIT)
    });
    let (home, app) = (Arc::clone(functions), Arc::clone(current));
    registry.register_fn(
        "parallel",
        move |ctx: NativeCallContext<'_>, list: Array, f: FnPtr, options: Map| {
            let limit = limit(&options).map_err(|error| raise(&ctx, error))?;
            run(&ctx, &home, &app, list, f, limit)
        },
    );
}

fn limit(options: &Map) -> Result<i64, Error> {
    if let Some(unknown) = options.keys().find(|key| key.as_str() != "limit") {
        return Err(Error::new(Kind::UnknownParam {
            method: "parallel".into(),
            param: unknown.to_string(),
            nearest: Some("limit".into()),
        }));
    }
    let Some(value) = options.get("limit") else { return Ok(LIMIT) };
    value.as_int().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(|| {
        Error::new(Kind::Argument {
            method: "parallel".into(),
            param: "limit".into(),
            expected: Text::made(format!("a whole number from 1 to {MOST}"), format!("1 到 {MOST} 的整数")),
            got: value.to_string(),
        })
    })
}

/// What the workers share.
struct Job {
    home: Arc<Functions>,
    engine: Arc<Engine>,
    #[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
    store: NativeCallContextStore,
    stop: Stop,
    /// The token scope around `parallel` holds for its workers.
    token: Option<Secret>,
    /// So does what holds for the calls.
    scope: Scope,
    f: FnPtr,
    items: RefCell<Vec<Slot>>,
    next: Cell<usize>,
    /// The first error, and how many there were.
    failed: RefCell<Option<Box<EvalAltResult>>>,
    failures: Cell<usize>,
    done: Cell<usize>,
}

/// An item, and later its result.
type Slot = Option<Dynamic>;

fn run(
    ctx: &NativeCallContext<'_>,
    home: &Arc<Functions>,
    current: &Current,
    list: Array,
    mut f: FnPtr,
    limit: i64,
) -> RhaiResult {
    own_handles(&mut f);
    let workers = list.len().min(usize::try_from(limit).unwrap_or(1));
    let job = Rc::new(Job {
        home: Arc::clone(home),
        engine: home.engine().map_err(|error| raise(ctx, error))?,
        #[allow(deprecated)] // As above.
        store: ctx.store_data(),
        stop: Stop::current().child(),
        token: token_scope::current(),
        scope: standing::current(),
        f,
        items: RefCell::new(list.into_iter().map(Some).collect()),
        next: Cell::new(0),
        failed: RefCell::default(),
        failures: Cell::new(0),
        done: Cell::new(0),
    });
    let fibers = (0..workers).map(|_| {
        let job = Rc::clone(&job);
        Fiber::new(&home.bridge.stacks, STACK, move || work(&job))
    });
    let fibers = fibers.collect::<io::Result<FuturesUnordered<_>>>().map_err(|error| {
        let problem = "no memory for the workers of `parallel`".into();
        raise(ctx, Error::new(Kind::Bug { problem }).because(error))
    })?;
    // The workers end by themselves when they are stopped, and say how.
    let session = current.read().as_ref().map(|live| Arc::clone(&live.0));
    let work = told(all(fibers, &home.bridge), session.clone(), &job);
    home.bridge.drive(work).map_err(|error| raise(ctx, error))?;
    if let Some(error) = job.failed.take() {
        if let Some(session) = session {
            job.tell_rest(&session);
        }
        if let EvalAltResult::ErrorTerminated(word, _) = innermost(&error) {
            end::remember(word);
        }
        return Err(error);
    }
    if Stop::current_is_fired() {
        // The workers left early: what there is is not the result.
        return Err(raise(ctx, Stop::current().error(None)));
    }
    let results = job.items.take().into_iter().map(Option::unwrap_or_default);
    Ok(Dynamic::from_array(results.collect()))
}

/// Runs the fibers to their ends. The turn is held while one of them runs, and given up while all of them wait.
async fn all(mut fibers: FuturesUnordered<Fiber>, bridge: &Bridge) {
    let step = |cx: &mut Context<'_>| {
        let mut given = Duration::ZERO;
        for _ in 0..GIVE_WAY {
            let polled = bridge.turn.hold(|| all_that_can(&mut fibers, cx));
            if polled.is_ready() || given > GIVEN {
                return polled;
            }
            let start = Instant::now();
            thread::yield_now();
            given += start.elapsed();
        }
        bridge.turn.hold(|| all_that_can(&mut fibers, cx))
    };
    // There may be hundreds of them, and a share of the runtime's attention for one is too little.
    tokio::task::unconstrained(poll_fn(step)).await;
}

/// Runs the fibers until all of them wait.
fn all_that_can(fibers: &mut FuturesUnordered<Fiber>, cx: &mut Context<'_>) -> Poll<()> {
    while let Some(()) = ready!(Pin::new(&mut *fibers).poll_next(cx)) {}
    Poll::Ready(())
}

/// Runs `work`, and tells now and then how far it is.
async fn told(work: impl Future<Output = ()>, session: Option<Arc<Session>>, job: &Job) {
    let Some(session) = session else { return work.await };
    let (id, total) = (session.next_work(), job.items.borrow().len());
    let say = |over| {
        let items = Items { id, name: "parallel", done: job.done.get(), total, over };
        session.progress(&Progress::Items(items));
    };
    let mut work = pin!(work);
    while tokio::time::timeout(BEAT, work.as_mut()).await.is_err() {
        say(false);
    }
    say(true);
}

/// Whether an error is meant for all: somebody said no, or the script leaves.
fn ends_all(error: &EvalAltResult) -> bool {
    match innermost(error) {
        EvalAltResult::ErrorTerminated(..) => true,
        EvalAltResult::ErrorRuntime(value, _) => value.read_lock::<Failure>().is_some_and(|failure| {
            failure.ours().is_some_and(|error| matches!(error.kind(), Kind::Declined { .. }))
        }),
        _ => false,
    }
}

/// The error itself, out of the calls that led to it.
fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, cause, _) => innermost(cause),
        other => other,
    }
}

impl Job {
    /// Says what became of the others when one failed or all were stopped and some are done: the error does not tell.
    fn tell_rest(&self, session: &Session) {
        let (all, failed, done) = (self.items.borrow().len(), self.failures.get(), self.done.get());
        let left = all - done - failed;
        let (en, zh) = if self.stop.is_fired() { ("were cut off", "中断") } else { ("failed", "失败") };
        if done > 0 {
            session.tell(&Text::made(
                format!("parallel: of {all} items {done} are done, {failed} {en} and {left} were not begun"),
                format!("parallel：共 {all} 项，已完成 {done} 项，{zh} {failed} 项，未开始 {left} 项"),
            ));
        }
    }
}

fn work(job: &Job) {
    #[allow(deprecated)] // As above.
    let ctx = NativeCallContext::from_stored_data(&job.engine, &job.store);
    let items = || {
        // What is under way when one fails is not cut off: its request may be in the air.
        while !job.stop.is_fired() && job.failures.get() == 0 {
            let index = job.next.replace(job.next.get() + 1);
            let Some(item) = job.items.borrow_mut().get_mut(index).and_then(Option::take) else { return };
            match job.f.call_raw(&ctx, None, [item]) {
                Ok(value) => {
                    job.items.borrow_mut()[index] = Some(value);
                    job.done.set(job.done.get() + 1);
                }
                Err(error) => {
                    if ends_all(&error) {
                        job.stop.interrupt();
                    }
                    job.failed.borrow_mut().get_or_insert(error);
                    job.failures.set(job.failures.get() + 1);
                }
            }
        }
    };
    token_scope::within(job.token.clone(), || {
        standing::within(job.scope.clone(), || job.home.bridge.evaluate(&job.stop, items));
    });
}

/// A captured handle (`app`, a group, …) would be locked for the whole of a call; each holder gets its own. Numbers, lists and
/// maps stay shared with the prompt.
pub(super) fn own_handles(f: &mut FnPtr) {
    let own = |value: &Dynamic| {
        let flat = value.flatten_clone();
        let handle = object(&flat).is_some()
            || flat.is::<Live>()
            || flat.is::<Door>()
            || flat.is::<CacheHandle>()
            || flat.is::<Arc<Happening>>()
            || flat.is::<Waiter>();
        if handle { flat } else { value.clone() }
    };
    let curry: Vec<Dynamic> = f.iter_curry().map(own).collect();
    f.set_curry(curry);
}
