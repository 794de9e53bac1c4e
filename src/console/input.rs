//! Is the input complete, and what kind of line is it?

use super::command::find;
use super::scan::{Open, Token, begins_name, is_in_name, scan};

/// Why and where the engine refused a text; line and column count from 1, 0 when the engine does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFailure {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
    /// The engine's message.
    pub message: String,
}

/// What to do with the input when Enter is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Evaluate it, also when it is wrong.
    Complete,
    /// Ask for another line.
    Incomplete,
}

/// What the user entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// Nothing but blanks.
    Blank,
    /// A console command, `%name args`.
    Command {
        /// The name, without `%`.
        name: &'a str,
        /// What follows, without blanks around it.
        args: &'a str,
    },
    /// `topic?` or `?topic`.
    Help(&'a str),
    /// Code whose value is shown.
    Code(&'a str),
    /// Code whose value is not shown, for it ends in `;`.
    Silent(&'a str),
}

/// Tells the kinds of input apart.
pub fn classify(text: &str) -> Line<'_> {
    let line = text.trim();
    if line.is_empty() {
        return Line::Blank;
    }
    if let Some(topic) = help(line) {
        return Line::Help(topic);
    }
    if let Some(command) = line.strip_prefix('%') {
        let end = command.find(char::is_whitespace).unwrap_or(command.len());
        return Line::Command { name: &command[..end], args: command[end..].trim() };
    }
    let scan = scan(text);
    let ends = scan.last_code().is_some_and(|last| &text[last.start..last.end] == ";");
    if ends { Line::Silent(text) } else { Line::Code(text) }
}

/// The topic of a line that asks for help; anything that could be code is none.
fn help(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches('?').trim_start();
    let topic = bare.trim_end_matches('?').trim_end();
    if topic.len() == line.len() {
        return None;
    }
    let name = topic.strip_prefix('%').unwrap_or(topic);
    let is_name =
        name.starts_with(begins_name) && name.chars().all(|c| is_in_name(c) || matches!(c, '.' | ':' | '-'));
    (topic.is_empty() || is_name).then_some(topic)
}

/// Judges `text` with the engine's parser.
///
/// The engine has no error that means "goes on", so the place of the error decides: at or behind the end of the
/// last token means that something is missing there.
pub fn judge(text: &str, compile: impl Fn(&str) -> Result<(), ParseFailure>) -> Verdict {
    if let Some(code) = code_of_command(text) {
        return judge(code, compile);
    }
    let last_line = text.rsplit('\n').next().unwrap_or_default();
    if last_line.trim().is_empty() || text.trim_start().starts_with('%') || help(text.trim()).is_some() {
        return Verdict::Complete;
    }
    let scan = scan(text);
    // The engine takes an open comment for a complete one, and puts the error of an open text at its start.
    if matches!(scan.open, Open::Continued | Open::Raw | Open::Template | Open::Comment) {
        return Verdict::Incomplete;
    }
    match compile(text) {
        Err(failure) if lies_behind(text, scan.last_code(), &failure) => Verdict::Incomplete,
        _ => Verdict::Complete,
    }
}

/// The code behind a command that takes nothing but code, such as `%plan { … }`, when there is some.
fn code_of_command(text: &str) -> Option<&str> {
    let (name, code) = text.trim_start().strip_prefix('%')?.split_once(char::is_whitespace)?;
    let takes_code = find(name).is_some_and(|command| command.usage.starts_with("CODE"));
    (takes_code && !code.trim().is_empty()).then_some(code)
}

/// Takes apart what was pasted: several inputs that make no sense as one, each of which is right by itself.
pub fn split(text: &str, compile: impl Fn(&str) -> Result<(), ParseFailure>) -> Vec<&str> {
    let is_code = |text: &str| matches!(classify(text), Line::Code(_) | Line::Silent(_));
    if !text.trim().contains('\n') || (is_code(text) && compile(text).is_ok()) {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = line.as_ptr() as usize - text.as_ptr() as usize + line.len();
        let part = text[start..end].trim_end();
        if part.trim().is_empty() || judge(part, &compile) == Verdict::Incomplete {
            continue;
        }
        if is_code(part) && compile(part).is_err() {
            return vec![text];
        }
        parts.push(part.trim_start_matches(['\n', '\r']));
        start = end;
    }
    let is_used_up = text[start..].trim().is_empty();
    parts.retain(|part| !is_code(part) || scan(part).last_code().is_some());
    if is_used_up && !parts.is_empty() { parts } else { vec![text] }
}

/// Whether the place of the error is the end of the last token or behind it. Without any token it is the start:
/// a doc comment waits for its function.
fn lies_behind(text: &str, last: Option<Token>, failure: &ParseFailure) -> bool {
    if failure.line == 0 {
        return false;
    }
    let before = &text[..last.map_or(0, |last| last.end)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (failure.line, failure.column) >= (line, column)
}

#[cfg(test)]
mod tests {
    use super::{Line, Verdict, classify, judge};

    #[test]
    fn lines_are_told_apart() {
        assert_eq!(classify("  \n"), Line::Blank);
        assert_eq!(classify("%cache users 张 "), Line::Command { name: "cache", args: "users 张" });
        assert_eq!(classify("%"), Line::Command { name: "", args: "" });
        for line in ["app.get_user?", "?app.get_user", " ? app.get_user", "app.get_user??"] {
            assert_eq!(classify(line), Line::Help("app.get_user"), "{line}");
        }
        assert_eq!(classify("?"), Line::Help(""));
        assert_eq!(classify("%cache?"), Line::Help("%cache"));
        assert_eq!(classify("用户?"), Line::Help("用户"));
        assert_eq!(classify("a ?? b"), Line::Code("a ?? b"));
        assert_eq!(classify("\"who?"), Line::Code("\"who?"));
        assert_eq!(classify("f(1) ; // done"), Line::Silent("f(1) ; // done"));
        assert_eq!(classify("\"a;\" // ;"), Line::Code("\"a;\" // ;"));
    }

    #[test]
    fn a_paste_of_several_inputs_is_taken_apart() {
        let engine = rhai::Engine::new();
        let compile = |text: &str| {
            engine.compile(text).map(drop).map_err(|error| {
                let (line, column) = (error.position().line(), error.position().position());
                super::ParseFailure {
                    line: line.unwrap_or(0),
                    column: column.unwrap_or(0),
                    message: error.to_string(),
                }
            })
        };
        let parts = |text| super::split(text, compile);
        assert_eq!(parts("let a = 1\nlet b = 2\n\na + b\n"), ["let a = 1", "let b = 2", "a + b"]);
        let mixed = "# not code";
        assert_eq!(parts(mixed), [mixed]);
        assert_eq!(
            parts("// a tour\n%help\nget_user?\nfn f(x) {\n  x + 1\n}\n\nf(1)"),
            ["%help", "get_user?", "fn f(x) {\n  x + 1\n}", "f(1)"]
        );
        for whole in ["fn f(x) {\n  x\n}\nf(1)", "let a = 1\nlet = 2\n", "let a = 1\nf(", "1\n  .abs()"] {
            assert_eq!(parts(whole), [whole]);
        }
    }

    #[test]
    fn commands_and_blank_lines_never_wait() {
        let never = |_: &str| unreachable!("the parser is not asked");
        for text in ["%open (", "get?", "?get", "fn f() {\n  ", ""] {
            assert_eq!(judge(text, never), Verdict::Complete, "{text:?}");
        }
    }
}
