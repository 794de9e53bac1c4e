//! What arrives.

use super::{Command, Word};
use crate::console::arrivals::Arrivals;
use crate::console::repl::{Next, Repl};
use crate::console::text::{escape, escape_lines};
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::script::{LinkState, Live};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "listen",
        aliases: &[],
        usage: "[on|off|status]",
        doc: Text::fixed("receive messages and events", "接收消息与事件"),
        more: Text::fixed(
            "`on` is `app.start()` and `off` ends listening; without a word the state is shown.",
            "`on` 相当于 `app.start()`，`off` 停止监听；不带参数时显示状态。",
        ),
        words: &[Word::OneOf(&["on", "off", "status"])],
        example: "%listen status",
        run: |repl, args| listen(repl, args),
    },
    Command {
        name: "events",
        aliases: &[],
        usage: "[N] [WORD]",
        doc: Text::fixed("the last events in full", "查看最近的事件详情"),
        more: Text::fixed(
            "The last N (5) that mention WORD: a kind of event, a group, a person, a text.",
            "最近 N 条（默认 5 条）中包含 WORD 的事件：事件类型、群、成员或文本。",
        ),
        words: &[Word::Free],
        example: "%events 3",
        run: |repl, args| events(repl, args),
    },
    Command {
        name: "mute",
        aliases: &[],
        usage: "[on|off]",
        doc: Text::fixed("show events above the prompt, or not", "是否在提示符上方显示事件"),
        more: Text::fixed("", ""),
        words: &[Word::OneOf(&["on", "off"])],
        example: "%mute off",
        run: |repl, args| mute(repl, args),
    },
];

/// The app, or what to say without one.
pub(super) fn app(repl: &Repl<'_>) -> Result<Live, Error> {
    repl.interpreter.app().ok_or_else(|| Error::usage("there is no app", "没有应用"))
}

fn wrong(usage: &str) -> Error {
    Error::usage(format!("usage: {usage}"), format!("用法：{usage}"))
}

pub(super) fn say(repl: &Repl<'_>, text: &Text) -> Next {
    repl.screen.note(text.get(repl.show.lang));
    Next::Read
}

fn listen(repl: &mut Repl<'_>, args: &str) -> Next {
    let done = match args.trim() {
        "on" => app(repl).and_then(|live| repl.interpreter.station().listen(&live)).map(|()| ON),
        "off" => app(repl).map(|live| if repl.interpreter.station().stop(&live.0) { OFF } else { WAS_OFF }),
        "" | "status" => return status(repl),
        _ => Err(wrong("%listen [on|off|status]")),
    };
    match done {
        Ok(text) => say(repl, &text),
        Err(error) => repl.fail(error),
    }
}

const ON: Text = Text::fixed(
    "listening; `on(\"GroupMessage\", |event| …)` handles messages",
    "正在监听；用 `on(\"GroupMessage\", |event| …)` 处理消息",
);
const OFF: Text = Text::fixed("no longer listening", "已停止监听");
const WAS_OFF: Text =
    Text::fixed("this app does not listen; `%listen on` begins", "尚未监听；`%listen on` 开始");

fn status(repl: &mut Repl<'_>) -> Next {
    let live = match app(repl) {
        Ok(live) => live,
        Err(error) => return repl.fail(error),
    };
    let station = repl.interpreter.station();
    let Some(links) = station.status(&live.0) else { return say(repl, &WAS_OFF) };
    let lang = repl.show.lang;
    let mut lines: Vec<String> =
        links.iter().map(|link| format!("{}  {}", escape(&link.app_key), state(&link.state, lang))).collect();
    let counts = station.counts(&live.0);
    let handlers = station.handler_count();
    let text = Text::made(
        format!(
            "events {}, again {}, dropped {}, waiting {}; handlers {handlers}",
            counts.taken, counts.again, counts.dropped, counts.waiting
        ),
        format!(
            "事件 {}，重复 {}，丢弃 {}，等待 {}；处理函数 {handlers}",
            counts.taken, counts.again, counts.dropped, counts.waiting
        ),
    );
    lines.push(text.get(lang).to_owned());
    repl.screen.result(&lines.join("\n"));
    Next::Read
}

fn state(state: &LinkState, lang: Lang) -> String {
    let plain = |en, zh| Text::fixed(en, zh).get(lang).to_owned();
    match state {
        LinkState::Idle | LinkState::Connecting => plain("connecting", "正在连接"),
        LinkState::Connected => plain("connected", "已连接"),
        LinkState::Waiting(error) => format!("{}: {}", plain("trying again", "正在重试"), error.text(lang)),
        LinkState::Refused(error) => format!("{}: {}", plain("refused", "被拒绝"), error.text(lang)),
        LinkState::Stopped => plain("stopped", "已停止"),
    }
}

fn events(repl: &mut Repl<'_>, args: &str) -> Next {
    let args = args.trim();
    let (first, rest) = args.split_once(char::is_whitespace).unwrap_or((args, ""));
    let (most, word) = match first.parse::<usize>() {
        Ok(most) => (most, rest.trim()),
        Err(_) => (5, args),
    };
    let live = match app(repl) {
        Ok(live) => live,
        Err(error) => return repl.fail(error),
    };
    let found = repl.interpreter.station().arrivals(&live.0, most, word);
    if found.is_empty() {
        return say(repl, &Text::fixed("no events", "没有事件"));
    }
    for arrived in found {
        let raw = serde_json::to_string_pretty(&arrived.raw).unwrap_or_default();
        let line = repl.arrivals.line(&arrived, repl.show.text_columns);
        repl.screen.result(&format!("{line}\n{}", escape_lines(&raw)));
    }
    Next::Read
}

fn mute(repl: &mut Repl<'_>, args: &str) -> Next {
    let arrivals: &Arrivals = &repl.arrivals;
    let muted = match args.trim() {
        "" => !arrivals.is_muted(),
        "on" => true,
        "off" => false,
        _ => return repl.fail(wrong("%mute [on|off]")),
    };
    arrivals.mute(muted);
    let text = if muted {
        Text::fixed("events are not shown; `%mute off` shows them", "不再显示事件；`%mute off` 恢复显示")
    } else {
        Text::fixed("events are shown", "显示事件")
    };
    say(repl, &text)
}
