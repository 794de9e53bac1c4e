//! Counts calls in memory; whoever owns the cache fetches the counts and writes them down. Keeps to the budget.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// The calls that count against the monthly quota.
#[derive(Debug, Default)]
pub struct Usage {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By method, not yet written down.
    pending: BTreeMap<String, u64>,
    /// Being written down at this moment.
    leaving: u64,
    /// Under way; they may come to count.
    under_way: u64,
    /// Under way still, but counted already.
    settled: u64,
    /// Those of the month that were written down, by any program, when last looked.
    known: u64,
    /// By method, since the client was made.
    session: BTreeMap<String, u64>,
}

impl State {
    fn spent(&self) -> u64 {
        self.known + self.leaving + self.pending.values().sum::<u64>()
    }
}

/// A call under way, which may come to count.
pub(super) struct Admitted<'a>(Option<&'a Usage>);

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if let Some(usage) = self.0 {
            let state = &mut *usage.state.lock();
            let counter = if state.settled > 0 { &mut state.settled } else { &mut state.under_way };
            *counter = counter.saturating_sub(1);
        }
    }
}

impl Usage {
    /// Lets a counted call pass, unless it could be more than the budget of the month.
    pub(super) fn admit(&self, counted: bool, budget: Option<f64>) -> Result<Admitted<'_>> {
        let Some(budget) = budget.filter(|_| counted) else { return Ok(Admitted(None)) };
        let mut state = self.state.lock();
        let spent = state.spent();
        if (spent + state.under_way + 1) as f64 > budget {
            return Err(over(spent, budget as u64));
        }
        state.under_way += 1;
        Ok(Admitted(Some(self)))
    }

    pub(super) fn add(&self, method: &str) {
        let state = &mut *self.state.lock();
        if state.under_way > 0 {
            // Not counted twice: it would use up the budget before its time.
            (state.under_way, state.settled) = (state.under_way - 1, state.settled + 1);
        }
        for counts in [&mut state.pending, &mut state.session] {
            match counts.get_mut(method) {
                Some(count) => *count += 1,
                None => drop(counts.insert(method.to_owned(), 1)),
            }
        }
    }

    /// The calls since this client was made.
    pub fn session(&self) -> u64 {
        self.state.lock().session.values().sum()
    }

    /// The calls since this client was made, by method.
    pub fn session_by_method(&self) -> BTreeMap<String, u64> {
        self.state.lock().session.clone()
    }

    /// Takes what is not yet written down, by method. It goes on counting until [`Usage::written`].
    pub fn take_pending(&self) -> BTreeMap<String, u64> {
        let mut state = self.state.lock();
        let taken = std::mem::take(&mut state.pending);
        state.leaving += taken.values().sum::<u64>();
        taken
    }

    /// What was taken is written down, and this month's count is `known` now.
    pub fn written(&self, known: u64) {
        let mut state = self.state.lock();
        state.leaving = 0;
        state.known = known;
    }
}

fn over(spent: u64, budget: u64) -> Error {
    Error::new(Kind::OverBudget { spent, budget })
        .hint(Text::fixed(
            "what the cache holds costs nothing (`using_cache: true`); `%usage` shows on what it was spent",
            "缓存中的内容不消耗次数（`using_cache: true`）；可用 `%usage` 查看消耗明细",
        ))
        .hint(Text::fixed(
            "a higher `usage.budget` in the configuration lets it pass",
            "在配置中调高 `usage.budget` 即可继续",
        ))
}
