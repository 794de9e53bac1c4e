//! What a session knows: its variables, its functions, and what values can do; for help, `%who` and completion.

use std::any::TypeId;

use rhai::{Dynamic, Map};

use super::Interpreter;
use super::convert::type_name;
use super::interpreter::Value;

/// A function that was written in this session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub params: Vec<String>,
    /// Its doc comment, without the slashes.
    pub doc: String,
    /// The text it was written in: an input or a file.
    pub origin: String,
}

/// What a value can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    /// Its fields.
    pub fields: Vec<String>,
    /// Its methods, with the number of further arguments.
    pub methods: Vec<String>,
}

impl Value {
    /// The word for its type, as `list` or `Member`.
    pub fn type_name(&self) -> String {
        match self.inner.type_name() {
            "string" => "text".into(),
            "array" => "list".into(),
            "i64" => "int".into(),
            "f64" => "float".into(),
            "Fn" => "function".into(),
            "map" | "bool" | "char" | "()" | "blob" | "range" | "range=" | "timestamp" => {
                self.inner.type_name().into()
            }
            _ => type_name(&self.inner),
        }
    }
}

impl Interpreter {
    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<Value> {
        self.scope.get(name).map(|value| self.value(value.flatten_clone()))
    }

    /// The functions of this session, by name.
    pub fn written(&self) -> Vec<Written> {
        let own = self.library.iter_functions().filter(|function| !function.name.contains('$'));
        let mut found: Vec<Written> = own
            .map(|function| Written {
                name: function.name.to_owned(),
                params: function.params.iter().map(|param| (*param).to_owned()).collect(),
                doc: doc(&function.comments),
                origin: self.origins.get(function.name).map(|origin| origin.name.clone()).unwrap_or_default(),
            })
            .collect();
        found.sort_by(|one, other| (&one.name, one.params.len()).cmp(&(&other.name, other.params.len())));
        found
    }

    /// The fields and methods of `value`. Those of the language that every value has are left out.
    pub fn abilities(&self, value: &Value) -> Abilities {
        if let Some(map) = value.inner.read_lock::<Map>() {
            let fields = map.keys().map(ToString::to_string).collect();
            return Abilities { fields, methods: self.methods_of(&value.inner) };
        }
        let kind = actual_type(&value.inner);
        let mut fields = self.engine.collect_fn_metadata(
            None,
            |info| {
                let field = info.metadata.name.strip_prefix("get$")?;
                (info.metadata.param_types.first() == Some(&kind)).then(|| field.to_owned())
            },
            false,
        );
        fields.sort_unstable();
        fields.dedup();
        Abilities { fields, methods: self.methods_of(&value.inner) }
    }

    fn methods_of(&self, value: &Dynamic) -> Vec<String> {
        let kind = actual_type(value);
        let mut methods = self.engine.collect_fn_metadata(
            None,
            |info| {
                let data = &info.metadata;
                let is_name = data.name.starts_with(|c: char| c.is_alphabetic()) && !data.name.contains('$');
                let fits = data.param_types.first() == Some(&kind);
                let is_own = !matches!(data.name.as_str(), "to_string" | "to_debug" | "print" | "debug");
                (is_name && fits && is_own).then(|| data.name.to_string())
            },
            true,
        );
        methods.sort_unstable();
        methods.dedup();
        methods
    }
}

/// The type of what is inside of a shared value.
fn actual_type(value: &Dynamic) -> TypeId {
    value.flatten_clone().type_id()
}

/// `/// one\n/// two` without its slashes.
fn doc(comments: &[&str]) -> String {
    let lines = comments.iter().flat_map(|comment| comment.lines());
    let bare = lines.map(|line| line.trim_start_matches('/').trim_start_matches('*').trim());
    bare.collect::<Vec<_>>().join(" ").trim().to_owned()
}
