//! The console: banner, editor, loop.

use std::sync::Arc;

use super::program::Program;
use super::start::{Ask, Started, start};
use crate::config::Config;
use crate::console::arrivals::Arrivals;
use crate::console::complete::Names;
use crate::console::editor::{Compile, Editor, EditorOptions};
use crate::console::input::ParseFailure;
use crate::console::repl::{Repl, State};
use crate::console::text::wrap;
use crate::error::Result;
use crate::lang::Text;

/// Runs the console.
pub(super) fn run(program: &Program) -> Result<u8> {
    let mut started = start(program, Ask::Yes)?;
    let (names, compile) = (Names::default(), compile(&started));
    let editor = editor(program, &started, &names, &compile)?;
    if program.stdout_is_terminal {
        program.screen.result(&banner(&started));
    }
    let mut show = started.show;
    show.renderer.quote_text = true;
    let state = State { profile: started.profile.clone(), sandbox: started.sandbox };
    let (screen, interrupts) = (Arc::clone(&program.screen), program.interrupts.clone());
    let arrivals = watch(program, &started);
    let interpreter = &mut started.interpreter;
    Repl { editor, compile, interpreter, names, show, screen, interrupts, arrivals, state }.run()
}

/// What arrives, and what goes wrong in handlers, is told above the prompt.
fn watch(program: &Program, started: &Started) -> Arc<Arrivals> {
    let clock = program.clock.clone();
    let arrivals =
        Arrivals::new(Arc::clone(&program.screen), started.show.palette, started.show.lang, move |millis| {
            clock.time_of_day(millis)
        });
    let station = started.interpreter.station();
    let here = Arc::clone(&arrivals);
    station.watch_arrivals(move |arrived| here.show(arrived));
    arrivals
}

/// The engine's parser.
fn compile(started: &Started) -> Compile {
    let check = started.interpreter.checker();
    Arc::new(move |source| {
        check(source).map_err(|problem| {
            let (line, column) = problem.spot.unwrap_or_default();
            ParseFailure { line, column, message: problem.message.en.into_owned() }
        })
    })
}

fn editor(program: &Program, started: &Started, names: &Names, compile: &Compile) -> Result<Editor> {
    let history = started.paths.state_dir.as_ref().map(|dir| dir.join(&started.profile).join("history"));
    Editor::new(EditorOptions {
        history,
        color: started.show.palette.is_colored(),
        stdout_is_terminal: program.stdout_is_terminal,
        dumb: program.env.var("TERM") == Some("dumb"),
        compile: Arc::clone(compile),
        complete: Arc::new(names.clone()),
        secrets: secrets(&started.config),
    })
}

/// The values that must not reach the history.
fn secrets(config: &Config) -> Vec<String> {
    let bot = config.bot.as_ref();
    let own = [
        config.card_api_secret.as_ref(),
        bot.and_then(|bot| bot.app_secret.as_ref()),
        bot.and_then(|bot| bot.group_webhook_access_token.as_ref()),
        bot.and_then(|bot| bot.group_webhook_secure_key.as_ref()),
        config.event_callback.as_ref().map(|callback| &callback.aes_key),
        config.event_callback.as_ref().map(|callback| &callback.token),
    ];
    let streams = config.stream.iter().map(|stream| &stream.app_secret);
    own.into_iter().flatten().chain(streams).map(|secret| secret.expose().to_owned()).collect()
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
