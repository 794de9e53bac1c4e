//! What Rhai sees: the engine, the bound rows, the objects, and the way between scripts and the runtime.

mod ai_source;
mod bind;
mod bridge;
mod builtins;
mod cache;
mod cache_change;
mod cache_files;
mod cache_method;
mod cache_rows;
mod cache_words;
mod construct;
mod convert;
mod end;
mod engine;
mod failure;
mod fiber;
mod file;
mod function;
mod interpreter;
mod live;
mod objects;
mod parallel;
mod problem;
mod stop;
mod task;
mod token_scope;
mod turn;
pub mod view;

pub use bridge::Bridge;
pub use builtins::{BUILTINS, Builtin};
pub use cache_words::CACHE;
pub use engine::Print;
pub use interpreter::{Interpreter, Outcome, Value};
pub use live::{Live, Opener};
pub use problem::{Call, Problem, Spot};
pub use stop::Stop;
