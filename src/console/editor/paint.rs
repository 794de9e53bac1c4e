//! The line in colours.

use super::assist::Assist;
use crate::console::command;
use crate::console::scan::{Class, Scan, scan};
use crate::console::style::{Palette, Role};

/// `line` in colours; the bracket at the cursor, or before it, and the one that belongs to it stand out.
pub(super) fn paint(line: &str, cursor: Option<usize>, palette: Palette, assist: &dyn Assist) -> String {
    if let Some(painted) = command_line(line, palette) {
        return painted;
    }
    let scan = scan(line);
    let matched = cursor.and_then(|cursor| matching(&scan, cursor));
    let mut out = String::with_capacity(line.len() * 2);
    let mut done = 0;
    for (index, token) in scan.tokens.iter().enumerate() {
        out.push_str(&line[done..token.start]);
        let text = &line[token.start..token.end];
        let is_matched = matched.is_some_and(|(one, other)| index == one || index == other);
        let role = match token.class {
            _ if is_matched => Some(Role::Match),
            Class::Identifier => match assist.knows(line, &scan, index) {
                Some(true) => Some(Role::Known),
                // It may become known while it is typed.
                Some(false) if cursor != Some(token.end) => Some(Role::Unknown),
                _ => None,
            },
            class => role(class, text),
        };
        match role {
            Some(role) => out.push_str(&palette.paint(role, text)),
            None => out.push_str(text),
        }
        done = token.end;
    }
    out.push_str(&line[done..]);
    out
}

/// A console command: its name is known or not, the rest is left alone.
fn command_line(line: &str, palette: Palette) -> Option<String> {
    let start = line.len() - line.trim_start().len();
    let rest = line[start..].strip_prefix('%')?;
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (name, args) = rest.split_at(length);
    let role = match command::find(name) {
        Some(_) => Role::Known,
        None if args.is_empty() => return Some(line.to_owned()),
        None => Role::Unknown,
    };
    Some(format!("{}{}{args}", &line[..start], palette.paint(role, &format!("%{name}"))))
}

/// The two tokens of the bracket at `cursor`, or before it.
pub(super) fn matching(scan: &Scan, cursor: usize) -> Option<(usize, usize)> {
    let at = |byte: usize| {
        let index = scan.token_at(byte)?;
        Some((index, scan.partner(index)?))
    };
    at(cursor).or_else(|| at(cursor.checked_sub(1)?))
}

fn role(class: Class, text: &str) -> Option<Role> {
    match class {
        Class::Keyword if matches!(text, "true" | "false") => Some(Role::Bool),
        Class::Keyword => Some(Role::Keyword),
        Class::Number => Some(Role::Number),
        Class::Text | Class::Char | Class::Template => Some(Role::Text),
        Class::Comment => Some(Role::Dim),
        Class::Identifier | Class::Operator | Class::Bracket => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{matching, paint};
    use crate::console::editor::{Assist, Completion, Signature};
    use crate::console::scan::{Scan, scan};
    use crate::console::style::{Palette, Role};

    /// Knows `good` and nothing else.
    struct Fake;

    impl Assist for Fake {
        fn complete(&self, _: &str, _: usize) -> Completion {
            Completion::default()
        }

        fn signature(&self, _: &str, _: usize) -> Option<Signature> {
            None
        }

        fn knows(&self, line: &str, scan: &Scan, index: usize) -> Option<bool> {
            let token = scan.tokens[index];
            Some(&line[token.start..token.end] == "good")
        }
    }

    #[test]
    fn painting_keeps_the_text() {
        for line in ["let 名 = f(`甲 ${g(\"乙\")} 丙`, 1.5); // 完", "%help get_user", " %nothing 1", "%"]
        {
            assert_eq!(paint(line, Some(3), Palette::new(false), &Fake), line);
            let mut painted = paint(line, Some(line.len()), Palette::new(true), &Fake);
            while let Some(start) = painted.find('\u{1b}') {
                let end = painted[start..].find('m').map_or(painted.len(), |end| start + end + 1);
                painted.replace_range(start..end, "");
            }
            assert_eq!(painted, line);
        }
    }

    #[test]
    fn known_and_unknown_names_differ() {
        let palette = Palette::new(true);
        let painted = |line: &str| paint(line, Some(line.len()), palette, &Fake);
        let (known, unknown) = (palette.paint(Role::Known, "good"), palette.paint(Role::Unknown, "bad"));
        assert_eq!(painted("good bad "), format!("{known} {unknown} "));
        // What is still being typed is not wrong yet.
        assert_eq!(painted("good bad"), format!("{known} bad"));
        assert!(painted("%help x").starts_with(&palette.paint(Role::Known, "%help")));
        assert!(painted("%hepl x").starts_with(&palette.paint(Role::Unknown, "%hepl")));
        assert_eq!(painted("%hepl"), "%hepl");
    }

    #[test]
    fn brackets_find_each_other() {
        let line = "f(#{a: [1]})";
        let scan = scan(line);
        let pair = |cursor| {
            matching(&scan, cursor).map(|(one, other)| (scan.tokens[one].start, scan.tokens[other].start))
        };
        assert_eq!(pair(1), Some((1, 11)));
        assert_eq!(pair(12), Some((11, 1)));
        assert_eq!(pair(3), Some((2, 10)));
        assert_eq!(pair(5), None);
    }
}
