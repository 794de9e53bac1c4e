//! The functions and variables there are.

use std::any::TypeId;
use std::collections::{BTreeSet, HashMap, HashSet};

use rhai::Engine;

use super::{Around, Function};
use crate::script::cache::CacheHandle;
use crate::script::live::{Door, Live};

/// Words of the language that are called like functions.
const WORDS: &[&str] = &[
    "print",
    "debug",
    "type_of",
    "eval",
    "Fn",
    "call",
    "curry",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "this",
];

/// What names mean in a file.
pub(super) struct Names<'a> {
    /// Functions of the language and of this program, with the numbers of arguments that they take.
    natives: HashMap<String, BTreeSet<usize>>,
    /// Those that are called on `app`, its doors and `cache`.
    own: HashSet<(TypeId, String)>,
    functions: &'a [Function],
    pub(super) around: &'a Around,
    /// Variables that are given another value somewhere, and may be anything.
    pub(super) changed: HashSet<String>,
    /// The keys of maps, which may hold functions.
    pub(super) keys: HashSet<String>,
    /// Whether a name that is not there is a mistake.
    pub(super) are_all: bool,
    /// Whether a method that nothing has is one.
    pub(super) are_methods_known: bool,
}

impl<'a> Names<'a> {
    pub(super) fn new(engine: &Engine, functions: &'a [Function], around: &'a Around) -> Self {
        let mut natives: HashMap<String, BTreeSet<usize>> = HashMap::new();
        let mut own = HashSet::new();
        let handles = [TypeId::of::<Live>(), TypeId::of::<Door>(), TypeId::of::<CacheHandle>()];
        let all = engine.collect_fn_metadata(
            None,
            |info| {
                let data = info.metadata;
                let first = data.param_types.first().copied().filter(|kind| handles.contains(kind));
                Some((data.name.to_string(), data.num_params, first))
            },
            true,
        );
        for (name, count, first) in all {
            own.extend(first.map(|kind| (kind, name.clone())));
            natives.entry(name).or_default().insert(count);
        }
        let (changed, keys) = (HashSet::new(), HashSet::new());
        Self { natives, own, functions, around, changed, keys, are_all: false, are_methods_known: false }
    }

    /// The function of the file that this calls.
    pub(super) fn function(&self, name: &str, count: usize) -> Option<&'a Function> {
        self.functions.iter().find(|function| function.name == name && function.params.len() == count)
    }

    /// The functions of the file with this name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &'a Function> {
        self.functions.iter().filter(move |function| function.name == name)
    }

    /// Whether values of the type of `app`, of a door or of `cache` have a method of this name that has no row; the file's own
    /// functions can be called on everything.
    pub(super) fn handle_has<T: 'static>(&self, name: &str, count: usize) -> bool {
        WORDS.contains(&name)
            || self.own.contains(&(TypeId::of::<T>(), name.to_owned()))
            || self.function(name, count).is_some()
            || self.around.functions.iter().any(|(known, params)| known == name && *params == count)
    }

    /// Whether anything may have a method of this name.
    pub(super) fn may_have(&self, method: &str) -> bool {
        !self.are_methods_known
            || WORDS.contains(&method)
            || self.natives.contains_key(method)
            || self.keys.contains(method)
            || self.named(method).next().is_some()
            || self.around.functions.iter().any(|(known, _)| known == method)
    }

    /// Whether a function can be called so.
    pub(super) fn has(&self, name: &str, count: usize) -> bool {
        WORDS.contains(&name)
            || self.natives.get(name).is_some_and(|counts| counts.contains(&count))
            || self.function(name, count).is_some()
            || self.around.functions.iter().any(|(known, params)| known == name && *params == count)
    }
}
