//! What Rhai sees: the engine, the bound rows, the objects, and the way between scripts and the runtime.

mod ai_source;
mod arrived;
mod bind;
mod bridge;
mod builtins;
mod construct;
mod convert;
mod driver;
mod end;
mod engine;
mod event;
mod failure;
mod fiber;
mod file;
mod filter;
mod function;
mod handlers;
mod interpreter;
mod lane;
mod listen;
mod live;
mod objects;
mod parallel;
mod problem;
mod station;
mod stop;
mod task;
mod token_scope;
mod turn;
pub mod view;
mod waiter;

pub use arrived::Arrived;
pub use bridge::Bridge;
pub use builtins::{BUILTINS, Builtin};
pub use engine::Print;
pub use handlers::event_name;
pub use interpreter::{Interpreter, Outcome, Value};
pub use live::{Live, Opener};
pub use problem::{Call, Problem, Spot};
pub use station::{Reporter, Station};
pub use stop::Stop;

pub use crate::events::LinkState;
