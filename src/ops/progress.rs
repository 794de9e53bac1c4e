//! What a long call has done so far, for whoever shows it.

use std::sync::Arc;

/// A step of a long call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// An AI card is being written.
    Card {
        /// Its outTrackId; empty for an assistant's answer.
        out_track_id: String,
        /// Characters so far.
        characters: usize,
        /// The last word: nothing follows.
        done: bool,
    },
}

/// Who is told.
pub type Watcher = Arc<dyn Fn(&Progress) + Send + Sync>;
