//! The keys that do more than the editor's own: in the list, at the start of a continued line.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyCode, KeyEvent, Modifiers,
    RepeatCount,
};

use super::menu::{Shown, State};
use crate::config::EditMode;

/// What Tab inserts where there is nothing to complete.
const INDENT: &str = "    ";

/// The same for the editor.
pub(super) fn of_editor(mode: EditMode) -> rustyline::EditMode {
    match mode {
        EditMode::Emacs => rustyline::EditMode::Emacs,
        EditMode::Vi => rustyline::EditMode::Vi,
    }
}

/// Every key that is bound, with what it does.
pub(super) fn bindings(shown: &Shown, dropped: &Arc<AtomicBool>) -> Vec<(KeyEvent, EventHandler)> {
    let key = |code| KeyEvent(code, Modifiers::NONE);
    let list = |press: Press| EventHandler::Conditional(Box::new(ListKey { press, shown: shown.clone() }));
    vec![
        (KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline.into()),
        (key(KeyCode::Down), list(Press::Down)),
        (key(KeyCode::Up), list(Press::Up)),
        (key(KeyCode::Enter), list(Press::Enter)),
        (key(KeyCode::Esc), list(Press::Leave)),
        (KeyEvent::ctrl('G'), list(Press::Leave)),
        (KeyEvent::ctrl('C'), EventHandler::Conditional(Box::new(DropKey { dropped: Arc::clone(dropped) }))),
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

/// Ctrl-C. The editor would leave the list and the hint on the screen; when a line is entered it takes them away. So the line
/// is entered, and the flag says that it was dropped.
struct DropKey {
    dropped: Arc<AtomicBool>,
}

impl ConditionalEventHandler for DropKey {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.dropped.store(true, Ordering::Relaxed);
        Some(Cmd::AcceptLine)
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
