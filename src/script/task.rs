//! `run_coroutine`, and the Task that `create_task` makes.

use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};

use super::bridge::Bridge;
use super::convert::own_to_dynamic;
use super::failure::{RhaiResult, raise};
use super::function::Thrown;
use super::live::Live;
use super::objects::named;
use crate::api::Request as _;
use crate::api::listen::{Start, WaitMessage};
use crate::api::login::WithAccessToken;
use crate::api::task::{RunCoroutine, Stop};
use crate::client::Flight;
use crate::error::Error;
use crate::model::{Task, TaskState};
use crate::spec::Method;

/// Rows whose functions run in the place of the call: the script layer calls those itself.
pub(super) const IN_PLACE: [&Method; 5] =
    [WithAccessToken::METHOD, RunCoroutine::METHOD, Start::METHOD, Stop::METHOD, WaitMessage::METHOD];

/// Registers the method and the object.
pub(super) fn register(engine: &mut Engine, bridge: &Arc<Bridge>) {
    let run = |ctx: NativeCallContext<'_>, _: &mut Live, work: Dynamic| -> RhaiResult {
        match work.clone().try_cast::<FnPtr>() {
            Some(f) => f.call_within_context(&ctx, ()),
            None => Ok(work),
        }
    };
    engine.register_fn("run_coroutine", run);

    named::<Arc<Task>>(engine, "Task", ToString::to_string);
    engine.register_get("name", |task: &mut Arc<Task>| task.name.clone());
    engine.register_get("done", |task: &mut Arc<Task>| task.is_over());
    engine.register_fn("cancel", |task: &mut Arc<Task>| task.cancel());
    let here = Arc::clone(bridge);
    engine.register_fn("result", move |ctx: NativeCallContext<'_>, task: &mut Arc<Task>| -> RhaiResult {
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
