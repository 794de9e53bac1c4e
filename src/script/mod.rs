//! What Rhai sees: the engine, the bound rows, the objects, and the way between scripts and the runtime.

mod ai_source;
mod bind;
mod bridge;
mod builtins;
mod construct;
mod convert;
mod end;
mod engine;
mod failure;
mod fiber;
mod file;
mod function;
mod interpreter;
mod listing;
mod live;
mod objects;
mod order;
mod parallel;
mod problem;
mod results;
mod size;
mod stop;
mod task;
mod token_scope;
mod turn;
pub mod view;
mod viewer;

pub use bridge::Bridge;
pub use builtins::{BUILTINS, Builtin};
pub use engine::Print;
pub use interpreter::{Interpreter, Outcome, Value};
pub use live::{Live, Opener};
pub use problem::{Call, Problem, Spot};
pub use stop::Stop;
