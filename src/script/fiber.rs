//! Evaluations that give way while they wait, so that many of them share one thread. A thread for each would cost several
//! switches between threads a call.
//!
//! A fiber has a stack of its own. Where an evaluation waits for a future, [`wait`] polls it and suspends the fiber until
//! the future wants to be polled again; to whoever polls the [`Fiber`] it is a future like any other.

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult};
use parking_lot::Mutex;

use super::{end, lane, standing, stop, token_scope};
use crate::ops::Scope;

/// How many stacks are kept for the next fibers.
const KEPT: usize = 64;

type Yielder = corosensei::Yielder<(), ()>;

thread_local! {
    /// The fiber that runs on this thread.
    static HERE: RefCell<Here> = const { RefCell::new(Here { yielder: None, waker: None }) };
}

/// How the running fiber gives way, and how it is woken.
#[derive(Default)]
struct Here {
    yielder: Option<NonNull<Yielder>>,
    waker: Option<Waker>,
}

/// True inside of a fiber.
pub(super) fn is_inside() -> bool {
    HERE.with_borrow(|here| here.yielder.is_some())
}

/// Waits inside of a fiber until `future` is done.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        let waker = HERE.with_borrow(|here| here.waker.clone()).unwrap_or_else(|| Waker::noop().clone());
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => give_way(),
        }
    }
}

/// Lets the other fibers of this thread go on, when this is one.
pub(super) fn offer() {
    if let Some(waker) = HERE.with_borrow(|here| here.waker.clone()) {
        waker.wake();
        give_way();
    }
}

#[allow(
    unsafe_code,
    reason = "an evaluation reaches its fiber through the engine, which hands no reference down"
)]
fn give_way() {
    let Some(yielder) = HERE.with_borrow(|here| here.yielder) else { return };
    // SAFETY: the yielder lives on the stack of the fiber that runs here, below this call. `Fiber::new` puts the pointer
    // into `HERE` before it runs the work and takes it out after it; while another fiber runs, `Ambient` has it.
    unsafe { yielder.as_ref() }.suspend(());
}

/// What belongs to an evaluation but stands in the thread: it leaves and comes back with the fiber.
#[derive(Default)]
struct Ambient {
    here: Here,
    stop: stop::Current,
    ended: end::Ended,
    tokens: token_scope::Stack,
    lane: lane::Current,
    scope: Scope,
}

impl Ambient {
    fn swap(&mut self) {
        HERE.with_borrow_mut(|here| std::mem::swap(here, &mut self.here));
        stop::swap(&mut self.stop);
        end::swap(&mut self.ended);
        token_scope::swap(&mut self.tokens);
        lane::swap(&mut self.lane);
        standing::swap(&mut self.scope);
    }
}

/// Stacks that are not in use.
#[derive(Default)]
pub(super) struct Stacks(Mutex<Vec<DefaultStack>>);

impl Stacks {
    fn take(&self, size: usize) -> io::Result<DefaultStack> {
        let kept = self.0.lock().pop();
        kept.map_or_else(|| DefaultStack::new(size), Ok)
    }

    fn put(&self, stack: DefaultStack) {
        let mut kept = self.0.lock();
        if kept.len() < KEPT {
            kept.push(stack);
        }
    }
}

/// An evaluation as a future. It is done when the work is; it must be polled on the thread that made it.
pub(super) struct Fiber {
    /// Taken when the work is done.
    coroutine: Option<Coroutine<(), (), ()>>,
    ambient: Ambient,
    stacks: Arc<Stacks>,
}

impl Fiber {
    /// A fiber that will run `work`, with a stack of `size` bytes. A panic of `work` is one of whoever polls the fiber.
    ///
    /// # Errors
    /// When the system has no memory for a stack.
    pub(super) fn new(stacks: &Arc<Stacks>, size: usize, work: impl FnOnce() + 'static) -> io::Result<Self> {
        let stack = stacks.take(size)?;
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder, ()| {
            /// Forgets the fiber, also when the work panics.
            struct Leave;
            impl Drop for Leave {
                fn drop(&mut self) {
                    HERE.with_borrow_mut(|here| here.yielder = None);
                }
            }
            HERE.with_borrow_mut(|here| here.yielder = Some(NonNull::from(yielder)));
            let _leave = Leave;
            work();
        });
        Ok(Self { coroutine: Some(coroutine), ambient: Ambient::default(), stacks: Arc::clone(stacks) })
    }
}

impl Future for Fiber {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        /// Brings the thread's own things back, also when the work panics.
        struct Back<'a>(&'a mut Ambient);
        impl Drop for Back<'_> {
            fn drop(&mut self) {
                self.0.swap();
            }
        }
        let Self { coroutine, ambient, stacks } = &mut *self;
        let Some(running) = coroutine else { return Poll::Ready(()) };
        ambient.here.waker = Some(cx.waker().clone());
        ambient.swap();
        let back = Back(ambient);
        let result = running.resume(());
        drop(back);
        match result {
            CoroutineResult::Yield(()) => Poll::Pending,
            CoroutineResult::Return(()) => {
                if let Some(done) = coroutine.take() {
                    stacks.put(done.into_stack());
                }
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Fiber {
    /// What is left of the work unwinds in its own surroundings.
    fn drop(&mut self) {
        if self.coroutine.as_ref().is_some_and(|coroutine| coroutine.started() && !coroutine.done()) {
            self.ambient.swap();
            self.coroutine = None;
            self.ambient.swap();
        }
    }
}
