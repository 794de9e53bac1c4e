//! Arguments as they stand in a script.

use std::any::TypeId;

use rhai::{Array, Dynamic, Expr, FnPtr, ImmutableString, Map, Position};

use crate::api::Arg;

/// An argument.
pub(super) struct Given<'a> {
    pub(super) position: Position,
    /// What it is, when it stands written out.
    pub(super) value: Option<Arg>,
    /// The entries, when it is a map that stands written out.
    pub(super) entries: Option<Vec<(&'a str, Position, Given<'a>)>>,
    /// Whether it may turn out to be a map.
    pub(super) may_be_map: bool,
}

impl<'a> Given<'a> {
    pub(super) fn new(expr: &'a Expr) -> Self {
        let entries = match expr {
            Expr::Map(parts, _) => {
                let entry =
                    |(name, value): &'a (rhai::Ident, Expr)| (name.as_str(), name.pos, Self::new(value));
                Some(parts.0.iter().map(entry).collect())
            }
            _ => None,
        };
        let value = value(expr);
        let may_be_map = value.is_none() && entries.is_none() && !is_no_map(expr);
        Self { position: expr.start_position(), value, entries, may_be_map }
    }
}

/// What is no map, whatever comes of it: a text with code in it, a list, what an operator gives, a function.
fn is_no_map(expr: &Expr) -> bool {
    match expr {
        Expr::FnCall(call, _) => call.is_operator_call(),
        other => matches!(other, Expr::InterpolatedString(..) | Expr::Array(..) | Expr::DynamicConstant(..)),
    }
}

/// The value of what stands written out.
fn value(expr: &Expr) -> Option<Arg> {
    Some(match expr {
        Expr::Unit(_) => Arg::Nil,
        Expr::BoolConstant(value, _) => Arg::Bool(*value),
        Expr::IntegerConstant(value, _) => Arg::Int(*value),
        Expr::FloatConstant(value, _) => Arg::Float(**value),
        Expr::CharConstant(value, _) => Arg::Text(value.to_string()),
        Expr::StringConstant(text, _) => Arg::Text(text.to_string()),
        Expr::Array(items, _) => Arg::List(items.iter().map(value).collect::<Option<_>>()?),
        Expr::Map(parts, _) => {
            let entries = parts.0.iter().map(|(name, expr)| Some((name.as_str().to_owned(), value(expr)?)));
            Arg::Map(entries.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The text that stands written out.
pub(super) fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringConstant(text, _) => Some(text),
        _ => None,
    }
}

/// Of what type an argument is, as far as it stands written out.
pub(super) struct Literal {
    kind: Option<TypeId>,
    /// As the engine calls the type.
    pub(super) name: &'static str,
}

impl Literal {
    pub(super) fn new(expr: &Expr) -> Self {
        let (kind, name) = match expr {
            Expr::BoolConstant(..) => (TypeId::of::<bool>(), "bool"),
            Expr::IntegerConstant(..) => (TypeId::of::<i64>(), "i64"),
            Expr::FloatConstant(..) => (TypeId::of::<f64>(), "f64"),
            Expr::StringConstant(..) | Expr::InterpolatedString(..) => {
                (TypeId::of::<ImmutableString>(), "string")
            }
            Expr::Array(..) => (TypeId::of::<Array>(), "array"),
            Expr::Map(..) => (TypeId::of::<Map>(), "map"),
            Expr::DynamicConstant(value, _) if value.is_fnptr() => (TypeId::of::<FnPtr>(), "Fn"),
            _ => return Self { kind: None, name: "…" },
        };
        Self { kind: Some(kind), name }
    }

    /// Whether a parameter of this type may take it.
    pub(super) fn fits(&self, param: TypeId) -> bool {
        let texts = [TypeId::of::<ImmutableString>(), TypeId::of::<String>(), TypeId::of::<&str>()];
        self.kind.is_none_or(|kind| {
            kind == param
                || param == TypeId::of::<Dynamic>()
                || texts.contains(&kind) && texts.contains(&param)
        })
    }
}
