//! The order of the fields of answers. A map of the engine is sorted by key, so the order in which DingTalk wrote the fields
//! would be lost.
//!
//! What is remembered is one order for each set of keys: answers of one kind have the same keys, and a map that a script
//! took out of an answer still has them. A map whose keys are no answer's takes the order of the answer it is most like.
//! Learning looks at the first objects of a list only, so a call with ten thousand rows is not slower by it.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use parking_lot::RwLock;
use serde_json::Value;

use super::view::View;
use crate::ops::Output;

/// How many sets of keys are remembered; the oldest are forgotten first.
const MOST_SETS: usize = 512;

/// An object with more keys is a table by id, not a kind of answer.
const MOST_KEYS: usize = 64;

/// How many objects of a list are looked at.
const MOST_ROWS: usize = 32;

/// How deep answers are looked into.
const MOST_LEVELS: usize = 8;

/// The orders that were seen.
#[derive(Default)]
pub(super) struct Orders(RwLock<Seen>);

impl fmt::Debug for Orders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orders").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Seen {
    by_set: HashMap<u64, Order>,
    ages: VecDeque<u64>,
}

/// The keys of a set in order.
#[derive(Clone)]
struct Order {
    /// Tells two orders of one set apart.
    sequence: u64,
    keys: Arc<[Box<str>]>,
}

/// What tells sets of keys and their orders apart.
struct Prints {
    set: u64,
    sequence: u64,
}

fn prints<'a>(keys: impl Iterator<Item = &'a str>) -> Prints {
    keys.fold(Prints { set: 0, sequence: 0 }, |sum, key| {
        // FNV-1a, then mixed so that the sum of two keys tells nothing of another pair.
        let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Prints {
            set: sum.set.wrapping_add(mixed),
            sequence: (sum.sequence.rotate_left(5) ^ mixed).wrapping_mul(0x0100_0000_01b3),
        }
    })
}

impl Orders {
    /// Remembers the order of the fields of a method's result.
    pub(super) fn learn_output(&self, output: &Output) {
        match output {
            Output::Json(json) => self.learn(json),
            Output::List(items) => items.iter().take(MOST_ROWS).for_each(|item| self.learn_output(item)),
            Output::Object(_) => {}
        }
    }

    /// Remembers the order of the fields in `json`.
    pub(super) fn learn(&self, json: &Value) {
        self.learn_to(json, MOST_LEVELS);
    }

    fn learn_to(&self, json: &Value, levels: usize) {
        let Some(levels) = levels.checked_sub(1) else { return };
        match json {
            Value::Array(items) => items.iter().take(MOST_ROWS).for_each(|item| self.learn_to(item, levels)),
            Value::Object(map) => {
                if (2..=MOST_KEYS).contains(&map.len()) {
                    self.learn_keys(map.keys().map(String::as_str));
                }
                map.values().take(MOST_KEYS).for_each(|part| self.learn_to(part, levels));
            }
            _ => {}
        }
    }

    /// Remembers that these keys stand in this order.
    pub(super) fn learn_keys<'a>(&self, keys: impl Iterator<Item = &'a str> + Clone) {
        let Prints { set, sequence } = prints(keys.clone());
        if self.0.read().by_set.get(&set).is_some_and(|order| order.sequence == sequence) {
            return;
        }
        let order = Order { sequence, keys: keys.map(Box::from).collect() };
        let mut seen = self.0.write();
        if seen.by_set.insert(set, order).is_none() {
            seen.ages.push_back(set);
        }
        if seen.ages.len() > MOST_SETS
            && let Some(oldest) = seen.ages.pop_front()
        {
            seen.by_set.remove(&oldest);
        }
    }

    /// Puts the fields of a map, sorted by key, into the order of the answers.
    pub(super) fn arrange(&self, fields: &mut [(String, View)]) {
        if !(2..=MOST_KEYS).contains(&fields.len()) {
            return;
        }
        let set = prints(fields.iter().map(|field| field.0.as_str())).set;
        let seen = self.0.read();
        let order =
            seen.by_set.get(&set).or_else(|| seen.nearest(fields)).map(|order| Arc::clone(&order.keys));
        drop(seen);
        let Some(order) = order else { return };
        let places: HashMap<&str, usize> =
            order.iter().enumerate().map(|(place, key)| (key.as_ref(), place)).collect();
        // Stable: what the order does not know stays sorted, behind the rest.
        fields.sort_by_key(|field| places.get(field.0.as_str()).copied().unwrap_or(usize::MAX));
    }
}

impl Seen {
    /// The youngest order that holds most of the keys, if that is the greater part of them.
    fn nearest(&self, fields: &[(String, View)]) -> Option<&Order> {
        let shared = |order: &Order| {
            let holds = |key: &str| order.keys.iter().any(|known| known.as_ref() == key);
            fields.iter().filter(|field| holds(&field.0)).count()
        };
        let orders = self.ages.iter().filter_map(|set| self.by_set.get(set));
        let (count, order) = orders.map(|order| (shared(order), order)).max_by_key(|(count, _)| *count)?;
        (count >= 2 && 2 * count > fields.len()).then_some(order)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_SETS, Orders};
    use crate::script::view::View;
    use serde_json::json;

    fn arranged(orders: &Orders, keys: &[&str]) -> Vec<String> {
        let mut fields: Vec<_> = keys.iter().map(|key| ((*key).to_owned(), View::Nil)).collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        orders.arrange(&mut fields);
        fields.into_iter().map(|field| field.0).collect()
    }

    #[test]
    fn the_order_of_the_answer_comes_back() {
        let orders = Orders::default();
        orders.learn(&json!([{"userid": 1, "name": 2, "boss": {"z": 1, "a": 2}}]));
        assert_eq!(arranged(&orders, &["boss", "name", "userid"]), ["userid", "name", "boss"]);
        assert_eq!(arranged(&orders, &["a", "z"]), ["z", "a"]);
        // The last answer counts.
        orders.learn(&json!({"name": 2, "boss": 3, "userid": 1}));
        assert_eq!(arranged(&orders, &["boss", "name", "userid"]), ["name", "boss", "userid"]);
    }

    #[test]
    fn a_map_that_was_changed_keeps_the_rest_of_the_order() {
        let orders = Orders::default();
        orders.learn(&json!({"userid": 1, "title": 3, "name": 2, "age": 3}));
        assert_eq!(
            arranged(&orders, &["extra", "name", "title", "userid"]),
            ["userid", "title", "name", "extra"]
        );
        assert_eq!(arranged(&orders, &["name", "p", "q", "r", "title"]), ["name", "p", "q", "r", "title"]);
    }

    #[test]
    fn memory_ends() {
        let orders = Orders::default();
        for n in 0..2 * MOST_SETS {
            orders.learn(&json!({format!("z{n}"): 1, format!("a{n}"): 2}));
        }
        assert_eq!(orders.0.read().by_set.len(), MOST_SETS);
        assert_eq!(orders.0.read().ages.len(), MOST_SETS);
        assert_eq!(arranged(&orders, &["a0", "z0"]), ["a0", "z0"]);
        let last = 2 * MOST_SETS - 1;
        let keys = [format!("a{last}"), format!("z{last}")];
        assert_eq!(arranged(&orders, &[&keys[0], &keys[1]]), [keys[1].as_str(), &keys[0]]);
    }
}
