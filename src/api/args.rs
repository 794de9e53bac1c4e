//! From an argument to the type that a row asks for.

use super::{Arg, Object, Token};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::lang::Text;
use crate::model::{File, Shared};
use crate::secret::Secret;
use crate::spec::{Bound, Kind, Method, bind, too_many};

/// An argument that does not fit. Most say only that; some know better why.
#[derive(Debug)]
pub enum Mismatch {
    /// Not of the kind: `got`.
    Kind(String),
    /// Of the kind but not allowed: what it must be, and what was given.
    Value(Text, String),
}

impl Mismatch {
    /// `arg` is not of the kind.
    pub fn of(arg: &Arg) -> Self {
        Self::Kind(arg.describe())
    }
}

/// A type that a parameter can have.
pub trait FromArg: Sized {
    /// What it must be.
    const KIND: Kind;
    /// Whether it must be given.
    const REQUIRED: bool = true;

    /// Checks and converts.
    ///
    /// # Errors
    /// When `arg` does not fit.
    fn from_arg(arg: Arg) -> Result<Self, Mismatch>;

    /// The value when nothing was given.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: FromArg> FromArg for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;

    fn from_arg(arg: Arg) -> Result<Self, Mismatch> {
        T::from_arg(arg).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// The typed arguments of a row.
pub trait Request: Sized {
    /// The row.
    const METHOD: &'static Method;

    /// Takes and checks every argument.
    ///
    /// # Errors
    /// The first argument that is missing or does not fit.
    fn take(args: Args) -> Result<Self>;
}

/// The arguments of one call, sorted into the slots of its parameters.
#[derive(Debug)]
pub struct Args(Bound<Arg>);

impl Args {
    /// Sorts the arguments of a call. A last argument that is a map holds parameters by name, unless the parameter at its
    /// place takes a map itself.
    ///
    /// # Errors
    /// Too many arguments or an unknown name.
    pub fn bind(method: &Method, mut given: Vec<Arg>) -> Result<Self> {
        let count = given.len();
        let named = match given.pop() {
            Some(Arg::Map(entries))
                if is_options(method, count, entries.iter().map(|(name, _)| name.as_str())) =>
            {
                entries
            }
            Some(last) => {
                given.push(last);
                Vec::new()
            }
            None => Vec::new(),
        };
        bind(method, given, named).map(Self)
    }

    /// Takes parameter `index` as a `T`; `()` counts as not given.
    ///
    /// # Errors
    /// Missing, or not a `T`.
    pub fn take<T: FromArg>(&mut self, method: &Method, index: usize) -> Result<T> {
        let param = &method.params[index];
        let mut value = self.0.take(index).filter(|arg| !matches!(arg, Arg::Nil));
        if method.variadic && index + 1 == method.by_position {
            let rest = self.0.take_rest();
            if !rest.is_empty() {
                value = Some(Arg::List(value.into_iter().chain(rest).collect()));
            }
        }
        let Some(arg) = value else {
            return T::absent().ok_or_else(|| missing(method, index));
        };
        T::from_arg(arg).map_err(|mismatch| argument(method, param.name, param.kind, mismatch))
    }

    /// Takes the parameter that answers to `name`, for rows whose body is made by [`body`](super::body).
    ///
    /// # Errors
    /// As [`Args::take`].
    pub fn take_named<T: FromArg>(&mut self, method: &Method, name: &str) -> Result<Option<T>> {
        let index = method.params.iter().position(|param| param.answers_to(name));
        index.map_or(Ok(None), |index| self.take(method, index))
    }

    /// Takes the token for this call, when the row has one and one was given.
    ///
    /// # Errors
    /// As [`Args::take`].
    pub fn take_token(&mut self, method: &Method) -> Result<Option<Secret>> {
        let index = method.params.iter().position(|param| param.kind == Kind::Token);
        let token = index.map_or(Ok(None), |index| self.take::<Option<Token>>(method, index))?;
        Ok(token.map(|token| token.0))
    }

    /// The files that stand where a mediaId belongs, with their parameters.
    pub fn files_for_ids(&self, method: &Method) -> Vec<(usize, Shared<File>)> {
        let pictures = method
            .params
            .iter()
            .enumerate()
            .filter(|(_, param)| matches!(param.kind, Kind::Icon | Kind::MediaId));
        let found = pictures.filter_map(|(index, _)| match self.get(index) {
            Some(Arg::Object(Object::File(file))) => Some((index, file.clone())),
            _ => None,
        });
        found.collect()
    }

    /// Puts `arg` in the place of parameter `index`.
    pub fn set(&mut self, index: usize, arg: Arg) {
        self.0.set(index, arg);
    }

    /// The raw value of parameter `index`.
    pub fn get(&self, index: usize) -> Option<&Arg> {
        self.0.get(index).filter(|arg| !matches!(arg, Arg::Nil))
    }
}

/// Whether a map with these keys, as the last of `count` arguments, holds parameters by name; if not, it is an argument itself.
pub fn is_options<'a>(method: &Method, count: usize, keys: impl Iterator<Item = &'a str>) -> bool {
    let Some(last) = count.checked_sub(1).filter(|last| *last < method.by_position) else { return true };
    let kind = method.params[last].kind;
    if !kind.may_take_map() {
        return !kind.takes_map();
    }
    // One with the name of a parameter in it, or an empty one.
    let mut keys = keys.peekable();
    keys.peek().is_none() || keys.any(|name| method.params.iter().any(|param| param.answers_to(name)))
}

/// The error for a required argument that is not there.
pub fn missing(method: &Method, index: usize) -> Error {
    let param = &method.params[index];
    Error::new(ErrorKind::Missing {
        method: method.name.into(),
        param: param.name.into(),
        expected: param.kind.text(),
    })
    .hint(usage(method))
}

/// The error for a call with a number of arguments that no call has; `most` may be given by position.
pub fn miscounted(method: &Method, given: usize, most: usize) -> Error {
    let lacking = method.params.iter().skip(given).position(|param| param.required);
    match lacking {
        Some(further) if given <= most => missing(method, given + further),
        _ => too_many(method, given, most),
    }
}

fn usage(method: &Method) -> Text {
    let signature = method.signature();
    Text::made(format!("usage: {signature}"), format!("用法：{signature}"))
}

/// The error for an argument that does not fit.
pub fn argument(method: &Method, param: &str, kind: Kind, mismatch: Mismatch) -> Error {
    let (expected, got) = match mismatch {
        Mismatch::Kind(got) => (kind.text(), got),
        Mismatch::Value(expected, got) => (expected, got),
    };
    Error::new(ErrorKind::Argument { method: method.name.into(), param: param.into(), expected, got })
        .hint(usage(method))
}
