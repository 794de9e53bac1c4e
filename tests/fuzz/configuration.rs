//! Configuration files and the configurations of scripts: read or refused, and no secret is repeated.

use std::cell::RefCell;
use std::fs;

use dingraia::config::{Config, Env, Flags, Origin, load};
use dingraia::lang::Lang;
use proptest::prelude::{any, prop, proptest};
use serde_json::{Map, Value};

use super::{cases, damaged, made_of};

/// A text that must never be seen again.
const SECRET: &str = "S3cretThatNobodyMaySee";

const PIECES: &[&str] = &[
    "[bot]\n",
    "[[stream]]\n",
    "[stream]\n",
    "[event_callback]\n",
    "[endpoints]\n",
    "[pace]\n",
    "[timeouts]\n",
    "[usage]\n",
    "[profiles.a.bot]\n",
    "[profiles]\n",
    "[data_cache_time]\n",
    "[custom_stream_connect.headers]\n",
    "app_key = \"ding1\"\n",
    "app_secret = \"S3cretThatNobodyMaySee\"\n",
    "AppSecret = S3cretThatNobodyMaySee\n",
    "robot_code = ",
    "token = ",
    "aes_key = ",
    "api = \"https://x\"\n",
    "api = ",
    "calls_per_second = ",
    "calls_per_second = 1\n",
    "language = ",
    "\"zh\"\n",
    "\"\n",
    "\"",
    "=",
    "\n",
    "1e400\n",
    "-1\n",
    "nan\n",
    "true\n",
    "[1, 2]\n",
    "{ a = 1 }\n",
    "'''",
    "\"\"\"",
    "#",
    "group_api = \"v1\"\n",
    "quota = 5\n",
    "database = \"~/x\"\n",
    "journal = false\n",
    "名字 = 1\n",
    "a.b.c = 1\n",
    "\u{feff}",
    "\r\n",
    "\0",
];

const GOOD: &str = "language = \"en\"\n\n[bot]\napp_key = \"ding1\"\napp_secret = \"S3cretThatNobodyMaySee\"\n\n[pace]\ncalls_per_second = 7\n\
    \n[profiles.test.bot]\napp_key = \"ding2\"\napp_secret = \"S3cretThatNobodyMaySee\"\n";

/// Everything that may be seen of the outcome holds no secret.
fn seen(outcome: &dingraia::error::Result<Config>) {
    let text = match outcome {
        Ok(config) => format!("{config:?} {:?}", config.rows()),
        Err(error) => {
            let hints =
                error.hints().iter().map(|hint| format!("{}{}", hint.en, hint.zh)).collect::<String>();
            format!("{error:?} {} {} {hints}", error.text(Lang::En), error.text(Lang::Zh))
        }
    };
    assert!(!text.contains(SECRET), "{text}");
}

thread_local! {
    static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

fn read(text: &str) {
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(|| {
            // A disk takes longer to make a file than it takes to read it a hundred times.
            tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
        });
        fs::write(folder.path().join("dingraia.toml"), text).unwrap();
        let env = Env::of::<&str, &str>([]).in_dir(folder.path());
        for profile in [None, Some("test".to_owned())] {
            let flags = Flags { profile, ..Flags::default() };
            seen(&load(&flags, &env).map(|loaded| loaded.config));
        }
    });
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_file_is_read_or_refused(text in made_of(PIECES, 16)) {
        read(&text);
    }

    #[test]
    fn a_damaged_file_too(text in damaged(GOOD)) {
        read(&text);
    }

    /// What a script gives, in any of the spellings that are understood.
    #[test]
    fn fields_are_read_or_refused(
        names in prop::collection::vec(prop::sample::select(&["bot", "Bot", "stream", "dataCacheTime", "event_callback", "app_key", "appSecret",
            "app_secret", "robot-code", "pace", "timeouts", "language", "x", "journal"][..]), 0..5),
        numbers in prop::collection::vec(any::<f64>(), 5),
        depth in 0_usize..3,
    ) {
        let mut fields = Map::new();
        for (name, number) in names.iter().zip(numbers) {
            let leaf = if name.to_lowercase().contains("secret") { Value::from(SECRET) } else { Value::from(number) };
            let value = (0..depth).fold(leaf, |inner, level| match level % 2 {
                0 => Value::Object(Map::from_iter([("app_secret".to_owned(), inner)])),
                _ => Value::Array(vec![inner]),
            });
            fields.insert((*name).to_owned(), value);
        }
        seen(&Config::from_fields(fields, &Origin::Script));
    }
}
