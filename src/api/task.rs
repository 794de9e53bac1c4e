//! Methods that run functions: in place, beside the script, and again when they fail.

use super::{Arg, Flag, FromArg, Function, Mismatch};
use crate::lang::Text;
use crate::spec::{Form, Kind};

/// Any value; the script layer hands it on.
#[derive(Debug)]
pub struct Anything(pub Arg);

impl FromArg for Anything {
    const KIND: Kind = Kind::Any;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        Ok(Self(arg))
    }
}

/// What a function is called with: data and objects.
#[derive(Debug, Clone)]
pub struct Values(pub Vec<Arg>);

impl FromArg for Values {
    const KIND: Kind = Kind::Any;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let values = match arg {
            Arg::List(values) => values,
            one => vec![one],
        };
        match values.iter().find(|value| matches!(value, Arg::Function(_) | Arg::Other(_))) {
            Some(other) => {
                let expected = Text::fixed(
                    "data or objects (a closure captures the rest)",
                    "数据或对象（其余由闭包捕获）",
                );
                Err(Mismatch::Value(expected, other.describe()))
            }
            None => Ok(Self(values)),
        }
    }
}

/// A function and what it is called with.
#[derive(Debug, Clone)]
pub struct Job {
    /// The function.
    pub function: Function,
    /// Its arguments.
    pub args: Values,
}

impl FromArg for Job {
    const KIND: Kind = Kind::Function;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        let (function, args) = match arg {
            Arg::List(mut parts) if matches!(parts.first(), Some(Arg::Function(_))) => {
                let args = parts.split_off(1);
                (parts.remove(0), args)
            }
            Arg::List(parts) => {
                return Err(Mismatch::of(&parts.into_iter().next().unwrap_or(Arg::Nil)));
            }
            function => (function, Vec::new()),
        };
        Ok(Self { function: Function::from_arg(function)?, args: Values::from_arg(Arg::List(args))? })
    }
}

crate::methods! {
    group "task";

    /// Calls a function and returns its value; any other value comes back as it is, for calls wait here by themselves.
    /// zh: 调用函数并返回其结果；其他值原样返回，因为调用本身就会等待完成。
    RunCoroutine(App "run_coroutine") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// A function without parameters, or a value.
            /// zh: 无参数的函数，或任意值。
            coroutine("coroutine", "coro"): Anything,
        }
        returns: "what the function returns" | "函数的返回值",
        example: r#"app.run_coroutine(|| app.get_user("manager4220").name)"#,
    }

    /// Runs a function beside the script: at the prompt it goes on, and a script that ends cancels it.
    /// zh: 在后台运行函数：控制台中会继续运行；脚本结束时会被取消。
    CreateTask(App "create_task") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// A function without parameters.
            /// zh: 无参数的函数。
            coroutine("coroutine", "coro", "function"): Function,
            /// The task's name.
            /// zh: 任务名称。
            name("name"): Option<String> = "task-N",
            /// Tells when it starts and ends.
            /// zh: 是否显示任务的开始与结束。
            show_info("show_info", "showInfo"): Option<Flag> = "false",
            /// A script that ends waits for it.
            /// zh: 脚本退出时不取消，而是等待其完成。
            keep("not_cancel_at_the_exit", "notCancelAtTheExit"): Option<Flag> = "false",
        }
        returns: "[Task, name]; the Task has `done`, `name`, `result()`, `cancel()`" | "[Task, 名称]；Task 有 `done`、`name`、`result()`、`cancel()`",
        example: r#"let made = app.create_task(|| app.get_user("manager4220").name, "查姓名"); made[0].result()"#,
    }

    /// Runs a function beside the script and starts it again when it fails; three failures within 10 s end it.
    /// zh: 在后台运行函数，出错时自动重启；10 秒内出错三次则停止。
    CoroutineWatcher(App "coroutine_watcher") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1 variadic,
        params {
            /// The function, followed by what it is called with.
            /// zh: 函数，其后为调用参数。
            function("function", "coroutine"): Job,
            /// More of what it is called with, as a list; for maps.
            /// zh: 其余调用参数的列表，可包含映射。
            args("args"): Option<Values>,
        }
        returns: "the Task" | "Task",
        example: r#"app.coroutine_watcher(|id| app.get_user(id).name, "manager4220").result()"#,
    }

    /// Lists the tasks that run.
    /// zh: 列出正在运行的任务。
    ListTasks(App "tasks") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 0,
        params {}
        returns: "a list of Tasks" | "Task 列表",
        example: "app.tasks().len()",
    }

    /// Cancels every task of this app, and ends listening.
    /// zh: 取消当前应用的所有任务，并停止监听。
    Stop(App "stop") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 0,
        params {}
        returns: "nothing" | "无",
        example: "app.create_task(|| sleep(60)); app.stop()",
    }
}
