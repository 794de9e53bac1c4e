//! Help about the object `cache`.

use super::{Help, first_sentence};
use crate::console::text::width;
use crate::lang::Text;
use crate::script::CACHE;

impl Help {
    /// The object and everything it has.
    pub(super) fn cache(self) -> String {
        let what =
            Text::fixed("A live look into the cache of the current `app`.", "当前 `app` 缓存的实时视图。");
        let mut out = self.head("cache", what.get(self.lang));
        let widest = CACHE.iter().map(|word| width(word.usage)).max().unwrap_or(0);
        for word in CACHE {
            self.row(&mut out, word.usage, widest, first_sentence(word.doc.get(self.lang)));
        }
        out
    }

    /// Its line in the list of everything.
    pub(super) fn cache_line(self, out: &mut String, widest: usize) {
        let words = Text::fixed("looks into the cache:", "查看缓存：");
        let names = CACHE.iter().map(|word| word.name).collect::<Vec<_>>().join(", ");
        self.row(out, "cache", widest, &format!("{} {names}", words.get(self.lang)));
    }
}
