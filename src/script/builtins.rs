//! Functions that every script has beside Rhai's own.

use std::sync::Arc;
use std::time::Duration;

use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext};

use super::bridge::Bridge;
use super::convert::json_to_dynamic;
use super::end;
use super::engine::Current;
use super::failure::{Leave, RhaiResult, raise};
use super::order::Orders;
use super::registry::Registry;
use super::viewer::view;
use crate::client::Flight;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::ops::local_time;

/// A function that is no method of a row, as help and completion show it.
#[derive(Debug)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does.
    pub doc: Text,
    /// An example.
    pub example: &'static str,
}

/// The functions of this program; those of the language are many more.
pub const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "parallel",
        usage: "parallel(list, |x| …, #{limit?})",
        doc: Text::fixed(
            "Calls the function for every item, up to 16 at once, and gives the results in the order of the list. When one fails \
             none is begun any more, those under way are finished, and the first error is thrown; catch it inside of the function \
             to go on with the others.",
            "对列表中每一项调用函数，最多 16 个同时进行，结果与列表顺序一致。某一项失败后不再开始新的项，进行中的项会完成，\
             然后抛出第一个错误；在函数内捕获错误即可继续处理其余各项。",
        ),
        example: "parallel(app.get_dept_users(100), |id| app.get_user(id).name)",
    },
    Builtin {
        name: "on",
        usage: "on(event, |event| …, #{group?, member?, text?, at_me?, timeout?})",
        doc: Text::fixed(
            "Calls the function for every such event while the app listens (`app.start()`): a name such as \"GroupMessage\" or \
             \"chat_update_title\", or \"*\" for all. The event has `group`, `member`, `message`, `text`, `bot`, `at_me`, `raw` and its own \
             fields, `reply(…)` and `ask(question, seconds)`. `text` is a regular expression; a handler has 300 s unless `timeout` says \
             otherwise. What it returns to a CardAction is the card's answer. The events of one conversation are handled one after another: \
             what takes long belongs into `app.create_task`.",
            "监听期间（`app.start()`）对每个此类事件调用函数：事件名如 \"GroupMessage\"、\"chat_update_title\"，\"*\" 表示全部。事件包含 \
             `group`、`member`、`message`、`text`、`bot`、`at_me`、`raw` 及自身字段，以及 `reply(…)` 与 `ask(问题, 秒数)`。`text` 为正则表达式；\
             处理函数默认限时 300 秒，可用 `timeout` 修改。对 CardAction 的返回值即卡片应答。同一会话的事件依次处理，\
             耗时的工作请放入 `app.create_task`。",
        ),
        example: "on(\"GroupMessage\", |event| event.reply(\"收到 \" + event.text), #{text: \"^/echo\"})",
    },
    Builtin {
        name: "off",
        usage: "off(handler | id | event | route)",
        doc: Text::fixed(
            "Removes a handler, or all of an event; \"*\" removes all. Gives how many it were.",
            "移除处理函数，或某事件的全部处理函数；\"*\" 移除所有。返回移除的个数。",
        ),
        example: "off(\"GroupMessage\")",
    },
    Builtin {
        name: "handlers",
        usage: "handlers()",
        doc: Text::fixed(
            "Lists the handlers with their calls and errors.",
            "列出处理函数及其调用与出错次数。",
        ),
        example: "handlers()",
    },
    Builtin {
        name: "route",
        usage: "route(path, |request| …)",
        doc: Text::fixed(
            "Answers other requests to the port of `app.start(#{port: …})`: `path` is \"/status\", \"GET /status\" or \"/files/*\". The request \
             has `method`, `path`, `query`, `headers`, `body` (text) and `json`. A text is answered as it is, `#{status, headers, body}` says \
             everything, any other value is JSON, and `()` leaves it to the next route. `off(route)` removes it. `Config(#{webRequestHandlers: \
             [|request| …]})` sees every request first.",
            "应答发往 `app.start(#{port: …})` 端口的其他请求：`path` 如 \"/status\"、\"GET /status\" 或 \"/files/*\"。请求包含 `method`、`path`、`query`、\
             `headers`、`body`（文本）与 `json`。返回文本则原样应答，`#{status, headers, body}` 可指定全部，其他值以 JSON 应答，`()` 交给下一个路由。\
             `off(route)` 可移除。`Config(#{webRequestHandlers: [|request| …]})` 优先处理所有请求。",
        ),
        example: "route(\"GET /status\", |request| #{ok: true, path: request.path})",
    },
    Builtin {
        name: "routes",
        usage: "routes()",
        doc: Text::fixed("Lists the routes.", "列出路由。"),
        example: "routes()",
    },
    Builtin {
        name: "reply",
        usage: "event.reply(message…)",
        doc: Text::fixed(
            "Sends one or more messages to where the event came from: over its webhook while that is good, which costs no API call, else \
             through the API. The answer's `via` says which.",
            "向事件来源发送一条或多条消息：会话 Webhook 有效时使用它（不消耗 API），否则通过 API。返回值的 `via` 说明使用了哪一种。",
        ),
        example: "on(\"GroupMessage\", |event| event.reply(\"收到\", Markdown(\"## 好\")))",
    },
    Builtin {
        name: "ask",
        usage: "event.ask(question, seconds?)",
        doc: Text::fixed(
            "Asks a question where the event came from and waits for the same person's next message there, for 300 s unless told otherwise; \
             its text is `.text`. Other messages are handled meanwhile, and that one goes to no handler. When nobody answers it is an error \
             of the kind `timeout`. `app.wait_message(Waiter(group, member), seconds)` waits without asking.",
            "在事件来源处提问，并等待同一人在该处的下一条消息（默认 300 秒），内容为 `.text`。期间其他消息照常处理，该回答不会再交给处理函数。\
             无人回答时为 `timeout` 类错误。`app.wait_message(Waiter(group, member), 秒数)` 只等待、不提问。",
        ),
        example: "on(\"GroupMessage\", |event| { let day = event.ask(\"哪天？\", 60).text; event.reply(day) }, #{text: \"^/book\"})",
    },
    Builtin {
        name: "Waiter",
        usage: "Waiter(group, member)",
        doc: Text::fixed(
            "Whose next message `app.wait_message` waits for; `()` in either place is anyone.",
            "指定 `app.wait_message` 等待谁的下一条消息；任一处为 `()` 表示不限。",
        ),
        example: "Waiter(OpenConversationId(\"cidSandboxRelease0001==\"), Member(\"manager4220\"))",
    },
    Builtin {
        name: "print",
        usage: "print(value)",
        doc: Text::fixed("Writes a value on a line of its own.", "单独一行输出一个值。"),
        example: "print(`你好 ${1 + 1}`)",
    },
    Builtin {
        name: "sleep",
        usage: "sleep(seconds)",
        doc: Text::fixed("Waits; Ctrl-C ends it.", "等待若干秒；Ctrl-C 可中断。"),
        example: "sleep(0.5)",
    },
    Builtin {
        name: "now",
        usage: "now(format?)",
        doc: Text::fixed(
            "The local time as text, `2026-11-27 09:30:00`, or in a format of strftime: `%F` is the day, `%s` the seconds since 1970.",
            "当前本地时间（文本），如 `2026-11-27 09:30:00`；或按 strftime 格式：`%F` 为日期，`%s` 为 1970 年以来的秒数。",
        ),
        example: "now(\"%F %H:%M\")",
    },
    Builtin {
        name: "exit",
        usage: "exit(code?)",
        doc: Text::fixed("Leaves; `quit` does the same.", "退出程序；`quit` 相同。"),
        example: "exit(3)",
    },
    Builtin {
        name: "parse_json",
        usage: "parse_json(text)",
        doc: Text::fixed("Reads JSON.", "解析 JSON 文本。"),
        example: "parse_json(\"[1, 2]\")",
    },
    Builtin {
        name: "to_json",
        usage: "to_json(value)",
        doc: Text::fixed("Writes a value as JSON on one line.", "将值输出为单行 JSON。"),
        example: "to_json(#{name: \"林晓\"})",
    },
    Builtin {
        name: "get",
        usage: "map.get(key, default)",
        doc: Text::fixed(
            "A field of a map, or the default when there is none.",
            "映射中的字段；不存在时为默认值。",
        ),
        example: "#{a: 1}.get(\"b\", 0)",
    },
];

/// Registers them.
pub(super) fn register(
    registry: &mut Registry,
    bridge: &Arc<Bridge>,
    orders: &Arc<Orders>,
    current: &Current,
) {
    leave(registry);
    sleep(registry, bridge);
    now(registry, current);
    json(registry, orders);
    registry.register_fn("get", |map: &mut Map, key: &str, default: Dynamic| {
        map.get(key).cloned().unwrap_or(default)
    });
}

/// `exit(n)` leaves with code `n`, from anywhere; nothing catches it.
fn leave(registry: &mut Registry) {
    for name in ["exit", "quit"] {
        registry.register_fn(name, |ctx: NativeCallContext<'_>| -> RhaiResult { Err(leaving(&ctx, 0)) });
        registry.register_fn(name, |ctx: NativeCallContext<'_>, code: i64| -> RhaiResult {
            Err(leaving(&ctx, code))
        });
    }
}

fn leaving(ctx: &NativeCallContext<'_>, code: i64) -> Box<EvalAltResult> {
    let word = Dynamic::from(Leave(code));
    end::remember(&word);
    Box::new(EvalAltResult::ErrorTerminated(word, ctx.call_position()))
}

/// `sleep(seconds)`: other evaluations go on meanwhile, and Ctrl-C ends it.
fn sleep(registry: &mut Registry, bridge: &Arc<Bridge>) {
    fn nap(bridge: &Bridge, seconds: f64) -> Result<()> {
        let Ok(time) = Duration::try_from_secs_f64(seconds) else {
            return Err(Error::unsendable("sleep: the seconds must be 0 or more", "sleep：秒数不能小于 0"));
        };
        bridge.wait(&Flight::default(), async move {
            tokio::time::sleep(time).await;
            Ok(())
        })
    }
    let here = Arc::clone(bridge);
    registry.register_fn("sleep", move |ctx: NativeCallContext<'_>, seconds: i64| -> RhaiResult<()> {
        nap(&here, seconds as f64).map_err(|error| raise(&ctx, error))
    });
    let here = Arc::clone(bridge);
    registry.register_fn("sleep", move |ctx: NativeCallContext<'_>, seconds: f64| -> RhaiResult<()> {
        nap(&here, seconds).map_err(|error| raise(&ctx, error))
    });
}

/// `now()` and `now(format)`, by the clock of the app.
fn now(registry: &mut Registry, current: &Current) {
    fn written(current: &Current, format: &str) -> Option<String> {
        local_time(current.read().as_ref().map(|live| &*live.0), format)
    }
    let here = Arc::clone(current);
    registry.register_fn("now", move || written(&here, "%F %T").unwrap_or_default());
    let here = Arc::clone(current);
    registry.register_fn("now", move |ctx: NativeCallContext<'_>, format: &str| -> RhaiResult<String> {
        written(&here, format).ok_or_else(|| {
            raise(
                &ctx,
                Error::unsendable(
                    format!("now: `{format}` is no format of a time"),
                    format!("now：`{format}` 不是有效的时间格式"),
                )
                .hint(Text::fixed(
                    "as in strftime: `%F` day, `%T` time, `%Y` `%m` `%d` `%H` `%M` `%S`, `%A` weekday, `%s` seconds since 1970",
                    "同 strftime：`%F` 日期，`%T` 时间，`%Y` `%m` `%d` `%H` `%M` `%S`，`%A` 星期，`%s` 1970 年以来的秒数",
                )),
            )
        })
    });
}

/// `parse_json(text)` and `to_json(value)`; Rhai's own cannot read escaped emoji.
fn json(registry: &mut Registry, orders: &Arc<Orders>) {
    let orders = Arc::clone(orders);
    registry.register_fn("parse_json", move |ctx: NativeCallContext<'_>, text: &str| -> RhaiResult {
        serde_json::from_str(text).inspect(|json| orders.learn(json)).map(json_to_dynamic).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let is_deep = error.to_string().starts_with("recursion limit");
            let (en, zh) = match (error.is_eof(), is_deep) {
                (true, _) => ("ends too early", "不完整"),
                (_, true) => ("is nested too deeply", "嵌套过深"),
                _ => ("is not JSON", "不是 JSON"),
            };
            raise(
                &ctx,
                Error::unsendable(
                    format!("parse_json: the text {en}: line {line}, column {column}"),
                    format!("parse_json：文本{zh}：第 {line} 行，第 {column} 列"),
                ),
            )
        })
    });
    registry.register_fn("to_json", |value: Dynamic| view(&value).to_json().to_string());
    registry.register_fn("to_json", |value: Map| view(&value.into()).to_json().to_string());
}
