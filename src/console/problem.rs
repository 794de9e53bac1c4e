//! An error shown with its place in the user's own text.

use std::fmt::Write as _;

use super::editor::secret::quotable;
use super::style::{Palette, Role};
use super::text::{char_width, escape, escape_lines, push_escaped, width, wrap};
use crate::lang::{Lang, Text};

const ERROR: Text = Text::fixed("error", "错误");
const HINT: Text = Text::fixed("hint", "提示");
const REQUEST: Text = Text::fixed("request id", "请求 ID");
const CALLED: Text = Text::fixed("called from", "调用自");

/// The most columns of a quoted line.
const LONGEST: usize = 200;

/// What stands before the further lines of a message.
const INDENT: usize = 2;

/// A place in a text of the user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// Name of the text, as `<in 3>` or a file; empty when it needs none.
    pub name: String,
    /// The text, when it is at hand.
    pub source: Option<String>,
    /// Line, from 1; 0 when unknown.
    pub line: usize,
    /// Column in characters, from 1; 0 when unknown.
    pub column: usize,
}

/// An error to be shown. Everything in it is plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// The kind, as `token`; empty for none.
    pub kind: String,
    /// What happened.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
    /// DingTalk's id of the request; empty for none.
    pub request_id: String,
    /// Where it happened.
    pub spot: Option<Spot>,
    /// The calls that led there, innermost first: the function that was called, and the place of the call.
    pub trail: Vec<(String, Spot)>,
}

impl Problem {
    /// The error as lines of at most `columns` columns where that is possible, each ended by a line break.
    pub fn show(&self, palette: Palette, lang: Lang, columns: usize) -> String {
        let head = match self.kind.as_str() {
            "" => format!("{}:", ERROR.get(lang)),
            kind => format!("{}[{}]:", ERROR.get(lang), escape(kind)),
        };
        let mut out = String::new();
        let line = |out: &mut String, head: &str, text: &str| {
            // Writing to a `String` cannot fail.
            let _ = writeln!(out, "{}", wrap(&format!("{head} {text}"), columns, INDENT));
        };
        line(&mut out, &palette.paint(Role::Error, &head), &escape_lines(&self.message));
        if let Some(spot) = &self.spot {
            if let Some(place) = place(spot, lang) {
                line(&mut out, &palette.paint(Role::Dim, "  -->"), &place);
            }
            out.push_str(&snippet(spot, palette, columns).unwrap_or_default());
        }
        for (name, spot) in &self.trail {
            let place = place(spot, lang).map(|place| format!(" ({place})")).unwrap_or_default();
            let head = palette.paint(Role::Dim, &format!("  {}", CALLED.get(lang)));
            line(&mut out, &head, &format!("`{}`{place}", escape(name)));
        }
        if !self.request_id.is_empty() {
            let head = palette.paint(Role::Dim, &format!("{}:", REQUEST.get(lang)));
            line(&mut out, &head, &escape(&self.request_id));
        }
        for hint in &self.hints {
            let head = palette.paint(Role::Hint, &format!("{}:", HINT.get(lang)));
            line(&mut out, &head, &escape_lines(hint));
        }
        out
    }
}

/// The place in words.
fn place(spot: &Spot, lang: Lang) -> Option<String> {
    let position = match (spot.line, spot.column, lang) {
        (0, _, _) => None,
        (line, 0, Lang::En) => Some(format!("line {line}")),
        (line, 0, Lang::Zh) => Some(format!("第 {line} 行")),
        (line, column, Lang::En) => Some(format!("line {line}, column {column}")),
        (line, column, Lang::Zh) => Some(format!("第 {line} 行，第 {column} 列")),
    };
    let name = escape(&spot.name);
    match (name.is_empty(), position, lang) {
        (true, position, _) => position,
        (false, None, _) => Some(name.into_owned()),
        (false, Some(position), Lang::En) => Some(format!("{name}, {position}")),
        (false, Some(position), Lang::Zh) => Some(format!("{name}，{position}")),
    }
}

/// The line of the source, and a caret under the column.
fn snippet(spot: &Spot, palette: Palette, columns: usize) -> Option<String> {
    let source = quotable(spot.source.as_deref()?.lines().nth(spot.line.checked_sub(1)?)?);
    let number = format!("{} | ", spot.line);
    let gutter = format!("{}| ", " ".repeat(number.len() - 2));
    // A line may be a megabyte long, also where nothing is wrapped.
    let room = columns.min(LONGEST).saturating_sub(number.len()).max(8);
    let (text, caret) = window(&pieces(&source), spot.column.saturating_sub(1), room);
    let mut out = String::new();
    let _ = writeln!(out, "{} {}", palette.paint(Role::Dim, number.trim_end()), text.trim_end());
    if spot.column > 0 {
        let mark = palette.paint(Role::Error, "^");
        let _ = writeln!(out, "{} {}{mark}", palette.paint(Role::Dim, gutter.trim_end()), " ".repeat(caret));
    }
    Some(out)
}

/// Each character as it is shown, with its width.
fn pieces(source: &str) -> Vec<(String, usize)> {
    source
        .chars()
        .map(|c| {
            let mut piece = String::new();
            match c {
                '\t' => piece.push_str("    "),
                c => push_escaped(&mut piece, c),
            }
            let columns = if piece.len() == c.len_utf8() { char_width(c) } else { width(&piece) };
            (piece, columns)
        })
        .collect()
}

/// As many of the pieces around `caret` as fit into `room`, and the column of the caret in them.
fn window(pieces: &[(String, usize)], caret: usize, room: usize) -> (String, usize) {
    let caret = caret.min(pieces.len());
    let total: usize = pieces.iter().map(|piece| piece.1).sum();
    let (mut start, mut end) = (0, pieces.len());
    if total >= room {
        let budget = room - 3; // `…` on both sides, and the caret behind the last character
        (start, end) = (caret, caret);
        let mut used = 0;
        let fits = |used: usize, piece: usize, limit: usize| used + pieces[piece].1 <= limit;
        while start > 0 && fits(used, start - 1, budget / 2) {
            start -= 1;
            used += pieces[start].1;
        }
        while end < pieces.len() && fits(used, end, budget) {
            used += pieces[end].1;
            end += 1;
        }
        while start > 0 && fits(used, start - 1, budget) {
            start -= 1;
            used += pieces[start].1;
        }
    }
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    text.extend(pieces[start..end].iter().map(|piece| piece.0.as_str()));
    if end < pieces.len() {
        text.push('…');
    }
    let before: usize = pieces[start..caret].iter().map(|piece| piece.1).sum();
    (text, before + usize::from(start > 0))
}

#[cfg(test)]
mod tests {
    use super::{Problem, Spot};
    use crate::console::style::Palette;
    use crate::console::text::width;
    use crate::lang::Lang;

    fn at(source: &str, line: usize, column: usize) -> Problem {
        let spot = Spot { name: "<in 3>".into(), source: Some(source.into()), line, column };
        Problem { message: "no such thing".into(), spot: Some(spot), ..Problem::default() }
    }

    fn shown(problem: &Problem, columns: usize) -> String {
        problem.show(Palette::new(false), Lang::En, columns)
    }

    #[test]
    fn the_caret_stands_under_wide_characters() {
        let expected =
            "error: no such thing\n  --> <in 3>, line 2, column 8\n2 | let 名字 = 张三\n  |          ^\n";
        assert_eq!(shown(&at("let a = 1;\nlet 名字 = 张三", 2, 8), 80), expected);
        let tab = shown(&at("\tx\u{1b}y", 1, 4), 80);
        assert!(tab.ends_with("1 |     x\\x1by\n  |          ^\n"), "{tab}");
    }

    #[test]
    fn long_lines_are_windowed() {
        let source = format!("{}错{}", "中文a".repeat(60), "尾巴".repeat(60));
        for columns in [40, 80, 120] {
            for column in [1, 90, 181, 200, 301, 302, 999] {
                let text = shown(&at(&source, 1, column), columns);
                let lines: Vec<_> = text.lines().skip(2).collect();
                assert!(lines.iter().all(|line| width(line) <= columns), "{columns} {column}\n{text}");
                let offset = width(lines[1].trim_end_matches('^'));
                let mut seen = 0;
                let under = lines[0].chars().find(|c| {
                    let here = seen == offset;
                    seen += width(&c.to_string());
                    here
                });
                assert_eq!(under, source.chars().nth(column - 1), "{columns} {column}\n{text}");
            }
        }
    }

    #[test]
    fn everything_in_chinese() {
        let problem = Problem {
            kind: "token".into(),
            message: "令牌无效\u{1b}[2J".into(),
            hints: vec!["检查配置".into()],
            request_id: "abc".into(),
            spot: Some(Spot { line: 1, ..Spot::default() }),
            trail: vec![("twice".into(), Spot { name: "a.rhai".into(), line: 2, column: 3, source: None })],
        };
        let expected = "错误[token]: 令牌无效\\x1b[2J\n  --> 第 1 行\n  调用自 `twice` (a.rhai，第 2 行，第 3 列)\n\
                        请求 ID: abc\n提示: 检查配置\n";
        assert_eq!(problem.show(Palette::new(false), Lang::Zh, 80), expected);
    }

    #[test]
    fn a_place_outside_of_the_text_is_only_told() {
        assert!(shown(&at("x", 9, 9), 80).ends_with("line 9, column 9\n"));
    }
}
