//! What may go wrong thousands of times a second is told once and then counted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long a complaint is only counted after it was told.
const QUIET: Duration = Duration::from_secs(10);

/// Counts complaints, and tells each of them now and then.
#[derive(Debug, Default)]
pub struct Complaints(Mutex<BTreeMap<&'static str, Complaint>>);

#[derive(Debug, Default)]
struct Complaint {
    count: u64,
    untold: u64,
    told: Option<Instant>,
}

impl Complaints {
    /// One more of this kind; logs it unless that was done within the last ten seconds.
    pub fn add(&self, what: &'static str) {
        let mut all = self.0.lock();
        let complaint = all.entry(what).or_default();
        complaint.count += 1;
        complaint.untold += 1;
        if complaint.told.is_some_and(|told| told.elapsed() < QUIET) {
            return;
        }
        let times = std::mem::take(&mut complaint.untold);
        complaint.told = Some(Instant::now());
        match times {
            1 => tracing::warn!(target: "dingraia", "ignored: {what}"),
            _ => tracing::warn!(target: "dingraia", "ignored {times} times: {what}"),
        }
    }

    /// How many there were of each kind.
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        self.0.lock().iter().map(|(what, complaint)| (*what, complaint.count)).collect()
    }
}
