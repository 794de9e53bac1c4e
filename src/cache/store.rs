//! Where rows are: in the file, in memory, or in both; and the steps down when the file stops working.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::check::Mode;
use super::notice::{Notices, Outcome, Problem};
use super::open::{PATIENCE, Source, at_once, open};
use super::place::Place;
use super::{schema, upkeep};
use crate::clock::Clock;

/// How long a statement waits after one found the file locked, until one works again.
const IMPATIENCE: Duration = Duration::from_millis(50);

/// What the lock of the cache protects.
pub(super) struct Store {
    file: Option<Connection>,
    /// Made at the first write that cannot go to the file.
    memory: Option<Connection>,
    pub(super) mode: Mode,
    pub(super) path: Option<PathBuf>,
    source: Option<Source>,
    /// Why the file is not used as it should be.
    pub(super) problem: Option<Problem>,
    pub(super) notices: Notices,
    found_locked: bool,
    place: Option<Place>,
    clock: Option<Clock>,
}

impl Store {
    /// Without a file.
    pub(super) fn memory() -> Self {
        Self {
            file: None,
            memory: None,
            mode: Mode::Memory,
            path: None,
            source: None,
            problem: None,
            notices: Notices::default(),
            found_locked: false,
            place: None,
            clock: None,
        }
    }

    /// With a file that is read and written.
    pub(super) fn file(conn: Connection, path: PathBuf, notices: Notices, clock: &Clock) -> Self {
        let source = Some(Source::Plain(path.clone()));
        let (place, clock) = (Some(Place::new(&path)), Some(clock.clone()));
        let (file, path) = (Some(conn), Some(path));
        Self { file, mode: Mode::File, path, source, notices, place, clock, ..Self::memory() }
    }

    /// With a file that can only be read.
    pub(super) fn read_only(
        conn: Connection,
        path: PathBuf,
        source: Source,
        problem: Problem,
        notices: Notices,
    ) -> Self {
        let (source, problem) = (Some(source), Some(problem));
        let path = Some(path);
        Self { file: Some(conn), mode: Mode::ReadOnly, path, source, problem, notices, ..Self::memory() }
    }

    /// With a file that cannot be used at all.
    pub(super) fn fallen(path: PathBuf, problem: Problem, notices: Notices) -> Self {
        Self { path: Some(path), problem: Some(problem), notices, ..Self::memory() }
    }

    /// When the file was deleted or replaced, goes over to what is there now.
    fn look_at_place(&mut self) {
        let Some(problem) = self.place.as_mut().and_then(Place::look) else { return };
        let (Some(place), Some(path), Some(clock)) =
            (self.place.take(), self.path.clone(), self.clock.take())
        else {
            return;
        };
        // Closed before anything is opened at its path, and without its log being taken for another's.
        self.file = None;
        place.clear_log();
        self.notices.tell(Some(&path), &problem, Outcome::Reopened);
        let (notices, memory) = (std::mem::take(&mut self.notices), self.memory.take());
        *self = open(&path, &clock);
        self.notices.follow(notices);
        self.memory = self.memory.take().or(memory);
    }

    /// What `find` finds in memory and in the file, in that order.
    pub(super) fn read<T>(
        &mut self,
        find: impl Fn(&Connection) -> rusqlite::Result<Option<T>>,
    ) -> [Option<T>; 2] {
        self.look_at_place();
        let in_file = match self.file.as_ref().map(&find) {
            Some(Ok(found)) => {
                self.calm();
                found
            }
            Some(Err(error)) => {
                let problem = Problem::from(error);
                let outcome = match problem {
                    Problem::Locked | Problem::Statement(_) => Outcome::Skipped,
                    _ => Outcome::Memory,
                };
                self.step_down(problem, outcome);
                None
            }
            None => None,
        };
        let in_memory = self.memory.as_ref().and_then(|conn| find(conn).ok().flatten());
        [in_memory, in_file]
    }

    /// Makes the writes of `change` in one transaction, in the file or else in memory.
    pub(super) fn write(&mut self, change: impl Fn(&Transaction<'_>) -> rusqlite::Result<()>) {
        self.write_all(&change);
    }

    fn write_all(&mut self, change: &dyn Fn(&Transaction<'_>) -> rusqlite::Result<()>) {
        self.look_at_place();
        if self.mode == Mode::File
            && let Some(conn) = self.file.as_mut()
        {
            match in_transaction(conn, change).map_err(Problem::from) {
                Ok(()) => return self.calm(),
                Err(problem) => {
                    let outcome = match problem {
                        Problem::Locked | Problem::Statement(_) => Outcome::Skipped,
                        _ if problem.may_still_read() => Outcome::ReadOnly,
                        _ => Outcome::Memory,
                    };
                    self.step_down(problem, outcome);
                    if outcome == Outcome::Skipped {
                        return;
                    }
                }
            }
        }
        if let Some(memory) = self.overlay() {
            // A database in memory fails only when memory ran out: then there is nothing to keep it in.
            let _ = in_transaction(memory, change);
        }
    }

    /// Makes the writes of `change` in one transaction where new rows go, or tells why that was not possible.
    pub(super) fn change<T>(
        &mut self,
        change: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        self.look_at_place();
        match (self.mode, self.file.as_mut()) {
            (Mode::File, Some(conn)) => Ok(in_transaction(conn, &change)?),
            (Mode::ReadOnly, _) => Err(self.problem.clone().unwrap_or(Problem::ReadOnly)),
            (Mode::File | Mode::Memory, _) => match self.overlay() {
                Some(memory) => Ok(in_transaction(memory, &change)?),
                None => Err(Problem::Full),
            },
        }
    }

    /// What `find` finds where new rows go.
    pub(super) fn newest<T: Default>(
        &mut self,
        find: impl Fn(&Connection) -> rusqlite::Result<Option<T>>,
    ) -> T {
        let [in_memory, in_file] = self.read(find);
        let found = if self.mode == Mode::File { in_file } else { in_memory };
        found.unwrap_or_default()
    }

    /// Makes writes that nobody waits for: what keeps them from being made is no problem.
    pub(super) fn try_write(&mut self, change: impl Fn(&Transaction<'_>) -> rusqlite::Result<()>) {
        if self.mode == Mode::File
            && let Some(conn) = self.file.as_mut()
        {
            let _ = in_transaction(conn, &change);
        }
        if let Some(conn) = self.memory.as_mut() {
            let _ = in_transaction(conn, &change);
        }
    }

    /// Whether there is more to make than a search makes by the way.
    pub(super) fn needs_upkeep(&self) -> bool {
        self.mode == Mode::File
            && self.file.as_ref().is_some_and(|conn| at_once(conn, upkeep::is_needed).unwrap_or(false))
    }

    /// The database in memory, made when there is none yet.
    pub(super) fn overlay(&mut self) -> Option<&mut Connection> {
        if self.memory.is_none() {
            self.memory = schema::in_memory().ok();
        }
        self.memory.as_mut()
    }

    /// How to read the file with another connection; `None` without a usable file.
    pub(super) fn source(&self) -> Option<&Source> {
        self.source.as_ref().filter(|_| self.file.is_some())
    }

    /// Whether a write could begin at this moment; in memory it always can.
    pub(super) fn try_lock(&mut self) -> bool {
        match (self.mode, self.file.as_mut()) {
            (Mode::File, Some(conn)) => in_transaction(conn, |_| Ok(())).is_ok(),
            (mode, _) => mode == Mode::Memory,
        }
    }

    fn step_down(&mut self, problem: Problem, outcome: Outcome) {
        self.notices.tell(self.path.as_deref(), &problem, outcome);
        match outcome {
            Outcome::Memory => {
                self.file = None;
                self.mode = Mode::Memory;
                self.problem = Some(problem);
            }
            Outcome::ReadOnly => {
                self.mode = Mode::ReadOnly;
                self.problem = Some(problem);
            }
            Outcome::Reopened => {}
            Outcome::Skipped if problem == Problem::Locked => self.wait_for_locks(IMPATIENCE, true),
            Outcome::Skipped => {}
        }
    }

    /// After success: locks are worth waiting for again.
    fn calm(&mut self) {
        if self.found_locked {
            self.wait_for_locks(PATIENCE, false);
        }
    }

    fn wait_for_locks(&mut self, how_long: Duration, found_locked: bool) {
        self.found_locked = found_locked;
        if let Some(conn) = &self.file {
            // Fails only for a duration out of range.
            let _ = conn.busy_timeout(how_long);
        }
    }
}

fn in_transaction<T>(
    conn: &mut Connection,
    change: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = change(&tx)?;
    tx.commit()?;
    Ok(result)
}
