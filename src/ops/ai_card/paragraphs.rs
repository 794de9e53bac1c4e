//! Cuts a growing Markdown text into messages: at blank lines that are outside of code fences.

/// The most characters of a part.
const MOST: usize = 8192;

/// The most bytes of a message as JSON text: DingTalk takes 15,000, title and names included.
const MOST_BYTES: usize = 14_000;

/// The most characters of a title.
const TITLE: usize = 20;

/// A text that is cut while it grows.
#[derive(Debug, Default)]
pub(super) struct Paragraphs {
    /// How many bytes have become parts.
    used: usize,
}

/// What a look at the text found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Parts that are complete.
    pub(super) parts: Vec<String>,
    /// A part grew over the limit; it was cut, and nothing more is taken.
    pub(super) too_long: bool,
}

impl Paragraphs {
    /// The parts of `text` that are new and complete; with `finished` the last one is complete too.
    pub(super) fn look(&mut self, text: &str, finished: bool) -> Found {
        let mut found = Found { parts: Vec::new(), too_long: false };
        // A text that was written anew may be shorter than what is gone already.
        let Some(rest) = text.get(self.used..) else { return found };
        let (mut start, mut at, mut fenced) = (0, 0, false);
        for line in rest.split_inclusive('\n') {
            let whole = line.ends_with('\n') || finished;
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if whole && !fenced && line.trim().is_empty() {
                found.take(&rest[start..at]);
                start = at + line.len();
            }
            at += line.len();
        }
        let used = if finished { rest.len() } else { start };
        let open = &rest[start..];
        if finished || open.chars().count() > MOST {
            found.take(open);
        }
        self.used = text.len() - rest.len() + used;
        found
    }
}

impl Found {
    fn take(&mut self, part: &str) {
        let part = part.trim_matches('\n').trim_end();
        if part.trim().is_empty() || self.too_long {
            return;
        }
        match part.char_indices().nth(MOST) {
            Some((end, _)) => {
                self.too_long = true;
                self.parts.push(part[..end].to_owned());
            }
            None => self.parts.push(part.to_owned()),
        }
    }
}

/// A title for the list of conversations: the first words, without the marks of Markdown.
pub(super) fn title(part: &str) -> String {
    let marks = |c: char| c.is_whitespace() || "#>*-`_+~".contains(c);
    let line = part.lines().map(|line| line.trim_matches(marks)).find(|line| !line.is_empty());
    line.unwrap_or_default().chars().take(TITLE).collect()
}

/// A part in pieces that fit into a message, cut at line ends where that is possible.
pub(super) fn fitting(part: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = part;
    while let Some(end) = first_misfit(rest) {
        let at = rest[..end].rfind('\n').filter(|at| *at > 0).unwrap_or(end);
        let (piece, more) = rest.split_at(at);
        pieces.push(piece);
        rest = more.trim_start_matches('\n');
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Where `text` gets too long for one message.
fn first_misfit(text: &str) -> Option<usize> {
    let mut bytes = 0;
    text.char_indices().find_map(|(at, c)| {
        bytes += match c {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        };
        (bytes > MOST_BYTES).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::{MOST, Paragraphs, fitting, title};

    #[test]
    fn blank_lines_cut_but_not_in_code() {
        let mut paragraphs = Paragraphs::default();
        let text = "# 标题\n一\n\n\n```rust\nlet a;\n\nlet b;\n```\n \n三";
        let found = paragraphs.look(text, true);
        assert_eq!(found.parts, ["# 标题\n一", "```rust\nlet a;\n\nlet b;\n```", "三"]);
    }

    #[test]
    fn parts_come_while_the_text_grows() {
        let mut paragraphs = Paragraphs::default();
        assert!(paragraphs.look("一", false).parts.is_empty());
        assert!(paragraphs.look("一\n", false).parts.is_empty());
        assert_eq!(paragraphs.look("一\n\n二", false).parts, ["一"]);
        assert_eq!(paragraphs.look("一\n\n二\n\n三\n", false).parts, ["二"]);
        assert_eq!(paragraphs.look("一\n\n二\n\n三\n", true).parts, ["三"]);
        assert!(paragraphs.look("短", true).parts.is_empty());
    }

    #[test]
    fn a_part_has_an_end() {
        let mut paragraphs = Paragraphs::default();
        let found = paragraphs.look(&"长".repeat(MOST + 1), false);
        assert!(found.too_long);
        assert_eq!(found.parts[0].chars().count(), MOST);
    }

    #[test]
    fn titles_are_short() {
        assert_eq!(title("## **结论** 好"), "结论** 好");
        assert_eq!(title("```\nlet a;"), "let a;");
        assert_eq!(title(&"字".repeat(30)).chars().count(), 20);
        assert_eq!(title("---"), "");
    }

    #[test]
    fn long_parts_fit_into_messages() {
        let part = format!("{}\n{}", "字".repeat(4000), "句".repeat(4000));
        let pieces = fitting(&part);
        assert_eq!(pieces, ["字".repeat(4000), "句".repeat(4000)]);
        assert_eq!(fitting(&"字".repeat(5000)).concat(), "字".repeat(5000));
    }
}
