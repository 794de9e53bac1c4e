//! What an evaluation came to, with checks that say what was seen instead.

use dingraia::script::view::{Record, View};
use dingraia::script::{Outcome, Problem};
use serde_json::Value;

/// An evaluation that ended.
pub struct Ran {
    outcome: Outcome,
    /// What the script printed.
    pub printed: String,
}

impl Ran {
    pub fn new(outcome: Outcome, printed: String) -> Self {
        Self { outcome, printed }
    }

    /// True when it ended with a value.
    pub fn is_value(&self) -> bool {
        matches!(self.outcome, Outcome::Value(_))
    }

    /// The value.
    #[track_caller]
    pub fn view(&self) -> View {
        match &self.outcome {
            Outcome::Value(value) => value.view(),
            other => panic!("no value, but {other:?}"),
        }
    }

    /// The value as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        self.view().to_json()
    }

    /// The value, as text, must be `expected`.
    #[track_caller]
    pub fn prints(self, expected: &str) -> Self {
        let shown = match self.view() {
            View::Text(text) | View::Opaque(text) | View::Record(Record { text, .. }) => text,
            other => other.to_json().to_string(),
        };
        assert_eq!(shown, expected);
        self
    }

    /// The value must be `expected`.
    #[track_caller]
    #[allow(clippy::needless_pass_by_value, reason = "`gives(json!(…))` reads best")]
    pub fn gives(self, expected: Value) -> Self {
        let found = self.json();
        assert!(found == expected, "got {found}, not {expected}");
        self
    }

    /// It must have failed.
    #[track_caller]
    pub fn problem(&self) -> &Problem {
        match &self.outcome {
            Outcome::Problem(problem) => problem,
            other => panic!("no error, but {other:?}"),
        }
    }

    /// It must have failed with this kind and a message that holds `part`.
    #[track_caller]
    pub fn fails(self, kind: &str, part: &str) -> Self {
        let problem = self.problem();
        let found = problem.error.as_ref().map_or("script", |error| error.kind_name());
        assert!(found == kind && problem.message.en.contains(part), "{found}: {}", problem.message.en);
        self
    }

    /// The code that `exit` was called with.
    #[track_caller]
    pub fn left(&self) -> i64 {
        match self.outcome {
            Outcome::Leave(code) => code,
            ref other => panic!("did not leave, but {other:?}"),
        }
    }
}
