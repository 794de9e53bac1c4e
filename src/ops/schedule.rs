//! Functions that run at their time, as tasks of the session.

use std::sync::Arc;
use std::time::Duration;

use super::task::{start, tell_error};
use super::{Context, Output};
use crate::api::Object;
use crate::api::schedule::{At, Every};
use crate::error::{Error, Result};
use crate::model::{Callable, Own};

/// When there is no such time of day today or tomorrow, as when clocks are changed, it is looked for again after this.
const LATER: Duration = Duration::from_secs(3600);

pub(super) fn every(cx: &Context, args: Every) -> Output {
    let period = args.period.0;
    let name = args.name.unwrap_or_else(|| format!("every {} s", period.as_secs_f64()));
    begin(cx, name, args.function.0, move || Some(period))
}

pub(super) fn at(cx: &Context, args: At) -> Output {
    let (time, clock) = (args.time, cx.session.clock.clone());
    let name = args.name.unwrap_or_else(|| format!("at {:02}:{:02}", time.hour, time.minute));
    begin(cx, name, args.function.0, move || {
        clock.millis_until(time.hour, time.minute).map(|millis| Duration::from_millis(millis.unsigned_abs()))
    })
}

/// Waits and calls, for ever. A failure is told, and the next time comes all the same. `wait` says how long it is to the next
/// time, when there is one.
fn begin(
    cx: &Context,
    name: String,
    function: Arc<dyn Callable>,
    wait: impl Fn() -> Option<Duration> + Send + 'static,
) -> Output {
    let task = cx.session.tasks.add(Some(name), false);
    let (session, name, here) = (Arc::downgrade(&cx.session), task.name.clone(), Arc::clone(&task));
    start(&cx.session, &task, false, async move {
        loop {
            let Some(wait) = wait() else {
                tokio::time::sleep(LATER).await;
                continue;
            };
            here.runs_again(wait);
            tokio::time::sleep(wait).await;
            let called = called(&*function).await;
            here.ran(called.is_ok());
            if let Err(error) = called {
                tell_error(&session, &name, "failed", "出错", &error);
            }
        }
    });
    Output::Object(Object::Task(task))
}

async fn called(function: &dyn Callable) -> Result<Own, Error> {
    function.call_own(Vec::new()).await
}
