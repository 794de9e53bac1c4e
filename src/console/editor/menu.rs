//! The list under the line while Tab goes through what could stand at the cursor.

use std::sync::Arc;

use parking_lot::Mutex;

use super::assist::{Candidate, Completion};
use super::part::Part;
use crate::console::style::Role;
use crate::console::text::{cut, escape, pad, width};

/// The most rows of the list.
const ROWS: usize = 8;

/// Columns between a name and its note.
const GAP: usize = 2;

/// What is seen of the list: the keys ask for it, and may close it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    /// There is none.
    #[default]
    Closed,
    /// It is shown, and nothing is chosen.
    Listed,
    /// Something is chosen.
    Chosen,
}

/// The state, shared with the keys.
#[derive(Clone, Default)]
pub(super) struct Shown(Arc<Mutex<State>>);

impl Shown {
    pub(super) fn get(&self) -> State {
        *self.0.lock()
    }

    pub(super) fn set(&self, state: State) {
        *self.0.lock() = state;
    }
}

/// A completion under way.
pub(super) struct Menu {
    candidates: Vec<Candidate>,
    chosen: Option<usize>,
    /// The line and the cursor before anything was chosen.
    before: (String, usize),
    /// … and now.
    now: (String, usize),
    /// The bytes behind the cursor that a choice replaces as well.
    tail: usize,
    has_tail: bool,
    /// What all those have in common that go on from what was typed.
    common: String,
    is_common_taken: bool,
}

impl Menu {
    pub(super) fn new(line: &str, pos: usize, found: &Completion) -> Self {
        Self {
            common: common(&line[found.start..pos], &found.candidates),
            candidates: found.candidates.clone(),
            chosen: None,
            before: (line.to_owned(), pos),
            now: (line.to_owned(), pos),
            tail: found.end - pos,
            has_tail: true,
            is_common_taken: false,
        }
    }

    /// What the editor goes through: what is common first, then one after the other; the only one at once.
    pub(super) fn steps(&self) -> Vec<Candidate> {
        if self.candidates.len() == 1 {
            return self.candidates.clone();
        }
        let common = Candidate { replacement: self.common.clone(), ..Candidate::default() };
        [common].into_iter().chain(self.candidates.iter().cloned()).collect()
    }

    /// A step is taken: how many bytes behind the cursor it replaces.
    pub(super) fn step(&mut self, elected: &str) -> usize {
        if self.candidates.len() > 1 && !self.is_common_taken && elected == self.common {
            self.is_common_taken = true;
            return 0;
        }
        let next = self.chosen.map_or(0, |chosen| chosen + 1);
        let mut order = (next..self.candidates.len()).chain(0..next.min(self.candidates.len()));
        self.chosen = order.find(|index| self.candidates[*index].replacement == elected);
        if std::mem::take(&mut self.has_tail) { self.tail } else { 0 }
    }

    /// The step was taken, and this is the line now.
    pub(super) fn stepped(&mut self, line: &str, pos: usize) {
        self.now = (line.to_owned(), pos);
    }

    /// What is seen of the list when this is the line.
    pub(super) fn state(&mut self, line: &str, pos: usize) -> State {
        if self.candidates.len() < 2 {
            return State::Closed;
        }
        if (line, pos) == (self.before.0.as_str(), self.before.1) && self.now != self.before {
            // Once around: the editor gave the line back.
            self.now = self.before.clone();
            (self.chosen, self.has_tail, self.is_common_taken) = (None, true, false);
        }
        match self.chosen {
            _ if (line, pos) != (self.now.0.as_str(), self.now.1) => State::Closed,
            Some(_) => State::Chosen,
            None => State::Listed,
        }
    }

    /// The list, a line for each candidate, in a window of this size.
    pub(super) fn show(&self, columns: usize, rows: usize) -> Vec<Part> {
        let room = rows.clamp(2, ROWS);
        let count = self.candidates.len();
        let listed = if count > room { room - 1 } else { count };
        let start = self.chosen.map_or(0, |chosen| (chosen + 1).saturating_sub(listed));
        let shown = &self.candidates[start..(start + listed).min(count)];
        let widest = shown.iter().map(|candidate| width(&escape(&candidate.display))).max().unwrap_or(0);
        let names = widest.min(columns.saturating_sub(3));
        let mut parts = Vec::new();
        for (index, candidate) in shown.iter().enumerate() {
            let is_chosen = self.chosen == Some(start + index);
            let mark = if is_chosen { "\n> " } else { "\n  " };
            parts.push(Part::new(None, mark));
            let role = is_chosen.then_some(Role::Chosen);
            let note_room = columns.saturating_sub(2 + names + GAP + 1);
            let note = escape(&candidate.note);
            let name = cut(&escape(&candidate.display), names).into_owned();
            let has_note = !note.is_empty() && note_room >= 4;
            parts.push(Part::new(role, if has_note { pad(&name, names) } else { name }));
            if has_note {
                parts.push(Part::new(
                    Some(Role::Dim),
                    format!("{}{}", " ".repeat(GAP), cut(&note, note_room)),
                ));
            }
        }
        if listed < count {
            let place = self.chosen.map_or(0, |chosen| chosen + 1);
            parts.push(Part::new(Some(Role::Dim), format!("\n  {place}/{count}")));
        }
        parts
    }
}

/// What all candidates begin with that go on from `typed`; at least that.
fn common(typed: &str, candidates: &[Candidate]) -> String {
    let mut prefixes = candidates.iter().filter(|candidate| candidate.is_prefix);
    let Some(first) = prefixes.next().map(|candidate| candidate.replacement.as_str()) else {
        return typed.to_owned();
    };
    let shared = prefixes.fold(first, |shared, candidate| {
        let same = shared.char_indices().zip(candidate.replacement.chars());
        let end = same.take_while(|((_, a), b)| a == b).last().map_or(0, |((at, a), _)| at + a.len_utf8());
        &shared[..end]
    });
    if shared.starts_with(typed) { shared.to_owned() } else { typed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Menu, State, common};
    use crate::console::editor::part::plain;
    use crate::console::editor::{Candidate, Completion};
    use crate::console::text::width;

    fn candidates(names: &[&str]) -> Vec<Candidate> {
        let candidate = |name: &&str| Candidate {
            display: (*name).into(),
            note: "某人的说明 of it".into(),
            replacement: (*name).into(),
            is_prefix: true,
        };
        names.iter().map(candidate).collect()
    }

    fn menu(typed: &str, names: &[&str]) -> Menu {
        let found = Completion { start: 0, end: typed.len(), candidates: candidates(names) };
        Menu::new(typed, typed.len(), &found)
    }

    #[test]
    fn the_common_beginning_comes_first() {
        assert_eq!(common("ge", &candidates(&["get_user", "get_users"])), "get_user");
        assert_eq!(common("张", &candidates(&["u1", "u2"])), "张");
        assert_eq!(common("张", &candidates(&["张三", "张三丰"])), "张三");
        let menu = menu("ge", &["get_user", "get_usage"]);
        let steps: Vec<String> = menu.steps().into_iter().map(|step| step.replacement).collect();
        assert_eq!(steps, ["get_us", "get_user", "get_usage"]);
        assert_eq!(super::tests::menu("ge", &["get"]).steps().len(), 1);
    }

    fn choose(menu: &mut Menu, elected: &str) -> usize {
        let tail = menu.step(elected);
        menu.stepped(elected, elected.len());
        tail
    }

    #[test]
    fn the_chosen_one_is_marked() {
        let mut menu = menu("ge", &["get_user", "get_usage"]);
        choose(&mut menu, "get_us");
        assert_eq!(menu.state("get_us", 6), State::Listed);
        assert!(!plain(&menu.show(40, 10)).contains('>'));
        choose(&mut menu, "get_user");
        assert_eq!(menu.state("get_user", 8), State::Chosen);
        assert!(plain(&menu.show(40, 10)).contains("\n> get_user "));
        choose(&mut menu, "get_usage");
        assert!(plain(&menu.show(40, 10)).contains("\n> get_usage"));
        assert_eq!(menu.state("get_usage(", 10), State::Closed);
        // Once around: the line is as it was.
        assert_eq!(menu.state("ge", 2), State::Listed);
        assert!(!plain(&menu.show(40, 10)).contains('>'));
    }

    #[test]
    fn a_choice_takes_the_rest_of_the_word_once() {
        let found = Completion { start: 0, end: 5, candidates: candidates(&["u1", "u2"]) };
        let mut menu = Menu::new("zhang", 2, &found);
        assert_eq!(["zh", "u1", "u2"].map(|elected| choose(&mut menu, elected)), [0, 3, 0]);
        menu.state("zhang", 2);
        assert_eq!(["zh", "u1"].map(|elected| choose(&mut menu, elected)), [0, 3]);
    }

    #[test]
    fn the_list_fits_the_window() {
        let names: Vec<String> = (0..30).map(|n| format!("很长的名字很长的名字很长的名字{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut menu = menu("很", &names);
        for columns in [20, 40, 80] {
            for name in &names {
                choose(&mut menu, name);
                let text = plain(&menu.show(columns, 6));
                assert_eq!(text.lines().skip(1).count(), 6);
                assert!(text.lines().all(|line| width(line) < columns), "{columns}\n{text}");
                assert!(text.contains("\n> "), "{text}");
            }
        }
    }
}
