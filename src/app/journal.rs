//! `dingraia journal`: what was called, by any program of the user.

use std::time::Duration;

use serde_json::{Map, Value};

use super::program::Program;
use crate::cli::{JournalArgs, Output};
use crate::client::Flight;
use crate::console::journal::{FIELDS, line, nothing, table};
use crate::console::render::csv;
use crate::console::show::Show;
use crate::error::{Error, Result};
use crate::journal::{FILE, Filter, Tail, moment, newest};
use crate::lang::{Lang, Text};
use crate::script::Stop;

/// How often it looks for what is added.
const BEAT: Duration = Duration::from_millis(200);

/// Shows the newest lines, and with `--follow` those that come.
pub(super) fn run(program: &Program, args: &JournalArgs) -> Result<u8> {
    let loaded = program.load()?;
    let show = program.show_in(loaded.config.language);
    program.screen.spoken.set(show.lang);
    let Some(folder) = &loaded.paths.state_dir else {
        return Err(Error::usage("there is no folder for the journal", "没有存放调用日志的目录"));
    };
    let (path, filter) = (folder.join(FILE), filter(program, args)?);
    // From here on, so that nothing is missed in between.
    let tail = Tail::new(&path);
    let found = newest(&path, &filter, args.limit)?;
    if found.is_empty() && !args.follow && program.global.output.is_none() {
        program.screen.tell(&nothing(&filter));
        return Ok(0);
    }
    tell(program, &show, &found, args.follow);
    if args.follow { follow(program, show.lang, tail, &filter) } else { Ok(0) }
}

fn filter(program: &Program, args: &JournalArgs) -> Result<Filter> {
    let since = |text: &String| {
        moment(text, program.clock.millis()).ok_or_else(|| {
            Error::usage(format!("--since: `{text}` is no time"), format!("--since：`{text}` 不是时间")).hint(
                Text::fixed(
                    "10m, 2h, 3d ago, 2026-03-02, or \"2026-03-02 08:00\"",
                    "10m、2h、3d（之前），2026-03-02，或 \"2026-03-02 08:00\"",
                ),
            )
        })
    };
    Ok(Filter {
        since: args.since.as_ref().map(since).transpose()?,
        method: args.method.as_ref().map(|name| name.trim_start_matches("app.").to_owned()),
        failed: args.failed,
        profile: program.global.profile.clone(),
        text: args.find.clone(),
    })
}

fn tell(program: &Program, show: &Show, found: &[Map<String, Value>], is_followed: bool) {
    match program.global.output {
        Some(Output::Json | Output::Raw) => {
            for entry in found {
                program.screen.result(&Value::Object(entry.clone()).to_string());
            }
        }
        Some(Output::Csv) => {
            program.screen.result(&format!("{}\r", FIELDS.join(",")));
            for entry in found {
                program.screen.result(&csv::record(entry, FIELDS));
            }
        }
        None | Some(Output::Table | Output::Card) if is_followed => {
            for entry in found {
                program.screen.result(&line(entry, show.lang));
            }
        }
        None | Some(Output::Table | Output::Card) => {
            program.screen.result(&show.renderer.of_all().value(&table(found, show.lang)));
        }
    }
}

/// Shows what is added, until Ctrl-C or until nobody reads it any more.
fn follow(program: &Program, lang: Lang, mut tail: Tail, filter: &Filter) -> Result<u8> {
    let stop = Stop::default();
    let wait = || {
        program.bridge.wait(&Flight::default(), async {
            tokio::time::sleep(BEAT).await;
            Ok(())
        })
    };
    program.interrupts.during(&stop, || {
        program.bridge.evaluate(&stop, || {
            while !program.screen.is_closed() && !stop.is_fired() {
                for text in tail.next_lines() {
                    let Ok(entry) = serde_json::from_str::<Map<String, Value>>(&text) else { continue };
                    if !filter.wants(&entry) {
                        continue;
                    }
                    program.screen.result(&match program.global.output {
                        None | Some(Output::Table | Output::Card) => line(&entry, lang),
                        Some(Output::Json | Output::Raw) => text,
                        // The titles stand above already.
                        Some(Output::Csv) => csv::record(&entry, FIELDS),
                    });
                }
                if wait().is_err() {
                    break;
                }
            }
        });
    });
    // Ctrl-C is how it is meant to end.
    Ok(0)
}
