//! The way to read a command line. The options of every command are many, and making them takes a quarter of the work of
//! `dingraia eval`: where the command line is one of those that are used most, only theirs are made.

use std::ffi::OsString;

use clap::{Args, FromArgMatches, Parser};

use super::{Cli, EvalArgs, Given, Global, RunArgs};

/// Reads a command line.
///
/// # Errors
///
/// What clap says of it, which may also be that help or the version is asked for.
pub fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    quick(args).map_or_else(|| Cli::try_parse_from(args), Ok)
}

/// The same, where it opens the console, evaluates an expression or runs a script. What cannot be read so has another command, or a
/// mistake.
fn quick(args: &[OsString]) -> Option<Cli> {
    let command = clap::Command::new("dingraia").disable_help_subcommand(true).args_override_self(true);
    let command = Given::augment_args(Global::augment_args(command));
    let word = args.iter().skip(1).find(|arg| *arg == "eval" || *arg == "run");
    let command = match word.and_then(|word| word.to_str()) {
        Some("eval") => command.subcommand(EvalArgs::augment_args(clap::Command::new("eval"))),
        Some("run") => command.subcommand(RunArgs::augment_args(clap::Command::new("run"))),
        _ => command,
    };
    let matches = command.try_get_matches_from(args).ok()?;
    Cli::from_arg_matches(&matches).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        std::iter::once("dingraia").chain(line.split_whitespace()).map(OsString::from).collect()
    }

    /// What the whole reads, as far as it can.
    fn whole(line: &str) -> Option<String> {
        Cli::try_parse_from(words(line)).ok().map(|cli| format!("{cli:?}"))
    }

    #[test]
    fn it_reads_what_the_whole_reads() {
        for line in [
            "",
            "--sandbox -q",
            "--config eval --lang zh -o json",
            "-e eval",
            "-e 1+1 --timeout 3",
            "eval 1+1",
            "eval -1",
            "-vv --sandbox eval run --dry-run",
            "run a.rhai",
            "--read-only run eval x --profile",
            "run a.rhai --color never -- -x eval",
            "run --lang en a.rhai x --lang zh",
            "run a.rhai eval --help",
            "eval --version",
            "-q -q eval 1 -o json -o raw",
            "-e -1",
            "--lang en --lang zh",
        ] {
            let read = quick(&words(line)).map(|cli| format!("{cli:?}"));
            assert!(read.is_some(), "`{line}` is left to the whole");
            assert_eq!(read, whole(line), "`{line}`");
        }
    }

    #[test]
    fn it_leaves_the_rest() {
        for line in [
            "--help",
            "-h",
            "--version",
            "eval",
            "eval --help",
            "-q eval -h",
            "run --help",
            "eval 1 2",
            "run",
            "check run",
            "journal --find eval",
            "a.rhai eval",
            "-q -v",
            "--lang xx",
            "--no-such-option",
            "--profile",
            "config show",
        ] {
            assert!(quick(&words(line)).is_none(), "`{line}`");
        }
    }
}
