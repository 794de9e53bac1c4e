//! What was entered at the prompt and what came of it: `In[3]`, `Out[3]`. A bound keeps a session that is open all day small.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use rhai::{Dynamic, Map, NativeCallContext};

use super::failure::{RhaiResult, raise};
use super::listing::{Listing, Rows};
use super::order::Orders;
use super::registry::Registry;
use super::size::size;
use crate::error::Error;

/// How many inputs are kept, and how many bytes of them.
const MOST_INPUTS: usize = 1_000;
const MOST_SOURCE: usize = 4 * 1024 * 1024;

/// How many results are kept, and how many bytes of them; a larger one is not kept at all.
const MOST_VALUES: usize = 200;
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What an input came to.
#[derive(Debug, Clone)]
enum Came {
    /// To nothing: a statement, a command, an error.
    Nothing,
    /// To a value of so many bytes.
    Value(Arc<Dynamic>, usize),
    /// To a value that was dropped since, or was too large.
    Dropped,
}

#[derive(Debug)]
struct Input {
    number: i64,
    source: String,
    came: Came,
}

/// The inputs, the youngest last.
#[derive(Debug, Default)]
pub(super) struct Results {
    inputs: VecDeque<Input>,
    source: usize,
    values: usize,
    bytes: usize,
    has_prompt: bool,
}

impl Results {
    /// Keeps an input and its value.
    pub(super) fn keep(&mut self, number: usize, source: &str, value: Option<&Arc<Dynamic>>) {
        let came = match value {
            // `Out` itself would hold itself.
            Some(value) if !value.is::<Kept>() && !value.is_unit() => match size(value, MOST_BYTES + 1) {
                size if size > MOST_BYTES => Came::Dropped,
                size => Came::Value(Arc::clone(value), size),
            },
            _ => Came::Nothing,
        };
        if let Came::Value(_, size) = &came {
            self.values += 1;
            self.bytes += size;
        }
        self.source += source.len();
        self.inputs.push_back(Input {
            number: i64::try_from(number).unwrap_or(i64::MAX),
            source: source.to_owned(),
            came,
        });
        self.shrink();
    }

    /// Drops the oldest values, and inputs, until all is within bounds.
    fn shrink(&mut self) {
        for input in &mut self.inputs {
            if self.values <= MOST_VALUES && self.bytes <= MOST_BYTES {
                break;
            }
            if let Came::Value(_, size) = &input.came {
                self.values -= 1;
                self.bytes -= size;
                input.came = Came::Dropped;
            }
        }
        while self.inputs.len() > MOST_INPUTS || (self.source > MOST_SOURCE && self.inputs.len() > 1) {
            let Some(input) = self.inputs.pop_front() else { return };
            self.source -= input.source.len();
            if let Came::Value(_, size) = &input.came {
                self.values -= 1;
                self.bytes -= size;
            }
        }
    }

    /// Forgets everything. The numbers go on.
    pub(super) fn clear(&mut self) {
        *self = Self { has_prompt: self.has_prompt, ..Self::default() };
    }

    /// There is a prompt: `In` and `Out` have a meaning.
    pub(super) fn open(&mut self) {
        self.has_prompt = true;
    }

    /// Whether `In` and `Out` have a meaning.
    pub(super) fn has_prompt(&self) -> bool {
        self.has_prompt
    }

    /// The input `number`; a negative one counts from the last.
    fn input(&self, number: i64, name: &str) -> Result<&Input, Error> {
        let found = if number < 0 {
            usize::try_from(number.unsigned_abs())
                .ok()
                .and_then(|back| self.inputs.len().checked_sub(back))
                .and_then(|place| self.inputs.get(place))
        } else {
            self.inputs.binary_search_by_key(&number, |input| input.number).ok().map(|at| &self.inputs[at])
        };
        found.ok_or_else(|| match (self.inputs.front(), self.inputs.back()) {
            (Some(first), Some(last)) if number > last.number => {
                let last = last.number.max(first.number);
                Error::usage(
                    format!("{name}[{number}]: the last input was {last}"),
                    format!("{name}[{number}]：最近一次输入是 {last}"),
                )
            }
            (Some(first), _) if (1..first.number).contains(&number) || number < 0 => {
                let first = first.number;
                Error::usage(
                    format!("{name}[{number}]: no longer kept; the oldest is {name}[{first}]"),
                    format!("{name}[{number}]：已不再保留；最早的是 {name}[{first}]"),
                )
            }
            _ => Error::usage(
                format!("{name}[{number}]: there is no such input; the first is 1"),
                format!("{name}[{number}]：没有这个输入；第一个是 1"),
            ),
        })
    }

    /// `Out[number]`. `Out[-1]` is the last value.
    fn value(&self, number: i64) -> Result<Dynamic, Error> {
        if number < 0 {
            let mut values = self.inputs.iter().rev().filter_map(|input| match &input.came {
                Came::Value(value, _) => Some(value),
                Came::Nothing | Came::Dropped => None,
            });
            let back = usize::try_from(number.unsigned_abs() - 1).unwrap_or(usize::MAX);
            let value = values.nth(back).ok_or_else(|| {
                let kept = self.values;
                Error::usage(
                    format!("Out[{number}]: only {kept} results are kept"),
                    format!("Out[{number}]：只保留了 {kept} 个结果"),
                )
            })?;
            return Ok(value.as_ref().clone());
        }
        match &self.input(number, "Out")?.came {
            Came::Value(value, _) => Ok(value.as_ref().clone()),
            Came::Nothing => Err(Error::usage(
                format!("Out[{number}]: input {number} had no value"),
                format!("Out[{number}]：输入 {number} 没有结果值"),
            )),
            Came::Dropped => Err(Error::usage(
                format!(
                    "Out[{number}]: the value was dropped; {MOST_VALUES} results and {} MiB of them are kept",
                    MOST_BYTES >> 20
                ),
                format!(
                    "Out[{number}]：该结果已被丢弃；最多保留 {MOST_VALUES} 个结果，共 {} MiB",
                    MOST_BYTES >> 20
                ),
            )),
        }
    }
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// What was entered.
    In,
    /// What came of it.
    Out,
}

/// `In` or `Out` as scripts hold it.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) side: Side,
    pub(super) results: Arc<Mutex<Results>>,
}

impl Kept {
    /// What `name` stands for.
    pub(super) fn named(name: &str, results: &Arc<Mutex<Results>>) -> Option<Self> {
        let side = match name {
            "In" => Side::In,
            "Out" => Side::Out,
            _ => return None,
        };
        Some(Self { side, results: Arc::clone(results) })
    }

    /// As it is shown: the youngest first.
    pub(super) fn listing(&self) -> Listing {
        Listing(Arc::new(self.clone()))
    }

    fn get(&self, number: i64) -> Result<Dynamic, Error> {
        let results = self.results.lock();
        match self.side {
            Side::In => results.input(number, "In").map(|input| input.source.clone().into()),
            Side::Out => results.value(number),
        }
    }
}

impl Rows for Kept {
    fn text(&self) -> String {
        format!("<{}>", if self.side == Side::In { "In" } else { "Out" })
    }

    fn total(&self) -> Option<usize> {
        Some(self.rows_now().len())
    }

    fn rows(self: Arc<Self>) -> Box<dyn Iterator<Item = RhaiResult> + Send> {
        Box::new(self.rows_now().into_iter().map(Ok))
    }
}

impl Kept {
    fn rows_now(&self) -> Vec<Dynamic> {
        let results = self.results.lock();
        let row = |input: &Input| {
            let mut row = Map::from([
                ("n".into(), Dynamic::from(input.number)),
                ("input".into(), Dynamic::from(input.source.clone())),
            ]);
            if self.side == Side::Out {
                let Came::Value(value, _) = &input.came else { return None };
                row.insert("value".into(), value.as_ref().clone());
            }
            Some(Dynamic::from_map(row))
        };
        results.inputs.iter().rev().filter_map(row).collect()
    }
}

/// Registers `In[n]` and `Out[n]`.
pub(super) fn register(registry: &mut Registry, orders: &Orders) {
    for keys in [&["n", "input"][..], &["n", "input", "value"]] {
        orders.learn_keys(keys.iter().copied());
    }
    registry.register_type::<Kept>("Results");
    registry.engine().register_indexer_get(
        |ctx: NativeCallContext<'_>, kept: &mut Kept, number: i64| -> RhaiResult {
            kept.get(number).map_err(|error| raise(&ctx, error))
        },
    );
    for name in ["to_string", "to_debug"] {
        registry.register_fn(name, |kept: &mut Kept| kept.text());
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, MOST_INPUTS, MOST_VALUES, Results};
    use rhai::Dynamic;
    use std::sync::Arc;

    fn kept(results: &mut Results, number: usize, value: Dynamic) {
        results.keep(number, "x", Some(&Arc::new(value)));
    }

    fn said(results: &Results, number: i64) -> String {
        results.value(number).map_or_else(|error| error.to_string(), |value| value.to_string())
    }

    #[test]
    fn numbers_stand_for_inputs() {
        let mut results = Results::default();
        assert_eq!(said(&results, 1), "Out[1]: there is no such input; the first is 1");
        kept(&mut results, 1, 41.into());
        results.keep(2, "let a = 1", None);
        kept(&mut results, 3, 43.into());
        assert_eq!((said(&results, 1), said(&results, 3)), ("41".into(), "43".into()));
        assert_eq!((said(&results, -1), said(&results, -2)), ("43".into(), "41".into()));
        assert_eq!(said(&results, 2), "Out[2]: input 2 had no value");
        assert_eq!(said(&results, 4), "Out[4]: the last input was 3");
        assert_eq!(said(&results, 0), "Out[0]: there is no such input; the first is 1");
        assert_eq!(said(&results, -3), "Out[-3]: only 2 results are kept");
        assert_eq!(results.input(2, "In").unwrap().source, "let a = 1");
        assert_eq!(results.input(-1, "In").unwrap().number, 3);
        assert!(results.input(-9, "In").is_err());
    }

    #[test]
    fn the_oldest_values_go_first() {
        let mut results = Results::default();
        for number in 1..=MOST_VALUES + 2 {
            kept(&mut results, number, 1.into());
        }
        assert!(said(&results, 2).contains("was dropped"));
        assert_eq!(said(&results, 3), "1");
        let third = MOST_BYTES / 3 + 1;
        for number in 1000..1003 {
            kept(&mut results, number, Dynamic::from_blob(vec![0; third]));
        }
        assert!(said(&results, 1000).contains("was dropped"), "{}", said(&results, 1000));
        assert!(results.value(1001).is_ok() && results.bytes <= MOST_BYTES);
        // One that is too large leaves the others alone.
        kept(&mut results, 1003, Dynamic::from_blob(vec![0; MOST_BYTES + 1]));
        assert!(said(&results, 1003).contains("was dropped"));
        assert!(results.value(1002).is_ok());
    }

    #[test]
    fn inputs_end_too() {
        let mut results = Results::default();
        for number in 1..=MOST_INPUTS + 5 {
            results.keep(number, "x", None);
        }
        assert_eq!(results.inputs.len(), MOST_INPUTS);
        assert_eq!(said(&results, 5), "Out[5]: no longer kept; the oldest is Out[6]");
        results.keep(MOST_INPUTS + 6, &"y".repeat(5 * 1024 * 1024), None);
        assert_eq!(results.inputs.len(), 1);
    }
}
