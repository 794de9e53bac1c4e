//! How functions of the cache's objects are registered: one way for all, so that each costs a function and no more.

use std::sync::Arc;

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map, NativeCallContext};

use super::convert::type_name;
use super::failure::{RhaiResult, raise};
use super::registry::Registry;
use crate::error::{Error, Kind};
use crate::lang::Text;

/// A call of a function: what it is called, where, and with what.
pub(super) struct Given<'a, 'b> {
    pub(super) ctx: &'a NativeCallContext<'b>,
    name: &'a str,
    args: Vec<Dynamic>,
}

/// What a function does with the object that it is called on.
type Work<T> = Arc<dyn Fn(&T, &Given<'_, '_>) -> RhaiResult + Send + Sync>;

/// Registers `name` on objects of type `T`, with each of these numbers of arguments.
pub(super) fn method<T: Clone + Send + Sync + 'static>(
    registry: &mut Registry,
    name: &'static str,
    arities: &[usize],
    work: impl Fn(&T, &Given<'_, '_>) -> RhaiResult + Send + Sync + 'static,
) {
    register(registry, name, arities, &(Arc::new(work) as Work<T>));
}

fn register<T: Clone + Send + Sync + 'static>(
    registry: &mut Registry,
    name: &'static str,
    arities: &[usize],
    work: &Work<T>,
) {
    for count in arities {
        let work = Arc::clone(work);
        registry.register_method(name, *count, move |ctx, object: T, args| {
            let args = args.into_iter().map(Dynamic::flatten).collect();
            work(&object, &Given { ctx, name, args })
        });
    }
}

impl Given<'_, '_> {
    /// An argument as it is; `()` when it was not given.
    pub(super) fn value(&self, at: usize) -> Dynamic {
        self.args.get(at).cloned().unwrap_or(Dynamic::UNIT)
    }

    pub(super) fn text(&self, at: usize) -> RhaiResult<String> {
        let text = self.value(at).try_cast::<ImmutableString>();
        text.map(Into::into).ok_or_else(|| self.wrong(at, Text::fixed("text", "文本")))
    }

    /// A whole number, 0 or more; `default` when it was not given.
    pub(super) fn count(&self, at: usize, default: usize) -> RhaiResult<usize> {
        if at >= self.args.len() {
            return Ok(default);
        }
        let count = self.value(at).as_int().ok().and_then(|count| usize::try_from(count).ok());
        count.ok_or_else(|| self.wrong(at, Text::fixed("a whole number, 0 or more", "不小于 0 的整数")))
    }

    pub(super) fn function(&self, at: usize) -> RhaiResult<FnPtr> {
        self.value(at).try_cast::<FnPtr>().ok_or_else(|| self.wrong(at, Text::fixed("a function", "函数")))
    }

    /// A list; an empty one when it was not given.
    pub(super) fn list(&self, at: usize) -> RhaiResult<Array> {
        if at >= self.args.len() {
            return Ok(Array::new());
        }
        self.value(at).try_cast::<Array>().ok_or_else(|| self.wrong(at, Text::fixed("a list", "列表")))
    }

    /// Whether the map at the end has this flag set. A key that is no flag of the function is a mistake.
    pub(super) fn flag(&self, at: usize, name: &str) -> RhaiResult<bool> {
        if at >= self.args.len() {
            return Ok(false);
        }
        let expected =
            || Text::made(format!("#{{{name}: true}} or false"), format!("#{{{name}: true}} 或 false"));
        let options = self.value(at).try_cast::<Map>().ok_or_else(|| self.wrong(at, expected()))?;
        if let Some(unknown) = options.keys().find(|key| key.as_str() != name) {
            return Err(self.fail(Error::new(Kind::UnknownParam {
                method: format!("cache.{}", self.name),
                param: unknown.to_string(),
                nearest: Some(name.to_owned()),
            })));
        }
        match options.get(name).map(Dynamic::as_bool) {
            None => Ok(false),
            Some(flag) => flag.map_err(|_| self.wrong(at, expected())),
        }
    }

    /// An error at the place of the call.
    pub(super) fn fail(&self, error: Error) -> Box<rhai::EvalAltResult> {
        raise(self.ctx, error)
    }

    /// An argument of the wrong kind.
    pub(super) fn wrong(&self, at: usize, expected: Text) -> Box<rhai::EvalAltResult> {
        let value = self.value(at);
        let got = value.as_int().map_or_else(|_| type_name(&value), |number| number.to_string());
        self.fail(Error::new(Kind::Argument {
            method: format!("cache.{}", self.name),
            param: format!("argument {}", at + 1),
            expected,
            got,
        }))
    }
}
