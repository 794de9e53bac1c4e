//! Colours by role. Nothing else in the program names a colour.
//!
//! The colours come from the middle of the table of 256, so that each can be read on a light and on a dark background, whatever
//! the sixteen named ones are there. Terminals with fewer colours take the nearest.

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
    /// What is read: the terminal's own colour.
    Plain,
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
        if self.color && !text.is_empty() && role != Role::Plain {
            style(role).paint(text).to_string()
        } else {
            text.to_owned()
        }
    }
}

/// Places in the table of 256 colours.
const RED: u8 = 160;
const BLUE: u8 = 33;
const CYAN: u8 = 31;
const GREEN: u8 = 28;
const AMBER: u8 = 130;
const PURPLE: u8 = 133;
const GREY: u8 = 243;

fn style(role: Role) -> Style {
    match role {
        Role::PromptLive | Role::Error => Color::Fixed(RED).bold(),
        Role::PromptSandbox => Color::Fixed(BLUE).bold(),
        Role::Match => Color::Fixed(BLUE).bold().underline(),
        Role::Hint | Role::Key | Role::Known => Color::Fixed(CYAN).normal(),
        Role::Unknown => Color::Fixed(RED).underline(),
        Role::Chosen => Style::new().reverse(),
        Role::Text => Color::Fixed(GREEN).normal(),
        Role::Number => Color::Fixed(AMBER).normal(),
        Role::Bool | Role::Keyword => Color::Fixed(PURPLE).normal(),
        Role::Null | Role::Dim => Color::Fixed(GREY).normal(),
        Role::Heading | Role::Current => Style::new().bold(),
        Role::Object => Color::Fixed(BLUE).normal(),
        Role::Plain => Style::new(),
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
    use super::{AMBER, BLUE, CYAN, ColorChoice, GREEN, GREY, PURPLE, Palette, RED, Role};

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

    /// The light of a colour of the table, from 0 to 1, as it is measured for legibility.
    fn light(place: u8) -> f64 {
        let linear = |value: f64| {
            if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let cube = |step: u8| if step == 0 { 0.0 } else { f64::from(55 + 40 * step) / 255.0 };
        let [red, green, blue] = if place >= 232 {
            [f64::from(8 + 10 * (place - 232)) / 255.0; 3]
        } else {
            let place = place - 16;
            [cube(place / 36), cube(place / 6 % 6), cube(place % 6)]
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    #[test]
    fn every_colour_can_be_read_on_black_and_on_white() {
        for place in [RED, BLUE, CYAN, GREEN, AMBER, PURPLE, GREY] {
            let (on_black, on_white) = ((light(place) + 0.05) / 0.05, 1.05 / (light(place) + 0.05));
            assert!(on_black >= 3.0 && on_white >= 3.0, "{place}: {on_black:.1}, {on_white:.1}");
        }
    }

    #[test]
    fn no_colour_means_no_codes() {
        assert_eq!(Palette::new(false).paint(Role::Error, "error"), "error");
        assert!(Palette::new(true).paint(Role::Error, "error").starts_with('\u{1b}'));
    }
}
