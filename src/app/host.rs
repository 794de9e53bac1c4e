//! What the console asks of the program around it.

use std::path::PathBuf;
use std::sync::Arc;

use super::doctor;
use super::play;
use super::program::Program;
use super::shell::{compile, editor};
use super::start::{Ask, Ready, start_on};
use crate::console::complete::Known;
use crate::console::host::{Deed, Host, Opened, Profiles, Reloaded};
use crate::console::repl::State;
use crate::error::Result;
use crate::lang::{Lang, Text};
use crate::script::{Interpreter, Live};

impl Host for Program {
    fn text_editor(&self) -> Option<String> {
        let named =
            ["VISUAL", "EDITOR"].iter().find_map(|name| self.env.var(name).filter(|value| !value.is_empty()));
        named.map(str::to_owned)
    }

    fn home(&self) -> Option<PathBuf> {
        self.env.var("HOME").or_else(|| self.env.var("USERPROFILE")).map(PathBuf::from)
    }

    fn can_redraw(&self) -> bool {
        self.stdout_is_terminal && self.env.var("TERM").is_some_and(|term| term != "dumb")
    }

    fn profiles(&self) -> Result<Profiles> {
        let loaded = self.load_profile(None)?;
        Ok(Profiles { names: loaded.profiles, file: loaded.config.source.file })
    }

    fn open(&self, profile: &str) -> Result<Opened> {
        let started = start_on(self, Some(profile), Ask::Yes).map_err(|early| early.go_on(self))?;
        let (known, compile) = (Known::default(), compile(&started.interpreter));
        let editor = editor(self, &started, &known, &compile)?;
        let state = State { profile: started.profile.clone(), sandbox: started.sandbox };
        let lang = started.show.lang;
        Ok(Opened { editor, compile, interpreter: started.interpreter, known, state, lang })
    }

    fn reload(&self, profile: &str, interpreter: &mut Interpreter) -> Result<Reloaded> {
        let before = interpreter.app();
        let mut ready = Ready::read(self, Some(profile), Ask::Yes)?;
        // The practice organisation has a state, which nobody wants to lose.
        let keeps_practice = ready.sandbox && before.as_ref().is_some_and(is_practice);
        let reloaded = || -> Result<(Live, Ready)> {
            let live = match &before {
                Some(live) if keeps_practice => live.clone(),
                _ => Live(ready.open(self)?),
            };
            interpreter.set_app(live.clone());
            let made = ready.run_init(self, interpreter, Ask::Yes).map_err(|early| early.go_on(self))?;
            Ok((made.unwrap_or(live), ready))
        };
        match reloaded() {
            Ok((live, ready)) => {
                if let Some(old) = before.filter(|old| !Arc::ptr_eq(&old.0, &live.0)) {
                    end(interpreter, &old);
                }
                Ok(Reloaded {
                    told: told(&live, &ready),
                    lang: ready.show.lang,
                    state: State { profile: ready.profile, sandbox: ready.sandbox },
                })
            }
            Err(error) => {
                if let Some(live) = before {
                    interpreter.set_app(live);
                }
                Err(error)
            }
        }
    }

    fn practise(&self, interpreter: &Interpreter, deed: &Deed, lang: Lang) -> Result<String> {
        play::at_the_prompt(self, interpreter, deed, lang)
    }

    fn doctor(&self, interpreter: &Interpreter, lang: Lang) -> Vec<String> {
        let Some(live) = interpreter.app() else { return Vec::new() };
        let config = Arc::clone(&live.0.config);
        let unconfigured = config.source.file.is_none() && is_practice(&live);
        doctor::lines(self, &config, config.profile_name(), unconfigured, &live, lang)
    }
}

/// What an app does beside the prompt ends with it, also when a script still holds it.
fn end(interpreter: &Interpreter, old: &Live) {
    interpreter.station().stop(&old.0);
    for task in old.0.tasks() {
        task.cancel();
    }
}

/// Whether its requests go to a server on this machine, which is then a sandbox.
pub(super) fn is_practice(live: &Live) -> bool {
    live.0.config.endpoints.api.starts_with("http://127.0.0.1:")
}

fn told(live: &Live, ready: &Ready) -> Text {
    let file = live.0.config.source.file.as_ref().map(|file| file.display().to_string());
    match (file, ready.unconfigured) {
        (Some(file), _) => Text::made(format!("read {file} again"), format!("已重新读取 {file}")),
        (None, true) => Text::fixed(
            "still nothing configured: the practice organisation stays as it is",
            "仍未找到配置：沙盒组织保持不变",
        ),
        (None, false) => {
            Text::fixed("read the environment and main.rhai again", "已重新读取环境变量与 main.rhai")
        }
    }
}
