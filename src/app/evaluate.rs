//! `run`, `eval` and piped input.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use super::early::Early;
use super::program::Program;
use super::start::{Ask, Started, start, tell_notices};
use crate::client::Flight;
use crate::console::repl::exit_code;
use crate::console::source::{read_text, text, without_shebang};
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::script::{Outcome, Stop};

/// Whether the value of the last expression is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Print {
    Value,
    Nothing,
}

/// `dingraia eval EXPR`.
pub(super) fn expression(program: &Program, expression: &str) -> Result<u8, Early> {
    run(program, expression, "<eval>", &[], Print::Value)
}

/// `dingraia run FILE`, with `-` for stdin. With `-o` the value of the last expression is printed too.
pub(super) fn script(program: &Program, file: &Path, args: &[String]) -> Result<u8, Early> {
    let (source, name) = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| Error::file("<stdin>", error))?;
        (text(bytes, "<stdin>")?, "<stdin>".to_owned())
    } else {
        (read_text(file)?, file.display().to_string())
    };
    let print = if program.global.output.is_some() { Print::Value } else { Print::Nothing };
    run(program, &without_shebang(&source), &name, args, print)
}

fn run(program: &Program, source: &str, name: &str, args: &[String], print: Print) -> Result<u8, Early> {
    let mut started = start(program, Ask::No)?;
    if started.unconfigured && !program.global.sandbox {
        program.note(
            Text::fixed(
                "no configuration found: working on the sandbox (`dingraia config init` sets up your app)",
                "没有找到配置：正在使用沙盒（运行 `dingraia config init` 配置你的应用）",
            )
            .get(started.show.lang),
        );
    }
    started.interpreter.set_texts("ARGS", args);
    let stop = Stop::default();
    let code = program.interrupts.during(&stop, || {
        let outcome = started.interpreter.evaluate(source, name, &stop);
        let has_value = matches!(outcome, Outcome::Value(_));
        let code = told(program, &started, outcome, print);
        if has_value {
            tell_cut_off(program, &started);
        }
        finish(program, &started, &stop).map(|()| code)
    })?;
    if let Some(live) = started.interpreter.app() {
        live.0.flush_usage();
        tell_notices(&live.0, &Arc::downgrade(&program.screen));
    }
    started.interpreter.leave_engine();
    Ok(code)
}

fn told(program: &Program, started: &Started, outcome: Outcome, print: Print) -> u8 {
    match outcome {
        Outcome::Leave(code) => exit_code(code),
        Outcome::Problem(problem) => {
            if !program.screen.is_closed() {
                program.screen.note(&started.show.problem(&problem));
            }
            problem.exit_code()
        }
        Outcome::Value(value) => {
            if print == Print::Value {
                let text = started.show.value(&value);
                if !text.is_empty() {
                    program.screen.result(&text);
                }
            }
            0
        }
    }
}

/// Says what a script had begun that ends with it.
fn tell_cut_off(program: &Program, started: &Started) {
    let station = started.interpreter.station();
    let tasks = started.interpreter.apps().into_iter().flat_map(|live| live.0.tasks());
    let tasks = tasks.filter(|task| !task.outlives_script).count();
    let handlers = if station.has_listened() { 0 } else { station.handler_count() };
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    if tasks > 0 {
        let what = if tasks == 1 { "1 task was" } else { &format!("{tasks} tasks were") };
        en.push(format!("{what} cancelled"));
        zh.push(format!("取消了 {tasks} 个任务"));
    }
    if handlers > 0 {
        en.push(if handlers == 1 {
            "1 handler never ran".into()
        } else {
            format!("{handlers} handlers never ran")
        });
        zh.push(format!("{handlers} 个处理函数从未运行"));
    }
    if en.is_empty() {
        return;
    }
    let text = Text::made(
        format!(
            "the script has ended: {}; `app.start()` at its end keeps the program listening",
            en.join(", ")
        ),
        format!("脚本已结束：{}；在末尾调用 `app.start()` 可让程序继续监听", zh.join("，")),
    );
    program.note(text.get(started.show.lang));
}

/// A script that is done still has delayed recalls to make; Ctrl-C leaves them.
fn finish(program: &Program, started: &Started, stop: &Stop) -> Result<()> {
    let Some(live) = started.interpreter.app().filter(|live| live.0.background_count() > 0) else {
        return Ok(());
    };
    program.bridge.evaluate(stop, || {
        program.bridge.wait(&Flight::default(), async {
            live.0.finish_background().await;
            Ok(())
        })
    })
}
