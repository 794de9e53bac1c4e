//! Methods that run functions: in place, beside the script, and again when they fail.

use super::{Arg, Flag, FromArg, Function, Mismatch, Seconds};
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

/// A TCP port; 0 takes any that is free.
#[derive(Debug, Clone, Copy)]
pub struct Port(pub u16);

impl FromArg for Port {
    const KIND: Kind = Kind::Port;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        match arg {
            Arg::Int(port) => u16::try_from(port).map(Self).map_err(|_| Mismatch::of(&arg)),
            other => Err(Mismatch::of(&other)),
        }
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

    /// Listens to what arrives, on every configured stream or else as the app itself, and has handlers (`on`) run. A script waits
    /// here until `app.stop()` or Ctrl-C; at the prompt it goes on beside it.
    /// zh: 开始监听推送（使用所有已配置的 stream，未配置时使用应用自身），并运行 `on` 注册的处理函数。脚本会在此等待，直到 `app.stop()` 或
    /// zh: Ctrl-C；控制台中则在后台进行。
    Start(App "start") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 0,
        params {
            /// Where callbacks over HTTP are received, on 127.0.0.1; without it they are not.
            /// zh: 在 127.0.0.1 上接收 HTTP 回调的端口；不填则不接收。
            port("port"): Option<Port>,
        }
        returns: "nothing" | "无",
        example: "app.create_task(|| { sleep(0.1); app.stop() }); app.start()",
    }

    /// Waits for a person's next message; handlers do not get it.
    /// zh: 等待某人的下一条消息；该消息不会再交给处理函数。
    WaitMessage(App "wait_message") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// A `Waiter(group, member)`; `()` in the place of either is anyone.
            /// zh: `Waiter(group, member)`；任一处为 `()` 表示不限。
            waiter("waiter"): Anything,
            /// The most seconds; without it there is no limit.
            /// zh: 最多等待的秒数；不填则不限。
            timeout("timeout"): Option<Seconds>,
        }
        returns: "the message, a MessageChain with `text`" | "消息（MessageChain，含 `text`）",
        example: r#"try { app.wait_message(Waiter(OpenConversationId("cidSandboxRelease0001=="), ()), 1) } catch (e) { e.kind }"#,
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
