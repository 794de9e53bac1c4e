//! `app.with_access_token(token, || …)`: a stack of tokens owned by the calling script, restored on any exit.

use std::cell::RefCell;

use rhai::{Dynamic, NativeCallContext};

use super::convert::{arg, fn_ptr};
use super::failure::{RhaiResult, raise};
use super::live::Live;
use super::registry::Registry;
use crate::api::login::WithAccessToken;
use crate::api::{FromArg as _, Request as _, Token, argument};
use crate::secret::Secret;

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
pub(super) fn register(registry: &mut Registry) {
    let scoped = |ctx: NativeCallContext<'_>, _: &mut Live, token: Dynamic, f: Dynamic| -> RhaiResult {
        let method = WithAccessToken::METHOD;
        let unfit =
            |mismatch| raise(&ctx, argument(method, method.params[0].name, method.params[0].kind, mismatch));
        let token = Token::from_arg(arg(token)).map_err(unfit)?;
        let f = fn_ptr(&ctx, method, 1, f)?;
        within(Some(token.0), || f.call_within_context(&ctx, ()))
    };
    registry.register_fn("with_access_token", scoped);
}
