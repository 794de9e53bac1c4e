//! The functions and variables there are.

use std::any::TypeId;
use std::collections::{HashMap, HashSet};

use rhai::Engine;

use super::given::Literal;
use super::{Around, Function};
use crate::message::{Markdown, MessageChain};
use crate::model::{AccessToken, Group, Member, OpenConversationId, Shared, Webhook};
use crate::script::cache::CacheHandle;
use crate::script::live::{Door, Live};

/// Words of the language that are called like functions.
const WORDS: &[&str] =
    &["type_of", "eval", "Fn", "call", "curry", "is_shared", "is_def_var", "is_def_fn", "this"];

/// What names mean in a file.
pub(super) struct Names<'a> {
    /// Functions of the language and of this program, with the types that each form of them takes.
    natives: HashMap<String, Vec<Vec<TypeId>>>,
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
        let mut natives: HashMap<String, Vec<Vec<TypeId>>> = HashMap::new();
        let mut own = HashSet::new();
        let handles = [TypeId::of::<Live>(), TypeId::of::<Door>(), TypeId::of::<CacheHandle>()];
        let all = engine.collect_fn_metadata(
            None,
            |info| {
                let data = info.metadata;
                Some((data.name.to_string(), data.param_types.to_vec()))
            },
            true,
        );
        for (name, types) in all {
            let first = types.first().filter(|kind| handles.contains(kind));
            own.extend(first.map(|kind| (*kind, name.clone())));
            natives.entry(name).or_default().push(types);
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
        let takes = |form: &Vec<TypeId>| {
            form.len() == count && form.iter().zip(given).all(|(kind, given)| given.fits(*kind))
        };
        WORDS.contains(&name)
            || self.natives.get(name).is_some_and(|forms| forms.iter().any(takes))
            || self.function(name, count).is_some()
            || self.around.functions.iter().any(|(known, params)| known == name && *params == count)
    }
    /// The fields of what the constructor `name` makes; `None` when they are not known here.
    pub(super) fn fields(&self, name: &str) -> Option<Vec<&str>> {
        let (_, kind) = made().into_iter().find(|(known, _)| *known == name)?;
        let is_of = |forms: &[Vec<TypeId>]| forms.iter().any(|form| form.first() == Some(&kind));
        let all = self.natives.iter().filter(|(_, forms)| is_of(forms)).map(|(name, _)| name.as_str());
        Some(all.filter_map(|name| name.strip_prefix("get$").or(name.strip_prefix("set$"))).collect())
    }
}

/// The types that constructors make.
fn made() -> [(&'static str, TypeId); 7] {
    [
        ("Member", TypeId::of::<Shared<Member>>()),
        ("Group", TypeId::of::<Shared<Group>>()),
        ("OpenConversationId", TypeId::of::<OpenConversationId>()),
        ("Webhook", TypeId::of::<Webhook>()),
        ("AccessToken", TypeId::of::<AccessToken>()),
        ("MessageChain", TypeId::of::<MessageChain>()),
        ("Markdown", TypeId::of::<Markdown>()),
    ]
}
