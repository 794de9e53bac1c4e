//! Completion from memory: methods after `app.`, constructors, functions and variables elsewhere.

use std::sync::Arc;

use parking_lot::RwLock;

use super::editor::{Candidate, Complete};
use super::scan::{Class, is_in_name, scan};
use crate::api::methods;
use crate::script::BUILTINS;
use crate::spec::On;

/// What `app` has beside methods.
const APP_FIELDS: &[&str] = &["api", "oapi", "config"];

/// Completes names out of the rows, and those that the session has given.
#[derive(Debug, Clone, Default)]
pub struct Names {
    given: Arc<RwLock<Vec<String>>>,
}

impl Names {
    /// The variables and functions of the session are these now.
    pub fn set_given(&self, names: Vec<String>) {
        *self.given.write() = names;
    }

    /// Every name that can follow `receiver.`, or stand alone.
    fn known(&self, receiver: Option<&str>) -> Vec<String> {
        let on = match receiver {
            Some("app") => On::App,
            Some("api" | "oapi") => On::Door,
            Some(_) => return Vec::new(),
            None => On::Nothing,
        };
        let rows = methods().filter(|method| method.on == on).map(|method| method.name.to_owned());
        let fields = APP_FIELDS.iter().filter(|_| on == On::App).map(|name| (*name).to_owned());
        let mut found: Vec<String> = rows.chain(fields).collect();
        if on == On::Nothing {
            found.push("app".into());
            found.extend(BUILTINS.iter().map(|builtin| builtin.name.to_owned()));
            found.extend(self.given.read().iter().cloned());
            found.sort_unstable();
            found.dedup();
        }
        found
    }
}

impl Complete for Names {
    fn complete(&self, line: &str, pos: usize) -> (usize, Vec<Candidate>) {
        let before = &line[..pos];
        let word = last_name(before);
        let start = pos - word.len();
        let receiver = before[..start].trim_end().strip_suffix('.').map(|text| last_name(text.trim_end()));
        let nothing_to_go_by = receiver.is_none() && word.is_empty();
        if nothing_to_go_by || is_text_at(line, pos) {
            return (pos, Vec::new());
        }
        let found = self.known(receiver).into_iter().filter(|name| name.starts_with(word));
        (start, found.map(|name| Candidate { display: name.clone(), replacement: name }).collect())
    }
}

/// Whether the character before `pos` is inside a text or a comment.
fn is_text_at(line: &str, pos: usize) -> bool {
    scan(line).tokens.iter().any(|token| {
        let is_text = matches!(token.class, Class::Text | Class::Char | Class::Template | Class::Comment);
        is_text && token.start < pos && pos <= token.end
    })
}

/// The name at the end of `text`.
fn last_name(text: &str) -> &str {
    let start = text.char_indices().rev().take_while(|(_, c)| is_in_name(*c)).last();
    start.map_or("", |(at, _)| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::console::editor::Complete as _;

    fn found(line: &str) -> Vec<String> {
        let names = Names::default();
        names.set_given(vec!["名单".into(), "names".into(), "app_key".into()]);
        names.complete(line, line.len()).1.into_iter().map(|candidate| candidate.replacement).collect()
    }

    #[test]
    fn names_are_found_where_they_can_stand() {
        assert_eq!(found("app.get_dept_u"), ["get_dept_users"]);
        assert_eq!(found("app . ap"), ["api"]);
        assert_eq!(found("app.api.pu"), ["put"]);
        assert_eq!(found("x.ge"), [""; 0]);
        assert_eq!(found("let u = Mem"), ["Member"]);
        assert_eq!(found("名"), ["名单"]);
        assert_eq!(found("f(app"), ["app", "app_key"]);
        assert_eq!(found("`甲 ${nam"), ["names"]);
    }

    #[test]
    fn nothing_is_offered_inside_texts() {
        for line in ["", "  ", "\"app.ge", "`app.ge", "// app.ge", "f(\"a\", 'M"] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }
}
