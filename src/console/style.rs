//! Colours by role. Nothing else in the program names a colour.

use nu_ansi_term::{Color, Style};

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The prompt of a live app: here a mistake reaches people.
    PromptLive,
    /// The prompt of the sandbox.
    PromptSandbox,
    /// The head of an error.
    Error,
    /// What to do next.
    Hint,
    /// A key of a map.
    Key,
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` and `false`.
    Bool,
    /// Nothing.
    Null,
    /// What matters less.
    Dim,
    /// A heading.
    Heading,
    /// An object of the program.
    Object,
    /// A word of the language.
    Keyword,
    /// A bracket that belongs to the one at the cursor.
    Match,
    /// A name that means something here.
    Known,
    /// A name that means nothing here.
    Unknown,
    /// The parameter that is given at the cursor.
    Current,
    /// What is chosen in a list.
    Chosen,
}

/// Paints text by role, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    color: bool,
}

impl Palette {
    /// A palette with or without colour.
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    /// Whether it paints at all.
    pub fn is_colored(self) -> bool {
        self.color
    }

    /// `text` in the colour of `role`.
    pub fn paint(self, role: Role, text: &str) -> String {
        if self.color && !text.is_empty() { style(role).paint(text).to_string() } else { text.to_owned() }
    }
}

/// Of the sixteen colours only these can be read on black and on white alike: no yellow, none of the bright ones, neither
/// white nor black; blue only in bold.
fn style(role: Role) -> Style {
    match role {
        Role::PromptLive | Role::Error => Color::Red.bold(),
        Role::PromptSandbox => Color::Blue.bold(),
        Role::Hint => Color::Cyan.normal(),
        Role::Key => Color::Cyan.normal(),
        Role::Text => Color::Green.normal(),
        Role::Number | Role::Bool | Role::Keyword => Color::Purple.normal(),
        Role::Null | Role::Dim => Style::new().dimmed(),
        Role::Heading | Role::Current => Style::new().bold(),
        Role::Object => Color::Blue.bold(),
        Role::Match => Color::Blue.bold().underline(),
        Role::Known => Color::Cyan.normal(),
        Role::Unknown => Color::Red.underline(),
        Role::Chosen => Style::new().reverse(),
    }
}

/// What the user said about colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// Colours on a terminal that has them.
    #[default]
    Auto,
    /// Colours in any case.
    Always,
    /// No colours.
    Never,
}

impl ColorChoice {
    /// Reads `auto`, `always` or `never`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            _ => None,
        }
    }

    /// Whether to paint, given the state of stdout and the values of `NO_COLOR` and `TERM`.
    pub fn resolve(self, stdout_is_terminal: bool, no_color: Option<&str>, term: Option<&str>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                stdout_is_terminal
                    && no_color.is_none_or(str::is_empty)
                    && term.is_none_or(|term| term != "dumb")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ColorChoice, Palette, Role};

    #[test]
    fn the_choice_follows_the_terminal() {
        assert!(ColorChoice::Auto.resolve(true, None, Some("xterm")));
        assert!(ColorChoice::Auto.resolve(true, Some(""), None));
        assert!(!ColorChoice::Auto.resolve(false, None, Some("xterm")));
        assert!(!ColorChoice::Auto.resolve(true, Some("1"), Some("xterm")));
        assert!(!ColorChoice::Auto.resolve(true, None, Some("dumb")));
        assert!(ColorChoice::Always.resolve(false, Some("1"), Some("dumb")));
        assert!(!ColorChoice::parse("never").is_some_and(|choice| choice.resolve(true, None, None)));
    }

    #[test]
    fn no_colour_means_no_codes() {
        assert_eq!(Palette::new(false).paint(Role::Error, "error"), "error");
        assert!(Palette::new(true).paint(Role::Error, "error").starts_with('\u{1b}'));
    }
}
