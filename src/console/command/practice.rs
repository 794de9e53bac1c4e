//! The practice organisation from the prompt: its people speak, press buttons, and things go wrong.

use super::words::{first, open_word, words};
use super::{Command, Word};
use crate::console::host::Deed;
use crate::console::repl::{Next, Repl};
use crate::console::text::escape_lines;
use crate::lang::Text;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "as",
        aliases: &[],
        usage: "PERSON [GROUP] TEXT",
        doc: Text::fixed("somebody in the sandbox says something to the robot", "让沙盒中的某人对机器人说话"),
        more: Text::fixed(
            "PERSON is a name or a userId; GROUP a title or a `cid…`, without one it is said to the robot alone. What the robot says there \
             from then on is shown above the prompt. `%listen on` must have been entered for it to hear anything.",
            "PERSON 为姓名或 userId；GROUP 为群名或 `cid…`，不填则为与机器人单聊。此后机器人在该处的发言会显示在提示符上方。需先用 `%listen on` \
             开始监听，机器人才能收到消息。",
        ),
        words: &[Word::Person, Word::Place, Word::Free],
        example: "%as 张伟 发布小组 你好",
        run: |repl, args| say(repl, args),
    },
    Command {
        name: "sandbox",
        aliases: &[],
        usage: "say|press|event|fault|state …",
        doc: Text::fixed(
            "plays the sandbox: messages, clicks, events, failures",
            "操作沙盒：消息、点击、事件与故障",
        ),
        more: Text::fixed(
            "The words are those of `dingraia sandbox`: `%sandbox press CARD 张伟 agree`, `%sandbox event chat_update_title {\"title\": \"新\"}`, `%sandbox \
             fault link.disconnect`, `%sandbox fault frame.twice --times 2`. `%sandbox fault` lists the failures, `%sandbox state` shows connections, \
             pushes and messages.",
            "用法与 `dingraia sandbox` 相同：`%sandbox press CARD 张伟 agree`、`%sandbox event chat_update_title {\"title\": \"新\"}`、`%sandbox fault \
             link.disconnect`、`%sandbox fault frame.twice --times 2`。`%sandbox fault` 列出全部故障，`%sandbox state` 显示连接、推送与消息。",
        ),
        words: &[Word::Deed],
        example: "%sandbox fault frame.twice",
        run: |repl, args| deed(repl, args),
    },
];

fn say(repl: &mut Repl<'_>, args: &str) -> Next {
    let (person, rest) = open_word(args);
    let (first, text) = open_word(rest);
    if person.is_empty() || rest.is_empty() {
        return repl.fail(super::missing("as"));
    }
    // What was said stays as it was typed, but for a group in quotes.
    let words = [first, text.to_owned()].into_iter().filter(|word| !word.is_empty()).collect();
    done(repl, &Deed::Say(person, words))
}

fn deed(repl: &mut Repl<'_>, args: &str) -> Next {
    let (deed, rest) = first(args);
    if deed == "event" {
        // JSON has quotes of its own.
        let (kind, rest) = first(rest);
        let (quoted, more) = open_word(rest);
        let data = if more.is_empty() { quoted } else { rest.to_owned() };
        let words = [deed.to_owned(), kind.to_owned(), data];
        return done(repl, &Deed::Words(words.into_iter().filter(|word| !word.is_empty()).collect()));
    }
    match words(args) {
        Ok(words) => done(repl, &Deed::Words(words)),
        Err(error) => repl.fail(error),
    }
}

fn done(repl: &mut Repl<'_>, deed: &Deed) -> Next {
    match repl.host.practise(&repl.interpreter, deed, repl.show.lang) {
        Ok(told) => {
            repl.screen.result(&escape_lines(&told));
            Next::Read
        }
        Err(error) => repl.fail(error),
    }
}
