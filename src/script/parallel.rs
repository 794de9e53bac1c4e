//! `parallel(list, |x| …, #{limit: 16})`: maps with bounded concurrency, results in the order of the list.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};

use super::bridge::Bridge;
use super::convert::object;
use super::end;
use super::engine::Current;
use super::failure::{RhaiResult, raise};
use super::live::{Door, Live};
use super::stop::Stop;
use super::token_scope;
use crate::error::{Error, Kind};
use crate::lang::Text;
use crate::ops::{Items, Progress, Session};
use crate::secret::Secret;

/// How many run at once when nothing else is said.
const LIMIT: i64 = 16;

/// The most that may run at once: each is a thread.
const MOST: i64 = 256;

/// How often it is told how far the work is.
const BEAT: Duration = Duration::from_millis(100);

/// A worker's stack: scripts recurse.
pub(super) const STACK: usize = 16 * 1024 * 1024;

/// Registers `parallel`.
pub(super) fn register(engine: &mut Engine, bridge: &Arc<Bridge>, current: &Current) {
    let (here, app) = (Arc::clone(bridge), Arc::clone(current));
    engine.register_fn("parallel", move |ctx: NativeCallContext<'_>, list: Array, f: FnPtr| {
        run(&ctx, &here, &app, list, f, LIMIT)
    });
    let (here, app) = (Arc::clone(bridge), Arc::clone(current));
    engine.register_fn("parallel", move |ctx: NativeCallContext<'_>, list: Array, f: FnPtr, options: Map| {
        let limit = limit(&options).map_err(|error| raise(&ctx, error))?;
        run(&ctx, &here, &app, list, f, limit)
    });
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
struct Job<'a> {
    engine: &'a Engine,
    bridge: &'a Bridge,
    stop: Stop,
    /// The token scope around `parallel` holds for its workers.
    token: Option<Secret>,
    f: FnPtr,
    items: Vec<Mutex<Option<Dynamic>>>,
    next: AtomicUsize,
    failed: Mutex<Option<Box<EvalAltResult>>>,
    /// Workers that are still at it, and a bell for when one leaves.
    busy: Mutex<usize>,
    left: Condvar,
    done: AtomicUsize,
}

fn run(
    ctx: &NativeCallContext<'_>,
    bridge: &Bridge,
    current: &Current,
    list: Array,
    mut f: FnPtr,
    limit: i64,
) -> RhaiResult {
    own_handles(&mut f);
    let count = list.len();
    let workers = count.min(usize::try_from(limit).unwrap_or(1));
    let job = Job {
        engine: ctx.engine(),
        bridge,
        stop: Stop::current().child(),
        token: token_scope::current(),
        f,
        items: list.into_iter().map(|item| Mutex::new(Some(item))).collect(),
        next: AtomicUsize::new(0),
        failed: Mutex::new(None),
        busy: Mutex::new(workers),
        left: Condvar::new(),
        done: AtomicUsize::new(0),
    };
    let session = current.read().as_ref().map(|live| Arc::clone(&live.0));
    #[allow(deprecated)] // Marked volatile by Rhai; the version is held in Cargo.toml.
    let store = ctx.store_data();
    // The workers need the turn, so it is given up while they are joined.
    let started = bridge.turn.release(|| {
        std::thread::scope(|scope| {
            let started = (0..workers).all(|_| {
                let builder = std::thread::Builder::new().name("dingraia-parallel".into()).stack_size(STACK);
                let (job, store) = (&job, &store);
                builder.spawn_scoped(scope, move || work(job, store)).is_ok()
            });
            if started && let Some(session) = session {
                tell(&session, &job);
            }
            started
        })
    });
    if !started {
        return Err(raise(ctx, Error::new(Kind::Bug { problem: "no more threads for `parallel`".into() })));
    }
    if let Some(error) = job.failed.into_inner() {
        if let EvalAltResult::ErrorTerminated(word, _) = innermost(&error) {
            end::remember(word);
        }
        return Err(error);
    }
    if Stop::current_is_fired() {
        // The workers left early: what there is is not the result.
        return Err(raise(ctx, Stop::current().error(None)));
    }
    let results = job.items.into_iter().map(|slot| slot.into_inner().unwrap_or(Dynamic::UNIT));
    Ok(Dynamic::from_array(results.collect()))
}

/// Tells how far the work is, until no worker is left.
fn tell(session: &Session, job: &Job<'_>) {
    let id = session.next_work();
    let say = |over| {
        let (done, total) = (job.done.load(Ordering::Relaxed), job.items.len());
        session.progress(&Progress::Items(Items { id, name: "parallel", done, total, over }));
    };
    let mut busy = job.busy.lock();
    while *busy > 0 {
        if job.left.wait_for(&mut busy, BEAT).timed_out() {
            say(false);
        }
    }
    say(true);
}

/// The error itself, out of the calls that led to it.
fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, cause, _) => innermost(cause),
        other => other,
    }
}

#[allow(deprecated)] // As above.
fn work(job: &Job<'_>, store: &rhai::NativeCallContextStore) {
    /// Leaves, also when the work panics.
    struct Leave<'a>(&'a Job<'a>);
    impl Drop for Leave<'_> {
        fn drop(&mut self) {
            *self.0.busy.lock() -= 1;
            self.0.left.notify_all();
        }
    }
    let _leave = Leave(job);
    let ctx = NativeCallContext::from_stored_data(job.engine, store);
    let items = || {
        while !job.stop.is_fired() {
            let Some(slot) = job.items.get(job.next.fetch_add(1, Ordering::Relaxed)) else { return };
            let Some(item) = slot.lock().take() else { return };
            match job.f.call_raw(&ctx, None, [item]) {
                Ok(value) => {
                    *slot.lock() = Some(value);
                    job.done.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => {
                    job.failed.lock().get_or_insert(error);
                    job.stop.interrupt();
                }
            }
            job.bridge.turn.offer();
        }
    };
    token_scope::within(job.token.clone(), || job.bridge.evaluate(&job.stop, items));
}

/// A captured handle (`app`, a group, …) would be locked for the whole of a call; each holder gets its own. Numbers, lists and
/// maps stay shared with the prompt.
pub(super) fn own_handles(f: &mut FnPtr) {
    let own = |value: &Dynamic| {
        let flat = value.flatten_clone();
        let handle = object(&flat).is_some() || flat.is::<Live>() || flat.is::<Door>();
        if handle { flat } else { value.clone() }
    };
    let curry: Vec<Dynamic> = f.iter_curry().map(own).collect();
    f.set_curry(curry);
}
