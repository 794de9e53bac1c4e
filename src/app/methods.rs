//! `dingraia methods`.

use super::program::Program;
use crate::cli::Output;
use crate::console::help;
use crate::error::Result;

/// Lists the methods, or shows one.
pub(super) fn run(program: &Program, name: Option<&str>, json: bool, markdown: bool) -> Result<u8> {
    let show = program.show;
    if markdown {
        program.screen.result(help::markdown().trim_end());
        return Ok(0);
    }
    let text = show.help().topic(name.unwrap_or_default())?;
    if json || program.global.output == Some(Output::Json) {
        let bare = name.map(|name| name.trim_start_matches("app."));
        program.screen.result(&help::json(bare).to_string());
    } else {
        program.screen.result(text.trim_end());
    }
    Ok(0)
}
