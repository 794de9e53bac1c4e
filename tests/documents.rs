//! What the documents say must be so: the README, the tour, the sample scripts, the layout of the repository.

mod robot;
mod samples;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use dingraia::config::keys::{KEYS, Key, Shape};
use dingraia::config::{Config, Env, Flags, load};
use dingraia::console::help;
use dingraia::console::input::{Line, classify};
use dingraia::console::render::{Mode, Renderer};
use dingraia::console::show::Show;
use dingraia::console::style::Palette;
use dingraia::lang::Lang;
use dingraia::script::{Bridge, Interpreter, Live, Opener, Outcome, Print, Stop};

use crate::support::{LUNCH, Program, RELEASE, World};

const README: &str = include_str!("../README.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks of the README whose fence says `language`, with the marker comment above them, if any.
fn blocks(language: &str) -> Vec<(&'static str, &'static str)> {
    let fence = format!("```{language}\n");
    README
        .match_indices(&fence)
        .map(|(at, _)| {
            let above = README[..at].trim_end_matches('\n').lines().last().unwrap_or_default();
            let inside = &README[at + fence.len()..];
            (above, &inside[..inside.find("```").expect("the block has no end")])
        })
        .collect()
}

/// The blocks that stand below `marker`; there must be some.
fn marked(language: &str, marker: &str) -> Vec<&'static str> {
    let found: Vec<_> =
        blocks(language).into_iter().filter(|(above, _)| *above == marker).map(|(_, block)| block).collect();
    assert!(!found.is_empty(), "README.md has no {language} block below {marker}");
    found
}

/// What stands between `<!-- name -->` and `<!-- /name -->`.
fn section(name: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("<!-- {name} -->\n")).expect("the section begins");
    rest.split_once(&format!("<!-- /{name} -->")).expect("the section ends").0
}

#[track_caller]
fn assert_same(what: &str, found: &str, expected: &str) {
    assert!(found == expected, "{what} is stale. Replace it with:\n\n{expected}\n");
}

/// A console without its line editor: what is entered, and the text that would be on the screen.
struct Console {
    /// Held for its sandbox and its session.
    _world: World,
    interpreter: Interpreter,
    show: Show,
    screen: Arc<Mutex<String>>,
    number: usize,
    /// How many inputs ended with an error.
    problems: usize,
}

impl Console {
    fn new() -> Self {
        let world = World::new();
        let screen = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&screen);
        let print: Print = Arc::new(move |text| {
            let _ = writeln!(lines.lock().unwrap(), "{text}");
        });
        let opener: Opener = Arc::new(|_| unreachable!("the documents open no other client"));
        let mut interpreter = Interpreter::new(Arc::new(Bridge::default()), &opener, &print);
        interpreter.set_app(Live(Arc::clone(&world.session)));
        let palette = Palette::new(false);
        let renderer = Renderer {
            palette,
            width: 100,
            lines: Some(200),
            whole: false,
            mode: Mode::Auto,
            prompt: true,
            terminal: true,
            lang: Lang::En,
        };
        let show = Show {
            renderer,
            palette,
            lang: Lang::En,
            text_columns: 100,
            note_columns: 100,
            json_errors: false,
        };
        Self { _world: world, interpreter, show, screen, number: 0, problems: 0 }
    }

    /// Enters `input` as the console would and gives what it shows.
    fn enter(&mut self, input: &str) -> String {
        self.number += 1;
        let shown = match classify(input) {
            Line::Code(source) => self.evaluate(source, true),
            Line::Silent(source) => self.evaluate(source, false),
            Line::Help(topic) => self.show.help().topic(topic).unwrap(),
            Line::Command { .. } | Line::Blank => panic!("{input}: not an evaluation"),
        };
        let mut text = std::mem::take(&mut *self.screen.lock().unwrap());
        if !shown.is_empty() {
            let _ = writeln!(text, "{shown}");
        }
        text
    }

    fn evaluate(&mut self, source: &str, is_shown: bool) -> String {
        let outcome = self.interpreter.evaluate(source, &format!("<in {}>", self.number), &Stop::default());
        match outcome {
            Outcome::Leave(code) => panic!("{source} left with {code}"),
            Outcome::Problem(problem) => {
                self.problems += 1;
                self.show.problem(&problem)
            }
            Outcome::Value(value) => {
                if !value.is_nothing() {
                    self.interpreter.set("it", &value);
                }
                if is_shown { self.show.value(&value) } else { String::new() }
            }
        }
    }
}

/// A prompt of the shown session, and the input behind it.
fn prompted(line: &str) -> Option<(&str, &str)> {
    line.starts_with("dingraia[").then(|| line.split_once("> ")).flatten()
}

#[test]
fn the_session_of_the_readme_is_real() {
    for block in marked("text", "<!-- session -->") {
        let mut console = Console::new();
        let mut expected = String::new();
        for (prompt, input) in block.lines().filter_map(prompted) {
            let number = console.number + 1;
            assert_eq!(prompt, format!("dingraia[default·sandbox·rw] {number}"), "the prompt");
            let _ = writeln!(expected, "{prompt}> {input}");
            expected.push_str(&console.enter(input));
        }
        assert!(console.number >= 8, "the session is short");
        assert_same("The session in README.md", block, &expected);
    }
}

/// A shell that finds the real program and the sample scripts, in a folder and a home of its own.
struct Shell(tempfile::TempDir);

impl Shell {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scripts = folder.path().join("scripts");
        fs::create_dir(&scripts).unwrap();
        for (name, text) in scripts_of_the_repository() {
            fs::write(scripts.join(&name), text).unwrap();
            let mode = fs::metadata(root().join("scripts").join(&name)).unwrap().permissions();
            fs::set_permissions(scripts.join(name), mode).unwrap();
        }
        Self(folder)
    }

    fn run(&self, line: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_dingraia"));
        let mut paths = vec![program.parent().unwrap().to_owned()];
        paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{line}")])
            .env_clear()
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("HOME", self.0.path())
            .env("LANG", "C.UTF-8")
            .current_dir(self.0.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The sample scripts: name and text.
fn scripts_of_the_repository() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("scripts")).unwrap().map(|entry| entry.unwrap().path());
    let mut scripts: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|end| end == "rhai"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    scripts.sort();
    scripts
}

#[test]
fn the_shell_blocks_of_the_readme_are_real() {
    let shell = Shell::new();
    for block in marked("console", "<!-- run -->") {
        let mut expected = String::new();
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let _ = write!(expected, "$ {command}\n{}", shell.run(command));
        }
        assert!(!expected.is_empty(), "a block without a command");
        assert_same("A shell block in README.md", block, &expected);
    }
}

#[test]
fn two_commands_do_all_the_set_up() {
    let blocks: Vec<_> = blocks("sh").into_iter().map(|(_, block)| block).collect();
    assert_eq!(blocks, ["cargo run --release\n", "cargo test\n"]);
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.lines().any(|line| line == "cargo test"), "CI must run the README's test command");
    assert!(ci.lines().any(|line| line == "scripts/dev/check"), "CI must run scripts/dev/check");
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    assert!(README.contains(&format!("({oldest} or newer)")), "the README must name Rust {oldest}");
}

#[test]
fn the_configurations_of_the_readme_load() {
    let blocks = blocks("toml");
    assert_eq!(blocks.len(), 2);
    for (_, block) in blocks {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("dingraia.toml"), block).unwrap();
        let env = Env::of::<&str, &str>([]).in_dir(folder.path()).with_home(folder.path().join("home"));
        let loaded = load(&Flags::default(), &env).unwrap_or_else(|error| panic!("{error}\n{block}"));
        assert!(loaded.config.bot.is_some());
        for profile in loaded.profiles {
            let flags = Flags { profile: Some(profile.clone()), ..Flags::default() };
            let chosen = load(&flags, &env).unwrap().config;
            assert_ne!(chosen.bot, loaded.config.bot, "profile {profile} changes nothing");
        }
    }
}

#[test]
fn the_main_rhai_of_the_readme_is_a_configuration() {
    for block in marked("js", "<!-- main.rhai -->") {
        let ran = World::new().run(&format!("{block}\napp"));
        ran.prints("<Dingtalk>");
    }
}

#[test]
fn the_table_of_methods_is_fresh() {
    let expected = help::markdown();
    assert!(
        section("methods") == expected,
        "The table of methods in README.md is stale. Put the output of `dingraia methods --markdown` between the lines \
         `<!-- methods -->` and `<!-- /methods -->`."
    );
}

#[test]
fn the_table_of_console_commands_is_fresh() {
    assert_same("The table of console commands in README.md", section("commands"), &help::command_table());
}

#[test]
fn the_table_of_keys_is_fresh() {
    let mut expected = String::from(
        "| Key | What it is | 说明 | Default | Environment |\n| --- | --- | --- | --- | --- |\n",
    );
    key_rows(KEYS, "", &mut expected);
    assert_same("The table of keys in README.md", section("keys"), &expected);
}

fn key_rows(keys: &'static [Key], path: &str, out: &mut String) {
    let rows = Config::default().rows();
    for key in keys.iter().filter(|key| !matches!(key.shape, Shape::Unused)) {
        let name = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        if !key.children().is_empty() {
            let mark = if matches!(key.shape, Shape::Tables(_)) { "[]" } else { "" };
            key_rows(key.children(), &format!("{name}{mark}"), out);
            continue;
        }
        let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
        let default =
            rows.iter().find(|row| row.key == name).map(|row| row.shown.clone()).unwrap_or_default();
        let (default, env) = (code(&default), code(key.env.unwrap_or_default()));
        let _ = writeln!(out, "| `{name}` | {} | {} | {default} | {env} |", key.doc.en, key.doc.zh);
    }
}

#[test]
fn the_exit_codes_of_the_readme_are_real() {
    let (_, table) = README.split_once("## Exit codes").unwrap();
    let told: Vec<i32> = table
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(told, [0, 1, 2, 3, 4, 5, 6, 7, 8, 130]);
    let world = World::new();
    let seen = |program: Program, source: &str| program.run(["-e", source]).code;
    assert_eq!(seen(world.program(), "1"), 0);
    assert_eq!(seen(world.program(), r#"app.get_user("nobody")"#), 1);
    assert_eq!(seen(world.program().env("DINGRAIA_APP_SECRET", "wrong"), "app.get_depts()"), 2);
    assert_eq!(seen(world.program(), "app.get_user(1)"), 3);
    assert_eq!(seen(world.program(), &format!("app.get_group(\"{LUNCH}\")")), 4);
    assert_eq!(seen(world.program().env("DINGRAIA_OAPI_BASE", "http://127.0.0.1:9"), "app.get_depts()"), 6);
    let partly = format!(
        r#"let key = app.send_message("{RELEASE}", "x").json().processQueryKey;
           app.recall_message(#{{ openConversationId: "{RELEASE}", processQueryKeys: [key, "none"] }})"#
    );
    assert_eq!(seen(world.program(), &partly), 7);
    assert_eq!(seen(world.program(), "1 +"), 8);
    assert_eq!(seen(world.program(), "exit(42)"), 42);
}

/// Every line of the tour, in one session and in order, as somebody who pastes it would see it.
#[test]
fn the_tour_runs() {
    let tour = fs::read_to_string(root().join("history.example")).unwrap();
    let inputs: Vec<&str> = tour.lines().filter(|line| !line.starts_with("//")).collect();
    assert!((25..=40).contains(&inputs.len()), "{} lines", inputs.len());
    let mut console = Console::new();
    for input in tour.lines() {
        assert!(!input.trim().is_empty(), "a blank line");
        // The words and commands of the loop need a terminal and have tests of their own.
        if matches!(input, "help" | "%who") {
            continue;
        }
        let shown = console.enter(input);
        assert_eq!(console.problems, 0, "{input}\n{shown}");
    }
    for word in ["fn ", "parallel(", "try {", "recall_message("] {
        assert!(inputs.iter().any(|input| input.contains(word)), "the tour lacks {word}");
    }
}

/// `git` knows what belongs to the repository; where there is none, the folder itself is looked at.
#[test]
fn the_top_level_is_tidy() {
    let allowed =
        ["Cargo.toml", "Cargo.lock", "src", "scripts", "tests", "history.example", "README.md", "LICENSE"];
    let tracked = Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let names: Vec<PathBuf> = match tracked {
        Ok(output) if output.status.success() && !output.stdout.is_empty() => {
            String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).collect()
        }
        _ => fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into()).collect(),
    };
    for path in names {
        let top = path.iter().next().unwrap().to_string_lossy().into_owned();
        let is_fine = allowed.contains(&top.as_str()) || top.starts_with('.') || top == "target";
        assert!(is_fine, "{top} may not lie at the top level");
    }
    for name in allowed {
        assert!(root().join(name).exists(), "{name} is missing");
    }
    let licence = fs::read_to_string(root().join("LICENSE")).unwrap();
    assert!(licence.contains("MIT License") && licence.contains("Apache License"), "both texts");
}
