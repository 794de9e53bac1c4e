//! What a method is: one row of facts, read by the binder, the help, the argument check and the README's table.
//!
//! Rows hold data only. They are written with [`methods!`](crate::methods) in `api/`.

mod bind;
mod choice;
mod kind;
mod rows;

pub use bind::{Bound, bind, nearest, too_many};
pub use kind::Kind;

use crate::lang::{Lang, Text};

/// The doc lines of a row, English first; a line that begins with `zh:` starts the Chinese text.
#[derive(Debug, Clone, Copy)]
pub struct Doc(pub &'static [&'static str]);

impl Doc {
    /// The text in `lang`, its lines joined.
    pub fn get(&self, lang: Lang) -> String {
        let chinese = self.0.iter().position(|line| line.trim_start().starts_with("zh:"));
        let (en, zh) = self.0.split_at(chinese.unwrap_or(self.0.len()));
        match lang {
            Lang::En => join(en, " "),
            Lang::Zh => join(zh, "").replacen("zh:", "", 1).trim().to_owned(),
        }
    }
}

fn join(lines: &[&str], glue: &str) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(glue)
}

/// What a call does to the world; dry-run, confirmation and the help read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes data.
    Write,
    /// Reaches people.
    Notify,
    /// Removes something that does not come back by itself.
    Destroy,
}

impl Effect {
    /// The word of help and machine output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Notify => "notify",
            Self::Destroy => "destroy",
        }
    }

    /// What it means, for people.
    pub fn text(self) -> Text {
        match self {
            Self::Read => Text::fixed("reads only", "只读"),
            Self::Write => Text::fixed("changes data", "修改数据"),
            Self::Notify => Text::fixed("reaches people", "会通知到人"),
            Self::Destroy => Text::fixed("removes something", "会删除内容"),
        }
    }
}

/// HTTP verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Verb {
    /// The verb as it goes over the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The two hosts of DingTalk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// `api.dingtalk.com`: token in the header `x-acs-dingtalk-access-token`.
    Api,
    /// `oapi.dingtalk.com`: token in the query parameter `access_token`.
    Oapi,
}

impl Host {
    /// The short name of help and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Oapi => "oapi",
        }
    }
}

/// One HTTP call: verb, host, path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Verb.
    pub verb: Verb,
    /// Host.
    pub host: Host,
    /// Path.
    pub path: &'static str,
}

/// How a method reaches DingTalk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// One call whose body is the parameters' wire names; the result is found in the answer under `answer` (a JSON pointer).
    Call {
        /// Where.
        endpoint: Endpoint,
        /// JSON pointer to the result, empty for the whole body.
        answer: &'static str,
    },
    /// A function of `ops` that makes these calls (some or all of them).
    Several(&'static [Endpoint]),
    /// No call at all.
    Local,
}

impl Form {
    /// The calls that may be made.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        match self {
            Self::Call { endpoint, .. } => vec![*endpoint],
            Self::Several(endpoints) => endpoints.to_vec(),
            Self::Local => Vec::new(),
        }
    }
}

/// What a name is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum On {
    /// `app.name(…)`
    App,
    /// `app.api.name(…)` and `app.oapi.name(…)`
    Door,
    /// `name(…)`: a constructor.
    Nothing,
}

/// One parameter of a method.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// The guide's spelling.
    pub name: &'static str,
    /// Other spellings that are understood.
    pub aliases: &'static [&'static str],
    /// What it must be.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// The default as help shows it; empty when there is none.
    pub default: &'static str,
    /// What it means.
    pub doc: Doc,
    /// Its name in the body of a [`Form::Call`]; empty when it is not sent.
    pub wire: &'static str,
}

impl Param {
    /// True when `name` is one of its spellings.
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// How many API calls a method makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// At least so many.
    pub least: u64,
    /// At most so many; `None` when it depends on what there is to do.
    pub most: Option<u64>,
}

/// One method: everything that is known about it.
#[derive(Debug)]
pub struct Method {
    /// What it is called on.
    pub on: On,
    /// Name in a script.
    pub name: &'static str,
    /// Other names that answer.
    pub aliases: &'static [&'static str],
    /// Topic.
    pub group: &'static str,
    /// Summary.
    pub doc: Doc,
    /// How it reaches DingTalk.
    pub form: Form,
    /// API cost as the guide prints it, such as `1` or `2 / 0`.
    pub cost: &'static str,
    /// What it does to the world.
    pub effect: Effect,
    /// Parameters, the positional ones first.
    pub params: &'static [Param],
    /// How many of them may be given by position.
    pub by_position: usize,
    /// True when the last positional parameter takes any further arguments as well.
    pub variadic: bool,
    /// What comes back.
    pub returns: Text,
    /// A line that runs against the sandbox.
    pub example: &'static str,
}

impl Method {
    /// The name as it is written in a script.
    pub fn full_name(&self) -> String {
        match self.on {
            On::App => format!("app.{}", self.name),
            On::Door => format!("app.api.{}", self.name),
            On::Nothing => self.name.to_owned(),
        }
    }

    /// Its cost as numbers: `1 / 0` is 0 to 1, `3+` is 3 or more.
    pub fn calls(&self) -> Calls {
        let (usual, other) = self.cost.split_once(" / ").map_or((self.cost, None), |(a, b)| (a, Some(b)));
        let number = |text: &str| text.trim_end_matches('+').parse::<u64>().unwrap_or(0);
        let least = other.map_or(number(usual), |other| number(other).min(number(usual)));
        Calls { least, most: (!usual.ends_with('+')).then(|| number(usual)) }
    }

    /// `get_user(userId, language?, …)`
    pub fn signature(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (index, param) in self.params.iter().enumerate() {
            if index == self.by_position {
                parts.push("#{".into());
            }
            let mark = if param.required { "" } else { "?" };
            let rest = if self.variadic && index + 1 == self.by_position { "…" } else { "" };
            parts.push(format!("{}{mark}{rest}", param.name));
        }
        if self.params.len() > self.by_position {
            parts.push("}".into());
        }
        let inside = parts.join(", ").replace("#{, ", "#{").replace(", }", "}");
        format!("{}({inside})", self.full_name())
    }
}
