//! Time, randomness and ids. Everything that needs one of them is handed a [`Clock`], so a test can hold them still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A shared source of time and randomness; cloning it is cheap and gives the same source.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Fixed { millis: AtomicI64, seed: AtomicU64 },
}

impl Clock {
    /// The machine's clock and the operating system's randomness.
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// A clock that stands still at `millis` (Unix time) and draws from `seed`; for tests and the sandbox's seeds.
    pub fn fixed(millis: i64, seed: u64) -> Self {
        Self(Arc::new(Source::Fixed { millis: AtomicI64::new(millis), seed: AtomicU64::new(seed) }))
    }

    /// Unix time in milliseconds.
    pub fn millis(&self) -> i64 {
        match &*self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)),
            Source::Fixed { millis, .. } => millis.load(Ordering::Relaxed),
        }
    }

    /// Unix time in seconds with a fraction, as the cache file stores it.
    pub fn seconds(&self) -> f64 {
        self.millis() as f64 / 1000.0
    }

    /// Moves a fixed clock forward; a system clock is not touched.
    pub fn advance(&self, by_millis: i64) {
        if let Source::Fixed { millis, .. } = &*self.0 {
            millis.fetch_add(by_millis, Ordering::Relaxed);
        }
    }

    /// Fills `bytes` with randomness: the operating system's, or the fixed clock's repeatable sequence.
    pub fn random(&self, bytes: &mut [u8]) {
        match &*self.0 {
            Source::System => getrandom::fill(bytes).unwrap_or_else(|_| {
                // A system without a random source: time is all that is left, and ids only need to differ.
                self.fill_from(&AtomicU64::new(self.millis().unsigned_abs()), bytes);
            }),
            Source::Fixed { seed, .. } => self.fill_from(seed, bytes),
        }
    }

    fn fill_from(&self, seed: &AtomicU64, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64, one step a word.
            let mut word =
                seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (word ^ (word >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }

    /// A random UUID (version 4).
    pub fn uuid(&self) -> String {
        let mut b = [0u8; 16];
        self.random(&mut b);
        b[6] = (b[6] & 0x0f) | 0x40;
        b[8] = (b[8] & 0x3f) | 0x80;
        let hex = hex(&b);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// The current local time in a format of strftime, such as `%Y-%m-%d`; nothing when it is none.
    pub fn written(&self, format: &str) -> Option<String> {
        let now = Timestamp::from_millisecond(self.millis()).ok()?.to_zoned(TimeZone::system());
        jiff::fmt::strtime::format(format, &now).ok()
    }

    /// The current month in local time as `YYYY_MM`, the suffix of the cache's usage rows.
    pub fn month(&self) -> String {
        local(self.seconds(), "%Y_%m")
    }

    /// The current day in local time as `YYYY-MM-DD`.
    pub fn day(&self) -> String {
        local(self.seconds(), "%Y-%m-%d")
    }

    /// `seconds` (Unix time) in local time as `YYYY-MM-DD HH:MM:SS`.
    pub fn local_time(&self, seconds: f64) -> String {
        local_time(seconds)
    }

    /// The local time of day of `millis` (Unix time) as `HH:MM:SS`.
    pub fn time_of_day(&self, millis: i64) -> String {
        local(millis as f64 / 1000.0, "%H:%M:%S")
    }

    /// Milliseconds until it is `hour`:`minute` again in local time, 1 at least; nothing when there is no such time of day.
    pub fn millis_until(&self, hour: i8, minute: i8) -> Option<i64> {
        let now = Timestamp::from_millisecond(self.millis()).ok()?.to_zoned(TimeZone::system());
        let at = |day: Date| day.at(hour, minute, 0, 0).to_zoned(TimeZone::system()).ok();
        Time::new(hour, minute, 0, 0).ok()?;
        let today = at(now.date())?;
        let next = if today > now { today } else { at(now.date().tomorrow().ok()?)? };
        Some((next.timestamp().as_millisecond() - self.millis()).max(1))
    }

    /// The current local time as `YYYY_mm_dd_HH_MM_SS`, for names of copies.
    pub fn stamp(&self) -> String {
        local(self.seconds(), "%Y_%m_%d_%H_%M_%S")
    }
}

/// `seconds` (Unix time) in local time as `YYYY-MM-DD HH:MM:SS`.
pub fn local_time(seconds: f64) -> String {
    let Ok(at) = Timestamp::from_millisecond((seconds * 1000.0) as i64) else { return String::new() };
    // Written out: every cached answer has one, and reading a format takes longer than the rest.
    let at = at.to_zoned(TimeZone::system());
    let (year, month, day) = (at.year(), at.month(), at.day());
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// Lower-case hexadecimal text of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn local(seconds: f64, format: &str) -> String {
    Timestamp::from_millisecond((seconds * 1000.0) as i64)
        .map(|at| at.to_zoned(TimeZone::system()).strftime(format).to_string())
        .unwrap_or_default()
}
