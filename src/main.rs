//! The `dingraia` program: flags in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(dingraia::app::main(std::env::args_os()))
}
