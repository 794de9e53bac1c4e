//! The console: banner, editor, loop.

use std::io::{IsTerminal as _, stderr};
use std::path::PathBuf;
use std::sync::{Arc, Weak};

use super::early::Early;
use super::listen::finish;
use super::program::Program;
use super::start::{Ask, Started, says_yes, start};
use crate::console::arrivals::Arrivals;
use crate::console::complete::{Completer, Known};
use crate::console::editor::{Compile, Editor, EditorOptions};
use crate::console::host::Crowds;
use crate::console::input::ParseFailure;
use crate::console::memory::Memory;
use crate::console::pager::Pager;
use crate::console::repl::{Repl, State};
use crate::console::terminal::Terminal;
use crate::console::text::wrap;
use crate::error::Result;
use crate::lang::Text;
use crate::ops::Questioner;
use crate::script::Interpreter;

/// Runs the console.
pub(super) fn run(program: &Program) -> Result<u8, Early> {
    let started = start(program, Ask::Yes)?;
    let (known, compile) = (Known::default(), compile(&started.interpreter));
    let editor = editor(program, &started, &known, &compile)?;
    if program.stdout_is_terminal {
        program.screen.result(&banner(&started));
    }
    let mut show = started.show;
    show.renderer.prompt = true;
    let pager = Pager::new(program.env.var("PAGER"), program.env.var("LESS"));
    let lang = show.lang;
    if let Some(live) = started.interpreter.app() {
        live.0.ask_with(Box::new(move |question| says_yes(&format!("{} [y/N] ", question.get(lang)))));
    }
    program.switches.record();
    if stderr().is_terminal() {
        program.switches.ask_with(questioner(program));
    }
    let state = State { profile: started.profile.clone(), sandbox: started.sandbox };
    let (screen, interrupts) = (Arc::clone(&program.screen), program.interrupts.clone());
    // What arrives, and what goes wrong in handlers, is told above the prompt.
    let clock = program.clock.clone();
    let arrivals =
        Arrivals::new(Arc::clone(&screen), show.palette, program.screen.spoken.clone(), move |millis| {
            clock.time_of_day(millis)
        });
    let told = Arc::downgrade(&arrivals);
    program.practised.hear_with(move |answered| {
        if let Some(arrivals) = told.upgrade() {
            arrivals.show_answer(answered);
        }
    });
    let Started { interpreter, .. } = started;
    let (mut memory, host) = (Memory::default(), program);
    memory.timeout = program.global.timeout;
    let parts = Repl {
        editor,
        compile,
        interpreter,
        known,
        show,
        screen,
        pager,
        interrupts,
        arrivals,
        state,
        host,
        memory,
    };
    Ok(run_until_left(program, parts)?)
}

/// Asks at the terminal, while nothing else is written there.
fn questioner(program: &Program) -> Questioner {
    let screen = Arc::clone(&program.screen);
    Box::new(move |question, cancel| {
        let text = screen.fit(question.get(screen.spoken.get())).into_owned();
        screen.hold(|| Terminal::ask(&text, || cancel.is_cancelled()).ok())
    })
}

/// Counted calls are written down whatever ends the console.
fn run_until_left(program: &Program, mut repl: Repl<'_>) -> Result<u8> {
    let app = repl.interpreter.app().map(|live| Arc::downgrade(&live.0));
    repl.interrupts.before_end(move || {
        if let Some(session) = app.as_ref().and_then(Weak::upgrade) {
            session.flush_usage();
        }
    });
    let left = repl.run();
    if !repl.interrupts.is_ending() {
        finish_handling(program, &repl)?;
    }
    if let Some(live) = repl.interpreter.app() {
        live.0.flush_usage();
    }
    repl.interpreter.leave_engine();
    left
}

/// Ends listening, and lets what is being handled come to its end.
fn finish_handling(program: &Program, repl: &Repl<'_>) -> Result<()> {
    let (Some(live), station) = (repl.interpreter.app(), repl.interpreter.station()) else { return Ok(()) };
    let count = if station.stop(&live.0) { station.handling_count() } else { 0 };
    if count == 0 {
        return Ok(());
    }
    repl.screen.tell(&Text::made(
        format!("waiting for what is being handled ({count}); Ctrl-C leaves at once"),
        format!("正在等待处理完成（{count}）；按 Ctrl-C 立即退出"),
    ));
    finish(program, &live, station)
}

/// The engine's parser.
pub(super) fn compile(interpreter: &Interpreter) -> Compile {
    let check = interpreter.checker();
    Arc::new(move |source| {
        check(source).map_err(|problem| {
            let (line, column) = problem.spot.unwrap_or_default();
            ParseFailure { line, column, message: problem.message.en.into_owned() }
        })
    })
}

/// The line editor of a profile.
pub(super) fn editor(
    program: &Program,
    started: &Started,
    known: &Known,
    compile: &Compile,
) -> Result<Editor> {
    let history = started.paths.state_dir.as_ref().map(|dir| dir.join(&started.profile).join("history"));
    known.speak(started.show.lang);
    let profiles = started.profiles.clone();
    let here = Arc::clone(&program.practised);
    let crowds: Crowds = Arc::new(move |live| here.crowd(&live.0.config.endpoints.api));
    let completer = Completer { known: known.clone(), folder: PathBuf::from("."), profiles, crowds };
    Editor::new(EditorOptions {
        history,
        color: started.show.palette.is_colored(),
        stdout_is_terminal: program.stdout_is_terminal,
        dumb: program.env.var("TERM") == Some("dumb"),
        compile: Arc::clone(compile),
        assist: Arc::new(completer),
        mode: started.config.edit_mode,
        ascii: program.screen.is_ascii(),
    })
}

fn banner(started: &Started) -> String {
    let lang = started.show.lang;
    let where_ = if started.unconfigured {
        Text::fixed(
            "sandbox\nThe organisation 星河科技 is made up, nothing reaches DingTalk. To go live: `dingraia config init`",
            "沙盒\n组织星河科技是虚构的，不会触及钉钉。正式使用请运行：`dingraia config init`",
        )
    } else if started.sandbox {
        Text::fixed(
            "sandbox\nThe organisation 星河科技 is made up, nothing reaches DingTalk.",
            "沙盒\n组织星河科技是虚构的，不会触及钉钉。",
        )
    } else {
        let key = started.config.bot.as_ref().and_then(|bot| bot.app_key.clone()).unwrap_or_default();
        if key.is_empty() {
            Text::fixed(
                "live, without `[bot]`: webhook messages only",
                "正式环境，未配置 `[bot]`：只能发送 Webhook 消息",
            )
        } else {
            Text::made(format!("live: app {key}"), format!("正式环境：应用 {key}"))
        }
    };
    let tips = Text::fixed(
        "`help` lists the methods, `x?` explains one, Tab completes, Ctrl-D leaves",
        "`help` 列出方法，`x?` 查看说明，Tab 补全，Ctrl-D 退出",
    );
    let text = format!("dingraia {} · {}\n{}", env!("CARGO_PKG_VERSION"), where_.get(lang), tips.get(lang));
    wrap(&text, started.show.text_columns, 0)
}
