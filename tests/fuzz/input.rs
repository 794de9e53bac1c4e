//! What is typed: told apart, judged, taken apart, repaired, and checked as a script.

use std::sync::Arc;

use dingraia::console::check::check;
use dingraia::console::input::{ParseFailure, Verdict, classify, judge, split};
use dingraia::console::repair::repair;
use dingraia::console::scan::scan;
use dingraia::error::Error;
use dingraia::script::{Around, Bridge, Interpreter};
use proptest::prelude::proptest;

use super::{CODE, cases, made_of};

thread_local! {
    /// Without an app: nothing is run.
    static SESSION: Interpreter = {
        let opener: dingraia::script::Opener = Arc::new(|_| Err(Error::usage("", "")));
        let print: dingraia::script::Print = Arc::new(|_| ());
        Interpreter::new(Arc::new(Bridge::default()), &opener, &print)
    };
}

fn compile(text: &str) -> Result<(), ParseFailure> {
    SESSION.with(|session| {
        let Some(problem) = session.syntax(text, "") else { return Ok(()) };
        let (line, column) = problem.spot.unwrap_or_default();
        Err(ParseFailure { line, column, message: problem.message.en.into_owned() })
    })
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// Every byte that is no blank is in one token, and brackets have one partner.
    #[test]
    fn tokens_cover_the_text(text in made_of(CODE, 24)) {
        let scan = scan(&text);
        let mut end = 0;
        for token in &scan.tokens {
            assert!(token.start >= end && token.end > token.start, "{token:?}");
            assert!(text[end..token.start].trim().is_empty(), "{:?} is in no token", &text[end..token.start]);
            assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
            end = token.end;
        }
        assert!(text[end..].trim().is_empty());
        for (open, close) in &scan.pairs {
            assert!(open < close && scan.partner(*open) == Some(*close));
        }
    }

    /// What parses is complete, and a blank line ends everything.
    #[test]
    fn an_input_is_judged(text in made_of(CODE, 16)) {
        let _ = classify(&text);
        let verdict = judge(&text, compile);
        let is_open = verdict == Verdict::Incomplete;
        assert!(!is_open || judge(&format!("{text}\n"), compile) == Verdict::Complete);
        let parts = split(&text, compile);
        assert!(parts.iter().all(|part| text.contains(part)));
    }

    /// A repaired line is not worse, and repairing it again finds nothing more.
    #[test]
    fn a_line_is_repaired(text in made_of(CODE, 16)) {
        if let Some(fixed) = repair(&text, compile) {
            assert!(compile(&text).is_err() && fixed != text);
            if compile(&fixed).is_ok() {
                assert_eq!(repair(&fixed, compile), None);
            }
        }
    }
}

proptest! {
    // Each looks through all functions of the language.
    #![proptest_config(cases(300))]

    /// A script is checked to its end; it has a syntax error when the parser says so.
    #[test]
    fn a_script_is_checked(text in made_of(CODE, 32)) {
        let checked = SESSION.with(|session| check(session, &text, "x", &Around::default()));
        if compile(&text).is_err() {
            assert!(!checked.is_clean());
        }
        let lines = text.lines().count() + 1;
        for problem in &checked.report.problems {
            assert!(problem.spot.is_none_or(|(line, _)| line <= lines));
        }
    }
}
