//! `run_coroutine`, and the Task that `create_task` makes.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};

use super::convert::{output_to_dynamic, own_to_dynamic};
use super::engine::Current;
use super::failure::{RhaiResult, raise};
use super::function::{Functions, Thrown};
use super::live::Live;
use super::registry::Registry;
use super::standing;
use crate::api::Request as _;
use crate::api::listen::{Start, WaitMessage};
use crate::api::login::WithAccessToken;
use crate::api::safety::DryRun;
use crate::api::schedule::{At, Every};
use crate::api::task::{ListTasks, RunCoroutine, Stop};
use crate::client::Flight;
use crate::error::Error;
use crate::model::{Task, TaskState};
use crate::ops::{Context, run};
use crate::spec::Method;

/// Rows whose functions run in the place of the call: the script layer calls those itself.
pub(super) const IN_PLACE: [&Method; 6] = [
    WithAccessToken::METHOD,
    DryRun::METHOD,
    RunCoroutine::METHOD,
    Start::METHOD,
    Stop::METHOD,
    WaitMessage::METHOD,
];

/// Registers the method and the object.
pub(super) fn register(registry: &mut Registry, functions: &Arc<Functions>, current: &Current) {
    of_the_app(registry, functions, current);
    let bridge = &functions.bridge;
    let run = |ctx: NativeCallContext<'_>, _: &mut Live, work: Dynamic| -> RhaiResult {
        match work.clone().try_cast::<FnPtr>() {
            Some(f) => f.call_within_context(&ctx, ()),
            None => Ok(work),
        }
    };
    registry.register_fn("run_coroutine", run);

    registry.register_shown::<Arc<Task>>("Task", ToString::to_string);
    registry.register_get("name", |task: &mut Arc<Task>| task.name.clone());
    registry.register_get("done", |task: &mut Arc<Task>| task.is_over());
    registry.register_fn("cancel", |task: &mut Arc<Task>| task.cancel());
    let here = Arc::clone(bridge);
    registry.register_fn("result", move |ctx: NativeCallContext<'_>, task: &mut Arc<Task>| -> RhaiResult {
        let over = here.wait(&Flight::default(), async { Ok(task.over().await) });
        match over.map_err(|error| raise(&ctx, error))? {
            TaskState::Done(value) => Ok(own_to_dynamic(&value)),
            TaskState::Failed(error) => Err(again(&ctx, &error)),
            TaskState::Cancelled | TaskState::Running => {
                let name = &task.name;
                let text = (format!("task `{name}` was cancelled"), format!("任务 `{name}` 已被取消"));
                Err(raise(&ctx, Error::unsendable(text.0, text.1)))
            }
        }
    });
}

/// `every(…)`, `at(…)` and `tasks()` are methods of the current app, too often used for its name to be written.
fn of_the_app(registry: &mut Registry, functions: &Arc<Functions>, current: &Current) {
    for (method, most) in [(Every::METHOD, 3), (At::METHOD, 3), (ListTasks::METHOD, 0)] {
        let least = most.min(2);
        for count in least..=most {
            let (functions, current) = (Arc::clone(functions), Arc::clone(current));
            registry.register_free_fn(method.name, count, move |ctx, args| {
                let live = current.read().clone();
                let gone = || raise(ctx, Error::unsendable("there is no app", "没有应用"));
                let cx = Context::new(live.ok_or_else(gone)?.0).under(standing::current());
                let given = args.into_iter().map(|value| functions.arg(ctx, value)).collect();
                let output = functions.bridge.wait(&Flight::default(), run(&cx, method, given));
                output.map(output_to_dynamic).map_err(|error| raise(ctx, error))
            });
        }
    }
}

/// The error of a task, as often as it is asked for.
fn again(ctx: &NativeCallContext<'_>, error: &Error) -> Box<EvalAltResult> {
    if let Some(value) = Thrown::value(error) {
        return Box::new(EvalAltResult::ErrorRuntime(value, ctx.call_position()));
    }
    if let Some(thrown) = Thrown::inside(error) {
        return thrown;
    }
    let copy = Error::new(error.kind().clone());
    raise(ctx, error.hints().iter().cloned().fold(copy, Error::hint))
}
