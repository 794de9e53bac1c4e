//! Functions that run beside the script. The session owns them.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::time::Instant;

use super::{Context, Output, Session};
use crate::api::task::{CoroutineWatcher, CreateTask};
use crate::api::{Arg, Object};
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::model::{Callable, Own, Task, TaskRecord, TaskState};

/// So many failures within [`WINDOW`] end a watched function.
const MOST_FAILURES: usize = 3;
const WINDOW: Duration = Duration::from_secs(10);

/// So many tasks that are over are remembered.
const MOST_ENDED: usize = 10;

/// The tasks of a session.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    made: AtomicU64,
    list: Mutex<Vec<Weak<Task>>>,
    ended: Mutex<VecDeque<EndedTask>>,
}

/// A task that is over. What it returned is not kept.
#[derive(Debug, Clone)]
pub struct EndedTask {
    /// Its name.
    pub name: String,
    /// How it ended: `done`, `failed` or `cancelled`.
    pub state: &'static str,
    /// What it did.
    pub record: TaskRecord,
    /// Why it failed.
    pub error: Option<Text>,
}

impl Tasks {
    pub(super) fn add(&self, name: Option<String>, outlives_script: bool) -> Arc<Task> {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let task = Task::new(name.unwrap_or_else(|| format!("task-{number}")), outlives_script);
        let mut list = self.list.lock();
        list.retain(|task| task.upgrade().is_some_and(|task| !task.is_over()));
        list.push(Arc::downgrade(&task));
        task
    }

    /// Remembers one that is over, and forgets the oldest of too many.
    fn end(&self, task: &Task) {
        let state = task.state();
        let error = match &state {
            TaskState::Failed(error) => Some(error.on_a_line()),
            TaskState::Running | TaskState::Done(_) | TaskState::Cancelled => None,
        };
        let mut ended = self.ended.lock();
        ended.push_back(EndedTask {
            name: task.name.clone(),
            state: state.name(),
            record: task.record(),
            error,
        });
        while ended.len() > MOST_ENDED {
            ended.pop_front();
        }
    }

    /// Those that ended last, oldest first.
    pub(super) fn ended(&self) -> Vec<EndedTask> {
        self.ended.lock().iter().cloned().collect()
    }

    /// Those that run.
    pub(super) fn running(&self) -> Vec<Arc<Task>> {
        self.list.lock().iter().filter_map(Weak::upgrade).filter(|task| !task.is_over()).collect()
    }
}

/// Ends a task whose work was dropped, as the end of its session does.
struct CancelOnDrop(Arc<Task>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

pub(super) fn create_task(cx: &Context, args: CreateTask) -> Output {
    let keep = args.keep.is_some_and(|flag| flag.0);
    let show = args.show_info.is_some_and(|flag| flag.0);
    let task = cx.session.tasks.add(args.name, keep);
    if let Some(plan) = &cx.scope.plan {
        plan.started(&task);
    }
    let function = args.coroutine.0;
    start(&cx.session, &task, show, async move { function.call_own(Vec::new()).await });
    let name = Value::from(task.name.as_str());
    Output::List(vec![Output::Object(Object::Task(task)), Output::Json(name)])
}

pub(super) fn coroutine_watcher(cx: &Context, args: CoroutineWatcher) -> Output {
    let task = cx.session.tasks.add(None, false);
    let rest = args.args.map_or_else(Vec::new, |values| values.0);
    let given: Vec<Arg> = args.function.args.0.into_iter().chain(rest).collect();
    let session = Arc::downgrade(&cx.session);
    let function = args.function.function.0;
    let here = Arc::clone(&task);
    start(&cx.session, &task, false, async move { again(&session, &here, &*function, &given).await });
    Output::Object(Object::Task(task))
}

pub(super) fn tasks(cx: &Context) -> Output {
    let running = cx.session.tasks.running().into_iter();
    Output::List(running.map(|task| Output::Object(Object::Task(task))).collect())
}

pub(super) fn stop(cx: &Context) -> Output {
    for task in cx.session.tasks.running() {
        task.cancel();
    }
    Output::Json(Value::Null)
}

/// Runs `work` as `task`; the session must not be kept alive by what it owns.
pub(super) fn start(
    session: &Arc<Session>,
    task: &Arc<Task>,
    show: bool,
    work: impl Future<Output = Result<Own>> + Send + 'static,
) {
    let ended = CancelOnDrop(Arc::clone(task));
    let here = Arc::downgrade(session);
    if show {
        tell(&here, &task.name, "started", "已开始");
    }
    session.spawn(async move {
        let task = &ended.0;
        tokio::select! {
            biased;
            _ = task.over() => {}
            result = work => task.settle(match result {
                Ok(value) => TaskState::Done(value),
                Err(error) => TaskState::Failed(Arc::new(error)),
            }),
        }
        if let Some(session) = here.upgrade() {
            session.tasks.end(task);
        }
        match task.state() {
            TaskState::Failed(error) if show => tell_error(&here, &task.name, "failed", "出错", &error),
            TaskState::Failed(error) => {
                let (name, text) = (&task.name, error.on_a_line());
                tracing::warn!(target: "dingraia", zh = %format!("任务 {name} 出错：{}", text.zh), "task {name} failed: {}", text.en);
            }
            TaskState::Cancelled if show => tell(&here, &task.name, "cancelled", "已取消"),
            TaskState::Done(_) if show => tell(&here, &task.name, "done", "已完成"),
            TaskState::Running | TaskState::Done(_) | TaskState::Cancelled => {}
        }
    });
}

/// Calls `function` until it ends well or fails too often.
async fn again(session: &Weak<Session>, task: &Task, function: &dyn Callable, given: &[Arg]) -> Result<Own> {
    let (mut failures, name) = (VecDeque::new(), &task.name);
    loop {
        let args = given.iter().map(|arg| Arc::new(arg.clone()) as Own).collect();
        let error = match function.call_own(args).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        task.ran(false);
        let now = Instant::now();
        failures.push_back(now);
        failures.retain(|at| now.duration_since(*at) < WINDOW);
        if failures.len() >= MOST_FAILURES {
            let (en, zh) = (
                format!("failed {MOST_FAILURES} times, stopped"),
                format!("出错 {MOST_FAILURES} 次，已停止"),
            );
            tell_error(session, name, &en, &zh, &error);
            return Err(error);
        }
        tell_error(session, name, "failed, started again", "出错，已重新启动", &error);
    }
}

/// Tells that a task failed, and why.
pub(super) fn tell_error(session: &Weak<Session>, name: &str, en: &str, zh: &str, error: &Error) {
    let text = error.on_a_line();
    tell(session, name, &format!("{en}: {}", text.en), &format!("{zh}：{}", text.zh));
}

fn tell(session: &Weak<Session>, name: &str, en: &str, zh: &str) {
    if let Some(session) = session.upgrade() {
        session.tell(&Text::made(format!("task {name} {en}"), format!("任务 {name} {zh}")));
    }
}
