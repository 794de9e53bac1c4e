//! Completion from memory: methods after `app.`, constructors and functions elsewhere.

use super::editor::{Candidate, Complete};
use super::scan::{Class, is_in_name, scan};
use crate::api::methods;
use crate::spec::{Method, On};

/// Completes names out of the rows.
#[derive(Debug, Default)]
pub struct Names;

impl Complete for Names {
    fn complete(&self, line: &str, pos: usize) -> (usize, Vec<Candidate>) {
        let before = &line[..pos];
        let start =
            before.char_indices().rev().find(|(_, c)| !is_in_name(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let inside_text = scan(line).tokens.iter().any(|token| {
            token.start < pos && pos <= token.end && matches!(token.class, Class::Text | Class::Comment)
        });
        if inside_text {
            return (pos, Vec::new());
        }
        let word = &before[start..];
        let receiver = before[..start].trim_end().strip_suffix('.').map(receiver);
        let rows = methods().filter(|method| match receiver {
            Some("app") => method.on == On::App,
            Some("api" | "oapi") => method.on == On::Door,
            Some(_) => false,
            None => method.on == On::Nothing && !word.is_empty(),
        });
        let mut found: Vec<Candidate> =
            rows.filter(|method| method.name.starts_with(word)).map(candidate).collect();
        let others: &[&str] = match receiver {
            Some("app") => &["api", "oapi", "config"],
            None if !word.is_empty() => {
                &["app", "parallel", "print", "sleep", "exit", "parse_json", "to_json"]
            }
            _ => &[],
        };
        found.extend(
            others
                .iter()
                .filter(|name| name.starts_with(word))
                .map(|name| Candidate { display: (*name).to_owned(), replacement: (*name).to_owned() }),
        );
        (start, found)
    }
}

/// The last name before the dot.
fn receiver(text: &str) -> &str {
    let text = text.trim_end();
    let start =
        text.char_indices().rev().find(|(_, c)| !is_in_name(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    &text[start..]
}

fn candidate(method: &Method) -> Candidate {
    Candidate { display: method.name.to_owned(), replacement: method.name.to_owned() }
}
