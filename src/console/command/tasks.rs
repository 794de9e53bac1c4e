//! What runs beside the prompt.

use std::time::{Duration, Instant};

use super::Command;
use super::listen::{app, say};
use crate::console::cache_view::age_text;
use crate::console::repl::{Next, Repl};
use crate::console::text::{escape, wrap};
use crate::lang::{Lang, Text};
use crate::ops::TaskRecord;

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "tasks",
    aliases: &[],
    usage: "",
    doc: Text::fixed("what runs beside the prompt, and what ended last", "后台运行的任务及最近结束的任务"),
    more: Text::fixed(
        "For each task how long it has run, how often its function ran and failed, and when it runs next. `tasks()` gives those that run, \
         `task.cancel()` ends one.",
        "显示每个任务已运行的时间、运行与出错次数以及下次运行时间。`tasks()` 返回正在运行的任务，`task.cancel()` 可取消任务。",
    ),
    words: &[],
    example: "%tasks",
    run: |repl, _| tasks(repl),
}];

fn tasks(repl: &mut Repl<'_>) -> Next {
    let live = match app(repl) {
        Ok(live) => live,
        Err(error) => return repl.fail(error),
    };
    let lang = repl.show.lang;
    let mut lines = Vec::new();
    for task in live.0.tasks() {
        let record = task.record();
        let time = age_text(record.begun.elapsed().as_secs_f64(), lang);
        let state = Text::made(format!("running for {time}"), format!("已运行 {time}"));
        lines.push(line(&task.name, &state, &record, None, lang));
    }
    for task in live.0.ended_tasks() {
        let ago = task.record.ended.map_or(Duration::ZERO, |ended| ended.elapsed());
        let time = age_text(ago.as_secs_f64(), lang);
        let word = match task.state {
            "failed" => "出错",
            "cancelled" => "已取消",
            _ => "已完成",
        };
        let state = Text::made(format!("{} {time} ago", task.state), format!("{time}前{word}"));
        lines.push(line(&task.name, &state, &task.record, task.error.as_ref(), lang));
    }
    let waiting = repl.interpreter.station().waiting_count();
    if waiting > 0 {
        let text = Text::made(format!("waiting for an answer: {waiting}"), format!("等待回答：{waiting}"));
        lines.push(text.get(lang).to_owned());
    }
    if lines.is_empty() {
        return say(repl, &Text::fixed("no tasks run", "没有正在运行的任务"));
    }
    let columns = repl.show.text_columns;
    let lines: Vec<String> = lines.iter().map(|line| wrap(line, columns, 4)).collect();
    repl.screen.result(&lines.join("\n"));
    Next::Read
}

/// `every 60 s  running for 2 min; runs 2, errors 1; next in 30 s`
fn line(name: &str, state: &Text, record: &TaskRecord, error: Option<&Text>, lang: Lang) -> String {
    let mut parts = vec![state.get(lang).to_owned()];
    if record.runs > 0 {
        let (runs, errors) = (record.runs, record.errors);
        let text =
            Text::made(format!("runs {runs}, errors {errors}"), format!("运行 {runs} 次，出错 {errors} 次"));
        parts.push(text.get(lang).to_owned());
    }
    if let Some(next) = record.next.filter(|_| record.ended.is_none()) {
        let time = age_text(next.saturating_duration_since(Instant::now()).as_secs_f64(), lang);
        parts.push(Text::made(format!("next in {time}"), format!("{time}后再次运行")).get(lang).to_owned());
    }
    if let Some(error) = error {
        parts.push(escape(error.get(lang)).into_owned());
    }
    let mark = if lang == Lang::Zh { "；" } else { "; " };
    format!("{}  {}", escape(name), parts.join(mark))
}
