//! The options of `dingraia journal`.

use clap::Args;

/// What `journal` shows.
#[derive(Debug, Clone, Args)]
pub struct JournalArgs {
    /// Only those since then: 10m, 2h, 3d ago, a day, or a day with a time.
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only those of this method, or whose path holds this.
    #[arg(long, value_name = "NAME")]
    pub method: Option<String>,
    /// Only those that did not end well.
    #[arg(long)]
    pub failed: bool,
    /// Only those with this text, such as a staffId or a conversation id.
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    /// At most so many, the newest.
    #[arg(short = 'n', long, value_name = "LINES", default_value_t = 20)]
    pub limit: usize,
    /// Go on with what is added, until Ctrl-C.
    #[arg(long)]
    pub follow: bool,
}
