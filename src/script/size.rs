//! How much memory a value takes, roughly: enough to keep a bound on what is remembered.

use rhai::{Array, Blob, Dynamic, ImmutableString, Map};
use std::sync::Arc;

use crate::model::{File, Response, Shared, Source};

/// A value without parts, and what an entry of a map takes beside its key.
const SLOT: usize = size_of::<Dynamic>();
const ENTRY: usize = 48;

/// How deep a value is looked into.
const MOST_LEVELS: usize = 100;

/// The bytes of `value`; counting ends at `most`.
pub(super) fn size(value: &Dynamic, most: usize) -> usize {
    let mut sum = 0;
    add(value, &mut sum, most, MOST_LEVELS);
    sum.min(most)
}

/// Adds `value` to `sum` as long as that is below `most`.
fn add(value: &Dynamic, sum: &mut usize, most: usize, levels: usize) {
    *sum += SLOT;
    let Some(levels) = levels.checked_sub(1) else { return };
    if *sum >= most {
        return;
    }
    if let Some(items) = value.read_lock::<Array>() {
        *sum += (items.capacity() - items.len()) * SLOT;
        for item in items.iter() {
            add(item, sum, most, levels);
            if *sum >= most {
                return;
            }
        }
    } else if let Some(map) = value.read_lock::<Map>() {
        for (key, value) in map.iter() {
            *sum += ENTRY + key.len();
            add(value, sum, most, levels);
            if *sum >= most {
                return;
            }
        }
    } else {
        *sum += own(value);
    }
}

/// What a value without parts holds elsewhere.
fn own(value: &Dynamic) -> usize {
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return text.len();
    }
    if let Some(bytes) = value.read_lock::<Blob>() {
        return bytes.capacity();
    }
    if let Some(response) = value.read_lock::<Arc<Response>>() {
        // The text, and the same parsed.
        return 3 * response.text.len() + 1024;
    }
    if let Some(file) = value.read_lock::<Shared<File>>() {
        return match &file.read().source {
            Source::Bytes(bytes) => bytes.len(),
            Source::Nowhere | Source::Path(_) | Source::Url(_) => 1024,
        };
    }
    if value.is_int() || value.is_float() || value.is_bool() || value.is_unit() { 0 } else { 1024 }
}

#[cfg(test)]
mod tests {
    use super::size;
    use rhai::{Dynamic, Map};

    #[test]
    fn large_values_are_large() {
        assert!(size(&Dynamic::from("x".repeat(5_000)), usize::MAX) >= 5_000);
        assert!(size(&Dynamic::from_blob(vec![0; 5_000]), usize::MAX) >= 5_000);
        let rows: Vec<Dynamic> = (0..1_000)
            .map(|n| Dynamic::from_map(Map::from([("name".into(), Dynamic::from(format!("{n:0100}")))])))
            .collect();
        let list = Dynamic::from_array(rows);
        assert!((120_000..300_000).contains(&size(&list, usize::MAX)));
        assert_eq!(size(&list, 1_000), 1_000);
        assert!(size(&list.into_shared(), usize::MAX) > 120_000);
    }
}
