//! `app.with_access_token(token, || …)`: a stack of tokens owned by the calling script, restored on any exit.

use std::cell::RefCell;

use rhai::{Engine, FnPtr, NativeCallContext};

use super::convert::arg;
use super::failure::{RhaiResult, raise};
use super::live::Live;
use crate::api::{FromArg, Mismatch, Token};
use crate::error::{Error, Kind};
use crate::secret::Secret;
use crate::spec;

/// The tokens of the scopes around, innermost last.
pub(super) type Stack = Vec<Secret>;

thread_local! {
    static STACK: RefCell<Stack> = const { RefCell::new(Vec::new()) };
}

/// The token that calls of this script use instead of the app's.
pub(super) fn current() -> Option<Secret> {
    STACK.with_borrow(|stack| stack.last().cloned())
}

/// Exchanges this thread's tokens with those of a fiber.
pub(super) fn swap(other: &mut Stack) {
    STACK.with_borrow_mut(|stack| std::mem::swap(stack, other));
}

/// Runs `work` with `token` in force; `None` leaves things as they are.
pub(super) fn within<T>(token: Option<Secret>, work: impl FnOnce() -> T) -> T {
    /// Takes the token back, also when `work` panics.
    struct Pop;
    impl Drop for Pop {
        fn drop(&mut self) {
            STACK.with_borrow_mut(Vec::pop);
        }
    }
    let Some(token) = token else { return work() };
    STACK.with_borrow_mut(|stack| stack.push(token));
    let _pop = Pop;
    work()
}

/// Registers the method.
pub(super) fn register(engine: &mut Engine) {
    let scoped = |ctx: NativeCallContext<'_>, _: &mut Live, token: rhai::Dynamic, f: FnPtr| -> RhaiResult {
        let token = Token::from_arg(arg(token)).map_err(|mismatch| raise(&ctx, wrong(mismatch)))?;
        within(Some(token.0), || f.call_within_context(&ctx, ()))
    };
    engine.register_fn("with_access_token", scoped);
}

fn wrong(mismatch: Mismatch) -> Error {
    let (expected, got) = match mismatch {
        Mismatch::Kind(got) => (spec::Kind::Token.text(), got),
        Mismatch::Value(expected, got) => (expected, got),
    };
    Error::new(Kind::Argument {
        method: "with_access_token".into(),
        param: "access_token".into(),
        expected,
        got,
    })
}
