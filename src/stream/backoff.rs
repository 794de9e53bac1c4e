//! How long to wait before the next try; pure.

use std::time::Duration;

/// The wait before try number `attempt` (from 0): `first`, doubled each time up to `most`, a fifth more or less as `random` says,
/// so that many clients do not come back at the same moment.
pub fn delay(attempt: u32, random: u64, first: Duration, most: Duration) -> Duration {
    let doubled = first.saturating_mul(1 << attempt.min(16)).min(most);
    // 0 to 1, with the 16 upper bits, which are as random as the others.
    let share = (random >> 48) as f64 / f64::from(u16::MAX);
    doubled.mul_f64(0.8 + 0.4 * share)
}
