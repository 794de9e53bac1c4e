//! What goes on beside the prompt, and what is said when it ends with its app or its session.

use std::sync::{Arc, Weak};

use crate::console::repl::Repl;
use crate::lang::Text;
use crate::ops::Session;

/// What goes on at a moment.
pub(super) struct Beside {
    app: Weak<Session>,
    listens: bool,
    tasks: usize,
    handlers: usize,
}

impl Beside {
    /// What goes on now.
    pub(super) fn of(repl: &Repl<'_>) -> Self {
        let (live, station) = (repl.interpreter.app(), repl.interpreter.station());
        Self {
            app: live.as_ref().map_or_else(Weak::new, |live| Arc::downgrade(&live.0)),
            listens: live.as_ref().is_some_and(|live| station.status(&live.0).is_some()),
            tasks: live.as_ref().map_or(0, |live| live.0.tasks().len()),
            handlers: station.handler_count(),
        }
    }

    /// What of it ended in a session that went on: handlers stay, and everything does when the app is the same.
    pub(super) fn without_what_stays(self, repl: &Repl<'_>) -> Self {
        let is_same = repl.interpreter.app().is_some_and(|live| self.app.as_ptr() == Arc::as_ptr(&live.0));
        if is_same {
            return Self { listens: false, tasks: 0, handlers: 0, ..self };
        }
        Self { handlers: 0, ..self }
    }

    /// Says that all of it has ended, and how it begins again.
    pub(super) fn tell_end(&self, repl: &Repl<'_>) {
        let counted = |count: usize, one: &str, many: &str, zh: &str| {
            let en = if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
            (count > 0).then(|| (en, format!("{count} {zh}")))
        };
        let ended = [
            self.listens.then(|| ("listening".to_owned(), "监听".to_owned())),
            counted(self.tasks, "task", "tasks", "个任务"),
            counted(self.handlers, "handler", "handlers", "个处理函数"),
        ];
        let (en, zh): (Vec<_>, Vec<_>) = ended.into_iter().flatten().unzip();
        if en.is_empty() {
            return;
        }
        let listens_again = Self::of(repl).listens;
        let again = [
            (self.listens && !listens_again)
                .then_some(("`%listen on` listens again", "`%listen on` 重新监听")),
            (self.handlers > 0).then_some(("`on(…)` registers handlers", "`on(…)` 重新注册处理函数")),
            (self.tasks > 0).then_some(("tasks have to be started again", "任务需重新启动")),
        ];
        let (again_en, again_zh): (Vec<_>, Vec<_>) = again.into_iter().flatten().unzip();
        let tail = |again: Vec<&str>, before: &str, between: &str| {
            if again.is_empty() { String::new() } else { format!("{before}{}", again.join(between)) }
        };
        repl.screen.tell(&Text::made(
            format!("ended: {}{}", en.join(", "), tail(again_en, "; ", ", ")),
            format!("已结束：{}{}", zh.join("、"), tail(again_zh, "；", "，")),
        ));
    }
}
