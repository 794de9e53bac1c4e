//! How far a card that is being written is. Whoever shows it watches; here nothing is shown.

use std::sync::Arc;

/// A card under the pen at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// Its outTrackId; empty for an assistant's answer.
    pub out_track_id: String,
    /// Characters so far.
    pub characters: usize,
    /// True when nothing more follows, however it ended.
    pub over: bool,
}

/// Told about every piece of every card; it must be quick.
pub type WritingWatcher = Arc<dyn Fn(&Writing) + Send + Sync>;
