//! The one error of the program: what happened as data, what caused it, and what to do next.
//!
//! A [`Kind`] decides the text, the exit code and what a script sees in `e.kind`; the text is made here only.

mod meaning;
mod text;

use std::fmt;
use std::path::PathBuf;

use crate::lang::{Lang, Text};

/// What every fallible function of the library returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whether a request may have reached DingTalk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It cannot have been received.
    No,
    /// It was received: an answer came back.
    Yes,
    /// It may have been received: the connection broke after it was written.
    Unknown,
}

impl Sent {
    /// The word scripts see in `e.sent`.
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Unknown => "unknown",
        }
    }
}

/// Which limit of `[timeouts]` was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Until the connection stands.
    Connect,
    /// Until the answer begins, and until it goes on.
    FirstByte,
    /// The whole call.
    Whole,
    /// Another one, that the caller gave.
    Given,
    /// Until a person says something.
    Person,
}

impl Limit {
    /// Its key in `[timeouts]`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::FirstByte => "first_byte",
            Self::Whole | Self::Given | Self::Person => "call",
        }
    }
}

/// The class of an error code of DingTalk; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request itself was refused.
    Request,
    /// Credentials or token.
    Token,
    /// Permission point or IP list.
    Permission,
    /// Too many calls in a short time.
    Rate,
    /// The monthly quota is used up.
    Quota,
    /// DingTalk's own failure.
    Server,
}

/// An answer of DingTalk that says no.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// What was called, as `POST /topapi/v2/user/get`.
    pub call: String,
    /// `errcode` (or the `sub_code` of 88) or `code`, as text.
    pub code: String,
    /// DingTalk's own message.
    pub message: String,
    /// The id DingTalk's support asks for; empty when there is none.
    pub request_id: String,
    /// HTTP status.
    pub status: u16,
    /// Class of the code.
    pub class: Class,
    /// Name of the exception class of the Python framework for this code, for those who know it.
    pub exception: &'static str,
    /// The whole body.
    pub body: serde_json::Value,
}

/// A place in a file that the user wrote; lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Line, when known.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// An argument is of the wrong kind or has a value that is not allowed.
    Argument {
        /// Method or constructor.
        method: String,
        /// Parameter.
        param: String,
        /// What it must be.
        expected: Text,
        /// What was given.
        got: String,
    },
    /// A required argument is missing.
    Missing {
        /// Method or constructor.
        method: String,
        /// Parameter.
        param: String,
        /// What it must be.
        expected: Text,
    },
    /// A name in the trailing map is not a parameter.
    UnknownParam {
        /// Method or constructor.
        method: String,
        /// The unknown name.
        param: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// More positional arguments than parameters, or one given twice.
    TooMany {
        /// Method or constructor.
        method: String,
        /// What is wrong, as in "takes at most 2 arguments by position, got 3".
        problem: Text,
    },
    /// A request that can be known to fail before it is sent.
    Unsendable {
        /// Why.
        reason: Text,
    },
    /// A configuration value that cannot be used.
    Setting {
        /// Where it stands: file and line, an environment variable or a flag.
        place: Option<Place>,
        /// The key, as `pace.calls_per_second`.
        key: String,
        /// What is wrong and what is allowed.
        problem: Text,
    },
    /// The call needs configuration that is not there.
    Unconfigured {
        /// What is needed, as `bot` or `group_webhook_access_token`.
        needs: String,
    },
    /// Refused because it would be unsafe, such as credentials for a host that an untrusted file names.
    Untrusted {
        /// What is not trusted.
        what: Text,
    },
    /// DingTalk said no.
    Refused(Box<Refusal>),
    /// Part of the work was done and part of it was refused.
    Partial {
        /// What was asked for, as `recall_message`.
        what: String,
        /// How many were done.
        done: usize,
        /// What failed, each with DingTalk's reason.
        failed: Vec<(String, String)>,
        /// The answer, as the method would have returned it.
        body: serde_json::Value,
    },
    /// The call could be more than the budget that is configured for the month.
    OverBudget {
        /// Calls of this month so far.
        spent: u64,
        /// The budget.
        budget: u64,
    },
    /// Nothing but reads may be sent.
    ReadOnly {
        /// What was to be called.
        call: String,
    },
    /// Somebody was asked, or would have to be, and did not agree.
    Declined {
        /// What is not done, and why.
        what: Text,
    },
    /// The host could not be reached or the connection broke.
    Network {
        /// What was called.
        call: String,
        /// Host, without path and query.
        host: String,
        /// Why, in the words of the layer that failed where there are no better ones.
        problem: Text,
        /// Whether it may have been received.
        sent: Sent,
    },
    /// No answer in time.
    TimedOut {
        /// What was called.
        call: String,
        /// Host.
        host: String,
        /// Which limit it was.
        limit: Limit,
        /// After how many seconds.
        after: f64,
        /// Whether it may have been received.
        sent: Sent,
    },
    /// An answer came that is not an answer of DingTalk.
    Unreadable {
        /// What was called.
        call: String,
        /// HTTP status.
        status: u16,
        /// What it was, as "an HTML page", and its beginning.
        problem: Text,
    },
    /// A file of the user could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The cache could not be used for something that needs it.
    Cache {
        /// Why.
        problem: String,
    },
    /// Wrong use of the command line or of a console command.
    Usage {
        /// What is wrong.
        problem: Text,
    },
    /// Ctrl-C or a time limit for the whole program ended it.
    Interrupted {
        /// Whether the request under way may have been received; `None` when there was none.
        sent: Option<Sent>,
        /// True when `--timeout` ended it.
        by_timeout: bool,
    },
    /// A mistake of this program.
    Bug {
        /// What was found.
        problem: String,
    },
}

/// An error: its kind, what caused it, and what to do next.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    hints: Vec<Text>,
    /// True when what was asked for was not made, whatever became of the request that failed.
    unsent: bool,
}

impl Error {
    /// An error without a cause or a hint.
    pub fn new(kind: Kind) -> Self {
        Self(Box::new(Inner { kind, source: None, hints: Vec::new(), unsent: false }))
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.0.hints.push(hint);
        self
    }

    /// Adds the error of the library below. It must not carry secrets.
    #[must_use]
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// The failure of a request that had to come first: `call` itself was not made.
    #[must_use]
    pub fn instead_of(mut self, call: &str) -> Self {
        self.0.unsent = true;
        self.hint(Text::made(
            format!("{call} was not made: there was no token for it"),
            format!("{call} 未执行：没有可用的令牌"),
        ))
    }

    /// What happened.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// What to do next.
    pub fn hints(&self) -> &[Text] {
        &self.0.hints
    }

    /// A file that could not be used.
    pub fn file(path: impl Into<PathBuf>, error: std::io::Error) -> Self {
        let path = path.into();
        let problem = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or directory".into(),
            std::io::ErrorKind::PermissionDenied => "permission denied".into(),
            _ => error.to_string(),
        };
        Self::new(Kind::File { path, problem }).because(error)
    }

    /// A wrong use of the command line or of a console command.
    pub fn usage(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::new(Kind::Usage { problem: Text::made(en, zh) })
    }

    /// A request that is refused before it is sent.
    pub fn unsendable(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::new(Kind::Unsendable { reason: Text::made(en, zh) })
    }

    /// A setting that cannot be used.
    pub fn setting(place: Option<Place>, key: impl Into<String>, problem: Text) -> Self {
        Self::new(Kind::Setting { place, key: key.into(), problem })
    }

    /// What happened, in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.kind().to_string(),
            Lang::Zh => self.kind().chinese(),
        }
    }

    /// What happened, in both languages.
    pub fn texts(&self) -> Text {
        Text::made(self.text(Lang::En), self.text(Lang::Zh))
    }

    /// What happened and what to do about it, on one line.
    pub fn on_a_line(&self) -> Text {
        let text = self.texts();
        let hints =
            |lang, mark| self.hints().iter().map(|hint| hint.get(lang)).collect::<Vec<_>>().join(mark);
        match (hints(Lang::En, "; "), hints(Lang::Zh, "；")) {
            (en, _) if en.is_empty() => text,
            (en, zh) => Text::made(format!("{} (hint: {en})", text.en), format!("{}（提示：{zh}）", text.zh)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}
