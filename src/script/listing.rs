//! Values that are too long to hold: they give their rows when somebody asks, and are shown by the first of them.

use std::fmt;
use std::sync::Arc;

use rhai::Dynamic;

use super::failure::RhaiResult;
use super::registry::Registry;

/// Rows that are fetched when they are asked for.
pub(super) trait Rows: Send + Sync {
    /// As it prints, such as `<Users 1200>`. It must be quick.
    fn text(&self) -> String;

    /// How many there are; [`None`] where only counting could tell.
    fn total(&self) -> Option<usize>;

    /// The rows from the first one on, each time anew. Whoever shows them stops after some; nobody has them all in memory.
    /// An error is the last.
    fn rows(self: Arc<Self>) -> Box<dyn Iterator<Item = RhaiResult> + Send>;
}

/// The value that scripts hold.
#[derive(Clone)]
pub(super) struct Listing(pub(super) Arc<dyn Rows>);

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}

impl Listing {
    pub(super) fn rows(&self) -> Box<dyn Iterator<Item = RhaiResult> + Send> {
        Arc::clone(&self.0).rows()
    }
}

impl IntoIterator for Listing {
    type Item = RhaiResult;
    type IntoIter = Box<dyn Iterator<Item = RhaiResult> + Send>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.rows()
    }
}

/// Registers the type: it prints, is looped over and is counted.
pub(super) fn register(registry: &mut Registry) {
    registry.register_type::<Listing>("Rows");
    registry.engine().register_iterator_result::<Listing, Dynamic>();
    for name in ["to_string", "to_debug"] {
        registry.register_fn(name, |listing: &mut Listing| listing.to_string());
    }
}
