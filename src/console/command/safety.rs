//! What is sent: dry runs, read-only sessions, plans, and taking back.

use std::fmt::Write as _;
use std::sync::Arc;

use super::code::calls_en;
use super::words::first;
use super::{Command, Word};
use crate::console::repl::{Next, Repl};
use crate::console::text::wrap;
use crate::error::{Error, Kind, Result};
use crate::lang::{Lang, Text};
use crate::ops::{Plan, Safety, Scope, Session, Undoing, Undone};
use crate::script::{Outcome, Stop};

/// How many writes of a plan are shown unless all are asked for.
const MOST_SHOWN: usize = 50;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "dry",
        aliases: &[],
        usage: "[on|off]",
        doc: Text::fixed("shows what would be sent, and sends reads only", "试运行：只执行读取，其余只显示"),
        more: Text::fixed(
            "Reads are made, everything else is shown with host, path, body, cost and names, and not sent; its answer is made up, so that \
             scripts go on. It holds for all apps, handlers and tasks of this session, and the prompt says `dry`. `app.dry_run(|| …)` does \
             it for one function.",
            "读取照常执行，其余请求只显示主机、路径、内容、消耗与对象名称而不发送，返回为虚构，脚本可继续运行。对本次会话的所有应用、处理函数与任务有效，\
             提示符显示 `dry`。`app.dry_run(|| …)` 只对一个函数有效。",
        ),
        words: &[Word::OneOf(&["on", "off"])],
        example: "%dry off",
        run: |repl, args| switch(repl, args, ("dry", DRY), Safety::is_dry, Safety::set_dry),
    },
    Command {
        name: "readonly",
        aliases: &[],
        usage: "[on|off]",
        doc: Text::fixed("refuses everything but reads", "只读：拒绝读取以外的请求"),
        more: Text::fixed(
            "What is not a read fails with an error of the kind `read_only`, and nothing is sent. The prompt says `ro`. `--read-only` and \
             `read_only = true` in the configuration begin with it.",
            "读取以外的请求以 `read_only` 类错误失败，不会发送。提示符显示 `ro`。`--read-only` 或配置中的 `read_only = true` 在启动时开启。",
        ),
        words: &[Word::OneOf(&["on", "off"])],
        example: "%readonly off",
        run: |repl, args| {
            switch(repl, args, ("readonly", READ_ONLY), Safety::is_read_only, Safety::set_read_only)
        },
    },
    Command {
        name: "plan",
        aliases: &[],
        usage: "CODE | show [all] | drop",
        doc: Text::fixed(
            "runs code and collects what it would send, with before and after",
            "运行代码并收集将要发送的请求，显示前后变化",
        ),
        more: Text::fixed(
            "Nothing but reads is sent. What is to be changed is read once (1 API call for each group or person), so that the list can \
             tell how it is now. Tasks that the code starts belong to it, as long as nobody presses Ctrl-C. `%apply` sends exactly the \
             list; `%plan drop` forgets it. Of a long list the first 50 are shown, and all by `%plan show all`. \
             Braces make a block over several lines.",
            "除读取外不发送任何请求。将要更改的对象会读取一次（每个群或人员 1 次 API），以显示当前状态。代码启动的任务也计入（按 Ctrl-C 则不等待）。\
             `%apply` 按清单发送；`%plan drop` 放弃。清单过长时显示前 50 个，`%plan show all` 全部显示。可用花括号写成多行代码块。",
        ),
        words: &[Word::Code],
        example: "%plan { app.mute_all(\"cidSandboxRelease0001==\") }",
        run: plan,
    },
    Command {
        name: "apply",
        aliases: &[],
        usage: "",
        doc: Text::fixed("sends what the last plan has collected", "发送上一个计划中的请求"),
        more: Text::fixed(
            "What is to be changed is read again first: when it is not as it was, nothing is sent. The first failure ends it.",
            "会先重新读取将要更改的对象：若与计划时不同则不发送。遇到第一个错误即停止。",
        ),
        words: &[],
        example: "%apply",
        run: |repl, _| apply(repl),
    },
    Command {
        name: "undo",
        aliases: &[],
        usage: "[N|list|drop]",
        doc: Text::fixed("takes back what was done at this prompt", "撤销在此提示符下的操作"),
        more: Text::fixed(
            "The last method call, or the last N, newest first: titles, owners and settings of groups, mutes, administrators, members, \
             fields of people; messages are recalled. What cannot be taken back is said, with the reason; what somebody else has changed since stays as it is, \
             and on the list until `%undo drop`. For that, a change of a group \
             or person at the prompt reads it first (1 API call); `%set undo off` spares that. Scripts are not written down.",
            "撤销最近一次或最近 N 次方法调用（从新到旧）：群名、群主与设置、禁言、管理员、成员、人员字段；消息会被撤回。无法撤销的会说明原因；之后被他人更改的保持不变，\
             并留在列表中，直到 `%undo drop`。\
             为此，在提示符下更改群或人员前会先读取一次（1 次 API）；`%set undo off` 可关闭。脚本中的操作不会记录。",
        ),
        words: &[Word::OneOf(&["list", "drop"])],
        example: "%undo list",
        run: undo,
    },
];

const DRY: Text = Text::fixed("dry run", "试运行");
const READ_ONLY: Text = Text::fixed("read-only", "只读");

/// How many method calls `%undo list` shows.
const LISTED: usize = 10;

fn session(repl: &Repl<'_>) -> Result<Arc<Session>> {
    let live = repl.interpreter.app();
    live.map(|live| live.0).ok_or_else(|| Error::usage("there is no app", "没有应用"))
}

/// Tells or changes a switch.
fn switch(
    repl: &mut Repl<'_>,
    args: &str,
    (name, what): (&str, Text),
    get: fn(&Safety) -> bool,
    set: fn(&Safety, bool),
) -> Next {
    let session = match session(repl) {
        Ok(session) => session,
        Err(error) => return repl.fail(error),
    };
    match args {
        "" => {}
        "on" => set(&session.safety, true),
        "off" => set(&session.safety, false),
        _ => return repl.fail(super::missing(name)),
    }
    let is_on = get(&session.safety);
    repl.screen.tell(&Text::made(
        format!("{} is {}", what.en, if is_on { "on" } else { "off" }),
        format!("{}：{}", what.zh, if is_on { "开启" } else { "关闭" }),
    ));
    Next::Read
}

fn plan(repl: &mut Repl<'_>, args: &str) -> Next {
    match first(args) {
        ("", _) => repl.fail(super::missing("plan")),
        ("show", which @ ("" | "all")) => match repl.memory.plan.clone() {
            Some(plan) => show(repl, &plan, if which.is_empty() { MOST_SHOWN } else { usize::MAX }),
            None => repl.fail(no_plan()),
        },
        ("drop", "") => match repl.memory.plan.take() {
            Some(_) => {
                repl.screen.tell(&Text::fixed("the plan is dropped", "已放弃计划"));
                Next::Read
            }
            None => repl.fail(no_plan()),
        },
        _ => make(repl, args),
    }
}

fn make(repl: &mut Repl<'_>, code: &str) -> Next {
    let (plan, calls) = (Arc::new(Plan::default()), repl.calls());
    let scope = Scope { plan: Some(Arc::clone(&plan)), ..Scope::prompt() };
    repl.memory.plan = None;
    let outcome = repl.run_standing(code, "<plan>", &Stop::default(), scope);
    let is_whole = matches!(outcome, Outcome::Value(_));
    let next = repl.settle(outcome, true);
    if is_whole {
        finish_tasks(repl, &plan);
    }
    plan.close();
    if !is_whole {
        return next;
    }
    if plan.is_empty() {
        repl.screen.tell(&Text::fixed("nothing would be sent", "不会发送任何请求"));
        return next;
    }
    repl.memory.plan = Some(Arc::clone(&plan));
    show(repl, &plan, MOST_SHOWN);
    tell_cost(repl, calls);
    next
}

/// What the tasks of a block would send belongs to the plan. Ctrl-C leaves it out.
fn finish_tasks(repl: &mut Repl<'_>, plan: &Plan) {
    if plan.running().is_none() {
        return;
    }
    let screen = Arc::clone(&repl.screen);
    let over = async {
        // Ctrl-C means this from here on.
        screen.tell(&Text::fixed(
            "waiting for the tasks that this has started; Ctrl-C makes the plan without them",
            "等待由此启动的任务；按 Ctrl-C 则计划不包含它们",
        ));
        plan.tasks_over().await;
        Ok(())
    };
    // How it ended is seen from those that still run.
    let _ = repl.wait(over);
    if let Some(task) = plan.running() {
        let name = &task.name;
        repl.screen.tell(&Text::made(
            format!("`{name}` goes on as a dry run: what it would send is not in the plan"),
            format!("`{name}` 以试运行方式继续：它将发送的请求不在计划中"),
        ));
    }
}

fn show(repl: &Repl<'_>, plan: &Plan, most: usize) -> Next {
    let text = plan.text(most);
    let lines = text.get(repl.show.lang).lines().map(|line| wrap(line, repl.show.text_columns, 7));
    repl.screen.result(&lines.collect::<Vec<_>>().join("\n"));
    Next::Read
}

fn tell_cost(repl: &Repl<'_>, before: u64) {
    let calls = repl.calls().saturating_sub(before);
    if calls > 0 {
        repl.screen.tell(&Text::made(
            format!("read for it: {}", calls_en(calls)),
            format!("为此读取：{calls} 次 API 调用"),
        ));
    }
}

fn apply(repl: &mut Repl<'_>) -> Next {
    let Some(plan) = repl.memory.plan.clone() else { return repl.fail(no_plan()) };
    let applied = repl.wait(plan.apply(Scope::prompt()));
    match applied {
        Ok(applied) => {
            if applied.sent > 0 {
                repl.memory.plan = None;
            }
            let (sent, calls) = (applied.sent, applied.calls);
            let requests = if sent == 1 { "request" } else { "requests" };
            repl.screen.tell(&Text::made(
                format!("{sent} {requests} sent, {}", calls_en(calls)),
                format!("已发送 {sent} 个请求，{calls} 次 API 调用"),
            ));
            Next::Read
        }
        Err(error) => {
            let is_stopped = matches!(error.kind(), Kind::Interrupted { .. });
            let reached = plan.stopped().filter(|_| is_stopped);
            if plan.is_begun() {
                repl.memory.plan = None;
            }
            repl.fail(reached.into_iter().fold(error, Error::hint))
        }
    }
}

fn undo(repl: &mut Repl<'_>, args: &str) -> Next {
    let session = match session(repl) {
        Ok(session) => session,
        Err(error) => return repl.fail(error),
    };
    let count = match args {
        "" => 1,
        "list" => {
            let text = told(&session.undo_list(LISTED), None, repl.show.lang);
            let nothing =
                Text::fixed("there is nothing to take back at this prompt", "本次会话没有可撤销的操作");
            if text.is_empty() {
                repl.screen.tell(&nothing);
            } else {
                repl.screen.result(&text);
            }
            return Next::Read;
        }
        "drop" => {
            return match session.undo_drop() {
                Ok(method) => {
                    repl.screen.tell(&Text::made(
                        format!("{method} will not be taken back"),
                        format!("不再撤销 {method}"),
                    ));
                    Next::Read
                }
                Err(error) => repl.fail(error),
            };
        }
        number => match number.parse().ok().filter(|count| *count > 0) {
            Some(count) => count,
            None => return repl.fail(super::missing("undo")),
        },
    };
    let undoing = Undoing::default();
    let result = repl.wait(session.undo(count, Scope::prompt(), &undoing));
    // Also when it was stopped on the way.
    let undone = undoing.told();
    if !undone.is_empty() {
        let head = if session.safety.is_dry() { WOULD } else { DONE };
        repl.screen.result(&told(&undone, Some(&head), repl.show.lang));
    }
    match result {
        Err(error) if matches!(error.kind(), Kind::Interrupted { .. }) => {
            repl.fail(error.hint(Text::fixed(
                "what was under way may have been taken back; `%undo` goes on, and leaves alone what is as it was",
                "正在撤销的一项可能已撤销；再次 `%undo` 会继续，已恢复的保持不变",
            )))
        }
        Err(error) => repl.fail(error),
        Ok(()) => Next::Read,
    }
}

const DONE: Text = Text::fixed("taken back: ", "已撤销：");
const WOULD: Text = Text::fixed("would be taken back: ", "将会撤销：");

/// A method a line, behind `head` when something of it was taken back, and below what was taken back and what was not.
fn told(all: &[Undone], head: Option<&Text>, lang: Lang) -> String {
    let mut out = String::new();
    for Undone { method, about, done, not } in all {
        let head = head.filter(|_| !done.is_empty()).map_or("", |head| head.get(lang));
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "{head}{}", format!("{method} {about}").trim_end());
        for line in done {
            let _ = writeln!(out, "  {}", line.get(lang));
        }
        for line in not {
            let cannot = Text::fixed("not taken back: ", "无法撤销：");
            let _ = writeln!(out, "  {}{}", cannot.get(lang), line.get(lang));
        }
    }
    out.trim_end().to_owned()
}

fn no_plan() -> Error {
    Error::usage("there is no plan", "没有计划")
        .hint(Text::fixed("`%plan { … }` makes one", "`%plan { … }` 制定计划"))
}
