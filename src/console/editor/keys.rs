//! The keys that do more than the editor's own: in the list, at the start of a continued line.

use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyCode, KeyEvent, Modifiers,
    RepeatCount,
};

use super::menu::{Shown, State};

/// What Tab inserts where there is nothing to complete.
const INDENT: &str = "    ";

/// Which keys move through the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditMode {
    /// Those of Emacs, as in most shells.
    #[default]
    Emacs,
    /// Those of vi.
    Vi,
}

impl EditMode {
    /// Reads `emacs` or `vi`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "emacs" => Some(Self::Emacs),
            "vi" => Some(Self::Vi),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emacs => "emacs",
            Self::Vi => "vi",
        }
    }

    pub(super) fn of_editor(self) -> rustyline::EditMode {
        match self {
            Self::Emacs => rustyline::EditMode::Emacs,
            Self::Vi => rustyline::EditMode::Vi,
        }
    }
}

/// Every key that is bound, with what it does.
pub(super) fn bindings(shown: &Shown) -> Vec<(KeyEvent, EventHandler)> {
    let key = |code| KeyEvent(code, Modifiers::NONE);
    let list = |press: Press| EventHandler::Conditional(Box::new(ListKey { press, shown: shown.clone() }));
    vec![
        (KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline.into()),
        (key(KeyCode::Down), list(Press::Down)),
        (key(KeyCode::Up), list(Press::Up)),
        (key(KeyCode::Enter), list(Press::Enter)),
        (key(KeyCode::Esc), list(Press::Leave)),
        (KeyEvent::ctrl('G'), list(Press::Leave)),
        (key(KeyCode::Tab), EventHandler::Conditional(Box::new(TabKey))),
    ]
}

/// A key that means something else while a list is shown.
struct ListKey {
    press: Press,
    shown: Shown,
}

#[derive(Clone, Copy)]
enum Press {
    Down,
    Up,
    /// Takes what is chosen, and does not enter the line.
    Enter,
    /// Gives the line back as it was.
    Leave,
}

impl ConditionalEventHandler for ListKey {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        match (self.press, self.shown.get()) {
            (_, State::Closed) => None,
            (Press::Down, _) => Some(Cmd::Complete),
            (Press::Up, _) => Some(Cmd::CompleteBackward),
            (Press::Enter, State::Listed) => None,
            (Press::Enter, State::Chosen) => {
                self.shown.set(State::Closed);
                Some(Cmd::Repaint)
            }
            (Press::Leave, _) => {
                self.shown.set(State::Closed);
                None
            }
        }
    }
}

/// Indents where only blanks stand before the cursor in a line that goes on from another.
struct TabKey;

impl ConditionalEventHandler for TabKey {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, ctx: &EventContext<'_>) -> Option<Cmd> {
        let (_, line) = ctx.line()[..ctx.pos()].rsplit_once('\n')?;
        line.trim().is_empty().then(|| Cmd::Insert(1, INDENT.into()))
    }
}
