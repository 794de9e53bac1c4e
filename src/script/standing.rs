//! What holds for the calls of an evaluation beside its session: who began it, and whether it only tries. `app.dry_run(|| …)`.

use std::cell::RefCell;

use rhai::{Dynamic, NativeCallContext};

use super::convert::fn_ptr;
use super::failure::RhaiResult;
use super::live::Live;
use super::registry::Registry;
use crate::api::Request as _;
use crate::api::safety::DryRun;
use crate::ops::Scope;

thread_local! {
    static CURRENT: RefCell<Scope> = RefCell::default();
}

/// What holds on this thread.
pub(super) fn current() -> Scope {
    CURRENT.with_borrow(Scope::clone)
}

/// Exchanges what holds on this thread with what holds in a fiber.
pub(super) fn swap(other: &mut Scope) {
    CURRENT.with_borrow_mut(|current| std::mem::swap(current, other));
}

/// Runs `work` in `scope`.
pub(super) fn within<T>(scope: Scope, work: impl FnOnce() -> T) -> T {
    /// Puts back what held, also when `work` panics.
    struct Restore(Scope);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(std::mem::take(&mut self.0));
        }
    }
    let _restore = Restore(CURRENT.replace(scope));
    work()
}

/// Registers the method.
pub(super) fn register(registry: &mut Registry) {
    let dry = |ctx: NativeCallContext<'_>, _: &mut Live, f: Dynamic| -> RhaiResult {
        let f = fn_ptr(&ctx, DryRun::METHOD, 0, f)?;
        within(Scope { dry: true, ..current() }, || f.call_within_context(&ctx, ()))
    };
    registry.register_fn("dry_run", dry);
}
