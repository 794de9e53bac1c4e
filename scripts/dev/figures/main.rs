//! Measures what `scripts/dev/bench` prints. It is one binary, for each takes minutes to build.
//!
//! `figures calls|cache|events|typing [--quick] [WORD]`, with a word only the figures whose name holds it. Prints tab-separated lines:
//! figure, target, median, smallest, largest, ratio or remark.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod cache;
mod calls;
mod events;
#[cfg(unix)]
mod typing;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.split_first() {
        Some((part, rest)) if part == "calls" => calls::main(rest),
        Some((part, rest)) if part == "cache" => cache::main(rest),
        Some((part, rest)) if part == "events" => events::main(rest),
        #[cfg(unix)]
        Some((part, rest)) if part == "typing" => typing::main(rest),
        _ => Err("figures calls|cache|events|typing [--quick] [WORD]".into()),
    }
}
