//! Methods that listen to what arrives.

use super::task::Anything;
use super::{Arg, FromArg, Mismatch, Seconds};
use crate::spec::{Form, Kind};

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

    /// Listens to what arrives, on every configured stream or else as the app itself, and has handlers (`on`) run. A script waits
    /// here until `app.stop()` or Ctrl-C; at the prompt it goes on beside it.
    /// zh: 开始监听推送（使用所有已配置的 stream，未配置时使用应用自身），并运行 `on` 注册的处理函数。脚本会在此等待，直到 `app.stop()` 或
    /// Ctrl-C；控制台中则在后台进行。
    Start(App "start") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 0,
        params {
            /// Where callbacks over HTTP are received; without it they are not. With it and without `[[stream]]` there is no stream.
            /// zh: 接收 HTTP 回调的端口；不填则不接收。填写且未配置 `[[stream]]` 时不建立 Stream 连接。
            port("port"): Option<Port>,
            /// Another address of this machine, as "0.0.0.0"; HTTPS is left to a reverse proxy.
            /// zh: 监听的其他本机地址，如 "0.0.0.0"；HTTPS 请交给反向代理。
            host("host"): Option<String> = "127.0.0.1",
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
        example: r#"try { print(app.wait_message(Waiter(OpenConversationId("cidSandboxRelease0001=="), ()), 1)) } catch (e) { print(e.kind) }"#,
    }
}
