//! `%set`: what can be changed while the session runs. Each setting is a row.

use super::words::first;
use super::{Command, Word};
use crate::config::{Confirm, EditMode};
use crate::console::render::Mode;
use crate::console::repl::{Next, Repl};
use crate::console::style::{Palette, Role};
use crate::console::text::{pad, width};
use crate::error::{Error, Result};
use crate::lang::{Lang, Text};
use crate::spec::nearest;

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "set",
    aliases: &[],
    usage: "[NAME [VALUE]]",
    doc: Text::fixed("shows or changes settings of this session", "查看或更改本次会话的设置"),
    more: Text::fixed(
        "They hold until you leave; the configuration file stays as it is.",
        "设置在退出前有效；配置文件不会改变。",
    ),
    words: &[Word::Setting, Word::Free],
    example: "%set lang zh",
    run: set,
}];

/// One setting.
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub doc: Text,
    /// The values it takes, as help shows them.
    pub values: &'static [&'static str],
    get: fn(&Repl<'_>) -> String,
    set: fn(&mut Repl<'_>, &str) -> Option<()>,
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "lang",
        doc: Text::fixed("language of texts", "文本语言"),
        values: &["en", "zh"],
        get: |repl| repl.show.lang.name().to_owned(),
        set: |repl, value| {
            let lang = Lang::parse(value).filter(|_| ["en", "zh"].contains(&value))?;
            repl.memory.lang = Some(lang);
            repl.speak(lang);
            Some(())
        },
    },
    Setting {
        name: "color",
        doc: Text::fixed("colours", "颜色"),
        values: &["on", "off"],
        get: |repl| on_off(repl.show.renderer.palette.is_colored()),
        set: |repl, value| {
            let palette = Palette::new(is_on(value)?);
            repl.show.palette = palette;
            repl.show.renderer.palette = palette;
            repl.editor.set_color(palette.is_colored());
            Some(())
        },
    },
    Setting {
        name: "mode",
        doc: Text::fixed("how values are shown", "结果的显示方式"),
        values: &["auto", "table", "card", "json", "raw", "csv"],
        get: |repl| repl.show.renderer.mode.name().to_owned(),
        set: |repl, value| {
            repl.show.renderer.mode = Mode::parse(value)?;
            Some(())
        },
    },
    Setting {
        name: "edit_mode",
        doc: Text::fixed("keys of the line editor", "行编辑的按键方式"),
        values: &["emacs", "vi"],
        get: |repl| repl.editor.edit_mode().name().to_owned(),
        set: |repl, value| EditMode::parse(value).map(|mode| repl.editor.set_edit_mode(mode)),
    },
    Setting {
        name: "timeout",
        doc: Text::fixed("seconds that one input may take", "单次输入的最长时间（秒）"),
        values: &["off", "30"],
        get: |repl| repl.memory.timeout.map_or_else(|| "off".into(), |seconds| seconds.to_string()),
        set: |repl, value| {
            repl.memory.timeout = match value {
                "off" | "none" | "0" => None,
                seconds => Some(
                    seconds.parse::<f64>().ok().filter(|seconds| *seconds > 0.0 && seconds.is_finite())?,
                ),
            };
            Some(())
        },
    },
    Setting {
        name: "pace",
        doc: Text::fixed("calls a second of each method", "每个方法每秒的调用次数"),
        values: &["20", "off"],
        get: |repl| {
            let pace = repl.interpreter.app().map_or(0.0, |live| live.0.client.calls_per_second());
            if pace > 0.0 { pace.to_string() } else { "off".into() }
        },
        set: |repl, value| {
            let calls = match value {
                "off" | "none" => 0.0,
                calls => calls.parse::<f64>().ok().filter(|calls| *calls >= 0.0 && calls.is_finite())?,
            };
            repl.interpreter.app()?.0.client.set_calls_per_second(calls);
            Some(())
        },
    },
    Setting {
        name: "confirm",
        doc: Text::fixed("what a live prompt asks about", "正式环境中需要询问的操作"),
        values: &["never", "destroy", "all"],
        get: |repl| {
            let confirm = repl.interpreter.app().map(|live| live.0.safety.confirm());
            confirm.unwrap_or_default().name().to_owned()
        },
        set: |repl, value| {
            repl.interpreter.app()?.0.safety.set_confirm(Confirm::parse(value)?);
            Some(())
        },
    },
    Setting {
        name: "undo",
        doc: Text::fixed("reads what is changed at the prompt, for `%undo`", "更改前先读取，供 `%undo` 使用"),
        values: &["on", "off"],
        get: |repl| on_off(repl.interpreter.app().is_some_and(|live| live.0.safety.is_recording())),
        set: |repl, value| {
            repl.interpreter.app()?.0.safety.record(is_on(value)?);
            Some(())
        },
    },
];

fn is_on(value: &str) -> Option<bool> {
    match value {
        "on" | "always" | "true" => Some(true),
        "off" | "never" | "false" => Some(false),
        _ => None,
    }
}

fn on_off(is_on: bool) -> String {
    if is_on { "on".into() } else { "off".into() }
}

fn set(repl: &mut Repl<'_>, args: &str) -> Next {
    let (name, value) = first(args);
    let done = match (name, value) {
        ("", _) => Ok(list(repl)),
        (name, "") => find(name).map(|setting| format!("{} = {}", setting.name, (setting.get)(repl))),
        (name, value) => find(name).and_then(|setting| change(repl, setting, value)),
    };
    match done {
        Ok(text) => {
            if !text.is_empty() {
                repl.screen.result(&text);
            }
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}

fn find(name: &str) -> Result<&'static Setting> {
    let found = SETTINGS.iter().find(|setting| setting.name == name);
    found.ok_or_else(|| {
        let error = Error::usage(format!("no setting `{name}`"), format!("没有设置 `{name}`"));
        match nearest(name, SETTINGS.iter().map(|setting| setting.name)) {
            Some(near) => {
                error.hint(Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")))
            }
            None => error.hint(Text::fixed("`%set` lists them", "`%set` 列出全部设置")),
        }
    })
}

fn change(repl: &mut Repl<'_>, setting: &Setting, value: &str) -> Result<String> {
    let values = setting.values.join(", ");
    (setting.set)(repl, value.trim().trim_start_matches('=').trim()).map(|()| String::new()).ok_or_else(
        || {
            Error::usage(
                format!("`{}` cannot be `{value}`; for example: {values}", setting.name),
                format!("`{}` 不能设为 `{value}`；例如：{values}", setting.name),
            )
        },
    )
}

fn list(repl: &Repl<'_>) -> String {
    let (help, lang) = (repl.show.help(), repl.show.lang);
    let rows: Vec<(&Setting, String)> =
        SETTINGS.iter().map(|setting| (setting, (setting.get)(repl))).collect();
    let first = SETTINGS.iter().map(|setting| width(setting.name)).max().unwrap_or(0);
    let second = rows.iter().map(|(_, value)| width(value)).max().unwrap_or(0);
    let mut out = String::new();
    for (setting, value) in rows {
        let doc = format!("{} ({})", setting.doc.get(lang), setting.values.join(", "));
        let text = format!("{}  {}", pad(&value, second), help.palette.paint(Role::Dim, &doc));
        help.row(&mut out, setting.name, first, &text);
    }
    out.trim_end().to_owned()
}
