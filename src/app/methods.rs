//! `dingraia methods`.

use super::program::Program;
use crate::cli::Output;
use crate::console::text::{pad, width};
use crate::console::{definitions, help};
use crate::error::Result;
use crate::sandbox;

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

/// Prints the definitions for the Rhai language server.
pub(super) fn definitions(program: &Program) -> Result<u8> {
    program.screen.result(definitions::rhai().trim_end());
    Ok(0)
}

/// Lists how well each method's calls are known, which is what the sandbox can prove.
pub(super) fn coverage(program: &Program) -> Result<u8> {
    let rows = sandbox::coverage();
    if program.global.output == Some(Output::Json) {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| serde_json::json!({ "method": row.method, "grade": row.grade.name(), "calls": row.calls }))
            .collect();
        program.screen.result(&serde_json::Value::Array(rows).to_string());
        return Ok(0);
    }
    let widest = rows.iter().map(|row| width(row.method)).max().unwrap_or(0);
    for row in rows {
        let line =
            format!("{}  {}  {}", pad(row.method, widest), pad(row.grade.name(), 11), row.calls.join(", "));
        program.screen.result(line.trim_end());
    }
    Ok(0)
}
