//! The functions and variables there are.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};

use rhai::{Dynamic, Engine};

use super::given::Literal;
use super::{Around, Function};
use crate::script::CACHE;
use crate::script::cache::CacheHandle;
use crate::script::live::{Door, Live};

/// Words of the language that are called like functions.
const WORDS: &[&str] =
    &["type_of", "eval", "Fn", "call", "curry", "is_shared", "is_def_var", "is_def_fn", "this"];

/// One way in which a function is called.
struct Form {
    types: Vec<TypeId>,
    /// The name of the first type, for functions that are told with names.
    receiver: String,
}

/// What names mean in a file.
pub(super) struct Names<'a> {
    /// Functions of the language and of this program, with each form of them.
    natives: HashMap<String, Vec<Form>>,
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
        let mut natives: HashMap<String, Vec<Form>> = HashMap::new();
        let mut own = HashSet::new();
        let handles = [TypeId::of::<Live>(), TypeId::of::<Door>(), TypeId::of::<CacheHandle>()];
        let all = engine.collect_fn_metadata(
            None,
            |info| {
                let data = info.metadata;
                let receiver = data.params_info.first().map(ToString::to_string).unwrap_or_default();
                Some((data.name.to_string(), Form { types: data.param_types.to_vec(), receiver }))
            },
            true,
        );
        for (name, form) in all {
            let first = form.types.first().filter(|kind| handles.contains(kind));
            own.extend(first.map(|kind| (*kind, name.clone())));
            natives.entry(name).or_default().push(form);
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

    /// Whether the session has a function of this name.
    pub(super) fn around_has(&self, name: &str) -> bool {
        self.around.functions.iter().any(|(known, _)| known == name)
    }

    /// Whether values of the type of `app`, of a door or of `cache` have a method of this name that has no row; the file's own
    /// functions can be called on everything.
    pub(super) fn handle_has<T: 'static>(&self, name: &str, count: usize) -> bool {
        WORDS.contains(&name)
            || self.own.contains(&(TypeId::of::<T>(), name.to_owned()))
            || self.function(name, count).is_some()
            || self.around.functions.iter().any(|(known, params)| known == name && *params == count)
    }

    /// The same of `cache`, with so many arguments.
    pub(super) fn cache_has(&self, name: &str, count: usize) -> bool {
        let kind = TypeId::of::<CacheHandle>();
        let takes = |form: &Form| form.types.first() == Some(&kind) && form.types.len() == count + 1;
        match self.natives.get(name) {
            Some(forms) if CACHE.iter().any(|word| word.name == name) => forms.iter().any(takes),
            _ => self.handle_has::<CacheHandle>(name, count),
        }
    }

    /// Whether what the constructor `kind` makes can be called so. What is not known here can.
    pub(super) fn object_has(&self, kind: &str, name: &str, count: usize) -> bool {
        let form = self.natives.values().flatten().find(|form| form.receiver == kind);
        let Some(own) = form.and_then(|form| form.types.first()) else { return true };
        let any = TypeId::of::<Dynamic>();
        let takes = |form: &Form| {
            form.types.len() == count + 1
                && form.types.first().is_some_and(|first| first == own || *first == any)
        };
        WORDS.contains(&name)
            || self.natives.get(name).is_some_and(|forms| forms.iter().any(takes))
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
            || self.around_has(method)
    }

    /// Whether a function can be called with arguments of these kinds.
    pub(super) fn has(&self, name: &str, given: &[Literal]) -> bool {
        let count = given.len();
        let takes = |form: &Form| {
            form.types.len() == count && form.types.iter().zip(given).all(|(kind, given)| given.fits(*kind))
        };
        WORDS.contains(&name)
            || self.natives.get(name).is_some_and(|forms| forms.iter().any(takes))
            || self.function(name, count).is_some()
            || self.around.functions.iter().any(|(known, params)| known == name && *params == count)
    }

    /// The fields of what the constructor `name` makes; `None` when no type is called like it.
    pub(super) fn fields(&self, name: &str) -> Option<Vec<&str>> {
        let is_of = |forms: &[Form]| forms.iter().any(|form| form.receiver == name);
        let all = self.natives.iter().filter(|(_, forms)| is_of(forms)).map(|(name, _)| name.as_str());
        let all: Vec<&str> = all.collect();
        // Every type of ours can be printed.
        if !all.contains(&"to_string") {
            return None;
        }
        let fields =
            all.into_iter().filter_map(|name| name.strip_prefix("get$").or(name.strip_prefix("set$")));
        Some(fields.collect())
    }
}
